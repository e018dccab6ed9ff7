//! Replications: what is refused when saved, planning, matching, running, and what comes after.

use leadferry_commands::causes::Cure;
use leadferry_commands::contacts::Written;
use leadferry_commands::prepare_org::prepare_org;
use leadferry_commands::queue::EntryState;
use leadferry_commands::queue::{self, QueueFilter, Retry};
use leadferry_commands::replications::{
    self, AddReplication, Before, Cancel, Ending, PlannedOf, PlannedQuery, ReplicationChange,
    SetUpAt, SetUpPart, UnplannedRequest, WhyNot,
};
use leadferry_commands::{
    Code, Workspace, connections, contacts, jobs, links, mappings, practice, runs,
};
use leadferry_store::Delivery;

use crate::support::{Machine, connected, practice as practice_request};

const PEOPLE: &str = "Email,First name,Last name,Company\n\
    ada@example.com,Ada,Lovelace,Engines\n\
    grace@example.com,Grace,Hopper,Navy\n\
    mary@example.com,Mary,,Frankenstein\n";

fn request(name: &str, object: &str) -> AddReplication {
    let change = ReplicationChange {
        connection: Some("Practice".to_owned()),
        default_company: Some("(none)".to_owned()),
        ..ReplicationChange::default()
    };
    AddReplication {
        name: name.to_owned(),
        object: object.to_owned(),
        change,
    }
}

/// Returns a workspace with three people, of whom one lacks a last name, and a replication whose org is ready.
async fn ready(machine: &Machine) -> Workspace {
    let workspace = connected(machine).await;
    machine.import(&workspace, PEOPLE);
    replications::add(&workspace, &request("Leads", "Lead")).unwrap();
    prepare_org(&workspace, "Leads", false).await.unwrap();
    workspace
}

