//! What the describe tells before anything is sent: places, dependent picklists, record types, parents; what is left out,
//! and what a row does with records that somebody else filled.

use std::collections::BTreeMap;

use leadferry_salesforce::Describe;
use leadferry_store::{
    Candidate, ContactField, ContactId, Link, LinkId, LinkOrigin, LinkState, ValueHash,
};
use serde_json::{Value, json};

use super::support::{
    NEEDED, TOPICS, compiled, compiled_on, contact, custom_fields, findings, findings_on, lead,
    notes, sent, settings, text,
};
use crate::Settings;
use crate::mapping::{
    Compiled, GridFacts, Mapped, Mapping, Names, Overwrite, Purpose, RemarkKind, RowState, Sample,
    Severity, compile, grid,
};
use crate::settings::EmptyValues;
use crate::targets::{Parent, TargetObject};

/// A lead as an org with state and country picklists, a dependent picklist and record types describes it.
fn org() -> TargetObject {
    let plain = |name: &str, label: &str, nillable: bool| {
        json!({ "name": name, "label": label, "type": "string", "length": 80, "nillable": nillable,
            "createable": true, "updateable": true })
    };
    let list = |name: &str, label: &str, values: Value| {
        json!({ "name": name, "label": label, "type": "picklist", "length": 40, "nillable": true, "createable": true,
            "updateable": true, "restrictedPicklist": true, "picklistValues": values })
    };
    let depends = |mut field: Value, on: &str| {
        field["dependentPicklist"] = json!(true);
        field["controllerName"] = json!(on);
        field
    };
    let value = |value: &str, label: &str, valid_for: Option<&str>| json!({ "value": value, "label": label, "active": true, "validFor": valid_for });
    let retired = json!({ "value": "Gold", "label": "Gold", "active": false });
    let fields = json!([
        plain("LastName", "Last Name", false),
        plain("Company", "Company", true),
        plain("Country", "Country", true),
        plain("State", "State/Province", true),
        list(
            "CountryCode",
            "Country Code",
            json!([
                value("AU", "Australia", None),
                value("DE", "Deutschland", None),
                value("US", "United States", None)
            ])
        ),
        depends(
            list(
                "StateCode",
                "State Code",
                json!([
                    value("WA", "Western Australia", Some("gAAA")),
                    value("BY", "Bayern", Some("QAAA")),
                    value("WA", "Washington", Some("IAAA")),
                    value("CA", "California", Some("IAAA"))
                ])
            ),
            "CountryCode"
        ),
        list(
            "Make__c",
            "Make",
            json!([value("Audi", "Audi", None), value("BMW", "BMW", None)])
        ),
        depends(
            list(
                "Model__c",
                "Model",
                json!([
                    value("A4", "A4", Some("gAAA")),
                    value("M3", "M3", Some("QAAA"))
                ])
            ),
            "Make__c"
        ),
        list(
            "Tier__c",
            "Tier",
            json!([value("Silver", "Silver", None), retired])
        ),
        json!({ "name": "RecordTypeId", "label": "Record Type", "type": "reference", "nillable": true, "createable": true,
            "updateable": true, "referenceTo": ["RecordType"], "relationshipName": "RecordType" }),
        json!({ "name": "AccountId", "label": "Account", "type": "reference", "nillable": true, "createable": true,
            "updateable": true, "referenceTo": ["Account"], "relationshipName": "Account" }),
    ]);
    let describe = json!({ "name": "Lead", "label": "Lead", "fields": fields, "recordTypeInfos": [
        { "recordTypeId": "012000000000001AAA", "active": true, "available": true },
        { "recordTypeId": "012000000000002AAA", "active": true, "available": false } ] });
    TargetObject::from_describe(&Describe::parse(&describe.to_string()).unwrap())
}

fn mapped(rows: &str, candidate: &Candidate, purpose: Purpose) -> Mapped {
    compiled_on(rows, &org(), &settings(), "UTC").map(candidate, purpose)
}

/// What is sent besides the needed fields, and what is said about the rest.
fn told(rows: &str, candidate: &Candidate) -> (Vec<String>, Vec<String>) {
    let mapped = mapped(rows, candidate, Purpose::Create);
    assert_eq!(mapped.problems, []);
    let values = mapped.values.iter().skip(2);
    (
        values
            .map(|value| format!("{}={}", value.target, value.json))
            .collect(),
        mapped
            .remarks
            .into_iter()
            .map(|remark| remark.message)
            .collect(),
    )
}

