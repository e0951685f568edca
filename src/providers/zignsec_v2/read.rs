//! A set-up request becomes an order, or a list of problems: every field is judged, so that all mistakes are told at once.

use std::borrow::Cow;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use uuid::Uuid;

use super::body::{self, Given};
use super::field::Field;
use super::number;
use super::order::{Channel, Held, Language, LoginHint, Method, Order, PepCheck, Scope};
use super::problem::{
    INVALID_PARAMETERS, INVALID_PERSONALNUMBER, INVALID_REQUEST, INVALID_TARGET, INVALID_TARGETERROR, INVALID_WEBHOOK,
    Problem,
};
use super::reading::{Reading, truth};
use super::settings::Settings;
use super::switches::SigningError;
use super::zignsec::address::Schemes::{self, Anything, Web};
use super::zignsec::address::not_an_address;
use crate::identity::{Country, NationalNumber, mask};
use crate::simulation::{Note, NoteKind};

/// Reads the body of `POST /v2/eid/{selector}`.
///
/// # Errors
/// With every problem found.
pub(super) fn order(
    method: Method,
    content_type: Option<&str>,
    body: &[u8],
    settings: &Settings,
) -> Result<(Order, Vec<Note>), Vec<Problem>> {
    let (pairs, note) = body::read(content_type, body).map_err(|problem| vec![problem])?;
    let mut reading = Reading::new(method, settings, pairs, note);
    let order = reading.order();
    if reading.problems.is_empty() { Ok((order, reading.notes)) } else { Err(reading.problems) }
}

impl<'a> Reading<'a> {
    fn order(&mut self) -> Order {
        let login_hint = self.login_hint();
        let hinted = login_hint.as_ref().and_then(|(_, number)| number.clone());
        let number = self.number().or(hinted).map(Held);
        let (text, hidden_data) = self.signing_data();
        if self.method == Method::SbidSign && number.is_none() && self.fields[Field::PersonalNumber as usize].is_none()
        {
            self.problems.push(Problem::new(INVALID_PERSONALNUMBER, "Invalid Personal number: sbid-sign requires one"));
        }
        Order {
            method: self.method,
            number,
            relaystate: self.text(Field::RelayState, MOST_TEXT),
            configid: self.configid(),
            target: self.url(Field::Target, INVALID_TARGET, Anything),
            target_error: self.url(Field::TargetError, INVALID_TARGETERROR, Anything),
            webhook: self.url(Field::Webhook, INVALID_WEBHOOK, Web),
            layout: self.text(Field::Layout, MOST_WORD),
            language: self.language(),
            custom: self.text(Field::Custom, MOST_CUSTOM),
            ask_for_cpr: self.flag(Field::AskForCpr),
            ask_for_cpr_callback: self.callback(),
            login_hint: login_hint.map(|(hint, _)| hint).unwrap_or_default(),
            text,
            hidden_data,
            lookup_person_address: self.flag(Field::LookupPersonAddress),
            auto_start_required: self.auto_start_required(),
            allow_retries: self.flag(Field::AllowRetries),
            scope: self.scope(),
            pep_check: self.pep_check(),
            additional_identity_info: self.flag(Field::AdditionalIdentityInfo),
            customer_person_id: self.text(Field::CustomerPersonId, MOST_WORD),
        }
    }

    fn number(&mut self) -> Option<NationalNumber> {
        let text = self.raw(Field::PersonalNumber)?;
        match number::read(self.method.country(), &text, self.settings.number_format) {
            Ok(number) => Some(number),
            Err(problem) => {
                self.problems.push(problem);
                None
            }
        }
    }

    fn configid(&mut self) -> Option<String> {
        let text = self.text(Field::ConfigId, MOST_WORD)?;
        if Uuid::parse_str(&text).is_err() {
            self.refuse("configid: expected a GUID");
        }
        Some(text)
    }

    fn url(&mut self, field: Field, code: &'static str, schemes: Schemes) -> Option<String> {
        let text = self.raw(field)?;
        let problem = if text.len() > MOST_URL {
            Some(format!("{}: {} bytes, at most {MOST_URL} are taken", field.name(), text.len()))
        } else {
            not_an_address(&text, schemes).map(|why| format!("{}: {why}", field.name()))
        };
        if let Some(problem) = problem {
            self.problems.push(Problem::new(code, problem));
            return None;
        }
        if matches!(mask(&text), Cow::Owned(_)) {
            let text = format!("`{}` holds what looks like a national number: addresses end up in logs", field.name());
            self.note(NoteKind::NumberInUrl, text);
        }
        Some(text.into_owned())
    }

    fn callback(&mut self) -> Option<String> {
        let callback = self.url(Field::AskForCprCallback, INVALID_REQUEST, Web)?;
        if !callback.contains(PID_PLACE) {
            let text = format!("`AskForCprCallback` does not hold {PID_PLACE}: the answer cannot depend on the person");
            self.note(NoteKind::FieldWithoutEffect, text);
        }
        Some(callback)
    }

