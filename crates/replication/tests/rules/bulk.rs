//! Jobs of Bulk API 2.0: the same outcome as by Collections, and everyone once, whatever becomes of a job.

use std::time::Duration;

use leadferry_replication::run::StopKind;
use leadferry_replication::settings::Api;
use leadferry_replication::{Cancel, RunReport, Settings, Unseen, Way, run};
use leadferry_salesforce::bulk::BulkState;
use leadferry_store::{
    BulkJob, BulkJobState, ContactField, ContactId, EntryState, Outcome, ReplicationId,
};
use reqwest::Method;
use serde_json::{Value, json};

use crate::harness::{LEAD, WRITES, World, a_contact, text, world};

/// Where jobs are created, fed, closed and asked for.
const JOBS: &str = "/jobs/ingest";
/// More than the practice org writes in one transaction.
const MANY: usize = 250;

fn by_jobs(settings: &mut Settings) {
    settings.api = Api::Bulk;
    settings.batch_size = 50;
}

fn jobs(world: &World, report: &RunReport) -> Vec<BulkJob> {
    world.read(|reader| reader.bulk_jobs_of_run(report.run.unwrap()))
}

fn states(world: &World, report: &RunReport) -> Vec<BulkJobState> {
    let jobs = jobs(world, report);
    jobs.iter().map(|job| job.state).collect()
}

/// Tells how many of the org's requests wrote by Collections.
async fn writes(world: &World) -> usize {
    let all = world.latest_requests(500).await;
    let writes = all
        .iter()
        .filter(|(method, path, _)| method == "PATCH" && path.contains(WRITES));
    writes.count()
}

/// Runs until nobody waits any more; at most a few times.
async fn run_to_the_end(world: &World, replication: ReplicationId) -> RunReport {
    let mut report = world.run(replication).await;
    for _ in 0..4 {
        if report.waiting == 0 && report.stopped.is_none() {
            break;
        }
        report = world.run(replication).await;
    }
    assert_eq!((report.waiting, &report.stopped), (0, &None), "{report:?}");
    report
}

/// What all runs wrote, as the history tells.
fn written(world: &World, replication: ReplicationId) -> (u64, u64) {
    let runs = world.read(|reader| reader.runs(Some(replication), None, 50));
    let sum = |of: fn(&leadferry_store::Run) -> u64| runs.iter().map(of).sum();
    (sum(|run| run.created), sum(|run| run.updated))
}

async fn all_is_well(world: &World, replication: ReplicationId, people: &[ContactId]) {
    world.end_faults().await;
    world.each_stands_once(people).await;
    for person in people {
        assert_eq!(world.state(replication, *person), Some(EntryState::Done));
        assert!(world.link(*person, "Lead").is_some());
    }
    assert_eq!(written(world, replication).0, people.len() as u64);
    let open = world.read(|reader| reader.open_bulk_jobs(&world.org.org_id));
    assert_eq!(open, [], "no job is left");
    assert_eq!(
        world.run(replication).await.calls,
        0,
        "nothing is left to do"
    );
}

#[tokio::test]
async fn contacts_are_created_and_updated_by_jobs_as_by_collections() {
    let mut world = world().await;
    world.policy.job_rows = 60;
    let people = world.add_people(130);
    let leads = world.leads_with(by_jobs);
    let plan = world.find_people(leads).await;
    assert_eq!(plan.api.way, Way::Bulk);

    let created = world.run(leads).await;

    assert_eq!((created.created, created.updated), (130, 0), "{created:?}");
    let sent: Vec<(BulkJobState, u64, u64)> = jobs(&world, &created)
        .iter()
        .map(|job| (job.state, job.rows, job.processed))
        .collect();
    // A batch is never torn: 50 rows each, as two don't fit.
    let whole = |rows| (BulkJobState::Complete, rows, rows);
    assert_eq!(sent, [whole(50), whole(50), whole(30)]);
    assert_eq!(writes(&world).await, 0, "nothing went by Collections");
    for person in &people {
        world.set(*person, ContactField::FirstName, Some("Once more"));
    }

    let updated = world.run(leads).await;

    assert_eq!((updated.created, updated.updated), (0, 130), "{updated:?}");
    assert_eq!(writes(&world).await, 0);
    let leads_there = world.leads_in_org().await;
    assert!(
        leads_there
            .iter()
            .all(|lead| text(lead, "FirstName") == "Once more")
    );
    let row = world
        .read(|reader| reader.run_rows(updated.run.unwrap(), (leadferry_store::BatchId(0), -1), 1));
    assert_eq!(
        row[0].outcome,
        Some(Outcome::Updated),
        "the history tells it"
    );
    assert!(
        row[0].old_values.is_some(),
        "and what the record held before"
    );
    all_is_well(&world, leads, &people).await;
}

