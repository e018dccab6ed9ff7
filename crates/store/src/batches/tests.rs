use crate::query_plans::scans;
use crate::testing::{NOW, Workspace, workspace};
use crate::{
    BatchId, BatchState, BulkJobEnd, BulkJobState, CandidateQuery, ConnectionId, ContactField,
    ContactId, Cursor, EntryState, Error, Found, Hashes, LinkOrigin, NewBatch, NewConnection,
    NewLink, NewRow, NewRun, Operation, Outcome, PlanDecision, PlanRow, QueuePlace, Reason,
    ReplicationId, RunId, RunState, Scope, Settled, SignedIn, Standing, ValueHash, Versions,
};

const ORG: &str = "00D000000000001AAA";
const VERSIONS: Versions = Versions {
    settings: 1,
    mapping: 1,
    describe: 0,
    periods: 0,
};

struct Sample {
    workspace: Workspace,
    replication: ReplicationId,
    run: RunId,
    people: Vec<ContactId>,
}

/// Four people whose entries are pending, and a run under way.
fn sample() -> Sample {
    let workspace = workspace();
    let replication = workspace.replication("Leads", None);
    let people: Vec<_> = ["a", "b", "c", "d"]
        .map(|name| {
            workspace.add(&[
                (ContactField::Email, &format!("{name}@example.com")),
                (ContactField::LastName, name),
            ])
        })
        .to_vec();
    let run = workspace.writing(|writer| {
        for contact in &people {
            let seq = writer.contact(*contact)?.seq;
            writer.consider(
                replication,
                *contact,
                seq,
                VERSIONS,
                &Standing::Pending,
                NOW,
            )?;
        }
        let new = NewRun {
            replication,
            connection: ConnectionId(1),
            org_id: ORG.into(),
            versions: VERSIONS,
        };
        writer.begin_run(&new, NOW)
    });
    Sample {
        workspace,
        replication,
        run,
        people,
    }
}

impl Sample {
    fn entry(&self, at: usize) -> crate::Entry {
        self.workspace
            .reading(|reader| reader.entry(self.replication, self.people[at]))
            .unwrap()
    }

    fn batch(&self, of: &[usize]) -> Result<BatchId, Error> {
        let rows = of
            .iter()
            .map(|at| {
                let contact = self
                    .workspace
                    .reading(|reader| reader.contact(self.people[*at]));
                NewRow {
                    entry: self.entry(*at).id,
                    contact: contact.id,
                    guid: contact.guid,
                    record_id: None,
                    found: Found::New,
                    stamps: false,
                    seq: contact.seq,
                    considered: contact.seq,
                    payload: format!("{{\"LastName\":\"{at}\"}}"),
                    hashes: Hashes::from([("LastName".into(), ValueHash(*at as u64))]),
                    old_values: None,
                }
            })
            .collect();
        let new = NewBatch {
            run: self.run,
            replication: self.replication,
            org_id: ORG.into(),
            object: "Lead".into(),
            operation: Operation::Upsert {
                identifier_field: "Leadferry_ID__c".into(),
            },
            assignment: false,
            allow_duplicates: false,
            rows,
        };
        self.workspace
            .store
            .write(|writer| Ok(writer.prepare_batch(new, NOW)?.0.id))
    }

    fn settle(&self, at: usize, settled: &Settled) {
        let entry = self.entry(at);
        self.workspace.writing(|writer| {
            writer.settle_entry(
                entry.batch.unwrap_or(BatchId(0)),
                entry.id,
                entry.seq,
                settled,
                NOW + 1,
            )
        });
    }
}

impl Sample {
    /// Batches of these contacts, and the job that they go with.
    fn job(&self, of: &[&[usize]]) -> crate::BulkJobId {
        let batches: Vec<BatchId> = of.iter().map(|of| self.batch(of).unwrap()).collect();
        self.workspace.writing(|writer| {
            let job = writer.begin_bulk_job(&writer.batch(batches[0])?)?;
            for batch in &batches {
                writer.add_to_bulk_job(job.id, *batch, 2)?;
            }
            Ok(job.id)
        })
    }
}

