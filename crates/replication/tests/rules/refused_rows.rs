//! Rows and requests that the org refuses.

use leadferry_store::{ContactField, EntryState};
use reqwest::Method;
use serde_json::json;

use crate::harness::{IDENTIFIER, WRITES, World, a_contact, text, text_field, world};

/// An org whose default record type offers fewer values than the picklist has, and two people of whom one has another.
async fn partner_world() -> World {
    let world = world().await;
    world
        .restricted_picklist("Lead", "Tier__c", &["Gold", "Silver"])
        .await;
    let partner = json!({"object": "Lead", "name": "Partner", "default": true, "values": {"Tier__c": ["Gold"]}});
    world.admin(Method::POST, "/record-types", partner).await;
    world.keep_describes().await;
    for (name, tier) in [("Lee", "Silver"), ("Roth", "Gold")] {
        let contact = world.add(
            a_contact()
                .last_name(name)
                .email(&format!("{name}@example.com")),
        );
        world.set(contact, ContactField::Status, Some(tier));
    }
    world
}

const TIER: &str = "last_name=LastName\nemail=Email\n@company_name=Company\nstatus=Tier__c";

#[tokio::test]
async fn a_value_that_only_the_record_type_lacks_is_left_out_and_said() {
    let world = partner_world().await;
    let leads = world.replication("Lead", TIER, |_| {});
    let report = world.run(leads).await;
    assert_eq!(
        (report.created, report.failed, report.blocked),
        (2, 0, 0),
        "{report:?}"
    );
    let told = report.values_left_out.iter();
    let told: Vec<_> = told
        .map(|one| (one.message.as_str(), one.contacts))
        .collect();
    assert_eq!(
        told,
        [(
            "Tier (Tier__c): left out, because Salesforce doesn't offer “Silver” for the record type",
            1
        )]
    );
    let held = world
        .soql("SELECT LastName, Tier__c FROM Lead ORDER BY LastName")
        .await;
    assert_eq!(
        (&held[0]["Tier__c"], &held[1]["Tier__c"]),
        (&json!(null), &json!("Gold"))
    );
    assert_eq!(world.run(leads).await.calls, 0, "it isn't sent again");
}

#[tokio::test]
async fn a_value_that_the_record_type_lacks_blocks_where_its_row_says_so() {
    let world = partner_world().await;
    let leads = world.replication("Lead", &format!("{TIER} ; block"), |_| {});
    let report = world.run(leads).await;
    assert_eq!(report.created, 1, "{report:?}");
    let held = world.soql("SELECT LastName FROM Lead").await;
    assert_eq!(text(&held[0], "LastName"), "Roth");
}

#[tokio::test]
async fn a_contact_without_a_last_name_updates_the_record_that_has_its_email() {
    let world = world().await;
    let lead = json!({
        "FirstName": "Mira", "LastName": "Okafor", "Company": "Acme", "Email": "mira@example.com",
    });
    world.record("Lead", lead).await;
    let there = world.add(
        a_contact()
            .first_name("Mira")
            .without_last_name()
            .email("mira@example.com"),
    );
    let new = world.add(
        a_contact()
            .first_name("Ada")
            .without_last_name()
            .email("ada@example.com"),
    );
    let rows = "first_name=FirstName\nlast_name=LastName\nemail=Email\n@company_name=Company";
    let leads = world.replication("Lead", rows, |_| {});
    assert_eq!(
        world.plan(leads).counts.blocked,
        2,
        "nobody knows yet who is there"
    );
    let found = world.find_people(leads).await;
    assert_eq!((found.counts.update, found.counts.blocked), (1, 1));
    let report = world.run(leads).await;
    assert_eq!((report.created, report.updated), (0, 1), "{report:?}");
    assert_eq!(world.state(leads, there), Some(EntryState::Done));
    assert_eq!(world.code(leads, new).as_deref(), Some("required_missing"));
    let lead = world.the_lead().await;
    assert_eq!(
        (text(&lead, "FirstName"), text(&lead, "LastName")),
        ("Mira", "Okafor")
    );
}

