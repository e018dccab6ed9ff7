use std::path::{Path, PathBuf};

use super::*;
use crate::backup::{files, folder};
use crate::testing::{DAY, NOW, Workspace, text, workspace};
use crate::{ContactField, DailyBackup, NewSearch, OpenOptions, Replication};

const TRACES: [&str; 4] = [
    "Quixotina",
    "quixotina@example.com",
    "00Qquixotic",
    "second-quixotina",
];

mod finishing;

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
    let (erased, finished) = erase(&workspace, person);
    assert_eq!(erased.removed.rows["contacts"], 2);
    let backups = ErasedBackups {
        rewritten: 1,
        dropped: 1,
        leftovers: 0,
    };
    assert_eq!((finished.people, finished.backups), (1, backups));
    let paths = files(&folder(&workspace.path())).unwrap();
    assert_eq!(paths, std::slice::from_ref(&backup));
    must_hold_nothing(&workspace, &TRACES);
    must_hold_nothing(&workspace, &[guid.as_str()]);
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
fn what_was_sent_of_others_stays_but_names_the_erased_person_no_more() {
    let workspace = workspace();
    let (person, stays) = people(&workspace);
    let leads = workspace
        .reading(|reader| reader.replications())
        .remove(0)
        .id;
    let payload = r#"{"Description": "Met Quixotina@example.com", "City": "Rome"}"#;
    let batch = crate::BatchId(workspace.sent(leads, stays, "answered", payload));
    let other = workspace.add(&[(ContactField::LastName, "Other")]);
    let mut rows = workspace.reading(|reader| reader.batch_rows(batch));
    for contact in [person, other] {
        let mut row = rows[0].clone();
        (row.contact, row.position) = (contact, rows.len() as u32);
        (row.errors, row.old_values) = (Some("[]".into()), Some("{\"a\":\"00QQuixotic\"}".into()));
        rows.push(row);
    }
    workspace.writing(|writer| writer.replace_rows(batch, &rows));
    erase(&workspace, person);
    let left = workspace.reading(|reader| reader.batch_rows(batch));
    let [first, second] = left.as_slice() else {
        panic!("{left:?}")
    };
    assert_eq!(
        (first.position, second.position),
        (0, 2),
        "the others stay where they were"
    );
    assert_eq!((first.contact, second.contact), (stays, other));
    assert!(
        first.payload.contains("Rome") && !first.payload.contains("uixotina"),
        "{first:?}"
    );
    assert_eq!(second.old_values, None);
    assert_eq!(second.errors.as_deref(), Some("[]"));
    assert!(
        workspace
            .reading(|reader| reader.history(person))
            .is_empty()
    );
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

/// Erases someone, and finishes that.
fn erase(workspace: &Store, person: ContactId) -> (Erased, FinishedErasing) {
    let erased = workspace.erase(person).unwrap();
    (erased, finish(workspace))
}

fn finish(workspace: &Store) -> FinishedErasing {
    workspace.finish_erasing(|_| Ok::<_, Error>(())).unwrap()
}

/// Demands that no file in the workspace's folder holds any of these values.
fn must_hold_nothing(workspace: &Workspace, traces: &[&str]) {
    for path in all_files(workspace.folder.path()) {
        for trace in traces {
            assert!(
                !bytes_mention(&path, trace),
                "{trace} in {}",
                path.display()
            );
        }
    }
}

fn all_files(folder: &Path) -> Vec<PathBuf> {
    let mut all = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            all.extend(all_files(&path));
        } else {
            all.push(path);
        }
    }
    all
}

/// Adds Quixotina Zebulon, with two emails, a phone number and a guid.
fn add_quixotina(workspace: &Workspace) -> ContactId {
    workspace.add(&[
        (ContactField::FirstName, "Quixotina"),
        (ContactField::LastName, "Zebulon"),
        (ContactField::Email, "quixotina@example.com"),
        (ContactField::Email2, "Zebulon@example.org"),
        (ContactField::MobilePhone, "+49 171 5550199"),
    ])
}

const VALUES: [&str; 5] = [
    "Quixotina",
    "Zebulon",
    "quixotina@example.com",
    "zebulon@example.org",
    "5550199",
];

