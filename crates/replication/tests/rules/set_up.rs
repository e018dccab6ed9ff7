//! What the org must have, and what happens where it has it no longer.

use leadferry_replication::Error;
use leadferry_store::{ContactField, EntryState, LinkOrigin};
use serde_json::json;

use crate::harness::{IDENTIFIER, LEAD, a_contact, bare_world, text, text_field, world};

#[tokio::test]
async fn an_org_without_the_identifier_gets_updates_only() {
    let world = bare_world().await;
    let theirs = world.lead("OURS", "a@example.com").await;
    world.add(a_contact().last_name("Ours").email("a@example.com"));
    let new = world.add(a_contact().last_name("New").email("b@example.com"));
    let leads = world.leads();
    let plan = world.find_people(leads).await;
    assert_eq!(
        (plan.counts.update, plan.counts.create, plan.counts.blocked),
        (1, 0, 1)
    );

    let report = world.run(leads).await;

    assert_eq!(
        (report.created, report.updated, report.blocked),
        (0, 1, 1),
        "{report:?}"
    );
    assert_eq!(world.code(leads, new).as_deref(), Some("no_identifier"));
    let held = world.soql("SELECT Id, LastName FROM Lead").await;
    assert_eq!(
        (held.len(), text(&held[0], "Id"), text(&held[0], "LastName")),
        (1, theirs.as_str(), "Ours")
    );
    assert_eq!(world.run(leads).await.calls, 0);
}

#[tokio::test]
async fn making_the_identifier_frees_those_who_waited_for_it() {
    let world = bare_world().await;
    let contact = world.add(a_contact());
    let leads = world.leads();
    world.run(leads).await;
    world.identifier("Lead").await;
    world.keep_describes().await;
    let report = world.run(leads).await;
    assert_eq!((report.created, report.blocked), (1, 0), "{report:?}");
    assert_eq!(
        text(&world.the_lead().await, IDENTIFIER),
        world.guid(contact)
    );
}

#[tokio::test]
async fn an_identifier_that_is_no_longer_unique_stops_creating_and_updates_go_on() {
    let world = world().await;
    let leads = world.leads();
    let known = world.add(a_contact().last_name("Known"));
    world.run(leads).await;
    world.remove_custom_field("Lead", IDENTIFIER).await;
    world
        .custom_field("Lead", IDENTIFIER, text_field(32, true, false))
        .await;
    world.set(known, ContactField::FirstName, Some("Ada"));
    let new = world.add(a_contact().last_name("New"));

    let report = world.run(leads).await;

    assert_eq!(
        (report.created, report.updated, report.blocked),
        (0, 1, 1),
        "{report:?}"
    );
    assert_eq!(world.code(leads, new).as_deref(), Some("no_identifier"));
    assert_eq!(text(&world.the_lead().await, "FirstName"), "Ada");
}

#[tokio::test]
async fn an_identifier_lost_while_the_run_matches_creates_nothing() {
    let world = world().await;
    let leads = world.leads();
    world.add_people(2);
    world.fault(json!({"name": "slow", "ms": 300, "times": 1, "match": {"path": "/composite", "method": "POST"}})).await;
    let lose = async {
        while !world.latest_requests(1).await[0].1.ends_with("/composite") {
            tokio::time::sleep(std::time::Duration::from_millis(5)).await;
        }
        world.remove_custom_field("Lead", IDENTIFIER).await;
    };
    let (report, ()) = tokio::join!(world.run(leads), lose);
    assert_eq!((report.created, report.failed), (0, 0), "{report:?}");
    assert!(report.stopped.is_some(), "{report:?}");
    assert_eq!(report.waiting, 2, "{report:?}");
    assert!(world.soql("SELECT Id FROM Lead").await.is_empty());
}

