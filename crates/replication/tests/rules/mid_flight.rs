//! What changes while a run is under way.

use leadferry_replication::Cancel;
use leadferry_store::{ContactField, EntryState, RunState};
use serde_json::json;

use crate::harness::{WRITES, a_contact, text, world};

#[tokio::test]
async fn an_edit_while_the_request_is_under_way_goes_out_after_the_answer() {
    let world = world().await;
    let leads = world.leads();
    let contact = world.add(a_contact().first_name("Ada"));
    world.fault(json!({"name": "slow", "ms": 300, "times": 1, "match": {"path": WRITES, "method": "PATCH"}})).await;
    let report = world
        .run_and_while_sending(leads, || {
            world.set(contact, ContactField::FirstName, Some("Edited"))
        })
        .await;
    assert_eq!(
        (report.created, report.updated, report.waiting),
        (1, 1, 0),
        "{report:?}"
    );
    assert_eq!(text(&world.the_lead().await, "FirstName"), "Edited");
    assert_eq!(world.run(leads).await.calls, 0);
}

#[tokio::test]
async fn a_contact_that_may_not_be_sent_any_more_while_under_way_is_not_sent_again() {
    let world = world().await;
    let leads = world.leads();
    let contact = world.add(a_contact().first_name("Ada"));
    world.fault(json!({"name": "slow", "ms": 300, "times": 1, "match": {"path": WRITES, "method": "PATCH"}})).await;
    let report = world
        .run_and_while_sending(leads, || {
            world.set(contact, ContactField::FirstName, Some("Edited"));
            world.put(
                contact,
                ContactField::DoNotSend,
                Some(leadferry_store::Value::YesNo(true)),
            );
        })
        .await;
    assert_eq!((report.created, report.updated), (1, 0), "{report:?}");
    assert_eq!(text(&world.the_lead().await, "FirstName"), "Ada");
    assert_eq!(world.state(leads, contact), Some(EntryState::Withdrawn));
}

#[tokio::test]
async fn an_email_that_changes_after_matching_is_matched_anew() {
    let world = world().await;
    let leads = world.leads();
    let theirs = world.lead("OKAFOR", "b@example.com").await;
    let contact = world.add(a_contact().email("a@example.com"));
    world.fault(json!({"name": "slow", "ms": 300, "times": 1, "match": {"path": "/composite", "method": "POST"}})).await;
    let edit = async {
        while !world.latest_requests(1).await[0].1.ends_with("/composite") {
            tokio::time::sleep(std::time::Duration::from_millis(5)).await;
        }
        world.set(contact, ContactField::Email, Some("b@example.com"));
    };
    let (report, ()) = tokio::join!(world.run(leads), edit);
    assert_eq!((report.created, report.updated), (0, 1), "{report:?}");
    assert_eq!(world.link(contact, "Lead").unwrap().record_id, theirs);
}

#[tokio::test]
async fn the_next_people_are_asked_about_before_those_found_run_out() {
    let mut world = world().await;
    world.policy.chunk = 20;
    world.add_people(60);
    let leads = world.leads_with(|settings| {
        settings.batch_size = 5;
        settings.in_flight = 1;
    });
    assert_eq!(world.run(leads).await.created, 60);
    let mut requests = world.latest_requests(30).await;
    requests.reverse();
    let kinds = requests.iter().filter_map(|(method, path, _)| {
        let asks = path.ends_with("/composite");
        (asks || method == "PATCH").then_some(if asks { "ask" } else { "send" })
    });
    let kinds: Vec<&str> = kinds.collect();
    assert_eq!(kinds[..3], ["ask", "ask", "send"]);
    let asked = kinds.iter().rposition(|kind| *kind == "ask");
    assert!(
        asked < Some(2 + 8),
        "eight requests take those of two questions: {kinds:?}"
    );
}

#[tokio::test]
async fn a_run_can_be_cancelled_between_requests_and_resumed() {
    let world = world().await;
    let people = world.add_people(40);
    let leads = world.leads_with(|settings| {
        settings.batch_size = 5;
        settings.in_flight = 1;
    });
    let cancel = Cancel::new();
    world
        .fault(json!({"name": "latency", "ms": 50, "match": {"path": WRITES}}))
        .await;
    let stop = async {
        while world
            .read(|reader| reader.runs(Some(leads), None, 1))
            .first()
            .is_none_or(|run| run.created < 10)
        {
            tokio::time::sleep(std::time::Duration::from_millis(5)).await;
        }
        cancel.cancel();
    };
    let (first, ()) = tokio::join!(world.run_until(leads, &cancel), stop);
    world.end_faults().await;
    assert!(first.created >= 10 && first.created < 40, "{first:?}");
    assert_eq!(first.created + first.waiting, 40);
    let stopped = first.stopped.unwrap();
    assert_eq!(stopped.kind, leadferry_replication::StopKind::Cancelled);
    assert_eq!(
        world.read(|reader| reader.run(first.run.unwrap())).state,
        RunState::Cancelled
    );

    let second = world.run(leads).await;

    assert_eq!(first.created + second.created, 40);
    assert_eq!((second.waiting, second.stopped), (0, None));
    world.each_stands_once(&people).await;
}

