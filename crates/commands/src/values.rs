//! Values of contact fields, as people and JSON write them.

use leadferry_store::{Decimal, Error, FieldKind, Value, counted};

/// Reads what a user wrote for a field: `yes`/`no`, `2026-01-31`, `2026-01-31T10:00:00Z`, numbers with a point.
///
/// # Errors
/// [`Error::Refused`] with the form that the field needs.
pub(crate) fn parse(name: &str, kind: FieldKind, text: &str) -> Result<Value, Error> {
    let text = text.trim();
    let value = match kind {
        FieldKind::Text | FieldKind::LongText => Some(Value::Text(text.to_owned())),
        FieldKind::Integer | FieldKind::LongInteger => text.parse().ok().map(Value::Integer),
        FieldKind::Decimal { scale } => text
            .parse::<Decimal>()
            .ok()
            .and_then(|value| rescale(value, scale))
            .map(Value::Decimal),
        FieldKind::Float => text
            .parse()
            .ok()
            .filter(|number: &f64| number.is_finite())
            .map(Value::Float),
        FieldKind::YesNo => yes_no(text).map(Value::YesNo),
        FieldKind::Date => text.parse().ok().map(Value::Date),
        FieldKind::DateTime => text
            .parse::<jiff::Timestamp>()
            .ok()
            .map(|time| Value::DateTime(time.as_millisecond())),
    };
    value.ok_or_else(|| Error::Refused(format!("\"{name}\" needs {}", form(kind))))
}

fn yes_no(text: &str) -> Option<bool> {
    match text.to_ascii_lowercase().as_str() {
        "yes" | "true" | "1" => Some(true),
        "no" | "false" | "0" => Some(false),
        _ => None,
    }
}

/// Gives a decimal the digits of its field; `None` where that would lose some.
fn rescale(value: Decimal, scale: u8) -> Option<Decimal> {
    let power = |by: u8| 10_i64.checked_pow(u32::from(by));
    let units = if scale >= value.scale {
        value.units.checked_mul(power(scale - value.scale)?)?
    } else {
        let by = power(value.scale - scale)?;
        (value.units % by == 0).then_some(value.units / by)?
    };
    Some(Decimal { units, scale })
}

fn form(kind: FieldKind) -> String {
    match kind {
        FieldKind::Text | FieldKind::LongText => "a text".to_owned(),
        FieldKind::Integer | FieldKind::LongInteger => "a whole number".to_owned(),
        FieldKind::Decimal { scale } => {
            let digits = counted(scale.into(), "digit", "digits");
            format!("a number such as 12.5, with at most {digits} after the decimal point")
        }
        FieldKind::Float => "a number such as 12.5".to_owned(),
        FieldKind::YesNo => "yes or no".to_owned(),
        FieldKind::Date => "a date such as 2026-01-31".to_owned(),
        FieldKind::DateTime => "a time such as 2026-01-31T10:00:00Z".to_owned(),
    }
}

/// Returns a value as JSON: text, number or yes/no as such; decimals, dates and moments as text.
pub(crate) fn json(value: &Value) -> serde_json::Value {
    match value {
        Value::Text(text) => text.as_str().into(),
        Value::Integer(number) => (*number).into(),
        Value::Float(number) => (*number).into(),
        Value::YesNo(yes) => (*yes).into(),
        Value::Decimal(decimal) => decimal.to_string().into(),
        Value::Date(date) => date.to_string().into(),
        Value::DateTime(millis) => moment(*millis).into(),
    }
}

/// Returns a value as a cell of a table holds it.
pub(crate) fn plain(value: &Value) -> String {
    match json(value) {
        serde_json::Value::String(text) => text,
        other => other.to_string(),
    }
}

/// Returns a moment in the form of RFC 3339.
pub(crate) fn moment(millis: i64) -> String {
    jiff::Timestamp::from_millisecond(millis)
        .map_or_else(|_| millis.to_string(), |time| time.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_kind_has_one_form() {
        let parse = |kind, text| parse("field", kind, text).ok();
        assert_eq!(parse(FieldKind::YesNo, "Yes"), Some(Value::YesNo(true)));
        assert_eq!(parse(FieldKind::YesNo, "maybe"), None);
        assert_eq!(parse(FieldKind::Integer, " 12 "), Some(Value::Integer(12)));
        assert_eq!(parse(FieldKind::Integer, "1.5"), None);
        assert_eq!(parse(FieldKind::Float, "NaN"), None);
        let decimal = |units, scale| Some(Value::Decimal(Decimal { units, scale }));
        assert_eq!(
            parse(FieldKind::Decimal { scale: 2 }, "12.5"),
            decimal(1250, 2)
        );
        assert_eq!(
            parse(FieldKind::Decimal { scale: 2 }, "12.500"),
            decimal(1250, 2)
        );
        assert_eq!(
            parse(FieldKind::Decimal { scale: 2 }, "12.505"),
            None,
            "digits are not dropped in silence"
        );
        assert_eq!(
            parse(FieldKind::DateTime, "1970-01-01T00:00:01Z"),
            Some(Value::DateTime(1000))
        );
        assert!(parse(FieldKind::Date, "31.1.2026").is_none());
    }
}
