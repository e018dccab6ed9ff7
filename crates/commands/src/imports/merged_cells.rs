//! Gives the value of a merged cell to the rows that it spans.

use super::sheet_survey::Merge;

/// Most bytes of values that are kept at a time.
const MOST_BYTES: usize = 4 << 20;

/// The merged cells of a sheet while its rows are read from the first to the last.
pub(crate) struct MergedCells<'m> {
    /// Those whose rows are still to come.
    coming: &'m [Merge],
    /// Those that reach into the current row, by column.
    open: Vec<(Merge, String)>,
}

impl<'m> MergedCells<'m> {
    /// Begins with merged cells in the order of their first rows.
    pub(crate) fn new(merges: &'m [Merge]) -> Self {
        Self {
            coming: merges,
            open: Vec::new(),
        }
    }

    /// Tells whether any reaches into the current row.
    pub(crate) fn is_empty(&self) -> bool {
        self.open.is_empty()
    }

    /// Goes on to a row.
    pub(crate) fn go_to(&mut self, line: u64) {
        self.open.retain(|(merge, _)| merge.last >= line);
        let begun = self
            .coming
            .iter()
            .take_while(|merge| merge.first <= line)
            .count();
        let (begun, coming) = self.coming.split_at(begun);
        let alive = begun.iter().filter(|merge| merge.last >= line);
        self.open.extend(alive.map(|merge| (*merge, String::new())));
        if !begun.is_empty() {
            self.open.sort_by_key(|(merge, _)| merge.column);
        }
        self.coming = coming;
    }

    /// Keeps the value of a cell that is merged with those below.
    pub(crate) fn keep(&mut self, line: u64, column: usize, text: &str) {
        if self.is_empty() {
            return;
        }
        let kept: usize = self.open.iter().map(|(_, text)| text.len()).sum();
        let begins = |merge: &Merge| merge.first == line && merge.column == column;
        let found = self.open.iter_mut().find(|(merge, _)| begins(merge));
        if let Some((_, value)) = found.filter(|_| kept + text.len() <= MOST_BYTES) {
            text.clone_into(value);
        }
    }

    /// Returns the values that a row gets from above, with their columns, in the order of these.
    pub(crate) fn values(&self, line: u64) -> impl Iterator<Item = (usize, &str)> {
        let below = move |(merge, text): &&(Merge, String)| merge.first < line && !text.is_empty();
        let open = self.open.iter().filter(below);
        open.map(|(merge, text)| (merge.column, text.as_str()))
    }
}
