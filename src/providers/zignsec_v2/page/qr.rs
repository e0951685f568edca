//! The animated QR code of Swedish BankID, and the link that starts the app on the same device.

use fast_qr::QRBuilder;
use fast_qr::convert::{Builder, Shape, svg::SvgBuilder};

use crate::crypto::mac;
use crate::simulation::SessionId;

/// What BankID would have answered the provider when the order was set up: two tokens and the secret behind the code. Derived, so that
/// the same seed gives the same codes, and a new attempt gets new ones.
#[derive(Debug)]
pub(super) struct AppStart {
    qr_start_token: String,
    qr_start_secret: String,
    auto_start_token: String,
}

impl AppStart {
    /// The tokens of the `attempt`th attempt, from 0.
    pub(super) fn derived(secret: &[u8; 32], session: SessionId, attempt: usize) -> Self {
        let attempt = u64::try_from(attempt).unwrap_or(u64::MAX).to_be_bytes();
        let token = |purpose| {
            let derived = mac::derive(secret, purpose, &[session.as_bytes(), &attempt]);
            let mut bytes = [0; 16];
            bytes.copy_from_slice(&derived[..16]);
            // All three are GUIDs in BankID's samples.
            SessionId::from_random(bytes).to_string()
        };
        Self {
            qr_start_token: token("bankid qrStartToken"),
            qr_start_secret: token("bankid qrStartSecret"),
            auto_start_token: token("bankid autoStartToken"),
        }
    }

    /// What the code says `seconds` after the order began.
    ///
    /// Source: BankID's relying party guidelines, "animated QR"; the vectors in the test are theirs.
    pub(super) fn qr_text(&self, seconds: u64) -> String {
        let moment = seconds.to_string();
        let code = mac::hmac_sha256_hex(self.qr_start_secret.as_bytes(), moment.as_bytes());
        format!("bankid.{}.{moment}.{code}", self.qr_start_token)
    }

    /// The code as an image that needs no other. `None` only if the text were too long for a QR code, which it never is.
    pub(super) fn qr_svg(&self, seconds: u64) -> Option<String> {
        let code = QRBuilder::new(self.qr_text(seconds)).build().ok()?;
        Some(SvgBuilder::default().shape(Shape::Square).to_str(&code))
    }

    /// The link that starts the app on the device that follows it.
    pub(super) fn link(&self) -> String {
        format!("bankid:///?autostarttoken={}&redirect=null", self.auto_start_token)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_code_is_bankids_own() {
        let start = AppStart {
            qr_start_token: "67df3917-fa0d-44e5-b327-edcc928297f8".into(),
            qr_start_secret: "d28db9a7-4cde-429e-a983-359be676944c".into(),
            auto_start_token: String::new(),
        };
        for (seconds, code) in [
            (0, "dc69358e712458a66a7525beef148ae8526b1c71610eff2c16cdffb4cdac9bf8"),
            (1, "949d559bf23403952a94d103e67743126381eda00f0b3cbddbf7c96b1adcbce2"),
            (2, "a9e5ec59cb4eee4ef4117150abc58fad7a85439a6a96ccbecc3668b41795b3f3"),
        ] {
            let expected = format!("bankid.67df3917-fa0d-44e5-b327-edcc928297f8.{seconds}.{code}");
            assert_eq!(start.qr_text(seconds), expected);
        }
    }

    #[test]
    fn a_new_attempt_has_new_tokens_and_an_image() {
        let id = SessionId::from_random([7; 16]);
        let [first, again, second] = [0, 0, 1].map(|attempt| AppStart::derived(&[1; 32], id, attempt));
        assert_eq!(first.link(), again.link());
        assert_ne!(first.link(), second.link());
        assert!(first.qr_svg(170).is_some_and(|svg| svg.starts_with("<svg")));
    }
}
