//! Tests of what a target object looks like.

use leadferry_salesforce::Describe;
use serde_json::{Value, json};

use super::standard::standard_field;
use super::{TargetObject, TargetType};

fn described(fields: &[Value]) -> TargetObject {
    let describe = json!({ "name": "Lead", "label": "Lead", "fields": fields });
    TargetObject::from_describe(&Describe::parse(&describe.to_string()).unwrap())
}

fn with(name: &str, kind: &str, more: Value) -> Value {
    let mut field = json!({ "name": name, "label": name, "type": kind, "createable": true, "updateable": true, "nillable": true });
    for (key, value) in more.as_object().unwrap() {
        field[key] = value.clone();
    }
    field
}

#[test]
fn types_and_sizes_are_read_from_the_describe() {
    let object = described(&[
        with(
            "Company",
            "string",
            json!({ "length": 255, "nillable": false }),
        ),
        with(
            "Status",
            "picklist",
            json!({ "length": 255, "nillable": false, "defaultedOnCreate": true, "restrictedPicklist": true,
            "picklistValues": [{ "value": "Open", "label": "Offen", "active": true }, { "value": "Old", "active": false }] }),
        ),
        with("Street", "textarea", json!({ "length": 255 })),
        with("Description", "textarea", json!({ "length": 32000 })),
        with(
            "Budget__c",
            "double",
            json!({ "precision": 6, "scale": 2, "custom": true }),
        ),
        with("Employees", "int", json!({ "digits": 8 })),
        with(
            "Formula__c",
            "string",
            json!({ "calculated": true, "nillable": false }),
        ),
        with("IsUnread", "boolean", json!({ "nillable": false })),
        with(
            "OwnerId",
            "reference",
            json!({ "length": 18, "relationshipName": "Owner", "referenceTo": ["Group", "User"] }),
        ),
        with(
            "Address",
            "address",
            json!({ "createable": false, "updateable": false }),
        ),
        with("Gone__c", "string", json!({ "deprecatedAndHidden": true })),
    ]);
    let field = |name: &str| object.field(name).unwrap();
    assert!(object.described && object.field("Gone__c").is_none());
    assert!(field("Company").required && field("Company").length == Some(255));
    assert!(!field("Status").required && !field("Status").nillable && field("Status").restricted);
    assert_eq!(field("Status").picklist[0].label, "Offen");
    assert!(!field("Status").picklist[1].active && field("Status").picklist[1].label == "Old");
    assert_eq!(field("Street").kind, TargetType::TextArea);
    assert_eq!(field("Description").kind, TargetType::LongTextArea);
    assert_eq!(
        (field("Budget__c").precision, field("Budget__c").scale),
        (6, 2)
    );
    assert_eq!(
        (&field("Employees").kind, field("Employees").digits),
        (&TargetType::Integer, 8)
    );
    assert!(field("Formula__c").is_read_only() && !field("Formula__c").required);
    assert!(!field("IsUnread").required);
    assert_eq!(
        (
            field("OwnerId").length,
            object.lookup("Owner").unwrap().name.as_str()
        ),
        (None, "OwnerId")
    );
    assert_eq!(field("Address").kind, TargetType::Other("address".into()));
}

#[test]
fn the_standard_fields_ship_with_the_app() {
    for (object, required) in [
        ("Lead", &["LastName", "Company"][..]),
        ("Contact", &["LastName"][..]),
    ] {
        let built_in = TargetObject::built_in(object).unwrap();
        let needed: Vec<_> = built_in
            .fields
            .iter()
            .filter(|field| field.required)
            .map(|field| &field.name)
            .collect();
        assert_eq!(needed, required, "{object}");
        assert!(!built_in.described);
        for (name, length) in [
            ("FirstName", 40),
            ("LastName", 80),
            ("Email", 80),
            ("Title", 128),
            ("Description", 32_000),
        ] {
            assert_eq!(
                built_in.field(name).unwrap().length,
                Some(length),
                "{object}.{name}"
            );
        }
        let mut names: Vec<_> = built_in.fields.iter().map(|field| &field.name).collect();
        names.sort();
        names.dedup();
        assert_eq!(names.len(), built_in.fields.len(), "no field stands twice");
    }
    assert_eq!(TargetObject::built_in("Lead").unwrap().fields.len(), 63);
    assert_eq!(TargetObject::built_in("Contact").unwrap().fields.len(), 70);
    assert!(TargetObject::built_in("Case").is_none());
}

#[test]
fn a_misspelt_line_of_the_table_is_no_field() {
    for line in [
        "",
        "A | B",
        "A | B | nothing 3",
        "A | B | text",
        "A | B | text 3 | nothing",
        "A | B | number 3",
    ] {
        assert_eq!(standard_field(line), None, "{line}");
    }
}

#[test]
fn an_identifier_has_to_qualify_in_every_way() {
    let good = json!({ "length": 32, "externalId": true, "unique": true });
    let object = described(&[
        with("Good__c", "string", good.clone()),
        with(
            "Short__c",
            "string",
            json!({ "length": 18, "externalId": true, "unique": true }),
        ),
        with(
            "Number__c",
            "double",
            json!({ "precision": 18, "externalId": true, "unique": true }),
        ),
        with(
            "Plain__c",
            "string",
            json!({ "length": 40, "unique": true }),
        ),
        with(
            "Shared__c",
            "string",
            json!({ "length": 40, "externalId": true }),
        ),
        with(
            "Case__c",
            "string",
            json!({ "length": 40, "externalId": true, "unique": true, "caseSensitive": true }),
        ),
        with(
            "Locked__c",
            "string",
            json!({ "length": 40, "externalId": true, "unique": true, "updateable": false }),
        ),
        with(
            "Bad__c",
            "string",
            json!({ "length": 5, "caseSensitive": true }),
        ),
    ]);
    assert_eq!(object.identifier("Good__c"), Ok(()));
    for (name, reason) in [
        ("Short__c", "18 characters"),
        ("Number__c", "type is Number"),
        ("Plain__c", "isn't an External ID"),
        ("Shared__c", "isn't Unique"),
        ("Case__c", "case-sensitive"),
        ("Locked__c", "can't edit it"),
        ("good__c", "Did you mean Good__c"),
        ("None__c", "no field None__c"),
    ] {
        let fault = object.identifier(name).unwrap_err();
        assert!(fault.contains(reason), "{name}: {fault}");
    }
    let all = object.identifier("Bad__c").unwrap_err();
    assert!(
        ["5 characters", "External ID", "Unique", "case-sensitive"]
            .iter()
            .all(|reason| all.contains(reason))
    );
    let offline = TargetObject::built_in("Lead")
        .unwrap()
        .identifier("Leadferry_ID__c")
        .unwrap_err();
    assert!(offline.contains("may not have"), "{offline}");
}