#[tokio::test]
async fn a_run_cancelled_before_it_begins_asks_nobody() {
    let world = world().await;
    world.add_people(2);
    let leads = world.leads();
    let cancel = Cancel::new();
    cancel.cancel();
    let before = world.requests().await;
    let report = world.run_until(leads, &cancel).await;
    assert_eq!((report.created, report.calls), (0, 0), "{report:?}");
    assert_eq!(world.requests().await, before);
    assert_eq!(world.run(leads).await.created, 2);
}

#[tokio::test]
async fn with_keep_updated_off_an_edit_in_mid_flight_does_not_go() {
    let world = world().await;
    let leads = world.leads_with(|settings| settings.keep_updated = false);
    let contact = world.add(a_contact().first_name("Ada"));
    world.fault(json!({"name": "slow", "ms": 300, "times": 1, "match": {"path": WRITES, "method": "PATCH"}})).await;
    let report = world
        .run_and_while_sending(leads, || {
            world.set(contact, ContactField::FirstName, Some("Edited"))
        })
        .await;
    assert_eq!(
        (report.created, report.updated, report.waiting),
        (1, 0, 0),
        "{report:?}"
    );
    assert_eq!(text(&world.the_lead().await, "FirstName"), "Ada");
}

/// Acts while the org answers the question that reads the linked record.
async fn run_and_after_reading(
    world: &crate::harness::World,
    leads: leadferry_store::ReplicationId,
    action: &str,
    record: &str,
) -> leadferry_replication::RunReport {
    world
        .fault(json!({"name": "slow", "ms": 300, "times": 1, "match": {"path": "/queryAll"}}))
        .await;
    let act = async {
        while !world.latest_requests(1).await[0].1.ends_with("/queryAll") {
            tokio::time::sleep(std::time::Duration::from_millis(5)).await;
        }
        world.change_in_org(action, json!({"id": record})).await;
    };
    tokio::join!(world.run(leads), act).0
}

#[tokio::test]
async fn a_lead_converted_or_deleted_after_it_was_read_is_noticed_by_the_refused_update() {
    for (action, code) in [
        ("convert-lead", "converted"),
        ("delete", "deleted_in_salesforce"),
    ] {
        let world = world().await;
        let leads = world.leads();
        let contact = world.add(a_contact());
        world.run(leads).await;
        let record = world.link(contact, "Lead").unwrap().record_id;
        world.set(contact, ContactField::FirstName, Some("Eve"));
        let report = run_and_after_reading(&world, leads, action, &record).await;
        assert_eq!(
            (report.updated, report.blocked, report.failed),
            (0, 1, 0),
            "{action}: {report:?}"
        );
        assert_eq!(world.code(leads, contact).as_deref(), Some(code));
        assert_eq!(world.run(leads).await.calls, 0, "{action}");
    }
}

/// What a run has read is used as it was read only as long as nothing changes: each of these writes must be noticed.
#[tokio::test]
async fn whatever_changes_while_the_org_is_asked_goes_as_it_is_then() {
    type Act =
        fn(&crate::harness::World, leadferry_store::ReplicationId, leadferry_store::ContactId);
    let edited: Act =
        |world, _, contact| world.set(contact, ContactField::FirstName, Some("Edited"));
    let barred: Act = |world, _, contact| {
        let yes = Some(leadferry_store::Value::YesNo(true));
        world.put(contact, ContactField::DoNotSend, yes);
    };
    let deleted: Act = |world, _, contact| {
        let now = world.now();
        world.write(|writer| writer.delete_contacts(&[contact], now));
    };
    let held: Act = |world, leads, contact| {
        let now = world.now();
        world.write(|writer| writer.hold_entry(leads, contact, now));
    };
    let renamed_company: Act = |world, _, contact| {
        let account = world.account("Renamed");
        world.join(contact, account, leadferry_store::AccountRole::Primary);
    };
    for (what, act, sent) in [
        ("an edit", edited, Some(("FirstName", "Edited"))),
        ("do not send", barred, None),
        ("a deletion", deleted, None),
        ("a hold", held, None),
        ("a company", renamed_company, Some(("Company", "Renamed"))),
    ] {
        let world = world().await;
        let leads = world.leads();
        let contact = world.add(a_contact().first_name("Ada").email("ada@example.com"));
        world.fault(json!({"name": "slow", "ms": 300, "times": 1, "match": {"path": "/composite", "method": "POST"}})).await;
        let change = async {
            while !world.latest_requests(1).await[0].1.ends_with("/composite") {
                tokio::time::sleep(std::time::Duration::from_millis(5)).await;
            }
            act(&world, leads, contact);
        };
        let both = async { tokio::join!(world.run(leads), change) };
        let both = tokio::time::timeout(std::time::Duration::from_secs(60), both);
        let (report, ()) = both.await.expect(what);
        assert_eq!(
            report.created,
            u64::from(sent.is_some()),
            "{what}: {report:?}"
        );
        if let Some((field, value)) = sent {
            assert_eq!(text(&world.the_lead().await, field), value, "{what}");
        }
    }
}
