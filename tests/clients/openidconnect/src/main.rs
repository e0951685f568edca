//! The `openidconnect` crate: discovery, PKCE, tokens, claims. It encrypts nothing, so the request object is encrypted with the RustCrypto
//! crates, and signed by the `jose` command line.

use std::env;
use std::error::Error;
use std::io::Write;
use std::process::{Command, Stdio};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use aes::Aes256;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD as BASE64;
use cbc::cipher::block_padding::Pkcs7;
use cbc::cipher::{BlockEncryptMut, KeyIvInit};
use hmac::{Hmac, Mac};
use openidconnect::core::{CoreAuthenticationFlow, CoreClient, CoreProviderMetadata, CoreUserInfoClaims};
use openidconnect::{
    AccessTokenHash, AuthType, AuthorizationCode, ClientId, ClientSecret, CsrfToken, IssuerUrl, Nonce,
    OAuth2TokenResponse, PkceCodeChallenge, PkceCodeVerifier, RedirectUrl, TokenResponse,
};
use reqwest::blocking::Client;
use reqwest::redirect::Policy;
use reqwest::{Certificate, Url};
use rsa::rand_core::{OsRng, RngCore};
use rsa::{BigUint, Oaep, RsaPublicKey};
use serde_json::{Value, json};
use sha1::Sha1;
use sha2::Sha512;

type Result<T, E = Box<dyn Error>> = std::result::Result<T, E>;

fn main() {
    let mut at = "discovery";
    let told = match flow(&mut at) {
        Ok(told) => told,
        Err(error) => {
            let mut why = error.to_string();
            let mut cause = error.source();
            while let Some(error) = cause {
                why = format!("{why}: {error}");
                cause = error.source();
            }
            json!({ "outcome": "refused", "at": at, "why": why })
        }
    };
    println!("{told}");
}

fn flow(at: &mut &'static str) -> Result<Value> {
    let http = browser(Client::builder())?;
    let issuer = IssuerUrl::new(var("ISSUER"))?;
    let metadata = CoreProviderMetadata::discover(&issuer, &http)?;
    let secret = if mistake() == "secret-wrong" { "wrong".to_owned() } else { var("CLIENT_SECRET") };
    let token_endpoint = metadata.token_endpoint().cloned().ok_or("no token endpoint")?;
    let keys = metadata.jwks_uri().to_string();
    let authorization = metadata.authorization_endpoint().to_string();
    let client =
        CoreClient::from_provider_metadata(metadata, ClientId::new(var("CLIENT_ID")), Some(ClientSecret::new(secret)))
            .set_redirect_uri(RedirectUrl::new(var("REDIRECT_URI"))?)
            .set_token_uri(token_endpoint)
            .set_auth_type(if var("CLIENT_AUTHENTICATION") == "post" {
                AuthType::RequestBody
            } else {
                AuthType::BasicAuth
            });

    *at = "authorize";
    let (challenge, verifier) = PkceCodeChallenge::new_random_sha256();
    let flow = CoreAuthenticationFlow::AuthorizationCode;
    let (_, state, nonce) = client.authorize_url(flow, CsrfToken::new_random, Nonce::new_random).url();
    let hint = var("LOGIN_HINT");
    let mut claims = json!({
        "client_id": var("CLIENT_ID"), "redirect_uri": var("REDIRECT_URI"), "response_type": "code", "scope": var("SCOPE"),
        "acr_values": var("ACR"), "login_hint": if var("HINT") == "text" { json!(hint) } else { json!(hint.split(',').collect::<Vec<_>>()) },
        "state": state.secret(), "nonce": nonce.secret(),
        "code_challenge": challenge.as_str(), "code_challenge_method": "S256",
    });
    if !var("SIGN_TEXT").is_empty() {
        claims["signicat_signtext"] = var("SIGN_TEXT").into();
    }
    let keys: Value = http.get(keys).send()?.json()?;
    let mut url = Url::parse(&authorization)?;
    url.query_pairs_mut().append_pair("request", &request_object(&claims, &keys, issuer.as_str())?);
    if !var("SIGNATURE_KEY").is_empty() {
        for name in ["client_id", "response_type", "scope"] {
            url.query_pairs_mut().append_pair(name, claims[name].as_str().unwrap_or_default());
        }
    }
    let arrived = walk(&http, url, at)?;

    *at = "callback";
    let parameter = |name: &str| arrived.query_pairs().find(|(n, _)| n == name).map(|(_, value)| value.into_owned());
    if let Some(error) = parameter("error") {
        return Err(error.into());
    }
    if parameter("state").as_ref() != Some(state.secret()) {
        return Err("state is another one".into());
    }
    let code = AuthorizationCode::new(parameter("code").ok_or("no code")?);

    *at = "token";
    let verifier = if mistake() == "verifier-wrong" { PkceCodeVerifier::new("v".repeat(43)) } else { verifier };
    let again = PkceCodeVerifier::new(verifier.secret().clone());
    let tokens = client.exchange_code(code.clone()).set_pkce_verifier(verifier).request(&http)?;
    if mistake() == "code-twice" {
        client.exchange_code(code).set_pkce_verifier(again).request(&http)?;
    }
    let id_token = tokens.id_token().ok_or("no id_token")?;
    let checks = client.id_token_verifier();
    let told = id_token.claims(&checks, &nonce)?;
    if let Some(expected) = told.access_token_hash() {
        let actual = AccessTokenHash::from_token(
            tokens.access_token(),
            id_token.signing_alg()?,
            id_token.signing_key(&checks)?,
        )?;
        if actual != *expected {
            return Err("at_hash is another one".into());
        }
    }
    if told.auth_context_ref().map(|acr| acr.as_str()) != Some(var("ACR").as_str()) {
        return Err("acr is another one".into());
    }

    *at = "userinfo";
    let userinfo: CoreUserInfoClaims =
        client.user_info(tokens.access_token().clone(), Some(told.subject().clone()))?.request(&http)?;
    *at = "signature";
    let mut sdo = Value::Null;
    if !var("SIGNATURE_URL").is_empty() {
        let answer = http.get(var("SIGNATURE_URL")).bearer_auth(tokens.access_token().secret()).send()?;
        if answer.status() != 200 {
            return Err(format!("HTTP {}", answer.status()).into());
        }
        sdo = answer.text()?.contains("<LtvSdo").into();
    }
    let name = userinfo.name().and_then(|name| name.get(None)).map(|name| name.to_string());
    Ok(json!({ "outcome": "completed", "sub": told.subject().as_str(), "acr": var("ACR"), "name": name, "sdo": sdo }))
}