#[test]
fn both_emails_are_forgotten_where_unknown_people_wait() {
    let workspace = workspace();
    let person = add_quixotina(&workspace);
    let twin = workspace.add(&[(ContactField::Email, "shared@example.com")]);
    workspace.change(
        person,
        ContactField::Email,
        Some(text("shared@example.com")),
    );
    workspace.sql(
        "INSERT INTO activity_types (id, name, created_at) VALUES (1, 'Visit', 0);
         INSERT INTO waiting_activities (email_key, type_id, at) VALUES
           ('zebulon@example.org', 1, 0), ('shared@example.com', 1, 0), ('else@example.com', 1, 0);
         INSERT INTO email_lists (id, name, changed_at) VALUES (1, 'Never', 0);
         INSERT INTO email_list_entries (list_id, email_key) VALUES (1, 'zebulon@example.org'), (1, 'shared@example.com');",
    );
    let (erased, _) = erase(&workspace, person);
    assert_eq!(erased.removed.rows["waiting_activities"], 1);
    assert_eq!(erased.removed.rows["email_list_entries"], 1);
    assert_eq!(
        workspace.number(
            "SELECT count(*) FROM email_list_entries WHERE email_key = 'shared@example.com'"
        ),
        1,
        "another contact has this email, and nobody may take that one off a list"
    );
    let theirs = &erased.mentions.listed[0];
    assert_eq!(
        (theirs.place, theirs.part.as_str()),
        (MentionPlace::Contact, "email")
    );
    let guid = workspace.reading(|reader| reader.contact(twin)).guid;
    assert_eq!(theirs.guid.as_deref(), Some(guid.as_str()));
    must_hold_nothing(&workspace, &["zebulon@example.org"]);
}

/// Names Quixotina in everything that the user makes.
fn name_everywhere(workspace: &Workspace) {
    let leads = workspace.replication("Leads of Quixotina Zebulon", None);
    workspace.sql(&format!(
        r#"INSERT INTO accounts (name, name_key, notes, created_at, changed_at)
             VALUES ('Zebulon, Quixotina', 'zebulon, quixotina', 'call 00 49 (171) 555-0199', 0, 0);
           INSERT INTO scores (name, description, rules, created_at)
             VALUES ('Points', 'asked for by QUIXOTINA ZEBULON', '[{{"value": "quixotina@example.com"}}]', 0);
           INSERT INTO segments (name, rules, created_at, changed_at)
             VALUES ('Her', '{{"all": [{{"value": "Quixotina"}}, {{"value": "Zebulon"}}]}}', 0, 0);
           INSERT INTO mappings (replication_id, version, body, at) VALUES
             ({leads}, 2, 'Owner__c="Quixotina Zebulon"', 0), ({leads}, 3, 'Owner__c="Quixotina  Zebulon"', 0);
           INSERT INTO replication_settings (replication_id, version, settings, at)
             VALUES ({leads}, 2, '{{"company": "Quixotina Zebulon"}}', 0), ({leads}, 3, '{{}}', 0);
           UPDATE replications SET mapping_version = 3, settings_version = 3;
           INSERT INTO activity_types (id, name, description, created_at) VALUES (1, 'Visit', 'at zebulon@example.org', 0);
           INSERT INTO email_lists (name, changed_at) VALUES ('quixotina zebulon', 0);
           INSERT INTO purposes (path, created_at) VALUES ('News > by Quixotina Zebulon', 0);
           INSERT INTO connections (name, flow, username, created_at)
             VALUES ('Live', 'browser', 'quixotina@example.com', 0);
           INSERT INTO imports (file_name, file_hash, options, state, errors_file, started_at, ended_at)
             VALUES ('quixotina_zebulon.csv', '', '{{"file": "/quixotina_zebulon.csv"}}', 'finished', '/quixotina_zebulon.errors.csv', 0, 0);
           INSERT INTO acts (kind, summary, at) VALUES ('import', 'imported quixotina_zebulon.csv', 0);
           INSERT INTO settings (key, value) VALUES ('connection draft 1', '{{"username": "zebulon@example.org"}}');"#
    ));
    let search = NewSearch {
        name: "For Quixotina Zebulon",
        connection: None,
        object: "Lead",
        body: "{}",
    };
    let named = NewSearch {
        name: "Somebody",
        body: r#"{"criteria": [{"value": "Quixotina"}, {"value": "zebulon"}]}"#,
        ..search
    };
    workspace.writing(|writer| writer.add_search(&search, NOW));
    workspace.writing(|writer| writer.add_search(&named, NOW));
}

