//! The parameters of an authorization request become an order, or the first problem that is found.

use jiff::civil::Date;
use serde_json::Value;

use super::client::Client;
use super::order::{Challenge, ChallengeMethod, Held, Language, Method, Order};
use super::parameters::Parameters;
use super::problem::{Code, Problem};
use super::published::{NATIONAL_ID, SIGN};
use super::settings::Settings;
use super::switches::{NationalIdScope, ResponseTypeMissing, SubjectCheck};
use crate::identity::{Checks, Country, NationalNumber, Persons};

/// What a request is read with.
#[derive(Debug)]
pub(super) struct Reading<'a> {
    pub(super) settings: &'a Settings,
    pub(super) persons: &'a Persons,
    pub(super) issuer: &'a str,
    pub(super) headless: bool,
    /// Whether the parameters came encrypted.
    pub(super) encrypted: bool,
}

impl Reading<'_> {
    /// Judges everything but client and redirect address, which were judged before.
    ///
    /// # Errors
    /// With the first problem.
    pub(super) fn order(
        &self,
        parameters: &Parameters,
        client: &Client<'_>,
        redirect_uri: &str,
    ) -> Result<Order, Problem> {
        match parameters.text("response_type") {
            Some("code") => {}
            Some(_) => return Err(Problem::new(Code::UnsupportedResponseType, "The response_type has to be code")),
            None if self.settings.response_type_missing == ResponseTypeMissing::Assumed => {}
            None => return Err(Problem::request("The response_type is missing: expected code")),
        }
        if parameters.text("response_mode").is_some_and(|mode| mode != "query") {
            return Err(Problem::request("The response_mode has to be query"));
        }
        let method = method(parameters)?;
        if method.signs() && !self.encrypted {
            return Err(Problem::request("What is to be signed has to be asked for in an encrypted request object"));
        }
        if parameters.text("prompt").is_some_and(|prompt| prompt.split(' ').any(|word| word == "none")) {
            return Err(Problem::new(Code::LoginRequired, "Nobody is logged in, and prompt=none forbids to ask"));
        }
        let scope = self.scope(parameters, method)?;
        Ok(Order {
            method,
            issuer: self.issuer.to_owned(),
            client_id: client.id.to_owned(),
            redirect_uri: redirect_uri.to_owned(),
            scope,
            state: short(parameters, "state")?,
            nonce: short(parameters, "nonce")?,
            challenge: challenge(parameters)?,
            number: self.number(parameters, method)?.map(Held),
            text: self.sign_text(parameters, method)?,
            language: parameters.text("ui_locales").map(Language::of_locales).unwrap_or_default(),
            headless: self.headless,
            jar: None,
        })
    }

    /// The words that are granted. Unknown ones are ignored (OpenID Connect Core, section 3.1.2.1).
    fn scope(&self, parameters: &Parameters, method: Method) -> Result<Vec<String>, Problem> {
        let asked: Vec<&str> = parameters.text("scope").unwrap_or_default().split_whitespace().collect();
        if !asked.contains(&"openid") {
            return Err(Problem::new(Code::InvalidScope, "The scope has to have openid"));
        }
        if method.signs() && !asked.contains(&SIGN) {
            return Err(Problem::new(Code::InvalidScope, "The scope has to have signicat.sign for this method"));
        }
        if asked.contains(&NATIONAL_ID) && self.settings.national_id_scope == NationalIdScope::Refused {
            return Err(Problem::new(Code::InvalidScope, "The client may not ask for signicat.national_id"));
        }
        let is_granted = |word: &&str| match *word {
            NATIONAL_ID => self.settings.national_id_scope == NationalIdScope::Granted,
            SIGN => method.signs(),
            word => SCOPES.contains(&word),
        };
        let mut granted: Vec<String> = Vec::new();
        for word in asked.into_iter().filter(is_granted) {
            if !granted.iter().any(|earlier| earlier == word) {
                granted.push(word.to_owned());
            }
        }
        Ok(granted)
    }

    fn sign_text(&self, parameters: &Parameters, method: Method) -> Result<Option<String>, Problem> {
        if !method.signs() {
            return Ok(None);
        }
        let text = parameters.text("signicat_signtext").filter(|text| !text.trim().is_empty());
        let text = text.ok_or_else(|| Problem::request("The signicat_signtext is missing or empty"))?;
        if text.chars().count() > self.settings.sign_text_most as usize {
            return Err(Problem::request("The signicat_signtext is too long"));
        }
        Ok(Some(text.to_owned()))
    }

    /// Whom `login_hint` names.
    fn number(&self, parameters: &Parameters, method: Method) -> Result<Option<NationalNumber>, Problem> {
        let hints = self.hints(parameters)?;
        let hinted = |prefix: &str| hints.iter().find_map(|hint| hint.strip_prefix(prefix));
        match method.country() {
            Country::No => {
                let (birthdate, phone) = (hinted("birthdate-"), hinted("phone-"));
                let digits = |text: &str, n| text.len() == n && text.bytes().all(|byte| byte.is_ascii_digit());
                match (birthdate, phone) {
                    (Some(birthdate), Some(phone)) if digits(birthdate, 6) && digits(phone, 8) => {
                        Ok(self.born(birthdate, phone))
                    }
                    (None, None) if !self.headless => Ok(None),
                    (Some(_) | None, Some(_) | None) => Err(Problem::request(
                        "The login_hint needs birthdate-ddmmyy and phone-nnnnnnnn, eight digits without a country code",
                    )),
                }
            }
            Country::Dk | Country::Ee | Country::Fi | Country::Lt | Country::Lv | Country::Se => {
                let Some(subject) = hinted("subject-") else {
                    return if method.signs() || !hints.is_empty() {
                        Err(Problem::request("The login_hint needs subject-yyyymmddnnnn"))
                    } else {
                        Ok(None)
                    };
                };
                let twelve = subject.len() == 12 && subject.bytes().all(|byte| byte.is_ascii_digit());
                let checks = match self.settings.subject_check {
                    SubjectCheck::Digits => Checks::Strict,
                    SubjectCheck::Format => Checks::Lenient,
                };
                NationalNumber::parse(Country::Se, subject, checks)
                    .ok()
                    .filter(|_| twelve)
                    .map(Some)
                    .ok_or_else(|| Problem::request("The subject in login_hint is no number of twelve digits"))
            }
        }
    }

    /// `login_hint` is a list in a request object; in plain parameters it may also be its JSON, or one text.
    fn hints(&self, parameters: &Parameters) -> Result<Vec<String>, Problem> {
        let no_list = || Problem::request("The login_hint has to be a list of texts");
        let texts = |all: &[Value]| all.iter().map(|one| one.as_str().map(str::to_owned)).collect::<Option<Vec<_>>>();
        match parameters.value("login_hint") {
            None => Ok(Vec::new()),
            Some(Value::Array(all)) => match &all[..] {
                [Value::String(one)] if !self.encrypted && one.trim_start().starts_with('[') => {
                    serde_json::from_str(one).map_err(|_| no_list())
                }
                all => texts(all).ok_or_else(no_list),
            },
            Some(_) => Err(no_list()),
        }
    }

    /// The Norwegian of the register with this date of birth; of several the one with the number of the telephone, else the first.
    fn born(&self, birthdate: &str, phone: &str) -> Option<NationalNumber> {
        let written = |born: Date| format!("{:02}{:02}{:02}", born.day(), born.month(), born.year().rem_euclid(100));
        let fits = self
            .persons
            .iter()
            .filter(|person| person.number.country() == Country::No && written(person.born) == birthdate);
        let mut fits = fits.peekable();
        let first = fits.peek().copied();
        fits.find(|person| person.phone.ends_with(phone)).or(first).map(|person| person.number.clone())
    }
}