#[tokio::test(flavor = "multi_thread")]
async fn a_run_sends_once_and_the_next_one_asks_nothing() {
    let machine = Machine::new();
    let workspace = ready(&machine).await;
    let plan = replications::plan(&workspace, "Leads").unwrap();
    assert_eq!((plan.counts.match_pending, plan.counts.blocked), (2, 1));
    assert_eq!(plan.blocked_by[0].code, "required_missing");
    let matched = replications::find_people(&workspace, "Leads")
        .await
        .unwrap();
    assert_eq!((matched.counts.create, matched.counts.blocked), (2, 1));
    let first = replications::run(&workspace, "Leads", &Cancel::new())
        .await
        .unwrap();
    assert_eq!((first.report.created, first.report.blocked), (2, 1));
    assert_eq!(first.ending(), Ending::SomeNeedALook);
    let second = replications::run(&workspace, "Leads", &Cancel::new())
        .await
        .unwrap();
    assert_eq!(
        (
            second.report.created,
            second.report.updated,
            second.report.calls
        ),
        (0, 0, 0)
    );
    assert_eq!(
        second.ending(),
        Ending::SomeNeedALook,
        "who is blocked is told every time"
    );
    assert_eq!(
        links::list(&workspace, Some("Practice"), None, 10)
            .unwrap()
            .links
            .len(),
        2
    );
    let card = runs::show(&workspace, first.report.run.unwrap().0, false, 10).unwrap();
    assert_eq!(
        (card.rows.len(), card.blocks[0].code.as_str()),
        (2, "required_missing")
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn the_queue_says_who_is_blocked_and_lets_them_go_again() {
    let machine = Machine::new();
    let workspace = ready(&machine).await;
    replications::run(&workspace, "Leads", &Cancel::new())
        .await
        .unwrap();
    let list = queue::list(&workspace, &QueueFilter::default(), None, 10).unwrap();
    assert_eq!(
        list.entries.len(),
        1,
        "what is done is not shown unless asked for"
    );
    assert_eq!(list.entries[0].code.as_deref(), Some("required_missing"));
    let retry = Retry {
        code: Some("required_missing".to_owned()),
        ..Retry::default()
    };
    assert_eq!(queue::retry(&workspace, &retry).unwrap().contacts, 1);
    let anyway = Retry {
        create_anyway: true,
        ..Retry::default()
    };
    assert_eq!(
        queue::retry(&workspace, &anyway).unwrap_err().code,
        Code::Usage
    );
    contacts::set(
        &workspace,
        "mary@example.com",
        &[("last_name".to_owned(), "Shelley".to_owned())],
        Written::default(),
    )
    .unwrap();
    let run = replications::run(&workspace, "Leads", &Cancel::new())
        .await
        .unwrap();
    assert_eq!((run.report.created, run.ending()), (1, Ending::AllWell));
}

#[tokio::test(flavor = "multi_thread")]
async fn correcting_what_blocks_a_contact_lets_it_wait_at_once_and_nothing_else_does() {
    let machine = Machine::new();
    let workspace = ready(&machine).await;
    replications::run(&workspace, "Leads", &Cancel::new())
        .await
        .unwrap();
    let set = |field: &str, text: &str| {
        let fields = [(field.to_owned(), text.to_owned())];
        contacts::set(&workspace, "mary@example.com", &fields, Written::default()).unwrap()
    };
    let card = contacts::show(&workspace, "mary@example.com").unwrap();
    let entry = &card.queue[0];
    assert_eq!(entry.state, EntryState::Blocked);
    assert_eq!(entry.fields, ["last_name"], "what is to be filled in");
    assert!(entry.cures.contains(&Cure::EditContact));
    assert_eq!(card.delivery, Delivery::Blocked);

    let card = set("city", "London");
    assert_eq!(card.queue[0].state, EntryState::Blocked);
    let card = set("last_name", "Shelley");
    assert_eq!(card.queue[0].state, EntryState::Pending);
    assert_eq!(
        (card.delivery, &card.queue[0].reason),
        (Delivery::Waiting, &None)
    );
    let card = set("last_name", "");
    assert_eq!(
        card.queue[0].state,
        EntryState::Pending,
        "the next run finds out"
    );
    set("last_name", "Shelley");
    let run = replications::run(&workspace, "Leads", &Cancel::new())
        .await
        .unwrap();
    assert_eq!((run.report.created, run.report.blocked), (1, 0));

    let sends = contacts::show(&workspace, "mary@example.com")
        .unwrap()
        .sends;
    let last_name = sends[0].fields.iter().find(|sent| sent.field == "LastName");
    let last_name = last_name.unwrap();
    assert_eq!(
        (last_name.label.as_str(), &last_name.value),
        ("Last Name", &"Shelley".into())
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn one_process_at_a_time_sends_to_an_org() {
    let machine = Machine::new();
    let workspace = ready(&machine).await;
    let org = connections::list(&workspace).unwrap()[0]
        .connection
        .org_id
        .clone()
        .unwrap();
    let lock = machine
        .folder()
        .join("data/senders")
        .join(format!("{org}.lock"));
    std::fs::create_dir_all(lock.parent().unwrap()).unwrap();
    let held = std::fs::File::create(&lock).unwrap();
    held.lock().unwrap();
    let error = replications::run(&workspace, "Leads", &Cancel::new())
        .await
        .unwrap_err();
    assert_eq!(error.code, Code::AnotherSender);
    drop(held);
    replications::run(&workspace, "Leads", &Cancel::new())
        .await
        .unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_cancelled_run_says_so_and_leaves_the_rest_in_the_queue() {
    let machine = Machine::new();
    let workspace = ready(&machine).await;
    let cancel = Cancel::new();
    cancel.cancel();
    let run = replications::run(&workspace, "Leads", &cancel)
        .await
        .unwrap();
    assert_eq!((run.ending(), run.report.created), (Ending::Stopped, 0));
    assert_eq!(
        run.report.waiting, 3,
        "all that may still be sent waits, a contact without a last name for what the org has"
    );
    let run = replications::run(&workspace, "Leads", &Cancel::new())
        .await
        .unwrap();
    assert_eq!(run.report.created, 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn used_up_calls_stop_a_run_and_nothing_is_lost() {
    let machine = Machine::new();
    let workspace = ready(&machine).await;
    practice::add_fault(&workspace, "daily_limit", &[])
        .await
        .unwrap();
    let run = replications::run(&workspace, "Leads", &Cancel::new())
        .await
        .unwrap();
    assert_eq!(run.ending(), Ending::Stopped);
    practice::clear_faults(&workspace).await.unwrap();
    let run = replications::run(&workspace, "Leads", &Cancel::new())
        .await
        .unwrap();
    assert_eq!(run.report.created, 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_expired_session_is_renewed_in_mid_run() {
    let machine = Machine::new();
    let workspace = ready(&machine).await;
    let once = [("times".to_owned(), "1".to_owned())];
    practice::add_fault(&workspace, "expired_session", &once)
        .await
        .unwrap();
    let run = replications::run(&workspace, "Leads", &Cancel::new())
        .await
        .unwrap();
    assert_eq!(run.report.created, 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_field_has_one_writer_per_object_and_org() {
    let machine = Machine::new();
    let workspace = connected(&machine).await;
    replications::add(&workspace, &request("Leads", "Lead")).unwrap();
    let error = replications::add(&workspace, &request("More leads", "Lead")).unwrap_err();
    assert_eq!(error.code, Code::Usage);
    assert!(
        error.message.contains("\"Leads\""),
        "it says which: {error}"
    );
    assert_eq!(
        replications::list(&workspace).unwrap().len(),
        1,
        "nothing of the refused one is kept"
    );
    replications::add(&workspace, &request("Contacts", "Contact")).unwrap();
    replications::copy(&workspace, "Leads", "Copy", None).unwrap();
    replications::plan(&workspace, "Copy").unwrap();
    let on = ReplicationChange {
        enabled: Some(true),
        ..ReplicationChange::default()
    };
    let error = replications::set(&workspace, "Copy", &on).unwrap_err();
    assert!(
        error.message.contains("\"Leads\""),
        "a copy sends nothing beside its original: {error}"
    );

    let off = ReplicationChange {
        enabled: Some(false),
        ..request("", "").change
    };
    let second = AddReplication {
        change: off,
        ..request("Second", "Lead")
    };
    replications::add(&workspace, &second).unwrap();
    mappings::import(
        &workspace,
        "Second",
        "last_name=LastName ; on_create\n@company_name=Company ; on_create\nnotes=Description\n",
    )
    .unwrap();
    let on = ReplicationChange {
        enabled: Some(true),
        ..ReplicationChange::default()
    };
    replications::plan(&workspace, "Second").unwrap();
    replications::set(&workspace, "Second", &on).unwrap();
    let rival = "last_name=LastName\n@company_name=Company ; on_create\n";
    let error = mappings::import(&workspace, "Second", rival).unwrap_err();
    assert!(error.message.contains("LastName"), "{error}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_copy_takes_everything_but_links_to_another_connection() {
    let machine = Machine::new();
    let workspace = ready(&machine).await;
    replications::run(&workspace, "Leads", &Cancel::new())
        .await
        .unwrap();
    let acme = connections::AddConnection {
        flow: connections::Flow::Browser,
        host: Some("acme".to_owned()),
        client_id: Some("id".to_owned()),
        ..practice_request("Production")
    };
    connections::add(&workspace, &acme).await.unwrap();
    mappings::import(
        &workspace,
        "Leads",
        "last_name=LastName\n@company_name=Company\n",
    )
    .unwrap();
    let copy = replications::copy(&workspace, "Leads", "Live", Some("Production")).unwrap();
    assert_eq!(
        (copy.connection.as_deref(), copy.standing.waiting),
        (Some("Production"), 0)
    );
    assert_eq!(
        mappings::export(&workspace, "Live").unwrap(),
        mappings::export(&workspace, "Leads").unwrap()
    );
    assert_eq!(
        replications::plan(&workspace, "Live")
            .unwrap()
            .counts
            .match_pending,
        2,
        "no link came along"
    );
    assert_eq!(
        replications::run(&workspace, "Live", &Cancel::new())
            .await
            .unwrap_err()
            .code,
        Code::SignIn
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn settings_that_make_no_sense_are_refused_when_saved() {
    let machine = Machine::new();
    let workspace = connected(&machine).await;
    let lead = |change: ReplicationChange| AddReplication {
        change,
        ..request("Leads", "Lead")
    };
    let wrong = [
        ReplicationChange {
            default_company: None,
            ..request("", "").change
        },
        ReplicationChange {
            batch_size: Some(201),
            ..request("", "").change
        },
        ReplicationChange {
            identifier: Some("Email".to_owned()),
            ..request("", "").change
        },
        ReplicationChange {
            minimum: Some(4),
            ..request("", "").change
        },
        ReplicationChange {
            connection: Some("Nowhere".to_owned()),
            ..request("", "").change
        },
    ];
    for change in wrong {
        assert_eq!(
            replications::add(&workspace, &lead(change.clone()))
                .unwrap_err()
                .code,
            Code::Usage,
            "{change:?}"
        );
    }
    assert_eq!(
        replications::add(&workspace, &request("X", "Account"))
            .unwrap_err()
            .code,
        Code::Usage
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_mapping_with_unknown_names_is_refused_when_saved() {
    let machine = Machine::new();
    let workspace = connected(&machine).await;
    replications::add(&workspace, &request("Leads", "Lead")).unwrap();
    let before = mappings::export(&workspace, "Leads").unwrap();
    for wrong in [
        "nonsense=LastName",
        "last_name=Nonsense",
        "{% Contact.Nonsense %}=Description",
        "last_name",
    ] {
        assert_eq!(
            mappings::import(&workspace, "Leads", wrong)
                .unwrap_err()
                .code,
            Code::Usage,
            "{wrong}"
        );
        assert!(
            !mappings::check(&workspace, "Leads", Some(wrong))
                .unwrap()
                .usable,
            "{wrong}"
        );
    }
    assert_eq!(mappings::export(&workspace, "Leads").unwrap(), before);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_link_by_hand_stamps_the_record_and_never_steals_it() {
    let machine = Machine::new();
    let workspace = ready(&machine).await;
    replications::run(&workspace, "Leads", &Cancel::new())
        .await
        .unwrap();
    let ada = links::list(&workspace, None, None, 10)
        .unwrap()
        .links
        .remove(0);
    let set = |contact: &str, record: &str, overwrite| links::SetLink {
        contact: contact.to_owned(),
        record_id: record.to_owned(),
        connection: None,
        overwrite_identifier: overwrite,
    };
    let steal = links::set(&workspace, &set("mary@example.com", &ada.record_id, true))
        .await
        .unwrap_err();
    assert_eq!(steal.code, Code::Usage, "a record is linked to one contact");
    links::remove(&workspace, "ada@example.com", None, None).unwrap();
    let other = links::set(&workspace, &set("mary@example.com", &ada.record_id, false))
        .await
        .unwrap_err();
    assert_eq!(
        other.field.as_deref(),
        Some("overwrite_identifier"),
        "{other}"
    );
    let linked = links::set(&workspace, &set("mary@example.com", &ada.record_id, true))
        .await
        .unwrap();
    assert_eq!(linked.identifiers, ["Leadferry_ID__c"]);
    let missing = links::set(
        &workspace,
        &set("ada@example.com", "00Q7Q00000zzzzzUAA", false),
    )
    .await;
    assert!(
        missing.is_err(),
        "a record that the org does not have cannot be linked"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn the_doctor_finds_what_is_wrong_and_says_what_to_do() {
    use leadferry_commands::doctor::{Finding, examine};
    let machine = Machine::new();
    let workspace = connected(&machine).await;
    machine.import(&workspace, PEOPLE);
    replications::add(&workspace, &request("Leads", "Lead")).unwrap();
    let before = examine(&workspace, false).await.unwrap();
    let line = before
        .lines
        .iter()
        .find(|line| line.what == "replication Leads")
        .unwrap();
    assert_eq!(line.finding, Finding::Look);
    assert_eq!(
        line.command.as_deref(),
        Some("replications prepare-org \"Leads\""),
        "{line:?}"
    );
    prepare_org(&workspace, "Leads", false).await.unwrap();
    replications::run(&workspace, "Leads", &Cancel::new())
        .await
        .unwrap();
    let after = examine(&workspace, true).await.unwrap();
    assert_eq!(after.worst(), Finding::Look);
    let blocked = after
        .lines
        .iter()
        .find(|line| line.what == "queue of Leads")
        .unwrap();
    assert!(blocked.text.starts_with("1 contact"), "{blocked:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn who_stands_in_no_plan_is_listed_with_the_reason() {
    let machine = Machine::new();
    let workspace = ready(&machine).await;
    let listed = |unchanged, search: Option<&str>| {
        let request = UnplannedRequest {
            why: None,
            name: "Leads".to_owned(),
            unchanged,
            search: search.map(str::to_owned),
            after: None,
            limit: 10,
        };
        let page = replications::unplanned(&workspace, &request).unwrap();
        assert_eq!(page.next, None);
        let lines = page.contacts.into_iter();
        lines
            .map(|line| (line.person.name, line.why))
            .collect::<Vec<_>>()
    };
    let unchanged = |unchanged| listed(unchanged, None);
    assert_eq!(unchanged(true), [], "there is no plan yet");
    replications::run(&workspace, "Leads", &Cancel::new())
        .await
        .unwrap();
    let quiet = [("do_not_send".to_owned(), "yes".to_owned())];
    contacts::set(&workspace, "grace@example.com", &quiet, Written::default()).unwrap();
    replications::plan(&workspace, "Leads").unwrap();
    assert_eq!(
        listed(true, Some("hopper")),
        [],
        "the search keeps others out"
    );
    assert_eq!(listed(true, Some("love")).len(), 1);
    assert_eq!(
        unchanged(true),
        [("Ada Lovelace".to_owned(), WhyNot::Same)],
        "Mary is blocked and stands in the plan"
    );
    assert_eq!(
        unchanged(false),
        [("Grace Hopper".to_owned(), WhyNot::DoNotSend)]
    );
    let reasons = replications::unplanned_reasons(&workspace, "Leads").unwrap();
    let reasons: Vec<_> = reasons.iter().map(|one| (one.why, one.contacts)).collect();
    assert_eq!(reasons, [(WhyNot::Same, 1), (WhyNot::DoNotSend, 1)]);
}

#[tokio::test(flavor = "multi_thread")]
async fn blocked_contacts_of_a_plan_are_counted_by_reason_and_found_by_it_and_by_name() {
    let machine = Machine::new();
    let workspace = ready(&machine).await;
    replications::plan(&workspace, "Leads").unwrap();
    let reasons = replications::blocked_by(&workspace, "Leads").unwrap();
    assert_eq!(reasons.len(), 1);
    let reason = &reasons[0];
    assert_eq!(
        (reason.code.as_str(), reason.contacts),
        ("required_missing", 1)
    );
    assert!(reason.message.contains("Last Name"), "{reason:?}");
    let names = |query: PlannedQuery| {
        let page = replications::page(&workspace, &query).unwrap();
        let lines = page.contacts.into_iter();
        lines.map(|line| line.person.name).collect::<Vec<_>>()
    };
    let all = PlannedQuery {
        name: "Leads".to_owned(),
        limit: 10,
        ..PlannedQuery::default()
    };
    assert_eq!(names(all.clone()).len(), 3);
    let of_the_reason = PlannedQuery {
        code: Some(reason.code.clone()),
        message: Some(reason.message.clone()),
        ..all.clone()
    };
    assert_eq!(names(of_the_reason), ["Mary"]);
    let searched = PlannedQuery {
        search: Some("hopp".to_owned()),
        ..all.clone()
    };
    assert_eq!(names(searched), ["Grace Hopper"]);
    let remarked = PlannedQuery {
        remarked: true,
        ..all
    };
    assert_eq!(names(remarked), [""; 0]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_plan_names_what_is_left_out_blocked_and_not_sent_by_field_and_value() {
    let machine = Machine::new();
    let workspace = connected(&machine).await;
    let phone = "Head office reception desk: 020 7946 0958";
    let people = format!(
        "Email,First name,Last name,Company,Phone,Fax,Home phone\n\
         ada@example.com,Ada,Lovelace,Engines,{phone},1,2\n\
         grace@example.com,Grace,Hopper,Navy,{phone} 2,{phone},\n"
    );
    machine.import(&workspace, &people);
    replications::add(&workspace, &request("Leads", "Lead")).unwrap();
    let text = mappings::export(&workspace, "Leads").unwrap();
    let text = text
        .replace("=Phone\n", "=Phone ; block\n")
        .replace("=Fax\n", "=Fax ; block\n");
    let plan = |text: &str| {
        mappings::import(&workspace, "Leads", text).unwrap();
        replications::plan(&workspace, "Leads").unwrap()
    };

    let blocked = plan(&text);
    assert_eq!(blocked.counts.blocked, 2);
    let reasons = replications::blocked_by(&workspace, "Leads").unwrap();
    let found: Vec<_> = reasons
        .iter()
        .map(|one| (one.code.as_str(), one.field.as_deref(), one.contacts))
        .collect();
    assert_eq!(
        found,
        [("too_long", Some("Phone"), 2), ("too_long", Some("Fax"), 1)],
        "by code and field, and a contact may have two"
    );
    assert!(reasons[0].message.contains("“Head office"), "{reasons:?}");
    assert!(
        reasons[0].message.contains("Also “Head office"),
        "{reasons:?}"
    );
    let of = |field: &str| {
        let query = PlannedQuery {
            name: "Leads".to_owned(),
            code: Some("too_long".to_owned()),
            field: Some(field.to_owned()),
            limit: 10,
            ..PlannedQuery::default()
        };
        let page = replications::page(&workspace, &query).unwrap();
        page.contacts
            .into_iter()
            .map(|line| line.person.name)
            .collect::<Vec<_>>()
    };
    assert_eq!(
        (of("Phone").len(), of("Fax")),
        (2, vec!["Grace Hopper".to_owned()])
    );

    let left_out = plan(&text.replace(" ; block", ""));
    assert_eq!((left_out.counts.blocked, left_out.remarked), (0, 2));
    let remarks = replications::remarks(&workspace, "Leads").unwrap();
    assert_eq!(remarks, left_out.remarks);
    let found: Vec<_> = remarks
        .iter()
        .map(|one| (one.field.as_str(), one.contacts))
        .collect();
    assert_eq!(found, [("Phone", 2), ("Fax", 1)]);
    let kept = replications::latest_plan(&workspace, "Leads")
        .unwrap()
        .unwrap();
    let unsent: Vec<_> = kept
        .unsent
        .iter()
        .map(|one| (one.label.as_str(), one.contacts))
        .collect();
    assert_eq!(unsent, [("Home phone", 1)]);
    let planned = replications::planned(&workspace, "Leads", PlannedOf::Remarked, 10).unwrap();
    assert_eq!(planned.len(), 2);
    let grace = planned
        .iter()
        .find(|one| one.person.name == "Grace Hopper")
        .unwrap();
    assert_eq!(
        grace.detail["remarks"].as_array().unwrap().len(),
        2,
        "{grace:?}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_company_that_no_contact_record_gets_is_named_in_the_plan() {
    let machine = Machine::new();
    let workspace = connected(&machine).await;
    machine.import(&workspace, PEOPLE);
    replications::add(&workspace, &request("People", "Contact")).unwrap();
    let plan = replications::plan(&workspace, "People").unwrap();
    let company = plan
        .unsent
        .iter()
        .find(|one| one.field == "company_name")
        .unwrap();
    assert_eq!(company.contacts, 3);
    assert!(
        company.cure.as_ref().unwrap().contains("AccountId"),
        "{company:?}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_parent_is_found_by_an_external_id_and_nothing_else() {
    let machine = Machine::new();
    let workspace = connected(&machine).await;
    replications::add(&workspace, &request("People", "Contact")).unwrap();
    let mut text = mappings::export(&workspace, "People").unwrap();
    text.push_str("@company_name=Account.Name\n");
    mappings::look_at_parents(&workspace, "People", Some(&text))
        .await
        .unwrap();
    let refused = mappings::import(&workspace, "People", &text).unwrap_err();
    assert!(
        format!("{refused:?}").contains("isn't an External ID"),
        "{refused:?}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn who_is_a_contact_there_becomes_no_lead_and_is_listed_with_that_reason() {
    let machine = Machine::new();
    let workspace = ready(&machine).await;
    replications::add(&workspace, &request("Contacts", "Contact")).unwrap();
    prepare_org(&workspace, "Contacts", false).await.unwrap();
    let sent = replications::run(&workspace, "Contacts", &Cancel::new()).await;
    assert_eq!(sent.unwrap().report.created, 2);
    let plan = replications::find_people(&workspace, "Leads")
        .await
        .unwrap();
    let counts = plan.counts;
    assert_eq!(
        (counts.create, counts.update, counts.left_out),
        (0, 0, 2),
        "{counts:?}"
    );
    let listed = UnplannedRequest {
        why: None,
        name: "Leads".to_owned(),
        unchanged: false,
        search: None,
        after: None,
        limit: 10,
    };
    let listed = replications::unplanned(&workspace, &listed).unwrap();
    let why: Vec<_> = listed.contacts.iter().map(|line| line.why).collect();
    assert_eq!(why, [WhyNot::ContactThere, WhyNot::ContactThere]);
    let sent = replications::run(&workspace, "Leads", &Cancel::new()).await;
    assert_eq!(sent.unwrap().report.created, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_contact_is_shown_field_by_field_beside_what_the_org_holds() {
    let machine = Machine::new();
    let workspace = ready(&machine).await;
    let ada = contacts::show(&workspace, "ada@example.com").unwrap().guid;
    let fields = || {
        let difference = replications::difference(&workspace, "Leads", &ada).unwrap();
        let changes = difference.changes.into_iter();
        let changes: Vec<_> = changes
            .map(|change| (change.field, change.before, change.value))
            .collect();
        (changes, difference.same.len())
    };
    let (changes, same) = fields();
    assert!(
        changes
            .iter()
            .all(|(_, before, _)| *before == Before::Nothing)
    );
    assert_eq!((changes.len(), same), (4, 0), "{changes:?}");
    replications::run(&workspace, "Leads", &Cancel::new())
        .await
        .unwrap();
    assert_eq!(fields().0, []);
    let married = [("last_name".to_owned(), "King".to_owned())];
    contacts::set(&workspace, "ada@example.com", &married, Written::default()).unwrap();
    let sent = Before::Sent {
        value: "Lovelace".into(),
    };
    assert_eq!(
        fields().0,
        [("LastName".to_owned(), sent, "King".into())],
        "without asking the org"
    );
    replications::find_people(&workspace, "Leads")
        .await
        .unwrap();
    let now = Before::Now {
        value: "Lovelace".into(),
    };
    assert_eq!(fields().0, [("LastName".to_owned(), now, "King".into())]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_plan_that_waits_for_a_slow_org_is_cancelled_at_once() {
    let machine = Machine::new();
    let workspace = ready(&machine).await;
    let an_hour = [("ms".to_owned(), "3600000".to_owned())];
    practice::add_fault(&workspace, "slow", &an_hour)
        .await
        .unwrap();
    let asked_to_stop = async {
        loop {
            tokio::time::sleep(std::time::Duration::from_millis(20)).await;
            for job in jobs::list(&workspace) {
                jobs::cancel(&workspace, &job.id).unwrap();
            }
        }
    };
    let plan = tokio::select! {
        plan = replications::find_people(&workspace, "Leads") => plan,
        () = asked_to_stop => unreachable!(),
    };
    assert_eq!(plan.unwrap_err().code, Code::Cancelled);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_setup_is_resumed_where_it_was_left_until_the_first_run() {
    let machine = Machine::new();
    let workspace = ready(&machine).await;
    let left = || {
        replications::show(&workspace, "Leads")
            .unwrap()
            .standing
            .set_up_at
    };
    assert_eq!(left(), None);
    let at = |part| SetUpAt {
        name: "Leads".to_owned(),
        part,
    };
    for part in [SetUpPart::Details, SetUpPart::Mapping] {
        replications::set_up_at(&workspace, &at(part)).unwrap();
        assert_eq!(left(), Some(part));
    }
    replications::run(&workspace, "Leads", &Cancel::new())
        .await
        .unwrap();
    assert_eq!(left(), None, "what has run is set up");
    replications::remove(&workspace, "Leads").unwrap();
    let gone = replications::set_up_at(&workspace, &at(SetUpPart::Who));
    assert_eq!(gone.unwrap_err().code, Code::Usage);
}
