use super::*;

fn names(folder: &Path) -> Vec<String> {
    let mut names: Vec<String> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    names
}

#[test]
fn a_file_takes_its_place_when_it_is_finished_and_leaves_nothing_when_it_is_not() {
    let folder = tempfile::tempdir().unwrap();
    let place = folder.path().join("list.csv");
    std::fs::write(&place, "before").unwrap();
    let mut draft = Draft::beside(&place).unwrap();
    draft.write_all(b"half").unwrap();
    drop(draft);
    assert_eq!(std::fs::read(&place).unwrap(), b"before");
    replace(&place, b"whole").unwrap();
    assert_eq!(std::fs::read(&place).unwrap(), b"whole");
    assert_eq!(names(folder.path()), ["list.csv"]);
}

#[cfg(unix)]
#[test]
fn a_link_is_never_written_through_or_replaced() {
    let folder = tempfile::tempdir().unwrap();
    let (victim, link) = (folder.path().join("victim"), folder.path().join("link"));
    std::fs::write(&victim, "mine").unwrap();
    std::os::unix::fs::symlink(&victim, &link).unwrap();
    assert!(replace(&link, b"theirs").is_err());
    assert!(create_new(&link).is_err());
    std::fs::remove_file(&victim).unwrap();
    assert!(create_new(&link).is_err(), "a dangling link is a name, too");
    assert!(!victim.exists());
    assert_eq!(names(folder.path()), ["link"]);
}

#[cfg(unix)]
#[test]
fn a_folder_that_was_open_to_others_is_closed_and_a_link_to_one_is_left_alone() {
    use std::os::unix::fs::PermissionsExt as _;
    let folder = tempfile::tempdir().unwrap();
    let (open, link) = (folder.path().join("open"), folder.path().join("link"));
    std::fs::create_dir(&open).unwrap();
    std::fs::set_permissions(&open, std::fs::Permissions::from_mode(0o755)).unwrap();
    std::os::unix::fs::symlink(&open, &link).unwrap();
    let mode = || std::fs::metadata(&open).unwrap().permissions().mode() & 0o777;
    close_folder(&link).unwrap();
    assert_eq!(mode(), 0o755);
    close_folder(&open).unwrap();
    assert_eq!(mode(), 0o700);
    close_folder(&folder.path().join("none")).unwrap();
}

#[cfg(unix)]
#[test]
fn what_is_made_is_private() {
    use std::os::unix::fs::PermissionsExt as _;
    let folder = tempfile::tempdir().unwrap();
    let deep = folder.path().join("one/two");
    make_folder(&deep).unwrap();
    create_new(&deep.join("new")).unwrap();
    open_lock(&deep.join("lock")).unwrap();
    replace(&deep.join("whole"), b"x").unwrap();
    let mode = |path: &Path| std::fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!(mode(&deep), 0o700);
    assert_eq!(mode(&folder.path().join("one")), 0o700);
    for name in names(&deep) {
        assert_eq!(mode(&deep.join(&name)), 0o600, "{name}");
    }
}

#[cfg(unix)]
#[test]
fn pipes_devices_and_folders_are_refused_at_once() {
    let folder = tempfile::tempdir().unwrap();
    let pipe = folder.path().join("pipe");
    let made = std::process::Command::new("mkfifo").arg(&pipe).status();
    assert!(made.unwrap().success());
    for path in [pipe.as_path(), Path::new("/dev/zero"), folder.path()] {
        let refused = open(path).unwrap_err();
        assert_eq!(
            refused.kind(),
            io::ErrorKind::IsADirectory,
            "{}",
            path.display()
        );
    }
}

#[test]
fn no_file_takes_the_place_of_a_workspace() {
    let folder = tempfile::tempdir().unwrap();
    let place = folder.path().join("people.leadferry");
    leadferry_store::Store::create(&place, 0).unwrap();
    let before = std::fs::read(&place).unwrap();
    let refused = replace(&place, b"name,email").unwrap_err();
    assert!(refused.to_string().contains("workspace"), "{refused}");
    assert_eq!(std::fs::read(&place).unwrap(), before);
}

#[test]
fn no_file_takes_the_place_of_what_belongs_to_a_workspace_or_to_the_app() {
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name);
    std::fs::create_dir(at("w.leadferry.backups")).unwrap();
    std::fs::create_dir(at("data")).unwrap();
    for name in ["w.leadferry", "data/workspaces.json"] {
        std::fs::write(at(name), "x").unwrap();
    }
    for name in [
        "w.leadferry-wal",
        "w.leadferry-shm",
        "w.leadferry.backups/lock",
        "data/secrets.age",
        "data/new.csv",
    ] {
        assert!(Draft::beside(&at(name)).is_err(), "{name}");
    }
    for name in ["people.csv", "nobody-wal", "backups"] {
        assert!(Draft::beside(&at(name)).is_ok(), "{name}");
    }
    replace(&at("data/workspaces.json"), b"[]").unwrap();
}
