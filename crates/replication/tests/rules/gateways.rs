//! Gateways between us and the org that take no large requests: batches are halved until they pass, and nothing goes twice.

use serde_json::json;

use crate::harness::{WRITES, World, world};

async fn passes_in_smaller_requests(cut: bool) {
    let world = world().await;
    let people = world.add_people(450);
    let leads = world.leads();
    world
        .fault(json!({"name": "gateway_limit", "rows": 50, "cut": cut}))
        .await;

    let report = world.run(leads).await;

    assert_eq!(
        (report.created, report.waiting, report.stopped.as_ref()),
        (450, 0, None),
        "{report:?}"
    );
    world.each_stands_once(&people).await;
    for person in &people {
        world.set(
            *person,
            leadferry_store::ContactField::FirstName,
            Some("Eve"),
        );
    }
    assert_eq!(world.run(leads).await.updated, 450, "and so do updates");
}

#[tokio::test]
async fn a_page_that_says_too_large_halves_the_batch() {
    passes_in_smaller_requests(false).await;
}

#[tokio::test]
async fn a_connection_that_is_cut_again_after_the_org_was_asked_halves_the_batch() {
    passes_in_smaller_requests(true).await;
}

#[tokio::test]
async fn what_was_too_large_once_is_not_tried_at_that_size_again() {
    let world = world().await;
    world.add_people(1_000);
    let leads = world.leads_with(|settings| settings.in_flight = 1);
    world
        .fault(json!({"name": "gateway_limit", "rows": 50}))
        .await;
    let report = world.run(leads).await;
    assert_eq!(report.created, 1_000);
    // A describe, a question, twenty requests of fifty, and few that were refused.
    assert!(report.calls <= 2 + 20 + 12, "{report:?}");
}

#[tokio::test]
async fn a_batch_that_an_earlier_run_left_is_halved_as_well() {
    let world = world().await;
    let people = world.add_people(200);
    let leads = world.leads();
    world
        .fault(json!({"name": "reset_before", "match": {"path": WRITES, "method": "PATCH"}}))
        .await;
    let stuck = world.run(leads).await;
    assert!(stuck.stopped.is_some() && stuck.created == 0, "{stuck:?}");
    world.end_faults().await;
    world
        .fault(json!({"name": "gateway_limit", "rows": 50}))
        .await;
    world.change_settings(leads, |settings| settings.batch_size = 50);

    let report = world.run(leads).await;

    assert_eq!(
        (report.created, report.waiting, report.stopped.as_ref()),
        (200, 0, None),
        "{report:?}"
    );
    world.each_stands_once(&people).await;
}

#[tokio::test]
async fn one_row_that_is_too_large_alone_blocks_its_contact_and_nobody_else() {
    let world = world().await;
    world.add_people(3);
    let leads = world.leads();
    world
        .fault(json!({
            "name": "refuse_request", "status": 413, "code": "EXCEEDED_MAX_SIZE_REQUEST", "message": "too large",
            "values": ["P1"],
        }))
        .await;
    let report = world.run(leads).await;
    assert_eq!(
        (report.created, report.failed, report.standing),
        (2, 1, 1),
        "{report:?}"
    );
    assert_no_promise(&world, leads);
}

fn assert_no_promise(world: &World, replication: leadferry_store::ReplicationId) {
    let state = leadferry_store::EntryState::Blocked;
    let place = leadferry_store::QueuePlace::default();
    let entries = world.read(|reader| reader.queue_page(replication, state, None, place, 10));
    for entry in entries {
        let message = entry.reason.unwrap().message;
        assert!(!message.contains("No action needed"), "{message}");
    }
}
