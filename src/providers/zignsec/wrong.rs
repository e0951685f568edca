//! Whom and what a forged answer tells instead: other people, other sessions, other spellings.

use super::json::doubled;
use crate::crypto::mac;
use crate::identity::{Country, NationalNumber, Person};
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
    number_key: &str,
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
    let number = other.and_then(|other| doubled(json, number_key, other));
    let id = || doubled(json, "id", &other_session(session.id, secret).to_string());
    number.or_else(id).unwrap_or_else(|| json.to_vec())
}

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