fn place(country: &str, state: &str) -> Candidate {
    let filled = [
        (ContactField::Country, country),
        (ContactField::State, state),
    ];
    let filled = filled.into_iter().filter(|(_, value)| !value.is_empty());
    contact(filled.map(|(field, value)| (field, text(value))))
}

const PLACES: &str = "@country_name=Country\n@state_name=State";
const CODES: &str = "@country_code=CountryCode\n@state_code=StateCode";

#[test]
fn places_are_sent_as_the_org_calls_them() {
    for (country, state, names, codes) in [
        ("DE", "DE-BY", ["Deutschland", "Bayern"], ["DE", "BY"]),
        ("US", "US-WA", ["United States", "Washington"], ["US", "WA"]),
        (
            "AU",
            "AU-WA",
            ["Australia", "Western Australia"],
            ["AU", "WA"],
        ),
    ] {
        let person = place(country, state);
        let [its_country, its_state] = names;
        assert_eq!(
            told(PLACES, &person),
            (
                vec![
                    format!("Country=\"{its_country}\""),
                    format!("State=\"{its_state}\"")
                ],
                vec![]
            )
        );
        let [its_country, its_state] = codes;
        assert_eq!(
            told(CODES, &person),
            (
                vec![
                    format!("CountryCode=\"{its_country}\""),
                    format!("StateCode=\"{its_state}\"")
                ],
                vec![]
            )
        );
    }
    let written = place("deutschland", "bayern");
    assert_eq!(told("country=Country\nstate=State", &written).1, [""; 0]);
    let by_code = told("country=CountryCode\nstate=StateCode", &written);
    assert_eq!(by_code.0, ["CountryCode=\"DE\"", "StateCode=\"BY\""]);
    let short = told("country=Country\nstate=State", &place("US", "WA"));
    assert_eq!(
        short.0,
        ["Country=\"United States\"", "State=\"Washington\""]
    );
}

#[test]
fn places_that_the_org_does_not_list_are_left_out_and_named() {
    let (sent, said) = told(PLACES, &place("Atlantis", "US-CA"));
    assert_eq!(sent, [""; 0]);
    assert_eq!(
        said[0],
        "Country (Country): left out, because “Atlantis” isn't in the picklist"
    );
    assert!(
        said[1].contains("depends on Country, which isn't sent either"),
        "{}",
        said[1]
    );

    let (sent, said) = told(PLACES, &place("DE", "US-CA"));
    assert_eq!(sent, ["Country=\"Deutschland\""]);
    assert!(
        said[0].contains("isn't available for Country “Deutschland”"),
        "{}",
        said[0]
    );

    let (sent, said) = told(PLACES, &place("", "US-CA"));
    assert_eq!(
        (sent.len(), said.len()),
        (0, 1),
        "a state needs a country: {said:?}"
    );
    let update = mapped(PLACES, &place("", "US-CA"), Purpose::Update);
    assert_eq!(
        update.values.len(),
        3,
        "what country the record has is not known"
    );
}

#[test]
fn a_value_that_does_not_go_with_the_one_it_depends_on_is_left_out() {
    let rows = "status=Make__c\nsource=Model__c";
    let car = |make: &str, model: &str| {
        contact([
            (ContactField::Status, text(make)),
            (ContactField::Source, text(model)),
        ])
    };
    assert_eq!(
        told(rows, &car("bmw", "m3")).0,
        ["Make__c=\"BMW\"", "Model__c=\"M3\""]
    );
    let (sent, said) = told(rows, &car("Audi", "M3"));
    assert_eq!(sent, ["Make__c=\"Audi\""]);
    assert_eq!(
        said,
        ["Model (Model__c): left out, because “M3” isn't available for Make “Audi”"]
    );
    let without_make = contact([(ContactField::Source, text("M3"))]);
    let remarks = |empty_values| {
        let settings = Settings {
            empty_values,
            ..settings()
        };
        let compiled = compiled_on(rows, &org(), &settings, "UTC");
        compiled.map(&without_make, Purpose::Update).remarks.len()
    };
    assert_eq!(
        remarks(EmptyValues::LeaveAlone),
        0,
        "what make the record has is not known"
    );
    assert_eq!(
        remarks(EmptyValues::Clear),
        1,
        "a make that is emptied has no model"
    );
    let codes = |rows: &str| -> Vec<_> {
        let found = findings_on(rows, &org(), &settings());
        found
            .into_iter()
            .map(|one| (one.code, one.severity))
            .collect()
    };
    assert_eq!(
        codes("source=Model__c"),
        [("controller_unmapped", Severity::Warning)]
    );
    assert_eq!(
        codes("@state_name=State"),
        [("controller_unmapped", Severity::Warning)]
    );
    assert_eq!(codes(rows), []);
    assert_eq!(codes(PLACES), []);
}

