//! What the org said about each row.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::{ErrorCode, Id};

/// What the org said about one row of a write.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct RowAnswer {
    /// The record; usually absent for a refused row.
    pub id: Option<Id>,
    /// Whether the row was written.
    pub success: bool,
    /// For upserts: whether the record is new.
    pub created: Option<bool>,
    /// Why the row was refused; empty when it was written.
    pub errors: Vec<RowError>,
}

/// One reason why the org refused a row or a request.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct RowError {
    /// The org's code.
    pub code: ErrorCode,
    /// The org's words, in the user's language; may quote values of the row.
    pub message: String,
    /// API names of the fields at fault; often empty.
    pub fields: Vec<String>,
    /// Records that a duplicate rule found.
    pub matches: Vec<Match>,
    /// For duplicates: whether the rule may be overridden.
    pub allow_save: Option<bool>,
}

/// A record that a duplicate rule holds for the same.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Match {
    /// API name of the found record's object; may be another one than the row's.
    pub entity_type: String,
    /// The found record, where the org shows it.
    pub id: Option<Id>,
    /// How sure the rule is, 0-100.
    pub confidence: Option<f64>,
    /// The found record's name, where it is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// Its email, where it is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub email: Option<String>,
    /// Its company, where it is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub company: Option<String>,
}

/// One item of a collections answer in the form that is promised.
#[derive(Debug, Deserialize)]
pub(crate) struct RowItem {
    #[serde(default)]
    id: Option<String>,
    success: bool,
    #[serde(default)]
    created: Option<bool>,
    #[serde(default)]
    errors: Vec<Value>,
}

impl RowItem {
    /// Returns the answer, or None where the record's id has no such form.
    pub(crate) fn answer(self) -> Option<RowAnswer> {
        let id = match self.id.as_deref() {
            None | Some("") => None,
            Some(text) => Some(Id::parse(text).ok()?),
        };
        Some(RowAnswer {
            id,
            success: self.success,
            created: self.created,
            errors: self
                .errors
                .iter()
                .filter_map(RowError::from_value)
                .take(MOST_ERRORS)
                .collect(),
        })
    }
}

impl RowAnswer {
    /// Returns the answer that one item of a collections answer holds, or None when it has no such form.
    pub fn from_value(item: &Value) -> Option<RowAnswer> {
        let success = item.get("success")?.as_bool()?;
        let id = match item.get("id").and_then(Value::as_str) {
            None | Some("") => None,
            Some(text) => Some(Id::parse(text).ok()?),
        };
        let errors = item.get("errors").map(errors_in).unwrap_or_default();
        let created = item.get("created").and_then(Value::as_bool);
        Some(RowAnswer {
            id,
            success,
            created,
            errors,
        })
    }
}

/// Whatever an org answers, so much of it is kept: letters of a code, of the words and of a field's name, and fields,
/// records and errors of one answer.
const MOST_OF_CODE: usize = 100;
const MOST_WORDS: usize = 4_000;
const MOST_OF_NAME: usize = 255;
const MOST_FIELDS: usize = 100;
const MOST_MATCHES: usize = 100;
const MOST_ERRORS: usize = 100;

fn beginning(text: &str, most: usize) -> &str {
    text.char_indices()
        .nth(most)
        .map_or(text, |(end, _)| &text[..end])
}

impl RowError {
    /// Returns an error with a code and the org's words, and nothing else.
    pub fn new(code: ErrorCode, message: impl AsRef<str>) -> RowError {
        RowError {
            code,
            message: beginning(message.as_ref(), MOST_WORDS).to_owned(),
            fields: Vec::new(),
            matches: Vec::new(),
            allow_save: None,
        }
    }

    /// Returns the error that a JSON object holds, or None when it names no code.
    ///
    /// Collections write `statusCode` where everything else writes `errorCode`.
    pub fn from_value(value: &Value) -> Option<RowError> {
        let code = ["statusCode", "errorCode", "exceptionCode"];
        let code = code.iter().find_map(|key| value.get(key)?.as_str())?;
        let message = ["message", "exceptionMessage"];
        let message = message.iter().find_map(|key| value.get(key)?.as_str());
        // The misspelt key is what orgs really answer up to v56 at least.
        let duplicate = ["duplicateResut", "duplicateResult"];
        let duplicate = duplicate.iter().find_map(|key| value.get(key));
        let allow_save = duplicate.and_then(|found| found.get("allowSave")?.as_bool());
        let code = ErrorCode::from(beginning(code, MOST_OF_CODE));
        Some(RowError {
            fields: names_in(value.get("fields")),
            matches: duplicate.map(matches_in).unwrap_or_default(),
            allow_save,
            ..RowError::new(code, message.unwrap_or_default())
        })
    }
}

/// Returns the errors in an array, or in a bare object.
pub(crate) fn errors_in(value: &Value) -> Vec<RowError> {
    match value {
        Value::Array(items) => {
            let errors = items.iter().filter_map(RowError::from_value);
            errors.take(MOST_ERRORS).collect()
        }
        object => RowError::from_value(object).into_iter().collect(),
    }
}

fn matches_in(duplicate: &Value) -> Vec<Match> {
    let results = items(duplicate.get("matchResults"));
    let matches = results.iter().flat_map(matches_of_rule);
    matches.take(MOST_MATCHES).collect()
}

