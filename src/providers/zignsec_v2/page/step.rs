//! What a pending order wants of the person next.

use std::sync::Arc;

use crate::identity::{Country, Person};
use crate::providers::zignsec_v2::{Channel, Cpr, Method, ZignsecV2};
use crate::simulation::Session;

/// The next thing to decide, and by whom.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Step {
    /// The relying party is being asked, or the log-in is being completed.
    Asking,
    /// Who logged in agrees to share what the order wants.
    Consent(Arc<Person>),
    /// Who logged in types the CPR number.
    Cpr(Arc<Person>),
    /// Norwegian BankID on the web or on a mobile.
    Device,
    /// A method of the country.
    Method,
    /// Who it is.
    Who,
}

impl Step {
    /// The step of a session.
    pub(super) fn of(session: &Session<ZignsecV2>) -> Self {
        let (order, state) = (&*session.order, &session.state);
        let method = state.method(order);
        if matches!(order.method, Method::Chooser(_)) && state.chosen.is_none() {
            return Self::Method;
        }
        if matches!(method, Method::NbidOidc | Method::NbidPep) && state.channel(order).is_none() {
            return Self::Device;
        }
        match (&state.login, state.cpr) {
            (None, _) => Self::Who,
            (Some(person), Cpr::Wanted) => Self::Cpr(person.clone()),
            (Some(person), Cpr::NotNeeded) if wants_consent(session) => Self::Consent(person.clone()),
            (Some(_), Cpr::Asking | Cpr::Matched | Cpr::NotNeeded | Cpr::Skipped) => Self::Asking,
        }
    }

    /// The word by which the page and its script know it.
    pub(super) const fn word(&self) -> &'static str {
        match self {
            Self::Asking => "asking",
            Self::Consent(_) => "consent",
            Self::Cpr(_) => "cpr",
            Self::Device => "device",
            Self::Method => "method",
            Self::Who => "who",
        }
    }
}

/// Who has logged in and waits for nothing more: the log-in can be completed.
pub(super) fn complete(session: &Session<ZignsecV2>) -> Option<Arc<Person>> {
    match session.state.cpr {
        Cpr::Matched | Cpr::Skipped => session.state.login.clone(),
        Cpr::Asking | Cpr::NotNeeded | Cpr::Wanted => None,
    }
}

/// Whether only the requested person can complete the order: documented for Sweden and Norway; in Denmark anyone can log in, and the number
/// is matched in the background. For Finland it is not documented.
pub(super) fn is_for_one(session: &Session<ZignsecV2>) -> bool {
    let country = session.state.method(&session.order).country();
    session.order.number().is_some() && matches!(country, Country::No | Country::Se)
}

/// Whether the person is asked before data is shared: documented for Norwegian BankID and every scope but `nnin_altsub`.
pub(super) fn wants_consent(session: &Session<ZignsecV2>) -> bool {
    session.state.method(&session.order).country() == Country::No && session.order.scope.needs_consent()
}

/// Whether the Swedish app is started from the page, and whether by a QR code too. Documented for `sbid-another` and
/// `AutoStartTokenRequired`; on the same device there is nothing to scan with.
pub(super) fn starts_app(session: &Session<ZignsecV2>) -> Option<bool> {
    match session.state.method(&session.order) {
        Method::SbidAnother => Some(true),
        Method::Sbid | Method::SbidSign => Some(session.order.auto_start_required),
        Method::Chooser(_)
        | Method::Fbid
        | Method::Nbid
        | Method::NbidMobile
        | Method::NbidOidc
        | Method::NbidPep
        | Method::Nemid => None,
    }
}

/// The word of a form for a way of Norwegian BankID.
pub(super) fn channel(word: &str) -> Option<Channel> {
    match word {
        "mobile" => Some(Channel::Mobile),
        "web" => Some(Channel::Web),
        _ => None,
    }
}
