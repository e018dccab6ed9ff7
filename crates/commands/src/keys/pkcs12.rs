//! PKCS#12 files: `.p12` and `.pfx`, and the keystores of today's Java.

use p12_keystore::error::Error as Failure;
use p12_keystore::{KeyStore, KeyStoreEntry, Pkcs12Archive, PrivateKeyChain};
use secrecy::{ExposeSecret as _, SecretString};

use super::certificate::{Certificate, shown};
use super::files::{
    Found, MOST_ENTRIES, Passphrases, alone, damaged, needs_passphrase, old_encryption,
    wrong_passphrase,
};
use super::private::PrivateKey;
use crate::{Code, Error, Result};

/// Whoever has the file can try passphrases for as long as they like.
const SHORTEST_PASSPHRASE: usize = 8;

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

/// Returns an archive of a key and its certificate, in the encryption that openssl 1.1 and Java 12 and newer read.
pub(super) fn sealed(
    name: &str,
    key: &PrivateKey,
    certificate: Option<&Certificate>,
    passphrase: &SecretString,
) -> Result<Vec<u8>> {
    let passphrase = checked(passphrase)?;
    let der = certificate.and_then(|one| pem::parse(&one.pem).ok());
    let archived = p12_keystore::PrivateKey::from_der(key.pkcs8()).and_then(|private| {
        let certificates = der.map(|block| p12_keystore::Certificate::from_der(block.contents()));
        let certificates = certificates.into_iter().collect::<Result<Vec<_>, _>>()?;
        let chain = PrivateKeyChain::new(key.id(), private, certificates);
        let mut archive = KeyStore::new();
        archive.add_entry(&alias(name), KeyStoreEntry::PrivateKeyChain(chain));
        archive.writer(passphrase).write()
    });
    archived.map_err(|failure| {
        let message = "The key can't be exported.";
        Error::new(Code::Local, message, "Try again.").because(failure.to_string())
    })
}

/// Names in the format are made of 16-bit letters.
fn alias(name: &str) -> String {
    let alias: String = name.chars().filter(|one| is_16_bits(*one)).collect();
    match alias.is_empty() {
        true => "leadferry".to_owned(),
        false => alias,
    }
}

fn is_16_bits(letter: char) -> bool {
    letter.len_utf16() == 1
}

fn checked(passphrase: &SecretString) -> Result<&str> {
    let passphrase = passphrase.expose_secret();
    let is_short = passphrase.chars().count() < SHORTEST_PASSPHRASE;
    if is_short || !passphrase.chars().all(is_16_bits) {
        return Err(Error::usage(
            "This passphrase can't protect a key file.",
            "Enter at least 8 characters, without emoji.",
        )
        .at("passphrase"));
    }
    Ok(passphrase)
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
