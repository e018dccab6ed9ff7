//! What comes from records into contacts: by rule, once, and never back as a change of ours.

use std::collections::BTreeMap;

use leadferry_replication::comparing::Extent;
use leadferry_replication::pull::{Winner, resolve};
use leadferry_salesforce::CustomFieldKind;
use leadferry_store::{
    Channel, Conflict, ConflictQuery, ContactField, ContactId, Decimal, Delivery, Evidence,
    FieldKind, How, NewConsent, PullInbound, ReplicationId, Value as Held,
};
use serde_json::{Value, json};

use crate::earlier_runs::lose_the_answer;
use crate::harness::{IDENTIFIER, LEAD, World, a_contact, text, world};

const FIELDS: &[&str] = &["LastName", "Email", "City", "Phone"];

impl World {
    fn inbound(&self, object: &str, rows: &str) {
        self.inbound_with(object, rows, None);
    }

    fn inbound_with(&self, object: &str, rows: &str, newcomers: Option<&str>) {
        self.write(|writer| {
            let pull = writer.pull_named("P")?;
            let inbound = PullInbound {
                rows: Some(rows.to_owned()),
                newcomers: newcomers.map(|soql| format!("\"{soql}\"")),
            };
            writer.set_pull_inbound(pull.id, Some(&self.org.org_id), object, &inbound)
        });
    }

    fn held(&self, contact: ContactId, field: ContactField) -> Option<Held> {
        let contact = self.read(|reader| reader.contact(contact));
        contact.values.get(field).cloned()
    }

    fn city(&self, contact: ContactId) -> String {
        match self.held(contact, ContactField::City) {
            Some(Held::Text(text)) => text,
            _ => String::new(),
        }
    }

    fn conflicts(&self) -> Vec<Conflict> {
        let query = ConflictQuery {
            limit: 100,
            ..ConflictQuery::default()
        };
        self.read(|reader| reader.conflicts(&query))
    }

    fn choose(&self, winner: Winner) {
        let (now, found) = (self.now(), self.conflicts());
        let left = self
            .store
            .write(|writer| resolve(writer, &found, winner, |_| (), now));
        assert_eq!(left.unwrap(), 0);
    }

    /// A replication of leads that sends the city, too, and a pull of leads.
    fn both_ways(&self, rows: &str) -> ReplicationId {
        let leads = self.replication("Lead", &format!("{LEAD}city=City\n"), |_| {});
        self.add_pull(&[("Lead", FIELDS)]);
        self.inbound("Lead", rows);
        leads
    }

    /// The record of a contact.
    fn record_of(&self, contact: ContactId) -> String {
        self.link(contact, "Lead").unwrap().record_id
    }

    async fn city_there(&self, contact: ContactId) -> Value {
        let soql = format!(
            "SELECT City FROM Lead WHERE Id = '{}'",
            self.record_of(contact)
        );
        self.soql(&soql).await[0]["City"].clone()
    }

    async fn put_there(&self, contact: ContactId, fields: Value) {
        let record = self.record_of(contact);
        self.change_record("Lead", &record, fields).await;
    }
}

fn person(n: usize) -> crate::harness::ContactBuilder {
    a_contact()
        .last_name(&format!("P{n}"))
        .email(&format!("p{n}@example.com"))
        .company("Acme")
}

#[tokio::test]
async fn a_value_that_came_in_does_not_go_out_again() {
    let world = world().await;
    let leads = world.both_ways("City=city ; newest");
    let contact = world.add(person(1).city("Lagos"));
    world.run(leads).await;
    world.pull().await;
    world.put_there(contact, json!({"City": "Abuja"})).await;
    let report = world.pull().await;
    assert_eq!(world.city(contact), "Abuja", "{report:?}");
    let notes = report.objects[0].notes.join(" ");
    assert!(notes.contains("Updated 1 contact here."), "{notes}");
    let delivery = world.read(|reader| reader.deliveries(&[contact]));
    assert_eq!(
        delivery[&contact],
        Delivery::Linked,
        "nothing waits for a run"
    );
    let run = world.run(leads).await;
    assert_eq!((run.updated, run.created), (0, 0), "{run:?}");
    let plan = world.plan(leads);
    assert_eq!((plan.counts.update, plan.counts.unchanged), (0, 1));
    world.set(contact, ContactField::City, Some("Kano"));
    let run = world.run(leads).await;
    assert_eq!(run.updated, 1, "an edit goes out as ever");
    assert_eq!(world.city_there(contact).await, json!("Kano"));
    world.pull().await;
    assert_eq!(world.city(contact), "Kano");
}

