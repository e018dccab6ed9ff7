use std::fs;
use std::path::Path;
use std::time::Duration;

use rusqlite::Connection;
use rusqlite_migration::M;

use super::{APPLICATION_ID, SCHEMA_VERSION, STEPS, run_steps, steps};
use crate::maintenance::Maintenance;
use crate::testing::{NOW, Workspace, workspace};
use crate::{ContactField, Error, OpenOptions, Store, backup};

/// Every released version: the schema as it was, and rows of a workspace of the time.
const OLD: &[(&str, &str)] = &[(
    include_str!("../../tests/old/1/schema.sql"),
    include_str!("../../tests/old/1/data.sql"),
)];

/// Returns what makes the schema, without the search index's own tables.
fn schema(store: &Store) -> Vec<(String, String)> {
    store
        .read(|reader| {
            let mut statement = reader.connection.prepare(
                "SELECT name, sql FROM sqlite_schema
                 WHERE sql IS NOT NULL AND name NOT LIKE 'contacts_search_%' AND name NOT LIKE 'sqlite_%'
                   AND name NOT LIKE 'contacts_by_c_%' ORDER BY name",
            )?;
            let rows = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?;
            Ok::<_, Error>(rows.collect::<rusqlite::Result<_>>()?)
        })
        .unwrap()
}

fn old_file(path: &Path, version: usize) {
    let (schema, data) = OLD[version - 1];
    let connection = Connection::open(path).unwrap();
    connection
        .pragma_update(None, "journal_mode", "wal")
        .unwrap();
    crate::fold::register(&connection).unwrap();
    connection.execute_batch(schema).unwrap();
    connection.execute_batch(data).unwrap();
    connection
        .pragma_update(None, "application_id", APPLICATION_ID)
        .unwrap();
    connection
        .pragma_update(None, "user_version", version as u32)
        .unwrap();
}

fn held(workspace: &Workspace) -> Maintenance {
    Maintenance::begin(&workspace.path(), Duration::ZERO).unwrap()
}

#[test]
fn no_trigger_of_an_older_file_runs_while_it_is_migrated() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("old.leadferry");
    old_file(&path, 1);
    let connection = Connection::open(&path).unwrap();
    connection
        .execute_batch("CREATE TRIGGER sly AFTER UPDATE ON scores BEGIN UPDATE contacts SET do_not_send = 0; END")
        .unwrap();
    drop(connection);
    let before = fs::read(&path).unwrap();
    let refused = Store::open(&path, OpenOptions::default(), NOW);
    assert!(
        matches!(&refused, Err(Error::Altered(what)) if what.contains("trigger \"sly\"")),
        "{refused:?}"
    );
    assert_eq!(fs::read(&path).unwrap(), before);
    assert!(!backup::folder(&path).exists(), "nothing was prepared");
}

#[test]
fn many_at_once_migrate_an_older_file_once() {
    for _ in 0..5 {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("old.leadferry");
        old_file(&path, 1);
        std::thread::scope(|scope| {
            for _ in 0..4 {
                scope.spawn(|| {
                    let store = Store::open(&path, OpenOptions::default(), NOW).unwrap();
                    store
                        .write(|writer| writer.set_workspace_name("Mine"))
                        .unwrap();
                });
            }
        });
        let backups = backup::files(&backup::folder(&path)).unwrap();
        assert_eq!(backups.len(), 1, "{backups:?}");
        assert!(backup::is_sound(&backups[0]));
        let store = Store::open(&path, OpenOptions::default(), NOW).unwrap();
        assert!(store.check().unwrap().is_sound());
    }
}

#[test]
fn of_many_that_make_one_file_at_once_one_does() {
    for _ in 0..5 {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("new.leadferry");
        let made: Vec<_> = std::thread::scope(|scope| {
            let all: Vec<_> = (0..4)
                .map(|_| scope.spawn(|| Store::create(&path, NOW)))
                .collect();
            all.into_iter().map(|one| one.join().unwrap()).collect()
        });
        let (made, refused): (Vec<_>, Vec<_>) = made.into_iter().partition(Result::is_ok);
        assert_eq!(made.len(), 1);
        for refused in refused {
            assert!(matches!(refused, Err(Error::Exists(_))), "{refused:?}");
        }
        assert!(
            Store::open(&path, OpenOptions::default(), NOW)
                .unwrap()
                .check()
                .unwrap()
                .is_sound()
        );
    }
}

