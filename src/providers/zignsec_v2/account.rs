//! The account's own settings: `GET`, `POST` and `DELETE /v2/myaccount/settings/{name}`.
//!
//! The routes and the names are documented; the bodies are not known to us. Inferred: a set-up's form or JSON with one member `value`, or
//! the bare value, is taken; the answer tells name and value. `…_TEST` and `…_PROD` are one setting here: there is one environment.

use axum::Router;
use axum::body::to_bytes;
use axum::extract::{Request, State};
use axum::response::Response;
use axum::routing::any;
use http::{Method as Verb, StatusCode, header};
use url::Url;

use super::V2Sessions;
use super::api::{caller, refusal, wrong_verb};
use super::body::{self, Given};
use super::order::Language;
use super::problem::{INVALID_TARGET, INVALID_WEBHOOK, Problem};
use super::settings::Settings;
use super::wire::AccountSetting;
use super::zignsec::call::answer;
use crate::script::Operation;
use crate::simulation::Trace;

/// The settings routes.
pub(super) fn routes(sessions: &V2Sessions) -> Router {
    ["/v2/myaccount/settings/{name}", "/v2/myaccount/settings/{name}/"]
        .into_iter()
        .fold(Router::new(), |router, path| router.route(path, any(setting)))
        .with_state(sessions.clone())
}

/// A setting that can be read and changed here.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Setting {
    DefaultLanguage,
    Expiration,
    ReturnUrl,
    Webhook,
}

// An operation is needed so that the exchange is no stray; of the nine, reading the provider's own data is nearest.
const OPERATION: Operation = Operation::Discovery;

async fn setting(State(sessions): State<V2Sessions>, request: Request) -> Response {
    let (parts, body) = request.into_parts();
    if !matches!(parts.method, Verb::GET | Verb::POST | Verb::DELETE) {
        return wrong_verb("GET, POST, DELETE", "GET reads a setting, POST sets it, DELETE takes it back");
    }
    let space = match caller(&sessions, &parts.headers) {
        Ok(space) => space,
        Err(refused) => return refused.response(OPERATION),
    };
    let settings = sessions.settings(&space.name);
    let refuse = |problem| refusal(&space, &settings, OPERATION, settings.validation_error_status.code(), &[problem]);
    let name = parts.uri.path().split('/').rfind(|segment| !segment.is_empty()).unwrap_or_default();
    let Some((name, setting)) = Setting::named(name) else {
        return refuse(Problem::request(
            "unknown setting: EID_Webhook_TEST, EID_Webhook_PROD, DefaultLanguage, Return_URL, \
             RedirectUrl_ExpirationInMinutes_TEST, RedirectUrl_ExpirationInMinutes_PROD",
        ));
    };
    let altered = match parts.method {
        Verb::POST => {
            let Ok(body) = to_bytes(body, sessions.commons.bounds.body_bytes).await else {
                return refuse(Problem::request("the body is too large, or broke off"));
            };
            let content_type = parts.headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok());
            value(content_type, &body)
                .and_then(|value| sessions.alter_settings(&space, |now| setting.set_in(now.clone(), &value)))
        }
        Verb::DELETE => sessions.alter_settings(&space, |now| Ok(setting.cleared_in(now.clone()))),
        _ => Ok(settings.clone()),
    };
    let now = match altered {
        Ok(now) => now,
        Err(problem) => return refuse(problem),
    };
    let body = AccountSetting { name: name.into(), value: setting.value(&now).map(Into::into), errors: Vec::new() };
    let trace = Trace { space: space.clone(), session: None, operation: OPERATION, damage: None };
    answer(StatusCode::OK, &body, Some(trace))
}

impl Setting {
    /// The setting of this name in any case, with its documented spelling.
    fn named(name: &str) -> Option<(&'static str, Self)> {
        const NAMES: [(&str, Setting); 8] = [
            ("EID_Webhook_TEST", Setting::Webhook),
            ("EID_Webhook_PROD", Setting::Webhook),
            ("DefaultLanguage", Setting::DefaultLanguage),
            ("RedirectUrl_ExpirationInMinutes_TEST", Setting::Expiration),
            ("RedirectUrl_ExpirationInMinutes_PROD", Setting::Expiration),
            ("Return_URL", Setting::ReturnUrl),
            ("ReturnUrl", Setting::ReturnUrl),
            ("Return%20URL", Setting::ReturnUrl),
        ];
        NAMES.into_iter().find(|(known, _)| known.eq_ignore_ascii_case(name))
    }

    fn value(self, settings: &Settings) -> Option<String> {
        match self {
            Self::DefaultLanguage => Some(settings.default_language.code().to_uppercase()),
            Self::Expiration => Some(settings.redirect_url_expiration_minutes.to_string()),
            Self::ReturnUrl => settings.return_url.clone(),
            Self::Webhook => settings.account_webhook.clone(),
        }
    }

    fn set_in(self, mut settings: Settings, value: &str) -> Result<Settings, Problem> {
        let address = |code| {
            let url = Url::parse(value).ok().filter(|url| matches!(url.scheme(), "http" | "https"));
            let short = value.len() <= 2_048;
            url.filter(|_| short)
                .map(|_| value.to_owned())
                .ok_or_else(|| Problem::new(code, "expected an address with http or https, of 2048 bytes at most"))
        };
        match self {
            Self::DefaultLanguage => {
                settings.default_language =
                    Language::from_code(value).ok_or_else(|| Problem::request("expected one of da, en, fi, no, sv"))?;
            }
            Self::Expiration => {
                let minutes = value.parse().ok().filter(|minutes| (1..=MOST_MINUTES).contains(minutes));
                settings.redirect_url_expiration_minutes =
                    minutes.ok_or_else(|| Problem::request("expected minutes, from 1 to a year's 525600"))?;
            }
            Self::ReturnUrl => settings.return_url = Some(address(INVALID_TARGET)?),
            Self::Webhook => settings.account_webhook = Some(address(INVALID_WEBHOOK)?),
        }
        Ok(settings)
    }

    fn cleared_in(self, mut settings: Settings) -> Settings {
        let fresh = Settings::default();
        match self {
            Self::DefaultLanguage => settings.default_language = fresh.default_language,
            Self::Expiration => settings.redirect_url_expiration_minutes = fresh.redirect_url_expiration_minutes,
            Self::ReturnUrl => settings.return_url = None,
            Self::Webhook => settings.account_webhook = None,
        }
        settings
    }
}

/// `{"value": …}`, `value=…`, a JSON text, or the value itself.
fn value(content_type: Option<&str>, body: &[u8]) -> Result<String, Problem> {
    let body = body.trim_ascii();
    if let Ok(text) = serde_json::from_slice::<String>(body) {
        return Ok(text);
    }
    if !body.starts_with(b"{") && !body.contains(&b'=') {
        return Ok(String::from_utf8_lossy(body).into_owned());
    }
    let (pairs, _) = body::read(content_type, body)?;
    let named = pairs.into_iter().rev().find(|(name, _)| name.eq_ignore_ascii_case("value"));
    match named {
        Some((_, Given::Text(text))) => Ok(text.into_owned()),
        Some((_, Given::Number(number))) => Ok(number),
        // The address itself, with a query in it.
        None if !body.starts_with(b"{") => Ok(String::from_utf8_lossy(body).into_owned()),
        Some((_, Given::Flag(_) | Given::List | Given::Null | Given::Object(_))) | None => {
            Err(Problem::request("expected a member `value` with a text"))
        }
    }
}

const MOST_MINUTES: u32 = 525_600;
