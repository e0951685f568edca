//! What can be wrong at an OpenID provider: with the token about the person and its seal, with what is told beside it, with the way back,
//! with the keys and with the signed document; and where an error comes instead.

use super::list::report;
use super::{Class, Deed, Report, Wrong};

/// An artefact is other than it should be, and no evidence.
const fn forged(of: &'static str, how: &'static str, en: &'static str, sv: &'static str) -> Report {
    report(en, sv, Class::EvidenceRejected, Wrong::Forged(of, how), Deed::Confirms)
}

/// The token about the person is.
const fn token(how: &'static str, en: &'static str, sv: &'static str) -> Report {
    forged("id-token", how, en, sv)
}

/// A step of the flow ends in an error.
const fn error(en: &'static str, sv: &'static str, overlay: &'static str) -> Report {
    report(en, sv, Class::ProviderError, Wrong::Overlay(overlay), Deed::Confirms)
}

/// All of them.
pub(super) const OPENID: &[Report] = &[
    // The seal of the token.
    token("signature-missing", "sends the token without a signature", "skickar intyget utan signatur"),
    token("signature-replaced", "sends the token under another signature", "skickar intyget med en annan signatur"),
    token("signature-truncated", "sends the token under half a signature", "skickar intyget med en halv signatur"),
    token(
        "payload-altered",
        "changes a digit of the token after signing it",
        "ändrar en siffra i intyget efter signeringen",
    ),
    token("algorithm-none", "marks the token as unsigned (none)", "märker intyget som osignerat (none)"),
    token("algorithm-none-capitalised", "marks the token as unsigned (None)", "märker intyget som osignerat (None)"),
    token("algorithm-none-mixed", "marks the token as unsigned (nOnE)", "märker intyget som osignerat (nOnE)"),
    token("algorithm-none-upper", "marks the token as unsigned (NONE)", "märker intyget som osignerat (NONE)"),
    token("algorithm-missing", "does not say how the token is signed", "säger inte hur intyget är signerat"),
    token(
        "algorithm-hs256-pem",
        "signs the token with the public key as a secret (PEM)",
        "signerar intyget med den publika nyckeln som hemlighet (PEM)",
    ),
    token(
        "algorithm-hs256-der",
        "signs the token with the public key as a secret (DER)",
        "signerar intyget med den publika nyckeln som hemlighet (DER)",
    ),
    token(
        "algorithm-hs256-jwk",
        "signs the token with the public key as a secret (JWK)",
        "signerar intyget med den publika nyckeln som hemlighet (JWK)",
    ),
    token("embedded-jwk", "brings the key to its token along (jwk)", "har själv med sig nyckeln till intyget (jwk)"),
    token("embedded-x5c", "brings the key to its token along (x5c)", "har själv med sig nyckeln till intyget (x5c)"),
    token(
        "embedded-jku",
        "says itself where the key to its token is (jku)",
        "säger själv var nyckeln till intyget finns (jku)",
    ),
    token(
        "embedded-x5u",
        "says itself where the key to its token is (x5u)",
        "säger själv var nyckeln till intyget finns (x5u)",
    ),
    token(
        "foreign-key",
        "signs the token with a foreign key under the right name",
        "signerar intyget med en främmande nyckel under rätt namn",
    ),
    token(
        "key-unknown",
        "signs the token with a key that nobody knows",
        "signerar intyget med en nyckel som ingen känner till",
    ),
    token(
        "key-rotated-out",
        "signs the token with a key that was withdrawn",
        "signerar intyget med en nyckel som tagits ur bruk",
    ),
    token("segments-two", "sends the token in two parts", "skickar intyget i två delar"),
    token("segments-four", "sends the token in four parts", "skickar intyget i fyra delar"),
    token(
        "crit-unknown",
        "demands something for the token that nobody knows",
        "kräver något för intyget som ingen känner till",
    ),
    token("payload-unencoded", "says that the token is not encoded", "säger att intyget är okodat"),
    token(
        "base64url-bad",
        "writes the token with characters that do not belong there",
        "skriver intyget med tecken som inte hör dit",
    ),
    token("padded", "pads the parts of the token", "fyller ut delarna i intyget"),
    token(
        "header-duplicate-keys",
        "says twice and differently how the token is signed",
        "säger två gånger och olika hur intyget är signerat",
    ),
    token("huge", "sends a token of a megabyte", "skickar ett intyg på en megabyte"),
    // The encryption around it.
    token("encrypted-key-altered", "changes the key in the encrypted token", "ändrar nyckeln i det krypterade intyget"),
    token(
        "iv-altered",
        "changes the initialisation vector of the encrypted token",
        "ändrar startvektorn i det krypterade intyget",
    ),
    token(
        "ciphertext-altered",
        "changes the content of the encrypted token",
        "ändrar innehållet i det krypterade intyget",
    ),
    token(
        "tag-altered",
        "changes the authentication tag of the encrypted token",
        "ändrar autentiseringstaggen i det krypterade intyget",
    ),
    token(
        "protected-header-altered",
        "changes the header of the encrypted token",
        "ändrar huvudet på det krypterade intyget",
    ),
    token("encrypted-to-another", "encrypts the token to somebody else", "krypterar intyget till någon annan"),
    token(
        "encryption-crit-unknown",
        "demands something for decrypting the token that nobody knows",
        "kräver något för att dekryptera intyget som ingen känner till",
    ),
    token(
        "algorithm-rsa1-5",
        "encrypts the token in a way that was not agreed (RSA1_5)",
        "krypterar intyget på ett sätt som inte avtalats (RSA1_5)",
    ),
    // What the token claims, under the right seal.
    token("missing", "gives no token about the person", "ger inget intyg om personen"),
    token("issuer-missing", "gives a token that names no issuer", "ger ett intyg som inte anger någon utfärdare"),
    token(
        "issuer-slash",
        "gives a token whose issuer has a slash too many",
        "ger ett intyg vars utfärdare har ett snedstreck för mycket",
    ),
    token("issuer-wrong", "gives a token in the name of another issuer", "ger ett intyg i en annan utfärdares namn"),
    token(
        "audience-wrong",
        "gives a token that is meant for another service",
        "ger ett intyg som är avsett för en annan tjänst",
    ),
    token(
        "azp-wrong",
        "gives a token for several services that was issued to another one",
        "ger ett intyg för flera tjänster som utfärdats till en annan",
    ),
    token(
        "other-client",
        "gives a genuine token of a login at another service",
        "ger ett äkta intyg från en inloggning hos en annan tjänst",
    ),
    token("expired", "gives a token whose time is over", "ger ett intyg vars tid är ute"),
    token("expiry-missing", "gives a token without an end", "ger ett intyg utan sluttid"),
    token("expiry-as-text", "writes the end of the token as a text", "skriver intygets sluttid som en text"),
    token("not-yet-valid", "gives a token that does not count yet", "ger ett intyg som inte gäller ännu"),
    token("issued-in-future", "dates the token an hour ahead", "daterar intyget en timme framåt"),
    token("nonce-missing", "leaves the nonce out of the token", "utelämnar nonce ur intyget"),
    token(
        "nonce-wrong",
        "gives a token with the nonce of another login",
        "ger ett intyg med en annan inloggnings nonce",
    ),
    token("subject-swapped", "gives a token about somebody else", "ger ett intyg om någon annan"),
    token(
        "acr-swapped",
        "says in the token that another method was used",
        "säger i intyget att en annan metod användes",
    ),
    token(
        "at-hash-wrong",
        "gives a token that belongs to another access token",
        "ger ett intyg som hör till en annan åtkomstnyckel",
    ),
    token("plain-claims", "sends the token without signing it at all", "skickar intyget helt utan att signera det"),
    // What is told beside it.
    forged(
        "userinfo",
        "subject-swapped",
        "tells about the person under somebody else's id",
        "berättar om personen under någon annans id",
    ),
    report(
        "tells about somebody else under the person's id",
        "berättar om någon annan under personens id",
        Class::Mismatch,
        Wrong::Forged("userinfo", "person-swapped"),
        Deed::Confirms,
    ),
    forged(
        "userinfo",
        "plain-claims",
        "tells about the person without signing it at all",
        "berättar om personen helt utan att signera det",
    ),
    forged(
        "userinfo",
        "foreign-key",
        "signs what it tells about the person with a foreign key",
        "signerar det den berättar om personen med en främmande nyckel",
    ),
    forged(
        "userinfo",
        "ciphertext-altered",
        "changes what it tells encrypted about the person",
        "ändrar det den krypterat berättar om personen",
    ),
    forged(
        "userinfo",
        "tag-altered",
        "changes the authentication tag of what it tells encrypted about the person",
        "ändrar autentiseringstaggen på det den krypterat berättar om personen",
    ),
    // The way back.
    forged("callback", "state-missing", "leads back without the state", "leder tillbaka utan state"),
    forged(
        "callback",
        "state-foreign",
        "leads back with a state that nobody sent",
        "leder tillbaka med ett state som ingen skickat",
    ),
    forged(
        "callback",
        "issuer-foreign",
        "leads back in the name of another issuer",
        "leder tillbaka i en annan utfärdares namn",
    ),
    forged(
        "callback",
        "code-of-another-session",
        "leads back with the code of somebody else's login",
        "leder tillbaka med koden från någon annans inloggning",
    ),
    report(
        "first leads back with an error and a state that nobody sent",
        "leder först tillbaka med ett fel och ett state som ingen skickat",
        Class::Match,
        Wrong::Overlay(r#"{"forgery": {"of": "callback", "how": "error-with-foreign-state", "occurrence": 1}}"#),
        Deed::Confirms,
    ),
    forged(
        "callback",
        "complete-elsewhere",
        "leads to a foreign host for completion",
        "leder till en främmande värd för att avsluta",
    ),
    // The keys.
    error(
        "signs the token with a key that nobody knows, and gives no keys",
        "signerar intyget med en nyckel som ingen känner till, och ger inga nycklar",
        r#"{"forgery": {"of": "id-token", "how": "key-unknown"}, "fault": {"on": "jwks", "reply": {"status": 500}}}"#,
    ),
    error(
        "signs the token with a key that nobody knows, and gives keys that cannot be read",
        "signerar intyget med en nyckel som ingen känner till, och ger nycklar som inte går att läsa",
        r#"{"forgery": [{"of": "id-token", "how": "key-unknown"}, {"of": "key-set", "how": "malformed"}]}"#,
    ),
    error(
        "signs the token with a key that nobody knows, and gives no key at all",
        "signerar intyget med en nyckel som ingen känner till, och ger inte en enda nyckel",
        r#"{"forgery": [{"of": "id-token", "how": "key-unknown"}, {"of": "key-set", "how": "empty"}]}"#,
    ),
    // The signed document.
    forged(
        "sdo",
        "person-swapped",
        "gives a document that somebody else signed",
        "ger ett dokument som någon annan skrev under",
    ),
    forged("sdo", "text-swapped", "gives a document with another text", "ger ett dokument med en annan text"),
    forged("sdo", "signature-missing", "gives a document without a seal", "ger ett dokument utan försegling"),
    forged(
        "sdo",
        "signature-broken",
        "gives a document under the seal of another one",
        "ger ett dokument med ett annat dokuments försegling",
    ),
    forged(
        "sdo",
        "foreign-key",
        "gives a document that a stranger has sealed",
        "ger ett dokument som en främling förseglat",
    ),
    error(
        "does not hand out the document any more",
        "lämnar inte längre ut dokumentet",
        r#"{"fault": {"on": "sdo", "reply": {"status": 401, "headers": {"WWW-Authenticate": "Bearer error=\"invalid_token\""}}}}"#,
    ),
    error(
        "hands out nothing as the document",
        "lämnar ut ingenting som dokument",
        r#"{"fault": {"on": "sdo", "reply": {"status": 200, "content_type": "application/xml", "body": ""}}}"#,
    ),
    // Errors, one step after the other.
    report(
        "answers the start with an error",
        "svarar på starten med ett fel",
        Class::ProviderError,
        Wrong::AtStart(
            r#"{"fault": {"on": "start", "reply": {"status": 400, "content_type": "application/json", "body": "{\"error\":\"invalid_request\",\"error_description\":\"Not enabled\"}"}}}"#,
        ),
        Deed::Leaves,
    ),
    error(
        "answers with an error when asked how it stands",
        "svarar med ett fel på frågan hur det går",
        r#"{"fault": {"on": "collect", "reply": {"status": 200, "content_type": "application/json", "body": "{\"progressStatus\":null,\"completeUrl\":null,\"error\":{\"code\":\"INTERNAL_ERROR\",\"message\":\"Internal error\"}}"}}}"#,
    ),
    error(
        "answers with an error when asked to complete",
        "svarar med ett fel på begäran att avsluta",
        r#"{"fault": {"on": "complete", "reply": {"status": 400, "content_type": "application/json", "body": "{\"error\":\"invalid_request\"}"}}}"#,
    ),
    error(
        "refuses to exchange the code",
        "vägrar att växla in koden",
        r#"{"fault": {"on": "token", "reply": {"status": 400, "content_type": "application/json", "body": "{\"error\":\"invalid_grant\"}"}}}"#,
    ),
    error(
        "breaks down when the code is exchanged",
        "går sönder när koden växlas in",
        r#"{"fault": {"on": "token", "reply": {"status": 500}}}"#,
    ),
    error(
        "answers the exchange of the code without a token",
        "svarar på kodens inväxling utan något intyg",
        r#"{"fault": {"on": "token", "reply": {"status": 200, "content_type": "application/json", "body": "{\"token_type\":\"Bearer\",\"expires_in\":600}"}}}"#,
    ),
    error(
        "refuses to tell about the person",
        "vägrar att berätta om personen",
        r#"{"fault": {"on": "userinfo", "reply": {"status": 401, "headers": {"WWW-Authenticate": "Bearer error=\"invalid_token\""}}}}"#,
    ),
    error(
        "breaks down when asked about the person",
        "går sönder på frågan om personen",
        r#"{"fault": {"on": "userinfo", "reply": {"status": 500}}}"#,
    ),
];
