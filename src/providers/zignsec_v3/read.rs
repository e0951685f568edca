//! A set-up request becomes an order, or a list of problems: every field is judged, so that all mistakes are told at once.

use std::borrow::Cow;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use super::field::{Field, did_you_mean};
use super::order::{Held, IdentifierType, Method, Order, Scopes};
use super::problem::{
    INVALID_COUNTRYCODE, INVALID_PERSONALNUMBER, INVALID_TARGET, INVALID_TARGETERROR, INVALID_WEBHOOK, Problem,
};
use super::zignsec::Language;
use super::zignsec::address::{Schemes, not_an_address};
use super::zignsec::body::{self, Given};
use crate::identity::{Checks, Country, NationalNumber, mask};
use crate::simulation::{Note, NoteKind};

/// Reads the body of a POST.
///
/// # Errors
/// With every problem found.
pub(super) fn order(
    method: Method,
    content_type: Option<&str>,
    json: &[u8],
) -> Result<(Order, Vec<Note>), Vec<Problem>> {
    let mut reading = Reading::new(method, content_type, json).map_err(|problem| vec![problem])?;
    let order = reading.order();
    if reading.problems.is_empty() { Ok((order, reading.notes)) } else { Err(reading.problems) }
}

struct Reading<'a> {
    method: Method,
    fields: [Option<Given<'a>>; Field::COUNT],
    notes: Vec<Note>,
    problems: Vec<Problem>,
}

impl<'a> Reading<'a> {
    fn new(method: Method, content_type: Option<&str>, json: &'a [u8]) -> Result<Self, Problem> {
        let json = json.strip_prefix(b"\xef\xbb\xbf").unwrap_or(json).trim_ascii();
        let pairs = if json.is_empty() { Vec::new() } else { body::object(json)? };
        let mut reading =
            Self { method, fields: [const { None }; Field::COUNT], notes: Vec::new(), problems: Vec::new() };
        if !json.is_empty() && !content_type.is_some_and(|kind| kind.to_ascii_lowercase().contains("json")) {
            let text = "the body is JSON and was read as such; its Content-Type does not say application/json";
            reading.note(NoteKind::BodyFormat, text.to_owned());
        }
        for (name, given) in pairs {
            match Field::named(&name) {
                None => {
                    let meant =
                        did_you_mean(&name).map_or_else(String::new, |field| format!("; did you mean `{field}`?"));
                    reading
                        .note(NoteKind::FieldUnknown, format!("unknown field `{}` ignored{meant}", body::shown(&name)));
                }
                Some(field) if !field.works_with(method) => {
                    if !given.is_nothing() {
                        let text = format!("`{}` has no effect with {}", field.name(), method.path());
                        reading.note(NoteKind::FieldWithoutEffect, text);
                    }
                }
                Some(field) => {
                    if reading.fields[field as usize].replace(given).is_some() {
                        let text = format!("`{}` stands in the body more than once; the last one counts", field.name());
                        reading.note(NoteKind::FieldTwice, text);
                    }
                }
            }
        }
        Ok(reading)
    }

    fn order(&mut self) -> Order {
        let (country, identifier_type, number) = if self.method.in_browser() {
            // Nobody in the register is Swiss. That Sweden's people are the usual ones is ours.
            (Country::Se, None, None)
        } else {
            self.whom()
        };
        Order {
            method: self.method,
            country,
            identifier_type,
            number,
            relay_state: self.text(Field::RelayState, MOST_TEXT),
            target: self.url(Field::Target, INVALID_TARGET, Schemes::Anything),
            target_error: self.url(Field::TargetError, INVALID_TARGETERROR, Schemes::Anything),
            webhook: self.url(Field::Webhook, INVALID_WEBHOOK, Schemes::Web),
            text: self.text_to_sign(),
            scopes: self.scopes(),
            language: self.language(),
            acr_values: self.text(Field::AcrValues, MOST_WORD),
            environment: self.text(Field::Environment, MOST_WORD),
            allow_retries: self.flag(Field::AllowRetries),
        }
    }

    /// Whom Smart-ID calls: all three fields are required.
    fn whom(&mut self) -> (Country, Option<IdentifierType>, Option<Held>) {
        let country = match self.text(Field::CountryCode, MOST_WORD).map(|code| code.parse()) {
            Some(Ok(country @ (Country::Ee | Country::Lt | Country::Lv))) => Some(country),
            Some(Ok(_) | Err(_)) => {
                self.problems.push(Problem::new(INVALID_COUNTRYCODE, "countryCode: expected EE, LT or LV"));
                None
            }
            None => {
                self.missing(Field::CountryCode, "expected EE, LT or LV");
                None
            }
        };
        let kind = match self.text(Field::IdentifierType, MOST_WORD) {
            Some(word) => {
                let kind = IdentifierType::from_word(&word);
                if kind.is_none() {
                    self.refuse(format!("identifierType: {TYPES}"));
                }
                kind
            }
            None => {
                self.missing(Field::IdentifierType, TYPES);
                None
            }
        };
        let identifier = self.text(Field::Identifier, MOST_WORD);
        if identifier.is_none() {
            self.missing(Field::Identifier, "expected the person's number");
        }
        let number = match (country, kind, identifier) {
            (Some(country), Some(IdentifierType::PersonalNumber), Some(text)) => self.number(country, &text).map(Held),
            (_, _, _) => None,
        };
        (country.unwrap_or(Country::Ee), kind, number)
    }