#[tokio::test]
async fn by_itself_a_run_uses_jobs_for_many_and_collections_for_few() {
    let world = world().await;
    let people = world.add_people(60);
    let leads = world.leads_with(|settings| settings.batch_size = 20);
    let few = world.run(leads).await;
    assert_eq!((few.created, jobs(&world, &few).len()), (60, 0));
    assert_eq!(writes(&world).await, 3);
    all_is_well(&world, leads, &people).await;
}

#[tokio::test]
async fn many_contacts_go_as_one_job_by_themselves() {
    let world = world().await;
    let people = world.add_people(2_001);
    let leads = world.leads();
    let plan = world.find_people(leads).await;
    assert_eq!((plan.api.way, plan.counts.calls), (Way::Bulk, 1 + 2 + 10));
    let report = world.run(leads).await;
    assert_eq!(report.created, 2_001, "{report:?}");
    assert_eq!(states(&world, &report), [BulkJobState::Complete]);
    assert_eq!(writes(&world).await, 0);
    world.each_stands_once(&people).await;
}

#[tokio::test]
async fn what_no_file_can_say_goes_by_collections() {
    let world = world().await;
    let odd = world.add(a_contact().last_name("#N/A"));
    let leads = world.leads_with(by_jobs);
    let report = world.run(leads).await;
    assert_eq!((report.created, jobs(&world, &report).len()), (1, 0));
    assert_eq!(text(&world.the_lead().await, "LastName"), "#N/A");
    assert_eq!(world.state(leads, odd), Some(EntryState::Done));
}

#[tokio::test]
async fn an_empty_value_is_cleared_and_one_left_out_stays() {
    let world = world().await;
    let all = format!("{LEAD}city=City\nnotes=Description\n");
    let leads = world.replication("Lead", &all, |settings| {
        by_jobs(settings);
        settings.empty_values = leadferry_replication::settings::EmptyValues::Clear;
    });
    let odd = "first, \"second\"\r\n third\n=1+1;--";
    let one = world.add(a_contact().last_name(" Ng ").city("Lagos"));
    world.set(one, ContactField::Notes, Some(odd));
    world.run(leads).await;
    let lead = world.the_lead().await;
    let there = text(&lead, "Description").replace("\r\n", "\n");
    assert_eq!(
        (text(&lead, "City"), there),
        ("Lagos", odd.replace("\r\n", "\n"))
    );
    world.set(one, ContactField::City, None);
    let report = world.run(leads).await;
    assert_eq!((report.updated, states(&world, &report).len()), (1, 1));
    let lead = world.the_lead().await;
    assert!(lead["City"].is_null(), "{lead}");
    assert!(!lead["Description"].is_null(), "{lead}");
}

