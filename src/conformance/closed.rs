//! Closed lists of words that stand in sentences: what each is called in both languages.

use super::Language;
use super::expression::Kind;

/// The word that is used inside, what is said in English, what is said in Swedish.
type Entry = (&'static str, &'static str, &'static str);

/// The words of a kind; empty for kinds that are not closed.
#[must_use]
pub(super) const fn list(kind: Kind) -> &'static [Entry] {
    match kind {
        Kind::Actor => &[
            ("anonymous", "somebody without credentials", "någon utan behörighet"),
            ("stranger", "another customer", "en annan kund"),
            ("person", "whoever holds the sign link", "den som har länken"),
        ],
        Kind::Claim => &[
            ("passed", "already passed", "redan godkänd"),
            ("off", "off", "avstängd"),
            ("no-method", "enforced by nothing", "utan metod"),
        ],
        Kind::Course => &[
            ("no-webhook", "but no notification comes", "men ingen avisering kommer"),
            ("no-return", "but never returns to the service", "men kommer aldrig tillbaka till tjänsten"),
            (
                "neither",
                "but never returns, and no notification comes",
                "men kommer aldrig tillbaka, och ingen avisering kommer",
            ),
            ("webhook-only", "but never returns, and nobody asks", "men kommer aldrig tillbaka, och ingen frågar"),
            ("twenty", "and the notification comes twenty times", "och aviseringen kommer tjugo gånger"),
            ("late", "and the notification comes a minute late", "och aviseringen kommer en minut för sent"),
        ],
        Kind::Event => &[
            ("passed", "passed", "blev godkänd"),
            ("failed", "failed", "blev underkänd"),
            ("fulfilled", "was fulfilled", "blev klar"),
            ("set", "was bound", "knöts"),
            ("replaced", "was bound anew", "knöts om"),
            ("disabled", "was released from the check", "befriades från kontrollen"),
            ("started", "started identifying", "började legitimera sig"),
            ("cancelled", "cancelled", "avbröt"),
            ("provider_error", "met a provider error", "mötte ett leverantörsfel"),
        ],
        Kind::Field => {
            &[("role", "role", "roll"), ("country", "country", "land"), ("email", "e-mail address", "e-postadress")]
        }
        Kind::Habit => &[
            (
                "past-certificates",
                "still hands out certificates that are out of use",
                "lämnar fortfarande ut certifikat som inte används längre",
            ),
            (
                "present-certificates",
                "hands out only the certificates that are in use",
                "lämnar bara ut certifikat som används",
            ),
            ("no-certificates", "hands out no certificates", "lämnar inte ut några certifikat"),
            ("status-inside", "says its status only in what it signs", "säger sin status bara i det som den signerar"),
            (
                "status-outside",
                "says its status beside what it signs too",
                "säger sin status även bredvid det som den signerar",
            ),
            ("nested", "wraps its results once more", "lägger sina resultat ett steg djupare"),
            ("other-order", "signs its words in another order", "signerar sina ord i en annan ordning"),
            (
                "next-secret",
                "signs its notifications with the present secret and the next",
                "signerar sina aviseringar med den nuvarande hemligheten och nästa",
            ),
            (
                "former-secret",
                "signs its notifications with the former secret and the present",
                "signerar sina aviseringar med den förra hemligheten och den nuvarande",
            ),
            ("cookie-each-poll", "sets another cookie with each answer", "sätter en ny kaka med varje svar"),
            ("four-redirects", "leads back over four redirects", "leder tillbaka över fyra omdirigeringar"),
            ("at-hash", "names the access token in the token", "anger åtkomstnyckeln i intyget"),
            ("names-itself", "names itself on the way back", "anger sitt namn på vägen tillbaka"),
            ("encrypts", "encrypts its answers to the service", "krypterar sina svar till tjänsten"),
            ("list-of-methods", "lists the methods in the token", "räknar upp metoderna i intyget"),
        ],
        Kind::Method => &[
            ("SE", "Swedish BankID", "svenskt BankID"),
            ("NO", "Norwegian BankID", "norskt BankID"),
            ("DK", "Danish MitID", "danskt MitID"),
            ("FI", "Finnish bank login", "finsk banklegitimation"),
        ],
        Kind::Place => &[
            ("top", "at the top level", "överst"),
            ("inside", "inside the identity check", "inuti identitetskontrollen"),
            ("both", "in both places", "på båda ställena"),
            (
                "conflicting",
                "at the top level and Bengt's inside the identity check",
                "överst och Bengts inuti identitetskontrollen",
            ),
            ("integer", "as a JSON number", "som ett JSON-tal"),
        ],
        // What stands with hyphens is a word of the simulator.
        Kind::Seal => &[
            ("right", "with the right signature", "med rätt signatur"),
            ("signature-foreign-key", "with a wrong signature", "med fel signatur"),
            ("signature-missing", "without a signature", "utan signatur"),
            ("signature-empty", "with an empty signature", "med tom signatur"),
            ("empty-key", "signed with an empty key", "signerad med en tom nyckel"),
            ("signature-truncated", "with a cut-off signature", "med avklippt signatur"),
            ("altered", "changed after signing", "ändrad efter signeringen"),
            ("rewritten", "rewritten after signing", "omskriven efter signeringen"),
            ("twice", "with the identity twice", "med identiteten två gånger"),
            ("timestamp-stale", "signed an hour ago", "signerad för en timme sedan"),
            ("timestamp-future", "signed an hour ahead of time", "signerad en timme framåt i tiden"),
            ("other-scheme", "signed in another scheme", "signerad enligt ett annat schema"),
            ("unusual", "in an unusual spelling, rightly signed", "ovanligt skriven men rätt signerad"),
            ("get", "sent with GET", "skickad med GET"),
            ("xml", "sent as XML", "skickad som XML"),
            ("huge", "of twenty megabytes", "på tjugo megabyte"),
        ],
        Kind::Int | Kind::Person | Kind::Persons | Kind::Report | Kind::Spelling | Kind::Status | Kind::Text => &[],
    }
}

/// What is said in English for an inner word.
#[must_use]
pub(super) fn said(kind: Kind, word: &'static str) -> &'static str {
    list(kind).iter().find(|(own, _, _)| *own == word).map_or(word, |(_, en, _)| en)
}

/// The inner word of what was said.
#[must_use]
pub(super) fn find(kind: Kind, words: &str, language: Language) -> Option<&'static str> {
    list(kind).iter().find(|(_, en, sv)| language.pick(en, sv) == words).map(|(word, _, _)| *word)
}
