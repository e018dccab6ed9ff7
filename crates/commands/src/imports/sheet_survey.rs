//! What a sheet says only behind its rows, and which of these are hidden.

use leadferry_store::grouped;

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
    pub(crate) hidden_rows: u64,
}

impl SheetSurvey {
    /// Says what a user should know.
    pub(crate) fn remarks(&self) -> impl Iterator<Item = String> {
        let merged = self.merged.say(
            "{} is merged over several rows. Its value is used in each of them.",
            "cells are merged over several rows. Their values are used in each of them.",
        );
        let hidden = match self.hidden_rows {
            0 => None,
            1 => Some("The sheet has 1 hidden row. It's imported like the others.".to_owned()),
            rows => Some(format!(
                "The sheet has {} hidden rows. They're imported like the others.",
                grouped(rows)
            )),
        };
        [merged, hidden].into_iter().flatten()
    }
}