#[tokio::test]
async fn a_refused_row_is_blocked_with_the_words_that_collections_give() {
    let mut told = Vec::new();
    for api in [Api::Collections, Api::Bulk] {
        let world = world().await;
        let people = world.add_people(4);
        let leads = world.leads_with(|settings| settings.api = api);
        let code = "FIELD_CUSTOM_VALIDATION_EXCEPTION";
        world
            .fault(json!({"name": "row_error", "code": code, "times": 1, "fraction": 1.0}))
            .await;
        let report = world.run(leads).await;
        assert_eq!(
            (report.failed, report.created),
            (4, 0),
            "{api:?} {report:?}"
        );
        let entry = world.entry(leads, people[0]).unwrap();
        assert_eq!(entry.state, EntryState::Blocked);
        let reason = entry.reason.unwrap();
        assert_eq!(reason.code, code);
        told.push((reason.message, reason.detail));
    }
    assert_eq!(told[0], told[1]);
}

#[tokio::test]
async fn locked_rows_are_sent_again() {
    let world = world().await;
    let people = world.add_people(20);
    let leads = world.leads_with(by_jobs);
    // Longer than the org itself tries again.
    world
        .fault(json!({"name": "lock_rows", "times": 12, "fraction": 0.4}))
        .await;
    run_to_the_end(&world, leads).await;
    all_is_well(&world, leads, &people).await;
}

/// Each call of a job, and what may happen to it.
#[tokio::test]
async fn whichever_answer_is_lost_everyone_arrives_once() {
    let calls = [
        ("POST", JOBS, 1),
        ("PUT", JOBS, 1),
        ("PATCH", JOBS, 1),
        ("GET", JOBS, 1),
        ("GET", "successfulResults", 7),
        ("POST", JOBS, 2),
        ("PUT", JOBS, 2),
    ];
    let faults = [
        "reset_before",
        "reset_after",
        "server_unavailable",
        "truncated_body",
    ];
    for (method, path, times) in calls {
        for name in faults {
            let world = world().await;
            let people = world.add_people(6);
            let leads = world.leads_with(by_jobs);
            let spoil =
                json!({"name": name, "times": times, "match": {"path": path, "method": method}});
            world.fault(spoil.clone()).await;
            run_to_the_end(&world, leads).await;
            let left = world.admin(Method::GET, "/faults", Value::Null).await;
            let left = left["faults"].as_array().unwrap();
            let happened = left.iter().all(|fault| fault["fired"] != 0);
            assert!(happened, "{spoil}: {left:?}");
            all_is_well(&world, leads, &people).await;
        }
    }
}

/// A fault that happens to a job.
async fn job_with(
    fault: Value,
    people: usize,
) -> (World, Vec<ContactId>, ReplicationId, RunReport) {
    let mut world = world().await;
    world.policy.job_patience_ms = 300;
    let added = world.add_people(people);
    let leads = world.leads_with(by_jobs);
    let mut spoil = fault;
    spoil["times"] = json!(1);
    spoil["match"] = json!({"path": JOBS, "method": "POST"});
    world.fault(spoil).await;
    let report = world.run(leads).await;
    (world, added, leads, report)
}

#[tokio::test]
async fn the_records_tell_about_a_job_that_vanished() {
    for rows in [0, 200] {
        let fault = json!({"name": "bulk_job_lost", "rows": rows});
        let (world, people, leads, report) = job_with(fault, MANY).await;
        assert_eq!(report.created, MANY as u64, "{report:?}");
        assert_eq!(states(&world, &report), [BulkJobState::Gone]);
        all_is_well(&world, leads, &people).await;
    }
}

#[tokio::test]
async fn a_job_that_someone_aborted_stops_the_run_and_the_rest_waits() {
    let fault = json!({"name": "bulk_job_aborted", "rows": 200});
    let (world, people, leads, report) = job_with(fault, MANY).await;
    assert_eq!((report.created, report.waiting), (200, 50), "{report:?}");
    let stop = report.stopped.as_ref().unwrap();
    assert_eq!(stop.kind, StopKind::Job);
    assert!(
        stop.message.contains("Someone aborted bulk job 750"),
        "{stop:?}"
    );
    assert_eq!(states(&world, &report), [BulkJobState::Aborted]);
    run_to_the_end(&world, leads).await;
    all_is_well(&world, leads, &people).await;
}

