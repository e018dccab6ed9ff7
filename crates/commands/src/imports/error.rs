//! Why a file cannot be imported at all; a single faulty row is never an error.

use std::path::PathBuf;

use leadferry_store::{CustomField, counted, nearest};

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
    #[error("{} is empty", .0.display())]
    Empty(PathBuf),
    /// The first line holds a person, not column names.
    #[error("the first line of {} has an email address where a column name should be", .0.display())]
    NoHeader(PathBuf),
    /// The first line cannot be read as column names.
    #[error("the line with the column names cannot be read: {0}")]
    FaultyHeader(String),
    /// More columns than any contact file has.
    #[error("the file has {found} columns, more than the {most} that can be read")]
    TooManyColumns {
        /// Columns of the header.
        found: usize,
        /// The limit.
        most: usize,
    },
    /// The file is of a kind that cannot be read.
    #[error("{} can't be imported", path.display())]
    UnknownFormat {
        /// The file.
        path: PathBuf,
        /// What it is.
        what: &'static str,
    },
    /// The spreadsheet is broken.
    #[error("could not read the spreadsheet {}", path.display())]
    Spreadsheet {
        /// The file.
        path: PathBuf,
        /// What is wrong.
        reason: String,
    },
    /// The spreadsheet is larger than can be read.
    #[error("the spreadsheet {} is too large", path.display())]
    SpreadsheetTooLarge {
        /// The file.
        path: PathBuf,
        /// What of it is larger than it may be, and by which limit.
        limit: String,
    },
    /// Nothing that can be column names stands at the beginning of the file.
    #[error("the first {most_mb} MB of {} have no line with column names", path.display())]
    NoHeaderInSight {
        /// The file.
        path: PathBuf,
        /// How much of the file was looked at, megabytes.
        most_mb: u64,
    },
    /// Somebody asked to stop before the first row was read.
    #[error("reading the file was canceled")]
    Stopped,
    /// The spreadsheet has no sheet of that name.
    #[error("there is no sheet \"{name}\". The file has {}", sheets.join(", "))]
    NoSuchSheet {
        /// The name given.
        name: String,
        /// The sheets of the file.
        sheets: Vec<String>,
    },
    /// The sheet to be read is empty.
    #[error("the sheet \"{sheet}\" of {} is empty. Other sheets: {}", path.display(), others.join(", "))]
    EmptySheet {
        /// The file.
        path: PathBuf,
        /// The sheet.
        sheet: String,
        /// The other sheets of the file.
        others: Vec<String>,
    },
    /// The row that should hold the column names is not there.
    #[error("row {row} of {} is blank or past the end, so it has no column names", path.display())]
    NoSuchRow {
        /// The file.
        path: PathBuf,
        /// The row, from 1.
        row: u64,
    },
    /// The encoding given is not known.
    #[error(
        "the encoding \"{0}\" isn't supported. Use utf-8, utf-16, windows-1250 to windows-1258, iso-8859-1 to \
         iso-8859-16, macintosh, x-mac-ce, cp437, cp737, cp775, cp850, cp852, cp855, cp857, cp858, cp860 to cp866, cp869, koi8-r, \
         koi8-u, shift_jis, euc-jp, gbk, gb18030, big5 or euc-kr"
    )]
    UnknownEncoding(String),
    /// The delimiter given cannot separate cells.
    #[error(
        "{0:?} can't be a delimiter. Use a comma, semicolon, tab, bar or another ASCII character"
    )]
    UnfitDelimiter(char),
    /// A column named in the mapping is not in the file.
    #[error("the file has no column \"{name}\"")]
    NoSuchColumn {
        /// The name given.
        name: String,
        /// The column that was probably meant.
        meant: Option<String>,
    },
    /// A field named in the mapping is not there.
    #[error(
        "there is no contact field \"{name}\". Write custom fields as custom:NAME and account fields as account:NAME"
    )]
    NoSuchField {
        /// The name given.
        name: String,
        /// The field that was probably meant.
        meant: Option<String>,
    },
    /// A purpose named in the mapping is not there.
    #[error("there is no purpose \"{path}\"")]
    NoSuchPurpose {
        /// Its path.
        path: String,
        /// The target that was probably meant.
        meant: Option<String>,
    },
    /// The mapping makes no sense.
    #[error("{0}")]
    Mapping(String),
    /// No column of the file is known.
    #[error("no column matches a field")]
    NothingMapped,
    /// No column of the file is known; these are all.
    #[error(
        "none of the columns is known: {}{}",
        names(columns, ""),
        names(sheets, ". Other sheets: ")
    )]
    NoKnownColumn {
        /// The columns.
        columns: Vec<String>,
        /// The other sheets of the file.
        sheets: Vec<String>,
    },
    /// The names stand below each other, and each person has a column.
    #[error(
        "the column names are below each other in the first column, and each contact is in a column of its own"
    )]
    OnItsSide,
    /// Each line has one value of a person, behind its name.
    #[error("each contact is written over several lines, such as \"{label}: …\"")]
    InLines {
        /// A name of a value, as the file has it.
        label: String,
    },
    /// The same file was imported before.
    #[error("this file was imported before ({})", counted(*rows, "row", "rows"))]
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
    #[error("{} was changed while it was being imported", .0.display())]
    Changed(PathBuf),
    /// The file is not there any more as it was imported, so that its rows cannot be fixed.
    #[error("{} is gone or was changed since it was imported", .0.display())]
    Gone(PathBuf),
    /// An interrupted import cannot go on with this file.
    #[error("{} isn't the file that this import started with", .0.display())]
    AnotherFile(PathBuf),
    /// No invalid rows wait to be fixed.
    #[error("this import has no invalid rows left")]
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
    /// So many rows are invalid that their file would grow without bound.
    #[error("too many rows of {} are invalid", path.display())]
    TooManyInvalid {
        /// The imported file.
        path: PathBuf,
        /// How large the file with invalid rows may be, megabytes.
        most_mb: u64,
    },
    /// The workspace refused.
    #[error(transparent)]
    Store(#[from] leadferry_store::Error),
}

/// Lists the first names behind a word; nothing where there are none.
fn names(names: &[String], word: &str) -> String {
    const MOST: usize = 10;
    let listed = names.iter().filter(|name| !name.is_empty()).take(MOST);
    let listed: Vec<String> = listed.map(|name| name.chars().take(60).collect()).collect();
    match (listed.is_empty(), names.len() > MOST) {
        (true, _) => String::new(),
        (false, more) => format!(
            "{word}{}{}",
            listed.join(", "),
            if more { ", …" } else { "" }
        ),
    }
}

impl Error {
    /// Says that none of a file's columns has a name, and which one was probably meant.
    pub(crate) fn no_such_column<'a>(
        name: &str,
        columns: impl IntoIterator<Item = &'a str>,
    ) -> Self {
        Self::NoSuchColumn {
            name: name.to_owned(),
            meant: nearest(name, columns).map(str::to_owned),
        }
    }

    /// Says that no custom field that could be the key has a name, and which one was probably meant.
    pub(crate) fn no_such_key(name: &str, custom: &[CustomField]) -> Self {
        let names = custom.iter().map(|field| field.name.as_str());
        Self::NoSuchField {
            name: format!("custom:{name}"),
            meant: nearest(name, names).map(|name| format!("custom:{name}")),
        }
    }

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
