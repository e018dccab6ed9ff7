//! Rows that cannot be taken in: the rest comes in, they go to the errors file as they were.

use leadferry_commands::imports::{Error, ImportRequest};
use leadferry_store::ContactField;

use crate::trial::{Trial, told};

fn errors_of(outcome: &leadferry_commands::imports::ImportOutcome) -> String {
    std::fs::read_to_string(outcome.errors_file.as_ref().unwrap()).unwrap()
}

#[test]
fn a_faulty_row_never_stops_the_rest() {
    let trial = Trial::new();
    let text = "first name,last name,email,birthday\n\
                Ada,Byron,ada@example.com,1815-12-10\n\
                Bob,Bad,nobody,1990-01-01\n\
                Cleo,Late,cleo@,soon\n\
                Dan,More,dan@example.com,1990-01-01,extra\n\
                Eve,Good,eve@example.com\n";
    let outcome = trial.bring("people.csv", text);
    assert_eq!((outcome.created, outcome.faulty), (2, 3));
    let told: Vec<_> = outcome
        .faults
        .iter()
        .map(|fault| (fault.line, fault.column.as_deref(), fault.reason.as_str()))
        .collect();
    assert_eq!(
        told,
        [
            (3, Some("email"), "this isn't an email address"),
            (4, Some("email"), "this isn't an email address"),
            (5, None, "the row has 5 cells, but the file has 4 columns"),
        ]
    );
    assert_eq!(
        outcome.errors_file.as_deref(),
        Some(trial.path("people.errors.csv").as_path())
    );
    assert_eq!(
        errors_of(&outcome),
        "first name,last name,email,birthday,Leadferry error\n\
        Bob,Bad,nobody,1990-01-01,\"row 3, email: this isn't an email address\"\n\
        Cleo,Late,cleo@,soon,\"row 4, email: this isn't an email address\"\n\
        Dan,More,dan@example.com,1990-01-01,extra,\"row 5: the row has 5 cells, but the file has 4 columns\"\n"
    );
    assert_eq!(trial.all(ContactField::FirstName), ["Ada", "Eve"]);
}

#[test]
fn a_day_that_no_calendar_has_is_left_out_and_the_person_comes_in() {
    let trial = Trial::new();
    let outcome = trial.bring(
        "people.csv",
        "First name,Email,Birthday\nAda,a@example.com,1990-02-28\nBea,b@example.com,2024-02-30\n\
         Cas,c@example.com,31.04.1990\n",
    );
    assert_eq!((outcome.created, outcome.faulty), (3, 0));
    assert_eq!(
        told(&outcome),
        [
            "Left empty: 2 dates in \"Birthday\" that no calendar has, such as 2024-02-30. First in row 3."
        ]
    );
    assert_eq!(trial.value("b@example.com", "birthday"), None);
}

#[test]
fn a_mended_errors_file_imports() {
    let trial = Trial::new();
    let outcome = trial.bring(
        "people.csv",
        "name;email;notes\r\nBob Bad;nobody;\"two\r\nlines\"\r\nCleo;cleo@\r\n",
    );
    assert_eq!(outcome.faulty, 2);
    let mended = errors_of(&outcome).replace("nobody", "bob@example.com");
    let outcome = trial.bring("people.errors.csv", mended);
    assert_eq!((outcome.created, outcome.faulty), (1, 1));
    assert_eq!(trial.text("bob@example.com", "notes"), "two\r\nlines");
    assert!(outcome.columns_ignored.is_empty());
    // The old reason gives way to the new one, and no second column comes up.
    assert_eq!(
        errors_of(&outcome),
        "name;email;notes;Leadferry error\r\nCleo;cleo@;;row 3, email: this isn't an email address\r\n"
    );
    assert_eq!(
        outcome.errors_file.as_deref(),
        Some(trial.path("people.errors.errors.csv").as_path())
    );
}

#[test]
fn rows_that_cannot_be_taken_apart_are_kept_byte_for_byte() {
    let trial = Trial::new();
    let text = b"\xef\xbb\xbfname,email\nAda,\"open\nBob,bob@example.com\nN\0L,nul@example.com\nX\xff\xfe,x@example.com\nEve,eve@example.com\n";
    let outcome = trial.bring("people.csv", text);
    assert_eq!((outcome.created, outcome.faulty), (2, 3));
    assert_eq!(
        trial.all(ContactField::Email),
        ["bob@example.com", "eve@example.com"]
    );
    let errors = std::fs::read(outcome.errors_file.as_ref().unwrap()).unwrap();
    assert_eq!(errors, b"\xef\xbb\xbfname,email,Leadferry error\nAda,\"open\nN\0L,nul@example.com\nX\xff\xfe,x@example.com\n");
    let lines: Vec<u64> = outcome.faults.iter().map(|fault| fault.line).collect();
    assert_eq!(lines, [2, 4, 5]);
}

