//! What the check finds before anything is sent.

use leadferry_store::{AskedField, MirrorField, MirrorFieldId, MirrorKind, PurposeId};

use super::support::{NEEDED, custom_fields, findings, findings_on, lead, scores, settings};
use crate::Settings;
use crate::mapping::{Mapping, Names, Severity, check};
use crate::targets::{TargetField, TargetObject};

/// Asserts that a row has one finding, and what its cure contains.
#[track_caller]
fn one(row: &str, severity: Severity, code: &str, cure: &str) {
    let found = findings(row);
    let [finding] = found.as_slice() else {
        panic!("{row}: {found:?}")
    };
    assert_eq!(
        (finding.code, finding.severity, finding.line),
        (code, severity, Some(3)),
        "{row}: {}",
        finding.message
    );
    assert!(finding.cure.contains(cure), "{row}: {}", finding.cure);
}

#[test]
fn a_source_that_does_not_fit_is_called_what_people_call_it() {
    let (custom, scores) = (custom_fields(), scores());
    let purposes = [(PurposeId(1), "Newsletter".to_owned())];
    let names = Names {
        custom: &custom,
        scores: &scores,
        segments: &[],
        purposes: &purposes,
        salesforce: &[],
    };
    for (row, said) in [
        ("@consent:Newsletter=FirstName", "consent to Newsletter is "),
        ("@refused:Newsletter=FirstName", "refusal of Newsletter is "),
    ] {
        let mapping = Mapping::parse(&format!("{NEEDED}{row}\n")).unwrap();
        let found = check(&mapping, &names, &lead(), &settings());
        let told = found.iter().find(|one| one.code == "type_does_not_fit");
        let told = &told.unwrap_or_else(|| panic!("{found:?}")).message;
        assert!(told.starts_with(said), "{told}");
    }
}

#[test]
fn unknown_names_are_found_with_the_nearest_one() {
    one(
        "frist_name=FirstName",
        Severity::Error,
        "unknown_field",
        "\"first_name\"",
    );
    one(
        "custom:Bugdet=Money__c",
        Severity::Error,
        "unknown_field",
        "\"Budget\"",
    );
    one(
        "zzzzzz=FirstName",
        Severity::Error,
        "unknown_field",
        "custom field",
    );
    one(
        "first_name=FirstNme",
        Severity::Error,
        "unknown_target",
        "\"FirstName\"",
    );
    one(
        "first_name=firstname",
        Severity::Error,
        "unknown_target",
        "\"FirstName\"",
    );
    one(
        "first_name=Nothing__c",
        Severity::Error,
        "unknown_target",
        "prepare the org",
    );
    one(
        "@points:Engagment=Number__c",
        Severity::Error,
        "unknown_score",
        "\"Engagement\"",
    );
    one(
        "first_name=Parnt__r.Ext__c",
        Severity::Error,
        "unknown_target",
        "\"Parent__r\"",
    );
}

#[test]
fn fields_that_cannot_be_written_are_refused() {
    one(
        "first_name=Name",
        Severity::Error,
        "read_only_target",
        "FirstName and LastName",
    );
    one(
        "custom:Seen=CreatedDate",
        Severity::Error,
        "read_only_target",
        "another field",
    );
    one("city=Address", Severity::Error, "compound_target", "parts");
    one("city=Place__c", Severity::Error, "compound_target", "parts");
    one(
        "notes=EmailBouncedReason",
        Severity::Warning,
        "update_only_target",
        "first update",
    );
    one(
        "notes=EmailBouncedReason ; on_create",
        Severity::Error,
        "read_only_target",
        "another field",
    );
    one(
        "notes=Once__c",
        Severity::Warning,
        "create_only_target",
        "on_create",
    );
    assert_eq!(findings("notes=Once__c ; on_create"), []);
}

#[test]
fn a_target_has_one_row() {
    one(
        "first_name=LastName",
        Severity::Error,
        "target_twice",
        "one of the two",
    );
    let found = findings("\"00D000000000001\"=Parent__c\nnotes=Parent__r.Ext__c");
    assert_eq!(
        found
            .iter()
            .map(|one| (one.code, one.line))
            .collect::<Vec<_>>(),
        [("target_twice", Some(4))]
    );
}

