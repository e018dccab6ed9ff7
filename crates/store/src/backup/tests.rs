use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use crate::testing::{DAY, NOW, Workspace, workspace};
use crate::{
    ContactField, DailyBackup, Error, OpenOptions, Store, backups_of, newest_sound_backup,
};

#[test]
fn a_backup_is_a_workspace_of_its_own() {
    let workspace = workspace();
    let id = workspace.add(&[(ContactField::FirstName, "Ann")]);
    let copy = workspace.folder.path().join("copy.leadferry");
    workspace.backup_to(&copy, crate::always()).unwrap();
    assert!(
        matches!(
            workspace.backup_to(&copy, crate::always()),
            Err(Error::Exists(_))
        ),
        "nothing is overwritten"
    );
    let opened = Store::open(&copy, OpenOptions::default(), NOW).unwrap();
    let both =
        [&workspace.store, &opened].map(|store| store.read(|reader| reader.contact(id)).unwrap());
    assert_eq!(both[0], both[1]);
    assert!(opened.check().unwrap().is_sound());
}

#[test]
fn a_cancelled_backup_leaves_no_file() {
    let workspace = workspace();
    let copy = workspace.folder.path().join("copy.leadferry");
    let cancelled = workspace.backup_to(&copy, std::sync::Arc::new(|_, _| false));
    assert!(matches!(cancelled, Err(Error::Cancelled)), "{cancelled:?}");
    let names = fs::read_dir(workspace.folder.path()).unwrap();
    let left = names.filter(|entry| {
        let name = entry.as_ref().unwrap().file_name();
        name.to_string_lossy().starts_with("copy")
    });
    assert_eq!(left.count(), 0);
}

#[test]
fn a_backup_by_hand_among_the_daily_ones_is_not_cleared_away_by_them() {
    let workspace = with_people();
    let folder = super::folder(&workspace.path());
    let copy = folder.join("by hand.backup");
    std::thread::scope(|scope| {
        let (begun, is_begun) = std::sync::mpsc::channel();
        let by_hand = scope.spawn(|| {
            let goes_on = move |_, _| {
                let _ = begun.send(());
                std::thread::sleep(Duration::from_millis(20));
                true
            };
            workspace.backup_to(&copy, std::sync::Arc::new(goes_on))
        });
        is_begun.recv().unwrap();
        let daily = workspace.daily_backup(NOW).unwrap();
        assert!(matches!(daily, DailyBackup::Made(_)), "{daily:?}");
        by_hand.join().unwrap().unwrap();
    });
    assert!(super::is_sound(&copy));
}

#[test]
fn a_backup_takes_the_name_of_no_file_that_came_meanwhile() {
    let workspace = with_people();
    let copy = workspace.folder.path().join("copy.leadferry");
    let theirs = copy.clone();
    let came = workspace.backup_to(
        &copy,
        std::sync::Arc::new(move |_, _| fs::write(&theirs, "mine").is_ok()),
    );
    assert!(matches!(came, Err(Error::Exists(_))), "{came:?}");
    assert_eq!(fs::read(&copy).unwrap(), b"mine");
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
        workspace.backup_to(&copy, crate::always()).unwrap();
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
    let folder = super::folder(&workspace.path());
    fs::remove_dir_all(&folder).unwrap();
    fs::write(folder, "in the way").unwrap();
    let skipped = workspace.daily_backup(NOW).unwrap();
    assert!(matches!(skipped, DailyBackup::Skipped(reason) if reason.contains(".backups")));
}

fn made(workspace: &Workspace, now: i64) -> Option<PathBuf> {
    // The time of the last backup is compared with that of the file.
    std::thread::sleep(Duration::from_millis(20));
    workspace.add(&[]);
    match workspace.daily_backup(now).unwrap() {
        DailyBackup::Made(path) => Some(path),
        DailyBackup::NotDue => None,
        other => panic!("{other:?}"),
    }
}

fn names(workspace: &Workspace, now: i64) -> Vec<String> {
    backups_of(&workspace.path(), now)
        .iter()
        .map(|path| path.file_name().unwrap().to_str().unwrap().to_owned())
        .collect()
}

