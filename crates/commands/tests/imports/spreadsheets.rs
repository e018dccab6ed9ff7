//! What stands in the cells of a spreadsheet, and what does not.

use leadferry_commands::imports::ImportOutcome;
use leadferry_store::ContactField;

use crate::book::{Sheet, book, rows};
use crate::trial::{Trial, told};

const NAMES: &[&str] = &["First Name", "Last Name", "Email", "Company"];

fn bring(trial: &Trial, content: String, formats: &[&str]) -> ImportOutcome {
    trial.bring(
        "people.xlsx",
        book(&[Sheet::new("People", content)], formats),
    )
}

#[test]
fn codes_and_phone_numbers_come_in_as_their_format_shows_them() {
    let trial = Trial::new();
    let names = ["First Name", "Email", "Postal Code", "Mobile Phone", "Fax"].as_slice();
    let nora = [
        "Nora",
        "nora@example.com",
        "<c s=\"1\"><v>1067</v></c>",
        "<c s=\"2\"><v>5551234567</v></c>",
        "<c s=\"3\"><v>301234</v></c>",
    ]
    .as_slice();
    bring(
        &trial,
        rows(&[names, nora]),
        &["00000", "[<=9999999]###-####;(###) ###-####", "#,##0"],
    );
    assert_eq!(trial.text("nora@example.com", "postal_code"), "01067");
    assert_eq!(
        trial.text("nora@example.com", "mobile_phone"),
        "(555) 123-4567"
    );
    assert_eq!(trial.text("nora@example.com", "fax"), "301234");
}

#[test]
fn a_merged_cell_counts_in_each_of_its_rows() {
    let trial = Trial::new();
    let content = rows(&[
        NAMES,
        &["Nora", "Lindqvist", "nora@example.com", "Hallgren AB"],
        &["Emil", "Brandt", "emil@example.com"],
        &[],
        &["Ines", "Duarte", "ines@example.com"],
        &["Omar", "Haddad", "omar@example.com", "Cedar"],
    ]) + "<!----><mergeCells><mergeCell ref=\"D2:D5\"/><mergeCell ref=\"A1:B1\"/></mergeCells>";
    let outcome = bring(&trial, content, &[]);
    assert_eq!(
        trial.all(ContactField::CompanyName),
        ["Hallgren AB", "Hallgren AB", "Hallgren AB", "Cedar"]
    );
    assert_eq!(
        outcome.rows, 4,
        "a row that a merged cell alone fills is nobody"
    );
    assert_eq!(
        told(&outcome),
        ["Cell D2 is merged over several rows. Its value is used in each of them."]
    );
}

#[test]
fn cells_without_a_value_are_told() {
    let trial = Trial::new();
    let unsolved = "<c><f>LOWER(A2)</f><v></v></c>";
    let empty_text = "<c t=\"str\"><f>IF(1,\"\",1)</f><v></v></c>";
    let error = "<c t=\"e\"><f>NA()</f><v>#N/A</v></c>";
    let content = rows(&[
        NAMES,
        &["Nora", "Lindqvist", unsolved, empty_text],
        &[unsolved, "Brandt", "emil@example.com", error],
    ]);
    let outcome = bring(&trial, content, &[]);
    assert_eq!((outcome.created, outcome.faulty), (1, 1));
    assert_eq!(outcome.faults[0].column.as_deref(), Some("Email"));
    assert_eq!(
        told(&outcome),
        [
            "Left empty: 1 formula in \"First Name\" without a saved result. Open the file in a spreadsheet program, \
             save it, and import it again. First in row 3.",
            "Left empty: 1 cell in \"Company\" with a word for no value, such as N/A. First in row 3.",
        ]
    );
}

#[test]
fn formulas_filled_down_below_the_table_are_nobody() {
    let trial = Trial::new();
    let error = "<c t=\"e\"><f>VLOOKUP(1,A,1)</f><v>#REF!</v></c>";
    let content = rows(&[
        NAMES,
        &["Nora", "Lindqvist", "nora@example.com"],
        &["", "", "", error],
        &["", "", "", "<c><f>LOWER(A2)</f></c>"],
    ]);
    let outcome = bring(&trial, content, &[]);
    assert_eq!(
        (outcome.created, outcome.skipped, outcome.faulty),
        (1, 2, 0)
    );
}

