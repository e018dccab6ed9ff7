//! Files of activities go the way of files of contacts: sheets, header rows, encodings, cells as people have them, and
//! an errors file that loses nothing.

use std::ops::ControlFlow;

use leadferry_commands::imports::{self, ActivitiesOutcome, ActivitiesRequest, preview_activities};

use crate::book::{Sheet, book, rows};
use crate::trial::{NOW, Trial};

fn request(trial: &Trial, name: &str, bytes: impl AsRef<[u8]>) -> ActivitiesRequest {
    ActivitiesRequest {
        file: trial.request(name, bytes).file,
        create_types: true,
        ..ActivitiesRequest::default()
    }
}

fn import(trial: &Trial, request: &ActivitiesRequest, pages: usize) -> ActivitiesOutcome {
    let mut seen = 0;
    let mut stop = |_: &imports::ImportProgress| {
        seen += 1;
        if seen == pages {
            ControlFlow::Break(())
        } else {
            ControlFlow::Continue(())
        }
    };
    imports::import_activities(&trial.store, &trial.files, request, || NOW, &mut stop).unwrap()
}

fn bring(trial: &Trial, name: &str, bytes: impl AsRef<[u8]>) -> ActivitiesOutcome {
    import(trial, &request(trial, name, bytes), usize::MAX)
}

#[test]
fn cells_are_cleaned_and_names_of_other_programs_are_known() {
    let trial = Trial::new();
    trial.bring("people.csv", "Email,Name\nada@example.com,Ada Byron\n");
    let outcome = bring(
        &trial,
        "events.csv",
        "E-Mail-Adresse;Aktivität;Zeitpunkt;Betrag;Notizen\n\
         \u{200b}ada@example.com;=\"Besuch\";01.02.2026 10:00;1,5;NULL\n\
         Ada <ada@example.com>;Besuch;02.02.2026;n/a;\"R&amp;D\"\n\
         E-Mail-Adresse;Aktivität;Zeitpunkt;Betrag;Notizen\n",
    );
    assert_eq!((outcome.added, outcome.faulty), (2, 1), "{outcome:?}");
    assert_eq!(
        outcome.faults[0].reason,
        "this row repeats the column names"
    );
    assert_eq!(outcome.types_created, ["Besuch"]);
    assert!(
        outcome
            .warnings
            .iter()
            .any(|warning| warning.text.starts_with("Left empty: 1 cell in \"Betrag\""))
    );
}

#[test]
fn sheet_header_row_encoding_and_delimiter_are_found_or_told() {
    let trial = Trial::new();
    let table: &[&[&str]] = &[
        &["Visits in May"],
        &["Email", "Type", "Time"],
        &["ada@example.com", "Visit", "2026-02-01"],
    ];
    let workbook = book(
        &[Sheet::new("Read me", ""), Sheet::new("Visits", rows(table))],
        &[],
    );
    let found = request(&trial, "events.xlsx", workbook);
    let preview = preview_activities(
        &trial.store,
        &found,
        NOW,
        &mut |_| ControlFlow::Continue(()),
    )
    .unwrap();
    assert_eq!(
        (preview.sheet.as_deref(), preview.header_row),
        (Some("Visits"), 2)
    );
    assert_eq!(preview.sheets.len(), 2);
    assert_eq!(import(&trial, &found, usize::MAX).waiting, 1);
    let told = ActivitiesRequest {
        encoding: Some("cp850".to_owned()),
        delimiter: Some('|'),
        header_row: Some(2),
        ..request(
            &trial,
            "events.csv",
            b"x|y|z\nEmail|Type|Time\nbob@example.com|Caf\x82|2026-02-01\n",
        )
    };
    assert_eq!(import(&trial, &told, usize::MAX).types_created, ["Café"]);
}

#[test]
fn the_column_at_fault_is_named_whatever_the_reason_says() {
    let trial = Trial::new();
    let long = "x".repeat(300);
    let outcome = bring(
        &trial,
        "events.csv",
        format!(
            "Email,Type,Time,Subject\nada@example.com,Visit,2026-02-01,{long}\nada@example.com,Visit,2099-02-01,\n"
        ),
    );
    let columns: Vec<_> = outcome
        .faults
        .iter()
        .map(|fault| fault.column.as_deref())
        .collect();
    assert_eq!(columns, [Some("Subject"), Some("Time")]);
}

#[test]
fn invalid_rows_are_written_again_when_their_file_is_lost() {
    let trial = Trial::new();
    let mut text = "Email,Type,Time\nnobody,Visit,2026-02-01\n".to_owned();
    for number in 0..3_000 {
        text.push_str(&format!("p{number}@example.com,Visit,2026-02-01\n"));
    }
    text.push_str("late,Visit,2026-02-01\n");
    let request = request(&trial, "events.csv", text);
    let stopped = import(&trial, &request, 1);
    assert!(!stopped.finished);
    std::fs::remove_file(stopped.errors_file.unwrap()).unwrap();
    let resumed = import(&trial, &request, usize::MAX);
    assert!(resumed.finished && resumed.resumed);
    assert_eq!((resumed.waiting, resumed.faulty), (3_000, 2));
    assert!(
        resumed.warnings[0]
            .text
            .contains("started a new errors file")
    );
    let errors = std::fs::read_to_string(resumed.errors_file.unwrap()).unwrap();
    assert!(
        errors.contains("nobody,Visit") && errors.contains("late,Visit"),
        "{errors}"
    );
}
