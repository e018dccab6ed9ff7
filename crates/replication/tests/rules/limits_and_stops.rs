//! What would hit every row stops the run; the queue waits.

use leadferry_replication::StopKind;
use leadferry_store::EntryState;
use serde_json::json;

use crate::harness::{IDENTIFIER, LEAD, WRITES, World, a_contact, bare_world, world};

#[tokio::test]
async fn an_org_too_busy_at_the_very_start_is_waited_for() {
    let world = world().await;
    world.add(a_contact());
    let leads = world.leads();
    world
        .fault(json!({"name": "concurrent_limit", "times": 2, "match": {"path": "/describe"}}))
        .await;
    let report = world.run(leads).await;
    assert_eq!((report.created, &report.stopped), (1, &None), "{report:?}");
}

#[tokio::test]
async fn a_plan_says_when_the_org_lacks_the_identifier() {
    let world = bare_world().await;
    world.add(a_contact());
    let leads = world.leads();
    let plan = world.plan(leads);
    assert!(
        plan.findings
            .iter()
            .any(|finding| finding.code == "no_identifier"),
        "{:?}",
        plan.findings
    );
}

#[tokio::test]
async fn the_daily_limit_stops_the_run_and_the_next_one_goes_on() {
    let world = world().await;
    let people = world.add_people(6);
    let leads = world.leads_with(|settings| {
        settings.batch_size = 2;
        settings.in_flight = 1;
    });
    world.fault(json!({"name": "daily_limit", "percent": 50, "match": {"path": WRITES, "method": "PATCH"}})).await;

    let report = world.run(leads).await;

    let stop = report.stopped.clone().unwrap();
    assert_eq!(stop.kind, StopKind::Limit);
    assert_eq!(
        (report.created, report.waiting, report.failed),
        (2, 4, 0),
        "{report:?}"
    );
    world.end_faults().await;
    let next = world.run(leads).await;
    assert_eq!((next.created, next.waiting, next.stopped), (4, 0, None));
    world.each_stands_once(&people).await;
}

#[tokio::test]
async fn a_daily_limit_met_while_matching_stops_the_run_too() {
    let world = world().await;
    world.add_people(2);
    let leads = world.leads();
    world
        .fault(json!({"name": "daily_limit", "match": {"path": "/composite", "method": "POST"}}))
        .await;
    let report = world.run(leads).await;
    assert_eq!(report.stopped.map(|stop| stop.kind), Some(StopKind::Limit));
    assert_eq!((report.created, report.waiting), (0, 2));
    world.end_faults().await;
    assert_eq!(world.run(leads).await.created, 2);
}

#[tokio::test]
async fn who_was_still_to_be_entered_when_the_org_stopped_the_run_waits_with_the_others() {
    let world = world().await;
    world.add_people(1_200);
    let leads = world.leads();
    world
        .fault(json!({"name": "daily_limit", "match": {"path": "/describe"}}))
        .await;
    let report = world.run(leads).await;
    assert_eq!(report.stopped.map(|stop| stop.kind), Some(StopKind::Limit));
    assert_eq!((report.created, report.waiting), (0, 1_200));
}

#[tokio::test]
async fn full_storage_stops_the_run_and_blocks_nobody() {
    let world = world().await;
    let people = world.add_people(6);
    let leads = world.leads_with(|settings| {
        settings.batch_size = 2;
        settings.in_flight = 1;
    });
    world.fault(json!({"name": "storage_full"})).await;
    let report = world.run(leads).await;
    assert_eq!(
        report.stopped.as_ref().map(|stop| stop.kind),
        Some(StopKind::Storage)
    );
    assert_eq!(
        (
            report.created,
            report.blocked,
            report.failed,
            report.waiting
        ),
        (0, 0, 0, 6),
        "{report:?}"
    );
    assert!(report.calls <= 4, "it does not try the rest: {report:?}");
    assert_eq!(world.entry(leads, people[0]).unwrap().attempts, 0);
    world.end_faults().await;
    assert_eq!(world.run(leads).await.created, 6);
    world.each_stands_once(&people).await;
}

/// Sets how many of 1,000 calls are used, and lets the workspace know, as a test of the connection would.
async fn used(world: &World, used: u64) {
    let limits = json!({"daily_api_requests": 1_000, "api_requests_used": used});
    world.admin(reqwest::Method::PUT, "/limits", limits).await;
    let (connection, at) = (world.org.connection, world.now());
    let reading = leadferry_store::ApiReading {
        at,
        calls: 0,
        used: Some(used),
        max: Some(1_000),
    };
    world.write(|writer| writer.keep_reading(connection, &reading));
}

async fn used_now(world: &World) -> u64 {
    let limits = world
        .admin(reqwest::Method::GET, "/limits", json!(null))
        .await;
    limits["api_requests_used"].as_u64().unwrap()
}

