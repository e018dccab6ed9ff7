//! Who is who: rows and the contacts that are there already.

use leadferry_commands::imports::{DateOrder, Error, Existing, ImportKey, ImportRequest};
use leadferry_store::{AccountRole, ContactField, FieldKind, Value};

use crate::trial::{NOW, Trial};
use crate::trying::assert_same;

fn map(pairs: &[(&str, &str)]) -> Vec<(String, String)> {
    pairs
        .iter()
        .map(|(column, field)| ((*column).to_owned(), (*field).to_owned()))
        .collect()
}

#[test]
fn a_known_person_is_updated_and_an_empty_cell_leaves_the_value() {
    let trial = Trial::new();
    trial.bring(
        "one.csv",
        "first name,last name,email,city,phone\nAda,Byron,Ada@Example.com,London,1\n",
    );
    let outcome = trial.bring(
        "two.csv",
        "first name,last name,email,city,phone\nADA,byron,ada@example.com,,2\n",
    );
    assert_eq!((outcome.updated, outcome.created), (1, 0));
    assert_eq!(trial.all(ContactField::City), ["London"]);
    assert_eq!(trial.all(ContactField::BusinessPhone), ["2"]);
    let outcome = trial.bring("three.csv", "email,phone,city\nada@EXAMPLE.com,2,\n");
    assert_eq!(
        (outcome.updated, outcome.created),
        (1, 0),
        "the spelling of the e-mail differs"
    );
    let outcome = trial.bring("four.csv", "email,phone,state\nada@EXAMPLE.com,2,\n");
    assert_eq!(outcome.unchanged, 1);
}

#[test]
fn known_people_can_be_left_alone() {
    let trial = Trial::new();
    trial.bring("one.csv", "email,city\nada@example.com,London\n");
    let request = ImportRequest {
        existing: Existing::Skip,
        ..trial.request(
            "two.csv",
            "email,city\nada@example.com,Paris\nbob@example.com,Rome\n",
        )
    };
    let outcome = trial.import(&request);
    assert_eq!((outcome.skipped, outcome.created), (1, 1));
    assert_eq!(trial.all(ContactField::City), ["London", "Rome"]);
}

#[test]
fn the_same_e_mail_with_another_name_is_another_person_and_reported() {
    let trial = Trial::new();
    trial.bring(
        "one.csv",
        "first name,last name,email\nAda,Byron,info@example.com\n",
    );
    let outcome = trial.bring("two.csv", "first name,last name,email\nBob,Byron,info@example.com\n,,info@example.com\nBob,,INFO@example.com\n");
    assert_eq!(
        (outcome.created, outcome.updated, outcome.faulty),
        (1, 1, 1)
    );
    assert_eq!(outcome.warnings.len(), 1);
    assert_eq!(outcome.warnings[0].line, Some(2));
    assert_eq!(
        outcome.faults[0].line, 3,
        "nobody can say which of the two a nameless row means"
    );
    assert_eq!(trial.all(ContactField::FirstName), ["Ada", "Bob"]);
}

#[test]
fn the_same_rule_holds_within_one_file() {
    let trial = Trial::new();
    let outcome = trial.bring("one.csv", "name,email,city\nAda Byron,x@example.com,\nBob Smith,x@example.com,\nAda Byron,x@example.com,Rome\n");
    assert_eq!(
        (outcome.created, outcome.updated, outcome.warning_count),
        (2, 1, 1)
    );
    assert_eq!(trial.all(ContactField::City), ["Rome", ""]);
}

#[test]
fn one_email_and_two_spellings_of_a_name_are_one_person() {
    for (one, other) in [
        ("Jørgen;Ås", "Joergen;Aas"),
        ("Jörg;Weiß", "Jorg;Weiss"),
        ("Robert;Smith", "Bob;Smith"),
        ("Magdalena;Huber", "Lena;Huber"),
        ("Jane;Smith", "J.;Smith"),
        ("Hans Peter;Roth", "Hans;Roth"),
    ] {
        for (first, second) in [(one, other), (other, one)] {
            let trial = Trial::new();
            let text = format!(
                "Vorname;Nachname;E-Mail;Ort\n{first};p@example.com;\n{second};p@example.com;Graz\n"
            );
            let outcome = trial.bring("one.csv", text);
            assert_eq!(
                (outcome.created, outcome.updated),
                (1, 1),
                "{first}, {second}"
            );
            assert_eq!(trial.all(ContactField::City), ["Graz"], "{first}, {second}");
        }
    }
}

