//! Settles a batch that may have been applied: what the org holds now decides what is sent again. Plain functions.

use std::collections::{BTreeMap, BTreeSet};

use leadferry_salesforce::Record;
use leadferry_store::{Batch, BatchRow, Operation};
use serde_json::{Map, Value};

/// Longest list of keys in one question, in bytes.
const LONGEST_LIST: usize = 80_000;

/// What the org's state says about a row of an unknown batch.
#[derive(Debug, Clone, PartialEq)]
pub enum Settlement {
    /// The org holds what was sent.
    Taken {
        /// The record.
        record_id: String,
    },
    /// The stored payload goes once more; `there` when the record exists, so that it will not create.
    Resend {
        /// The record exists.
        there: bool,
    },
    /// The batch had created the record, and a person has deleted it since.
    Lost {
        /// The deleted record.
        record_id: String,
    },
    /// The record is not there to be updated: the person has to be found again.
    FindAgain,
}

/// The questions that tell what became of the rows, over all records, deleted ones included.
///
/// `visible` names the fields that the object has now: nobody can be asked about others.
pub fn questions(batch: &Batch, rows: &[BatchRow], visible: &BTreeSet<String>) -> Vec<String> {
    let mut columns = BTreeSet::from([
        "Id".to_owned(),
        "IsDeleted".to_owned(),
        "MasterRecordId".to_owned(),
    ]);
    for row in rows {
        columns.extend(
            sent(row, visible)
                .into_iter()
                .filter(|(_, value)| !value.is_object())
                .map(|(field, _)| field),
        );
    }
    let key = match &batch.operation {
        Operation::Update => "Id",
        Operation::Upsert { identifier_field } => identifier_field,
    };
    columns.insert(key.to_owned());
    let columns = columns.into_iter().collect::<Vec<_>>().join(", ");
    let mut questions = Vec::new();
    let mut list = String::new();
    for row in rows {
        let value = key_of(batch, row);
        if list.len() + columns.len() + value.len() > LONGEST_LIST {
            questions.push(format!(
                "SELECT {columns} FROM {} WHERE {key} IN ({list})",
                batch.object
            ));
            list.clear();
        }
        if !list.is_empty() {
            list.push(',');
        }
        list.push_str(&leadferry_salesforce::soql::quote(&value));
    }
    if !list.is_empty() {
        questions.push(format!(
            "SELECT {columns} FROM {} WHERE {key} IN ({list})",
            batch.object
        ));
    }
    questions
}

/// Tells for each row, in order, what is to be done.
pub fn settle(
    batch: &Batch,
    rows: &[BatchRow],
    records: &[Record],
    visible: &BTreeSet<String>,
) -> Vec<Settlement> {
    let key = match &batch.operation {
        Operation::Update => "Id",
        Operation::Upsert { identifier_field } => identifier_field.as_str(),
    };
    let mut by_key: BTreeMap<String, Vec<&Record>> = BTreeMap::new();
    for record in records {
        if let Some(value) = record.text(key) {
            by_key.entry(folded(batch, value)).or_default().push(record);
        }
    }
    rows.iter()
        .map(|row| {
            let found = by_key
                .get(&folded(batch, &key_of(batch, row)))
                .map_or(&[][..], Vec::as_slice);
            settle_row(batch, row, found, visible)
        })
        .collect()
}

fn settle_row(
    batch: &Batch,
    row: &BatchRow,
    found: &[&Record],
    visible: &BTreeSet<String>,
) -> Settlement {
    let alive = found
        .iter()
        .find(|record| !record.boolean("IsDeleted").unwrap_or(false));
    let gone = found.first();
    match (&batch.operation, alive, gone) {
        (_, Some(record), _) => match record.id() {
            Some(id) if holds(record, &sent(row, visible)) => Settlement::Taken {
                record_id: id.to_string(),
            },
            _ => Settlement::Resend { there: true },
        },
        (Operation::Upsert { .. }, None, None) => Settlement::Resend { there: false },
        (Operation::Upsert { .. }, None, Some(record)) => {
            match (record.id(), record.text("MasterRecordId")) {
                (Some(id), None) => Settlement::Lost {
                    record_id: id.to_string(),
                },
                _ => Settlement::FindAgain,
            }
        }
        (Operation::Update, None, _) => Settlement::FindAgain,
    }
}

