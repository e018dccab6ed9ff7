//! The sealed file: what is kept, for whom, and what happens with a wrong passphrase.

use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};

use secrecy::ExposeSecret;

use super::*;
use crate::{Environment, FrontEnd, Step};

/// Answers with one passphrase and counts how often it was asked.
struct Asked {
    passphrase: Option<&'static str>,
    times: AtomicUsize,
}

impl FrontEnd for Asked {
    fn passphrase(&self, _: Ask) -> Option<SecretString> {
        self.times.fetch_add(1, Ordering::SeqCst);
        self.passphrase.map(SecretString::from)
    }
    fn open_browser(&self, _: &str) -> bool {
        false
    }
    fn tell(&self, _: &str) {}
    fn step(&self, _: Step) {}
}

fn secrets(folder: &Path, passphrase: Option<&'static str>) -> (Secrets, Arc<Asked>) {
    let asked = Arc::new(Asked {
        passphrase,
        times: AtomicUsize::new(0),
    });
    let environment = Environment {
        data_folder: folder.to_owned(),
        keychain: false,
        passphrase: None,
        speedup: 1,
    };
    let host = Host::new(environment, asked.clone());
    let workspace = folder.join("a.leadferry");
    let approval = Approval::of(folder, Some("1".into()), &workspace);
    if !approval.is_given() {
        std::fs::write(&workspace, "").unwrap();
        approval.give(0).unwrap();
    }
    (Secrets::new(Arc::new(host), Arc::new(approval)), asked)
}

fn entry(name: &str) -> Entry {
    Entry::named(name, "https://acme.my.salesforce.com")
}

fn text(secret: Option<SecretString>) -> Option<String> {
    secret.map(|secret| secret.expose_secret().to_owned())
}

#[test]
fn a_secret_is_kept_sealed_and_read_back_by_another_process() {
    let folder = tempfile::tempdir().unwrap();
    let (first, asked) = secrets(folder.path(), Some("right"));
    first
        .write(Vault::File, &entry("a"), &"needle".into())
        .unwrap();
    first
        .write(Vault::File, &entry("b"), &"other".into())
        .unwrap();
    assert_eq!(
        asked.times.load(Ordering::SeqCst),
        1,
        "the passphrase is asked for once"
    );
    let bytes = std::fs::read(folder.path().join("secrets.age")).unwrap();
    assert!(
        !bytes.windows(6).any(|window| window == b"needle"),
        "the file must not hold the secret as it is"
    );
    let (second, _) = secrets(folder.path(), Some("right"));
    assert_eq!(
        text(second.read(Vault::File, &entry("a")).unwrap()).as_deref(),
        Some("needle")
    );
    second
        .write(Vault::File, &entry("a"), &"newer".into())
        .unwrap();
    assert_eq!(
        text(first.read(Vault::File, &entry("a")).unwrap()).as_deref(),
        Some("newer"),
        "the other's change is seen"
    );
    first.let_go(Vault::File, &entry("a")).unwrap();
    assert_eq!(text(second.read(Vault::File, &entry("a")).unwrap()), None);
    assert_eq!(
        text(second.read(Vault::File, &entry("b")).unwrap()).as_deref(),
        Some("other")
    );
}

#[test]
fn a_wrong_passphrase_says_so_and_changes_nothing() {
    let folder = tempfile::tempdir().unwrap();
    secrets(folder.path(), Some("right"))
        .0
        .write(Vault::File, &entry("a"), &"needle".into())
        .unwrap();
    let before = std::fs::read(folder.path().join("secrets.age")).unwrap();
    let (wrong, _) = secrets(folder.path(), Some("wrong"));
    assert_eq!(
        wrong.read(Vault::File, &entry("a")).unwrap_err().code,
        Code::Passphrase
    );
    assert_eq!(
        wrong
            .write(Vault::File, &entry("a"), &"lost".into())
            .unwrap_err()
            .code,
        Code::Passphrase
    );
    assert_eq!(
        std::fs::read(folder.path().join("secrets.age")).unwrap(),
        before
    );
}

#[test]
fn nobody_to_ask_is_an_error_of_its_own() {
    let folder = tempfile::tempdir().unwrap();
    let (silent, _) = secrets(folder.path(), None);
    assert_eq!(
        text(silent.read(Vault::File, &entry("a")).unwrap()),
        None,
        "without a file nothing has to be asked"
    );
    assert_eq!(
        silent
            .write(Vault::File, &entry("a"), &"x".into())
            .unwrap_err()
            .code,
        Code::Passphrase
    );
}

