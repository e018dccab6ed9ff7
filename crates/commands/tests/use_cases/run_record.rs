//! The record of a run: whom it created, updated and left as they were, with the values before; and what it is fed by.

use leadferry_commands::causes::Cure;
use leadferry_commands::contacts::Written;
use leadferry_commands::figures::QueueFigure;
use leadferry_commands::queue::{self, QueueFilter, Retry};
use leadferry_commands::replications::{
    self, Cancel, PlanDecision, PlannedQuery, ReplicationChange, SelectionChoice,
};
use leadferry_commands::runs::{self, RunContact, RunContactsQuery, RunId, RunPart};
use leadferry_commands::{Workspace, contacts, prepare_org, segments};
use serde_json::json;

use crate::support::{Machine, add_leads, connected};

const PEOPLE: &str = "Email,First name,Last name,Company\n\
    ada@example.com,Ada,Lovelace,Engines\n\
    grace@example.com,Grace,Hopper,Navy\n\
    mary@example.com,Mary,Shelley,Frankenstein\n";

async fn ready(machine: &Machine) -> Workspace {
    let workspace = connected(machine).await;
    machine.import(&workspace, PEOPLE);
    add_leads(&workspace, ReplicationChange::default());
    prepare_org::prepare_org(&workspace, "Leads", false)
        .await
        .unwrap();
    workspace
}

async fn run(workspace: &Workspace) -> i64 {
    let run = replications::run(workspace, "Leads", &Cancel::new())
        .await
        .unwrap();
    run.report.run.unwrap().0
}

fn set(workspace: &Workspace, contact: &str, field: &str, value: &str) {
    let fields = [(field.to_owned(), value.to_owned())];
    contacts::set(workspace, contact, &fields, Written::default()).unwrap();
}

/// Returns all contacts of a part, taken in pages of one.
fn all(workspace: &Workspace, run: i64, part: RunPart) -> Vec<RunContact> {
    let mut found = Vec::new();
    let mut after = None;
    loop {
        let query = RunContactsQuery {
            run,
            part,
            after,
            limit: 1,
        };
        let page = runs::contacts(workspace, &query).unwrap();
        found.extend(page.contacts);
        after = page.next;
        if after.is_none() {
            return found;
        }
    }
}

fn names(contacts: &[RunContact]) -> Vec<&str> {
    let mut names: Vec<_> = contacts
        .iter()
        .map(|one| one.person.name.as_str())
        .collect();
    names.sort_unstable();
    names
}