fn key_of(batch: &Batch, row: &BatchRow) -> String {
    match batch.operation {
        Operation::Update => row.record_id.clone().unwrap_or_default(),
        Operation::Upsert { .. } => row.guid.to_string(),
    }
}

/// Identifiers are compared without regard to case, ids with it.
fn folded(batch: &Batch, value: &str) -> String {
    match batch.operation {
        Operation::Update => value.to_owned(),
        Operation::Upsert { .. } => value.to_ascii_lowercase(),
    }
}

/// The values that were sent, as far as their fields can still be read. Parents stay: they are not compared.
fn sent(row: &BatchRow, visible: &BTreeSet<String>) -> Map<String, Value> {
    let mut sent: Map<String, Value> = serde_json::from_str(&row.payload).unwrap_or_default();
    sent.retain(|field, value| value.is_object() || visible.contains(field));
    sent
}

/// Tells whether a record holds every value that was sent.
pub fn holds(record: &Record, sent: &Map<String, Value>) -> bool {
    sent.iter()
        .all(|(field, value)| same(value, record.value(field).unwrap_or(&Value::Null)))
}

/// Compares a value as we sent it with the value as the org gives it back.
///
/// A doubt counts as different: sending the same once more does no harm.
pub(crate) fn same(sent: &Value, held: &Value) -> bool {
    match (sent, held) {
        (Value::Null, Value::String(text)) | (Value::String(text), Value::Null) => {
            text.trim().is_empty()
        }
        (Value::String(sent), Value::String(held)) => same_text(sent, held),
        (Value::Number(sent), Value::Number(held)) => sent.as_f64() == held.as_f64(),
        // A parent by external id comes back as its record id: nothing to compare.
        (Value::Object(_), _) => true,
        _ => sent == held,
    }
}

