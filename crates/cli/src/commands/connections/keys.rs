//! `connections keys …`

use std::io::IsTerminal as _;
use std::path::{Path, PathBuf};

use clap::Subcommand;
use leadferry_commands::keys::{self, Certificate, ImportKey, KeyFile, KeyInfo};
use leadferry_commands::{Error, Result, Workspace, activities, local_time};
use secrecy::{ExposeSecret as _, SecretString};
use serde_json::json;

use super::typed::typed;
use super::users::{imported, passphrases, with_option};
use crate::app::App;
use crate::table::{Table, pairs};

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// List the keys and the connections that sign in with them.
    List,
    /// Make a key and save its certificate. The private key stays on this computer.
    New {
        /// New file for the certificate, for uploading it to the app.
        #[arg(long, value_name = "FILE")]
        certificate: PathBuf,
        /// Name in the certificate.
        #[arg(long, default_value = "Leadferry")]
        name: String,
    },
    /// Import a key from a .pem, .p12, .pfx or .jks file.
    Import {
        /// The key file.
        file: PathBuf,
        /// Read the passphrase of the file from standard input.
        #[arg(long)]
        key_passphrase_stdin: bool,
        /// Read the passphrase of the key itself from standard input, if the keystore gives it one of its own.
        #[arg(long)]
        entry_passphrase_stdin: bool,
        /// Which key, if the file holds several.
        #[arg(long)]
        alias: Option<String>,
        /// File with its certificate, if the key file has none.
        #[arg(long, value_name = "FILE")]
        certificate: Option<PathBuf>,
    },
    /// Show what a key file holds, or the key of a connection.
    Inspect {
        /// Key file, name of a connection or id of a key.
        #[arg(value_name = "FILE|NAME")]
        what: String,
        /// Read the passphrase of the file from standard input.
        #[arg(long)]
        key_passphrase_stdin: bool,
        /// Read the passphrase of the key itself from standard input, if the keystore gives it one of its own.
        #[arg(long)]
        entry_passphrase_stdin: bool,
    },
    /// Save the certificate of a key to a new file.
    Certificate {
        /// Name of the connection or id of the key.
        key: String,
        /// New file.
        file: PathBuf,
    },
    /// Export a key with its certificate to a new .p12 file, protected by a passphrase.
    Export {
        /// Name of the connection or id of the key.
        key: String,
        /// New file.
        file: PathBuf,
        /// Read the passphrase for the file from standard input.
        #[arg(long)]
        key_passphrase_stdin: bool,
    },
    /// Remove a key that no connection uses.
    Remove {
        /// Id of the key.
        key: String,
    },
}

pub(super) async fn run(command: &Command, workspace: &Workspace, app: &App) -> Result<()> {
    match command {
        Command::List => list(workspace, app)?,
        Command::New { certificate, name } => {
            let key = keys::make(workspace, name).await?;
            if let Err(error) = keys::save_certificate(workspace, &key.id, certificate) {
                keys::discard(workspace, &key.id)?;
                return Err(error);
            }
            app.output.result(&key, |key| {
                format!(
                    "{}\nThe certificate is in {}. Upload it to the app in Salesforce, then add the connection:\n  \
                     leadferry-cli connections add NAME --flow jwt --username USER --host HOST --client-id KEY --key-id {}\n",
                    in_words(key),
                    certificate.display(),
                    short(&key.id)
                )
            });
        }
        Command::Import {
            file,
            key_passphrase_stdin,
            entry_passphrase_stdin,
            alias,
            certificate,
        } => {
            let request = ImportKey {
                path: file.clone(),
                passphrases: passphrases(*key_passphrase_stdin, *entry_passphrase_stdin)?,
                alias: alias.clone(),
                certificate: certificate.clone(),
            };
            app.output.result(&imported(workspace, &request)?, in_words);
        }
        Command::Inspect {
            what,
            key_passphrase_stdin,
            entry_passphrase_stdin,
        } => {
            let stdin = (*key_passphrase_stdin, *entry_passphrase_stdin);
            inspect(workspace, app, what, stdin)?;
        }
        Command::Certificate { key, file } => {
            keys::save_certificate(workspace, key, file)?;
            app.output.result(&json!({ "saved": file }), |_| {
                format!("Saved the certificate to {}.\n", file.display())
            });
        }
        Command::Export {
            key,
            file,
            key_passphrase_stdin,
        } => {
            let passphrase = new_passphrase(*key_passphrase_stdin)?;
            let exported = keys::export(workspace, key, &passphrase, file).map_err(with_option)?;
            app.output.result(&json!({ "exported": file }), |_| {
                format!(
                    "Exported the key \"{}\" to {}. Whoever has the file and its passphrase can sign in with it.\n",
                    exported.name,
                    file.display()
                )
            });
        }
        Command::Remove { key } => {
            let removed = keys::discard(workspace, key)?;
            app.output.removed(&removed.id, json!({}), || {
                format!("Removed the key \"{}\".\n", removed.name)
            });
        }
    }
    Ok(())
}

