//! How a value stands in a column: checked on the way in, read back on the way out.

use rusqlite::types::{Value as Cell, ValueRef};

use crate::{ContactField, Date, Decimal, Error, FieldKind, Result, Value, counted};

/// Most characters of a one-line text.
pub const LONGEST_LINE: usize = 255;
/// Most characters of a long text.
pub const LONGEST_TEXT: usize = 131_072;
const DECIMAL_LIMIT: i64 = 1_000_000_000_000_000_000;

/// Returns what equality of e-mails means: trimmed and lower-cased; `None` for an empty one.
pub fn email_key(text: &str) -> Option<String> {
    let key = text.trim().to_lowercase();
    (!key.is_empty()).then_some(key)
}

/// Returns the cell of a value, checked against what the field holds; `name` is for the message.
pub(crate) fn to_cell(
    field: ContactField,
    name: &str,
    kind: FieldKind,
    value: Option<&Value>,
) -> Result<Cell> {
    let Some(value) = value else {
        return Ok(if field == ContactField::DoNotSend {
            Cell::Integer(0)
        } else {
            Cell::Null
        });
    };
    match (kind, value) {
        (FieldKind::Text | FieldKind::LongText, Value::Text(text)) => {
            text_cell(field, name, kind, text)
        }
        (FieldKind::Integer, Value::Integer(number)) => match i32::try_from(*number) {
            Ok(number) => Ok(Cell::Integer(number.into())),
            Err(_) => refused(name, "a whole number between -2147483648 and 2147483647"),
        },
        (FieldKind::LongInteger, Value::Integer(number)) => Ok(Cell::Integer(*number)),
        (FieldKind::Decimal { scale }, Value::Decimal(decimal)) => {
            decimal_cell(name, scale, *decimal)
        }
        (FieldKind::Float, Value::Float(number)) if number.is_finite() => Ok(Cell::Real(*number)),
        (FieldKind::Float, Value::Float(_)) => refused(name, "a finite number"),
        (FieldKind::YesNo, Value::YesNo(yes)) => Ok(Cell::Integer((*yes).into())),
        (FieldKind::Date, Value::Date(date)) => match date.year() {
            0.. => Ok(Cell::Text(format!(
                "{:04}-{:02}-{:02}",
                date.year(),
                date.month(),
                date.day()
            ))),
            _ => refused(name, "a date from year 0 to 9999"),
        },
        (FieldKind::DateTime, Value::DateTime(millis)) => {
            match jiff::Timestamp::from_millisecond(*millis) {
                Ok(_) => Ok(Cell::Integer(*millis)),
                Err(_) => refused(name, "a time before the year 10000"),
            }
        }
        _ => refused(name, expected(kind)),
    }
}

/// Reads a cell back; `None` is unset.
pub(crate) fn from_cell(kind: FieldKind, cell: ValueRef<'_>) -> Result<Option<Value>> {
    let unreadable = |cell: ValueRef<'_>| {
        Error::unreadable(
            "a contact's field",
            format!("{} where {} was expected", cell.data_type(), kind.name()),
        )
    };
    let value = match (kind, cell) {
        (_, ValueRef::Null) => return Ok(None),
        (FieldKind::Text | FieldKind::LongText, ValueRef::Text(text)) => {
            let text = std::str::from_utf8(text)
                .map_err(|source| Error::unreadable("a contact's field", source))?;
            Value::Text(text.to_owned())
        }
        (FieldKind::Integer | FieldKind::LongInteger, ValueRef::Integer(number)) => {
            Value::Integer(number)
        }
        (FieldKind::Decimal { scale }, ValueRef::Integer(units)) => {
            Value::Decimal(Decimal { units, scale })
        }
        (FieldKind::Float, ValueRef::Real(number)) => Value::Float(number),
        (FieldKind::YesNo, ValueRef::Integer(yes)) => Value::YesNo(yes != 0),
        (FieldKind::DateTime, ValueRef::Integer(millis)) => Value::DateTime(millis),
        (FieldKind::Date, ValueRef::Text(text)) => Value::Date(read_date(text)?),
        (_, cell) => return Err(unreadable(cell)),
    };
    Ok(Some(value))
}