#[test]
fn every_older_version_is_brought_to_the_newest() {
    let fresh = workspace();
    for version in 1..=OLD.len() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("old.leadferry");
        old_file(&path, version);
        let store = Store::open(&path, OpenOptions::default(), NOW).unwrap();
        let without_columns = |schema: Vec<(String, String)>| {
            schema
                .into_iter()
                .filter(|(name, _)| name != "contacts")
                .collect::<Vec<_>>()
        };
        assert_eq!(
            without_columns(schema(&store)),
            without_columns(schema(&fresh)),
            "version {version}"
        );
        let health = store.check().unwrap();
        assert!(health.is_sound(), "{:?}", health.problems);
        assert_eq!(health.counts["contacts"], 2);
        let id = store
            .read(|reader| reader.find_contact("ann@example.com"))
            .unwrap();
        let ann = store.read(|reader| reader.contact(id)).unwrap();
        assert_eq!(ann.values.text(ContactField::FirstName), Some("Ann"));
        let seats = store.read(|reader| reader.field_named("Seats")).unwrap();
        assert_eq!(ann.values.get(seats), Some(&crate::Value::Integer(12)));
        let text = crate::ContactFilter {
            text: Some("an".into()),
            ..Default::default()
        };
        assert_eq!(
            store.read(|reader| reader.count_contacts(&text)).unwrap(),
            1,
            "the search index came along"
        );
        let phone = crate::ContactFilter {
            text: Some("030 1234".into()),
            ..Default::default()
        };
        assert_eq!(
            store.read(|reader| reader.count_contacts(&phone)).unwrap(),
            1,
            "and holds phone numbers"
        );
        let backups = backup::files(&backup::folder(&path)).unwrap();
        assert_eq!(
            backups.len(),
            usize::from(version < STEPS.len()),
            "one before the migration"
        );
    }
}

#[test]
fn no_row_of_a_contact_costs_a_table_in_memory() {
    let folder = tempfile::tempdir().unwrap();
    let mut connection = Connection::open(folder.path().join("new.leadferry")).unwrap();
    crate::fold::register(&connection).unwrap();
    super::make(&mut connection, SCHEMA_VERSION).unwrap();
    let steps = |sql: &str| -> Vec<String> {
        let mut explained = connection.prepare(&format!("EXPLAIN {sql}")).unwrap();
        let steps = explained.query_map([], |row| row.get(1)).unwrap();
        steps.map(Result::unwrap).collect()
    };
    for table in [
        "account_contacts",
        "consent_events",
        "contacts",
        "links",
        "marks",
        "plan_rows",
        "queue",
        "score_points",
        "segment_members",
        "undo_rows",
    ] {
        let steps = steps(&format!("INSERT INTO {table} DEFAULT VALUES"));
        assert!(
            steps
                .iter()
                .any(|step| step == "Insert" || step == "IdxInsert"),
            "{table}"
        );
        assert!(!steps.iter().any(|step| step == "OpenEphemeral"), "{table}");
    }
}

#[test]
fn what_points_to_connections_stays_when_their_table_is_made_anew() {
    let folder = tempfile::tempdir().unwrap();
    let mut connection = Connection::open(folder.path().join("old.leadferry")).unwrap();
    crate::fold::register(&connection).unwrap();
    // The last version without the flows jwt and password.
    super::make(&mut connection, 19).unwrap();
    connection
        .execute_batch(
            "INSERT INTO connections (name, flow, created_at) VALUES ('Gone', 'browser', 1), ('Acme', 'browser', 1);
             DELETE FROM connections WHERE name = 'Gone';
             UPDATE sqlite_sequence SET seq = 7 WHERE name = 'connections';
             INSERT INTO describes (connection_id, object, version, body, fetched_at) VALUES (2, 'Lead', 1, '{}', 1);",
        )
        .unwrap();
    super::make(&mut connection, SCHEMA_VERSION).unwrap();
    let number = |sql: &str| {
        connection
            .query_row(sql, [], |row| row.get::<_, i64>(0))
            .unwrap()
    };
    assert_eq!(
        number("SELECT id FROM connections WHERE name = 'Acme' AND flow = 'browser'"),
        2
    );
    assert_eq!(
        number("SELECT count(*) FROM describes WHERE connection_id = 2"),
        1
    );
    assert_eq!(number("SELECT foreign_keys FROM pragma_foreign_keys"), 1);
    connection
        .execute_batch("INSERT INTO connections (name, flow, created_at) VALUES ('New', 'jwt', 1)")
        .unwrap();
    assert_eq!(
        number("SELECT id FROM connections WHERE name = 'New'"),
        8,
        "no id comes twice"
    );
    connection
        .execute_batch("DELETE FROM connections WHERE id = 2")
        .unwrap();
    assert_eq!(
        number("SELECT count(*) FROM describes"),
        0,
        "what belongs to it goes with it"
    );
}

