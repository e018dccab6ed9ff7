//! Brings a file of contacts into the workspace: CSV in any usual dialect and encoding, or XLSX.
//!
//! The way of a row: `source` opens the file and says what it is, `csv_rows` or `xlsx_rows` reads it row by row,
//! `columns` has decided once which column goes into which field, `contact_rows` turns the cells into values,
//! `gathering` makes pages of them, and `intake` and `commit` write these. Rows that cannot be taken in go to the errors file and never stop the rest. Memory
//! does not grow with the file.

mod activities;
mod columns;
mod commit;
mod contact_rows;
mod csv_record;
mod csv_rows;
mod dates;
mod dialect;
mod emails;
mod encoding;
mod error;
mod errors_file;
mod faulty;
mod fold;
mod gathering;
mod header_names;
mod headers;
mod history;
mod intake;
mod kinds;
mod matching;
mod mending;
mod names;
mod numbers;
mod opt_out;
mod place_names;
mod places;
mod preview;
mod request;
mod run;
mod source;
mod taken_names;
mod targets;
mod trial;
mod values;
mod workbook_check;
mod xlsx_rows;

pub use activities::{
    ActivitiesColumn, ActivitiesOutcome, ActivitiesPreview, ActivitiesRequest, import_activities,
    preview_activities,
};
pub(crate) use emails::is_email;
pub use error::{Error, Result};
pub use faulty::{FaultyRows, faulty, save_faulty};
pub use history::{PastImport, list, request_of};
pub use mending::mend;
pub(crate) use places::country as country_code;
pub use preview::{ColumnPreview, Preview, preview};
pub use request::{
    DateOrder, Existing, Fault, ImportKey, ImportOutcome, ImportProgress, ImportRequest, Sureness,
    Warning,
};
pub use run::import;
pub use source::MendedRow;
pub use targets::{ImportTarget, TargetGroup, targets};
pub use trial::{Trial, try_out, try_rows};