/// For each rule the verdicts of nine contacts, as in the table of the deciding function: here unchanged, changed, emptied;
/// within each the record unchanged, changed, emptied. The contacts were changed later than the records.
#[tokio::test]
async fn each_rule_holds_for_every_combination_in_an_org() {
    for (rule, verdicts) in [
        ("if_empty", "kkkkkkkTk"),
        ("newest", "kTTkkkkkk"),
        ("salesforce", "kTTkTTkTk"),
        ("ask", "kTTk??k?k"),
        ("never", "kkkkkkkkk"),
    ] {
        let world = world().await;
        let leads = world.both_ways(&format!("City=city ; {rule}"));
        let contacts: Vec<ContactId> = (0..9)
            .map(|n| world.add(person(n).city("Before")))
            .collect();
        world.run(leads).await;
        world.pull().await;
        for (at, contact) in contacts.iter().enumerate() {
            match at / 3 {
                0 => {}
                1 => world.set(*contact, ContactField::City, Some("Here")),
                _ => world.set(*contact, ContactField::City, None),
            }
            match at % 3 {
                0 => {}
                1 => world.put_there(*contact, json!({"City": "There"})).await,
                _ => world.put_there(*contact, json!({"City": null})).await,
            }
        }
        world.pull().await;
        let asked: BTreeMap<ContactId, Conflict> = world
            .conflicts()
            .into_iter()
            .map(|one| (one.link.contact, one))
            .collect();
        for (at, (contact, verdict)) in contacts.iter().zip(verdicts.chars()).enumerate() {
            let here = ["Before", "Here", ""][at / 3];
            let there = ["Before", "There", ""][at % 3];
            let expected = if verdict == 'T' { there } else { here };
            let shown = format!("{rule}: here {here:?}, there {there:?}");
            assert_eq!(world.city(*contact), expected, "{shown}");
            assert_eq!(asked.contains_key(contact), verdict == '?', "{shown}");
            let agreed = asked.get(contact).map(|one| one.agreed.as_deref());
            assert!(agreed.is_none_or(|one| one == Some("Before")), "{shown}");
        }
        let before = world.conflicts().len();
        world.pull().await;
        assert_eq!(
            world.conflicts().len(),
            before,
            "{rule}: a second time changes nothing"
        );
    }
}

#[tokio::test]
async fn a_field_in_conflict_is_left_out_until_someone_chooses() {
    for winner in [Winner::Here, Winner::There] {
        let world = world().await;
        let leads = world.both_ways("City=city ; ask\nEmail=email");
        let contact = world.add(person(1).city("Lagos"));
        world.run(leads).await;
        world.pull().await;
        world.put_there(contact, json!({"City": "Abuja"})).await;
        world.set(contact, ContactField::City, Some("Kano"));
        let report = world.pull().await;
        assert_eq!(world.conflicts().len(), 1, "{report:?}");
        world.set(contact, ContactField::FirstName, Some("Ada"));
        let run = world.run(leads).await;
        assert_eq!(run.updated, 1, "the rest goes");
        assert_eq!(world.city_there(contact).await, json!("Abuja"));
        assert_eq!(world.city(contact), "Kano");
        world.pull().await;
        assert_eq!(world.conflicts().len(), 1, "it stays until someone chooses");
        world.choose(winner);
        assert_eq!(world.conflicts().len(), 0);
        let run = world.run(leads).await;
        let (updated, city) = match winner {
            Winner::Here => (1, "Kano"),
            Winner::There => (0, "Abuja"),
        };
        assert_eq!(run.updated, updated, "{winner:?}: {run:?}");
        assert_eq!(world.city_there(contact).await, json!(city));
        assert_eq!(world.city(contact), city);
        world.pull().await;
        assert_eq!(world.conflicts().len(), 0);
        assert_eq!(world.city(contact), city);
    }
}

