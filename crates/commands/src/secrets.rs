//! Secrets of connections: in the system's keychain, or in a file that a passphrase seals.
//!
//! Which of the two is recorded with the connection and never guessed. Only an approved workspace reads or changes any.

mod entry;
mod keychain;
mod parts;
mod sealed_file;

use std::sync::Arc;

use leadferry_store::Vault;
use secrecy::SecretString;

use crate::approval::Approval;
use crate::{Ask, Code, Error, Host, Result};
pub(crate) use entry::Entry;
use sealed_file::SealedFile;

/// Keeps the secrets of one workspace's connections, for all threads of this process.
pub(crate) struct Secrets {
    host: Arc<Host>,
    approval: Arc<Approval>,
    file: SealedFile,
}

impl Secrets {
    pub(crate) fn new(host: Arc<Host>, approval: Arc<Approval>) -> Secrets {
        let file = SealedFile::new(host.environment.data_folder.join("secrets.age"));
        Secrets {
            host,
            approval,
            file,
        }
    }

    /// Decides where the secrets of a new connection go, and tells the user where that is the file.
    pub(crate) fn choose_vault(&self) -> Vault {
        let vault = self.usable_vault();
        if vault == Vault::File && self.host.environment.keychain {
            self.host.front_end.tell(
                "This computer has no keychain, so secrets are stored in a file that's \
                                      encrypted with a passphrase.",
            );
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

    /// Returns a secret; `None` where there is none, or another host issued it.
    pub(crate) fn read(&self, vault: Vault, entry: &Entry) -> Result<Option<SecretString>> {
        self.approval.check()?;
        let name = entry.name();
        let held = match vault {
            Vault::Keychain => keychain::read(self.allowed()?, name)?,
            Vault::File => self.file.read(name, &|ask| self.passphrase(ask))?,
        };
        let secret = held.and_then(|held| entry.open(&held));
        if secret.is_some() {
            self.approval.record_use(name)?;
        }
        Ok(secret)
    }

    /// Keeps a secret; it is durable when this returns.
    pub(crate) fn write(&self, vault: Vault, entry: &Entry, secret: &SecretString) -> Result<()> {
        self.approval.check()?;
        self.approval.record_use(entry.name())?;
        let (name, held) = (entry.name(), entry.seal(secret));
        match vault {
            Vault::Keychain => keychain::write(self.allowed()?, name, &held),
            Vault::File => self
                .file
                .write(name, Some(&held), &|ask| self.passphrase(ask)),
        }
    }

    /// Tells whether a secret of this workspace is in the vault, as far as this computer has recorded; the vault isn't opened.
    pub(crate) fn is_kept(&self, entry: &Entry) -> Result<bool> {
        self.approval.is_used(entry.name())
    }

    /// Tells whether another workspace on this computer needs a secret that this one lets go of.
    pub(crate) fn others_need(&self, entry: &Entry) -> Result<bool> {
        self.approval.others_use(entry.name())
    }

    /// Lets go of a secret: it is removed unless another workspace needs it. One that isn't there is no error.
    pub(crate) fn let_go(&self, vault: Vault, entry: &Entry) -> Result<()> {
        self.approval.check()?;
        let name = entry.name();
        if !self.others_need(entry)? {
            match vault {
                Vault::Keychain => keychain::remove(self.allowed()?, name)?,
                Vault::File => self.file.write(name, None, &|ask| self.passphrase(ask))?,
            }
        }
        self.approval.forget_use(name)
    }

    /// Makes sure that a secret could be kept now, so that nobody signs in only to lose it.
    pub(crate) fn ready(&self, vault: Vault) -> Result<()> {
        self.approval.check()?;
        match vault {
            Vault::Keychain => keychain::health(self.allowed()?),
            Vault::File => self.file.ready(&|ask| self.passphrase(ask)),
        }
    }

    /// Tells whether a vault opens without asking anybody.
    pub(crate) fn opens_unasked(&self, vault: Vault) -> bool {
        match vault {
            Vault::Keychain => self.host.environment.keychain,
            Vault::File => self.host.environment.passphrase.is_some() || self.file.is_open(),
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
        self.approval.check()?;
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
            "the secrets are in the system's keychain, which is turned off",
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
