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

/// Returns a text with a capital letter at its beginning.
pub(crate) fn capitalized(text: &str) -> String {
    let mut letters = text.chars();
    let first = letters.next().map(char::to_uppercase);
    first.into_iter().flatten().chain(letters).collect()
}

/// Returns a text as a sentence: with a capital letter where it begins with a plain word, and a full stop.
pub fn sentence(text: &str) -> String {
    let text = text.trim();
    let first = text.split_whitespace().next().unwrap_or_default();
    let is_plain = first
        .trim_end_matches([',', ':', '.'])
        .chars()
        .all(|letter| letter.is_lowercase() || matches!(letter, '\'' | '’' | '-'));
    let mut begun = match is_plain {
        true => capitalized(text),
        false => text.to_owned(),
    };
    if !begun.is_empty() && !begun.ends_with(['.', ':', '?']) {
        begun.push('.');
    }
    begun
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
    /// The user hasn't approved the workspace on this computer.
    Unapproved,
    /// It would be the first run to a production org: ask for its name.
    Unconfirmed,
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
    /// Someone has to sign in, to approve the workspace, or to confirm the first run to a production org.
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
            Code::SignIn | Code::Unapproved | Code::Unconfirmed => ExitClass::SignIn,
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
    /// The command that does what the hint says, without the program's name. Only a terminal shows it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(skip)]
    pub command: Option<Box<str>>,
    /// The field of the form to blame, where it is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub field: Option<Box<str>>,
    /// What Salesforce, or the way to it, said: what the error doctor goes by.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub said: Option<Box<Said>>,
}

/// What was said as it was said.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ts_rs::TS, Deserialize)]
pub struct Said {
    /// The code: the org's, the sign-in server's, or ours in lower case.
    pub code: String,
    /// The words; empty where there were none.
    pub words: String,
}