#[tokio::test]
async fn a_job_that_failed_stops_the_run_where_only_jobs_will_do() {
    for rows in [0, 200] {
        let fault = json!({"name": "bulk_job_failed", "rows": rows});
        let (world, people, leads, report) = job_with(fault, MANY).await;
        let waiting = MANY as u64 - rows;
        assert_eq!(
            (report.created, report.waiting),
            (rows, waiting),
            "{report:?}"
        );
        let stop = report.stopped.as_ref().unwrap();
        assert!(
            stop.message.contains("couldn't process the bulk job"),
            "{stop:?}"
        );
        let job = &jobs(&world, &report)[0];
        assert_eq!(job.state, BulkJobState::Failed);
        assert!(
            job.message
                .as_ref()
                .unwrap()
                .contains("InternalServerError")
        );
        run_to_the_end(&world, leads).await;
        all_is_well(&world, leads, &people).await;
    }
}

#[tokio::test]
async fn after_a_failed_job_an_automatic_run_goes_on_by_collections() {
    let world = world().await;
    let people = world.add_people(2_001);
    let leads = world.leads();
    world
        .fault(json!({"name": "bulk_job_failed", "rows": 200, "times": 1, "match": {"path": JOBS, "method": "POST"}}))
        .await;
    let report = world.run(leads).await;
    assert_eq!(
        (report.created, &report.stopped),
        (2_001, &None),
        "{report:?}"
    );
    assert_eq!(states(&world, &report), [BulkJobState::Failed]);
    assert_eq!(writes(&world).await, 10, "1,801 contacts");
    world.each_stands_once(&people).await;
}

#[tokio::test]
async fn a_job_that_is_stuck_is_left_to_a_later_run() {
    let fault = json!({"name": "bulk_job_stuck", "ms": 1_500});
    let (world, people, leads, report) = job_with(fault, 20).await;
    let stop = report.stopped.as_ref().unwrap();
    assert_eq!(stop.kind, StopKind::Job);
    assert!(
        stop.message.contains("still processing bulk job 750"),
        "{stop:?}"
    );
    assert_eq!(states(&world, &report), [BulkJobState::Processing]);
    assert_eq!(
        world.count(leads, EntryState::Sending),
        20,
        "nobody is sent twice"
    );
    tokio::time::sleep(Duration::from_millis(1_500)).await;
    run_to_the_end(&world, leads).await;
    assert_eq!(states(&world, &report), [BulkJobState::Complete]);
    all_is_well(&world, leads, &people).await;
}

#[tokio::test]
async fn results_that_come_late_are_waited_for() {
    let fault = json!({"name": "bulk_results_late", "ms": 100});
    let (world, people, leads, report) = job_with(fault, 20).await;
    assert_eq!((report.created, &report.stopped), (20, &None), "{report:?}");
    all_is_well(&world, leads, &people).await;
    let fault = json!({"name": "bulk_results_late", "ms": 1_500});
    let (world, people, leads, report) = job_with(fault, 20).await;
    assert_eq!(report.stopped.as_ref().unwrap().kind, StopKind::Job);
    tokio::time::sleep(Duration::from_millis(1_500)).await;
    run_to_the_end(&world, leads).await;
    all_is_well(&world, leads, &people).await;
}

