//! Who goes, and how often.

use leadferry_replication::settings::Settings;
use leadferry_store::{ContactField, EntryState, Threshold};

use crate::harness::{IDENTIFIER, LEAD, a_contact, text, world};

#[tokio::test]
async fn a_contact_goes_when_its_points_reached_the_minimum_and_the_mark_stays_when_they_fall() {
    let world = world().await;
    let score = world.lagos_score();
    let lagos = world.add(a_contact().last_name("Lagos").city("Lagos"));
    let kano = world.add(a_contact().last_name("Kano").city("Kano"));
    let threshold = Threshold { score, minimum: 10 };
    let leads = world.scored_replication("Lead", LEAD, Some(threshold), |_| {});

    let before = world.run(leads).await;
    assert_eq!(
        (before.created, before.calls),
        (0, 0),
        "nobody is marked before the points are calculated"
    );

    world.recalculate(score);
    let first = world.run(leads).await;
    assert_eq!(first.created, 1, "{first:?}");
    assert_eq!(text(&world.the_lead().await, "LastName"), "Lagos");
    assert_eq!(
        world.state(leads, kano),
        None,
        "who was never selected has no entry"
    );

    world.set(lagos, ContactField::City, Some("Abuja"));
    world.recalculate(score);
    world.set(lagos, ContactField::FirstName, Some("Ada"));
    let second = world.run(leads).await;
    assert_eq!(second.updated, 1, "the mark stays: {second:?}");
    assert_eq!(text(&world.the_lead().await, "FirstName"), "Ada");
}

#[tokio::test]
async fn the_mark_is_set_per_replication() {
    let world = world().await;
    let score = world.lagos_score();
    world.add(a_contact().city("Lagos"));
    let low =
        world.scored_replication("Lead", LEAD, Some(Threshold { score, minimum: 10 }), |_| {});
    let high =
        world.scored_replication("Lead", LEAD, Some(Threshold { score, minimum: 11 }), |_| {});
    world.recalculate(score);

    assert_eq!(world.plan(low).counts.match_pending, 1);
    assert_eq!(world.plan(high).counts.left_out, 1);
}

#[tokio::test]
async fn without_a_score_all_contacts_go() {
    let world = world().await;
    world.add_people(3);
    let report = world.run(world.leads()).await;
    assert_eq!(report.created, 3);
}

#[tokio::test]
async fn with_keep_updated_off_each_contact_goes_once() {
    let world = world().await;
    let contact = world.add(a_contact());
    let leads = world.leads_with(|settings| settings.keep_updated = false);
    assert_eq!(world.run(leads).await.created, 1);

    world.set(contact, ContactField::FirstName, Some("Later"));
    let plan = world.plan(leads);
    assert_eq!((plan.counts.unchanged, plan.counts.update), (1, 0));
    let report = world.run(leads).await;

    assert_eq!((report.updated, report.unchanged), (0, 1), "{report:?}");
    assert!(world.the_lead().await["FirstName"].is_null());
}

#[tokio::test]
async fn with_keep_updated_on_only_what_differs_goes_again() {
    let world = world().await;
    let contact = world.add(a_contact().first_name("Ada").email("ada@example.com"));
    let leads = world.leads();
    world.run(leads).await;
    let id = text(&world.the_lead().await, "Id").to_owned();
    world
        .change_record(
            "Lead",
            &id,
            serde_json::json!({"Company": "Changed in the org"}),
        )
        .await;

    world.set(contact, ContactField::FirstName, Some("Adaeze"));
    let report = world.run(leads).await;

    assert_eq!(report.updated, 1, "{report:?}");
    let lead = world.the_lead().await;
    assert_eq!(text(&lead, "FirstName"), "Adaeze");
    assert_eq!(
        text(&lead, "Company"),
        "Changed in the org",
        "what we did not change is not sent again"
    );
}

#[tokio::test]
async fn a_change_that_is_taken_back_sends_nothing() {
    let world = world().await;
    let contact = world.add(a_contact().first_name("Ada"));
    let leads = world.leads();
    world.run(leads).await;
    world.set(contact, ContactField::FirstName, Some("Eve"));
    world.set(contact, ContactField::FirstName, Some("Ada"));

    let report = world.run(leads).await;

    assert_eq!(
        (report.updated, report.unchanged, report.calls),
        (0, 1, 0),
        "{report:?}"
    );
}

