//! Columns of answers about purposes, with when, how and where they were given.

use leadferry_commands::imports::{ImportRequest, preview, targets};
use leadferry_store::{ConsentEvent, ContactField, Evidence, How, NewConsent};

use crate::trial::{NOW, Trial};
use crate::trying::assert_same;

const TOPICS: &str = "Newsletter > Topics";

fn trial() -> Trial {
    let trial = Trial::new();
    let add = |path: &str| trial.store.write(|writer| writer.add_purpose(path, NOW));
    add(TOPICS).unwrap();
    add("Calls").unwrap();
    trial
}

fn history(trial: &Trial, email: &str) -> Vec<ConsentEvent> {
    let read = trial.store.read(|reader| {
        let contact = reader.find_contact(email)?;
        reader.consent_history(contact)
    });
    read.unwrap()
}

fn answer(trial: &Trial, email: &str, path: &str) -> Option<bool> {
    let read = trial.store.read(|reader| {
        let contact = reader.find_contact(email)?;
        reader.consents_of(contact)
    });
    let all = read.unwrap();
    let found = all.iter().find(|consent| consent.purpose.path == path);
    found.map(|consent| consent.given)
}

#[test]
fn a_column_with_the_name_of_a_purpose_holds_answers_with_their_moment_and_method() {
    let trial = trial();
    let wording = trial.store.write(|writer| {
        let purpose = writer.purpose("Newsletter")?.id;
        writer.add_wording(purpose, "Yes, send me news.", NOW)
    });
    let wording = wording.unwrap().id;
    let text = "\
Email,Newsletter,Calls,Consent date,Consent requested,Consent method,Consent text,Consent source
yes@example.com,ja,nein,2021-03-04 10:00:00,,Webformular,\"Yes, send  me news.\",fair
double@example.com,ja,,2021-03-04 10:00:00,2021-03-04 09:00:00,double opt-in,v1,
odd@example.com,perhaps,,2021-03-04,,,,
";
    let request = ImportRequest {
        map: vec![("Consent requested".into(), "consent_asked_at".into())],
        ..trial.request("list.csv", text)
    };
    assert_same(&trial, &request);
    assert_eq!(answer(&trial, "yes@example.com", "Newsletter"), Some(true));
    assert_eq!(answer(&trial, "yes@example.com", "Calls"), Some(false));
    assert_eq!(answer(&trial, "odd@example.com", "Newsletter"), None);
    let events = history(&trial, "yes@example.com");
    let first = &events[0];
    assert_eq!((first.how, first.stated), (How::Form, true));
    assert_eq!(first.source.as_deref(), Some("fair"));
    assert_eq!(first.wording, Some(wording));
    assert_eq!(events[1].wording, None, "another purpose has other words");
    let double = &history(&trial, "double@example.com")[0];
    assert_eq!(double.how, How::DoubleOptIn);
    assert_eq!(double.at - double.asked_at.unwrap(), 60 * 60 * 1000);
    assert_eq!(double.wording, Some(wording));
    let check = trial.store.read(|reader| reader.check_ledger()).unwrap();
    assert_eq!(check.faults, [""; 0]);
}

#[test]
fn the_exact_name_of_a_purpose_comes_before_what_a_column_of_that_name_usually_holds() {
    for name in ["Status", "Newsletter status", "Fax", "SMS", "Source"] {
        let trial = Trial::new();
        let add = trial.store.write(|writer| writer.add_purpose(name, NOW));
        add.unwrap();
        let text = format!(
            "Email,{name}\na@example.com,subscribed\nb@example.com,unsubscribed\nc@example.com,yes\n"
        );
        let outcome = trial.bring("list.csv", &text);
        let of = |email: &str| answer(&trial, email, name);
        let answers = ["a@example.com", "b@example.com", "c@example.com"].map(of);
        assert_eq!(
            answers,
            [Some(true), Some(false), Some(true)],
            "{name}: {:?}",
            outcome.warnings
        );
        let is_opted_out = |contact: &leadferry_store::Contact| {
            let opted_out = contact.values.get(ContactField::EmailOptOut);
            opted_out.is_some_and(|value| *value == leadferry_store::Value::YesNo(true))
        };
        assert!(!trial.contacts().iter().any(is_opted_out), "{name}");
    }
}

#[test]
fn a_purpose_takes_no_column_of_its_name_that_holds_something_else_or_refusals() {
    let trial = Trial::new();
    for name in ["Status", "City", "Birthday", "Unsubscribed"] {
        let add = trial.store.write(|writer| writer.add_purpose(name, NOW));
        add.unwrap();
    }
    let text = "Email,Status,City,Birthday,Unsubscribed\n\
                a@example.com,Customer,Bonn,1980-02-01,yes\n\
                b@example.com,Lead,Ulm,1981-03-02,\n";
    trial.bring("list.csv", text);
    for name in ["Status", "City", "Birthday", "Unsubscribed"] {
        assert_eq!(answer(&trial, "a@example.com", name), None, "{name}");
    }
}

