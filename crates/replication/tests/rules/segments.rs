//! Segments: who goes by them, and what Salesforce learns of joining and leaving.

use jiff::tz::TimeZone;
use leadferry_replication::Error;
use leadferry_replication::mapping::day;
use leadferry_replication::settings::SegmentChoice;
use leadferry_replication::setup::Setup;
use leadferry_store::{ContactField, ContactId, EntryState, Recalculate, ReplicationId, RuleTree};
use serde_json::json;

use crate::harness::{LEAD, World, a_contact, text, text_field, world};

const FIELD: &str = "Romans__c";

fn choice(any: &[&str], all: &[&str], none: &[&str]) -> SegmentChoice {
    let names = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect();
    SegmentChoice {
        any: names(any),
        all: names(all),
        none: names(none),
    }
}

impl World {
    fn segment(&self, name: &str, rule: serde_json::Value) {
        let tree: RuleTree = serde_json::from_value(rule).unwrap();
        let now = self.now();
        self.write(|writer| writer.add_segment(name, "", &tree, now));
        self.catch_up();
    }

    fn city_segment(&self, name: &str, city: &str) {
        self.segment(
            name,
            json!({"field": "city", "op": "equals", "value": city}),
        );
    }

    /// What the commands do before each plan and run.
    fn catch_up(&self) {
        let what = Recalculate::Everything;
        self.store
            .recalculate(what, false, self.now(), &mut |_, _| true)
            .unwrap();
    }

    async fn with_field(&self) {
        self.custom_field("Lead", FIELD, text_field(40, false, false))
            .await;
        self.keep_describes().await;
    }

    /// Status and city of the only lead; nothing is an empty text.
    async fn status_and_city(&self) -> (String, String) {
        let leads = self.soql(&format!("SELECT {FIELD}, City FROM Lead")).await;
        assert_eq!(leads.len(), 1, "{leads:?}");
        (
            text(&leads[0], FIELD).to_owned(),
            text(&leads[0], "City").to_owned(),
        )
    }

    /// Adds somebody with a phone.
    fn reachable(&self, city: &str) -> ContactId {
        let contact = a_contact().city(city);
        self.add(contact.with(ContactField::MobilePhone, phone("1")))
    }

    /// Leads that go when they are known to have a phone, with their status in Romans.
    fn activated(&self) -> ReplicationId {
        self.segment(
            "Reachable",
            json!({"field": "mobile_phone", "op": "is_set"}),
        );
        self.city_segment("Romans", "Rome");
        let mapping =
            format!("{LEAD}\nmobile_phone=MobilePhone\ncity=City\n@segment:Romans={FIELD}");
        self.replication("Lead", &mapping, |settings| {
            settings.segments = choice(&["Reachable"], &[], &[]);
        })
    }
}

#[tokio::test]
async fn who_goes_is_in_one_of_some_all_of_some_and_none_of_some_segments() {
    let world = world().await;
    world.city_segment("Romans", "Rome");
    world.city_segment("Bavarians", "Munich");
    world.segment("Named", json!({"field": "first_name", "op": "is_set"}));
    world.segment(
        "Blocked",
        json!({"field": "last_name", "op": "equals", "value": "No"}),
    );
    let go = [("A", "Rome", "Yes"), ("B", "Munich", "Yes")];
    let stay = [
        ("", "Rome", "Yes"),
        ("C", "Oslo", "Yes"),
        ("D", "Rome", "No"),
    ];
    let add = |(first, city, last): (&str, &str, &str)| {
        let contact = a_contact().last_name(last).city(city);
        world.add(if first.is_empty() {
            contact
        } else {
            contact.first_name(first)
        })
    };
    let going: Vec<_> = go.into_iter().map(add).collect();
    let staying: Vec<_> = stay.into_iter().map(add).collect();
    world.catch_up();
    let leads = world.leads_with(|settings| {
        settings.segments = choice(&["romans", "Bavarians"], &["Named"], &["Blocked"]);
    });

    let plan = world.plan(leads);
    assert_eq!((plan.counts.match_pending, plan.counts.left_out), (2, 3));
    assert_eq!(world.run(leads).await.created, 2);
    assert!(
        going
            .iter()
            .all(|one| world.state(leads, *one) == Some(EntryState::Done))
    );
    assert!(staying.iter().all(|one| world.state(leads, *one).is_none()));

    // Who leaves is withdrawn; who joins goes with the next run, and nobody else is looked at.
    world.set(going[0], ContactField::City, Some("Oslo"));
    world.set(staying[1], ContactField::City, Some("Rome"));
    world.catch_up();
    let second = world.run(leads).await;
    assert_eq!((second.created, second.updated), (1, 0), "{second:?}");
    assert_eq!(world.state(leads, going[0]), Some(EntryState::Withdrawn));
    let third = world.run(leads).await;
    assert_eq!(third.calls, 0, "{third:?}");
}

#[tokio::test]
async fn of_two_with_one_address_the_eldest_in_the_segments_goes() {
    let world = world().await;
    world.city_segment("Romans", "Rome");
    let elder = world.add(a_contact().email("x@example.com").city("Oslo"));
    let younger = world.add(a_contact().email("x@example.com").city("Rome"));
    world.catch_up();
    let leads = world.leads_with(|settings| settings.segments = choice(&[], &["Romans"], &[]));
    assert_eq!(world.run(leads).await.created, 1);
    assert_eq!(world.state(leads, younger), Some(EntryState::Done));
    assert_eq!(world.state(leads, elder), None);
}

