//! Every way an artefact can be wrong on purpose: closed lists, so that whoever plays them must decide about each.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use super::words::{UnknownWord, Word};

/// Every way an artefact can be wrong. Written as `of = "webhook"`, `how = "signature-missing"`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Tampering {
    /// The result that the relying party fetches, or that a webhook carries.
    Identity(IdentityTampering),
    /// The webhook.
    Webhook(WebhookTampering),
}

/// Claims of a result that are wrong although the answer is honest in form.
///
/// They apply to the result of an attempt that finished: to what the relying party fetches, and to what a webhook carries, under a right
/// signature. Fetched results and webhooks are counted each for themselves, so that `occurrence = 1` means the first of both.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum IdentityTampering {
    /// The identity's country is another one: Denmark instead of Sweden, Sweden instead of any other.
    CountrySwapped,
    /// An error stands beside the identity.
    ErrorBesideIdentity,
    /// The state says finished, and there is no identity and no evidence of one.
    FinishedWithoutIdentity,
    /// The result is another method's and another provider's than the one that was used.
    MethodSwapped,
    /// The name is the requested person's; number and date of birth stay those of who authenticated.
    NameOfRequested,
    /// The national number is a list with the number in it.
    NumberAsArray,
    /// The number's key stands twice in the JSON: first with somebody else's number, then with the person's.
    NumberDuplicated,
    /// The national number is there, and empty.
    NumberEmpty,
    /// There is no number of who authenticated; the requested number stands where the result repeats what the relying party sent.
    NumberFromRequest,
    /// The number in the country's spelling with a hyphen: `YYYYMMDD-NNNN`.
    NumberHyphenated,
    /// There is no number in its place; it stands in the technical keys instead.
    NumberInPersonId,
    /// There is no national number at all.
    NumberMissing,
    /// The number with a blank before and after it.
    NumberPadded,
    /// A Swedish number in its short spelling: `YYMMDD-NNNN`. Other countries' numbers have one length, and stay.
    NumberTenDigits,
    /// The result names another session. Believing it is harmless only to who asked for this one by its id.
    OtherId,
    /// The state says pending, and the identity stands beside it.
    PendingBesideIdentity,
    /// The whole result is somebody else's, of the same country, although this person finished.
    PersonSwapped,
    /// A second record beside the identity (the population register's address) is somebody else's.
    RegisterOfSomeoneElse,
    /// The identification was a day earlier.
    Stale,
    /// The state is a word that no document has, and the identity stands beside it.
    StateUnknown,
}

/// Webhooks that a careful receiver must not believe, and one that it must.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum WebhookTampering {
    /// One digit of the number was changed after signing; of the session's id where the body holds no number.
    Altered,
    /// A key stands twice in the body, first with another's value; the signature is that of the body with the last one only. It is the
    /// number's key, or the session's where the body holds no number.
    DuplicateKeys,
    /// Signed with an empty key: what a receiver computes that was never given one.
    EmptyKey,
    /// The body names another session; the signature is made over the changed body with the right key. Believing it is the receiver's flaw.
    OtherSession,
    /// Another person stands in the body; the signature is the honest body's.
    PersonSwapped,
    /// The body carries the reference of another session, signed with the right key.
    RelaystateSwapped,
    /// The same JSON with other white space and escapes, under the signature of the original bytes.
    Reserialised,
    /// The signature's header is there, and empty.
    SignatureEmpty,
    /// Signed with a key that is not the relying party's.
    SignatureForeignKey,
    /// No signature at all.
    SignatureMissing,
    /// The signature cut short.
    SignatureTruncated,
}

impl Tampering {
    /// The artefacts that can be tampered with, as `of` names them.
    pub const ARTEFACTS: &'static [&'static str] = &["identity", "webhook"];

    /// Every way an artefact can be wrong.
    pub fn all() -> impl Iterator<Item = Self> {
        let identity = IdentityTampering::ALL.iter().copied().map(Self::Identity);
        let webhook = WebhookTampering::ALL.iter().copied().map(Self::Webhook);
        identity.chain(webhook)
    }

    /// The artefact, as `of` names it.
    #[must_use]
    pub fn of(self) -> &'static str {
        match self {
            Self::Identity(_) => "identity",
            Self::Webhook(_) => "webhook",
        }
    }

    /// What is wrong with it, as `how` names it.
    #[must_use]
    pub fn how(self) -> &'static str {
        match self {
            Self::Identity(how) => how.word(),
            Self::Webhook(how) => how.word(),
        }
    }

    /// The tampering that the words `of` and `how` name together.
    ///
    /// # Errors
    /// [`UnknownWord`] of the kind `artefact` for `of`, of the artefact's kind of tampering for `how`.
    pub fn from_words(of: &str, how: &str) -> Result<Self, UnknownWord> {
        match of {
            "identity" => how.parse().map(Self::Identity),
            "webhook" => how.parse().map(Self::Webhook),
            _ => Err(UnknownWord::new("artefact", of, Self::ARTEFACTS.to_vec())),
        }
    }
}

/// `webhook/signature-missing`.
impl fmt::Display for Tampering {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.of(), self.how())
    }
}

impl FromStr for Tampering {
    type Err = UnknownWord;

    fn from_str(text: &str) -> Result<Self, UnknownWord> {
        let (of, how) = text.split_once('/').unwrap_or((text, ""));
        Self::from_words(of, how)
    }
}
