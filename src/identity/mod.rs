//! WHO: national numbers of seven countries, the people who bear them, keyed digests and masking.
//!
//! A [`NationalNumber`] is a secret by type: what prints it, prints a mask; what needs it in clear, says `expose` (or
//! [`exposed`](number::exposed) in a serde attribute), so that one search finds every place where a number can leave.
//! [`Persons`] is the register of made-up people; [`mask()`] is for text that was made elsewhere.
//!
//! Everything here is pure: today's date and the seed are arguments.

pub mod export;
pub mod number;

mod baltic;
mod country;
mod digest;
mod dk;
mod fi;
mod fresh;
mod mask;
mod names;
mod no;
mod person;
mod register;
mod se;
mod shape;
mod wrapped;
mod written;

pub use country::{Country, UnknownCountry};
pub use digest::{Digest, DigestKey, NotADigest};
pub use mask::mask;
pub use number::{Checks, NationalNumber, NumberError};
pub use person::{Address, Person};
pub use register::{Persons, PersonsError};
