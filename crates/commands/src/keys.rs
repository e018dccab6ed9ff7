//! Keys that sign in by an assertion: made here, or read from a file; the private half goes into the vault and nowhere else.

mod certificate;
mod files;
mod java;
mod making;
mod pkcs12;
mod private;
#[cfg(test)]
mod tests;
mod text;
mod traditional;

use std::io::Write as _;
use std::path::Path;

use leadferry_store::SigningKey as Stored;
use secrecy::SecretString;
use serde::Serialize;

pub use certificate::Certificate;
pub use files::{ImportKey, KeyFile, KeyFileEntry, KeyFileKind, Passphrases, inspect};

use crate::files::create_new;
use crate::secrets::Entry;
use crate::{Error, Result, Workspace};
use private::PrivateKey;

/// A key that signs in, as far as anyone may see it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ts_rs::TS)]
#[ts(rename = "SigningKey")]
pub struct KeyInfo {
    /// SHA-256 of its public half, in hex.
    pub id: String,
    /// The certificate's common name, or the alias in the file that it came from.
    pub name: String,
    /// Length of the modulus.
    pub bits: u32,
    /// Its certificate; the app in Salesforce has to hold it. `None` where the file held none.
    pub certificate: Option<Certificate>,
    /// Whether the private half is on this computer.
    pub is_here: bool,
    /// The connections that sign in with it.
    pub connections: Vec<String>,
    /// When it was made or imported, UTC milliseconds.
    pub made_at: i64,
}

/// Returns the keys of the workspace, the newest first.
pub fn list(workspace: &Workspace) -> Result<Vec<KeyInfo>> {
    let keys = workspace.store().read(|reader| reader.signing_keys())?;
    keys.into_iter().map(|key| info(workspace, key)).collect()
}

/// Returns one key by its id or the beginning of it, or by the name of a connection that signs in with it.
///
/// # Errors
/// When there is no such key.
pub fn find(workspace: &Workspace, text: &str) -> Result<KeyInfo> {
    let all = list(workspace)?;
    let is_meant = |key: &&KeyInfo| {
        let by_id = text.len() >= 8 && key.id.starts_with(&text.to_ascii_lowercase());
        by_id
            || key
                .connections
                .iter()
                .any(|name| name.eq_ignore_ascii_case(text))
    };
    let found = all.iter().find(is_meant).cloned();
    found.ok_or_else(|| {
        Error::usage(
            "There's no such key.",
            "Choose one of the keys in the list.",
        )
        .with_command("connections keys list")
    })
}

fn info(workspace: &Workspace, key: Stored) -> Result<KeyInfo> {
    let all = workspace.store().read(|reader| reader.connections())?;
    let users = all
        .into_iter()
        .filter(|one| one.jwt.key_id.as_ref() == Some(&key.id));
    let users: Vec<_> = users.collect();
    let secrets = workspace.secrets();
    let mut is_here = secrets.is_kept(&Entry::of_unused_key(&key.id))?;
    for entry in users.iter().filter_map(Entry::of_key) {
        is_here |= secrets.is_kept(&entry)?;
    }
    Ok(KeyInfo {
        certificate: key.certificate.as_deref().and_then(Certificate::from_pem),
        id: key.id,
        name: key.name,
        bits: key.bits,
        is_here,
        connections: users.into_iter().map(|one| one.name).collect(),
        made_at: key.made_at,
    })
}

/// Makes a key of 4096 bits with a certificate of ten years; takes seconds. The private half goes straight into the vault.
///
/// # Errors
/// When the name can't stand in a certificate, or the key can't be kept.
pub async fn make(workspace: &Workspace, name: &str) -> Result<KeyInfo> {
    workspace.store().check_writable()?;
    let name = checked_name(name)?;
    workspace
        .secrets()
        .ready(workspace.secrets().usable_vault())?;
    let now = workspace.host().now();
    let made = {
        let name = name.clone();
        tokio::task::spawn_blocking(move || making::make(&name, now)).await
    };
    let made = made.unwrap_or_else(|_| Err(making::failed("the work was interrupted")))?;
    keep(workspace, name, &made.key, Some(&made.certificate))
}

/// Reads a key out of a file, and keeps it as [`make`] does. The file is left alone.
///
/// # Errors
/// When the file is no key file, its passphrase is missing or wrong, or it holds no RSA key of at least 2048 bits.
pub fn import(workspace: &Workspace, request: &ImportKey) -> Result<KeyInfo> {
    workspace.store().check_writable()?;
    let read = files::key_in(request)?;
    keep(workspace, read.name, &read.key, read.certificate.as_ref())
}

fn keep(
    workspace: &Workspace,
    name: String,
    key: &PrivateKey,
    certificate: Option<&Certificate>,
) -> Result<KeyInfo> {
    let secrets = workspace.secrets();
    let stored = Stored {
        id: key.id(),
        name,
        bits: key.bits(),
        certificate: certificate.map(|certificate| certificate.pem.clone()),
        expires_at: certificate.map(|certificate| certificate.expires_at),
        vault: secrets.choose_vault(),
        made_at: workspace.host().now(),
    };
    // The private half first: without it the other one is good for nothing.
    secrets.write(stored.vault, &Entry::of_unused_key(&stored.id), key.pem())?;
    let store = workspace.store();
    store.write(|writer| writer.save_signing_key(&stored))?;
    let kept = store.read(|reader| reader.signing_key(&stored.id))?;
    info(workspace, kept)
}