#[tokio::test(flavor = "multi_thread")]
async fn a_run_lists_whom_it_created_updated_and_left_with_the_values_before() {
    let machine = Machine::new();
    let workspace = ready(&machine).await;
    let first = run(&workspace).await;
    let created = all(&workspace, first, RunPart::Created);
    assert_eq!(
        names(&created),
        ["Ada Lovelace", "Grace Hopper", "Mary Shelley"]
    );
    assert!(created.iter().all(|one| one.record_id.is_some()));
    let company = |one: &RunContact| {
        let field = one.fields.iter().find(|field| field.field == "Company");
        field.map(|field| {
            (
                field.label.clone(),
                field.sent.clone(),
                field.before.clone(),
            )
        })
    };
    assert_eq!(
        company(&created[0]),
        Some(("Company".to_owned(), json!("Engines"), None)),
        "a new record held nothing before"
    );

    set(&workspace, "grace@example.com", "company_name", "Eckert");
    let second = run(&workspace).await;
    let updated = all(&workspace, second, RunPart::Updated);
    assert_eq!(names(&updated), ["Grace Hopper"]);
    assert_eq!(
        company(&updated[0]),
        Some(("Company".to_owned(), json!("Eckert"), Some(json!("Navy"))))
    );
    let unchanged = all(&workspace, second, RunPart::Unchanged);
    assert_eq!(names(&unchanged), ["Ada Lovelace", "Mary Shelley"]);
    assert_eq!(
        runs::show(&workspace, second, false, 0)
            .unwrap()
            .run
            .run
            .unchanged,
        unchanged.len() as u64,
        "the number and the list agree"
    );
    assert!(
        all(&workspace, first, RunPart::Unchanged).is_empty(),
        "an earlier run does not know any more"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_run_lists_only_the_contacts_that_it_blocked_itself() {
    let machine = Machine::new();
    let workspace = ready(&machine).await;
    set(&workspace, "ada@example.com", "last_name", "");
    let first = run(&workspace).await;
    machine.import(
        &workspace,
        "Email,First name,Company\nneil@example.com,Neil,Moon\n",
    );
    let second = run(&workspace).await;
    let blocked_by = |run: Option<i64>| {
        let filter = QueueFilter {
            code: Some("required_missing".to_owned()),
            run: run.map(RunId),
            ..QueueFilter::default()
        };
        let list = queue::list(&workspace, &filter, None, 10).unwrap();
        assert_eq!(list.total, list.entries.len() as u64);
        let emails = list.entries.into_iter().filter_map(|line| line.email);
        emails.collect::<Vec<_>>()
    };
    assert_eq!(blocked_by(Some(first)), ["ada@example.com"]);
    assert_eq!(blocked_by(Some(second)), ["neil@example.com"]);
    assert_eq!(blocked_by(None).len(), 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_contact_that_a_plan_blocks_is_cured_before_any_run() {
    let machine = Machine::new();
    let workspace = ready(&machine).await;
    for (email, name) in [("ada@example.com", "Byron"), ("x@example.com", "")] {
        let fields = [("email", email), ("last_name", name), ("first_name", "A.")];
        let fields = fields.map(|(field, text)| (field.to_owned(), text.to_owned()));
        contacts::add(&workspace, &fields, Written::default()).unwrap();
    }
    let blocked = || {
        replications::plan(&workspace, "Leads").unwrap();
        let query = PlannedQuery {
            name: "Leads".to_owned(),
            decision: Some(PlanDecision::Blocked),
            limit: 10,
            ..PlannedQuery::default()
        };
        replications::page(&workspace, &query).unwrap().contacts
    };
    let [twin, nameless] = &blocked()[..] else {
        panic!("two are blocked: {:?}", blocked());
    };
    assert!(twin.label.is_some() && nameless.label.is_some());
    assert!(nameless.cures.contains(&Cure::EditContact));
    assert!(!nameless.cures.contains(&Cure::Retry), "nothing was tried");
    assert!(twin.cures.contains(&Cure::CreateAnyway));
    assert_eq!(twin.candidates[0].name.as_deref(), Some("Ada Lovelace"));

    let anyway = Retry {
        replication: Some("Leads".to_owned()),
        contacts: vec![twin.person.contact.to_string()],
        create_anyway: true,
        ..Retry::default()
    };
    assert_eq!(queue::retry(&workspace, &anyway).unwrap().contacts, 1);
    assert_eq!(blocked().len(), 1, "the plan has taken it in");
    let id = run(&workspace).await;
    assert_eq!(all(&workspace, id, RunPart::Created).len(), 4);
}

#[tokio::test(flavor = "multi_thread")]
async fn named_contacts_are_retried_and_the_others_stay_blocked() {
    let machine = Machine::new();
    let workspace = ready(&machine).await;
    for contact in ["ada@example.com", "grace@example.com", "mary@example.com"] {
        set(&workspace, contact, "last_name", "");
    }
    run(&workspace).await;
    let blocked = QueueFilter {
        counted: Some(QueueFigure::Blocked),
        ..QueueFilter::default()
    };
    let list = queue::list(&workspace, &blocked, None, 10).unwrap();
    assert_eq!(
        (list.total, list.figures.blocked),
        (3, 3),
        "the list has as many as its figure says"
    );
    let retry = Retry {
        contacts: vec!["ada@example.com".to_owned(), "mary@example.com".to_owned()],
        ..Retry::default()
    };
    assert_eq!(queue::retry(&workspace, &retry).unwrap().contacts, 2);
    assert_eq!(
        queue::retry(&workspace, &Retry::default())
            .unwrap()
            .contacts,
        1,
        "the third was still blocked"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn whom_a_choice_would_select_is_counted_before_it_is_saved() {
    let machine = Machine::new();
    let workspace = ready(&machine).await;
    let tree = r#"{"any": [{"field": "last_name", "op": "equals", "value": "Shelley"},
        {"field": "last_name", "op": "equals", "value": "Hopper"}]}"#;
    segments::add(
        &workspace,
        "Authors",
        "",
        serde_json::from_str(tree).unwrap(),
    )
    .unwrap();
    let count = |choice: SelectionChoice| {
        replications::would_select(&workspace, &choice)
            .unwrap()
            .selected
    };
    let authors = || vec!["Authors".to_owned()];
    assert_eq!(count(SelectionChoice::default()), 3);
    let any = SelectionChoice {
        any: authors(),
        ..SelectionChoice::default()
    };
    assert_eq!(count(any.clone()), 2);
    let none = SelectionChoice {
        none: authors(),
        ..SelectionChoice::default()
    };
    assert_eq!(count(none), 1);
    let change = ReplicationChange {
        segments_any: Some(authors()),
        ..ReplicationChange::default()
    };
    let saved = replications::set(&workspace, "Leads", &change).unwrap();
    assert_eq!(saved.standing.selected, 2, "saved, it is the same number");
    set(&workspace, "mary@example.com", "do_not_send", "yes");
    assert_eq!(count(any), 1, "whoever may not be sent does not count");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_next_run_of_a_schedule_is_told_in_the_workspaces_time_zone() {
    let machine = Machine::new();
    let workspace = ready(&machine).await;
    let now = jiff::Timestamp::now().as_millisecond();
    let next = |schedule: &str| replications::next_run(&workspace, "Leads", schedule);
    assert_eq!(next("manual").unwrap().at, None);
    let every = next("every 30 minutes").unwrap();
    let wait = every.at.unwrap() - now;
    assert!((30 * 60_000..31 * 60_000).contains(&wait), "{wait}");
    assert!(!every.time_zone.is_empty());
    let error = next("at 25:00").unwrap_err();
    assert!(error.to_string().contains("isn't a schedule"), "{error}");
}