#[test]
fn the_identifier_is_never_written_by_a_row() {
    one(
        "notes=Leadferry_ID__c",
        Severity::Error,
        "identifier_target",
        "remove",
    );
    one(
        "notes=leadferry_id__c",
        Severity::Error,
        "identifier_target",
        "remove",
    );
}

#[test]
fn a_parent_of_several_kinds_has_no_external_id() {
    one(
        "owner=Owner.Ext__c",
        Severity::Error,
        "parent_of_several_kinds",
        "OwnerId",
    );
}

#[test]
fn what_a_new_record_needs_has_to_be_mapped() {
    let (custom, scores) = (custom_fields(), scores());
    let names = Names {
        custom: &custom,
        scores: &scores,
        segments: &[],
        purposes: &[],
        salesforce: &[],
    };
    let codes = |text: &str, object: &TargetObject, settings: &Settings| -> Vec<_> {
        let found = check(&Mapping::parse(text).unwrap(), &names, object, settings);
        found.into_iter().map(|one| (one.code, one.cure)).collect()
    };
    let missing = codes("email=Email", &lead(), &settings());
    assert_eq!(
        missing.iter().map(|one| one.0).collect::<Vec<_>>(),
        ["required_unmapped"; 2]
    );
    assert!(
        missing[0].1.contains("map the last name") && missing[1].1.contains("map the company name")
    );
    assert_eq!(
        codes("last_name=LastName\n\"x\"=Company", &lead(), &settings()),
        []
    );
    let update_only = Settings {
        create_missing: false,
        ..settings()
    };
    assert_eq!(
        codes("email=Email", &lead(), &update_only),
        [],
        "updates need nothing"
    );
    let mut object = lead();
    object.fields.push(TargetField {
        required: true,
        verified: true,
        ..TargetField::unverified("Needed__c")
    });
    assert_eq!(
        codes(NEEDED, &object, &settings()).len(),
        1,
        "custom fields can be required too"
    );
}

#[test]
fn constants_are_checked_like_values() {
    one(
        "\"many\"=Number__c",
        Severity::Error,
        "wrong_type",
        "constant",
    );
    one(
        "\"maybe\"=Check__c",
        Severity::Error,
        "wrong_type",
        "constant",
    );
    one(
        "\"31.01.2026\"=Date__c",
        Severity::Error,
        "wrong_type",
        "constant",
    );
    one(
        "\"nobody\"=Mail__c",
        Severity::Error,
        "invalid_email",
        "constant",
    );
    one(
        "\"00Q12\"=Parent__c",
        Severity::Error,
        "wrong_type",
        "constant",
    );
    one(
        "\"123456\"=Number__c",
        Severity::Error,
        "number_too_large",
        "constant",
    );
    one(
        "\"Opn\"=Strict__c",
        Severity::Error,
        "not_in_picklist",
        "\"Open\"",
    );
    one(
        "\"Opn\"=Free__c",
        Severity::Warning,
        "not_in_picklist",
        "\"Open\"",
    );
    one("\" \"=Text__c", Severity::Error, "empty_constant", "clear");
    one(
        "\"more than ten\"=Text__c",
        Severity::Warning,
        "too_long",
        "shorten",
    );
    one(
        "\"more than ten\"=Text__c ; refuse",
        Severity::Error,
        "too_long",
        "constant",
    );
    one(
        "\"{% Contact.city %}\"=Area__c",
        Severity::Error,
        "constant_like_template",
        "quotation marks",
    );
    one(
        "\"of {{ Contact.city }}\"=Area__c",
        Severity::Error,
        "constant_like_template",
        "quotation marks",
    );
    for row in [
        "\"2.459\"=Money__c",
        "\"Yes\"=Check__c",
        "\"open; closed\"=Several__c",
    ] {
        assert!(
            findings(row)
                .iter()
                .all(|one| one.severity == Severity::Warning),
            "{row}"
        );
    }
}

#[test]
fn value_maps_lead_to_values_that_the_picklist_offers() {
    assert_eq!(
        findings("status=Strict__c ; map \"new\"->\"open\", \"old\"->\"Closed\""),
        []
    );
    one(
        "status=Strict__c ; map \"new\"->\"Opened\"",
        Severity::Error,
        "not_in_picklist",
        "\"Open\"",
    );
    one(
        "status=Several__c ; map \"new\"->\"Open;Gone\"",
        Severity::Error,
        "not_in_picklist",
        "the picklist",
    );
    one(
        "custom:Visits=Number__c ; map \"1\"->\"2\"",
        Severity::Error,
        "value_map_target",
        "remove",
    );
    one(
        "\"true\"=Check__c ; map \"true\"->\"false\"",
        Severity::Error,
        "value_map_target",
        "remove",
    );
}

