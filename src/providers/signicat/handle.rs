//! What is handed out and carries its session: codes, cookies, tokens, addresses. Nothing is stored; everything is derived.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

use crate::crypto::mac;
use crate::simulation::SessionId;

/// What a handle is for. One for another purpose is none at all.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Purpose {
    /// An access token's `jti`.
    Access,
    /// The code that is exchanged for tokens.
    Code,
    /// The address that completes.
    Complete,
    /// The session cookie.
    Cookie,
    /// A refresh token.
    Refresh,
    /// The hops between completion and the relying party.
    Resume,
    /// The Norwegian address of the status.
    Status,
}

impl Purpose {
    const fn word(self) -> &'static str {
        match self {
            Self::Access => "signicat access token",
            Self::Code => "signicat code",
            Self::Complete => "signicat complete",
            Self::Cookie => "signicat cookie",
            Self::Refresh => "signicat refresh token",
            Self::Resume => "signicat resume",
            Self::Status => "signicat status",
        }
    }
}

/// The `n`th handle of a session for a purpose: 32 characters of base64url, the session's 16 bytes and 8 that only we can compute.
pub(super) fn issue(secret: &[u8; 32], purpose: Purpose, session: SessionId, n: u32) -> String {
    let mut bytes = [0; LENGTH];
    bytes[..16].copy_from_slice(session.as_bytes());
    bytes[16..].copy_from_slice(&tag(secret, purpose, session, n));
    URL_SAFE_NO_PAD.encode(bytes)
}

/// A handle as somebody shows it. Whether it is genuine is seen when it is compared.
#[derive(Clone, Copy, Debug)]
pub(super) struct Handle {
    /// The session that it claims to belong to.
    pub(super) session: SessionId,
    tag: [u8; 8],
}

impl Handle {
    /// Reads a handle; `None` for what has not its form.
    pub(super) fn read(text: &str) -> Option<Self> {
        let bytes: [u8; LENGTH] = URL_SAFE_NO_PAD.decode(text).ok()?.try_into().ok()?;
        let (mut session, mut tag) = ([0; 16], [0; 8]);
        session.copy_from_slice(&bytes[..16]);
        tag.copy_from_slice(&bytes[16..]);
        Some(Self { session: SessionId::from_random(session), tag })
    }

    /// Whether it is the `n`th one for this purpose.
    pub(super) fn is(&self, secret: &[u8; 32], purpose: Purpose, n: u32) -> bool {
        mac::equal(&self.tag, &tag(secret, purpose, self.session, n))
    }

    /// Which one it is, of the first `issued`.
    pub(super) fn number(&self, secret: &[u8; 32], purpose: Purpose, issued: u32) -> Option<u32> {
        (0..issued).rev().find(|n| self.is(secret, purpose, *n))
    }
}

fn tag(secret: &[u8; 32], purpose: Purpose, session: SessionId, n: u32) -> [u8; 8] {
    let mut tag = [0; 8];
    tag.copy_from_slice(&mac::derive(secret, purpose.word(), &[session.as_bytes(), &n.to_be_bytes()])[..8]);
    tag
}

const LENGTH: usize = 24;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_handle_is_for_one_session_purpose_and_number() {
        let session = SessionId::from_random([7; 16]);
        let text = issue(&[1; 32], Purpose::Code, session, 2);
        assert_eq!(text.len(), 32);
        let handle = Handle::read(&text).unwrap();
        assert_eq!(handle.session, session);
        assert!(handle.is(&[1; 32], Purpose::Code, 2));
        assert_eq!(handle.number(&[1; 32], Purpose::Code, 3), Some(2));
        assert_eq!(handle.number(&[1; 32], Purpose::Code, 2), None);
        assert!(!handle.is(&[1; 32], Purpose::Cookie, 2));
        assert!(!handle.is(&[2; 32], Purpose::Code, 2));
        for no_handle in ["", "x", &text[1..], "????????????????????????????????"] {
            assert!(Handle::read(no_handle).is_none(), "{no_handle}");
        }
    }
}
