//! What a certificate says.

use aws_lc_rs::digest::{Context, SHA1_FOR_LEGACY_USE_ONLY, SHA256};
use serde::Serialize;
use x509_parser::prelude::{FromDer as _, X509Certificate};
use x509_parser::public_key::PublicKey;

/// Longest name that is shown.
const LONGEST: usize = 200;

/// A certificate. Nothing of it is secret.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ts_rs::TS)]
pub struct Certificate {
    /// Whom it names, such as `CN=Leadferry`.
    pub subject: String,
    /// SHA-256 of it, in hex with colons, as Salesforce and openssl show it.
    pub sha256: String,
    /// SHA-1 of it, in hex with colons.
    pub sha1: String,
    /// From when on it is valid, UTC milliseconds.
    pub valid_from: i64,
    /// Until when it is valid, UTC milliseconds.
    pub expires_at: i64,
    /// Length of its key's modulus; 0 where the key isn't RSA.
    pub bits: u32,
    /// It as PEM, for upload.
    pub pem: String,
    /// Its common name; empty where it has none.
    #[serde(skip)]
    #[ts(skip)]
    pub(super) common_name: String,
    /// Its public key, as PKCS#1.
    #[serde(skip)]
    #[ts(skip)]
    pub(super) public_key: Vec<u8>,
}

impl Certificate {
    /// Reads the first certificate of a PEM text.
    pub(super) fn from_pem(text: &str) -> Option<Certificate> {
        let block = pem::parse_many(text)
            .ok()?
            .into_iter()
            .find(|block| block.tag() == "CERTIFICATE")?;
        Certificate::from_der(block.contents())
    }

    /// Reads a certificate.
    pub(super) fn from_der(der: &[u8]) -> Option<Certificate> {
        let (rest, read) = X509Certificate::from_der(der).ok()?;
        let der = &der[..der.len() - rest.len()];
        let key = read.public_key();
        let bits = match key.parsed() {
            Ok(PublicKey::RSA(key)) => u32::try_from(key.key_size()).unwrap_or(0),
            _ => 0,
        };
        let common_name = read.subject().iter_common_name().next();
        let common_name = common_name.and_then(|name| name.as_str().ok());
        let ms = |seconds: i64| seconds.saturating_mul(1000);
        Some(Certificate {
            subject: shown(&read.subject().to_string()),
            sha256: fingerprint(&SHA256, der),
            sha1: fingerprint(&SHA1_FOR_LEGACY_USE_ONLY, der),
            valid_from: ms(read.validity().not_before.timestamp()),
            expires_at: ms(read.validity().not_after.timestamp()),
            bits,
            pem: pem::encode_config(
                &pem::Pem::new("CERTIFICATE", der),
                pem::EncodeConfig::new().set_line_ending(pem::LineEnding::LF),
            ),
            common_name: shown(common_name.unwrap_or_default()),
            public_key: key.subject_public_key.data.to_vec(),
        })
    }
}

/// Cuts what a file calls itself to what fits on a line.
pub(super) fn shown(text: &str) -> String {
    let line = text.chars().filter(|letter| !letter.is_control());
    line.take(LONGEST).collect()
}

fn fingerprint(algorithm: &'static aws_lc_rs::digest::Algorithm, der: &[u8]) -> String {
    let mut digest = Context::new(algorithm);
    digest.update(der);
    let bytes = digest.finish();
    let hex = bytes.as_ref().iter().map(|byte| format!("{byte:02X}"));
    hex.collect::<Vec<_>>().join(":")
}
