//! The table of types: which contact field fits which Salesforce field.

use leadferry_store::FieldKind;

use super::support::findings;
use crate::mapping::{Severity, fits};
use crate::targets::TargetType;

const TEXTS: &[FieldKind] = &[FieldKind::Text, FieldKind::LongText];
const NUMBERS: &[FieldKind] = &[
    FieldKind::Integer,
    FieldKind::LongInteger,
    FieldKind::Decimal { scale: 2 },
    FieldKind::Float,
];
const DATES: &[FieldKind] = &[FieldKind::Date, FieldKind::DateTime];
const YES_NO: &[FieldKind] = &[FieldKind::YesNo];

#[test]
fn only_fields_whose_type_fits_can_be_mapped() {
    let table: &[(TargetType, &[FieldKind])] = &[
        (TargetType::Checkbox, YES_NO),
        (TargetType::Date, DATES),
        (TargetType::DateTime, DATES),
        (TargetType::Number, NUMBERS),
        (TargetType::Integer, NUMBERS),
        (TargetType::Percent, NUMBERS),
        (TargetType::Currency, NUMBERS),
        (TargetType::Email, TEXTS),
        (TargetType::Phone, TEXTS),
        (TargetType::Picklist, TEXTS),
        (TargetType::MultiPicklist, TEXTS),
        (TargetType::Text, TEXTS),
        (TargetType::TextArea, TEXTS),
        (TargetType::LongTextArea, TEXTS),
        (TargetType::Encrypted, TEXTS),
        (TargetType::Url, TEXTS),
        (TargetType::Time, &[]),
        (TargetType::Reference, &[]),
        (TargetType::Id, &[]),
        (TargetType::Other("address".into()), &[]),
    ];
    for (target, fitting) in table {
        for kind in [TEXTS, NUMBERS, DATES, YES_NO].concat() {
            assert_eq!(
                fits(kind, target),
                fitting.contains(&kind),
                "{kind:?} into {target:?}"
            );
            assert!(
                fits(kind, &TargetType::Unknown),
                "{kind:?} into a field that was typed by hand"
            );
        }
    }
}

#[test]
fn the_check_refuses_what_does_not_fit_and_says_what_would() {
    for (row, cure) in [
        ("custom:Budget=Text__c", "template"),
        ("birthday=Long__c", "template"),
        ("custom:Member=Free__c", "checkbox"),
        ("first_name=Check__c", "yes/no"),
        ("custom:Visits=Check__c", "yes/no"),
        ("first_name=Date__c", "date"),
        ("custom:Visits=Moment__c", "date"),
        ("first_name=Number__c", "integer"),
        ("birthday=Money__c", "integer"),
        ("first_name=Time__c", "18:30"),
        ("first_name=Parent__c", "External ID"),
        ("@company_name=Number__c", "integer"),
        ("@points:Engagement=Text__c", "template"),
        ("@description=Date__c", "date"),
        ("account:website=Check__c", "yes/no"),
    ] {
        let found = findings(row);
        let [finding] = found.as_slice() else {
            panic!("{row}: {found:?}")
        };
        assert_eq!(
            (finding.code, finding.severity),
            ("type_does_not_fit", Severity::Error),
            "{row}"
        );
        assert_eq!(finding.line, Some(3), "{row}");
        assert!(finding.cure.contains(cure), "{row}: {}", finding.cure);
    }
}

#[test]
fn what_fits_passes_the_check() {
    for row in [
        "custom:Budget=Money__c",
        "custom:Weight=Percent__c",
        "custom:Visits=Whole__c",
        "@points:engagement=Number__c",
        "custom:member=Check__c",
        "birthday=Moment__c",
        "custom:Seen=Date__c",
        "custom:Topics of interest=Several__c",
        "notes=Text__c",
        "account:industry=Industry",
        "{% Contact.birthday %}=Text__c",
        "{% Score.Engagement %}=Number__c",
        "custom:Budget=Parent__r.Number__c",
        "\"00D000000000001\"=Parent__c",
        "\"18:30\"=Time__c",
        "ContactEmail=Mail__c",
        "givenName=FirstName",
    ] {
        assert_eq!(findings(row), [], "{row}");
    }
}