#[test]
fn a_batch_waits_for_its_job_until_that_has_ended() {
    let sample = sample();
    let job = sample.job(&[&[0, 1], &[2, 3]]);
    let open = || sample.workspace.reading(|reader| reader.open_batches(ORG));
    assert!(open().iter().all(|batch| batch.bulk_job == Some(job)));
    sample.workspace.writing(|writer| {
        writer.begin_creating_bulk_job(job, NOW)?;
        writer.bulk_job_was_created(job, "7508M0000016Wv8QAE")?;
        writer.bulk_job_goes_on(job, 3, 1)
    });
    let found = sample
        .workspace
        .reading(|reader| reader.open_bulk_jobs(ORG));
    let found = &found[0];
    assert_eq!(
        (found.state, found.rows, found.processed, found.failed),
        (BulkJobState::Processing, 4, 3, 1)
    );
    let end = BulkJobEnd {
        state: BulkJobState::Failed,
        message: Some("InvalidBatch"),
        at: NOW,
    };
    sample
        .workspace
        .writing(|writer| writer.bulk_job_ended(job, &end));
    assert_eq!(open().len(), 2, "what has no answer stays open");
    assert!(open().iter().all(|batch| batch.bulk_job.is_none()));
    let left = sample
        .workspace
        .reading(|reader| reader.open_bulk_jobs(ORG));
    assert_eq!(left, []);
    let kept = sample
        .workspace
        .reading(|reader| reader.bulk_jobs_of_run(sample.run));
    assert_eq!(kept[0].message.as_deref(), Some("InvalidBatch"));
}

#[test]
fn a_job_that_never_left_gives_its_contacts_back() {
    let sample = sample();
    let job = sample.job(&[&[0, 1], &[2]]);
    assert_eq!(sample.entry(2).state, EntryState::Sending);
    sample
        .workspace
        .writing(|writer| writer.take_back_bulk_job(job, NOW));
    for at in 0..3 {
        assert_eq!(sample.entry(at).state, EntryState::Pending);
    }
    let open = sample.workspace.reading(|reader| reader.open_batches(ORG));
    assert_eq!(open, []);
    let kept = sample.workspace.reading(|reader| reader.bulk_job(job));
    assert_eq!(kept.state, BulkJobState::Withdrawn);
}

#[test]
fn a_job_that_is_dissolved_leaves_its_batches_to_go_one_by_one() {
    let sample = sample();
    let job = sample.job(&[&[0], &[1]]);
    let batches = sample
        .workspace
        .writing(|writer| writer.dissolve_bulk_job(job));
    let open = sample.workspace.reading(|reader| reader.open_batches(ORG));
    let ids: Vec<BatchId> = open.iter().map(|batch| batch.id).collect();
    assert_eq!(ids, batches);
    assert!(open.iter().all(|batch| batch.bulk_job.is_none()));
    assert_eq!(sample.entry(0).state, EntryState::Sending);
    assert!(
        sample
            .workspace
            .reading(|reader| reader.bulk_jobs_of_run(sample.run))
            .is_empty()
    );
}

#[test]
fn a_batch_takes_its_entries_over_and_no_other_batch_gets_them() {
    let sample = sample();
    let batch = sample.batch(&[0, 1]).unwrap();
    assert_eq!(sample.entry(0).state, EntryState::Sending);
    assert_eq!(sample.entry(0).batch, Some(batch));
    assert!(
        matches!(sample.batch(&[1, 2]), Err(Error::Refused(_))),
        "an entry belongs to one batch at a time"
    );
    assert_eq!(
        sample.entry(2).state,
        EntryState::Pending,
        "a refused batch leaves nothing behind"
    );
}

