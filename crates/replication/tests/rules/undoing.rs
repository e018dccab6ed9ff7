//! What a run did is undone where nobody else has a hand in it, exactly once, whatever happens on the way.

use std::time::Duration;

use leadferry_replication::{
    Cancel, Reach, RunReport, StopKind, UndoReport, UndoSetup, UndoTotals, Unseen, plan_undo, run,
    undo,
};
use leadferry_store::{
    ContactField, ContactId, EntryState, ReplicationId, RunId, UndoRow, UndoState, Value as Held,
};
use serde_json::{Value, json};

use crate::harness::{LEAD, WRITES, World, a_contact, text, world};

/// The requests that delete and restore.
const CHANGES: &str = "/composite/graph";

impl World {
    async fn undo(&self, run: RunId) -> UndoReport {
        self.undo_until(run, &Cancel::new()).await
    }

    async fn undo_until(&self, run: RunId, cancel: &Cancel) -> UndoReport {
        let clock = self.clock();
        let setup = UndoSetup {
            store: &self.store,
            run,
            org: &self.org,
            clock: &*clock,
            policy: &self.policy,
            cancel,
            progress: &Unseen,
        };
        let undoing = tokio::time::timeout(Duration::from_secs(30), undo(&setup)).await;
        undoing.expect("it ends").unwrap()
    }

    async fn run_first(&self, replication: ReplicationId, most: u32) -> RunReport {
        let (clock, cancel) = (self.clock(), Cancel::new());
        let (store, org, policy) = (&self.store, &self.org, &self.policy);
        let reach = Reach::First(most);
        let running = run(
            store,
            replication,
            org,
            &*clock,
            policy,
            reach,
            &cancel,
            &Unseen,
        );
        running.await.unwrap()
    }

    async fn plan_undo(&self, run: RunId) -> UndoTotals {
        let clock = self.clock();
        let setup = UndoSetup {
            store: &self.store,
            run,
            org: &self.org,
            clock: &*clock,
            policy: &self.policy,
            cancel: &Cancel::new(),
            progress: &Unseen,
        };
        plan_undo(&setup).await.unwrap()
    }

    fn undo_rows(&self, run: RunId) -> Vec<UndoRow> {
        let first = (ContactId(0), String::new());
        self.read(|reader| reader.undo_rows(run, UndoState::ALL, &first, 1_000))
    }

    /// Why a contact's record was skipped.
    fn why(&self, run: RunId, contact: ContactId) -> Option<String> {
        let rows = self.undo_rows(run).into_iter();
        let row = rows.into_iter().find(|row| row.contact == contact);
        row.expect("it was judged").code
    }

    fn release(&self, replication: ReplicationId) -> usize {
        let now = self.now();
        self.write(|writer| writer.release_held(replication, &[], now))
    }

    async fn field_of(&self, record: &str, field: &str) -> Value {
        let soql = format!("SELECT {field} FROM Lead WHERE Id = '{record}'");
        self.soql(&soql).await[0][field].clone()
    }

    /// Edits a record as a colleague.
    async fn colleague_sets(&self, record: &str, fields: Value) {
        self.change_in_org("edit", json!({"id": record, "fields": fields}))
            .await;
    }

    /// Requests that have changed something since the org began.
    async fn changing_requests(&self) -> usize {
        let all = self.latest_requests(500).await;
        let changing = all.iter().filter(|(_, path, _)| path.ends_with(CHANGES));
        changing.count()
    }
}

/// A run that made leads of two people and changed the name on the lead of a third.
struct Sample {
    world: World,
    leads: ReplicationId,
    run: RunId,
    new: [ContactId; 2],
    known: ContactId,
    /// The lead of the third.
    record: String,
}

async fn sample() -> Sample {
    let world = world().await;
    let leads = world.leads();
    let record = world.lead("Okafor", "known@example.com").await;
    world
        .change_record(
            "Lead",
            &record,
            json!({"FirstName": "A.", "Company": "Before"}),
        )
        .await;
    let new = ["one", "two"].map(|name| {
        world.add(
            a_contact()
                .first_name(name)
                .email(&format!("{name}@example.com")),
        )
    });
    let known = world.add(
        a_contact()
            .first_name("Ada")
            .email("known@example.com")
            .company("After"),
    );
    let report = world.run(leads).await;
    assert_eq!((report.created, report.updated), (2, 1), "{report:?}");
    Sample {
        run: report.run.unwrap(),
        world,
        leads,
        new,
        known,
        record,
    }
}

