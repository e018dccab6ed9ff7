//! `shell.…`: what only the desktop can do for the window.

use std::path::PathBuf;

use secrecy::SecretString;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::Pick;
use super::table::{Nothing, commands};
use crate::{Code, Error};

commands! {
    /// Lets the user pick a file; none when she thinks better of it.
    "shell.pick_file" (PickFile) -> Option<PathBuf> = |at, request| Ok(at.desk().pick_file(request.what));
    /// Lets the user say where a new file goes.
    "shell.pick_place" (PickPlace) -> Option<PathBuf> = |at, request| {
        Ok(at.desk().pick_place(request.what, &request.name))
    };
    /// Opens an https address in the browser, or a folder on this machine.
    "shell.open" (Address) -> () = |at, request| open(at.desk(), &request.address);
    /// Returns a preference of the window; null until set.
    "shell.preference" (Key) -> Value = |at, request| Ok(at.desk().preference(&request.key));
    /// Keeps a preference of the window.
    "shell.set_preference" (Preference) -> () = |at, request| {
        at.desk().set_preference(&request.key, request.value);
        Ok(())
    };
    /// Says where the file of secrets is and whether there is one, before a passphrase is asked for.
    "shell.secrets" (Nothing) -> SealedSecrets = |at, _| {
        let secrets = at.workspace()?.secrets();
        Ok(SealedSecrets { file: secrets.file_path().to_owned(), exists: secrets.file_exists() })
    };
    /// Keeps the passphrase of the file of secrets until the app ends, in memory only; a wrong one is not kept.
    "shell.unlock" (Passphrase) -> Unlocked = |at, request| {
        let passphrase = request.passphrase.map(SecretString::from);
        let right = match (&passphrase, at.workspace()) {
            (Some(passphrase), Ok(workspace)) => workspace.secrets().is_right(passphrase)?,
            _ => true,
        };
        if right {
            at.door().front.keep_passphrase(passphrase);
        }
        Ok(Unlocked { right })
    };
    /// Closes the window: work goes on in the tray, or the program ends.
    "shell.close" (Close) -> () = |at, request| {
        at.desk().close(request.keep_running);
        Ok(())
    };
}

#[derive(Debug, Deserialize, ts_rs::TS)]
pub(crate) struct PickFile {
    /// What for.
    what: Pick,
}

#[derive(Debug, Deserialize, ts_rs::TS)]
pub(crate) struct PickPlace {
    /// What for.
    what: Pick,
    /// The name to propose.
    name: String,
}

#[derive(Debug, Deserialize, ts_rs::TS)]
pub(crate) struct Address {
    /// An https address, or an absolute path.
    address: String,
}

#[derive(Debug, Deserialize, ts_rs::TS)]
pub(crate) struct Key {
    /// Which preference.
    key: String,
}

#[derive(Debug, Deserialize, ts_rs::TS)]
pub(crate) struct Preference {
    /// Which preference.
    key: String,
    /// Its value.
    value: Value,
}

#[derive(Deserialize, ts_rs::TS)]
pub(crate) struct Passphrase {
    /// What the user typed; null forgets it.
    passphrase: Option<String>,
}

#[derive(Debug, Serialize, ts_rs::TS)]
pub(crate) struct SealedSecrets {
    /// Where it is, or would be.
    file: PathBuf,
    /// Whether there is one: its passphrase is entered; otherwise one is chosen.
    exists: bool,
}

#[derive(Debug, Serialize, ts_rs::TS)]
pub(crate) struct Unlocked {
    /// Whether the passphrase opens the file.
    right: bool,
}

#[derive(Debug, Deserialize, ts_rs::TS)]
pub(crate) struct Close {
    /// Whether work goes on in the tray.
    keep_running: bool,
}

/// Opens what a window may open: secure pages, pages of this machine, and folders; nothing that would be run.
fn open(desk: &dyn super::Desk, address: &str) -> crate::Result<()> {
    let refused = |why: &str| {
        Error::usage(
            format!("\"{address}\" was not opened: {why}"),
            "open it yourself",
        )
    };
    let target = match url::Url::parse(address) {
        Ok(url) if url.scheme() == "https" => url.to_string(),
        Ok(url) if url.scheme() == "http" && is_this_machine(&url) => url.to_string(),
        Ok(_) => return Err(refused("only secure pages are opened")),
        Err(_) => {
            let path = PathBuf::from(address);
            if !path.is_dir() {
                return Err(refused("there is no such folder"));
            }
            path.display().to_string()
        }
    };
    if desk.open(&target) {
        return Ok(());
    }
    Err(Error::new(
        Code::Local,
        "this machine does not say what opens it",
        format!("open it yourself: {target}"),
    ))
}

fn is_this_machine(url: &url::Url) -> bool {
    match url.host() {
        Some(url::Host::Domain(name)) => name == "localhost",
        Some(url::Host::Ipv4(address)) => address.is_loopback(),
        Some(url::Host::Ipv6(address)) => address.is_loopback(),
        None => false,
    }
}
