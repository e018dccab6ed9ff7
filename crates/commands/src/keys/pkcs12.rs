//! PKCS#12 files: `.p12` and `.pfx`, and the keystores of today's Java.

use p12_keystore::Pkcs12Archive;
use p12_keystore::error::Error as Failure;
use secrecy::ExposeSecret as _;

use super::certificate::{Certificate, shown};
use super::files::{
    Found, MOST_ENTRIES, Passphrases, alone, damaged, needs_passphrase, old_encryption,
    wrong_passphrase,
};
use super::private::PrivateKey;
use crate::{Error, Result};

/// Reads the keys and certificates of an archive. The library bounds what opening it may cost.
pub(super) fn read(bytes: &[u8], passphrases: &Passphrases) -> Result<Vec<Found>> {
    let given = passphrases.file.as_ref();
    let passphrase = given.map_or("", |passphrase| passphrase.expose_secret());
    let archive = Pkcs12Archive::from_pkcs12(bytes, passphrase)
        .map_err(|failure| reason(&failure, given.is_some()))?;
    let certificates: Vec<Certificate> = archive
        .certs
        .iter()
        .take(MOST_ENTRIES)
        .filter_map(|bag| Certificate::from_der(bag.cert.as_der()))
        .collect();
    if archive.keys.is_empty() {
        return Ok(certificates.into_iter().map(alone).collect());
    }
    let keys = archive.keys.into_iter().take(MOST_ENTRIES);
    let found = keys.map(|bag| Found {
        alias: shown(bag.friendly_name.as_deref().unwrap_or_default()),
        key: Some(PrivateKey::from_pkcs8(bag.key.as_der())),
        certificates: certificates.clone(),
    });
    Ok(found.collect())
}

fn reason(failure: &Failure, has_passphrase: bool) -> Error {
    match failure {
        Failure::MacError(_) | Failure::Pkcs5Error(_) | Failure::UnpadError => match has_passphrase
        {
            true => wrong_passphrase(),
            false => needs_passphrase(),
        },
        Failure::UnsupportedEncryptionScheme
        | Failure::UnsupportedMacAlgorithm
        | Failure::InvalidParameters => old_encryption(),
        _ => damaged(),
    }
}
