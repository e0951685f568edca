//! A request for a session becomes an order, or a list of problems: every member is judged, so that all mistakes are told at once.

use serde_json::{Map, Value};

use super::number;
use super::order::{Attribute, Held, Level, Method, Order, User};
use super::problem::{Code, Problem};
use super::settings::Settings;
use super::switches::{CustomIdentifier, LevelRules, UnknownUser};
use super::zignsec::Language;
use super::zignsec::address::{Schemes, not_an_address};
use crate::identity::{Country, NationalNumber, mask};
use crate::simulation::{Note, NoteKind};

/// Who is known: the register behind e-mail addresses and telephones.
pub(super) trait Register {
    /// The number of the one person with this e-mail address or telephone.
    fn reached_at(&self, address: &str) -> Option<NationalNumber>;
    /// Whether the register holds this number.
    fn knows(&self, number: &NationalNumber) -> bool;
}

/// Reads the body of `POST /core/api/sessions/identity_verification/{method}`.
///
/// # Errors
/// With every problem found.
pub(super) fn order(
    method: Method,
    content_type: Option<&str>,
    body: &[u8],
    settings: &Settings,
    register: &dyn Register,
) -> Result<(Order, Vec<Note>), Vec<Problem>> {
    let body = body.strip_prefix(b"\xef\xbb\xbf").unwrap_or(body).trim_ascii();
    let members = match serde_json::from_slice(if body.is_empty() { b"{}" } else { body }) {
        Ok(Value::Object(members)) => members,
        Ok(_) => {
            return Err(vec![Problem::new(Code::NotJson, "the body is not a JSON object: expected {\"metadata\": …}")]);
        }
        // The parser's own words may repeat what was sent; the place does not.
        Err(error) => {
            let at = format!("mistake at line {}, column {}", error.line(), error.column());
            return Err(vec![Problem::new(Code::NotJson, format!("the body is not JSON: {at}"))]);
        }
    };
    let mut reading = Reading { settings, register, notes: Vec::new(), problems: Vec::new() };
    if !content_type.is_some_and(|kind| kind.to_ascii_lowercase().contains("json")) {
        let text = "the body was read as JSON; its Content-Type does not say application/json";
        reading.note(NoteKind::BodyFormat, text.to_owned());
    }
    let order = reading.order(method, &members);
    if reading.problems.is_empty() { Ok((order, reading.notes)) } else { Err(reading.problems) }
}

struct Reading<'a> {
    settings: &'a Settings,
    register: &'a dyn Register,
    notes: Vec<Note>,
    problems: Vec<Problem>,
}

