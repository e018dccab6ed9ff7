//! An erase that was cut short, or goes on beside something else.

use super::*;

#[test]
fn an_erase_cut_short_is_finished_by_whoever_opens_the_workspace_next() {
    let workspace = workspace();
    let (person, _) = people(&workspace);
    workspace.daily_backup(NOW + DAY).unwrap();
    let guid = workspace.reading(|reader| reader.contact(person)).guid;
    workspace.erase(person).unwrap();
    // The process died, and a backup was made that holds the mark.
    workspace.daily_backup(NOW + 3 * DAY).unwrap();
    let other = Store::open(&workspace.path(), OpenOptions::default(), NOW).unwrap();
    assert_eq!(finish(&other).people, 1);
    must_hold_nothing(&workspace, &TRACES);
    must_hold_nothing(&workspace, &[guid.as_str()]);
    assert_eq!(finish(&other), FinishedErasing::default());
}

#[test]
fn a_mark_of_an_earlier_version_is_finished_too() {
    let workspace = workspace();
    let person = add_quixotina(&workspace);
    workspace.daily_backup(NOW + DAY).unwrap();
    let guid = workspace.reading(|reader| reader.contact(person)).guid;
    workspace.sql(&format!(
        r#"DELETE FROM contacts; INSERT INTO settings (key, value) VALUES ('erasing', '["{}"]')"#,
        guid.as_str()
    ));
    assert_eq!(finish(&workspace).people, 1);
    for backup in files(&folder(&workspace.path())).unwrap() {
        assert!(!bytes_mention(&backup, "Quixotina"));
    }
}

#[test]
fn the_mark_stays_while_anything_else_fails_or_somebody_reads_an_old_state() {
    let workspace = workspace();
    let person = add_quixotina(&workspace);
    workspace.erase(person).unwrap();
    let failed: Result<FinishedErasing> = workspace.finish_erasing(|_| Err(Error::DiskFull));
    assert!(failed.is_err());
    let other = Store::open(&workspace.path(), OpenOptions::default(), NOW).unwrap();
    other
        .read(|reader| {
            reader.sequence()?;
            let busy: Result<FinishedErasing> = workspace.finish_erasing(|_| Ok(()));
            assert!(matches!(busy, Err(Error::Busy)));
            Ok::<_, Error>(())
        })
        .unwrap();
    assert_eq!(finish(&workspace).people, 1);
    must_hold_nothing(&workspace, &VALUES);
}

#[test]
fn who_is_marked_while_another_erase_finishes_stays_marked() {
    let workspace = workspace();
    let [one, two] = [add_quixotina(&workspace), workspace.add(&[])];
    workspace.erase(one).unwrap();
    workspace
        .finish_erasing(|_| workspace.erase(two).map(|_| ()))
        .unwrap();
    assert_eq!(finish(&workspace).people, 1, "the second one is left to do");
}
