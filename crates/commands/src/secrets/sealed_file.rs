//! One file with all secrets, sealed with a passphrase.

use std::collections::BTreeMap;
use std::io::Read as _;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use age::scrypt;
use secrecy::{ExposeSecret, SecretString};
use sha2::{Digest as _, Sha256};

use crate::files::{self, make_folder};
use crate::locks::FileLock;
use crate::{Ask, Code, Error, Result};

/// Makes opening take a fifth of a second and 64 MB: nothing for the user, a lot for a guesser.
const WORK_FACTOR: u8 = 16;
/// A file that asks for more is not ours.
const MOST_WORK: u8 = 20;
const MOST_BYTES: u64 = 4 << 20;

type Asking<'a> = &'a dyn Fn(Ask) -> Option<SecretString>;

/// The file, and what it held when it was opened last.
pub(super) struct SealedFile {
    path: PathBuf,
    opened: Mutex<Option<Opened>>,
}

struct Opened {
    passphrase: SecretString,
    /// Of the sealed bytes: another process may have written since.
    digest: [u8; 32],
    secrets: BTreeMap<String, SecretString>,
}

impl SealedFile {
    /// Tells whether there is such a file.
    pub(super) fn exists(&self) -> bool {
        self.path.exists()
    }

    pub(super) fn new(path: PathBuf) -> SealedFile {
        SealedFile {
            path,
            opened: Mutex::default(),
        }
    }

    pub(super) fn read(&self, name: &str, asking: Asking<'_>) -> Result<Option<SecretString>> {
        let mut opened = self.opened.lock().unwrap_or_else(PoisonError::into_inner);
        let Some(sealed) = self.bytes()? else {
            return Ok(None);
        };
        self.open(&mut opened, &sealed, asking)?;
        Ok(opened
            .as_ref()
            .and_then(|opened| opened.secrets.get(name).cloned()))
    }

    /// Tells whether the passphrase was given in this process.
    pub(super) fn is_open(&self) -> bool {
        let opened = self.opened.lock().unwrap_or_else(PoisonError::into_inner);
        opened.is_some()
    }

    /// Returns where the file is, or would be.
    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    /// Opens the file; where there is none, makes sure that a passphrase has been chosen for it.
    pub(super) fn ready(&self, asking: Asking<'_>) -> Result<()> {
        let mut opened = self.opened.lock().unwrap_or_else(PoisonError::into_inner);
        match self.bytes()? {
            Some(sealed) => self.open(&mut opened, &sealed, asking),
            None => chosen(asking).map(drop),
        }
    }

    /// Tells whether a passphrase opens the file; any does where there is none yet.
    pub(super) fn is_right(&self, passphrase: &SecretString) -> Result<bool> {
        let Some(sealed) = self.bytes()? else {
            return Ok(true);
        };
        match self.unseal(&sealed, passphrase) {
            Ok(_) => Ok(true),
            Err(error) if error.code == Code::Passphrase => Ok(false),
            Err(error) => Err(error),
        }
    }

    /// Changes one secret; `None` removes it. One process at a time does this.
    pub(super) fn write(
        &self,
        name: &str,
        secret: Option<&SecretString>,
        asking: Asking<'_>,
    ) -> Result<()> {
        let mut opened = self.opened.lock().unwrap_or_else(PoisonError::into_inner);
        let _lock = FileLock::wait(&self.path.with_added_extension("lock"))?;
        match self.bytes()? {
            Some(sealed) => self.open(&mut opened, &sealed, asking)?,
            None if secret.is_none() => return Ok(()),
            None => *opened = Some(self.begin(asking)?),
        }
        let Some(opened) = opened.as_mut() else {
            return Ok(());
        };
        let mut secrets = opened.secrets.clone();
        match secret {
            Some(secret) => secrets.insert(name.to_owned(), secret.clone()),
            None => secrets.remove(name),
        };
        let sealed = seal(&secrets, &opened.passphrase)?;
        files::write(&self.path, &sealed)?;
        opened.digest = digest(&sealed);
        opened.secrets = secrets;
        Ok(())
    }

