//! Finding the person in the org, in every order and ambiguity.

use leadferry_replication::settings::WhenDeleted;
use leadferry_store::{ContactField, EntryState, LinkOrigin, PlanDecision};
use serde_json::json;

use crate::harness::{CONTACT, IDENTIFIER, World, a_contact, text, world};

const EMAIL: &str = "ada@example.com";

async fn is_ambiguous(
    world: &World,
    replication: leadferry_store::ReplicationId,
    contact: leadferry_store::ContactId,
) {
    let plan = world.find_people(replication).await;
    assert_eq!(
        world.decision(&plan, contact),
        Some(PlanDecision::Blocked),
        "the plan says so before"
    );
    let report = world.run(replication).await;
    assert_eq!(
        (report.created, report.updated, report.blocked),
        (0, 0, 1),
        "{report:?}"
    );
    assert_eq!(
        world.code(replication, contact).as_deref(),
        Some("ambiguous")
    );
}

#[tokio::test]
async fn a_linked_contact_updates_its_record_whatever_its_email() {
    let world = world().await;
    let linked = world.lead("Old", "old@example.com").await;
    let other = world.lead("Other", EMAIL).await;
    let contact = world.add(a_contact().last_name("New").email(EMAIL));
    world.link_by_hand(contact, "Lead", &linked);

    let report = world.run(world.leads()).await;

    assert_eq!((report.created, report.updated), (0, 1), "{report:?}");
    let leads = world.leads_in_org().await;
    let name_of = |id: &str| {
        leads
            .iter()
            .find(|lead| lead["Id"] == *id)
            .map(|lead| text(lead, "LastName").to_owned())
    };
    assert_eq!(name_of(&linked).as_deref(), Some("New"));
    assert_eq!(name_of(&other).as_deref(), Some("Other"));
}

#[tokio::test]
async fn a_record_with_the_identifier_comes_before_one_with_the_email() {
    let world = world().await;
    let contact = world.add(a_contact().first_name("Ada").email(EMAIL));
    let holder = json!({"LastName": "Holder", "Company": "Acme", IDENTIFIER: world.guid(contact).to_uppercase()});
    let holder = world.record("Lead", holder).await;
    world.lead("Same e-mail", EMAIL).await;

    let report = world.run(world.leads()).await;

    assert_eq!((report.created, report.updated), (0, 1), "{report:?}");
    let link = world.link(contact, "Lead").unwrap();
    assert_eq!(
        (link.record_id, link.origin),
        (holder, LinkOrigin::Identifier)
    );
}

#[tokio::test]
async fn a_deleted_record_with_the_identifier_blocks_or_is_created_anew_as_the_setting_says() {
    for (setting, created) in [(WhenDeleted::Block, 0), (WhenDeleted::Recreate, 1)] {
        let world = world().await;
        let contact = world.add(a_contact());
        let fields =
            json!({"LastName": "Gone", "Company": "Acme", IDENTIFIER: world.guid(contact)});
        let gone = world.record("Lead", fields).await;
        world.delete_in_org(&gone).await;
        let leads = world.leads_with(|settings| settings.deleted = setting);

        let plan = world.find_people(leads).await;
        assert_eq!(
            (plan.counts.create, plan.counts.blocked),
            (created, 1 - created),
            "{setting:?}"
        );
        let report = world.run(leads).await;

        assert_eq!(
            (report.created, report.blocked),
            (created, 1 - created),
            "{setting:?}: {report:?}"
        );
        if setting == WhenDeleted::Block {
            assert_eq!(
                world.code(leads, contact).as_deref(),
                Some("deleted_in_salesforce")
            );
        } else {
            assert_eq!(
                text(&world.the_lead().await, IDENTIFIER),
                world.guid(contact)
            );
        }
        assert_eq!(world.run(leads).await.calls, 0);
    }
}

