//! What a plan counts, offline and after matching, and that a run does what the plan said.

use leadferry_replication::settings::Api;
use leadferry_replication::{Plan, PlanCounts, RunReport};
use leadferry_store::{ContactField, PlanDecision, ReplicationId};
use serde_json::json;

use crate::harness::{LEAD, World, a_contact, counts, text, world};

/// People of every kind; returns the replication that has sent some of them already.
async fn a_mixed_crowd(world: &World) -> ReplicationId {
    let leads = world.leads();
    let sent = world.add_people(4);
    world.run(leads).await;
    world.set(sent[0], ContactField::FirstName, Some("Changed"));
    world.set(sent[1], ContactField::FirstName, Some("Changed"));
    world.add(a_contact().last_name("New 1").email("new1@example.com"));
    world.add(a_contact().last_name("New 2"));
    world.add(a_contact().without_last_name().first_name("Nameless"));
    world.add(a_contact().last_name("Silent").not_to_be_sent());
    world.lead("Found", "found@example.com").await;
    world.add(a_contact().last_name("Found").email("found@example.com"));
    world.lead("Twin", "twin@example.com").await;
    world.lead("Twin", "twin@example.com").await;
    world.add(a_contact().last_name("Twin").email("twin@example.com"));
    world.add(a_contact().last_name("Shared").email("new1@example.com"));
    leads
}

#[tokio::test]
async fn without_the_org_each_contact_counts_once() {
    let world = world().await;
    let leads = a_mixed_crowd(&world).await;
    let before = world.requests().await;

    let plan = world.plan(leads);

    let expected = PlanCounts {
        update: 2,
        unchanged: 2,
        match_pending: 4,
        blocked: 2,
        left_out: 1,
        ..PlanCounts::default()
    };
    assert_eq!(counts(&plan), expected);
    assert_eq!(world.requests().await, before, "a plan asks nobody");
    assert!(!plan.matched);
}

#[tokio::test]
async fn after_matching_each_contact_counts_once_and_the_run_does_just_that() {
    let world = world().await;
    let leads = a_mixed_crowd(&world).await;

    let plan = world.find_people(leads).await;

    let expected = PlanCounts {
        create: 2,
        update: 3,
        unchanged: 2,
        blocked: 3,
        left_out: 1,
        ..PlanCounts::default()
    };
    assert_eq!(counts(&plan), expected);
    let report = world.run(leads).await;
    does_as_planned(&plan, &report);
}

fn does_as_planned(plan: &Plan, report: &RunReport) {
    let did = (
        report.created,
        report.updated,
        report.unchanged,
        report.blocked,
        report.left_out,
        report.calls,
    );
    let PlanCounts {
        create,
        update,
        unchanged,
        blocked,
        left_out,
        calls,
        ..
    } = plan.counts;
    assert_eq!(
        did,
        (create, update, unchanged, blocked, Some(left_out), calls),
        "{report:?}"
    );
    assert_eq!(
        (report.failed, report.waiting, report.stopped.as_ref()),
        (0, 0, None)
    );
}

#[tokio::test]
async fn the_calls_of_a_plan_are_those_of_the_run() {
    for (people, batch_size) in [(1, 200), (7, 3), (2_100, 200)] {
        let world = world().await;
        world.add_people(people);
        world.lead("P0", "p0@example.com").await;
        // How often a job is asked for nobody knows before.
        let leads = world.leads_with(|settings| {
            settings.batch_size = batch_size;
            settings.api = Api::Collections;
        });
        let plan = world.find_people(leads).await;
        let report = world.run(leads).await;
        does_as_planned(&plan, &report);

        let all = world.read(|reader| {
            reader.contacts_page(&leadferry_store::ContactFilter::default(), &[], None, 3_000)
        });
        for contact in all {
            world.set(contact.id, ContactField::FirstName, Some("Once more"));
        }
        let plan = world.plan(leads);
        assert_eq!(plan.counts.update, people as u64);
        does_as_planned(&plan, &world.run(leads).await);
    }
}

#[tokio::test]
async fn an_update_that_the_org_holds_already_counts_as_unchanged() {
    let world = world().await;
    let leads = world.replication("Lead", &format!("{LEAD}city=City ; if_empty\n"), |_| {});
    let contact = world.add(a_contact());
    world.run(leads).await;
    let id = text(&world.the_lead().await, "Id").to_owned();
    world
        .change_record("Lead", &id, json!({"City": "Theirs"}))
        .await;
    world.set(contact, ContactField::City, Some("Ours"));
    assert_eq!(world.plan(leads).counts.update, 1, "offline nobody knows");

    let plan = world.find_people(leads).await;

    assert_eq!(
        (plan.counts.update, plan.counts.unchanged),
        (0, 1),
        "{:?}",
        plan.counts
    );
    let report = world.run(leads).await;
    assert_eq!((report.updated, report.unchanged), (0, 1), "{report:?}");
    assert_eq!(text(&world.the_lead().await, "City"), "Theirs");
}

#[tokio::test]
async fn a_plan_changes_nothing_but_the_plan_that_is_kept() {
    let world = world().await;
    let contact = world.add(a_contact().email("a@example.com"));
    let leads = world.leads();
    world.find_people(leads).await;
    let plan = world.plan(leads);
    assert_eq!(world.entry(leads, contact), None);
    assert_eq!(world.link(contact, "Lead"), None);
    assert!(world.leads_in_org().await.is_empty());
    let kept = world.read(|reader| reader.latest_plan(leads)).unwrap();
    assert_eq!(
        (kept.id, kept.matched),
        (plan.id, false),
        "the latest is kept"
    );
}

