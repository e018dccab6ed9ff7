//! Statements that write many rows: opening a table and its indexes for each of them costs as much as the row.

use std::borrow::Cow;
use std::sync::OnceLock;

/// How many rows a statement writes.
pub(crate) const ROWS_TOGETHER: usize = 50;

/// A statement for any number of rows, up to [`ROWS_TOGETHER`].
pub(crate) struct ManyRows {
    write: fn(usize) -> String,
    /// What is written for as many rows as there can be, which is nearly always.
    full: OnceLock<String>,
}

impl ManyRows {
    pub(crate) const fn new(write: fn(usize) -> String) -> Self {
        Self {
            write,
            full: OnceLock::new(),
        }
    }

    pub(crate) fn sql(&self, rows: usize) -> Cow<'_, str> {
        match rows {
            ROWS_TOGETHER => self.full.get_or_init(|| (self.write)(rows)).into(),
            _ => (self.write)(rows).into(),
        }
    }
}

/// Returns what stands behind `VALUES` for so many rows. `row` writes one, of which `each` values are bound from a number on; the
/// numbers up to `shared` are the same for all.
pub(crate) fn rows_bound(
    rows: usize,
    shared: usize,
    each: usize,
    row: impl Fn(usize) -> String,
) -> String {
    let rows = (0..rows).map(|at| format!("({})", row(shared + 1 + at * each)));
    rows.collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_row_is_bound_behind_the_one_before() {
        let row = |at| format!("?{at}, ?1, ?{}", at + 1);
        assert_eq!(rows_bound(2, 1, 2, row), "(?2, ?1, ?3), (?4, ?1, ?5)");
    }
}