impl Error {
    /// Returns an error without a further cause.
    pub fn new(code: Code, message: impl Into<String>, hint: impl Into<String>) -> Error {
        Error {
            code,
            message: message.into(),
            cause: String::new(),
            hint: hint.into(),
            command: None,
            field: None,
            said: None,
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

    /// Names the command that does what the hint says.
    #[must_use]
    pub fn with_command(mut self, command: impl Into<String>) -> Error {
        self.command = Some(command.into().into_boxed_str());
        self
    }

    /// Names the field to blame.
    #[must_use]
    pub(crate) fn at(mut self, field: &str) -> Error {
        self.field = Some(field.into());
        self
    }

    pub(crate) fn file(path: &std::path::Path, source: &std::io::Error) -> Error {
        let message = format!("couldn't use {}", path.display());
        Error::new(Code::Local, message, cure_of_file(source)).because(why(source))
    }
}

/// Returns what to do about a file that can't be used.
fn cure_of_file(source: &std::io::Error) -> &'static str {
    match source.kind() {
        std::io::ErrorKind::InvalidInput | std::io::ErrorKind::AlreadyExists => {
            "choose another file"
        }
        std::io::ErrorKind::IsADirectory => "choose a file",
        std::io::ErrorKind::NotFound => "check the path",
        _ => "check that the folder exists, has space, and that you can write to it",
    }
}

/// Returns why a file can't be used, in plain words and without the system's error number.
fn why(source: &std::io::Error) -> String {
    use std::io::ErrorKind;
    match source.kind() {
        ErrorKind::NotFound => "the file or its folder doesn't exist".to_owned(),
        ErrorKind::PermissionDenied => "you don't have permission".to_owned(),
        ErrorKind::AlreadyExists => "a file with this name already exists".to_owned(),
        ErrorKind::StorageFull => "the disk is full".to_owned(),
        ErrorKind::ReadOnlyFilesystem => "the disk is read-only".to_owned(),
        ErrorKind::InvalidInput if source.to_string().contains("NUL byte") => {
            "its name has a character that file names can't have".to_owned()
        }
        // A folder, a pipe or a device.
        ErrorKind::IsADirectory => "it isn't a regular file".to_owned(),
        _ => {
            let text = source.to_string();
            match text.split_once(" (os error ") {
                Some((words, _)) => words.to_owned(),
                None => text,
            }
        }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let between = match self.message.ends_with('.') {
            true => " ",
            false => ": ",
        };
        f.write_str(&self.message)?;
        if !self.cause.is_empty() {
            write!(f, "{between}{}", self.cause)?;
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
        let text = match cause.downcast_ref::<serde_json::Error>() {
            Some(error) => leadferry_store::why_unread(error),
            None => cause.to_string(),
        };
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
        if let Store::Refused(text) = &error
            && let Some((what, cure)) = text.rsplit_once("; ")
        {
            // What is refused says what to do behind a semicolon, where more than the entry is to be changed.
            return Error::new(Code::Usage, what, cure);
        }
        let (code, hint) = cure_of_store(&error);
        let (message, cause) = match &error {
            Store::Damaged(part) => ("the workspace file is damaged".to_owned(), part.clone()),
            Store::KnownDamage(damage) => (error.to_string(), damage.problem.clone()),
            Store::TooLarge => (
                error.to_string(),
                "Leadferry never writes a value of this length".to_owned(),
            ),
            Store::Altered(_) => (
                error.to_string(),
                "another program changed this file".to_owned(),
            ),
            Store::File { source, .. } => (error.to_string(), why(source)),
            Store::Newer { .. } => (
                "this workspace can't be opened".to_owned(),
                error.to_string(),
            ),
            _ => (error.to_string(), chain(&error)),
        };
        let ours = Error::new(code, message, hint).because(cause);
        match &error {
            Store::KnownDamage(damage) => Error {
                hint: crate::workspace::cure(damage),
                ..ours.with_command(crate::workspace::restoring(damage))
            },
            Store::StandsIn => ours.with_command("workspace restore --yes"),
            Store::SearchIndex => ours.with_command("doctor --offline"),
            Store::NotFound {
                meant: Some(meant), ..
            } => Error {
                hint: did_you_mean(Some(meant), hint),
                ..ours
            },
            Store::NotFound { kind, .. } => match list_of(kind) {
                Some((list, command)) => Error {
                    hint: format!("check the name or id in the list of {list}"),
                    ..ours.with_command(command)
                },
                None => ours,
            },
            Store::Missing(_) => ours.with_command("workspace init"),
            Store::Damaged(_) | Store::Unreadable { .. } | Store::Altered(_) | Store::TooLarge => {
                ours.with_command("workspace restore --yes")
            }
            _ => ours,
        }
    }
}

/// Returns what a list of all things of a kind is called, and the command that shows it.
fn list_of(kind: &str) -> Option<(&'static str, &'static str)> {
    Some(match kind {
        "account" => ("accounts", "accounts list"),
        "activity type" => ("activity types", "activities types"),
        "connection" => ("connections", "connections list"),
        "consent sync" => ("consent syncs", "consent-syncs list"),
        "contact" => ("contacts", "contacts list"),
        "contact field" | "custom field" => ("custom fields", "contacts fields list"),
        "field in the data from Salesforce" | "field of opportunities" => {
            ("fields from Salesforce", "mirror fields")
        }
        "link" => ("links", "links list"),
        "list of emails" => ("email lists", "segments email-lists"),
        "pull" => ("pulls", "pulls list"),
        "purpose" => ("purposes", "consents list"),
        "replication" => ("replications", "replications list"),
        "run" => ("runs", "runs list"),
        "score" => ("scores", "scores list"),
        "search" => ("saved searches", "search saved"),
        "segment" => ("segments", "segments list"),
        "wording" => ("wordings", "consents wordings"),
        _ => return None,
    })
}

/// Asks for the name that was probably meant, where one is near; else says what to do.
pub(crate) fn did_you_mean(meant: Option<&str>, otherwise: &str) -> String {
    meant.map_or_else(
        || otherwise.to_owned(),
        |meant| format!("did you mean \"{meant}\"?"),
    )
}

/// Returns the code for what the store refused, and what to do about it.
fn cure_of_store(error: &leadferry_store::Error) -> (Code, &'static str) {
    use leadferry_store::Error as Store;
    match error {
        Store::Altered(_) => (
            Code::Local,
            "restore a backup, or ask whoever sent you the file for an unchanged one",
        ),
        Store::Foreign { .. } => (
            Code::Local,
            "move it to another folder, then open the workspace again",
        ),
        Store::Unreadable { .. } => (
            Code::Local,
            "restore a backup from before another program changed the file, or ask whoever sent you the file for an \
             unchanged one",
        ),
        Store::TooLarge => (
            Code::Local,
            "restore a backup, or ask whoever sent you the file for an unchanged one",
        ),
        Store::InUse => (
            Code::Local,
            "close Leadferry and any other program that uses the workspace, then try again",
        ),
        Store::Missing(_) => (Code::Local, "check the path, or create a workspace"),
        Store::Exists(_) => (Code::Usage, "choose another file"),
        Store::NotAWorkspace(_) => (
            Code::Local,
            "choose another file, or create a workspace under another name",
        ),
        Store::Newer { .. } => (Code::Newer, "update Leadferry"),
        Store::ReadOnly => (
            Code::ReadOnly,
            "allow writing to the file and its folder, then try again",
        ),
        Store::SecondName => (
            Code::ReadOnly,
            "copy the file and open the copy, or delete the other name",
        ),
        Store::StandsIn => (Code::ReadOnly, "restore the backup to continue from it"),
        Store::DiskFull => (
            Code::Local,
            "free up space on the disk, then try again. Nothing was lost",
        ),
        Store::Disk(_) => (
            Code::Local,
            "check whether the disk is full, write-protected or failing, then try again",
        ),
        Store::Busy => (
            Code::Local,
            "wait for the other program to finish, then try again",
        ),
        Store::Damaged(_) => (Code::Local, "restore the newest backup without damage"),
        Store::KnownDamage(_) => (Code::ReadOnly, "restore the newest backup without damage"),
        Store::SearchIndex => (
            Code::Local,
            "check the workspace, which rebuilds the index from your contacts",
        ),
        Store::NotFound { .. } => (Code::Usage, "check the name or id"),
        Store::File { source, .. } => (Code::Local, cure_of_file(source)),
        Store::NameTaken { .. } => (Code::Usage, "choose another name"),
        Store::Interrupted | Store::Cancelled => (Code::Cancelled, "start it again"),
        Store::Refused(_) => (Code::Usage, "correct what you entered"),
        _ => (
            Code::Local,
            "try again, and restore the newest backup if it happens again",
        ),
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
                format!("{cause}. Salesforce says: {words}")
            }
            (cause, _) => cause.to_owned(),
        };
        let said = Said {
            code: error.name().to_owned(),
            words: error.message().unwrap_or_default().to_owned(),
        };
        Error {
            said: Some(Box::new(said)),
            ..Error::new(org_code(&error), error.to_string(), error.cure()).because(cause)
        }
    }
}

