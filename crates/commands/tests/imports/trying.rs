//! A trial counts what the import then does, and changes nothing.

use std::ops::ControlFlow;

use leadferry_commands::imports::{self, Existing, ImportKey, ImportRequest, Trial as Counts};
use leadferry_store::FieldKind;

use crate::trial::{NOW, Trial, sample};

fn try_out(trial: &Trial, request: &ImportRequest) -> Counts {
    imports::try_out(&trial.store, request, NOW, &mut |_| {
        ControlFlow::Continue(())
    })
    .unwrap()
}

/// Tries a request out, imports it, and holds both against each other.
pub(crate) fn assert_same(trial: &Trial, request: &ImportRequest) -> Counts {
    let before = trial.contacts().len();
    let tried = try_out(trial, request);
    assert_eq!(trial.contacts().len(), before, "a trial changes nothing");
    let done = trial.import(request);
    assert_eq!(
        (
            tried.created,
            tried.updated,
            tried.unchanged,
            tried.skipped,
            tried.faulty
        ),
        (
            done.created,
            done.updated,
            done.unchanged,
            done.skipped,
            done.faulty
        ),
        "{}",
        request.file.display()
    );
    assert!(tried.finished);
    assert_eq!(tried.rows, done.rows);
    assert_eq!(tried.warning_count, done.warning_count);
    for (tried, done) in tried.faults.iter().zip(&done.faults) {
        assert_eq!(
            (tried.line, &tried.column, &tried.reason),
            (done.line, &done.column, &done.reason)
        );
    }
    tried
}

#[test]
fn the_counts_are_those_of_the_import_for_files_of_every_program() {
    for name in [
        "google.csv",
        "hubspot.csv",
        "mautic.csv",
        "outlook-german.csv",
        "roundcube.csv",
        "thunderbird.csv",
    ] {
        for (create_custom_fields, create_accounts) in [(false, false), (true, true)] {
            let trial = Trial::new();
            let request = ImportRequest {
                create_custom_fields,
                create_accounts,
                ..trial.request(name, sample(name))
            };
            assert_same(&trial, &request);
            // Everyone is there now.
            let again = ImportRequest {
                again: true,
                ..request
            };
            let tried = assert_same(&trial, &again);
            assert_eq!(tried.updated, 0, "{name}");
        }
    }
}

const AWKWARD: &str = "first name,last name,email,city,company,birthday\n\
    Ada,Byron,ada@example.com,London,Engines,1815-12-10\n\
    Ada,Byron,ada@example.com,London,Engines,1815-12-10\n\
    Ada,Byron,ADA@example.com,Paris,,\n\
    Ada,,ada@example.com,Paris,,\n\
    Bob,Byron,ada@example.com,Rome,,\n\
    ,,ada@example.com,,,\n\
    Cleo,Late,cleo@example.com,,,soon\n\
    Dan,Lone,,Berlin,,\n\
    Dan,Lone,,Berlin,,\n\
    ,,,,,\n\
    Eve,New,eve@example.com,Oslo,engines,\n\
    Eve,Newer,eve@example.com,Oslo,Other Works,\n\
    Eve,New,eve@example.com,Oslo,Other Works,\n\
    Eve,New,eve@example.com,Oslo,Other Works,\n\
    Zoe,Much,zoe@example.com,x,y,2000-01-01,extra\n";

#[test]
fn people_who_stand_in_the_file_twice_are_counted_as_the_import_counts_them() {
    for create_accounts in [false, true] {
        for existing in [Existing::Update, Existing::Skip] {
            for key in [ImportKey::Email, ImportKey::None] {
                let trial = Trial::new();
                trial.bring("first.csv", "first name,last name,email,city\nAda,Byron,ada@example.com,Rome\n,,eve@example.com,Oslo\n");
                let request = ImportRequest {
                    create_accounts,
                    existing,
                    key: key.clone(),
                    ..trial.request("people.csv", AWKWARD)
                };
                assert_same(&trial, &request);
                let again = ImportRequest {
                    again: true,
                    ..request
                };
                assert_same(&trial, &again);
            }
        }
    }
}

