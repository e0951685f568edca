//! The plainest conversation, and the documented one.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::json;

use super::Signicat;
use super::keys::SpaceKeys;
use crate::simulation::{Provider, Sample, Space, Timestamp};

/// The least is Swedish BankID without signing, since what is to be signed has to be encrypted; the set-up is the documented request.
pub(super) const SAMPLE: Sample = Sample {
    least: "\
GET /oidc/authorize?client_id={{client_id}}&response_type=code&scope=openid%20profile%20signicat.national_id&redirect_uri=http%3A%2F%2Flocalhost%3A3000%2Fcb&acr_values=urn%3Asignicat%3Aoidc%3Amethod%3Asbid-inapp&state=s1
Accept: application/json",
    set_up: "\
GET /oidc/authorize?request={{request}}
Accept: application/json",
    collect: "\
GET /std/method/motpart/collect?orderRef={{session}}
Accept: application/json
Cookie: {{cookie}}",
};

/// The documents' steps 6 and 7, and the keys in between.
pub(super) const EPILOGUE: &[(&str, &str)] = &[
    ("the service completes", "GET {{completeUrl}}\nCookie: {{cookie}}"),
    ("the service follows the redirect", "GET {{location}}\nCookie: {{cookie}}"),
    (
        "the service exchanges the code",
        "POST /oidc/token\nAuthorization: Basic {{basic}}\nContent-Type: application/x-www-form-urlencoded\n\n\
         grant_type=authorization_code&code={{code}}&redirect_uri=http%3A%2F%2Flocalhost%3A3000%2Fcb&client_id={{client_id}}",
    ),
    ("the service reads the keys", "GET /oidc/jwks.json"),
    ("the service asks for the claims", "GET /oidc/userinfo\nAuthorization: Bearer {{access_token}}"),
    ("the service fetches the signed data object", "GET /oidc/signature\nAuthorization: Bearer {{access_token}}"),
];

/// The documented request, encrypted, and the credentials as `Authorization` wants them.
pub(super) fn dress(space: &Space, secret: &[u8; 32], now: Timestamp) -> Vec<(&'static str, String)> {
    let credential = |name| space.credential(Signicat::NAME, name).unwrap_or_default();
    let request = json!({
        "login_hint": ["subject-198501012382"],
        "scope": "openid profile signicat.sign signicat.national_id",
        "signicat_signtext": "I confirm my order of one subscription.",
        "acr_values": "urn:signicat:oidc:method:sbid-inapp-sign",
        "response_type": "code",
        "redirect_uri": "http://localhost:3000/cb",
        "state": "s1",
        "nonce": "n1",
        "client_id": credential("client_id"),
    });
    let encrypted = SpaceKeys::of(space, secret, now).encrypt_to_us(request.to_string().as_bytes());
    let basic = STANDARD.encode(format!("{}:{}", credential("client_id"), credential("client_secret")));
    // A key of the pool can always be encrypted to.
    vec![("request", encrypted.unwrap_or_default()), ("basic", basic)]
}
