use crate::testing::{DAY, NOW, text, workspace};
use crate::{ActKind, ContactField, Error, LeftAlone, Undone, Value};

#[test]
fn a_deletion_can_be_undone_for_thirty_days() {
    let workspace = workspace();
    let id = workspace.add(&[(ContactField::FirstName, "Ann")]);
    let act = workspace.writing(|writer| writer.delete_contacts(&[id], NOW));
    let deleted = workspace.reading(|reader| reader.contact(id));
    assert_eq!(deleted.deleted_at, Some(NOW));
    assert_eq!(
        deleted.values.text(ContactField::FirstName),
        Some("Ann"),
        "a tombstone keeps what undoing needs"
    );
    assert!(matches!(
        workspace.write(|writer| writer.undo(act, NOW + 31 * DAY)),
        Err(Error::Refused(_))
    ));
    let undone = workspace.writing(|writer| writer.undo(act, NOW + 29 * DAY));
    assert_eq!(
        undone,
        Undone {
            restored: 1,
            ..Undone::default()
        }
    );
    let back = workspace.reading(|reader| reader.contact(id));
    assert_eq!(back.deleted_at, None);
    assert!(back.seq > deleted.seq, "it is considered again");
    assert!(
        matches!(
            workspace.write(|writer| writer.undo(act, NOW)),
            Err(Error::Refused(_))
        ),
        "once only"
    );
}

#[test]
fn deleting_withdraws_what_waits_and_leaves_what_is_in_flight() {
    let workspace = workspace();
    let (first, second) = (
        workspace.replication("One", None),
        workspace.replication("Two", None),
    );
    let id = workspace.add(&[]);
    workspace.enqueue(first, id);
    workspace.sent(second, id, "prepared", "{}");
    workspace.writing(|writer| writer.delete_contacts(&[id], NOW));
    assert_eq!(
        workspace.number("SELECT count(*) FROM queue WHERE state = 'withdrawn'"),
        1
    );
    assert_eq!(
        workspace.number("SELECT count(*) FROM queue WHERE state = 'sending'"),
        1
    );
}

#[test]
fn nobody_is_asked_to_act_for_a_contact_that_is_gone() {
    let workspace = workspace();
    let leads = workspace.replication("Leads", None);
    for state in ["blocked", "given_up"] {
        let id = workspace.add(&[]);
        workspace.enqueue(leads, id);
        workspace.sql(&format!(
            "UPDATE queue SET state = '{state}', code = 'ambiguous', message = 'Who?' WHERE contact_id = {id}"
        ));
        workspace.writing(|writer| writer.delete_contacts(&[id], NOW));
    }
    let waiting = "SELECT count(*) FROM queue WHERE state <> 'withdrawn' OR code IS NOT NULL";
    assert_eq!(workspace.number(waiting), 0);
}

#[test]
fn a_deleted_contact_cannot_be_changed_and_deleting_it_twice_changes_nothing() {
    let workspace = workspace();
    let id = workspace.add(&[]);
    let first = workspace.writing(|writer| writer.delete_contacts(&[id], NOW));
    let change = workspace
        .write(|writer| writer.change_contact(id, &[(ContactField::City, Some(text("x")))], NOW));
    assert!(matches!(change, Err(Error::Refused(_))));
    let second = workspace.writing(|writer| writer.delete_contacts(&[id], NOW + 1));
    assert_eq!(
        workspace.writing(|writer| writer.undo(second, NOW + 2)),
        Undone::default()
    );
    assert_eq!(
        workspace.reading(|reader| reader.contact(id)).deleted_at,
        Some(NOW),
        "the first deletion stands"
    );
    assert_eq!(
        workspace
            .writing(|writer| writer.undo(first, NOW + 3))
            .restored,
        1
    );
}

