use crate::query_plans::scans;
use crate::testing::{DAY, NOW, Workspace, workspace};
use crate::{
    ApiReading, ContactField, EntryState, Flow, NewConnection, Outcome, Outcomes, ReplicationId,
};

fn person(workspace: &Workspace, email: &str) -> crate::ContactId {
    workspace.add(&[(ContactField::Email, email)])
}

fn connection(workspace: &Workspace) -> crate::ConnectionId {
    let new = NewConnection {
        name: "Acme".into(),
        flow: Flow::Browser,
        host: None,
        client_id: None,
        callback_port: None,
        username: None,
        jwt: crate::JwtSettings::default(),
    };
    workspace.writing(|writer| writer.add_connection(&new, NOW))
}

/// Puts a contact into a batch that the org has answered at a moment.
fn answered(workspace: &Workspace, to: ReplicationId, email: &str, outcome: Outcome, at: i64) {
    let contact = person(workspace, email);
    let batch = crate::BatchId(workspace.sent(to, contact, "prepared", "{}"));
    workspace.writing(|writer| {
        writer.answer_row(batch, 0, outcome, None, None)?;
        writer.batch_was_answered(batch, None, at)
    });
}

#[test]
fn outcomes_count_on_the_day_of_their_answer() {
    let workspace = workspace();
    let leads = workspace.replication("Leads", None);
    answered(&workspace, leads, "a@example.com", Outcome::Created, NOW);
    answered(&workspace, leads, "b@example.com", Outcome::Updated, NOW);
    answered(&workspace, leads, "c@example.com", Outcome::Refused, NOW);
    answered(&workspace, leads, "d@example.com", Outcome::Lost, NOW + DAY);
    answered(
        &workspace,
        leads,
        "e@example.com",
        Outcome::Retry,
        NOW + DAY,
    );
    let day = |from| workspace.reading(|reader| reader.outcomes_between(from, from + DAY));
    let today = Outcomes {
        created: 1,
        updated: 1,
        refused: 1,
    };
    assert_eq!(day(NOW), today);
    let tomorrow = Outcomes {
        refused: 1,
        ..Outcomes::default()
    };
    assert_eq!(
        day(NOW + DAY),
        tomorrow,
        "what is tried again is not refused for good"
    );
    assert_eq!(day(NOW + 2 * DAY), Outcomes::default());
}

#[test]
fn a_row_read_back_later_is_counted_as_it_turned_out() {
    let workspace = workspace();
    let leads = workspace.replication("Leads", None);
    let contact = person(&workspace, "a@example.com");
    let batch = crate::BatchId(workspace.sent(leads, contact, "unknown", "{}"));
    workspace.writing(|writer| {
        writer.answer_row(batch, 0, Outcome::Lost, None, None)?;
        writer.batch_was_answered(batch, Some(NOW + 1), NOW)?;
        writer.answer_row(batch, 0, Outcome::Created, None, None)?;
        writer.batch_was_read_back(batch)
    });
    let found = workspace.reading(|reader| reader.outcomes_between(NOW, NOW + DAY));
    assert_eq!((found.created, found.refused), (1, 0));
}

#[test]
fn causes_are_counted_by_state_and_code_with_what_was_said_first() {
    let workspace = workspace();
    let leads = workspace.replication("Leads", None);
    for (email, state, code) in [
        ("a@example.com", "blocked", "'ambiguous'"),
        ("b@example.com", "blocked", "'ambiguous'"),
        ("c@example.com", "given_up", "'DUPLICATES_DETECTED'"),
        ("d@example.com", "pending", "'UNABLE_TO_LOCK_ROW'"),
        ("e@example.com", "pending", "NULL"),
    ] {
        let contact = person(&workspace, email);
        workspace.enqueue(leads, contact);
        workspace.sql(&format!(
            "UPDATE queue SET state = '{state}', code = {code}, message = 'said of {email}' WHERE contact_id = {contact}"
        ));
    }
    let causes = workspace.reading(|reader| reader.open_causes(leads));
    let found: Vec<_> = causes
        .iter()
        .map(|cause| (cause.state, cause.code.as_str(), cause.contacts))
        .collect();
    assert_eq!(
        found,
        [
            (EntryState::Blocked, "ambiguous", 2),
            (EntryState::GivenUp, "DUPLICATES_DETECTED", 1),
            (EntryState::Pending, "UNABLE_TO_LOCK_ROW", 1),
        ]
    );
    assert_eq!(causes[0].message, "said of a@example.com");
    assert_eq!(
        workspace.reading(|reader| reader.waiting_contacts(leads)),
        2
    );
}

#[test]
fn readings_are_kept_for_eight_days_and_set_the_allowance() {
    let workspace = workspace();
    let acme = connection(&workspace);
    let reading = |at, calls, used| ApiReading {
        at,
        calls,
        used,
        max: used.map(|_| 15_000),
    };
    let keep = |reading| workspace.writing(|writer| writer.keep_reading(acme, &reading));
    keep(reading(NOW, 3, Some(100)));
    keep(reading(NOW + 1, 0, Some(120)));
    keep(reading(NOW + 2, 4, None));
    let found = workspace.reading(|reader| reader.api_readings(acme, NOW));
    let calls: Vec<u64> = found.iter().map(|reading| reading.calls).collect();
    assert_eq!(calls, [3, 4], "a look that cost nothing leaves no trace");
    let known = workspace.reading(|reader| reader.connection(acme));
    assert_eq!(known.allowance.map(|allowance| allowance.used), Some(120));
    keep(reading(NOW + 9 * DAY, 1, None));
    let found = workspace.reading(|reader| reader.api_readings(acme, 0));
    assert_eq!(found.len(), 1);
}

#[test]
fn figures_are_read_through_indexes() {
    let workspace = workspace();
    let leads = workspace.replication("Leads", None);
    let acme = connection(&workspace);
    answered(&workspace, leads, "a@example.com", Outcome::Created, NOW);
    for scans in [
        scans(&workspace, |writer| writer.outcomes_between(0, NOW)),
        scans(&workspace, |writer| writer.blocked_between(leads, 0, NOW)),
        scans(&workspace, |writer| writer.waiting_contacts(leads)),
        scans(&workspace, |writer| writer.latest_run(leads)),
        scans(&workspace, |writer| writer.api_readings(acme, 0)),
    ] {
        assert!(scans.is_empty(), "{scans:#?}");
    }
    let causes = scans(&workspace, |writer| writer.open_causes(leads));
    // What is grouped is visited as a whole: it holds one row a cause.
    assert!(
        causes.iter().all(|step| step.starts_with("SCAN c")),
        "{causes:#?}"
    );
}
