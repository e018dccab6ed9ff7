//! Brings a file of contacts into the workspace: CSV in any usual dialect and encoding, XLSX, or vCard.
//!
//! The way of a row: `source` opens the file and says what it is (`file_kind`, `survey` and `guess` for its encoding,
//! `dialect` and `packed`, `sheets` and `header_row`), `csv_rows`, or `xlsx_rows` and `workbook`, or `vcard_rows` read it
//! row by row, `columns` has decided once which column goes into which field, `contact_rows` turns the cells into values,
//! `gathering` makes pages of them, `judging` says what becomes of each row, in the preview (`trial`) as in the import, and
//! `intake` and `commit` write them. Rows that cannot be taken in go to the errors file and never stop the rest. Memory
//! does not grow with the file.

mod activities;
mod answers;
mod cells;
mod charset;
mod columns;
mod commit;
mod consent;
mod contact_rows;
mod csv_record;
mod csv_rows;
mod damaged_letters;
mod dates;
mod dialect;
mod east_asian;
mod emails;
mod encoding;
mod erasing;
mod error;
mod errors_file;
mod faulty;
mod file_kind;
mod fold;
mod gathering;
mod group_headings;
mod guess;
mod header_names;
mod header_row;
mod headers;
mod history;
mod intake;
mod judging;
mod kept_errors;
mod kinds;
mod legibility;
mod matching;
mod mending;
mod merged_cells;
mod names;
mod nobody;
mod numbers;
mod own_files;
mod packed;
mod phone_cells;
mod place_names;
mod places;
mod postal_codes;
mod preview;
mod record_ids;
mod remarks;
mod request;
mod run;
mod same_name;
mod sheet_survey;
mod sheets;
mod source;
mod survey;
mod taken_names;
mod targets;
mod trial;
mod typed;
mod values;
mod vcard_rows;
mod vcards;
mod workbook;
mod xlsx_rows;

pub use activities::{
    ActivitiesColumn, ActivitiesOutcome, ActivitiesPreview, ActivitiesRequest, import_activities,
    preview_activities,
};
pub(crate) use emails::{addresses, is_email};
pub(crate) use erasing::erase_rows;
pub use error::{Error, Result};
pub use faulty::{FaultyRows, faulty, save_faulty};
pub use history::{PastImport, file_of, list, request_of};
pub use mending::mend;
pub use numbers::DecimalSign;
pub use own_files::OwnFiles;
pub(crate) use places::{country as country_code, resolve as resolve_places, state as state_code};
pub use preview::{ColumnPreview, FirstRow, Preview, preview};
pub use request::{
    DateOrder, Existing, Fault, ImportKey, ImportOutcome, ImportProgress, ImportRequest, Sureness,
    Warning,
};
pub use run::import;
pub(crate) use run::year;
pub use sheets::Sheet;
pub use source::MendedRow;
pub use targets::{ImportTarget, TargetGroup, targets};
pub use trial::{Trial, try_out, try_rows};
pub use typed::Written;
pub(crate) use typed::{Here, Misread, typed};