#[test]
fn a_custom_field_as_key_is_looked_up_in_the_workspace_and_in_the_file() {
    let text = "id,email,seats\n1,a@example.com,5\n2,b@example.com,6\n1,a@example.com,5\n2,c@example.com,7\n,d@example.com,1\n";
    let trial = Trial::new();
    trial
        .store
        .write(|writer| writer.add_custom_field("id", FieldKind::Text, NOW))
        .unwrap();
    let request = ImportRequest {
        key: ImportKey::Custom("id".to_owned()),
        create_custom_fields: true,
        ..trial.request("people.csv", text)
    };
    let tried = assert_same(&trial, &request);
    assert_eq!((tried.created, tried.unchanged, tried.updated), (3, 1, 1));
    let again = ImportRequest {
        again: true,
        ..request.clone()
    };
    assert_same(&trial, &again);
    // The key itself may be a field that the import makes.
    let other = Trial::new();
    let request = ImportRequest {
        file: request.file,
        map: vec![("id".to_owned(), "custom:Number".to_owned())],
        key: ImportKey::Custom("Number".to_owned()),
        create_custom_fields: true,
        ..ImportRequest::default()
    };
    assert_same(&other, &request);
}

#[test]
fn a_trial_tells_the_cells_of_faulty_rows_and_can_be_stopped() {
    let trial = Trial::new();
    let mut text = "name,email\nAda,nobody\n".to_owned();
    for number in 0..3000 {
        text.push_str(&format!("N,n{number}@example.com\n"));
    }
    let request = trial.request("people.csv", text);
    let tried = try_out(&trial, &request);
    assert_eq!(tried.faults[0].cells, ["Ada", "nobody"]);
    let mut pages = 0;
    let stopped = imports::try_out(&trial.store, &request, NOW, &mut |progress| {
        pages += 1;
        assert!(progress.bytes > 0 && progress.bytes <= progress.bytes_total);
        ControlFlow::Break(())
    })
    .unwrap();
    assert!(!stopped.finished);
    assert!(stopped.rows < 3001, "{}", stopped.rows);
}

#[test]
fn a_row_that_names_nobody_is_no_new_contact() {
    let trial = Trial::new();
    let request = trial.request(
        "people.csv",
        "name,email,city,phone\nAda,ada@example.com,Rome,\n,,Total: 2,\n,,Oslo,030 1234567\n",
    );
    let tried = assert_same(&trial, &request);
    assert_eq!((tried.created, tried.faulty), (2, 1));
    assert_eq!(tried.faults[0].line, 3);
    assert_eq!(
        tried.faults[0].reason,
        "this looks like a total, a footer or part of another row, not like a contact"
    );
}

#[test]
fn a_value_of_the_key_tells_who_somebody_is() {
    let trial = Trial::new();
    trial
        .store
        .write(|writer| writer.add_custom_field("Number", FieldKind::Text, NOW))
        .unwrap();
    let request = ImportRequest {
        key: ImportKey::Custom("Number".to_owned()),
        ..trial.request("people.csv", "number,city\nK-1,Rome\n,Oslo\n")
    };
    let tried = assert_same(&trial, &request);
    assert_eq!((tried.created, tried.faulty), (1, 1));
}

#[test]
fn a_trial_says_how_many_opted_out() {
    let trial = Trial::new();
    let request = trial.request(
        "people.csv",
        "email,unsubscribed\nada@example.com,yes\nbob@example.com,no\nnobody,yes\ncleo@example.com,2025-01-31\n",
    );
    let tried = assert_same(&trial, &request);
    assert_eq!((tried.created, tried.faulty, tried.opted_out), (3, 1, 2));
}
