//! What the page says, in five languages.

mod da;
mod en;
mod fi;
mod no;
mod sv;
mod traits;

use serde::Serialize;

use super::language::Language;
use crate::identity::Person;
use crate::script::{Hint, Reason};

/// Every text of the page in one language. `{name}`, `{value}` and `{n}` stand for what is filled in.
#[derive(Clone, Copy, Debug, Serialize)]
pub(in crate::providers) struct Texts {
    /// The language's code for `<html lang>`, ISO 639-1.
    pub lang: &'static str,
    /// That nothing here is real.
    pub banner: &'static str,
    pub identify_title: &'static str,
    pub sign_title: &'static str,
    pub text_to_sign: &'static str,

    pub who: &'static str,
    pub others: &'static str,
    pub special: &'static str,
    pub filter: &'static str,
    pub filter_button: &'static str,
    pub nobody: &'static str,
    pub right_person: &'static str,
    pub wrong_person: &'static str,
    pub usual_person: &'static str,
    pub somebody_else: &'static str,
    pub only_one: &'static str,
    pub magic_finishes: &'static str,
    pub magic_cancels: &'static str,
    pub magic_expires: &'static str,
    pub magic_revoked: &'static str,
    pub magic_down: &'static str,

    pub status: &'static str,
    pub waiting: &'static str,
    pub outstanding: &'static str,
    pub delivered: &'static str,
    pub confirming: &'static str,
    pub wait: &'static str,
    pub time_left: &'static str,
    pub scan: &'static str,
    pub qr_alt: &'static str,
    pub start_app: &'static str,
    pub app_link: &'static str,

    pub cancel: &'static str,
    pub fail: &'static str,
    pub fail_reason: &'static str,
    pub already_in_progress: &'static str,
    pub cancelled: &'static str,
    pub certificate_error: &'static str,
    pub exception: &'static str,
    pub link_expired: &'static str,
    pub order_expired: &'static str,
    pub start_failed: &'static str,
    pub superseded: &'static str,
    pub wrong_person_refused: &'static str,
    pub test_tools: &'static str,

    pub methods_title: &'static str,
    pub this_device: &'static str,
    pub another_device: &'static str,
    pub device_title: &'static str,
    pub device_web: &'static str,
    pub device_mobile: &'static str,

    pub consent_title: &'static str,
    pub consent_lead: &'static str,
    pub scope_number: &'static str,
    pub scope_address: &'static str,
    pub scope_phone: &'static str,
    pub scope_email: &'static str,
    pub agree: &'static str,
    pub decline: &'static str,

    pub cpr_title: &'static str,
    pub cpr_lead: &'static str,
    pub cpr_label: &'static str,
    pub cpr_wrong: &'static str,
    pub cpr_button: &'static str,

    pub elsewhere: &'static str,
    pub elsewhere_on: &'static str,
    pub elsewhere_off: &'static str,
    pub elsewhere_title: &'static str,
    pub elsewhere_lead: &'static str,
    pub elsewhere_address: &'static str,
    pub elsewhere_open: &'static str,
    pub copy: &'static str,
    pub copied: &'static str,

    pub returning_title: &'static str,
    pub returning_lead: &'static str,
    pub returning_link: &'static str,
    pub done_title: &'static str,
    pub done_lead: &'static str,
    pub failed_title: &'static str,
    pub failed_lead: &'static str,
    pub expired_title: &'static str,
    pub expired_lead: &'static str,
    pub unknown_title: &'static str,
    pub unknown_lead: &'static str,

    pub problem_person: &'static str,
    pub problem_person_missing: &'static str,
    pub problem_reason: &'static str,
    pub problem_reason_missing: &'static str,
    pub problem_action: &'static str,
    pub problem_choice: &'static str,
    pub problem_cpr: &'static str,
    pub problem_order: &'static str,
}

impl Texts {
    /// What the page says in a language.
    pub(in crate::providers) const fn of(language: Language) -> &'static Self {
        match language {
            Language::Da => &da::TEXTS,
            Language::En => &en::TEXTS,
            Language::Fi => &fi::TEXTS,
            Language::No => &no::TEXTS,
            Language::Sv => &sv::TEXTS,
        }
    }

    /// Why it failed.
    pub(in crate::providers) const fn reason(&self, reason: Reason) -> &'static str {
        match reason {
            Reason::AlreadyInProgress => self.already_in_progress,
            Reason::Cancelled => self.cancelled,
            Reason::CertificateError => self.certificate_error,
            Reason::Exception => self.exception,
            Reason::LinkExpired => self.link_expired,
            Reason::OrderExpired => self.order_expired,
            Reason::StartFailed => self.start_failed,
            Reason::Superseded => self.superseded,
            Reason::WrongPerson => self.wrong_person_refused,
        }
    }

    /// How far it is; where no app takes part, only the person is waited for.
    pub(in crate::providers) const fn hint(&self, hint: Hint, app: bool) -> &'static str {
        match (hint, app) {
            (Hint::Outstanding, true) => self.outstanding,
            (Hint::Delivered, true) => self.delivered,
            (Hint::Outstanding | Hint::Delivered, false) => self.waiting,
            (Hint::Confirming, _) => self.confirming,
        }
    }

    /// What is special about a person. A team's own register may say what has no translation here; it is shown in its English then.
    pub(in crate::providers) fn trait_of(&self, person: &Person) -> String {
        let magic = match person.script.as_deref() {
            Some("finished") => Some(self.magic_finishes),
            Some("cancelled") => Some(self.magic_cancels),
            Some("order-expired") => Some(self.magic_expires),
            Some("certificate-error") => Some(self.magic_revoked),
            Some("provider-unavailable") => Some(self.magic_down),
            Some(_) | None => None,
        };
        let swedish = person.trait_sv.as_deref().filter(|_| self.lang == "sv");
        let english = person.trait_word.as_deref().unwrap_or_default();
        match magic.or(swedish) {
            Some(known) => known.to_owned(),
            None => traits::translated(english, self.lang).unwrap_or_else(|| english.to_owned()),
        }
    }
}

/// A text with what is filled in.
pub(in crate::providers) fn filled(text: &str, place: &str, with: &str) -> String {
    text.replace(place, with)
}

#[cfg(test)]
mod tests {
    use super::*;

    const ALL: [Language; 5] = [Language::Da, Language::En, Language::Fi, Language::No, Language::Sv];
    /// Texts that are the same word in both languages.
    const SAME: [(&str, &str); 1] = [("da", "status")];

    fn fields(language: Language) -> serde_json::Map<String, serde_json::Value> {
        serde_json::to_value(Texts::of(language)).unwrap().as_object().unwrap().clone()
    }

    #[test]
    fn every_language_says_everything_in_its_own_words() {
        let english = fields(Language::En);
        for language in ALL {
            for (field, text) in fields(language) {
                let text = text.as_str().unwrap();
                assert!(!text.trim().is_empty(), "{language:?} has no {field}");
                let same = language != Language::En && english[&field] == text;
                let meant = SAME.contains(&(Texts::of(language).lang, &field));
                assert_eq!(same, meant && same, "{language:?} says {field} in English: {text}");
                for place in ["{name}", "{value}", "{n}"] {
                    assert_eq!(
                        text.contains(place),
                        english[&field].as_str().unwrap().contains(place),
                        "{language:?}, {field}: {place}"
                    );
                }
            }
        }
    }
}
