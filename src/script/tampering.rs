//! Every way an artefact can be wrong on purpose: closed lists, so that whoever plays them must decide about each.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use super::words::{UnknownWord, Word};

mod openid;
mod seal;

pub use openid::{CallbackTampering, IdTokenTampering, KeySetTampering, SdoTampering, UserinfoTampering};
pub use seal::{JweArtefact, JweTampering, JwsArtefact, JwsTampering};

/// Every way an artefact can be wrong. Written as `of = "webhook"`, `how = "signature-missing"`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Tampering {
    /// The way back to the relying party: the address that completes, the code, the state.
    Callback(CallbackTampering),
    /// What the `id_token` of OpenID Connect claims.
    IdToken(IdTokenTampering),
    /// The result that the relying party fetches, or that a webhook carries.
    Identity(IdentityTampering),
    /// The encryption around an artefact; what is in it stays honest.
    Jwe(JweArtefact, JweTampering),
    /// The form, key or signature of a signed artefact; what it claims stays honest.
    Jws(JwsArtefact, JwsTampering),
    /// The keys that the provider publishes.
    KeySet(KeySetTampering),
    /// The signed data object: what the person signed, and who did.
    Sdo(SdoTampering),
    /// What the signed identity of Freja claims, or its unsigned neighbours.
    SignedIdentity(SignedIdentityTampering),
    /// The claims that are fetched with an access token.
    Userinfo(UserinfoTampering),
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
    /// The identity's country is another one, by preference one whose numbers look the same: Denmark instead of Sweden, Lithuania instead of
    /// Estonia and back, Sweden instead of any other.
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

/// A signed identity that claims something else than happened, under a right signature; or honest, beside unsigned members that differ.
///
/// They apply to an attempt that finished, in what is fetched and in what a webhook carries; both count for themselves.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum SignedIdentityTampering {
    /// There is no token, although the result says approved.
    Absent,
    /// The number's country is another one, its digits the same.
    CountrySwapped,
    /// The number's key stands twice: first with somebody else's number, then with the person's.
    DuplicateKeys,
    /// The timestamp lies an hour ahead.
    FromTheFuture,
    /// The registration level is the lowest, whatever was asked for.
    LevelTooLow,
    /// There is no signed number; the user information is the person's number, said to be an e-mail address.
    NumberAsUserInfo,
    /// The signed number is there, and empty.
    NumberEmpty,
    /// There is no signed number; the user information repeats the requested one.
    NumberFromRequest,
    /// There is no signed number in its place; it stands in the technical keys instead.
    NumberInPersonId,
    /// The signed attributes hold no number.
    NumberMissing,
    /// The token names the reference of another session.
    OtherSession,
    /// The token is the person's, the unsigned attributes beside it are somebody else's.
    OuterPersonSwapped,
    /// The token says approved, the unsigned status beside it says rejected.
    OuterStatusRejected,
    /// The token is somebody else's, the unsigned attributes beside it are the person's.
    PersonSwapped,
    /// The timestamp is a day earlier.
    Stale,
    /// The token has no status.
    StatusMissing,
    /// The token says rejected, the unsigned status beside it says approved.
    StatusRejected,
    /// The timestamp counts seconds instead of milliseconds.
    TimestampInSeconds,
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
    /// Signed with the right key in the other scheme: without a moment where one is due, with one where none is.
    OtherScheme,
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
    /// The signed moment lies an hour ahead; the signature is right.
    TimestampFuture,
    /// The signed moment is an hour past; the signature is right.
    TimestampStale,
}

