use serde_json::json;

use super::*;

const OURS: &str = "0058M0000016Wv8QAE";
const OTHER: &str = "0058M0000016Wv9QAE";
const CREATED: &str = "2026-01-31T10:00:00.000+0000";

fn map(value: &Value) -> Map<String, Value> {
    value.as_object().unwrap().clone()
}

/// A write of a run, a minute after that of the run before.
fn wrote(run: i64, created: bool, values: &Value, before: &Value) -> Written {
    Written {
        run: RunId(run),
        created,
        prepared_at: run * 60_000,
        settled_at: run * 60_000 + 500,
        values: Some(map(values)),
        before: map(before),
    }
}

fn history(writes: Vec<Written>) -> History {
    History {
        run: RunId(1),
        writes,
        restored: Vec::new(),
        under_way: None,
    }
}

fn found(fields: &Value) -> Found {
    let mut record = json!({
        "attributes": {"type": "Lead"}, "Id": "00Q8M0000016Wv8UAE", "IsDeleted": false, "CreatedDate": CREATED,
        "LastModifiedDate": CREATED, "LastModifiedById": OURS,
    });
    for (field, value) in map(fields) {
        record[field] = value;
    }
    Found {
        record: Record::from_value(record).unwrap(),
        hanging: Vec::new(),
    }
}

fn rules() -> Rules {
    let visible = ["FirstName", "City", "HasOptedOutOfEmail", "Allows__c"];
    Rules {
        identifier: "Leadferry_ID__c".to_owned(),
        user: OURS.to_owned(),
        visible: visible.map(str::to_owned).into(),
        noes: BTreeMap::from([("Allows__c".to_owned(), BTreeSet::from(["false".to_owned()]))]),
    }
}

/// Why a record is skipped; `None` where it is not.
fn code(verdict: &Verdict) -> Option<&'static str> {
    verdict.skipped.as_ref().map(|why| why.code)
}

/// What the org holds of a record that the run created -> why it is kept.
#[test]
fn a_created_record_is_deleted_only_where_nobody_else_has_a_hand_in_it() {
    let ada = json!({"FirstName": "Ada"});
    let table = [
        (json!({"FirstName": "Ada"}), None),
        (json!({"FirstName": " ada"}), Some("changed")),
        (
            json!({"FirstName": "Ada", "LastModifiedById": OTHER}),
            Some("changed"),
        ),
        // By hand, as the user whose sign-in we use.
        (
            json!({"FirstName": "Ada", "LastModifiedDate": "2026-01-31T10:00:09.000+0000"}),
            Some("changed"),
        ),
        // What the org's automation takes.
        (
            json!({"FirstName": "Ada", "LastModifiedDate": "2026-01-31T10:00:01.000+0000"}),
            None,
        ),
        (
            json!({"FirstName": "Ada", "IsConverted": true}),
            Some("converted"),
        ),
        (
            json!({"FirstName": "Ada", "IsDeleted": true}),
            Some("deleted"),
        ),
        (
            json!({"IsDeleted": true, "MasterRecordId": "00Q8M0000016WvAUAU"}),
            Some("merged"),
        ),
    ];
    for (held, expected) in table {
        let history = history(vec![wrote(1, true, &ada, &json!({}))]);
        let verdict = judge(&history, Some(&found(&held)), &rules());
        assert_eq!(code(&verdict), expected, "{held}");
        let deletes = verdict.state == UndoState::Delete;
        assert_eq!(deletes, expected.is_none(), "{held}");
    }
    let history = history(vec![wrote(1, true, &ada, &json!({}))]);
    let used = Found {
        hanging: vec!["2 tasks".to_owned(), "1 case".to_owned()],
        ..found(&ada)
    };
    let verdict = judge(&history, Some(&used), &rules());
    assert_eq!(
        verdict.skipped.unwrap().message,
        "Others use this record in Salesforce: 2 tasks and 1 case."
    );
    assert_eq!(code(&judge(&history, None, &rules())), Some("gone"));
}

#[test]
fn what_later_runs_of_ours_sent_keeps_no_record() {
    let writes = vec![
        wrote(1, true, &json!({"FirstName": "Ada"}), &json!({})),
        wrote(2, false, &json!({"City": "Lagos"}), &json!({"City": null})),
    ];
    let held = json!({
        "FirstName": "Ada", "City": "Lagos", "LastModifiedDate": "2026-01-31T10:01:00.000+0000",
    });
    let verdict = judge(&history(writes), Some(&found(&held)), &rules());
    assert_eq!(verdict.state, UndoState::Delete);
}