/// Reads the passphrase of a new file; a terminal is asked for it in any case, and twice: a mistyped one opens nothing.
fn new_passphrase(from_stdin: bool) -> Result<SecretString> {
    let is_asked = std::io::stdin().is_terminal();
    let first = typed(from_stdin || is_asked, "Passphrase for the file")?;
    let first = first.ok_or_else(|| {
        Error::usage(
            "The key file needs a passphrase.",
            "Add --key-passphrase-stdin, and enter a passphrase for the file.",
        )
    })?;
    let again = typed(is_asked, "Passphrase again")?;
    match again.is_some_and(|again| again.expose_secret() != first.expose_secret()) {
        true => Err(Error::usage(
            "The passphrases don't match.",
            "Enter the same passphrase twice.",
        )),
        false => Ok(first),
    }
}

fn list(workspace: &Workspace, app: &App) -> Result<()> {
    let keys = keys::list(workspace)?;
    app.output.result(&json!({ "keys": keys }), |_| {
        let mut table = Table::new(&["id", "name", "bits", "expires", "used by"]);
        for key in &keys {
            let expires = key.certificate.as_ref().map(|one| day(one.expires_at));
            table.row([
                short(&key.id).to_owned(),
                key.name.clone(),
                key.bits.to_string(),
                expires.unwrap_or_else(|| "no certificate".to_owned()),
                key.connections.join(", "),
            ]);
        }
        table.text("No keys yet.")
    });
    Ok(())
}

/// A connection's name or a key's id wins over a file of that name only where there is no such file.
fn inspect(workspace: &Workspace, app: &App, what: &str, stdin: (bool, bool)) -> Result<()> {
    let file = Path::new(what);
    if !file.exists()
        && let Ok(key) = keys::find(workspace, what)
    {
        app.output.result(&key, in_words);
        return Ok(());
    }
    let held = keys::inspect(file, &passphrases(stdin.0, stdin.1)?).map_err(with_option)?;
    app.output.result(&held, entries);
    Ok(())
}

fn entries(held: &KeyFile) -> String {
    let entries = held.entries.iter().map(|entry| {
        let key = match (&entry.bits, entry.has_key) {
            (Some(bits), _) => format!("RSA, {bits} bits"),
            (None, true) if entry.has_own_passphrase => {
                format!("{} Add --entry-passphrase-stdin.", entry.problem)
            }
            (None, true) => entry.problem.clone(),
            (None, false) => "none".to_owned(),
        };
        let mut rows = vec![("Alias", entry.alias.clone()), ("Private key", key)];
        rows.retain(|(_, value)| !value.is_empty());
        rows.extend(certificate(entry.certificate.as_ref()));
        pairs(&rows)
    });
    entries.collect::<Vec<_>>().join("\n")
}

fn in_words(key: &KeyInfo) -> String {
    let here = match key.is_here {
        true => "on this computer",
        false => "not on this computer",
    };
    let mut rows = vec![
        ("Key", short(&key.id).to_owned()),
        ("Name", key.name.clone()),
        ("Private key", format!("RSA, {} bits, {here}", key.bits)),
        ("Used by", key.connections.join(", ")),
    ];
    rows.extend(certificate(key.certificate.as_ref()));
    pairs(&rows)
}

fn certificate(certificate: Option<&Certificate>) -> Vec<(&'static str, String)> {
    let Some(one) = certificate else {
        return vec![("Certificate", "none".to_owned())];
    };
    vec![
        ("Certificate", one.subject.clone()),
        ("SHA-256", one.sha256.clone()),
        ("SHA-1", one.sha1.clone()),
        ("Valid from", day(one.valid_from)),
        ("Expires", day(one.expires_at)),
    ]
}

/// As much of an id as commands take.
fn short(id: &str) -> &str {
    id.get(..12).unwrap_or(id)
}

fn day(ms: i64) -> String {
    let moment = activities::written_moment(ms);
    local_time::day(moment.split('T').next().unwrap_or_default())
}
