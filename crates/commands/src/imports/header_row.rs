//! Finds the row with the column names: titles and notes may stand above it.

use std::collections::HashSet;
use std::ops::ControlFlow;

use super::errors_file::REASON;
use super::fold::fold;
use super::source::{Event, Flow, MOST_PULSES, PULSE, Row, clean_name, separator_line};
use super::{Error, Result, emails, header_names};
use crate::headings::OWN_ID;

/// So many rows that are not blank are looked at.
const MOST_ROWS: usize = 20;

/// Known names that make a row one of names, whatever stands above it, such as the host of a meeting.
const CLEAR: usize = 4;
/// So many are enough where no other value stands beside them.
const LEAST: usize = 3;
/// So many people may stand above it.
const FEW: usize = 2;

/// A row that may hold the column names.
#[derive(Debug, Clone)]
pub(crate) struct Candidate {
    /// The row as the file counts, from 1.
    pub(crate) number: u64,
    /// How many rows there are up to this one.
    pub(crate) rows: usize,
    pub(crate) cells: Vec<String>,
    pub(crate) raw: Vec<u8>,
    pub(crate) fault: Option<&'static str>,
}

/// Tells whether a folded name is one that files of some kind use for a column.
pub(crate) type IsName = fn(&str) -> bool;

/// The first rows of a file or sheet that are not blank.
#[derive(Debug)]
pub(crate) struct Head {
    pub(crate) rows: Vec<Candidate>,
    is_name: IsName,
    /// Too much was read without finding enough rows.
    out_of_sight: bool,
}

