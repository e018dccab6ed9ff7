//! What can go wrong with the workspace.

use std::path::PathBuf;

use crate::Damage;
use crate::search_index::{CORRUPT_INDEX, UNKNOWN_FORMAT};

/// The result of every call into the store.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// What is wrong with a file that keeps the database busy without an end.
pub(crate) const ENDLESS: &str = "reading it takes longer than a file of its size needs";

/// What SQLite says where a sum is beyond what it can hold.
const TOO_LARGE_SUM: &str = "integer overflow";

/// What failed, in the words of the workspace.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// There is no file at this path.
    #[error("there's no workspace at {}", .0.display())]
    Missing(PathBuf),
    /// A file is there already.
    #[error("{} already exists", .0.display())]
    Exists(PathBuf),
    /// The file is not a workspace.
    #[error("{} isn't a Leadferry workspace", .0.display())]
    NotAWorkspace(PathBuf),
    /// A newer version of the app has written the file.
    #[error(
        "it was saved by a newer version of Leadferry (file version {found}, this version reads up to {known})"
    )]
    Newer {
        /// The schema version of the file.
        found: u32,
        /// The newest schema version that this app knows.
        known: u32,
    },
    /// The workspace is open read-only.
    #[error("the workspace is open read-only")]
    ReadOnly,
    /// The file has another name, too, by which another process may have it open.
    #[error("the workspace file has a second name (a hard link), so it can only be read")]
    SecondName,
    /// This is the backup of a damaged workspace.
    #[error("the workspace is damaged, and this backup of it is read-only")]
    StandsIn,
    /// The disk is full.
    #[error("the disk is full")]
    DiskFull,
    /// The disk refuses to be read or written.
    #[error("the disk can't read or write the workspace")]
    Disk(#[source] Box<dyn std::error::Error + Send + Sync>),
    /// Another process kept the workspace locked for too long.
    #[error("another process is writing to the workspace")]
    Busy,
    /// Another process has the workspace open.
    #[error("the workspace is open in another program")]
    InUse,
    /// Something else was asked for meanwhile, so that nobody waits for this any more.
    #[error("this was canceled because something else was requested")]
    Interrupted,
    /// Whoever asked for this has cancelled it.
    #[error("it was canceled")]
    Cancelled,
    /// The file is damaged.
    #[error("the workspace file is damaged: {0}")]
    Damaged(String),
    /// Nothing is lost, but the search index can't be used as it is.
    #[error("the search index is damaged")]
    SearchIndex,
    /// The file is known to be damaged, so nothing more is written to it.
    #[error("the workspace is read-only because its file is damaged")]
    KnownDamage(Box<Damage>),
    /// Something beside the file isn't ours, and SQLite would use it. The text completes "FILE …".
    #[error("the workspace can't be opened: {} {what}", path.display())]
    Foreign {
        /// The file or folder beside the workspace.
        path: PathBuf,
        /// What is wrong with it.
        what: &'static str,
    },
    /// The file holds something else than our tables. The text completes "the workspace …".
    #[error("the workspace {0}")]
    Altered(String),
    /// Nothing is stored under this id or name.
    #[error("there's no {kind} \"{name}\"")]
    NotFound {
        /// What was looked for, in one word.
        kind: &'static str,
        /// The id or name given.
        name: String,
        /// The name that was probably meant.
        meant: Option<String>,
    },
    /// The name is taken.
    #[error("there's already a {kind} \"{name}\"")]
    NameTaken {
        /// What was to be stored, in one word.
        kind: &'static str,
        /// The name given.
        name: String,
    },
    /// The value or act is refused; the text says why and what to do.
    #[error("{0}")]
    Refused(String),
    /// A value in the file cannot be read back.
    #[error("{what} in the workspace can't be read")]
    Unreadable {
        /// The column or record.
        what: &'static str,
        /// The cause.
        #[source]
        source: Box<dyn std::error::Error + Send + Sync>,
    },
    /// A value in the file is larger than any that is written.
    #[error("the workspace holds a value that is too large to read")]
    TooLarge,
    /// A file beside the workspace could not be read or written.
    #[error("couldn't open {}", path.display())]
    File {
        /// The file.
        path: PathBuf,
        /// The cause.
        #[source]
        source: std::io::Error,
    },
    /// The database refused a statement that should have worked.
    #[error("the workspace couldn't be read or written")]
    Database(#[source] Box<dyn std::error::Error + Send + Sync>),
}

impl Error {
    /// Returns the error for a record that is not there.
    pub fn not_found(kind: &'static str, name: impl ToString) -> Self {
        Self::NotFound {
            kind,
            name: name.to_string(),
            meant: None,
        }
    }

    /// Adds the name that was probably meant to what was not found.
    #[must_use]
    pub fn meant(mut self, probably: Option<impl Into<String>>) -> Self {
        if let Self::NotFound { meant, .. } = &mut self {
            *meant = probably.map(Into::into);
        }
        self
    }

    pub(crate) fn unreadable(
        what: &'static str,
        source: impl Into<Box<dyn std::error::Error + Send + Sync>>,
    ) -> Self {
        Self::Unreadable {
            what,
            source: source.into(),
        }
    }
}

impl From<rusqlite::Error> for Error {
    fn from(error: rusqlite::Error) -> Self {
        use rusqlite::ErrorCode as Code;
        // A cell that holds what we never write; the rest of the workspace is fine.
        let error = match error {
            rusqlite::Error::FromSqlConversionFailure(_, _, cause) => {
                return Self::unreadable("a value", cause);
            }
            rusqlite::Error::IntegralValueOutOfRange(_, number) => {
                return Self::unreadable("a value", format!("the number {number} is out of range"));
            }
            rusqlite::Error::InvalidColumnType(_, column, _) => {
                let why = format!("{column} holds another kind of value than it should");
                return Self::unreadable("a value", why);
            }
            rusqlite::Error::Utf8Error(..) => {
                return Self::unreadable("a value", "it isn't text");
            }
            error => error,
        };
        if is_about_the_index(&error) {
            return Self::SearchIndex;
        }
        if let rusqlite::Error::SqlInputError { msg, .. } = &error
            && let Some(column) = msg.strip_prefix("no such column: ")
        {
            // Our statements name the columns of custom fields; the rest of the schema is compared at open.
            return Self::Altered(format!(
                "lacks the column {column}, which one of its fields needs"
            ));
        }
        if error.to_string().starts_with(TOO_LARGE_SUM) {
            return Self::unreadable("a value", "its numbers are too large to be added up");
        }
        match error.sqlite_error_code() {
            Some(Code::DiskFull) => Self::DiskFull,
            Some(Code::SystemIoFailure) => Self::Disk(Box::new(error)),
            Some(Code::DatabaseBusy | Code::DatabaseLocked) => Self::Busy,
            Some(Code::ReadOnly) => Self::ReadOnly,
            Some(Code::OperationInterrupted) => Self::Interrupted,
            Some(Code::DatabaseCorrupt) => Self::Damaged("a part of it can't be read".to_owned()),
            // SQLite itself takes memory little by little; only a garbled index asks for more than it ever gives at once.
            Some(Code::OutOfMemory) => Self::SearchIndex,
            Some(Code::TooBig) => Self::TooLarge,
            Some(Code::NotADatabase) => Self::Damaged("its content was overwritten".to_owned()),
            // Without the statement: nobody can act on it, and it may be long.
            _ => match error {
                rusqlite::Error::SqlInputError { msg, .. } => Self::Database(msg.into()),
                error => Self::Database(Box::new(error)),
            },
        }
    }
}

fn is_about_the_index(error: &rusqlite::Error) -> bool {
    match error {
        rusqlite::Error::SqliteFailure(failure, message) => {
            failure.extended_code == CORRUPT_INDEX
                || message
                    .as_deref()
                    .is_some_and(|text| text.starts_with(UNKNOWN_FORMAT))
        }
        rusqlite::Error::SqlInputError { msg, .. } => msg.starts_with(UNKNOWN_FORMAT),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use std::error::Error as _;

    use super::*;
    use crate::testing::workspace;

    /// Returns what is said of a statement: what happened, and why.
    fn said(sql: &str) -> (String, String) {
        let workspace = workspace();
        let file = rusqlite::Connection::open(workspace.path()).unwrap();
        crate::open::harden(&file).unwrap();
        let read = file.query_row(sql, [], |row| row.get::<_, u8>(0));
        let error = Error::from(read.unwrap_err());
        let why = error.source().map(ToString::to_string);
        (error.to_string(), why.unwrap_or_default())
    }

    #[test]
    fn what_another_program_left_is_named_without_the_statement_that_met_it() {
        let unreadable = "a value in the workspace can't be read".to_owned();
        for (sql, what, why) in [
            ("SELECT 300", &unreadable, "the number 300 is out of range"),
            (
                "SELECT sum(value) FROM (SELECT 9223372036854775807 AS value UNION ALL SELECT 1)",
                &unreadable,
                "its numbers are too large to be added up",
            ),
            (
                "SELECT 'x' AS points",
                &unreadable,
                "points holds another kind of value than it should",
            ),
            (
                "SELECT c_99 FROM contacts",
                &"the workspace lacks the column c_99, which one of its fields needs".to_owned(),
                "",
            ),
            (
                "SELECT length(zeroblob(200000000))",
                &"the workspace holds a value that is too large to read".to_owned(),
                "",
            ),
        ] {
            assert_eq!(said(sql), (what.clone(), why.to_owned()), "{sql}");
        }
    }
}