#[tokio::test]
async fn a_describe_that_changed_is_fetched_before_anything_is_sent() {
    let world = world().await;
    let leads = world.replication("Lead", &format!("{LEAD}city=City\n"), |_| {});
    let contact = world.add(a_contact().city("Lagos"));
    world.run(leads).await;
    let before = world.read(|reader| reader.describe_version(Some(world.org.connection), "Lead"));
    world
        .custom_field("Lead", "Extra__c", text_field(20, false, false))
        .await;
    world.set(contact, ContactField::City, Some("Abuja"));
    let report = world.run(leads).await;
    assert_eq!((report.updated, report.blocked), (1, 0), "{report:?}");
    assert!(
        world.read(|reader| reader.describe_version(Some(world.org.connection), "Lead")) > before
    );
    assert_eq!(world.run(leads).await.calls, 0);
}

#[tokio::test]
async fn a_replication_that_is_switched_off_does_not_run() {
    let world = world().await;
    let leads = world.leads();
    world.add(a_contact());
    let mut replication = world.read(|reader| reader.replication(leads));
    replication.enabled = false;
    let now = world.now();
    world.write(|writer| writer.change_replication(&replication, now));
    let clock = world.clock();
    let cancel = leadferry_replication::Cancel::new();
    let refused = leadferry_replication::run(
        &world.store,
        leads,
        &world.org,
        &*clock,
        &world.policy,
        leadferry_replication::Reach::Whole,
        &cancel,
        &leadferry_replication::Unseen,
    )
    .await;
    assert!(matches!(refused, Err(Error::SwitchedOff(_))), "{refused:?}");
}

#[tokio::test]
async fn a_run_freezes_its_mapping_and_records_the_versions_it_worked_with() {
    let world = world().await;
    let leads = world.leads();
    world.add(a_contact());
    let report = world.run(leads).await;
    assert!(world.read(|reader| reader.mapping(leads)).frozen);
    let run = world.read(|reader| reader.run(report.run.unwrap()));
    assert_eq!((run.versions.mapping, run.versions.settings), (1, 1));
    assert!(run.versions.describe > 0 && run.bytes_sent > 0);
}

#[tokio::test]
async fn a_contact_without_what_the_org_requires_is_blocked_before_anything_is_sent() {
    let world = world().await;
    let leads = world.leads();
    let nameless = world.add(a_contact().without_last_name());
    let report = world.run(leads).await;
    assert_eq!((report.blocked, report.calls), (1, 0), "{report:?}");
    assert_eq!(
        world.code(leads, nameless).as_deref(),
        Some("required_missing")
    );
    world.set(nameless, ContactField::LastName, Some("Named"));
    assert_eq!(world.run(leads).await.created, 1);
    assert_eq!(world.state(leads, nameless), Some(EntryState::Done));
}

#[tokio::test]
async fn a_record_matched_while_there_was_no_identifier_is_stamped_once_there_is_one() {
    let world = bare_world().await;
    world.lead("OURS", "a@example.com").await;
    let contact = world.add(a_contact().last_name("Ours").email("a@example.com"));
    let leads = world.leads();
    world.run(leads).await;
    world.identifier("Lead").await;
    world.keep_describes().await;

    let report = world.run(leads).await;

    assert_eq!((report.updated, report.blocked), (1, 0), "{report:?}");
    assert_eq!(
        text(&world.the_lead().await, IDENTIFIER),
        world.guid(contact)
    );
    assert_eq!(world.run(leads).await.calls, 0);
}

#[tokio::test]
async fn a_record_that_was_linked_without_the_identifier_gets_it_with_the_next_run() {
    for origin in [LinkOrigin::Email, LinkOrigin::Hand, LinkOrigin::Followed] {
        let world = world().await;
        let record = world.lead("Theirs", "a@example.com").await;
        let contact = world.add(a_contact().last_name("Theirs").email("a@example.com"));
        world.link_as(origin, contact, "Lead", &record);
        let leads = world.leads();

        let report = world.run(leads).await;

        assert_eq!((report.updated, report.blocked), (1, 0), "{report:?}");
        assert_eq!(
            text(&world.the_lead().await, IDENTIFIER),
            world.guid(contact)
        );
        assert_eq!(world.run(leads).await.calls, 0, "once is enough");
    }
}
