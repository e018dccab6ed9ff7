use leadferry_salesforce::Describe;
use proptest::prelude::*;

use super::*;
use crate::search::Object;

fn described() -> Described {
    let describe = serde_json::json!({
        "name": "Lead",
        "fields": [
            {"name": "Name", "label": "Full Name", "type": "string", "filterable": true, "nameField": true},
            {"name": "Status", "label": "Status", "type": "picklist", "filterable": true,
             "picklistValues": [{"active": true, "value": "Open", "label": "Offen"}]},
            {"name": "Tags__c", "label": "Tags", "type": "multipicklist", "filterable": true},
            {"name": "NumberOfEmployees", "label": "Employees", "type": "int", "filterable": true},
            {"name": "IsConverted", "label": "Converted", "type": "boolean", "filterable": true},
            {"name": "Birthday__c", "label": "Birthday", "type": "date", "filterable": true},
            {"name": "CreatedDate", "label": "Created Date", "type": "datetime", "filterable": true},
            {"name": "OwnerId", "label": "Owner ID", "type": "reference", "filterable": true,
             "referenceTo": ["Group", "User"], "relationshipName": "Owner"},
            {"name": "Notes__c", "label": "Notes", "type": "textarea", "filterable": false},
            {"name": "Address", "label": "Address", "type": "address", "filterable": true},
        ],
    });
    let describe = Describe::parse(&describe.to_string()).unwrap();
    Described::from(Object::Lead, &describe)
}

fn row(field: &str, operator: Operator, values: &[&str]) -> Criterion {
    Criterion {
        field: field.to_owned(),
        operator,
        values: values.iter().map(|value| (*value).to_owned()).collect(),
    }
}

fn text(rows: &[Criterion], matching: Match) -> String {
    let zone = TimeZone::get("Europe/Berlin").unwrap();
    let condition = condition(&described(), rows, matching, &zone).unwrap();
    condition.text().unwrap_or_default()
}

#[test]
fn each_row_asks_what_it_says() {
    let table = [
        (
            row("Name", Operator::Contains, &["O'Neil"]),
            r"Name LIKE '%O\'Neil%'",
        ),
        (row("name", Operator::IsNot, &["Ann"]), "Name != 'Ann'"),
        (
            row("Owner.Name", Operator::BeginsWith, &["J"]),
            "Owner.Name LIKE 'J%'",
        ),
        (
            row("Status", Operator::IsOneOf, &["Open", "Done"]),
            "Status IN ('Open','Done')",
        ),
        (
            row("Tags__c", Operator::IsNoneOf, &["A"]),
            "Tags__c EXCLUDES ('A')",
        ),
        (
            row("NumberOfEmployees", Operator::AtLeast, &[" 10 "]),
            "NumberOfEmployees >= 10",
        ),
        (
            row("NumberOfEmployees", Operator::Between, &["1", "9"]),
            "(NumberOfEmployees >= 1 AND NumberOfEmployees <= 9)",
        ),
        (
            row("IsConverted", Operator::Is, &["no"]),
            "IsConverted = false",
        ),
        (
            row("Birthday__c", Operator::On, &["1980-05-17"]),
            "Birthday__c = 1980-05-17",
        ),
        (
            row("Birthday__c", Operator::IsEmpty, &[]),
            "Birthday__c = null",
        ),
        (
            row("CreatedDate", Operator::On, &["2026-03-29"]),
            "(CreatedDate >= 2026-03-28T23:00:00Z AND CreatedDate < 2026-03-29T22:00:00Z)",
        ),
        (
            row("CreatedDate", Operator::After, &["2026-01-31"]),
            "CreatedDate >= 2026-01-31T23:00:00Z",
        ),
        (
            row("CreatedDate", Operator::InTheLastDays, &["30"]),
            "CreatedDate = LAST_N_DAYS:30",
        ),
        (
            row("CreatedDate", Operator::MoreThanDaysAgo, &["30"]),
            "CreatedDate < LAST_N_DAYS:30",
        ),
        (
            row("CreatedDate", Operator::ThisMonth, &[]),
            "CreatedDate = THIS_MONTH",
        ),
    ];
    for (row, expected) in table {
        assert_eq!(
            text(std::slice::from_ref(&row), Match::Any),
            expected,
            "{row:?}"
        );
    }
}