#[test]
fn unknown_words_moments_methods_and_wordings_are_told_and_change_nothing_else() {
    let trial = trial();
    let outcome = trial.bring(
        "list.csv",
        "Email,Calls,Consent date,Consent method,Consent text\n\
         a@example.com,yes,2021-03-04,form,v9\n\
         b@example.com,maybe later,2021-03-04,form,\n\
         c@example.com,no,someday,carrier pigeon,\n\
         d@example.com,yes,2999-01-01,form,\n",
    );
    let told = |text: &str| {
        let found = outcome.warnings.iter().any(|one| one.text.contains(text));
        assert!(found, "{text}: {:?}", outcome.warnings);
    };
    told("Not understood as yes or no: 1 answer in \"Calls\"");
    told("Not understood as a time: 1 cell in \"Consent date\"");
    told("Not understood: 1 cell in \"Consent method\"");
    told("Not a wording of the purpose: 1 cell in \"Consent text\"");
    told("In the future: 1 time in \"Consent date\"");
    assert_eq!(answer(&trial, "a@example.com", "Calls"), Some(true));
    assert_eq!(answer(&trial, "b@example.com", "Calls"), None);
    assert_eq!(answer(&trial, "c@example.com", "Calls"), Some(false));
    let dated = &history(&trial, "d@example.com")[0];
    assert_eq!((dated.stated, dated.how), (false, How::Import));
}

#[test]
fn an_import_takes_a_no_back_only_with_a_later_moment_and_undoing_it_restores_the_answer() {
    let trial = trial();
    trial.bring(
        "people.csv",
        "Email\na@example.com\nb@example.com\nc@example.com\n",
    );
    for email in ["a@example.com", "b@example.com", "c@example.com"] {
        let refused = trial.store.write(|writer| {
            let contact = writer.find_contact(email)?;
            let new = NewConsent {
                purpose: writer.purpose("Calls")?.id,
                given: Some(email.starts_with('c')),
                evidence: Evidence {
                    at: Some(NOW - 1_000_000_000),
                    ..Evidence::of(How::Form, "")
                },
            };
            writer.set_consent(contact, &new, NOW)
        });
        refused.unwrap();
    }
    let later = jiff::Timestamp::from_millisecond(NOW - 900_000_000).unwrap();
    let text = format!(
        "Email,Calls,Consent date\na@example.com,yes,\nb@example.com,yes,{later}\nc@example.com,no,\n"
    );
    let request = trial.request("answers.csv", &text);
    assert_same(&trial, &request);
    let all = || {
        ["a@example.com", "b@example.com", "c@example.com"]
            .map(|email| answer(&trial, email, "Calls").unwrap())
    };
    assert_eq!(all(), [false, true, false]);
    let last = trial.store.read(|reader| reader.acts()).unwrap();
    let act = last.iter().max_by_key(|act| act.id).unwrap().id;
    trial.store.write(|writer| writer.undo(act, NOW)).unwrap();
    assert_eq!(all(), [false, false, true]);
    let check = trial.store.read(|reader| reader.check_ledger()).unwrap();
    assert_eq!(check.faults, [""; 0]);
}

#[test]
fn the_preview_names_the_purpose_and_a_column_of_refusals_refuses_it() {
    let trial = trial();
    let text = "Email,Calls,Unsubscribed,Consent date\na@example.com,yes,,2021-03-04\nb@example.com,,yes,\n";
    let request = ImportRequest {
        map: vec![("Unsubscribed".into(), "consent:newsletter>topics".into())],
        ..trial.request("list.csv", text)
    };
    let shown = preview(&trial.store, &request, &mut |_| {
        std::ops::ControlFlow::Continue(())
    });
    let shown: Vec<_> = shown
        .unwrap()
        .columns
        .into_iter()
        .map(|column| (column.field.unwrap_or_default(), column.consent))
        .collect();
    let says = |text: &str| Some(text.to_owned());
    assert_eq!(
        shown,
        [
            ("email".to_owned(), None),
            (
                "consent:Calls".to_owned(),
                says("Yes or a time means given, no means refused")
            ),
            (
                format!("consent:{TOPICS}"),
                says("Yes or a time means refused")
            ),
            (
                "consent_at".to_owned(),
                says("When they answered, or confirmed a double opt-in")
            ),
        ]
    );
    trial.import(&request);
    assert_eq!(answer(&trial, "b@example.com", TOPICS), Some(false));
    assert_eq!(answer(&trial, "a@example.com", TOPICS), None);
    let purposes = trial.store.read(|reader| reader.purposes()).unwrap();
    let offered = targets(&[], &purposes);
    assert!(offered.iter().any(|target| target.field == "consent:Calls"));
    assert!(
        targets(&[], &[])
            .iter()
            .all(|target| !target.field.starts_with("consent:"))
    );
}
