//! What a record's value becomes in a contact, and how both sides' values are compared.

use jiff::tz::TimeZone;
use leadferry_store::{
    Agreement, Decimal, FieldKind, LONGEST_LINE, LONGEST_TEXT, MirrorKind, MirrorValue, Value,
};
use serde_json::json;

use crate::mapping::{date_of, hash_text as hash, start_of};

/// The value can't stand in the contact's field.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Unfit;

/// Returns a value as the org writes it.
pub fn json_of(kind: MirrorKind, value: Option<&MirrorValue>) -> serde_json::Value {
    match (kind, value) {
        (_, None) => serde_json::Value::Null,
        (MirrorKind::DateTime, Some(MirrorValue::Whole(ms))) => {
            let moment = jiff::Timestamp::from_millisecond(*ms).unwrap_or_default();
            json!(moment.strftime("%Y-%m-%dT%H:%M:%S.%3fZ").to_string())
        }
        (_, Some(MirrorValue::Text(text))) => json!(text),
        (_, Some(MirrorValue::Number(number))) => json!(number),
        (_, Some(MirrorValue::Whole(number))) => json!(number),
        (_, Some(MirrorValue::YesNo(yes))) => json!(yes),
        (_, Some(MirrorValue::Date(date))) => json!(date.to_string()),
    }
}

/// Returns a hash of a record's value; empty for none. Blanks around a text and the kind of line breaks don't count.
pub(crate) fn there_hash(value: Option<&MirrorValue>) -> String {
    let plain = match value {
        None => return String::new(),
        Some(MirrorValue::Text(text)) => text.replace("\r\n", "\n").trim().to_owned(),
        Some(MirrorValue::Number(number)) => number.to_string(),
        Some(MirrorValue::Whole(number)) => number.to_string(),
        Some(MirrorValue::YesNo(yes)) => yes.to_string(),
        Some(MirrorValue::Date(date)) => date.to_string(),
    };
    match plain.is_empty() {
        true => String::new(),
        false => hash(&plain),
    }
}

/// Tells whether a hash of a record's value is that of a value as the org writes it.
pub(crate) fn is_held(hash: &str, held: &serde_json::Value) -> bool {
    let moment = |text: &str| Some(leadferry_salesforce::parse_date_time(text)?.as_millisecond());
    let readings = match held {
        serde_json::Value::Null => return hash.is_empty(),
        serde_json::Value::Bool(yes) => [Some(MirrorValue::YesNo(*yes)), None],
        serde_json::Value::Number(number) => [
            number.as_f64().map(MirrorValue::Number),
            number.as_i64().map(MirrorValue::Whole),
        ],
        serde_json::Value::String(text) => [
            Some(MirrorValue::Text(text.clone())),
            moment(text).map(MirrorValue::Whole),
        ],
        _ => return false,
    };
    let mut readings = readings.iter().flatten();
    readings.any(|reading| there_hash(Some(reading)) == hash)
}

/// Returns what a contact and its record agree on where a value came from the record; `there` is a text of the record's.
pub fn agreement_on(here: &[Option<Value>], there: &str) -> Agreement {
    Agreement {
        here: here_hash(here),
        there: there_hash(Some(&MirrorValue::Text(there.to_owned()))),
        rewritten: 0,
        same: true,
    }
}

/// Returns a hash of a contact's values; empty where none is set.
pub(crate) fn here_hash(values: &[Option<Value>]) -> String {
    match values.iter().all(Option::is_none) {
        true => String::new(),
        false => hash(&serde_json::to_string(values).unwrap_or_default()),
    }
}

