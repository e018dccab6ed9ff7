use serde_json::json;

use super::*;
use crate::org::{Cursor, Logged, Org, WriteOptions};

const GUID: &str = "0123456789abcdef0123456789abcdef";
const OTHER: &str = "fedcba9876543210fedcba9876543210";

fn create(org: &Org, object: &str, record: &serde_json::Value) -> String {
    let options = WriteOptions {
        allow_save: true,
        record_details: false,
        assign: true,
        version: "v67.0".to_owned(),
    };
    let record = crate::json::parse(&record.to_string()).unwrap();
    let schema = org.schema();
    let created = org.create(schema.object(object).unwrap(), &record, &options);
    created.unwrap_or_else(|_| panic!("{object} was refused"))
}

/// Erases Quixotina Zebulon, whose record `by_link` is linked.
fn erase_quixotina(file: &Path, by_link: &str) -> u64 {
    let names = |text: &str| {
        let text = text.to_lowercase();
        text.contains("quixotina zebulon")
            || text.contains("quixotina@example.com")
            || text.contains(GUID)
    };
    let who = Erasing {
        guids: &[GUID.to_owned()].into(),
        records: &[by_link.to_owned()].into(),
        names: &names,
        without: &|_| "(erased)".to_owned(),
    };
    erase(file, &who).unwrap()
}

fn number(file: &Path, sql: &str) -> i64 {
    Connection::open(file)
        .unwrap()
        .query_row(sql, [], |row| row.get(0))
        .unwrap()
}

fn bytes_mention(folder: &Path, text: &str) -> bool {
    std::fs::read_dir(folder).unwrap().any(|entry| {
        let bytes = std::fs::read(entry.unwrap().path()).unwrap();
        bytes
            .windows(text.len())
            .any(|window| window.eq_ignore_ascii_case(text.as_bytes()))
    })
}

#[test]
fn a_person_leaves_bulk_jobs_and_the_others_stay() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("org.sqlite");
    let (org, _) = Org::open(&file).unwrap();
    let insert = |id: &str, state: &str| {
        let sql = "INSERT INTO bulk_jobs (id, state, operation) VALUES (?1, ?2, 'insert')";
        org.conn().execute(sql, [id, state]).unwrap();
        let named = "Stays,stays@example.com\n\"Quixotina\",quixotina@example.com\n";
        org.add_chunk(id, 0, named).unwrap();
        let result = format!("\"\",\"true\",\"{GUID}\"\n\"\",\"true\",\"{OTHER}\"\n");
        org.add_result(id, 0, "successful", &result, 0).unwrap();
    };
    insert("ended", "JobComplete");
    insert("open", "InProgress");
    erase_quixotina(&file, "00Q000000000000000");
    assert!(org.job("ended").unwrap().is_none());
    assert_eq!(org.chunk("ended", 0).unwrap(), None);
    let kept = org.chunk("open", 0).unwrap();
    assert_eq!(kept.as_deref(), Some("Stays,stays@example.com\n"));
    let kept = org.result("open", "successful").unwrap();
    assert_eq!(kept, format!("\"\",\"true\",\"{OTHER}\"\n"));
    drop(org);
    assert!(!bytes_mention(folder.path(), "Quixotina"));
}