/// Writes the certificate of a key into a new file, for uploading it to the app.
///
/// # Errors
/// When the key has none, or there is a file of that name.
pub fn save_certificate(workspace: &Workspace, key: &str, place: &Path) -> Result<()> {
    let key = find(workspace, key)?;
    let Some(certificate) = key.certificate else {
        return Err(Error::usage(
            "This key has no certificate.",
            "Use the certificate that was made with the key, or make a new key.",
        ));
    };
    let written = create_new(place).and_then(|mut file| {
        file.write_all(certificate.pem.as_bytes())?;
        file.sync_all()
    });
    written.map_err(|error| Error::file(place, &error))
}

/// Writes a key with its certificate into a new PKCS#12 file that a passphrase seals.
///
/// # Errors
/// When the private half isn't on this computer, the passphrase is too short, or there is a file of that name.
pub fn export(
    workspace: &Workspace,
    key: &str,
    passphrase: &SecretString,
    place: &Path,
) -> Result<KeyInfo> {
    let key = find(workspace, key)?;
    let private = PrivateKey::from_pem(&private_half(workspace, &key)?)?;
    let sealed = pkcs12::sealed(&key.name, &private, key.certificate.as_ref(), passphrase)?;
    let written = create_new(place).and_then(|mut file| {
        file.write_all(&sealed)?;
        file.sync_all()
    });
    written.map_err(|error| Error::file(place, &error))?;
    Ok(key)
}

/// Returns the private half of a key as PEM, whichever connection it signs in for.
fn private_half(workspace: &Workspace, key: &KeyInfo) -> Result<SecretString> {
    let (stored, all) = workspace
        .store()
        .read(|reader| Ok::<_, Error>((reader.signing_key(&key.id)?, reader.connections()?)))?;
    let secrets = workspace.secrets();
    let unused = Entry::of_unused_key(&key.id);
    if secrets.is_kept(&unused)?
        && let Some(private) = secrets.read(stored.vault, &unused)?
    {
        return Ok(private);
    }
    let users = all
        .iter()
        .filter(|one| one.jwt.key_id.as_ref() == Some(&key.id));
    for user in users {
        if let (Some(vault), Some(entry)) = (user.vault, Entry::of_key(user))
            && let Some(private) = secrets.read(vault, &entry)?
        {
            return Ok(private);
        }
    }
    Err(Error::new(
        crate::Code::SignIn,
        "The private key isn't stored on this computer.",
        "Export it on the computer that it was made or imported on.",
    ))
}

/// Forgets a key that no connection signs in with.
///
/// # Errors
/// When one does.
pub fn discard(workspace: &Workspace, key: &str) -> Result<KeyInfo> {
    let found = find(workspace, key)?;
    if let Some(user) = found.connections.first() {
        let message = format!("The connection \"{user}\" signs in with this key.");
        return Err(Error::usage(
            message,
            "Remove the connection first, or give it another key.",
        ));
    }
    let store = workspace.store();
    let kept = store.read(|reader| reader.signing_key(&found.id))?;
    workspace
        .secrets()
        .let_go(kept.vault, &Entry::of_unused_key(&found.id))?;
    store.write(|writer| writer.remove_signing_key(&found.id))?;
    Ok(found)
}

/// Gives a key that no connection has used yet to a connection: from now on it signs in there, and nowhere else.
pub(crate) fn give(workspace: &Workspace, connection: &leadferry_store::Connection) -> Result<()> {
    let (Some(id), Some(entry)) = (&connection.jwt.key_id, Entry::of_key(connection)) else {
        return Err(Error::usage(
            "The connection has no key.",
            "Choose the key that it signs in with.",
        )
        .at("key"));
    };
    let secrets = workspace.secrets();
    let key = workspace.store().read(|reader| reader.signing_key(id))?;
    let vault = connection.vault.unwrap_or(key.vault);
    if let Some(private) = secrets.read(key.vault, &Entry::of_unused_key(id))? {
        return secrets.write(vault, &entry, &private);
    }
    match secrets.read(vault, &entry)? {
        Some(_) => Ok(()),
        None => Err(not_here(&connection.name)),
    }
}

/// Lets go of the copy of a key that no connection had used, now that one does.
pub(crate) fn given(workspace: &Workspace, id: &str) -> Result<()> {
    let key = workspace.store().read(|reader| reader.signing_key(id))?;
    let entry = Entry::of_unused_key(id);
    match workspace.secrets().is_kept(&entry)? {
        true => workspace.secrets().let_go(key.vault, &entry),
        false => Ok(()),
    }
}

/// Returns the error for a key whose private half is on another computer, or bound to another host.
pub(crate) fn not_here(connection: &str) -> Error {
    Error::new(
        crate::Code::SignIn,
        format!("The private key of \"{connection}\" isn't stored on this computer."),
        "Import the key file again. Or make a new key and upload its certificate to the app.",
    )
    .because(
        "A private key stays on the computer, and with the host and app, that it was set up for.",
    )
    .with_command(format!(
        "connections set {} --new-key --certificate cert.pem",
        crate::quoted(connection)
    ))
}

/// Returns a private key as PEM, for signing.
pub(crate) fn private_key_of(
    connection: &leadferry_store::Connection,
    secrets: &crate::secrets::Secrets,
) -> Result<SecretString> {
    let kept = match (connection.vault, Entry::of_key(connection)) {
        (Some(vault), Some(entry)) => secrets.read(vault, &entry)?,
        _ => None,
    };
    kept.ok_or_else(|| not_here(&connection.name))
}

fn checked_name(name: &str) -> Result<String> {
    let name = name.trim();
    if name.is_empty() || name.chars().count() > 64 || name.chars().any(char::is_control) {
        return Err(Error::usage(
            "This can't be a certificate's name.",
            "Enter 1 to 64 characters on one line.",
        )
        .at("name"));
    }
    Ok(name.to_owned())
}