/// Returns a record's value as a contact field holds it.
pub(super) fn converted(
    kind: MirrorKind,
    value: &MirrorValue,
    to: FieldKind,
    zone: &TimeZone,
) -> Result<Option<Value>, Unfit> {
    let value = match (to, value) {
        (FieldKind::Text | FieldKind::LongText, MirrorValue::Text(text)) => {
            return text_of(to, text);
        }
        (FieldKind::YesNo, MirrorValue::YesNo(yes)) => Value::YesNo(*yes),
        (FieldKind::Date, MirrorValue::Date(date)) => Value::Date(*date),
        (FieldKind::Date, MirrorValue::Whole(ms)) if kind == MirrorKind::DateTime => {
            Value::Date(date_of(*ms, zone).map_err(|_| Unfit)?)
        }
        (FieldKind::DateTime, MirrorValue::Whole(ms)) if kind == MirrorKind::DateTime => {
            Value::DateTime(*ms)
        }
        (FieldKind::DateTime, MirrorValue::Date(date)) => {
            Value::DateTime(start_of(*date, zone).map_err(|_| Unfit)?)
        }
        (_, MirrorValue::Whole(number)) if kind == MirrorKind::Whole => {
            number_of(to, &number.to_string()).ok_or(Unfit)?
        }
        // The shortest digits that read back as the same number, never with an exponent.
        (_, MirrorValue::Number(number)) => number_of(to, &number.to_string()).ok_or(Unfit)?,
        _ => return Err(Unfit),
    };
    Ok(Some(value))
}

fn text_of(to: FieldKind, text: &str) -> Result<Option<Value>, Unfit> {
    let (text, longest) = match to {
        FieldKind::LongText => (text.replace("\r\n", "\n").trim().to_owned(), LONGEST_TEXT),
        _ => (one_line(text), LONGEST_LINE),
    };
    if text.chars().count() > longest || text.contains('\0') {
        return Err(Unfit);
    }
    Ok((!text.is_empty()).then_some(Value::Text(text)))
}

fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Reads digits; what a decimal's scale has no room for is cut, not rounded.
fn number_of(to: FieldKind, digits: &str) -> Option<Value> {
    match to {
        FieldKind::Integer => {
            let number: i64 = digits.parse().ok()?;
            i32::try_from(number).ok()?;
            Some(Value::Integer(number))
        }
        FieldKind::LongInteger => digits.parse().ok().map(Value::Integer),
        FieldKind::Float => digits.parse().ok().map(Value::Float),
        FieldKind::Decimal { scale } => {
            let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
            let fraction = &fraction[..fraction.len().min(scale.into())];
            let decimal: Decimal = format!("{whole}.{fraction}").parse().ok()?;
            let factor = 10_i64.checked_pow(u32::from(scale - decimal.scale))?;
            let units = decimal.units.checked_mul(factor)?;
            (units.unsigned_abs() < 1_000_000_000_000_000_000)
                .then_some(Value::Decimal(Decimal { units, scale }))
        }
        _ => None,
    }
}

