//! The words people write for the script's values: one list per type, in kebab-case.
//!
//! Script files, the control API, the command line and the storyboards all read and print these, and only these.

use std::fmt;
use std::str::FromStr;

use super::{
    CallbackTampering, Hint, IdTokenTampering, IdentityTampering, JweArtefact, JweTampering, JwsArtefact, JwsTampering,
    KeySetTampering, Operation, Reason, SdoTampering, SignalName, SignedIdentityTampering, UserinfoTampering,
    WebhookTampering,
};

/// A closed set of values that each have one word.
pub trait Word: Copy + Sized + 'static {
    /// What one of them is called in a message, such as `reason`.
    const KIND: &'static str;
    /// Every value, in the order of the type.
    const ALL: &'static [Self];

    /// The value's word.
    fn word(self) -> &'static str;

    /// The value that `text` names.
    ///
    /// # Errors
    /// [`UnknownWord`] when no value has this word.
    fn from_word(text: &str) -> Result<Self, UnknownWord> {
        Self::ALL
            .iter()
            .copied()
            .find(|value| value.word() == text)
            .ok_or_else(|| UnknownWord::new(Self::KIND, text, Self::ALL.iter().map(|value| value.word()).collect()))
    }
}

/// A word that is none of those it could be.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("no {kind} is called {actual:?}; expected one of {}", expected.join(", "))]
pub struct UnknownWord {
    /// What was looked for, such as `reason`.
    pub kind: &'static str,
    /// What was written.
    pub actual: String,
    /// What could have been written.
    pub expected: Vec<&'static str>,
}

impl UnknownWord {
    pub(super) fn new(kind: &'static str, actual: &str, expected: Vec<&'static str>) -> Self {
        Self { kind, actual: actual.to_owned(), expected }
    }
}

/// Gives an enum its words, and with them `Display` and `FromStr`. The match is exhaustive: a new variant must be given a word.
macro_rules! words {
    ($type:ty, $kind:literal, $($variant:ident = $word:literal),+ $(,)?) => {
        impl Word for $type {
            const KIND: &'static str = $kind;
            const ALL: &'static [Self] = &[$(Self::$variant),+];

            fn word(self) -> &'static str {
                match self {
                    $(Self::$variant => $word,)+
                }
            }
        }

        impl fmt::Display for $type {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.pad(self.word())
            }
        }

        impl FromStr for $type {
            type Err = UnknownWord;

            fn from_str(text: &str) -> Result<Self, UnknownWord> {
                Self::from_word(text)
            }
        }
    };
}

words!(
    Operation,
    "operation",
    Collect = "collect",
    Complete = "complete",
    Discovery = "discovery",
    Jwks = "jwks",
    Page = "page",
    Sdo = "sdo",
    Start = "start",
    Token = "token",
    Userinfo = "userinfo",
);

words!(
    Reason,
    "reason",
    AlreadyInProgress = "already-in-progress",
    Cancelled = "cancelled",
    CertificateError = "certificate-error",
    Exception = "exception",
    LinkExpired = "link-expired",
    OrderExpired = "order-expired",
    StartFailed = "start-failed",
    Superseded = "superseded",
    WrongPerson = "wrong-person",
);

words!(Hint, "hint", Outstanding = "outstanding", Delivered = "delivered", Confirming = "confirming");

words!(
    SignalName,
    "signal",
    Cancelled = "cancelled",
    Confirmed = "confirmed",
    Delivered = "delivered",
    Failed = "failed",
    Opened = "opened",
);

words!(
    IdentityTampering,
    "tampering of an identity",
    CountrySwapped = "country-swapped",
    ErrorBesideIdentity = "error-beside-identity",
    FinishedWithoutIdentity = "finished-without-identity",
    MethodSwapped = "method-swapped",
    NameOfRequested = "name-of-requested",
    NumberAsArray = "number-as-array",
    NumberDuplicated = "number-duplicated",
    NumberEmpty = "number-empty",
    NumberFromRequest = "number-from-request",
    NumberHyphenated = "number-hyphenated",
    NumberInPersonId = "number-in-person-id",
    NumberMissing = "number-missing",
    NumberPadded = "number-padded",
    NumberTenDigits = "number-ten-digits",
    OtherId = "other-id",
    PendingBesideIdentity = "pending-beside-identity",
    PersonSwapped = "person-swapped",
    RegisterOfSomeoneElse = "register-of-someone-else",
    Stale = "stale",
    StateUnknown = "state-unknown",
);

