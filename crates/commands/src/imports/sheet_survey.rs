//! What a sheet says only behind its rows, and which of these are hidden.

use std::ops::RangeInclusive;

use leadferry_store::grouped;

use super::group_headings::Span;

/// A merged cell over several rows: its value stands in the first of them alone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Merge {
    /// From 0.
    pub(crate) column: usize,
    /// The rows, from 1.
    pub(crate) first: u64,
    pub(crate) last: u64,
}

/// Cells of one kind.
#[derive(Debug, Default)]
pub(crate) struct Tally {
    count: u64,
    first: String,
}

impl Tally {
    pub(crate) fn add(&mut self, name: impl FnOnce() -> String) {
        if self.count == 0 {
            self.first = name();
        }
        self.count += 1;
    }

    /// Says something of one cell, or of several; nothing of none.
    fn say(&self, one: &str, many: &str) -> Option<String> {
        let first = &self.first;
        match self.count {
            0 => None,
            1 => Some(one.replace("{}", &format!("Cell {first}"))),
            count => Some(format!(
                "{} {many} The first one is {first}.",
                grouped(count)
            )),
        }
    }
}

/// What was seen of the rows below the column names.
#[derive(Debug, Default)]
pub(crate) struct SheetSurvey {
    /// By their first rows.
    pub(crate) merges: Vec<Merge>,
    pub(crate) merged: Tally,
    /// Those in the rows up to the column names.
    pub(crate) head: Vec<Span>,
    pub(crate) hidden_rows: u64,
    /// Hidden columns, from 0.
    pub(crate) hidden_columns: Vec<RangeInclusive<usize>>,
    /// A filter decides which rows are shown.
    pub(crate) is_filtered: bool,
}

impl SheetSurvey {
    /// Says what a user should know.
    pub(crate) fn remarks(&self) -> impl Iterator<Item = String> {
        let merged = self.merged.say(
            "{} is merged over several rows. Its value is used in each of them.",
            "cells are merged over several rows. Their values are used in each of them.",
        );
        let hidden = (self.hidden_rows > 0).then(|| {
            let (rows, taken) = match self.hidden_rows {
                1 => ("1 hidden row".to_owned(), "It's imported like the others."),
                rows => (
                    format!("{} hidden rows", grouped(rows)),
                    "They're imported like the others.",
                ),
            };
            let by = if self.is_filtered {
                ", since a filter is set"
            } else {
                ""
            };
            format!("The sheet has {rows}{by}. {taken}")
        });
        [merged, hidden].into_iter().flatten()
    }

    /// Says which columns are hidden, by their names.
    pub(crate) fn hidden_names(&self, header: &[String]) -> Option<String> {
        let is_hidden = |at: usize| {
            self.hidden_columns
                .iter()
                .any(|columns| columns.contains(&at))
        };
        let named = header.iter().enumerate();
        let hidden: Vec<String> = named
            .filter(|(at, name)| is_hidden(*at) && !name.is_empty())
            .map(|(_, name)| format!("\"{name}\""))
            .collect();
        match hidden.as_slice() {
            [] => None,
            [only] => Some(format!(
                "The column {only} is hidden in the sheet. It's imported like the others."
            )),
            [.., last] => Some(format!(
                "The columns {} and {last} are hidden in the sheet. They're imported like the others.",
                hidden[..hidden.len() - 1].join(", ")
            )),
        }
    }
}
