//! The numbers in clear.

use regex::bytes::Regex;

use super::Canary;
use crate::identity::{Country, NationalNumber};

/// What finds each number in all its spellings.
#[derive(Clone)]
pub(super) struct Numbers(Vec<Regex>);

impl Numbers {
    pub(super) fn of(canaries: &[Canary]) -> Self {
        let regex = |canary: &Canary| {
            Regex::new(&pattern(&canary.number, canary.today)).expect("digits, letters and separators make a pattern")
        };
        Self(canaries.iter().map(regex).collect())
    }

    /// Calls `hit` with the canary and the place of every number that is not part of a longer row of digits.
    pub(super) fn find(&self, view: &[u8], mut hit: impl FnMut(usize, usize)) {
        for (canary, regex) in self.0.iter().enumerate() {
            let mut from = 0;
            while let Some(found) = regex.find_at(view, from) {
                let is_digit = |byte: Option<&u8>| byte.is_some_and(u8::is_ascii_digit);
                let before = found.start().checked_sub(1).and_then(|before| view.get(before));
                if is_digit(before) || is_digit(view.get(found.end())) {
                    from = found.start() + 1;
                } else {
                    hit(canary, found.start());
                    from = found.end();
                }
            }
        }
    }
}

/// A pattern for all spellings, with any separators where the country has one, and without a leading zero that a spreadsheet or a JSON
/// number has lost.
fn pattern(number: &NationalNumber, today: jiff::civil::Date) -> String {
    let canonical = number.spellings(today).swap_remove(0);
    let digits = canonical.replace('-', "");
    match number.country() {
        Country::Se => {
            let (date, serial) = digits.split_at(8);
            format!("(?:{date}|{}){SEPARATORS}{serial}", without_zero(&date[2..]))
        }
        Country::Dk | Country::Lv | Country::No => {
            let (date, serial) = digits.split_at(6);
            format!("{}{SEPARATORS}{serial}", without_zero(date))
        }
        Country::Ee | Country::Lt => digits,
        Country::Fi => {
            let (date, serial) = canonical.split_at(6);
            let (sign, serial) = serial.split_at(1);
            // The sign is part of the number: another one is another century and another person.
            let sign = match sign {
                "-" => DASHES,
                "+" => r"\+",
                letter => letter,
            };
            format!("(?i){date}{sign}{serial}")
        }
    }
}

fn without_zero(digits: &str) -> String {
    digits.strip_prefix('0').map_or_else(|| digits.to_owned(), |rest| format!("0?{rest}"))
}

/// Blanks, dashes, plus, and what pasting brings along unseen; as `identity` reads them.
const SEPARATORS: &str =
    r"[\s+\-\x{ad}\x{200b}-\x{200f}\x{2010}-\x{2015}\x{202a}-\x{202e}\x{2060}-\x{2069}\x{2212}\x{feff}]{0,3}";
const DASHES: &str = r"[\-\x{2010}-\x{2015}\x{2212}]";