fn read_date(text: &[u8]) -> Result<Date> {
    let text = std::str::from_utf8(text).map_err(|source| Error::unreadable("a date", source))?;
    text.parse().map_err(|source| {
        Error::unreadable(
            "a date",
            Box::<dyn std::error::Error + Send + Sync>::from(source),
        )
    })
}

/// White space alone is no value; e-mails are trimmed, other texts stay as they came.
fn text_cell(field: ContactField, name: &str, kind: FieldKind, text: &str) -> Result<Cell> {
    if text.trim().is_empty() {
        return Ok(Cell::Null);
    }
    let longest = if kind == FieldKind::LongText {
        LONGEST_TEXT
    } else {
        LONGEST_LINE
    };
    let is_email = matches!(field, ContactField::Email | ContactField::Email2);
    let text = if is_email { text.trim() } else { text };
    if text.len() > longest && text.chars().count() > longest {
        return Err(Error::Refused(format!(
            "\"{name}\" can't have more than {longest} characters; shorten it"
        )));
    }
    if text.contains('\0') {
        return Err(Error::Refused(format!(
            "\"{name}\" can't contain NUL characters"
        )));
    }
    if is_email && !has_email_form(text) {
        return refused(name, "an email address such as name@example.com");
    }
    Ok(Cell::Text(text.to_owned()))
}

/// Tells whether a text could be an address at all; the org judges more strictly before anything is sent.
fn has_email_form(text: &str) -> bool {
    let Some((local, domain)) = text.rsplit_once('@') else {
        return false;
    };
    let unfit = |letter: char| {
        letter.is_whitespace() || letter.is_control() || matches!(letter, '<' | '>' | ',' | ';')
    };
    !local.is_empty()
        && !domain.is_empty()
        && !text.contains(unfit)
        && !domain.starts_with(['.', '-'])
        && !domain.ends_with(['.', '-'])
        && !domain.contains("..")
}

/// Brings a decimal to the field's scale without losing a digit.
fn decimal_cell(name: &str, scale: u8, decimal: Decimal) -> Result<Cell> {
    let units = if decimal.scale <= scale {
        let factor = power_of_ten(scale - decimal.scale);
        factor.and_then(|factor| decimal.units.checked_mul(factor))
    } else {
        let factor = power_of_ten(decimal.scale - scale);
        match factor {
            Some(factor) if decimal.units % factor == 0 => Some(decimal.units / factor),
            _ if decimal.units == 0 => Some(0),
            _ => {
                return refused(
                    name,
                    &format!(
                        "a decimal with at most {} after the decimal point",
                        counted(scale.into(), "digit", "digits")
                    ),
                );
            }
        }
    };
    match units {
        Some(units) if units > -DECIMAL_LIMIT && units < DECIMAL_LIMIT => Ok(Cell::Integer(units)),
        _ => refused(
            name,
            &format!("a decimal of at most 18 digits, {scale} of them after the decimal point"),
        ),
    }
}

fn power_of_ten(exponent: u8) -> Option<i64> {
    10_i64.checked_pow(exponent.into())
}

fn expected(kind: FieldKind) -> &'static str {
    match kind {
        FieldKind::Text | FieldKind::LongText => "text",
        FieldKind::Integer | FieldKind::LongInteger => "a whole number",
        FieldKind::Decimal { .. } => "a decimal",
        FieldKind::Float => "a number",
        FieldKind::YesNo => "yes or no",
        FieldKind::Date => "a date",
        FieldKind::DateTime => "a date and time",
    }
}

fn refused<T>(name: &str, expected: &str) -> Result<T> {
    Err(Error::Refused(format!("\"{name}\" needs {expected}")))
}