#[test]
fn the_grid_shows_that_a_value_does_not_go_with_the_other_one() {
    let car = contact([
        (ContactField::Status, text("Audi")),
        (ContactField::Source, text("M3")),
    ]);
    let mapping = Mapping::parse(&format!("{NEEDED}status=Make__c\nsource=Model__c")).unwrap();
    let custom = custom_fields();
    let names = Names {
        custom: &custom,
        scores: &[],
        segments: &[],
        purposes: &[],
        salesforce: &[],
    };
    let (object, settings) = (org(), settings());
    let rows = grid(
        &mapping,
        &Mapping::default(),
        GridFacts {
            names: &names,
            object: &object,
            settings: &settings,
            zone: &jiff::tz::TimeZone::UTC,
            sample: Some(Sample {
                candidate: &car,
                role: None,
            }),
        },
    );
    let state = |target: &str| rows.iter().find(|row| row.target == target).unwrap().state;
    assert_eq!(
        (state("Make__c"), state("Model__c")),
        (RowState::Mapped, RowState::LeftOut)
    );
}

#[test]
fn only_record_types_that_this_user_may_give_are_sent() {
    let found = findings_on("\"012000000000001AAA\"=RecordTypeId", &org(), &settings());
    assert_eq!(found, []);
    let found = findings_on("\"012000000000002AAA\"=RecordTypeId", &org(), &settings());
    assert_eq!(found[0].code, "record_type");
    let template = |id: &str| {
        told(
            "{% Contact.status %}=RecordTypeId",
            &contact([(ContactField::Status, text(id))]),
        )
    };
    assert_eq!(template("012000000000001").0.len(), 1);
    assert_eq!(template("012000000000002").1.len(), 1);
}

#[test]
fn parents_are_checked_against_what_the_org_says_of_them() {
    let codes = |rows: &str, object: &TargetObject| -> Vec<_> {
        let found = findings_on(rows, object, &settings());
        found
            .into_iter()
            .map(|one| (one.code, one.severity))
            .collect()
    };
    assert_eq!(
        codes("@company_name=Account.Name", &org()),
        [("unverified_parent", Severity::Warning)],
        "nobody asked yet"
    );
    let mut asked = org();
    assert_eq!(
        asked.parents_of(&Mapping::parse("notes=Account.Ext__c").unwrap()),
        ["Account"]
    );
    let account = json!({ "name": "Account", "fields": [
        { "name": "Id", "type": "id", "idLookup": true },
        { "name": "Name", "type": "string" },
        { "name": "Number__c", "type": "string", "externalId": true } ] });
    let account = Describe::parse(&account.to_string()).unwrap();
    asked.parents = vec![Parent::from_describe(&account)];
    assert_eq!(codes("notes=Account.Number__c", &asked), []);
    let found = findings_on("@company_name=Account.Name", &asked, &settings());
    assert_eq!(found[0].code, "parent_field_is_no_key");
    assert_eq!(found[0].cure, "use one of Number__c");
    let found = findings_on("notes=Account.Numbr__c", &asked, &settings());
    assert_eq!(found[0].code, "unknown_parent_field");
    assert!(found[0].cure.contains("Number__c"), "{}", found[0].cure);
}

