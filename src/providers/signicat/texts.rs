//! What the waiting page says.

use super::order::Language;

/// The page's words in one language.
#[derive(Debug)]
pub(super) struct Texts {
    pub(super) banner: &'static str,
    pub(super) title: &'static str,
    pub(super) waiting: &'static str,
    pub(super) to_sign: &'static str,
    pub(super) asked_for: &'static str,
    pub(super) who: &'static str,
    pub(super) confirm: &'static str,
    pub(super) cancel: &'static str,
    pub(super) fail: &'static str,
    pub(super) left: &'static str,
}

impl Texts {
    pub(super) const fn of(language: Language) -> &'static Self {
        match language {
            Language::En => &EN,
            Language::Nb => &NB,
            Language::Sv => &SV,
        }
    }
}

const EN: Texts = Texts {
    banner: "Motpart: a simulation. Nobody is identified here, and nothing is signed.",
    title: "Waiting for BankID",
    waiting: "The order waits in the person's app. Decide here what the person does.",
    to_sign: "To be signed",
    asked_for: "asked for",
    who: "Who authenticates?",
    confirm: "Authenticate",
    cancel: "Cancel",
    fail: "Let it fail",
    left: "seconds left",
};

const NB: Texts = Texts {
    banner: "Motpart: en simulering. Ingen blir identifisert her, og ingenting blir signert.",
    title: "Venter på BankID",
    waiting: "Oppdraget venter i personens app. Bestem her hva personen gjør.",
    to_sign: "Skal signeres",
    asked_for: "etterspurt",
    who: "Hvem legitimerer seg?",
    confirm: "Legitimer",
    cancel: "Avbryt",
    fail: "La det mislykkes",
    left: "sekunder igjen",
};

const SV: Texts = Texts {
    banner: "Motpart: en simulering. Ingen legitimeras här, och ingenting skrivs under.",
    title: "Väntar på BankID",
    waiting: "Uppdraget väntar i personens app. Bestäm här vad personen gör.",
    to_sign: "Ska skrivas under",
    asked_for: "efterfrågad",
    who: "Vem legitimerar sig?",
    confirm: "Legitimera",
    cancel: "Avbryt",
    fail: "Låt det misslyckas",
    left: "sekunder kvar",
};
