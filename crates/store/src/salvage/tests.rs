use std::path::PathBuf;

use super::*;
use crate::testing::{NOW, Workspace, values, workspace};
use crate::{BatchId, BatchState, ContactField, ContactId, FieldKind, OpenOptions, Store};

const PEOPLE: i64 = 600;

/// A workspace of many pages with something in most tables, closed.
fn closed() -> (Workspace, PathBuf) {
    let workspace = workspace();
    let size = workspace.field("Size", FieldKind::Text);
    workspace.writing(|writer| {
        writer.index_key(size)?;
        let notes = "x".repeat(900);
        (0..PEOPLE).try_for_each(|person| {
            let email = format!("p{person}@example.com");
            let values = values(&[
                (ContactField::Email, email.as_str()),
                (ContactField::LastName, "Salvador"),
                (ContactField::Notes, notes.as_str()),
                (size, "large"),
            ]);
            writer.insert_contact(&values, None, NOW).map(|_| ())
        })
    });
    let leads = workspace.replication("Leads", None);
    for person in 1..=PEOPLE {
        workspace.link(
            ContactId(person),
            "org",
            "Lead",
            &format!("00Q{person:012}"),
            None,
        );
        if person % 2 == 0 {
            workspace.enqueue(leads, ContactId(person));
        }
    }
    let path = workspace.path();
    (workspace, path)
}

fn close(workspace: Workspace) -> tempfile::TempDir {
    drop(workspace.store);
    workspace.folder
}

fn salvaged(damaged: &Path) -> Result<(Store, Salvaged)> {
    let into = damaged.with_file_name("new.leadferry");
    let salvaged = salvage(damaged, &into, &crate::always())?;
    let store = Store::open(&into, OpenOptions::default(), NOW)?;
    assert!(store.check()?.is_sound());
    Ok((store, salvaged))
}

fn rows_of(salvaged: &Salvaged, table: &str) -> (u64, u64) {
    let found = salvaged.tables.iter().find(|one| one.name == table);
    found.map_or((0, 0), |one| (one.kept, one.lost))
}

fn count(store: &Store, sql: &str) -> i64 {
    store
        .read(|reader| Ok::<_, Error>(reader.connection.query_row(sql, [], |row| row.get(0))?))
        .unwrap()
}

/// Demands that everybody who came over is as they were.
fn must_be_as_before(store: &Store) {
    let odd = "SELECT count(*) FROM contacts WHERE email <> 'p' || (id - 1) || '@example.com'
      OR last_name <> 'Salvador' OR length(notes) <> 900";
    assert_eq!(count(store, odd), 0);
    // A field whose name is lost goes with its column.
    let fields = count(store, "SELECT count(*) FROM custom_fields");
    if fields == 1 {
        let odd = "SELECT count(*) FROM contacts WHERE c_1 <> 'large'";
        assert_eq!(count(store, odd), 0);
    }
    let contacts = count(store, "SELECT count(*) FROM contacts");
    let filter = crate::ContactFilter {
        text: Some("salvador".into()),
        ..Default::default()
    };
    let found = store.read(|reader| reader.count_contacts(&filter)).unwrap();
    assert_eq!(
        i64::try_from(found).unwrap(),
        contacts,
        "they can be searched for"
    );
}

/// Writes nonsense over pages, counted from the beginning of the file.
fn spoil(path: &Path, pages: impl IntoIterator<Item = usize>) {
    let mut bytes = fs::read(path).unwrap();
    for page in pages {
        let at = page * 4096;
        if at + 4096 <= bytes.len() {
            bytes[at..at + 4096].fill(0xAA);
        }
    }
    fs::write(path, bytes).unwrap();
}

fn pages(path: &Path) -> usize {
    usize::try_from(fs::metadata(path).unwrap().len()).unwrap() / 4096
}