#[test]
fn a_clock_that_goes_back_or_forward_neither_stops_nor_multiplies_backups() {
    let workspace = workspace();
    let year = 365 * DAY;
    assert!(made(&workspace, NOW).is_some());
    assert!(
        made(&workspace, NOW + year).is_some(),
        "the clock is a year ahead"
    );
    assert!(
        made(&workspace, NOW + DAY / 2).is_none(),
        "right again, and not yet a day later"
    );
    assert!(made(&workspace, NOW + DAY).is_some());
    assert!(made(&workspace, NOW + DAY + 1).is_none());
    let newest = names(&workspace, NOW + DAY + 1);
    assert_eq!(
        newest.last(),
        Some(&super::file_name(NOW + DAY, "daily")),
        "that of next year is the oldest: {newest:?}"
    );
    assert!(
        made(&workspace, NOW - year).is_some(),
        "the clock is a year behind"
    );
    assert!(made(&workspace, NOW - year + 1).is_none());
    assert_eq!(
        names(&workspace, NOW - year).last(),
        Some(&super::file_name(NOW - year, "daily")),
        "what was made last is kept"
    );
    assert_eq!(names(&workspace, NOW).len(), 3);
}

#[test]
fn a_backup_whose_file_is_newer_than_now_does_not_hide_a_change() {
    let workspace = workspace();
    let path = made(&workspace, NOW).unwrap();
    let ahead = std::time::UNIX_EPOCH + Duration::from_millis((NOW + 900 * DAY) as u64);
    fs::File::options()
        .write(true)
        .open(path)
        .and_then(|file| file.set_modified(ahead))
        .unwrap();
    assert!(made(&workspace, NOW + DAY).is_some());
}

/// Spoils pages in the middle of the main file, behind the back of an open workspace.
fn spoil(path: &Path) {
    use std::io::{Seek, SeekFrom, Write};
    let length = fs::metadata(path).unwrap().len();
    let mut file = fs::File::options().write(true).open(path).unwrap();
    file.seek(SeekFrom::Start(length / 2 / 4096 * 4096))
        .unwrap();
    file.write_all(&[0xAA; 4 * 4096]).unwrap();
}

fn with_people() -> Workspace {
    let workspace = workspace();
    workspace.writing(|writer| {
        let long = "x".repeat(2000);
        let values = crate::testing::values(&[(ContactField::Notes, long.as_str())]);
        (0..500).try_for_each(|_| writer.insert_contact(&values, None, NOW).map(|_| ()))
    });
    workspace
}

fn reopened(workspace: Workspace) -> Workspace {
    let path = workspace.path();
    drop(workspace.store);
    Workspace {
        store: Store::open(&path, OpenOptions::default(), NOW).unwrap(),
        folder: workspace.folder,
    }
}

#[test]
fn a_damaged_workspace_takes_no_sound_backup_away() {
    let mut workspace = with_people();
    let kept: Vec<PathBuf> = (0..3)
        .map(|day| made(&workspace, NOW + day * DAY).unwrap())
        .collect();
    workspace = reopened(workspace);
    spoil(&workspace.path());
    workspace = reopened(workspace);
    for day in 3..9 {
        let told = workspace.daily_backup(NOW + day * DAY).unwrap();
        let DailyBackup::Damaged(damage) = told else {
            panic!("{told:?}");
        };
        assert_eq!(damage.sound_backup.as_ref(), kept.last());
        assert_eq!(
            workspace.damage().unwrap(),
            Some(damage),
            "it is known from now on"
        );
        let copy = workspace.folder.path().join("copy.leadferry");
        let refused = workspace.backup_to(&copy, crate::always());
        assert!(matches!(refused, Err(Error::Damaged(_))), "{refused:?}");
        assert!(!copy.exists(), "no copy of it gets a name");
    }
    assert!(!workspace.check().unwrap().is_sound());
    assert_eq!(backups_of(&workspace.path(), NOW + 9 * DAY), kept);
    for path in &kept {
        assert!(super::is_sound(path));
    }
}

#[test]
fn damage_is_forgotten_once_the_workspace_is_sound_again() {
    let workspace = with_people();
    made(&workspace, NOW).unwrap();
    workspace.remember_damage("a page is lost".into(), NOW);
    assert!(matches!(
        workspace.daily_backup(NOW + 1).unwrap(),
        DailyBackup::Damaged(_)
    ));
    assert!(workspace.check().unwrap().is_sound());
    assert_eq!(workspace.damage().unwrap(), None);
    std::thread::sleep(Duration::from_millis(20));
    workspace.remember_damage("a page is lost".into(), NOW);
    let told = workspace.daily_backup(NOW + DAY).unwrap();
    let DailyBackup::Made(copy) = told else {
        panic!("it is looked at again: {told:?}");
    };
    assert_eq!(workspace.damage().unwrap(), None);
    let copy = Store::open(&copy, OpenOptions { read_only: true }, NOW).unwrap();
    assert_eq!(
        copy.damage().unwrap(),
        None,
        "a sound copy says nothing else"
    );
}

