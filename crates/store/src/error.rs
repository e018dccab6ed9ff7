//! What can go wrong with the workspace.

use std::path::PathBuf;

/// The result of every call into the store.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// What failed, in the words of the workspace.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// There is no file at this path.
    #[error("there is no workspace at {}", .0.display())]
    Missing(PathBuf),
    /// A file is there already.
    #[error("{} exists already", .0.display())]
    Exists(PathBuf),
    /// The file is not a workspace.
    #[error("{} is not a Leadferry workspace", .0.display())]
    NotAWorkspace(PathBuf),
    /// A newer version of the app has written the file.
    #[error(
        "this workspace was written by a newer version of Leadferry (file version {found}, this app knows {known})"
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
    /// The disk is full.
    #[error("the disk is full")]
    DiskFull,
    /// The disk refuses to be read or written.
    #[error("the disk refuses to read or write the workspace")]
    Disk(#[source] Box<dyn std::error::Error + Send + Sync>),
    /// Another process kept the workspace locked for too long.
    #[error("another process is writing to the workspace")]
    Busy,
    /// Something else was asked for meanwhile, so that nobody waits for this any more.
    #[error("this was stopped, since something else was asked for")]
    Interrupted,
    /// The file is damaged.
    #[error("the workspace file is damaged: {0}")]
    Damaged(String),
    /// Nothing is stored under this id or name.
    #[error("there is no {kind} \"{name}\"")]
    NotFound {
        /// What was looked for, in one word.
        kind: &'static str,
        /// The id or name given.
        name: String,
    },
    /// The name is taken.
    #[error("there is already a {kind} \"{name}\"")]
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
    #[error("could not read {what} from the workspace")]
    Unreadable {
        /// The column or record.
        what: &'static str,
        /// The cause.
        #[source]
        source: Box<dyn std::error::Error + Send + Sync>,
    },
    /// A file beside the workspace could not be read or written.
    #[error("could not access {}", path.display())]
    File {
        /// The file.
        path: PathBuf,
        /// The cause.
        #[source]
        source: std::io::Error,
    },
    /// The database refused a statement that should have worked.
    #[error("the workspace could not be read or written")]
    Database(#[source] Box<dyn std::error::Error + Send + Sync>),
}

impl Error {
    /// Returns the error for a record that is not there.
    pub fn not_found(kind: &'static str, name: impl ToString) -> Self {
        Self::NotFound {
            kind,
            name: name.to_string(),
        }
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
        match error.sqlite_error_code() {
            Some(Code::DiskFull) => Self::DiskFull,
            Some(Code::SystemIoFailure) => Self::Disk(Box::new(error)),
            Some(Code::DatabaseBusy | Code::DatabaseLocked) => Self::Busy,
            Some(Code::ReadOnly) => Self::ReadOnly,
            Some(Code::OperationInterrupted) => Self::Interrupted,
            Some(Code::DatabaseCorrupt | Code::NotADatabase) => Self::Damaged(error.to_string()),
            _ => Self::Database(Box::new(error)),
        }
    }
}
