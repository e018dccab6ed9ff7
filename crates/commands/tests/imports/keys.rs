//! What identifies a contact: its case, and what a spreadsheet program has done to it.

use leadferry_commands::imports::{ImportKey, ImportRequest};
use leadferry_store::FieldKind;

use crate::trial::{NOW, Trial};

fn with_number() -> Trial {
    let trial = Trial::new();
    trial
        .store
        .write(|writer| writer.add_custom_field("Number", FieldKind::Text, NOW))
        .unwrap();
    trial
}

fn keyed(request: ImportRequest) -> ImportRequest {
    ImportRequest {
        key: ImportKey::Custom("Number".to_owned()),
        ..request
    }
}

#[test]
fn a_key_is_the_same_in_capitals_as_it_is_for_salesforce() {
    let trial = with_number();
    trial.import(&keyed(
        trial.request("one.csv", "Number,City\nM-1,Rome\nÉ-2,Oslo\n"),
    ));
    let outcome = trial.import(&keyed(
        trial.request("two.csv", "Number,City\nm-1,Paris\né-2,Oslo\nE-2,Bonn\n"),
    ));
    assert_eq!(
        (outcome.updated, outcome.created),
        (2, 1),
        "accents do matter: {outcome:?}"
    );
    assert_eq!(trial.contacts().len(), 3);
}

#[test]
fn a_damaged_key_keeps_its_row_out() {
    let trial = with_number();
    let request = trial.request(
        "people.csv",
        "Number,Name,Phone\n4.9E+11,Mira Okafor,#REF!\nK-1,Jo Beck,8.05E+02\n",
    );
    let outcome = trial.import(&keyed(request));
    assert_eq!((outcome.created, outcome.faulty), (1, 1));
    assert_eq!(outcome.faults[0].column.as_deref(), Some("Number"));
    let errors = std::fs::read_to_string(outcome.errors_file.unwrap()).unwrap();
    assert!(errors.contains("4.9E+11,Mira Okafor"), "{errors}");
    let outcome = trial.bring("more.csv", "Email,Name\n#REF!,Mira Okafor\nN/A,Jo Beck\n");
    assert_eq!((outcome.created, outcome.faulty), (1, 1), "{outcome:?}");
}

#[test]
fn numbers_that_can_be_read_in_two_ways_are_told_and_decided_by_the_user() {
    use leadferry_commands::imports::DecimalSign;
    let text = "Email,Amount\na@example.com,1.234\nb@example.com,2.500\n";
    for (decimal, expected) in [(None, "1.234"), (Some(DecimalSign::Comma), "1234")] {
        let trial = Trial::new();
        trial
            .store
            .write(|writer| writer.add_custom_field("Amount", FieldKind::Decimal { scale: 3 }, NOW))
            .unwrap();
        let request = ImportRequest {
            decimal,
            ..trial.request("people.csv", text)
        };
        let outcome = trial.import(&request);
        let is_told = outcome.warnings.iter().any(|warning| {
            warning
                .text
                .starts_with("The numbers in \"Amount\", such as 1.234, can be read in two ways.")
        });
        assert_eq!(is_told, decimal.is_none(), "{outcome:?}");
        let found = format!("{:?}", trial.contacts()[0].values);
        let units = if expected == "1234" {
            "units: 1234000"
        } else {
            "units: 1234,"
        };
        assert!(found.contains(units), "{found}");
    }
}

#[test]
fn html_codes_are_kept_where_the_user_wants_them() {
    let trial = Trial::new();
    let request = ImportRequest {
        keep_html: true,
        ..trial.request("people.csv", "Email,Company\na@example.com,R&amp;D\n")
    };
    assert!(trial.import(&request).warnings.is_empty());
    assert_eq!(trial.text("a@example.com", "company_name"), "R&amp;D");
}