#[tokio::test]
async fn joining_writes_realized_and_leaving_writes_exited() {
    let world = world().await;
    world.with_field().await;
    let ann = world.reachable("Rome");
    let leads = world.activated();
    let first = world.run(leads).await;
    assert_eq!(first.created, 1, "{first:?}");
    assert_eq!(world.status_and_city().await.0, "realized");

    world.set(ann, ContactField::City, Some("Oslo"));
    world.catch_up();
    assert_eq!(world.run(leads).await.updated, 1);
    let now = world.status_and_city().await;
    assert_eq!(now, ("exited".to_owned(), "Oslo".to_owned()));
}

#[tokio::test]
async fn who_does_not_go_any_more_still_leaves_her_segment_and_nothing_else_is_sent() {
    let world = world().await;
    world.with_field().await;
    let ann = world.reachable("Rome");
    let leads = world.activated();
    world.run(leads).await;

    world.set(ann, ContactField::MobilePhone, None);
    world.set(ann, ContactField::City, Some("Oslo"));
    world.set(ann, ContactField::LastName, None);
    world.catch_up();
    let plan = world.plan(leads);
    assert_eq!(
        (
            plan.counts.update,
            plan.counts.left_out,
            plan.counts.blocked
        ),
        (1, 0, 0)
    );
    let second = world.run(leads).await;
    assert_eq!(second.updated, 1, "{second:?}");
    let now = world.status_and_city().await;
    assert_eq!(now, ("exited".to_owned(), "Rome".to_owned()));
    let third = world.run(leads).await;
    assert_eq!((third.updated, third.calls), (0, 0), "{third:?}");
    assert_eq!(world.plan(leads).counts.left_out, 1);
}

#[tokio::test]
async fn nothing_is_closed_for_those_who_may_not_be_sent_are_held_or_never_went() {
    let world = world().await;
    world.with_field().await;
    let went = |last: &str| {
        let contact = a_contact().last_name(last).city("Rome");
        world.add(contact.with(ContactField::MobilePhone, phone("1")))
    };
    let (refused, held) = (went("Refused"), went("Held"));
    let stranger = world.add(a_contact().last_name("Stranger").city("Rome"));
    let leads = world.activated();
    assert_eq!(world.run(leads).await.created, 2);
    for one in [refused, held] {
        world.set(one, ContactField::MobilePhone, None);
        world.set(one, ContactField::City, Some("Oslo"));
    }
    world.put(
        refused,
        ContactField::DoNotSend,
        Some(leadferry_store::Value::YesNo(true)),
    );
    let now = world.now();
    world.write(|writer| writer.hold_entry(leads, held, now));
    world.catch_up();
    let second = world.run(leads).await;
    assert_eq!(
        (second.updated, second.created, second.calls),
        (0, 0, 0),
        "{second:?}"
    );
    assert_eq!(world.state(leads, stranger), None);
}

#[tokio::test]
async fn a_contact_that_went_once_still_learns_her_status() {
    let world = world().await;
    world.with_field().await;
    let ann = world.reachable("Oslo");
    let leads = world.activated();
    world.change_settings(leads, |settings| settings.keep_updated = false);
    world.run(leads).await;
    assert_eq!(world.status_and_city().await.0, "", "she never was in it");
    world.set(ann, ContactField::City, Some("Rome"));
    world.catch_up();
    assert_eq!(world.run(leads).await.updated, 1);
    let now = world.status_and_city().await;
    assert_eq!(now, ("realized".to_owned(), "Oslo".to_owned()));
}

#[tokio::test]
async fn a_mapping_id_that_is_not_there_is_named_before_anything_is_sent() {
    let world = world().await;
    world.reachable("Rome");
    let leads = world.activated();
    world.keep_describes().await;
    let refused = world
        .store
        .read(|reader| Setup::load(reader, leads, world.now()))
        .unwrap_err();
    let Error::Mapping(findings) = refused else {
        panic!("{refused}");
    };
    let finding = findings.iter().find(|one| one.code == "unknown_mapping_id");
    let words = &finding.unwrap().message;
    assert!(words.contains(FIELD) && words.contains("Romans"), "{words}");
    assert!(world.leads_in_org().await.is_empty());
}

fn phone(number: &str) -> leadferry_store::Value {
    leadferry_store::Value::Text(number.to_owned())
}

#[tokio::test]
async fn a_status_is_written_from_the_first_day_until_the_last() {
    const DAY_MS: i64 = 86_400_000;
    let world = world().await;
    world.with_field().await;
    let ann = world.reachable("Rome");
    let leads = world.activated();
    let on = |days: i64| day(world.now() + days * DAY_MS, &TimeZone::UTC);
    let mapping = format!(
        "{LEAD}\nmobile_phone=MobilePhone\ncity=City\n@segment:Romans={FIELD} ; from {}, until {}",
        on(1),
        on(2)
    );
    world.change_mapping(leads, &mapping);
    assert_eq!(world.run(leads).await.created, 1);
    assert_eq!(world.status_and_city().await.0, "", "it has not begun");

    world.advance(DAY_MS);
    let plan = world.plan(leads);
    assert_eq!(plan.counts.update, 1, "nothing but the day has changed");
    assert_eq!(world.run(leads).await.updated, 1);
    assert_eq!(world.status_and_city().await.0, "realized");
    assert_eq!(world.run(leads).await.calls, 0);

    world.advance(2 * DAY_MS);
    world.set(ann, ContactField::MobilePhone, None);
    world.set(ann, ContactField::City, Some("Oslo"));
    world.catch_up();
    let ended = world.run(leads).await;
    assert_eq!((ended.updated, ended.calls), (0, 0), "{ended:?}");
    assert_eq!(world.status_and_city().await.0, "realized", "it stays");
}
