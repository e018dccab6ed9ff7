//! Contacts that were merged in the workspace, before a run and while one is under way.

use leadferry_store::{ContactField, EntryState};
use serde_json::json;

use crate::harness::{IDENTIFIER, LEAD, WRITES, a_contact, text, world};

#[tokio::test]
async fn the_survivor_takes_the_losers_link_and_identifier() {
    let world = world().await;
    let leads = world.leads();
    let loser = world.add(a_contact().first_name("Loser"));
    world.run(leads).await;
    let guid = world.guid(loser);
    let survivor = world.add(a_contact().first_name("Survivor"));
    let now = world.now();
    world.write(|writer| writer.merge_contacts(survivor, loser, now));

    let report = world.run(leads).await;

    assert_eq!((report.created, report.updated), (0, 1), "{report:?}");
    let lead = world.the_lead().await;
    assert_eq!(
        (text(&lead, "FirstName"), text(&lead, IDENTIFIER)),
        ("Survivor", guid.as_str())
    );
    assert_eq!(world.run(leads).await.calls, 0);
}

#[tokio::test]
async fn a_record_that_holds_an_aliass_identifier_is_the_survivors() {
    let world = world().await;
    let loser = world.add(a_contact());
    let fields = json!({"LastName": "Old", "Company": "Acme", IDENTIFIER: world.guid(loser)});
    let record = world.record("Lead", fields).await;
    let survivor = world.add(a_contact().first_name("Survivor"));
    let now = world.now();
    world.write(|writer| writer.merge_contacts(survivor, loser, now));

    let report = world.run(world.leads()).await;

    assert_eq!((report.created, report.updated), (0, 1), "{report:?}");
    assert_eq!(world.link(survivor, "Lead").unwrap().record_id, record);
}

#[tokio::test]
async fn of_two_linked_contacts_the_survivor_keeps_its_own_record() {
    let world = world().await;
    let leads = world.leads();
    let survivor = world.add(a_contact().last_name("A"));
    let loser = world.add(a_contact().last_name("B"));
    world.run(leads).await;
    let own = world.link(survivor, "Lead").unwrap().record_id;
    let now = world.now();
    world.write(|writer| writer.merge_contacts(survivor, loser, now));
    world.set(survivor, ContactField::FirstName, Some("One"));

    let report = world.run(leads).await;

    assert_eq!((report.created, report.updated), (0, 1), "{report:?}");
    assert_eq!(world.link(survivor, "Lead").unwrap().record_id, own);
    assert!(
        world.link(loser, "Lead").is_some(),
        "two records in Salesforce"
    );
}

#[tokio::test]
async fn an_answer_in_flight_for_the_loser_is_the_survivors() {
    let world = world().await;
    let leads = world.leads();
    let loser = world.add(a_contact().first_name("Loser"));
    let guid = world.guid(loser);
    world.fault(json!({"name": "slow", "ms": 400, "times": 1, "match": {"path": WRITES, "method": "PATCH"}})).await;
    let report = world
        .run_and_while_sending(leads, || {
            let survivor = world.add(a_contact().first_name("Survivor"));
            let now = world.now();
            world.write(|writer| writer.merge_contacts(survivor, loser, now));
        })
        .await;
    assert_eq!(
        (report.created, report.blocked, report.failed),
        (1, 0, 0),
        "{report:?}"
    );
    let survivor = leadferry_store::ContactId(loser.0 + 1);
    assert!(world.link(survivor, "Lead").is_some() && world.link(loser, "Lead").is_none());

    let report = world.run(leads).await;

    assert_eq!((report.created, report.updated), (0, 1), "{report:?}");
    let lead = world.the_lead().await;
    assert_eq!(
        (text(&lead, "FirstName"), text(&lead, IDENTIFIER)),
        ("Survivor", guid.as_str())
    );
    assert_eq!(world.run(leads).await.calls, 0);
}

#[tokio::test]
async fn when_both_are_in_flight_both_records_stay_known() {
    let world = world().await;
    let leads = world.leads();
    let survivor = world.add(a_contact().last_name("A"));
    let loser = world.add(a_contact().last_name("B"));
    world.fault(json!({"name": "slow", "ms": 400, "times": 1, "match": {"path": WRITES, "method": "PATCH"}})).await;
    let report = world
        .run_and_while_sending(leads, || {
            let now = world.now();
            world.write(|writer| writer.merge_contacts(survivor, loser, now));
        })
        .await;
    assert_eq!((report.created, report.failed), (2, 0), "{report:?}");
    assert!(world.link(survivor, "Lead").is_some() && world.link(loser, "Lead").is_some());
    assert_eq!(world.leads_in_org().await.len(), 2);
    assert_eq!(
        world
            .state(leads, loser)
            .filter(|state| *state == EntryState::Sending),
        None
    );
    let report = world.run(leads).await;
    assert_eq!((report.created, report.updated), (0, 0), "{report:?}");
}

#[tokio::test]
async fn a_contact_merged_away_is_not_sent_by_itself() {
    let world = world().await;
    let leads = world.replication("Lead", LEAD, |_| {});
    let loser = world.add(a_contact().last_name("Loser"));
    let survivor = world.add(a_contact().last_name("Survivor"));
    let now = world.now();
    world.write(|writer| writer.merge_contacts(survivor, loser, now));
    let report = world.run(leads).await;
    assert_eq!(report.created, 1, "{report:?}");
    assert_eq!(
        text(&world.the_lead().await, IDENTIFIER),
        world.guid(survivor)
    );
}
