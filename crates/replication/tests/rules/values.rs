//! What becomes of values on their way: when they give way, what clears, what is kept.

use leadferry_replication::settings::EmptyValues;
use leadferry_salesforce::CustomFieldKind;
use leadferry_store::{ContactField, Decimal, EntryState, FieldKind, Value as Held};
use serde_json::json;

use crate::harness::{LEAD, a_contact, text, world};

#[tokio::test]
async fn if_empty_fills_what_the_record_lacks_and_leaves_what_it_has() {
    let world = world().await;
    let fields = |email: &str, city: Option<&str>| json!({"LastName": email[..1].to_uppercase(), "Company": "Acme", "Email": email, "City": city});
    world
        .record("Lead", fields("a@example.com", Some("Theirs")))
        .await;
    world.record("Lead", fields("b@example.com", None)).await;
    let leads = world.replication("Lead", &format!("{LEAD}city=City ; if_empty\n"), |_| {});
    world.add(
        a_contact()
            .last_name("A")
            .email("a@example.com")
            .city("Ours"),
    );
    world.add(
        a_contact()
            .last_name("B")
            .email("b@example.com")
            .city("Ours"),
    );
    world.add(
        a_contact()
            .last_name("C")
            .email("c@example.com")
            .city("Ours"),
    );

    world.run(leads).await;

    let cities: Vec<String> = world
        .leads_in_org()
        .await
        .iter()
        .map(|lead| text(lead, "City").to_owned())
        .collect();
    assert_eq!(cities, ["Theirs", "Ours", "Ours"]);
    assert_eq!(world.run(leads).await.calls, 0);
}

#[tokio::test]
async fn on_create_is_given_to_new_records_only() {
    let world = world().await;
    let mapping = format!("{LEAD}\"Web\"=LeadSource ; on_create\ncity=City ; on_create\n");
    let leads = world.replication("Lead", &mapping, |_| {});
    let contact = world.add(a_contact().city("First"));
    world.run(leads).await;
    assert_eq!(text(&world.the_lead().await, "City"), "First");
    world.set(contact, ContactField::City, Some("Second"));

    let report = world.run(leads).await;

    assert_eq!((report.updated, report.calls), (0, 0), "{report:?}");
    assert_eq!(text(&world.the_lead().await, "City"), "First");
}

#[tokio::test]
async fn empty_values_leave_the_record_alone_or_clear_it_as_the_setting_says() {
    for (setting, left) in [(EmptyValues::LeaveAlone, "Lagos"), (EmptyValues::Clear, "")] {
        let world = world().await;
        let leads = world.replication("Lead", &format!("{LEAD}city=City\n"), |settings| {
            settings.empty_values = setting
        });
        let contact = world.add(a_contact().city("Lagos"));
        world.run(leads).await;
        world.set(contact, ContactField::City, None);

        world.run(leads).await;

        assert_eq!(text(&world.the_lead().await, "City"), left, "{setting:?}");
        assert_eq!(world.run(leads).await.calls, 0, "{setting:?}");
    }
}

#[tokio::test]
async fn what_must_not_be_empty_is_never_cleared() {
    let world = world().await;
    let leads = world.leads_with(|settings| settings.empty_values = EmptyValues::Clear);
    let contact = world.add(a_contact());
    world.run(leads).await;
    world.set(contact, ContactField::LastName, None);
    world.set(contact, ContactField::FirstName, Some("Ada"));
    let report = world.run(leads).await;
    assert_eq!(
        (report.updated + report.blocked, report.failed),
        (1, 0),
        "{report:?}"
    );
    assert_eq!(text(&world.the_lead().await, "LastName"), "Okafor");
}

#[tokio::test]
async fn a_field_that_was_empty_is_set_again_when_it_has_a_value() {
    let world = world().await;
    let leads = world.replication("Lead", &format!("{LEAD}city=City\n"), |settings| {
        settings.empty_values = EmptyValues::Clear
    });
    let contact = world.add(a_contact().city("Lagos"));
    world.run(leads).await;
    for city in [None, Some("Lagos"), None, Some("Abuja")] {
        world.set(contact, ContactField::City, city);
        assert_eq!(world.run(leads).await.updated, 1);
        assert_eq!(
            text(&world.the_lead().await, "City"),
            city.unwrap_or_default()
        );
    }
}

#[tokio::test]
async fn with_left_alone_a_value_that_returns_after_being_empty_is_known_to_the_org_already() {
    let world = world().await;
    let leads = world.replication("Lead", &format!("{LEAD}city=City\n"), |_| {});
    let contact = world.add(a_contact().city("Lagos"));
    world.run(leads).await;
    world.set(contact, ContactField::City, None);
    assert_eq!(world.run(leads).await.calls, 0);
    world.set(contact, ContactField::City, Some("Lagos"));
    assert_eq!(world.run(leads).await.calls, 0);
    assert_eq!(text(&world.the_lead().await, "City"), "Lagos");
}