impl Sample {
    fn record_of(&self, contact: ContactId) -> String {
        self.world.link(contact, "Lead").unwrap().record_id
    }

    /// Everything is as it was before the run, and nobody goes until they are released.
    async fn is_undone(&self) {
        let leads = self.world.leads_in_org().await;
        assert_eq!(leads.len(), 1, "{leads:?}");
        assert_eq!(text(&leads[0], "FirstName"), "A.");
        assert_eq!(text(&leads[0], "Company"), "Before");
        for contact in self.new {
            assert_eq!(self.world.link(contact, "Lead"), None, "{contact}");
        }
        assert!(self.world.link(self.known, "Lead").is_some());
        assert_eq!(self.world.count(self.leads, EntryState::Held), 3);
        let deleted = self.world.undo_rows(self.run);
        let done = deleted.iter().all(|row| row.state.is_done());
        assert!(done, "{deleted:?}");
    }
}

#[tokio::test]
async fn created_records_are_deleted_changed_values_restored_and_everybody_is_held() {
    let sample = sample().await;
    let world = &sample.world;
    let planned = world.plan_undo(sample.run).await;
    assert_eq!(
        (planned.delete, planned.restore, planned.skipped),
        (2, 1, 0)
    );
    assert_eq!(
        world.leads_in_org().await.len(),
        3,
        "a plan changes nothing"
    );
    assert_eq!(world.changing_requests().await, 0);

    let report = world.undo(sample.run).await;

    assert_eq!((report.deleted, report.restored, report.skipped), (2, 1, 0));
    assert_eq!(report.stopped, None);
    sample.is_undone().await;
    let undoing = world.read(|reader| reader.run(report.run));
    assert_eq!(undoing.undoes, Some(sample.run));
    assert_eq!((undoing.deleted, undoing.restored), (2, 1));
    assert_eq!(undoing.calls, report.calls);
    assert!(undoing.calls >= 3 && undoing.ended_at.is_some());
    // Nobody goes until released.
    let next = world.run(sample.leads).await;
    assert_eq!((next.created, next.updated), (0, 0), "{next:?}");
    sample.is_undone().await;
}

#[tokio::test]
async fn released_contacts_go_again() {
    let sample = sample().await;
    let world = &sample.world;
    world.undo(sample.run).await;
    assert_eq!(world.release(sample.leads), 3);

    let again = world.run(sample.leads).await;

    assert_eq!((again.created, again.updated), (2, 1), "{again:?}");
    assert_eq!(world.field_of(&sample.record, "FirstName").await, "Ada");
    assert_eq!(world.leads_in_org().await.len(), 3);
    // And that run can be undone as well.
    let undone = world.undo(again.run.unwrap()).await;
    assert_eq!((undone.deleted, undone.restored), (2, 1), "{undone:?}");
    assert_eq!(world.field_of(&sample.record, "FirstName").await, "A.");
}

#[tokio::test]
async fn undone_twice_the_second_time_changes_nothing() {
    let sample = sample().await;
    sample.world.undo(sample.run).await;
    let changed = sample.world.changing_requests().await;

    let again = sample.world.undo(sample.run).await;

    assert_eq!((again.deleted, again.restored, again.skipped), (0, 0, 0));
    assert_eq!(sample.world.changing_requests().await, changed);
    sample.is_undone().await;
}

#[tokio::test]
async fn what_a_colleague_has_touched_since_is_left_alone() {
    let sample = sample().await;
    let world = &sample.world;
    let touched = sample.record_of(sample.new[0]);
    world
        .colleague_sets(&touched, json!({"City": "Lagos"}))
        .await;
    world
        .colleague_sets(&sample.record, json!({"FirstName": "Theirs"}))
        .await;

    let report = world.undo(sample.run).await;

    assert_eq!((report.deleted, report.restored, report.skipped), (1, 1, 1));
    assert_eq!(
        world.why(sample.run, sample.new[0]).as_deref(),
        Some("changed")
    );
    assert_eq!(world.field_of(&touched, "City").await, "Lagos");
    // Of the known one only the value that nobody touched is restored.
    assert_eq!(world.field_of(&sample.record, "FirstName").await, "Theirs");
    assert_eq!(world.field_of(&sample.record, "Company").await, "Before");
    // Who was left alone goes on as before.
    assert_eq!(
        world.state(sample.leads, sample.new[0]),
        Some(EntryState::Done)
    );
    assert!(world.link(sample.new[0], "Lead").is_some());
}

