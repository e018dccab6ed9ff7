//! Faulty rows are listed, mended in place and taken in; what is still faulty stays.

use leadferry_commands::imports::{self, Error, ImportRequest, MendedRow};
use leadferry_store::ImportId;

use crate::trial::{NOW, Trial};

const PEOPLE: &str = "name;email;birthday;note\r\n\
    Ada Byron;ada@example.com;03/04/1990;\r\n\
    Bob Bad;nobody;05/06/1991;\"two\r\nlines\"\r\n\
    Cleo Late;cleo@;soon;\r\n\
    Dan Old;dan@example.com;25/12/1980;\r\n\
    Eve Wide;eve@example.com;01/02/1990;x;surplus\r\n";

fn row(line: u64, cells: &[&str]) -> MendedRow {
    MendedRow {
        line,
        cells: cells.iter().map(|cell| (*cell).to_owned()).collect(),
    }
}

#[test]
fn faulty_rows_are_read_back_with_their_lines_and_cells() {
    let trial = Trial::new();
    let outcome = trial.bring("people.csv", PEOPLE);
    let import = ImportId(outcome.import);
    let page = imports::faulty(&trial.store, &trial.files, import, 0, 10).unwrap();
    assert_eq!(page.columns, ["name", "email", "birthday", "note"]);
    assert_eq!(page.total, 3);
    let told: Vec<_> = page
        .rows
        .iter()
        .map(|fault| (fault.line, fault.column.as_deref(), fault.reason.as_str()))
        .collect();
    assert_eq!(
        told,
        [
            (3, Some("email"), "this isn't an email address"),
            (4, Some("email"), "this isn't an email address"),
            (6, None, "the row has 5 cells, but the file has 4 columns"),
        ]
    );
    assert_eq!(
        page.rows[0].cells,
        ["Bob Bad", "nobody", "05/06/1991", "two\r\nlines"]
    );
    assert_eq!(
        page.rows[2].cells,
        ["Eve Wide", "eve@example.com", "01/02/1990", "x", "surplus"]
    );
    let second = imports::faulty(&trial.store, &trial.files, import, 1, 1).unwrap();
    assert_eq!((second.rows[0].line, second.total), (4, 3));
}

#[test]
fn mended_rows_come_in_and_leave_the_errors_file() {
    let trial = Trial::new();
    let outcome = trial.bring("people.csv", PEOPLE);
    let import = ImportId(outcome.import);
    let rows = [
        row(
            3,
            &["Bob Bad", "bob@example.com", "05/06/1991", "two\nlines"],
        ),
        row(4, &["Cleo Late", "cleo@", "sooner"]),
    ];
    let request = ImportRequest {
        file: trial.path("people.csv"),
        ..ImportRequest::default()
    };
    let tried = imports::try_rows(&trial.store, &request, &rows, NOW).unwrap();
    assert_eq!((tried.created, tried.faulty), (1, 1));
    let mended = imports::mend(&trial.store, &trial.files, import, &rows, || NOW).unwrap();
    assert_eq!((mended.created, mended.faulty), (1, 1));
    assert_eq!(mended.faults[0].line, 4);
    assert_eq!(mended.errors_file, None);
    // Day first, as the rest of the file says, though these rows alone leave it open.
    assert_eq!(
        format!("{:?}", trial.value("bob@example.com", "birthday").unwrap()),
        "Date(1991-06-05)"
    );
    let left = imports::faulty(&trial.store, &trial.files, import, 0, 10).unwrap();
    let lines: Vec<u64> = left.rows.iter().map(|fault| fault.line).collect();
    assert_eq!(lines, [4, 6]);
    let errors = std::fs::read_to_string(outcome.errors_file.as_ref().unwrap()).unwrap();
    assert_eq!(
        errors,
        "name;email;birthday;note;Leadferry error\r\n\
         Cleo Late;cleo@;soon;;row 4, email: this isn't an email address\r\n\
         Eve Wide;eve@example.com;01/02/1990;x;surplus;row 6: the row has 5 cells, but the file has 4 columns\r\n"
    );
    let rest = [
        row(4, &["Cleo Late", "cleo@example.com", ""]),
        row(6, &["Eve Wide", "eve@example.com", "01/02/1990", "x"]),
    ];
    let mended = imports::mend(&trial.store, &trial.files, import, &rest, || NOW).unwrap();
    assert_eq!((mended.created, mended.faulty), (2, 0));
    assert!(!outcome.errors_file.unwrap().exists());
    let past = imports::list(&trial.store, &trial.files, NOW).unwrap();
    assert_eq!(past.len(), 3);
    assert!(past[0].mended && past[0].act.is_some());
    assert!(!past[2].mended && !past[2].mendable);
    let summed: Vec<_> = past.iter().map(|one| (one.faulty, one.fixed)).collect();
    assert_eq!(summed, [(0, 0), (0, 0), (0, 3)], "nothing stays faulty");
}