#[test]
fn a_batch_that_never_left_is_taken_back_without_a_trace() {
    let sample = sample();
    let batch = sample.batch(&[0, 1]).unwrap();
    sample
        .workspace
        .writing(|writer| writer.take_back_batch(batch, NOW + 1));
    for at in [0, 1] {
        let entry = sample.entry(at);
        assert_eq!((entry.state, entry.batch), (EntryState::Pending, None));
    }
    let run = sample.workspace.reading(|reader| reader.run(sample.run));
    assert_eq!(run.sent, 0, "nothing of it counts as sent");
    sample.batch(&[0, 1]).unwrap();
}

#[test]
fn what_is_sending_is_not_touched_by_a_new_pass() {
    let sample = sample();
    sample.batch(&[0]).unwrap();
    let changed = sample.workspace.writing(|writer| {
        writer.consider(
            sample.replication,
            sample.people[0],
            99,
            VERSIONS,
            &Standing::Withdrawn,
            NOW,
        )
    });
    assert_eq!(changed, None);
    assert_eq!(
        sample.entry(0).state,
        EntryState::Sending,
        "only its answer ends it"
    );
}

#[test]
fn an_answer_ends_sending_as_it_says() {
    let sample = sample();
    sample.batch(&[0, 1, 2, 3]).unwrap();
    let reason = Reason {
        code: "X".into(),
        message: "x".into(),
        detail: serde_json::Value::Null,
    };
    sample.settle(0, &Settled::Done);
    sample.settle(1, &Settled::DoneAndPending);
    sample.settle(
        2,
        &Settled::Again {
            due_at: NOW + 500,
            counts: true,
            reason: Some(reason.clone()),
        },
    );
    sample.settle(3, &Settled::Blocked(reason));
    let states: Vec<_> = (0..4).map(|at| sample.entry(at).state).collect();
    assert_eq!(
        states,
        [
            EntryState::Done,
            EntryState::Pending,
            EntryState::Pending,
            EntryState::Blocked
        ]
    );
    assert_eq!(
        sample.entry(1).sent_at,
        Some(NOW + 1),
        "it went, and goes once more"
    );
    assert_eq!(
        (sample.entry(2).attempts, sample.entry(2).due_at),
        (1, NOW + 500)
    );
    let due = sample
        .workspace
        .reading(|reader| reader.due_contacts(sample.replication, NOW, 10, None));
    assert_eq!(due, [sample.people[1]], "what waits is not due yet");
}

#[test]
fn given_up_and_held_leave_by_hand_only() {
    let sample = sample();
    let reason = Reason {
        code: "X".into(),
        message: "x".into(),
        detail: serde_json::Value::Null,
    };
    sample.batch(&[0]).unwrap();
    sample.settle(0, &Settled::GivenUp(reason));
    sample.workspace.writing(|writer| {
        assert!(writer.hold_entry(sample.replication, sample.people[1], NOW)?);
        for contact in &sample.people[..2] {
            writer.consider(
                sample.replication,
                *contact,
                99,
                VERSIONS,
                &Standing::Pending,
                NOW,
            )?;
        }
        Ok(())
    });
    assert_eq!(sample.entry(0).state, EntryState::GivenUp);
    assert_eq!(sample.entry(1).state, EntryState::Held);
    let freed = sample.workspace.writing(|writer| {
        Ok((
            writer.retry_entries(sample.replication, &[], Some("X"), false, NOW)?,
            writer.release_entries(sample.replication, None, NOW)?,
        ))
    });
    assert_eq!(freed, (1, 1));
    assert_eq!(sample.entry(0).state, EntryState::Pending);
    assert_eq!(sample.entry(0).attempts, 0);
}

