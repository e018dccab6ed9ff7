//! Imports that are interrupted, and go on.

use std::io::Write;
use std::ops::ControlFlow;

use crate::trial::{NOW, Trial};
use leadferry_commands::imports::{self, Error, ImportOutcome, ImportRequest};

/// Several pages with faulty, blank, doubled and unreadable rows on both sides of the borders.
fn people() -> String {
    let mut text = "first name,email,score\n".to_owned();
    for row in 0..4500 {
        text += &match row % 500 {
            499 => format!("Faulty {row},nobody,{row}\n"),
            498 => ",,\n".to_owned(),
            497 => format!("Open {row},\"o{row}@example.com,{row}\n"),
            496 => format!("Person {},p{}@example.com,changed\n", row - 10, row - 10),
            _ => format!("Person {row},p{row}@example.com,{row}x\n"),
        };
    }
    text
}

fn import_pages(trial: &Trial, request: &ImportRequest, pages: usize) -> ImportOutcome {
    let mut seen = 0;
    imports::import(&trial.store, &trial.files, request, || NOW, &mut |_| {
        seen += 1;
        if seen == pages {
            ControlFlow::Break(())
        } else {
            ControlFlow::Continue(())
        }
    })
    .unwrap()
}

fn content(trial: &Trial, outcome: &ImportOutcome) -> (Vec<String>, Vec<u8>) {
    let people = trial
        .contacts()
        .iter()
        .map(|contact| format!("{:?}", contact.values))
        .collect();
    (
        people,
        std::fs::read(outcome.errors_file.as_ref().unwrap()).unwrap(),
    )
}

#[test]
fn a_stop_at_any_page_border_changes_nothing_in_the_end() {
    let text = people();
    let straight = Trial::new();
    let request = |trial: &Trial| ImportRequest {
        create_custom_fields: true,
        ..trial.request("people.csv", &text)
    };
    let whole = straight.import(&request(&straight));
    assert_eq!(
        (whole.rows, whole.faulty, whole.skipped, whole.updated),
        (4500, 18, 9, 9)
    );
    let expected = content(&straight, &whole);
    for pages in 1..=2 {
        let trial = Trial::new();
        let request = request(&trial);
        let stopped = import_pages(&trial, &request, pages);
        assert!(!stopped.finished, "stopped after page {pages}");
        let resumed = trial.import(&request);
        assert!(resumed.resumed && resumed.finished);
        assert_eq!(
            (resumed.import, resumed.rows, resumed.created),
            (stopped.import, 4500, whole.created)
        );
        assert!(
            content(&trial, &resumed) == expected,
            "stopped after page {pages}"
        );
        assert!(matches!(
            trial.try_import(&request),
            Err(Error::AlreadyImported { .. })
        ));
    }
}

#[test]
fn other_options_do_not_resume() {
    let trial = Trial::new();
    let request = trial.request("people.csv", people());
    import_pages(&trial, &request, 1);
    let other = ImportRequest {
        create_accounts: true,
        ..request
    };
    assert!(matches!(
        trial.try_import(&other),
        Err(Error::AlreadyImported {
            rows: 1000,
            ended_at: None,
            ..
        })
    ));
}

#[test]
fn a_lost_errors_file_is_told_and_a_new_one_begun() {
    let trial = Trial::new();
    let request = trial.request("people.csv", people());
    let stopped = import_pages(&trial, &request, 1);
    std::fs::remove_file(stopped.errors_file.unwrap()).unwrap();
    let resumed = trial.import(&request);
    assert!(
        resumed.warnings[0]
            .text
            .contains("started a new errors file")
    );
    let errors = std::fs::read_to_string(resumed.errors_file.unwrap()).unwrap();
    assert!(
        errors.starts_with("first name,email,score,Leadferry error\nOpen 497"),
        "{}",
        &errors[..80]
    );
    let whole = Trial::new();
    let straight = whole.import(&ImportRequest {
        file: request.file.clone(),
        ..whole.request("unused.csv", "")
    });
    let expected = std::fs::read_to_string(straight.errors_file.unwrap()).unwrap();
    assert_eq!(errors, expected, "no invalid row is lost");
}

/// Adds a line as a spreadsheet or an editor does that is told to append.
fn append(file: &std::path::Path, line: &str) {
    let mut file = std::fs::OpenOptions::new().append(true).open(file).unwrap();
    file.write_all(line.as_bytes()).unwrap();
}

#[test]
fn what_the_user_adds_to_the_errors_file_of_an_interrupted_import_stays() {
    let trial = Trial::new();
    let request = trial.request("people.csv", people());
    let errors = import_pages(&trial, &request, 1).errors_file.unwrap();
    append(&errors, "call this one back\n");
    let mine = std::fs::read(&errors).unwrap();
    let resumed = trial.import(&request);
    assert_eq!(
        std::fs::read(&errors).unwrap(),
        mine,
        "byte for byte, since what was added is nobody else's"
    );
    let told = &resumed.warnings[0].text;
    assert!(told.contains("started a new errors file"), "{told}");
    assert_ne!(resumed.errors_file.unwrap(), errors);
}

#[test]
fn what_the_user_adds_while_the_import_runs_is_not_overwritten() {
    let trial = Trial::new();
    let request = trial.request("people.csv", people());
    let errors = trial.path("people.errors.csv");
    let mut pages = 0;
    imports::import(&trial.store, &trial.files, &request, || NOW, &mut |_| {
        pages += 1;
        if pages == 1 {
            append(&errors, "call this one back\n");
        }
        ControlFlow::Continue(())
    })
    .unwrap();
    let text = std::fs::read_to_string(&errors).unwrap();
    assert!(text.contains("\ncall this one back\n"), "{text}");
    let whole = Trial::new();
    let straight = whole.import(&whole.request("people.csv", people()));
    let expected = std::fs::read_to_string(straight.errors_file.unwrap()).unwrap();
    assert_eq!(
        text.replace("call this one back\n", ""),
        expected,
        "no invalid row is lost either"
    );
}

#[test]
fn a_file_that_changes_meanwhile_is_noticed() {
    let trial = Trial::new();
    let request = trial.request("people.csv", people());
    let mut pages = 0;
    let result = imports::import(&trial.store, &trial.files, &request, || NOW, &mut |_| {
        pages += 1;
        if pages == 1 {
            std::fs::OpenOptions::new()
                .append(true)
                .open(&request.file)
                .unwrap()
                .write_all(b"More,more@example.com,1\n")
                .unwrap();
        }
        ControlFlow::Continue(())
    });
    assert!(matches!(result, Err(Error::Changed(_))));
    assert_eq!(trial.contacts().len(), 992, "the first page stays");
}

#[test]
fn progress_is_told_after_each_page() {
    let trial = Trial::new();
    let request = trial.request("people.csv", people());
    let mut seen = Vec::new();
    imports::import(
        &trial.store,
        &trial.files,
        &request,
        || NOW,
        &mut |progress| {
            seen.push(*progress);
            ControlFlow::Continue(())
        },
    )
    .unwrap();
    let rows: Vec<u64> = seen.iter().map(|progress| progress.rows).collect();
    // Between the pages as well, where one takes long.
    assert!(
        rows.is_sorted()
            && [1000, 3000, 4500]
                .iter()
                .all(|border| rows.contains(border))
    );
    let last = seen.last().unwrap();
    assert_eq!(last.bytes, last.bytes_total);
}
