//! Reading key files: PEM, PKCS#12 and Java keystores. Whatever a file holds, reading it is bounded.

use std::io::Read as _;
use std::path::{Path, PathBuf};

use secrecy::SecretString;
use serde::Serialize;

use super::certificate::{Certificate, shown};
use super::private::PrivateKey;
use super::{java, pkcs12, text};
use crate::files::open;
use crate::{Error, Result};

/// A key file with all its certificates is smaller.
const MOST_BYTES: u64 = 1 << 20;
/// Entries beyond these are no one's.
pub(super) const MOST_ENTRIES: usize = 100;

/// What opens a key file.
#[derive(Debug, Clone, Default)]
pub struct Passphrases {
    /// Of the file.
    pub file: Option<SecretString>,
    /// Of the key in it, where that is another one: some Java keystores have two.
    pub key: Option<SecretString>,
}

/// A key to be imported.
#[derive(Debug, Clone, Default)]
pub struct ImportKey {
    /// The key file.
    pub path: PathBuf,
    /// What opens it.
    pub passphrases: Passphrases,
    /// Which of several keys.
    pub alias: Option<String>,
    /// A file with its certificate, where the key file holds none.
    pub certificate: Option<PathBuf>,
}

/// What kind of key file it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ts_rs::TS)]
#[serde(rename_all = "snake_case")]
pub enum KeyFileKind {
    /// Text between `BEGIN` and `END`.
    Pem,
    /// `.p12` or `.pfx`.
    Pkcs12,
    /// `.jks`.
    JavaKeystore,
    /// A certificate alone, `.der` or `.cer`.
    Certificate,
}

/// What a key file holds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ts_rs::TS)]
pub struct KeyFile {
    /// What kind of file it is.
    pub kind: KeyFileKind,
    /// Its entries, in the file's order.
    pub entries: Vec<KeyFileEntry>,
}

/// An entry of a key file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ts_rs::TS)]
pub struct KeyFileEntry {
    /// What the file calls it; empty where it has no names.
    pub alias: String,
    /// Whether it holds a private key.
    pub has_key: bool,
    /// Length of the private key's modulus; `None` where it can't be used.
    pub bits: Option<u32>,
    /// Why the private key can't be used; empty where it can.
    pub problem: String,
    /// Whether it can't be used because it has a passphrase of its own. Only a terminal says how that is given.
    #[serde(skip)]
    #[ts(skip)]
    pub has_own_passphrase: bool,
    /// Its certificate.
    pub certificate: Option<Certificate>,
}

/// An entry as it was read.
pub(super) struct Found {
    pub(super) alias: String,
    /// `None` where it holds certificates only.
    pub(super) key: Option<Result<PrivateKey>>,
    /// In the file's order.
    pub(super) certificates: Vec<Certificate>,
}

/// Returns the entry of a certificate without a key.
pub(super) fn alone(certificate: Certificate) -> Found {
    Found {
        alias: String::new(),
        key: None,
        certificates: vec![certificate],
    }
}

impl Found {
    /// Returns the certificate of its key; where it holds no key that can be read, its first one.
    fn certificate(&self) -> Option<&Certificate> {
        let mut all = self.certificates.iter();
        match &self.key {
            Some(Ok(key)) => all.find(|one| one.public_key == key.public()),
            _ => all.next(),
        }
    }
}

/// Returns what a key file holds. Nothing is kept.
///
/// # Errors
/// When the file is no key file, or its passphrase is missing or wrong.
pub fn inspect(path: &Path, passphrases: &Passphrases) -> Result<KeyFile> {
    let (kind, found) = read(path, passphrases)?;
    let entry = |found: Found| KeyFileEntry {
        certificate: found.certificate().cloned(),
        has_key: found.key.is_some(),
        bits: match &found.key {
            Some(Ok(key)) => Some(key.bits()),
            _ => None,
        },
        problem: match &found.key {
            Some(Err(error)) => error.to_string(),
            _ => String::new(),
        },
        has_own_passphrase: matches!(
            &found.key,
            Some(Err(error)) if error.field.as_deref() == Some("key_passphrase")
        ),
        alias: found.alias,
    };
    Ok(KeyFile {
        kind,
        entries: found.into_iter().map(entry).collect(),
    })
}

/// A key as it was read from a file.
pub(super) struct ReadKey {
    pub(super) name: String,
    pub(super) key: PrivateKey,
    pub(super) certificate: Option<Certificate>,
}