    /// Makes `opened` hold what the file holds, asking for the passphrase at the first time.
    fn open(&self, opened: &mut Option<Opened>, sealed: &[u8], asking: Asking<'_>) -> Result<()> {
        let digest = digest(sealed);
        if opened
            .as_ref()
            .is_some_and(|opened| opened.digest == digest)
        {
            return Ok(());
        }
        let passphrase = match opened.take() {
            Some(before) => before.passphrase,
            None => asking(Ask::Open).ok_or_else(no_passphrase)?,
        };
        let secrets = self.unseal(sealed, &passphrase)?;
        *opened = Some(Opened {
            passphrase,
            digest,
            secrets,
        });
        Ok(())
    }

    fn begin(&self, asking: Asking<'_>) -> Result<Opened> {
        if let Some(folder) = self.path.parent() {
            make_folder(folder)?;
        }
        Ok(Opened {
            passphrase: chosen(asking)?,
            digest: [0; 32],
            secrets: BTreeMap::new(),
        })
    }

    fn bytes(&self) -> Result<Option<Vec<u8>>> {
        let file = match files::open(&self.path) {
            Ok(file) => file,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(Error::file(&self.path, &error)),
        };
        let mut sealed = Vec::new();
        file.take(MOST_BYTES + 1)
            .read_to_end(&mut sealed)
            .map_err(|error| Error::file(&self.path, &error))?;
        match sealed.len() as u64 > MOST_BYTES {
            true => Err(self.damaged("it's too large")),
            false => Ok(Some(sealed)),
        }
    }

    fn unseal(
        &self,
        sealed: &[u8],
        passphrase: &SecretString,
    ) -> Result<BTreeMap<String, SecretString>> {
        use age::DecryptError as Failure;
        let mut identity = scrypt::Identity::new(passphrase.clone());
        identity.set_max_work_factor(MOST_WORK);
        let plain = match age::decrypt(&identity, sealed) {
            Ok(plain) => SecretString::from(
                String::from_utf8(plain).map_err(|_| self.damaged("it isn't text"))?,
            ),
            Err(
                Failure::DecryptionFailed | Failure::NoMatchingKeys | Failure::KeyDecryptionFailed,
            ) => {
                let hint = "enter the passphrase that you chose for this file";
                let message = format!("the passphrase doesn't open {}", self.path.display());
                return Err(Error::new(Code::Passphrase, message, hint));
            }
            Err(other) => return Err(self.damaged(&other.to_string())),
        };
        let texts: BTreeMap<String, String> = serde_json::from_str(plain.expose_secret())
            .map_err(|_| self.damaged("it has unexpected content"))?;
        Ok(texts
            .into_iter()
            .map(|(name, text)| (name, text.into()))
            .collect())
    }

    fn damaged(&self, why: &str) -> Error {
        let hint = "restore the file from a backup, or move it away and sign in again";
        let message = format!("the secrets file {} is damaged", self.path.display());
        Error::new(Code::Local, message, hint).because(why)
    }
}

fn chosen(asking: Asking<'_>) -> Result<SecretString> {
    asking(Ask::Choose)
        .filter(|passphrase| !passphrase.expose_secret().is_empty())
        .ok_or_else(no_passphrase)
}

fn seal(secrets: &BTreeMap<String, SecretString>, passphrase: &SecretString) -> Result<Vec<u8>> {
    let texts: BTreeMap<&str, &str> = secrets
        .iter()
        .map(|(name, secret)| (name.as_str(), secret.expose_secret()))
        .collect();
    let failed = |why: String| {
        Error::new(
            Code::Local,
            "the secrets couldn't be encrypted",
            "try again",
        )
        .because(why)
    };
    let plain = SecretString::from(
        serde_json::to_string(&texts).map_err(|error| failed(error.to_string()))?,
    );
    let mut recipient = scrypt::Recipient::new(passphrase.clone());
    recipient.set_work_factor(WORK_FACTOR);
    age::encrypt(&recipient, plain.expose_secret().as_bytes())
        .map_err(|error| failed(error.to_string()))
}

fn digest(bytes: &[u8]) -> [u8; 32] {
    Sha256::digest(bytes).into()
}

fn no_passphrase() -> Error {
    let hint = "enter the passphrase, or set LEADFERRY_PASSPHRASE";
    Error::new(
        Code::Passphrase,
        "the secrets file needs a passphrase",
        hint,
    )
}