#[tokio::test]
async fn locked_rows_heal_by_themselves_and_cost_only_those_rows() {
    let world = world().await;
    let people = world.add_people(10);
    let leads = world.leads();
    world
        .fault(json!({"name": "lock_rows", "times": 2, "fraction": 0.5}))
        .await;
    let report = world.run(leads).await;
    assert_eq!(
        (report.created, report.failed, report.waiting),
        (10, 0, 0),
        "{report:?}"
    );
    world.each_stands_once(&people).await;
    let run = world.read(|reader| reader.run(report.run.unwrap()));
    assert_eq!(
        (run.created, run.sent > 10),
        (10, true),
        "what was tried again counts as sent"
    );
}

#[tokio::test]
async fn a_row_that_stays_locked_is_given_up_after_the_policys_attempts() {
    let world = world().await;
    let locked = world.add(a_contact().last_name("Locked"));
    let free = world.add(a_contact().last_name("Free"));
    let leads = world.leads();
    world
        .fault(json!({"name": "lock_rows", "values": ["Locked"]}))
        .await;

    let report = world.run(leads).await;

    assert_eq!(
        (report.created, report.failed, report.waiting),
        (1, 1, 0),
        "{report:?}"
    );
    assert_eq!(world.state(leads, free), Some(EntryState::Done));
    let entry = world.entry(leads, locked).unwrap();
    assert_eq!(
        (entry.state, entry.attempts),
        (EntryState::GivenUp, world.policy.row_attempts)
    );
    assert_eq!(
        world.code(leads, locked).as_deref(),
        Some("UNABLE_TO_LOCK_ROW")
    );
    assert_eq!(world.plan(leads).counts.blocked, 1);

    world.end_faults().await;
    world.set(locked, ContactField::FirstName, Some("Changed"));
    assert_eq!(world.run(leads).await.calls, 0, "only a hand ends it");
    let now = world.now();
    world.write(|writer| writer.retry_entries(leads, &[locked], None, false, now));
    assert_eq!(world.run(leads).await.created, 1);
}

#[tokio::test]
async fn a_row_locked_by_an_approval_waits_long_and_ends_no_run() {
    let world = world().await;
    world.add(a_contact().last_name("Locked"));
    let leads = world.leads();
    world
        .fault(json!({"name": "row_error", "code": "ENTITY_IS_LOCKED", "times": 1}))
        .await;
    let report = world.run(leads).await;
    assert_eq!(
        (report.created, report.waiting, report.stopped.as_ref()),
        (0, 1, None),
        "{report:?}"
    );
    let early = world.run(leads).await;
    assert_eq!(
        (early.calls, early.waiting),
        (0, 1),
        "not before its time: {early:?}"
    );
    world.advance(world.policy.slow_wait_ms);
    assert_eq!(world.run(leads).await.created, 1);
}

#[tokio::test]
async fn a_refused_row_blocks_its_contact_until_its_values_change() {
    let world = world().await;
    let refused = world.add(a_contact().last_name("Refused"));
    world.add(a_contact().last_name("Fine"));
    let leads = world.leads();
    let rule = json!({"name": "row_error", "code": "FIELD_CUSTOM_VALIDATION_EXCEPTION", "message": "Say more", "fields": ["LastName"], "values": ["Refused"]});
    world.fault(rule).await;
    let report = world.run(leads).await;
    assert_eq!(
        (report.created, report.blocked, report.failed),
        (1, 0, 1),
        "{report:?}"
    );
    let reason = world.entry(leads, refused).unwrap().reason.unwrap();
    assert_eq!(reason.code, "FIELD_CUSTOM_VALIDATION_EXCEPTION");
    assert!(
        reason.message.contains("Say more"),
        "the org's own words: {}",
        reason.message
    );
    assert_eq!(reason.detail["fields"], json!(["LastName"]));
    assert_eq!(world.run(leads).await.calls, 0);
    world.set(refused, ContactField::LastName, Some("Accepted"));
    assert_eq!(world.run(leads).await.created, 1);
}

