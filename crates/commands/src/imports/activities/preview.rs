//! Looks at a file of activities before anything is taken in.

use std::ops::ControlFlow;

use leadferry_store::Store;
use serde::Serialize;

use super::ActivitiesRequest;
use super::holding::places;
use super::rows::Layout;
use crate::imports::columns::Sample;
use crate::imports::preview::FirstRow;
use crate::imports::run::reading;
use crate::imports::source::Format;
use crate::imports::{Error, ImportProgress, Result, Sheet, Warning};

const SAMPLES: usize = 3;

/// A file of activities, before anything is taken in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ts_rs::TS)]
pub struct ActivitiesPreview {
    /// `csv`, `xlsx` or `vcard`.
    pub format: String,
    /// The sheet of a spreadsheet.
    pub sheet: Option<String>,
    /// All sheets of it.
    pub sheets: Vec<Sheet>,
    /// The row with the column names as the file counts.
    pub header_row: u64,
    /// The first rows that are not blank, to choose another one from.
    pub first_rows: Vec<FirstRow>,
    /// What could not be decided for sure.
    pub warnings: Vec<Warning>,
    /// Its columns.
    pub columns: Vec<ActivitiesColumn>,
    /// Why it cannot be taken in as it would be read.
    pub trouble: Option<String>,
    /// The very file was imported before.
    pub imported_before: bool,
}

/// A column, and what it would be read as.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ts_rs::TS)]
pub struct ActivitiesColumn {
    /// Its name.
    pub name: String,
    /// What it holds, in the words of a request; none where it is left out.
    pub holds: Option<String>,
    /// Its first values.
    pub samples: Vec<String>,
}

/// Says what the columns of a file would be read as; `progress` is called while the file is read and may break.
///
/// # Errors
/// When the file cannot be read, or a column that the request names is not there; [`Error::Stopped`] when `progress`
/// breaks.
pub fn preview_activities(
    store: &Store,
    request: &ActivitiesRequest,
    now: i64,
    progress: &mut dyn FnMut(&ImportProgress) -> ControlFlow<()>,
) -> Result<ActivitiesPreview> {
    let source = request.open(&mut reading(progress))?;
    let (zone, prior) = store.read(|reader| {
        Ok::<_, leadferry_store::Error>((reader.time_zone()?, reader.import_by_hash(&source.hash)?))
    })?;
    let places = places(&source.header, &request.map)?;
    let sample = Sample::read(&source)?;
    let columns = source.header.iter().enumerate().map(|(at, name)| {
        let holds = places.iter().find(|(_, place)| **place == at);
        let filled = sample.column(at).into_iter().map(str::trim);
        ActivitiesColumn {
            name: name.clone(),
            holds: holds.map(|(holds, _)| holds.word().to_owned()),
            samples: filled
                .filter(|cell| !cell.is_empty())
                .take(SAMPLES)
                .map(str::to_owned)
                .collect(),
        }
    });
    let columns = columns.collect();
    let trouble = match Layout::decide(&source, request, &zone, now) {
        Ok(_) => None,
        Err(Error::Mapping(text)) => Some(text),
        Err(error) => return Err(error),
    };
    let sheet = match &source.format {
        Format::Xlsx { sheet } => Some(sheet.clone()),
        _ => None,
    };
    Ok(ActivitiesPreview {
        format: source.format.name().to_owned(),
        sheet,
        sheets: source.sheets.clone(),
        header_row: source.header_row,
        first_rows: source.head.iter().map(FirstRow::of).collect(),
        warnings: source.remarks.clone(),
        columns,
        trouble,
        imported_before: prior.is_some(),
    })
}
