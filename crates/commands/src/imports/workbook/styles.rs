//! What a number means in a cell, by the number formats of a workbook.

use std::collections::HashMap;
use std::rc::Rc;

use jiff::civil::Date;
use quick_xml::events::{BytesStart, Event};

use super::number_formats::Digits;
use super::parts::Parts;
use super::xml::attribute;
use super::{Fault, Result};

const MOST_BYTES: u64 = 64 << 20;
/// Spreadsheet programs know 65,490 formats of cells at most.
const MOST_FORMATS: usize = 65_536;
/// The day after 31 December 9999, as spreadsheets count days.
const DAYS: std::ops::Range<f64> = 0.0..2_958_466.0;
const MS_PER_DAY: f64 = 86_400_000.0;

/// How a format shows a number.
#[derive(Debug, Clone)]
enum Shown {
    Plain,
    Date,
    Digits(Rc<Digits>),
}

impl Shown {
    fn of(format: &str) -> Self {
        if shows_date(format) {
            return Self::Date;
        }
        Digits::of(format).map_or(Self::Plain, |digits| Self::Digits(Rc::new(digits)))
    }

    fn built_in(id: u32) -> Self {
        if is_built_in_date(id) {
            Self::Date
        } else {
            Self::Plain
        }
    }
}

/// The formats of a workbook's cells.
#[derive(Default)]
pub(super) struct Styles {
    /// How each format shows a number.
    shown: Vec<Shown>,
    /// Days are counted from 1904, as old Macs did.
    pub(super) from_1904: bool,
}

impl Styles {
    /// Reads the part that holds them; None where there is none.
    pub(super) fn read(parts: &mut Parts, name: &str) -> Result<Self> {
        let mut styles = Self::default();
        let Some(mut xml) = parts.part(name, MOST_BYTES)? else {
            return Ok(styles);
        };
        let (mut known, mut of_cells) = (HashMap::new(), false);
        loop {
            match xml.next()? {
                Event::Start(tag) => match tag.local_name().as_ref() {
                    "numFmt" => {
                        let code = attribute(&tag, "formatCode")?.unwrap_or_default();
                        known.insert(format_id(&tag)?, Shown::of(&code));
                    }
                    "cellXfs" => of_cells = true,
                    "xf" if of_cells => {
                        let id = format_id(&tag)?;
                        let shown = known.get(&id).cloned();
                        styles
                            .shown
                            .push(shown.unwrap_or_else(|| Shown::built_in(id)));
                    }
                    _ => {}
                },
                Event::End(tag) if tag.local_name().as_ref() == "cellXfs" => of_cells = false,
                Event::Eof => return Ok(styles),
                _ => {}
            }
            if known.len().max(styles.shown.len()) > MOST_FORMATS {
                let reason = format!("it holds more than {MOST_FORMATS} formats of cells");
                return Err(Fault::limit(reason));
            }
        }
    }

    /// Returns a number as a person would type it, given the format of its cell.
    pub(super) fn text(&self, number: f64, style: Option<usize>) -> String {
        let shown = style.and_then(|style| self.shown.get(style));
        let text = match shown {
            Some(Shown::Date) if DAYS.contains(&number) => moment_text(number, self.from_1904),
            Some(Shown::Digits(digits)) => digits.text(number),
            _ => None,
        };
        text.unwrap_or_else(|| number_text(number))
    }
}

fn format_id(tag: &BytesStart<'_>) -> Result<u32> {
    let id = attribute(tag, "numFmtId")?;
    Ok(id.and_then(|id| id.trim().parse().ok()).unwrap_or(0))
}

/// Formats that every program has without writing them down; 46 is a duration.
///
/// # Source
/// ECMA-376 Part 1, section 18.8.30.
fn is_built_in_date(id: u32) -> bool {
    matches!(id, 14..=22 | 27..=36 | 45 | 47 | 50..=58)
}

