use std::collections::BTreeMap;

use super::{ImportProgress, ImportState, NewImport};
use crate::testing::{NOW, Workspace, text, values, workspace};
use crate::{
    AccountField, AccountRole, ContactField, ContactId, Error, ImportId, LinkOrigin, NewLink,
    RefusedAt,
};

fn begin(workspace: &Workspace) -> ImportId {
    let new = NewImport {
        kind: crate::ImportKind::Contacts,
        file_name: "people.csv",
        file_hash: "abc",
        options: "{}",
        errors_file: None,
    };
    workspace.writing(|writer| writer.begin_import(&new, NOW))
}

fn bring(workspace: &Workspace, import: ImportId, name: &str) -> ContactId {
    workspace.writing(|writer| {
        writer.insert_contact(
            &values(&[(ContactField::FirstName, name)]),
            Some(import),
            NOW,
        )
    })
}

#[test]
fn an_import_is_known_by_its_file_until_it_is_undone() {
    let workspace = workspace();
    let import = begin(&workspace);
    let progress = ImportProgress {
        committed_row: 7,
        created: 4,
        updated: 1,
        faulty: 2,
        errors_bytes: 99,
        ..Default::default()
    };
    workspace.writing(|writer| writer.import_progress(import, &progress));
    let known = workspace
        .reading(|reader| reader.import_by_hash("abc"))
        .unwrap();
    assert_eq!(
        (known.id, known.state, known.progress),
        (import, ImportState::Running, progress)
    );
    assert_eq!(
        workspace.reading(|reader| reader.import_by_hash("other")),
        None
    );
    workspace.writing(|writer| writer.finish_import(import, NOW + 9));
    let late = workspace.write(|writer| writer.import_progress(import, &progress));
    assert!(matches!(late, Err(Error::Refused(_))));
    let act = workspace.reading(|reader| reader.acts())[0].id;
    workspace.writing(|writer| writer.undo(act, NOW + 10));
    assert_eq!(
        workspace.reading(|reader| reader.import_by_hash("abc")),
        None
    );
    assert_eq!(
        workspace.reading(|reader| reader.import(import)).state,
        ImportState::Undone
    );
}

#[test]
fn undoing_an_import_removes_what_it_created_and_puts_back_what_it_changed() {
    let workspace = workspace();
    let leads = workspace.replication("Leads", None);
    let known = workspace.add(&[
        (ContactField::FirstName, "Known"),
        (ContactField::City, "Rome"),
    ]);
    let import = begin(&workspace);
    let [plain, twice, edited, sent] =
        ["plain", "twice", "edited", "sent"].map(|name| bring(&workspace, import, name));
    let set = |id, city: &str| {
        let change = [(ContactField::City, Some(text(city)))];
        workspace.writing(|writer| {
            writer.change_imported(import, id, &change, RefusedAt::default(), NOW)
        })
    };
    assert!(set(known, "Oslo"));
    assert!(
        set(known, "Bergen"),
        "two rows of the file about one person"
    );
    assert!(!set(known, "Bergen"));
    assert!(set(twice, "Paris"));
    let account = workspace.writing(|writer| {
        let acme = BTreeMap::from([(AccountField::Name, "Acme".to_owned())]);
        let account = writer.insert_account(&acme, Some(import), NOW)?;
        writer.set_membership(plain, account, AccountRole::Primary, NOW)?;
        writer.finish_import(import, NOW)?;
        Ok(account)
    });
    workspace.change(edited, ContactField::City, Some(text("Lima")));
    workspace.sent(leads, sent, "answered", "{}");
    workspace.enqueue(leads, plain);
    let act = workspace.reading(|reader| reader.acts())[0].id;
    let undone = workspace.writing(|writer| writer.undo(act, NOW + 5));
    assert_eq!((undone.restored, undone.removed), (1, 2));
    let left: Vec<ContactId> = undone.left_alone.iter().map(|left| left.contact).collect();
    assert_eq!(left, [edited, sent]);
    let alive = |id| {
        workspace
            .reading(|reader| reader.contact(id))
            .deleted_at
            .is_none()
    };
    assert_eq!(
        [plain, twice, edited, sent, known].map(alive),
        [false, false, true, true, true]
    );
    let back = workspace.reading(|reader| reader.contact(known));
    assert_eq!(
        back.values.text(ContactField::City),
        Some("Rome"),
        "what stood there before the first row"
    );
    assert!(
        workspace.read(|reader| reader.account(account)).is_err(),
        "nobody is left in the company that it brought"
    );
    assert_eq!(
        workspace.number("SELECT count(*) FROM queue WHERE state = 'pending'"),
        0
    );
}

#[test]
fn a_killed_import_can_be_undone_as_well() {
    let workspace = workspace();
    let import = begin(&workspace);
    let id = bring(&workspace, import, "one");
    let act = workspace.reading(|reader| reader.acts())[0].id;
    assert_eq!(
        workspace
            .writing(|writer| writer.undo(act, NOW + 5))
            .removed,
        1
    );
    assert!(
        workspace
            .reading(|reader| reader.contact(id))
            .deleted_at
            .is_some()
    );
    let resumed =
        workspace.write(|writer| writer.import_progress(import, &ImportProgress::default()));
    assert!(
        matches!(resumed, Err(Error::Refused(_))),
        "what was undone does not go on"
    );
}

#[test]
fn undoing_an_import_of_records_takes_its_links_away_unless_they_were_used() {
    let workspace = workspace();
    let known = workspace.add(&[(ContactField::FirstName, "Known")]);
    let (import, act) =
        workspace.writing(|writer| writer.begin_import_of_records("leads of Acme", "{}", NOW));
    let [fresh, used] = ["Fresh", "Used"].map(|name| bring(&workspace, import, name));
    let link = |contact, record_id| {
        let new = NewLink {
            contact,
            org_id: "org",
            object: "Lead",
            record_id,
            identifier: None,
            origin: LinkOrigin::Hand,
        };
        workspace.writing(|writer| writer.link_imported(import, &new, NOW))
    };
    link(known, "r1");
    link(fresh, "r2");
    let sent = link(used, "r3");
    workspace.writing(|writer| writer.record_sent(sent, &crate::Hashes::new(), None, NOW + 1));
    let progress = ImportProgress {
        created: 2,
        ..Default::default()
    };
    workspace.writing(|writer| writer.records_progress(import, &progress, NOW));
    let stored = workspace.reading(|reader| reader.import(import));
    assert_eq!(
        (stored.state, stored.progress.created),
        (ImportState::Finished, 2)
    );
    let undone = workspace.writing(|writer| writer.undo(act, NOW + 2));
    let links = workspace.reading(|reader| reader.links_page(None, crate::LinkId(0), 10));
    assert_eq!(links.iter().map(|link| link.id).collect::<Vec<_>>(), [sent]);
    let gone = |id| {
        let contact = workspace.reading(|reader| reader.contact(id));
        contact.deleted_at.is_some()
    };
    assert_eq!([gone(known), gone(fresh), gone(used)], [false, true, false]);
    assert_eq!((undone.restored, undone.removed), (1, 1));
}