#[tokio::test]
async fn nobody_who_is_not_to_be_sent_goes_and_one_who_waits_is_withdrawn() {
    let world = world().await;
    world.add(a_contact().last_name("Never").not_to_be_sent());
    let waiting = world.add(a_contact().last_name("Waiting").email("w@example.com"));
    let leads = world.leads();
    world
        .fault(serde_json::json!({"name": "row_error", "code": "ENTITY_IS_LOCKED"}))
        .await;
    let first = world.run(leads).await;
    assert_eq!((first.created, first.waiting), (0, 1), "{first:?}");
    world.end_faults().await;

    world.put(
        waiting,
        ContactField::DoNotSend,
        Some(leadferry_store::Value::YesNo(true)),
    );
    world.advance(3_600_000);
    let second = world.run(leads).await;

    assert_eq!(
        (second.created, second.withdrawn, second.waiting),
        (0, 1, 0),
        "{second:?}"
    );
    assert_eq!(world.state(leads, waiting), Some(EntryState::Withdrawn));
    assert!(world.leads_in_org().await.is_empty());
}

#[tokio::test]
async fn who_was_withdrawn_goes_when_selected_again() {
    let world = world().await;
    let contact = world.add(a_contact());
    let leads = world.leads();
    world.run(leads).await;
    world.put(
        contact,
        ContactField::DoNotSend,
        Some(leadferry_store::Value::YesNo(true)),
    );
    world.set(contact, ContactField::FirstName, Some("Ada"));
    world.run(leads).await;
    assert!(world.the_lead().await["FirstName"].is_null());
    assert_eq!(world.state(leads, contact), Some(EntryState::Withdrawn));

    world.put(contact, ContactField::DoNotSend, None);
    let report = world.run(leads).await;

    assert_eq!(report.updated, 1, "{report:?}");
    assert_eq!(text(&world.the_lead().await, "FirstName"), "Ada");
}

#[tokio::test]
async fn a_deleted_contact_sends_nothing_unless_a_field_was_chosen_for_that() {
    let world = world().await;
    let mapping = format!("{LEAD}\"Customer\"=LeadSource\n");
    let silent = world.replication("Lead", &mapping, |_| {});
    let contact = world.add(a_contact());
    world.run(silent).await;
    let now = world.now();
    world.write(|writer| writer.delete_contacts(&[contact], now));
    let report = world.run(silent).await;
    assert_eq!((report.updated, report.calls), (0, 0), "{report:?}");

    world.change_settings(silent, |settings: &mut Settings| {
        settings.deleted_here = Some("\"Left\"=Description".into());
    });
    let report = world.run(silent).await;
    assert_eq!(report.updated, 1, "{report:?}");
    assert_eq!(text(&world.the_lead().await, "Description"), "Left");
    let again = world.run(silent).await;
    assert_eq!((again.updated, again.calls), (0, 0), "once: {again:?}");
}

#[tokio::test]
async fn a_held_contact_is_left_out_until_it_is_released() {
    let world = world().await;
    let contact = world.add(a_contact());
    let leads = world.leads();
    world.run(leads).await;
    let now = world.now();
    assert!(world.write(|writer| writer.hold_entry(leads, contact, now)));
    world.set(contact, ContactField::FirstName, Some("Ada"));
    assert_eq!(world.plan(leads).counts.left_out, 1);
    assert_eq!(world.run(leads).await.updated, 0);

    world.write(|writer| writer.release_entries(leads, None, now));
    assert_eq!(world.run(leads).await.updated, 1);
}

#[tokio::test]
async fn two_replications_on_one_person_share_the_record() {
    let world = world().await;
    let contact = world.add(a_contact().first_name("Ada").city("Lagos"));
    let names = world.leads();
    let places = world.replication(
        "Lead",
        "last_name=LastName;on_create\n@company_name=Company;on_create\ncity=City\n",
        |_| {},
    );

    let first = world.run(names).await;
    let second = world.run(places).await;

    assert_eq!((first.created, first.updated), (1, 0), "{first:?}");
    assert_eq!((second.created, second.updated), (0, 1), "{second:?}");
    let lead = world.the_lead().await;
    assert_eq!(
        (text(&lead, "FirstName"), text(&lead, "City")),
        ("Ada", "Lagos")
    );
    assert_eq!(text(&lead, IDENTIFIER), world.guid(contact));
    for replication in [names, places] {
        assert_eq!(
            world.run(replication).await.calls,
            0,
            "nothing is left to do"
        );
    }
}

#[tokio::test]
async fn the_same_person_goes_as_a_lead_or_as_a_contact_and_never_as_both() {
    let world = world().await;
    let contact = world.add(a_contact().first_name("Ada"));
    let leads = world.leads();
    let contacts = world.replication("Contact", crate::harness::CONTACT, |_| {});

    assert_eq!(world.run(leads).await.created, 1);
    let report = world.run(contacts).await;
    assert_eq!((report.created, report.blocked), (0, 0), "{report:?}");
    assert_eq!(world.find_people(contacts).await.counts.left_out, 1);
    assert!(world.link(contact, "Lead").is_some() && world.link(contact, "Contact").is_none());
}
