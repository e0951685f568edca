use std::sync::Arc;

use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::crypto::{CryptoProvider, ring};
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::{ClientConfig, ConfigBuilder, DigitallySignedStruct, RootCertStore, SignatureScheme, WantsVerifier};
use thiserror::Error;

use crate::crypto::cert::Authority;

/// A certificate authority that cannot be used.
#[derive(Debug, Error)]
pub enum TrustError {
    /// The text is not PEM, or holds no certificate.
    #[error("CA number {number} holds no certificate: expected PEM, `-----BEGIN CERTIFICATE-----` and so on")]
    NoCertificate {
        /// Which of the given texts, counted from 1.
        number: usize,
    },
    /// The TLS library cannot use it.
    #[error("the TLS library refuses the configuration: {0}")]
    Tls(#[from] rustls::Error),
    /// The PEM holds something that is no certificate of an authority.
    #[error("CA number {number} holds a certificate that cannot be used: {problem}")]
    Unusable {
        /// Which of the given texts, counted from 1.
        number: usize,
        /// What the TLS library says.
        problem: rustls::Error,
    },
}

/// Trusts the authorities that browsers trust, Motpart's own, and the given ones.
pub(super) fn known(ca_pem: &[String]) -> Result<ClientConfig, TrustError> {
    let mut roots: RootCertStore = webpki_roots::TLS_SERVER_ROOTS.iter().cloned().collect();
    roots.add(Authority::load().certificate().clone())?;
    for (index, pem) in ca_pem.iter().enumerate() {
        let number = index + 1;
        let certificates: Vec<_> = CertificateDer::pem_slice_iter(pem.as_bytes())
            .collect::<Result<_, _>>()
            .map_err(|_| TrustError::NoCertificate { number })?;
        if certificates.is_empty() {
            return Err(TrustError::NoCertificate { number });
        }
        for certificate in certificates {
            roots.add(certificate).map_err(|problem| TrustError::Unusable { number, problem })?;
        }
    }
    Ok(builder()?.with_root_certificates(roots).with_no_client_auth())
}

/// Trusts any certificate.
pub(super) fn anybody() -> Result<ClientConfig, TrustError> {
    let verifier = Anybody { provider: ring::default_provider() };
    Ok(builder()?.dangerous().with_custom_certificate_verifier(Arc::new(verifier)).with_no_client_auth())
}

fn builder() -> Result<ConfigBuilder<ClientConfig, WantsVerifier>, rustls::Error> {
    ClientConfig::builder_with_provider(Arc::new(ring::default_provider())).with_safe_default_protocol_versions()
}

#[derive(Debug)]
struct Anybody {
    provider: CryptoProvider,
}

impl ServerCertVerifier for Anybody {
    fn verify_server_cert(
        &self,
        _: &CertificateDer<'_>,
        _: &[CertificateDer<'_>],
        _: &ServerName<'_>,
        _: &[u8],
        _: UnixTime,
    ) -> Result<ServerCertVerified, rustls::Error> {
        Ok(ServerCertVerified::assertion())
    }

    fn verify_tls12_signature(
        &self,
        _: &[u8],
        _: &CertificateDer<'_>,
        _: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        Ok(HandshakeSignatureValid::assertion())
    }

    fn verify_tls13_signature(
        &self,
        _: &[u8],
        _: &CertificateDer<'_>,
        _: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        Ok(HandshakeSignatureValid::assertion())
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.provider.signature_verification_algorithms.supported_schemes()
    }
}
