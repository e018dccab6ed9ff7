//! `toLabel()` and `FORMAT()`: values as people see them.

use rusqlite::Connection;
use rusqlite::functions::{Context, FunctionFlags};
use rusqlite::types::ValueRef;

use super::scope::Column;
use crate::json::{self, Json, object};
use crate::org::field::{Field, Kind};
use crate::org::values;

/// Adds the functions of this module to a connection.
pub(crate) fn register(conn: &Connection) -> rusqlite::Result<()> {
    let flags = FunctionFlags::SQLITE_UTF8 | FunctionFlags::SQLITE_DETERMINISTIC;
    conn.create_scalar_function("labelled", 2, flags, label)?;
    conn.create_scalar_function("formatted", 3, flags, format)
}

/// The labels of a picklist's values.
pub(super) fn labelled(column: &Column) -> Column {
    let mut labels = object([]);
    for entry in &column.field.picklist {
        labels.set(&entry.value, entry.label.as_str());
    }
    let labels = labels.to_string().replace('\'', "''");
    let mut field = as_text(&column.field);
    field.filterable = column.field.filterable;
    Column {
        sql: format!("(labelled({}, '{labels}') COLLATE NOCASE)", column.sql),
        field,
        tables: Vec::new(),
    }
}

/// The value in the user's locale, which is that of the United States.
pub(super) fn formatted(column: &Column) -> Column {
    let (kind, scale) = (column.field.kind.word(), column.field.scale);
    Column {
        sql: format!("formatted({}, '{kind}', {scale})", column.sql),
        field: as_text(&column.field),
        tables: Vec::new(),
    }
}

fn as_text(field: &Field) -> Field {
    Field::plain(&field.name, &field.label, Kind::String)
}

fn label(context: &Context<'_>) -> rusqlite::Result<Option<String>> {
    let Some(value) = context.get::<Option<String>>(0)? else {
        return Ok(None);
    };
    let labels = json::parse(&context.get::<String>(1)?).unwrap_or_default();
    let one = |value: &str| {
        let label = labels.get(value).and_then(Json::as_str);
        label.unwrap_or(value).to_owned()
    };
    Ok(Some(
        value.split(';').map(one).collect::<Vec<_>>().join(";"),
    ))
}

fn format(context: &Context<'_>) -> rusqlite::Result<Option<String>> {
    let (kind, scale) = (context.get::<String>(1)?, context.get::<u32>(2)?);
    Ok(match (kind.as_str(), context.get_raw(0)) {
        (_, ValueRef::Null) => None,
        ("boolean", ValueRef::Integer(yes)) => Some((yes != 0).to_string()),
        ("datetime", ValueRef::Integer(ms)) => Some(values::in_locale_with_time(ms)),
        ("date", ValueRef::Text(day)) => Some(values::in_locale(&String::from_utf8_lossy(day))),
        ("currency", value) => {
            values::decimal_text(value, scale).map(|digits| money(&digits, scale))
        }
        ("double" | "percent", value) => values::decimal_text(value, scale).map(|digits| {
            let sign = if kind == "percent" { "%" } else { "" };
            grouped(digits.trim_end_matches(".0")) + sign
        }),
        (_, ValueRef::Integer(number)) => Some(grouped(&number.to_string())),
        (_, ValueRef::Text(text)) => Some(String::from_utf8_lossy(text).into_owned()),
        _ => None,
    })
}

fn money(digits: &str, scale: u32) -> String {
    let (whole, part) = digits.split_once('.').unwrap_or((digits, ""));
    let part = format!("{part:0<width$}", width = scale as usize);
    let (sign, whole) = whole.strip_prefix('-').map_or(("", whole), |w| ("-", w));
    let part = if scale == 0 {
        ""
    } else {
        part.get(..scale as usize).unwrap_or_default()
    };
    let point = if part.is_empty() { "" } else { "." };
    format!("{sign}${}{point}{part}", grouped(whole))
}

/// Digits with commas between thousands.
fn grouped(digits: &str) -> String {
    let (whole, part) = digits
        .split_once('.')
        .map_or((digits, None), |(w, p)| (w, Some(p)));
    let (sign, whole) = whole.strip_prefix('-').map_or(("", whole), |w| ("-", w));
    let mut text = sign.to_owned();
    for (n, digit) in whole.chars().enumerate() {
        if n > 0 && (whole.len() - n).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    match part {
        Some(part) => format!("{text}.{part}"),
        None => text,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_grouped_as_in_the_united_states() {
        assert_eq!(grouped("-1234567.5"), "-1,234,567.5");
        assert_eq!(grouped("123"), "123");
        assert_eq!(money("-1234.5", 2), "-$1,234.50");
        assert_eq!(money("1000.0", 0), "$1,000");
    }
}
