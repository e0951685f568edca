//! Makes the key fixtures that are missing in `fixtures/keys`; what is there already stays as it is.
//!
//! ```text
//! cargo run --example make_fixture_keys
//! ```
//!
//! The files are part of the repository, so that every run of Motpart signs with the same keys. This program says how they came about,
//! and makes them anew after they were deleted.

use std::error::Error;
use std::path::Path;
use std::{fs, io};

use rcgen::{
    BasicConstraints, CertificateParams, DistinguishedName, DnType, IsCa, Issuer, KeyPair, KeyUsagePurpose,
    SerialNumber, date_time_ymd,
};

const SIGNING_KEYS: u64 = 8;

fn main() -> Result<(), Box<dyn Error>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/keys");
    fs::create_dir_all(&folder)?;
    for number in 0..SIGNING_KEYS {
        let key = load_or_make(&folder.join(format!("rsa-{number}.pem")), rsa_2048)?;
        load_or_make(&folder.join(format!("rsa-{number}.crt.pem")), || signing_certificate(&key, number))?;
    }
    let key = load_or_make(&folder.join("ca.key.pem"), || Ok(KeyPair::generate()?.serialize_pem()))?;
    let authority = load_or_make(&folder.join("ca.pem"), || authority_certificate(&key))?;
    let issuer = Issuer::from_ca_cert_pem(&authority, KeyPair::from_pem(&key)?)?;

    let key = load_or_make(&folder.join("signing-service.pem"), rsa_2048)?;
    let certificate = || document_certificate(&issuer, &key, "Motpart signing service", 200);
    load_or_make(&folder.join("signing-service.crt.pem"), certificate)?;
    let key = load_or_make(&folder.join("eid.pem"), || Ok(KeyPair::generate()?.serialize_pem()))?;
    let certificate = || document_certificate(&issuer, &key, "Motpart simulated eID", 201);
    load_or_make(&folder.join("eid.crt.pem"), certificate)?;
    Ok(())
}

fn load_or_make(path: &Path, make: impl FnOnce() -> Result<String, Box<dyn Error>>) -> Result<String, Box<dyn Error>> {
    match fs::read_to_string(path) {
        Ok(text) => Ok(text),
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            let text = make()?;
            fs::write(path, &text)?;
            println!("made {}", path.display());
            Ok(text)
        }
        Err(error) => Err(error.into()),
    }
}

// ring signs with RSA but cannot generate it.
fn rsa_2048() -> Result<String, Box<dyn Error>> {
    let key = openssl::pkey::PKey::from_rsa(openssl::rsa::Rsa::generate(2048)?)?;
    Ok(String::from_utf8(key.private_key_to_pem_pkcs8()?)?)
}

fn signing_certificate(key: &str, number: u64) -> Result<String, Box<dyn Error>> {
    let mut params = long_lived(&format!("Motpart signing key {number}"), 100 + number);
    params.key_usages = vec![KeyUsagePurpose::DigitalSignature];
    Ok(params.self_signed(&KeyPair::from_pem(key)?)?.pem())
}

fn document_certificate(
    issuer: &Issuer<'_, KeyPair>,
    key: &str,
    name: &str,
    serial: u64,
) -> Result<String, Box<dyn Error>> {
    let mut params = long_lived(name, serial);
    params.key_usages = vec![KeyUsagePurpose::DigitalSignature, KeyUsagePurpose::ContentCommitment];
    params.use_authority_key_identifier_extension = true;
    Ok(params.signed_by(&KeyPair::from_pem(key)?, issuer)?.pem())
}

fn authority_certificate(key: &str) -> Result<String, Box<dyn Error>> {
    let mut params = long_lived("Motpart local CA", 1);
    params.is_ca = IsCa::Ca(BasicConstraints::Constrained(0));
    params.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
    Ok(params.self_signed(&KeyPair::from_pem(key)?)?.pem())
}

fn long_lived(common_name: &str, serial: u64) -> CertificateParams {
    let mut params = CertificateParams::default();
    params.distinguished_name = DistinguishedName::new();
    params.distinguished_name.push(DnType::OrganizationName, "Motpart");
    params.distinguished_name.push(DnType::OrganizationalUnitName, "Public test key");
    params.distinguished_name.push(DnType::CommonName, common_name);
    params.serial_number = Some(SerialNumber::from(serial));
    params.not_before = date_time_ymd(2024, 1, 1);
    params.not_after = date_time_ymd(2074, 1, 1);
    params
}
