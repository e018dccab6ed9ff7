//! Whether the org still holds what was sent, and how what differs goes again.

use leadferry_replication::comparing::{Compared, Extent, compare, cost, send_again};
use leadferry_replication::{Cancel, Unseen};
use leadferry_store::{
    ContactField, ContactId, EntryState, OrgDifference, Recalculate, ReplicationId, RuleTree,
};
use serde_json::json;

use crate::harness::{LEAD, World, a_contact, text, text_field, world};

const FIELD: &str = "Romans__c";

impl World {
    pub(crate) async fn compare(&self, replication: ReplicationId, extent: Extent) -> Compared {
        let (now, cancel) = (self.now(), Cancel::new());
        compare(
            &self.store,
            replication,
            &self.org,
            extent,
            now,
            &cancel,
            &Unseen,
        )
        .await
        .unwrap()
        .unwrap()
    }

    pub(crate) fn differences(&self, replication: ReplicationId) -> Vec<OrgDifference> {
        self.read(|reader| reader.differences(replication, ContactId(0), 100))
    }

    fn send_again(&self, replication: ReplicationId) -> u64 {
        let stored = self.read(|reader| reader.replication(replication));
        send_again(&self.store, &stored, &self.org.org_id, self.now()).unwrap()
    }

    /// Three Romans and a person of Oslo have gone as leads, with their status.
    async fn romans(&self) -> (ReplicationId, Vec<ContactId>) {
        self.custom_field("Lead", FIELD, text_field(40, false, false))
            .await;
        self.keep_describes().await;
        let tree: RuleTree =
            serde_json::from_value(json!({"field": "city", "op": "equals", "value": "Rome"}))
                .unwrap();
        let now = self.now();
        self.write(|writer| writer.add_segment("Romans", "", &tree, now));
        let people = ["Rome", "Rome", "Rome", "Oslo"].map(|city| {
            let name = format!("{city}{}", self.now());
            self.add(a_contact().last_name(&name).city(city))
        });
        self.store
            .recalculate(Recalculate::Everything, false, now, &mut |_, _| true)
            .unwrap();
        let mapping = format!("{LEAD}\ncity=City\n@segment:Romans={FIELD}");
        let leads = self.replication("Lead", &mapping, |_| {});
        assert_eq!(self.run(leads).await.created, 4);
        (leads, people.to_vec())
    }
}

#[tokio::test]
async fn what_is_here_sent_and_there_is_counted_with_a_call_each() {
    let world = world().await;
    let (leads, people) = world.romans().await;
    let asked = cost(&world.store, leads, world.now()).unwrap();
    assert_eq!(
        (asked.count_calls, asked.read_calls, asked.records),
        (2, 1, 4)
    );
    world.set(people[0], ContactField::City, Some("Oslo"));
    let before = world.requests().await;
    let counted = world.compare(leads, Extent::Count).await;
    assert_eq!(world.requests().await - before, asked.count_calls);
    let all = counted.all;
    assert_eq!(
        (all.members, all.queued, all.sent, all.confirmed),
        (4, 0, 4, Some(4))
    );
    let romans = &counted.segments[0];
    assert_eq!(romans.mapping_id, FIELD);
    let counts = romans.counts;
    assert_eq!(
        (counts.members, counts.sent, counts.confirmed),
        (3, 3, Some(3))
    );
    let kept = world.read(|reader| reader.reconciliation(leads)).unwrap();
    assert_eq!((kept.calls, kept.records), (asked.count_calls, None));
}

#[tokio::test]
async fn what_a_person_changed_is_found_by_reading_back_and_goes_again_when_told() {
    let world = world().await;
    let (leads, people) = world.romans().await;
    let record = world.link(people[1], "Lead").unwrap().record_id;
    world
        .change_record("Lead", &record, json!({ FIELD: "exited", "City": "Paris" }))
        .await;
    assert_eq!(world.run(leads).await.calls, 0, "nothing here has changed");

    let read = world.compare(leads, Extent::ReadBack).await;
    assert_eq!(read.all.confirmed, Some(4));
    assert_eq!(read.segments[0].counts.confirmed, Some(2));
    let found = world.differences(leads);
    let said: Vec<_> = found
        .iter()
        .map(|one| {
            let texts = [&one.sent, &one.held].map(|text| text.as_deref().unwrap_or_default());
            (one.contact, one.target.as_str(), texts[0], texts[1])
        })
        .collect();
    assert_eq!(
        said,
        [
            (people[1], "City", "Rome", "Paris"),
            (people[1], FIELD, "realized", "exited"),
        ]
    );
    assert_eq!(
        world.run(leads).await.calls,
        0,
        "nothing goes before it is told to"
    );

    assert_eq!(world.send_again(leads), 1);
    assert_eq!(world.differences(leads), []);
    assert_eq!(world.run(leads).await.updated, 1);
    let lead = world
        .soql(&format!(
            "SELECT City, {FIELD} FROM Lead WHERE Id = '{record}'"
        ))
        .await;
    assert_eq!(
        (text(&lead[0], "City"), text(&lead[0], FIELD)),
        ("Rome", "realized")
    );
    let again = world.compare(leads, Extent::ReadBack).await;
    assert_eq!(again.segments[0].counts.confirmed, Some(3));
    assert_eq!(world.differences(leads), []);
}

#[tokio::test]
async fn what_was_changed_here_and_not_sent_yet_is_no_difference() {
    let world = world().await;
    let (leads, people) = world.romans().await;
    world.set(people[0], ContactField::City, Some("Milan"));
    world.compare(leads, Extent::ReadBack).await;
    assert_eq!(world.differences(leads), []);
}

#[tokio::test]
async fn a_record_that_is_gone_is_found_and_treated_as_the_settings_say() {
    let world = world().await;
    let (leads, people) = world.romans().await;
    let record = world.link(people[2], "Lead").unwrap().record_id;
    world.delete_in_org(&record).await;
    let read = world.compare(leads, Extent::ReadBack).await;
    assert_eq!((read.all.sent, read.all.confirmed), (4, Some(3)));
    let found = world.differences(leads);
    assert_eq!(
        (found.len(), found[0].contact, found[0].target.as_str()),
        (1, people[2], "")
    );

    assert_eq!(world.send_again(leads), 1);
    let report = world.run(leads).await;
    assert_eq!((report.blocked, report.created), (1, 0), "{report:?}");
    assert_eq!(world.state(leads, people[2]), Some(EntryState::Blocked));
    assert_eq!(
        world.code(leads, people[2]).as_deref(),
        Some("deleted_in_salesforce")
    );
}

#[tokio::test]
async fn what_the_org_keeps_in_its_own_spelling_is_no_difference() {
    let world = world().await;
    let on = json!(true);
    world.switch("state_and_country_picklists", on).await;
    world.keep_describes().await;
    let person = a_contact().last_name("Lee ").city(" Rome");
    world.add(person.email("Ann.LEE@Example.COM"));
    let mapping = format!("{LEAD}\ncity=City\n\"germany\"=Country");
    let leads = world.replication("Lead", &mapping, |_| {});
    assert_eq!(world.run(leads).await.created, 1);
    let held = &world.soql("SELECT Email, City, Country FROM Lead").await[0];
    assert_eq!(
        (
            text(held, "Email"),
            text(held, "City"),
            text(held, "Country")
        ),
        ("ann.lee@example.com", "Rome", "Germany")
    );
    let read = world.compare(leads, Extent::ReadBack).await;
    assert_eq!(read.all.confirmed, Some(1));
    assert_eq!(world.differences(leads), []);
    assert_eq!(world.run(leads).await.calls, 0);
}
