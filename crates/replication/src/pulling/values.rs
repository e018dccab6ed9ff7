//! What a record of the org becomes in the mirror. REST sends JSON, Bulk sends text: both become the same values.

use leadferry_salesforce::{Record, parse_date_time};
use leadferry_store::{MirrorField, MirrorKind, MirrorRecord, MirrorValue};
use serde_json::Value;

use super::Question;

/// Returns a record as the mirror holds it; `None` without an id.
pub fn record(record: &Record, question: &Question) -> Option<MirrorRecord> {
    let stamp = question
        .stamp
        .field()
        .and_then(|field| record.date_time(field));
    Some(MirrorRecord {
        id: record.id()?.as_str().to_owned(),
        stamp: stamp.map(|moment| moment.as_millisecond()),
        deleted: record.boolean("IsDeleted").unwrap_or_default(),
        winner: record
            .reference("MasterRecordId")
            .map(|id| id.as_str().to_owned()),
        values: question
            .fields
            .iter()
            .map(|field| value(field, record.value(&field.name)?))
            .collect(),
    })
}

/// Reads a value as a field's column holds it; what can't be one is none.
fn value(field: &MirrorField, value: &Value) -> Option<MirrorValue> {
    match (field.kind, value) {
        (_, Value::String(text)) if text.is_empty() => None,
        (MirrorKind::Text, Value::String(text)) => Some(MirrorValue::Text(text.clone())),
        (MirrorKind::Text, Value::Null) => None,
        (MirrorKind::Text, other) => Some(MirrorValue::Text(other.to_string())),
        (MirrorKind::Number, Value::Number(number)) => number.as_f64().map(MirrorValue::Number),
        (MirrorKind::Number, Value::String(text)) => {
            let number: f64 = text.trim().parse().ok()?;
            number.is_finite().then_some(MirrorValue::Number(number))
        }
        (MirrorKind::Whole, Value::Number(number)) => {
            // Some whole numbers come with a point.
            let whole = number
                .as_i64()
                .or_else(|| number.as_f64().map(|n| n as i64));
            whole.map(MirrorValue::Whole)
        }
        (MirrorKind::Whole, Value::String(text)) => {
            let text = text.trim();
            let whole = text.parse().ok();
            whole
                .or_else(|| text.parse::<f64>().ok().map(|n| n as i64))
                .map(MirrorValue::Whole)
        }
        (MirrorKind::YesNo, Value::Bool(yes)) => Some(MirrorValue::YesNo(*yes)),
        (MirrorKind::YesNo, Value::String(text)) => text.parse().ok().map(MirrorValue::YesNo),
        (MirrorKind::Date, Value::String(text)) => text
            .get(..10)
            .and_then(|day| day.parse().ok())
            .map(MirrorValue::Date),
        (MirrorKind::DateTime, Value::String(text)) => {
            parse_date_time(text).map(|moment| MirrorValue::Whole(moment.as_millisecond()))
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn read(kind: MirrorKind, json: Value) -> Option<MirrorValue> {
        let field = MirrorField {
            id: leadferry_store::MirrorFieldId(1),
            name: "X".to_owned(),
            label: "X".to_owned(),
            kind,
            org_type: "x".to_owned(),
            reference_to: Vec::new(),
            formula: false,
            gone_at: None,
        };
        value(&field, &json)
    }

    #[test]
    fn json_and_text_become_the_same_value() {
        for (kind, json, text) in [
            (MirrorKind::Text, json!("a b"), "a b"),
            (MirrorKind::Number, json!(10.0), "10.0"),
            (MirrorKind::Number, json!(2.45), "2.45"),
            (MirrorKind::Whole, json!(12), "12"),
            (MirrorKind::Whole, json!(12.0), "12.0"),
            (MirrorKind::YesNo, json!(true), "true"),
            (MirrorKind::Date, json!("2026-02-28"), "2026-02-28"),
            (
                MirrorKind::DateTime,
                json!("2026-02-28T10:00:00.000+0000"),
                "2026-02-28T10:00:00.000Z",
            ),
        ] {
            let one = read(kind, json.clone());
            assert!(one.is_some(), "{kind:?} {json}");
            assert_eq!(one, read(kind, json!(text)), "{kind:?} {json}");
        }
        for kind in [
            MirrorKind::Text,
            MirrorKind::Number,
            MirrorKind::Date,
            MirrorKind::YesNo,
        ] {
            assert_eq!(read(kind, Value::Null), None);
            assert_eq!(read(kind, json!("")), None, "an empty text is no value");
        }
    }
}
