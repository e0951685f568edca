//! How people write the script's values that are no closed list: persons, occurrences, durations.

use std::fmt;
use std::str::FromStr;

use super::{Millis, Occurrence, Who};

/// A text that can name no person of a register.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a person is `requested`, `someone-else`, or a name in kebab-case from the register; never a number")]
pub struct NotAPerson;

impl fmt::Display for Who {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Named(name) => name,
            Self::Requested => "requested",
            Self::SomeoneElse => "someone-else",
        })
    }
}

impl FromStr for Who {
    type Err = NotAPerson;

    fn from_str(text: &str) -> Result<Self, NotAPerson> {
        match text {
            "requested" => Ok(Self::Requested),
            "someone-else" => Ok(Self::SomeoneElse),
            name if is_kebab(name) && name.starts_with(|c: char| c.is_ascii_lowercase()) => {
                Ok(Self::Named(name.to_owned()))
            }
            _ => Err(NotAPerson),
        }
    }
}

/// A text that says no occurrence.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{actual:?} is no occurrence; occurrences count from 1: `2`, `2..` or `2..4`")]
pub struct NotAnOccurrence {
    /// What was written.
    pub actual: String,
}

/// `2`, `2..` or `2..4`; the last one is included.
impl fmt::Display for Occurrence {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.last {
            None => write!(f, "{}..", self.first),
            Some(last) if last == self.first => write!(f, "{last}"),
            Some(last) => write!(f, "{}..{last}", self.first),
        }
    }
}

impl FromStr for Occurrence {
    type Err = NotAnOccurrence;

    fn from_str(text: &str) -> Result<Self, NotAnOccurrence> {
        let number = |digits: &str| digits.trim().parse::<u32>().ok();
        let read = match text.split_once("..") {
            None => number(text).map(|only| Self { first: only, last: Some(only) }),
            Some((first, "")) => number(first).map(|first| Self { first, last: None }),
            Some((first, last)) => {
                number(first).zip(number(last)).map(|(first, last)| Self { first, last: Some(last) })
            }
        };
        read.filter(|read| read.first >= 1 && read.last.is_none_or(|last| last >= read.first))
            .ok_or_else(|| NotAnOccurrence { actual: text.to_owned() })
    }
}

/// A text that says no duration.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{actual:?} is no duration; write whole milliseconds as `500ms`, `2s`, `3m 20s` or `8d`")]
pub struct NotADuration {
    /// What was written.
    pub actual: String,
}

/// `0s`, `500ms`, `3m 20s`, `8d`.
impl fmt::Display for Millis {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let units = [("d", 86_400_000), ("h", 3_600_000), ("m", 60_000), ("s", 1_000), ("ms", 1)];
        let mut rest = self.0;
        let mut parts = Vec::new();
        for (unit, size) in units {
            let count = rest / size;
            rest %= size;
            if count > 0 {
                parts.push(format!("{count}{unit}"));
            }
        }
        if parts.is_empty() {
            parts.push("0s".to_owned());
        }
        f.pad(&parts.join(" "))
    }
}

impl FromStr for Millis {
    type Err = NotADuration;

    fn from_str(text: &str) -> Result<Self, NotADuration> {
        let duration = humantime::parse_duration(text).ok();
        // Scripts count milliseconds; to round silently would make a step come due at another moment than the file says.
        duration
            .filter(|duration| duration.subsec_nanos().is_multiple_of(1_000_000))
            .and_then(|duration| u64::try_from(duration.as_millis()).ok())
            .map(Self)
            .ok_or_else(|| NotADuration { actual: text.to_owned() })
    }
}

/// Whether `text` is a name in kebab-case: lower-case letters and digits in groups joined by single hyphens.
#[must_use]
pub(super) fn is_kebab(text: &str) -> bool {
    text.split('-')
        .all(|group| !group.is_empty() && group.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit()))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_number_is_never_a_person_and_never_repeated() {
        let error = "191212121212".parse::<Who>().unwrap_err();
        assert!(!error.to_string().contains("1912"));
        assert_eq!("anna-berg".parse(), Ok(Who::Named("anna-berg".to_owned())));
        assert_eq!("Anna".parse::<Who>(), Err(NotAPerson));
    }

    #[test]
    fn occurrences_count_from_one_and_run_upwards() {
        assert_eq!("2".parse(), Ok(Occurrence { first: 2, last: Some(2) }));
        assert_eq!("2..".parse(), Ok(Occurrence { first: 2, last: None }));
        assert_eq!("2..4".parse(), Ok(Occurrence { first: 2, last: Some(4) }));
        for wrong in ["0", "0..", "4..2", "..", "..2", "-1", "2...", "first", "", "99999999999"] {
            assert!(wrong.parse::<Occurrence>().is_err(), "{wrong:?} was read");
        }
    }

    #[test]
    fn durations_are_whole_milliseconds() {
        assert_eq!("2s".parse(), Ok(Millis(2_000)));
        assert_eq!("3m 20s".parse(), Ok(Millis(200_000)));
        assert_eq!("8d".parse(), Ok(Millis(691_200_000)));
        assert_eq!(Millis(200_000).to_string(), "3m 20s");
        assert_eq!(Millis(0).to_string(), "0s");
        for wrong in ["", "2", "2 sekunder", "1us", "-1s", "99999999999999999999d"] {
            assert!(wrong.parse::<Millis>().is_err(), "{wrong:?} was read");
        }
    }

    proptest! {
        #[test]
        fn every_duration_is_read_back(millis: u64) {
            prop_assert_eq!(Millis(millis).to_string().parse(), Ok(Millis(millis)));
        }

        #[test]
        fn every_occurrence_is_read_back(first in 1_u32.., length in proptest::option::of(0_u32..1000)) {
            let occurrence = Occurrence { first, last: length.map(|length| first.saturating_add(length)) };
            prop_assert_eq!(occurrence.to_string().parse(), Ok(occurrence));
        }

        #[test]
        fn no_text_is_too_strange(text: String) {
            let _ = (text.parse::<Millis>(), text.parse::<Occurrence>(), text.parse::<Who>());
        }
    }
}