/// The first value of `acr_values` that is known. Without any, Swedish BankID: inferred, the account decides in reality.
fn method(parameters: &Parameters) -> Result<Method, Problem> {
    match parameters.text("acr_values") {
        None => Ok(Method::default()),
        Some(values) => values
            .split_whitespace()
            .find_map(Method::from_acr)
            .ok_or_else(|| Problem::request("The acr_values name no method that is enabled for this client")),
    }
}

fn challenge(parameters: &Parameters) -> Result<Option<Challenge>, Problem> {
    let method = match parameters.text("code_challenge_method") {
        None | Some("plain") => ChallengeMethod::Plain,
        Some("S256") => ChallengeMethod::S256,
        Some(_) => return Err(Problem::request("The code_challenge_method has to be S256 or plain")),
    };
    let Some(value) = parameters.text("code_challenge") else {
        return if parameters.has("code_challenge_method") {
            Err(Problem::request("The code_challenge is missing"))
        } else {
            Ok(None)
        };
    };
    // RFC 7636 section 4.2.
    if !(43..=128).contains(&value.len()) || !value.bytes().all(is_unreserved) {
        return Err(Problem::request("The code_challenge has to be 43 to 128 unreserved characters"));
    }
    Ok(Some(Challenge { method, value: value.to_owned() }))
}

/// RFC 3986 section 2.3.
pub(super) const fn is_unreserved(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~')
}

fn short(parameters: &Parameters, name: &'static str) -> Result<Option<String>, Problem> {
    match parameters.text(name) {
        Some(text) if text.len() > MOST_ECHOED => Err(Problem::request(format!("The {name} is too long"))),
        text => Ok(text.map(str::to_owned)),
    }
}

const SCOPES: [&str; 6] = ["openid", "profile", "email", "address", "phone", "offline_access"];
const MOST_ECHOED: usize = 2_048;