#[test]
fn links_of_older_files_stay_as_they_are_and_new_ones_may_come_from_a_file() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("old.leadferry");
    let mut connection = Connection::open(&path).unwrap();
    crate::fold::register(&connection).unwrap();
    // The last version in which no link came from a file.
    super::make(&mut connection, 21).unwrap();
    let link = |origin: &str, at: u32| {
        format!(
            "INSERT INTO contacts (guid, created_at, changed_at, seq) VALUES ('{at:032}', 1, 1, 1);
             INSERT INTO links (contact_id, org_id, object, record_id, how, created_at, changed_at)
             VALUES (last_insert_rowid(), 'org', 'Lead', '00Q{at:015}', '{origin}', 1, 1);"
        )
    };
    connection.execute_batch(&link("email", 1)).unwrap();
    assert!(connection.execute_batch(&link("file", 2)).is_err());
    // Another process has the schema in mind already.
    let other = Connection::open(&path).unwrap();
    crate::fold::register(&other).unwrap();
    let count = |connection: &Connection, origin: &str| -> u64 {
        let sql = "SELECT count(*) FROM links WHERE how = ?1";
        connection
            .query_row(sql, [origin], |row| row.get(0))
            .unwrap()
    };
    assert_eq!(count(&other, "email"), 1);
    super::make(&mut connection, SCHEMA_VERSION).unwrap();
    assert_eq!(count(&connection, "email"), 1);
    other.execute_batch(&link("file", 3)).unwrap();
    assert_eq!(count(&connection, "file"), 1);
    assert!(connection.execute_batch(&link("hearsay", 4)).is_err());
    let writable = connection.execute_batch("UPDATE sqlite_schema SET sql = sql");
    assert!(writable.is_err(), "the schema can't be written any more");
    let sound: String = connection
        .query_row("PRAGMA integrity_check(links)", [], |row| row.get(0))
        .unwrap();
    assert_eq!(sound, "ok");
}

#[test]
fn the_file_is_copied_before_it_is_migrated() {
    let workspace = workspace();
    let id = workspace.add(&[(ContactField::FirstName, "Ann")]);
    let mut steps = steps();
    steps.push(M::up("ALTER TABLE contacts ADD COLUMN shoe_size INTEGER; UPDATE contacts SET first_name = 'Lost';"));
    workspace
        .with_writer(|connection| run_steps(connection, &held(&workspace), &steps, NOW))
        .unwrap();
    let version = workspace.number("SELECT user_version FROM pragma_user_version");
    assert_eq!(version, i64::from(SCHEMA_VERSION) + 1);
    let backups = backup::files(&backup::folder(&workspace.path())).unwrap();
    assert_eq!(backups.len(), 1);
    let before = Store::open(&backups[0], OpenOptions::default(), NOW).unwrap();
    let ann = before.read(|reader| reader.contact(id)).unwrap();
    assert_eq!(ann.values.text(ContactField::FirstName), Some("Ann"));
}

#[test]
fn a_migration_that_fails_changes_nothing() {
    let workspace = workspace();
    workspace.add(&[(ContactField::FirstName, "Ann")]);
    let mut steps = steps();
    steps.push(M::up(
        "UPDATE contacts SET first_name = 'Lost'; ALTER TABLE nonsense ADD COLUMN x;",
    ));
    let failed =
        workspace.with_writer(|connection| run_steps(connection, &held(&workspace), &steps, NOW));
    assert!(failed.is_err());
    assert_eq!(
        workspace.number("SELECT count(*) FROM contacts WHERE first_name = 'Ann'"),
        1
    );
    assert_eq!(
        workspace.number("SELECT user_version FROM pragma_user_version"),
        i64::from(SCHEMA_VERSION)
    );
}

