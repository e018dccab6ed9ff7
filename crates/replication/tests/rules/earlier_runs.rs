//! What earlier runs have left: batches without an answer, and what changed since.

use leadferry_replication::Cancel;
use leadferry_store::{ContactField, EntryState};
use serde_json::json;

use crate::harness::{IDENTIFIER, LEAD, WRITES, World, a_contact, text, text_field, world};

/// Leaves a batch behind that took effect, but whose answer never came before the run gave up.
pub(crate) async fn lose_the_answer(world: &World, replication: leadferry_store::ReplicationId) {
    lose_the_answer_by(world, replication, "reset_after").await;
}

async fn lose_the_answer_by(
    world: &World,
    replication: leadferry_store::ReplicationId,
    fault: &str,
) {
    world.spoil_writes(fault, 1).await;
    let cancel = Cancel::new();
    let stop = async {
        while world.count(replication, EntryState::Sending) == 0 {
            tokio::time::sleep(std::time::Duration::from_millis(2)).await;
        }
        cancel.cancel();
    };
    let (report, ()) = tokio::join!(world.run_until(replication, &cancel), stop);
    assert!(report.stopped.is_some(), "{report:?}");
    assert!(world.count(replication, EntryState::Sending) > 0);
    world.end_faults().await;
}

#[tokio::test]
async fn what_an_earlier_run_sent_without_an_answer_is_found_and_counted_once() {
    let world = world().await;
    let people = world.add_people(3);
    let leads = world.leads();
    lose_the_answer(&world, leads).await;
    let report = world.run(leads).await;
    assert_eq!(
        (report.created, report.updated, report.waiting),
        (3, 0, 0),
        "{report:?}"
    );
    world.each_stands_once(&people).await;
    let created: u64 = world
        .read(|reader| reader.runs(Some(leads), None, 9))
        .iter()
        .map(|run| run.created)
        .sum();
    assert_eq!(
        created, 3,
        "the history counts them once, where they were sent"
    );
}

#[tokio::test]
async fn a_mapping_changed_since_reaches_those_whose_answer_was_lost() {
    let world = world().await;
    world.add(a_contact().city("Lagos"));
    let leads = world.leads();
    lose_the_answer(&world, leads).await;
    world.change_mapping(leads, &format!("{LEAD}city=City\n"));
    let report = world.run(leads).await;
    assert_eq!((report.created, report.updated), (1, 1), "{report:?}");
    assert_eq!(text(&world.the_lead().await, "City"), "Lagos");
    assert_eq!(world.run(leads).await.calls, 0);
}

#[tokio::test]
async fn an_edit_since_goes_after_the_lost_answer_was_found() {
    let world = world().await;
    let contact = world.add(a_contact().first_name("First"));
    let leads = world.leads();
    lose_the_answer(&world, leads).await;
    world.set(contact, ContactField::FirstName, Some("Second"));
    let report = world.run(leads).await;
    assert_eq!((report.created, report.updated), (1, 1), "{report:?}");
    assert_eq!(text(&world.the_lead().await, "FirstName"), "Second");
}

#[tokio::test]
async fn a_contact_that_became_unsendable_since_is_counted_as_blocked_once() {
    let world = world().await;
    let contact = world.add(a_contact());
    let mapping = LEAD.replace("first_name=FirstName", "first_name=FirstName ; refuse");
    let leads = world.replication("Lead", &mapping, |_| {});
    lose_the_answer(&world, leads).await;
    world.set(contact, ContactField::FirstName, Some(&"x".repeat(41)));
    let report = world.run(leads).await;
    assert_eq!((report.created, report.blocked), (1, 1), "{report:?}");
    assert_eq!(world.state(leads, contact), Some(EntryState::Blocked));
}

#[tokio::test]
async fn a_run_settles_what_another_replication_has_left() {
    let world = world().await;
    let contact = world.add(a_contact().city("Lagos"));
    let names = world.leads();
    lose_the_answer(&world, names).await;
    let mapping = "last_name=LastName;on_create\n@company_name=Company;on_create\ncity=City\n";
    let places = world.replication("Lead", mapping, |_| {});

    let report = world.run(places).await;

    assert_eq!(report.waiting, 0, "{report:?}");
    let lead = world.the_lead().await;
    assert_eq!(
        (text(&lead, IDENTIFIER), text(&lead, "City")),
        (world.guid(contact).as_str(), "Lagos")
    );
    let next = world.run(names).await;
    assert_eq!(
        (next.created, next.updated, next.waiting),
        (0, 0, 0),
        "{next:?}"
    );
}

#[tokio::test]
async fn a_merge_here_while_the_answer_was_lost_gives_the_record_to_the_survivor() {
    let world = world().await;
    let loser = world.add(a_contact().first_name("Loser"));
    let leads = world.leads();
    lose_the_answer(&world, leads).await;
    let survivor = world.add(a_contact().first_name("Survivor"));
    let now = world.now();
    world.write(|writer| writer.merge_contacts(survivor, loser, now));
    world.run(leads).await;
    world.run(leads).await;
    let lead = world.the_lead().await;
    assert_eq!(
        (text(&lead, "FirstName"), text(&lead, IDENTIFIER)),
        ("Survivor", world.guid(loser).as_str())
    );
    assert!(world.link(survivor, "Lead").is_some());
}