#[test]
fn a_sound_file_comes_over_whole_as_a_workspace_of_its_own() {
    let (workspace, path) = closed();
    let leads = workspace.reading(|reader| reader.replications())[0].id;
    workspace.sql("UPDATE replications SET enabled = 1");
    let batch = BatchId(workspace.sent(leads, ContactId(3), "unknown", r#"{"City": "Ulm"}"#));
    let rows = workspace.reading(|reader| reader.batch_rows(batch));
    let id = workspace.reading(|reader| reader.workspace_id());
    let folder = close(workspace);
    let before = fs::read(&path).unwrap();
    let (store, salvaged) = salvaged(&path).unwrap();
    assert!(fs::read(&path).unwrap() == before);
    let names = fs::read_dir(folder.path()).unwrap();
    let names = names.map(|entry| entry.unwrap().file_name().into_string().unwrap());
    let beside: Vec<String> = names
        .filter(|name| name.starts_with("people.leadferry-") || name.contains("unfinished"))
        .collect();
    assert!(beside.is_empty(), "{beside:?}");
    assert!(
        salvaged
            .tables
            .iter()
            .all(|table| table.lost == 0 && !table.may_lack_more)
    );
    assert_eq!(rows_of(&salvaged, "contacts"), (600, 0));
    assert_eq!(rows_of(&salvaged, "links"), (600, 0));
    assert_eq!(salvaged.ledger, None);
    must_be_as_before(&store);
    assert_ne!(store.read(|reader| reader.workspace_id()).unwrap(), id);
    assert_eq!(
        count(&store, "SELECT count(*) FROM replications WHERE enabled"),
        0
    );
    let kept = store.read(|reader| reader.batch(batch)).unwrap();
    assert_eq!(
        kept.state,
        BatchState::Unknown,
        "nobody knows more than before"
    );
    assert_eq!(store.read(|reader| reader.batch_rows(batch)).unwrap(), rows);
    let next = store
        .write(|writer| writer.insert_contact(&values(&[]), None, NOW))
        .unwrap();
    assert_eq!(next, ContactId(PEOPLE + 1), "no id is given twice");
}

#[test]
fn damaged_pages_cost_the_rows_in_them_and_what_belongs_to_those() {
    let (workspace, path) = closed();
    let _folder = close(workspace);
    // All pages but the first ones, which say where everything is, are as good as others to lose.
    let last = pages(&path);
    spoil(&path, [last / 3, last / 3 + 1, last / 2]);
    let (store, salvaged) = salvaged(&path).unwrap();
    let (kept, lost) = rows_of(&salvaged, "contacts");
    assert_eq!(kept + lost, 600, "{salvaged:?}");
    assert!(kept > 500, "{salvaged:?}");
    must_be_as_before(&store);
    let (links, lost_links) = rows_of(&salvaged, "links");
    assert!(links <= kept && links + lost_links >= 590, "{salvaged:?}");
    assert_eq!(
        count(
            &store,
            "SELECT count(*) FROM links WHERE contact_id NOT IN (SELECT id FROM contacts)"
        ),
        0
    );
}

#[test]
fn whatever_pages_are_lost_the_new_workspace_is_sound_and_nobody_in_it_is_changed() {
    let (workspace, path) = closed();
    let folder = close(workspace);
    let (last, mut seed, mut made) = (pages(&path), 0x2545_F491_u64, 0);
    for round in 0..12 {
        let damaged = folder.path().join(format!("damaged {round}.leadferry"));
        fs::copy(&path, &damaged).unwrap();
        let lost = (0..=round % 8).map(|_| {
            seed = seed
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1_442_695_040_888_963_407);
            1 + usize::try_from(seed >> 33).unwrap() % (last - 1)
        });
        spoil(&damaged, lost.collect::<Vec<_>>());
        let into = folder.path().join("new.leadferry");
        match salvaged(&damaged) {
            Ok((store, salvaged)) => {
                must_be_as_before(&store);
                let (kept, lost) = rows_of(&salvaged, "contacts");
                assert!(kept + lost <= 600, "{salvaged:?}");
                drop(store);
                fs::remove_file(&into).unwrap();
                fs::remove_dir_all(crate::backup::folder_beside(&into)).unwrap();
                made += 1;
            }
            Err(Error::Damaged(_)) => assert!(!into.exists()),
            Err(error) => panic!("round {round}: {error:?}"),
        }
    }
    assert!(made > 6, "only {made} of 12 could be salvaged");
}

#[test]
fn of_a_torn_file_what_is_left_comes_over() {
    let (workspace, path) = closed();
    let _folder = close(workspace);
    let file = fs::File::options().write(true).open(&path).unwrap();
    let length = file.metadata().unwrap().len();
    file.set_len(length * 2 / 3 + 77).unwrap();
    drop(file);
    let (store, salvaged) = salvaged(&path).unwrap();
    let (kept, _) = rows_of(&salvaged, "contacts");
    assert!(kept > 100, "{salvaged:?}");
    must_be_as_before(&store);
}

/// Everything of a file but what stands in its first page, in the ways in which that is lost.
fn without_first_page(path: &Path, way: usize) {
    let mut bytes = fs::read(path).unwrap();
    match way {
        0 => bytes[..4096].fill(0),
        // A page that was half written.
        1 => bytes[..512].fill(0xAA),
        // The header stands, and leads nowhere.
        _ => bytes[512..4096].fill(0),
    }
    if way > 1 {
        bytes[100..512].fill(0);
    }
    fs::write(path, bytes).unwrap();
}

#[test]
fn a_file_without_its_first_page_is_read_by_that_of_its_newest_sound_backup() {
    for way in 0..3 {
        let (workspace, path) = closed();
        let Ok(crate::DailyBackup::Made(backup)) = workspace.daily_backup(NOW) else {
            panic!("no backup");
        };
        // What came later is found as well.
        let late = values(&[
            (ContactField::Email, "p600@example.com"),
            (ContactField::LastName, "Salvador"),
            (ContactField::Notes, &"x".repeat(900)),
        ]);
        let late = workspace.writing(|writer| writer.insert_contact(&late, None, NOW));
        workspace.sql(&format!(
            "UPDATE contacts SET c_1 = 'large' WHERE id = {late}"
        ));
        let folder = close(workspace);
        without_first_page(&path, way);
        let before = fs::read(&path).unwrap();
        let (store, salvaged) = salvaged(&path).unwrap();
        assert_eq!(salvaged.found_by, Some(backup), "way {way}");
        assert_eq!(rows_of(&salvaged, "contacts"), (601, 0), "way {way}");
        assert_eq!(rows_of(&salvaged, "links"), (600, 0));
        must_be_as_before(&store);
        assert!(fs::read(&path).unwrap() == before);
        let left = fs::read_dir(crate::backup::folder(store.path())).unwrap();
        let left: Vec<_> = left.map(|entry| entry.unwrap().file_name()).collect();
        assert_eq!(left, ["lock"], "no copy stays");
        drop(folder);
    }
}

#[test]
fn a_first_page_from_before_a_migration_finds_what_is_there_now() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("people.leadferry");
    private::create(&path).unwrap();
    let mut old = store::connect(&path, false).unwrap();
    old.pragma_update(None, "application_id", migrate::APPLICATION_ID)
        .unwrap();
    migrate::make(&mut old, SCHEMA_VERSION - 1).unwrap();
    drop(old);
    let store = Store::open(&path, OpenOptions::default(), NOW).unwrap();
    store
        .write(|writer| writer.insert_contact(&values(&[]), None, NOW))
        .unwrap();
    drop(store);
    without_first_page(&path, 0);
    let (store, salvaged) = salvaged(&path).unwrap();
    let backup = salvaged.found_by.as_deref().unwrap();
    assert!(backup.to_string_lossy().contains("version-"), "{backup:?}");
    assert_eq!(count(&store, "SELECT count(*) FROM contacts"), 1);
}

