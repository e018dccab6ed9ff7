//! A no always arrives, and nobody is opted in who did not ask for it.

use leadferry_replication::settings::OptedOut;
use leadferry_replication::{Cancel, Error, Reach, StopKind, Unseen, run};
use leadferry_salesforce::CustomFieldKind;
use leadferry_store::{
    Channel, ContactField, ContactId, EntryState, Evidence, How, NewConsent, ReplicationId,
    Value as Held,
};
use serde_json::{Value, json};

use crate::harness::{LEAD, World, a_contact, text, world};

const MAPPED: &str = "email_opt_out=HasOptedOutOfEmail\nphone_opt_out=DoNotCall\n";

/// A workspace, and an org that shows the opt-outs of leads.
async fn opt_out_world() -> World {
    let world = world().await;
    for field in ["HasOptedOutOfEmail", "DoNotCall", "HasOptedOutOfFax"] {
        world.show_lead_field(field).await;
    }
    world.keep_describes().await;
    world
}

fn mapping() -> String {
    format!("{LEAD}{MAPPED}")
}

impl World {
    fn opt_out(&self, contact: ContactId, out: bool) {
        self.put(contact, ContactField::EmailOptOut, Some(Held::YesNo(out)));
    }

    async fn lead_with(&self, id: &str) -> Value {
        let soql = format!(
            "SELECT FirstName, Email, HasOptedOutOfEmail, DoNotCall, Leadferry_ID__c FROM Lead WHERE Id = '{id}'"
        );
        self.soql(&soql).await[0].clone()
    }
}

/// Who is opted out where, and what a run makes of the org's field: decided for a linked lead.
#[tokio::test]
async fn a_no_reaches_the_record_whoever_it_belongs_to_and_a_yes_takes_back_only_our_own() {
    let world = opt_out_world().await;
    // Here, there before, do not send, in no segment that goes; there afterwards.
    let table = [
        (None, false, false, false, false),
        (None, true, false, false, true),
        (Some(true), false, false, false, true),
        (Some(true), true, false, false, true),
        (Some(true), false, true, false, true),
        (Some(true), false, false, true, true),
        (Some(true), false, true, true, true),
        (Some(false), true, false, false, true),
        (Some(false), false, false, false, false),
        (None, true, true, false, true),
    ];
    let leads = world.replication("Lead", &mapping(), |_| {});
    world.write(|writer| writer.add_purpose("Calls", 1));
    let mut records = Vec::new();
    for (at, (here, there, withheld, unselected, _)) in table.iter().enumerate() {
        let email = format!("p{at}@example.com");
        let record = world.lead("Okafor", &email).await;
        world
            .change_record("Lead", &record, json!({"HasOptedOutOfEmail": there}))
            .await;
        let mut contact = a_contact().email(&email);
        if *withheld {
            contact = contact.not_to_be_sent();
        }
        let contact = world.add(contact);
        world.link_by_hand(contact, "Lead", &record);
        if !unselected {
            consent(&world, contact, true);
        }
        if let Some(out) = here {
            world.opt_out(contact, *out);
        }
        records.push(record);
    }
    world.change_settings(leads, |settings| {
        settings.required_purposes = vec!["Calls".into()];
    });
    for _ in 0..2 {
        let report = world.run(leads).await;
        assert!(report.stopped.is_none(), "{report:?}");
        for (row, record) in table.iter().zip(&records) {
            let lead = world.lead_with(record).await;
            assert_eq!(lead["HasOptedOutOfEmail"], row.4, "{row:?}");
        }
    }
    let again = world.run(leads).await;
    assert_eq!((again.updated, again.calls), (0, 0), "{again:?}");
}

fn consent(world: &World, contact: ContactId, given: bool) {
    let now = world.now();
    world.write(|writer| {
        let new = NewConsent {
            purpose: writer.purpose("Calls")?.id,
            given: Some(given),
            evidence: Evidence::of(How::Form, ""),
        };
        writer.set_consent(contact, &new, now)
    });
}

#[tokio::test]
async fn nothing_but_the_no_goes_of_those_who_may_not_be_sent() {
    let world = opt_out_world().await;
    let record = world.lead("Okafor", "w@example.com").await;
    let contact = world.add(
        a_contact()
            .first_name("Ada")
            .email("other@example.com")
            .not_to_be_sent(),
    );
    world.link_by_hand(contact, "Lead", &record);
    world.opt_out(contact, true);
    let leads = world.replication("Lead", &mapping(), |_| {});
    let report = world.run(leads).await;
    assert_eq!(report.updated, 1, "{report:?}");
    let lead = world.lead_with(&record).await;
    assert_eq!(lead["HasOptedOutOfEmail"], true);
    assert!(lead["FirstName"].is_null(), "{lead}");
    assert_eq!(text(&lead, "Email"), "w@example.com");
    assert!(lead["Leadferry_ID__c"].is_null(), "{lead}");
}

