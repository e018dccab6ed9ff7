//! A record with a contact's email that may be someone else, and orgs where nobody can be looked for by email.

use leadferry_replication::StopKind;
use leadferry_store::{EntryState, PlanDecision};
use serde_json::json;

use crate::harness::{IDENTIFIER, a_contact, text, world};

#[tokio::test]
async fn a_record_of_another_name_is_not_taken_for_the_contact() {
    let world = world().await;
    let email = "robert.anderson@example.com";
    let fields =
        json!({"FirstName": "Robert", "LastName": "Anderson", "Company": "Acme", "Email": email});
    let theirs = world.record("Lead", fields).await;
    let contact = world.add(
        a_contact()
            .first_name("Otto")
            .last_name("Clerk")
            .email(email),
    );
    let leads = world.leads();

    let plan = world.find_people(leads).await;
    assert_eq!(world.decision(&plan, contact), Some(PlanDecision::Blocked));
    let report = world.run(leads).await;

    assert_eq!((report.updated, report.blocked), (0, 1), "{report:?}");
    assert_eq!(text(&world.the_lead().await, "LastName"), "Anderson");
    let reason = world.entry(leads, contact).unwrap().reason.unwrap();
    assert_eq!(reason.code, "ambiguous");
    assert!(
        reason.message.contains("Robert Anderson"),
        "{}",
        reason.message
    );
    assert_eq!(reason.detail["candidates"][0]["record"], json!(theirs));

    // Both cures end it.
    let now = world.now();
    world.write(|writer| writer.retry_entries(leads, &[contact], None, true, now));
    assert_eq!(world.run(leads).await.created, 1);
    assert_eq!(world.leads_in_org().await.len(), 2);
}

#[tokio::test]
async fn a_record_of_another_name_is_the_contact_once_a_hand_has_linked_it() {
    let world = world().await;
    let theirs = world.lead("Anderson", "office@example.com").await;
    let contact = world.add(a_contact().last_name("Clerk").email("office@example.com"));
    let leads = world.leads();
    assert_eq!(world.run(leads).await.blocked, 1);
    world.link_by_hand(contact, "Lead", &theirs);
    let now = world.now();
    world.write(|writer| writer.retry_entries(leads, &[contact], None, false, now));
    assert_eq!(world.run(leads).await.updated, 1);
    assert_eq!(text(&world.the_lead().await, "LastName"), "Clerk");
}

#[tokio::test]
async fn spellings_initials_and_short_forms_of_a_name_are_taken_for_the_contact() {
    let world = world().await;
    let people = [
        ("Jürgen", "Müller", "Juergen", "MUELLER"),
        ("R.", "Anderson", "Robert", "Anderson"),
        ("Bob", "Miller", "Robert", "Miller"),
        ("", "Okafor", "Ada", "Okafor"),
    ];
    let contacts: Vec<_> = people
        .iter()
        .enumerate()
        .map(|(n, (first, last, ..))| {
            let email = format!("p{n}@example.com");
            world.add(a_contact().first_name(first).last_name(last).email(&email))
        })
        .collect();
    for (n, (.., first, last)) in people.iter().enumerate() {
        let email = format!("p{n}@example.com");
        let fields =
            json!({"FirstName": first, "LastName": last, "Company": "Acme", "Email": email});
        world.record("Lead", fields).await;
    }
    let report = world.run(world.leads()).await;
    assert_eq!((report.updated, report.blocked), (4, 0), "{report:?}");
    world.each_stands_once(&contacts).await;
}

#[tokio::test]
async fn a_shared_mailbox_tells_nobody_apart() {
    let world = world().await;
    world.lead("Okafor", "info@example.com").await;
    let contact = world.add(a_contact().email("info@example.com"));
    let leads = world.leads();
    let report = world.run(leads).await;
    assert_eq!((report.updated, report.blocked), (0, 1), "{report:?}");
    let reason = world.entry(leads, contact).unwrap().reason.unwrap();
    assert!(
        reason.message.contains("shared mailbox"),
        "{}",
        reason.message
    );
}

#[tokio::test]
async fn an_identifier_says_more_than_any_name() {
    let world = world().await;
    let contact = world.add(a_contact().last_name("Clerk").email("info@example.com"));
    let fields =
        json!({"LastName": "Anderson", "Company": "Acme", IDENTIFIER: world.guid(contact)});
    world.record("Lead", fields).await;
    assert_eq!(world.run(world.leads()).await.updated, 1);
}

#[tokio::test]
async fn an_encrypted_email_stops_the_run_by_name_and_the_cure_lets_it_go_on() {
    for (object, described) in [("Lead", true), ("Contact", true), ("Lead", false)] {
        let world = world().await;
        let contact = world.add(a_contact().email("ada@example.com"));
        let leads = world.leads();
        world
            .fault(json!({"name": "field_encrypted", "object": object, "field": "Email"}))
            .await;
        if described {
            world.keep_describes().await;
            let plan = world.plan(leads);
            let codes: Vec<_> = plan.findings.iter().map(|one| one.code).collect();
            assert!(codes.contains(&"no_email_matching"), "{object}: {codes:?}");
        }

        let report = world.run(leads).await;

        let stop = report.stopped.unwrap();
        assert_eq!(stop.kind, StopKind::EmailMatching, "{object}: {stop:?}");
        assert!(stop.message.contains("Email"), "{object}: {stop:?}");
        assert_eq!(world.state(leads, contact), Some(EntryState::Pending));
        world.change_settings(leads, |settings| settings.match_email = false);
        let report = world.run(leads).await;
        assert_eq!((report.created, report.stopped), (1, None), "{object}");
    }
}
