//! vCard files: each card is a person, read like the row of a table.

use std::ops::ControlFlow;

use leadferry_commands::imports::{self, ImportRequest};
use leadferry_store::ContactField;

use crate::trial::{NOW, Trial};

fn card(version: &str, lines: &[&str]) -> String {
    format!(
        "BEGIN:VCARD\r\nVERSION:{version}\r\n{}\r\nEND:VCARD\r\n",
        lines.join("\r\n")
    )
}

#[test]
fn many_people_of_one_file_come_in_whatever_its_version() {
    let trial = Trial::new();
    let cards = card(
        "3.0",
        &[
            "N:Lindqvist;Nora;;;",
            "FN:Nora Lindqvist",
            "ORG:Hallgren AB;Sales",
            "EMAIL;TYPE=WORK:nora@example.com",
            "EMAIL;TYPE=HOME:nora@example.org",
            "TEL;TYPE=CELL:+46 70 1",
            "ADR;TYPE=WORK:;;Storgatan 1;Lund;;222 22;Sweden",
            "PHOTO;ENCODING=b;TYPE=JPEG:/9j/4AAQSkZJRgABAQAAAQABAAD",
            " 2wBDAAMCAgICAgMCAgIDAwMDBAYEBAQEBAg",
            "NOTE:Met at the",
            "  fair\\, twice",
        ],
    ) + &card(
        "4.0",
        &[
            "FN:Emil Brandt",
            "EMAIL;PREF=1:emil@example.com",
            "BDAY:19850315",
        ],
    ) + &card(
        "2.1",
        &[
            "N;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:M=C3=BCller;J=C3=B6rg;;;",
            "EMAIL;INTERNET:joerg@example.com",
        ],
    );
    let request = trial.request("people.vcf", cards);
    let looked =
        imports::preview(&trial.store, &request, &mut |_| ControlFlow::Continue(())).unwrap();
    assert_eq!((looked.format.as_str(), looked.header_row), ("vcard", 0));
    let outcome = trial.import(&request);
    assert_eq!((outcome.created, outcome.faulty), (3, 0));
    for (field, text) in [
        ("last_name", "Lindqvist"),
        ("company_name", "Hallgren AB"),
        ("department", "Sales"),
        ("email_2", "nora@example.org"),
        ("mobile_phone", "+46 70 1"),
        ("address_line1", "Storgatan 1"),
        ("city", "Lund"),
        ("postal_code", "222 22"),
        ("country", "SE"),
        ("notes", "Met at the fair, twice"),
    ] {
        assert_eq!(trial.text("nora@example.com", field), text, "{field}");
    }
    assert_eq!(trial.text("emil@example.com", "last_name"), "Brandt");
    assert_eq!(trial.text("joerg@example.com", "first_name"), "Jörg");
}

#[test]
fn invalid_cards_go_to_an_errors_file_that_imports_once_it_is_fixed() {
    let trial = Trial::new();
    let cards = card("3.0", &["N:Lindqvist;Nora;;;", "EMAIL:nora@example.com"])
        + &card("3.0", &["N:Brandt;Emil;;;", "EMAIL:nobody"]);
    let outcome = trial.bring("people.vcf", cards);
    assert_eq!((outcome.created, outcome.faulty), (1, 1));
    assert_eq!(outcome.faults[0].line, 6);
    let errors = std::fs::read_to_string(outcome.errors_file.unwrap()).unwrap();
    let fixed = errors.replace("nobody", "emil@example.com");
    assert_eq!(trial.bring("people.errors.csv", fixed).created, 1);
    assert_eq!(trial.text("emil@example.com", "first_name"), "Emil");
}

#[test]
fn an_interrupted_import_of_cards_goes_on() {
    let trial = Trial::new();
    let cards: String = (0..3000)
        .map(|number| {
            card(
                "3.0",
                &["N:Doe;Jane;;;", &format!("EMAIL:p{number}@example.com")],
            )
        })
        .collect();
    let request: ImportRequest = trial.request("people.vcf", cards);
    let stop = &mut |_: &_| ControlFlow::Break(());
    let begun = imports::import(&trial.store, &trial.files, &request, || NOW, stop).unwrap();
    assert!(!begun.finished && begun.rows < 3000);
    let outcome = trial.import(&request);
    assert!(outcome.resumed);
    assert_eq!(
        (outcome.rows, trial.all(ContactField::Email).len()),
        (3000, 3000)
    );
}