#[test]
fn a_poorer_name_replaces_no_better_one_and_that_is_said() {
    for (poorer, said) in [
        ("J.;Smith", "1 cell in \"First\""),
        ("JANE;Smith", "1 cell in \"First\""),
        ("Jane;smith", "1 cell in \"Last\""),
    ] {
        let trial = Trial::new();
        trial.bring("one.csv", "First;Last;Email\nJane;Smith;j@example.com\n");
        let request = trial.request(
            "two.csv",
            format!("First;Last;Email\n{poorer};j@example.com\n"),
        );
        let outcome = assert_same(&trial, &request);
        assert_eq!((outcome.created, outcome.unchanged), (0, 1), "{poorer}");
        assert!(
            outcome.warnings[0].text.contains(said),
            "{:?}",
            outcome.warnings
        );
        let name = (
            trial.all(ContactField::FirstName),
            trial.all(ContactField::LastName),
        );
        assert_eq!(
            name,
            (vec!["Jane".to_owned()], vec!["Smith".to_owned()]),
            "{poorer}"
        );
    }
    let trial = Trial::new();
    let text = "First,Last,Email\nJ.,SMITH,j@example.com\nJane,Smith,j@example.com\nJANE,smith,j@example.com\n";
    let outcome = assert_same(&trial, &trial.request("one.csv", text));
    assert_eq!(
        (outcome.created, outcome.updated, outcome.unchanged),
        (1, 1, 1)
    );
    assert_eq!(
        trial.all(ContactField::FirstName),
        ["Jane"],
        "a better one comes in"
    );
    assert_eq!(trial.all(ContactField::LastName), ["Smith"]);
}

#[test]
fn a_poorer_name_replaces_no_better_one_of_a_custom_key_either() {
    let trial = Trial::new();
    let request = |trial: &Trial, name: &str, text: &str| ImportRequest {
        key: ImportKey::Custom("No".into()),
        create_custom_fields: true,
        ..trial.request(name, text)
    };
    trial.import(&request(
        &trial,
        "one.csv",
        "No,First,Last\nK1,Jane,Smith\n",
    ));
    trial.import(&request(&trial, "two.csv", "No,First,Last\nK1,J.,SMITH\n"));
    assert_eq!(trial.all(ContactField::FirstName), ["Jane"]);
    trial.import(&request(
        &trial,
        "three.csv",
        "No,First,Last\nK1,Ada,Miller\n",
    ));
    assert_eq!(
        trial.all(ContactField::FirstName),
        ["Ada"],
        "another name is what the file says"
    );
}

#[test]
fn a_custom_field_can_be_the_key() {
    let trial = Trial::new();
    let text = "Customer no,email,city\nK1,ada@example.com,London\nK2,ada@example.com,Paris\n";
    let request = ImportRequest {
        key: ImportKey::Custom("Customer no".into()),
        create_custom_fields: true,
        ..trial.request("one.csv", text)
    };
    assert_eq!(trial.import(&request).created, 2);
    let second = ImportRequest {
        ..trial.request("two.csv", "Customer no,city\nK2,Nice\nK3,Rome\n,Oslo\n")
    };
    let outcome = trial.import(&ImportRequest {
        key: request.key.clone(),
        ..second
    });
    assert_eq!((outcome.updated, outcome.created), (1, 1));
    assert_eq!(outcome.faulty, 1, "nobody is just from Oslo");
    assert_eq!(trial.all(ContactField::City), ["London", "Nice", "Rome"]);
    let without = ImportRequest {
        key: request.key,
        ..trial.request("three.csv", "email\na@example.com\n")
    };
    assert!(matches!(trial.try_import(&without), Err(Error::Mapping(_))));
}

#[test]
fn without_a_key_every_row_is_new() {
    let trial = Trial::new();
    let request = ImportRequest {
        key: ImportKey::None,
        ..trial.request("one.csv", "email\na@example.com\na@example.com\n")
    };
    assert_eq!(trial.import(&request).created, 2);
}

#[test]
fn the_same_file_twice_asks() {
    let trial = Trial::new();
    let request = trial.request("one.csv", "email\na@example.com\n");
    trial.import(&request);
    assert!(matches!(
        trial.try_import(&request),
        Err(Error::AlreadyImported { rows: 1, .. })
    ));
    let outcome = trial.import(&ImportRequest {
        again: true,
        ..request
    });
    assert_eq!((outcome.unchanged, outcome.resumed), (1, false));
}