    /// Any usual spelling. Check digits are not judged, as in version 2.
    fn number(&mut self, country: Country, text: &str) -> Option<NationalNumber> {
        let number = NationalNumber::parse(country, text, Checks::Lenient).ok();
        if number.is_none() {
            let expected = match country {
                Country::Lv => "identifier: expected a Latvian number, DDMMYY-NNNNN",
                Country::Dk | Country::Ee | Country::Fi | Country::Lt | Country::No | Country::Se => {
                    "identifier: expected a number of the country, eleven digits"
                }
            };
            self.problems.push(Problem::new(INVALID_PERSONALNUMBER, expected));
        }
        number
    }

    /// The name of the field was not recovered: version 2's, in base64, and Smart-ID's own word, in clear, are both read.
    fn text_to_sign(&mut self) -> Option<String> {
        let encoded = self.text(Field::UserVisibleData, MOST_VISIBLE);
        let plain = self.text(Field::DisplayText, MOST_TEXT);
        let decoded = encoded.and_then(|encoded| {
            let decoded = STANDARD.decode(encoded.as_bytes()).ok().and_then(|bytes| String::from_utf8(bytes).ok());
            if decoded.is_none() {
                self.refuse("userVisibleData: not base64 of UTF-8");
            }
            decoded
        });
        if plain.as_ref().is_some_and(|text| text.chars().count() > MOST_DISPLAYED) {
            self.refuse(format!("displayText: at most {MOST_DISPLAYED} characters are taken"));
        }
        let text = decoded.or(plain);
        if text.is_none() && self.method == Method::SmartIdSign && self.problems.is_empty() {
            let text = "there is no text to sign in `userVisibleData` or `displayText`: the person signs nothing";
            self.note(NoteKind::FieldWithoutEffect, text.to_owned());
        }
        text
    }

    fn scopes(&mut self) -> Scopes {
        let mut scopes = Scopes::default();
        for word in self.text(Field::Scopes, MOST_TEXT).unwrap_or_default().split_ascii_whitespace() {
            match word {
                "email" => scopes.email = true,
                "openid" | "profile" => {}
                "phone" => scopes.phone = true,
                unknown => {
                    let text = format!("`scopes` knows no `{}`: openid, profile, email, phone", body::shown(unknown));
                    self.note(NoteKind::FieldWithoutEffect, text);
                }
            }
        }
        scopes
    }

    fn language(&mut self) -> Language {
        let code = self.text(Field::Language, MOST_WORD);
        let language = code.as_deref().and_then(Language::from_code);
        if code.is_some() && language.is_none() {
            let text = "`language` names none of da, en, fi, no, sv: the page is shown in English";
            self.note(NoteKind::FieldWithoutEffect, text.to_owned());
        }
        language.unwrap_or_default()
    }

    fn url(&mut self, field: Field, code: &'static str, schemes: Schemes) -> Option<String> {
        let text = self.text(field, MOST_URL)?;
        if let Some(why) = not_an_address(&text, schemes) {
            self.problems.push(Problem::new(code, format!("{}: {why}", field.name())));
            return None;
        }
        if matches!(mask(&text), Cow::Owned(_)) {
            let text = format!("`{}` holds what looks like a national number: addresses end up in logs", field.name());
            self.note(NoteKind::NumberInUrl, text);
        }
        Some(text)
    }

    /// `null` and the empty text are as good as absent: the documents' own example sends `"webhook": ""`.
    fn text(&mut self, field: Field, most: usize) -> Option<String> {
        let text = match self.fields[field as usize].take()? {
            Given::Null => return None,
            Given::Text(text) => text,
            Given::Number(number) => number.into(),
            Given::Flag(_) | Given::List | Given::Object(_) => {
                self.refuse(format!("{}: expected a text", field.name()));
                return None;
            }
        };
        if text.len() > most {
            self.refuse(format!("{}: {} bytes, at most {most} are taken", field.name(), text.len()));
            return None;
        }
        (!text.is_empty()).then(|| text.into_owned())
    }

    fn flag(&mut self, field: Field) -> bool {
        match self.fields[field as usize].take() {
            None | Some(Given::Null) => false,
            Some(Given::Flag(flag)) => flag,
            Some(Given::Text(text)) if text.eq_ignore_ascii_case("true") => true,
            Some(Given::Text(text)) if text.is_empty() || text.eq_ignore_ascii_case("false") => false,
            Some(Given::List | Given::Number(_) | Given::Object(_) | Given::Text(_)) => {
                self.refuse(format!("{}: expected true or false", field.name()));
                false
            }
        }
    }

    /// A required field that is not there; where it was there and refused, that is enough.
    fn missing(&mut self, field: Field, expected: &str) {
        let refused = format!("{}:", field.name());
        if !self.problems.iter().any(|problem| problem.description.starts_with(&refused)) {
            self.refuse(format!("{} is missing: {expected}", field.name()));
        }
    }

    fn note(&mut self, kind: NoteKind, text: String) {
        if self.notes.len() < MOST_NOTES {
            self.notes.push(Note::new(kind, text));
        }
    }

    fn refuse(&mut self, description: impl Into<Cow<'static, str>>) {
        self.problems.push(Problem::request(description));
    }
}

const TYPES: &str = "expected PersonalNumber, PassportNumber or NationalIdentityCardNumber";

/// Bytes; all inferred.
const MOST_TEXT: usize = 1_024;
const MOST_WORD: usize = 256;
const MOST_URL: usize = 2_048;
/// Characters of base64. Documented for version 2's signing.
const MOST_VISIBLE: usize = 40_000;
/// Characters: what Smart-ID's own interface takes.
const MOST_DISPLAYED: usize = 200;
/// Of one request.
const MOST_NOTES: usize = 40;