#[test]
fn undoing_an_edit_leaves_alone_what_was_changed_since() {
    let workspace = workspace();
    let ids = [
        workspace.add(&[(ContactField::City, "Rome")]),
        workspace.add(&[]),
        workspace.add(&[]),
    ];
    let price = workspace.field("Ratio", crate::FieldKind::Float);
    workspace.change(ids[0], price, Some(Value::Float(0.1 + 0.2)));
    let changes = [
        (ContactField::City, Some(text("Oslo"))),
        (ContactField::Country, Some(text("NO"))),
        (price, None),
    ];
    let (act, changed) = workspace.writing(|writer| writer.edit_contacts(&ids, &changes, NOW));
    assert_eq!(changed, 3);
    workspace.change(ids[0], ContactField::Country, Some(text("SE")));
    workspace.change(ids[1], ContactField::City, Some(text("Bergen")));
    workspace.change(ids[1], ContactField::Country, Some(text("XX")));
    workspace.change(ids[2], ContactField::JobTitle, Some(text("CEO")));
    let undone = workspace.writing(|writer| writer.undo(act, NOW + 5));
    assert_eq!(undone.restored, 2);
    assert_eq!(
        undone.left_alone,
        [
            LeftAlone {
                contact: ids[0],
                fields: vec![ContactField::Country]
            },
            LeftAlone {
                contact: ids[1],
                fields: vec![]
            }
        ]
    );
    let contacts = workspace.reading(|reader| reader.contacts(&ids, &reader.all_fields()?));
    let city = |at: usize| contacts[at].values.text(ContactField::City);
    let country = |at: usize| contacts[at].values.text(ContactField::Country);
    assert_eq!((city(0), country(0)), (Some("Rome"), Some("SE")));
    assert_eq!(
        contacts[0].values.get(price),
        Some(&Value::Float(0.1 + 0.2)),
        "to the last bit"
    );
    assert_eq!((city(1), country(1)), (Some("Bergen"), Some("XX")));
    assert_eq!((city(2), country(2)), (None, None));
    assert_eq!(
        contacts[2].values.text(ContactField::JobTitle),
        Some("CEO"),
        "other fields are nobody's business"
    );
}

#[test]
fn acts_are_listed_newest_first_without_anybodys_data() {
    let workspace = workspace();
    let ids = [
        workspace.add(&[(ContactField::LastName, "Secret")]),
        workspace.add(&[(ContactField::LastName, "Secret")]),
    ];
    workspace.writing(|writer| {
        writer.edit_contacts(&ids, &[(ContactField::City, Some(text("Rome")))], NOW)
    });
    workspace.writing(|writer| writer.merge_contacts(ids[0], ids[1], NOW + 1));
    workspace.writing(|writer| writer.delete_contacts(&ids[..1], NOW + 2));
    let acts = workspace.reading(|reader| reader.acts());
    let kinds: Vec<ActKind> = acts.iter().map(|act| act.kind).collect();
    assert_eq!(kinds, [ActKind::Delete, ActKind::Merge, ActKind::BulkEdit]);
    assert_eq!(
        (acts[2].summary.as_str(), acts[2].contacts),
        ("changed 2 contacts", 2)
    );
    assert!(acts.iter().all(|act| !act.summary.contains("Secret")));
}

#[test]
fn edits_of_one_contact_that_follow_each_other_are_one_act() {
    let workspace = workspace();
    let (ada, mary) = (
        workspace.add(&[(ContactField::City, "Rome")]),
        workspace.add(&[]),
    );
    let edit = |id, city: &str, at| {
        let changes = [(ContactField::City, Some(text(city)))];
        workspace.writing(|writer| writer.edit_contact(id, &changes, at))
    };
    let first = edit(ada, "Oslo", NOW);
    assert!(first.is_some());
    assert_eq!(edit(ada, "Oslo", NOW + 1), None, "nothing differed");
    assert_eq!(edit(ada, "Bergen", NOW + 2), first);
    let other = edit(mary, "Paris", NOW + 3);
    assert_ne!(other, first);
    assert_ne!(edit(mary, "Lyon", NOW + DAY), other, "another day");
    let acts = workspace.reading(|reader| reader.acts());
    assert_eq!(acts.len(), 3);
    let ids: Vec<_> = acts.iter().map(|act| act.id).collect();
    let only = workspace.reading(|reader| reader.only_contacts(&ids));
    assert_eq!(only.get(&first.unwrap()), Some(&ada));
    let undone = workspace.writing(|writer| writer.undo(first.unwrap(), NOW + DAY));
    assert_eq!(undone.restored, 1);
    let back = workspace.reading(|reader| reader.contact(ada));
    assert_eq!(back.values.text(ContactField::City), Some("Rome"));
}