/// Returns the code for what an org, or the way to it, refused.
fn org_code(error: &leadferry_salesforce::Error) -> Code {
    use leadferry_salesforce::{Error as Org, ErrorCode};
    match error {
        _ if error.needs_sign_in() => Code::SignIn,
        Org::SignIn(_) | Org::Transport { .. } | Org::Unreadable { .. } => Code::NoNetwork,
        Org::LimitExceeded { .. } | Org::Reserved { .. } => Code::Limit,
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
        | Org::InvalidProxy { .. }
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
            Engine::Cancelled => crate::jobs::cancelled("The plan"),
            // What isn't cured by a setting says what to do behind a semicolon.
            Engine::Settings(text) => match text.rsplit_once("; ") {
                Some((what, cure)) => Error::usage(what, cure),
                None => Error::usage(text, "change this setting")
                    .with_command("replications set NAME --help"),
            },
            Engine::EmailMatching(why) => {
                let (what, why) = why.split_once(": ").unwrap_or((&why, ""));
                Error::new(Code::SetUp, what, leadferry_replication::NO_EMAIL_CURE).because(why)
            }
            Engine::Mapping(findings) => of_mapping(&findings),
            Engine::SwitchedOff(_) => {
                Error::new(Code::SetUp, error.to_string(), "enable it, then run it")
            }
            other => Error::new(Code::Local, other.to_string(), "try again").because(chain(&other)),
        }
    }
}

