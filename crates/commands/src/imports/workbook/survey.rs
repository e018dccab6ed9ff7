//! Reads through a sheet once for its merged cells, which stand behind its rows, and for hidden rows and columns.

use std::path::Path;

use quick_xml::events::{BytesStart, Event};

use super::cells::{letters, marks, position};
use super::parts::{Part, Parts};
use super::xml::attribute;
use super::{Fault, MOST_SHEET, PULSE, Result, Workbook};
use crate::imports::group_headings::Span;
use crate::imports::sheet_survey::{Merge, SheetSurvey};

/// Most merged cells whose values are used in several rows.
const MOST_MERGES: usize = 10_000;

/// Most hidden columns, and merged cells in and above the column names.
const MOST_SPANS: usize = 1_000;

/// Without one of these a sheet holds no merged cells and nothing hidden.
const SIGNS: [&[u8]; 2] = [b"mergeCell", b"hidden"];

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
    hidden_row: bool,
    /// The current cell has a value.
    has_value: bool,
    in_value: bool,
}

impl Look {
    /// Takes the next piece of the sheet; false at its end.
    fn at(&mut self, part: &mut Part<'_>) -> Result<bool> {
        match part.next()? {
            Event::Start(tag) => match tag.local_name().as_ref() {
                "row" => {
                    let line = attribute(&tag, "r")?.and_then(|line| line.trim().parse().ok());
                    self.line = line.unwrap_or(self.line + 1);
                    let hidden = attribute(&tag, "hidden")?;
                    self.hidden_row = matches!(hidden.as_deref(), Some("1" | "true"));
                }
                "c" => {
                    let line = marks(&tag)?.place.and_then(|(_, line)| line);
                    self.line = line.unwrap_or(self.line);
                    self.has_value = false;
                }
                "v" | "t" => self.in_value = true,
                "col" => self.hide_columns(&tag)?,
                "filterColumn" => self.survey.is_filtered = true,
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
                self.has_value = true;
            }
            Event::Eof => return Ok(false),
            _ => {}
        }
        Ok(true)
    }

    fn end_cell(&mut self) {
        if self.line > self.below && self.has_value {
            // Once a row.
            self.survey.hidden_rows += u64::from(std::mem::take(&mut self.hidden_row));
        }
    }

    fn hide_columns(&mut self, tag: &BytesStart<'_>) -> Result<()> {
        let hidden = attribute(tag, "hidden")?;
        let number = |name| {
            let text = attribute(tag, name)?;
            Ok::<_, Fault>(text.and_then(|text| text.trim().parse::<usize>().ok()))
        };
        if matches!(hidden.as_deref(), Some("1" | "true"))
            && let (Some(first @ 1..), Some(last @ 1..)) = (number("min")?, number("max")?)
            && self.survey.hidden_columns.len() < MOST_SPANS
        {
            self.survey.hidden_columns.push(first - 1..=last - 1);
        }
        Ok(())
    }

    fn merge(&mut self, range: &str) {
        let ends = range
            .split_once(':')
            .map(|(from, to)| (position(from), position(to)));
        let Some((Some((column, Some(first))), Some((last_column, Some(last))))) = ends else {
            return;
        };
        if first <= self.below {
            if self.survey.head.len() < MOST_SPANS {
                self.survey.head.push(Span {
                    columns: column..=last_column,
                    lines: first..=last,
                });
            }
            return;
        }
        if last > first && self.survey.merges.len() < MOST_MERGES {
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