#[test]
fn the_errors_file_keeps_the_encoding() {
    let trial = Trial::new();
    let text = "Name;E-Mail\r\nJürgen;niemand\r\n";
    let expected = "Name;E-Mail;Leadferry error\r\nJürgen;niemand;row 2, E-Mail: this isn't an email address\r\n";
    let latin = |text: &str| encoding_rs::WINDOWS_1252.encode(text).0.into_owned();
    let wide = |text: &str| -> Vec<u8> {
        format!("\u{feff}{text}")
            .encode_utf16()
            .flat_map(u16::to_le_bytes)
            .collect()
    };
    for (name, encode) in [
        ("latin.csv", &latin as &dyn Fn(&str) -> Vec<u8>),
        ("wide.csv", &wide),
    ] {
        let outcome = trial.bring(name, encode(text));
        assert_eq!(
            std::fs::read(outcome.errors_file.unwrap()).unwrap(),
            encode(expected),
            "{name}"
        );
    }
}

#[test]
fn an_errors_file_is_never_overwritten() {
    let trial = Trial::new();
    std::fs::write(trial.path("people.errors.csv"), "mended by hand").unwrap();
    let outcome = trial.bring("people.csv", "email\nnobody\n");
    assert_eq!(
        outcome.errors_file.as_deref(),
        Some(trial.path("people.errors.2.csv").as_path())
    );
    assert_eq!(
        std::fs::read_to_string(trial.path("people.errors.csv")).unwrap(),
        "mended by hand"
    );
}

#[test]
fn an_errors_file_that_cannot_be_written_is_told() {
    let trial = Trial::new();
    let errors_file = Some(trial.path("no such folder/errors.csv"));
    let request = ImportRequest {
        errors_file,
        ..trial.request("people.csv", "email\nada@example.com\nnobody\n")
    };
    assert!(matches!(
        trial.try_import(&request),
        Err(Error::ErrorsFile { .. })
    ));
    assert!(
        trial.contacts().is_empty(),
        "a page comes in whole or not at all"
    );
}

#[test]
fn a_cell_of_ten_megabytes_is_one_faulty_row() {
    let trial = Trial::new();
    let row = format!("Bob,bob@example.com,{}", "x".repeat(10 << 20));
    let outcome = trial.bring(
        "people.csv",
        format!("name,email,notes\nAda,ada@example.com,\n{row}\nEve,eve@example.com,\n"),
    );
    assert_eq!((outcome.created, outcome.faulty), (2, 1));
    assert_eq!(
        errors_of(&outcome),
        format!("name,email,notes,Leadferry error\n{row}\n")
    );
}

#[test]
fn a_long_row_in_another_encoding_stays_whole() {
    let trial = Trial::new();
    for shift in ["", "x", "xx"] {
        let row = format!("Bob,bob@example.com,{shift}{}", "é€𝄞".repeat(500_000));
        let text = |rows: &str| -> Vec<u8> {
            format!("\u{feff}{rows}")
                .encode_utf16()
                .flat_map(u16::to_le_bytes)
                .collect()
        };
        let outcome = trial.bring("people.csv", text(&format!("name,email,notes\n{row}\n")));
        assert_eq!(outcome.faulty, 1);
        let errors = std::fs::read(outcome.errors_file.unwrap()).unwrap();
        assert!(errors == text(&format!("name,email,notes,Leadferry error\n{row}\n")));
    }
}

#[test]
fn a_name_longer_than_its_field_is_faulty() {
    let trial = Trial::new();
    let outcome = trial.bring(
        "people.csv",
        format!("email,last name\nada@example.com,{}\n", "x".repeat(300)),
    );
    assert_eq!(
        outcome.faults[0].reason,
        "the text has more than 255 characters"
    );
}

#[test]
fn a_value_that_cannot_be_read_is_left_out_and_the_person_comes_in() {
    let trial = Trial::new();
    let outcome = trial.bring(
        "people.csv",
        format!(
            "Name,Email,City,Birthday,Website\nAda,ada@example.com,{},ca. 1985,x\nBea,bea@example.com,Rome,soon,y\n",
            "x".repeat(300)
        ),
    );
    assert_eq!((outcome.created, outcome.faulty), (2, 0));
    assert_eq!(
        told(&outcome),
        [
            "Left empty: 1 text in \"City\" longer than the field takes. First in row 2.",
            "Left empty: 2 values in \"Birthday\" that can't be read as a date. First in row 2.",
        ]
    );
    let mended = trial.bring(
        "more.csv",
        "Name,Email,Birthday\nAda,ada@example.com,4.3.1985\n",
    );
    assert_eq!(mended.updated, 1);
    let kept = trial.bring(
        "later.csv",
        "Name,Email,Birthday\nAda,ada@example.com,1985?\n",
    );
    assert_eq!(
        (kept.updated, kept.faulty),
        (0, 0),
        "what is known of her stays"
    );
}

