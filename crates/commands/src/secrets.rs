//! Secrets of connections: in the system's keychain, or in a file that a passphrase seals.
//!
//! Which of the two is recorded with the connection and never guessed. Names of secrets hold hosts and ids only.

mod keychain;
mod sealed_file;

use std::sync::Arc;

use leadferry_store::Vault;
use secrecy::SecretString;

use crate::{Ask, Code, Error, Host, Result};
use sealed_file::SealedFile;

/// Keeps secrets, for all threads of this process.
pub(crate) struct Secrets {
    host: Arc<Host>,
    file: SealedFile,
}

impl Secrets {
    pub(crate) fn new(host: Arc<Host>) -> Secrets {
        let file = SealedFile::new(host.environment.data_folder.join("secrets.age"));
        Secrets { host, file }
    }

    /// Decides where the secrets of a new connection go: the keychain, or where there is none the file.
    pub(crate) fn choose_vault(&self) -> Vault {
        if !self.host.environment.keychain {
            return Vault::File;
        }
        match keychain::probe() {
            Ok(()) => Vault::Keychain,
            Err(error) => {
                tracing::debug!(%error, "no usable keychain");
                self.host.front_end.tell("This machine has no usable keychain: secrets go into a file sealed with a passphrase.");
                Vault::File
            }
        }
    }

    pub(crate) fn read(&self, vault: Vault, name: &str) -> Result<Option<SecretString>> {
        match vault {
            Vault::Keychain => keychain::read(self.allowed()?, name),
            Vault::File => self.file.read(name, &|ask| self.passphrase(ask)),
        }
    }

    /// Keeps a secret; it is durable when this returns.
    pub(crate) fn write(&self, vault: Vault, name: &str, secret: &SecretString) -> Result<()> {
        match vault {
            Vault::Keychain => keychain::write(self.allowed()?, name, secret),
            Vault::File => self
                .file
                .write(name, Some(secret), &|ask| self.passphrase(ask)),
        }
    }

    /// Removes a secret; one that is not there is no error.
    pub(crate) fn remove(&self, vault: Vault, name: &str) -> Result<()> {
        match vault {
            Vault::Keychain => keychain::remove(self.allowed()?, name),
            Vault::File => self.file.write(name, None, &|ask| self.passphrase(ask)),
        }
    }

    /// Opens the keychain or the file, for the doctor; false when the file is not there.
    pub(crate) fn health(&self, vault: Vault) -> Result<bool> {
        match vault {
            Vault::Keychain => keychain::health(self.allowed()?).map(|()| true),
            Vault::File => {
                self.file.read("", &|ask| self.passphrase(ask))?;
                Ok(self.file.exists())
            }
        }
    }

    fn allowed(&self) -> Result<keychain::Allowed> {
        if self.host.environment.keychain {
            return Ok(keychain::Allowed);
        }
        let hint = "unset LEADFERRY_KEYCHAIN, or remove the connection and add it again";
        Err(Error::new(
            Code::Local,
            "the secrets are in the system's keychain, which is switched off",
            hint,
        ))
    }

    fn passphrase(&self, ask: Ask) -> Option<SecretString> {
        let given = self.host.environment.passphrase.clone();
        given.or_else(|| self.host.front_end.passphrase(ask))
    }
}

#[cfg(test)]
mod tests;