/// A contact whose record holds what was sent.
fn linked(mut candidate: Candidate, sent: &[(&str, &str)]) -> Candidate {
    let sent = sent
        .iter()
        .map(|(field, json)| ((*field).into(), ValueHash::of(json)));
    candidate.link = Some(Link {
        id: LinkId(1),
        contact: ContactId(1),
        org_id: "00D".into(),
        object: "Lead".into(),
        record_id: "00Q".into(),
        identifier: None,
        state: LinkState::Linked,
        origin: LinkOrigin::Identifier,
        sent: sent.collect::<BTreeMap<_, _>>(),
        sent_at: None,
        created_at: 0,
        changed_at: 0,
    });
    candidate
}

#[test]
fn a_value_that_was_sent_before_its_picklist_dropped_it_does_not_block() {
    let row = "status=Tier__c ; block";
    let person = contact([(ContactField::Status, text("gold"))]);
    assert_eq!(mapped(row, &person, Purpose::Update).problems.len(), 1);
    let held = linked(person, &[("Tier__c", "\"Gold\"")]);
    let after = mapped(row, &held, Purpose::Update);
    assert_eq!(
        (after.problems, after.remarks, after.values.len()),
        (vec![], vec![], 2)
    );
    assert_eq!(
        mapped(row, &held, Purpose::Create).problems.len(),
        1,
        "a new record would be refused"
    );
    let other = linked(
        contact([(ContactField::Status, text("Bronze"))]),
        &[("Tier__c", "\"Gold\"")],
    );
    assert_eq!(
        mapped(row, &other, Purpose::Update).problems.len(),
        1,
        "a new value would be, too"
    );
}

#[test]
fn a_value_that_the_org_would_refuse_is_left_out_unless_the_row_blocks_or_needs_it() {
    let person = contact([
        (ContactField::Status, text("New")),
        (ContactField::Email, text("nobody")),
    ]);
    let rows = "status=Strict__c\nemail=Mail__c";
    let left_out = compiled(rows, &settings(), "UTC").map(&person, Purpose::Create);
    assert_eq!((left_out.values.len(), left_out.problems.len()), (2, 0));
    let said: Vec<_> = left_out
        .remarks
        .iter()
        .map(|one| (one.kind, &*one.target, one.value.as_deref()))
        .collect();
    assert_eq!(
        said,
        [
            (RemarkKind::LeftOut, "Strict__c", Some("New")),
            (RemarkKind::LeftOut, "Mail__c", Some("nobody")),
        ]
    );
    let reasons = |rows: &str| {
        let mapped = compiled(rows, &settings(), "UTC").map(&person, Purpose::Create);
        mapped
            .problems
            .into_iter()
            .map(|one| one.detail["target"].clone())
            .collect::<Vec<_>>()
    };
    assert_eq!(
        reasons("status=Strict__c ; block\nemail=Mail__c ; required"),
        ["Strict__c", "Mail__c"],
        "each is named"
    );
}

#[test]
fn of_several_values_only_the_ones_that_are_not_offered_are_left_out() {
    let topics = |value: &str| contact([(TOPICS, text(value))]);
    let row = "custom:Topics of interest=Several__c";
    let map = |row: &str, value: &str| {
        compiled(row, &settings(), "UTC").map(&topics(value), Purpose::Create)
    };
    let some = map(row, "Open, Purple, Closed");
    assert_eq!(some.values[2].json, "\"Open;Closed\"");
    assert_eq!(
        some.remarks[0].message,
        "Several__c (Several__c): left out, because “Purple” isn't in the picklist"
    );
    let blocked = map(&format!("{row} ; block"), "Open, Purple, Green");
    assert!(
        blocked.problems[0].message.contains("“Purple, Green”"),
        "{:?}",
        blocked.problems
    );
    let new = compiled("status=Free__c", &settings(), "UTC").map(
        &contact([(ContactField::Status, text("Brand new"))]),
        Purpose::Create,
    );
    assert_eq!(
        (
            new.values.len(),
            new.remarks[0].kind,
            new.remarks[0].message.as_str()
        ),
        (
            3,
            RemarkKind::NewValue,
            "Free__c (Free__c): “Brand new” isn't in the picklist and would be added"
        )
    );
}