#[test]
fn a_newer_file_is_refused_and_left_as_it_is() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("newer.leadferry");
    let connection = Connection::open(&path).unwrap();
    connection
        .execute_batch("CREATE TABLE contacts (id INTEGER)")
        .unwrap();
    connection
        .pragma_update(None, "application_id", APPLICATION_ID)
        .unwrap();
    connection
        .pragma_update(None, "user_version", SCHEMA_VERSION + 1)
        .unwrap();
    drop(connection);
    let before = fs::read(&path).unwrap();
    for read_only in [false, true] {
        let refused = Store::open(&path, OpenOptions { read_only }, NOW);
        assert!(
            matches!(refused, Err(Error::Newer { found, known }) if found == known + 1),
            "{refused:?}"
        );
    }
    assert_eq!(fs::read(&path).unwrap(), before);
}

#[test]
fn files_of_others_are_refused_and_left_as_they_are() {
    let folder = tempfile::tempdir().unwrap();
    let database = folder.path().join("other.db");
    Connection::open(&database)
        .unwrap()
        .execute_batch("CREATE TABLE songs (id INTEGER); INSERT INTO songs VALUES (1)")
        .unwrap();
    let text = folder.path().join("notes.txt");
    fs::write(
        &text,
        "Dear diary, today I wrote a text that is longer than the header of a database. "
            .repeat(20),
    )
    .unwrap();
    for path in [&database, &text] {
        let before = fs::read(path).unwrap();
        let refused = Store::open(path, OpenOptions::default(), NOW);
        assert!(
            matches!(refused, Err(Error::NotAWorkspace(_))),
            "{refused:?}"
        );
        assert_eq!(fs::read(path).unwrap(), before, "{}", path.display());
    }
    let missing = Store::open(&folder.path().join("missing"), OpenOptions::default(), NOW);
    assert!(matches!(missing, Err(Error::Missing(_))));
}

#[test]
fn what_a_killed_process_left_in_the_log_is_there_again() {
    let workspace = workspace();
    workspace.add(&[(ContactField::Email, "ann@example.com")]);
    // As a kill leaves it: the file and its log, without the index of the log.
    let path = workspace.folder.path().join("killed.leadferry");
    let log = |path: &Path| path.with_extension("leadferry-wal");
    fs::copy(workspace.path(), &path).unwrap();
    fs::copy(log(&workspace.path()), log(&path)).unwrap();
    assert!(fs::metadata(log(&path)).unwrap().len() > 0);
    for read_only in [true, false] {
        let store = Store::open(&path, OpenOptions { read_only }, NOW).unwrap();
        assert!(
            store
                .read(|reader| reader.find_contact("ann@example.com"))
                .is_ok()
        );
    }
}

/// What older versions stored of rows: of every kind, in batches of every state.
const ROWS_ONE_BY_ONE: &str = r#"
INSERT INTO runs (id, replication_id, connection_id, org_id, state, settings_version, mapping_version, describe_version, started_at)
VALUES (1, 1, 1, '00D000000000001AAA', 'running', 1, 1, 0, 1700000000000);
INSERT INTO queue (id, replication_id, contact_id, state, seq, settings_version, mapping_version, describe_version, since)
VALUES (7, 1, 2, 'done', 3, 1, 1, 0, 1700000000000), (900, 1, 3, 'done', 3, 1, 1, 0, 1700000000000);
INSERT INTO batches (id, run_id, replication_id, org_id, object, operation, identifier_field, assignment, allow_duplicates,
  state, prepared_at, settled_at)
VALUES (1, 1, 1, '00D000000000001AAA', 'Lead', 'upsert', 'Key__c', 0, 0, 'answered', 1700000000000, 1700000000001),
  (2, 1, 1, '00D000000000001AAA', 'Lead', 'upsert', 'Key__c', 0, 0, 'unknown', 1700000000000, NULL),
  (3, 1, 1, '00D000000000001AAA', 'Lead', 'update', NULL, 0, 0, 'prepared', 1700000000000, NULL),
  (4, 1, 1, '00D000000000001AAA', 'Lead', 'update', NULL, 0, 0, 'split', 1700000000000, 1700000000001),
  (5, 1, 1, '00D000000000001AAA', 'Lead', 'update', NULL, 0, 0, 'answered', 1700000000000, 1700000000001);
INSERT INTO batch_rows (batch_id, position, queue_id, contact_id, guid, record_id, how, stamps, seq, payload, hashes,
  outcome, errors, old_values)
