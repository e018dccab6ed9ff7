//! The text of a cell as a value of a field.

use std::borrow::Cow;

use jiff::tz::TimeZone;
use leadferry_store::{Decimal, FieldKind, LONGEST_LINE, LONGEST_TEXT, Value, counted};

use super::dates::{self, DateCell, DateManner};
use super::fold::fold;
use super::numbers::{self, DecimalSign};

/// Why a cell does not fit its field; never the cell itself.
pub(crate) type Reason = Cow<'static, str>;

/// How the cells of one column are written.
#[derive(Debug, Clone)]
pub(crate) struct Manner {
    pub(crate) dates: DateManner,
    pub(crate) sign: DecimalSign,
    pub(crate) zone: TimeZone,
}

/// Returns the value of a cell; an empty cell is no value.
pub(crate) fn value(cell: &str, kind: FieldKind, manner: &Manner) -> Result<Option<Value>, Reason> {
    let cell = cell.trim();
    if cell.is_empty() {
        return Ok(None);
    }
    Ok(Some(match kind {
        FieldKind::Text => Value::Text(line(cell)?),
        FieldKind::LongText => Value::Text(within(cell, LONGEST_TEXT)?.to_owned()),
        FieldKind::Integer => match numbers::whole(cell, manner.sign).map(i32::try_from) {
            Some(Ok(number)) => Value::Integer(number.into()),
            Some(Err(_)) => return Err("the number is too large".into()),
            None => return Err("this isn't a whole number".into()),
        },
        FieldKind::LongInteger => Value::Integer(
            numbers::whole(cell, manner.sign)
                .ok_or("this isn't a whole number of at most 18 digits")?,
        ),
        FieldKind::Decimal { scale } => Value::Decimal(decimal(cell, scale, manner.sign)?),
        FieldKind::Float => {
            Value::Float(numbers::float(cell, manner.sign).ok_or("this isn't a number")?)
        }
        FieldKind::YesNo => Value::YesNo(yes_no(cell).ok_or("this isn't yes or no")?),
        FieldKind::Date if is_zero(cell) => return Ok(None),
        FieldKind::Date => match dates::date(cell, &manner.dates) {
            Some(DateCell::Date(date)) => Value::Date(date),
            Some(DateCell::Incomplete | DateCell::Nothing | DateCell::NoSuchDay(_)) => {
                return Ok(None);
            }
            None => return Err("this isn't a date".into()),
        },
        FieldKind::DateTime if is_zero(cell) => return Ok(None),
        FieldKind::DateTime => match dates::moment(cell, &manner.dates, &manner.zone) {
            Some(moment) => Value::DateTime(moment),
            None if dates::no_such_day(cell, &manner.dates).is_some() => return Ok(None),
            None => return Err("this isn't a date and time".into()),
        },
    }))
}

/// Tells whether a date says nothing, as in `0000-00-00 00:00:00` or `1900-01-00`.
pub(crate) fn is_zero(cell: &str) -> bool {
    let is_empty = |letter: char| matches!(letter, '0' | '-' | '/' | '.' | ':' | ' ');
    let cell = cell.trim();
    cell.len() > 5 && cell.chars().all(is_empty)
        || ZERO_DAYS.iter().any(|day| cell.starts_with(day))
}

/// How spreadsheet programs and databases show a day of the number 0.
const ZERO_DAYS: [&str; 16] = [
    "1900-01-00",
    "00.01.1900",
    "0.1.1900",
    "1/0/1900",
    "0/1/1900",
    "01/00/1900",
    "00/01/1900",
    "00-01-1900",
    "01-00-1900",
    "1/0/00",
    "01/00/00",
    "1899-12-30",
    "30.12.1899",
    "12/30/1899",
    "30/12/1899",
    "30-12-1899",
];

/// Returns the value that a cell of an export stands for, to the letter; nothing where somebody has rewritten it.
pub(crate) fn stored(cell: &str, kind: FieldKind) -> Option<Value> {
    match kind {
        FieldKind::Text | FieldKind::LongText => {
            let longest = if kind == FieldKind::Text {
                LONGEST_LINE
            } else {
                LONGEST_TEXT
            };
            within(cell, longest)
                .ok()
                .map(|text| Value::Text(text.to_owned()))
        }
        _ => crate::values::parse("", kind, cell)
            .ok()
            .filter(|value| fits(kind, value)),
    }
}

/// Tells whether a workspace takes a value.
fn fits(kind: FieldKind, value: &Value) -> bool {
    match value {
        Value::Integer(number) if kind == FieldKind::Integer => i32::try_from(*number).is_ok(),
        Value::Decimal(decimal) => decimal.units.unsigned_abs() < 10_u64.pow(18),
        Value::Date(date) => date.year() >= 0,
        _ => true,
    }
}

/// Brings text onto one line.
pub(crate) fn line(text: &str) -> Result<String, Reason> {
    let text = text.trim();
    if !text.contains(['\n', '\r']) {
        return within(text, LONGEST_LINE).map(str::to_owned);
    }
    let lines: Vec<&str> = text
        .split(['\n', '\r'])
        .map(str::trim)
        .filter(|line| !line.is_empty())
        .collect();
    within(&lines.join(", "), LONGEST_LINE).map(str::to_owned)
}