#[tokio::test]
async fn one_lead_with_the_email_and_no_identifier_is_the_person_and_is_stamped() {
    let world = world().await;
    let theirs = world.lead("OURS", "ADA@example.com").await;
    let contact = world.add(a_contact().last_name("Ours").email(EMAIL));
    let leads = world.leads();
    let plan = world.find_people(leads).await;
    assert_eq!((plan.counts.create, plan.counts.update), (0, 1));

    let report = world.run(leads).await;

    assert_eq!((report.created, report.updated), (0, 1), "{report:?}");
    let lead = world.the_lead().await;
    assert_eq!(text(&lead, "Id"), theirs);
    assert_eq!(text(&lead, "LastName"), "Ours");
    assert_eq!(
        text(&lead, IDENTIFIER),
        world.guid(contact),
        "people the org already had are stamped"
    );
    assert_eq!(
        world.link(contact, "Lead").unwrap().identifier,
        Some(world.guid(contact))
    );
}

#[tokio::test]
async fn a_record_that_holds_all_values_already_is_stamped_all_the_same() {
    let world = world().await;
    let mapping = "last_name=LastName;on_create\n@company_name=Company;on_create\n";
    world.lead("OKAFOR", EMAIL).await;
    let contact = world.add(a_contact().email(EMAIL));
    let leads = world.replication("Lead", mapping, |_| {});

    let report = world.run(leads).await;

    assert_eq!(report.updated, 1, "{report:?}");
    assert_eq!(
        text(&world.the_lead().await, IDENTIFIER),
        world.guid(contact)
    );
}

#[tokio::test]
async fn several_records_with_the_email_are_ambiguous_and_named() {
    let world = world().await;
    let first = world.lead("One", EMAIL).await;
    let second = world.lead("Two", EMAIL).await;
    let contact = world.add(a_contact().email(EMAIL));
    let leads = world.leads();

    is_ambiguous(&world, leads, contact).await;

    let detail = world
        .entry(leads, contact)
        .unwrap()
        .reason
        .unwrap()
        .detail
        .to_string();
    assert!(
        detail.contains(&first) && detail.contains(&second),
        "{detail}"
    );
    assert_eq!(
        world.run(leads).await.calls,
        0,
        "it stays blocked without asking again"
    );
}

#[tokio::test]
async fn who_it_may_be_is_named_with_email_and_company() {
    let world = world().await;
    let account = world.record("Account", json!({"Name": "Engines"})).await;
    let fields = json!({"LastName": "Lovelace", "Email": EMAIL, "AccountId": account});
    world.record("Contact", fields).await;
    world.lead("One", EMAIL).await;
    let contact = world.add(a_contact().email(EMAIL));
    let leads = world.leads();

    is_ambiguous(&world, leads, contact).await;

    let detail = world.entry(leads, contact).unwrap().reason.unwrap().detail;
    let candidates = detail["candidates"].as_array().unwrap();
    let mut companies: Vec<_> = candidates
        .iter()
        .map(|candidate| candidate["company"].as_str().unwrap_or("none"))
        .collect();
    companies.sort_unstable();
    assert_eq!(companies, ["Acme", "Engines"], "{detail}");
    for candidate in candidates {
        let email = candidate["email"].as_str().unwrap();
        assert!(email.eq_ignore_ascii_case(EMAIL), "{candidate}");
    }
}

#[tokio::test]
async fn a_contact_that_stays_blocked_for_the_same_reason_is_told_of_once() {
    let world = world().await;
    world.lead("One", EMAIL).await;
    world.lead("Two", EMAIL).await;
    let contact = world.add(a_contact().email(EMAIL));
    let leads = world.leads();
    let first = world.run(leads).await;
    assert_eq!((first.blocked, first.standing), (1, 1), "{first:?}");
    world.set(contact, ContactField::City, Some("Oslo"));
    let second = world.run(leads).await;
    assert_eq!((second.blocked, second.standing), (0, 1), "{second:?}");
}

