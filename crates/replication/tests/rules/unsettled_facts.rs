//! What no source settles about Salesforce: each fact either way, over one story with an answer lost in each run.

use leadferry_replication::settings::{EmptyValues, WhenDeleted};
use leadferry_store::{ContactField, EntryState};
use serde_json::{Value, json};

use crate::harness::{IDENTIFIER, LEAD, World, a_contact, text, world};

/// Tells the story with the switch at each of these values.
async fn either_way(switch: &str, values: &[Value]) {
    for value in values {
        let world = world().await;
        world.switch(switch, value.clone()).await;
        story(&world, &format!("{switch} = {value}")).await;
    }
}

/// New people, people the org had, refused ones; then edits, a deletion, a conversion and a merge in the org; then the
/// deleted one again. Whatever the switch says, nobody stands in the org twice and the counts are true.
async fn story(world: &World, told: &str) {
    let leads = world.replication("Lead", &format!("{LEAD}city=City\n"), |settings| {
        settings.batch_size = 3;
        settings.empty_values = EmptyValues::Clear;
    });
    let people = world.add_people(7);
    let found = world.lead("OURS", "found@example.com").await;
    let ours = world.add(
        a_contact()
            .last_name("Ours")
            .email("found@example.com")
            .city("Lagos"),
    );
    let refused = world.add(a_contact().last_name("Refused"));
    let no = json!({"name": "row_error", "code": "FIELD_CUSTOM_VALIDATION_EXCEPTION", "values": ["Refused"]});
    world.fault(no).await;
    world.spoil_writes("reset_after", 1).await;

    let first = world.run(leads).await;

    assert_eq!(
        (first.created, first.updated, first.failed, first.waiting),
        (7, 1, 1, 0),
        "{told}: {first:?}"
    );
    assert_eq!(world.link(ours, "Lead").unwrap().record_id, found, "{told}");
    stands_once(world, told, 8).await;

    let record = |n: usize| world.link(people[n], "Lead").unwrap().record_id;
    world.delete_in_org(&record(0)).await;
    world
        .change_in_org("convert-lead", json!({"id": record(1)}))
        .await;
    let winner = world.lead("Winner", "winner@example.com").await;
    world
        .change_in_org("merge", json!({"winner": winner, "losers": [record(2)]}))
        .await;
    for person in people.iter().chain([&ours]) {
        world.set(*person, ContactField::FirstName, Some("Once more"));
    }
    world.set(ours, ContactField::City, None);
    world.spoil_writes("reset_after", 1).await;

    let second = world.run(leads).await;

    assert_eq!(
        (second.created, second.updated, second.blocked),
        (0, 6, 2),
        "{told}: {second:?}"
    );
    assert_eq!(
        world.code(leads, people[0]).as_deref(),
        Some("deleted_in_salesforce"),
        "{told}"
    );
    assert_eq!(
        world.code(leads, people[1]).as_deref(),
        Some("converted"),
        "{told}"
    );
    assert_eq!(
        world.link(people[2], "Lead").unwrap().record_id,
        winner,
        "{told}"
    );
    assert_eq!(
        world.run(leads).await.calls,
        0,
        "{told}: nothing is left to do"
    );

    world.change_settings(leads, |settings| settings.deleted = WhenDeleted::Recreate);
    let third = world.run(leads).await;

    let done = world.state(leads, people[0]) == Some(EntryState::Done);
    assert_eq!(
        (third.created, third.waiting),
        (u64::from(done), 0),
        "{told}: {third:?}"
    );
    stands_once(world, told, if done { 8 } else { 7 }).await;
    assert_eq!(
        world.state(leads, refused),
        Some(EntryState::Blocked),
        "{told}"
    );
    assert_eq!(world.run(leads).await.calls, 0, "{told}: nor after that");
}

/// No identifier twice, and so many leads that are alive and not converted, the winner of the merge apart.
async fn stands_once(world: &World, told: &str, expected: usize) {
    let leads = world.leads_in_org().await;
    let mut held: Vec<&str> = leads
        .iter()
        .map(|lead| text(lead, IDENTIFIER))
        .filter(|held| !held.is_empty())
        .collect();
    held.sort_unstable();
    let all = held.len();
    held.dedup();
    assert_eq!(held.len(), all, "{told}: nobody twice");
    let merged = leads
        .iter()
        .filter(|lead| text(lead, IDENTIFIER).is_empty())
        .count();
    assert_eq!(all + merged, expected, "{told}: {leads:?}");
}

fn text_value(text: &str) -> leadferry_store::Value {
    leadferry_store::Value::Text(text.to_owned())
}