#[tokio::test]
async fn a_duplicate_value_on_the_identifier_is_asked_about() {
    let world = world().await;
    let contact = world.add(a_contact().first_name("Ours").email("a@example.com"));
    let leads = world.leads();
    // Someone else creates the record with our identifier between the question and the request.
    world.fault(json!({"name": "row_error", "code": "DUPLICATE_VALUE", "times": 1, "message": "doublon", "match": {"path": WRITES}})).await;
    let fields = json!({"LastName": "Okafor", "Company": "Acme", IDENTIFIER: world.guid(contact)});
    world.fault(json!({"name": "slow", "ms": 200, "times": 1, "match": {"path": "/composite", "method": "POST"}})).await;
    let other = async {
        while !world.latest_requests(1).await[0].1.ends_with("/composite") {
            tokio::time::sleep(std::time::Duration::from_millis(5)).await;
        }
        world.record("Lead", fields).await
    };

    let (report, theirs) = tokio::join!(world.run(leads), other);

    assert_eq!(
        (report.created, report.updated, report.blocked),
        (0, 1, 0),
        "{report:?}"
    );
    assert_eq!(world.link(contact, "Lead").unwrap().record_id, theirs);
    assert_eq!(text(&world.the_lead().await, "FirstName"), "Ours");
}

#[tokio::test]
async fn a_duplicate_value_on_another_unique_field_blocks() {
    let world = world().await;
    world
        .custom_field("Lead", "Badge__c", text_field(20, false, true))
        .await;
    world.keep_describes().await;
    let badge = world.field("Badge", leadferry_store::FieldKind::Text);
    let leads = world.replication(
        "Lead",
        &format!("{}custom:Badge=Badge__c\n", crate::harness::LEAD),
        |_| {},
    );
    world
        .record(
            "Lead",
            json!({"LastName": "Else", "Company": "Acme", "Badge__c": "7"}),
        )
        .await;
    let text = |text: &str| leadferry_store::Value::Text(text.into());
    let contact = world.add(a_contact().with(badge, text("7")));

    let report = world.run(leads).await;

    assert_eq!(
        (report.created, report.blocked, report.failed),
        (0, 1, 0),
        "{report:?}"
    );
    assert_eq!(
        world.code(leads, contact).as_deref(),
        Some("DUPLICATE_VALUE")
    );
    assert_eq!(world.run(leads).await.calls, 0);
    world.put(contact, badge, Some(text("8")));
    assert_eq!(world.run(leads).await.created, 1);
}

#[tokio::test]
async fn a_request_refused_for_one_rows_sake_is_halved_until_the_row_is_found() {
    let world = world().await;
    let people = world.add_people(40);
    let bad = world.add(a_contact().last_name("Broken"));
    let leads = world.leads();
    world
        .fault(json!({"name": "refuse_request", "values": ["Broken"]}))
        .await;

    let report = world.run(leads).await;

    assert_eq!(
        (report.created, report.blocked, report.failed),
        (40, 0, 1),
        "{report:?}"
    );
    assert_eq!(world.code(leads, bad).as_deref(), Some("JSON_PARSER_ERROR"));
    let failed = world.read(|reader| reader.run(report.run.unwrap())).failed;
    assert_eq!(failed, [("JSON_PARSER_ERROR".to_owned(), 1)].into());
    world.each_stands_once(&people).await;
    assert!(report.calls <= 16, "{} calls", report.calls);
}

#[tokio::test]
async fn a_request_that_always_runs_too_long_is_halved_until_the_row_is_found() {
    let world = world().await;
    let people = world.add_people(7);
    let bad = world.add(a_contact().last_name("Endless"));
    let leads = world.leads();
    world.fault(json!({"name": "refuse_request", "values": ["Endless"], "code": "REQUEST_RUNNING_TOO_LONG"})).await;
    let report = world.run(leads).await;
    assert_eq!(
        (report.created, report.waiting, report.stopped.as_ref()),
        (7, 0, None),
        "{report:?}"
    );
    assert_eq!(
        world.code(leads, bad).as_deref(),
        Some("REQUEST_RUNNING_TOO_LONG")
    );
    world.each_stands_once(&people).await;
}

#[tokio::test]
async fn a_duplicate_rule_that_warns_is_respected_or_overridden_as_the_setting_says() {
    for (allow, created) in [(false, 0), (true, 1)] {
        let world = world().await;
        world.lead("Twin", "twin@example.com").await;
        world.switch("duplicate_rule", json!("alert")).await;
        let contact = world.add(a_contact().email("twin@example.com"));
        let leads = world.leads_with(|settings| {
            settings.match_email = false;
            settings.allow_duplicates = allow;
        });
        let report = world.run(leads).await;
        assert_eq!(
            (report.created, report.failed),
            (created, 1 - created),
            "{allow}: {report:?}"
        );
        if !allow {
            assert_eq!(
                world.code(leads, contact).as_deref(),
                Some("DUPLICATES_DETECTED")
            );
        }
    }
}

