//! Records that were deleted, converted or merged in the org.

use leadferry_replication::settings::{WhenConverted, WhenDeleted};
use leadferry_store::{ContactField, ContactId, EntryState, LinkOrigin, LinkState, ReplicationId};
use serde_json::json;

use crate::harness::{CONTACT, IDENTIFIER, World, a_contact, text, world};

/// A contact that went as a lead; returns it with its record.
async fn a_linked_lead(world: &World, leads: ReplicationId) -> (ContactId, String) {
    let contact = world.add(a_contact().first_name("Ada").email("ada@example.com"));
    assert_eq!(world.run(leads).await.created, 1);
    (contact, world.link(contact, "Lead").unwrap().record_id)
}

#[tokio::test]
async fn a_linked_record_that_was_deleted_blocks_the_contact() {
    let world = world().await;
    let leads = world.leads();
    let (contact, record) = a_linked_lead(&world, leads).await;
    world.delete_in_org(&record).await;
    world.set(contact, ContactField::FirstName, Some("Eve"));
    let plan = world.find_people(leads).await;
    assert_eq!((plan.counts.blocked, plan.counts.update), (1, 0));

    let report = world.run(leads).await;

    assert_eq!(
        (report.blocked, report.created, report.updated),
        (1, 0, 0),
        "{report:?}"
    );
    assert_eq!(
        world.code(leads, contact).as_deref(),
        Some("deleted_in_salesforce")
    );
    assert_eq!(
        world.link(contact, "Lead").unwrap().state,
        LinkState::Deleted
    );
    assert_eq!(world.run(leads).await.calls, 0);
    world.set(contact, ContactField::FirstName, Some("Still blocked"));
    let report = world.run(leads).await;
    assert_eq!((report.created, report.calls), (0, 0), "{report:?}");
    assert_eq!(world.plan(leads).counts.blocked, 1);
}

#[tokio::test]
async fn a_record_that_came_back_from_the_recycle_bin_goes_on_after_a_retry() {
    // Stamped with our identifier, or merely linked.
    for stamped in [true, false] {
        let world = world().await;
        let leads = world.leads();
        let (contact, record) = if stamped {
            a_linked_lead(&world, leads).await
        } else {
            let record = world.lead("Okafor", "else@example.com").await;
            let contact = world.add(a_contact().email("ada@example.com"));
            world.link_by_hand(contact, "Lead", &record);
            assert_eq!(world.run(leads).await.updated, 1);
            (contact, record)
        };
        world.delete_in_org(&record).await;
        world.set(contact, ContactField::FirstName, Some("Eve"));
        assert_eq!(world.run(leads).await.blocked, 1, "{stamped}");
        let retry = || {
            let now = world.now();
            world.write(|writer| writer.retry_entries(leads, &[contact], None, false, now))
        };
        retry();
        let early = world.run(leads).await;
        assert_eq!(
            (early.updated, early.created, early.blocked),
            (0, 0, 1),
            "{stamped}: still deleted"
        );
        world.change_in_org("undelete", json!({"id": record})).await;
        retry();

        let report = world.run(leads).await;

        assert_eq!(
            (report.updated, report.created, report.standing),
            (1, 0, 0),
            "{stamped}: {report:?}"
        );
        assert_eq!(text(&world.the_lead().await, "FirstName"), "Eve");
        let link = world.link(contact, "Lead").unwrap();
        assert_eq!((link.record_id, link.state), (record, LinkState::Linked));
        assert_eq!(world.run(leads).await.calls, 0);
    }
}

#[tokio::test]
async fn a_restored_record_is_taken_up_again_and_no_second_one_is_created() {
    let world = world().await;
    let leads = world.leads_with(|settings| settings.create_missing = true);
    let (contact, record) = a_linked_lead(&world, leads).await;
    world.delete_in_org(&record).await;
    world.set(contact, ContactField::FirstName, Some("Eve"));
    world.run(leads).await;
    world.change_in_org("undelete", json!({"id": record})).await;
    world.change_settings(leads, |settings| settings.deleted = WhenDeleted::Recreate);
    let report = world.run(leads).await;
    assert_eq!((report.updated, report.created), (1, 0), "{report:?}");
    assert_eq!(text(&world.the_lead().await, "FirstName"), "Eve");
}