/// Returns what keeps a mapping from being used, with what cures it.
fn of_mapping(findings: &[leadferry_replication::mapping::Finding]) -> Error {
    let is_fault = |finding: &&leadferry_replication::mapping::Finding| {
        finding.severity == leadferry_replication::mapping::Severity::Error
    };
    let (cause, cure) = match findings.iter().find(is_fault) {
        Some(fault) => (fault.message.clone(), fault.cure.clone()),
        None => ("it has no rows".to_owned(), "add a row".to_owned()),
    };
    Error::usage("the mapping can't be used", cure)
        .because(cause)
        .with_command("mappings check NAME")
}

impl From<leadferry_practice_org::Error> for Error {
    fn from(error: leadferry_practice_org::Error) -> Error {
        use leadferry_practice_org::Error as Practice;
        let hint = match &error {
            Practice::Busy(_) => "use the one that is running, or stop it first",
            Practice::Newer { .. } => "update Leadferry",
            Practice::Listen(_) => "choose another port, or let the system choose one",
            Practice::Foreign { .. } => {
                "delete it, then try again. If it comes back, move the workspace to a folder that only you can write to"
            }
            Practice::Unproven(_) => {
                "stop the program that serves it, or move the workspace to a folder that only you can write to"
            }
            Practice::NoSecrets => "start the practice org once",
            Practice::Altered { path, .. } if !path.is_file() => {
                "move it to another folder, then try again. A new practice org takes its place"
            }
            Practice::Altered { .. } => {
                "delete this file to start over with a new practice org. Only its practice records are lost"
            }
            Practice::Database(_) | Practice::File { .. } => {
                "check that the disk has space and that you can write to the file, then try again"
            }
            _ => "restart Leadferry, then try again",
        };
        let code = if matches!(error, Practice::Newer { .. }) {
            Code::Newer
        } else {
            Code::Local
        };
        let cause = match &error {
            Practice::File { source, .. } => why(source),
            _ => chain(&error),
        };
        let ours = Error::new(code, error.to_string(), hint).because(cause);
        match error {
            Practice::NoSecrets => ours.with_command("practice-org serve"),
            Practice::Altered { path, .. } if path.is_file() => {
                ours.with_command("practice-org reset --yes")
            }
            _ => ours,
        }
    }
}

impl From<crate::imports::Error> for Error {
    fn from(error: crate::imports::Error) -> Error {
        use crate::imports::Error as Import;
        let error = match error {
            Import::Store(error) => return error.into(),
            error => error,
        };
        let (code, hint) = cure_of_import(&error);
        if let Import::Mapping(text) = &error
            && let Some((what, cure)) = text.rsplit_once(". ")
        {
            return Error::usage(what, cure);
        }
        let cause = match &error {
            Import::Unreadable { source, .. } | Import::ErrorsFile { source, .. } => why(source),
            Import::UnknownFormat { what, .. } => format!("it's {what}"),
            Import::Spreadsheet { reason, .. } => reason.clone(),
            Import::SpreadsheetTooLarge { limit, .. } => limit.clone(),
            Import::TooManyInvalid { most_mb, .. } => {
                format!("the file with the invalid rows would be larger than {most_mb} MB")
            }
            _ => chain(&error),
        };
        let ours = match &error {
            Import::NoSuchColumn { meant, .. } | Import::NoSuchField { meant, .. } => Error::new(
                code,
                error.to_string(),
                did_you_mean(meant.as_deref(), hint),
            ),
            _ => Error::new(code, error.to_string(), hint).because(cause),
        };
        if let Import::NoSuchPurpose { path, meant } = &error {
            let ours = Error::new(
                code,
                error.to_string(),
                did_you_mean(meant.as_deref(), hint),
            );
            return ours.with_command(format!("consents add {}", quoted(path)));
        }
        match option_of_import(&error) {
            Some(option) => ours.with_command(format!("contacts import FILE {option}")),
            None => ours,
        }
    }
}

/// Returns the option of an import that cures its error, where there is one.
fn option_of_import(error: &crate::imports::Error) -> Option<&'static str> {
    use crate::imports::Error as Import;
    match error {
        Import::AlreadyImported { .. } => Some("--again"),
        Import::ErrorsFile { .. } => Some("--errors-file FILE"),
        Import::EmptySheet { .. } => Some("--sheet NAME"),
        Import::NoSuchRow { .. } => Some("--header-row N"),
        Import::NoKnownColumn { .. } => {
            Some("--header-row N --delimiter SIGN --map \"COLUMN=FIELD\"")
        }
        Import::NothingMapped | Import::NoSuchColumn { .. } | Import::NoSuchField { .. } => {
            Some("--map COLUMN=FIELD")
        }
        _ => None,
    }
}

