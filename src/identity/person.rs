//! A made-up person.

use jiff::civil::Date;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use super::{Country, NationalNumber, number::exposed};

/// Somebody who can authenticate. Serialises with the number in clear, for dumps of sessions; prints it masked.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Person {
    /// What files, pages and tests call the person, in kebab-case: `anna`.
    pub name: String,
    /// Given names.
    pub given: String,
    /// Family name.
    pub family: String,
    /// The national number.
    #[serde(with = "exposed")]
    pub number: NationalNumber,
    /// The date of birth that a provider tells; usually, not always, the one in the number.
    pub born: Date,
    /// What is special about the person, in a word or two: `always cancels`.
    pub trait_word: Option<String>,
    /// The same in Swedish.
    pub trait_sv: Option<String>,
    /// The script that plays when this person is chosen; only magic persons have one.
    pub script: Option<String>,
    /// An address at a reserved domain, where nobody reads.
    pub email: String,
    /// A telephone number in international form, of a range that is reserved for fiction.
    pub phone: String,
    /// Where the person is registered.
    pub address: Option<Address>,
    /// The persistent technical key that some providers tell instead of the number: the PID of BankID NO and NemID.
    pub person_id: String,
}

impl Person {
    /// Given and family name.
    #[must_use]
    pub fn full_name(&self) -> String {
        format!("{} {}", self.given, self.family)
    }

    /// Whether choosing this person decides what happens.
    #[must_use]
    pub fn is_magic(&self) -> bool {
        self.script.is_some()
    }
}

/// A postal address.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Address {
    /// Street and house number.
    pub street: String,
    /// Postal code, as the country writes it.
    pub postal_code: String,
    /// Town.
    pub city: String,
}

/// A technical key in the country's style, from bytes that are the person's own.
///
/// NO `9578-5997-4-3154736` (ZignSec's sample; that the second group varies too is inferred), DK `9208-2002-2-…` with twelve digits. The Danish digits begin with 0, so that no
/// masking takes them for a Swedish number; other countries' keys are opaque and no provider's format.
pub(super) fn technical_key(country: Country, own: &str) -> String {
    let hash: [u8; 32] = Sha256::digest(format!("person-id:{country}:{own}")).into();
    let [a, b, c, d, e, f, g, h, ..] = hash;
    let bits = u64::from_be_bytes([a, b, c, d, e, f, g, h]);
    match country {
        Country::Dk => format!("9208-2002-2-{:012}", bits % 100_000_000_000),
        Country::No => format!("9578-5{:03}-4-{:07}", bits / 10_000_000 % 1000, bits % 10_000_000),
        Country::Ee | Country::Fi | Country::Lt | Country::Lv | Country::Se => {
            // Letters only, for the same reason.
            let letters: String = hash.iter().take(16).map(|byte| char::from(b'a' + byte % 26)).collect();
            format!("p-{letters}")
        }
    }
}

/// A number out of those that PTS reserves for books and films: +46 70 174 06 05 to 99.
pub(super) fn fictional_phone(own: u64) -> String {
    format!("+46701740{}", 605 + own % 95)
}

/// `anna.akerstrom@example.org`: ASCII, at a domain of RFC 2606.
pub(super) fn email(given: &str, family: &str) -> String {
    format!("{}.{}@example.org", slug(given), slug(family))
}

/// Lower-case ASCII letters and hyphens.
pub(super) fn slug(name: &str) -> String {
    name.chars().flat_map(char::to_lowercase).filter_map(plain).collect()
}

/// The letter without its marks; none for what is neither letter nor space.
fn plain(c: char) -> Option<char> {
    Some(match c {
        'a'..='z' | '0'..='9' | '-' => c,
        'å' | 'ä' | 'æ' | 'ā' | 'ą' => 'a',
        'č' => 'c',
        'é' | 'ē' | 'ė' | 'ę' => 'e',
        'ģ' => 'g',
        'ī' | 'į' => 'i',
        'ķ' => 'k',
        'ļ' => 'l',
        'ņ' => 'n',
        'ö' | 'ø' | 'õ' => 'o',
        'š' => 's',
        'ü' | 'ū' | 'ų' => 'u',
        'ž' => 'z',
        ' ' => '-',
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::identity::mask;

    #[test]
    fn technical_keys_have_their_countrys_style_and_are_never_taken_for_numbers() {
        for country in Country::ALL {
            for own in 0..500 {
                let key = technical_key(country, &own.to_string());
                assert_eq!(mask(&key), key);
            }
        }
        assert_eq!(technical_key(Country::No, "anna").len(), "9578-5997-4-3154736".len());
        assert!(technical_key(Country::Dk, "ditte").starts_with("9208-2002-2-0"));
    }

    #[test]
    fn addresses_are_ascii() {
        assert_eq!(email("Åsa Märta", "Ölmežs"), "asa-marta.olmezs@example.org");
    }
}
