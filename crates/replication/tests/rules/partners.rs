//! Partners: a replication of leads and one of contacts that share their people, each going through exactly one of them.

use leadferry_replication::settings::Partner;
use leadferry_store::{ContactField, ContactId, LinkOrigin, Recalculate, ReplicationId, RuleTree};
use serde_json::json;

use crate::harness::{CONTACT, World, a_contact, world};

impl World {
    /// Leads and contacts as partners; new people in Rome become contacts.
    fn partners(&self) -> (ReplicationId, ReplicationId) {
        let rule = json!({"field": "city", "op": "equals", "value": "Rome"});
        let tree: RuleTree = serde_json::from_value(rule).unwrap();
        let now = self.now();
        self.write(|writer| writer.add_segment("Romans", "", &tree, now));
        let leads = self.leads();
        let contacts = self.replication("Contact", CONTACT, |_| {});
        for (own, other) in [(leads, contacts), (contacts, leads)] {
            self.change_settings(own, |settings| {
                settings.partner = Some(Partner {
                    replication: other,
                    contacts_segment: Some("Romans".to_owned()),
                });
            });
        }
        self.know();
        (leads, contacts)
    }

    /// What the commands do before each plan and run.
    fn know(&self) {
        let what = Recalculate::Everything;
        self.store
            .recalculate(what, false, self.now(), &mut |_, _| true)
            .unwrap();
    }

    async fn run_both(&self, one: ReplicationId, other: ReplicationId) -> u64 {
        self.know();
        let first = self.run(one).await;
        let second = self.run(other).await;
        first.created + second.created
    }

    fn what(&self, contact: ContactId) -> (bool, bool) {
        let linked = |object| self.link(contact, object).is_some();
        (linked("Lead"), linked("Contact"))
    }
}

#[tokio::test]
async fn new_people_go_through_one_of_two_partners_by_their_segment() {
    for first in [0, 1] {
        let world = world().await;
        let (leads, contacts) = world.partners();
        let ada = world.add(a_contact().email("ada@example.com").city("Rome"));
        let bob = world.add(a_contact().email("bob@example.com").city("Oslo"));
        let (one, other) = if first == 0 {
            (leads, contacts)
        } else {
            (contacts, leads)
        };
        assert_eq!(world.run_both(one, other).await, 2);
        assert_eq!(world.what(ada), (false, true));
        assert_eq!(world.what(bob), (true, false));
        // Who changes sides stays what they are.
        world.set(ada, ContactField::City, Some("Oslo"));
        world.set(bob, ContactField::City, Some("Rome"));
        assert_eq!(world.run_both(one, other).await, 0);
        assert_eq!(world.what(ada), (false, true));
        assert_eq!(world.what(bob), (true, false));
    }
}

#[tokio::test]
async fn whoever_is_a_record_already_goes_through_the_replication_of_that_object() {
    let world = world().await;
    let (leads, contacts) = world.partners();
    // A Roman who is a lead there, and somebody from Oslo who is a contact there.
    let lead = world.lead("Okafor", "ada@example.com").await;
    let fields = json!({"LastName": "Okafor", "Email": "bob@example.com"});
    let record = world.record("Contact", fields).await;
    let ada = world.add(a_contact().email("ada@example.com").city("Rome"));
    let bob = world.add(a_contact().email("bob@example.com").city("Oslo"));
    assert_eq!(world.run_both(leads, contacts).await, 0, "both are there");
    assert_eq!(world.run_both(leads, contacts).await, 0);
    let (theirs, its) = (
        world.link(ada, "Lead").unwrap(),
        world.link(bob, "Contact").unwrap(),
    );
    assert_eq!((theirs.record_id, theirs.origin), (lead, LinkOrigin::Email));
    assert_eq!(its.record_id, record);
    assert_eq!(
        (world.what(ada), world.what(bob)),
        ((true, false), (false, true))
    );
    let identifier = Some(world.guid(bob));
    assert_eq!(its.identifier, identifier, "the partner has stamped it");
}

#[tokio::test]
async fn another_name_behind_the_email_is_nobodys_partner() {
    let world = world().await;
    let (leads, contacts) = world.partners();
    let fields = json!({"LastName": "Lindqvist", "FirstName": "Greta", "Email": "bob@example.com"});
    world.record("Contact", fields).await;
    let bob = world.add(
        a_contact()
            .first_name("Bob")
            .email("bob@example.com")
            .city("Oslo"),
    );
    assert_eq!(world.run_both(leads, contacts).await, 0);
    assert_eq!(world.code(leads, bob).as_deref(), Some("ambiguous"));
    assert_eq!(world.what(bob), (false, false));
}

#[tokio::test]
async fn somebody_in_flight_at_the_partner_is_not_created_meanwhile() {
    let world = world().await;
    let (leads, contacts) = world.partners();
    let bob = world.add(a_contact().email("bob@example.com").city("Oslo"));
    world.know();
    // The contact moves to Rome while the lead is under way.
    world
        .run_and_while_sending(leads, || {
            world.set(bob, ContactField::City, Some("Rome"));
            world.know();
            let plan = world.plan(contacts);
            assert_eq!(
                (plan.counts.create, plan.counts.match_pending),
                (0, 0),
                "{:?}",
                plan.counts
            );
        })
        .await;
    assert_eq!(world.run(contacts).await.created, 0);
    assert_eq!(world.what(bob), (true, false));
}