#[test]
fn what_means_something_else_when_it_is_cut_is_never_cut() {
    let long = "Head office reception desk: 020 7946 0958";
    let with = |field| contact([(field, text(long))]);
    for (row, field) in [
        ("business_phone=Phone__c", ContactField::BusinessPhone),
        ("notes=Phone__c", ContactField::Notes),
        ("business_phone=Text__c", ContactField::BusinessPhone),
        ("postal_code=Text__c", ContactField::PostalCode),
        ("website=Text__c", ContactField::Website),
    ] {
        let mapped = compiled(row, &settings(), "UTC").map(&with(field), Purpose::Create);
        assert_eq!((mapped.values.len(), mapped.cuts.len()), (2, 0), "{row}");
        assert!(
            mapped.remarks[0].message.contains("is longer than"),
            "{row}: {:?}",
            mapped.remarks
        );
    }
    let cut = compiled("notes=Text__c", &settings(), "UTC").map(&notes(long), Purpose::Create);
    assert_eq!(
        cut.remarks[0].message,
        "Text__c (Text__c): shortened from 41 to 10 characters"
    );
}

#[test]
fn line_breaks_become_commas_where_a_field_has_one_line() {
    let two = notes("one\r\ntwo");
    let mapped = |row: &str| compiled(row, &settings(), "UTC").map(&two, Purpose::Create);
    assert_eq!(mapped("notes=Text__c").values[2].json, "\"one, two\"");
    assert_eq!(
        mapped("notes=Text__c").remarks[0].kind,
        RemarkKind::LineBreaks
    );
    assert_eq!(mapped("notes=Area__c").values[2].json, "\"one\\r\\ntwo\"");
    assert_eq!(mapped("notes=Area__c").remarks, []);
}

#[test]
fn both_address_lines_reach_the_street() {
    let lines = |first: &str, second: &str| {
        contact([
            (ContactField::AddressLine1, text(first)),
            (ContactField::AddressLine2, text(second)),
        ])
    };
    let street = |first, second| sent("@street=Street", &lines(first, second));
    assert_eq!(
        street("12 High Street", "Flat 3").as_deref(),
        Some("\"12 High Street\\nFlat 3\"")
    );
    assert_eq!(street(" ", "Flat 3").as_deref(), Some("\"Flat 3\""));
    assert_eq!(
        street("12 High Street", "").as_deref(),
        Some("\"12 High Street\"")
    );
    let read = compiled("@street=Street", &settings(), "UTC");
    assert!(
        [ContactField::AddressLine1, ContactField::AddressLine2]
            .iter()
            .all(|field| read.fields().contains(field))
    );
    let usual = Mapping::usual(&lead()).to_string();
    for row in ["@street=Street", "middle_name=MiddleName", "suffix=Suffix"] {
        assert!(usual.contains(row), "{row} in {usual}");
    }
    assert!(
        !Mapping::usual(&TargetObject::built_in("Lead").unwrap())
            .to_string()
            .contains("MiddleName")
    );
}

fn overwrites(rows: &str, candidate: &Candidate, settings: &Settings) -> Vec<(String, Overwrite)> {
    let mapped = compiled(rows, settings, "UTC").map(candidate, Purpose::Update);
    let values = mapped.values.into_iter().skip(1);
    values
        .map(|value| (value.target.to_string(), value.overwrite))
        .collect()
}

#[test]
fn what_stands_in_for_a_value_only_fills_records_that_have_none() {
    let rows = "\"Open\"=Strict__c\n@description=Description\n{% Contact.city or \"Nowhere\" %}=City\nfax=Fax";
    let named = |names: &[(&str, Overwrite)]| -> Vec<_> {
        names
            .iter()
            .map(|(name, rule)| ((*name).to_owned(), *rule))
            .collect()
    };
    let bare = contact([(ContactField::Fax, text("1"))]);
    assert_eq!(
        overwrites(rows, &bare, &settings()),
        named(&[
            ("Company", Overwrite::IfEmpty),
            ("Strict__c", Overwrite::IfEmpty),
            ("Description", Overwrite::IfEmpty),
            ("City", Overwrite::IfEmpty),
            ("Fax", Overwrite::Always),
        ])
    );
    let full = contact([
        (ContactField::CompanyName, text("Kestrel")),
        (ContactField::City, text("Lagos")),
    ]);
    let own = overwrites("{% Contact.city or \"Nowhere\" %}=City", &full, &settings());
    assert_eq!(
        own,
        named(&[("Company", Overwrite::Always), ("City", Overwrite::Always)])
    );
    let said = overwrites("\"Open\"=Strict__c ; always", &full, &settings());
    assert_eq!(said[1].1, Overwrite::Always, "in so many words");
}

