//! `shell.…`: what only the desktop can do for the window.

use std::path::PathBuf;

use secrecy::SecretString;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use url::Url;

use super::table::{Nothing, commands};
use super::{At, Pick};
use crate::{Code, Error};

commands! {
    /// Lets the user pick a file; none when she thinks better of it.
    "shell.pick_file" (PickFile) -> Option<PathBuf> = |at, request| Ok(at.desk().pick_file(request.what));
    /// Lets the user say where a new file goes.
    "shell.pick_place" (PickPlace) -> Option<PathBuf> = |at, request| {
        Ok(at.desk().pick_place(request.what, &request.name))
    };
    /// Opens the page of a record in the browser.
    "shell.open" (Address) -> () = |at, request| open(&at, &request.address);
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
    /// The https address of a record in a connected org.
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

/// Opens the page of a record, the only thing outside that the window shows links to.
fn open(at: &At, address: &str) -> crate::Result<()> {
    let connections = at
        .workspace()?
        .store()
        .read(|reader| reader.connections())?;
    let orgs = connections
        .iter()
        .filter_map(|one| one.instance_url.as_deref());
    let Some(page) = record_page(address, orgs) else {
        return Err(Error::usage(
            "this address wasn't opened",
            "open the record in Salesforce yourself",
        )
        .because("Leadferry only opens records in the orgs that this workspace is connected to"));
    };
    if at.desk().open(page.as_str()) {
        return Ok(());
    }
    Err(Error::new(
        Code::Local,
        "no browser could be opened",
        format!("open this address yourself: {page}"),
    ))
}

/// Reads the address of a record's page in one of these orgs.
fn record_page<'o>(address: &str, mut orgs: impl Iterator<Item = &'o str>) -> Option<Url> {
    let page = Url::parse(address)
        .ok()
        .filter(|url| url.scheme() == "https")?;
    let is_at = |org: &str| Url::parse(org).is_ok_and(|org| org.origin() == page.origin());
    let path: Vec<&str> = page.path_segments()?.collect();
    let is_word = |text: &str| {
        let word = |letter: char| letter.is_ascii_alphanumeric() || letter == '_';
        !text.is_empty() && text.chars().all(word)
    };
    let is_record = match path.as_slice() {
        [id] | ["lightning", "r", _, id, "view"] => matches!(id.len(), 15 | 18),
        _ => false,
    };
    let is_plain =
        page.query().is_none() && page.fragment().is_none() && page.username().is_empty();
    (orgs.any(is_at) && is_record && path.into_iter().all(is_word) && is_plain).then_some(page)
}

#[cfg(test)]
mod tests {
    use super::record_page;

    #[test]
    fn only_pages_of_records_in_connected_orgs_are_opened() {
        const ORGS: [&str; 2] = ["http://127.0.0.1:8080", "https://acme.my.salesforce.com"];
        let opens = |address: &str| record_page(address, ORGS.into_iter()).is_some();
        for address in [
            "https://acme.my.salesforce.com/003000000000001AAA",
            "https://acme.my.salesforce.com/lightning/r/Contact/003000000000001AAA/view",
        ] {
            assert!(opens(address), "{address}");
        }
        for address in [
            "https://acme.my.salesforce.com.evil.example/003000000000001AAA",
            "https://evil.example/003000000000001AAA",
            "https://acme.my.salesforce.com:444/003000000000001AAA",
            "https://x@acme.my.salesforce.com/003000000000001AAA",
            "https://acme.my.salesforce.com/secur/logout.jsp",
            "https://acme.my.salesforce.com/003000000000001AAA?retURL=//evil.example",
            "https://acme.my.salesforce.com/lightning/r/Contact/..%2f..%2f/view",
            "http://127.0.0.1:8080/003000000000001AAA",
            "file:///home/ada/evil.desktop",
            "/home/ada",
            "/usr/bin/true",
            "javascript:alert(1)",
        ] {
            assert!(!opens(address), "{address}");
        }
    }
}