#[tokio::test]
async fn a_record_of_the_other_object_with_the_email_is_ambiguous() {
    let world = world().await;
    world
        .record("Contact", json!({"LastName": "Known", "Email": EMAIL}))
        .await;
    let contact = world.add(a_contact().email(EMAIL));
    is_ambiguous(&world, world.leads(), contact).await;
}

#[tokio::test]
async fn a_lead_with_the_email_makes_a_new_contact_ambiguous() {
    let world = world().await;
    world.lead("Known", EMAIL).await;
    let contact = world.add(a_contact().email(EMAIL));
    let contacts = world.replication("Contact", CONTACT, |_| {});
    is_ambiguous(&world, contacts, contact).await;
}

#[tokio::test]
async fn a_record_with_the_email_and_a_foreign_identifier_is_ambiguous() {
    let world = world().await;
    let fields =
        json!({"LastName": "Else", "Company": "Acme", "Email": EMAIL, IDENTIFIER: "f".repeat(32)});
    world.record("Lead", fields).await;
    let contact = world.add(a_contact().email(EMAIL));
    is_ambiguous(&world, world.leads(), contact).await;
}

#[tokio::test]
async fn a_record_that_is_linked_to_another_contact_is_ambiguous() {
    let world = world().await;
    let theirs = world.lead("Theirs", EMAIL).await;
    let other = world.add(
        a_contact()
            .last_name("Other")
            .email("other@example.com")
            .not_to_be_sent(),
    );
    world.link_by_hand(other, "Lead", &theirs);
    let contact = world.add(a_contact().email(EMAIL));
    is_ambiguous(&world, world.leads(), contact).await;
}

#[tokio::test]
async fn who_is_linked_to_a_record_of_the_other_object_goes_only_when_created_anyway() {
    let world = world().await;
    let known = world
        .record("Contact", json!({"LastName": "Known", "Email": EMAIL}))
        .await;
    let contact = world.add(a_contact().email(EMAIL));
    let leads = world.leads();
    assert_eq!(world.run(leads).await.blocked, 1);
    world.link_by_hand(contact, "Contact", &known);
    let report = world.run(leads).await;
    assert_eq!((report.created, report.blocked), (0, 0), "{report:?}");

    let other = world.add(a_contact().email("other@example.com"));
    let record = json!({"LastName": "Other", "Email": "other@example.com"});
    let record = world.record("Contact", record).await;
    assert_eq!(world.run(leads).await.blocked, 1);
    let now = world.now();
    world.write(|writer| writer.retry_entries(leads, &[other], None, true, now));
    world.link_by_hand(other, "Contact", &record);
    let report = world.run(leads).await;
    assert_eq!((report.created, report.blocked), (1, 0), "{report:?}");
}

#[tokio::test]
async fn a_contact_that_a_contact_replication_links_is_no_longer_blocked_for_leads() {
    let world = world().await;
    let known = json!({"LastName": "Okafor", "Email": EMAIL});
    world.record("Contact", known).await;
    let contact = world.add(a_contact().email(EMAIL));
    let leads = world.leads();
    assert_eq!(world.run(leads).await.blocked, 1);
    world
        .run(world.replication("Contact", CONTACT, |_| {}))
        .await;
    assert!(world.link(contact, "Contact").is_some());
    let report = world.run(leads).await;
    assert_eq!((report.created, report.blocked), (0, 0), "{report:?}");
    assert!(
        world
            .entry(leads, contact)
            .is_none_or(|entry| entry.state != EntryState::Blocked),
        "it is left out"
    );
}

#[tokio::test]
async fn converted_and_deleted_leads_do_not_count_in_the_email_step() {
    let world = world().await;
    let deleted = world.lead("Deleted", EMAIL).await;
    world.delete_in_org(&deleted).await;
    world.add(a_contact().email(EMAIL));
    let report = world.run(world.leads()).await;
    assert_eq!(report.created, 1, "{report:?}");
}

