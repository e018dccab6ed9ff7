//! What a record gets as a whole: unset values, rules, parents, places, descriptions, hashes.

use leadferry_store::{ContactField, Value};

use super::support::{
    VISITS, compiled, compiled_on, contact, lead, map, notes, problem, sent, settings, text,
};
use crate::Settings;
use crate::mapping::{Overwrite, Purpose};
use crate::settings::EmptyValues;
use crate::targets::{PicklistValue, TargetField, TargetType};

#[test]
fn unset_values_are_left_alone_or_cleared_on_update_only() {
    let rows = "city=City\nfirst_name=FirstName ; if_empty\nstatus=Status\ncustom:Member=Check__c\n\
                notes=Parent__r.Ext__c\nfax=Fax ; on_create";
    let keys = |empty_values, purpose| -> Vec<String> {
        let settings = Settings {
            empty_values,
            ..settings()
        };
        let mapped = compiled(rows, &settings, "UTC").map(&contact([]), purpose);
        assert_eq!(mapped.problems, []);
        mapped
            .values
            .iter()
            .map(|value| format!("{}={}", value.target, value.json))
            .collect()
    };
    let set = ["LastName=\"Meier\"", "Company=\"No company\""];
    assert_eq!(keys(EmptyValues::LeaveAlone, Purpose::Create), set);
    assert_eq!(keys(EmptyValues::LeaveAlone, Purpose::Update), set);
    assert_eq!(keys(EmptyValues::Clear, Purpose::Create), set);
    assert_eq!(
        keys(EmptyValues::Clear, Purpose::Update),
        [set[0], set[1], "City=null"]
    );
}

#[test]
fn rows_for_new_records_are_left_out_of_updates() {
    let candidate = notes("x");
    let mapping = compiled(
        "notes=Text__c ; on_create\nnotes=Once__c\nnotes=EmailBouncedReason",
        &settings(),
        "UTC",
    );
    let targets = |purpose| -> Vec<String> {
        mapping
            .map(&candidate, purpose)
            .values
            .iter()
            .skip(2)
            .map(|value| value.target.to_string())
            .collect()
    };
    assert_eq!(targets(Purpose::Create), ["Text__c", "Once__c"]);
    assert_eq!(targets(Purpose::Update), ["EmailBouncedReason"]);
}

#[test]
fn what_is_missing_is_named_together_and_so_is_a_value_that_does_not_fit() {
    let mapping = compiled(
        "email=Email ; required\nnotes=Text__c ; refuse",
        &settings(),
        "UTC",
    );
    let mut nameless = contact([(ContactField::Notes, text("a secret of some length"))]);
    nameless.contact.values.set(ContactField::LastName, None);
    let problems = |purpose| mapping.map(&nameless, purpose).problems;
    let created = problems(Purpose::Create);
    assert_eq!(
        created
            .iter()
            .map(|one| one.code.as_str())
            .collect::<Vec<_>>(),
        ["too_long", "required_missing"]
    );
    assert!(
        created[1].message.contains("Last Name (LastName)")
            && created[1].message.contains("Email (Email)")
    );
    assert_eq!(
        created[1].detail,
        serde_json::json!({ "targets": ["LastName", "Email"] })
    );
    assert_eq!(
        created[0].message,
        "Text__c (Text__c) from Notes: “a secret of some length” is longer than 10 characters. Shorten it in the contact, \
         or allow shortening in the mapping row."
    );
    let both = mapping.map(&nameless, Purpose::Create).reason().unwrap();
    assert_eq!(
        (both.code.as_str(), both.detail["target"].as_str()),
        ("too_long", Some("Text__c"))
    );
    assert_eq!(both.detail["also"][0]["code"], "required_missing");
    let updated = problems(Purpose::Update);
    assert_eq!(
        updated[1].detail,
        serde_json::json!({ "targets": ["Email"] }),
        "the record has a last name already"
    );
}

