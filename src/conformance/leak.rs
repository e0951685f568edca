//! Finds persons' national numbers in what a service says, in every spelling and wrapping.
//!
//! ```text
//! bytes ─views─▶ as they are │ without escapes │ UTF-16 │ hexadecimal │ base64 ─and again inside each─▶ …
//!                   └────────────── in each view: the numbers in clear, and their unkeyed digests
//! ```
//!
//! Only the numbers of the scenario's own persons are looked for, so that nothing that merely looks like a number is a leak. Not looked
//! into: compressed bodies, BLAKE3, and what is encrypted or keyed, which is right to keep.

mod digests;
mod escapes;
mod exchange;
mod names;
mod numbers;
mod views;

use std::collections::BTreeSet;
use std::fmt;

use jiff::civil::Date;

use self::digests::Digests;
pub use self::exchange::{Place, in_exchange};
use self::names::Names;
use self::numbers::Numbers;
use crate::crypto::unkeyed::Unkeyed;
use crate::identity::NationalNumber;

/// Somebody whose number must not show up.
#[derive(Clone)]
pub struct Canary {
    /// What the scenario calls the person.
    pub role: String,
    /// The number.
    pub number: NationalNumber,
    /// The names that tell who it is: the full name, perhaps the family name.
    pub names: Vec<String>,
    /// The day on which spellings are made: it decides between `-` and `+`.
    pub today: Date,
}

/// Something that was found. Holds no part of the number.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Leak {
    /// Where, in bytes from the beginning: of the number, or of the word that wraps it.
    pub offset: usize,
    /// Whose.
    pub role: String,
    /// What.
    pub form: Form,
    /// What it was wrapped in, the outermost first; empty when it stood there in clear.
    pub wrapping: Vec<Wrapping>,
}

/// What was found of a person.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Form {
    /// A digest of the number that anybody can compute, whole or its first 128 bits.
    Digest(Unkeyed),
    /// A name.
    Name,
    /// The number.
    Number,
}

/// What a number can be wrapped in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Wrapping {
    /// Base64, of either alphabet.
    Base64,
    /// Percent-encoding, or escapes of JSON, HTML or quoted-printable.
    Escapes,
    /// Hexadecimal digits.
    Hexadecimal,
    /// UTF-16, of either byte order.
    Utf16,
}

/// Looks for the persons of one scenario.
#[derive(Clone)]
pub struct Scanner {
    roles: Vec<String>,
    numbers: Numbers,
    digests: Digests,
    names: Names,
}

impl Scanner {
    /// For these persons. Computes their digests: to be made once, and used often.
    #[must_use]
    pub fn new(canaries: &[Canary]) -> Self {
        Self {
            roles: canaries.iter().map(|canary| canary.role.clone()).collect(),
            numbers: Numbers::of(canaries),
            digests: Digests::of(canaries),
            names: Names::of(canaries),
        }
    }

    /// Every number, and every unkeyed digest of one, in the order of their places. Whether it may stand there is the caller's to judge.
    #[must_use]
    pub fn scan(&self, bytes: &[u8]) -> Vec<Leak> {
        self.search(bytes, |view, hit| {
            self.numbers.find(view, |canary, at| hit(canary, Form::Number, at));
            self.digests.find(view, |canary, algorithm, at| hit(canary, Form::Digest(algorithm), at));
        })
    }

    /// Every name, in the order of their places.
    #[must_use]
    pub fn scan_names(&self, bytes: &[u8]) -> Vec<Leak> {
        self.search(bytes, |view, hit| self.names.find(view, |canary, at| hit(canary, Form::Name, at)))
    }

    /// Applies `find` to every view, and leaves out what an outer view has shown already.
    fn search(&self, bytes: &[u8], find: impl Fn(&[u8], &mut dyn FnMut(usize, Form, usize))) -> Vec<Leak> {
        let mut seen = BTreeSet::new();
        let mut leaks = Vec::new();
        views::each(bytes, &mut |view, wrapping, origin| {
            find(view, &mut |canary, form, at| {
                let offset = origin(at);
                if seen.insert((offset, canary, form)) {
                    let role = self.roles.get(canary).cloned().unwrap_or_default();
                    leaks.push(Leak { offset, role, form, wrapping: wrapping.to_vec() });
                }
            });
        });
        leaks.sort();
        leaks
    }
}

/// Without the names: some are credentials.
impl fmt::Debug for Canary {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Canary").field("role", &self.role).finish_non_exhaustive()
    }
}

/// Without the persons.
impl fmt::Debug for Scanner {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Scanner").field("roles", &self.roles).finish_non_exhaustive()
    }
}

impl fmt::Display for Leak {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} of {}", self.form, self.role)?;
        for (index, wrapping) in self.wrapping.iter().rev().enumerate() {
            write!(f, "{}{wrapping}", if index == 0 { ", in " } else { " inside " })?;
        }
        write!(f, ", at byte {}", self.offset)
    }
}

impl fmt::Display for Form {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Digest(algorithm) => write!(f, "an unkeyed {algorithm} digest of the number"),
            Self::Name => f.write_str("the name"),
            Self::Number => f.write_str("the number"),
        }
    }
}

impl fmt::Display for Wrapping {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Base64 => "base64",
            Self::Escapes => "escapes",
            Self::Hexadecimal => "hexadecimal",
            Self::Utf16 => "UTF-16",
        })
    }
}

#[cfg(test)]
mod tests;