#[test]
fn what_only_the_user_can_decide_is_listed_by_place_and_name() {
    let workspace = workspace();
    let person = add_quixotina(&workspace);
    let size = workspace.field("Friend", crate::FieldKind::Text);
    let friend = workspace.add(&[
        (ContactField::LastName, "Friend"),
        (size, "Quixotina Zebulon"),
    ]);
    name_everywhere(&workspace);
    let guid = workspace.reading(|reader| reader.contact(friend)).guid;
    let (erased, _) = erase(&workspace, person);
    use MentionPlace as In;
    let listed: Vec<_> = erased
        .mentions
        .listed
        .iter()
        .map(|mention| (mention.place, mention.name.as_str(), mention.part.as_str()))
        .collect();
    assert_eq!(
        listed,
        [
            (In::Account, "Zebulon, Quixotina", "name"),
            (In::Account, "Zebulon, Quixotina", "notes"),
            (In::ActivityType, "Visit", "description"),
            (In::Connection, "Live", "username"),
            (In::Contact, "Friend", "Friend"),
            (In::EmailList, "quixotina zebulon", "name"),
            (In::Mapping, "Leads of Quixotina Zebulon", "body"),
            (In::Purpose, "News > by Quixotina Zebulon", "path"),
            (In::Replication, "Leads of Quixotina Zebulon", "name"),
            (In::Score, "Points", "description"),
            (In::Score, "Points", "rules"),
            (In::Search, "For Quixotina Zebulon", "name"),
            (In::Segment, "Her", "rules"),
            (In::Workspace, "connection draft 1", "value"),
        ]
    );
    assert_eq!(
        erased.mentions.listed[4].guid.as_deref(),
        Some(guid.as_str())
    );
    assert_eq!(
        workspace.number("SELECT count(*) FROM searches"),
        1,
        "a search for the person is gone, one that only has the name is the user's to rename"
    );
}

#[test]
fn what_the_history_says_is_redacted_and_backups_hold_no_value_at_all() {
    let workspace = workspace();
    let person = add_quixotina(&workspace);
    name_everywhere(&workspace);
    let stays = workspace.add(&[(ContactField::LastName, "Stays")]);
    workspace.sql(&format!(
        "INSERT INTO activities (contact_id, type_id, at, url, title, note)
           VALUES ({stays}, 1, 0, 'https://x.example/?by=quixotina%40example.com', 'Met', 'met Quixotina Zebulon at a fair');
         INSERT INTO consents (contact_id, purpose_id, given, at, source) VALUES ({stays}, 1, 1, 0, 'told Quixotina Zebulon');"
    ));
    let DailyBackup::Made(backup) = workspace.daily_backup(NOW + DAY).unwrap() else {
        panic!("no backup")
    };
    erase(&workspace, person);
    assert_eq!(
        workspace.reading(|reader| Ok(reader.connection.query_row(
            "SELECT a.note || ', ' || c.source || ', ' || i.file_name || i.options || s.summary || m.body || r.settings
             FROM activities a, consents c, imports i, acts s, mappings m, replication_settings r
             WHERE m.version = 2 AND r.version = 2",
            [],
            |row| row.get::<_, String>(0)
        )?)),
        r#"met (erased) at a fair, told (erased), (erased).csv{"file":"/(erased).csv"}imported (erased).csvOwner__c="(erased)"{"company":"(erased)"}"#
    );
    for value in VALUES {
        assert!(!bytes_mention(&backup, value), "{value} in the backup");
    }
    let copy = Store::open(&backup, OpenOptions::default(), NOW).unwrap();
    assert!(copy.check().unwrap().is_sound());
    let account = copy
        .read(|reader| Ok::<_, Error>(reader.accounts_named("(erased)")?.len()))
        .unwrap();
    assert_eq!(account, 1);
}

