//! The codes of commands, as `--json` prints them.

use super::{Area, ErrorExplained, Who, notes};
use crate::Code;

/// Returns all of them.
pub(super) fn all() -> impl Iterator<Item = ErrorExplained> {
    ALL.iter().map(|code| of(*code))
}

/// Explains one by its name.
pub(super) fn named(name: &str) -> Option<ErrorExplained> {
    all().find(|one| one.code == name)
}

const ALL: &[Code] = &[
    Code::Usage,
    Code::AlreadyImported,
    Code::NoWorkspace,
    Code::SignIn,
    Code::Unapproved,
    Code::Unconfirmed,
    Code::Limit,
    Code::Storage,
    Code::Rights,
    Code::SetUp,
    Code::NoNetwork,
    Code::AnotherSender,
    Code::Cancelled,
    Code::Passphrase,
    Code::ReadOnly,
    Code::Newer,
    Code::Local,
];

/// Name, label, cause, cure, who, command.
type Told = (
    &'static str,
    &'static str,
    &'static str,
    &'static str,
    Who,
    Option<&'static str>,
);

fn of(code: Code) -> ErrorExplained {
    let (name, label, cause, cure, who, command) = told(code);
    let explained = ErrorExplained {
        who,
        command,
        ..ErrorExplained::new(Area::Leadferry, name, label, cause, cure)
    };
    notes::with_note(explained, "")
}

fn told(code: Code) -> Told {
    match code {
        Code::Usage => (
            "usage",
            "Can't be done as entered",
            "what was entered doesn't make sense as it stands",
            "change what the message names, then try again",
            Who::You,
            None,
        ),
        Code::AlreadyImported => (
            "already_imported",
            "Already imported",
            "the same file was imported before",
            "import it again only if you mean to",
            Who::You,
            Some("contacts import FILE --again"),
        ),
        Code::NoWorkspace => (
            "no_workspace",
            "No workspace",
            "no workspace is open here",
            "open or create a workspace",
            Who::You,
            Some("workspace init"),
        ),
        Code::SignIn => (
            "sign_in",
            "Not signed in",
            "the sign-in to Salesforce is missing, has expired or was revoked",
            "sign in again",
            Who::You,
            Some("connections authorize NAME"),
        ),
        Code::Unapproved => (
            "unapproved",
            "Workspace not approved",
            "nobody has approved this workspace on this computer",
            "review the workspace and approve it",
            Who::You,
            Some("workspace review"),
        ),
        Code::Unconfirmed => (
            "unconfirmed",
            "First run to production",
            "it would be the first run to a production org",
            "confirm it with the org's name",
            Who::You,
            Some("replications run NAME --confirm ORG"),
        ),
        Code::Limit => (
            "limit",
            "API calls used up",
            "the org's API calls for the last 24 hours are used up, or the rest is reserved",
            "wait a few hours, or lower the reserve",
            Who::You,
            None,
        ),
        Code::Storage => (
            "storage",
            "Storage is full",
            "the org's data storage is full",
            "delete data in the org, or buy more storage",
            Who::Admin,
            None,
        ),
        Code::Rights => (
            "rights",
            "No permission",
            "the user or the app isn't allowed to do this in the org",
            "check the connection, which lists what's missing for your admin",
            Who::You,
            Some("connections check NAME"),
        ),
        Code::SetUp => (
            "set_up",
            "Set-up incomplete",
            "the org, the connection or the replication isn't fully set up",
            "do what the message names",
            Who::You,
            Some("replications prepare-org NAME"),
        ),
        Code::NoNetwork => (
            "no_network",
            "Org not reached",
            "the org couldn't be reached, or something else answered",
            "check your network, the proxy and the org's address, then try again",
            Who::You,
            Some("connections check NAME"),
        ),
        Code::AnotherSender => (
            "another_sender",
            "Another program is sending",
            "another window or command is sending to this org",
            "wait until it's finished",
            Who::Nobody,
            None,
        ),
        Code::Cancelled => (
            "cancelled",
            "Canceled",
            "somebody canceled it",
            "start it again when you're ready",
            Who::You,
            None,
        ),
        Code::Passphrase => (
            "passphrase",
            "Passphrase needed",
            "the passphrase of the encrypted file is missing or wrong",
            "enter the passphrase. If it's lost, remove the file and sign in again",
            Who::You,
            None,
        ),
        Code::ReadOnly => (
            "read_only",
            "Workspace is read-only",
            "the workspace can't be written to",
            "allow writing to the file and its folder, then try again",
            Who::You,
            None,
        ),
        Code::Newer => (
            "newer",
            "Made by a newer version",
            "a newer version of Leadferry wrote the file",
            "update Leadferry",
            Who::You,
            None,
        ),
        Code::Local => (
            "local",
            "This computer",
            "this computer, its disk or a file is at fault",
            "do what the message names, then try again",
            Who::You,
            Some("doctor --offline"),
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_code_is_called_as_it_is_printed() {
        for code in ALL {
            let printed = serde_json::to_value(code).unwrap();
            assert_eq!(printed, told(*code).0);
        }
    }
}