#[tokio::test]
async fn a_conflict_ends_when_both_sides_agree_or_the_rule_asks_no_more() {
    let world = world().await;
    let leads = world.both_ways("City=city ; ask");
    let one = world.add(person(1).city("Lagos"));
    let other = world.add(person(2).city("Lagos"));
    world.run(leads).await;
    world.pull().await;
    for contact in [one, other] {
        world.put_there(contact, json!({"City": "Abuja"})).await;
        world.set(contact, ContactField::City, Some("Kano"));
    }
    world.pull().await;
    assert_eq!(world.conflicts().len(), 2);
    world.put_there(one, json!({"City": "Kano"})).await;
    world.pull().await;
    let left: Vec<_> = world.conflicts().iter().map(|c| c.link.contact).collect();
    assert_eq!(left, [other]);
    world.inbound("Lead", "City=city ; if_empty");
    world.pull().await;
    assert_eq!(world.conflicts().len(), 0);
    let run = world.run(leads).await;
    assert_eq!(run.updated, 1, "the contact's value goes now: {run:?}");
    assert_eq!(world.city_there(other).await, json!("Kano"));
}

#[tokio::test]
async fn a_contact_that_is_linked_later_gets_what_the_mirror_holds() {
    let world = world().await;
    let record = world.lead("Okafor", "ada@example.com").await;
    world
        .change_record("Lead", &record, json!({"Phone": "+234 1"}))
        .await;
    world.add_pull(&[("Lead", FIELDS)]);
    world.pull().await;
    let contact = world.add(a_contact().email("other@example.com"));
    world.link_by_hand(contact, "Lead", &record);
    world.pull().await;
    assert_eq!(
        world.held(contact, ContactField::BusinessPhone),
        Some(Held::Text("+234 1".to_owned())),
        "the usual rows fill what is empty"
    );
    assert_eq!(
        world.held(contact, ContactField::Email),
        Some(Held::Text("other@example.com".to_owned())),
        "and replace nothing"
    );
}

#[tokio::test]
async fn what_the_org_changes_after_each_update_is_left_alone_after_the_second_time() {
    let world = world().await;
    let leads = world.both_ways("City=city ; salesforce");
    let contact = world.add(person(1).city("Lagos"));
    world.run(leads).await;
    let mut notes = String::new();
    for n in 0..2 {
        // The org's own automation.
        world.put_there(contact, json!({"City": "LAGOS"})).await;
        let report = world.pull().await;
        notes = report.objects[0].notes.join(" ");
        let expected = if n == 0 { "LAGOS" } else { "Lagos " };
        assert_eq!(world.city(contact).trim(), expected.trim(), "{n}: {notes}");
        world.set(contact, ContactField::City, Some("Lagos"));
        world.run(leads).await;
    }
    assert!(
        notes.contains("Salesforce changes City after each update"),
        "{notes}"
    );
}