#[test]
fn templates_are_checked_before_anything_is_sent() {
    one(
        "{% Contact.frist_name %}=Area__c",
        Severity::Error,
        "unknown_field",
        "\"first_name\"",
    );
    one(
        "{{ Contakt.city }}=Area__c",
        Severity::Error,
        "unknown_name",
        "\"Contact\"",
    );
    one(
        "{% Salesforce.Rating %}=Area__c",
        Severity::Error,
        "unknown_salesforce_field",
        "add the field to a pull",
    );
    one(
        "{% Contact.city=Area__c",
        Severity::Error,
        "template_syntax",
        "Contact.first_name",
    );
    one(
        "{% Contact.city %}\\n{% =Area__c",
        Severity::Error,
        "template_syntax",
        "Contact.first_name",
    );
}

#[test]
fn a_description_that_nothing_sends_is_pointed_out() {
    let wrote = Settings {
        description: "{% Contact.city %}".into(),
        ..settings()
    };
    let found = findings_on("", &lead(), &wrote);
    assert_eq!(
        (found[0].code, found[0].severity, found[0].line),
        ("description_not_mapped", Severity::Warning, None)
    );
    assert_eq!(findings_on("@description=Description", &lead(), &wrote), []);
    let wrong = Settings {
        description: "{% Contact.citty %}".into(),
        ..settings()
    };
    assert_eq!(
        findings_on("@description=Description", &lead(), &wrong)[0].code,
        "unknown_field"
    );
}

#[test]
fn without_a_describe_custom_fields_are_accepted_as_unverified() {
    let object = TargetObject::built_in("Lead").unwrap();
    let codes = |row: &str| -> Vec<_> {
        findings_on(row, &object, &settings())
            .into_iter()
            .map(|one| (one.code, one.severity))
            .collect()
    };
    let unverified = [("unverified_target", Severity::Warning)];
    for row in [
        "custom:Budget=Anything__c",
        "birthday=Anything__c",
        "first_name=Anything__c ; map \"a\"->\"b\"",
        "notes=Parent__r.Ext__c",
        "middle_name=MiddleName",
    ] {
        assert_eq!(codes(row), unverified, "{row}");
    }
    assert_eq!(
        codes("notes=Anything"),
        [("unknown_target", Severity::Error)]
    );
    assert_eq!(
        codes("notes=Parent.Ext__c"),
        [("unknown_target", Severity::Error)]
    );
}

#[test]
fn the_standard_mappings_pass_the_check_offline() {
    let names = Names {
        custom: &[],
        scores: &[],
        segments: &[],
        purposes: &[],
        salesforce: &[],
    };
    for object in ["Lead", "Contact"] {
        let target = TargetObject::built_in(object).unwrap();
        assert_eq!(
            check(&Mapping::standard(object), &names, &target, &settings()),
            [],
            "{object}"
        );
    }
}

#[test]
fn a_description_over_a_pulled_field_that_is_gone_is_pointed_out() {
    let field = MirrorField {
        id: MirrorFieldId(1),
        name: "Rating".to_owned(),
        label: "Rating".to_owned(),
        kind: MirrorKind::Text,
        org_type: "picklist".to_owned(),
        reference_to: Vec::new(),
        formula: false,
        gone_at: Some(1),
    };
    let names = Names {
        custom: &[],
        scores: &[],
        segments: &[],
        purposes: &[],
        salesforce: &[(AskedField::parse("Salesforce.Rating").unwrap(), field)],
    };
    let settings = Settings {
        description: "Rated {% Salesforce.Rating %}".to_owned(),
        ..settings()
    };
    let text = format!("{NEEDED}@description=Description");
    let mapping = Mapping::parse(&text).unwrap();
    let found = check(&mapping, &names, &lead(), &settings);
    let gone = found.iter().find(|finding| finding.code == "gone_source");
    let gone = gone.unwrap();
    assert_eq!(
        (gone.line, gone.message.as_str()),
        (Some(3), "Rating was deleted or hidden in Salesforce")
    );
    assert!(gone.cure.starts_with("change the description template"));
}