#[test]
fn a_person_leaves_the_org_with_every_record_log_and_byte() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("org.sqlite");
    let (org, _) = Org::open(&file).unwrap();
    let named = json!({ "FirstName": "Quixotina", "LastName": "Zebulon", "Company": "Acme" });
    let linked = create(&org, "Lead", &named);
    org.convert_lead(&linked, None)
        .unwrap_or_else(|_| panic!("it was not converted"));
    create(
        &org,
        "Lead",
        &json!({ "LastName": "Q.", "Company": "Q", "Email": "Quixotina@example.com" }),
    );
    let lost = create(
        &org,
        "Lead",
        &json!({ "LastName": "Zebulon", "Company": "Q", "Description": GUID }),
    );
    create(
        &org,
        "Contact",
        &json!({ "LastName": "Stays", "Description": "a friend of Quixotina Zebulon" }),
    );
    // Another contact of ours who shares the email.
    create(
        &org,
        "Lead",
        &json!({ "LastName": "Twin", "Company": "T", "Email": "quixotina@example.com", "Description": OTHER }),
    );
    org.faults
        .borrow_mut()
        .add(
            org.conn(),
            &crate::json::parse(r#"{"name":"slow","match":{"path":"quixotina@example.com"}}"#)
                .unwrap(),
        )
        .unwrap_or_else(|_| panic!("no fault"));
    let path = format!("/services/data/v67.0/sobjects/Lead/Id__c/{GUID}");
    org.log_request(&Logged {
        method: "PATCH".to_owned(),
        path,
        status: 204,
    })
    .unwrap();
    let cursor = Cursor {
        soql: "SELECT Id FROM Lead WHERE Email = 'quixotina@example.com'".to_owned(),
        every: false,
        tooling: false,
        page: 1,
        total: 2,
    };
    org.open_cursor(&cursor, &[1, 2]).unwrap();
    assert!(bytes_mention(folder.path(), "Quixotina"));
    // The org goes on being served meanwhile.
    assert_eq!(
        erase_quixotina(&file, &linked),
        4,
        "linked, converted to, by email, by identifier"
    );
    for (sql, left) in [
        ("SELECT count(*) FROM o_Lead", 1),
        (
            "SELECT count(*) FROM o_Contact WHERE Description = '(erased)'",
            1,
        ),
        ("SELECT count(*) FROM requests", 0),
        (
            "SELECT (SELECT count(*) FROM cursors) + (SELECT count(*) FROM cursor_pages)",
            0,
        ),
        ("SELECT count(*) FROM faults", 0),
        ("SELECT count(*) FROM assignments", 1),
    ] {
        assert_eq!(number(&file, sql), left, "{sql}");
    }
    for value in ["Quixotina Zebulon", GUID, "friend of", &lost] {
        assert!(!bytes_mention(folder.path(), value), "{value}");
    }
    assert!(
        bytes_mention(folder.path(), "quixotina@example.com"),
        "it is the twin's as well"
    );
    create(&org, "Lead", &json!({ "LastName": "Next", "Company": "N" }));
    assert_eq!(erase_quixotina(&file, &linked), 0, "nothing is left to do");
}

#[test]
fn an_org_is_told_by_its_id() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("org.sqlite");
    let (org, _) = Org::open(&file).unwrap();
    assert_eq!(organization(&file).unwrap(), Some(org.id.clone()));
    let empty = folder.path().join("empty.sqlite");
    Connection::open(&empty)
        .unwrap()
        .execute_batch("CREATE TABLE t (a)")
        .unwrap();
    assert!(organization(&empty).is_err(), "another program's file");
}

#[test]
fn nothing_that_came_with_a_file_runs_while_somebody_is_erased_from_it() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("org.sqlite");
    let (org, _) = Org::open(&file).unwrap();
    let named = json!({ "FirstName": "Quixotina", "LastName": "Zebulon", "Company": "Acme" });
    let linked = create(&org, "Lead", &named);
    create(&org, "Lead", &json!({ "LastName": "Next", "Company": "N" }));
    drop(org);
    let trigger = "CREATE TRIGGER guest AFTER DELETE ON o_Lead BEGIN DELETE FROM o_Lead; END";
    Connection::open(&file)
        .unwrap()
        .execute_batch(trigger)
        .unwrap();
    let (guids, records) = (BTreeSet::new(), [linked].into());
    let who = Erasing {
        guids: &guids,
        records: &records,
        names: &|_| false,
        without: &str::to_owned,
    };
    assert!(matches!(erase(&file, &who), Err(Error::Altered { .. })));
    assert_eq!(number(&file, "SELECT count(*) FROM o_Lead"), 2);
}

#[cfg(unix)]
#[test]
fn a_pipe_in_the_place_of_an_org_is_refused_at_once() {
    let folder = tempfile::tempdir().unwrap();
    let pipe = folder.path().join("org.sqlite");
    let made = std::process::Command::new("mkfifo").arg(&pipe).status();
    assert!(made.unwrap().success());
    assert!(matches!(organization(&pipe), Err(Error::Altered { .. })));
    assert!(matches!(Org::open(&pipe), Err(Error::Altered { .. })));
}
