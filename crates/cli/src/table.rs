//! Text for people: aligned tables and grouped digits.

pub(crate) use leadferry_commands::figures::{counted, grouped};
use unicode_width::UnicodeWidthStr as _;

use crate::visible::visible_line;

/// Longest text of a cell, in characters; the last column says why and what to do, and is never cut.
const WIDEST: usize = 60;

/// Longest text of a cell that is never cut: more than anybody reads, and a workspace from elsewhere may hold any length.
const LONGEST: usize = 4_000;

/// A table under construction.
pub(crate) struct Table {
    rows: Vec<Vec<String>>,
    /// Shows cells whole, however long: what somebody decides by.
    whole: bool,
}

impl Table {
    /// Begins a table with its column names.
    pub(crate) fn new(head: &[&str]) -> Table {
        Table {
            rows: vec![head.iter().map(|name| (*name).to_owned()).collect()],
            whole: false,
        }
    }

    /// Begins a table whose cells are shown whole.
    pub(crate) fn whole(head: &[&str]) -> Table {
        Table {
            whole: true,
            ..Table::new(head)
        }
    }

    /// Adds a row.
    pub(crate) fn row<const N: usize>(&mut self, cells: [String; N]) {
        self.line(cells.into());
    }

    /// Adds a row with as many cells as there are column names.
    pub(crate) fn line(&mut self, cells: Vec<String>) {
        let last = cells.len().saturating_sub(1);
        let cells = cells.iter().enumerate().map(|(column, cell)| {
            let widest = if column < last && !self.whole {
                WIDEST
            } else {
                LONGEST
            };
            one_line(cell, widest)
        });
        self.rows.push(cells.collect());
    }

    /// Returns the text, or `otherwise` where there is no row.
    pub(crate) fn text(self, otherwise: &str) -> String {
        if self.rows.len() < 2 {
            return format!("{otherwise}\n");
        }
        let columns = self.rows[0].len();
        let width = |column: usize| {
            self.rows
                .iter()
                .map(|row| row[column].width())
                .max()
                .unwrap_or(0)
        };
        let widths: Vec<usize> = (0..columns).map(width).collect();
        let mut text = String::new();
        for row in &self.rows {
            let cells = row
                .iter()
                .zip(&widths)
                .map(|(cell, width)| padded(cell, *width));
            text.push_str(cells.collect::<Vec<_>>().join("  ").trim_end());
            text.push('\n');
        }
        text
    }
}

/// Numbers stand to the right.
fn padded(cell: &str, width: usize) -> String {
    let space = " ".repeat(width.saturating_sub(cell.width()));
    let is_number = !cell.is_empty()
        && cell
            .chars()
            .all(|char| char.is_ascii_digit() || char == ',');
    if is_number {
        format!("{space}{cell}")
    } else {
        format!("{cell}{space}")
    }
}

/// Makes a text fit in a cell; what comes from elsewhere must not steer the terminal.
fn one_line(text: &str, widest: usize) -> String {
    // A letter more than is shown tells whether any is left out; it may take several to show one.
    let begun = text.char_indices().nth(widest + 1);
    let plain = visible_line(begun.map_or(text, |(end, _)| &text[..end]));
    if plain.chars().count() <= widest {
        return plain;
    }
    let mut short: String = plain.chars().take(widest - 1).collect();
    short.push('…');
    short
}

/// Returns names and values, one a line, the values aligned.
pub(crate) fn pairs(pairs: &[(&str, String)]) -> String {
    let width = pairs
        .iter()
        .map(|(name, _)| name.width())
        .max()
        .unwrap_or(0);
    let lines = pairs
        .iter()
        .map(|(name, value)| format!("{name:width$}  {}\n", one_line(value, LONGEST)));
    lines.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_are_aligned_and_numbers_stand_to_the_right() {
        let mut table = Table::new(&["name", "count"]);
        table.row(["Ä".into(), grouped(5)]);
        table.row(["Leads".into(), grouped(1200)]);
        assert_eq!(
            table.text("none"),
            "name   count\nÄ          5\nLeads  1,200\n"
        );
    }

    #[test]
    fn wide_letters_count_twice() {
        let mut table = Table::new(&["name", "object"]);
        table.row(["芳 欧阳".into(), "Lead".into()]);
        table.row(["Marcus".into(), "Lead".into()]);
        assert_eq!(
            table.text(""),
            "name     object\n芳 欧阳  Lead\nMarcus   Lead\n"
        );
    }

    #[test]
    fn only_the_last_column_is_never_cut() {
        let mut table = Table::new(&["name", "why"]);
        let long = "x".repeat(100);
        table.row([long.clone(), long.clone()]);
        let text = table.text("");
        let row = text.lines().last().unwrap_or_default();
        assert_eq!(row, format!("{}…  {long}", "x".repeat(59)));
    }

    #[test]
    fn a_cell_of_many_megabytes_is_cut_without_reading_all_of_it() {
        let long = "\u{202e}x".repeat(64 << 20);
        let begun = std::time::Instant::now();
        let mut table = Table::whole(&["name", "why"]);
        table.row([long.clone(), long.clone()]);
        let text = table.text("") + &pairs(&[("name", long)]);
        assert!(begun.elapsed() < std::time::Duration::from_secs(2));
        assert!(text.contains('…') && text.len() < 40_000, "{}", text.len());
    }

    #[test]
    fn a_cell_cannot_steer_the_terminal() {
        let mut table = Table::new(&["name"]);
        table.row(["a\u{1b}[31mb\n".into()]);
        assert_eq!(table.text(""), "name\na\\u{1b}[31mb\n");
    }
}
