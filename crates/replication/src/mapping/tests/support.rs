//! A target object with a field of every type, and people to map.

use std::collections::BTreeMap;

use jiff::tz::TimeZone;
use leadferry_store::{
    Account, AccountField, AccountId, Candidate, Contact, ContactField, ContactId, CustomField,
    CustomFieldId, Decimal, FieldKind, Guid, ScoreId, Value,
};

use crate::Settings;
use crate::mapping::{Compiled, Finding, Mapped, Mapping, Names, Purpose, check_text, compile};
use crate::targets::{Parent, PicklistValue, TargetField, TargetObject, TargetType};

pub(super) const BUDGET: ContactField = ContactField::Custom(CustomFieldId(1));
pub(super) const VISITS: ContactField = ContactField::Custom(CustomFieldId(2));
pub(super) const WEIGHT: ContactField = ContactField::Custom(CustomFieldId(3));
pub(super) const MEMBER: ContactField = ContactField::Custom(CustomFieldId(4));
pub(super) const SEEN: ContactField = ContactField::Custom(CustomFieldId(5));
pub(super) const TOPICS: ContactField = ContactField::Custom(CustomFieldId(6));

/// The workspace's custom fields, one of each kind of value.
pub(super) fn custom_fields() -> Vec<CustomField> {
    let fields = [
        (1, "Budget", FieldKind::Decimal { scale: 5 }),
        (2, "Visits", FieldKind::LongInteger),
        (3, "Weight", FieldKind::Float),
        (4, "Member", FieldKind::YesNo),
        (5, "Seen", FieldKind::DateTime),
        (6, "Topics of interest", FieldKind::LongText),
    ];
    let field = |(id, name, kind): (i64, &str, FieldKind)| CustomField {
        id: CustomFieldId(id),
        name: name.to_owned(),
        kind,
        indexed: false,
    };
    fields.into_iter().map(field).collect()
}

pub(super) fn scores() -> Vec<(ScoreId, String)> {
    vec![
        (ScoreId(7), "Engagement".to_owned()),
        (ScoreId(8), "Fit of the firm".to_owned()),
    ]
}

/// A lead as an org describes it, with a custom field of every type and nothing required but the two standard fields.
pub(super) fn lead() -> TargetObject {
    let mut object = TargetObject::built_in("Lead").unwrap();
    object.described = true;
    object.parents = vec![Parent {
        name: "Account".to_owned(),
        fields: ["Name", "Ext__c", "Number__c"].map(str::to_owned).to_vec(),
        keys: ["Ext__c", "Number__c"].map(str::to_owned).to_vec(),
    }];
    for field in &mut object.fields {
        field.verified = true;
    }
    let with = |name: &str, kind: TargetType| TargetField {
        kind,
        verified: true,
        relationship_name: None,
        ..TargetField::unverified(name)
    };
    let text = |name: &str, kind: TargetType, length: u32| TargetField {
        length: Some(length),
        ..with(name, kind)
    };
    let number = |name: &str, kind: TargetType, precision: u32, scale: u32| TargetField {
        precision,
        scale,
        ..with(name, kind)
    };
    let list = |name: &str, kind: TargetType, restricted: bool| TargetField {
        picklist: ["Open", "Working - Contacted", "Closed"]
            .map(entry)
            .to_vec(),
        restricted,
        ..text(name, kind, 40)
    };
    object.fields.extend([
        text("Text__c", TargetType::Text, 10),
        text("Area__c", TargetType::TextArea, 255),
        text("Long__c", TargetType::LongTextArea, 32_768),
        text("Secret__c", TargetType::Encrypted, 20),
        text("Mail__c", TargetType::Email, 20),
        text("Phone__c", TargetType::Phone, 40),
        text("Url__c", TargetType::Url, 255),
        list("Free__c", TargetType::Picklist, false),
        list("Strict__c", TargetType::Picklist, true),
        list("Several__c", TargetType::MultiPicklist, true),
        with("Check__c", TargetType::Checkbox),
        number("Number__c", TargetType::Number, 6, 2),
        TargetField {
            digits: 4,
            ..with("Whole__c", TargetType::Integer)
        },
        number("Percent__c", TargetType::Percent, 5, 1),
        number("Money__c", TargetType::Currency, 18, 2),
        with("Date__c", TargetType::Date),
        with("Moment__c", TargetType::DateTime),
        with("Time__c", TargetType::Time),
        TargetField {
            relationship_name: Some("Parent__r".to_owned()),
            reference_to: vec!["Account".to_owned()],
            ..with("Parent__c", TargetType::Reference)
        },
        with("Place__c", TargetType::Other("location".to_owned())),
        TargetField {
            updateable: false,
            ..text("Once__c", TargetType::Text, 10)
        },
    ]);
    object
}

