//! Java keystores of the old kind, `.jks`. Newer ones are PKCS#12.
//!
//! The format is Java's own, and small: entries one after the other, a checksum at the end, keys hidden by SHA-1. The one
//! library that reads it ends the program over hostile files.
//!
//! # Source
//! `OpenJDK: sun/security/provider/JavaKeyStore.java, KeyProtector.java`.

use aws_lc_rs::digest::{Context, SHA1_FOR_LEGACY_USE_ONLY};
use pkcs8::der::asn1::OctetStringRef;
use pkcs8::der::{Reader as _, SliceReader};
use pkcs8::spki::AlgorithmIdentifierRef;
use secrecy::{ExposeSecret as _, SecretString};

use super::certificate::{Certificate, shown};
use super::files::{
    Found, MOST_ENTRIES, Passphrases, damaged, needs_passphrase, old_encryption, wrong_passphrase,
};
use super::private::PrivateKey;
use crate::{Error, Result};

const MAGIC: [u8; 4] = [0xfe, 0xed, 0xfe, 0xed];
/// Begins a keystore of the kind JCEKS.
const OTHER_MAGIC: [u8; 4] = [0xce, 0xce, 0xce, 0xce];
/// Goes into the checksum behind the passphrase.
const WHITENER: &[u8] = b"Mighty Aphrodite";
const DIGEST: usize = 20;
const SALT: usize = 20;
const PRIVATE_KEY: u32 = 1;
const CERTIFICATE: u32 = 2;
const PROTECTOR: &str = "1.3.6.1.4.1.42.2.17.1.1";

/// Tells whether a file begins as a keystore does.
pub(super) fn is_keystore(bytes: &[u8]) -> bool {
    bytes.starts_with(&MAGIC) || bytes.starts_with(&OTHER_MAGIC)
}

/// Reads the entries of a keystore.
pub(super) fn read(bytes: &[u8], passphrases: &Passphrases) -> Result<Vec<Found>> {
    if bytes.starts_with(&OTHER_MAGIC) {
        return Err(Error::usage(
            "This kind of Java keystore isn't supported.",
            "Convert it with keytool -importkeystore -srckeystore FILE -destkeystore new.p12 \
             -deststoretype PKCS12, and import the new file.",
        ));
    }
    let passphrase = passphrases.file.as_ref().ok_or_else(needs_passphrase)?;
    let end = bytes.len().checked_sub(DIGEST).ok_or_else(damaged)?;
    let (held, checksum) = bytes.split_at(end);
    // Walked through first: of a file that was cut off nobody can say whether its passphrase is right.
    let entries = Cursor(&held[MAGIC.len().min(held.len())..]).entries()?;
    if sha1(&[&utf16(passphrase), WHITENER, held]) != checksum {
        return Err(wrong_passphrase());
    }
    let own = passphrases.key.as_ref().unwrap_or(passphrase);
    let found = entries.into_iter().map(|entry| Found {
        alias: shown(&entry.alias),
        key: entry.key.map(|hidden| unhidden(hidden, own)),
        certificates: entry
            .certificates
            .into_iter()
            .filter_map(Certificate::from_der)
            .collect(),
    });
    Ok(found.collect())
}

struct RawEntry<'a> {
    alias: String,
    key: Option<&'a [u8]>,
    certificates: Vec<&'a [u8]>,
}

/// What is left to be read; every length is checked against it.
struct Cursor<'a>(&'a [u8]);

