//! Why a file cannot be imported at all; a single faulty row is never an error.

use std::path::PathBuf;

/// The result of an import call.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// What keeps a whole file out.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The file is not there.
    #[error("there is no file {}", .0.display())]
    Missing(PathBuf),
    /// The path leads to a folder or a device.
    #[error("{} is not a file", .0.display())]
    NotAFile(PathBuf),
    /// The file cannot be read.
    #[error("could not read {}", path.display())]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// The cause.
        #[source]
        source: std::io::Error,
    },
    /// The file is empty, or nothing but blank lines.
    #[error("{} is empty: it has no line with column names", .0.display())]
    Empty(PathBuf),
    /// The first line holds a person, not column names.
    #[error("the first line of {} holds an e-mail address where a column name should be", .0.display())]
    NoHeader(PathBuf),
    /// The first line cannot be read as column names.
    #[error("the line with the column names cannot be read: {0}")]
    FaultyHeader(String),
    /// More columns than any contact file has.
    #[error("the file has {found} columns; {most} are the most that can be read")]
    TooManyColumns {
        /// Columns of the header.
        found: usize,
        /// The limit.
        most: usize,
    },
    /// The file is of a kind that cannot be read.
    #[error("{} is {what}", path.display())]
    UnknownFormat {
        /// The file.
        path: PathBuf,
        /// What it is.
        what: &'static str,
    },
    /// The spreadsheet is broken.
    #[error("could not read the spreadsheet {}: {reason}", path.display())]
    Spreadsheet {
        /// The file.
        path: PathBuf,
        /// What is wrong.
        reason: String,
    },
    /// The spreadsheet has no sheet of that name.
    #[error("there is no sheet \"{name}\"; the file has: {}", sheets.join(", "))]
    NoSuchSheet {
        /// The name given.
        name: String,
        /// The sheets of the file.
        sheets: Vec<String>,
    },
    /// The encoding given is not known.
    #[error(
        "the encoding \"{0}\" is not known; try utf-8, utf-16, windows-1252, iso-8859-2, macintosh or shift_jis"
    )]
    UnknownEncoding(String),
    /// The delimiter given cannot separate cells.
    #[error("{0:?} cannot separate cells; use a comma, semicolon, tab, bar or another ASCII sign")]
    UnfitDelimiter(char),
    /// A column named in the mapping is not in the file.
    #[error("the file has no column \"{0}\"")]
    NoSuchColumn(String),
    /// A field named in the mapping is not there.
    #[error(
        "there is no contact field \"{0}\"; custom fields are written custom:NAME, account fields account:NAME"
    )]
    NoSuchField(String),
    /// The mapping makes no sense.
    #[error("{0}")]
    Mapping(String),
    /// No column of the file is known.
    #[error("none of the columns is known")]
    NothingMapped,
    /// The same file was imported before.
    #[error("this file was imported before ({rows} rows)")]
    AlreadyImported {
        /// The earlier import.
        import: i64,
        /// When it ended, UTC milliseconds.
        ended_at: Option<i64>,
        /// Its rows.
        rows: u64,
    },
    /// Another process is at it.
    #[error("another process is importing this file")]
    AlreadyRunning,
    /// The file changed while it was read.
    #[error("{} was changed while it was being imported; import it again", .0.display())]
    Changed(PathBuf),
    /// The file is not there any more as it was imported, so that its rows cannot be mended.
    #[error("{} is not there any more as it was imported", .0.display())]
    Gone(PathBuf),
    /// No faulty rows wait to be mended.
    #[error("no faulty rows of this import are left")]
    NothingFaulty,
    /// The errors file cannot be written.
    #[error("could not write {}", path.display())]
    ErrorsFile {
        /// The errors file.
        path: PathBuf,
        /// The cause.
        #[source]
        source: std::io::Error,
    },
    /// The workspace refused.
    #[error(transparent)]
    Store(#[from] leadferry_store::Error),
}

impl Error {
    /// Sorts a failed file access by what the user can do about it.
    pub(crate) fn reading(path: &std::path::Path, source: std::io::Error) -> Self {
        match source.kind() {
            std::io::ErrorKind::NotFound => Self::Missing(path.to_owned()),
            std::io::ErrorKind::IsADirectory => Self::NotAFile(path.to_owned()),
            _ => Self::Unreadable {
                path: path.to_owned(),
                source,
            },
        }
    }
}