VALUES
  (1, 0, 1, 1, '0123456789abcdef0123456789abcdef', '00Q000000000001AAA', 'new', 0, 3, '{"LastName":"Lee"}', '{"LastName":"x"}', 'created', NULL, NULL),
  (1, 1, 7, 2, 'fedcba9876543210fedcba9876543210', NULL, 'new', 0, 4, '{"LastName":"李","City":"Zürich \"am See\""}', '{}', 'refused', '[{"code":"STRING_TOO_LONG"}]', NULL),
  (1, 4, 900, 3, 'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa', NULL, 'new', 0, 5, '{}', '{}', 'refused', '[{"code":"STRING_TOO_LONG"}]', NULL),
  (2, 0, 1, 1, '0123456789abcdef0123456789abcdef', NULL, 'new', 0, 3, '{"LastName":"Lee"}', '{"LastName":"8UXoRZDkWiX1lWYP"}', NULL, NULL, NULL),
  (2, 1, 7, 2, 'fedcba9876543210fedcba9876543210', NULL, 'new', 0, 3, '{"LastName":"Li"}', '{}', 'retry', NULL, NULL),
  (3, 0, 1, 1, '0123456789abcdef0123456789abcdef', '00Q000000000001AAA', 'email', 1, -1, '{"City":"Bonn","Key__c":"0123456789abcdef0123456789abcdef"}', '{"City":"h","Title":"skipped"}', NULL, NULL, '{"City":null}'),
  (5, 0, 1, 1, '0123456789abcdef0123456789abcdef', '00Q000000000001AAA', 'linked', 0, 9, '{}', '{"City":"h"}', 'updated', NULL, NULL);
"#;

#[test]
fn rows_of_older_batches_say_after_packing_what_they_said_before() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("old.leadferry");
    old_file(&path, 1);
    let mut connection = Connection::open(&path).unwrap();
    connection
        .pragma_update(None, "foreign_keys", true)
        .unwrap();
    let packs = STEPS
        .iter()
        .position(|step| *step == M::up(super::PACK_ROWS));
    crate::fold::register(&connection).unwrap();
    super::make(&mut connection, packs.unwrap() as u32).unwrap();
    connection.execute_batch(ROWS_ONE_BY_ONE).unwrap();
    let mut statement = connection.prepare(super::packing::ROWS).unwrap();
    let rows = statement.query_map([], super::packing::batch_row).unwrap();
    let mut before = rows.collect::<rusqlite::Result<Vec<_>>>().unwrap();
    drop(statement);
    drop(connection);
    let store = Store::open(&path, OpenOptions::default(), NOW).unwrap();
    let mut after: Vec<_> = (1..=5)
        .flat_map(|id| {
            store
                .read(|reader| reader.batch_rows(crate::BatchId(id)))
                .unwrap()
        })
        .collect();
    let lee = [("LastName".into(), crate::ValueHash::of("\"Lee\""))];
    assert_eq!(*after[3].sent(), lee.into());
    for row in after.iter_mut().chain(&mut before) {
        row.hashes = None;
    }
    assert_eq!(after, before);
    let history = store
        .read(|reader| reader.history(crate::ContactId(1)))
        .unwrap();
    assert_eq!(history.len(), 4);
    assert!(store.check().unwrap().is_sound());
}

/// Entries of every state, as version 23 kept them.
const ENTRIES: &str = r#"
INSERT INTO runs (id, replication_id, connection_id, org_id, state, settings_version, mapping_version, describe_version, started_at)
VALUES (1, 1, 1, '00D000000000001AAA', 'running', 1, 1, 0, 1700000000000);
INSERT INTO batches (id, run_id, replication_id, org_id, object, operation, identifier_field, assignment, allow_duplicates,
  state, prepared_at)
VALUES (4, 1, 1, '00D000000000001AAA', 'Lead', 'upsert', 'Key__c', 0, 0, 'unknown', 1700000000000);
DELETE FROM queue;
INSERT INTO contacts (id, guid, seq, created_at, changed_at)
SELECT value, printf('%032x', value), 1, 1, 1 FROM json_each('[100,101,102,103,104,105,106]');
INSERT INTO queue (id, replication_id, contact_id, state, batch_id, due_at, attempts, seq, settings_version, mapping_version,
  describe_version, sent_at, create_anyway, code, message, detail, since, periods)