#[test]
fn the_newest_sound_backup_is_found_behind_spoilt_ones() {
    let workspace = with_people();
    let first = made(&workspace, NOW).unwrap();
    let second = made(&workspace, NOW + DAY).unwrap();
    let third = made(&workspace, NOW + 2 * DAY).unwrap();
    let find = || newest_sound_backup(&workspace.path(), NOW + 2 * DAY);
    assert_eq!(find().as_ref(), Some(&third));
    spoil(&third);
    assert_eq!(find().as_ref(), Some(&second));
    fs::write(&second, "").unwrap();
    assert_eq!(find().as_ref(), Some(&first));
    fs::remove_file(&first).unwrap();
    assert_eq!(find(), None);
}

#[test]
fn what_a_killed_process_left_of_a_copy_is_cleared_by_the_next_one() {
    let workspace = workspace();
    let folder = super::folder(&workspace.path());
    for name in [
        "2020-01-01T000000Z.daily.backup.unfinished",
        "2020-01-01T000000Z.daily.backup.00ff.unfinished",
        "2020-01-01T000000Z.daily.backup.00ff.unfinished-journal",
    ] {
        fs::write(folder.join(name), "half").unwrap();
    }
    let mine = folder.join("notes about unfinished work.txt");
    fs::write(&mine, "mine").unwrap();
    made(&workspace, NOW).unwrap();
    assert!(mine.exists());
    let left: Vec<_> = fs::read_dir(&folder).unwrap().collect();
    assert_eq!(left.len(), 3, "the copy, the lock and the notes: {left:?}");
}

#[cfg(unix)]
#[test]
fn what_is_made_belongs_to_this_user_alone() {
    use std::os::unix::fs::PermissionsExt;
    let workspace = workspace();
    let copy = workspace.folder.path().join("copy.leadferry");
    workspace.backup_to(&copy, crate::always()).unwrap();
    let daily = made(&workspace, NOW).unwrap();
    let path = workspace.path();
    let folder = super::folder(&path);
    let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
    let beside = |ending: &str| PathBuf::from(format!("{}{ending}", path.display()));
    for file in [
        path.clone(),
        beside("-wal"),
        beside("-shm"),
        copy,
        daily,
        folder.join("lock"),
    ] {
        assert_eq!(mode(&file), 0o600, "{}", file.display());
    }
    assert_eq!(mode(&folder), 0o700);
}

#[cfg(unix)]
#[test]
fn a_workspace_that_others_may_read_stays_so() {
    use std::os::unix::fs::PermissionsExt;
    let workspace = workspace();
    fs::set_permissions(workspace.path(), fs::Permissions::from_mode(0o664)).unwrap();
    let workspace = reopened(workspace);
    let mode = fs::metadata(workspace.path()).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o664);
}

#[test]
fn the_newest_backup_is_the_one_with_the_latest_change_whatever_its_date() {
    let workspace = with_people();
    let early = made(&workspace, NOW).unwrap();
    workspace.add(&[(ContactField::LastName, "Later")]);
    // The clock was two days ahead, and is right again.
    let later = made(&workspace, NOW + 2 * DAY).unwrap();
    assert!(later > early);
    let found = newest_sound_backup(&workspace.path(), NOW + 1);
    assert_eq!(found.as_ref(), Some(&later));
}

#[cfg(unix)]
#[test]
fn a_workspace_has_one_folder_of_backups_whatever_link_it_is_opened_by() {
    let workspace = with_people();
    let elsewhere = tempfile::tempdir().unwrap();
    let link = elsewhere.path().join("link.leadferry");
    std::os::unix::fs::symlink(workspace.path(), &link).unwrap();
    let opened = Store::open(&link, OpenOptions::default(), NOW).unwrap();
    assert!(matches!(opened.daily_backup(NOW), Ok(DailyBackup::Made(_))));
    assert_eq!(backups_of(&workspace.path(), NOW).len(), 1);
    let beside_link: Vec<_> = fs::read_dir(elsewhere.path()).unwrap().collect();
    assert_eq!(beside_link.len(), 1, "the link alone: {beside_link:?}");
}
