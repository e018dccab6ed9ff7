use std::collections::BTreeMap;

use proptest::prelude::*;

use crate::testing::{NOW, Workspace, text, workspace};
use crate::{
    AccountField, AccountId, AccountRole, ContactField, ContactId, Error, ReplicationId, Value,
};

fn merge(workspace: &Workspace, survivor: ContactId, loser: ContactId) -> crate::ActId {
    workspace.writing(|writer| writer.merge_contacts(survivor, loser, NOW + 1))
}

#[test]
fn the_survivor_is_completed_and_the_loser_becomes_its_alias() {
    let workspace = workspace();
    let own = workspace.field("Own", crate::FieldKind::Integer);
    let survivor = workspace.add(&[
        (ContactField::FirstName, "Ann"),
        (ContactField::Email, "ann@example.com"),
    ]);
    let loser = workspace.add(&[
        (ContactField::FirstName, "Anna"),
        (ContactField::LastName, "Lee"),
        (ContactField::Email, "lee@example.com"),
    ]);
    workspace.change(loser, own, Some(Value::Integer(7)));
    workspace.change(loser, ContactField::DoNotSend, Some(Value::YesNo(true)));
    let guid = workspace.reading(|reader| reader.contact(loser)).guid;
    let before = workspace.seq(survivor);
    merge(&workspace, survivor, loser);
    let kept = workspace.reading(|reader| reader.contact(survivor));
    assert_eq!(kept.values.text(ContactField::FirstName), Some("Ann"));
    assert_eq!(kept.values.text(ContactField::LastName), Some("Lee"));
    assert_eq!(
        kept.values.text(ContactField::Email2),
        Some("lee@example.com"),
        "no address is lost"
    );
    assert_eq!(kept.values.get(own), Some(&Value::Integer(7)));
    assert!(
        kept.do_not_send,
        "who did not want to be written to still does not"
    );
    assert!(kept.seq > before);
    let alias = workspace.reading(|reader| reader.contact(loser));
    assert_eq!(
        (alias.deleted_at, alias.merged_into),
        (Some(NOW + 1), Some(survivor))
    );
    assert_eq!(
        workspace
            .reading(|reader| reader.contact_by_guid(&guid))
            .unwrap()
            .id,
        survivor
    );
    assert_eq!(
        workspace.reading(|reader| reader.find_contact(guid.as_str())),
        survivor
    );
}

#[test]
fn chains_of_merges_lead_to_the_last_survivor() {
    let workspace = workspace();
    let ids: Vec<ContactId> = (0..4).map(|_| workspace.add(&[])).collect();
    for pair in ids.windows(2) {
        merge(&workspace, pair[1], pair[0]);
    }
    let resolved = workspace.reading(|reader| reader.resolve_contact(ids[0]));
    assert_eq!(resolved, ids[3]);
    for (survivor, loser) in [(ids[3], ids[3]), (ids[3], ids[0]), (ids[0], ids[3])] {
        let refused = workspace.write(|writer| writer.merge_contacts(survivor, loser, NOW));
        assert!(matches!(refused, Err(Error::Refused(_))));
    }
}

#[test]
fn an_earlier_merge_is_undone_after_the_later_one() {
    let workspace = workspace();
    let ids: Vec<ContactId> = (0..3).map(|_| workspace.add(&[])).collect();
    let first = merge(&workspace, ids[1], ids[0]);
    let second = merge(&workspace, ids[2], ids[1]);
    assert!(matches!(
        workspace.write(|writer| writer.undo(first, NOW)),
        Err(Error::Refused(_))
    ));
    workspace.writing(|writer| writer.undo(second, NOW));
    workspace.writing(|writer| writer.undo(first, NOW));
    assert_eq!(
        workspace.number("SELECT count(*) FROM contacts WHERE deleted_at IS NULL"),
        3
    );
}

/// Rows: which of the two is linked to an object, and where the records are afterwards.
#[test]
fn the_survivor_takes_a_link_only_where_it_has_none() {
    let workspace = workspace();
    let (survivor, loser) = (workspace.add(&[]), workspace.add(&[]));
    let guid = |id| workspace.reading(|reader| reader.contact(id)).guid;
    let (own, other) = (guid(survivor), guid(loser));
    workspace.link(survivor, "org1", "Lead", "both-kept", Some(own.as_str()));
    workspace.link(loser, "org1", "Lead", "both-lost", Some(other.as_str()));
    workspace.link(loser, "org1", "Contact", "only-lost", Some(other.as_str()));
    workspace.link(survivor, "org2", "Lead", "only-kept", None);
    let act = merge(&workspace, survivor, loser);
    let owners = || {
        workspace.reading(|reader| {
            let links = reader.links_page(None, crate::LinkId(0), 10)?;
            Ok(links
                .into_iter()
                .map(|link| (link.record_id, link.contact))
                .collect::<BTreeMap<_, _>>())
        })
    };
    let merged = owners();
    assert_eq!(merged["both-kept"], survivor);
    assert_eq!(merged["both-lost"], loser, "two records in Salesforce");
    assert_eq!(merged["only-lost"], survivor);
    assert_eq!(merged["only-kept"], survivor);
    let taken = workspace
        .reading(|reader| reader.link(survivor, "org1", "Contact"))
        .unwrap();
    assert_eq!(
        taken.identifier.as_deref(),
        Some(other.as_str()),
        "with its identifier"
    );
    // Meanwhile an answer in flight has linked the loser's new record to the survivor.
    workspace.link(survivor, "org3", "Lead", "in-flight", Some(other.as_str()));
    workspace.writing(|writer| writer.undo(act, NOW + 2));
    let apart = owners();
    assert_eq!(apart["only-lost"], loser);
    assert_eq!(apart["in-flight"], loser, "the record holds its identifier");
    assert_eq!(
        (apart["only-kept"], apart["both-kept"]),
        (survivor, survivor)
    );
}