fn matches_of_rule(result: &Value) -> Vec<Match> {
    let rule_entity = result.get("entityType").and_then(Value::as_str);
    let records = items(result.get("matchRecords")).iter();
    let matches = records.map(|found| {
        let record = found.get("record");
        let attributes = record.and_then(|record| record.get("attributes"));
        let own_entity = attributes.and_then(|attributes| attributes.get("type")?.as_str());
        let text = |field: &str| record.and_then(|record| record.get(field)?.as_str());
        let known = |field: &str| text(field).map(|text| text.chars().take(255).collect());
        let id = text("Id");
        let parts = || [known("FirstName"), known("LastName")];
        let joined = || {
            parts()
                .into_iter()
                .flatten()
                .collect::<Vec<String>>()
                .join(" ")
        };
        let name: Option<String> = known("Name").or_else(|| Some(joined()));
        Match {
            name: name.filter(|name| !name.is_empty()),
            email: known("Email"),
            company: known("Company"),
            entity_type: rule_entity.or(own_entity).unwrap_or_default().to_owned(),
            id: id.and_then(|id| Id::parse(id).ok()),
            confidence: found.get("matchConfidence").and_then(Value::as_f64),
        }
    });
    matches.collect()
}

fn items(value: Option<&Value>) -> &[Value] {
    value.and_then(Value::as_array).map_or(&[], Vec::as_slice)
}

fn names_in(value: Option<&Value>) -> Vec<String> {
    let names = items(value).iter().filter_map(Value::as_str);
    let names = names.map(|name| beginning(name, MOST_OF_NAME).to_owned());
    names.take(MOST_FIELDS).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use serde_json::json;

    #[test]
    fn a_refused_row_keeps_the_orgs_words() {
        let item = json!({"success": false, "errors": [
            {"statusCode": "STRING_TOO_LONG", "message": "Last Name: too large", "fields": ["LastName"]}
        ]});
        let answer = RowAnswer::from_value(&item).unwrap();
        assert_eq!(answer.id, None);
        assert_eq!(answer.errors[0].code, ErrorCode::StringTooLong);
        assert_eq!(answer.errors[0].fields, ["LastName"]);
    }

    #[test]
    fn of_what_an_org_words_at_length_the_beginning_is_kept() {
        let (long, fields) = ("ü".repeat(9_999), vec!["City__c".repeat(99); 999]);
        let error = json!({"errorCode": long, "message": long, "fields": fields});
        let errors = errors_in(&Value::from(vec![error; 999]));
        assert_eq!(errors.len(), MOST_ERRORS);
        let error = &errors[0];
        assert_eq!(error.code.as_str().chars().count(), MOST_OF_CODE);
        assert_eq!(error.message.chars().count(), MOST_WORDS);
        assert_eq!(error.fields.len(), MOST_FIELDS);
        assert!(error.fields.iter().all(|name| name.len() == MOST_OF_NAME));
    }

    #[test]
    fn an_upserted_row_says_whether_it_is_new() {
        let item =
            json!({"id": "0038M0000016Wv8QAE", "success": true, "errors": [], "created": true});
        let answer = RowAnswer::from_value(&item).unwrap();
        assert_eq!((answer.success, answer.created), (true, Some(true)));
    }

    #[test]
    fn an_answer_with_a_mangled_id_is_not_believed() {
        assert_eq!(
            RowAnswer::from_value(&json!({"id": "oops", "success": true})),
            None
        );
    }

    #[test]
    fn matches_are_read_under_both_spellings() {
        for key in ["duplicateResut", "duplicateResult"] {
            let error = json!({"errorCode": "DUPLICATES_DETECTED", "message": "Use one of these?", key: {
                "allowSave": true,
                "matchResults": [{"entityType": "Contact", "matchRecords": [{
                    "matchConfidence": 99.5,
                    "record": {"attributes": {"type": "Contact"}, "Id": "0038M0000016Wv8QAE", "Name": "Ada Lovelace"}
                }]}]
            }});
            let error = RowError::from_value(&error).unwrap();
            assert_eq!(error.allow_save, Some(true));
            assert_eq!(error.matches[0].entity_type, "Contact");
            assert_eq!(error.matches[0].confidence, Some(99.5));
            assert_eq!(error.matches[0].name.as_deref(), Some("Ada Lovelace"));
        }
    }

    proptest! {
        #[test]
        fn an_item_of_the_promised_form_is_read_as_any_other(
            id in prop::option::of(prop_oneof![Just("0038M0000016Wv8QAE".to_owned()), ".{0,4}"]),
            success in any::<bool>(), created in prop::option::of(any::<bool>()), code in "[A-Z_]{1,9}",
        ) {
            let errors = if success { json!([]) } else { json!([{"statusCode": code, "message": "m"}]) };
            let item = json!({"id": id, "success": success, "created": created, "errors": errors, "more": 1});
            let typed: RowItem = serde_json::from_value(item.clone()).unwrap();
            prop_assert_eq!(typed.answer(), RowAnswer::from_value(&item));
        }

        #[test]
        fn no_json_makes_reading_an_answer_panic(text in r#"[\[\]{}",:a-z0-9]{0,60}"#, id in ".{0,20}", key in "[a-zA-Z]{0,12}") {
            if let Ok(value) = serde_json::from_str::<Value>(&text) {
                RowAnswer::from_value(&value);
                errors_in(&value);
            }
            let odd = json!({"success": true, "id": id, "errors": [{"statusCode": key, "duplicateResut": {"matchResults": [text]}}]});
            RowAnswer::from_value(&odd);
        }
    }
}