#[tokio::test]
async fn a_block_on_other_fields_does_not_stop_a_no() {
    let world = opt_out_world().await;
    let contact = world.add(a_contact().email("a@example.com"));
    let leads = world.replication("Lead", &mapping(), |_| {});
    world.run(leads).await;
    world.set(contact, ContactField::LastName, None);
    world.run(leads).await;
    world.change_mapping(leads, &format!("{}city=City ; required\n", mapping()));
    world.opt_out(contact, true);
    world.run(leads).await;
    let lead = world.soql("SELECT HasOptedOutOfEmail FROM Lead").await;
    assert_eq!(lead[0]["HasOptedOutOfEmail"], true);
    world.run(leads).await;
    assert_eq!(
        world.state(leads, contact),
        Some(EntryState::Blocked),
        "it needs a person still"
    );
}

#[tokio::test]
async fn a_yes_of_their_own_takes_back_the_no_that_we_sent() {
    let world = opt_out_world().await;
    let contact = world.add(a_contact().email("a@example.com"));
    let leads = world.replication("Lead", &mapping(), |_| {});
    world.run(leads).await;
    for out in [true, false] {
        world.opt_out(contact, out);
        world.run(leads).await;
        let lead = world.soql("SELECT HasOptedOutOfEmail FROM Lead").await;
        assert_eq!(lead[0]["HasOptedOutOfEmail"], out);
    }
}

#[tokio::test]
async fn people_who_opted_out_are_created_updated_or_told_as_the_setting_says() {
    // The setting, whether a new one is created, whether a linked one's name goes.
    let table = [
        (OptedOut::Update, false, true),
        (OptedOut::LikeOthers, true, true),
        (OptedOut::OnlyOptOut, false, false),
    ];
    for (setting, creates, updates) in table {
        let world = opt_out_world().await;
        let record = world.lead("Linked", "l@example.com").await;
        let out = |name: &str| {
            let contact = a_contact().first_name("Ada").last_name(name);
            contact.with(ContactField::EmailOptOut, Held::YesNo(true))
        };
        world.add(out("New").email("n@example.com"));
        let linked = world.add(out("Linked").email("l@example.com"));
        world.link_by_hand(linked, "Lead", &record);
        let leads = world.replication("Lead", &mapping(), |settings| settings.opted_out = setting);
        let plan = world.find_people(leads).await;
        assert_eq!(plan.counts.create, u64::from(creates), "{setting:?}");
        let report = world.run(leads).await;
        assert_eq!(
            (report.created, report.updated),
            (u64::from(creates), 1),
            "{setting:?}"
        );
        let lead = world.lead_with(&record).await;
        assert_eq!(lead["HasOptedOutOfEmail"], true, "{setting:?}");
        assert_eq!(lead["FirstName"] == "Ada", updates, "{setting:?}");
    }
}

#[tokio::test]
async fn required_consent_is_a_hard_stop_when_a_batch_is_built() {
    let world = opt_out_world().await;
    world.write(|writer| writer.add_purpose("Calls", 1));
    let [yes, no, never] =
        ["Yes", "No", "Never"].map(|name| world.add(a_contact().last_name(name)));
    consent(&world, yes, true);
    consent(&world, no, false);
    let leads = world.replication("Lead", LEAD, |settings| {
        settings.required_purposes = vec!["Calls".into()];
    });
    let plan = world.find_people(leads).await;
    assert_eq!(
        (plan.counts.create, plan.counts.left_out),
        (1, 2),
        "{:?}",
        plan.counts
    );
    world.run(leads).await;
    assert_eq!(world.leads_in_org().await.len(), 1);
    consent(&world, never, true);
    consent(&world, yes, false);
    world.set(yes, ContactField::FirstName, Some("Ada"));
    world.run(leads).await;
    let sent: Vec<_> = world.leads_in_org().await;
    let names: Vec<_> = sent.iter().map(|lead| text(lead, "LastName")).collect();
    assert_eq!(names, ["Never", "Yes"]);
    assert!(
        sent[1]["FirstName"].is_null(),
        "nothing goes without consent"
    );
}