#[tokio::test]
async fn a_change_that_comes_between_reading_and_writing_is_not_lost() {
    let sample = sample().await;
    let world = &sample.world;
    let touched = sample.record_of(sample.new[0]);
    world
        .fault(json!({"name": "latency", "ms": 1_500, "times": 1, "match": {"path": CHANGES}}))
        .await;
    let colleague = async {
        let requests = world.requests().await;
        while !world
            .undo_rows(sample.run)
            .iter()
            .any(|row| row.state.is_under_way())
        {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        tokio::time::sleep(Duration::from_millis(300)).await;
        world
            .colleague_sets(&touched, json!({"City": "Lagos"}))
            .await;
        world
            .colleague_sets(&sample.record, json!({"FirstName": "Theirs"}))
            .await;
        requests
    };

    let (report, _) = tokio::join!(world.undo(sample.run), colleague);

    assert_eq!(
        (report.deleted, report.restored, report.skipped),
        (1, 1, 1),
        "{report:?}"
    );
    assert_eq!(world.field_of(&touched, "City").await, "Lagos");
    assert_eq!(world.field_of(&sample.record, "FirstName").await, "Theirs");
    assert_eq!(world.field_of(&sample.record, "Company").await, "Before");
}

#[tokio::test]
async fn records_that_others_use_or_that_are_gone_are_left_alone() {
    let sample = sample().await;
    let world = &sample.world;
    let [used, deleted] = sample.new;
    world
        .record(
            "Task",
            json!({"WhoId": sample.record_of(used), "Subject": "Call"}),
        )
        .await;
    world.delete_in_org(&sample.record_of(deleted)).await;
    let contact = world.add(a_contact().first_name("Con").email("con@example.com"));
    let second = world.run(sample.leads).await.run.unwrap();
    world
        .change_in_org("convert-lead", json!({"id": sample.record_of(contact)}))
        .await;

    let report = world.undo(sample.run).await;
    let converted = world.undo(second).await;

    assert_eq!((report.deleted, report.restored, report.skipped), (0, 1, 2));
    assert_eq!(world.why(sample.run, used).as_deref(), Some("in_use"));
    assert_eq!(world.why(sample.run, deleted).as_deref(), Some("deleted"));
    let message = world.undo_rows(sample.run)[0].message.clone().unwrap();
    assert_eq!(message, "Others use this record in Salesforce: 1 task.");
    assert_eq!((converted.deleted, converted.skipped), (0, 1));
    assert_eq!(world.why(second, contact).as_deref(), Some("converted"));
}

#[tokio::test]
async fn only_the_last_of_our_runs_to_write_a_value_takes_it_back() {
    let sample = sample().await;
    let world = &sample.world;
    world.set(sample.known, ContactField::FirstName, Some("Adaeze"));
    let later = world.run(sample.leads).await;
    assert_eq!(later.updated, 1);

    let first = world.undo(sample.run).await;
    assert_eq!((first.deleted, first.restored), (2, 1));
    assert_eq!(world.field_of(&sample.record, "FirstName").await, "Adaeze");
    assert_eq!(world.field_of(&sample.record, "Company").await, "Before");
    let second = world.undo(later.run.unwrap()).await;

    assert_eq!((second.deleted, second.restored), (0, 1), "{second:?}");
    assert_eq!(world.field_of(&sample.record, "FirstName").await, "Ada");
}

#[tokio::test]
async fn runs_undone_from_the_last_to_the_first_leave_everything_as_it_was() {
    let sample = sample().await;
    let world = &sample.world;
    world.set(sample.known, ContactField::FirstName, Some("Adaeze"));
    world.set(sample.new[0], ContactField::City, Some("Lagos"));
    world.set(sample.new[0], ContactField::FirstName, Some("Uno"));
    let later = world.run(sample.leads).await;
    assert_eq!(later.updated, 2, "{later:?}");

    let last = world.undo(later.run.unwrap()).await;
    assert_eq!((last.deleted, last.restored), (0, 2), "{last:?}");
    let first = world.undo(sample.run).await;

    assert_eq!((first.deleted, first.restored), (2, 1), "{first:?}");
    sample.is_undone().await;
}

#[tokio::test]
async fn a_no_is_never_taken_back() {
    let world = world().await;
    world.show_lead_field("HasOptedOutOfEmail").await;
    world.keep_describes().await;
    let mapping = format!("{LEAD}email_opt_out=HasOptedOutOfEmail\n");
    let leads = world.replication("Lead", &mapping, |settings| {
        settings.opted_out = leadferry_replication::settings::OptedOut::LikeOthers;
    });
    let record = world.lead("Okafor", "known@example.com").await;
    let out = |contact| world.put(contact, ContactField::EmailOptOut, Some(Held::YesNo(true)));
    let known = world.add(a_contact().first_name("Ada").email("known@example.com"));
    let new = world.add(a_contact().first_name("Eve").email("new@example.com"));
    out(known);
    out(new);
    let report = world.run(leads).await;
    assert_eq!((report.created, report.updated), (1, 1), "{report:?}");
    let sent = report.run.unwrap();

    let undone = world.undo(sent).await;

    assert_eq!(
        (undone.deleted, undone.restored, undone.skipped),
        (0, 1, 1),
        "{undone:?}"
    );
    assert_eq!(world.why(sent, new).as_deref(), Some("opted_out"));
    assert_eq!(world.field_of(&record, "HasOptedOutOfEmail").await, true);
    assert_eq!(world.field_of(&record, "FirstName").await, Value::Null);
}

#[tokio::test]
async fn without_old_values_nothing_is_restored() {
    let world = world().await;
    let leads = world.leads_with(|settings| settings.old_values = false);
    let record = world.lead("Okafor", "known@example.com").await;
    let known = world.add(a_contact().first_name("Ada").email("known@example.com"));
    let sent = world.run(leads).await.run.unwrap();

    let undone = world.undo(sent).await;

    assert_eq!((undone.restored, undone.skipped), (0, 1));
    assert_eq!(world.why(sent, known).as_deref(), Some("not_kept"));
    assert_eq!(world.field_of(&record, "FirstName").await, "Ada");
}

#[tokio::test]
async fn under_faults_everything_is_undone_once() {
    let untroubled = sample().await;
    let usual = untroubled.world.undo(untroubled.run).await.calls;
    for fault in [
        "reset_after",
        "reset_before",
        "truncated_body",
        "applied_late",
        "server_unavailable",
        "html_instead_of_json",
        "expired_session",
        "concurrent_limit",
    ] {
        let sample = sample().await;
        sample
            .world
            .fault(json!({"name": fault, "times": 1, "match": {"path": CHANGES}}))
            .await;

        let report = sample.world.undo(sample.run).await;

        assert_eq!(report.stopped, None, "{fault}");
        assert_eq!(
            (report.deleted, report.restored),
            (2, 1),
            "{fault}: {report:?}"
        );
        assert!(report.calls > usual, "{fault}: it was tried again");
        sample.is_undone().await;
    }
}

#[tokio::test]
async fn a_record_that_is_locked_for_a_moment_is_tried_again() {
    let sample = sample().await;
    sample
        .world
        .fault(json!({"name": "lock_rows", "times": 1, "match": {"path": CHANGES}}))
        .await;
    let report = sample.world.undo(sample.run).await;
    assert_eq!(
        (report.deleted, report.restored, report.skipped),
        (2, 1, 0),
        "{report:?}"
    );
    sample.is_undone().await;
}

#[tokio::test]
async fn a_record_that_the_org_refuses_to_change_is_told_with_its_reason() {
    let sample = sample().await;
    let fault = json!({
        "name": "row_error", "code": "FIELD_CUSTOM_VALIDATION_EXCEPTION", "message": "Not today.",
        "match": {"path": CHANGES},
    });
    sample.world.fault(fault).await;
    let report = sample.world.undo(sample.run).await;
    assert_eq!(
        (report.deleted, report.restored, report.skipped),
        (0, 0, 3),
        "{report:?}"
    );
    let rows = sample.world.undo_rows(sample.run);
    let told = |row: &UndoRow| {
        row.message
            .as_deref()
            .is_some_and(|words| words.contains("Not today."))
    };
    assert!(rows.iter().all(told), "{rows:?}");
    // The reason may pass: it is tried again when someone undoes it again.
    sample.world.end_faults().await;
    let again = sample.world.undo(sample.run).await;
    assert_eq!((again.deleted, again.restored), (2, 1), "{again:?}");
    sample.is_undone().await;
}

#[tokio::test]
async fn dropped_at_any_moment_and_begun_again_everything_is_undone_once() {
    let sample = sample().await;
    let world = &sample.world;
    let slow = json!({"name": "latency", "ms": 120, "match": {"path": "/composite"}});
    world.fault(slow).await;
    for ms in [40, 150, 290, 1_150, 1_300, 1_330, 1_420] {
        let dropped = tokio::time::timeout(Duration::from_millis(ms), world.undo(sample.run));
        if dropped.await.is_ok() {
            break;
        }
    }
    world.undo(sample.run).await;
    sample.is_undone().await;
    let runs = world.read(|reader| reader.runs(None, None, 100));
    let undone: u64 = runs.iter().map(|run| run.deleted + run.restored).sum();
    assert_eq!(undone, 3, "each record is undone by one run");
}

#[tokio::test]
async fn a_cancelled_undo_goes_on_when_it_is_begun_again() {
    let sample = sample().await;
    let cancel = Cancel::new();
    cancel.cancel();
    let report = sample.world.undo_until(sample.run, &cancel).await;
    assert_eq!(
        report.stopped.map(|stop| stop.kind),
        Some(StopKind::Cancelled)
    );
    assert_eq!(sample.world.leads_in_org().await.len(), 3);
    sample.world.undo(sample.run).await;
    sample.is_undone().await;
}

#[tokio::test]
async fn calls_kept_for_other_tools_are_never_touched() {
    let sample = sample().await;
    let world = &sample.world;
    let usage = world.org.client.usage().unwrap();
    let left = usage.max - usage.used;
    world.change_settings(sample.leads, |settings| settings.api_reserve = left - 1);

    let report = world.undo(sample.run).await;

    assert_eq!(report.stopped.unwrap().kind, StopKind::Limit);
    assert_eq!(world.leads_in_org().await.len(), 3);
    world.change_settings(sample.leads, |settings| settings.api_reserve = 0);
    world.undo(sample.run).await;
    sample.is_undone().await;
}

#[tokio::test]
async fn what_was_unknown_is_found_out_before_it_is_undone() {
    let world = world().await;
    let leads = world.leads();
    let people = world.add_people(3);
    world
        .fault(json!({"name": "slow", "ms": 3_000, "times": 1, "match": {"path": WRITES}}))
        .await;
    let ended = tokio::time::timeout(Duration::from_millis(1_500), world.run(leads)).await;
    assert!(
        ended.is_err(),
        "it is dropped while its request is under way"
    );
    let dropped = world.read(|reader| reader.last_run(leads)).unwrap().id;
    // As undoing does first: nothing new is sent.
    world.add(a_contact().first_name("Late").email("late@example.com"));
    world.run_first(leads, 0).await;
    assert_eq!(world.leads_in_org().await.len(), 3, "the late one waits");

    let undone = world.undo(dropped).await;

    assert_eq!(undone.deleted, 3, "{undone:?}");
    assert_eq!(world.leads_in_org().await.len(), 0);
    for contact in people {
        assert_eq!(world.state(leads, contact), Some(EntryState::Held));
    }
}

#[tokio::test]
async fn more_records_than_fit_one_request_are_all_undone() {
    let world = world().await;
    let leads = world.leads();
    world.add_people(160);
    let sent = world.run(leads).await;
    assert_eq!(sent.created, 160);
    let report = world.undo(sent.run.unwrap()).await;
    assert_eq!((report.deleted, report.remaining), (160, 0), "{report:?}");
    assert_eq!(world.leads_in_org().await.len(), 0);
    assert!(report.calls <= 10, "{report:?}");
}

#[tokio::test]
async fn the_first_few_are_sent_and_the_others_wait() {
    let world = world().await;
    let leads = world.leads();
    world.add_people(30);
    let report = world.run_first(leads, 7).await;
    assert_eq!(report.created, 7, "{report:?}");
    assert_eq!(
        report.stopped.as_ref().map(|stop| stop.kind),
        Some(StopKind::First)
    );
    assert_eq!(world.leads_in_org().await.len(), 7);
    let seen = leadferry_replication::comparing::seen_of_run(
        &world.store,
        &world.org,
        report.run.unwrap(),
        20,
    )
    .await
    .unwrap();
    assert_eq!(seen.len(), 7);
    assert!(
        seen.iter().all(|one| one.is_same() && one.created),
        "{seen:?}"
    );
    world
        .change_record("Lead", &seen[0].record_id, json!({"FirstName": "Else"}))
        .await;
    let seen = leadferry_replication::comparing::seen_of_run(
        &world.store,
        &world.org,
        report.run.unwrap(),
        20,
    )
    .await
    .unwrap();
    let differing: Vec<_> = seen.iter().filter(|one| !one.is_same()).collect();
    assert_eq!(differing.len(), 1);
    let field = differing[0]
        .fields
        .iter()
        .find(|field| !field.same)
        .unwrap();
    assert_eq!((&*field.field, &field.held), ("FirstName", &json!("Else")));
    // The others follow; with more than there are, nothing is said.
    let rest = world.run_first(leads, 1_000).await;
    assert_eq!((rest.created, rest.stopped), (23, None));
}