/// Returns the two address lines of a street: its first line, and the others behind each other.
pub(super) fn street_lines(text: &str) -> Result<[Option<Value>; 2], Unfit> {
    let mut lines = text.lines().map(one_line).filter(|line| !line.is_empty());
    let first = lines.next().unwrap_or_default();
    let rest = lines.collect::<Vec<_>>().join(", ");
    Ok([
        text_of(FieldKind::Text, &first)?,
        text_of(FieldKind::Text, &rest)?,
    ])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(kind: MirrorKind, value: MirrorValue, to: FieldKind) -> Result<Option<Value>, Unfit> {
        converted(
            kind,
            &value,
            to,
            &TimeZone::get("America/New_York").unwrap(),
        )
    }

    #[test]
    fn values_become_what_the_contact_field_holds() {
        let text = |text: &str| MirrorValue::Text(text.to_owned());
        let decimal = |units, scale| Ok(Some(Value::Decimal(Decimal { units, scale })));
        let two = FieldKind::Decimal { scale: 2 };
        for (kind, value, to, expected) in [
            (
                MirrorKind::Text,
                text(" a\n b "),
                FieldKind::Text,
                Ok(Some(Value::Text("a b".to_owned()))),
            ),
            (
                MirrorKind::Text,
                text("a\r\nb "),
                FieldKind::LongText,
                Ok(Some(Value::Text("a\nb".to_owned()))),
            ),
            (MirrorKind::Text, text("  "), FieldKind::Text, Ok(None)),
            (
                MirrorKind::Text,
                text(&"x".repeat(256)),
                FieldKind::Text,
                Err(Unfit),
            ),
            (
                MirrorKind::Number,
                MirrorValue::Number(2.459),
                two,
                decimal(245, 2),
            ),
            (
                MirrorKind::Number,
                MirrorValue::Number(-7.0),
                two,
                decimal(-700, 2),
            ),
            (
                MirrorKind::Number,
                MirrorValue::Number(1e30),
                two,
                Err(Unfit),
            ),
            (
                MirrorKind::Number,
                MirrorValue::Number(12.0),
                FieldKind::Integer,
                Ok(Some(Value::Integer(12))),
            ),
            (
                MirrorKind::Number,
                MirrorValue::Number(12.5),
                FieldKind::Integer,
                Err(Unfit),
            ),
            (
                MirrorKind::Whole,
                MirrorValue::Whole(5_000_000_000),
                FieldKind::Integer,
                Err(Unfit),
            ),
            (
                MirrorKind::Whole,
                MirrorValue::Whole(5_000_000_000),
                FieldKind::LongInteger,
                Ok(Some(Value::Integer(5_000_000_000))),
            ),
            (
                MirrorKind::Whole,
                MirrorValue::Whole(3),
                FieldKind::Float,
                Ok(Some(Value::Float(3.0))),
            ),
            (
                MirrorKind::YesNo,
                MirrorValue::YesNo(true),
                FieldKind::YesNo,
                Ok(Some(Value::YesNo(true))),
            ),
            (
                MirrorKind::YesNo,
                MirrorValue::YesNo(true),
                FieldKind::Text,
                Err(Unfit),
            ),
            (
                MirrorKind::Whole,
                MirrorValue::Whole(3),
                FieldKind::Date,
                Err(Unfit),
            ),
            // Two in the morning in London is the evening before in New York.
            (
                MirrorKind::DateTime,
                MirrorValue::Whole(1_772_244_000_000),
                FieldKind::Date,
                Ok(Some(Value::Date("2026-02-27".parse().unwrap()))),
            ),
            (
                MirrorKind::DateTime,
                MirrorValue::Whole(1_772_244_000_000),
                FieldKind::DateTime,
                Ok(Some(Value::DateTime(1_772_244_000_000))),
            ),
        ] {
            let shown = format!("{value:?} to {to:?}");
            assert_eq!(read(kind, value, to), expected, "{shown}");
        }
    }

    #[test]
    fn a_street_fills_two_lines() {
        let line = |text: &str| Some(Value::Text(text.to_owned()));
        assert_eq!(
            street_lines("1 Main St\r\nFloor 2\nDoor 3"),
            Ok([line("1 Main St"), line("Floor 2, Door 3")])
        );
        assert_eq!(street_lines("1 Main St"), Ok([line("1 Main St"), None]));
    }

    #[test]
    fn blanks_around_a_text_do_not_count_as_a_change() {
        let text = |text: &str| Some(MirrorValue::Text(text.to_owned()));
        assert_eq!(
            there_hash(text("a\r\nb ").as_ref()),
            there_hash(text("a\nb").as_ref())
        );
        assert_ne!(
            there_hash(text("a").as_ref()),
            there_hash(text("A").as_ref())
        );
        assert_eq!(there_hash(None), "");
        assert_eq!(here_hash(&[None, None]), "");
        assert_ne!(
            here_hash(&[Some(Value::Integer(1)), None]),
            here_hash(&[None, Some(Value::Integer(1))])
        );
    }
}