#[test]
fn whatever_a_hand_does_to_the_queue_takes_a_new_sequence_number() {
    let sample = sample();
    let (replication, contact) = (sample.replication, sample.people[0]);
    let sequence = || sample.workspace.reading(|reader| reader.sequence());
    let before = sequence();
    sample
        .workspace
        .writing(|writer| writer.hold_entry(replication, contact, NOW));
    assert_eq!(sequence(), before + 1, "a run that has read it reads again");
    sample
        .workspace
        .writing(|writer| writer.release_entries(replication, Some(contact), NOW));
    assert_eq!(sequence(), before + 2);
    sample
        .workspace
        .writing(|writer| writer.retry_entries(replication, &[contact], None, true, NOW));
    assert_eq!(sequence(), before + 3);
}

#[test]
fn considering_returns_the_entry_as_it_is_read() {
    let sample = sample();
    let (replication, contact) = (sample.replication, sample.people[0]);
    for standing in [Standing::Pending, Standing::Done, Standing::Pending] {
        let entry = sample
            .workspace
            .writing(|writer| writer.consider(replication, contact, 9, VERSIONS, &standing, NOW));
        assert_eq!(entry, Some(sample.entry(0)));
    }
}

#[test]
fn halving_moves_the_rows_in_order_and_keeps_their_payloads() {
    let sample = sample();
    let batch = sample.batch(&[0, 1, 2]).unwrap();
    let [first, second] = sample
        .workspace
        .writing(|writer| writer.split_batch(batch, NOW));
    let payloads = |id| -> Vec<String> {
        sample
            .workspace
            .reading(|reader| reader.batch_rows(id))
            .into_iter()
            .map(|row| row.payload)
            .collect()
    };
    assert_eq!(payloads(batch), Vec::<String>::new());
    assert_eq!(payloads(first), ["{\"LastName\":\"0\"}"]);
    assert_eq!(
        payloads(second),
        ["{\"LastName\":\"1\"}", "{\"LastName\":\"2\"}"]
    );
    assert_eq!(sample.entry(2).batch, Some(second));
    let open = sample.workspace.reading(|reader| reader.open_batches(ORG));
    assert_eq!(
        open.iter().map(|batch| batch.id).collect::<Vec<_>>(),
        [first, second]
    );
    assert!(
        sample
            .workspace
            .store
            .write(|writer| writer.split_batch(first, NOW))
            .is_err(),
        "one row stays one row"
    );
}

#[test]
fn an_unknown_batch_stays_open_until_it_is_answered_and_is_read_back_later() {
    let sample = sample();
    let batch = sample.batch(&[0]).unwrap();
    sample
        .workspace
        .writing(|writer| writer.batch_became_unknown(batch));
    assert_eq!(
        sample.workspace.reading(|reader| reader.open_batches(ORG))[0].state,
        BatchState::Unknown
    );
    sample
        .workspace
        .writing(|writer| writer.batch_was_answered(batch, Some(NOW + 10), NOW));
    assert!(
        sample
            .workspace
            .reading(|reader| reader.open_batches(ORG))
            .is_empty()
    );
    assert!(
        sample
            .workspace
            .reading(|reader| reader.batches_to_read_back(ORG, NOW))
            .is_empty()
    );
    assert_eq!(
        sample
            .workspace
            .reading(|reader| reader.batches_to_read_back(ORG, NOW + 10))
            .len(),
        1
    );
    sample
        .workspace
        .writing(|writer| writer.batch_was_read_back(batch));
    assert!(
        sample
            .workspace
            .reading(|reader| reader.batches_to_read_back(ORG, NOW + 10))
            .is_empty()
    );
}

