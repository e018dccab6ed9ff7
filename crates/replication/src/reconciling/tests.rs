//! What each answer comes to. Read a line as: code, how the record was found, refusals before -> verdict.

use leadferry_salesforce::{ErrorCode, Id};
use leadferry_store::{BatchId, EntryId, Guid};

use super::*;

fn row(found: Found) -> BatchRow {
    BatchRow {
        batch: BatchId(1),
        position: 0,
        entry: EntryId(1),
        contact: ContactId(1),
        guid: Guid::parse(&"a".repeat(32)).unwrap(),
        record_id: (found != Found::New).then(|| "00Q8M0000016Wv8UAE".to_owned()),
        found,
        stamps: false,
        seq: 1,
        payload: "{}".to_owned(),
        hashes: None,
        outcome: None,
        errors: None,
        old_values: None,
    }
}

fn refused(code: &str) -> RowAnswer {
    let error = RowError::new(ErrorCode::from(code), "words of the org");
    RowAnswer {
        id: None,
        success: false,
        created: None,
        errors: vec![error],
    }
}

fn word(verdict: &Verdict) -> &'static str {
    match verdict {
        Verdict::Taken { created: true, .. } => "created",
        Verdict::Taken { .. } => "updated",
        Verdict::Refused(_) => "blocked",
        Verdict::Retry { counts: false, .. } => "waits for the run",
        Verdict::Retry { delay_ms: 0, .. } => "asks first",
        Verdict::Retry { .. } => "again",
        Verdict::GivenUp(_) => "given up",
    }
}

#[test]
fn every_kind_of_refusal_has_its_verdict() {
    let table = [
        ("STRING_TOO_LONG", Found::New, 0, "blocked"),
        ("DUPLICATES_DETECTED", Found::New, 0, "blocked"),
        ("A_CODE_NOBODY_KNOWS", Found::New, 0, "blocked"),
        ("UNABLE_TO_LOCK_ROW", Found::Linked, 0, "again"),
        ("UNABLE_TO_LOCK_ROW", Found::Linked, 3, "again"),
        ("UNABLE_TO_LOCK_ROW", Found::Linked, 4, "given up"),
        ("CANNOT_EXECUTE_FLOW_TRIGGER", Found::New, 0, "again"),
        ("CANNOT_EXECUTE_FLOW_TRIGGER", Found::New, 1, "blocked"),
        ("ENTITY_IS_LOCKED", Found::Linked, 0, "again"),
        ("DUPLICATE_VALUE", Found::New, 0, "asks first"),
        ("DUPLICATE_VALUE", Found::Linked, 0, "blocked"),
        ("DUPLICATE_VALUE", Found::Email, 0, "blocked"),
        ("ENTITY_IS_DELETED", Found::Linked, 0, "asks first"),
        ("ENTITY_IS_DELETED", Found::New, 0, "asks first"),
        ("ENTITY_IS_DELETED", Found::New, 1, "blocked"),
        (
            "CANNOT_UPDATE_CONVERTED_LEAD",
            Found::Linked,
            0,
            "asks first",
        ),
        ("STORAGE_LIMIT_EXCEEDED", Found::New, 0, "waits for the run"),
        ("INVALID_FIELD_FOR_INSERT_UPDATE", Found::New, 0, "blocked"),
    ];
    for (code, found, attempts, expected) in table {
        let verdict = judge(
            &row(found),
            &refused(code),
            attempts,
            RunId(1),
            &Policy::default(),
        );
        assert_eq!(
            word(&verdict),
            expected,
            "{code}, {found:?}, {attempts} before"
        );
    }
}

#[test]
fn a_yes_without_an_id_is_believed_only_where_the_record_is_known() {
    let yes = |id: Option<Id>, created| RowAnswer {
        id,
        success: true,
        created,
        errors: Vec::new(),
    };
    let id = Id::parse("00Q8M0000016Wv8UAE").unwrap();
    let table = [
        (Found::New, yes(Some(id), Some(true)), "created"),
        (Found::New, yes(Some(id), Some(false)), "updated"),
        (Found::Linked, yes(Some(id), None), "updated"),
        (Found::Linked, yes(None, None), "updated"),
        (Found::New, yes(None, Some(true)), "again"),
    ];
    for (found, answer, expected) in table {
        let verdict = judge(&row(found), &answer, 0, RunId(1), &Policy::default());
        assert_eq!(word(&verdict), expected, "{found:?}, {answer:?}");
    }
}

#[test]
fn one_rows_refusal_can_concern_the_whole_run() {
    let answers = [
        refused("STRING_TOO_LONG"),
        refused("STORAGE_LIMIT_EXCEEDED"),
    ];
    let consequences = consequences(&answers);
    assert_eq!(
        consequences.stop.map(|error| error.code),
        Some(ErrorCode::StorageLimitExceeded)
    );
    assert!(!consequences.redescribe);
    assert!(super::consequences(&[refused("INVALID_FIELD_FOR_INSERT_UPDATE")]).redescribe);
    assert_eq!(
        super::consequences(&[refused("STRING_TOO_LONG")]),
        Consequences::default()
    );
}
