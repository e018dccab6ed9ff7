//! What a front end is told when something does not work: what happened, why, and what to do.

use std::fmt;

use serde::{Deserialize, Serialize};

/// The result of every command.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// Returns a name as it is typed in a command, so that what a hint says works as it stands.
pub fn quoted(name: &str) -> String {
    if name.contains(['"', '$', '`', '\\', '!']) {
        return format!("'{}'", name.replace('\'', r"'\''"));
    }
    format!("\"{name}\"")
}

/// What a front end can tell apart; each code exists because one acts on it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ts_rs::TS, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Code {
    /// What was asked for makes no sense as it stands: ask again.
    Usage,
    /// The same file was imported before: ask whether to go on.
    AlreadyImported,
    /// No workspace is open.
    NoWorkspace,
    /// Someone has to sign in.
    SignIn,
    /// The org's limit on API calls is reached: it waits.
    Limit,
    /// The org's storage is full.
    Storage,
    /// The user or the app may not do this in the org.
    Rights,
    /// The org or the replication has to be set up first.
    SetUp,
    /// The org could not be reached, or answered nothing sensible.
    NoNetwork,
    /// Another process sends to the org.
    AnotherSender,
    /// The user stopped it.
    Cancelled,
    /// The passphrase is wrong or missing: ask for it again.
    Passphrase,
    /// The workspace cannot be written.
    ReadOnly,
    /// A newer version of the app has written the file.
    Newer,
    /// This machine, its disk or a file is at fault.
    Local,
}

/// The classes of exit codes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ExitClass {
    /// Asked for something that makes no sense.
    Usage,
    /// Someone has to sign in.
    SignIn,
    /// It was stopped, or waits.
    Waiting,
    /// This machine is at fault.
    Local,
}

impl Code {
    /// Returns the class of exit codes.
    pub fn class(self) -> ExitClass {
        match self {
            Code::Usage | Code::AlreadyImported | Code::NoWorkspace => ExitClass::Usage,
            Code::SignIn => ExitClass::SignIn,
            Code::Limit
            | Code::Storage
            | Code::Rights
            | Code::SetUp
            | Code::NoNetwork
            | Code::AnotherSender
            | Code::Cancelled => ExitClass::Waiting,
            Code::Passphrase | Code::ReadOnly | Code::Newer | Code::Local => ExitClass::Local,
        }
    }
}

/// Why a command did not work.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ts_rs::TS, Deserialize)]
#[ts(rename = "HostError")]
pub struct Error {
    /// What a front end acts on.
    pub code: Code,
    /// What happened.
    pub message: String,
    /// Why, where more is known than what happened; empty otherwise.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub cause: String,
    /// What to do.
    pub hint: String,
}

impl Error {
    /// Returns an error without a further cause.
    pub fn new(code: Code, message: impl Into<String>, hint: impl Into<String>) -> Error {
        Error {
            code,
            message: message.into(),
            cause: String::new(),
            hint: hint.into(),
        }
    }

    /// Returns an error about what was asked for.
    pub fn usage(message: impl Into<String>, hint: impl Into<String>) -> Error {
        Error::new(Code::Usage, message, hint)
    }

    /// Adds why.
    #[must_use]
    pub fn because(mut self, cause: impl Into<String>) -> Error {
        self.cause = cause.into();
        self
    }

    pub(crate) fn file(path: &std::path::Path, source: &std::io::Error) -> Error {
        let message = format!("could not use {}", path.display());
        Error::new(
            Code::Local,
            message,
            "check that the folder exists, has room, and may be written",
        )
        .because(source.to_string())
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)?;
        if !self.cause.is_empty() {
            write!(f, ": {}", self.cause)?;
        }
        Ok(())
    }
}

impl std::error::Error for Error {}

/// Joins the causes below an error's own text.
pub(crate) fn chain(error: &dyn std::error::Error) -> String {
    let mut texts: Vec<String> = Vec::new();
    let mut source = error.source();
    while let Some(cause) = source {
        let text = cause.to_string();
        if texts.last() != Some(&text) {
            texts.push(text);
        }
        source = cause.source();
    }
    texts.join(": ")
}

impl From<leadferry_store::Error> for Error {
    fn from(error: leadferry_store::Error) -> Error {
        use leadferry_store::Error as Store;
        let cause = chain(&error);
        let (code, hint) = match &error {
            Store::Missing(_) => (
                Code::Local,
                "check the path, or create a workspace with `workspace init`",
            ),
            Store::Exists(_) => (Code::Usage, "choose another file"),
            Store::NotAWorkspace(_) => (
                Code::Local,
                "check the path; a workspace is made with `workspace init`",
            ),
            Store::Newer { .. } => (Code::Newer, "update Leadferry; the file was left as it is"),
            Store::ReadOnly => (
                Code::ReadOnly,
                "make the file and its folder writable, then try again",
            ),
            Store::DiskFull => (
                Code::Local,
                "make room on the disk, then try again; nothing was lost",
            ),
            Store::Disk(_) => (
                Code::Local,
                "look whether the disk is full, write-protected or failing, then try again; what was saved is kept",
            ),
            Store::Busy => (
                Code::Local,
                "wait for the other program to finish, then try again",
            ),
            Store::Damaged(_) => (
                Code::Local,
                "restore the newest copy from the .backups folder beside the workspace",
            ),
            Store::NotFound { .. } => (
                Code::Usage,
                "check the name; the list commands show what there is",
            ),
            Store::NameTaken { .. } => (Code::Usage, "choose another name"),
            Store::Interrupted => (Code::Cancelled, "ask again"),
            Store::Refused(_) => (Code::Usage, "change what is asked for, and try again"),
            _ => (
                Code::Local,
                "try again; if it stays, restore the newest copy from the .backups folder",
            ),
        };
        Error::new(code, error.to_string(), hint).because(cause)
    }
}