#[tokio::test]
async fn a_no_that_is_lost_on_the_way_arrives_later() {
    let world = opt_out_world().await;
    let contact = world.add(a_contact().email("a@example.com").not_to_be_sent());
    let record = world.lead("Okafor", "a@example.com").await;
    world.link_by_hand(contact, "Lead", &record);
    let leads = world.replication("Lead", &mapping(), |_| {});
    let now = world.now();
    world.write(|writer| {
        let evidence = Evidence::of(How::Phone, "");
        writer.set_opt_out(contact, Channel::Phone, Some(true), &evidence, now)
    });
    world
        .fault(json!({"name": "row_error", "code": "UNABLE_TO_LOCK_ROW", "times": 1}))
        .await;
    world.run(leads).await;
    world.end_faults().await;
    world.advance(3_600_000);
    world.run(leads).await;
    let lead = world.lead_with(&record).await;
    assert_eq!(lead["DoNotCall"], true);
    assert_eq!(lead["HasOptedOutOfEmail"], false, "only what they refused");
}

#[tokio::test]
async fn consent_is_written_as_given_or_refused_and_a_refusal_reaches_those_who_are_left_out() {
    let world = opt_out_world().await;
    world
        .custom_field("Lead", "May_Call__c", CustomFieldKind::Checkbox)
        .await;
    world
        .custom_field("Lead", "No_Calls__c", CustomFieldKind::Checkbox)
        .await;
    world.keep_describes().await;
    world.write(|writer| writer.add_purpose("Calls", 1));
    let rows = format!("{LEAD}@consent:Calls=May_Call__c\n@refused:calls=No_Calls__c\n");
    let leads = world.replication("Lead", &rows, |_| {});
    let contact = world.add(a_contact().first_name("Ada").email("a@example.com"));
    let held = async || {
        let lead = world
            .soql("SELECT May_Call__c, No_Calls__c FROM Lead")
            .await;
        (
            lead[0]["May_Call__c"].clone(),
            lead[0]["No_Calls__c"].clone(),
        )
    };
    world.run(leads).await;
    assert_eq!(held().await, (json!(false), json!(false)), "never asked");
    consent(&world, contact, true);
    world.run(leads).await;
    assert_eq!(held().await, (json!(true), json!(false)));
    world.put(contact, ContactField::DoNotSend, Some(Held::YesNo(true)));
    world.run(leads).await;
    consent(&world, contact, false);
    world.run(leads).await;
    assert_eq!(held().await, (json!(false), json!(true)));
    consent(&world, contact, true);
    world.run(leads).await;
    assert_eq!(
        held().await,
        (json!(false), json!(true)),
        "a yes waits until they may be sent"
    );
}

/// Hides a field that the mapping writes, in each way in which that comes to light, and lets a run go.
#[tokio::test]
async fn a_no_goes_while_the_mapping_cannot_be_used_and_the_rest_waits_for_it() {
    for seen_before in [true, false] {
        let world = opt_out_world().await;
        let kind = crate::harness::text_field(20, false, false);
        world.custom_field("Lead", "Extra__c", kind).await;
        world.keep_describes().await;
        let rows = format!("{}city=Extra__c\n", mapping());
        let leads = world.replication("Lead", &rows, |_| {});
        let linked = world.add(a_contact().first_name("Ada").email("a@example.com"));
        world.run(leads).await;
        let blocked = world.add(a_contact().without_last_name().email("b@example.com"));
        world.run(leads).await;
        assert_eq!(world.state(leads, blocked), Some(EntryState::Blocked));
        world.remove_custom_field("Lead", "Extra__c").await;
        if seen_before {
            world.keep_describes().await;
        }
        world.set(linked, ContactField::FirstName, Some("Grace"));
        world.opt_out(linked, true);
        let new = world.add(a_contact().email("new@example.com"));

        let report = world.run(leads).await;

        let stop = report.stopped.clone().unwrap();
        assert_eq!(stop.kind, StopKind::SetUp, "{stop:?}");
        assert!(stop.message.contains("Extra__c"), "{}", stop.message);
        assert!(
            stop.message
                .ends_with(". Only opt-outs and refused consent were sent"),
            "{}",
            stop.message
        );
        assert_eq!((report.created, report.updated), (0, 1), "{report:?}");
        let lead = world
            .soql("SELECT FirstName, HasOptedOutOfEmail FROM Lead WHERE Email = 'a@example.com'")
            .await[0]
            .clone();
        assert_eq!(lead["HasOptedOutOfEmail"], true);
        assert_eq!(text(&lead, "FirstName"), "Ada", "nothing but the no");
        assert_eq!(world.state(leads, blocked), Some(EntryState::Blocked));

        world.change_mapping(leads, &mapping());
        let report = world.run(leads).await;
        assert!(report.stopped.is_none(), "{report:?}");
        assert_eq!((report.created, report.updated), (1, 1), "{report:?}");
        assert_eq!(world.state(leads, new), Some(EntryState::Done));
        assert_eq!(world.state(leads, linked), Some(EntryState::Done));
        assert_eq!(world.state(leads, blocked), Some(EntryState::Blocked));
        assert_eq!(world.run(leads).await.calls, 0);
    }
}