#[tokio::test]
async fn an_update_whose_record_was_deleted_since_blocks() {
    let world = world().await;
    let contact = world.add(a_contact());
    let leads = world.leads();
    world.run(leads).await;
    world.set(contact, ContactField::FirstName, Some("Ada"));
    lose_the_answer(&world, leads).await;
    world
        .delete_in_org(&world.link(contact, "Lead").unwrap().record_id)
        .await;
    let report = world.run(leads).await;
    assert_eq!((report.updated, report.blocked), (0, 1), "{report:?}");
    assert_eq!(
        world.code(leads, contact).as_deref(),
        Some("deleted_in_salesforce")
    );
}

#[tokio::test]
async fn a_colleagues_change_since_gives_way_to_what_was_sent_without_an_answer() {
    let world = world().await;
    let contact = world.add(a_contact().first_name("First"));
    let leads = world.leads();
    world.run(leads).await;
    world.set(contact, ContactField::FirstName, Some("Second"));
    lose_the_answer(&world, leads).await;
    let id = world.link(contact, "Lead").unwrap().record_id;
    world
        .change_record("Lead", &id, json!({"FirstName": "Theirs"}))
        .await;
    let report = world.run(leads).await;
    assert_eq!(report.updated, 1, "{report:?}");
    assert_eq!(text(&world.the_lead().await, "FirstName"), "Second");
    assert_eq!(world.run(leads).await.calls, 0);
}

#[tokio::test]
async fn many_people_go_through_in_small_pieces() {
    for (chunk, batch_size, in_flight) in [(5, 3, 4), (5, 200, 1), (50, 7, 10)] {
        let mut world = world().await;
        world.policy.chunk = chunk;
        let people = world.add_people(60);
        let leads = world.leads_with(|settings| {
            settings.batch_size = batch_size;
            settings.in_flight = in_flight;
        });
        world
            .fault(json!({"name": "reset_after", "percent": 20, "match": {"path": WRITES}}))
            .await;
        world
            .fault(json!({"name": "lock_rows", "fraction": 0.1, "times": 5}))
            .await;
        let report = world.run(leads).await;
        assert_eq!(
            (report.created, report.waiting, report.failed),
            (60, 0, 0),
            "{chunk} {batch_size}: {report:?}"
        );
        world.each_stands_once(&people).await;
        world.end_faults().await;
        assert_eq!(world.run(leads).await.calls, 0);
    }
}

#[tokio::test]
async fn a_link_made_by_hand_while_the_request_is_under_way_is_followed() {
    let world = world().await;
    let contact = world.add(a_contact().first_name("Ada"));
    let leads = world.leads();
    world.run(leads).await;
    let other = world.lead("Other", "other@example.com").await;
    world.set(contact, ContactField::FirstName, Some("Eve"));
    world.fault(json!({"name": "slow", "ms": 300, "times": 1, "match": {"path": WRITES, "method": "PATCH"}})).await;
    let report = world
        .run_and_while_sending(leads, || world.link_by_hand(contact, "Lead", &other))
        .await;
    assert_eq!(
        (report.blocked, report.failed, report.waiting),
        (0, 0, 0),
        "{report:?}"
    );
    assert_eq!(world.link(contact, "Lead").unwrap().record_id, other);
    let leads_now = world.leads_in_org().await;
    let named = leads_now.iter().find(|lead| lead["Id"] == *other).unwrap();
    assert_eq!(text(named, "FirstName"), "Eve");
    assert_eq!(
        world.run(leads).await.calls,
        0,
        "the identifier stays where it is"
    );
}

#[tokio::test]
async fn a_record_linked_to_another_contact_while_its_creation_is_under_way_is_ambiguous() {
    let world = world().await;
    let theirs = world.lead("Okafor", "a@example.com").await;
    let contact = world.add(a_contact().email("a@example.com"));
    let other = world.add(a_contact().last_name("Other").not_to_be_sent());
    let leads = world.leads();
    world.fault(json!({"name": "slow", "ms": 300, "times": 1, "match": {"path": WRITES, "method": "PATCH"}})).await;
    let report = world
        .run_and_while_sending(leads, || world.link_by_hand(other, "Lead", &theirs))
        .await;
    assert_eq!((report.blocked, report.waiting), (1, 0), "{report:?}");
    assert_eq!(world.code(leads, contact).as_deref(), Some("ambiguous"));
    assert_eq!(world.link(other, "Lead").unwrap().record_id, theirs);
}

#[tokio::test]
async fn a_field_that_is_gone_since_keeps_no_lost_answer_from_being_found() {
    for spoilt in ["reset_after", "reset_before"] {
        let world = world().await;
        world
            .custom_field("Lead", "Extra__c", text_field(20, false, false))
            .await;
        world.keep_describes().await;
        let leads = world.replication("Lead", &format!("{LEAD}city=Extra__c\n"), |_| {});
        let contact = world.add(a_contact().city("Lagos"));
        lose_the_answer_by(&world, leads, spoilt).await;
        world.remove_custom_field("Lead", "Extra__c").await;
        world.change_mapping(leads, LEAD);

        let report = world.run(leads).await;
        let next = world.run(leads).await;

        assert_eq!(
            (report.created, report.stopped.as_ref()),
            (1, None),
            "{spoilt}: {report:?}"
        );
        assert_eq!(next.created + next.updated, 0, "{spoilt}: {next:?}");
        assert_eq!((next.blocked, next.waiting), (0, 0), "{spoilt}: {next:?}");
        world.each_stands_once(&[contact]).await;
    }
}
