//! What can be wrong with the form of an artefact whatever it says: its signature, and the encryption around it.

use serde::{Deserialize, Serialize};

/// The artefacts that are compact JSON Web Encryptions (RFC 7516) where the relying party wants that: all of them can be wrong in every way
/// of [`JweTampering`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum JweArtefact {
    /// The `id_token` of OpenID Connect.
    IdToken,
    /// The claims that are fetched with an access token.
    Userinfo,
}

/// How a compact encryption can be wrong whatever it carries, which is honest: the same words for every artefact.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum JweTampering {
    /// The key is encrypted with `RSA1_5` instead of what was agreed, and the header says so; everything fits.
    #[serde(rename = "algorithm-rsa1-5")]
    AlgorithmRsa15,
    /// One bit of the ciphertext was changed.
    CiphertextAltered,
    /// One bit of the encrypted key was changed.
    EncryptedKeyAltered,
    /// Encrypted to a key that is not the relying party's; everything fits.
    EncryptedToAnother,
    /// The header demands an extension that nobody knows; everything fits.
    EncryptionCritUnknown,
    /// One bit of the initialisation vector was changed.
    IvAltered,
    /// A member of the protected header was changed after encrypting.
    ProtectedHeaderAltered,
    /// One bit of the authentication tag was changed.
    TagAltered,
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