#[test]
fn of_an_empty_file_nothing_is_salvaged_and_the_log_beside_it_stays() {
    let (workspace, path) = closed();
    let Ok(crate::DailyBackup::Made(_)) = workspace.daily_backup(NOW) else {
        panic!("no backup");
    };
    workspace.writing(|writer| writer.set_workspace_name("Late"));
    let log = torn::log_of(&path);
    let kept = fs::read(&log).unwrap();
    let _folder = close(workspace);
    fs::write(&log, &kept).unwrap();
    fs::write(&path, "").unwrap();
    let refused = salvaged(&path).unwrap_err();
    assert!(matches!(refused, Error::Damaged(_)), "{refused}");
    assert!(fs::read(&log).unwrap() == kept);
    assert!(fs::read(&path).unwrap().is_empty());
}

#[test]
fn without_a_backup_a_lost_first_page_is_told_and_nothing_is_made() {
    let (workspace, path) = closed();
    let folder = close(workspace);
    without_first_page(&path, 0);
    let into = folder.path().join("new.leadferry");
    let refused = salvage(&path, &into, &crate::always()).unwrap_err();
    assert!(
        refused.to_string().contains("its beginning is lost"),
        "{refused}"
    );
    assert!(!into.exists() && !crate::backup::folder(&into).exists());
}