/// Asks, polls, completes; the URL at which the browser would arrive at the client.
fn walk(http: &Client, url: Url, at: &mut &'static str) -> Result<Url> {
    let mut answer = http.get(url).header("accept", "application/json").send()?;
    if !answer.status().is_redirection() {
        let status = answer.status();
        let started: Value = answer.json().map_err(|_| format!("HTTP {status}"))?;
        if let Some(error) = started["error"].as_str() {
            return Err(format!("{error}: {}", started["error_description"]).into());
        }
        *at = "collect";
        let complete = poll(http, &started)?;
        *at = "complete";
        answer = http.get(complete).send()?;
    }
    for _ in 0..20 {
        let Some(location) = answer.headers().get("location") else {
            return Err(format!("HTTP {} and no way on", answer.status()).into());
        };
        let next = answer.url().join(location.to_str()?)?;
        if next.as_str().starts_with(&var("REDIRECT_URI")) {
            return Ok(next);
        }
        answer = http.get(next).send()?;
    }
    Err("redirects without an end".into())
}

/// Either vocabulary, until the address that completes is known.
fn poll(http: &Client, started: &Value) -> Result<String> {
    let fresh = browser(Client::builder())?;
    let http = if mistake() == "cookie-lost" { &fresh } else { http };
    let address = match (started["collectUrl"].as_str(), started["orderRef"].as_str()) {
        (Some(url), Some(order)) => format!("{url}?orderRef={order}"),
        _ => started["statusUri"].as_str().ok_or("nowhere to poll")?.to_owned(),
    };
    for _ in 0..100 {
        let answer = http.get(&address).header("accept", "application/json").send()?;
        let status = answer.status();
        let now: Value = answer.json().map_err(|_| format!("HTTP {status}"))?;
        if !now["error"].is_null() || now["status"] == "error" {
            return Err(now.to_string().into());
        }
        let complete = match (now["progressStatus"].as_str(), now["status"].as_str()) {
            (Some("COMPLETE"), _) => &now["completeUrl"],
            (_, Some("finished")) => &now["completeUri"],
            _ => {
                std::thread::sleep(Duration::from_millis(50));
                continue;
            }
        };
        return Ok(complete.as_str().ok_or("no address that completes")?.to_owned());
    }
    Err("it never ended".into())
}

