//! What a person types for a field, read as the cells of a file are.

use jiff::tz::TimeZone;
use leadferry_store::{FieldKind, Value};
use serde::Deserialize;

use super::DateOrder;
use super::dates::{self, DateManner, Order};
use super::numbers::{self, DecimalSign};
use super::values::{self, Manner, Reason};

/// How somebody writes numbers and dates; what is unset is told from the text where it leaves no doubt.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize, ts_rs::TS)]
#[serde(default, deny_unknown_fields)]
#[ts(optional_fields)]
pub struct Written {
    /// The sign before the decimals.
    pub decimal: Option<DecimalSign>,
    /// The order of day, month and year in dates of figures.
    pub dates: Option<DateOrder>,
}

/// Where and when something is typed.
#[derive(Debug)]
pub(crate) struct Here {
    /// For moments that name no zone.
    pub(crate) zone: TimeZone,
    /// This year, for dates with two digits for the year.
    pub(crate) year: i16,
}

/// Why a text is no value.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Misread {
    /// It means different things in different countries.
    Ambiguous,
    /// It is none.
    Not(Reason),
}

/// Reads a text that is not empty.
pub(crate) fn typed(
    text: &str,
    kind: FieldKind,
    written: Written,
    here: &Here,
) -> Result<Value, Misread> {
    // What the workspace writes itself means the same everywhere; only a point may separate thousands elsewhere.
    let is_plain = written.decimal != Some(DecimalSign::Comma);
    if !matches!(kind, FieldKind::Text | FieldKind::LongText)
        && (is_plain || !text.contains('.'))
        && let Some(value) = values::stored(text.trim(), kind)
    {
        return Ok(value);
    }
    let manner = Manner {
        dates: DateManner {
            order: match kind {
                FieldKind::Date | FieldKind::DateTime => order(text, written)?,
                _ => DateOrder::Ymd,
            },
            latest: here.year,
            mixed: false,
        },
        sign: match kind {
            FieldKind::Integer
            | FieldKind::LongInteger
            | FieldKind::Decimal { .. }
            | FieldKind::Float => sign(text, written)?,
            _ => DecimalSign::Point,
        },
        zone: here.zone.clone(),
    };
    match values::value(text, kind, &manner) {
        Ok(Some(value)) => Ok(value),
        Ok(None) => Err(Misread::Not("it's incomplete".into())),
        Err(reason) => Err(Misread::Not(reason)),
    }
}

fn order(text: &str, written: Written) -> Result<DateOrder, Misread> {
    match dates::order([text].into_iter()) {
        Order::Known(order) | Order::Mixed(order) => Ok(order),
        Order::Unclear => written.dates.ok_or(Misread::Ambiguous),
        Order::Irrelevant => Ok(written.dates.unwrap_or(DateOrder::Dmy)),
    }
}

fn sign(text: &str, written: Written) -> Result<DecimalSign, Misread> {
    let read = |usual| numbers::decimal_sign([text].into_iter(), usual);
    let sign = read(written.decimal.unwrap_or(DecimalSign::Point));
    let is_open = sign != read(DecimalSign::Comma);
    if written.decimal.is_none() && is_open && text.contains(['.', ',']) {
        return Err(Misread::Ambiguous);
    }
    Ok(sign)
}

#[cfg(test)]
mod tests {
    use leadferry_store::Decimal;

    use super::*;

    const AMERICAN: Written = Written {
        decimal: Some(DecimalSign::Point),
        dates: Some(DateOrder::Mdy),
    };
    const GERMAN: Written = Written {
        decimal: Some(DecimalSign::Comma),
        dates: Some(DateOrder::Dmy),
    };
    const UNKNOWN: Written = Written {
        decimal: None,
        dates: None,
    };

    fn read(text: &str, kind: FieldKind, written: Written) -> Result<Value, Misread> {
        let here = Here {
            zone: TimeZone::UTC,
            year: 2026,
        };
        typed(text, kind, written, &here)
    }

    #[test]
    fn numbers_are_read_as_they_are_written_where_the_user_lives() {
        let price = FieldKind::Decimal { scale: 2 };
        let of = |units| Ok(Value::Decimal(Decimal { units, scale: 2 }));
        for (text, written, units) in [
            ("1.5", UNKNOWN, 150),
            ("1,5", UNKNOWN, 150),
            ("1,5", AMERICAN, 150),
            ("1.5", GERMAN, 150),
            ("1.234", GERMAN, 123_400),
            ("1,234", AMERICAN, 123_400),
            ("1,234.50", UNKNOWN, 123_450),
            ("1.234,50", UNKNOWN, 123_450),
        ] {
            assert_eq!(read(text, price, written), of(units), "{text} {written:?}");
        }
        for text in ["1,234", "1.234"] {
            assert_eq!(read(text, price, UNKNOWN), Err(Misread::Ambiguous));
        }
        let whole = |text, written| read(text, FieldKind::Integer, written);
        assert_eq!(whole("1.234", GERMAN), Ok(Value::Integer(1234)));
        assert_eq!(whole("15", UNKNOWN), Ok(Value::Integer(15)));
        assert!(whole("1.5", AMERICAN).is_err(), "never 15");
    }

    #[test]
    fn dates_are_read_in_the_users_order_and_refused_where_nobody_can_tell() {
        let date = |text, written| read(text, FieldKind::Date, written);
        let of = |month, day| Ok(Value::Date(jiff::civil::date(1990, month, day)));
        for written in [AMERICAN, GERMAN, UNKNOWN] {
            for text in ["1990-04-03", "3 Apr 1990", "3.4.1990"] {
                assert_eq!(date(text, written), of(4, 3), "{text} {written:?}");
            }
            assert_eq!(date("25/4/1990", written), of(4, 25));
        }
        assert_eq!(date("3/4/1990", AMERICAN), of(3, 4));
        assert_eq!(date("3/4/1990", GERMAN), of(4, 3));
        assert_eq!(date("3/4/1990", UNKNOWN), Err(Misread::Ambiguous));
        assert!(date("soon", GERMAN).is_err());
    }
}