#[test]
fn what_never_was_a_workspace_or_lost_its_beginning_makes_no_file() {
    let (workspace, path) = closed();
    let folder = close(workspace);
    let into = folder.path().join("new.leadferry");
    let refused = |damaged: &Path| salvage(damaged, &into, &crate::always()).unwrap_err();
    spoil(&path, [0]);
    assert!(matches!(refused(&path), Error::Damaged(_)));
    let letter = folder.path().join("letter");
    fs::write(&letter, "Dear Mia, ").unwrap();
    assert!(matches!(
        refused(&letter),
        Error::Damaged(_) | Error::NotAWorkspace(_)
    ));
    assert!(matches!(
        refused(&folder.path().join("gone")),
        Error::Missing(_)
    ));
    assert!(matches!(refused(folder.path()), Error::NotAWorkspace(_)));
    assert!(!into.exists());
    fs::write(&into, "mine").unwrap();
    assert!(matches!(refused(&path), Error::Exists(_)));
    assert_eq!(fs::read(&into).unwrap(), b"mine");
}

#[test]
fn what_isnt_ours_in_a_file_is_neither_read_nor_run() {
    let (workspace, path) = closed();
    workspace.sql(
        "DROP TABLE email_list_entries;
         CREATE VIEW email_list_entries (list_id, email_key) AS
           WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT i, 'x' FROM n;
         CREATE TRIGGER mine AFTER INSERT ON contacts BEGIN DELETE FROM links; END",
    );
    let _folder = close(workspace);
    let (store, salvaged) = salvaged(&path).unwrap();
    assert_eq!(rows_of(&salvaged, "links"), (600, 0));
    let mine = "SELECT count(*) FROM sqlite_schema WHERE name = 'mine' OR type = 'view'";
    assert_eq!(count(&store, mine), 0);
}

#[test]
fn a_request_that_is_lost_leaves_no_contact_waiting_for_its_answer() {
    let (workspace, path) = closed();
    let leads = workspace.reading(|reader| reader.replications())[0].id;
    let batch = workspace.sent(leads, ContactId(3), "unknown", r#"{"City": "Ulm"}"#);
    workspace.sql(&format!(
        "DELETE FROM batch_bodies WHERE batch_id = {batch}"
    ));
    let _folder = close(workspace);
    let (store, _) = salvaged(&path).unwrap();
    assert_eq!(
        count(&store, "SELECT count(*) FROM queue WHERE state = 'sending'"),
        0
    );
    assert_eq!(count(&store, "SELECT count(*) FROM batches"), 0);
}

#[test]
fn a_request_for_somebody_who_is_lost_goes_with_them() {
    let (workspace, path) = closed();
    let leads = workspace.reading(|reader| reader.replications())[0].id;
    workspace.sent(leads, ContactId(3), "unknown", r#"{"City": "Ulm"}"#);
    let _folder = close(workspace);
    let file = Connection::open(&path).unwrap();
    crate::fold::register(&file).unwrap();
    file.execute_batch("PRAGMA foreign_keys = OFF; DELETE FROM contacts WHERE id = 3")
        .unwrap();
    drop(file);
    let problems = Store::open(&path, OpenOptions::default(), NOW)
        .unwrap()
        .check()
        .unwrap()
        .problems;
    let named = problems.iter().any(|problem| problem.starts_with("runs ("));
    assert!(named, "{problems:?}");
    let (store, _) = salvaged(&path).unwrap();
    assert_eq!(count(&store, "SELECT count(*) FROM batches"), 0);
    assert!(store.check().unwrap().is_sound());
}

#[test]
fn a_ledger_with_lost_events_is_told_once_and_backed_up_all_the_same() {
    let (workspace, path) = closed();
    workspace.sql("INSERT INTO purposes (path, created_at) VALUES ('News', 0)");
    for person in 1..=6 {
        let field = ContactField::EmailOptOut;
        let yes = Some(crate::Value::YesNo(true));
        workspace.change(ContactId(person), field, yes);
    }
    assert!(workspace.number("SELECT count(*) FROM consent_events") >= 6);
    workspace.sql("DELETE FROM consent_texts; DELETE FROM consent_events WHERE id = 3");
    let _folder = close(workspace);
    let (store, salvaged) = salvaged(&path).unwrap();
    assert!(salvaged.ledger.is_some());
    let day = crate::testing::DAY;
    store
        .write(|writer| writer.set_workspace_name("New"))
        .unwrap();
    let made = store.daily_backup(NOW + day).unwrap();
    assert!(matches!(made, crate::DailyBackup::Made(_)), "{made:?}");
    // What happens to it from now on is told.
    store
        .write(|writer| {
            writer
                .connection
                .execute("DELETE FROM consent_events WHERE id = 1", [])?;
            writer.set_workspace_name("Newer")
        })
        .unwrap();
    let skipped = store.daily_backup(NOW + 3 * day).unwrap();
    assert!(
        matches!(skipped, crate::DailyBackup::Skipped(_)),
        "{skipped:?}"
    );
}
