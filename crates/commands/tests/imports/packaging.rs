//! How programs wrap a table: quotes around whole rows, signs that end a file, other formats under a wrong name.

use leadferry_commands::imports::Error;
use leadferry_store::ContactField;

use crate::trial::Trial;

#[test]
fn rows_inside_one_quoted_cell_are_split() {
    let trial = Trial::new();
    let text = "First Name,Last Name,Email\r\n\"Nora,\"\"Lindqvist, PhD\"\",nora@example.com\"\r\n\"Emil,Brandt,nobody\"\r\n";
    let outcome = trial.bring("people.csv", text);
    assert_eq!((outcome.created, outcome.faulty), (1, 1));
    assert_eq!(trial.text("nora@example.com", "first_name"), "Nora");
    assert_eq!(
        outcome.warnings[0].text,
        "Each row was a single quoted cell. Leadferry split the rows into columns."
    );
    let errors = std::fs::read_to_string(outcome.errors_file.unwrap()).unwrap();
    let row = errors.lines().nth(1).unwrap();
    assert!(
        row.starts_with("Emil,Brandt,nobody,\"row 3, Email:"),
        "{row}"
    );
    // What is fixed there comes in as a table like any other.
    let fixed = errors.replace("nobody", "emil@example.com");
    assert_eq!(trial.bring("fixed.csv", fixed).created, 1);
}

#[test]
fn the_sign_that_ended_files_of_ms_dos_is_nobody() {
    for end in ["\u{1a}", "\r\n\u{1a}", "\r\n\u{1a}\u{1a}", "\r\n\u{1a}\r\n"] {
        let trial = Trial::new();
        let text = format!("First Name,Email\r\nNora,nora@example.com{end}");
        let outcome = trial.bring("people.csv", text);
        assert_eq!(
            (outcome.created, outcome.rows, outcome.faulty),
            (1, 1, 0),
            "{end:?}"
        );
        assert_eq!(trial.all(ContactField::Email), ["nora@example.com"]);
    }
}

#[test]
fn what_is_no_table_is_called_by_its_name() {
    let trial = Trial::new();
    let table = b"<table border=1><tr><th>First Name</th><th>Email</th></tr></table>".as_slice();
    let ods = b"PK\x03\x04\x14\0\0\x08\0\0\0\0\0\0\x85l9\x8a.\0\0\0.\0\0\0\x08\0\0\0mimetypeapplication/vnd.oasis.opendocument.spreadsheet".as_slice();
    let xls = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1".as_slice();
    for (name, bytes, word) in [
        ("people.xls", table, "a web page"),
        ("people.ods", ods, "an OpenDocument file (.ods)"),
        ("old.xls", xls, "an old Excel file"),
    ] {
        let refused = trial.try_import(&trial.request(name, bytes)).unwrap_err();
        assert!(
            matches!(&refused, Error::UnknownFormat { what, .. } if what.contains(word)),
            "{refused}"
        );
    }
}