#[tokio::test]
async fn the_reserve_of_calls_is_left_to_others_whatever_is_in_flight() {
    for in_flight in [1, 4] {
        let world = world().await;
        let people = world.add_people(12);
        let leads = world.leads_with(|settings| {
            settings.batch_size = 2;
            settings.in_flight = in_flight;
            settings.api_reserve = 100;
        });
        used(&world, 950).await;
        let report = world.run_as_far_as_it_gets(leads).await;
        let kind = |report: &leadferry_replication::RunReport| {
            report.stopped.as_ref().map(|stop| stop.kind)
        };
        assert_eq!(kind(&report), Some(StopKind::Limit), "{report:?}");
        assert_eq!((report.created, report.waiting), (0, 12), "{report:?}");
        assert_eq!(used_now(&world).await, 950, "nothing comes out of it");

        used(&world, 895).await;
        let report = world.run(leads).await;
        assert_eq!(kind(&report), Some(StopKind::Limit), "{report:?}");
        assert_eq!(
            (report.created, report.calls, report.waiting),
            (0, 1, 12),
            "a run that costs 8 calls looks at the fields, and does not begin with 5: {report:?}"
        );

        let report = world.run_as_far_as_it_gets(leads).await;
        assert_eq!(kind(&report), Some(StopKind::Limit), "{report:?}");
        assert_eq!(
            (report.created, report.waiting),
            (4, 8),
            "the fields, a question and two batches: {report:?}"
        );
        assert_eq!(used_now(&world).await, 900, "not one call too many");

        used(&world, 0).await;
        let report = world.run(leads).await;
        assert_eq!((report.stopped, report.created), (None, 8));
        world.each_stands_once(&people).await;
    }
}

#[tokio::test]
async fn a_run_remembers_what_is_left_of_the_allowance() {
    let world = world().await;
    world.add_people(1);
    let leads = world.leads();
    world
        .admin(
            reqwest::Method::PUT,
            "/limits",
            json!({"daily_api_requests": 1_000, "api_requests_used": 500}),
        )
        .await;
    let report = world.run(leads).await;
    let run = world.read(|reader| reader.run(report.run.unwrap()));
    assert!(
        run.calls_left.is_some_and(|left| left <= 500 && left > 480),
        "{run:?}"
    );
    let allowance = world.plan(leads).allowance.unwrap();
    assert_eq!(allowance.max, 1_000);
}

#[tokio::test]
async fn a_field_hidden_or_gone_in_mid_run_stops_it_by_name_and_blocks_nobody() {
    for name in ["field_hidden", "field_gone"] {
        let world = world().await;
        let leads = world.replication("Lead", &format!("{LEAD}city=City\n"), |_| {});
        world.add(a_contact().city("Lagos").email("a@example.com"));
        world.add(a_contact().city("Abuja").email("b@example.com"));
        // Seen by the describe at the start, gone when the rows come.
        world.fault(json!({"name": "slow", "ms": 300, "times": 1, "match": {"path": "/composite", "method": "POST"}})).await;
        let hide = async {
            while !world.latest_requests(1).await[0].1.ends_with("/composite") {
                tokio::time::sleep(std::time::Duration::from_millis(5)).await;
            }
            world
                .fault(json!({"name": name, "object": "Lead", "field": "City"}))
                .await;
        };

        let (report, ()) = tokio::join!(world.run(leads), hide);

        let stop = report
            .stopped
            .clone()
            .unwrap_or_else(|| panic!("{name}: {report:?}"));
        assert_eq!(stop.kind, StopKind::SetUp, "{name}");
        assert!(stop.message.contains("City"), "{name}: {}", stop.message);
        assert_eq!(
            (
                report.created,
                report.blocked,
                report.failed,
                report.waiting
            ),
            (0, 0, 0, 2),
            "{name}: {report:?}"
        );
        assert_eq!(
            world.count(leads, EntryState::Pending),
            2,
            "{name}: handed back"
        );
        world.end_faults().await;
        world.keep_describes().await;
        assert_eq!(world.run(leads).await.created, 2, "{name}");
    }
}

#[tokio::test]
async fn a_field_gone_before_the_run_stops_it_before_anything_is_sent() {
    let world = world().await;
    world
        .custom_field(
            "Lead",
            "Extra__c",
            crate::harness::text_field(20, false, false),
        )
        .await;
    world.keep_describes().await;
    let leads = world.replication("Lead", &format!("{LEAD}city=Extra__c\n"), |_| {});
    world.add(a_contact().city("Lagos"));
    world.remove_custom_field("Lead", "Extra__c").await;

    let report = world.run(leads).await;

    let stop = report.stopped.clone().unwrap();
    assert_eq!(
        (stop.kind, stop.message.contains("Extra__c")),
        (StopKind::SetUp, true),
        "{}",
        stop.message
    );
    assert_eq!((report.created, report.waiting), (0, 1), "{report:?}");
    world.change_mapping(leads, LEAD);
    assert_eq!(world.run(leads).await.created, 1);
    assert!(
        world
            .link(leadferry_store::ContactId(1), "Lead")
            .is_some_and(|link| link.identifier.is_some()),
        "{IDENTIFIER}"
    );
}