impl From<leadferry_salesforce::Error> for Error {
    fn from(error: leadferry_salesforce::Error) -> Error {
        use leadferry_salesforce::Error as Org;
        if let Org::Sessions { source, .. } = &error
            && let Some(ours) = source.downcast_ref::<Error>()
        {
            return ours.clone();
        }
        let cause = match (error.cause(), error.message()) {
            (cause, Some(words)) if !words.is_empty() => {
                format!("{cause}; Salesforce says: {words}")
            }
            (cause, _) => cause.to_owned(),
        };
        Error::new(org_code(&error), error.to_string(), error.cure()).because(cause)
    }
}

/// Returns the code for what an org, or the way to it, refused.
fn org_code(error: &leadferry_salesforce::Error) -> Code {
    use leadferry_salesforce::{Error as Org, ErrorCode};
    match error {
        _ if error.needs_sign_in() => Code::SignIn,
        Org::SignIn(_) | Org::Transport { .. } | Org::Unreadable { .. } => Code::NoNetwork,
        Org::LimitExceeded { .. } => Code::Limit,
        Org::Refused { .. } => match error.code() {
            Some(ErrorCode::StorageLimitExceeded) => Code::Storage,
            Some(ErrorCode::ServerUnavailable | ErrorCode::OrgInMaintenance) => Code::NoNetwork,
            Some(ErrorCode::NotFound | ErrorCode::InvalidType | ErrorCode::InvalidField) => {
                Code::SetUp
            }
            _ => Code::Rights,
        },
        Org::CallbackTimeout => Code::SignIn,
        Org::NoCommonVersion => Code::SetUp,
        Org::InsecureHost { .. }
        | Org::InvalidHost { .. }
        | Org::InvalidName { .. }
        | Org::InvalidId => Code::Usage,
        _ => Code::Local,
    }
}

impl From<leadferry_replication::Error> for Error {
    fn from(error: leadferry_replication::Error) -> Error {
        use leadferry_replication::Error as Engine;
        match error {
            Engine::Store(error) => error.into(),
            Engine::Salesforce(error) => error.into(),
            Engine::Settings(text) => {
                Error::usage(text, "change the setting with `replications set`")
            }
            Engine::Mapping(_) => {
                let hint =
                    "correct the mapping with `mappings export`, an editor and `mappings import`";
                Error::usage(error.to_string(), hint)
            }
            Engine::NotReady(text) => {
                Error::new(Code::SetUp, text, "do that first, then try again")
            }
            other => Error::new(Code::Local, other.to_string(), "try again").because(chain(&other)),
        }
    }
}

impl From<leadferry_practice_org::Error> for Error {
    fn from(error: leadferry_practice_org::Error) -> Error {
        use leadferry_practice_org::Error as Practice;
        let hint = match &error {
            Practice::Busy(_) => "use the one that is being served, or stop it first",
            Practice::Newer { .. } => "update Leadferry",
            Practice::Listen(_) => "choose another port, or let the system choose",
            _ => {
                "check the practice org's file beside the workspace; it may be removed to begin with a new org"
            }
        };
        let code = if matches!(error, Practice::Newer { .. }) {
            Code::Newer
        } else {
            Code::Local
        };
        let cause = chain(&error);
        Error::new(code, error.to_string(), hint).because(cause)
    }
}

impl From<crate::imports::Error> for Error {
    fn from(error: crate::imports::Error) -> Error {
        use crate::imports::Error as Import;
        let (code, hint) = match &error {
            Import::Store(_) => (Code::Local, ""),
            Import::AlreadyImported { .. } => (
                Code::AlreadyImported,
                "import it again only if you mean to (--again)",
            ),
            Import::AlreadyRunning => (Code::Usage, "wait until it has ended"),
            Import::Unreadable { .. } => (
                Code::Local,
                "check that the file is there and may be read, then try again",
            ),
            Import::Changed(_) => (
                Code::Local,
                "close it in other programs, then import it again: it goes on where it stopped",
            ),
            Import::ErrorsFile { .. } => (
                Code::Local,
                "check that its folder exists, has room and may be written (--errors-file names another place)",
            ),
            Import::Missing(_) => (Code::Usage, "check the path, or choose the file again"),
            Import::NotAFile(_) => (Code::Usage, "choose a CSV or XLSX file"),
            Import::Empty(_) | Import::NoHeader(_) => (
                Code::Usage,
                "put a line with column names above the rows, then choose the file again",
            ),
            Import::UnknownFormat { .. } | Import::Spreadsheet { .. } => (
                Code::Usage,
                "open it in a spreadsheet program, save it as CSV or XLSX without a password, and import that",
            ),
            Import::Gone(_) => (
                Code::Usage,
                "save the faulty rows as a file, mend them there, and import that file",
            ),
            Import::NothingFaulty => (Code::Usage, "import the file again to see its rows"),
            Import::NothingMapped | Import::NoSuchColumn(_) | Import::NoSuchField(_) => (
                Code::Usage,
                "say which column goes into which field (--map)",
            ),
            _ => (Code::Usage, "change how the file is read, then try again"),
        };
        if let Import::Store(error) = error {
            return error.into();
        }
        Error::new(code, error.to_string(), hint).because(chain(&error))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_quoted_so_that_a_shell_takes_them_as_they_are() {
        assert_eq!(quoted("Good leads"), "\"Good leads\"");
        assert_eq!(quoted("Mary's"), "\"Mary's\"");
        assert_eq!(quoted("the \"best\""), "'the \"best\"'");
        assert_eq!(quoted("Mary's $5"), r"'Mary'\''s $5'");
    }
}