#[test]
fn a_version_in_force_stays_and_loses_the_person_once_a_newer_one_replaces_it() {
    let workspace = workspace();
    let leads = workspace.replication("Leads", None);
    let person = add_quixotina(&workspace);
    let mapping = r#""Quixotina Zebulon"=Owner__c"#;
    let settings = r#"{"company":"Quixotina Zebulon"}"#;
    let before = workspace.reading(|reader| reader.replication(leads));
    let save = |mapping: &str, settings: &str| {
        workspace.writing(|writer| {
            writer.save_mapping(leads, mapping, NOW)?;
            let before = writer.replication(leads)?;
            writer.change_replication(
                &Replication {
                    settings: settings.to_owned(),
                    ..before
                },
                NOW,
            )
        });
    };
    save(mapping, settings);
    let DailyBackup::Made(backup) = workspace.daily_backup(NOW + DAY).unwrap() else {
        panic!("no backup")
    };
    erase(&workspace, person);
    let version = |back: i64| {
        workspace.reading(|reader| {
            let version = reader.replication(leads)?.settings_version - back;
            reader.replication_settings(leads, version)
        })
    };
    assert_eq!(version(0), settings);
    assert_eq!(
        workspace.reading(|reader| reader.mapping(leads)).body,
        mapping
    );
    assert!(!bytes_mention(&backup, "Quixotina"));
    save("last_name=LastName", &before.settings);
    assert_eq!(version(1), r#"{"company":"(erased)"}"#);
    let former = "SELECT count(*) FROM mappings WHERE body = '\"(erased)\"=Owner__c'";
    assert_eq!(workspace.number(former), 1);
}

#[cfg(unix)]
#[test]
fn backups_of_another_workspace_that_is_still_there_are_left_alone_whoever_is_in_them() {
    let workspace = workspace();
    let person = add_quixotina(&workspace);
    let beside = |name: &str| workspace.folder.path().join(name);
    // A copy has the same people, and backups of its own.
    let copy = beside("copy.leadferry");
    workspace.backup_to(&copy, crate::always()).unwrap();
    std::fs::create_dir(folder(&copy)).unwrap();
    let of_copy = folder(&copy).join("2026-01-01T000000Z.daily.backup");
    workspace.backup_to(&of_copy, crate::always()).unwrap();
    erase(&workspace, person);
    assert!(bytes_mention(&of_copy, "Quixotina"));
}

#[cfg(unix)]
#[test]
fn a_link_beside_a_workspace_leads_to_no_backups_elsewhere() {
    let workspace = workspace();
    let person = add_quixotina(&workspace);
    let elsewhere = tempfile::tempdir().unwrap();
    let backups = elsewhere.path().join("mine.leadferry.backups");
    std::fs::create_dir(&backups).unwrap();
    let backup = backups.join("2026-01-01T000000Z.daily.backup");
    workspace.backup_to(&backup, crate::always()).unwrap();
    let link = workspace.folder.path().join("old.leadferry.backups");
    std::os::unix::fs::symlink(&backups, link).unwrap();
    erase(&workspace, person);
    assert!(bytes_mention(&backup, "Quixotina"));
}

#[cfg(unix)]
#[test]
fn a_backup_with_another_name_is_rewritten_under_its_own_alone() {
    let workspace = workspace();
    let person = add_quixotina(&workspace);
    let DailyBackup::Made(backup) = workspace.daily_backup(NOW + DAY).unwrap() else {
        panic!("no backup")
    };
    let elsewhere = tempfile::tempdir().unwrap();
    let other = elsewhere.path().join("kept by the user");
    std::fs::hard_link(&backup, &other).unwrap();
    let before = std::fs::read(&other).unwrap();
    let (_, finished) = erase(&workspace, person);
    assert_eq!(finished.backups.rewritten, 1);
    assert!(!bytes_mention(&backup, "Quixotina"));
    assert!(std::fs::read(&other).unwrap() == before);
}

#[cfg(unix)]
#[test]
fn a_backup_is_counted_once_whatever_path_leads_to_it() {
    let workspace = workspace();
    let person = add_quixotina(&workspace);
    workspace.daily_backup(NOW + DAY).unwrap();
    let elsewhere = tempfile::tempdir().unwrap();
    let link = elsewhere.path().join("link");
    std::os::unix::fs::symlink(workspace.folder.path(), &link).unwrap();
    let path = link.join(workspace.path().file_name().unwrap());
    let opened = Store::open(&path, OpenOptions::default(), NOW).unwrap();
    assert_eq!(erase(&opened, person).1.backups.rewritten, 1);
}

#[test]
fn backups_of_a_renamed_or_linked_workspace_are_found_and_those_of_others_left_alone() {
    let workspace = workspace();
    let person = add_quixotina(&workspace);
    workspace.add(&[(ContactField::LastName, "Stays")]);
    workspace.daily_backup(NOW + DAY).unwrap();
    let (path, beside) = (workspace.path(), |name: &str| {
        workspace.folder.path().join(name)
    });
    // What a workspace leaves that was renamed twice, and one that is somebody else's.
    std::fs::rename(folder(&path), beside("old.leadferry.backups")).unwrap();
    workspace.sql("UPDATE settings SET value = value");
    workspace.daily_backup(NOW + 3 * DAY).unwrap();
    std::fs::create_dir(beside("other.leadferry.backups")).unwrap();
    let foreign = beside("other.leadferry.backups/2027-01-01T000000Z.daily.backup");
    std::fs::write(&foreign, "Quixotina Zebulon, of another workspace").unwrap();
    // A backup of before the person came in waits under the email; it goes by the company that it keeps.
    let early = beside("old.leadferry.backups/2020-01-01T000000Z.daily.backup");
    workspace.backup_to(&early, crate::always()).unwrap();
    let early = rusqlite::Connection::open(&early).unwrap();
    crate::fold::register(&early).unwrap();
    early
        .execute_batch(
            r#"DROP TRIGGER contacts_search_delete;
             DELETE FROM contacts WHERE last_name = 'Zebulon';
             INSERT INTO searches (name, object, body, created_at, changed_at) VALUES ('Q', 'Lead', '"zebulon@example.org"', 0, 0);"#,
        )
        .unwrap();
    // Opened through a link in another folder.
    let elsewhere = beside("elsewhere");
    std::fs::create_dir(&elsewhere).unwrap();
    let link = elsewhere.join("link.leadferry");
    std::os::unix::fs::symlink(&path, &link).unwrap();
    let opened = Store::open(&link, OpenOptions::default(), NOW).unwrap();
    // An earlier version had a link's backups beside it.
    let beside_link = elsewhere.join("link.leadferry.backups");
    let left = beside_link.join("2026-01-01T000000Z.daily.backup.unfinished");
    std::fs::create_dir(&beside_link).unwrap();
    std::fs::write(&left, "Quixotina Zebulon, half of her").unwrap();
    std::fs::write(beside_link.join("gone.backup-journal"), "Quixotina Zebulon").unwrap();
    let (_, finished) = erase(&opened, person);
    assert_eq!(finished.backups.leftovers, 2);
    assert!(finished.backups.rewritten >= 2);
    assert!(
        bytes_mention(&foreign, "Quixotina"),
        "another's backup is not ours to change"
    );
    std::fs::remove_file(&foreign).unwrap();
    must_hold_nothing(&workspace, &VALUES);
}

#[test]
fn backups_that_a_moved_workspace_left_behind_are_rewritten_and_those_of_a_copy_are_not() {
    let workspace = workspace();
    let person = add_quixotina(&workspace);
    workspace.daily_backup(NOW + DAY).unwrap();
    let (path, folder_of) = (workspace.path(), |path: &Path| folder(path));
    let elsewhere = workspace.folder.path().join("elsewhere");
    std::fs::create_dir(&elsewhere).unwrap();
    let moved = elsewhere.join("moved.leadferry");
    workspace.backup_to(&moved, crate::always()).unwrap();
    let copy = Store::open(&moved, OpenOptions::default(), NOW).unwrap();
    copy.was_at(vec![path.clone()]);
    assert_eq!(erase(&copy, person).1.backups.rewritten, 0, "it is a copy");

    let gone = workspace.folder.path().join("gone.leadferry");
    std::fs::rename(folder_of(&path), folder_of(&gone)).unwrap();
    let again = elsewhere.join("again.leadferry");
    workspace.backup_to(&again, crate::always()).unwrap();
    let moved = Store::open(&again, OpenOptions::default(), NOW).unwrap();
    moved.was_at(vec![gone]);
    assert_eq!(erase(&moved, person).1.backups.rewritten, 1);
}

#[test]
fn nobody_is_erased_while_a_payload_in_flight_names_them() {
    let workspace = workspace();
    let leads = workspace.replication("Leads", None);
    let person = add_quixotina(&workspace);
    let other = workspace.add(&[]);
    workspace.sent(
        leads,
        other,
        "unknown",
        r#"{"Description": "friend of Quixotina Zebulon"}"#,
    );
    assert!(matches!(workspace.erase(person), Err(Error::Refused(_))));
    workspace.sql("UPDATE queue SET state = 'done', batch_id = NULL; UPDATE batches SET state = 'answered', settled_at = 1");
    erase(&workspace, person);
    must_hold_nothing(&workspace, &VALUES);
}

/// Quixotina Zebulon was Quixotina Hollerbach before, with another email and phone number.
fn add_renamed(workspace: &Workspace) -> ContactId {
    let person = workspace.add(&[
        (ContactField::FirstName, "Quixotina"),
        (ContactField::LastName, "Hollerbach"),
        (ContactField::Email, "Hollerbach@example.com"),
        (ContactField::MobilePhone, "+49 171 5550111"),
    ]);
    let changes = [
        (ContactField::LastName, Some(text("Zebulon"))),
        (ContactField::Email, Some(text("zebulon@example.org"))),
        (ContactField::MobilePhone, Some(text("+49 171 5550122"))),
    ];
    workspace.writing(|writer| writer.edit_contacts(&[person], &changes, NOW));
    person
}

#[test]
fn what_names_the_person_by_values_of_before_goes_too() {
    let workspace = workspace();
    let person = add_renamed(&workspace);
    let leads = workspace.replication("Leads", None);
    let sent =
        r#"{"Email": "in-between@example.com", "Phone": "030 5550133", "Owner_Email__c": null}"#;
    workspace.sent(leads, person, "answered", sent);
    let stays = workspace.add(&[(ContactField::LastName, "Stays")]);
    workspace.sent(
        leads,
        stays,
        "answered",
        r#"{"Description": "friend of in-between@example.com, 0305550133"}"#,
    );
    workspace.sql(&format!(
        "INSERT INTO activity_types (id, name, created_at) VALUES (1, 'Visit', 0);
         INSERT INTO waiting_activities (email_key, type_id, at) VALUES
           ('hollerbach@example.com', 1, 0), ('in-between@example.com', 1, 0), ('else@example.com', 1, 0);
         INSERT INTO activities (contact_id, type_id, at, note) VALUES
           ({stays}, 1, 0, 'met Quixotina Hollerbach, hollerbach@example.com, 0049 171 555 0111');"
    ));
    let DailyBackup::Made(_) = workspace.daily_backup(NOW + DAY).unwrap() else {
        panic!("no backup")
    };
    erase(&workspace, person);
    assert_eq!(
        workspace.number("SELECT count(*) FROM waiting_activities"),
        1
    );
    must_hold_nothing(
        &workspace,
        &[
            "Hollerbach",
            "in-between@example.com",
            "5550111",
            "555 0111",
            "5550133",
            "zebulon@example.org",
        ],
    );
}

#[test]
fn a_value_of_before_that_another_contact_has_by_now_is_that_ones_own() {
    let workspace = workspace();
    let person = add_renamed(&workspace);
    let heir = workspace.add(&[
        (ContactField::Email, "hollerbach@example.com"),
        (ContactField::MobilePhone, "+49 171 5550111"),
    ]);
    workspace.sql(&format!(
        "INSERT INTO activity_types (id, name, created_at) VALUES (1, 'Visit', 0);
         INSERT INTO activities (contact_id, type_id, at, note)
           VALUES ({heir}, 1, 0, 'wrote from hollerbach@example.com');"
    ));
    let (erased, _) = erase(&workspace, person);
    assert!(erased.mentions.listed.is_empty(), "{:?}", erased.mentions);
    let note = "SELECT count(*) FROM activities WHERE note = 'wrote from hollerbach@example.com'";
    assert_eq!(workspace.number(note), 1);
}

#[test]
fn an_alias_stands_for_the_whole_person() {
    let workspace = workspace();
    let (survivor, alias) = (workspace.add(&[]), workspace.add(&[]));
    workspace.writing(|writer| writer.merge_contacts(survivor, alias, NOW));
    assert_eq!(workspace.erase(alias).unwrap().removed.rows["contacts"], 2);
    assert!(matches!(
        workspace.erase(alias),
        Err(Error::NotFound { .. })
    ));
}