impl Tampering {
    /// The artefacts that can be tampered with, as `of` names them.
    pub const ARTEFACTS: &'static [&'static str] =
        &["callback", "id-token", "identity", "key-set", "sdo", "signed-identity", "userinfo", "webhook"];

    /// Every way an artefact can be wrong.
    pub fn all() -> impl Iterator<Item = Self> {
        let identity = IdentityTampering::ALL.iter().copied().map(Self::Identity);
        let of = |artefact: JwsArtefact| JwsTampering::ALL.iter().map(move |how| Self::Jws(artefact, *how));
        let jws = JwsArtefact::ALL.iter().copied().flat_map(of);
        let around = |artefact: JweArtefact| JweTampering::ALL.iter().map(move |how| Self::Jwe(artefact, *how));
        let jwe = JweArtefact::ALL.iter().copied().flat_map(around);
        let signed_identity = SignedIdentityTampering::ALL.iter().copied().map(Self::SignedIdentity);
        let webhook = WebhookTampering::ALL.iter().copied().map(Self::Webhook);
        let callback = CallbackTampering::ALL.iter().copied().map(Self::Callback);
        let id_token = IdTokenTampering::ALL.iter().copied().map(Self::IdToken);
        let key_set = KeySetTampering::ALL.iter().copied().map(Self::KeySet);
        let sdo = SdoTampering::ALL.iter().copied().map(Self::Sdo);
        let userinfo = UserinfoTampering::ALL.iter().copied().map(Self::Userinfo);
        let openid = callback.chain(id_token).chain(key_set).chain(sdo).chain(userinfo);
        identity.chain(jwe).chain(jws).chain(signed_identity).chain(openid).chain(webhook)
    }

    /// The artefact, as `of` names it.
    #[must_use]
    pub fn of(self) -> &'static str {
        match self {
            Self::Callback(_) => "callback",
            Self::IdToken(_) => JwsArtefact::IdToken.word(),
            Self::Identity(_) => "identity",
            Self::Jwe(artefact, _) => artefact.word(),
            Self::Jws(artefact, _) => artefact.word(),
            Self::SignedIdentity(_) => JwsArtefact::SignedIdentity.word(),
            Self::KeySet(_) => "key-set",
            Self::Sdo(_) => "sdo",
            Self::Userinfo(_) => "userinfo",
            Self::Webhook(_) => "webhook",
        }
    }

    /// What is wrong with it, as `how` names it.
    #[must_use]
    pub fn how(self) -> &'static str {
        match self {
            Self::Callback(how) => how.word(),
            Self::IdToken(how) => how.word(),
            Self::Identity(how) => how.word(),
            Self::KeySet(how) => how.word(),
            Self::Sdo(how) => how.word(),
            Self::Userinfo(how) => how.word(),
            Self::Jwe(_, how) => how.word(),
            Self::Jws(_, how) => how.word(),
            Self::SignedIdentity(how) => how.word(),
            Self::Webhook(how) => how.word(),
        }
    }

    /// What is wrong with the way back, if it is about that.
    #[must_use]
    pub fn callback(self) -> Option<CallbackTampering> {
        if let Self::Callback(how) = self { Some(how) } else { None }
    }

    /// What is wrong with what the `id_token` claims, if it is about that.
    #[must_use]
    pub fn id_token(self) -> Option<IdTokenTampering> {
        if let Self::IdToken(how) = self { Some(how) } else { None }
    }

    /// What is wrong with the result, if it is about that.
    #[must_use]
    pub fn identity(self) -> Option<IdentityTampering> {
        if let Self::Identity(how) = self { Some(how) } else { None }
    }

    /// What is wrong with the key set, if it is about that.
    #[must_use]
    pub fn key_set(self) -> Option<KeySetTampering> {
        if let Self::KeySet(how) = self { Some(how) } else { None }
    }

    /// What is wrong with the signed data object, if it is about that.
    #[must_use]
    pub fn sdo(self) -> Option<SdoTampering> {
        if let Self::Sdo(how) = self { Some(how) } else { None }
    }

    /// What is wrong with the claims, if it is about that.
    #[must_use]
    pub fn userinfo(self) -> Option<UserinfoTampering> {
        if let Self::Userinfo(how) = self { Some(how) } else { None }
    }

    /// What is wrong with the webhook, if it is about that.
    #[must_use]
    pub fn webhook(self) -> Option<WebhookTampering> {
        if let Self::Webhook(how) = self { Some(how) } else { None }
    }

    /// What is wrong with the encryption around an artefact, if it is about that.
    #[must_use]
    pub fn jwe(self, of: JweArtefact) -> Option<JweTampering> {
        if let Self::Jwe(artefact, how) = self { (artefact == of).then_some(how) } else { None }
    }

    /// What is wrong with the signature of an artefact, if it is about that.
    #[must_use]
    pub fn jws(self, of: JwsArtefact) -> Option<JwsTampering> {
        if let Self::Jws(artefact, how) = self { (artefact == of).then_some(how) } else { None }
    }

    /// The tampering that the words `of` and `how` name together.
    ///
    /// # Errors
    /// [`UnknownWord`] of the kind `artefact` for `of`, of the artefact's kind of tampering for `how`.
    pub fn from_words(of: &str, how: &str) -> Result<Self, UnknownWord> {
        match of {
            "callback" => how.parse().map(Self::Callback),
            "id-token" => one_of([
                how.parse().map(Self::IdToken),
                how.parse().map(|how| Self::Jwe(JweArtefact::IdToken, how)),
                how.parse().map(|how| Self::Jws(JwsArtefact::IdToken, how)),
            ]),
            "identity" => how.parse().map(Self::Identity),
            "key-set" => how.parse().map(Self::KeySet),
            "sdo" => how.parse().map(Self::Sdo),
            "signed-identity" => one_of([
                how.parse().map(Self::SignedIdentity),
                how.parse().map(|how| Self::Jws(JwsArtefact::SignedIdentity, how)),
            ]),
            "userinfo" => {
                one_of([how.parse().map(Self::Userinfo), how.parse().map(|how| Self::Jwe(JweArtefact::Userinfo, how))])
            }
            "webhook" => how.parse().map(Self::Webhook),
            _ => Err(UnknownWord::new("artefact", of, Self::ARTEFACTS.to_vec())),
        }
    }
}

/// The first reading that succeeds. Where none does, the error is that of the first, with what all of them expected.
fn one_of<const N: usize>(readings: [Result<Tampering, UnknownWord>; N]) -> Result<Tampering, UnknownWord> {
    readings
        .into_iter()
        .reduce(|earlier, later| match (earlier, later) {
            (Ok(how), _) | (Err(_), Ok(how)) => Ok(how),
            (Err(mut first), Err(other)) => {
                first.expected.extend(other.expected);
                Err(first)
            }
        })
        .unwrap_or_else(|| Err(UnknownWord::new("tampering", "", Vec::new())))
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
