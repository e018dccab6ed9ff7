//! New people who are likely in the mirror wait until somebody decides.

use leadferry_store::{
    ContactField, MirrorField, MirrorKind, MirrorPlan, MirrorRecord, MirrorValue, NewMirrorField,
    PlanDecision,
};

use crate::harness::{World, a_contact, world};

impl World {
    /// Puts a lead into the mirror, as a pull would.
    fn mirrored_lead(&self, id: &str, name: &str, company: &str, email: &str) {
        let names = ["Name", "Company", "Email"];
        let fields = names.map(|name| NewMirrorField {
            name: name.to_owned(),
            label: name.to_owned(),
            kind: MirrorKind::Text,
            org_type: "string".to_owned(),
            reference_to: Vec::new(),
            formula: false,
        });
        let plan = MirrorPlan {
            object: "Lead".to_owned(),
            label: "Lead".to_owned(),
            key_prefix: None,
            fields: fields.to_vec(),
            in_org: names.map(str::to_owned).to_vec(),
        };
        let now = self.now();
        self.write(|writer| {
            writer.apply_mirror_plan(&self.org.org_id, &plan, now)?;
            let mirror = writer.mirror_of(&self.org.org_id, "Lead")?.unwrap();
            let fields: Vec<&MirrorField> = mirror.fields.iter().collect();
            let values =
                [name, company, email].map(|text| Some(MirrorValue::Text(text.to_owned())));
            let record = MirrorRecord {
                id: id.to_owned(),
                stamp: Some(now),
                deleted: false,
                winner: None,
                values: values.to_vec(),
            };
            writer.write_mirror_page(&mirror, &fields, &[record], 1)?;
            writer.index_people(&self.org.org_id, &[])
        });
    }
}

#[tokio::test]
async fn whoever_is_likely_there_waits_until_somebody_decides() {
    let world = world().await;
    world.mirrored_lead(
        "00Q000000000001AAA",
        "Ada Okafor",
        "Acme Ltd",
        "a.okafor@acme.example",
    );
    let ada = world.add(
        a_contact()
            .first_name("Ada")
            .email("ada@acme.example")
            .company("Acme"),
    );
    let bob = world.add(
        a_contact()
            .first_name("Bob")
            .email("bob@acme.example")
            .company("Acme"),
    );
    let leads = world.leads();
    let plan = world.plan(leads);
    assert_eq!(world.decision(&plan, ada), Some(PlanDecision::Blocked));
    let report = world.run(leads).await;
    assert_eq!((report.created, report.blocked), (1, 1), "{report:?}");
    assert_eq!(world.code(leads, ada).as_deref(), Some("ambiguous"));
    let reason = world
        .entry(leads, ada)
        .and_then(|entry| entry.reason)
        .unwrap();
    assert_eq!(
        reason.detail["candidates"][0]["record"],
        "00Q000000000001AAA"
    );
    assert!(reason.message.contains("company"), "{}", reason.message);
    assert!(world.link(bob, "Lead").is_some());
}

#[tokio::test]
async fn nobody_waits_where_the_setting_is_off_or_the_likeness_is_small() {
    for percent in [0, 95] {
        let world = world().await;
        world.mirrored_lead(
            "00Q000000000001AAA",
            "Ada Okafor",
            "Acme Ltd",
            "a.okafor@acme.example",
        );
        let ada = world.add(
            a_contact()
                .first_name("Ada")
                .email("ada@acme.example")
                .company("Acme"),
        );
        let leads = world.leads_with(|settings| settings.hold_duplicates = percent);
        assert_eq!(world.run(leads).await.created, 1, "{percent}");
        assert!(world.link(ada, "Lead").is_some());
    }
}

#[tokio::test]
async fn a_record_with_the_same_email_is_left_to_finding_the_person() {
    let world = world().await;
    let there = world.lead("Okafor", "ada@acme.example").await;
    world.mirrored_lead(&there, "Ada Okafor", "Acme", "ada@acme.example");
    let ada = world.add(
        a_contact()
            .first_name("Ada")
            .email("ada@acme.example")
            .company("Acme"),
    );
    let report = world.run(world.leads()).await;
    assert_eq!((report.created, report.updated), (0, 1), "{report:?}");
    assert_eq!(world.link(ada, "Lead").unwrap().record_id, there);
    world.set(ada, ContactField::City, Some("Rome"));
}
