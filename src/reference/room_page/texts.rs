use super::{Notice, RoomLanguage, Standing};
use crate::reference::provider::EidMethod;

/// Every text of the room in one language.
pub(super) struct Texts {
    pub(super) greeting: &'static str,
    pub(super) identify_heading: &'static str,
    pub(super) identify_lead: &'static str,
    pub(super) number_label: &'static str,
    pub(super) number_hint: &'static str,
    pub(super) sign_heading: &'static str,
    pub(super) sign_bankid: &'static str,
    pub(super) sign_number_label: &'static str,
    pub(super) send_code: &'static str,
    pub(super) code_label: &'static str,
    pub(super) sign_code: &'static str,
    pub(super) with_eid: [&'static str; 10],
    pub(super) standings: Standings,
    pub(super) notices: Notices,
}

pub(super) struct Standings {
    blocked: &'static str,
    closed: &'static str,
    identify: &'static str,
    sign: &'static str,
    signed: &'static str,
    waiting: &'static str,
}

pub(super) struct Notices {
    code_sent: &'static str,
    cancelled: &'static str,
    expired: &'static str,
    inconclusive: &'static str,
    mismatched: &'static str,
    passed: &'static str,
    provider_error: &'static str,
    superseded: &'static str,
    unreadable_number: &'static str,
    wrong_code: &'static str,
    too_many_attempts: &'static str,
}

impl Texts {
    pub(super) const fn of(language: RoomLanguage) -> &'static Self {
        match language {
            RoomLanguage::En => &EN,
            RoomLanguage::Sv => &SV,
        }
    }

    /// The button of a method.
    pub(super) const fn with(&self, method: &EidMethod) -> &'static str {
        let [se, no, dk, fi, freja_qr, freja_ssn, freja_phone, freja_email, smart_id, swiss_id] = self.with_eid;
        match method {
            EidMethod::SeBid => se,
            EidMethod::NoBid => no,
            EidMethod::DkMitid => dk,
            EidMethod::FiBank => fi,
            EidMethod::FrejaQr => freja_qr,
            EidMethod::FrejaSsn => freja_ssn,
            EidMethod::FrejaPhone => freja_phone,
            EidMethod::FrejaEmail => freja_email,
            EidMethod::SmartId => smart_id,
            EidMethod::SwissId => swiss_id,
        }
    }

    pub(super) const fn standing(&self, standing: &Standing) -> &'static str {
        let texts = &self.standings;
        match standing {
            Standing::Blocked => texts.blocked,
            Standing::Closed => texts.closed,
            Standing::Identify => texts.identify,
            Standing::Sign => texts.sign,
            Standing::Signed => texts.signed,
            Standing::Waiting => texts.waiting,
        }
    }

    pub(super) const fn notice(&self, notice: &Notice) -> &'static str {
        let texts = &self.notices;
        match notice {
            Notice::CodeSent => texts.code_sent,
            Notice::Cancelled => texts.cancelled,
            Notice::Expired => texts.expired,
            Notice::Inconclusive => texts.inconclusive,
            Notice::Mismatched => texts.mismatched,
            Notice::Passed => texts.passed,
            Notice::ProviderError => texts.provider_error,
            Notice::Superseded => texts.superseded,
            Notice::UnreadableNumber => texts.unreadable_number,
            Notice::WrongCode => texts.wrong_code,
            Notice::TooManyAttempts => texts.too_many_attempts,
        }
    }
}

