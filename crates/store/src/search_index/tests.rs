use std::fs;
use std::io::{Seek, SeekFrom, Write};
use std::path::Path;

use rusqlite::Connection;

use crate::testing::{DAY, NOW, Workspace, values, workspace};
use crate::{ContactField, ContactFilter, DailyBackup, Error, OpenOptions, Store, backup};

const PEOPLE: usize = 400;

/// What is done to the tables of the index, behind the back of the app.
const GARBLED: &[&str] = &[
    "UPDATE contacts_search_config SET v = 99",
    "UPDATE contacts_search_config SET k = 'x'",
    "DELETE FROM contacts_search_config",
    "UPDATE contacts_search_data SET block = zeroblob(10)",
    "UPDATE contacts_search_data SET block = randomblob(length(block)) WHERE id > 10",
    "DELETE FROM contacts_search_data WHERE id > 10",
    "DELETE FROM contacts_search_data WHERE id = 10",
    "DELETE FROM contacts_search_data",
    "UPDATE contacts_search_idx SET pgno = pgno + 77",
    "UPDATE contacts_search_idx SET term = x'ff' || term",
    "DELETE FROM contacts_search_idx",
    "UPDATE contacts_search_docsize SET sz = x'00'",
    "UPDATE contacts_search_docsize SET sz = NULL, origin = NULL",
    "UPDATE contacts_search_docsize SET id = id + 1000000",
    "DELETE FROM contacts_search_docsize WHERE id > 100",
    "DELETE FROM contacts_search_docsize",
];

fn with_people() -> Workspace {
    let workspace = workspace();
    workspace.writing(|writer| {
        (0..PEOPLE).try_for_each(|at| {
            let email = format!("person{at}@example.com");
            let person = values(&[
                (ContactField::LastName, "Findable"),
                (ContactField::Email, &email),
            ]);
            writer.insert_contact(&person, None, NOW).map(|_| ())
        })
    });
    workspace
}

/// Closes a workspace, lets `f` do its work on the file, and returns the folder and the path.
fn closed(workspace: Workspace, f: impl FnOnce(&Path)) -> (tempfile::TempDir, std::path::PathBuf) {
    let Workspace { store, folder } = workspace;
    let path = store.path().to_owned();
    drop(store);
    f(&path);
    (folder, path)
}

fn run(path: &Path, sql: &str) {
    let connection = Connection::open(path).unwrap();
    connection.execute_batch(sql).unwrap();
}

fn found(store: &Store, text: &str) -> u64 {
    let filter = ContactFilter {
        text: Some(text.to_owned()),
        ..ContactFilter::default()
    };
    store
        .read(|reader| reader.count_contacts(&filter))
        .unwrap_or(0)
}

/// Everybody is there and found, a new one too, and a backup is made that is sound.
fn must_work(store: &Store, what: &str) {
    assert_eq!(found(store, "findable"), PEOPLE as u64, "{what}");
    assert_eq!(found(store, "person7@example.com"), 1, "{what}");
    // The time of the last backup is compared with that of the file.
    std::thread::sleep(std::time::Duration::from_millis(20));
    store
        .write(|writer| {
            let late = values(&[(ContactField::LastName, "Latecomer")]);
            writer.insert_contact(&late, None, NOW)
        })
        .unwrap();
    assert_eq!(found(store, "latecomer"), 1, "{what}");
    let health = store.check().unwrap();
    assert!(health.is_sound(), "{what}: {:?}", health.problems);
    assert_eq!(health.counts["contacts"], PEOPLE as u64 + 1);
    assert_eq!(store.damage().unwrap(), None, "{what}");
    let made = store.daily_backup(NOW + 9 * DAY).unwrap();
    let DailyBackup::Made(made) = made else {
        panic!("{what}: {made:?}");
    };
    assert!(backup::is_sound(&made), "{what}");
}

