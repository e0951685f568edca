//! Results and webhooks that are wrong on purpose: what they claim, and what only their bytes can say. Seals are the simulation's.

use std::ops::Range;

use super::ZignsecV2;
use super::say::{Telling, errors, problem, state};
use super::switches::WebhookBody;
use super::wire::Collected;
use crate::crypto::mac;
use crate::identity::{Country, NationalNumber, Person};
use crate::script::{IdentityTampering, Reason};
use crate::session::Phase;
use crate::simulation::{Session, SessionId, Timestamp};

/// How the number is told.
#[derive(Clone, Copy, Debug)]
pub(super) enum Number {
    /// Not at all.
    Absent,
    /// As an empty text.
    Empty,
    /// As the documents say.
    Honest,
    /// In another spelling.
    Spelt(fn(&NationalNumber, Timestamp) -> String),
}

/// What a tampering makes of the number's own place.
pub(super) const fn number(how: IdentityTampering) -> Number {
    match how {
        IdentityTampering::NumberEmpty => Number::Empty,
        IdentityTampering::NumberFromRequest
        | IdentityTampering::NumberInPersonId
        | IdentityTampering::NumberMissing => Number::Absent,
        IdentityTampering::NumberHyphenated => Number::Spelt(hyphenated),
        IdentityTampering::NumberPadded => Number::Spelt(padded),
        IdentityTampering::NumberTenDigits => Number::Spelt(ten_digits),
        IdentityTampering::CountrySwapped
        | IdentityTampering::ErrorBesideIdentity
        | IdentityTampering::FinishedWithoutIdentity
        | IdentityTampering::MethodSwapped
        | IdentityTampering::NameOfRequested
        | IdentityTampering::NumberAsArray
        | IdentityTampering::NumberDuplicated
        | IdentityTampering::OtherId
        | IdentityTampering::PendingBesideIdentity
        | IdentityTampering::PersonSwapped
        | IdentityTampering::RegisterOfSomeoneElse
        | IdentityTampering::Stale
        | IdentityTampering::StateUnknown => Number::Honest,
    }
}

/// When the person was identified.
pub(super) fn moment(how: Option<IdentityTampering>, at: Timestamp) -> Timestamp {
    if how == Some(IdentityTampering::Stale) { Timestamp(at.0.saturating_sub(DAY)) } else { at }
}

/// Changes the claims of a finished result, after person, moment and number were chosen.
pub(super) fn claims<'a>(told: &mut Collected<'a>, how: IdentityTampering, telling: &Telling<'a>) {
    let session = telling.session;
    match how {
        IdentityTampering::CountrySwapped => {
            if let Some(identity) = &mut told.identity {
                let other = if identity.country_code == Country::Se.code() { Country::Dk } else { Country::Se };
                identity.country_code = other.code().into();
            }
        }
        IdentityTampering::ErrorBesideIdentity => {
            told.errors = Some(errors(&[problem(Reason::Cancelled)], telling.settings));
        }
        IdentityTampering::FinishedWithoutIdentity => {
            let (id, method) = (told.id, told.method.take());
            let errors = told.errors.take();
            *told = Collected { id, errors, result: Some(state("FINISHED")), method, ..Collected::default() };
        }
        IdentityTampering::MethodSwapped => {
            let (method, provider) = other_method(telling.method().country());
            told.method = Some(method.into());
            if let Some(identity) = &mut told.identity {
                identity.id_provider_name = provider.into();
            }
        }
        IdentityTampering::NumberFromRequest => {
            // The one field of a result that repeats what the relying party sent.
            let requested = session.order.number().unwrap_or(&session.cast.requested.number);
            if let Some(identity) = &mut told.identity {
                identity.customer_person_id = Some(requested.expose().into());
            }
        }
        IdentityTampering::NumberInPersonId => {
            if let (Some(identity), Some(number)) = (&mut told.identity, finisher(session)) {
                identity.id_provider_person_id = Some(number.expose().into());
                identity.customer_person_id = Some(number.expose().into());
            }
        }
        IdentityTampering::OtherId => told.id = Some(other_session(telling.id, telling.secret).into()),
        IdentityTampering::PendingBesideIdentity => told.result = Some(state("PENDING")),
        IdentityTampering::StateUnknown => told.result = Some(state("DONE")),
        IdentityTampering::NameOfRequested
        | IdentityTampering::NumberAsArray
        | IdentityTampering::NumberDuplicated
        | IdentityTampering::NumberEmpty
        | IdentityTampering::NumberHyphenated
        | IdentityTampering::NumberMissing
        | IdentityTampering::NumberPadded
        | IdentityTampering::NumberTenDigits
        | IdentityTampering::PersonSwapped
        | IdentityTampering::RegisterOfSomeoneElse
        | IdentityTampering::Stale => {}
    }
}