    /// A code without texts of its own is shown in the default language (inferred).
    fn language(&mut self) -> Language {
        match self.raw(Field::Language) {
            None => self.settings.default_language,
            Some(code) => Language::from_code(&code).unwrap_or_else(|| {
                let text = "`language` names none of da, en, fi, no, sv: the page is shown in the default language";
                self.note(NoteKind::FieldWithoutEffect, text.into());
                self.settings.default_language
            }),
        }
    }

    fn login_hint(&mut self) -> Option<(LoginHint, Option<NationalNumber>)> {
        let text = self.raw(Field::LoginHint)?;
        let (channel, number) = text.split_once(':').map_or((&*text, None), |(channel, rest)| (channel, Some(rest)));
        let way = match channel.to_ascii_uppercase().as_str() {
            "BID" => Some(Channel::Web),
            "BIM" => Some(Channel::Mobile),
            "" if number.is_some() => None,
            _ => {
                self.refuse("login_hint: expected BID, BIM, BID:<number>, BIM:<number> or :<number>");
                return None;
            }
        };
        let number = match number {
            None => None,
            Some(text) => match number::read(Country::No, text, self.settings.number_format) {
                Ok(number) => Some(number),
                Err(problem) => {
                    self.problems.push(Problem::request(format!("login_hint: {}", problem.description)));
                    None
                }
            },
        };
        Some((LoginHint { channel: way, skips_first_page: way.is_some() && number.is_some() }, number))
    }

    fn signing_data(&mut self) -> (Option<String>, bool) {
        let given = self.fields[Field::UserVisibleData as usize].is_some();
        let text = self.encoded(Field::UserVisibleData, MOST_VISIBLE);
        if self.method == Method::SbidSign && text.is_none() && !given {
            self.refuse_signing("userVisibleData: sbid-sign requires it".into());
        }
        (text, self.encoded(Field::UserNonVisibleData, MOST_HIDDEN).is_some())
    }

    /// Base64 of UTF-8. The documents' limits are of characters; that encoded ones are meant is inferred.
    fn encoded(&mut self, field: Field, most: usize) -> Option<String> {
        let encoded = self.raw(field)?;
        if encoded.len() > most {
            self.refuse_signing(format!("{}: {} characters, at most {most} are taken", field.name(), encoded.len()));
            return None;
        }
        let decoded = STANDARD.decode(encoded.as_bytes()).ok().and_then(|bytes| String::from_utf8(bytes).ok());
        if decoded.is_none() {
            self.refuse_signing(format!(
                "{}: not base64 of UTF-8; in a form the signs + / = have to be percent-encoded",
                field.name()
            ));
        }
        decoded
    }

    fn auto_start_required(&mut self) -> bool {
        // The newer page also writes "include setting AutoStartTokenRequired=Yes", without saying where.
        let directly = self.flag(Field::AutoStartTokenRequired);
        let members = self.object(Field::Requirement, |pairs| {
            let member = pairs.into_iter().rev().find(|(name, _)| name.eq_ignore_ascii_case("AutoStartTokenRequired"));
            member.map(|(_, given)| truth(&given))
        });
        match members.flatten() {
            None => directly,
            Some(Some(required)) => required,
            Some(None) => {
                self.refuse("requirement.AutoStartTokenRequired: expected Yes or No");
                directly
            }
        }
    }

    fn pep_check(&mut self) -> Option<PepCheck> {
        self.object(Field::PepCheck, |pairs| {
            let member = |wanted: &str| {
                let (_, given) = pairs.iter().rev().find(|(name, _)| name.eq_ignore_ascii_case(wanted))?;
                match given {
                    Given::Text(text) => Some(text.chars().take(MOST_WORD).collect()),
                    Given::Flag(_) | Given::List | Given::Null | Given::Number(_) | Given::Object(_) => None,
                }
            };
            PepCheck { environment: member("Environment"), data_source: member("DataSource") }
        })
    }

    fn scope(&mut self) -> Scope {
        let mut scope = Scope::default();
        for word in self.text(Field::Scope, MOST_TEXT).unwrap_or_default().split_ascii_whitespace() {
            match word {
                "address" => scope.address = true,
                "email" => scope.email = true,
                "nnin" => scope.nnin = true,
                "nnin_altsub" => scope.nnin_altsub = true,
                "phone" => scope.phone = true,
                unknown => {
                    let text = format!(
                        "`Scope` knows no `{}`: nnin, nnin_altsub, address, phone, email",
                        body::shown(unknown)
                    );
                    self.note(NoteKind::FieldWithoutEffect, text);
                }
            }
        }
        scope
    }

    fn refuse_signing(&mut self, description: String) {
        let code = match self.settings.signing_error {
            SigningError::InvalidParameters => INVALID_PARAMETERS,
            SigningError::InvalidRequest => INVALID_REQUEST,
        };
        self.problems.push(Problem::new(code, description));
    }
}

/// Where the callback's address takes the PID.
pub(super) const PID_PLACE: &str = "@IdProviderPersonId@";

/// Bytes; all inferred, the documents limit only signing data.
const MOST_TEXT: usize = 1_024;
const MOST_WORD: usize = 256;
const MOST_CUSTOM: usize = 4_096;
const MOST_URL: usize = 2_048;
/// Characters of base64. Documented.
const MOST_VISIBLE: usize = 40_000;
const MOST_HIDDEN: usize = 200_000;