#[test]
fn a_second_table_below_is_told_and_read_by_its_own_names_alone() {
    let text = "First name,Last name,Email,City\nAda,Byron,ada@example.com,London\n\n\
                Company,Phone,Contact,Notes\nTallow Ltd,0351 123456,Bea Crane,hi\n,,Cas Dorn,\n\n\
                First name,Last name,Email,City\nDan,Evers,dan@example.com,Rome\n";
    let trial = Trial::new();
    let outcome = trial.bring("people.csv", text);
    assert_eq!((outcome.created, outcome.faulty), (2, 4));
    assert_eq!(trial.all(ContactField::FirstName), ["Ada", "Dan"]);
    let lines: Vec<u64> = outcome.faults.iter().map(|fault| fault.line).collect();
    assert_eq!(lines, [4, 5, 6, 8]);
    assert!(
        outcome.faults[1].reason.contains("column names in row 4"),
        "{:?}",
        outcome.faults
    );
    let second = ImportRequest {
        header_row: Some(4),
        again: true,
        ..trial.request("people.csv", text)
    };
    let outcome = trial.import(&second);
    assert_eq!(outcome.created, 2, "{outcome:?}");
    assert!(
        trial
            .all(ContactField::FirstName)
            .contains(&"Bea".to_owned())
    );
}

#[test]
fn two_numbers_in_one_cell_fill_two_fields_and_never_take_the_place_of_another() {
    let trial = Trial::new();
    let file = "Name,Email,Phone\nAda,ada@example.com,+43 1 555 01 01 / +43 664 555 01 02\n\
                Bea,bea@example.com,\"0351 123456 (private), 0351 654321 (office), 0170 1234567\"\n";
    let outcome = trial.bring("people.csv", file);
    assert_eq!((outcome.created, outcome.faulty), (2, 0));
    for (email, field, number) in [
        ("ada@example.com", "business_phone", "+43 1 555 01 01"),
        ("ada@example.com", "mobile_phone", "+43 664 555 01 02"),
        ("bea@example.com", "business_phone", "0351 654321"),
        ("bea@example.com", "home_phone", "0351 123456"),
        ("bea@example.com", "mobile_phone", "0170 1234567"),
    ] {
        assert_eq!(trial.text(email, field), number);
    }
    let tells = |outcome, text| told(outcome).iter().any(|one| one.starts_with(text));
    assert!(
        tells(&outcome, "Imported into another phone field"),
        "{:?}",
        outcome.warnings
    );
    let later = trial.bring(
        "later.csv",
        "Name,Email,Phone\nAda,ada@example.com,+43 1 555 01 01; +43 1 555 99 99\n",
    );
    assert_eq!(later.unchanged, 1);
    assert!(
        tells(&later, "Not imported: the second value"),
        "{:?}",
        later.warnings
    );
    assert_eq!(
        trial.text("ada@example.com", "mobile_phone"),
        "+43 664 555 01 02"
    );
}

#[test]
fn five_thousand_columns_are_read_and_thirty_thousand_are_not() {
    let trial = Trial::new();
    let wide = |columns: usize| {
        let names: String = (0..columns).map(|at| format!(",column {at}")).collect();
        format!("email{names}\nada@example.com{}\n", ",x".repeat(columns))
    };
    let outcome = trial.bring("wide.csv", wide(5000));
    assert_eq!((outcome.created, outcome.columns_ignored.len()), (1, 5000));
    let refused = trial
        .try_import(&trial.request("wider.csv", wide(30_000)))
        .unwrap_err();
    assert!(matches!(
        refused,
        Error::TooManyColumns { found: 30_001, .. }
    ));
    let many_fields = ImportRequest {
        create_custom_fields: true,
        again: true,
        ..trial.request("fields.csv", wide(600))
    };
    assert!(
        matches!(trial.try_import(&many_fields), Err(Error::Store(_))),
        "500 custom fields are the most"
    );
    assert_eq!(trial.contacts().len(), 1);
}

#[test]
fn blank_rows_are_skipped_and_a_row_that_names_nobody_is_faulty() {
    let trial = Trial::new();
    let outcome = trial.bring("people.csv", "name,email,city\n,,\n , ,\n,,Paris\n");
    assert_eq!(
        (outcome.skipped, outcome.created, outcome.faulty),
        (2, 0, 1)
    );
}

#[test]
fn a_short_row_over_several_lines_is_not_believed() {
    let trial = Trial::new();
    let outcome = trial.bring(
        "people.csv",
        "name,email,city\nAda,\"x\nBob,bob@example.com,\"\nEve,eve@example.com,Rome\n",
    );
    assert_eq!((outcome.created, outcome.faulty), (1, 1));
    assert!(
        errors_of(&outcome).contains("Ada,\"x\nBob,bob@example.com,\""),
        "Bob is not lost"
    );
}