impl Reading<'_> {
    fn order(&mut self, method: Method, members: &Map<String, Value>) -> Order {
        self.unknown(
            members,
            "",
            &["locale", "metadata", "redirect_failure", "redirect_success", "relay_state", "webhook"],
        );
        let metadata = match members.get("metadata") {
            Some(Value::Object(metadata)) => metadata,
            Some(Value::Null) | None => {
                // "metadata … Required: Yes"; a client of another method sends `{}`.
                self.problem(Code::InvalidParameters, "metadata: required, it may be {}");
                &Map::new()
            }
            Some(_) => {
                self.problem(Code::InvalidParameters, "metadata: expected an object");
                &Map::new()
            }
        };
        self.unknown(metadata, "metadata.", &["attributes_to_return", "locale", "min_registration_level", "user_info"]);
        let user = self.user(method, metadata.get("user_info"));
        let number = match &user {
            User::Ssn(held) => Some(held.clone()),
            User::Email(address) | User::Phone(address) => self.register.reached_at(address).map(Held),
            User::Inferred => None,
        };
        let is_known = number.as_ref().is_some_and(|held| self.register.knows(&held.0));
        if self.settings.unknown_user == UnknownUser::Refused && user != User::Inferred && !is_known {
            self.problem(Code::NoSuchUser, "There is no such user");
        }
        let country = match (&number, &user) {
            (Some(held), _) => held.0.country(),
            (None, User::Phone(phone)) => country_of(phone),
            (None, User::Email(_) | User::Inferred | User::Ssn(_)) => Country::Se,
        };
        let level = self.level(metadata.get("min_registration_level"));
        let attributes = self.attributes(metadata.get("attributes_to_return"), level);
        // The samples have it at the top, the table lists it among the metadata.
        let locale = members.get("locale").or_else(|| metadata.get("locale"));
        Order {
            method,
            user,
            number,
            country,
            attributes,
            level,
            language: self.language(locale),
            redirect_success: self.address(members, "redirect_success", Schemes::Anything),
            redirect_failure: self.address(members, "redirect_failure", Schemes::Anything),
            relay_state: self.text(members, "relay_state"),
            webhook: self.address(members, "webhook", Schemes::Web),
        }
    }

    fn user(&mut self, method: Method, given: Option<&Value>) -> User {
        let given = given.filter(|given| !given.is_null());
        match (method, given) {
            (Method::FrejaIdSsn, Some(Value::Object(person))) => self.number(person).map_or(User::Inferred, User::Ssn),
            (Method::FrejaIdSsn, _) => {
                let text = "Invalid or missing userInfo: expected an object with country and ssn";
                self.problem(Code::InvalidUserInfo, text);
                User::Inferred
            }
            (Method::FrejaIdPhone, Some(Value::String(phone))) if is_phone(phone) => User::Phone(phone.clone()),
            (Method::FrejaIdPhone, _) => {
                let text = "Invalid or missing userInfo: expected a telephone number such as +46123456789";
                self.problem(Code::InvalidUserInfo, text);
                User::Inferred
            }
            (Method::FrejaIdEmail, Some(Value::String(email))) if is_email(email) => User::Email(email.clone()),
            (Method::FrejaIdEmail, _) => {
                self.problem(Code::InvalidUserInfo, "Invalid or missing userInfo: expected an e-mail address");
                User::Inferred
            }
            (Method::BankidSe | Method::FrejaIdQr, Some(_)) => {
                // The documents' own sample sends one; whoever scans the code is not bound by it (inferred).
                let text = format!("`metadata.user_info` has no effect with {}", method.word());
                self.note(NoteKind::FieldWithoutEffect, text);
                User::Inferred
            }
            (Method::BankidSe | Method::FrejaIdQr, None) => User::Inferred,
        }
    }

    fn number(&mut self, person: &Map<String, Value>) -> Option<Held> {
        let text = |name: &str| person.get(name).and_then(Value::as_str).unwrap_or_default();
        let country = match text("country").parse::<Country>() {
            Ok(country @ (Country::Dk | Country::Fi | Country::No | Country::Se)) => country,
            Ok(Country::Ee | Country::Lt | Country::Lv) | Err(_) => {
                let text = "Invalid or missing userInfo: country is one of SE, NO, FI, DK";
                self.problem(Code::InvalidUserInfo, text);
                return None;
            }
        };
        match number::read(country, text("ssn"), self.settings.number_format) {
            Ok(number) => Some(Held(number)),
            Err(problem) => {
                self.problems.push(problem);
                None
            }
        }
    }

    fn level(&mut self, given: Option<&Value>) -> Level {
        match given {
            None | Some(Value::Null) => Level::default(),
            Some(given) => {
                let level =
                    [Level::Basic, Level::Extended, Level::Plus].into_iter().find(|level| *given == level.word());
                level.unwrap_or_else(|| {
                    self.problem(
                        Code::InvalidLevel,
                        "Invalid min registration level: expected BASIC, EXTENDED or PLUS",
                    );
                    Level::default()
                })
            }
        }
    }

    fn attributes(&mut self, given: Option<&Value>, level: Level) -> Vec<Attribute> {
        let words = match given {
            None | Some(Value::Null) => return Vec::new(),
            Some(Value::Array(words)) => words,
            Some(_) => {
                self.problem(Code::InvalidAttributes, "Invalid attributesToReturn: expected a list of words");
                return Vec::new();
            }
        };
        let mut attributes = Vec::new();
        for word in words {
            let Some(attribute) = Attribute::ALL.into_iter().find(|attribute| *word == attribute.word()) else {
                let known = Attribute::ALL.map(Attribute::word).join(", ");
                self.problem(Code::InvalidAttributes, format!("Invalid attributesToReturn: expected some of {known}"));
                return attributes;
            };
            if self.settings.level_rules == LevelRules::Documented
                && level == Level::Basic
                && attribute.needs_more_than_basic()
            {
                let text = format!("Invalid attributesToReturn: {} needs the level EXTENDED or PLUS", attribute.word());
                self.problem(Code::InvalidAttributes, text);
            }
            if attribute == Attribute::CustomIdentifier && self.settings.custom_identifier == CustomIdentifier::Unset {
                self.problem(Code::NoCustomIdentifier, "Custom identifier requested, and not set for this user");
            }
            if !attributes.contains(&attribute) {
                attributes.push(attribute);
            }
        }
        attributes
    }

    /// The documents write `En` and `Se`: the latter is a country, and Swedish is meant.
    fn language(&mut self, given: Option<&Value>) -> Language {
        let Some(word) = given.and_then(Value::as_str) else { return Language::default() };
        let code = if word.eq_ignore_ascii_case("se") { "sv" } else { word };
        Language::from_code(code).unwrap_or_else(|| {
            let text = "`locale` names none of da, en, fi, no, sv: pages are shown in English";
            self.note(NoteKind::FieldWithoutEffect, text.to_owned());
            Language::default()
        })
    }

    fn address(&mut self, members: &Map<String, Value>, name: &'static str, schemes: Schemes) -> Option<String> {
        let text = self.text(members, name)?;
        if let Some(why) = not_an_address(&text, schemes) {
            self.problem(Code::InvalidParameters, format!("{name}: {why}"));
            return None;
        }
        if mask(&text) != text.as_str() {
            let text = format!("`{name}` holds what looks like a national number: addresses end up in logs");
            self.note(NoteKind::NumberInUrl, text);
        }
        Some(text)
    }

    fn text(&mut self, members: &Map<String, Value>, name: &'static str) -> Option<String> {
        match members.get(name) {
            None | Some(Value::Null) => None,
            Some(Value::String(text)) if text.is_empty() => None,
            Some(Value::String(text)) if text.len() <= MOST_TEXT => Some(text.clone()),
            Some(Value::String(text)) => {
                self.problem(
                    Code::InvalidParameters,
                    format!("{name}: {} bytes, at most {MOST_TEXT} are taken", text.len()),
                );
                None
            }
            Some(_) => {
                self.problem(Code::InvalidParameters, format!("{name}: expected a text"));
                None
            }
        }
    }

    fn unknown(&mut self, members: &Map<String, Value>, within: &str, known: &[&str]) {
        for name in members.keys().filter(|name| !known.contains(&name.as_str())) {
            let shown: String = name.chars().take(60).collect();
            let near = known
                .iter()
                .filter(|_| shown.len() == name.len())
                .min_by_key(|k| strsim::damerau_levenshtein(k, &shown));
            let meant = near.filter(|near| strsim::damerau_levenshtein(near, &shown) <= 3);
            let meant = meant.map_or_else(String::new, |near| format!("; did you mean `{within}{near}`?"));
            self.note(NoteKind::FieldUnknown, format!("unknown field `{within}{}` ignored{meant}", mask(&shown)));
        }
    }

    fn note(&mut self, kind: NoteKind, text: String) {
        if self.notes.len() < MOST_NOTES {
            self.notes.push(Note::new(kind, text));
        }
    }

    fn problem(&mut self, code: Code, message: impl Into<std::borrow::Cow<'static, str>>) {
        self.problems.push(Problem::new(code, message));
    }
}

fn is_phone(text: &str) -> bool {
    let digits = text.strip_prefix('+').unwrap_or_default();
    (6..=15).contains(&digits.len()) && digits.bytes().all(|byte| byte.is_ascii_digit())
}

/// Freja: at most 256 characters.
fn is_email(text: &str) -> bool {
    let (name, domain) = text.split_once('@').unwrap_or_default();
    text.chars().count() <= 256 && !name.is_empty() && !domain.is_empty() && !text.contains(char::is_whitespace)
}

/// By the calling code (ITU E.164).
fn country_of(phone: &str) -> Country {
    let codes = [("+45", Country::Dk), ("+358", Country::Fi), ("+47", Country::No)];
    codes.into_iter().find(|(code, _)| phone.starts_with(code)).map_or(Country::Se, |(_, country)| country)
}

/// Bytes. Inferred.
const MOST_TEXT: usize = 2_048;
/// Of one request.
const MOST_NOTES: usize = 40;