#[test]
fn unknown_columns_become_custom_fields_of_the_right_kind() {
    let trial = Trial::new();
    let text = "email,Shoe size,VIP,Member since,Balance,Code\na@example.com,44,yes,31/12/2020,12.50,0042\n";
    let outcome = trial.import(&ImportRequest {
        create_custom_fields: true,
        ..trial.request("one.csv", text)
    });
    assert_eq!(
        outcome.custom_fields_created,
        ["Shoe size", "VIP", "Member since", "Balance", "Code"]
    );
    let fields = trial
        .store
        .read::<_, leadferry_store::Error>(|reader| reader.custom_fields())
        .unwrap();
    let kinds: Vec<FieldKind> = fields.iter().map(|field| field.kind).collect();
    assert_eq!(
        kinds,
        [
            FieldKind::LongInteger,
            FieldKind::YesNo,
            FieldKind::Date,
            FieldKind::Decimal { scale: 4 },
            FieldKind::Text
        ]
    );
    assert_eq!(
        trial.value("a@example.com", "Shoe size"),
        Some(Value::Integer(44))
    );
    assert_eq!(
        trial.value("a@example.com", "Member since"),
        Some(Value::Date(jiff::civil::date(2020, 12, 31)))
    );
    assert_eq!(trial.text("a@example.com", "Code"), "0042");
}

#[test]
fn companies_become_accounts_when_asked() {
    let trial = Trial::new();
    let text = "email,company,Website\na@example.com,Acme,acme.example\nb@example.com, ACME ,\nc@example.com,,\n";
    let request = ImportRequest {
        create_accounts: true,
        map: map(&[("Website", "account:website")]),
        ..trial.request("one.csv", text)
    };
    trial.import(&request);
    let contacts = trial.contacts();
    trial
        .store
        .read::<_, leadferry_store::Error>(|reader| {
            let accounts = reader.accounts_named("acme")?;
            assert_eq!(accounts.len(), 1);
            assert_eq!(
                reader
                    .account(accounts[0])?
                    .get(leadferry_store::AccountField::Website),
                Some("acme.example")
            );
            let ids: Vec<_> = contacts.iter().map(|contact| contact.id).collect();
            let companies = reader.companies_of(&ids)?;
            assert_eq!(companies.len(), 2);
            assert!(
                companies
                    .values()
                    .all(|of| of[0].role == AccountRole::Primary && of[0].account == accounts[0])
            );
            Ok(())
        })
        .unwrap();
    let outcome = trial.bring("two.csv", "email,company\nc@example.com,Acme\n");
    assert_eq!(outcome.updated, 1);
    assert_eq!(
        trial
            .store
            .read::<_, leadferry_store::Error>(|reader| reader.count_accounts())
            .unwrap(),
        1
    );
}

#[test]
fn do_not_send_is_not_taken_back_by_a_column_that_says_no() {
    let trial = Trial::new();
    let sending = |trial: &Trial| trial.value("a@example.com", "do_not_send");
    trial.bring("one.csv", "email,Do not send\na@example.com,yes\n");
    assert_eq!(sending(&trial), Some(Value::YesNo(true)));
    trial.bring("two.csv", "email,Do not send\na@example.com,no\n");
    assert_eq!(sending(&trial), Some(Value::YesNo(true)));
    let request = ImportRequest {
        map: map(&[("blocked", "do_not_send")]),
        ..trial.request("three.csv", "email,blocked\na@example.com,no\n")
    };
    trial.import(&request);
    assert_eq!(sending(&trial), Some(Value::YesNo(false)));
}

#[test]
fn the_order_of_dates_is_decided_by_column_or_told() {
    let trial = Trial::new();
    let born = |trial: &Trial, email: &str| match trial.value(email, "birthday") {
        Some(Value::Date(date)) => date.to_string(),
        other => panic!("{other:?}"),
    };
    trial.bring(
        "one.csv",
        "email,birthday\na@example.com,03/04/1990\nb@example.com,12/31/1990\n",
    );
    assert_eq!(born(&trial, "a@example.com"), "1990-03-04");
    let outcome = trial.bring("two.csv", "email,birthday\nc@example.com,03/04/1990\n");
    assert_eq!(born(&trial, "c@example.com"), "1990-04-03");
    assert!(outcome.warnings[0].text.contains("two ways"));
    let request = ImportRequest {
        dates: Some(DateOrder::Mdy),
        ..trial.request("three.csv", "email,birthday\nd@example.com,05/04/1990\n")
    };
    trial.import(&request);
    assert_eq!(born(&trial, "d@example.com"), "1990-05-04");
}

#[test]
fn an_import_can_be_undone() {
    let trial = Trial::new();
    trial.bring("one.csv", "email,city\na@example.com,London\n");
    trial.bring(
        "two.csv",
        "email,city\na@example.com,Paris\nb@example.com,Rome\n",
    );
    let act = trial
        .store
        .read::<_, leadferry_store::Error>(|reader| Ok(reader.acts()?[0].id))
        .unwrap();
    trial
        .store
        .write::<_, leadferry_store::Error>(|writer| writer.undo(act, NOW))
        .unwrap();
    assert_eq!(trial.all(ContactField::City), ["London"]);
}