words!(JweArtefact, "encrypted artefact", IdToken = "id-token", Userinfo = "userinfo",);

words!(
    JweTampering,
    "tampering of an encryption",
    AlgorithmRsa15 = "algorithm-rsa1-5",
    CiphertextAltered = "ciphertext-altered",
    EncryptedKeyAltered = "encrypted-key-altered",
    EncryptedToAnother = "encrypted-to-another",
    EncryptionCritUnknown = "encryption-crit-unknown",
    IvAltered = "iv-altered",
    ProtectedHeaderAltered = "protected-header-altered",
    TagAltered = "tag-altered",
);

words!(JwsArtefact, "signed artefact", IdToken = "id-token", SignedIdentity = "signed-identity",);

words!(
    JwsTampering,
    "tampering of a signature",
    AlgorithmHs256Certificate = "algorithm-hs256-certificate",
    AlgorithmHs256Der = "algorithm-hs256-der",
    AlgorithmHs256Jwk = "algorithm-hs256-jwk",
    AlgorithmHs256Pem = "algorithm-hs256-pem",
    AlgorithmMissing = "algorithm-missing",
    AlgorithmNone = "algorithm-none",
    AlgorithmNoneCapitalised = "algorithm-none-capitalised",
    AlgorithmNoneMixed = "algorithm-none-mixed",
    AlgorithmNoneUpper = "algorithm-none-upper",
    Base64urlBad = "base64url-bad",
    CritUnknown = "crit-unknown",
    EmbeddedJku = "embedded-jku",
    EmbeddedJwk = "embedded-jwk",
    EmbeddedX5c = "embedded-x5c",
    EmbeddedX5u = "embedded-x5u",
    ForeignKey = "foreign-key",
    HeaderDuplicateKeys = "header-duplicate-keys",
    Huge = "huge",
    KeyExpired = "key-expired",
    KeyRotatedOut = "key-rotated-out",
    KeyUnknown = "key-unknown",
    Padded = "padded",
    PayloadAltered = "payload-altered",
    PayloadUnencoded = "payload-unencoded",
    SegmentsFour = "segments-four",
    SegmentsTwo = "segments-two",
    SignatureMissing = "signature-missing",
    SignatureReplaced = "signature-replaced",
    SignatureTruncated = "signature-truncated",
);

words!(
    SignedIdentityTampering,
    "tampering of a signed identity",
    Absent = "absent",
    CountrySwapped = "country-swapped",
    DuplicateKeys = "duplicate-keys",
    FromTheFuture = "from-the-future",
    LevelTooLow = "level-too-low",
    NumberAsUserInfo = "number-as-user-info",
    NumberEmpty = "number-empty",
    NumberFromRequest = "number-from-request",
    NumberInPersonId = "number-in-person-id",
    NumberMissing = "number-missing",
    OtherSession = "other-session",
    OuterPersonSwapped = "outer-person-swapped",
    OuterStatusRejected = "outer-status-rejected",
    PersonSwapped = "person-swapped",
    Stale = "stale",
    StatusMissing = "status-missing",
    StatusRejected = "status-rejected",
    TimestampInSeconds = "timestamp-in-seconds",
);

words!(
    CallbackTampering,
    "tampering of a callback",
    CodeOfAnotherSession = "code-of-another-session",
    CompleteElsewhere = "complete-elsewhere",
    ErrorWithForeignState = "error-with-foreign-state",
    IssuerForeign = "issuer-foreign",
    StateForeign = "state-foreign",
    StateMissing = "state-missing",
);