#[tokio::test]
async fn a_second_run_makes_no_request() {
    let world = world().await;
    let leads = a_mixed_crowd(&world).await;
    world.run(leads).await;
    let before = world.requests().await;

    let report = world.run(leads).await;

    assert_eq!(
        (
            report.calls,
            report.created,
            report.updated,
            report.unchanged
        ),
        (0, 0, 0, 7),
        "{report:?}"
    );
    assert_eq!(world.requests().await, before);
}

#[tokio::test]
async fn a_plan_after_a_run_counts_everything_again() {
    let world = world().await;
    let leads = a_mixed_crowd(&world).await;
    world.run(leads).await;
    let expected = PlanCounts {
        unchanged: 7,
        blocked: 3,
        left_out: 1,
        ..PlanCounts::default()
    };
    assert_eq!(counts(&world.plan(leads)), expected);
    let matched = world.find_people(leads).await;
    assert_eq!((counts(&matched), matched.counts.calls), (expected, 0));
}

#[tokio::test]
async fn a_mapping_change_is_shown_as_what_it_would_change() {
    let world = world().await;
    let leads = world.leads();
    world.add_people(3);
    world.add(a_contact().last_name("Placed").city("Lagos"));
    world.run(leads).await;

    world.change_mapping(leads, &format!("{LEAD}city=City\n"));
    let plan = world.plan(leads);

    assert_eq!(
        (plan.counts.update, plan.counts.unchanged),
        (1, 3),
        "{:?}",
        plan.counts
    );
    let report = world.run(leads).await;
    assert_eq!((report.updated, report.unchanged), (1, 3), "{report:?}");
}

#[tokio::test]
async fn every_cut_shows_in_the_plan() {
    let world = world().await;
    let long = world.add(a_contact().first_name(&"x".repeat(60)));
    world.add(a_contact().first_name("short"));
    let leads = world.leads();

    let plan = world.plan(leads);

    assert_eq!(plan.cut, 1);
    let row = world.planned(&plan, long).unwrap();
    assert_eq!(row.decision, PlanDecision::MatchPending);
    assert_eq!(
        row.detail["cuts"][0],
        json!({"target": "FirstName", "from": 60, "to": 40})
    );
    assert_eq!(
        world.find_people(leads).await.cut,
        1,
        "and once only after matching"
    );
}

#[tokio::test]
async fn deleted_contacts_count_nowhere() {
    let world = world().await;
    let leads = world.leads();
    let people = world.add_people(3);
    world.run(leads).await;
    let now = world.now();
    world.write(|writer| writer.delete_contacts(&people[..1], now));
    let expected = PlanCounts {
        unchanged: 2,
        ..PlanCounts::default()
    };
    assert_eq!(counts(&world.plan(leads)), expected);
    world.run(leads).await;
    assert_eq!(counts(&world.plan(leads)), expected);
}

#[tokio::test]
async fn a_plan_of_a_replication_without_a_connection_uses_what_ships_with_the_app() {
    let world = world().await;
    world.add_people(2);
    let leads = world.leads();
    let mut replication = world.read(|reader| reader.replication(leads));
    replication.connection = None;
    let now = world.now();
    world.write(|writer| writer.change_replication(&replication, now));
    assert_eq!(world.plan(leads).counts.match_pending, 2);
}

#[tokio::test]
async fn a_farewell_to_a_deleted_contact_is_an_update_and_takes_nobodys_place() {
    let world = world().await;
    let leads =
        world.leads_with(|settings| settings.deleted_here = Some("\"Left\"=Description".into()));
    let people = world.add_people(2);
    world.add(a_contact().last_name("Silent").not_to_be_sent());
    world.run(leads).await;
    let now = world.now();
    world.write(|writer| writer.delete_contacts(&people[..1], now));
    let expected = PlanCounts {
        update: 1,
        unchanged: 1,
        left_out: 1,
        ..PlanCounts::default()
    };
    assert_eq!(counts(&world.plan(leads)), expected);
    assert_eq!(world.run(leads).await.updated, 1);
    let expected = PlanCounts {
        unchanged: 1,
        left_out: 1,
        ..PlanCounts::default()
    };
    assert_eq!(counts(&world.plan(leads)), expected);
    let report = world.run(leads).await;
    assert_eq!((report.unchanged, report.calls), (1, 0), "{report:?}");
}

#[tokio::test]
async fn a_run_records_what_the_plan_had_counted() {
    let world = world().await;
    let leads = world.leads();
    world.add_people(2);
    world.find_people(leads).await;
    let report = world.run(leads).await;
    let run = world.read(|reader| reader.run(report.run.unwrap()));
    assert_eq!(run.planned["create"], json!(2), "{}", run.planned);
}

#[tokio::test]
async fn those_whose_answer_is_out_count_once_too() {
    let world = world().await;
    let leads = world.leads_with(|settings| settings.batch_size = 2);
    world.add_people(6);
    world.spoil_writes("daily_limit", 1).await;
    let report = world.run(leads).await;
    assert!(
        report.stopped.is_some() && report.waiting >= 2,
        "{report:?}"
    );
    for plan in [world.plan(leads), world.find_people(leads).await] {
        let all = plan.counts;
        let sum = all.create
            + all.update
            + all.match_pending
            + all.unchanged
            + all.blocked
            + all.left_out;
        assert_eq!(sum, 6, "{all:?}");
        assert_eq!(all.unchanged, report.created, "{all:?}");
    }
}
