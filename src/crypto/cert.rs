//! The local certificate authority behind `--tls`.
//!
//! The authority is a fixture, so that a test environment can be told once to trust it; the server's certificate is issued at start, for
//! whatever names this run is reached by.

use std::net::IpAddr;
use std::sync::Arc;

use rcgen::{
    CertificateParams, DistinguishedName, DnType, ExtendedKeyUsagePurpose, Issuer, KeyPair, KeyUsagePurpose, SanType,
    date_time_ymd,
};
use rustls::ServerConfig;
use rustls::crypto::ring;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer, PrivatePkcs8KeyDer};
use thiserror::Error;

/// The local certificate authority: a public fixture, see `fixtures/keys/README.md`.
#[derive(Debug)]
pub struct Authority {
    issuer: Issuer<'static, KeyPair>,
    certificate: CertificateDer<'static>,
}

/// Why a server certificate cannot be issued.
#[derive(Debug, Error)]
pub enum CertError {
    /// The embedded authority or the cryptography failed: a defect of this build.
    #[error("the local CA cannot issue a certificate: {0}")]
    Authority(#[from] rcgen::Error),
    /// A name that can stand in no certificate.
    #[error(
        "`{name}` cannot stand in a certificate: expected a host name such as `motpart` or `*.test`, or an IP address"
    )]
    Name {
        /// The name as it was given.
        name: String,
    },
    /// The TLS library refused the certificate.
    #[error("the TLS library refuses the issued certificate: {0}")]
    Tls(#[from] rustls::Error),
}

impl Authority {
    /// The authority from its embedded files.
    #[must_use]
    pub fn load() -> Self {
        const INVARIANT: &str = "the CA fixtures are embedded and tested";
        let key = KeyPair::from_pem(KEY).expect(INVARIANT);
        Self {
            issuer: Issuer::from_ca_cert_pem(PEM, key).expect(INVARIANT),
            certificate: CertificateDer::from_pem_slice(PEM.as_bytes()).expect(INVARIANT),
        }
    }

    /// The authority's certificate as a PEM text, for whoever shall trust it.
    #[must_use]
    pub fn pem(&self) -> &'static str {
        PEM
    }

    /// The authority's certificate as DER.
    #[must_use]
    pub fn certificate(&self) -> &CertificateDer<'static> {
        &self.certificate
    }

    /// A TLS configuration with a fresh certificate for these host names and IP addresses, and always for `localhost`, `127.0.0.1` and
    /// `::1`. It speaks HTTP/1.1 only (ALPN `http/1.1`), with ring, and asks for no client certificate.
    ///
    /// # Errors
    /// [`CertError::Name`] for a name that is neither a host name nor an IP address.
    pub fn server_config(&self, names: &[String]) -> Result<Arc<ServerConfig>, CertError> {
        let key = KeyPair::generate()?;
        let leaf = leaf(names)?.signed_by(&key, &self.issuer)?;
        let chain = vec![leaf.der().clone(), self.certificate.clone()];
        let key = PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(key.serialize_der()));

        let mut config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
            .with_safe_default_protocol_versions()?
            .with_no_client_auth()
            .with_single_cert(chain, key)?;
        config.alpn_protocols = vec![b"http/1.1".to_vec()];
        Ok(Arc::new(config))
    }
}

fn leaf(names: &[String]) -> Result<CertificateParams, CertError> {
    let mut params = CertificateParams::default();
    for name in ALWAYS.into_iter().chain(names.iter().map(String::as_str)) {
        let alternative = subject_alternative(name)?;
        if !params.subject_alt_names.contains(&alternative) {
            params.subject_alt_names.push(alternative);
        }
    }
    params.distinguished_name = DistinguishedName::new();
    params.distinguished_name.push(DnType::OrganizationName, "Motpart");
    params.distinguished_name.push(DnType::CommonName, "Motpart simulator");
    // Fixed, so that no clock is needed here: the authority's own window.
    params.not_before = date_time_ymd(2024, 1, 1);
    params.not_after = date_time_ymd(2074, 1, 1);
    params.key_usages = vec![KeyUsagePurpose::DigitalSignature];
    params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
    // Python 3.13 verifies strictly (VERIFY_X509_STRICT) and asks for it.
    params.use_authority_key_identifier_extension = true;
    Ok(params)
}

fn subject_alternative(name: &str) -> Result<SanType, CertError> {
    if let Ok(address) = name.parse::<IpAddr>() {
        return Ok(SanType::IpAddress(address));
    }
    let unusable = || CertError::Name { name: name.to_owned() };
    let host = name.strip_prefix("*.").unwrap_or(name);
    // Underscores are no host names by RFC 1123, but compose services are called so.
    let well_formed = |label: &str| {
        !label.is_empty() && label.len() <= 63 && label.bytes().all(|b| b.is_ascii_alphanumeric() || b"-_".contains(&b))
    };
    if host.len() > 253 || !host.split('.').all(well_formed) {
        return Err(unusable());
    }
    Ok(SanType::DnsName(name.to_ascii_lowercase().try_into().map_err(|_| unusable())?))
}

const ALWAYS: [&str; 3] = ["localhost", "127.0.0.1", "::1"];
const PEM: &str = include_str!("../../fixtures/keys/ca.pem");
const KEY: &str = include_str!("../../fixtures/keys/ca.key.pem");

#[cfg(test)]
mod tests {
    use openssl::x509::X509;

    use super::*;

    fn issue(names: &[&str]) -> X509 {
        let authority = Authority::load();
        let names: Vec<_> = names.iter().copied().map(str::to_owned).collect();
        let leaf = leaf(&names).unwrap().signed_by(&KeyPair::generate().unwrap(), &authority.issuer).unwrap();
        X509::from_der(leaf.der()).unwrap()
    }

    #[test]
    fn openssl_accepts_the_chain() {
        let root = X509::from_pem(Authority::load().pem().as_bytes()).unwrap();
        let leaf = issue(&[]);
        assert!(leaf.verify(&root.public_key().unwrap()).unwrap());
        assert_eq!(root.issued(&leaf), openssl::x509::X509VerifyResult::OK);
        assert!(leaf.authority_key_id().is_some());
        assert_eq!(leaf.authority_key_id().unwrap().as_slice(), root.subject_key_id().unwrap().as_slice());
    }

    #[test]
    fn the_certificate_names_localhost_and_whatever_was_asked() {
        let leaf = issue(&["Motpart", "eid_sim", "10.1.2.3", "localhost", "*.test"]);
        let names = leaf.subject_alt_names().unwrap();
        let hosts: Vec<_> = names.iter().filter_map(|name| name.dnsname()).collect();
        let addresses: Vec<_> = names.iter().filter_map(|name| name.ipaddress()).map(<[u8]>::len).collect();
        assert_eq!(hosts, ["localhost", "motpart", "eid_sim", "*.test"]);
        assert_eq!(addresses, [4, 16, 4]);
    }

    #[test]
    fn what_is_no_name_is_refused_with_the_name() {
        for name in ["", "a b", "http://x", "x:443", "a..b", "*", "å.test"] {
            let error = Authority::load().server_config(&[name.to_owned()]).unwrap_err();
            assert!(error.to_string().contains(&format!("`{name}`")), "{error}");
        }
    }

    #[test]
    fn the_configuration_offers_http_1_1_only() {
        let config = Authority::load().server_config(&[]).unwrap();
        assert_eq!(config.alpn_protocols, [b"http/1.1"]);
    }
}