/// Sent by the run, before it, held now, sent by a later run -> why it isn't restored.
#[test]
fn a_value_is_restored_only_where_it_is_still_ours() {
    let table = [
        (json!("Ada"), json!("A."), json!("Ada"), None, None),
        (json!("Ada"), json!(null), json!("Ada"), None, None),
        (
            json!("Ada"),
            json!("A."),
            json!("Theirs"),
            None,
            Some("changed"),
        ),
        (
            json!("Ada"),
            json!("A."),
            json!("A."),
            None,
            Some("as_before"),
        ),
        (
            json!("Ada"),
            json!("A."),
            json!("Eve"),
            Some("Eve"),
            Some("later_run"),
        ),
    ];
    for (sent, before, held, later, expected) in table {
        let mut writes = vec![wrote(
            1,
            false,
            &json!({"FirstName": sent}),
            &json!({"FirstName": before}),
        )];
        writes.extend(later.map(|later| {
            wrote(
                2,
                false,
                &json!({"FirstName": later}),
                &json!({"FirstName": "Ada"}),
            )
        }));
        let held = found(&json!({"FirstName": held}));
        let verdict = judge(&history(writes), Some(&held), &rules());
        assert_eq!(code(&verdict), expected, "{verdict:?}");
        assert_eq!(verdict.fields[0].skipped.as_deref(), expected);
    }
}

#[test]
fn values_that_were_restored_since_count_no_more() {
    let mut history = history(vec![
        wrote(
            1,
            false,
            &json!({"FirstName": "Ada"}),
            &json!({"FirstName": "A."}),
        ),
        wrote(
            2,
            false,
            &json!({"FirstName": "Eve"}),
            &json!({"FirstName": "Ada"}),
        ),
    ]);
    history.restored.push(RestoredBefore {
        run: RunId(2),
        fields: BTreeSet::from(["FirstName".to_owned()]),
        done_at: 200_000,
    });
    let verdict = judge(
        &history,
        Some(&found(&json!({"FirstName": "Ada"}))),
        &rules(),
    );
    assert_eq!(verdict.state, UndoState::Restore);
    assert_eq!(verdict.fields[0].before, Some(json!("A.")));
}

#[test]
fn a_no_is_kept_whatever_the_mapping_says_today() {
    for (field, no) in [("HasOptedOutOfEmail", true), ("Allows__c", false)] {
        let sent = json!({field: no});
        let updated = history(vec![wrote(1, false, &sent, &json!({field: !no}))]);
        let verdict = judge(&updated, Some(&found(&sent)), &rules());
        assert_eq!(code(&verdict), Some("opted_out"), "{field}");
        let created = history(vec![wrote(1, true, &sent, &json!({}))]);
        let verdict = judge(&created, Some(&found(&sent)), &rules());
        assert_eq!(code(&verdict), Some("opted_out"), "{field}");
        let yes = json!({field: !no});
        let updated = history(vec![wrote(1, false, &yes, &json!({field: no}))]);
        let verdict = judge(&updated, Some(&found(&yes)), &rules());
        assert_eq!(verdict.state, UndoState::Restore, "{field}");
    }
}

#[test]
fn the_record_tells_whether_a_lost_request_was_carried_out() {
    let sent = json!({"FirstName": "Ada", "City": "Lagos"});
    let before = json!({"FirstName": "A.", "City": "Abuja"});
    let writes = || vec![wrote(1, false, &sent, &before)];
    let planned = judge(&history(writes()), Some(&found(&sent)), &rules());
    let under_way = History {
        under_way: Some((UndoState::Restoring, planned.fields)),
        ..history(writes())
    };
    // Carried out; carried out and then changed by another; not carried out.
    let there = judge(&under_way, Some(&found(&before)), &rules());
    assert_eq!(there.state, UndoState::Restored);
    let since = found(&json!({"FirstName": "A.", "City": "Theirs"}));
    let since = judge(&under_way, Some(&since), &rules());
    assert_eq!(since.state, UndoState::Restored);
    assert_eq!(since.fields[0].skipped.as_deref(), Some("changed"));
    let not = judge(&under_way, Some(&found(&sent)), &rules());
    assert_eq!(not.state, UndoState::Restore);
    let deleting = History {
        under_way: Some((UndoState::Deleting, Vec::new())),
        ..history(vec![wrote(1, true, &sent, &json!({}))])
    };
    let gone = found(&json!({"IsDeleted": true}));
    assert_eq!(
        judge(&deleting, Some(&gone), &rules()).state,
        UndoState::Deleted
    );
    assert_eq!(judge(&deleting, None, &rules()).state, UndoState::Deleted);
    let alive = judge(&deleting, Some(&found(&sent)), &rules());
    assert_eq!(alive.state, UndoState::Delete);
}