#[tokio::test]
async fn with_the_email_step_off_a_new_record_is_created() {
    let world = world().await;
    world.lead("Same e-mail", EMAIL).await;
    let contact = world.add(a_contact().email(EMAIL));
    let report = world
        .run(world.leads_with(|settings| settings.match_email = false))
        .await;
    assert_eq!((report.created, report.updated), (1, 0), "{report:?}");
    assert_eq!(world.leads_in_org().await.len(), 2);
    assert!(world.link(contact, "Lead").is_some());
}

#[tokio::test]
async fn create_anyway_skips_the_email_step_and_is_kept_with_the_contact() {
    let world = world().await;
    world.lead("One", EMAIL).await;
    world.lead("Two", EMAIL).await;
    let contact = world.add(a_contact().last_name("Zed").email(EMAIL));
    let leads = world.leads();
    is_ambiguous(&world, leads, contact).await;
    let now = world.now();
    assert_eq!(
        world.write(|writer| writer.retry_entries(leads, &[contact], None, true, now)),
        1
    );
    let plan = world.find_people(leads).await;
    assert_eq!(world.decision(&plan, contact), Some(PlanDecision::Create));

    let report = world.run(leads).await;

    assert_eq!((report.created, report.blocked), (1, 0), "{report:?}");
    assert_eq!(world.leads_in_org().await.len(), 3);
    assert!(world.entry(leads, contact).unwrap().create_anyway);
}

#[tokio::test]
async fn linking_by_hand_ends_an_ambiguity() {
    let world = world().await;
    let one = world.lead("One", EMAIL).await;
    world.lead("Two", EMAIL).await;
    let contact = world.add(a_contact().last_name("Ours").email(EMAIL));
    let leads = world.leads();
    is_ambiguous(&world, leads, contact).await;

    world.link_by_hand(contact, "Lead", &one);
    let report = world.run(leads).await;

    assert_eq!((report.updated, report.blocked), (1, 0), "{report:?}");
    assert_eq!(world.state(leads, contact), Some(EntryState::Done));
}

#[tokio::test]
async fn of_several_selected_contacts_with_one_email_the_eldest_goes() {
    let world = world().await;
    let eldest = world.add(a_contact().last_name("Eldest").email(EMAIL));
    let middle = world.add(a_contact().last_name("Middle").email("Ada@Example.com"));
    let youngest = world.add(a_contact().last_name("Youngest").email(EMAIL));
    let leads = world.leads();
    let plan = world.plan(leads);
    assert_eq!(
        (plan.counts.match_pending, plan.counts.blocked),
        (1, 2),
        "decided before matching"
    );

    let report = world.run(leads).await;

    assert_eq!((report.created, report.blocked), (1, 2), "{report:?}");
    assert_eq!(
        text(&world.the_lead().await, IDENTIFIER),
        world.guid(eldest)
    );
    for contact in [middle, youngest] {
        assert_eq!(world.code(leads, contact).as_deref(), Some("ambiguous"));
    }
    world.set(middle, ContactField::Email, Some("middle@example.com"));
    let report = world.run(leads).await;
    assert_eq!(
        (report.created, report.blocked),
        (1, 0),
        "another e-mail frees it: {report:?}"
    );
}

#[tokio::test]
async fn an_eldest_that_is_not_selected_stands_in_nobodys_way() {
    let world = world().await;
    world.add(
        a_contact()
            .last_name("Eldest")
            .email(EMAIL)
            .not_to_be_sent(),
    );
    let second = world.add(a_contact().last_name("Second").email(EMAIL));
    let report = world.run(world.leads()).await;
    assert_eq!((report.created, report.blocked), (1, 0), "{report:?}");
    assert_eq!(
        text(&world.the_lead().await, IDENTIFIER),
        world.guid(second)
    );
}