#[tokio::test]
async fn a_canceled_run_aborts_its_job_and_keeps_what_was_processed() {
    let world = world().await;
    let people = world.add_people(20);
    let leads = world.leads_with(by_jobs);
    world
        .fault(json!({"name": "bulk_job_stuck", "ms": 0, "times": 1, "match": {"path": JOBS, "method": "POST"}}))
        .await;
    let cancel = Cancel::new();
    let stop = async {
        let under_way = |job: &BulkJob| job.state == BulkJobState::Processing;
        let open = || world.read(|reader| reader.open_bulk_jobs(&world.org.org_id));
        while !open().iter().any(under_way) {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        cancel.cancel();
    };
    let (report, ()) = tokio::join!(world.run_until(leads, &cancel), stop);
    assert_eq!((report.created, report.waiting), (0, 20), "{report:?}");
    assert!(report.stopped.as_ref().unwrap().is_cancelled());
    assert_eq!(states(&world, &report), [BulkJobState::Aborted]);
    run_to_the_end(&world, leads).await;
    all_is_well(&world, leads, &people).await;
}

#[tokio::test]
async fn a_job_that_never_got_its_file_is_aborted_and_sent_anew() {
    let world = world().await;
    // The org tells when it created the job.
    let real = std::time::UNIX_EPOCH.elapsed().unwrap().as_millis();
    world.advance(i64::try_from(real).unwrap() - world.now());
    let people = world.add_people(6);
    let leads = world.leads_with(by_jobs);
    world
        .fault(
            json!({"name": "reset_after", "times": 1, "match": {"path": JOBS, "method": "POST"}}),
        )
        .await;
    let report = run_to_the_end(&world, leads).await;
    assert_eq!(
        states(&world, &report),
        [BulkJobState::Withdrawn, BulkJobState::Complete]
    );
    let listed = world.org.client.ingest_jobs().await.unwrap();
    let states: Vec<BulkState> = listed.iter().map(|job| job.state).collect();
    assert_eq!(states, [BulkState::Aborted, BulkState::JobComplete]);
    all_is_well(&world, leads, &people).await;
}

#[tokio::test]
async fn the_daily_limit_in_mid_upload_stops_the_run_and_nothing_is_lost() {
    for (method, times) in [("PUT", 1), ("PATCH", 1), ("GET", 1)] {
        let world = world().await;
        let people = world.add_people(20);
        let leads = world.leads_with(by_jobs);
        world
            .fault(json!({"name": "daily_limit", "times": times, "match": {"path": JOBS, "method": method}}))
            .await;
        let report = world.run(leads).await;
        assert_eq!(
            report.stopped.as_ref().unwrap().kind,
            StopKind::Limit,
            "{report:?}"
        );
        world.end_faults().await;
        run_to_the_end(&world, leads).await;
        all_is_well(&world, leads, &people).await;
    }
}

#[tokio::test]
async fn an_edit_while_a_job_is_under_way_goes_after_it() {
    let world = world().await;
    let people = world.add_people(20);
    let leads = world.leads_with(by_jobs);
    let edit = || world.set(people[0], ContactField::FirstName, Some("Edited"));
    let report = world.run_and_while_sending(leads, edit).await;
    assert_eq!((report.created, report.waiting), (20, 0), "{report:?}");
    let edited = world.leads_in_org().await;
    assert!(
        edited
            .iter()
            .any(|lead| text(lead, "FirstName") == "Edited")
    );
    world.each_stands_once(&people).await;
}

/// The future is dropped as a kill ends a process: what the workspace says is all that is left.
#[tokio::test]
async fn dropped_at_any_moment_and_run_again_everyone_arrives_once() {
    let mut world = world().await;
    world.policy.job_rows = 60;
    let people = world.add_people(120);
    let leads = world.leads_with(by_jobs);
    let clock = world.clock();
    for step in 1..60 {
        let cancel = Cancel::new();
        let running = run(
            &world.store,
            leads,
            &world.org,
            &*clock,
            &world.policy,
            leadferry_replication::Reach::Whole,
            &cancel,
            &Unseen,
        );
        let dropped = tokio::time::timeout(Duration::from_millis(step * 7), running).await;
        if dropped.is_ok() && world.count(leads, EntryState::Done) == 120 {
            break;
        }
    }
    run_to_the_end(&world, leads).await;
    world.each_stands_once(&people).await;
    let open = world.read(|reader| reader.open_bulk_jobs(&world.org.org_id));
    assert_eq!(open, []);
    assert_eq!(world.run(leads).await.calls, 0);
}
