use crate::testing::{DAY, NOW, workspace};
use crate::{ContactField, DailyBackup, Error, OpenOptions, Store};

#[test]
fn a_backup_is_a_workspace_of_its_own() {
    let workspace = workspace();
    let id = workspace.add(&[(ContactField::FirstName, "Ann")]);
    let copy = workspace.folder.path().join("copy.leadferry");
    workspace.backup_to(&copy).unwrap();
    assert!(
        matches!(workspace.backup_to(&copy), Err(Error::Exists(_))),
        "nothing is overwritten"
    );
    let opened = Store::open(&copy, OpenOptions::default(), NOW).unwrap();
    let both =
        [&workspace.store, &opened].map(|store| store.read(|reader| reader.contact(id)).unwrap());
    assert_eq!(both[0], both[1]);
    assert!(opened.check().unwrap().is_sound());
}

#[test]
fn a_backup_holds_one_moment_while_others_write() {
    let workspace = workspace();
    workspace.writing(|writer| {
        for _ in 0..3000 {
            writer.insert_contact(
                &crate::testing::values(&[(ContactField::Notes, &"x".repeat(2000))]),
                None,
                NOW,
            )?;
        }
        Ok(())
    });
    let copy = workspace.folder.path().join("copy.leadferry");
    std::thread::scope(|scope| {
        let writing = scope.spawn(|| {
            for _ in 0..200 {
                workspace.add(&[(ContactField::FirstName, "later")]);
            }
        });
        workspace.backup_to(&copy).unwrap();
        writing.join().unwrap();
    });
    let opened = Store::open(&copy, OpenOptions::default(), NOW).unwrap();
    assert!(opened.check().unwrap().is_sound());
    let health = opened.check().unwrap();
    assert!((3000..=3200).contains(&health.counts["contacts"]));
}

#[test]
fn backups_are_made_at_most_daily_and_only_after_a_change() {
    let workspace = workspace();
    workspace.add(&[]);
    let made = |now| matches!(workspace.daily_backup(now).unwrap(), DailyBackup::Made(_));
    assert!(made(NOW));
    workspace.add(&[]);
    assert!(!made(NOW + DAY - 1000), "not yet a day");
    assert!(made(NOW + DAY));
    assert!(!made(NOW + 3 * DAY), "nothing has changed");
    std::thread::sleep(std::time::Duration::from_millis(20));
    workspace.add(&[]);
    assert!(made(NOW + 3 * DAY));
}

#[test]
fn only_the_last_backups_are_kept() {
    let workspace = workspace();
    workspace.writing(|writer| writer.set_backups_kept(2));
    for day in 0..4 {
        std::thread::sleep(std::time::Duration::from_millis(20));
        workspace.add(&[]);
        assert!(matches!(
            workspace.daily_backup(NOW + day * DAY).unwrap(),
            DailyBackup::Made(_)
        ));
    }
    let kept = super::files(&super::folder(&workspace.path())).unwrap();
    assert_eq!(kept.len(), 2);
    assert!(
        kept[1]
            .to_str()
            .unwrap()
            .contains(&super::file_name(NOW + 3 * DAY, "daily"))
    );
    workspace.writing(|writer| writer.set_backups_kept(0));
    workspace.add(&[]);
    assert_eq!(
        workspace.daily_backup(NOW + 9 * DAY).unwrap(),
        DailyBackup::NotDue
    );
}

#[test]
fn a_backup_that_fails_is_a_notice() {
    let workspace = workspace();
    std::fs::write(super::folder(&workspace.path()), "in the way").unwrap();
    let skipped = workspace.daily_backup(NOW).unwrap();
    assert!(matches!(skipped, DailyBackup::Skipped(reason) if reason.contains(".backups")));
}