#[tokio::test]
async fn text_is_cut_to_the_fields_length_in_utf_16_units_between_graphemes() {
    let world = world().await;
    // 39 letters and a family of four, one grapheme of many units: it goes as a whole or not at all.
    let first_name = format!(
        "{}\u{1F468}\u{200D}\u{1F469}\u{200D}\u{1F467}\u{200D}\u{1F466}!",
        "x".repeat(39)
    );
    world.add(a_contact().first_name(&first_name));
    let report = world.run(world.leads()).await;
    assert_eq!((report.created, report.blocked), (1, 0), "{report:?}");
    assert_eq!(text(&world.the_lead().await, "FirstName"), "x".repeat(39));
}

#[tokio::test]
async fn refusing_to_cut_blocks_the_contact() {
    let world = world().await;
    let mapping = LEAD.replace("first_name=FirstName", "first_name=FirstName ; refuse");
    let leads = world.replication("Lead", &mapping, |_| {});
    let contact = world.add(a_contact().first_name(&"x".repeat(41)));
    let report = world.run(leads).await;
    assert_eq!((report.created, report.blocked), (0, 1), "{report:?}");
    world.set(contact, ContactField::FirstName, Some("short"));
    assert_eq!(world.run(leads).await.created, 1);
}

#[tokio::test]
async fn decimals_are_cut_not_rounded_and_sent_from_their_digits() {
    let world = world().await;
    world
        .custom_field(
            "Lead",
            "Weight__c",
            CustomFieldKind::Number {
                precision: 18,
                scale: 2,
            },
        )
        .await;
    world.keep_describes().await;
    let weight = world.field("Weight", FieldKind::Decimal { scale: 5 });
    let leads = world.replication("Lead", &format!("{LEAD}custom:Weight=Weight__c\n"), |_| {});
    world.add(a_contact().with(
        weight,
        Held::Decimal(Decimal {
            units: 245_397,
            scale: 5,
        }),
    ));
    let plan = world.plan(leads);
    assert_eq!(plan.cut, 1, "every shortening shows in the plan");

    world.run(leads).await;

    let held = world.soql("SELECT Weight__c FROM Lead").await;
    assert_eq!(held[0]["Weight__c"], json!(2.45));
}

#[tokio::test]
async fn a_number_too_large_blocks_until_its_values_or_the_mapping_change() {
    let world = world().await;
    world
        .custom_field(
            "Lead",
            "Small__c",
            CustomFieldKind::Number {
                precision: 4,
                scale: 2,
            },
        )
        .await;
    world
        .custom_field(
            "Lead",
            "Large__c",
            CustomFieldKind::Number {
                precision: 18,
                scale: 0,
            },
        )
        .await;
    world.keep_describes().await;
    let amount = world.field("Amount", FieldKind::LongInteger);
    let small = format!("{LEAD}custom:Amount=Small__c ; block\n");
    let leads = world.replication("Lead", &small, |_| {});
    let first = world.add(a_contact().last_name("1").with(amount, Held::Integer(100)));
    let second = world.add(
        a_contact()
            .last_name("2")
            .with(amount, Held::Integer(1_000)),
    );
    assert_eq!(world.plan(leads).counts.blocked, 2);

    let report = world.run(leads).await;
    assert_eq!(
        (report.created, report.blocked, report.calls),
        (0, 2, 0),
        "nothing is sent in vain: {report:?}"
    );
    let again = world.run(leads).await;
    assert_eq!(
        (again.blocked, again.calls),
        (0, 0),
        "newly blocked they are only once"
    );
    assert_eq!(world.state(leads, first), Some(EntryState::Blocked));

    world.put(first, amount, Some(Held::Integer(99)));
    assert_eq!(world.run(leads).await.created, 1, "its values have changed");
    assert_eq!(world.state(leads, second), Some(EntryState::Blocked));

    world.change_mapping(leads, &small.replace("Small__c", "Large__c"));
    let report = world.run(leads).await;
    assert_eq!(
        (report.created, report.updated, report.blocked),
        (1, 1, 0),
        "the mapping has changed: {report:?}"
    );
}

#[tokio::test]
async fn a_change_elsewhere_in_the_contact_does_not_unblock_a_number_too_large() {
    let world = world().await;
    world
        .custom_field(
            "Lead",
            "Small__c",
            CustomFieldKind::Number {
                precision: 4,
                scale: 2,
            },
        )
        .await;
    world.keep_describes().await;
    let amount = world.field("Amount", FieldKind::LongInteger);
    let leads = world.replication(
        "Lead",
        &format!("{LEAD}custom:Amount=Small__c ; block\n"),
        |_| {},
    );
    let contact = world.add(a_contact().with(amount, Held::Integer(100)));
    world.run(leads).await;
    world.set(contact, ContactField::FirstName, Some("Ada"));
    let report = world.run(leads).await;
    assert_eq!(
        (report.created, report.blocked, report.calls),
        (0, 0, 0),
        "{report:?}"
    );
    assert_eq!(world.state(leads, contact), Some(EntryState::Blocked));
}