#[test]
fn a_damaged_file_is_told_from_a_wrong_passphrase() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("secrets.age"), b"not sealed at all").unwrap();
    let (any, _) = secrets(folder.path(), Some("right"));
    assert_eq!(
        any.read(Vault::File, &entry("a")).unwrap_err().code,
        Code::Local
    );
}

#[test]
fn two_writers_at_once_lose_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path();
    std::thread::scope(|scope| {
        for writer in 0..2 {
            scope.spawn(move || {
                let (mine, _) = secrets(path, Some("right"));
                for number in 0..3 {
                    mine.write(
                        Vault::File,
                        &entry(&format!("{writer}-{number}")),
                        &"x".into(),
                    )
                    .unwrap();
                }
            });
        }
    });
    let (reader, _) = secrets(folder.path(), Some("right"));
    for name in ["0-0", "0-1", "0-2", "1-0", "1-1", "1-2"] {
        assert!(
            reader.read(Vault::File, &entry(name)).unwrap().is_some(),
            "{name} was lost"
        );
    }
}

#[cfg(unix)]
#[test]
fn only_the_user_may_read_the_file() {
    use std::os::unix::fs::PermissionsExt as _;
    let folder = tempfile::tempdir().unwrap();
    secrets(folder.path(), Some("right"))
        .0
        .write(Vault::File, &entry("a"), &"x".into())
        .unwrap();
    let mode = std::fs::metadata(folder.path().join("secrets.age"))
        .unwrap()
        .permissions()
        .mode();
    assert_eq!(mode & 0o077, 0);
}

#[test]
fn a_connection_with_its_secrets_in_the_keychain_does_not_fall_back_on_the_file() {
    let folder = tempfile::tempdir().unwrap();
    let (file_only, _) = secrets(folder.path(), Some("right"));
    assert_eq!(
        file_only
            .read(Vault::Keychain, &entry("a"))
            .unwrap_err()
            .code,
        Code::Local
    );
}

#[test]
fn a_workspace_that_nobody_approved_reads_writes_and_removes_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let (ours, asked) = secrets(folder.path(), Some("right"));
    ours.write(Vault::File, &entry("a"), &"needle".into())
        .unwrap();
    let gift = Approval::of(folder.path(), Some("2".into()), &folder.path().join("gift"));
    let gift = Secrets::new(ours.host.clone(), Arc::new(gift));
    let before = asked.times.load(Ordering::SeqCst);
    for vault in [Vault::File, Vault::Keychain] {
        let (a, x) = (entry("a"), "x".into());
        let refused = [
            gift.read(vault, &a).map(drop),
            gift.write(vault, &a, &x),
            gift.let_go(vault, &a),
            gift.ready(vault),
        ];
        for refused in refused {
            assert_eq!(refused.unwrap_err().code, Code::Unapproved);
        }
    }
    assert_eq!(
        asked.times.load(Ordering::SeqCst),
        before,
        "nor does it ask"
    );
    assert!(ours.read(Vault::File, &entry("a")).unwrap().is_some());
}

#[test]
fn what_another_workspace_uses_is_let_go_of_but_not_removed() {
    let folder = tempfile::tempdir().unwrap();
    let (ours, _) = secrets(folder.path(), Some("right"));
    ours.write(Vault::File, &entry("a"), &"needle".into())
        .unwrap();
    let copy = folder.path().join("copy.leadferry");
    std::fs::write(&copy, "").unwrap();
    let approval = Approval::of(folder.path(), Some("1".into()), &copy);
    approval.give(0).unwrap();
    let copy = Secrets::new(ours.host.clone(), Arc::new(approval));
    assert!(copy.read(Vault::File, &entry("a")).unwrap().is_some());
    assert!(copy.others_need(&entry("a")).unwrap());
    copy.let_go(Vault::File, &entry("a")).unwrap();
    assert!(ours.read(Vault::File, &entry("a")).unwrap().is_some());
    ours.let_go(Vault::File, &entry("a")).unwrap();
    assert!(ours.read(Vault::File, &entry("a")).unwrap().is_none());
}
