//! The row and the sheet with the column names are found wherever they are, and can be told.

use std::ops::ControlFlow;

use leadferry_commands::imports::{self, Error, ImportRequest, Preview};
use leadferry_store::ContactField;

use crate::book::{Sheet, book, rows};
use crate::trial::{Trial, told};

const NAMES: &[&str] = &["First Name", "Last Name", "Email"];
const NORA: &[&str] = &["Nora", "Lindqvist", "nora@example.com"];
const EMIL: &[&str] = &["Emil", "Brandt", "emil@example.com"];

fn preview(trial: &Trial, request: &ImportRequest) -> Preview {
    imports::preview(&trial.store, request, &mut |_| ControlFlow::Continue(())).unwrap()
}

#[test]
fn notes_above_the_column_names_of_a_csv_are_left_out_and_told() {
    let trial = Trial::new();
    let text = "Notes:\n\"Some contacts, and their addresses, are left out of this list.\"\n\n\
                First Name,Last Name,Email Address\nNora,Lindqvist,nora@example.com\nEmil,Brandt,\n";
    let outcome = trial.bring("connections.csv", text);
    assert_eq!(
        (outcome.created, outcome.faulty, outcome.skipped),
        (2, 0, 0)
    );
    assert_eq!(trial.all(ContactField::FirstName), ["Nora", "Emil"]);
    assert_eq!(
        told(&outcome),
        ["The column names are in row 4. The 2 rows above it are left out."]
    );
}

#[test]
fn a_title_above_the_column_names_of_a_sheet_is_left_out() {
    let trial = Trial::new();
    let sheet = rows(&[&["Guests of the summer party"], &[], NAMES, NORA, EMIL])
        + "<!----><mergeCells><mergeCell ref=\"A1:C1\"/></mergeCells>";
    let request = trial.request("guests.xlsx", book(&[Sheet::new("Guests", sheet)], &[]));
    let looked = preview(&trial, &request);
    assert_eq!((looked.header_row, looked.columns.len()), (3, 3));
    let numbers: Vec<u64> = looked.first_rows.iter().map(|row| row.number).collect();
    assert_eq!(numbers, [1, 3, 4, 5]);
    let outcome = trial.import(&request);
    assert_eq!((outcome.created, outcome.rows), (2, 2));
}

#[test]
fn of_two_rows_of_names_the_lower_one_counts_where_the_upper_one_groups() {
    let trial = Trial::new();
    let sheet = rows(&[
        &["Person", "", "Contact"],
        &["First Name", "Last Name", "Email", "Phone"],
        &["Nora", "Lindqvist", "nora@example.com", "030 1"],
    ]);
    trial.bring("grouped.xlsx", book(&[Sheet::new("List", sheet)], &[]));
    assert_eq!(trial.text("nora@example.com", "last_name"), "Lindqvist");
    assert_eq!(trial.text("nora@example.com", "business_phone"), "030 1");
}

#[test]
fn the_header_row_can_be_told() {
    let trial = Trial::new();
    let text = "a,b\nName,Email\nNora Lindqvist,nora@example.com\n\"x\ny\",z\nName,Email\nEmil Brandt,emil@example.com\n";
    let request = ImportRequest {
        header_row: Some(5),
        ..trial.request("people.csv", text)
    };
    let outcome = trial.import(&request);
    assert_eq!(
        (outcome.created, outcome.rows, outcome.warnings.len()),
        (1, 1, 0)
    );
    assert_eq!(trial.all(ContactField::LastName), ["Brandt"]);
    for row in [0, 3, 99] {
        let request = ImportRequest {
            header_row: Some(row),
            ..request.clone()
        };
        let refused = trial.try_import(&request).unwrap_err();
        match row {
            3 => assert!(matches!(refused, Error::NoHeader(_)), "{refused}"),
            _ => assert!(matches!(refused, Error::NoSuchRow { .. }), "{refused}"),
        }
    }
}

#[test]
fn hidden_empty_and_explaining_sheets_are_passed_over() {
    for first in [
        Sheet::new("Choices", rows(&[&["Status", "Source"], &["New", "Fair"]])).hidden(),
        Sheet::new("Empty", ""),
        Sheet::new(
            "Read me",
            rows(&[&["How to use this list"], &["Fill in the second sheet"]]),
        ),
    ] {
        let trial = Trial::new();
        let name = first.name;
        let request = trial.request(
            "people.xlsx",
            book(&[first, Sheet::new("People", rows(&[NAMES, NORA]))], &[]),
        );
        let looked = preview(&trial, &request);
        let sheets: Vec<_> = looked
            .sheets
            .iter()
            .map(|sheet| (sheet.name.as_str(), sheet.hidden))
            .collect();
        assert_eq!(sheets, [(name, name == "Choices"), ("People", false)]);
        assert_eq!(looked.sheet.as_deref(), Some("People"));
        trial.import(&request);
        assert_eq!(trial.all(ContactField::FirstName), ["Nora"], "{name}");
    }
}