VALUES (3, 1, 106, 'pending', NULL, 17, 2, 5, 6, 7, 8, 9, 1, 'UNABLE_TO_LOCK_ROW', 'Later', '{"a":1}', 10, 11),
  (9, 1, 105, 'sending', 4, 0, 0, 5, 6, 7, 8, NULL, 0, NULL, NULL, NULL, 10, 0),
  (12, 1, 104, 'done', NULL, 0, 0, 5, 6, 7, 8, 9, 0, NULL, NULL, NULL, 10, 0),
  (13, 1, 103, 'blocked', NULL, 0, 0, 5, 6, 7, 8, NULL, 0, 'no_email', 'No email', NULL, 10, 0),
  (14, 1, 102, 'given_up', NULL, 0, 5, 5, 6, 7, 8, 9, 0, 'UNABLE_TO_LOCK_ROW', 'Locked', NULL, 10, 0),
  (15, 1, 101, 'withdrawn', NULL, 0, 0, 5, 6, 7, 8, NULL, 0, NULL, NULL, NULL, 10, 0),
  (16, 1, 100, 'held', NULL, 0, 0, 5, 6, 7, 8, NULL, 0, NULL, NULL, NULL, 10, 0);
"#;

#[test]
fn entries_of_an_older_queue_stay_as_they_were() {
    let read = |connection: &Connection| {
        let columns = crate::queue::ENTRY_COLUMNS;
        let mut statement = connection
            .prepare(&format!("SELECT {columns} FROM queue ORDER BY id"))
            .unwrap();
        let entries = statement.query_map([], crate::queue::entry).unwrap();
        entries.collect::<rusqlite::Result<Vec<_>>>().unwrap()
    };
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("old.leadferry");
    old_file(&path, 1);
    let mut connection = Connection::open(&path).unwrap();
    crate::fold::register(&connection).unwrap();
    super::make(&mut connection, 23).unwrap();
    connection.execute_batch(ENTRIES).unwrap();
    let before = read(&connection);
    drop(connection);
    let store = Store::open(&path, OpenOptions::default(), NOW).unwrap();
    assert_eq!(before.len(), crate::EntryState::ALL.len());
    let after = store.read(|reader| Ok::<_, Error>(read(reader.connection)));
    assert_eq!(after.unwrap(), before);
    let counts = store.read(|reader| reader.queue_counts(crate::ReplicationId(1)));
    assert!(counts.unwrap().values().all(|count| *count == 1));
}

#[test]
fn what_was_sent_over_links_of_older_versions_is_still_known() {
    use base64::Engine as _;
    use sha2::Digest as _;

    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("old.leadferry");
    old_file(&path, 1);
    // As older versions wrote it.
    let hash = |json: &str| {
        let digest = sha2::Sha256::digest(json.as_bytes());
        base64::engine::general_purpose::URL_SAFE_NO_PAD.encode(&digest[..12])
    };
    let sent = serde_json::json!({ "LastName": hash("\"Lee\""), "City": hash("null") });
    let connection = Connection::open(&path).unwrap();
    crate::fold::register(&connection).unwrap();
    connection
        .execute("UPDATE links SET sent = ?1", [sent.to_string()])
        .unwrap();
    drop(connection);
    let store = Store::open(&path, OpenOptions::default(), NOW).unwrap();
    let links = store
        .read(|reader| reader.links_of(crate::ContactId(1)))
        .unwrap();
    let hashes = [("City", "null"), ("LastName", "\"Lee\"")];
    let hashes = hashes.map(|(field, json)| (field.into(), crate::ValueHash::of(json)));
    assert_eq!(links[0].sent, hashes.into());
    store
        .write(|writer| writer.forget_sent(links[0].id, ["City"].iter(), NOW))
        .unwrap();
    let links = store
        .read(|reader| reader.links_of(crate::ContactId(1)))
        .unwrap();
    assert_eq!(links[0].sent.len(), 1);
}

#[test]
fn migrations_are_numbered_as_the_versions_they_make() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/migrations");
    let files = std::fs::read_dir(folder).unwrap();
    let mut names: Vec<_> = files
        .map(|file| file.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    let numbers: Vec<u32> = names
        .iter()
        .map(|name| name.split_once('_').unwrap().0.parse().unwrap())
        .collect();
    assert_eq!(numbers, (1..=SCHEMA_VERSION).collect::<Vec<_>>());
}