#[test]
fn parents_are_addressed_by_their_external_id() {
    let mapping = compiled("notes=Parent__r.Ext__c\ncity=City", &settings(), "UTC");
    let value = &mapping.map(&notes("A \"1\""), Purpose::Create).values[2];
    assert_eq!(
        (&*value.target, value.json.as_str()),
        ("Parent__r", r#"{"Ext__c":"A \"1\""}"#)
    );
    assert_eq!(
        mapping.targets().collect::<Vec<_>>(),
        ["LastName", "Company", "Parent__r", "City"]
    );
    assert_eq!(mapping.reads(), ["LastName", "Company", "City"]);
    let visits = contact([(VISITS, Value::Integer(7))]);
    assert_eq!(
        sent("custom:Visits=Parent__r.Ext__c", &visits).as_deref(),
        Some(r#"{"Ext__c":7}"#)
    );
}

#[test]
fn countries_and_states_are_sent_as_names_or_codes() {
    let place = contact([
        (ContactField::Country, text("GB")),
        (ContactField::State, text("US-CA")),
    ]);
    assert_eq!(
        sent("@country_name=Country", &place).as_deref(),
        Some("\"United Kingdom\"")
    );
    assert_eq!(
        sent("@country_code=Area__c", &place).as_deref(),
        Some("\"GB\"")
    );
    assert_eq!(
        sent("@state_name=State", &place).as_deref(),
        Some("\"California\"")
    );
    assert_eq!(
        sent("@state_code=Area__c", &place).as_deref(),
        Some("\"CA\"")
    );
    let text_only = contact([
        (ContactField::Country, text("Old Prussia")),
        (ContactField::State, text("North")),
    ]);
    assert_eq!(
        sent("@country_name=Country", &text_only).as_deref(),
        Some("\"Old Prussia\"")
    );
    assert_eq!(sent("@country_code=Area__c", &text_only), None);
    assert_eq!(sent("@state_code=Area__c", &text_only), None);
}

#[test]
fn the_orgs_own_country_names_win_where_it_lists_them() {
    let mut object = lead();
    object.fields.retain(|field| field.name != "CountryCode");
    let entry = |value: &str, label: &str| PicklistValue {
        value: value.into(),
        label: label.into(),
        active: true,
    };
    object.fields.push(TargetField {
        kind: TargetType::Picklist,
        picklist: vec![entry("TR", "Türkiye"), entry("DE", "Deutschland")],
        verified: true,
        ..TargetField::unverified("CountryCode")
    });
    let mapping = compiled_on("@country_name=Country", &object, &settings(), "UTC");
    let country = |code: &str| {
        let candidate = contact([(ContactField::Country, text(code))]);
        mapping.map(&candidate, Purpose::Create).values[2]
            .json
            .clone()
    };
    assert_eq!(
        [country("TR"), country("DE"), country("Türkiye")],
        ["\"Türkiye\"", "\"Deutschland\"", "\"Türkiye\""]
    );
    assert_eq!(
        mapping.fields(),
        [
            ContactField::LastName,
            ContactField::CompanyName,
            ContactField::Country
        ]
    );
}

#[test]
fn the_generated_description_is_the_last_name_unless_written_otherwise() {
    assert_eq!(
        sent("@description=Description", &contact([])).as_deref(),
        Some("\"Meier\"")
    );
    let wrote = Settings {
        description: "{% Contact.ContactFirstName|default(\"Somebody\") %}, {% Contact.ContactBusinessPhone %}!".into(),
        ..settings()
    };
    let candidate = contact([(ContactField::BusinessPhone, text("+49 1"))]);
    let mapped =
        compiled("@description=Description", &wrote, "UTC").map(&candidate, Purpose::Create);
    assert_eq!(mapped.values[2].json, "\"Somebody, +49 1!\"");
}

#[test]
fn a_value_gives_way_where_its_row_says_so() {
    let mapped = map(
        "notes=Text__c ; if_empty",
        &contact([(ContactField::Notes, text("abc"))]),
    );
    let value = &mapped.values[2];
    assert_eq!(value.json, "\"abc\"");
    assert_eq!(value.overwrite, Overwrite::IfEmpty);
    assert!(compiled("notes=Text__c ; if_empty", &settings(), "UTC").has_if_empty());
    let no_default = Settings::default();
    assert!(!compiled("notes=Text__c", &no_default, "UTC").has_if_empty());
}

#[test]
fn a_template_that_fails_on_a_contacts_values_blocks_it() {
    assert_eq!(
        problem("{% Contact.notes + 1 %}=Text__c", &notes("x")),
        "template"
    );
}