fn on_and_off() -> [Value; 2] {
    [json!(true), json!(false)]
}

#[tokio::test]
async fn converted_leads_may_be_changed_or_not() {
    either_way("updating_converted_lead_allowed", &on_and_off()).await;
}

#[tokio::test]
async fn an_upsert_by_the_key_of_a_converted_lead_may_do_anything() {
    let values = [json!("refuse"), json!("update"), json!("create")];
    either_way("upsert_key_of_converted_lead", &values).await;
}

#[tokio::test]
async fn deleted_records_may_hold_their_identifier_or_not() {
    either_way("deleted_record_still_matches_identifier", &on_and_off()).await;
}

#[tokio::test]
async fn updates_of_merged_away_records_may_reach_the_winner_or_fail() {
    either_way("merged_away_record_redirects", &on_and_off()).await;
}

#[tokio::test]
async fn refused_rows_may_carry_an_empty_id_or_none() {
    either_way("failed_row_has_id_null", &on_and_off()).await;
}

#[tokio::test]
async fn refused_rows_may_say_that_nothing_was_created_or_nothing_at_all() {
    either_way("upsert_created_missing_on_failure", &on_and_off()).await;
}

#[tokio::test]
async fn empty_texts_may_be_null_or_not() {
    either_way("empty_string_is_null", &on_and_off()).await;
}

#[tokio::test]
async fn white_space_around_texts_may_be_dropped_or_not() {
    either_way("trim_text", &on_and_off()).await;
}

#[tokio::test]
async fn control_characters_may_be_stripped_refused_or_kept() {
    either_way(
        "control_characters",
        &[json!("strip"), json!("refuse"), json!("keep")],
    )
    .await;
}

#[tokio::test]
async fn pages_of_answers_may_be_short_or_not() {
    either_way("page_size_cap", &[json!(2), json!(null)]).await;
}

#[tokio::test]
async fn a_key_twice_in_a_request_may_be_refused_by_any_code() {
    let values = [
        json!("DUPLICATE_VALUE"),
        json!("DUPLICATE_EXTERNAL_ID"),
        json!("INVALID_FIELD"),
    ];
    either_way("duplicate_external_id_status_code", &values).await;
}

#[tokio::test]
async fn assignment_rules_may_change_the_owner_or_not() {
    either_way("assignment_rule_sets_queue_owner", &on_and_off()).await;
}

#[tokio::test]
async fn duplicate_rules_may_be_on_or_off_and_see_the_other_object_or_not() {
    either_way(
        "duplicate_rule",
        &[json!("off"), json!("alert"), json!("block")],
    )
    .await;
    either_way("duplicate_rule_sees_other_object", &on_and_off()).await;
}

#[tokio::test]
async fn duplicates_may_be_named_in_either_spelling_or_not_at_all() {
    for (switch, values) in [
        (
            "duplicate_result_spelling",
            [json!("duplicateResut"), json!("duplicateResult")],
        ),
        ("match_records_in_collections", on_and_off()),
    ] {
        for value in values {
            let world = world().await;
            world.switch("duplicate_rule", json!("alert")).await;
            world.switch(switch, value.clone()).await;
            world.lead("Twin", "twin@example.com").await;
            let contact = world.add(a_contact().email("twin@example.com"));
            let leads = world.leads_with(|settings| settings.match_email = false);
            world.spoil_writes("reset_after", 1).await;
            let report = world.run(leads).await;
            assert_eq!(
                (report.created, report.standing),
                (0, 1),
                "{switch} = {value}: {report:?}"
            );
            assert_eq!(
                world.code(leads, contact).as_deref(),
                Some("DUPLICATES_DETECTED")
            );
        }
    }
}

#[tokio::test]
async fn odd_texts_are_sent_once_whatever_the_org_makes_of_them() {
    for (switch, values) in [
        ("trim_text", vec![json!(true), json!(false)]),
        ("control_characters", vec![json!("strip"), json!("keep")]),
    ] {
        for value in values {
            let world = world().await;
            world.switch(switch, value.clone()).await;
            let mapping = format!("{LEAD}\"  padded  \"=Description\ncity=City\n");
            let leads = world.replication("Lead", &mapping, |_| {});
            let bell = text_value("Lag\u{7}os");
            world.add(a_contact().first_name("Ada").with(ContactField::City, bell));
            world.spoil_writes("reset_after", 1).await;
            let report = world.run(leads).await;
            assert_eq!(
                (report.created, report.blocked),
                (1, 0),
                "{switch} = {value}: {report:?}"
            );
            assert_eq!(world.run(leads).await.calls, 0, "{switch} = {value}");
        }
    }
}
