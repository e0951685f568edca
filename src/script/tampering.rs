//! Every way an artefact can be wrong on purpose: closed lists, so that whoever plays them must decide about each.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use super::words::{UnknownWord, Word};

mod openid;

pub use openid::{CallbackTampering, IdTokenTampering, KeySetTampering, SdoTampering, UserinfoTampering};

/// Every way an artefact can be wrong. Written as `of = "webhook"`, `how = "signature-missing"`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Tampering {
    /// The way back to the relying party: the address that completes, the code, the state.
    Callback(CallbackTampering),
    /// What the `id_token` of OpenID Connect claims.
    IdToken(IdTokenTampering),
    /// The result that the relying party fetches, or that a webhook carries.
    Identity(IdentityTampering),
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

/// The artefacts that are compact JSON Web Signatures (RFC 7515): all of them can be wrong in every way of [`JwsTampering`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum JwsArtefact {
    /// The `id_token` of OpenID Connect.
    IdToken,
    /// Freja's token beside the result.
    SignedIdentity,
}

/// How a compact signature can be wrong whatever it carries: the same words for every artefact.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum JwsTampering {
    /// HS256, the key being the PEM text of the certificate.
    AlgorithmHs256Certificate,
    /// HS256, the key being the public key as DER.
    AlgorithmHs256Der,
    /// HS256, the key being the public key as a JWK.
    AlgorithmHs256Jwk,
    /// HS256, the key being the public key as a PEM text.
    AlgorithmHs256Pem,
    /// The header names no algorithm; the signature is right.
    AlgorithmMissing,
    /// `none`, with an empty signature.
    AlgorithmNone,
    /// `None`, with an empty signature.
    AlgorithmNoneCapitalised,
    /// `nOnE`, with an empty signature.
    AlgorithmNoneMixed,
    /// `NONE`, with an empty signature.
    AlgorithmNoneUpper,
    /// A character that base64url does not have stands in the payload; signed as it stands.
    Base64urlBad,
    /// The header demands an extension that nobody knows; the signature is right.
    CritUnknown,
    /// Signed with a foreign key, to be fetched from the `jku` of the header.
    EmbeddedJku,
    /// Signed with a foreign key, which is the `jwk` of the header.
    EmbeddedJwk,
    /// Signed with a foreign key, whose certificate is the `x5c` of the header.
    EmbeddedX5c,
    /// Signed with a foreign key, whose certificate is to be fetched from the `x5u` of the header.
    EmbeddedX5u,
    /// Signed with a foreign key, under the name of ours.
    ForeignKey,
    /// The header names the algorithm twice: first `none`, then the right one. The signature is right.
    HeaderDuplicateKeys,
    /// A megabyte of blanks follows the payload; the signature is right.
    Huge,
    /// Signed with a key of ours whose certificate has expired, under its name.
    KeyExpired,
    /// Signed with a key of ours that was taken out of service, under its name.
    KeyRotatedOut,
    /// Signed with a foreign key, under its own name, which nobody was told.
    KeyUnknown,
    /// The parts are padded with `=`; signed as they stand.
    Padded,
    /// One digit of the payload was changed after signing.
    PayloadAltered,
    /// The header says that the payload is not encoded (`b64` false, RFC 7797); signed as it stands.
    PayloadUnencoded,
    /// A fourth part follows.
    SegmentsFour,
    /// There is no third part.
    SegmentsTwo,
    /// The third part is empty.
    SignatureMissing,
    /// The signature is a right one of other bytes.
    SignatureReplaced,
    /// The signature is cut in half.
    SignatureTruncated,
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
        let signed_identity = SignedIdentityTampering::ALL.iter().copied().map(Self::SignedIdentity);
        let webhook = WebhookTampering::ALL.iter().copied().map(Self::Webhook);
        let callback = CallbackTampering::ALL.iter().copied().map(Self::Callback);
        let id_token = IdTokenTampering::ALL.iter().copied().map(Self::IdToken);
        let key_set = KeySetTampering::ALL.iter().copied().map(Self::KeySet);
        let sdo = SdoTampering::ALL.iter().copied().map(Self::Sdo);
        let userinfo = UserinfoTampering::ALL.iter().copied().map(Self::Userinfo);
        let openid = callback.chain(id_token).chain(key_set).chain(sdo).chain(userinfo);
        identity.chain(jws).chain(signed_identity).chain(openid).chain(webhook)
    }

    /// The artefact, as `of` names it.
    #[must_use]
    pub fn of(self) -> &'static str {
        match self {
            Self::Callback(_) => "callback",
            Self::IdToken(_) => JwsArtefact::IdToken.word(),
            Self::Identity(_) => "identity",
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
        match (of, JwsArtefact::from_word(of)) {
            ("callback", _) => how.parse().map(Self::Callback),
            ("identity", _) => how.parse().map(Self::Identity),
            ("key-set", _) => how.parse().map(Self::KeySet),
            ("sdo", _) => how.parse().map(Self::Sdo),
            ("userinfo", _) => how.parse().map(Self::Userinfo),
            ("webhook", _) => how.parse().map(Self::Webhook),
            (_, Ok(artefact @ JwsArtefact::IdToken)) => either(how, |how| Self::Jws(artefact, how), Self::IdToken),
            (_, Ok(artefact @ JwsArtefact::SignedIdentity)) => {
                either(how, |how| Self::Jws(artefact, how), Self::SignedIdentity)
            }
            (_, Err(_)) => Err(UnknownWord::new("artefact", of, Self::ARTEFACTS.to_vec())),
        }
    }
}

/// A way in which a signature can be wrong, or one in which its claims can.
fn either<W: Word>(
    how: &str,
    sealed: impl Fn(JwsTampering) -> Tampering,
    claimed: impl Fn(W) -> Tampering,
) -> Result<Tampering, UnknownWord> {
    match (JwsTampering::from_word(how), W::from_word(how)) {
        (Ok(how), _) => Ok(sealed(how)),
        (Err(_), Ok(how)) => Ok(claimed(how)),
        (Err(seals), Err(mut claims)) => {
            claims.expected.extend(seals.expected);
            Err(claims)
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
