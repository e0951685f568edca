//! What can be wrong with an identity that the provider signs: its seal, what it claims, and what stands unsigned beside it.

use super::list::report;
use super::{Class, Deed, Report, Wrong};

/// The provider signs the identity otherwise than it should.
const fn signed(en: &'static str, sv: &'static str, class: Class, overlay: &'static str) -> Report {
    report(en, sv, class, Wrong::Overlay(overlay), Deed::Confirms)
}

/// All of them.
pub(super) const SIGNED: &[Report] = &[
    // Without a signature, or with one that says nothing.
    signed(
        "sends the identity without a signature",
        "skickar identiteten utan signatur",
        Class::EvidenceRejected,
        r#"{"forgery": {"of": "signed-identity", "how": "signature-missing"}}"#,
    ),
    signed(
        "sends the identity under another signature",
        "skickar identiteten med en annan signatur",
        Class::EvidenceRejected,
        r#"{"forgery": {"of": "signed-identity", "how": "signature-replaced"}}"#,
    ),
    signed(
        "sends the identity under half a signature",
        "skickar identiteten med en halv signatur",
        Class::EvidenceRejected,
        r#"{"forgery": {"of": "signed-identity", "how": "signature-truncated"}}"#,
    ),
    signed(
        "sends no signed identity",
        "skickar ingen signerad identitet",
        Class::EvidenceRejected,
        r#"{"forgery": {"of": "signed-identity", "how": "absent"}}"#,
    ),
    signed(
        "changes a digit of the identity after signing it",
        "ändrar en siffra i identiteten efter signeringen",
        Class::EvidenceRejected,
        r#"{"forgery": {"of": "signed-identity", "how": "payload-altered"}}"#,
    ),
    // Algorithms.
    signed(
        "marks the identity as unsigned (none)",
        "märker identiteten som osignerad (none)",
        Class::EvidenceRejected,
        r#"{"forgery": {"of": "signed-identity", "how": "algorithm-none"}}"#,
    ),
    signed(
        "marks the identity as unsigned (None)",
        "märker identiteten som osignerad (None)",
        Class::EvidenceRejected,
        r#"{"forgery": {"of": "signed-identity", "how": "algorithm-none-capitalised"}}"#,
    ),
    signed(
        "marks the identity as unsigned (nOnE)",
        "märker identiteten som osignerad (nOnE)",
        Class::EvidenceRejected,
        r#"{"forgery": {"of": "signed-identity", "how": "algorithm-none-mixed"}}"#,
    ),
    signed(
        "marks the identity as unsigned (NONE)",
        "märker identiteten som osignerad (NONE)",
        Class::EvidenceRejected,
        r#"{"forgery": {"of": "signed-identity", "how": "algorithm-none-upper"}}"#,
    ),
    signed(
        "does not say how the identity is signed",
        "säger inte hur identiteten är signerad",
        Class::EvidenceRejected,
        r#"{"forgery": {"of": "signed-identity", "how": "algorithm-missing"}}"#,
    ),
    signed(
        "signs the identity with the public key as a secret (PEM)",
        "signerar identiteten med den publika nyckeln som hemlighet (PEM)",
        Class::EvidenceRejected,
        r#"{"forgery": {"of": "signed-identity", "how": "algorithm-hs256-pem"}}"#,
    ),
    signed(
        "signs the identity with the public key as a secret (DER)",
        "signerar identiteten med den publika nyckeln som hemlighet (DER)",
        Class::EvidenceRejected,
        r#"{"forgery": {"of": "signed-identity", "how": "algorithm-hs256-der"}}"#,
    ),
    signed(
        "signs the identity with the public key as a secret (JWK)",
        "signerar identiteten med den publika nyckeln som hemlighet (JWK)",
        Class::EvidenceRejected,
        r#"{"forgery": {"of": "signed-identity", "how": "algorithm-hs256-jwk"}}"#,
    ),
    signed(
        "signs the identity with the certificate as a secret",
        "signerar identiteten med certifikatet som hemlighet",
        Class::EvidenceRejected,
        r#"{"forgery": {"of": "signed-identity", "how": "algorithm-hs256-certificate"}}"#,
    ),
    // Keys.
    signed(
        "brings the key to its signature along (jwk)",
        "har själv med sig nyckeln till signaturen (jwk)",
        Class::EvidenceRejected,
        r#"{"forgery": {"of": "signed-identity", "how": "embedded-jwk"}}"#,
    ),
    signed(
        "brings the key to its signature along (x5c)",
        "har själv med sig nyckeln till signaturen (x5c)",
        Class::EvidenceRejected,
        r#"{"forgery": {"of": "signed-identity", "how": "embedded-x5c"}}"#,
    ),
    signed(
        "says itself where the key to its signature is (jku)",
        "säger själv var nyckeln till signaturen finns (jku)",
        Class::EvidenceRejected,
        r#"{"forgery": {"of": "signed-identity", "how": "embedded-jku"}}"#,
    ),
    signed(
        "says itself where the key to its signature is (x5u)",
        "säger själv var nyckeln till signaturen finns (x5u)",
        Class::EvidenceRejected,
        r#"{"forgery": {"of": "signed-identity", "how": "embedded-x5u"}}"#,
    ),
    signed(
        "signs the identity with a foreign key under the right name",
        "signerar identiteten med en främmande nyckel under rätt namn",
        Class::EvidenceRejected,
        r#"{"forgery": {"of": "signed-identity", "how": "foreign-key"}}"#,
    ),
    signed(
        "signs the identity with a key that nobody knows",
        "signerar identiteten med en nyckel som ingen känner till",
        Class::EvidenceRejected,
        r#"{"forgery": {"of": "signed-identity", "how": "key-unknown"}}"#,
    ),
    signed(
        "signs the identity with a key whose time is over",
        "signerar identiteten med en nyckel vars tid är ute",
        Class::EvidenceRejected,
        r#"{"forgery": {"of": "signed-identity", "how": "key-expired"}}"#,
    ),
    signed(
        "signs the identity with a key that was withdrawn",
        "signerar identiteten med en nyckel som tagits ur bruk",
        Class::EvidenceRejected,
        r#"{"forgery": {"of": "signed-identity", "how": "key-rotated-out"}}"#,
    ),
    // Form.
    signed(
        "sends the signed identity in two parts",
        "skickar den signerade identiteten i två delar",
        Class::EvidenceRejected,
        r#"{"forgery": {"of": "signed-identity", "how": "segments-two"}}"#,
    ),
    signed(
        "sends the signed identity in four parts",
        "skickar den signerade identiteten i fyra delar",
        Class::EvidenceRejected,
        r#"{"forgery": {"of": "signed-identity", "how": "segments-four"}}"#,
    ),
    signed(
        "demands something for the signature that nobody knows",
        "kräver något för signaturen som ingen känner till",
        Class::EvidenceRejected,
        r#"{"forgery": {"of": "signed-identity", "how": "crit-unknown"}}"#,
    ),
    signed(
        "says that the signed identity is not encoded",
        "säger att den signerade identiteten är okodad",
        Class::EvidenceRejected,
        r#"{"forgery": {"of": "signed-identity", "how": "payload-unencoded"}}"#,
    ),
    signed(
        "writes the signed identity with characters that do not belong there",
        "skriver den signerade identiteten med tecken som inte hör dit",
        Class::EvidenceRejected,
        r#"{"forgery": {"of": "signed-identity", "how": "base64url-bad"}}"#,
    ),
    signed(
        "pads the parts of the signed identity",
        "fyller ut delarna i den signerade identiteten",
        Class::EvidenceRejected,
        r#"{"forgery": {"of": "signed-identity", "how": "padded"}}"#,
    ),
    signed(
        "says twice and differently how the identity is signed",
        "säger två gånger och olika hur identiteten är signerad",
        Class::EvidenceRejected,
        r#"{"forgery": {"of": "signed-identity", "how": "header-duplicate-keys"}}"#,
    ),
    signed(
        "sends a signed identity of a megabyte",
        "skickar en signerad identitet på en megabyte",
        Class::EvidenceRejected,
        r#"{"forgery": {"of": "signed-identity", "how": "huge"}}"#,
    ),
    // What is signed, and what is not.
    signed(
        "signs somebody else's identity and writes the right one beside it",
        "signerar någon annans identitet och skriver den rätta bredvid",
        Class::Mismatch,
        r#"{"forgery": {"of": "signed-identity", "how": "person-swapped"}}"#,
    ),
    signed(
        "signs the right identity and writes somebody else's beside it",
        "signerar rätt identitet och skriver någon annans bredvid",
        Class::Match,
        r#"{"forgery": {"of": "signed-identity", "how": "outer-person-swapped"}}"#,
    ),
    signed(
        "says approved and signs that it was rejected",
        "säger godkänt men signerar att det nekades",
        Class::EvidenceRejected,
        r#"{"forgery": {"of": "signed-identity", "how": "status-rejected"}}"#,
    ),
    signed(
        "says rejected and signs that it was approved",
        "säger nekat men signerar att det godkändes",
        Class::EvidenceRejected,
        r#"{"forgery": {"of": "signed-identity", "how": "outer-status-rejected"}}"#,
    ),
    signed(
        "signs the identity without saying that it was approved",
        "signerar identiteten utan att säga att den godkändes",
        Class::EvidenceRejected,
        r#"{"forgery": {"of": "signed-identity", "how": "status-missing"}}"#,
    ),
    signed(
        "signs the identity for another session",
        "signerar identiteten för en annan session",
        Class::EvidenceRejected,
        r#"{"forgery": {"of": "signed-identity", "how": "other-session"}}"#,
    ),
    signed(
        "signs an identity of the lowest level",
        "signerar en identitet på den lägsta nivån",
        Class::EvidenceRejected,
        r#"{"forgery": {"of": "signed-identity", "how": "level-too-low"}}"#,
    ),
    signed(
        "signs no number",
        "signerar inget nummer",
        Class::NoNumber,
        r#"{"forgery": {"of": "signed-identity", "how": "number-missing"}}"#,
    ),
    signed(
        "signs an empty number",
        "signerar ett tomt nummer",
        Class::NoNumber,
        r#"{"forgery": {"of": "signed-identity", "how": "number-empty"}}"#,
    ),
    signed(
        "signs the number as an e-mail address",
        "signerar numret som en e-postadress",
        Class::NoNumber,
        r#"{"forgery": {"of": "signed-identity", "how": "number-as-user-info"}}"#,
    ),
    signed(
        "signs the number in the place of a technical id",
        "signerar numret där ett tekniskt id ska stå",
        Class::NoNumber,
        r#"{"forgery": {"of": "signed-identity", "how": "number-in-person-id"}}"#,
    ),
    signed(
        "signs the right digits under another country",
        "signerar rätt siffror under ett annat land",
        Class::Mismatch,
        r#"{"forgery": {"of": "signed-identity", "how": "country-swapped"}}"#,
    ),
    signed(
        "signs two numbers, somebody else's first",
        "signerar två nummer, någon annans först",
        Class::EvidenceRejected,
        r#"{"forgery": {"of": "signed-identity", "how": "duplicate-keys"}}"#,
    ),
    signed(
        "dates the signed identity a day back",
        "daterar den signerade identiteten ett dygn tillbaka",
        Class::EvidenceRejected,
        r#"{"forgery": {"of": "signed-identity", "how": "stale"}}"#,
    ),
    signed(
        "dates the signed identity an hour ahead",
        "daterar den signerade identiteten en timme framåt",
        Class::EvidenceRejected,
        r#"{"forgery": {"of": "signed-identity", "how": "from-the-future"}}"#,
    ),
    signed(
        "counts the time of the signed identity in seconds",
        "räknar den signerade identitetens tid i sekunder",
        Class::EvidenceRejected,
        r#"{"forgery": {"of": "signed-identity", "how": "timestamp-in-seconds"}}"#,
    ),
];