/// Tells whether a format shows dates or times of day; only its first section counts.
fn shows_date(format: &str) -> bool {
    let mut letters = format.chars();
    while let Some(letter) = letters.next() {
        match letter {
            // What follows stands for itself, for its width, or fills the cell.
            '\\' | '_' | '*' => drop(letters.next()),
            '"' => drop(letters.by_ref().find(|letter| *letter == '"')),
            // A color, a country, a condition, or a duration such as [h].
            '[' => {
                let inside: String = letters
                    .by_ref()
                    .take_while(|letter| *letter != ']')
                    .collect();
                let duration =
                    |letter: char| matches!(letter.to_ascii_lowercase(), 'h' | 'm' | 's');
                if !inside.is_empty() && inside.chars().all(duration) {
                    return false;
                }
            }
            ';' => return false,
            'd' | 'm' | 'h' | 'y' | 's' | 'D' | 'M' | 'H' | 'Y' | 'S' => return true,
            _ => {}
        }
    }
    false
}

/// Phone numbers and postal codes come as floating point; whole ones lose the point again.
fn number_text(number: f64) -> String {
    if number == number.trunc() && number.abs() < 1e15 {
        format!("{number:.0}")
    } else {
        shortest(number).to_string()
    }
}

/// Rounds to the fifteen digits that spreadsheet programs keep: 0.1 + 0.2 is 0.3 there.
fn shortest(number: f64) -> f64 {
    format!("{number:.14e}").parse().unwrap_or(number)
}

fn moment_text(days: f64, from_1904: bool) -> Option<String> {
    let ms = (days * MS_PER_DAY).round();
    let day = (ms / MS_PER_DAY).floor();
    let second = ((ms - day * MS_PER_DAY) / 1000.0) as u32;
    let (hour, minute, second) = (second / 3600, second / 60 % 60, second % 60);
    if day < 1.0 {
        return Some(format!("{hour:02}:{minute:02}:{second:02}"));
    }
    let zero = match from_1904 {
        true => Date::constant(1904, 1, 1),
        // The first spreadsheet program took 1900 for a leap year, and all others followed.
        false if day < 60.0 => Date::constant(1899, 12, 31),
        false => Date::constant(1899, 12, 30),
    };
    let date = zero
        .checked_add(jiff::Span::new().try_days(day as i64).ok()?)
        .ok()?;
    Some(match (hour, minute, second) {
        (0, 0, 0) => date.to_string(),
        _ => format!("{date}T{hour:02}:{minute:02}:{second:02}"),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn formats_of_dates_are_told_from_those_of_numbers() {
        for date in [
            "DD/MM/YY",
            "H:MM:SS;@",
            "m\"M\"d\"D\";@",
            "[$-404]e\"x\"m\"x\"d\"x\"",
            "h:mm AM/PM",
            "[$-F800]dddd\\,\\ mmmm\\ dd\\,\\ yyyy",
        ] {
            assert!(shows_date(date), "{date}");
        }
        for number in [
            "General",
            "0.00",
            "#,##0\\ [$\\u20bd-46D]",
            "\"Y: \"0.00\"m\";\"Y: \"-0.00\"m\";\"Y: <num>m\";@",
            "\"$\"#,##0_);[Red](\"$\"#,##0)",
            "0_ ;[Red]\\-0\\ ",
            "[h]:mm:ss",
            "0.00E+00",
            "",
        ] {
            assert!(!shows_date(number), "{number}");
        }
    }

    #[test]
    fn numbers_are_written_as_the_sheet_shows_them() {
        let styles = |from_1904| Styles {
            shown: vec![Shown::Plain, Shown::Date, Shown::of("00000")],
            from_1904,
        };
        for (number, style, text) in [
            (49_155_512.0, None, "49155512"),
            (12.5, Some(0), "12.5"),
            (1e300, Some(9), &1e300_f64.to_string()),
            (1.0, Some(1), "1900-01-01"),
            (59.0, Some(1), "1900-02-28"),
            (61.0, Some(1), "1900-03-01"),
            (33_238.0, Some(1), "1990-12-31"),
            (33_238.75, Some(1), "1990-12-31T18:00:00"),
            (44_197.999_999_999, Some(1), "2021-01-02"),
            (0.5, Some(1), "12:00:00"),
            (2_958_465.0, Some(1), "9999-12-31"),
            (2_958_466.0, Some(1), "2958466"),
            (-1.0, Some(1), "-1"),
            (1067.0, Some(2), "01067"),
            (1067.5, Some(2), "1067.5"),
        ] {
            assert_eq!(
                styles(false).text(number, style),
                text,
                "{number} {style:?}"
            );
        }
        assert_eq!(styles(true).text(31_776.0, Some(1)), "1990-12-31");
        assert_eq!(styles(true).text(2_958_465.0, Some(1)), "2958465");
    }
}