#[tokio::test]
async fn a_number_too_large_is_left_out_and_the_rest_goes() {
    let world = world().await;
    let small = CustomFieldKind::Number {
        precision: 4,
        scale: 2,
    };
    world.custom_field("Lead", "Small__c", small).await;
    world.keep_describes().await;
    let amount = world.field("Amount", FieldKind::LongInteger);
    let leads = world.replication("Lead", &format!("{LEAD}custom:Amount=Small__c\n"), |_| {});
    let contact = world.add(a_contact().with(amount, Held::Integer(100)));
    let plan = world.plan(leads);
    assert_eq!((plan.counts.blocked, plan.remarked, plan.cut), (0, 1, 0));
    let row = world.planned(&plan, contact).unwrap();
    assert_eq!(row.detail["remarks"][0]["kind"], "left_out");
    assert_eq!(row.detail["remarks"][0]["value"], "100");

    let report = world.run(leads).await;
    assert_eq!((report.created, report.blocked), (1, 0), "{report:?}");
    let held = world.soql("SELECT Small__c FROM Lead").await;
    assert_eq!(held[0]["Small__c"], serde_json::Value::Null);
}

#[tokio::test]
async fn a_constant_leaves_what_somebody_in_the_org_has_chosen() {
    for (rule, source) in [("", "Partner"), (" ; always", "Web")] {
        let world = world().await;
        let email = "ada@example.com";
        world
            .record(
                "Lead",
                json!({"LastName": "Ada", "Company": "Engines", "Email": email, "LeadSource": "Partner"}),
            )
            .await;
        let mapping = format!("{LEAD}\"Web\"=LeadSource{rule}\n");
        let leads = world.replication("Lead", &mapping, |_| {});
        world.add(a_contact().last_name("Ada").email(email));
        let report = world.run(leads).await;
        assert_eq!((report.created, report.updated), (0, 1), "{report:?}");
        let held = world.soql("SELECT LeadSource FROM Lead").await;
        assert_eq!(text(&held[0], "LeadSource"), source, "{rule}");
    }
}

#[tokio::test]
async fn fields_that_hold_values_and_go_nowhere_are_listed() {
    let world = world().await;
    let leads = world.leads();
    world.add(a_contact().city("Lagos"));
    world.add(a_contact().last_name("Second"));
    assert_eq!(world.plan(leads).unsent, [("city".to_owned(), 1)].into());
    let mapped = world.replication("Lead", &format!("{LEAD}city=City\n"), |_| {});
    assert_eq!(world.plan(mapped).unsent, std::collections::BTreeMap::new());
}

#[tokio::test]
async fn opt_outs_that_nothing_sends_are_listed() {
    let world = world().await;
    let leads = world.leads();
    let out = world.add(a_contact());
    world.add(a_contact().last_name("Second"));
    world.put(out, ContactField::EmailOptOut, Some(Held::YesNo(true)));
    let unsent = [("email_opt_out".to_owned(), 1)].into();
    assert_eq!(world.plan(leads).unsent, unsent);
}

#[tokio::test]
async fn what_the_org_held_before_an_update_is_kept_unless_that_is_off() {
    for (setting, kept) in [(true, Some(json!({"City": "Theirs"}))), (false, None)] {
        let world = world().await;
        let leads = world.replication("Lead", &format!("{LEAD}city=City\n"), |settings| {
            settings.old_values = setting
        });
        let contact = world.add(a_contact().city("First"));
        world.run(leads).await;
        let id = text(&world.the_lead().await, "Id").to_owned();
        world
            .change_record("Lead", &id, json!({"City": "Theirs"}))
            .await;
        world.set(contact, ContactField::City, Some("Second"));

        let report = world.run(leads).await;

        let rows = world.read(|reader| {
            reader.run_rows(report.run.unwrap(), (leadferry_store::BatchId(0), 0), 10)
        });
        let old: Option<serde_json::Value> = rows[0]
            .old_values
            .as_deref()
            .map(|text| serde_json::from_str(text).unwrap());
        assert_eq!(old, kept);
        assert_eq!(
            rows[0].payload, r#"{"City":"Second"}"#,
            "only what differs is sent"
        );
    }
}

#[tokio::test]
async fn checkboxes_dates_and_constants_arrive_as_what_they_are() {
    let world = world().await;
    world
        .custom_field("Lead", "Agreed__c", CustomFieldKind::Checkbox)
        .await;
    world
        .custom_field("Lead", "Seen__c", CustomFieldKind::DateTime)
        .await;
    world.keep_describes().await;
    let agreed = world.field("Agreed", FieldKind::YesNo);
    let seen = world.field("Seen", FieldKind::DateTime);
    let mapping =
        format!("{LEAD}custom:Agreed=Agreed__c\ncustom:Seen=Seen__c\n\"Web\"=LeadSource\n");
    let leads = world.replication("Lead", &mapping, |_| {});
    world.add(
        a_contact()
            .with(agreed, Held::YesNo(true))
            .with(seen, Held::DateTime(1_767_225_600_000)),
    );
    world.run(leads).await;
    let held = world
        .soql("SELECT Agreed__c, Seen__c, LeadSource FROM Lead")
        .await;
    assert_eq!(held[0]["Agreed__c"], json!(true));
    assert_eq!(text(&held[0], "Seen__c"), "2026-01-01T00:00:00.000+0000");
    assert_eq!(text(&held[0], "LeadSource"), "Web");
}