#[test]
fn the_check_says_which_rows_only_fill_empty_fields() {
    let mapping = format!(
        "{NEEDED}\"Open\"=Strict__c\n\"Web\"=LeadSource ; always\nfax=Fax\n{{% Contact.city %}}=City\n"
    );
    let mapping = Mapping::parse(&mapping).unwrap();
    let found = crate::mapping::notes(&mapping, &lead(), &settings());
    let found: Vec<_> = found
        .iter()
        .map(|one| (one.line, one.severity, one.message.as_str()))
        .collect();
    assert_eq!(
        found,
        [
            (
                Some(2),
                Severity::Note,
                "\"No company\" is sent to new records, and to existing ones only if Company is empty"
            ),
            (
                Some(3),
                Severity::Note,
                "\"Open\" is sent to new records, and to existing ones only if Strict__c is empty"
            ),
        ]
    );
}

#[test]
fn what_a_record_needs_is_for_the_describe_to_say() {
    let no_default = Settings::default();
    assert!(
        no_default
            .check(&TargetObject::built_in("Lead").unwrap())
            .is_err()
    );
    assert!(
        no_default
            .check(&TargetObject::built_in("Contact").unwrap())
            .is_ok()
    );
    assert!(
        no_default.check(&org()).is_ok(),
        "an org with person accounts wants no company"
    );
    assert_eq!(
        findings_on("notes=State", &org(), &no_default)
            .iter()
            .filter(|one| one.severity == Severity::Error)
            .count(),
        0
    );
}

#[test]
fn names_with_blanks_are_written_as_they_are() {
    let topics = contact([(TOPICS, text("Bees"))]);
    for template in [
        "{% Contact.Topics of interest %}=Long__c",
        "{% Contact.topics of interest|upper|lower|title %}=Long__c",
        "{{ Contact.Topics of interest }}=Long__c",
        "{% Contact.Topics of interest or Contact.city %}=Long__c",
        "{% Contact.Topics of interest if Contact.Topics of interest else 'x' %}=Long__c",
    ] {
        assert_eq!(
            sent(template, &topics).as_deref(),
            Some("\"Bees\""),
            "{template}"
        );
    }
    assert_eq!(
        sent("{% Score.Fit of the firm %}=Long__c", &topics).as_deref(),
        Some("\"0\"")
    );
    let unknown = findings("{% Contact.Topics of intrest %}=Long__c");
    assert!(
        unknown[0].message.contains("\"Topics of intrest\""),
        "{}",
        unknown[0].message
    );
}

#[test]
fn a_place_on_earth_has_its_range() {
    let at = |degrees: &str| contact([(ContactField::Notes, text(degrees))]);
    let map = |degrees: &str| {
        compiled("{% Contact.notes %}=Latitude", &settings(), "UTC")
            .map(&at(degrees), Purpose::Create)
    };
    assert_eq!(map("-89.5").values.len(), 3);
    assert!(
        map("91").remarks[0]
            .message
            .contains("isn't between -90 and 90")
    );
}

/// Old mappings read as they are, and say the same but for what stands in for a value.
#[test]
fn rules_of_earlier_versions_keep_their_meaning() {
    let text = "notes=Text__c ; refuse\nstatus=Strict__c ; if_empty, map \"new\"->\"Open\"\n";
    assert_eq!(Mapping::parse(text).unwrap().to_string(), text);
    let blocks = compiled("notes=Text__c ; refuse", &settings(), "UTC")
        .map(&notes("more than ten"), Purpose::Create);
    assert_eq!(blocks.problems.len(), 1);
    let custom = custom_fields();
    let names = Names {
        custom: &custom,
        scores: &[],
        segments: &[],
        purposes: &[],
        salesforce: &[],
    };
    let mapping: Compiled = compile(
        &Mapping::parse(NEEDED).unwrap(),
        &names,
        &lead(),
        &settings(),
        &jiff::tz::TimeZone::UTC,
    )
    .unwrap();
    assert!(mapping.has_if_empty(), "the default company only fills");
}
