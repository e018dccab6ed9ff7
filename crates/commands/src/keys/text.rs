//! Keys and certificates as PEM.

use pem::Pem;
use pkcs8::EncryptedPrivateKeyInfoRef;
use pkcs8::der::Decode as _;
use pkcs8::pkcs5::EncryptionScheme;
use pkcs8::pkcs5::pbes2::Kdf;
use secrecy::ExposeSecret as _;

use super::certificate::Certificate;
use super::files::{
    Found, MOST_ENTRIES, Passphrases, alone, damaged, needs_passphrase, not_a_key_file,
    old_encryption, wrong_passphrase,
};
use super::private::PrivateKey;
use super::traditional;
use crate::{Error, Result};

/// More rounds would keep the machine busy for minutes.
const MOST_ROUNDS: u32 = 10_000_000;
/// More memory would take the machine down.
const MOST_MEMORY: u64 = 1 << 28;

/// Reads the keys and certificates of a text; what else stands in it is passed over.
pub(super) fn read(text: &str, passphrases: &Passphrases) -> Result<Vec<Found>> {
    let blocks = pem::parse_many(text).map_err(|_| damaged())?;
    let mut keys = Vec::new();
    let mut certificates = Vec::new();
    for block in blocks.iter().take(MOST_ENTRIES) {
        match block.tag() {
            "CERTIFICATE" | "X509 CERTIFICATE" | "TRUSTED CERTIFICATE" => {
                certificates.push(Certificate::from_der(block.contents()).ok_or_else(damaged)?);
            }
            _ => keys.extend(key(block, passphrases)?),
        }
    }
    if keys.is_empty() && certificates.is_empty() {
        return Err(not_a_key_file());
    }
    if keys.is_empty() {
        return Ok(certificates.into_iter().map(alone).collect());
    }
    let with_certificates = |key| Found {
        alias: String::new(),
        key: Some(key),
        certificates: certificates.clone(),
    };
    Ok(keys.into_iter().map(with_certificates).collect())
}

/// Reads a block that may be a key; none where it is something else, such as parameters. A key that can't be used is told
/// with its entry; only what opens the file stops here.
fn key(block: &Pem, passphrases: &Passphrases) -> Result<Option<Result<PrivateKey>>> {
    let opened = match block.headers().get("DEK-Info") {
        Some(how) => {
            let passphrase = passphrases.file.as_ref().ok_or_else(needs_passphrase)?;
            Some(traditional::opened(how, block.contents(), passphrase)?)
        }
        None => None,
    };
    let der = opened.as_deref().unwrap_or(block.contents());
    Ok(match block.tag() {
        "PRIVATE KEY" => Some(PrivateKey::from_pkcs8(der)),
        "RSA PRIVATE KEY" => Some(PrivateKey::from_pkcs1(der)),
        "ENCRYPTED PRIVATE KEY" => Some(encrypted(der, passphrases)?),
        tag if tag.ends_with("PRIVATE KEY") => Some(Err(not_rsa())),
        _ => None,
    })
}

fn encrypted(der: &[u8], passphrases: &Passphrases) -> Result<Result<PrivateKey>> {
    let info = EncryptedPrivateKeyInfoRef::from_der(der).map_err(|_| damaged())?;
    let EncryptionScheme::Pbes2(scheme) = &info.encryption_algorithm else {
        return Err(old_encryption());
    };
    let is_bounded = match &scheme.kdf {
        Kdf::Pbkdf2(rounds) => rounds.iteration_count <= MOST_ROUNDS,
        Kdf::Scrypt(cost) => {
            let memory = cost.cost_parameter.checked_mul(u64::from(cost.block_size));
            let memory = memory.and_then(|memory| memory.checked_mul(128));
            cost.parallelization <= 16 && memory.is_some_and(|memory| memory <= MOST_MEMORY)
        }
        _ => false,
    };
    if !is_bounded {
        return Err(old_encryption().because("Opening it would take too long."));
    }
    let passphrase = passphrases.file.as_ref().ok_or_else(needs_passphrase)?;
    let opened = info.decrypt(passphrase.expose_secret().as_bytes());
    let opened = opened.map_err(|_| wrong_passphrase())?;
    Ok(PrivateKey::from_pkcs8(opened.as_bytes()))
}

fn not_rsa() -> Error {
    Error::usage(
        "This private key can't be used to sign in.",
        "Choose an RSA key of 2048 bits or more, or make a new one here.",
    )
    .because("It isn't an RSA key.")
}
