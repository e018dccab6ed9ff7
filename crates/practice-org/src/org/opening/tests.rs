use std::fs;
use std::path::Path;

use rusqlite::Connection;

use super::open;
use crate::Error;
use crate::json;
use crate::org::Org;

/// Makes an org with custom fields that came and went.
fn org(file: &Path) {
    let (org, new) = Org::open(file).unwrap();
    assert!(new);
    let field = |name: &str, metadata: &str| {
        let text = format!("{{\"FullName\": \"Lead.{name}__c\", \"Metadata\": {metadata}}}");
        org.create_custom_field(&json::parse(&text).unwrap())
            .unwrap()
    };
    let gone = field(
        "Gone",
        "{\"type\": \"Text\", \"label\": \"Gone\", \"length\": 20, \"externalId\": true}",
    );
    field(
        "Vip",
        "{\"type\": \"Checkbox\", \"label\": \"Vip\", \"defaultValue\": true}",
    );
    field(
        "Key",
        "{\"type\": \"Text\", \"label\": \"Key\", \"length\": 32, \"unique\": true, \"externalId\": true}",
    );
    org.delete_custom_field(&gone).unwrap();
}

#[test]
fn an_org_with_custom_fields_opens_again() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("org.sqlite");
    org(&file);
    Connection::open(&file)
        .unwrap()
        .execute_batch("ANALYZE")
        .unwrap();
    let (_, new) = Org::open(&file).unwrap();
    assert!(!new);
}

#[test]
fn an_org_of_the_first_format_gets_the_tables_that_came_later() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("org.sqlite");
    org(&file);
    let older = "DROP TABLE bulk_jobs; DROP TABLE bulk_chunks; DROP TABLE bulk_results; PRAGMA user_version = 1;";
    Connection::open(&file)
        .unwrap()
        .execute_batch(older)
        .unwrap();
    let (org, new) = Org::open(&file).unwrap();
    assert!(!new);
    assert!(org.due_job().unwrap().is_none());
    drop(org);
    assert!(!Org::open(&file).unwrap().1, "it opens again");
}

#[test]
fn what_the_org_never_makes_is_refused_by_name_and_left_as_it_is() {
    for (sql, named) in [
        (
            "CREATE TRIGGER sly AFTER INSERT ON \"o_Lead\" BEGIN DELETE FROM \"o_Lead\"; END",
            "trigger \"sly\"",
        ),
        (
            "CREATE VIEW endless AS WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT i FROM n",
            "view \"endless\"",
        ),
        ("CREATE TABLE songs (id INTEGER)", "table \"songs\""),
        (
            "ALTER TABLE \"o_Lead\" ADD COLUMN \"Slow__c\" TEXT AS (hex(zeroblob(100000000)))",
            "table \"o_Lead\"",
        ),
        (
            "ALTER TABLE settings ADD COLUMN more TEXT",
            "table \"settings\"",
        ),
        (
            "CREATE INDEX \"i_Lead_Company\" ON \"o_Lead\" (hex(\"Company\"))",
            "index \"i_Lead_Company\"",
        ),
        (
            "CREATE VIRTUAL TABLE \"o_Other\" USING fts5 (word)",
            "table \"o_Other\"",
        ),
    ] {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("org.sqlite");
        org(&file);
        Connection::open(&file).unwrap().execute_batch(sql).unwrap();
        let before = fs::read(&file).unwrap();
        let refused = open(&file);
        assert!(
            matches!(&refused, Err(Error::Altered { what, .. }) if what.contains(named)),
            "{sql}: {refused:?}"
        );
        assert_eq!(fs::read(&file).unwrap(), before);
        let beside = fs::read_dir(folder.path()).unwrap().count();
        assert_eq!(beside, 1, "nothing is left beside it");
    }
}

#[test]
fn values_that_we_never_write_are_the_files_fault_and_not_the_disks() {
    for sql in ["DELETE FROM \"o_Organization\"", "DELETE FROM \"o_User\""] {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("org.sqlite");
        org(&file);
        Connection::open(&file).unwrap().execute_batch(sql).unwrap();
        let refused = Org::open(&file).map(|_| ()).unwrap_err();
        assert!(
            matches!(&refused, Error::Altered { path, .. } if *path == file),
            "{sql}: {refused:?}"
        );
    }
}

#[test]
fn another_database_is_no_org() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("songs.sqlite");
    Connection::open(&file)
        .unwrap()
        .execute_batch("CREATE TABLE songs (id INTEGER)")
        .unwrap();
    let before = fs::read(&file).unwrap();
    assert!(matches!(open(&file), Err(Error::Altered { .. })));
    assert_eq!(fs::read(&file).unwrap(), before);
}