#[tokio::test]
async fn a_linked_record_that_was_deleted_is_created_anew_when_the_setting_says_so() {
    let world = world().await;
    let leads = world.leads_with(|settings| settings.deleted = WhenDeleted::Recreate);
    let (contact, record) = a_linked_lead(&world, leads).await;
    world.delete_in_org(&record).await;
    world.set(contact, ContactField::FirstName, Some("Eve"));
    let plan = world.find_people(leads).await;
    assert_eq!((plan.counts.create, plan.counts.update), (1, 0));

    let report = world.run(leads).await;

    assert_eq!((report.created, report.blocked), (1, 0), "{report:?}");
    let lead = world.the_lead().await;
    assert_eq!(
        (text(&lead, "FirstName"), text(&lead, IDENTIFIER)),
        ("Eve", world.guid(contact).as_str())
    );
    let link = world.link(contact, "Lead").unwrap();
    assert_eq!(
        (link.record_id.as_str(), link.state),
        (text(&lead, "Id"), LinkState::Linked)
    );
    assert_eq!(world.run(leads).await.calls, 0);
}

#[tokio::test]
async fn a_record_purged_from_the_recycle_bin_counts_as_deleted() {
    let world = world().await;
    let leads = world.leads();
    let (contact, record) = a_linked_lead(&world, leads).await;
    world.change_in_org("purge", json!({"id": record})).await;
    world.set(contact, ContactField::FirstName, Some("Eve"));
    let report = world.run(leads).await;
    assert_eq!(report.blocked, 1, "{report:?}");
    assert_eq!(
        world.code(leads, contact).as_deref(),
        Some("deleted_in_salesforce")
    );
}

#[tokio::test]
async fn switching_to_recreate_ends_the_block() {
    let world = world().await;
    let leads = world.leads();
    let (contact, record) = a_linked_lead(&world, leads).await;
    world.delete_in_org(&record).await;
    world.set(contact, ContactField::FirstName, Some("Eve"));
    world.run(leads).await;
    world.change_settings(leads, |settings| settings.deleted = WhenDeleted::Recreate);
    let report = world.run(leads).await;
    assert_eq!(report.created, 1, "{report:?}");
    assert_eq!(world.leads_in_org().await.len(), 1);
}

#[tokio::test]
async fn a_contact_record_deleted_unseen_is_noticed_by_the_refused_update() {
    let world = world().await;
    let contacts = world.replication("Contact", CONTACT, |settings| settings.old_values = false);
    let contact = world.add(a_contact());
    world.run(contacts).await;
    world
        .delete_in_org(&world.link(contact, "Contact").unwrap().record_id)
        .await;
    world.set(contact, ContactField::FirstName, Some("Eve"));
    let report = world.run(contacts).await;
    assert_eq!(
        (report.updated, report.blocked, report.failed),
        (0, 1, 0),
        "{report:?}"
    );
    assert_eq!(
        world.code(contacts, contact).as_deref(),
        Some("deleted_in_salesforce")
    );
}

#[tokio::test]
async fn a_converted_lead_is_followed_to_its_contact_when_a_contact_replication_goes_on() {
    let world = world().await;
    let leads = world.leads();
    let contacts = world.replication("Contact", CONTACT, |settings| {
        settings.create_missing = false
    });
    let (contact, record) = a_linked_lead(&world, leads).await;
    let converted = world
        .change_in_org("convert-lead", json!({"id": record}))
        .await;
    let their_contact = text(&converted, "contactId").to_owned();
    world.set(contact, ContactField::FirstName, Some("Eve"));
    let plan = world.find_people(leads).await;
    assert_eq!(
        (
            plan.counts.left_out,
            plan.counts.blocked,
            plan.counts.update
        ),
        (1, 0, 0)
    );

    let report = world.run(leads).await;

    assert_eq!(
        (report.updated, report.blocked, report.withdrawn),
        (0, 0, 1),
        "{report:?}"
    );
    assert_eq!(world.state(leads, contact), Some(EntryState::Withdrawn));
    assert_eq!(
        world.link(contact, "Lead").unwrap().state,
        LinkState::Converted
    );
    let link = world.link(contact, "Contact").unwrap();
    assert_eq!(
        (link.record_id.clone(), link.origin),
        (their_contact.clone(), LinkOrigin::Followed)
    );
    assert_eq!(world.run(contacts).await.updated, 1);
    let in_org = world.soql("SELECT Id, FirstName FROM Contact").await;
    assert_eq!(
        (text(&in_org[0], "Id"), text(&in_org[0], "FirstName")),
        (their_contact.as_str(), "Eve")
    );
    assert_eq!(world.run(leads).await.calls, 0);
}

