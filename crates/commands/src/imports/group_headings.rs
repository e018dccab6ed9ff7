//! Column names that take several rows: a heading above some of the columns belongs to each of them.

use std::collections::HashMap;
use std::ops::RangeInclusive;

use super::emails;
use super::fold::fold;
use super::header_names::meaning_of;
use super::header_row::Candidate;

/// Most rows that column names take.
const MOST_ROWS: u64 = 4;

/// A cell that takes several columns or rows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Span {
    /// From 0.
    pub(crate) columns: RangeInclusive<usize>,
    /// From 1.
    pub(crate) lines: RangeInclusive<u64>,
}

impl Span {
    fn holds(&self, line: u64, column: usize) -> bool {
        self.lines.contains(&line) && self.columns.contains(&column)
    }

    fn width(&self) -> usize {
        self.columns.end() - self.columns.start() + 1
    }
}

/// The column names of several rows.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Headings {
    pub(crate) names: Vec<String>,
    /// The rows that they stand in.
    pub(crate) lines: RangeInclusive<u64>,
}

/// Joins the names in a row with the headings above and below them; `None` where it stands for itself.
pub(crate) fn join(rows: &[Candidate], at: usize, spans: &[Span]) -> Option<Headings> {
    let header = &rows[at];
    let mut spans = spans.to_vec();
    if spans
        .iter()
        .all(|span| span.lines.end() + 1 < header.number)
    {
        spans.extend(spread(rows, at)?);
    }
    let table = Table { rows, spans };
    let lines = table.lines(header.number, header.cells.len());
    if lines.start() == lines.end() {
        return None;
    }
    let width = table.width(&lines);
    let names = (0..width)
        .map(|column| table.parts(&lines, column))
        .collect();
    Some(Headings {
        names: named(names),
        lines,
    })
}

/// Spreads the texts of the row above over the columns up to the next text, where names need it to be told apart.
fn spread(rows: &[Candidate], at: usize) -> Option<Vec<Span>> {
    let (header, above) = (&rows[at], rows.get(at.checked_sub(1)?)?);
    let filled = |row: &Candidate| row.cells.iter().filter(|cell| !cell.is_empty()).count();
    let fits = above.number + 1 == header.number
        && above.cells.len() <= header.cells.len()
        && (2..filled(header)).contains(&filled(above));
    if !fits || !has_repeated(header) {
        return None;
    }
    let starts: Vec<usize> = (0..above.cells.len())
        .filter(|at| !above.cells[*at].is_empty())
        .collect();
    let ends = starts.iter().skip(1).copied().chain([header.cells.len()]);
    let span = |(start, end): (&usize, usize)| Span {
        columns: *start..=end - 1,
        lines: above.number..=above.number,
    };
    Some(starts.iter().zip(ends).map(span).collect())
}

fn has_repeated(row: &Candidate) -> bool {
    let mut names: Vec<String> = row
        .cells
        .iter()
        .map(|cell| fold(cell))
        .filter(|name| !name.is_empty())
        .collect();
    names.sort_unstable();
    names.windows(2).any(|pair| pair[0] == pair[1])
}

struct Table<'r> {
    rows: &'r [Candidate],
    spans: Vec<Span>,
}

impl Table<'_> {
    /// Returns the rows that belong to the names in one of them.
    fn lines(&self, line: u64, width: usize) -> RangeInclusive<u64> {
        let across = self.spans.iter().filter(|span| span.lines.contains(&line));
        let (mut first, mut last) = (line, line);
        for span in across {
            first = first.min(*span.lines.start());
            last = last.max(*span.lines.end());
        }
        // Notes may be merged with the name above them.
        let is_person = |row: &&Candidate| {
            (line + 1..=last).contains(&row.number)
                && row.cells.iter().any(|cell| emails::is_email(cell))
        };
        if self.rows.iter().any(|row| is_person(&row)) {
            last = line;
        }
        // A heading above all columns is a title.
        let is_group = |span: &Span| span.width() > 1 && span.width() < width;
        while first > 1
            && self
                .spans
                .iter()
                .any(|span| span.lines.contains(&(first - 1)) && is_group(span))
        {
            first -= 1;
        }
        first.max((line + 1).saturating_sub(MOST_ROWS))..=last.min(line + MOST_ROWS)
    }

    fn width(&self, lines: &RangeInclusive<u64>) -> usize {
        let rows = self.rows.iter().filter(|row| lines.contains(&row.number));
        rows.map(|row| row.cells.len()).max().unwrap_or(0)
    }

    /// Returns the texts above each other in a column, each once.
    fn parts(&self, lines: &RangeInclusive<u64>, column: usize) -> Vec<&str> {
        let mut parts: Vec<&str> = Vec::new();
        for line in lines.clone() {
            let text = self.text(line, column);
            if !text.is_empty() && parts.last() != Some(&text) {
                parts.push(text);
            }
        }
        parts
    }

    fn text(&self, line: u64, column: usize) -> &str {
        let span = self.spans.iter().find(|span| span.holds(line, column));
        let (line, column) = span.map_or((line, column), |span| {
            (*span.lines.start(), *span.columns.start())
        });
        let row = self.rows.iter().find(|row| row.number == line);
        row.and_then(|row| row.cells.get(column))
            .map_or("", String::as_str)
    }
}