#[test]
fn a_refused_file_with_a_log_keeps_its_log_and_gets_nothing_beside_it() {
    let folder = tempfile::tempdir().unwrap();
    let (file, made) = (
        folder.path().join("org.sqlite"),
        folder.path().join("made.sqlite"),
    );
    org(&made);
    let theirs = Connection::open(&made).unwrap();
    theirs
        .execute_batch("PRAGMA journal_mode = WAL; CREATE TABLE guest (x)")
        .unwrap();
    let log = folder.path().join("org.sqlite-wal");
    fs::copy(&made, &file).unwrap();
    fs::copy(folder.path().join("made.sqlite-wal"), &log).unwrap();
    drop(theirs);
    fs::remove_file(made).unwrap();
    let files = || {
        let names = fs::read_dir(folder.path()).unwrap();
        let mut names: Vec<_> = names.map(|entry| entry.unwrap().file_name()).collect();
        names.retain(|name| name != "org.sqlite.lock");
        names.sort();
        let contents = [&file, &log].map(|path| fs::read(path).unwrap());
        (names, contents)
    };
    let before = files();
    assert!(matches!(open(&file), Err(Error::Altered { .. })));
    assert!(matches!(crate::secrets(&file), Err(Error::Altered { .. })));
    assert_eq!(files(), before);
}

#[cfg(unix)]
#[test]
fn an_org_belongs_to_this_user_alone() {
    use std::os::unix::fs::PermissionsExt;
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("org.sqlite");
    let (_org, _) = Org::open(&file).unwrap();
    for name in ["org.sqlite", "org.sqlite-wal", "org.sqlite-shm"] {
        let mode = fs::metadata(folder.path().join(name))
            .unwrap()
            .permissions()
            .mode();
        assert_eq!(mode & 0o777, 0o600, "{name}");
    }
}

#[test]
fn secrets_are_not_read_from_a_file_that_is_not_ours_alone() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("org.sqlite");
    org(&file);
    crate::secrets(&file).unwrap();
    let endless = "ALTER TABLE settings RENAME TO other;
        CREATE VIEW settings (name, value) AS
          WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT 'k' || i, 'v' FROM n";
    Connection::open(&file)
        .unwrap()
        .execute_batch(endless)
        .unwrap();
    assert!(matches!(crate::secrets(&file), Err(Error::Altered { .. })));
}

#[test]
fn a_file_that_cannot_be_read_is_named_and_gives_way_to_a_new_org() {
    for spoil in [
        |bytes: &mut Vec<u8>| *bytes = b"a letter, and no database at all".repeat(40),
        |bytes: &mut Vec<u8>| bytes[4096..].fill(0xAA),
        |bytes: &mut Vec<u8>| bytes[..100].fill(0),
    ] {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("org.sqlite");
        org(&file);
        let mut bytes = fs::read(&file).unwrap();
        spoil(&mut bytes);
        fs::write(&file, bytes).unwrap();
        let refused = Org::open(&file).map(|_| ()).unwrap_err();
        assert!(
            matches!(&refused, Error::Altered { path, .. } if *path == file),
            "{refused:?}"
        );
        // As after a kill: a log stands beside it.
        fs::write(folder.path().join("org.sqlite-wal"), "what was a log").unwrap();
        crate::remove(&file).unwrap();
        assert!(!folder.path().join("org.sqlite-wal").exists());
        assert!(Org::open(&file).unwrap().1, "it is a new one");
        crate::secrets(&file).unwrap();
    }
}

#[cfg(unix)]
#[test]
fn a_link_in_the_place_of_the_org_or_of_a_file_beside_it_changes_nothing_elsewhere() {
    for ending in ["", "-wal", "-shm", "-journal"] {
        for hard in [true, false] {
            let folder = tempfile::tempdir().unwrap();
            let file = folder.path().join("org.sqlite");
            let bait = folder.path().join("bait");
            // What would be taken for an org, and what wouldn't.
            org(&bait);
            if !ending.is_empty() {
                org(&file);
                fs::write(&bait, "precious").unwrap();
            }
            let before = fs::read(&bait).unwrap();
            let link = folder.path().join(format!("org.sqlite{ending}"));
            match hard {
                true => fs::hard_link(&bait, &link).unwrap(),
                false => std::os::unix::fs::symlink(&bait, &link).unwrap(),
            }
            let opened = Org::open(&file).map(|_| ());
            // The user may keep the org itself elsewhere.
            let is_users = ending.is_empty() && !hard;
            let refused = matches!(&opened, Err(Error::Altered { path, .. }) if *path == link);
            assert!(refused || is_users, "{ending} {hard}: {opened:?}");
            assert!(is_users || fs::read(&bait).unwrap() == before);
            fs::remove_file(&link).unwrap();
        }
    }
}

#[test]
fn a_log_without_its_file_is_not_taken_for_one_of_a_new_org() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("org.sqlite");
    let (first, _) = Org::open(&file).unwrap();
    fs::copy(
        folder.path().join("org.sqlite-wal"),
        folder.path().join("kept"),
    )
    .unwrap();
    drop(first);
    let before = crate::secrets(&file).unwrap();
    fs::remove_file(&file).unwrap();
    fs::rename(
        folder.path().join("kept"),
        folder.path().join("org.sqlite-wal"),
    )
    .unwrap();
    assert!(Org::open(&file).unwrap().1);
    assert!(crate::secrets(&file).unwrap() != before);
}
