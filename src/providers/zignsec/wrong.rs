//! Whom and what a forged answer tells instead: other people, other sessions, other spellings.

use super::json::{doubled, listed};
use crate::crypto::mac;
use crate::identity::{Country, NationalNumber, Person};
use crate::script::IdentityTampering;
use crate::session::Phase;
use crate::simulation::{Provider, Session, SessionId, Timestamp};

/// An id that looks like a session's and is nobody's, so that scenarios that run beside each other never meet.
pub(in crate::providers) fn other_session(id: SessionId, secret: &[u8; 32]) -> SessionId {
    let mut bytes = [0; 16];
    bytes.copy_from_slice(&mac::derive(secret, "another session", &[id.as_bytes()])[..16]);
    SessionId::from_random(bytes)
}

/// Somebody of the same country who is not this person.
pub(in crate::providers) fn somebody_else<'a, P: Provider>(session: &'a Session<P>, person: &Person) -> &'a Person {
    let cast = &session.cast;
    if cast.someone_else.number == person.number { &cast.requested } else { &cast.someone_else }
}

/// The number of the person whom the present attempt finished with.
pub(in crate::providers) fn finisher<P: Provider>(session: &Session<P>) -> Option<&NationalNumber> {
    match session.phase() {
        Phase::Finished(person) => Some(&person.number),
        Phase::Failed(_) | Phase::Pending(_) => None,
    }
}

/// The key of the number twice, or of the id where there is no number; the honest value stands last.
pub(in crate::providers) fn duplicate_keys<P: Provider>(
    json: &[u8],
    number_keys: &[&str],
    session: &Session<P>,
    secret: &[u8; 32],
) -> Vec<u8> {
    let cast = &session.cast;
    let other = finisher(session).map(|own| {
        if cast.someone_else.number == *own {
            cast.requested.number.expose()
        } else {
            cast.someone_else.number.expose()
        }
    });
    let number = other.and_then(|other| doubled(json, number_keys, other));
    let id = || doubled(json, &["id"], &other_session(session.id, secret).to_string());
    number.or_else(id).unwrap_or_else(|| json.to_vec())
}

/// How a result tells the number.
#[derive(Clone, Copy, Debug)]
pub(in crate::providers) enum Number {
    /// Not at all.
    Absent,
    /// As an empty text.
    Empty,
    /// As usual.
    Honest,
    /// In another spelling.
    Spelt(fn(&NationalNumber, Timestamp) -> String),
}

/// What a tampering makes of the number's own place in a result of version 2 or 3.
pub(in crate::providers) const fn number(how: IdentityTampering) -> Number {
    match how {
        IdentityTampering::NumberEmpty => Number::Empty,
        IdentityTampering::NumberFromRequest
        | IdentityTampering::NumberInPersonId
        | IdentityTampering::NumberMissing => Number::Absent,
        // Scripts with these two are refused where numbers have one spelling.
        IdentityTampering::NumberHyphenated => Number::Spelt(hyphenated),
        IdentityTampering::NumberTenDigits => Number::Spelt(ten_digits),
        IdentityTampering::NumberPadded => Number::Spelt(padded),
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

/// Changes the bytes of a finished result where its claims cannot say it. `other` is the number that stands there too.
pub(in crate::providers) fn bytes(json: Vec<u8>, how: IdentityTampering, number_keys: &[&str], other: &str) -> Vec<u8> {
    let changed = match how {
        IdentityTampering::NumberAsArray => listed(&json, number_keys),
        IdentityTampering::NumberDuplicated => doubled(&json, number_keys, other),
        IdentityTampering::CountrySwapped
        | IdentityTampering::ErrorBesideIdentity
        | IdentityTampering::FinishedWithoutIdentity
        | IdentityTampering::MethodSwapped
        | IdentityTampering::NameOfRequested
        | IdentityTampering::NumberEmpty
        | IdentityTampering::NumberFromRequest
        | IdentityTampering::NumberHyphenated
        | IdentityTampering::NumberInPersonId
        | IdentityTampering::NumberMissing
        | IdentityTampering::NumberPadded
        | IdentityTampering::NumberTenDigits
        | IdentityTampering::OtherId
        | IdentityTampering::PendingBesideIdentity
        | IdentityTampering::PersonSwapped
        | IdentityTampering::RegisterOfSomeoneElse
        | IdentityTampering::Stale
        | IdentityTampering::StateUnknown => None,
    };
    changed.unwrap_or(json)
}

/// When the person was identified.
pub(in crate::providers) fn moment(how: Option<IdentityTampering>, at: Timestamp) -> Timestamp {
    if how == Some(IdentityTampering::Stale) { Timestamp(at.0.saturating_sub(DAY)) } else { at }
}

/// Milliseconds.
pub(in crate::providers) const DAY: u64 = 86_400_000;

/// The spelling with a hyphen, where the country has one.
pub(in crate::providers) fn hyphenated(number: &NationalNumber, at: Timestamp) -> String {
    spelt(number, at, |spelling| spelling.contains('-'))
}

/// The short Swedish spelling; other countries' numbers have one length.
pub(in crate::providers) fn ten_digits(number: &NationalNumber, at: Timestamp) -> String {
    let short = |spelling: &str| spelling.len() == 11 && spelling.contains(['-', '+']);
    if number.country() == Country::Se { spelt(number, at, short) } else { number.expose().to_owned() }
}

/// A blank on both sides.
pub(in crate::providers) fn padded(number: &NationalNumber, _at: Timestamp) -> String {
    format!(" {} ", number.expose())
}

fn spelt(number: &NationalNumber, at: Timestamp, wanted: impl Fn(&str) -> bool) -> String {
    let today = at.calendar().to_zoned(jiff::tz::TimeZone::UTC).date();
    let spelling = number.spellings(today).into_iter().find(|spelling| wanted(spelling));
    spelling.unwrap_or_else(|| number.expose().to_owned())
}