/// Returns the one key of a file that is meant.
pub(super) fn key_in(request: &ImportKey) -> Result<ReadKey> {
    let (_, found) = read(&request.path, &request.passphrases)?;
    let is_meant = |one: &&Found| match &request.alias {
        Some(alias) => one.alias.eq_ignore_ascii_case(alias),
        None => true,
    };
    let keys = found.iter().filter(|one| one.key.is_some());
    let meant: Vec<&Found> = keys.filter(is_meant).collect();
    let meant = match meant[..] {
        [one] => one,
        [] if request.alias.is_some() => {
            return Err(Error::usage(
                "The file has no key of this alias.",
                "Choose one of its keys.",
            )
            .at("alias"));
        }
        [] => {
            return Err(Error::usage(
                "The file holds no private key.",
                "Choose the file that the key was saved in.",
            )
            .because("It holds certificates only."));
        }
        _ => {
            let names: Vec<_> = meant.iter().map(|one| one.alias.as_str()).collect();
            return Err(
                Error::usage("The file holds several keys.", "Choose one of them.")
                    .because(format!("They are: {}", names.join(", ")))
                    .at("alias"),
            );
        }
    };
    let beside = match &request.certificate {
        Some(path) => Some(certificate_in(path)?),
        None => None,
    };
    let in_file = meant.certificate().cloned();
    let alias = meant.alias.clone();
    let position = found.iter().position(|one| std::ptr::eq(one, meant));
    let taken = position.and_then(|at| found.into_iter().nth(at)?.key);
    let key = taken.unwrap_or_else(|| Err(not_a_key_file()))?;
    if beside
        .as_ref()
        .is_some_and(|one| one.public_key != key.public())
    {
        return Err(Error::usage(
            "The certificate belongs to another key.",
            "Choose the certificate that was made with this key.",
        )
        .at("certificate"));
    }
    let certificate = beside.or(in_file);
    let common_name = certificate.as_ref().map(|one| one.common_name.clone());
    let names = [Some(alias), common_name, file_name(&request.path)];
    let mut names = names.into_iter().flatten();
    Ok(ReadKey {
        name: names.find(|name| !name.is_empty()).unwrap_or_default(),
        key,
        certificate,
    })
}

fn file_name(path: &Path) -> Option<String> {
    Some(shown(&path.file_name()?.to_string_lossy()))
}

fn certificate_in(path: &Path) -> Result<Certificate> {
    let bytes = bytes_of(path)?;
    let from_text = std::str::from_utf8(&bytes)
        .ok()
        .and_then(Certificate::from_pem);
    let read = from_text.or_else(|| Certificate::from_der(&bytes));
    read.ok_or_else(|| {
        Error::usage(
            "This isn't a certificate.",
            "Choose the certificate that was made with the key, such as cert.pem.",
        )
        .at("certificate")
    })
}

fn read(path: &Path, passphrases: &Passphrases) -> Result<(KeyFileKind, Vec<Found>)> {
    in_bytes(&bytes_of(path)?, passphrases)
}

/// Reads a key file by what it begins with, whatever it is called.
pub(super) fn in_bytes(
    bytes: &[u8],
    passphrases: &Passphrases,
) -> Result<(KeyFileKind, Vec<Found>)> {
    if java::is_keystore(bytes) {
        return Ok((KeyFileKind::JavaKeystore, java::read(bytes, passphrases)?));
    }
    // ASN.1 begins with a sequence, a letter that no PEM begins with: before its first line there may be any text.
    if bytes.first() == Some(&0x30) && std::str::from_utf8(bytes).is_err() {
        if let Some(certificate) = Certificate::from_der(bytes) {
            return Ok((KeyFileKind::Certificate, vec![alone(certificate)]));
        }
        return Ok((KeyFileKind::Pkcs12, pkcs12::read(bytes, passphrases)?));
    }
    match std::str::from_utf8(bytes) {
        Ok(pem) if pem.contains("-----BEGIN ") => {
            Ok((KeyFileKind::Pem, text::read(pem, passphrases)?))
        }
        _ => Err(not_a_key_file()),
    }
}

fn bytes_of(path: &Path) -> Result<Vec<u8>> {
    let mut bytes = Vec::new();
    let read = open(path).and_then(|file| file.take(MOST_BYTES + 1).read_to_end(&mut bytes));
    read.map_err(|error| Error::file(path, &error))?;
    if bytes.len() as u64 > MOST_BYTES {
        return Err(not_a_key_file().because("It's larger than 1 MB."));
    }
    Ok(bytes)
}

pub(super) fn not_a_key_file() -> Error {
    Error::usage(
        "This isn't a key file.",
        "Choose a .pem, .p12, .pfx or .jks file that holds the private key.",
    )
}

/// Returns the error for a file that ends early, or says what can't be.
pub(super) fn damaged() -> Error {
    Error::usage(
        "This key file can't be read.",
        "Export the key again, or choose another file.",
    )
    .because("It's damaged or incomplete.")
}

pub(super) fn needs_passphrase() -> Error {
    Error::usage(
        "The key file needs its passphrase.",
        "Enter the passphrase of the file.",
    )
    .at("passphrase")
}

pub(super) fn wrong_passphrase() -> Error {
    Error::usage(
        "The passphrase is wrong.",
        "Enter the passphrase of the file again.",
    )
    .because("The key file can't be opened with it, or the file is damaged.")
    .at("passphrase")
}

/// Returns the error for encryption that nobody should rely on any more, or that is not known here.
pub(super) fn old_encryption() -> Error {
    Error::usage(
        "The key is encrypted in a way that isn't supported.",
        "Convert it with openssl pkcs8 -topk8 -in FILE -out new.pem, and import the new file.",
    )
}
