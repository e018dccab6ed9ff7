use super::*;
use proptest::prelude::*;

fn a_describe(fields: &str) -> String {
    format!(
        r#"{{"name":"Lead","label":"Lead","keyPrefix":"00Q","createable":true,"fields":[{fields}],"urls":{{}}}}"#
    )
}

fn field(text: &str) -> Field {
    Describe::parse(&a_describe(text)).unwrap().fields.remove(0)
}

#[test]
fn fields_are_read_and_unknown_keys_are_ignored() {
    let status = field(
        r#"{"name":"Status","label":"Lead Status","type":"picklist","length":255,"nillable":false,"createable":true,
            "defaultedOnCreate":true,"restrictedPicklist":false,"brandNew":{"x":1},"compoundFieldName":null,
            "picklistValues":[{"active":true,"defaultValue":true,"label":"Offen","validFor":null,"value":"Open"}]}"#,
    );
    assert_eq!(status.field_type, FieldType::Picklist);
    assert_eq!(status.picklist_values[0].value, "Open");
    assert!(!status.required_on_create(), "the org has a default");
}

#[test]
fn doubles_and_nulls_are_read_as_counts() {
    let revenue = field(
        r#"{"name":"AnnualRevenue","type":"currency","precision":18.0,"scale":2,"length":null}"#,
    );
    assert_eq!(
        (revenue.precision, revenue.scale, revenue.length),
        (18, 2, 0)
    );
}

#[test]
fn a_checkbox_is_never_required() {
    let required = r#""createable":true,"nillable":false,"defaultedOnCreate":false"#;
    let text = field(&format!(
        r#"{{"name":"LastName","type":"string",{required}}}"#
    ));
    let checkbox = field(&format!(r#"{{"name":"X__c","type":"boolean",{required}}}"#));
    assert!(text.required_on_create());
    assert!(!checkbox.required_on_create());
}

#[test]
fn a_type_that_is_not_known_keeps_its_name() {
    let odd = field(r#"{"name":"X","type":"hologram"}"#);
    assert_eq!(odd.field_type, FieldType::Other("hologram".into()));
    assert_eq!(serde_json::to_value(&odd).unwrap()["type"], "hologram");
}

#[test]
fn a_describe_survives_a_round_trip() {
    let raw = a_describe(r#"{"name":"Email","type":"email","length":80,"idLookup":true}"#);
    let describe = Describe::parse(&raw).unwrap();
    let again = Describe::parse(&serde_json::to_string(&describe).unwrap()).unwrap();
    assert_eq!(describe, again);
    assert!(describe.field("email").unwrap().id_lookup);
}

#[test]
fn hostile_descriptions_are_refused() {
    let deep = format!(
        r#"{{"name":"Lead","fields":{}1{}}}"#,
        "[".repeat(5_000),
        "]".repeat(5_000)
    );
    let many = vec![r#"{"name":"A"}"#; MAX_FIELDS + 1].join(",");
    let cases = [
        String::new(),
        "<html></html>".into(),
        "[]".into(),
        "{}".into(),
        r#"{"name":"Lead","fields":7}"#.into(),
        a_describe(r#"{"name":"Name FROM User WHERE Id != null","type":"string"}"#),
        a_describe(r#"{"name":"../x","type":"string"}"#),
        a_describe(&many),
        deep,
    ];
    for raw in cases {
        let shown: String = raw.chars().take(60).collect();
        assert!(Describe::parse(&raw).is_err(), "{shown}");
    }
}

proptest! {
    #[test]
    fn no_text_makes_parsing_panic(raw in r#"\{?("(name|fields|type|length)":|[\[\]{}",a-z0-9.eE+-]){0,30}\}?"#) {
        let _ = Describe::parse(&raw);
    }

    #[test]
    fn no_number_makes_parsing_panic(number in any::<f64>().prop_filter("finite", |n| n.is_finite())) {
        let raw = a_describe(&format!(r#"{{"name":"A","length":{number},"scale":{number}}}"#));
        let _ = Describe::parse(&raw);
    }
}