#[tokio::test]
async fn a_younger_contact_goes_once_the_eldest_is_deleted() {
    let world = world().await;
    let eldest = world.add(a_contact().last_name("Eldest").email(EMAIL));
    let younger = world.add(a_contact().last_name("Younger").email(EMAIL));
    let leads = world.leads_with(|settings| settings.match_email = true);
    world
        .fault(json!({"name": "row_error", "code": "ENTITY_IS_LOCKED"}))
        .await;
    world.run(leads).await;
    world.end_faults().await;
    assert_eq!(world.code(leads, younger).as_deref(), Some("ambiguous"));
    let now = world.now();
    world.write(|writer| writer.delete_contacts(&[eldest], now));

    let report = world.run(leads).await;

    assert_eq!(report.created, 1, "{report:?}");
    assert_eq!(
        text(&world.the_lead().await, IDENTIFIER),
        world.guid(younger)
    );
}

#[tokio::test]
async fn update_only_never_creates_whatever_the_other_settings_say() {
    let world = world().await;
    let found = world.lead("KNOWN", "found@example.com").await;
    let gone = world.lead("Gone", "gone@example.com").await;
    let known = world.add(a_contact().last_name("Known").email("found@example.com"));
    let unknown = world.add(a_contact().last_name("Unknown").email(EMAIL));
    let deleted = world.add(a_contact().last_name("Deleted").email("gone@example.com"));
    world.link_by_hand(deleted, "Lead", &gone);
    world.delete_in_org(&gone).await;
    let leads = world.leads_with(|settings| {
        settings.create_missing = false;
        settings.deleted = WhenDeleted::Recreate;
    });
    let plan = world.find_people(leads).await;
    assert_eq!(
        (plan.counts.update, plan.counts.left_out, plan.counts.create),
        (1, 2, 0),
        "{:?}",
        plan.counts
    );

    let report = world.run(leads).await;

    assert_eq!((report.created, report.updated), (0, 1), "{report:?}");
    assert_eq!(report.left_out, Some(2), "as planned");
    assert_eq!(text(&world.the_lead().await, "Id"), found);
    assert_eq!(world.state(leads, known), Some(EntryState::Done));
    assert_eq!(world.state(leads, unknown), Some(EntryState::Withdrawn));
    assert_eq!(world.run(leads).await.calls, 0);
}

#[tokio::test]
async fn two_records_with_the_identifier_are_ambiguous() {
    // A field that is no longer unique lets two records hold it; what can be told is told.
    let world = crate::harness::bare_world().await;
    world
        .custom_field(
            "Lead",
            IDENTIFIER,
            crate::harness::text_field(32, true, false),
        )
        .await;
    world.keep_describes().await;
    let contact = world.add(a_contact());
    for name in ["One", "Two"] {
        let fields = json!({"LastName": name, "Company": "Acme", IDENTIFIER: world.guid(contact)});
        world.record("Lead", fields).await;
    }
    is_ambiguous(&world, world.leads(), contact).await;
}

#[tokio::test]
async fn an_email_with_an_apostrophe_is_found() {
    let world = world().await;
    let theirs = world.lead("O'Hara", "o'hara@example.com").await;
    let contact = world.add(a_contact().last_name("O'Hara").email("O'Hara@example.com"));
    let report = world.run(world.leads()).await;
    assert_eq!((report.created, report.updated), (0, 1), "{report:?}");
    assert_eq!(world.link(contact, "Lead").unwrap().record_id, theirs);
}

