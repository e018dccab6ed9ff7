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

    /// Decides where the secrets of a new connection go, and tells the user where that is the file.
    pub(crate) fn choose_vault(&self) -> Vault {
        let vault = self.usable_vault();
        if vault == Vault::File && self.host.environment.keychain {
            self.host.front_end.tell("This machine has no usable keychain: secrets go into a file sealed with a passphrase.");
        }
        vault
    }

    /// Returns where the secrets of a new connection would go: the keychain, or where there is none the file.
    pub(crate) fn usable_vault(&self) -> Vault {
        if !self.host.environment.keychain {
            return Vault::File;
        }
        match keychain::probe() {
            Ok(()) => Vault::Keychain,
            Err(error) => {
                tracing::debug!(%error, "no usable keychain");
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

    /// Makes sure that a secret could be kept now, so that nobody signs in only to lose it.
    pub(crate) fn ready(&self, vault: Vault) -> Result<()> {
        match vault {
            Vault::Keychain => keychain::health(self.allowed()?),
            Vault::File => self.file.ready(&|ask| self.passphrase(ask)),
        }
    }

    /// Returns where the file of secrets is, or would be.
    pub(crate) fn file_path(&self) -> &std::path::Path {
        self.file.path()
    }

    /// Tells whether there is a file of secrets.
    pub(crate) fn file_exists(&self) -> bool {
        self.file.exists()
    }

    /// Tells whether a passphrase opens the file of secrets; any does where there is none yet.
    pub(crate) fn is_right(&self, passphrase: &SecretString) -> Result<bool> {
        self.file.is_right(passphrase)
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