#[test]
fn what_waits_for_the_loser_is_withdrawn_and_what_is_in_flight_stays() {
    let workspace = workspace();
    let [waiting, flying] = ["One", "Two"].map(|name| workspace.replication(name, None));
    let (survivor, loser) = (workspace.add(&[]), workspace.add(&[]));
    workspace.enqueue(waiting, loser);
    workspace.sent(flying, loser, "prepared", "{}");
    merge(&workspace, survivor, loser);
    let state = |replication: ReplicationId| {
        workspace
            .reading(|reader| reader.entry(replication, loser))
            .unwrap()
            .state
    };
    assert_eq!(state(waiting), crate::EntryState::Withdrawn);
    assert_eq!(state(flying), crate::EntryState::Sending);
}

const TABLES: &[(&str, &[&str])] = &[
    ("contacts", &["seq", "changed_at"]),
    ("account_contacts", &[]),
    ("marks", &[]),
    ("links", &["changed_at"]),
    ("queue", &["since"]),
];

/// One person's data: which fields are set, which accounts, links, marks and entries there are.
#[derive(Debug, Clone)]
struct Person {
    fields: Vec<(usize, String)>,
    do_not_send: bool,
    accounts: Vec<(usize, usize)>,
    links: Vec<usize>,
    marks: Vec<usize>,
    queued: Vec<usize>,
}

fn any_person() -> impl Strategy<Value = Person> {
    let fields = prop::collection::vec((0_usize..6, "[a-zé]{1,8}"), 0..5);
    let accounts = prop::collection::vec((0_usize..3, 0_usize..3), 0..3);
    let some = || prop::collection::vec(0_usize..3, 0..3);
    (fields, any::<bool>(), accounts, some(), some(), some()).prop_map(
        |(fields, do_not_send, accounts, links, marks, queued)| Person {
            fields,
            do_not_send,
            accounts,
            links,
            marks,
            queued,
        },
    )
}

const FIELDS: [ContactField; 6] = [
    ContactField::FirstName,
    ContactField::LastName,
    ContactField::City,
    ContactField::Email,
    ContactField::Email2,
    ContactField::Notes,
];
const PLACES: [(&str, &str); 3] = [("org1", "Lead"), ("org1", "Contact"), ("org2", "Lead")];
const ROLES: [AccountRole; 3] = [
    AccountRole::Primary,
    AccountRole::Secondary,
    AccountRole::Regular,
];

fn settle(
    workspace: &Workspace,
    person: &Person,
    accounts: &[AccountId],
    replications: &[ReplicationId],
) -> ContactId {
    let mut values = crate::Values::default();
    for (field, value) in &person.fields {
        let email = matches!(FIELDS[*field], ContactField::Email | ContactField::Email2);
        let value = if email {
            format!("{value}@example.com")
        } else {
            value.clone()
        };
        values.set(FIELDS[*field], Some(text(&value)));
    }
    values.set(
        ContactField::DoNotSend,
        Some(Value::YesNo(person.do_not_send)),
    );
    let id = workspace.writing(|writer| writer.insert_contact(&values, None, NOW));
    for (account, role) in &person.accounts {
        workspace
            .writing(|writer| writer.set_membership(id, accounts[*account], ROLES[*role], NOW));
    }
    for place in &person.links {
        let (org, object) = PLACES[*place];
        workspace.link(id, org, object, &format!("{id}-{place}"), None);
    }
    for (list, sql) in [
        (
            &person.marks,
            "INSERT OR IGNORE INTO marks (replication_id, contact_id, at, points) VALUES",
        ),
        (
            &person.queued,
            "INSERT OR IGNORE INTO queue (replication_id, contact_id, state, seq, settings_version, mapping_version, describe_version, since) VALUES",
        ),
    ] {
        for at in list {
            let rest = if sql.contains("marks") {
                format!("{NOW}, 5")
            } else {
                format!("'pending', 1, 1, 1, 0, {NOW}")
            };
            workspace.sql(&format!("{sql} ({}, {id}, {rest})", replications[*at]));
        }
    }
    id
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]
    #[test]
    fn a_merge_undone_leaves_everything_as_it_was(first in any_person(), second in any_person()) {
        let workspace = workspace();
        let accounts = ["A", "B", "C"].map(|name| {
            let values = BTreeMap::from([(AccountField::Name, name.to_owned())]);
            workspace.writing(|writer| writer.insert_account(&values, None, NOW))
        });
        let replications = ["R", "S", "T"].map(|name| workspace.replication(name, None));
        let survivor = settle(&workspace, &first, &accounts, &replications);
        let loser = settle(&workspace, &second, &accounts, &replications);
        let before = workspace.dump(TABLES);
        let act = merge(&workspace, survivor, loser);
        prop_assert_ne!(&workspace.dump(TABLES), &before);
        let undone = workspace.writing(|writer| writer.undo(act, NOW + 2));
        prop_assert!(undone.left_alone.is_empty());
        prop_assert_eq!(workspace.dump(TABLES), before);
    }
}