fn within(text: &str, most: usize) -> Result<&str, Reason> {
    if text.len() > most && text.chars().count() > most {
        return Err(format!("the text has more than {most} characters").into());
    }
    Ok(text)
}

fn decimal(cell: &str, scale: u8, sign: DecimalSign) -> Result<Decimal, Reason> {
    let decimal = numbers::decimal(cell, sign).ok_or("this isn't a number of at most 18 digits")?;
    if decimal.scale > scale {
        let digits = counted(scale.into(), "digit", "digits");
        return Err(format!("the field holds {digits} after the decimal point").into());
    }
    let units = 10_i64
        .checked_pow(u32::from(scale - decimal.scale))
        .and_then(|factor| decimal.units.checked_mul(factor));
    match units.filter(|units| units.unsigned_abs() < 10_u64.pow(18)) {
        Some(units) => Ok(Decimal { units, scale }),
        None => Err("the number has more than 18 digits".into()),
    }
}

/// Reads a word for yes or no.
pub(crate) fn yes_no(cell: &str) -> Option<bool> {
    let folded = fold(cell);
    match folded.as_str() {
        "yes" | "y" | "true" | "t" | "1" | "on" | "x" | "checked" | "ja" | "wahr" | "oui"
        | "vrai" | "si" | "verdadero" | "sim" | "tak" | "ano" | "kylla" | "evet" | "igen"
        | "da" | "да" | "так" | "ναι" | "jah" | "taip" | "verdadeiro" | "vero" | "waar"
        | "sant" | "sann" | "sand" | "tosi" | "prawda" | "pravda" | "igaz" | "adevarat"
        | "dogru" | "истина" => Some(true),
        "no" | "n" | "false" | "f" | "0" | "off" | "unchecked" | "nein" | "falsch" | "non"
        | "faux" | "falso" | "nee" | "nej" | "nei" | "nao" | "nie" | "ne" | "ei" | "hayir"
        | "nem" | "нет" | "не" | "ні" | "οχι" | "nu" | "onwaar" | "falskt" | "usann" | "falsk"
        | "epatosi" | "falsz" | "nepravda" | "hamis" | "fals" | "yanlis" | "ложь" => {
            Some(false)
        }
        // Korean letters come apart when they are folded.
        _ => match cell.trim() {
            "✓" | "✔" | "☑" | "はい" | "是" | "예" | "네" => Some(true),
            "✗" | "✘" | "☐" | "いいえ" | "否" | "아니오" | "아니요" => Some(false),
            _ => None,
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::imports::DateOrder;

    fn manner() -> Manner {
        let dates = DateManner {
            order: DateOrder::Dmy,
            latest: 2026,
            mixed: false,
        };
        Manner {
            dates,
            sign: DecimalSign::Point,
            zone: TimeZone::UTC,
        }
    }

    #[test]
    fn each_kind_reads_its_cells() {
        let cases = [
            (" Ada ", FieldKind::Text, Value::Text("Ada".into())),
            (
                "1 Main St\r\nFlat 2",
                FieldKind::Text,
                Value::Text("1 Main St, Flat 2".into()),
            ),
            ("a\nb", FieldKind::LongText, Value::Text("a\nb".into())),
            ("1,000", FieldKind::Integer, Value::Integer(1000)),
            (
                "2.5",
                FieldKind::Decimal { scale: 2 },
                Value::Decimal(Decimal {
                    units: 250,
                    scale: 2,
                }),
            ),
            ("2.5", FieldKind::Float, Value::Float(2.5)),
            ("Ja", FieldKind::YesNo, Value::YesNo(true)),
            (
                "4.3.1990",
                FieldKind::Date,
                Value::Date(jiff::civil::date(1990, 3, 4)),
            ),
            (
                "1970-01-01T00:00:01Z",
                FieldKind::DateTime,
                Value::DateTime(1000),
            ),
        ];
        for (cell, kind, expected) in cases {
            assert_eq!(value(cell, kind, &manner()), Ok(Some(expected)), "{cell}");
        }
        assert_eq!(value("  ", FieldKind::Integer, &manner()), Ok(None));
    }

    #[test]
    fn the_day_that_a_spreadsheet_counts_as_0_is_no_day() {
        for cell in ZERO_DAYS
            .into_iter()
            .chain(["1899-12-30T00:00:00", "0/0/00"])
        {
            assert_eq!(value(cell, FieldKind::Date, &manner()), Ok(None), "{cell}");
        }
        for cell in ["1899-12-31", "1.1.1900"] {
            let read = value(cell, FieldKind::Date, &manner());
            assert!(matches!(read, Ok(Some(_))), "{cell}");
        }
    }

    #[test]
    fn what_does_not_fit_is_refused_with_a_reason() {
        let long = "x".repeat(LONGEST_LINE + 1);
        let cases = [
            (long.as_str(), FieldKind::Text),
            ("3000000000", FieldKind::Integer),
            ("1.234", FieldKind::Decimal { scale: 2 }),
            ("99999999999999999", FieldKind::Decimal { scale: 4 }),
            ("perhaps", FieldKind::YesNo),
            ("31.13.1990", FieldKind::Date),
            ("noon", FieldKind::DateTime),
            ("abc", FieldKind::Float),
        ];
        for (cell, kind) in cases {
            assert!(value(cell, kind, &manner()).is_err(), "{kind:?}");
        }
    }
}
