//! What a front end asks of an import, and what it gets back.

use std::path::PathBuf;

use serde::{Deserialize, Serialize};

use super::DecimalSign;

/// What to import, and how.
#[derive(Debug, Clone, Default, Serialize, ts_rs::TS, Deserialize)]
#[serde(default)]
pub struct ImportRequest {
    /// The CSV, XLSX or vCard file.
    pub file: PathBuf,
    /// Column name and field: a built-in name, `custom:NAME`, `account:NAME`, or `-` to leave the column out.
    pub map: Vec<(String, String)>,
    /// What makes a row and a contact the same person.
    pub key: ImportKey,
    /// What happens to contacts that are there already.
    pub existing: Existing,
    /// Unknown columns become custom fields.
    pub create_custom_fields: bool,
    /// Companies become accounts, with the contact as primary member of its first one.
    pub create_accounts: bool,
    /// An encoding label such as `windows-1252`; found out where unset.
    pub encoding: Option<String>,
    /// What separates cells; found out where unset.
    pub delimiter: Option<char>,
    /// The sheet of a spreadsheet; the visible one that looks most like such a list where unset.
    pub sheet: Option<String>,
    /// The row with the column names as the file counts, from 1; found out where unset.
    pub header_row: Option<u64>,
    /// The order of dates like 03/04/1990; found out by column where unset.
    pub dates: Option<DateOrder>,
    /// The name of the connection whose records a column of Salesforce ids names; contacts are linked to these.
    pub link: Option<String>,
    /// The sign before the decimals in numbers like 1.234; found out by column where unset.
    pub decimal: Option<DecimalSign>,
    /// HTML codes such as `&amp;` stay as they stand in the file.
    pub keep_html: bool,
    /// Two-letter code of the country that a state belongs to where the row names none.
    pub default_country: Option<String>,
    /// IANA name of the time zone that times without one are in; UTC where unset.
    pub time_zone: Option<String>,
    /// Where faulty rows go; beside the file where unset.
    pub errors_file: Option<PathBuf>,
    /// The same file was imported before: go on all the same.
    pub again: bool,
}

/// What makes a row and a contact the same person.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, ts_rs::TS, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ImportKey {
    /// The e-mail, as long as the names do not differ.
    #[default]
    Email,
    /// A custom field, by name.
    Custom(String),
    /// Nothing: every row becomes a new contact.
    None,
}

/// What happens to contacts that are there already.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, ts_rs::TS, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Existing {
    /// Filled cells replace what stands there.
    #[default]
    Update,
    /// They stay as they are.
    Skip,
}

/// The order of day, month and year in dates written with figures.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ts_rs::TS, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DateOrder {
    /// Day, month, year.
    Dmy,
    /// Month, day, year.
    Mdy,
    /// Year, month, day.
    Ymd,
}

/// How sure the match of a column is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ts_rs::TS, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Sureness {
    /// The user said so.
    Told,
    /// The name is known for exactly this.
    Sure,
    /// The name usually means this.
    Likely,
    /// Nothing fits.
    Unmatched,
}

/// How far an import is, after each page.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, ts_rs::TS, Deserialize)]
pub struct ImportProgress {
    /// Rows committed so far, those of an interrupted earlier attempt included.
    pub rows: u64,
    /// Bytes of the file read so far.
    pub bytes: u64,
    /// Size of the file in bytes.
    pub bytes_total: u64,
    /// New contacts.
    pub created: u64,
    /// Contacts changed.
    pub updated: u64,
    /// Rows that cannot be taken in.
    pub faulty: u64,
}

/// What an import did.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, ts_rs::TS, Deserialize)]
pub struct ImportOutcome {
    /// The import's id; 0 where nothing was taken in.
    pub import: i64,
    /// All rows were read; false after a stop, and then the same request goes on from there.
    pub finished: bool,
    /// An interrupted import of the same file was continued.
    pub resumed: bool,
    /// Data rows read; the sum of the following five.
    pub rows: u64,
    /// New contacts.
    pub created: u64,
    /// Contacts changed.
    pub updated: u64,
    /// Contacts that already held the same values.
    pub unchanged: u64,
    /// Blank rows, and contacts left alone because the request says so.
    pub skipped: u64,
    /// Rows that cannot be taken in.
    pub faulty: u64,
    /// The file with the faulty rows; mend it and import it.
    pub errors_file: Option<PathBuf>,
    /// The first faulty rows of this call.
    pub faults: Vec<Fault>,
    /// The first things to know about rows that were taken in.
    pub warnings: Vec<Warning>,
    /// How many warnings there were in all.
    pub warning_count: u64,
    /// Contacts that were linked to the Salesforce records that their rows name, in this call.
    pub linked: u64,
    /// Columns that went nowhere.
    pub columns_ignored: Vec<String>,
    /// Custom fields that were made.
    pub custom_fields_created: Vec<String>,
}

/// A row that cannot be taken in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ts_rs::TS, Deserialize)]
pub struct Fault {
    /// Number of the row in the file, as a spreadsheet counts: the column names usually stand in row 1.
    pub line: u64,
    /// The column, where one is to blame.
    pub column: Option<String>,
    /// What is wrong, without the cell's content.
    pub reason: String,
    /// Its cells in the order of the columns, to be mended; none where it cannot be taken apart or is very long.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub cells: Vec<String>,
}

/// Something to know about a row that was taken in, or about a column.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ts_rs::TS, Deserialize)]
pub struct Warning {
    /// Number of the row in the file; `None` for a column as a whole.
    pub line: Option<u64>,
    /// What was noticed.
    pub text: String,
    /// The option of the command line that reads the file otherwise, such as `--dates mdy`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(skip)]
    pub option: Option<String>,
}

impl Warning {
    /// Returns something to know about the file as a whole.
    pub(crate) fn of_file(text: impl Into<String>) -> Self {
        Self {
            line: None,
            text: text.into(),
            option: None,
        }
    }

    /// Returns something to know about a row.
    pub(crate) fn of_row(line: Option<u64>, text: impl Into<String>) -> Self {
        Self {
            line,
            ..Self::of_file(text)
        }
    }

    /// Names the option that reads the file otherwise.
    pub(crate) fn with_option(self, option: impl Into<String>) -> Self {
        Self {
            option: Some(option.into()),
            ..self
        }
    }
}