#[test]
fn hidden_rows_come_in_and_are_told() {
    let trial = Trial::new();
    let content = rows(&[
        NAMES,
        &["Nora", "Lindqvist", "nora@example.com"],
        &["Emil", "Brandt", "emil@example.com"],
    ]);
    let content = content.replace("<row r=\"3\"", "<row r=\"3\" hidden=\"1\"");
    let outcome = bring(&trial, content, &[]);
    assert_eq!(outcome.created, 2);
    assert_eq!(
        told(&outcome),
        ["The sheet has 1 hidden row. It's imported like the others."]
    );
}

#[test]
fn hidden_columns_and_filtered_rows_come_in_and_are_told() {
    let trial = Trial::new();
    let people = rows(&[
        NAMES,
        &["Nora", "Lindqvist", "nora@example.com", "Cedar"],
        &["Emil", "Brandt", "emil@example.com", "Birch"],
    ]);
    let content = people.replace("<row r=\"3\"", "<row r=\"3\" hidden=\"1\"")
        + "<!----><cols><col min=\"3\" max=\"4\" hidden=\"1\"/></cols>\
           <autoFilter ref=\"A1:D3\"><filterColumn colId=\"0\"/></autoFilter>";
    let outcome = bring(&trial, content, &[]);
    assert_eq!(outcome.created, 2);
    assert_eq!(
        told(&outcome),
        [
            "The sheet has 1 hidden row, since a filter is set. It's imported like the others.",
            "The columns \"Email\" and \"Company\" are hidden in the sheet. They're imported like the others.",
        ]
    );
}

#[test]
fn headings_over_several_columns_tell_them_apart() {
    let trial = Trial::new();
    let content = rows(&[
        &["Guests of the fair"],
        &["Person", "", "Work", "", "Private"],
        &[
            "First Name",
            "Last Name",
            "Email",
            "Phone",
            "Email",
            "Phone",
        ],
        &[
            "Nora",
            "Lindqvist",
            "nora@example.com",
            "11",
            "nora@example.org",
            "22",
        ],
        &["Emil", "Brandt", "nobody", "", "", ""],
    ]) + "<!----><mergeCells><mergeCell ref=\"A1:F1\"/><mergeCell ref=\"A2:B2\"/><mergeCell ref=\"C2:D2\"/>\
          <mergeCell ref=\"E2:F2\"/></mergeCells>";
    let outcome = bring(&trial, content, &[]);
    assert_eq!((outcome.created, outcome.faulty), (1, 1));
    let text = |field| trial.text("nora@example.com", field);
    assert_eq!(
        (text("email_2"), text("business_phone"), text("home_phone")),
        ("nora@example.org".into(), "11".into(), "22".into())
    );
    assert_eq!(
        told(&outcome),
        ["The column names are in rows 2 to 3. The row above them is left out."]
    );
    let errors = std::fs::read_to_string(outcome.errors_file.unwrap()).unwrap();
    assert!(
        errors
            .contains("First Name,Last Name,Work: Email,Work: Phone,Private: Email,Private: Phone"),
        "{errors}"
    );
}

#[test]
fn names_over_two_rows_stand_beside_those_below() {
    let trial = Trial::new();
    let content = rows(&[
        &["First Name", "Last Name", "Contact"],
        &["", "", "Email", "Phone"],
        &["Nora", "Lindqvist", "nora@example.com", "11"],
    ]) + "<!----><mergeCells><mergeCell ref=\"A1:A2\"/><mergeCell ref=\"B1:B2\"/><mergeCell ref=\"C1:D1\"/></mergeCells>";
    let outcome = bring(&trial, content, &[]);
    assert_eq!((outcome.created, outcome.faulty), (1, 0));
    assert_eq!(trial.text("nora@example.com", "business_phone"), "11");
    assert_eq!(told(&outcome), ["The column names are in rows 1 to 2."]);
}

#[test]
fn a_plus_of_the_number_format_is_kept_and_noise_of_arithmetic_is_not() {
    let trial = Trial::new();
    let names = ["Last Name", "Email", "Mobile Phone", "Fax", "Notes"].as_slice();
    let nora = [
        "Lindqvist",
        "nora@example.com",
        "<c s=\"1\"><v>46701234567</v></c>",
        "<c s=\"2\"><v>46812345678</v></c>",
        "<c><v>0.30000000000000004</v></c>",
    ]
    .as_slice();
    bring(&trial, rows(&[names, nora]), &["\"+\"0", "\\+#"]);
    assert_eq!(
        trial.text("nora@example.com", "mobile_phone"),
        "+46701234567"
    );
    assert_eq!(trial.text("nora@example.com", "fax"), "+46812345678");
    assert_eq!(trial.text("nora@example.com", "notes"), "0.3");
}