/// A name that says enough stands alone; one that several columns have gets the heading above it.
fn named(columns: Vec<Vec<&str>>) -> Vec<String> {
    let mut counts: HashMap<String, usize> = HashMap::new();
    for last in columns.iter().filter_map(|parts| parts.last()) {
        *counts.entry(fold(last)).or_default() += 1;
    }
    let name = |parts: Vec<&str>| {
        let (last, groups) = match parts.as_slice() {
            [] => return String::new(),
            [.., last] => (*last, &parts[..parts.len() - 1]),
        };
        let joined = || format!("{}: {last}", groups.join(" "));
        let is_known = meaning_of(last).is_some();
        let is_repeated = counts.get(&fold(last)).is_some_and(|count| *count > 1);
        match groups.is_empty() || is_known && !is_repeated {
            true => last.to_owned(),
            false if is_known && meaning_of(&joined()).is_none() => last.to_owned(),
            false => joined(),
        }
    };
    columns.into_iter().map(name).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rows(rows: &[&[&str]]) -> Vec<Candidate> {
        let row = |(at, cells): (usize, &&[&str])| Candidate {
            number: at as u64 + 1,
            rows: at + 1,
            cells: cells.iter().map(|cell| (*cell).to_owned()).collect(),
            raw: Vec::new(),
            fault: None,
        };
        rows.iter().enumerate().map(row).collect()
    }

    fn span(columns: RangeInclusive<usize>, lines: RangeInclusive<u64>) -> Span {
        Span { columns, lines }
    }

    #[test]
    fn a_heading_over_several_columns_tells_equal_names_apart() {
        let rows = rows(&[
            &["Person", "", "Work", "", "Private"],
            &[
                "First Name",
                "Last Name",
                "Email",
                "Phone",
                "Email",
                "Phone",
            ],
        ]);
        let spans = [span(0..=1, 1..=1), span(2..=3, 1..=1), span(4..=5, 1..=1)];
        let expected = [
            "First Name",
            "Last Name",
            "Work: Email",
            "Work: Phone",
            "Private: Email",
            "Private: Phone",
        ];
        for spans in [&spans[..], &[]] {
            let found = join(&rows, 1, spans).unwrap();
            assert_eq!(found.names, expected);
            assert_eq!(found.lines, 1..=2);
        }
    }

    #[test]
    fn a_name_over_several_rows_stands_beside_those_below() {
        let rows = rows(&[
            &["First Name", "Last Name", "Contact"],
            &["", "", "Email", "Phone"],
            &["Mira", "Okafor", "mira@example.com", "111"],
        ]);
        let spans = [span(0..=0, 1..=2), span(1..=1, 1..=2), span(2..=3, 1..=1)];
        for at in [0, 1] {
            let found = join(&rows, at, &spans).unwrap();
            assert_eq!(found.names, ["First Name", "Last Name", "Email", "Phone"]);
            assert_eq!(found.lines, 1..=2);
        }
    }

    #[test]
    fn people_beside_a_merged_name_are_no_headings() {
        let rows = rows(&[&["Name", "Email", "Notes"], &["Mira", "mira@example.com"]]);
        assert_eq!(join(&rows, 0, &[span(2..=2, 1..=2)]), None);
    }

    #[test]
    fn a_title_over_all_columns_is_no_heading_of_any() {
        let rows = rows(&[
            &["Customers"],
            &["First Name", "Last Name"],
            &["Mira", "Okafor"],
        ]);
        assert_eq!(join(&rows, 1, &[span(0..=1, 1..=1)]), None);
        assert_eq!(join(&rows, 1, &[]), None);
        assert_eq!(join(&rows[1..], 0, &[]), None);
    }
}
