//! A run that nobody watches stops where the org refuses too much.

use leadferry_replication::{Cancel, Reach, RunReport, StopKind, Unseen, Wish, run};
use leadferry_store::ReplicationId;
use serde_json::json;

use crate::harness::{World, world};

async fn run_as(world: &World, leads: ReplicationId, scheduled: bool) -> RunReport {
    let clock = world.clock();
    let wish = Wish {
        reach: Reach::Whole,
        scheduled,
    };
    let cancel = Cancel::new();
    let (store, org, policy) = (&world.store, &world.org, &world.policy);
    let running = run(store, leads, org, &*clock, policy, wish, &cancel, &Unseen);
    running.await.unwrap()
}

#[tokio::test]
async fn a_scheduled_run_of_which_more_than_a_fifth_is_refused_stops_and_asks() {
    let world = world().await;
    let leads = world.leads_with(|settings| (settings.batch_size, settings.in_flight) = (50, 1));
    world.add_people(400);
    let refused = json!({
        "name": "row_error", "code": "FIELD_CUSTOM_VALIDATION_EXCEPTION", "fraction": 0.5,
    });
    world.fault(refused).await;

    let report = run_as(&world, leads, true).await;

    let stop = report.stopped.expect("it stops");
    assert_eq!(stop.kind, StopKind::Brake, "{stop:?}");
    let tried = report.created + report.failed;
    assert!((200..400).contains(&tried), "{tried}");
    let kept = world.read(|reader| reader.last_run(leads)).unwrap();
    assert_eq!(kept.stop_kind.as_deref(), Some("brake"));
    // Somebody who runs it is there to see what happens.
    let watched = run_as(&world, leads, false).await;
    assert_eq!(watched.stopped, None);
    assert_eq!(
        report.created + watched.created + report.failed + watched.failed,
        400
    );
}

#[tokio::test]
async fn few_refusals_and_passing_ones_stop_nothing() {
    let world = world().await;
    let leads = world.leads_with(|settings| (settings.batch_size, settings.in_flight) = (50, 1));
    world.add_people(250);
    world
        .fault(json!({"name": "lock_rows", "times": 2, "fraction": 0.5}))
        .await;
    let report = run_as(&world, leads, true).await;
    assert_eq!((report.created, report.stopped), (250, None));
}
