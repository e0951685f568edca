//! What is asked of the provider: the request object, encrypted so that nobody on the way can read or change it.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Map, Value};
use sha2::{Digest as _, Sha256};

use super::{Method, Settings};
use crate::crypto::jwe::{self, Content, JweError};
use crate::crypto::keys::Jwk;
use crate::identity::{Checks, Country, NationalNumber};
use crate::reference::Flaw;
use crate::reference::provider::{Purpose, StartError, StartOrder};

/// What is asked, with what was made up for it.
#[derive(Clone, PartialEq)]
pub(super) struct Asked {
    pub(super) method: Method,
    pub(super) redirect_uri: String,
    pub(super) state: String,
    pub(super) nonce: Option<String>,
    pub(super) verifier: Option<String>,
    pub(super) text: Option<String>,
    hints: Vec<String>,
    language: &'static str,
}

impl Asked {
    /// What an order asks for.
    ///
    /// # Errors
    /// When the method is not Signicat's, or what the signer typed says neither who they are nor which telephone is theirs.
    pub(super) fn of(order: &StartOrder, settings: &Settings) -> Result<Self, StartError> {
        let signs = matches!(order.purpose, Purpose::Sign { .. });
        let method = Method::of(order.method, signs).ok_or_else(|| refused("INVALID_REQUEST"))?;
        let redirect_uri = match &settings.redirect_uri {
            Some(registered) => registered.to_string(),
            // Beside the addresses of the attempts, and always the same, so that it can be registered.
            None => order.target.join("signicat").map_err(|_| refused("INVALID_REQUEST"))?.to_string(),
        };
        // It names the attempt, for whoever reads the provider's log; what makes it unguessable stands behind.
        let state = format!("{}.{}", order.relaystate, random()?);
        let binds = !settings.flaws.has(Flaw::BindsCodesToNothing);
        let text = match &order.purpose {
            Purpose::Identify => None,
            Purpose::Sign { text } => Some(text.clone()),
        };
        Ok(Self {
            method,
            redirect_uri,
            state,
            nonce: if binds { Some(random()?) } else { None },
            verifier: if binds { Some(random()?) } else { None },
            text,
            hints: hints(order, method)?,
            language: locale(order.language),
        })
    }

    /// The request object in clear: a bare object, as the documents' samples have it.
    pub(super) fn object(&self, client_id: &str) -> Value {
        let sign = if self.text.is_some() { " signicat.sign" } else { "" };
        let mut object = Map::new();
        let mut put = |name: &str, value: Value| {
            object.insert(name.to_owned(), value);
        };
        put("client_id", client_id.into());
        put("redirect_uri", self.redirect_uri.as_str().into());
        put("response_type", "code".into());
        // "The national id is only returned with its scope."
        put("scope", format!("openid profile signicat.national_id{sign}").into());
        put("acr_values", self.method.acr().into());
        if !self.hints.is_empty() {
            // "Please note that the value for this claim must be a list."
            put("login_hint", self.hints.clone().into());
        }
        put("ui_locales", self.language.into());
        if let Some(text) = &self.text {
            put("signicat_signtext", text.as_str().into());
        }
        put("state", self.state.as_str().into());
        if let Some(nonce) = &self.nonce {
            put("nonce", nonce.as_str().into());
        }
        if let Some(verifier) = &self.verifier {
            put("code_challenge_method", "S256".into());
            put("code_challenge", URL_SAFE_NO_PAD.encode(Sha256::digest(verifier)).into());
        }
        object.into()
    }

    /// The request object, encrypted: another token each time.
    ///
    /// # Errors
    /// When the key is none that one can encrypt to.
    pub(super) fn encrypted(&self, client_id: &str, to: &Jwk) -> Result<String, JweError> {
        let kid = to.kid.as_deref().unwrap_or_default();
        let plain = self.object(client_id).to_string();
        jwe::encrypt(&to.key, Content::A256CbcHs512, &[("typ", "JWE"), ("kid", kid)], plain.as_bytes())
    }
}

/// The number that was sent, for the flaws that take it for an answer.
pub(super) fn sent(order: &StartOrder) -> Option<NationalNumber> {
    NationalNumber::parse(order.country, order.personal_number.as_deref()?, Checks::Lenient).ok()
}

/// `login_hint`: the Swedish number; of Norwegians, date of birth and telephone, which prove nothing about who answers.
fn hints(order: &StartOrder, method: Method) -> Result<Vec<String>, StartError> {
    let number = order.personal_number.as_deref().filter(|text| !text.trim().is_empty());
    let number = number.map(|text| NationalNumber::parse(order.country, text, Checks::Lenient));
    let number = number.transpose().map_err(|_| refused("INVALID_PERSONALNUMBER"))?;
    match method.country() {
        Country::No => {
            let born =
                number.as_ref().and_then(NationalNumber::birth_date).ok_or_else(|| refused("INVALID_BIRTHDATE"))?;
            let phone = order.phone.as_deref().and_then(phone).ok_or_else(|| refused("INVALID_PHONE"))?;
            let (day, month, year) = (born.day(), born.month(), born.year().rem_euclid(100));
            Ok(vec![format!("birthdate-{day:02}{month:02}{year:02}"), format!("phone-{phone}")])
        }
        Country::Dk | Country::Ee | Country::Fi | Country::Lt | Country::Lv | Country::Se => {
            match (number, order.personal_number.as_deref()) {
                (Some(_), Some(text)) => Ok(vec![format!("subject-{}", text.trim())]),
                (None, _) if method.signs() => Err(refused("INVALID_PERSONALNUMBER")),
                (Some(_) | None, _) => Ok(Vec::new()),
            }
        }
    }
}

/// "phone-nnnnnnnn": the last eight digits of what was typed in international form, else all of them. Whose it is, the provider knows.
fn phone(typed: &str) -> Option<String> {
    let typed = typed.trim();
    let digits: String = typed.chars().filter(char::is_ascii_digit).collect();
    let is_international = typed.starts_with('+') || typed.starts_with("00");
    let from = if is_international { digits.len().saturating_sub(8) } else { 0 };
    digits.get(from..).filter(|digits| digits.len() == 8).map(str::to_owned)
}

fn locale(language: &'static str) -> &'static str {
    match language {
        "sv" => "sv",
        "no" | "nb" => "nb",
        _ => "en",
    }
}

/// 256 bits, 43 characters: also a code verifier's form (RFC 7636 section 4.1).
fn random() -> Result<String, StartError> {
    let mut bytes = [0; 32];
    getrandom::fill(&mut bytes).map_err(|_| StartError::Unavailable("there is no randomness here".to_owned()))?;
    Ok(URL_SAFE_NO_PAD.encode(bytes))
}

fn refused(code: &str) -> StartError {
    StartError::Refused { codes: vec![code.to_owned()] }
}