#[test]
fn a_runs_counts_are_read_off_its_rows() {
    let sample = sample();
    let batch = sample.batch(&[0, 1, 2]).unwrap();
    let run = sample.workspace.writing(|writer| {
        writer.answer_row(batch, 0, Outcome::Created, Some("00Q000000000001AAA"), None)?;
        writer.answer_row(batch, 1, Outcome::Updated, None, None)?;
        writer.answer_row(
            batch,
            2,
            Outcome::Refused,
            None,
            Some(r#"[{"code":"STRING_TOO_LONG"}]"#),
        )?;
        writer.add_run_block(sample.run, sample.people[3], "ambiguous", "two records")?;
        writer.run(sample.run)
    });
    assert_eq!((run.sent, run.created, run.updated), (3, 1, 1));
    assert_eq!(run.failed.get("STRING_TOO_LONG"), Some(&1));
    assert_eq!(run.blocked.get("ambiguous"), Some(&1));
    let again = NewRun {
        replication: sample.replication,
        connection: ConnectionId(1),
        org_id: ORG.into(),
        versions: VERSIONS,
    };
    sample
        .workspace
        .writing(|writer| writer.begin_run(&again, NOW));
    let left = sample.workspace.reading(|reader| reader.run(sample.run));
    assert_eq!(
        left.state,
        RunState::Interrupted,
        "a run that still says running was left by an ended process"
    );
}

#[test]
fn a_record_has_one_contact_and_a_contact_one_record_of_an_object() {
    let sample = sample();
    let link = |contact, record_id| NewLink {
        contact,
        org_id: ORG,
        object: "Lead",
        record_id,
        identifier: None,
        origin: LinkOrigin::Hand,
    };
    let (ann, bob) = (sample.people[0], sample.people[1]);
    sample.workspace.writing(|writer| {
        let id = writer.put_link(&link(ann, "00Q000000000001AAA"), NOW)?;
        let sent = Hashes::from([("LastName".into(), ValueHash(1))]);
        writer.record_sent(id, &sent, Some("guid"), NOW)
    });
    assert!(
        sample
            .workspace
            .store
            .write(|writer| writer.put_link(&link(bob, "00Q000000000001AAA"), NOW))
            .is_err(),
        "the record belongs to Ann"
    );
    sample
        .workspace
        .writing(|writer| writer.put_link(&link(ann, "00Q000000000002AAA"), NOW));
    let moved = sample
        .workspace
        .reading(|reader| reader.link(ann, ORG, "Lead"))
        .unwrap();
    assert_eq!(moved.record_id, "00Q000000000002AAA");
    assert!(
        moved.sent.is_empty() && moved.identifier.is_none(),
        "nothing was sent to the new record yet"
    );
}

#[test]
fn a_connection_stays_bound_to_its_org() {
    let workspace = workspace();
    let signed_in = |org: &str| SignedIn {
        org_id: org.into(),
        org_name: None,
        edition: None,
        sandbox: None,
        user_id: None,
        username: None,
        instance_url: "https://acme.my.salesforce.com".into(),
        api_version: 66,
    };
    let new = NewConnection {
        name: "Acme".into(),
        flow: crate::Flow::Browser,
        host: None,
        client_id: None,
        callback_port: None,
        username: None,
        jwt: crate::JwtSettings::default(),
    };
    let id = workspace.writing(|writer| writer.add_connection(&new, NOW));
    workspace.writing(|writer| writer.bind_connection(id, &signed_in(ORG), NOW));
    let other = workspace
        .store
        .write(|writer| writer.bind_connection(id, &signed_in("00D000000000002AAA"), NOW));
    assert!(matches!(other, Err(Error::Refused(_))));
}

#[test]
fn the_engines_statements_find_their_rows_through_indexes() {
    let sample = sample();
    let batch = sample.batch(&[0, 1]).unwrap();
    let id = sample.replication;
    let ids = &sample.people;
    let query = CandidateQuery {
        replication: id,
        org_id: Some(ORG),
        object: "Lead",
        selection: &crate::Selection {
            scored: true,
            ..crate::Selection::default()
        },
        purposes: &[],
        segments: &[],
        fields: &[ContactField::LastName],
        scores: &[],
        records: &[],
        records_org: None,
        near: None,
        accounts: true,
        refusals: false,
    };
    let reason = Reason {
        code: "X".into(),
        message: "x".into(),
        detail: serde_json::Value::Null,
    };
    let found = scans(&sample.workspace, |writer| {
        writer.selection_page(id, &Scope::Since(1), Cursor::default(), 100)?;
        writer.selection_page(id, &Scope::Marked, Cursor::default(), 100)?;
        writer.candidates(&query, ids)?;
        writer.aliases(ids)?;
        writer.due_contacts(id, NOW, 100, None)?;
        writer.due_contacts(id, NOW, 100, Some(-1))?;
        writer.next_due(id, NOW, 0, None)?;
        writer.next_due(id, NOW, 0, Some(-1))?;
        writer.queue_counts(id)?;
        writer.queue_page(id, EntryState::Pending, None, QueuePlace::default(), 100)?;
        writer.consider(id, ids[2], 9, VERSIONS, &Standing::Blocked(reason), NOW)?;
        writer.open_batches(ORG)?;
        writer.batches_to_read_back(ORG, NOW)?;
        writer.batch_rows(batch)?;
        writer.run(sample.run)?;
        writer.history(ids[0])?;
        writer.links_of(ids[0])?;
        writer.link_to(ORG, "00Q000000000001AAA")?;
        writer.links_to_records(ORG, &["00Q000000000001AAA".into()])?;
        let plan = writer.begin_plan(id, 1, VERSIONS, false, NOW)?;
        let row = PlanRow {
            contact: ids[0],
            decision: PlanDecision::Create,
            record_id: None,
            code: None,
            message: None,
            detail: serde_json::Value::Null,
        };
        writer.add_plan_rows(plan, &[row])?;
        writer.plan_rows(
            plan,
            &crate::PlanFilter::decided(PlanDecision::Create),
            ContactId(0),
            10,
        )?;
        writer.finish_plan(id, plan, &serde_json::json!({}))
    });
    assert!(found.is_empty(), "{found:#?}");
}

#[test]
fn waits_that_a_clock_ahead_has_set_hold_nobody_up() {
    let sample = sample();
    let due = |at: usize, moment: i64| {
        let id = sample.entry(at).id;
        sample.workspace.sql(&format!(
            "UPDATE queue SET due_at = {moment} WHERE id = {id}"
        ));
    };
    let year = 365 * 24 * 60 * 60 * 1000;
    due(0, NOW + year);
    due(1, NOW + 60_000);
    due(2, NOW - 1);
    due(3, i64::MAX);
    let found = |limit| {
        sample
            .workspace
            .reading(|reader| reader.due_contacts(sample.replication, NOW, limit, None))
    };
    let [a, c, d] = [0, 2, 3].map(|at| sample.people[at]);
    assert_eq!(found(9), [c, a, d]);
    assert_eq!(found(2), [c, a]);
    let next = || {
        sample
            .workspace
            .reading(|reader| reader.next_due(sample.replication, NOW, 0, None))
    };
    assert_eq!(next(), Some(NOW - 1));
    due(2, NOW + year);
    assert_eq!(next(), Some(NOW + 60_000), "an honest wait is kept");
    due(1, NOW + year);
    assert_eq!(next(), Some(NOW));
}

#[test]
fn batches_are_read_back_whatever_the_clock_was() {
    let sample = sample();
    let batch = sample.batch(&[0]).unwrap();
    let read_back = |moment: i64| {
        sample.workspace.sql(&format!(
            "UPDATE batches SET state = 'answered', settled_at = {NOW}, read_back_at = {moment} WHERE id = {batch}"
        ));
        let due = sample
            .workspace
            .reading(|reader| reader.batches_to_read_back(ORG, NOW));
        !due.is_empty()
    };
    assert!(read_back(NOW));
    assert!(!read_back(NOW + 660_000));
    assert!(read_back(NOW + 365 * 24 * 60 * 60 * 1000));
}
