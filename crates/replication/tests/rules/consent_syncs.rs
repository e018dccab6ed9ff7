//! Consent syncs: people are known by their email, and whoever has no record waits for one.

use leadferry_replication::consent_syncs::WAITING_FOR_MATCH;
use leadferry_salesforce::CustomFieldKind;
use leadferry_store::{
    ContactField, ContactId, EntryState, Evidence, How, NewConsent, ReplicationId,
};
use serde_json::{Value, json};

use crate::harness::{World, a_contact, counts, text, text_field, world};

const ROWS: &str = "@consent:Newsletter=Newsletter__c\n@preference:Newsletter > Topics=Topics__c\n\
    @refused:Newsletter > Topics > Offers=No_Offers__c\n";
const PATHS: [&str; 3] = [
    "Newsletter",
    "Newsletter > Topics",
    "Newsletter > Topics > Offers",
];

/// An org with a field for each level, on both objects.
async fn consent_world() -> World {
    let world = world().await;
    for object in ["Lead", "Contact"] {
        let checkbox = || CustomFieldKind::Checkbox;
        world
            .custom_field(object, "Newsletter__c", checkbox())
            .await;
        world.custom_field(object, "No_Offers__c", checkbox()).await;
        let topics = text_field(255, false, false);
        world.custom_field(object, "Topics__c", topics).await;
    }
    world.keep_describes().await;
    world.write(|writer| writer.add_purpose(PATHS[2], 1));
    world
}

impl World {
    fn sync(&self, object: &str) -> ReplicationId {
        self.replication(object, ROWS, |settings| {
            settings.consent_sync = true;
            settings.create_missing = false;
        })
    }

    fn answer(&self, contact: ContactId, path: &str, given: bool) {
        let now = self.now();
        self.write(|writer| {
            let new = NewConsent {
                purpose: writer.purpose(path)?.id,
                given: Some(given),
                evidence: Evidence::of(How::Form, ""),
            };
            writer.set_consent(contact, &new, now)
        });
    }

    async fn record_held(&self, object: &str, id: &str) -> Value {
        let soql = format!(
            "SELECT LastName, Email, Newsletter__c, Topics__c, No_Offers__c FROM {object} WHERE Id = '{id}'"
        );
        self.soql(&soql).await[0].clone()
    }
}

#[tokio::test]
async fn each_level_goes_to_its_field_by_email_whatever_its_case() {
    let world = consent_world().await;
    let record = world.lead("Okafor", "ADA@Example.com").await;
    let contact = world.add(a_contact().last_name("Okafor").email("ada@example.com"));
    world.answer(contact, PATHS[0], true);
    world.answer(contact, PATHS[2], true);
    let sync = world.sync("Lead");
    let report = world.run(sync).await;
    assert_eq!((report.updated, report.created), (1, 0), "{report:?}");
    let lead = world.record_held("Lead", &record).await;
    assert_eq!(lead["Newsletter__c"], true);
    assert_eq!(text(&lead, "Topics__c"), "Offers");
    assert_eq!(lead["No_Offers__c"], false);

    world.answer(contact, PATHS[2], false);
    let report = world.run(sync).await;
    assert_eq!(report.updated, 1, "{report:?}");
    let lead = world.record_held("Lead", &record).await;
    assert_eq!(
        (text(&lead, "Topics__c"), &lead["No_Offers__c"]),
        ("No", &json!(true))
    );
    assert_eq!(world.run(sync).await.calls, 0, "nothing is stale");
}

#[tokio::test]
async fn whoever_has_no_record_waits_and_goes_when_one_appears() {
    let world = consent_world().await;
    let contact = world.add(a_contact().last_name("Okafor").email("ada@example.com"));
    let silent = world.add(a_contact().last_name("Nwosu").email("obi@example.com"));
    world.answer(contact, PATHS[0], true);
    let sync = world.sync("Lead");
    let report = world.run(sync).await;
    assert_eq!((report.updated, report.created), (0, 0), "{report:?}");
    let entry = world.entry(sync, contact).unwrap();
    assert_eq!(entry.state, EntryState::Withdrawn);
    assert_eq!(entry.reason.unwrap().code, WAITING_FOR_MATCH);
    assert!(world.entry(sync, silent).is_none(), "nothing was answered");

    let plan = world.plan(sync);
    assert_eq!(counts(&plan).match_pending, 1, "a run looks again");
    let found = world.find_people(sync).await;
    assert_eq!(
        (counts(&found).match_pending, counts(&found).update),
        (0, 0)
    );

    let record = world.lead("Okafor", "ada@example.com").await;
    assert_eq!(counts(&world.find_people(sync).await).update, 1);
    let report = world.run(sync).await;
    assert_eq!(report.updated, 1, "{report:?}");
    assert_eq!(
        world.record_held("Lead", &record).await["Newsletter__c"],
        true
    );
    assert_eq!(world.state(sync, contact), Some(EntryState::Done));
}

#[tokio::test]
async fn a_sync_for_leads_and_one_for_contacts_reach_both_records_of_a_person() {
    let world = consent_world().await;
    let lead = world.lead("Okafor", "ada@example.com").await;
    let fields = json!({"LastName": "Okafor", "Email": "ada@example.com"});
    let record = world.record("Contact", fields).await;
    let contact = world.add(a_contact().last_name("Okafor").email("ada@example.com"));
    world.answer(contact, PATHS[0], true);
    for object in ["Lead", "Contact"] {
        let sync = world.sync(object);
        let report = world.run(sync).await;
        assert_eq!(report.updated, 1, "{object}: {report:?}");
    }
    assert_eq!(
        world.record_held("Lead", &lead).await["Newsletter__c"],
        true
    );
    assert_eq!(
        world.record_held("Contact", &record).await["Newsletter__c"],
        true
    );
}

#[tokio::test]
async fn upsert_mode_creates_a_record_with_the_defaults_and_never_beside_the_other_object() {
    let world = consent_world().await;
    let fields = json!({"LastName": "Nwosu", "Email": "obi@example.com"});
    world.record("Contact", fields).await;
    let new = world.add(a_contact().without_last_name().email("ada@example.com"));
    let there = world.add(a_contact().last_name("Nwosu").email("obi@example.com"));
    for contact in [new, there] {
        world.answer(contact, PATHS[0], true);
    }
    let rows = format!(
        "email=Email ; on_create\nlast_name=LastName ; on_create\n@company_name=Company ; on_create\n{ROWS}"
    );
    let sync = world.replication("Lead", &rows, |settings| {
        settings.consent_sync = true;
        settings.default_last_name = Some("[not provided]".into());
    });
    let report = world.run(sync).await;
    assert_eq!(report.created, 1, "{report:?}");
    let lead = world.the_lead().await;
    assert_eq!(text(&lead, "LastName"), "[not provided]");
    let link = world.link(new, "Lead").unwrap();
    assert_eq!(
        world.record_held("Lead", &link.record_id).await["Newsletter__c"],
        true
    );
    assert_eq!(world.code(sync, there).as_deref(), Some("ambiguous"));
    world.add_pull(&[("Lead", &["LastName", "Email"])]);
    world.pull().await;
    let held = world.read(|reader| reader.contacts(&[new], &[ContactField::LastName]));
    let last_name = held[0].values.get(ContactField::LastName);
    assert_eq!(last_name, None, "what stood in for a name isn't theirs");
}