fn entry(value: &str) -> PicklistValue {
    PicklistValue {
        value: value.to_owned(),
        label: value.to_owned(),
        active: true,
    }
}

pub(super) fn settings() -> Settings {
    Settings {
        default_company: Some("No company".to_owned()),
        ..Settings::default()
    }
}

/// Rows that give what a new lead needs.
pub(super) const NEEDED: &str = "last_name=LastName\n@company_name=Company\n";

/// Findings for rows besides the needed ones, as codes with their lines.
pub(super) fn findings(rows: &str) -> Vec<Finding> {
    findings_on(rows, &lead(), &settings())
}

pub(super) fn findings_on(rows: &str, object: &TargetObject, settings: &Settings) -> Vec<Finding> {
    let (custom, scores) = (custom_fields(), scores());
    let names = Names {
        custom: &custom,
        scores: &scores,
        segments: &[],
        purposes: &[],
        salesforce: &[],
    };
    check_text(&format!("{NEEDED}{rows}"), &names, object, settings)
}

/// Compiles rows besides the needed ones.
pub(super) fn compiled(rows: &str, settings: &Settings, zone: &str) -> Compiled {
    compiled_on(rows, &lead(), settings, zone)
}

pub(super) fn compiled_on(
    rows: &str,
    object: &TargetObject,
    settings: &Settings,
    zone: &str,
) -> Compiled {
    let (custom, scores) = (custom_fields(), scores());
    let names = Names {
        custom: &custom,
        scores: &scores,
        segments: &[],
        purposes: &[],
        salesforce: &[],
    };
    let mapping = Mapping::parse(&format!("{NEEDED}{rows}")).unwrap();
    compile(
        &mapping,
        &names,
        object,
        settings,
        &TimeZone::get(zone).unwrap(),
    )
    .unwrap()
}

/// Maps a contact through one row besides the needed ones; returns what is sent for its target.
pub(super) fn sent(row: &str, candidate: &Candidate) -> Option<String> {
    let mapped = map(row, candidate);
    assert_eq!(mapped.problems, [], "{row}");
    mapped.values.get(2).map(|value| value.json.clone())
}

/// Maps a contact through rows besides the needed ones, for a new record, in UTC.
pub(super) fn map(rows: &str, candidate: &Candidate) -> Mapped {
    compiled(rows, &settings(), "UTC").map(candidate, Purpose::Create)
}

/// The code of the one problem that a row has with a contact, which is left out unless the row says that it blocks.
pub(super) fn problem(row: &str, candidate: &Candidate) -> String {
    let with = |rule: &str| {
        let sign = if row.contains(" ; ") { "," } else { " ;" };
        map(&format!("{row}{sign} {rule}"), candidate)
    };
    let left_out = with("leave_out");
    assert_eq!(left_out.problems, [], "{row}");
    assert_eq!(left_out.values.len(), 2, "{row}: the rest goes");
    assert_eq!(left_out.remarks.len(), 1, "{row}");
    match with("block").problems.as_slice() {
        [problem] => problem.code.clone(),
        others => panic!("{row}: {others:?}"),
    }
}

/// A contact with a last name and some values.
pub(super) fn contact(values: impl IntoIterator<Item = (ContactField, Value)>) -> Candidate {
    let last_name = (ContactField::LastName, text("Meier"));
    Candidate {
        contact: Contact {
            id: ContactId(1),
            guid: Guid::parse("0123456789abcdef0123456789abcdef").unwrap(),
            values: std::iter::once(last_name).chain(values).collect(),
            do_not_send: false,
            created_at: 0,
            changed_at: 0,
            seq: 1,
            deleted_at: None,
            merged_into: None,
        },
        email_key: None,
        marked: false,
        eldest: None,
        link: None,
        conflicts: Default::default(),
        agreed: leadferry_store::Agreements::new(),
        linked_elsewhere: false,
        entry: None,
        account: None,
        points: BTreeMap::new(),
        consents: std::collections::BTreeMap::new(),
        records: std::collections::BTreeMap::new(),
        near: Vec::new(),
        refusals: leadferry_store::Refusals::default(),
        segments: BTreeMap::new(),
    }
}

pub(super) fn text(text: &str) -> Value {
    Value::Text(text.to_owned())
}

pub(super) fn decimal(units: i64, scale: u8) -> Value {
    Value::Decimal(Decimal { units, scale })
}

pub(super) fn account(id: i64, name: &str) -> Account {
    Account {
        id: AccountId(id),
        values: BTreeMap::from([
            (AccountField::Name, name.to_owned()),
            (
                AccountField::Website,
                format!("https://{}.example", name.to_lowercase()),
            ),
        ]),
        created_at: 0,
        changed_at: 0,
    }
}

/// A contact with a last name and notes.
pub(super) fn notes(value: &str) -> Candidate {
    contact([(ContactField::Notes, text(value))])
}