/// Returns the code for what keeps a file out, and what to do about it.
fn cure_of_import(error: &crate::imports::Error) -> (Code, &'static str) {
    use crate::imports::Error as Import;
    match error {
        Import::AlreadyImported { .. } => {
            (Code::AlreadyImported, "import it again only if you mean to")
        }
        Import::AlreadyRunning => (Code::Usage, "wait until it has finished"),
        Import::Unreadable { .. } => (
            Code::Local,
            "check that you can open the file, then try again",
        ),
        Import::Changed(_) => (
            Code::Local,
            "close it in other programs, then import it again to continue where it stopped",
        ),
        Import::ErrorsFile { .. } => (
            Code::Local,
            "choose another place for the errors file, or check that its folder has space and that you can write to it",
        ),
        Import::Missing(_) => (Code::Usage, "check the path, or choose the file again"),
        Import::NotAFile(_) => (Code::Usage, "choose a CSV, XLSX or vCard file"),
        Import::EmptySheet { .. } => (Code::Usage, "choose another sheet"),
        Import::NoSuchRow { .. } => (Code::Usage, "choose the row with the column names"),
        Import::NoKnownColumn { .. } => (
            Code::Usage,
            "map a column to a field, or choose another header row, delimiter or sheet",
        ),
        Import::NoHeaderInSight { .. } => (
            Code::Usage,
            "move the line with the column names to the top, or save the sheet as CSV and import that",
        ),
        Import::Empty(_) | Import::NoHeader(_) => (
            Code::Usage,
            "add a line with column names above the rows, then choose the file again",
        ),
        Import::UnknownFormat { .. } | Import::Spreadsheet { .. } => (
            Code::Usage,
            "open it in a spreadsheet program, save it as CSV or XLSX without a password, and import that file",
        ),
        Import::SpreadsheetTooLarge { .. } => (
            Code::Usage,
            "split the file, or save the sheet as CSV and import that",
        ),
        Import::OnItsSide => (
            Code::Usage,
            "swap rows and columns in a spreadsheet program (Paste special, Transpose), save it, and import that file",
        ),
        Import::InLines { .. } => (
            Code::Usage,
            "put each contact in a row of its own below a line with column names, then import that file",
        ),
        Import::TooManyInvalid { .. } => (
            Code::Usage,
            "check the delimiter, the quotation marks and the line with column names, then import the file again",
        ),
        Import::Stopped => (Code::Cancelled, "import the file again when you're ready"),
        Import::Gone(_) => (
            Code::Usage,
            "save the invalid rows as a file, fix them there, and import that file",
        ),
        Import::AnotherFile(_) => (
            Code::Usage,
            "choose the unchanged file, or import this one as a new file",
        ),
        Import::NothingFaulty => (Code::Usage, "import the file again to see its rows"),
        Import::NothingMapped | Import::NoSuchColumn { .. } | Import::NoSuchField { .. } => {
            (Code::Usage, "choose which column maps to which field")
        }
        Import::NoSuchPurpose { .. } => (
            Code::Usage,
            "add the purpose first, or map the column to one that is there",
        ),
        _ => (Code::Usage, "change how the file is read, then try again"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_becomes_a_sentence_unless_it_begins_with_a_name() {
        assert_eq!(sentence("you aren't signed in"), "You aren't signed in.");
        assert_eq!(sentence("can't you?"), "Can't you?");
        assert_eq!(sentence("/tmp/a is damaged"), "/tmp/a is damaged.");
        assert_eq!(sentence("iPhone_c is taken"), "iPhone_c is taken.");
        assert_eq!(sentence(""), "");
    }

    #[test]
    fn names_are_quoted_so_that_a_shell_takes_them_as_they_are() {
        assert_eq!(quoted("Good leads"), "\"Good leads\"");
        assert_eq!(quoted("Mary's"), "\"Mary's\"");
        assert_eq!(quoted("the \"best\""), "'the \"best\"'");
        assert_eq!(quoted("Mary's $5"), r"'Mary'\''s $5'");
    }
}
