//! Who the person is, as claims say it.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Map, Value, json};

use super::Signicat;
use super::order::Order;
use super::published::NATIONAL_ID;
use super::state::Issued;
use crate::crypto::mac;
use crate::identity::{Country, NationalNumber, Person};
use crate::script::{IdentityTampering, UserinfoTampering};
use crate::session::Phase;
use crate::simulation::{Session, Timestamp};

/// The person's name at a client: 32 characters, another one at each client (recorded: `pairwise`).
pub(super) fn subject(secret: &[u8; 32], client_id: &str, number: &NationalNumber) -> String {
    let own = mac::derive(secret, "signicat subject", &[client_id.as_bytes(), number.expose().as_bytes()]);
    URL_SAFE_NO_PAD.encode(&own[..24])
}

/// Who authenticated, as far as a token's bearer is told. `None` when nobody did.
pub(super) fn bearer<'a>(session: &'a Session<Signicat>, issued: &Issued) -> Option<&'a Person> {
    match session.phase() {
        Phase::Finished(person) => Some(if issued.injected { somebody_else(session, person) } else { person }),
        Phase::Failed(_) | Phase::Pending(_) => None,
    }
}

/// Somebody of the same country who is not this person.
pub(super) fn somebody_else<'a>(session: &'a Session<Signicat>, person: &Person) -> &'a Person {
    let cast = &session.cast;
    if cast.someone_else.number == person.number { &cast.requested } else { &cast.someone_else }
}

/// What claims are made of.
#[derive(Clone, Copy, Debug)]
pub(super) struct Told<'a> {
    pub(super) secret: &'a [u8; 32],
    pub(super) session: &'a Session<Signicat>,
    pub(super) order: &'a Order,
    pub(super) issued: &'a Issued,
    /// Who the bearer of the token is told about.
    pub(super) person: &'a Person,
    pub(super) now: Timestamp,
}

impl Told<'_> {
    /// The claims of `/userinfo`, as bytes: some things that are wrong on purpose only bytes can say.
    pub(super) fn userinfo(&self, how: Option<UserinfoTampering>, identity: Option<IdentityTampering>) -> Vec<u8> {
        let swapped =
            how == Some(UserinfoTampering::PersonSwapped) || identity == Some(IdentityTampering::PersonSwapped);
        let told = if swapped { somebody_else(self.session, self.person) } else { self.person };
        let mut claims = Map::new();
        let sub = if how == Some(UserinfoTampering::SubjectSwapped) {
            &somebody_else(self.session, self.person).number
        } else {
            &self.person.number
        };
        claims.insert("sub".into(), subject(self.secret, &self.order.client_id, sub).into());
        self.profile(&mut claims, told, identity);
        self.contact(&mut claims, told);
        if self.issued.grants(NATIONAL_ID) {
            self.number(&mut claims, told, identity);
        }
        let json = Value::Object(claims).to_string();
        if identity == Some(IdentityTampering::NumberDuplicated) {
            self.doubled(&json, told)
        } else {
            json.into_bytes()
        }
    }

    /// Swedish example: name, given name, family name, locale, name qualifier. The date of birth is inferred for Sweden.
    fn profile(&self, claims: &mut Map<String, Value>, told: &Person, identity: Option<IdentityTampering>) {
        if !self.issued.grants("profile") {
            return;
        }
        let named =
            if identity == Some(IdentityTampering::NameOfRequested) { &self.session.cast.requested } else { told };
        let country = told.number.country();
        let shown = match (identity == Some(IdentityTampering::CountrySwapped), country) {
            (true, Country::Se) => Country::Dk,
            (true, Country::Dk | Country::Ee | Country::Fi | Country::Lt | Country::Lv | Country::No) => Country::Se,
            (false, country) => country,
        };
        claims.insert("name".into(), named.full_name().into());
        claims.insert("given_name".into(), (&*named.given).into());
        claims.insert("family_name".into(), (&*named.family).into());
        claims.insert("birthdate".into(), told.born.to_string().into());
        claims.insert("locale".into(), shown.code().into());
        claims.insert("subject.nameid.namequalifier".into(), format!("BANKID-{}", shown.code()).into());
    }

    /// The standard claims of `email`, `phone` and `address`: advertised, and nowhere shown. Inferred.
    fn contact(&self, claims: &mut Map<String, Value>, told: &Person) {
        if self.issued.grants("email") {
            claims.insert("email".into(), (&*told.email).into());
            claims.insert("email_verified".into(), false.into());
        }
        if self.issued.grants("phone") {
            claims.insert("phone_number".into(), (&*told.phone).into());
            claims.insert("phone_number_verified".into(), false.into());
        }
        if self.issued.grants("address")
            && let Some(address) = &told.address
        {
            let formatted = format!("{}\n{} {}", address.street, address.postal_code, address.city);
            let address = json!({
                "formatted": formatted, "street_address": address.street, "locality": address.city,
                "postal_code": address.postal_code, "country": told.number.country().code(),
            });
            claims.insert("address".into(), address);
        }
    }

    fn number(&self, claims: &mut Map<String, Value>, told: &Person, identity: Option<IdentityTampering>) {
        let number = &told.number;
        let today = self.now.calendar().to_zoned(jiff::tz::TimeZone::UTC).date();
        let spelt = |wanted: fn(&str) -> bool| {
            number.spellings(today).into_iter().find(|one| wanted(one)).unwrap_or_else(|| number.expose().to_owned())
        };
        let is = |wanted| identity == Some(wanted);
        let value = if is(IdentityTampering::NumberMissing) {
            return;
        } else if is(IdentityTampering::NumberFromRequest) {
            // The relying party's own words come back, under another name.
            let requested = self.order.number().unwrap_or(&self.session.cast.requested.number);
            claims.insert("login_hint".into(), json!([format!("subject-{}", requested.expose())]));
            return;
        } else if is(IdentityTampering::NumberInPersonId) {
            claims.insert("sub".into(), number.expose().into());
            return;
        } else if is(IdentityTampering::NumberAsArray) {
            json!([number.expose()])
        } else if is(IdentityTampering::NumberEmpty) {
            json!("")
        } else if is(IdentityTampering::NumberHyphenated) {
            json!(spelt(|one| one.contains('-')))
        } else if is(IdentityTampering::NumberPadded) {
            json!(format!(" {} ", number.expose()))
        } else if is(IdentityTampering::NumberTenDigits) && number.country() == Country::Se {
            json!(spelt(|one| one.len() == 11 && one.contains(['-', '+'])))
        } else {
            json!(number.expose())
        };
        claims.insert(NATIONAL_ID.into(), value);
    }

    /// The number's key twice: first with somebody else's.
    fn doubled(&self, json: &str, told: &Person) -> Vec<u8> {
        let member = format!("\"{NATIONAL_ID}\":");
        let other = somebody_else(self.session, told).number.expose();
        json.replacen(&member, &format!("{member}\"{other}\",{member}"), 1).into_bytes()
    }
}