#[test]
fn an_errors_file_that_was_mended_and_imported_belongs_to_the_first_import() {
    let trial = Trial::new();
    let outcome = trial.bring("people.csv", PEOPLE);
    let errors = outcome.errors_file.unwrap();
    let text = std::fs::read_to_string(&errors).unwrap();
    let mended = text.replace("nobody", "bob@example.com");
    assert_ne!(mended, text);
    // Somewhere else, and without the row that nobody could mend.
    let rows = mended.lines().filter(|line| !line.contains("Eve"));
    let rows: Vec<_> = rows.collect();
    let again = trial.bring("mended.csv", rows.join("\r\n"));
    assert_eq!((again.created, again.faulty), (1, 1));
    let past = imports::list(&trial.store, &trial.files, NOW).unwrap();
    let told: Vec<_> = past
        .iter()
        .map(|one| (one.mends.as_deref(), one.faulty, one.fixed))
        .collect();
    assert_eq!(
        told,
        [(Some("people.csv"), 1, 0), (None, 1, 1)],
        "each row stands in one of the two"
    );
    let waiting = |import: ImportId| {
        let page = imports::faulty(&trial.store, &trial.files, import, 0, 10).unwrap();
        page.rows.len()
    };
    assert_eq!((waiting(past[0].id), waiting(past[1].id)), (1, 1));
    let other = trial.bring("other.csv", "name;email\r\nZoe;zoe@example.com\r\n");
    assert_eq!(other.created, 1);
    let past = imports::list(&trial.store, &trial.files, NOW).unwrap();
    assert_eq!(past[0].mends, None, "a file of its own");
}

#[test]
fn rows_that_are_still_faulty_begin_no_import() {
    let trial = Trial::new();
    let outcome = trial.bring("people.csv", PEOPLE);
    let import = ImportId(outcome.import);
    let rows = [row(3, &["Bob Bad", "nobody at all", "05/06/1991", ""])];
    let mended = imports::mend(&trial.store, &trial.files, import, &rows, || NOW).unwrap();
    assert_eq!((mended.rows, mended.faulty), (1, 1));
    assert_eq!(mended.faults[0].column.as_deref(), Some("email"));
    let past = imports::list(&trial.store, &trial.files, NOW).unwrap();
    assert_eq!(past.len(), 1);
    assert_eq!((past[0].faulty, past[0].fixed), (3, 0));
    let left = imports::faulty(&trial.store, &trial.files, import, 0, 10).unwrap();
    assert_eq!(left.total, 3);
}

#[test]
fn custom_fields_of_the_import_take_the_mended_values() {
    let trial = Trial::new();
    let request = ImportRequest {
        create_custom_fields: true,
        ..trial.request("people.csv", "email,seats\na@example.com,5\nnobody,7\n")
    };
    let outcome = trial.import(&request);
    assert_eq!(outcome.custom_fields_created, ["seats"]);
    let rows = [row(3, &["b@example.com", "7"])];
    imports::mend(
        &trial.store,
        &trial.files,
        ImportId(outcome.import),
        &rows,
        || NOW,
    )
    .unwrap();
    assert_eq!(
        trial.value("b@example.com", "seats"),
        Some(leadferry_store::Value::Integer(7))
    );
}

#[test]
fn rows_of_a_file_that_is_gone_are_not_guessed_at() {
    let trial = Trial::new();
    let outcome = trial.bring("people.csv", PEOPLE);
    std::fs::write(trial.path("people.csv"), "email\nother@example.com\n").unwrap();
    let rows = [row(3, &["Bob Bad", "bob@example.com"])];
    let mended = imports::mend(
        &trial.store,
        &trial.files,
        ImportId(outcome.import),
        &rows,
        || NOW,
    );
    assert!(matches!(mended, Err(Error::Gone(_))));
    assert_eq!(trial.contacts().len(), 2);
    let place = trial.path("copy.csv");
    imports::save_faulty(&trial.store, &trial.files, ImportId(outcome.import), &place).unwrap();
    assert!(std::fs::read_to_string(place).unwrap().contains("nobody"));
}