const EN: Texts = Texts {
    greeting: "Hello",
    identify_heading: "Show who you are",
    identify_lead: "The sender has asked that your identity be confirmed before you sign.",
    number_label: "Your national identity number",
    number_hint: "Only if you want to be asked for by number. It is passed to your eID and not kept.",
    sign_heading: "Sign",
    sign_bankid: "Sign with Swedish BankID",
    sign_number_label: "Your personal identity number, twelve digits",
    send_code: "E-mail me a code",
    code_label: "Code from the e-mail, six digits",
    sign_code: "Sign with the code",
    with_eid: [
        "Continue with Swedish BankID",
        "Continue with Norwegian BankID",
        "Continue with the Danish eID",
        "Continue with Finnish bank identification",
        "Continue with Freja: scan a QR code",
        "Continue with Freja: by your number",
        "Continue with Freja: by your telephone number",
        "Continue with Freja: by your e-mail address",
        "Continue with Smart-ID: by your number",
        "Continue with SwissID",
    ],
    standings: Standings {
        blocked: "You cannot sign here. Please contact the sender of the agreement.",
        closed: "The sender has withdrawn this agreement.",
        identify: "This agreement is waiting for you.",
        sign: "You can sign now.",
        signed: "You have signed. Thank you!",
        waiting: "There is nothing for you to do here right now. Come back later, or reload the page.",
    },
    notices: Notices {
        code_sent: "We have sent a code to your e-mail address.",
        cancelled: "You cancelled. You can try again whenever you like.",
        expired: "It took too long, and the attempt has ended. You can try again.",
        inconclusive: "Your eID did not tell us enough to confirm who you are. Try again, or contact the sender.",
        mismatched: "The person who identified is not the one this agreement was sent to.",
        passed: "Your identity is confirmed.",
        provider_error: "The eID service could not complete the attempt. Please try again in a while.",
        superseded: "A newer attempt has taken the place of this one.",
        unreadable_number: "That is not a complete identity number. Check it and type it again.",
        wrong_code: "That is not the right code. Check the e-mail and try again.",
        too_many_attempts: "There were too many attempts. Please wait, or contact the sender.",
    },
};

const SV: Texts = Texts {
    greeting: "Hej",
    identify_heading: "Visa vem du är",
    identify_lead: "Avsändaren vill att din identitet bekräftas innan du skriver under.",
    number_label: "Ditt personnummer",
    number_hint: "Bara om du vill bli efterfrågad med ditt nummer. Det lämnas till din e-legitimation och sparas inte.",
    sign_heading: "Skriv under",
    sign_bankid: "Skriv under med BankID",
    sign_number_label: "Ditt personnummer, tolv siffror",
    send_code: "Skicka en kod med e-post",
    code_label: "Koden i mejlet, sex siffror",
    sign_code: "Skriv under med koden",
    with_eid: [
        "Fortsätt med svenskt BankID",
        "Fortsätt med norskt BankID",
        "Fortsätt med dansk e-legitimation",
        "Fortsätt med finsk bankidentifiering",
        "Fortsätt med Freja: skanna en QR-kod",
        "Fortsätt med Freja: med ditt nummer",
        "Fortsätt med Freja: med ditt telefonnummer",
        "Fortsätt med Freja: med din e-postadress",
        "Fortsätt med Smart-ID: med ditt nummer",
        "Fortsätt med SwissID",
    ],
    standings: Standings {
        blocked: "Du kan inte skriva under här. Kontakta den som skickade avtalet.",
        closed: "Avsändaren har dragit tillbaka avtalet.",
        identify: "Avtalet väntar på dig.",
        sign: "Nu kan du skriva under.",
        signed: "Du har skrivit under. Tack!",
        waiting: "Just nu finns det inget att göra här. Kom tillbaka senare eller ladda om sidan.",
    },
    notices: Notices {
        code_sent: "Vi har skickat en kod till din e-postadress.",
        cancelled: "Du avbröt. Du kan försöka igen när du vill.",
        expired: "Det tog för lång tid och försöket är avslutat. Du kan försöka igen.",
        inconclusive: "Din e-legitimation berättade inte nog för att bekräfta vem du är. Försök igen eller kontakta avsändaren.",
        mismatched: "Den som legitimerade sig är inte den som avtalet skickades till.",
        passed: "Din identitet är bekräftad.",
        provider_error: "E-legitimationstjänsten kunde inte slutföra försöket. Försök igen om en stund.",
        superseded: "Ett nyare försök har ersatt det här.",
        unreadable_number: "Det är inte ett fullständigt personnummer. Kontrollera det och skriv det igen.",
        wrong_code: "Det är inte rätt kod. Titta i mejlet och försök igen.",
        too_many_attempts: "Det blev för många försök. Vänta en stund eller kontakta avsändaren.",
    },
};
