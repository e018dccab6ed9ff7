//! The sheets of a workbook, and which of them holds the people.

use std::ops::ControlFlow;
use std::path::Path;

use serde::{Deserialize, Serialize};

use super::header_row::{Head, IsName};
use super::source::Event;
use super::{Error, Result, xlsx_rows};

/// So many visible sheets are looked into.
const MOST_SHEETS: usize = 50;
/// So many pulses may be read in all of them.
const MOST_PULSES: usize = 256;

/// A sheet of a workbook.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS)]
pub struct Sheet {
    /// Its name.
    pub name: String,
    /// Spreadsheet programs don't show it.
    pub hidden: bool,
}

/// The sheet to be read.
#[derive(Debug)]
pub(crate) struct Chosen {
    pub(crate) name: String,
    /// All sheets.
    pub(crate) sheets: Vec<Sheet>,
    /// What to know about the choice.
    pub(crate) remark: Option<String>,
}

/// Chooses the sheet to read: the one named, in any case, else the visible one that is most like a list of people.
///
/// # Errors
/// When there is no such sheet, or none at all.
pub(crate) fn choose(
    path: &Path,
    bytes: u64,
    named: Option<&str>,
    is_name: IsName,
) -> Result<Chosen> {
    let sheets = xlsx_rows::sheets(path)?;
    if let Some(named) = named {
        let wanted = named.trim().to_lowercase();
        let same = |sheet: &&Sheet| sheet.name.to_lowercase() == wanted;
        return match sheets.iter().find(same) {
            Some(sheet) => Ok(Chosen {
                name: sheet.name.clone(),
                remark: None,
                sheets,
            }),
            None => Err(Error::NoSuchSheet {
                name: named.to_owned(),
                sheets: sheets.into_iter().map(|sheet| sheet.name).collect(),
            }),
        };
    }
    let is_shown = |sheet: &&Sheet| !sheet.hidden;
    let mut names: Vec<&str> = sheets
        .iter()
        .filter(is_shown)
        .map(|sheet| sheet.name.as_str())
        .collect();
    if names.is_empty() {
        names = sheets.iter().map(|sheet| sheet.name.as_str()).collect();
    }
    let (name, remark) = match names.as_slice() {
        [] => return Err(Error::Empty(path.to_owned())),
        [only] => ((*only).to_owned(), None),
        names => best(path, bytes, names, is_name)?,
    };
    Ok(Chosen {
        name,
        sheets,
        remark,
    })
}

/// Returns the sheet whose known names say most, and what to know of the others.
fn best(
    path: &Path,
    bytes: u64,
    names: &[&str],
    is_name: IsName,
) -> Result<(String, Option<String>)> {
    let mut pulses = 0;
    let mut points = Vec::new();
    for name in names.iter().take(MOST_SHEETS) {
        let head = head(path, bytes, name, &mut pulses, is_name)?;
        points.push((head.weight(), head.points(), !head.rows.is_empty()));
    }
    // Of equal ones the first.
    let mut best = 0;
    for (at, found) in points.iter().enumerate() {
        if *found > points[best] {
            best = at;
        }
    }
    let lists = points
        .iter()
        .enumerate()
        .filter(|(at, (_, points, _))| *at != best && *points >= 4);
    let others: Vec<&str> = lists.map(|(at, _)| names[at]).collect();
    let chosen = names[best];
    let remark = if !others.is_empty() {
        let others = others.join("\", \"");
        Some(format!(
            "Only the sheet \"{chosen}\" is imported. To import \"{others}\", choose that sheet."
        ))
    } else if best > 0 {
        Some(format!(
            "The column names are on the sheet \"{chosen}\". The other sheets are left out."
        ))
    } else {
        None
    };
    Ok((chosen.to_owned(), remark))
}

fn head(path: &Path, bytes: u64, name: &str, pulses: &mut usize, is_name: IsName) -> Result<Head> {
    let mut reading = |take: &mut dyn FnMut(Event<'_>, u64) -> Result<ControlFlow<()>>| {
        xlsx_rows::for_each(path, name, bytes, &[], &mut |event, bytes| {
            *pulses += usize::from(matches!(event, Event::Pulse));
            if *pulses > MOST_PULSES {
                return Ok(ControlFlow::Break(()));
            }
            take(event, bytes)
        })
    };
    Head::read(&mut reading, None, is_name)
}