fn request_object(claims: &Value, keys: &Value, audience: &str) -> Result<String> {
    let usage = if mistake() == "encrypted-to-signature-key" { "sig" } else { "enc" };
    let keys = keys["keys"].as_array().ok_or("no keys")?;
    let jwk = keys.iter().find(|key| key["kty"] == "RSA" && key["use"] == usage).ok_or("no key to encrypt to")?;
    let kid = if mistake() == "kid-unknown" { json!("nobody") } else { jwk["kid"].clone() };
    // The content stays encrypted as ever: a header that says otherwise is wrong enough.
    let enc = if mistake() == "enc-wrong" { "A128GCM" } else { "A256CBC-HS512" };
    let mut template = json!({ "protected": { "alg": "RSA-OAEP", "enc": enc, "typ": "JWE", "kid": kid } });
    let mut payload = claims.to_string();
    if let Ok(own) = serde_json::from_str::<Value>(&var("SIGNATURE_KEY")) {
        let now = SystemTime::now().duration_since(UNIX_EPOCH)?.as_secs();
        let mut claims = claims.clone();
        for (name, value) in
            [("iss", json!(var("CLIENT_ID"))), ("aud", json!(audience)), ("iat", json!(now)), ("exp", json!(now + 120))]
        {
            claims[name] = value;
        }
        let signature = json!({ "protected": { "alg": "RS256", "kid": own["kid"] } });
        payload = jose(&["jws", "sig", "-c", "-I", "-", "-s", &signature.to_string()], &own, &claims.to_string())?;
        template["protected"]["cty"] = "JWT".into();
    }
    let token = encrypted(&template["protected"].to_string(), jwk, payload.as_bytes())?;
    let honest = token.rsplit_once('.').ok_or("no token")?.0;
    Ok(if mistake() == "tag-broken" { format!("{honest}.{}", "A".repeat(43)) } else { token })
}

/// RFC 7516 with RSA-OAEP and A256CBC-HS512.
fn encrypted(header: &str, jwk: &Value, payload: &[u8]) -> Result<String> {
    let number = |name: &str| -> Result<BigUint> {
        Ok(BigUint::from_bytes_be(&BASE64.decode(jwk[name].as_str().ok_or("no number")?)?))
    };
    let mut random = [0; 80];
    OsRng.fill_bytes(&mut random);
    let (key, iv) = random.split_at(64);
    let wrapped = RsaPublicKey::new(number("n")?, number("e")?)?.encrypt(&mut OsRng, Oaep::new::<Sha1>(), key)?;
    let (mac_key, cipher_key) = key.split_at(32);
    let ciphertext =
        cbc::Encryptor::<Aes256>::new_from_slices(cipher_key, iv)?.encrypt_padded_vec_mut::<Pkcs7>(payload);
    let protected = BASE64.encode(header);
    let bits = (protected.len() as u64 * 8).to_be_bytes();
    let mut mac = Hmac::<Sha512>::new_from_slice(mac_key)?;
    [protected.as_bytes(), iv, &ciphertext, &bits].iter().for_each(|part| mac.update(part));
    let tag = mac.finalize().into_bytes();
    let parts = [wrapped.as_slice(), iv, &ciphertext, &tag[..32]].map(|part| BASE64.encode(part));
    Ok(format!("{protected}.{}", parts.join(".")))
}

/// The `jose` command line: a key in a file, the payload on standard input.
fn jose(arguments: &[&str], key: &Value, payload: &str) -> Result<String> {
    let file = env::temp_dir().join(format!("client-openidconnect-{}.jwk", std::process::id()));
    std::fs::write(&file, key.to_string())?;
    let mut jose = Command::new("jose");
    let mut jose = jose.args(arguments).arg("-k").arg(&file).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn()?;
    jose.stdin.take().ok_or("no input")?.write_all(payload.as_bytes())?;
    let made = String::from_utf8(jose.wait_with_output()?.stdout)?.trim().to_owned();
    std::fs::remove_file(file)?;
    Ok(made)
}

/// One jar, and redirects that are followed by hand.
fn browser(builder: reqwest::blocking::ClientBuilder) -> Result<Client> {
    let mut builder = builder.cookie_store(true).redirect(Policy::none());
    if let Ok(file) = env::var("SSL_CERT_FILE") {
        builder = builder.add_root_certificate(Certificate::from_pem(&std::fs::read(file)?)?);
    }
    Ok(builder.build()?)
}

fn mistake() -> String {
    var("MISTAKE")
}

fn var(name: &str) -> String {
    env::var(name).unwrap_or_default()
}
