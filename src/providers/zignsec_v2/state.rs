//! What became of an order beyond its progress.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::order::{Channel, Method, Order};
use crate::identity::{NationalNumber, Person};

/// What the page and the answer to a question leave behind. A new attempt begins with a fresh one.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct State {
    /// The method that the person chose on the page of a chooser.
    pub chosen: Option<Method>,
    /// The way that the person chose on the first page of Norwegian BankID.
    pub channel: Option<Channel>,
    /// How far the question for the CPR number is.
    pub cpr: Cpr,
    /// Wrong CPR numbers typed.
    pub cpr_tries: u32,
    /// Who has logged in, while something is still open: the CPR number of NemID, or the consent of Norwegian BankID.
    pub login: Option<Arc<Person>>,
}

/// The CPR number of a NemID log-in.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Cpr {
    /// Nobody has asked for it.
    #[default]
    NotNeeded,
    /// The relying party is being asked whether it is wanted: its callback has not answered.
    Asking,
    /// The form is shown to the person.
    Wanted,
    /// The person typed the number that belongs to the PID.
    Matched,
    /// The relying party does not want it, or did not answer as documented.
    Skipped,
}

impl State {
    /// The method in force: the chosen one, else the order's; the first of its country where a chooser was never used.
    #[must_use]
    pub fn method(&self, order: &Order) -> Method {
        match (self.chosen, order.method) {
            (Some(chosen), _) => chosen,
            (None, Method::Chooser(country)) => {
                Method::of_country(country).first().copied().unwrap_or(Method::Chooser(country))
            }
            (
                None,
                method @ (Method::Fbid
                | Method::Nbid
                | Method::NbidMobile
                | Method::NbidOidc
                | Method::NbidPep
                | Method::Nemid
                | Method::Sbid
                | Method::SbidAnother
                | Method::SbidSign),
            ) => method,
        }
    }

    /// The way of Norwegian BankID in force, where one is known.
    #[must_use]
    pub fn channel(&self, order: &Order) -> Option<Channel> {
        match self.method(order) {
            Method::Nbid => Some(Channel::Web),
            Method::NbidMobile => Some(Channel::Mobile),
            Method::NbidOidc | Method::NbidPep => order.login_hint.channel.or(self.channel),
            Method::Chooser(_)
            | Method::Fbid
            | Method::Nemid
            | Method::Sbid
            | Method::SbidAnother
            | Method::SbidSign => None,
        }
    }

    /// Somebody logged in at NemID. What has to follow is in the answer; for [`CprNext::Ask`] a question has to be raised.
    pub fn logged_in(&mut self, order: &Order, person: &Arc<Person>) -> CprNext {
        self.login = Some(person.clone());
        let (cpr, next) = match (&order.ask_for_cpr_callback, order.ask_for_cpr) {
            (Some(_), _) => (Cpr::Asking, CprNext::Ask),
            (None, true) => (Cpr::Wanted, CprNext::Form),
            (None, false) => (Cpr::NotNeeded, CprNext::Confirm),
        };
        self.cpr = cpr;
        next
    }

    /// The person typed a CPR number. Returns whether it belongs to who logged in.
    pub fn typed(&mut self, number: &NationalNumber) -> bool {
        let matched = self.login.as_ref().is_some_and(|person| person.number == *number);
        if matched {
            self.cpr = Cpr::Matched;
        } else {
            self.cpr_tries = self.cpr_tries.saturating_add(1);
        }
        matched
    }
}

/// What follows a log-in at NemID.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CprNext {
    /// The relying party has to be asked: raise [`errands::question`](super::errands::question), then wait for [`State::cpr`] to change.
    Ask,
    /// The log-in is complete: signal that the person confirmed.
    Confirm,
    /// The form for the CPR number has to be shown.
    Form,
}