#[tokio::test]
async fn an_opt_out_there_becomes_one_here_and_nobody_is_opted_in_again() {
    let world = world().await;
    for field in ["HasOptedOutOfEmail", "DoNotCall"] {
        world.show_lead_field(field).await;
    }
    world.keep_describes().await;
    let mapping = format!("{LEAD}email_opt_out=HasOptedOutOfEmail\nphone_opt_out=DoNotCall\n");
    let leads = world.replication("Lead", &mapping, |_| {});
    world.add_pull(&[("Lead", FIELDS)]);
    let contact = world.add(person(1));
    world.run(leads).await;
    world
        .put_there(contact, json!({"HasOptedOutOfEmail": true}))
        .await;
    let report = world.pull().await;
    let out = || world.held(contact, ContactField::EmailOptOut);
    assert_eq!(out(), Some(Held::YesNo(true)), "{report:?}");
    let history = world.read(|reader| reader.consent_history(contact));
    assert_eq!(history.last().unwrap().how, How::Salesforce);
    let run = world.run(leads).await;
    assert_eq!(run.updated, 0, "it came from there: {run:?}");
    world
        .put_there(contact, json!({"HasOptedOutOfEmail": false}))
        .await;
    let report = world.pull().await;
    assert_eq!(out(), Some(Held::YesNo(true)), "only they can take it back");
    assert!(
        format!("{report:?}").contains("cleared in Salesforce"),
        "{report:?}"
    );
    assert_eq!(world.run(leads).await.updated, 1, "the no goes again");
    let record = world.record_of(contact);
    let soql = format!("SELECT HasOptedOutOfEmail FROM Lead WHERE Id = '{record}'");
    assert_eq!(
        world.soql(&soql).await[0]["HasOptedOutOfEmail"],
        json!(true)
    );
    world.pull().await;
    assert_eq!(world.run(leads).await.updated, 0, "once");
    world
        .put_there(contact, json!({"HasOptedOutOfEmail": true}))
        .await;
    world.pull().await;
    world.advance(60_000);
    let now = world.now();
    world.write(|writer| {
        let evidence = Evidence::of(How::Form, "");
        writer.set_opt_out(contact, Channel::Email, Some(false), &evidence, now)
    });
    world.put_there(contact, json!({"LastName": "Obi"})).await;
    world.pull().await;
    assert_eq!(
        out(),
        Some(Held::YesNo(false)),
        "their own later answer stands"
    );
    world.run(leads).await;
    world.pull().await;
    assert_eq!(out(), Some(Held::YesNo(false)));
    let record = world.record_of(contact);
    let soql = format!("SELECT HasOptedOutOfEmail, DoNotCall FROM Lead WHERE Id = '{record}'");
    let held = world.soql(&soql).await[0].clone();
    assert_eq!(held["HasOptedOutOfEmail"], json!(false));
    world.put_there(contact, json!({"DoNotCall": true})).await;
    world.pull().await;
    assert_eq!(
        world.held(contact, ContactField::PhoneOptOut),
        Some(Held::YesNo(true))
    );
}

#[tokio::test]
async fn a_refusal_there_becomes_one_here_and_an_unticked_box_alone_is_none() {
    let world = world().await;
    for field in ["News__c", "NoNews__c"] {
        world
            .custom_field("Lead", field, CustomFieldKind::Checkbox)
            .await;
    }
    world.keep_describes().await;
    let purpose = world.write(|writer| writer.add_purpose("News", 1));
    let leads = world.replication("Lead", &format!("{LEAD}@consent:News=News__c\n"), |_| {});
    world.add_pull(&[("Lead", FIELDS)]);
    world.inbound("Lead", "News__c=@consent:News\nNoNews__c=@refused:News");
    let [agreed, never, refused] = [1, 2, 3].map(|n| world.add(person(n)));
    let now = world.now();
    for contact in [agreed, refused] {
        let yes = NewConsent {
            purpose,
            given: Some(true),
            evidence: Evidence::of(How::Form, ""),
        };
        world.write(|writer| writer.set_consent(contact, &yes, now));
    }
    world.run(leads).await;
    world.pull().await;
    let answer = |contact: ContactId| {
        let answers = world.read(|reader| reader.consents_of(contact));
        answers.first().map(|answer| answer.given)
    };
    assert_eq!(
        [agreed, never, refused].map(answer),
        [Some(true), None, Some(true)]
    );
    world.put_there(agreed, json!({"News__c": false})).await;
    world.put_there(never, json!({"LastName": "Obi"})).await;
    world.put_there(refused, json!({"NoNews__c": true})).await;
    world.pull().await;
    assert_eq!(
        [agreed, never, refused].map(answer),
        [Some(false), None, Some(false)]
    );
    world.put_there(agreed, json!({"News__c": true})).await;
    world.pull().await;
    assert_eq!(answer(agreed), Some(false), "nobody agrees by a pull");
    let run = world.run(leads).await;
    assert_eq!((run.created, run.updated), (0, 2), "{run:?}");
    let record = world.record_of(agreed);
    let soql = format!("SELECT News__c FROM Lead WHERE Id = '{record}'");
    let held = world.soql(&soql).await;
    assert_eq!(held[0]["News__c"], json!(false), "the refusal goes again");
}