#[tokio::test]
async fn a_converted_lead_blocks_when_nothing_goes_on_or_the_setting_says_so() {
    for (setting, with_contacts) in [(WhenConverted::Follow, false), (WhenConverted::Block, true)] {
        let world = world().await;
        let leads = world.leads_with(|settings| settings.converted = setting);
        if with_contacts {
            world.replication("Contact", CONTACT, |_| {});
        }
        let (contact, record) = a_linked_lead(&world, leads).await;
        world
            .change_in_org("convert-lead", json!({"id": record}))
            .await;
        world.set(contact, ContactField::FirstName, Some("Eve"));
        let plan = world.find_people(leads).await;
        assert_eq!(
            (plan.counts.blocked, plan.counts.left_out),
            (1, 0),
            "{setting:?}"
        );

        let report = world.run(leads).await;

        assert_eq!(
            (report.updated, report.blocked),
            (0, 1),
            "{setting:?}: {report:?}"
        );
        assert_eq!(world.code(leads, contact).as_deref(), Some("converted"));
        let followed = world.link(contact, "Contact").is_some();
        assert_eq!(followed, setting == WhenConverted::Follow);
        assert_eq!(world.run(leads).await.calls, 0);
    }
}

#[tokio::test]
async fn a_converted_lead_that_holds_the_identifier_is_followed_too() {
    let world = world().await;
    let contact = world.add(a_contact());
    let fields = json!({"LastName": "Old", "Company": "Acme", IDENTIFIER: world.guid(contact)});
    let lead = world.record("Lead", fields).await;
    world
        .change_in_org("convert-lead", json!({"id": lead}))
        .await;
    let leads = world.leads();
    world.replication("Contact", CONTACT, |_| {});
    let report = world.run(leads).await;
    assert_eq!((report.created, report.withdrawn), (0, 1), "{report:?}");
    assert!(world.link(contact, "Contact").is_some());
}

#[tokio::test]
async fn the_link_follows_the_winner_of_a_merge_in_the_org() {
    let world = world().await;
    let leads = world.leads();
    let (contact, record) = a_linked_lead(&world, leads).await;
    let winner = world.lead("Winner", "winner@example.com").await;
    world
        .change_in_org("merge", json!({"winner": winner, "losers": [record]}))
        .await;
    world.set(contact, ContactField::FirstName, Some("Eve"));
    let plan = world.find_people(leads).await;
    assert_eq!((plan.counts.update, plan.counts.blocked), (1, 0));

    let report = world.run(leads).await;

    assert_eq!(
        (report.created, report.updated, report.blocked),
        (0, 1, 0),
        "{report:?}"
    );
    let link = world.link(contact, "Lead").unwrap();
    assert_eq!(
        (link.record_id, link.origin),
        (winner, LinkOrigin::Followed)
    );
    assert_eq!(text(&world.the_lead().await, "FirstName"), "Eve");
    assert_eq!(world.run(leads).await.calls, 0);
}

#[tokio::test]
async fn a_merge_won_by_another_contacts_record_is_ambiguous() {
    let world = world().await;
    let leads = world.leads();
    let (contact, record) = a_linked_lead(&world, leads).await;
    let other = world.add(a_contact().last_name("Other").email("other@example.com"));
    world.run(leads).await;
    let winner = world.link(other, "Lead").unwrap().record_id;
    world
        .change_in_org("merge", json!({"winner": winner, "losers": [record]}))
        .await;
    world.set(contact, ContactField::FirstName, Some("Eve"));

    let report = world.run(leads).await;

    assert_eq!((report.updated, report.blocked), (0, 1), "{report:?}");
    assert_eq!(world.code(leads, contact).as_deref(), Some("ambiguous"));
    assert_eq!(world.link(other, "Lead").unwrap().record_id, winner);
}

#[tokio::test]
async fn a_merge_won_by_a_record_with_a_foreign_identifier_is_ambiguous() {
    let world = world().await;
    let leads = world.leads();
    let (contact, record) = a_linked_lead(&world, leads).await;
    let fields = json!({"LastName": "Winner", "Company": "Acme", IDENTIFIER: "e".repeat(32)});
    let winner = world.record("Lead", fields).await;
    world
        .change_in_org("merge", json!({"winner": winner, "losers": [record]}))
        .await;
    world.set(contact, ContactField::FirstName, Some("Eve"));
    let report = world.run(leads).await;
    assert_eq!((report.updated, report.blocked), (0, 1), "{report:?}");
    assert_eq!(world.code(leads, contact).as_deref(), Some("ambiguous"));
}