#[tokio::test]
async fn a_mapping_that_cannot_be_used_is_refused_where_no_one_waits_for_a_no() {
    let world = opt_out_world().await;
    let leads = world.replication("Lead", &mapping(), |_| {});
    let contact = world.add(a_contact().email("a@example.com"));
    world.run(leads).await;
    world.change_mapping(leads, &format!("{}city=Gone__c\n", mapping()));
    let try_run = async || {
        let clock = world.clock();
        let (cancel, policy) = (Cancel::new(), &world.policy);
        let wish = Reach::Whole;
        run(
            &world.store,
            leads,
            &world.org,
            &*clock,
            policy,
            wish,
            &cancel,
            &Unseen,
        )
        .await
    };
    for _ in 0..2 {
        assert!(matches!(try_run().await, Err(Error::Mapping(_))));
    }
    world.opt_out(contact, true);
    assert_eq!(try_run().await.unwrap().updated, 1);
    assert!(matches!(try_run().await, Err(Error::Mapping(_))));
}

#[tokio::test]
async fn a_no_goes_to_the_record_of_somebody_who_was_given_up() {
    let world = opt_out_world().await;
    let contact = world.add(
        a_contact()
            .first_name("Ada")
            .last_name("Locked")
            .email("a@example.com"),
    );
    let leads = world.replication("Lead", &mapping(), |_| {});
    world.run(leads).await;
    world.set(contact, ContactField::FirstName, Some("Grace"));
    world
        .fault(json!({"name": "lock_rows", "values": ["Grace"]}))
        .await;
    world.run(leads).await;
    assert_eq!(world.state(leads, contact), Some(EntryState::GivenUp));
    world.end_faults().await;
    world.opt_out(contact, true);
    world.run(leads).await;
    let lead = world.soql("SELECT HasOptedOutOfEmail FROM Lead").await;
    assert_eq!(lead[0]["HasOptedOutOfEmail"], true);
    world.run(leads).await;
    assert_eq!(world.run(leads).await.calls, 0);
}

/// Somebody whose run was undone, and who has changed since.
async fn held_somebody(world: &World, leads: ReplicationId) -> ContactId {
    let contact = world.add(
        a_contact()
            .last_name("Held")
            .city("Leeds")
            .email("held@example.com"),
    );
    world.run(leads).await;
    let now = world.now();
    assert!(world.write(|writer| writer.hold_entry(leads, contact, now)));
    world.set(contact, ContactField::City, Some("York"));
    contact
}

#[tokio::test]
async fn a_no_goes_to_the_record_of_somebody_on_hold_and_nothing_else_does() {
    let world = opt_out_world().await;
    let leads = world.replication("Lead", &format!("{}city=City\n", mapping()), |_| {});
    let contact = held_somebody(&world, leads).await;
    world.run(leads).await;
    world.opt_out(contact, true);
    world.run(leads).await;
    let soql = "SELECT City, HasOptedOutOfEmail FROM Lead";
    let lead = world.soql(soql).await[0].clone();
    assert_eq!(
        (text(&lead, "City"), &lead["HasOptedOutOfEmail"]),
        ("Leeds", &json!(true))
    );
    assert_eq!(world.state(leads, contact), Some(EntryState::Held));
    world.run(leads).await;
    assert_eq!(world.run(leads).await.calls, 0);
    let now = world.now();
    world.write(|writer| writer.release_entries(leads, None, now));
    world.run(leads).await;
    assert_eq!(text(&world.soql(soql).await[0], "City"), "York");
}

#[tokio::test]
async fn a_no_of_somebody_on_hold_is_tried_again_and_they_stay_on_hold() {
    let world = opt_out_world().await;
    let leads = world.replication("Lead", &format!("{}city=City\n", mapping()), |_| {});
    let contact = held_somebody(&world, leads).await;
    world.opt_out(contact, true);
    world.fault(json!({"name": "lock_rows", "times": 1})).await;
    world.run(leads).await;
    let lead = world
        .soql("SELECT City, HasOptedOutOfEmail FROM Lead")
        .await[0]
        .clone();
    assert_eq!(
        (text(&lead, "City"), &lead["HasOptedOutOfEmail"]),
        ("Leeds", &json!(true))
    );
    assert_eq!(world.state(leads, contact), Some(EntryState::Held));
}