#[tokio::test]
async fn what_a_send_of_ours_may_be_changing_is_compared_later() {
    let world = world().await;
    let leads = world.both_ways("City=city ; salesforce");
    let contact = world.add(person(1).city("Lagos"));
    world.run(leads).await;
    world.pull().await;
    world.set(contact, ContactField::City, Some("Kano"));
    lose_the_answer(&world, leads).await;
    world.put_there(contact, json!({"City": "Abuja"})).await;
    world.pull().await;
    assert_eq!(
        world.city(contact),
        "Kano",
        "nobody knows yet what became of it"
    );
    world.run(leads).await;
    assert_eq!(text(&world.the_lead().await, "City"), "Kano");
    world.pull().await;
    assert_eq!(world.city(contact), "Kano");
}

#[tokio::test]
async fn a_mapping_that_cannot_be_used_keeps_the_object_from_being_read() {
    let world = world().await;
    world.lead("Okafor", "ada@example.com").await;
    world.add_pull(&[("Lead", FIELDS)]);
    world.inbound("Lead", "Cty=city");
    let report = world.try_pull().await.unwrap();
    let reason = report.reason.unwrap();
    assert!(reason.contains("inbound mapping of Lead"), "{reason}");
    assert_eq!(report.objects[0].read, 0);
}

#[tokio::test]
async fn people_who_are_nobody_here_are_brought_in_and_linked_at_once() {
    for filter in ["Rating = 'Hot'", ""] {
        let world = world().await;
        let leads = world.replication("Lead", LEAD, |_| {});
        let known = world.add(a_contact().last_name("Known").email("known@example.com"));
        for (name, email, rating) in [
            ("New", "new@example.com", "Hot"),
            ("Twice", "NEW@example.com", "Hot"),
            ("Known", "known@example.com", "Hot"),
            ("Cold", "cold@example.com", "Cold"),
        ] {
            let record = world.lead(name, email).await;
            world
                .change_record("Lead", &record, json!({"Rating": rating}))
                .await;
        }
        let nameless = world.lead("Nameless", "x@example.com").await;
        let gone = json!({"Email": null, "Rating": "Hot"});
        world.change_record("Lead", &nameless, gone).await;
        world.add_pull(&[("Lead", FIELDS)]);
        let rows = "LastName=last_name\nEmail=email\nCity=city";
        world.inbound_with("Lead", rows, Some(filter));
        let report = world.pull().await;
        let all = world.read(|reader| reader.live_contacts());
        let expected = if filter.is_empty() { 3 } else { 2 };
        assert_eq!(all, expected, "{filter}: {report:?}");
        let notes = report.objects[0].notes.join(" ");
        assert!(
            notes.contains("Left out 1 record without an email."),
            "{notes}"
        );
        let new = world.read(|reader| reader.contacts_by_email("new@example.com"));
        assert_eq!(new.len(), 1, "one person once");
        assert!(world.link(new[0], "Lead").is_some());
        assert!(
            world.link(known, "Lead").is_none(),
            "that is for someone to decide"
        );
        world.pull().await;
        assert_eq!(world.read(|reader| reader.live_contacts()), expected);
        let run = world.run(leads).await;
        assert_eq!(run.created, 0, "{run:?}");
        assert_eq!(world.leads_in_org().await.len(), 5);
    }
}

/// What has another form here than in the org.
const FORMS: &str =
    "@country_name=Country\n@state_name=State\n@street=Street\ncustom:Size=Size__c\n";