#[tokio::test]
async fn a_record_undeleted_by_a_colleague_can_be_updated_after_a_retry_by_hand() {
    let world = world().await;
    let leads = world.leads();
    let (contact, record) = a_linked_lead(&world, leads).await;
    world.delete_in_org(&record).await;
    world.set(contact, ContactField::FirstName, Some("Eve"));
    world.run(leads).await;
    world.change_in_org("undelete", json!({"id": record})).await;
    world.change_settings(leads, |settings| settings.deleted = WhenDeleted::Recreate);
    let report = world.run(leads).await;
    assert_eq!((report.created, report.updated), (0, 1), "{report:?}");
    assert_eq!(text(&world.the_lead().await, "FirstName"), "Eve");
    assert_eq!(
        world.link(contact, "Lead").unwrap().state,
        LinkState::Linked
    );
}

/// Two people with a lead each are found to be one, here and in the org: whichever record the org keeps stays linked.
#[tokio::test]
async fn two_records_of_one_person_become_one_when_the_org_merges_them() {
    for (own_wins, by_pull) in [(false, true), (false, false), (true, true), (true, false)] {
        let world = world().await;
        let leads = world.leads();
        let [one, other] = ["One", "Other"].map(|name| {
            let email = format!("{name}@example.com");
            world.add(a_contact().last_name(name).email(&email).company("Acme"))
        });
        world.run(leads).await;
        let [own, second] =
            [one, other].map(|contact| world.link(contact, "Lead").unwrap().record_id);
        world.add_pull(&[("Lead", &["LastName", "Email"])]);
        world.pull().await;
        let now = world.now();
        world.write(|writer| writer.merge_contacts(one, other, now));
        let (winner, loser) = match own_wins {
            true => (&own, &second),
            false => (&second, &own),
        };
        world
            .change_in_org("merge", json!({"winner": winner, "losers": [loser]}))
            .await;
        if by_pull {
            world.pull().await;
        }
        world.set(one, ContactField::FirstName, Some("Eve"));
        let report = world.run(leads).await;
        let case = format!("own wins: {own_wins}, by pull: {by_pull}: {report:?}");
        assert_eq!((report.created, report.blocked), (0, 0), "{case}");
        assert_eq!(
            &world.link(one, "Lead").unwrap().record_id,
            winner,
            "{case}"
        );
        assert_eq!(text(&world.the_lead().await, "FirstName"), "Eve", "{case}");
        if by_pull {
            let left_over = world.read(|reader| reader.links_left_over(one));
            assert!(left_over.is_empty(), "{case}");
        }
        assert_eq!(world.run(leads).await.calls, 0, "{case}");
    }
}

#[tokio::test]
async fn the_contact_of_a_person_account_is_blocked_before_anything_is_sent() {
    let world = world().await;
    let people = world.replication("Contact", CONTACT, |_| {});
    let contact = world.add(
        a_contact()
            .first_name("Pia")
            .last_name("Person")
            .email("pia@example.com"),
    );
    let other = world.add(a_contact().email("b@example.com"));
    world.run(people).await;
    assert_eq!(world.count(people, EntryState::Done), 2);
    // The org begins to have them, and one of our people is made one.
    world.switch("person_accounts", json!(true)).await;
    let account =
        json!({"FirstName": "Pia", "LastName": "Person", "PersonEmail": "pia@example.com"});
    world.record("Account", account).await;
    let person = world
        .soql("SELECT Id FROM Contact WHERE IsPersonAccount = true AND Email = 'pia@example.com'")
        .await;
    world.keep_describes().await;
    world.link_by_hand(contact, "Contact", text(&person[0], "Id"));
    for changed in [contact, other] {
        world.set(changed, ContactField::JobTitle, Some("Mason"));
        world.set(changed, ContactField::FirstName, Some("Pia Maria"));
    }
    let report = world.run(people).await;
    assert_eq!((report.updated, report.failed), (1, 0), "{report:?}");
    assert_eq!(
        world.code(people, contact).as_deref(),
        Some("person_account")
    );
    assert_eq!(world.state(people, other), Some(EntryState::Done));
}
