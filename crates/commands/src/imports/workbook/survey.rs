//! Reads through a sheet once for what stands behind its rows, and for cells without a value.

use std::path::Path;

use quick_xml::events::Event;

use super::cells::{Kind, letters, marks, position};
use super::parts::{Part, Parts};
use super::xml::attribute;
use super::{Fault, MOST_SHEET, PULSE, Result, Workbook};
use crate::imports::sheet_survey::{Merge, SheetSurvey};

/// Most merged cells whose values are used in several rows.
const MOST_MERGES: usize = 10_000;

/// Without one of these a sheet holds no merged cells, hidden rows, formulas or errors.
const SIGNS: [&[u8]; 6] = [b"mergeCell", b"hidden", b"<f", b":f", b"=\"e\"", b"='e'"];

impl Workbook {
    /// Looks through the rows of a sheet below a row; None when `pulse`, which gets the share read so far, says false.
    pub(crate) fn survey(
        &self,
        path: &Path,
        sheet: &str,
        below: u64,
        pulse: &mut dyn FnMut(u64, u64) -> bool,
    ) -> Result<Option<SheetSurvey>> {
        let mut parts = Parts::open(path)?;
        let named = self.sheets.iter().find(|known| known.name == sheet);
        let part = named.ok_or_else(Fault::damaged)?.part.as_str();
        // Most sheets hold nothing of the kind, and searching takes less time than reading.
        match parts.holds_any(part, &SIGNS, MOST_SHEET, pulse)? {
            Some(true) => {}
            Some(false) => return Ok(Some(SheetSurvey::default())),
            None => return Ok(None),
        }
        let mut part = parts.part(part, MOST_SHEET)?.ok_or_else(Fault::damaged)?;
        let mut look = Look {
            below,
            ..Look::default()
        };
        let mut told = 0;
        while look.at(&mut part)? {
            if part.bytes() - told >= PULSE {
                told = part.bytes();
                if !pulse(told.min(part.declared()), part.declared().max(1)) {
                    return Ok(None);
                }
            }
        }
        let mut survey = look.survey;
        survey.merges.sort_unstable_by_key(|merge| merge.first);
        Ok(Some(survey))
    }
}

/// Where in the sheet the reader is, and what it saw.
#[derive(Default)]
struct Look {
    survey: SheetSurvey,
    below: u64,
    line: u64,
    column: usize,
    hidden_row: bool,
    cell: Option<Cell>,
    in_value: bool,
}

struct Cell {
    kind: Kind,
    has_formula: bool,
    has_value: bool,
}

impl Look {
    /// Takes the next piece of the sheet; false at its end.
    fn at(&mut self, part: &mut Part<'_>) -> Result<bool> {
        match part.next()? {
            Event::Start(tag) => match tag.local_name().as_ref() {
                "row" => {
                    let line = attribute(&tag, "r")?.and_then(|line| line.trim().parse().ok());
                    self.line = line.unwrap_or(self.line + 1);
                    self.column = 0;
                    let hidden = attribute(&tag, "hidden")?;
                    self.hidden_row = matches!(hidden.as_deref(), Some("1" | "true"));
                }
                "c" => {
                    let marks = marks(&tag)?;
                    if let Some((column, line)) = marks.place {
                        (self.column, self.line) = (column, line.unwrap_or(self.line));
                    }
                    self.cell = Some(Cell {
                        kind: marks.kind,
                        has_formula: false,
                        has_value: false,
                    });
                }
                "f" => {
                    if let Some(cell) = &mut self.cell {
                        cell.has_formula = true;
                    }
                }
                "v" | "t" => self.in_value = true,
                "mergeCell" => {
                    let range = attribute(&tag, "ref")?.unwrap_or_default();
                    self.merge(&range);
                }
                _ => {}
            },
            Event::End(tag) => match tag.local_name().as_ref() {
                "c" => self.end_cell(),
                "v" | "t" => self.in_value = false,
                _ => {}
            },
            Event::Text(_) | Event::CData(_) | Event::GeneralRef(_) if self.in_value => {
                if let Some(cell) = &mut self.cell {
                    cell.has_value = true;
                }
            }
            Event::Eof => return Ok(false),
            _ => {}
        }
        Ok(true)
    }

    fn end_cell(&mut self) {
        let (line, column) = (self.line, self.column);
        self.column += 1;
        let Some(cell) = self.cell.take().filter(|_| line > self.below) else {
            return;
        };
        let name = || name(column, line);
        if cell.kind == Kind::Error {
            self.survey.errors.add(name);
        } else if cell.has_value {
            // Once a row.
            self.survey.hidden_rows += u64::from(std::mem::take(&mut self.hidden_row));
        } else if cell.has_formula && cell.kind != Kind::Text {
            // A formula whose result is an empty text says so.
            self.survey.unsolved.add(name);
        }
    }

    fn merge(&mut self, range: &str) {
        let ends = range
            .split_once(':')
            .map(|(from, to)| (position(from), position(to)));
        let Some((Some((column, Some(first))), Some((_, Some(last))))) = ends else {
            return;
        };
        if first > self.below && last > first && self.survey.merges.len() < MOST_MERGES {
            self.survey.merged.add(|| name(column, first));
            self.survey.merges.push(Merge {
                column,
                first,
                last,
            });
        }
    }
}

fn name(column: usize, line: u64) -> String {
    format!("{}{line}", letters(column))
}