#[tokio::test]
async fn a_duplicate_rule_that_blocks_is_never_overridden() {
    for allow in [false, true] {
        let world = world().await;
        world.lead("Twin", "twin@example.com").await;
        world.switch("duplicate_rule", json!("block")).await;
        world.add(a_contact().email("twin@example.com"));
        let leads = world.leads_with(|settings| {
            settings.match_email = false;
            settings.allow_duplicates = allow;
        });
        let report = world.run(leads).await;
        assert_eq!(
            (report.created, report.failed),
            (0, 1),
            "{allow}: {report:?}"
        );
    }
}

#[tokio::test]
async fn assignment_rules_run_on_create_only_when_asked_for_and_never_on_update() {
    for (setting, times) in [(false, 0), (true, 1)] {
        let world = world().await;
        let leads = world.leads_with(|settings| settings.assignment_rules = setting);
        let contact = world.add(a_contact());
        world.run(leads).await;
        world.set(contact, ContactField::FirstName, Some("Ada"));
        world.run(leads).await;
        let assignments = world
            .admin(reqwest::Method::GET, "/assignments", json!(null))
            .await;
        let ran: i64 = sum_of_numbers(&assignments);
        assert_eq!(ran, times, "{assignments}");
    }
}

fn sum_of_numbers(value: &serde_json::Value) -> i64 {
    match value {
        serde_json::Value::Number(number) => number.as_i64().unwrap_or(0),
        serde_json::Value::Array(items) => items.iter().map(sum_of_numbers).sum(),
        serde_json::Value::Object(members) => members.values().map(sum_of_numbers).sum(),
        _ => 0,
    }
}

#[tokio::test]
async fn an_org_error_that_passes_counts_as_an_attempt_of_the_row_only() {
    let world = world().await;
    let people = world.add_people(4);
    let leads = world.leads();
    world
        .fault(
            json!({"name": "row_error", "code": "UNKNOWN_EXCEPTION", "times": 2, "values": ["P1"]}),
        )
        .await;
    let report = world.run(leads).await;
    assert_eq!((report.created, report.failed), (4, 0), "{report:?}");
    world.each_stands_once(&people).await;
}

#[tokio::test]
async fn rows_refused_for_now_come_back_together_and_are_not_looked_for_again() {
    let world = world().await;
    let people = world.add_people(100);
    let leads = world.leads_with(|settings| settings.batch_size = 10);
    let fault_free = 1 + 1 + 10;
    world
        .fault(json!({"name": "lock_rows", "times": 10, "fraction": 0.1}))
        .await;
    let report = world.run(leads).await;
    assert_eq!((report.created, report.waiting), (100, 0), "{report:?}");
    assert_eq!(
        report.calls,
        fault_free + 1,
        "ten rows of ten batches fill one"
    );
    world.each_stands_once(&people).await;
}

#[tokio::test]
async fn a_duplicate_rule_names_the_record_whether_the_answer_does_or_not() {
    for carried in [false, true] {
        let world = world().await;
        let twin = world.lead("Twin", "twin@example.com").await;
        world.switch("duplicate_rule", json!("alert")).await;
        let switch = "match_records_in_collections";
        world.switch(switch, json!(carried)).await;
        let contact = world.add(a_contact().email("twin@example.com"));
        let leads = world.leads_with(|settings| settings.match_email = false);
        world.run(leads).await;
        let reason = world.entry(leads, contact).unwrap().reason.unwrap();
        assert!(
            reason.message.contains("Twin"),
            "{carried}: {}",
            reason.message
        );
        let candidate = &reason.detail["candidates"][0];
        assert_eq!(
            (
                &candidate["record"],
                &candidate["name"],
                &candidate["object"]
            ),
            (&json!(twin), &json!("Twin"), &json!("Lead")),
            "{carried}"
        );
        world.change_settings(leads, |settings| settings.allow_duplicates = true);
        assert_eq!(
            world.run(leads).await.created,
            1,
            "{carried}: the cure works"
        );
    }
}

