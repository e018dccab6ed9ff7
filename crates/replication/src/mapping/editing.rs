//! Changes a mapping row by row, so that no front end has to write its text.

use serde::Deserialize;

use super::checking::target_field;
use super::escaping::opens_section;
use super::parsing::read_target;
use super::{Cutting, Finding, Mapping, MappingRow, Overwrite, Period, Refusal, Source, Target};
use crate::Settings;
use crate::targets::TargetObject;

/// One change to a mapping; a target is named as its text form names it.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, ts_rs::TS)]
#[serde(tag = "kind", rename_all = "snake_case")]
#[ts(rename = "MappingEdit")]
pub enum Edit {
    /// Sets rows as text, one a line; each replaces the row of its target.
    Rows {
        /// The rows.
        text: String,
    },
    /// Fills a target with the same text for everyone; its rules stay.
    Constant {
        /// The target.
        target: String,
        /// The text.
        text: String,
    },
    /// Fills a target from a template; its rules stay.
    Template {
        /// The target.
        target: String,
        /// The template.
        text: String,
    },
    /// Removes the row of a target.
    Remove {
        /// The target.
        target: String,
    },
    /// Says when a value that the record has gives way.
    Overwrite {
        /// The target.
        target: String,
        /// The rule.
        overwrite: Overwrite,
    },
    /// Says what happens to values that do not fit.
    Cutting {
        /// The target.
        target: String,
        /// The rule.
        cutting: Cutting,
    },
    /// Says what happens to values that the org would refuse.
    Refusal {
        /// The target.
        target: String,
        /// The rule.
        refusal: Refusal,
    },
    /// Says whether contacts without a value are blocked.
    Required {
        /// The target.
        target: String,
        /// Whether they are.
        required: bool,
    },
    /// Replaces the value map of a target.
    Values {
        /// The target.
        target: String,
        /// Our value and what it is replaced by; pairs with nothing to replace are dropped.
        values: Vec<(String, String)>,
    },
}

impl Mapping {
    /// Returns the mapping with changes made one after the other; rows that are not named keep their place.
    ///
    /// # Errors
    /// The first thing that makes a change impossible to write down.
    pub fn edited(
        &self,
        edits: &[Edit],
        object: &TargetObject,
        settings: &Settings,
    ) -> Result<Self, Finding> {
        let mut mapping = self.clone();
        for edit in edits {
            mapping.apply(edit, object, settings)?;
        }
        Ok(mapping)
    }

    /// Returns the row of a target.
    pub fn row(&self, target: &str) -> Option<&MappingRow> {
        self.place(target).map(|at| &self.rows[at])
    }

    /// Sets a row: in place of the one that its target has, else at the end.
    pub fn set(&mut self, row: MappingRow) {
        match self.place(&row.target.to_string()) {
            Some(at) => self.rows[at] = row,
            None => self.rows.push(row),
        }
    }

    fn apply(
        &mut self,
        edit: &Edit,
        object: &TargetObject,
        settings: &Settings,
    ) -> Result<(), Finding> {
        match edit {
            Edit::Rows { text } => {
                let rows = Mapping::parse(text).map_err(first)?.rows;
                rows.into_iter().for_each(|row| self.set(row));
            }
            Edit::Constant { target, text } => {
                self.fill(target, Source::Constant(text.clone()), object, settings)?;
            }
            Edit::Template { target, text } => {
                let source = if opens_section(text) {
                    Source::Template(text.clone())
                } else {
                    Source::Constant(text.clone())
                };
                self.fill(target, source, object, settings)?;
            }
            Edit::Remove { target } => {
                if let Some(at) = self.place(target) {
                    self.rows.remove(at);
                }
            }
            Edit::Overwrite { target, overwrite } => self.row_mut(target)?.overwrite = *overwrite,
            Edit::Cutting { target, cutting } => {
                let row = self.row_mut(target)?;
                if row.refusal == row.cutting.usual_refusal() {
                    row.refusal = cutting.usual_refusal();
                }
                row.cutting = *cutting;
            }
            Edit::Refusal { target, refusal } => self.row_mut(target)?.refusal = *refusal,
            Edit::Required { target, required } => self.row_mut(target)?.required = *required,
            Edit::Values { target, values } => {
                let row = self.row_mut(target)?;
                row.values = values
                    .iter()
                    .filter(|(from, _)| !from.trim().is_empty())
                    .cloned()
                    .collect();
                // The text form is what knows which maps can be written.
                Mapping::parse(&row.to_string()).map_err(first)?;
            }
        }
        Ok(())
    }

    fn fill(
        &mut self,
        target: &str,
        source: Source,
        object: &TargetObject,
        settings: &Settings,
    ) -> Result<(), Finding> {
        let row = self.row_filled(target, source, object, settings)?;
        self.set(row);
        Ok(())
    }

    /// Returns what the row of a target would be if it were filled from a source: the rules stay, the value map
    /// and the days go with the source that they were for.
    pub(super) fn row_filled(
        &self,
        target: &str,
        source: Source,
        object: &TargetObject,
        settings: &Settings,
    ) -> Result<MappingRow, Finding> {
        let Some(row) = self.row(target) else {
            return Ok(new_row(source, read_target(target)?, object, settings));
        };
        let values = if row.source == source {
            row.values.clone()
        } else {
            Vec::new()
        };
        let period = if source.is_segment() {
            row.period
        } else {
            Period::default()
        };
        let overwrite = if row.overwrite == row.source.usual_overwrite() {
            source.usual_overwrite()
        } else {
            row.overwrite
        };
        Ok(MappingRow {
            source,
            overwrite,
            values,
            period,
            ..row.clone()
        })
    }

    fn row_mut(&mut self, target: &str) -> Result<&mut MappingRow, Finding> {
        match self.place(target) {
            Some(at) => Ok(&mut self.rows[at]),
            None => Err(Finding::error(
                "not_mapped",
                format!("{target} isn't mapped"),
                "choose a source first",
            )),
        }
    }

    /// The spelling counts, unless only another one is there: names that differ in case are the same field.
    fn place(&self, target: &str) -> Option<usize> {
        let find = |same: &dyn Fn(&str) -> bool| {
            self.rows
                .iter()
                .position(|row| same(&row.target.to_string()))
        };
        find(&|known| known == target).or_else(|| find(&|known| known.eq_ignore_ascii_case(target)))
    }
}

/// Returns a row with the usual rules; a field that is written on create only says so.
pub(super) fn new_row(
    source: Source,
    target: Target,
    object: &TargetObject,
    settings: &Settings,
) -> MappingRow {
    let field = target_field(&target, object, settings);
    let only_once = field.is_ok_and(|(field, _)| field.createable && !field.updateable);
    let mut row = MappingRow::new(source, target);
    if only_once {
        row.overwrite = Overwrite::OnCreate;
    }
    row
}

fn first(findings: Vec<Finding>) -> Finding {
    findings
        .into_iter()
        .next()
        .unwrap_or_else(|| Finding::error("no_source", "there are no rows", "write a row"))
}