/// Changes the bytes of a finished result where its claims cannot say it.
pub(super) fn bytes(json: Vec<u8>, how: IdentityTampering, session: &Session<ZignsecV2>, person: &Person) -> Vec<u8> {
    if how == IdentityTampering::NumberDuplicated {
        let other = somebody_else(session, person).number.expose();
        return doubled(&json, NUMBER, other).unwrap_or(json);
    }
    match member(&json, NUMBER) {
        Some((_, value)) if how == IdentityTampering::NumberAsArray => {
            [&json[..value.start], b"[", &json[value.clone()], b"]", &json[value.end..]].concat()
        }
        Some(_) | None => json,
    }
}

/// One digit changed: the last one of the number, or of the id where there is no number.
pub(super) fn altered(json: &[u8]) -> Vec<u8> {
    let digit = |key| {
        let (_, value) = member(json, key)?;
        let at = json[value.clone()].iter().rposition(u8::is_ascii_digit)?;
        Some(value.start + at)
    };
    let mut altered = json.to_vec();
    if let Some(at) = digit(NUMBER).or_else(|| digit(ID)) {
        altered[at] = if altered[at] == b'9' { b'0' } else { altered[at] + 1 };
    }
    altered
}

/// The key of the number twice, or of the id where there is no number; the honest value stands last.
pub(super) fn duplicate_keys(json: &[u8], session: &Session<ZignsecV2>, secret: &[u8; 32]) -> Vec<u8> {
    let cast = &session.cast;
    let other = finisher(session).map(|own| {
        if cast.someone_else.number == *own {
            cast.requested.number.expose()
        } else {
            cast.someone_else.number.expose()
        }
    });
    let number = other.and_then(|other| doubled(json, NUMBER, other));
    let id = || doubled(json, ID, &other_session(session.id, secret).to_string());
    number.or_else(id).unwrap_or_else(|| json.to_vec())
}

/// An id that looks like a session's and is nobody's, so that scenarios that run beside each other never meet.
pub(super) fn other_session(id: SessionId, secret: &[u8; 32]) -> SessionId {
    let mut bytes = [0; 16];
    bytes.copy_from_slice(&mac::derive(secret, "another session", &[id.as_bytes()])[..16]);
    SessionId::from_random(bytes)
}

/// Somebody of the same country who is not this person.
pub(super) fn somebody_else<'a>(session: &'a Session<ZignsecV2>, person: &Person) -> &'a Person {
    let cast = &session.cast;
    if cast.someone_else.number == person.number { &cast.requested } else { &cast.someone_else }
}

/// A body in one of the forms a webhook has; a result is compact.
pub(super) fn written(body: &Collected<'_>, form: WebhookBody) -> Vec<u8> {
    // A structure of texts and numbers always has a JSON form.
    match form {
        WebhookBody::Compact => serde_json::to_vec(body).unwrap_or_default(),
        WebhookBody::Escaped => escaped(&serde_json::to_string(body).unwrap_or_default()).into_bytes(),
        WebhookBody::Pretty => pretty(body).into_bytes(),
    }
}

