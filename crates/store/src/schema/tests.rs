use std::fs;
use std::path::Path;

use rusqlite::Connection;

use super::{CURRENT, check, migrated, words};
use crate::migrate::{self, SCHEMA_VERSION};
use crate::testing::{NOW, workspace};
use crate::{Error, FieldKind, OpenOptions, Store, fold};

fn in_memory(version: u32) -> Connection {
    let mut connection = Connection::open_in_memory().unwrap();
    fold::register(&connection).unwrap();
    migrate::make(&mut connection, version).unwrap();
    connection
}

/// Opens a closed workspace past the store, as a stranger would.
fn stranger(path: &Path) -> Connection {
    let connection = Connection::open(path).unwrap();
    fold::register(&connection).unwrap();
    connection
}

#[test]
fn each_version_is_what_its_migrations_make() {
    for version in 0..=SCHEMA_VERSION {
        check(&in_memory(version), version).unwrap();
    }
    assert!(
        check(&in_memory(3), 4).is_err(),
        "another version is another schema"
    );
}

/// After a new migration, `LEADFERRY_KEEP_SCHEMA=1 cargo test the_kept_schema` writes the file anew.
#[test]
fn the_kept_schema_is_the_one_that_the_migrations_make() {
    let parts = migrated(SCHEMA_VERSION).unwrap();
    let lines = parts
        .iter()
        .map(|((kind, name), (table, sql))| format!("{kind}\t{name}\t{table}\t{sql}\n"));
    let made: String = lines.collect();
    if std::env::var_os("LEADFERRY_KEEP_SCHEMA").is_some() {
        let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/schema/current.tsv");
        fs::write(file, &made).unwrap();
    }
    assert_eq!(made, CURRENT);
}

#[test]
fn custom_fields_may_be_added_at_any_version() {
    for version in 1..SCHEMA_VERSION {
        let mut connection = in_memory(version);
        connection
            .execute_batch("ALTER TABLE contacts ADD COLUMN c_1 INTEGER; ALTER TABLE contacts ADD COLUMN c_22 TEXT")
            .unwrap();
        check(&connection, version).unwrap();
        migrate::make(&mut connection, SCHEMA_VERSION).unwrap();
        check(&connection, SCHEMA_VERSION).unwrap();
    }
}

#[test]
fn what_is_made_at_run_time_is_ours() {
    let workspace = workspace();
    let kinds = [
        FieldKind::Text,
        FieldKind::LongText,
        FieldKind::Integer,
        FieldKind::LongInteger,
        FieldKind::Decimal { scale: 2 },
        FieldKind::Float,
        FieldKind::YesNo,
        FieldKind::Date,
        FieldKind::DateTime,
    ];
    for (at, kind) in kinds.into_iter().enumerate() {
        let field = workspace.field(&format!("Field {at}"), kind);
        workspace.writing(|writer| writer.index_field(field, kind));
        let crate::ContactField::Custom(id) = field else {
            unreachable!("it was declared just now");
        };
        workspace.writing(|writer| writer.index_custom_field(id));
    }
    for field in crate::ContactField::BUILT_IN {
        if let Some(kind) = field.built_in_kind() {
            workspace.writing(|writer| writer.index_field(*field, kind));
        }
    }
    workspace.sql("ANALYZE");
    let opened = Store::open(&workspace.path(), OpenOptions::default(), NOW).unwrap();
    assert!(opened.check().unwrap().is_sound());
}

#[test]
fn anything_else_is_refused_by_name_and_left_as_it_is() {
    let cases = [
        (
            "CREATE TRIGGER sly AFTER UPDATE ON connections BEGIN UPDATE connections SET host = 'https://evil.example'; END",
            "trigger \"sly\"",
        ),
        (
            "CREATE VIEW endless AS WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT i FROM n",
            "view \"endless\"",
        ),
        ("CREATE TABLE songs (id INTEGER)", "table \"songs\""),
        (
            "CREATE VIRTUAL TABLE other USING fts5 (word)",
            "table \"other\"",
        ),
        (
            "ALTER TABLE contacts ADD COLUMN slow BLOB AS (zeroblob(1000000000))",
            "changed table \"contacts\"",
        ),
        (
            "ALTER TABLE contacts ADD COLUMN c_9 INTEGER CHECK (c_9 > 1)",
            "changed table \"contacts\"",
        ),
        (
            "CREATE INDEX contacts_by_c_7 ON contacts (length(notes)) WHERE notes IS NOT NULL",
            "index \"contacts_by_c_7\"",
        ),
        (
            "CREATE UNIQUE INDEX contacts_asked_by_city ON contacts (city) WHERE city IS NOT NULL",
            "index \"contacts_asked_by_city\"",
        ),
        (
            "DROP TRIGGER contacts_search_delete;
             CREATE TRIGGER contacts_search_delete AFTER DELETE ON contacts BEGIN SELECT 1; END",
            "changed trigger \"contacts_search_delete\"",
        ),
        (
            "DROP INDEX contacts_by_seq",
            "lacks the index \"contacts_by_seq\"",
        ),
        (
            "DROP TABLE contacts_search",
            "lacks the table \"contacts_search\"",
        ),
    ];
    for (sql, named) in cases {
        let workspace = workspace();
        let (path, folder) = (workspace.path(), workspace.folder);
        drop(workspace.store);
        stranger(&path).execute_batch(sql).unwrap();
        let before = fs::read(&path).unwrap();
        for read_only in [false, true] {
            let refused = Store::open(&path, OpenOptions { read_only }, NOW);
            assert!(
                matches!(&refused, Err(Error::Altered(what)) if what.contains(named)),
                "{sql}: {refused:?}"
            );
        }
        assert_eq!(fs::read(&path).unwrap(), before, "{sql}");
        drop(folder);
    }
}

#[test]
fn a_schema_without_end_is_given_up() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("many.leadferry");
    let mut connection = Connection::open(&path).unwrap();
    migrate_file(&mut connection);
    let many: String = (0..super::MOST_PARTS)
        .map(|at| format!("CREATE TABLE t{at} (a);"))
        .collect();
    connection
        .execute_batch(&format!("BEGIN; {many} COMMIT"))
        .unwrap();
    drop(connection);
    let refused = Store::open(&path, OpenOptions::default(), NOW);
    assert!(matches!(refused, Err(Error::Altered(_))), "{refused:?}");
}

fn migrate_file(connection: &mut Connection) {
    fold::register(connection).unwrap();
    connection
        .pragma_update(None, "application_id", migrate::APPLICATION_ID)
        .unwrap();
    migrate::make(connection, SCHEMA_VERSION).unwrap();
}

#[test]
fn words_are_told_apart_as_sqlite_does() {
    assert_eq!(
        words(
            "CREATE TABLE a ( -- it's a note, (not more\n b TEXT/* c */DEFAULT 'it''s -- no note', [d e] \"f\"\"g\" )"
        ),
        [
            "CREATE",
            "TABLE",
            "a",
            "(",
            "b",
            "TEXT",
            "DEFAULT",
            "'it''s -- no note'",
            ",",
            "[d e]",
            "\"f\"\"g\"",
            ")"
        ]
    );
    assert_eq!(words("'open"), ["'open"]);
    assert_eq!(words("/* open"), Vec::<&str>::new());
}