impl<'a> Cursor<'a> {
    fn entries(mut self) -> Result<Vec<RawEntry<'a>>> {
        let version = self.number()?;
        if !(1..=2).contains(&version) {
            return Err(damaged());
        }
        let count = self.count()?;
        let mut entries = Vec::new();
        for _ in 0..count {
            entries.push(self.entry(version)?);
        }
        match self.0 {
            [] => Ok(entries),
            _ => Err(damaged()),
        }
    }

    fn entry(&mut self, version: u32) -> Result<RawEntry<'a>> {
        let kind = self.number()?;
        let alias = self.text()?;
        // When it was made.
        self.take(8)?;
        let mut entry = RawEntry {
            alias: String::from_utf8_lossy(alias).into_owned(),
            key: None,
            certificates: Vec::new(),
        };
        let certificates = match kind {
            PRIVATE_KEY => {
                entry.key = Some(self.counted()?);
                self.count()?
            }
            CERTIFICATE => 1,
            _ => return Err(damaged()),
        };
        for _ in 0..certificates {
            if version == 2 {
                self.text()?;
            }
            entry.certificates.push(self.counted()?);
        }
        Ok(entry)
    }

    fn take(&mut self, length: usize) -> Result<&'a [u8]> {
        let (taken, rest) = self.0.split_at_checked(length).ok_or_else(damaged)?;
        self.0 = rest;
        Ok(taken)
    }

    fn number(&mut self) -> Result<u32> {
        let bytes = self.take(4)?.try_into().map_err(|_| damaged())?;
        Ok(u32::from_be_bytes(bytes))
    }

    /// Reads how many follow, which is never more than anybody has.
    fn count(&mut self) -> Result<usize> {
        let count = usize::try_from(self.number()?).map_err(|_| damaged())?;
        match count <= MOST_ENTRIES {
            true => Ok(count),
            false => Err(damaged()),
        }
    }

    fn counted(&mut self) -> Result<&'a [u8]> {
        let length = usize::try_from(self.number()?).map_err(|_| damaged())?;
        self.take(length)
    }

    fn text(&mut self) -> Result<&'a [u8]> {
        let bytes = self.take(2)?.try_into().map_err(|_| damaged())?;
        self.take(usize::from(u16::from_be_bytes(bytes)))
    }
}

/// Takes off what hides a key: SHA-1 of passphrase and salt, then of passphrase and the hash before, and so on.
fn unhidden(hidden: &[u8], passphrase: &SecretString) -> Result<PrivateKey> {
    let octets = protected(hidden).ok_or_else(old_encryption)?;
    let long_enough = octets.len() > SALT + DIGEST;
    let (salt, rest) = octets.split_at_checked(SALT).ok_or_else(damaged)?;
    let end = rest.len().checked_sub(DIGEST).filter(|_| long_enough);
    let (hidden, checksum) = rest.split_at(end.ok_or_else(damaged)?);
    let passphrase = utf16(passphrase);
    let mut mask = salt.to_vec();
    let mut key = Vec::with_capacity(hidden.len());
    for block in hidden.chunks(DIGEST) {
        mask = sha1(&[&passphrase, &mask]);
        key.extend(block.iter().zip(&mask).map(|(byte, mask)| byte ^ mask));
    }
    if sha1(&[&passphrase, &key]) != checksum {
        return Err(Error::usage(
            "The key has a passphrase of its own.",
            "Enter the passphrase of the key as well.",
        )
        .at("key_passphrase"));
    }
    PrivateKey::from_pkcs8(&key)
}

/// Returns what Java's own protection of keys holds; none where it is another one.
fn protected(der: &[u8]) -> Option<&[u8]> {
    let mut reader = SliceReader::new(der).ok()?;
    let (algorithm, octets) = reader
        .sequence(|inner| {
            let algorithm: AlgorithmIdentifierRef<'_> = inner.decode()?;
            let octets: &OctetStringRef = inner.decode()?;
            Ok::<_, pkcs8::der::Error>((algorithm.oid, octets))
        })
        .ok()?;
    (algorithm.to_string() == PROTECTOR).then(|| octets.as_bytes())
}

fn sha1(parts: &[&[u8]]) -> Vec<u8> {
    let mut digest = Context::new(&SHA1_FOR_LEGACY_USE_ONLY);
    for part in parts {
        digest.update(part);
    }
    digest.finish().as_ref().to_vec()
}

fn utf16(text: &SecretString) -> Vec<u8> {
    let units = text.expose_secret().encode_utf16();
    units.flat_map(u16::to_be_bytes).collect()
}