fn same_text(sent: &str, held: &str) -> bool {
    if sent == held {
        return true;
    }
    if let (Some(sent), Some(held)) = (
        leadferry_salesforce::parse_date_time(sent),
        leadferry_salesforce::parse_date_time(held),
    ) {
        // The org keeps whole seconds.
        return sent.as_second() == held.as_second();
    }
    let plain = |text: &str| text.replace("\r\n", "\n").trim().to_owned();
    let (sent, held) = (plain(sent), plain(held));
    // Ids come back with 18 characters, e-mails in lower case.
    sent == held
        || (sent.len() == 15 && held.len() == 18 && held.starts_with(&sent))
        || (sent.contains('@') && sent.to_lowercase() == held.to_lowercase())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn values_that_the_org_writes_differently_are_the_same() {
        for (sent, held) in [
            (
                json!("2026-01-31T10:00:00.123Z"),
                json!("2026-01-31T10:00:00.000+0000"),
            ),
            (json!(2.5), json!(2.50)),
            (json!(10), json!(10.0)),
            (json!("a\r\nb "), json!("a\nb")),
            (json!("  padded\t"), json!("padded")),
            (json!("   "), json!(null)),
            (json!("Ann@Example.com"), json!("ann@example.com")),
            (
                json!(" \u{a0}Jürgen@MÜNCHEN.example "),
                json!("jürgen@münchen.example"),
            ),
            (json!("\t Ann Lee\n"), json!("Ann Lee")),
            (json!(" \n"), json!(null)),
            (json!(" Änn@Example.com "), json!("änn@example.com")),
            (json!("001000000000001"), json!("001000000000001AAA")),
            (json!(null), json!(null)),
        ] {
            assert!(same(&sent, &held), "{sent} and {held}");
        }
    }

    #[test]
    fn a_doubt_counts_as_different() {
        for (sent, held) in [
            (json!("a"), json!("A")),
            (json!(true), json!(null)),
            (json!("1"), json!(1)),
        ] {
            assert!(!same(&sent, &held), "{sent} and {held}");
        }
    }

    /// What the org holds -> what is done about the row.
    #[test]
    fn what_the_org_holds_decides_about_each_row() {
        const OURS: &str = "00Q8M0000016Wv8UAE";
        const WINNER: &str = "0038M0000016Wv8QAE";
        let record = |name: &str, deleted: bool, master: Option<&str>| {
            let fields = json!({
                "attributes": {"type": "Lead"}, "Id": OURS, "IsDeleted": deleted, "MasterRecordId": master,
                "Key__c": "A".repeat(32), "LastName": name,
            });
            Record::from_value(fields).unwrap()
        };
        let upsert = || Operation::Upsert {
            identifier_field: "Key__c".into(),
        };
        let taken = || Settlement::Taken {
            record_id: OURS.into(),
        };
        let lost = || Settlement::Lost {
            record_id: OURS.into(),
        };
        let table = [
            (upsert(), vec![], Settlement::Resend { there: false }),
            (upsert(), vec![record("Sent", false, None)], taken()),
            (
                upsert(),
                vec![record("Else", false, None)],
                Settlement::Resend { there: true },
            ),
            (upsert(), vec![record("Sent", true, None)], lost()),
            (
                upsert(),
                vec![record("Sent", true, Some(WINNER))],
                Settlement::FindAgain,
            ),
            (
                upsert(),
                vec![record("Sent", true, None), record("Sent", false, None)],
                taken(),
            ),
            (Operation::Update, vec![], Settlement::FindAgain),
            (
                Operation::Update,
                vec![record("Sent", false, None)],
                taken(),
            ),
            (
                Operation::Update,
                vec![record("Else", false, None)],
                Settlement::Resend { there: true },
            ),
            (
                Operation::Update,
                vec![record("Sent", true, None)],
                Settlement::FindAgain,
            ),
        ];
        let visible = BTreeSet::from(["LastName".to_owned()]);
        for (operation, records, expected) in table {
            let (batch, row) = sent_as(operation, OURS);
            let settled = settle(&batch, std::slice::from_ref(&row), &records, &visible);
            assert_eq!(settled, [expected], "{:?} and {records:?}", batch.operation);
        }
    }

    fn sent_as(operation: Operation, record: &str) -> (Batch, BatchRow) {
        use leadferry_store::{
            BatchId, BatchState, ContactId, EntryId, Found, Guid, ReplicationId, RunId,
        };
        let updates = operation == Operation::Update;
        let batch = Batch {
            id: BatchId(1),
            run: RunId(1),
            replication: ReplicationId(1),
            org_id: "org".into(),
            object: "Lead".into(),
            operation,
            assignment: false,
            allow_duplicates: false,
            state: BatchState::Unknown,
            bulk_job: None,
            prepared_at: 0,
        };
        let row = BatchRow {
            batch: batch.id,
            position: 0,
            entry: EntryId(1),
            contact: ContactId(1),
            guid: Guid::parse(&"a".repeat(32)).unwrap(),
            record_id: updates.then(|| record.to_owned()),
            found: if updates { Found::Linked } else { Found::New },
            stamps: false,
            seq: 1,
            payload: r#"{"LastName":"Sent"}"#.into(),
            hashes: None,
            outcome: None,
            errors: None,
            old_values: None,
        };
        (batch, row)
    }

    #[test]
    fn a_field_that_is_gone_is_neither_asked_for_nor_compared() {
        let (batch, row) = sent_as(Operation::Update, "00Q8M0000016Wv8UAE");
        let rows = std::slice::from_ref(&row);
        let record = json!({"attributes": {"type": "Lead"}, "Id": "00Q8M0000016Wv8UAE"});
        let records = [Record::from_value(record).unwrap()];
        let none = BTreeSet::new();
        assert!(!questions(&batch, rows, &none)[0].contains("LastName"));
        let taken = |settled: &[Settlement]| matches!(settled, [Settlement::Taken { .. }]);
        assert!(taken(&settle(&batch, rows, &records, &none)));
        let visible = BTreeSet::from(["LastName".to_owned()]);
        assert!(questions(&batch, rows, &visible)[0].contains("LastName"));
        assert!(!taken(&settle(&batch, rows, &records, &visible)));
    }
}