const FORMS_IN: &str = "LastName=last_name\nEmail=email\nCountry=country\nState=state\nStreet=@street\nSize__c=custom:Size\n";

/// Contacts that a record's values came into, by how they were linked.
#[derive(Debug, Clone, Copy, PartialEq)]
enum CameBy {
    /// Made of the record.
    BroughtIn,
    /// Linked, and filled by the pull.
    Linked,
    /// Linked with the same values as the record's, in the form that contacts have.
    Same,
    /// Linked and filled before a replication was there.
    Before,
}

#[tokio::test]
async fn what_came_in_stays_as_the_org_has_it() {
    for came_by in [
        CameBy::BroughtIn,
        CameBy::Linked,
        CameBy::Same,
        CameBy::Before,
    ] {
        let world = world().await;
        let number = CustomFieldKind::Number {
            precision: 10,
            scale: 2,
        };
        world.custom_field("Lead", "Size__c", number).await;
        world.keep_describes().await;
        let size = world.field("Size", FieldKind::Decimal { scale: 1 });
        let theirs = json!({
            "Country": "USA", "State": "TX", "Street": "1 Main St\r\nFloor 2\r\nRoom 3",
            "Size__c": 12.25,
        });
        let record = world.lead("Okafor", "ada@example.com").await;
        world.change_record("Lead", &record, theirs.clone()).await;
        let mapping = format!("{LEAD}{FORMS}");
        let replication = || world.replication("Lead", &mapping, |_| {});
        let early = (came_by != CameBy::Before).then(replication);
        let fields = ["LastName", "Email", "Country", "State", "Street", "Size__c"];
        world.add_pull(&[("Lead", &fields)]);
        let newcomers = (came_by == CameBy::BroughtIn).then_some("");
        world.inbound_with("Lead", FORMS_IN, newcomers);
        if came_by != CameBy::BroughtIn {
            let contact = world.add(
                a_contact()
                    .last_name("Okafor")
                    .email("ada@example.com")
                    .company("Acme"),
            );
            if came_by == CameBy::Same {
                for (field, value) in [
                    (ContactField::Country, "US"),
                    (ContactField::State, "US-TX"),
                    (ContactField::AddressLine1, "1 Main St"),
                    (ContactField::AddressLine2, "Floor 2, Room 3"),
                ] {
                    world.set(contact, field, Some(value));
                }
            }
            world.link_by_hand(contact, "Lead", &record);
        }
        world.pull().await;
        let found = world.read(|reader| reader.contacts_by_email("ada@example.com"));
        let [contact] = found[..] else {
            panic!("{came_by:?}: {found:?}");
        };
        let country = world.held(contact, ContactField::Country);
        assert_eq!(country, Some(Held::Text("US".into())), "{came_by:?}");
        let leads = early.unwrap_or_else(replication);
        let soql = format!("SELECT Country, State, Street, Size__c, {IDENTIFIER} FROM Lead");

        let run = world.run(leads).await;
        let after = &world.soql(&soql).await[0];
        for (field, value) in theirs.as_object().unwrap() {
            assert_eq!(&after[field], value, "{came_by:?}: {field} of {run:?}");
        }
        assert_eq!(text(after, IDENTIFIER), world.guid(contact), "{came_by:?}");
        world.pull().await;
        assert_eq!(world.run(leads).await.updated, 0, "{came_by:?}");
        world.compare(leads, Extent::ReadBack).await;
        let differences = world.differences(leads);
        assert!(differences.is_empty(), "{came_by:?}: {differences:?}");

        world.set(contact, ContactField::Country, Some("DE"));
        let twice = Decimal {
            units: 245,
            scale: 1,
        };
        world.put(contact, size, Some(Held::Decimal(twice)));
        world.run(leads).await;
        let after = &world.soql(&soql).await[0];
        assert_eq!(
            after["Country"],
            json!("Germany"),
            "an edit goes out as ever"
        );
        assert_eq!(after["Size__c"], json!(24.5));
        assert_eq!(after["State"], theirs["State"], "and alone");
    }
}