#[test]
fn sheets_that_are_left_out_are_told() {
    let trial = Trial::new();
    let sheets = [
        Sheet::new("May", rows(&[NAMES, NORA])),
        Sheet::new("June", rows(&[NAMES, EMIL])),
    ];
    let outcome = trial.bring("people.xlsx", book(&sheets, &[]));
    assert_eq!(
        told(&outcome),
        ["Only the sheet \"May\" is imported. To import \"June\", choose that sheet."]
    );
}

#[test]
fn an_empty_sheet_that_is_named_names_the_others() {
    let trial = Trial::new();
    let sheets = [
        Sheet::new("Empty", ""),
        Sheet::new("People", rows(&[NAMES, NORA])),
    ];
    let request = ImportRequest {
        sheet: Some("empty".into()),
        ..trial.request("people.xlsx", book(&sheets, &[]))
    };
    let refused = trial.try_import(&request).unwrap_err().to_string();
    assert!(
        refused.ends_with("is empty. Other sheets: People"),
        "{refused}"
    );
}

#[test]
fn a_preview_shows_a_file_of_which_no_column_is_known() {
    let trial = Trial::new();
    let sheets = [
        Sheet::new("Data", rows(&[&["alpha", "beta"], &["1", "2"]])),
        Sheet::new("More", rows(&[&["gamma"]])),
    ];
    let request = trial.request("strange.xlsx", book(&sheets, &[]));
    let looked = preview(&trial, &request);
    let names: Vec<_> = looked
        .columns
        .iter()
        .map(|column| (column.name.as_str(), column.field.as_deref()))
        .collect();
    assert_eq!(names, [("alpha", None), ("beta", None)]);
    assert_eq!(looked.columns[1].samples, ["2"]);
    let refused = trial.try_import(&request).unwrap_err().to_string();
    assert_eq!(
        refused,
        "none of the columns is known: alpha, beta. Other sheets: More"
    );
    assert_eq!(
        looked.warnings.last().unwrap().text,
        leadferry_commands::sentence(&refused)
    );
    let mapped = ImportRequest {
        map: vec![("alpha".into(), "first_name".into())],
        ..request
    };
    assert_eq!(trial.import(&mapped).created, 1);
}

#[test]
fn a_list_without_column_names_is_refused_even_where_a_row_below_has_some() {
    let trial = Trial::new();
    let request = trial.request(
        "people.csv",
        "Nora,nora@example.com\nName,Email\nEmil,emil@example.com\n",
    );
    assert!(matches!(
        trial.try_import(&request),
        Err(Error::NoHeader(_))
    ));
}

#[test]
fn an_email_in_the_notes_above_does_not_hide_the_column_names() {
    for notes in [
        "Report,Leads\nOwner,ada@example.com\n",
        "Report,Leads,,\nOwner,Ada,ada@example.com\n",
        "Leads\nCreated by:,Ada,ada@example.com\n",
    ] {
        let trial = Trial::new();
        let text = format!("{notes}First Name,Last Name,Email\nNora,Lindqvist,nora@example.com\n");
        let outcome = trial.bring("people.csv", text);
        assert_eq!(trial.all(ContactField::LastName), ["Lindqvist"], "{notes}");
        assert_eq!(
            told(&outcome),
            ["The column names are in row 3. The 2 rows above it are left out."]
        );
    }
}

#[test]
fn the_sheet_with_the_people_wins_over_one_with_more_known_columns() {
    let trial = Trial::new();
    let lists = rows(&[
        &["Country", "City", "Company", "Phone", "Website"],
        &["DE", "Berlin", "Tallow", "1", "tallow.example"],
    ]);
    let people = rows(&[NAMES, NORA, EMIL]);
    let sheets = [Sheet::new("Lists", lists), Sheet::new("Guests", people)];
    let request = trial.request("guests.xlsx", book(&sheets, &[]));
    let outcome = trial.import(&request);
    assert_eq!(trial.all(ContactField::FirstName), ["Nora", "Emil"]);
    assert_eq!(
        told(&outcome),
        ["Only the sheet \"Guests\" is imported. To import \"Lists\", choose that sheet."]
    );
}
