//! Who signs in: a user with a key, or with a password.

use std::path::PathBuf;

use clap::Args;
use leadferry_commands::connections::UserSignIn;
use leadferry_commands::keys::{self, ImportKey, KeyInfo, Passphrases};
use leadferry_commands::{Error, Result, Workspace};
use secrecy::SecretString;

use super::typed::typed;

// No docstring: it would stand in the help of the commands that take these options.
#[derive(Debug, Args)]
pub(super) struct User {
    /// Salesforce username of the user who signs in, for the flows jwt and password.
    #[arg(long)]
    username: Option<String>,
    /// Make a new key, and save its certificate to the file of --certificate.
    #[arg(long, requires = "certificate", conflicts_with_all = ["key", "key_id"])]
    new_key: bool,
    /// Import the key from a .pem, .p12, .pfx or .jks file.
    #[arg(long, value_name = "FILE", conflicts_with = "key_id")]
    key: Option<PathBuf>,
    /// Use a key made by `keys new` or `keys import`.
    #[arg(long, value_name = "ID")]
    key_id: Option<String>,
    /// Which key, if the key file holds several.
    #[arg(long, requires = "key")]
    alias: Option<String>,
    /// With --new-key: new file for the certificate. With --key: file with the certificate, if the key file has none.
    #[arg(long, value_name = "FILE")]
    certificate: Option<PathBuf>,
    /// Whom assertions are for, as an address, if not what the host implies.
    #[arg(long, value_name = "URL")]
    audience: Option<String>,
    /// How long an assertion is valid. Default: 180.
    #[arg(long, value_name = "SECONDS")]
    assertion_seconds: Option<u64>,
    /// Read the passphrase of the key file from standard input.
    #[arg(long, requires = "key")]
    key_passphrase_stdin: bool,
    /// Read the passphrase of the key itself from standard input, if the keystore gives it one of its own.
    #[arg(long, requires = "key")]
    entry_passphrase_stdin: bool,
    /// Read the user's password from standard input.
    #[arg(long)]
    password_stdin: bool,
    /// Read the user's security token from standard input.
    #[arg(long)]
    security_token_stdin: bool,
}

/// The key that was given, made or imported before the connection is saved.
#[derive(Debug, Default)]
pub(super) struct Given {
    key: Option<KeyInfo>,
    /// Where its certificate was saved.
    certificate: Option<PathBuf>,
    /// Whether it wasn't there before.
    is_new: bool,
}

impl User {
    pub(super) fn says_nothing(&self) -> bool {
        self.username.is_none()
            && !self.new_key
            && self.key.is_none()
            && self.key_id.is_none()
            && self.audience.is_none()
            && self.assertion_seconds.is_none()
            && !self.password_stdin
            && !self.security_token_stdin
    }

    /// Makes, imports or finds the key.
    pub(super) async fn given(&self, workspace: &Workspace, connection: &str) -> Result<Given> {
        if let (true, Some(place)) = (self.new_key, &self.certificate) {
            let key = keys::make(workspace, &certificate_name(connection)).await?;
            if let Err(error) = keys::save_certificate(workspace, &key.id, place) {
                keys::discard(workspace, &key.id)?;
                return Err(error);
            }
            return Ok(Given {
                key: Some(key),
                certificate: Some(place.clone()),
                is_new: true,
            });
        }
        if let Some(path) = &self.key {
            let request = ImportKey {
                path: path.clone(),
                passphrases: passphrases(self.key_passphrase_stdin, self.entry_passphrase_stdin)?,
                alias: self.alias.clone(),
                certificate: self.certificate.clone(),
            };
            return Ok(Given {
                key: Some(imported(workspace, &request)?),
                certificate: None,
                is_new: true,
            });
        }
        let key = self.key_id.as_deref().map(|id| keys::find(workspace, id));
        Ok(Given {
            key: key.transpose()?,
            ..Given::default()
        })
    }

    pub(super) fn sign_in(&self, given: &Given) -> Result<UserSignIn> {
        let password: Option<SecretString> = typed(self.password_stdin, "Password")?;
        Ok(UserSignIn {
            username: self.username.clone(),
            password,
            security_token: typed(self.security_token_stdin, "Security token")?,
            key: given.key.as_ref().map(|key| key.id.clone()),
            audience: self.audience.clone(),
            lifetime_s: self
                .assertion_seconds
                .map(|seconds| u32::try_from(seconds).unwrap_or(u32::MAX)),
        })
    }
}

impl Given {
    /// Forgets a key that was made or imported for a connection which couldn't be saved.
    pub(super) fn keep_if<T>(&self, workspace: &Workspace, result: Result<T>) -> Result<T> {
        if let (Err(_), Some(key), true) = (&result, &self.key, self.is_new)
            && keys::discard(workspace, &key.id).is_ok()
            && let Some(place) = &self.certificate
        {
            // It's of no use without the key, and the next try would find it in the way.
            let _ = std::fs::remove_file(place);
        }
        result
    }

    /// Says what to do with a certificate that was saved.
    pub(super) fn told(&self) -> String {
        let Some(place) = &self.certificate else {
            return String::new();
        };
        format!(
            "Its certificate is in {}. In Salesforce, edit the app, turn on digital signatures and upload the \
             certificate.\n",
            place.display()
        )
    }
}

/// Reads what opens a key file, where it was asked for.
pub(super) fn passphrases(of_file: bool, of_entry: bool) -> Result<Passphrases> {
    Ok(Passphrases {
        file: typed(of_file, "Passphrase of the key file")?,
        key: typed(of_entry, "Passphrase of the key itself")?,
    })
}

/// Imports a key.
pub(super) fn imported(workspace: &Workspace, request: &ImportKey) -> Result<KeyInfo> {
    keys::import(workspace, request).map_err(with_option)
}

/// Says which option takes what is missing or wrong.
pub(super) fn with_option(error: Error) -> Error {
    let option = match error.field.as_deref() {
        Some("passphrase") => "--key-passphrase-stdin",
        Some("key_passphrase") => "--entry-passphrase-stdin",
        Some("alias") => "--alias",
        Some("certificate") => "--certificate",
        Some("client_id") => "--client-id",
        Some("client_secret") => "--client-secret-stdin",
        Some("username") => "--username",
        Some("password") => "--password-stdin",
        Some("key") => "--key or --new-key",
        _ => return error,
    };
    let hint = format!("{}, with {option}.", error.hint.trim_end_matches('.'));
    Error { hint, ..error }
}

fn certificate_name(connection: &str) -> String {
    let name: String = connection
        .chars()
        .filter(|letter| !letter.is_control())
        .collect();
    format!("Leadferry {name}").chars().take(64).collect()
}
