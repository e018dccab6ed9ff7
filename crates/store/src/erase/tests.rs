use std::path::Path;

use crate::backup::{files, folder};
use crate::testing::{DAY, NOW, Workspace, text, workspace};
use crate::{ContactField, ContactId, DailyBackup, Error, Store};

const TRACES: [&str; 4] = [
    "Quixotina",
    "quixotina@example.com",
    "00Qquixotic",
    "second-quixotina",
];

/// A person with traces in every table, beside one who stays.
fn people(workspace: &Workspace) -> (ContactId, ContactId) {
    let leads = workspace.replication("Leads", None);
    let stays = workspace.add(&[
        (ContactField::FirstName, "Stays"),
        (ContactField::Email, "stays@example.com"),
    ]);
    let person = workspace.add(&[
        (ContactField::FirstName, "Quixotina"),
        (ContactField::Email, "Quixotina@example.com"),
    ]);
    let alias = workspace.add(&[(ContactField::LastName, "second-quixotina")]);
    workspace.link(person, "org", "Lead", "00Qquixotic", None);
    workspace.sent(leads, person, "answered", r#"{"FirstName": "Quixotina"}"#);
    workspace.writing(|writer| {
        writer.edit_contacts(
            &[person, stays],
            &[(ContactField::City, Some(text("Rome")))],
            NOW,
        )
    });
    workspace.writing(|writer| writer.merge_contacts(person, alias, NOW));
    workspace.enqueue(leads, stays);
    workspace.sql(&format!(
        "UPDATE queue SET state = 'blocked', code = 'ambiguous', message = 'same e-mail as 00QQUIXOTIC',
           detail = '{{\"candidates\": [\"quixotina@example.com\"]}}' WHERE contact_id = {stays};
         INSERT INTO run_blocks (run_id, contact_id, code, message) VALUES (1, {person}, 'x', 'Quixotina'), (1, {stays}, 'x', 'Quixotina@example.com');
         INSERT INTO plans (id, replication_id, seq, settings_version, mapping_version, describe_version, matched, made_at)
         VALUES (1, {leads}, 1, 1, 1, 0, 1, 1);
         INSERT INTO plan_rows (plan_id, contact_id, decision, message) VALUES (1, {person}, 'create', 'Quixotina');"
    ));
    (person, stays)
}

fn bytes_mention(path: &Path, trace: &str) -> bool {
    let bytes = std::fs::read(path).unwrap();
    let lower: Vec<u8> = bytes.iter().map(u8::to_ascii_lowercase).collect();
    let trace = trace.to_ascii_lowercase();
    lower
        .windows(trace.len())
        .any(|window| window == trace.as_bytes())
}

#[test]
fn an_erased_person_is_in_no_byte_of_the_workspace_or_its_backups() {
    let workspace = workspace();
    let (person, stays) = people(&workspace);
    let guid = workspace.reading(|reader| reader.contact(person)).guid;
    let DailyBackup::Made(backup) = workspace.daily_backup(NOW + DAY).unwrap() else {
        panic!("no backup")
    };
    assert!(bytes_mention(&backup, "Quixotina"));
    let old = folder(&workspace.path()).join("2020-01-01T000000Z.version-0.backup");
    std::fs::write(&old, "Quixotina, in a file that cannot be read").unwrap();
    let erased = workspace.erase(person).unwrap();
    assert_eq!(
        (
            erased.contacts,
            erased.backups_rewritten,
            erased.backups_dropped
        ),
        (2, 1, 1)
    );
    let mut paths = files(&folder(&workspace.path())).unwrap();
    assert_eq!(paths, std::slice::from_ref(&backup));
    let mut log = workspace.path().into_os_string();
    log.push("-wal");
    paths.extend([workspace.path(), log.into()]);
    for path in &paths {
        for trace in TRACES.iter().chain([&guid.as_str()]) {
            assert!(!bytes_mention(path, trace), "{trace} in {}", path.display());
        }
    }
    let kept = workspace.reading(|reader| reader.contact(stays));
    assert_eq!(kept.values.text(ContactField::City), Some("Rome"));
    let copy = Store::open(&backup, crate::OpenOptions::default(), NOW).unwrap();
    assert_eq!(
        copy.read(|reader| reader.contact(stays)).unwrap().values,
        kept.values,
        "others are still in the backup"
    );
    assert!(workspace.check().unwrap().is_sound() && copy.check().unwrap().is_sound());
    let text = crate::ContactFilter {
        text: Some("quix".into()),
        ..Default::default()
    };
    assert_eq!(workspace.reading(|reader| reader.count_contacts(&text)), 0);
}

#[test]
fn nobody_is_erased_while_being_sent() {
    for state in ["prepared", "unknown"] {
        let workspace = workspace();
        let leads = workspace.replication("Leads", None);
        let id = workspace.add(&[(ContactField::FirstName, "Ann")]);
        workspace.sent(leads, id, state, "{}");
        assert!(
            matches!(workspace.erase(id), Err(Error::Refused(_))),
            "{state}"
        );
        assert_eq!(workspace.number("SELECT count(*) FROM contacts"), 1);
    }
}

#[test]
fn an_erasing_cut_short_is_ended_by_the_next_tidying() {
    let workspace = workspace();
    let (person, _) = people(&workspace);
    workspace.daily_backup(NOW + DAY).unwrap();
    let guid = workspace.reading(|reader| reader.contact(person)).guid;
    // The process died after the workspace was cleared and before the backups were.
    workspace.writing(|writer| {
        writer.remember_erasing(&[guid.as_str().to_owned()])?;
        writer.erase_contacts(&writer.person(person)?)
    });
    workspace.tidy(NOW + DAY).unwrap();
    for path in files(&folder(&workspace.path())).unwrap() {
        assert!(!bytes_mention(&path, "Quixotina"));
    }
    assert!(!bytes_mention(&workspace.path(), guid.as_str()));
}

#[test]
fn an_alias_stands_for_the_whole_person() {
    let workspace = workspace();
    let (survivor, alias) = (workspace.add(&[]), workspace.add(&[]));
    workspace.writing(|writer| writer.merge_contacts(survivor, alias, NOW));
    assert_eq!(workspace.erase(alias).unwrap().contacts, 2);
    assert!(matches!(
        workspace.erase(alias),
        Err(Error::NotFound { .. })
    ));
}
