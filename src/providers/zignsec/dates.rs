//! Dates as the API writes them.

use jiff::civil::Date;
use jiff::tz::Offset;
use serde::{Deserialize, Serialize};

use crate::simulation::Timestamp;

/// The form of `IdentificationDate`: all three are seen in samples.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum IdentificationDate {
    /// Seven fractional digits, offset of Sweden.
    #[default]
    Offset,
    /// No fraction, `Z`.
    Seconds,
    /// Seven fractional digits, `Z`.
    Utc,
}

/// `2018-09-19T11:53:46.4726217+02:00`. Our clock has milliseconds; `odd` tells the last four digits, so that parsers meet them.
pub(in crate::providers) fn identification_date(at: Timestamp, odd: u16, form: IdentificationDate) -> String {
    let moment = at.calendar();
    let (offset, zone) = match form {
        IdentificationDate::Offset if is_summer(moment) => (Offset::constant(2), "+02:00"),
        IdentificationDate::Offset => (Offset::constant(1), "+01:00"),
        IdentificationDate::Seconds | IdentificationDate::Utc => (Offset::UTC, "Z"),
    };
    let local = offset.to_datetime(moment).strftime("%Y-%m-%dT%H:%M:%S");
    match form {
        IdentificationDate::Offset | IdentificationDate::Utc => {
            format!("{local}.{:03}{:04}{zone}", at.0 % 1_000, odd % 10_000)
        }
        IdentificationDate::Seconds => format!("{local}{zone}"),
    }
}

/// Whole years from birth to that moment, in UTC.
pub(in crate::providers) fn age(born: Date, at: Timestamp) -> i16 {
    let today = Offset::UTC.to_datetime(at.calendar()).date();
    let not_yet = (today.month(), today.day()) < (born.month(), born.day());
    today.year() - born.year() - i16::from(not_yet)
}

/// From the last Sunday of March to the last of October, 01:00 UTC each (directive 2000/84/EC). Without a zone database, which a container
/// may lack.
fn is_summer(moment: jiff::Timestamp) -> bool {
    let utc = Offset::UTC.to_datetime(moment);
    let last_sunday = |month: i8| {
        let last = Date::constant(utc.year(), month, 31);
        31 - last.weekday().to_sunday_zero_offset()
    };
    let now = (utc.month(), utc.day(), utc.hour());
    (3, last_sunday(3), 1) <= now && now < (10, last_sunday(10), 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Timestamp {
        let moment: jiff::Timestamp = text.parse().unwrap();
        Timestamp(u64::try_from(moment.as_millisecond()).unwrap())
    }

    #[test]
    fn the_form_is_the_samples() {
        let sample = at("2018-09-19T09:53:46.472Z");
        let form = |form| identification_date(sample, 6_217, form);
        assert_eq!(form(IdentificationDate::Offset), "2018-09-19T11:53:46.4726217+02:00");
        assert_eq!(form(IdentificationDate::Utc), "2018-09-19T09:53:46.4726217Z");
        assert_eq!(form(IdentificationDate::Seconds), "2018-09-19T09:53:46Z");
    }

    #[test]
    fn summer_begins_and_ends_at_one_o_clock() {
        for (moment, offset) in [
            ("2026-03-29T00:59:59Z", "+01:00"),
            ("2026-03-29T01:00:00Z", "+02:00"),
            ("2026-10-25T00:59:59Z", "+02:00"),
            ("2026-10-25T01:00:00Z", "+01:00"),
            ("2026-12-31T23:59:59Z", "+01:00"),
            ("2024-03-31T01:00:00Z", "+02:00"),
        ] {
            let written = identification_date(at(moment), 0, IdentificationDate::Offset);
            assert!(written.ends_with(offset), "{moment} became {written}");
        }
    }

    #[test]
    fn age_grows_on_the_birthday() {
        let born = Date::constant(1987, 11, 26);
        assert_eq!(age(born, at("2018-09-19T09:53:46Z")), 30);
        assert_eq!(age(born, at("2018-11-25T12:00:00Z")), 30);
        assert_eq!(age(born, at("2018-11-26T12:00:00Z")), 31);
    }
}