words!(
    IdTokenTampering,
    "tampering of an id_token",
    AcrSwapped = "acr-swapped",
    AtHashWrong = "at-hash-wrong",
    AudienceWrong = "audience-wrong",
    AzpWrong = "azp-wrong",
    Expired = "expired",
    ExpiryAsText = "expiry-as-text",
    ExpiryMissing = "expiry-missing",
    IssuedInFuture = "issued-in-future",
    IssuerMissing = "issuer-missing",
    IssuerSlash = "issuer-slash",
    IssuerWrong = "issuer-wrong",
    Missing = "missing",
    NonceMissing = "nonce-missing",
    NonceWrong = "nonce-wrong",
    NotYetValid = "not-yet-valid",
    OtherClient = "other-client",
    PlainClaims = "plain-claims",
    SubjectSwapped = "subject-swapped",
);

words!(
    KeySetTampering,
    "tampering of a key set",
    Empty = "empty",
    ForeignKey = "foreign-key",
    Malformed = "malformed",
    Rotated = "rotated",
);

words!(
    SdoTampering,
    "tampering of a signed data object",
    ForeignKey = "foreign-key",
    PersonSwapped = "person-swapped",
    SignatureBroken = "signature-broken",
    SignatureMissing = "signature-missing",
    TextSwapped = "text-swapped",
);

words!(
    UserinfoTampering,
    "tampering of userinfo",
    ForeignKey = "foreign-key",
    PersonSwapped = "person-swapped",
    PlainClaims = "plain-claims",
    SubjectSwapped = "subject-swapped",
);

words!(
    WebhookTampering,
    "tampering of a webhook",
    Altered = "altered",
    DuplicateKeys = "duplicate-keys",
    EmptyKey = "empty-key",
    OtherScheme = "other-scheme",
    OtherSession = "other-session",
    PersonSwapped = "person-swapped",
    RelaystateSwapped = "relaystate-swapped",
    Reserialised = "reserialised",
    SignatureEmpty = "signature-empty",
    SignatureForeignKey = "signature-foreign-key",
    SignatureMissing = "signature-missing",
    SignatureTruncated = "signature-truncated",
    TimestampFuture = "timestamp-future",
    TimestampStale = "timestamp-stale",
);

/// What a step makes of a session, before it is known with which person, reason or hint.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum State {
    Failed,
    Finished,
    Pending,
}

words!(State, "state", Failed = "failed", Finished = "finished", Pending = "pending");

#[cfg(test)]
mod tests {
    use serde::Serialize;

    use super::*;
    use crate::script::Tampering;

    fn words_agree<W: Word + Serialize + PartialEq + fmt::Debug>() {
        for value in W::ALL.iter().copied() {
            assert_eq!(
                serde_json::to_value(value).unwrap(),
                serde_json::json!(value.word()),
                "the dumped form differs"
            );
            assert_eq!(W::from_word(value.word()), Ok(value));
        }
    }

    #[test]
    fn people_and_dumps_use_the_same_words() {
        words_agree::<Operation>();
        words_agree::<Reason>();
        words_agree::<Hint>();
        words_agree::<SignalName>();
        words_agree::<IdentityTampering>();
        words_agree::<JweArtefact>();
        words_agree::<JweTampering>();
        words_agree::<JwsArtefact>();
        words_agree::<JwsTampering>();
        words_agree::<SignedIdentityTampering>();
        words_agree::<CallbackTampering>();
        words_agree::<IdTokenTampering>();
        words_agree::<KeySetTampering>();
        words_agree::<SdoTampering>();
        words_agree::<UserinfoTampering>();
        words_agree::<WebhookTampering>();
    }

    #[test]
    fn a_tampering_is_two_words() {
        for tampering in Tampering::all() {
            assert_eq!(Tampering::from_words(tampering.of(), tampering.how()), Ok(tampering));
            assert_eq!(tampering.to_string().parse(), Ok(tampering));
        }
        assert_eq!(Tampering::from_words("webhok", "x").unwrap_err().kind, "artefact");
        assert_eq!("webhook".parse::<Tampering>().unwrap_err().kind, "tampering of a webhook");
    }

    #[test]
    fn an_unknown_word_names_the_known_ones() {
        let error = "canceled".parse::<SignalName>().unwrap_err();
        insta::assert_snapshot!(error, @r#"no signal is called "canceled"; expected one of cancelled, confirmed, delivered, failed, opened"#);
    }
}