/// The same JSON in bytes that differ from those of [`written`].
pub(super) fn reserialised(body: &Collected<'_>, form: WebhookBody) -> Vec<u8> {
    match form {
        WebhookBody::Compact | WebhookBody::Escaped => escaped(&pretty(body)).into_bytes(),
        WebhookBody::Pretty => escaped(&serde_json::to_string(body).unwrap_or_default()).into_bytes(),
    }
}

fn pretty(body: &Collected<'_>) -> String {
    serde_json::to_string_pretty(body).unwrap_or_default().replace('\n', "\r\n")
}

/// Beyond ASCII as `\u`: such characters stand only inside JSON texts.
fn escaped(json: &str) -> String {
    let mut out = String::with_capacity(json.len() + 32);
    for c in json.chars() {
        if c.is_ascii() {
            out.push(c);
        } else {
            out.extend(c.encode_utf16(&mut [0; 2]).iter().map(|unit| format!("\\u{unit:04x}")));
        }
    }
    out
}

/// The first member of this key whose value is a text without escapes: where it stands, and where its value with the quotes does.
///
/// Inside a JSON text a quote has a backslash before it, so that the quoted key is found only where it is a key.
fn member(json: &[u8], key: &str) -> Option<(Range<usize>, Range<usize>)> {
    let quoted = format!("\"{key}\":");
    let start = json.windows(quoted.len()).position(|window| window == quoted.as_bytes())?;
    let blank = json[start + quoted.len()..].iter().take_while(|byte| **byte == b' ').count();
    let opens = start + quoted.len() + blank;
    let text = json[opens..].strip_prefix(b"\"")?;
    let closes = opens + 1 + text.iter().position(|byte| *byte == b'"')?;
    Some((start..closes + 1, opens..closes + 1))
}

/// A member twice: with another value first. `None` without the member.
fn doubled(json: &[u8], key: &str, other: &str) -> Option<Vec<u8>> {
    let (whole, value) = member(json, key)?;
    let forged = format!("\"{other}\",");
    Some([&json[..value.start], forged.as_bytes(), &json[whole.start..]].concat())
}

/// The number of the person whom the present attempt finished with.
fn finisher(session: &Session<ZignsecV2>) -> Option<&NationalNumber> {
    match session.phase() {
        Phase::Finished(person) => Some(&person.number),
        Phase::Failed(_) | Phase::Pending(_) => None,
    }
}

/// A method and a provider of the same country where there is one: the banks' own log-in, which knows no Norway.
const fn other_method(country: Country) -> (&'static str, &'static str) {
    match country {
        Country::Dk => ("bli_dk", BANKS),
        Country::Ee => ("bli_ee", BANKS),
        Country::Fi => ("bli_fi", BANKS),
        Country::Lt => ("bli_lt", BANKS),
        Country::Lv => ("bli_lv", BANKS),
        Country::No => ("nemid", "NemId"),
        Country::Se => ("bli_se", BANKS),
    }
}

fn hyphenated(number: &NationalNumber, at: Timestamp) -> String {
    spelt(number, at, |spelling| spelling.contains('-'))
}

fn ten_digits(number: &NationalNumber, at: Timestamp) -> String {
    let short = |spelling: &str| spelling.len() == 11 && spelling.contains(['-', '+']);
    if number.country() == Country::Se { spelt(number, at, short) } else { number.expose().to_owned() }
}

fn padded(number: &NationalNumber, _at: Timestamp) -> String {
    format!(" {} ", number.expose())
}

fn spelt(number: &NationalNumber, at: Timestamp, wanted: impl Fn(&str) -> bool) -> String {
    let today = at.calendar().to_zoned(jiff::tz::TimeZone::UTC).date();
    let spelling = number.spellings(today).into_iter().find(|spelling| wanted(spelling));
    spelling.unwrap_or_else(|| number.expose().to_owned())
}

const BANKS: &str = "BankingAPI";
const DAY: u64 = 86_400_000;
const ID: &str = "id";
const NUMBER: &str = "PersonalNumber";