#[tokio::test]
async fn a_duplicate_rule_that_blocks_in_any_case_is_not_answered_with_allowing_duplicates() {
    let world = world().await;
    world.lead("Twin", "twin@example.com").await;
    world.switch("duplicate_rule", json!("block")).await;
    let contact = world.add(a_contact().email("twin@example.com"));
    let leads = world.leads_with(|settings| {
        settings.match_email = false;
        settings.allow_duplicates = true;
    });
    world.run(leads).await;
    let reason = world.entry(leads, contact).unwrap().reason.unwrap();
    assert_eq!(reason.detail["allow_save"], json!(false));
    assert!(
        !reason.message.contains("save duplicates"),
        "{}",
        reason.message
    );
}

/// A trigger that met a lock is tried once more by itself; then its contact is blocked, and the text says what to do.
#[tokio::test]
async fn what_is_said_of_a_refused_contact_is_what_becomes_of_it() {
    let world = world().await;
    let contact = world.add(a_contact());
    let leads = world.leads();
    world
        .fault(json!({
            "name": "row_error", "code": "CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY", "times": 2,
            "message": "T: execution of AfterInsert caused by: UNABLE_TO_LOCK_ROW, unable to obtain exclusive access",
        }))
        .await;
    world.run(leads).await;
    let entry = world.entry(leads, contact).unwrap();
    assert_eq!(entry.state, EntryState::Blocked);
    let message = entry.reason.unwrap().message;
    assert!(!message.contains("No action needed"), "{message}");
    assert!(
        message.contains("Wait a few minutes, then retry"),
        "{message}"
    );
    let now = world.now();
    world.write(|writer| writer.retry_entries(leads, &[contact], None, false, now));
    assert_eq!(world.run(leads).await.created, 1);

    let locked = world.add(a_contact().last_name("Locked"));
    world
        .fault(json!({"name": "row_error", "code": "ENTITY_IS_LOCKED"}))
        .await;
    world.run(leads).await;
    let entry = world.entry(leads, locked).unwrap();
    assert_eq!(entry.state, EntryState::Pending);
    let message = entry.reason.unwrap().message;
    assert!(message.contains("No action needed"), "{message}");
}

#[tokio::test]
async fn a_run_counts_as_its_history_does_and_tells_standing_trouble_each_time() {
    let world = world().await;
    world.add(a_contact().last_name("Refused"));
    world.add(a_contact().without_last_name());
    world.add(a_contact().last_name("Fine"));
    let leads = world.leads();
    let rule = json!({"name": "row_error", "code": "FIELD_CUSTOM_VALIDATION_EXCEPTION", "values": ["Refused"]});
    world.fault(rule).await;
    let first = world.run(leads).await;
    let history = world.read(|reader| reader.run(first.run.unwrap()));
    assert_eq!(
        (first.failed, first.blocked, first.standing),
        (1, 1, 2),
        "{first:?}"
    );
    assert_eq!(history.failed.values().sum::<u64>(), first.failed);
    assert_eq!(history.blocked.values().sum::<u64>(), first.blocked);
    let second = world.run(leads).await;
    assert_eq!(
        (second.failed, second.blocked, second.standing),
        (0, 0, 2),
        "{second:?}"
    );
}

/// Salesforce compares unique texts without regard to case: two of our people may hold what is one value there.
#[tokio::test]
async fn keys_that_differ_only_in_case_stop_the_second_and_name_the_first() {
    let world = world().await;
    world
        .custom_field("Lead", "Member__c", text_field(20, true, true))
        .await;
    world.keep_describes().await;
    let first = world.add(a_contact().last_name("First").city("M-1"));
    let second = world.add(a_contact().last_name("Second").city("m-1"));
    let mapping = "last_name=LastName\n@company_name=Company\ncity=Member__c\n";
    let leads = world.replication("Lead", mapping, |_| {});
    let report = world.run(leads).await;
    assert_eq!((report.created, report.standing), (1, 1), "{report:?}");
    assert_eq!(world.state(leads, first), Some(EntryState::Done));
    let record = world.link(first, "Lead").unwrap().record_id;
    let reason = world.entry(leads, second).unwrap().reason.unwrap();
    assert_eq!(reason.code, "DUPLICATE_VALUE");
    assert!(reason.message.contains(&record), "{}", reason.message);
    assert!(
        !reason.message.contains("No action needed"),
        "{}",
        reason.message
    );
    assert_eq!(world.leads_in_org().await.len(), 1);
}