#[test]
fn rows_hold_together_or_one_by_one() {
    let rows = [
        row("Name", Operator::Is, &["A"]),
        row("Status", Operator::IsSet, &[]),
    ];
    assert_eq!(text(&rows, Match::All), "Name = 'A' AND Status != null");
    assert_eq!(text(&rows, Match::Any), "Name = 'A' OR Status != null");
    assert_eq!(text(&[], Match::All), "");
}

#[test]
fn what_a_field_cannot_be_asked_is_refused_with_its_label() {
    let bad = [
        (row("Nothing", Operator::Is, &["x"]), "no field"),
        (
            row("Name) OR (Id != null", Operator::Is, &["x"]),
            "no field",
        ),
        (row("Address", Operator::Contains, &["x"]), "no field"),
        (
            row("Notes__c", Operator::Contains, &["x"]),
            "can't be searched",
        ),
        (
            row("IsConverted", Operator::Contains, &["x"]),
            "can't be searched",
        ),
        (row("IsConverted", Operator::Is, &["maybe"]), "yes or no"),
        (row("Name", Operator::Is, &[]), "no value"),
        (row("Name", Operator::Is, &[""]), "no value"),
        (row("Name", Operator::Is, &["a", "b"]), "too many"),
        (
            row("NumberOfEmployees", Operator::Is, &["many"]),
            "a number",
        ),
        (row("CreatedDate", Operator::On, &["31.1.2026"]), "a date"),
        (
            row("CreatedDate", Operator::On, &["2026-01-31T00:00:00Z OR"]),
            "a date",
        ),
        (row("CreatedDate", Operator::InTheLastDays, &["0"]), "days"),
    ];
    let zone = TimeZone::UTC;
    for (row, expected) in bad {
        let refused = condition(&described(), std::slice::from_ref(&row), Match::All, &zone);
        let message = refused.unwrap_err().to_string();
        assert!(message.contains(expected), "{row:?}: {message}");
    }
}

#[test]
fn every_operator_that_a_field_offers_can_be_asked() {
    let described = described();
    for field in &described.fields {
        for operator in &field.operators {
            let value = match field.form {
                FieldForm::Number => "5",
                FieldForm::YesNo => "yes",
                FieldForm::Date | FieldForm::DateTime if operator.values().0 == 1 => {
                    if matches!(
                        operator,
                        Operator::InTheLastDays
                            | Operator::MoreThanDaysAgo
                            | Operator::InTheNextDays
                    ) {
                        "5"
                    } else {
                        "2026-01-31"
                    }
                }
                FieldForm::Date | FieldForm::DateTime => "2026-01-31",
                _ => "text",
            };
            let values = vec![value; operator.values().0];
            let row = row(&field.name, *operator, &values);
            assert!(one(field, &row, &TimeZone::UTC).is_ok(), "{row:?}");
        }
    }
}

proptest! {
    #[test]
    fn no_value_gets_out_of_its_quotes(value in any::<String>()) {
        prop_assume!(!value.is_empty());
        for operator in [Operator::Is, Operator::Contains, Operator::EndsWith, Operator::IsOneOf] {
            let written = text(&[row("Name", operator, &[&value])], Match::All);
            let mut open = false;
            let mut escaped = false;
            let mut outside = String::new();
            for sign in written.chars() {
                match sign {
                    _ if escaped => escaped = false,
                    '\\' if open => escaped = true,
                    '\'' => open = !open,
                    other if !open => outside.push(other),
                    _ => {}
                }
            }
            prop_assert!(!open, "{written}");
            let ours = ["Name = ", "Name LIKE ", "Name IN ()"];
            prop_assert!(ours.contains(&outside.as_str()), "{outside}");
        }
    }
}