#[test]
fn whatever_is_garbled_in_the_index_the_doctor_makes_it_anew() {
    for garbled in GARBLED {
        let (_folder, path) = closed(with_people(), |path| run(path, garbled));
        let store = Store::open(&path, OpenOptions::default(), NOW).unwrap();
        assert!(store.check().unwrap().is_sound(), "{garbled}");
        assert!(store.take_mended(), "{garbled}: it is told");
        assert!(!store.take_mended(), "once");
        must_work(&store, garbled);
    }
}

#[test]
fn whatever_is_garbled_in_the_index_the_daily_backup_is_made_and_the_index_too() {
    for garbled in GARBLED {
        let (_folder, path) = closed(with_people(), |path| run(path, garbled));
        let store = Store::open(&path, OpenOptions::default(), NOW).unwrap();
        let made = store.daily_backup(NOW).unwrap();
        let DailyBackup::Made(made) = made else {
            panic!("{garbled}: {made:?}");
        };
        assert!(backup::is_sound(&made), "{garbled}");
        let copy = Store::open(&made, OpenOptions { read_only: true }, NOW).unwrap();
        assert_eq!(found(&copy, "findable"), PEOPLE as u64, "{garbled}");
        must_work(&store, garbled);
    }
}

#[test]
fn an_index_that_cannot_be_read_is_made_anew_when_the_workspace_opens() {
    for garbled in [
        "UPDATE contacts_search_config SET v = 99",
        "DELETE FROM contacts_search_data",
    ] {
        let (_folder, path) = closed(with_people(), |path| run(path, garbled));
        std::thread::scope(|scope| {
            for _ in 0..3 {
                scope.spawn(|| {
                    let store = Store::open(&path, OpenOptions::default(), NOW).unwrap();
                    assert_eq!(found(&store, "findable"), PEOPLE as u64, "{garbled}");
                });
            }
        });
        must_work(
            &Store::open(&path, OpenOptions::default(), NOW).unwrap(),
            garbled,
        );
    }
}

/// Overwrites the page where a table begins.
fn spoil_root(path: &Path, table: &str) {
    let connection = Connection::open(path).unwrap();
    let sql = "SELECT rootpage FROM sqlite_schema WHERE name = ?1";
    let page: u64 = connection
        .query_row(sql, [table], |row| row.get(0))
        .unwrap();
    drop(connection);
    let mut file = fs::File::options().write(true).open(path).unwrap();
    file.seek(SeekFrom::Start((page - 1) * 4096)).unwrap();
    file.write_all(&[0xAA; 4096]).unwrap();
}

#[test]
fn lost_pages_of_the_index_lose_nothing_else() {
    for table in ["config", "data", "docsize", "idx"] {
        let table = format!("contacts_search_{table}");
        let (_folder, path) = closed(with_people(), |path| spoil_root(path, &table));
        let store = Store::open(&path, OpenOptions::default(), NOW).unwrap();
        assert!(store.check().unwrap().is_sound(), "{table}");
        must_work(&store, &table);
    }
}

#[test]
fn an_index_is_left_as_it_is_where_more_is_damaged() {
    let (_folder, path) = closed(with_people(), |path| {
        run(path, "UPDATE contacts_search_config SET v = 99");
        spoil_root(path, "contacts_by_email");
    });
    let before = fs::read(&path).unwrap();
    let store = Store::open(&path, OpenOptions::default(), NOW).unwrap();
    assert!(store.is_read_only(), "it is known to be damaged");
    let refused = store.write(|writer| writer.set_workspace_name("New"));
    assert!(matches!(refused, Err(Error::KnownDamage(_))), "{refused:?}");
    drop(store);
    let after = fs::read(&path).unwrap();
    let changed = before.chunks(4096).zip(after.chunks(4096));
    let changed = changed.filter(|(before, after)| before != after).count();
    assert!(
        changed <= 4,
        "{changed} pages changed, not only those of the mark"
    );
}