#[tokio::test]
async fn a_record_found_by_the_identifier_takes_the_place_of_a_deleted_one() {
    let world = world().await;
    let leads = world.leads_with(|settings| settings.deleted = WhenDeleted::Recreate);
    let contact = world.add(a_contact().first_name("Ada"));
    world.run(leads).await;
    let old = world.link(contact, "Lead").unwrap().record_id;
    world.delete_in_org(&old).await;
    let fields =
        json!({"LastName": "Restored", "Company": "Acme", IDENTIFIER: world.guid(contact)});
    let new = world.record("Lead", fields).await;
    world.set(contact, ContactField::FirstName, Some("Eve"));

    let report = world.run(leads).await;

    assert_eq!(
        (report.created, report.updated, report.blocked),
        (0, 1, 0),
        "{report:?}"
    );
    assert_eq!(world.link(contact, "Lead").unwrap().record_id, new);
    assert_eq!(text(&world.the_lead().await, "FirstName"), "Eve");
    assert_eq!(world.run(leads).await.calls, 0);
}

#[tokio::test]
async fn create_anyway_frees_a_younger_contact_with_a_shared_email_too() {
    let world = world().await;
    world.add(a_contact().last_name("Eldest").email(EMAIL));
    let younger = world.add(a_contact().last_name("Younger").email(EMAIL));
    let leads = world.leads();
    assert_eq!(world.run(leads).await.created, 1);
    let now = world.now();
    world.write(|writer| writer.retry_entries(leads, &[younger], None, true, now));
    let report = world.run(leads).await;
    assert_eq!((report.created, report.blocked), (1, 0), "{report:?}");
    assert_eq!(world.leads_in_org().await.len(), 2);
}

#[tokio::test]
async fn the_winner_over_a_record_with_the_identifier_is_the_person() {
    let world = world().await;
    let contact = world.add(a_contact().first_name("Ada"));
    let fields = json!({"LastName": "Old", "Company": "Acme", IDENTIFIER: world.guid(contact)});
    let loser = world.record("Lead", fields).await;
    let winner = world.lead("Winner", "winner@example.com").await;
    world
        .change_in_org("merge", json!({"winner": winner, "losers": [loser]}))
        .await;
    let leads = world.leads();
    let report = world.run(leads).await;
    assert_eq!(
        (report.created, report.updated, report.blocked),
        (0, 1, 0),
        "{report:?}"
    );
    assert_eq!(world.link(contact, "Lead").unwrap().record_id, winner);
    assert_eq!(text(&world.the_lead().await, "FirstName"), "Ada");
    assert_eq!(world.run(leads).await.calls, 0);
}

#[tokio::test]
async fn an_identifier_that_the_recycle_bin_keeps_blocks_with_the_orgs_own_code() {
    let world = world().await;
    world
        .switch("deleted_record_still_matches_identifier", json!(true))
        .await;
    let leads = world.leads_with(|settings| settings.deleted = WhenDeleted::Recreate);
    let contact = world.add(a_contact());
    world.run(leads).await;
    world
        .delete_in_org(&world.link(contact, "Lead").unwrap().record_id)
        .await;
    world.set(contact, ContactField::FirstName, Some("Ada"));
    let report = world.run(leads).await;
    assert_eq!(
        (report.created, report.blocked, report.failed),
        (0, 0, 1),
        "{report:?}"
    );
    assert_eq!(
        world.code(leads, contact).as_deref(),
        Some("ENTITY_IS_DELETED")
    );
    assert_eq!(world.run(leads).await.calls, 0);
}

#[tokio::test]
async fn a_contact_of_the_org_with_the_email_is_found_and_stamped_by_a_contact_replication() {
    let world = world().await;
    let theirs = world
        .record("Contact", json!({"LastName": "OURS", "Email": EMAIL}))
        .await;
    let contact = world.add(a_contact().last_name("Ours").email(EMAIL));
    let report = world
        .run(world.replication("Contact", CONTACT, |_| {}))
        .await;
    assert_eq!((report.created, report.updated), (0, 1), "{report:?}");
    let held = world
        .soql(&format!("SELECT Id, LastName, {IDENTIFIER} FROM Contact"))
        .await;
    assert_eq!(
        (text(&held[0], "Id"), text(&held[0], "LastName")),
        (theirs.as_str(), "Ours")
    );
    assert_eq!(text(&held[0], IDENTIFIER), world.guid(contact));
}
