//! What can be wrong in a code flow: the way back, the tokens, the keys, the claims, and what was signed.

use serde::{Deserialize, Serialize};

/// Ways back that a relying party must not follow, or must not believe.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum CallbackTampering {
    /// The code is that of another session of the same relying party, in which somebody else authenticated.
    CodeOfAnotherSession,
    /// The address that completes is on a host that is not the provider's.
    CompleteElsewhere,
    /// An error instead of a code, with a state that nobody sent: a stranger tries to end what is not theirs.
    ErrorWithForeignState,
    /// A code beside an `iss` (RFC 9207) that is another issuer's: what a mix-up of two issuers looks like.
    IssuerForeign,
    /// A code with a state that nobody sent.
    StateForeign,
    /// A code without the state that was sent.
    StateMissing,
}

/// Tokens that a relying party must refuse, each for one thing that they claim; the signature is right. How that can be wrong, says
/// [`JwsTampering`](super::JwsTampering).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum IdTokenTampering {
    /// Another method than was asked for.
    AcrSwapped,
    /// `at_hash` belongs to another access token.
    AtHashWrong,
    /// The audience is somebody else, under the right signature.
    AudienceWrong,
    /// `azp` is somebody else, although the relying party is in the audience.
    AzpWrong,
    /// It ended an hour ago.
    Expired,
    /// `exp` is the right number, written as a text.
    ExpiryAsText,
    /// It does not say when it ends.
    ExpiryMissing,
    /// It was issued an hour from now.
    IssuedInFuture,
    /// It does not say who issued it.
    IssuerMissing,
    /// The issuer is the right one with one slash more at its end.
    IssuerSlash,
    /// The issuer is another one.
    IssuerWrong,
    /// There is none.
    Missing,
    /// The nonce that was sent is not in it.
    NonceMissing,
    /// The nonce is another one.
    NonceWrong,
    /// It is not valid yet, and will be in an hour.
    NotYetValid,
    /// An honest token that was issued to another relying party.
    OtherClient,
    /// Claims without any signature; encrypted where the relying party wants that.
    PlainClaims,
    /// The subject is somebody else.
    SubjectSwapped,
}

/// Key sets that a relying party cannot use, or must not trust for long.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum KeySetTampering {
    /// A set without a key.
    Empty,
    /// Somebody else's keys under the names of the provider's.
    ForeignKey,
    /// JSON that is no key set.
    Malformed,
    /// The set as it was before a rotation: the key that signs now is not in it yet.
    Rotated,
}

/// Signed data objects that prove something else, or nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum SdoTampering {
    /// Signed by a key that nobody vouches for.
    ForeignKey,
    /// Somebody else signed.
    PersonSwapped,
    /// The signature is one of other bytes.
    SignatureBroken,
    /// There is no signature.
    SignatureMissing,
    /// Another text was signed.
    TextSwapped,
}

/// Claims that a relying party must refuse.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum UserinfoTampering {
    /// Signed by a key that is not the provider's, where the relying party gets signed claims.
    ForeignKey,
    /// Somebody else's claims under the right subject.
    PersonSwapped,
    /// Claims without any signature; encrypted where the relying party wants that.
    PlainClaims,
    /// Another subject than the `id_token`'s.
    SubjectSwapped,
}
