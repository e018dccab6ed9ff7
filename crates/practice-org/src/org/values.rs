//! Values between the wire and the file.

use jiff::Timestamp;
use rusqlite::types::{Value, ValueRef};

use super::field::{Field, Kind};
use crate::json::Json;

/// Why a value does not become one of its field.
#[derive(Debug, PartialEq)]
pub(crate) enum Misfit {
    /// The whole request cannot be read: what the JSON held.
    Unreadable(String),
    /// The row is refused: code and message.
    Row(&'static str, String),
}

/// The first and the last day that an org knows.
const FIRST_DAY: &str = "1700-01-01";
const LAST_DAY: &str = "4000-12-31";

/// Below this, floating point holds every whole number.
const EXACT: f64 = 9_007_199_254_740_992.0;

/// Milliseconds since 1970 UTC.
pub(crate) fn now_ms() -> i64 {
    Timestamp::now().as_millisecond()
}

/// Now, to the second, as records are stamped.
pub(crate) fn stamp_ms() -> i64 {
    now_ms() / 1000 * 1000
}

/// Reads a value for a field; lengths and lists are judged elsewhere.
pub(crate) fn from_json(field: &Field, value: &Json) -> Result<Value, Misfit> {
    use Kind::{Boolean, Date, DateTime, Int};
    match (field.kind, value) {
        (Boolean, Json::Null) => Err(Misfit::Row(
            "INVALID_TYPE_ON_FIELD_IN_RECORD",
            format!("{}: value not of required type: null", field.label),
        )),
        (_, Json::Null) => Ok(Value::Null),
        (Boolean, Json::Bool(value)) => Ok(Value::Integer(i64::from(*value))),
        (Int, Json::Number(digits)) => match scaled(digits, 0) {
            Some((_, true)) => Err(unreadable("int", value)),
            Some((number, false)) if fits(number, field.length) => Ok(Value::Integer(number)),
            _ => Err(out_of_range(field)),
        },
        (kind, Json::Number(digits)) if kind.is_decimal() => {
            let number = scaled(digits, field.scale).filter(|(n, _)| fits(*n, field.precision));
            let (number, surplus) = number.ok_or_else(|| out_of_range(field))?;
            let finer = shifted(digits, field.scale).filter(|n| surplus && n.abs() < EXACT);
            Ok(finer.map_or(Value::Integer(number), Value::Real))
        }
        (Date, Json::String(text)) => {
            let day = date(text).ok_or_else(|| unreadable("date", value))?;
            let known = (FIRST_DAY..=LAST_DAY).contains(&day.as_str());
            known
                .then_some(Value::Text(day))
                .ok_or_else(|| invalid_date(field, text))
        }
        (DateTime, Json::String(text)) => {
            let ms = datetime_ms(text).ok_or_else(|| unreadable("datetime", value))?;
            let known =
                (FIRST_DAY..=LAST_DAY).contains(&datetime_text(ms).get(..10).unwrap_or_default());
            known
                .then_some(Value::Integer(ms))
                .ok_or_else(|| invalid_date(field, text))
        }
        (Kind::Reference | Kind::Id, Json::String(text)) => Ok(Value::Text(text.clone())),
        (kind, Json::String(text)) if kind.is_text() => Ok(Value::Text(text.clone())),
        (Kind::Complex, value) => Ok(Value::Text(value.to_string())),
        (kind, value) => Err(unreadable(soap_word(kind), value)),
    }
}

/// The wire's form of a stored value.
pub(crate) fn to_json(field: &Field, value: ValueRef<'_>) -> Json {
    match (field.kind, value) {
        (Kind::Boolean, ValueRef::Integer(n)) => Json::Bool(n != 0),
        (Kind::Boolean, ValueRef::Null) => Json::Bool(false),
        (Kind::DateTime, ValueRef::Integer(ms)) => Json::String(datetime_text(ms)),
        (kind, value @ (ValueRef::Integer(_) | ValueRef::Real(_))) if kind.is_decimal() => {
            decimal_text(value, field.scale).map_or(Json::Null, Json::Number)
        }
        (_, ValueRef::Integer(n)) => Json::Number(n.to_string()),
        (Kind::Complex, ValueRef::Text(text)) => {
            crate::json::parse(&String::from_utf8_lossy(text)).unwrap_or(Json::Null)
        }
        (_, ValueRef::Text(text)) => Json::String(String::from_utf8_lossy(text).into_owned()),
        _ => Json::Null,
    }
}

/// Digits as an integer of 10^-scale, with surplus digits cut off; also whether any were lost.
pub(crate) fn scaled(digits: &str, scale: u32) -> Option<(i64, bool)> {
    let (mantissa, exponent) = digits.split_once(['e', 'E']).unwrap_or((digits, "0"));
    let exponent: i64 = exponent.parse().ok()?;
    let (negative, mantissa) = mantissa
        .strip_prefix('-')
        .map_or((false, mantissa), |m| (true, m));
    let (whole, part) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let all = format!("{whole}{part}");
    let point = i64::try_from(whole.len())
        .ok()?
        .checked_add(exponent)?
        .checked_add(i64::from(scale))?;
    let significant = all.trim_start_matches('0');
    if significant.is_empty() {
        return Some((0, false));
    }
    let point = point - i64::try_from(all.len() - significant.len()).ok()?;
    if point <= 0 {
        return Some((0, true));
    }
    if point > 18 {
        return None;
    }
    let point = usize::try_from(point).ok()?;
    let kept: String = significant
        .chars()
        .chain(std::iter::repeat('0'))
        .take(point)
        .collect();
    let lost = significant.chars().skip(point).any(|c| c != '0');
    let number: i64 = kept.parse().ok()?;
    Some((if negative { -number } else { number }, lost))
}

/// The shortest digits with a point: `10.0`, `2.45`.
pub(crate) fn unscaled(number: i64, scale: u32) -> String {
    let scale = scale as usize;
    let sign = if number < 0 { "-" } else { "" };
    let digits = format!("{:0>width$}", number.unsigned_abs(), width = scale + 1);
    let (whole, part) = digits.split_at(digits.len() - scale);
    let part = part.trim_end_matches('0');
    format!("{sign}{whole}.{}", if part.is_empty() { "0" } else { part })
}

/// Digits as a number of 10^-scale, surplus digits after the point.
pub(crate) fn shifted(digits: &str, scale: u32) -> Option<f64> {
    let (mantissa, exponent) = digits.split_once(['e', 'E']).unwrap_or((digits, "0"));
    let exponent = exponent
        .parse::<i64>()
        .ok()?
        .checked_add(i64::from(scale))?;
    let number: f64 = format!("{mantissa}e{exponent}").parse().ok()?;
    number.is_finite().then_some(number)
}

/// The digits of a stored decimal.
pub(crate) fn decimal_text(value: ValueRef<'_>, scale: u32) -> Option<String> {
    match value {
        ValueRef::Integer(number) => Some(unscaled(number, scale)),
        ValueRef::Real(number) => {
            let digits = number.abs().to_string();
            let (whole, part) = digits.split_once('.').unwrap_or((&digits, ""));
            let whole = unscaled(whole.parse().ok()?, scale);
            let sign = if number < 0.0 { "-" } else { "" };
            Some(match part {
                "" => format!("{sign}{whole}"),
                // Zeros that were cut off stand before the surplus digits.
                part => {
                    let (before, after) = whole.split_once('.').unwrap_or((&whole, ""));
                    let after = if scale == 0 { "" } else { after };
                    format!(
                        "{sign}{before}.{after:0<width$}{part}",
                        width = scale as usize
                    )
                }
            })
        }
        _ => None,
    }
}

/// A date as written in the United States: `1/31/2026`.
pub(crate) fn in_locale(day: &str) -> String {
    day.parse::<jiff::civil::Date>().map_or_else(
        |_| day.to_owned(),
        |d| format!("{}/{}/{}", d.month(), d.day(), d.year()),
    )
}

/// An instant as written in the United States: `1/31/2026, 5:49 PM`.
pub(crate) fn in_locale_with_time(ms: i64) -> String {
    Timestamp::from_millisecond(ms).map_or_else(
        |_| String::new(),
        |time| time.strftime("%-m/%-d/%Y, %-I:%M %p").to_string(),
    )
}

/// A real calendar date in ISO form.
pub(crate) fn date(text: &str) -> Option<String> {
    let form = text.len() == 10
        && text.bytes().enumerate().all(|(n, b)| {
            if n == 4 || n == 7 {
                b == b'-'
            } else {
                b.is_ascii_digit()
            }
        });
    form.then(|| text.parse::<jiff::civil::Date>().ok())
        .flatten()
        .map(|d| d.to_string())
}

/// UTC milliseconds of a date-time with an offset.
pub(crate) fn datetime_ms(text: &str) -> Option<i64> {
    if text.as_bytes().get(10) != Some(&b'T') {
        return None;
    }
    text.parse::<Timestamp>().ok().map(|t| t.as_millisecond())
}

/// `2012-07-12T17:49:01.000+0000`.
pub(crate) fn datetime_text(ms: i64) -> String {
    match Timestamp::from_millisecond(ms.div_euclid(1000) * 1000) {
        Ok(time) => time.strftime("%Y-%m-%dT%H:%M:%S.000+0000").to_string(),
        Err(_) => String::new(),
    }
}

/// Today in UTC, the org's time zone.
pub(crate) fn today() -> jiff::civil::Date {
    Timestamp::now().to_zoned(jiff::tz::TimeZone::UTC).date()
}

fn fits(number: i64, digits: u32) -> bool {
    10_u64
        .checked_pow(digits)
        .is_none_or(|limit| number.unsigned_abs() < limit)
}

fn out_of_range(field: &Field) -> Misfit {
    Misfit::Row(
        "NUMBER_OUTSIDE_VALID_RANGE",
        format!(
            "{}: value outside of valid range on numeric field",
            field.label
        ),
    )
}

fn invalid_date(field: &Field, text: &str) -> Misfit {
    Misfit::Row(
        "FIELD_INTEGRITY_EXCEPTION",
        format!("{}: invalid date: {text}", field.label),
    )
}

fn unreadable(expected: &str, value: &Json) -> Misfit {
    let (token, text) = match value {
        Json::String(text) => ("VALUE_STRING", text.clone()),
        Json::Number(text) if text.contains(['.', 'e', 'E']) => {
            ("VALUE_NUMBER_FLOAT", text.clone())
        }
        Json::Number(text) => ("VALUE_NUMBER_INT", text.clone()),
        Json::Bool(true) => ("VALUE_TRUE", "true".to_owned()),
        Json::Bool(false) => ("VALUE_FALSE", "false".to_owned()),
        Json::Array(_) => ("START_ARRAY", "[".to_owned()),
        Json::Object(_) => ("START_OBJECT", "{".to_owned()),
        Json::Null => ("VALUE_NULL", "null".to_owned()),
    };
    Misfit::Unreadable(format!(
        "Cannot deserialize instance of {expected} from {token} value {text} or request may be missing a required field"
    ))
}

fn soap_word(kind: Kind) -> &'static str {
    match kind {
        Kind::Id | Kind::Reference => "reference",
        Kind::LongText => "textarea",
        kind => kind.word(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn decimals_keep_every_digit_and_lose_the_surplus() {
        assert_eq!(scaled("2.45397", 2), Some((245, true)));
        assert_eq!(
            scaled("1234567890123456.78", 2),
            Some((123_456_789_012_345_678, false))
        );
        assert_eq!(scaled("1.5e3", 0), Some((1500, false)));
        assert_eq!(scaled("-0.004", 2), Some((0, true)));
        assert_eq!(scaled("1e30", 0), None, "nothing so large fits");
        assert_eq!(unscaled(-1000, 2), "-10.0");
        assert_eq!(unscaled(5, 2), "0.05");
        for (digits, scale) in [("1.239", 2), ("-0.001", 2), ("100.059", 2), ("7.5", 0)] {
            let stored = shifted(digits, scale).unwrap();
            assert_eq!(
                decimal_text(ValueRef::Real(stored), scale).as_deref(),
                Some(digits)
            );
        }
    }

    #[test]
    fn dates_and_times_are_strict() {
        assert_eq!(date("2026-02-30"), None);
        assert_eq!(date("20260201"), None);
        let ms = datetime_ms("2012-07-12T19:49:01.250+02:00").unwrap();
        assert_eq!(datetime_text(ms), "2012-07-12T17:49:01.000+0000");
        assert_eq!(
            datetime_ms("2012-07-12T17:49:01.000+0000")
                .map(datetime_text)
                .as_deref(),
            Some("2012-07-12T17:49:01.000+0000")
        );
        assert_eq!(datetime_ms("2012-07-12"), None);
    }
}