/// Reads rows until the function breaks.
pub(crate) type Reading<'r> =
    dyn FnMut(&mut dyn FnMut(Event<'_>, u64) -> Result<Flow>) -> Result<bool> + 'r;

impl Head {
    /// Reads the first rows, and on to the row that is `wanted`.
    pub(crate) fn read(
        reading: &mut Reading<'_>,
        wanted: Option<u64>,
        is_name: IsName,
    ) -> Result<Self> {
        let (mut rows, mut pulses) = (0, 0);
        let mut head = Self {
            rows: Vec::new(),
            is_name,
            out_of_sight: false,
        };
        reading(&mut |event, bytes| {
            let row = match event {
                Event::Row(row) => row,
                Event::Rest(_) | Event::Pulse => {
                    pulses += 1;
                    head.out_of_sight = pulses > MOST_PULSES;
                    return Ok(go_on(!head.out_of_sight));
                }
            };
            rows += 1;
            let is_wanted = wanted.is_some_and(|wanted| row.number == wanted);
            let is_early = head.rows.len() < MOST_ROWS;
            if (is_early || is_wanted) && !(rows == 1 && separator_line(row.raw).is_some()) {
                head.add(&row, rows);
            }
            let beyond = wanted.is_none_or(|wanted| row.number >= wanted);
            let has_enough = head.rows.len() >= MOST_ROWS && beyond;
            // Rows of empty cells are no end of the search, either.
            head.out_of_sight = wanted.is_none() && !has_enough && bytes > MOST_PULSES * PULSE;
            Ok(go_on(!has_enough && !head.out_of_sight))
        })?;
        Ok(head)
    }

    fn add(&mut self, row: &Row<'_>, rows: usize) {
        let is_blank = row.cells.iter().all(|cell| cell.trim().is_empty());
        if is_blank && row.fault.is_none() {
            return;
        }
        self.rows.push(Candidate {
            number: row.number,
            rows,
            cells: row.cells.iter().map(clean_name).collect(),
            raw: row.raw.to_vec(),
            fault: row.fault,
        });
    }

    /// Returns which row holds the column names: the one that is wanted, else the one with the most known names.
    ///
    /// # Errors
    /// When the row that is wanted, or any row, is not there.
    pub(crate) fn choose(&self, path: &std::path::Path, wanted: Option<u64>) -> Result<usize> {
        if let Some(wanted) = wanted {
            let is_it = |row: &Candidate| row.number == wanted;
            return self
                .rows
                .iter()
                .position(is_it)
                .ok_or_else(|| Error::NoSuchRow {
                    path: path.to_owned(),
                    row: wanted,
                });
        }
        match self.best() {
            Some(at) => Ok(at),
            None if self.out_of_sight => Err(Error::NoHeaderInSight {
                path: path.to_owned(),
                most_mb: (MOST_PULSES * PULSE) >> 20,
            }),
            None => Err(Error::Empty(path.to_owned())),
        }
    }

    /// Returns how many names of the row that would be chosen are known; fewer count where no row is below it.
    pub(crate) fn points(&self) -> usize {
        let Some(at) = self.best() else { return 0 };
        let known = known_names(&self.rows[at].cells, self.is_name);
        if at + 1 < self.rows.len() {
            2 * known
        } else {
            known
        }
    }

    /// Returns how much speaks for this being the list of people: what says who somebody is counts more than places and
    /// phone numbers, which lists of companies and lists of choices have as well.
    pub(crate) fn weight(&self) -> usize {
        let Some(at) = self.best() else { return 0 };
        let someone: HashSet<String> = self.rows[at]
            .cells
            .iter()
            .map(|cell| fold(cell))
            .filter(|name| (self.is_name)(name) && header_names::names_somebody(name))
            .collect();
        let has_rows = at + 1 < self.rows.len();
        let of_people = someone.len() * if has_rows { 3 } else { 1 };
        self.points() + of_people
    }

    fn best(&self) -> Option<usize> {
        let first = self.rows.first()?;
        if is_own(&first.cells) {
            return Some(0);
        }
        let known = |row: &Candidate| known_names(&row.cells, self.is_name);
        let (mut best, mut most) = (0, known(first));
        for (at, row) in self.rows.iter().enumerate().take(MOST_ROWS).skip(1) {
            let found = known(row);
            let is_clear = found >= CLEAR && found > 2 * most && self.people_above(at) <= FEW;
            // Two lists below each other: the people between them belong to the first one. One alone may be in its notes.
            match self.people_of(best, at) {
                0 => {}
                1 if is_clear => {}
                _ => continue,
            }
            if found > most && (is_clear || self.can_be_names(at, found)) {
                (best, most) = (at, found);
            }
        }
        Some(best)
    }

    /// Counts the people between a row that holds nothing but names and another row.
    fn people_of(&self, at: usize, before: usize) -> usize {
        let cells = &self.rows[at].cells;
        let known = known_names(cells, self.is_name);
        if known < 2 || known < filled(cells) {
            return 0;
        }
        let between = self.rows[at + 1..before].iter();
        between.filter(|row| has_email(&row.cells)).count()
    }

    /// Counts the rows above one that hold an email and at least half as many values as it has.
    fn people_above(&self, at: usize) -> usize {
        let filled = filled(&self.rows[at].cells);
        let is_person = |row: &&Candidate| {
            has_email(&row.cells)
                && 2 * self::filled(&row.cells) >= filled
                && !is_note(&row.cells, self.is_name)
        };
        self.rows[..at].iter().filter(is_person).count()
    }

    /// Tells whether a row holds nothing but names, and each row above it has fewer values: these are notes.
    fn is_wider_than_all_above(&self, at: usize, known: usize) -> bool {
        let filled = filled(&self.rows[at].cells);
        let is_shorter = |row: &Candidate| self::filled(&row.cells) < filled;
        known >= LEAST && known == filled && self.rows[..at].iter().all(is_shorter)
    }

    /// Tells a row of names from one of values that happens to hold such a word.
    fn can_be_names(&self, at: usize, known: usize) -> bool {
        let filled = filled(&self.rows[at].cells);
        let people = self.people_above(at);
        (known > 1 || 2 * known >= filled)
            && (people == 0 || people <= FEW && self.is_wider_than_all_above(at, known))
    }
}

fn go_on(on: bool) -> Flow {
    if on {
        ControlFlow::Continue(())
    } else {
        ControlFlow::Break(())
    }
}

/// Tells whether a row stands above a file that was written here.
fn is_own(cells: &[String]) -> bool {
    cells.first().is_some_and(|name| name == OWN_ID) || cells.iter().any(|name| name == REASON)
}

fn filled(cells: &[String]) -> usize {
    cells.iter().filter(|cell| !cell.is_empty()).count()
}

fn has_email(cells: &[String]) -> bool {
    cells.iter().any(|cell| emails::is_email(cell))
}

/// What stands before an email in the notes above a table, folded; the names of columns may stand there as well.
const LABELS: &[&str] = &[
    "author",
    "by",
    "createdby",
    "exportedby",
    "from",
    "generatedby",
    "preparedby",
    "reportedby",
    "requestedby",
    "runby",
    "sentby",
    "to",
    "user",
    "autor",
    "bearbeiter",
    "benutzer",
    "ersteller",
    "erstelltvon",
    "exportiertvon",
    "von",
    "auteur",
    "creepar",
    "exportepar",
    "autore",
    "creatoda",
    "creadopor",
    "usuario",
];

/// Tells whether a row with an email is a note above a table, such as *Owner, Mia, mia@example.com*.
fn is_note(cells: &[String], is_name: IsName) -> bool {
    let Some(first) = cells.iter().find(|cell| !cell.is_empty()) else {
        return false;
    };
    let folded = fold(first);
    !emails::is_email(first)
        && (first.ends_with(':') || is_name(&folded) || LABELS.contains(&folded.as_str()))
}

/// Counts the different names that files use; none in a row with an email, which is a person.
fn known_names(cells: &[String], is_name: IsName) -> usize {
    if has_email(cells) {
        return 0;
    }
    let folded = cells.iter().map(|cell| fold(cell));
    let known: HashSet<String> = folded.filter(|name| is_name(name)).collect();
    known.len()
}

#[cfg(test)]
mod tests {
    use super::super::source::Cells;
    use super::*;

    fn best(rows: &[&[&str]]) -> Option<usize> {
        let rows = rows.iter().enumerate().map(|(at, cells)| Candidate {
            number: at as u64 + 1,
            rows: at + 1,
            cells: cells.iter().map(|cell| (*cell).to_owned()).collect(),
            raw: Vec::new(),
            fault: None,
        });
        let head = Head {
            rows: rows.collect(),
            is_name: crate::imports::header_names::is_known,
            out_of_sight: false,
        };
        head.best()
    }

    #[test]
    fn rows_of_empty_cells_are_not_looked_through_to_the_end_of_a_large_file() {
        let mut given = 0;
        let mut reading = |take: &mut dyn FnMut(Event<'_>, u64) -> Result<Flow>| {
            for number in 1..1_000 {
                given = number;
                let row = Row {
                    number,
                    lines: 1,
                    cells: Cells::new("", &[0]),
                    starts: &[0],
                    raw: b"\"\"",
                    fault: None,
                    unfinished: false,
                };
                if take(Event::Row(row), number << 20)?.is_break() {
                    return Ok(false);
                }
            }
            Ok(true)
        };
        let head = Head::read(&mut reading, None, crate::imports::header_names::is_known).unwrap();
        assert_eq!(given, ((MOST_PULSES * PULSE) >> 20) + 1);
        let refused = head.choose(std::path::Path::new("quotes.csv"), None);
        assert!(
            matches!(refused, Err(Error::NoHeaderInSight { .. })),
            "{refused:?}"
        );
    }

    #[test]
    fn the_row_with_the_most_known_names_is_chosen() {
        let names = ["First Name", "Last Name", "Email"].as_slice();
        let person = ["Mira", "Okafor", "mira@example.com"].as_slice();
        for (rows, at) in [
            ([names, person].as_slice(), 0),
            (&[&["Customer list"], names, person], 1),
            (&[&["Notes:"], &["a long text"], names, person], 2),
            (&[&["Person", "", "Contact"], names, person], 1),
            (&[names, person, names, person], 0),
            (&[&["Newsletter"], &["Email"], &["mira@example.com"]], 1),
            (
                &[
                    names,
                    person,
                    &["First Name", "Last Name", "Email", "Phone"],
                ],
                0,
            ),
            (
                &[&["Name", "Mail"], &["Mira", "mira@example.com"], names],
                0,
            ),
        ] {
            assert_eq!(best(rows), Some(at), "{rows:?}");
        }
        assert_eq!(best(&[]), None);
    }

    #[test]
    fn an_email_in_the_notes_above_is_no_person() {
        let person = ["Mira", "Okafor", "mira@example.com"].as_slice();
        let names = ["First Name", "Last Name", "Email"].as_slice();
        for notes in [
            [
                ["Report", "Leads"].as_slice(),
                &["Owner", "ada@example.com"],
            ],
            [&["Leads"], &["Owner", "Ada", "ada@example.com"]],
            [&["Leads"], &["Exported by", "Ada", "ada@example.com"]],
            [&["Leads"], &["Betreuung:", "Ada", "ada@example.com"]],
            [&["Leads"], &["Ada Berg", "ada@example.com"]],
        ] {
            assert_eq!(
                best(&[notes[0], notes[1], names, person]),
                Some(2),
                "{notes:?}"
            );
        }
    }

    #[test]
    fn rows_of_values_are_no_names() {
        let person = ["Mira", "Okafor", "mira@example.com"].as_slice();
        let names = ["First Name", "Last Name", "Email"].as_slice();
        // Without names, or with unknown ones, the first row stays.
        assert_eq!(best(&[person, names, person]), Some(0));
        assert_eq!(best(&[&["a", "b", "c"], &["Contact", "x", "y"]]), Some(0));
        assert_eq!(best(&[&["Leadferry ID", "x"], names, person]), Some(0));
    }
}
