//! What the names of columns say together with their cells: whole names in either order, addresses of companies, parts
//! of dates.

use std::ops::ControlFlow;

use leadferry_commands::imports::{self, Error};
use leadferry_store::ContactField::{AddressLine1, Birthday, CompanyName, FirstName, LastName};

use crate::trial::Trial;

#[test]
fn a_column_of_whole_names_is_read_in_the_order_that_it_states() {
    for (name, cell, first, last) in [
        ("Nom et prénom", "Moreau Claire", "Claire", "Moreau"),
        ("Nachname Vorname", "Brandt Emil", "Emil", "Brandt"),
        ("Cognome e Nome", "De Luca Chiara", "Chiara", "De Luca"),
        (
            "Last name/First name",
            "Lindqvist Nora",
            "Nora",
            "Lindqvist",
        ),
        (
            "Apellidos y nombre",
            "Ruiz Soler Inés",
            "Inés",
            "Ruiz Soler",
        ),
        ("Prénom et nom", "Claire Moreau", "Claire", "Moreau"),
        ("Name", "Emil Brandt", "Emil", "Brandt"),
    ] {
        let trial = Trial::new();
        trial.bring(
            "people.csv",
            format!("{name};E-Mail\n{cell};a@example.com\n"),
        );
        let found = [FirstName, LastName].map(|field| trial.all(field));
        assert_eq!(found, [[first], [last]], "{name}");
    }
}

#[test]
fn the_address_of_a_company_is_no_company() {
    for name in [
        "Company Address",
        "Firma Adresse",
        "Adresse Firma",
        "Adresse entreprise",
    ] {
        let trial = Trial::new();
        let text = format!(
            "First name,Last name,Email,{name}\nNora,Lindqvist,nora@example.com,Ringweg 7\n"
        );
        trial.bring("people.csv", text);
        assert_eq!(trial.all(AddressLine1), ["Ringweg 7"], "{name}");
        assert_eq!(trial.all(CompanyName), [""], "{name}");
    }
    let trial = Trial::new();
    let text = "Last name,Email,Name day\n,nora@example.com,June 4\n";
    trial.bring("people.csv", text);
    assert_eq!(trial.all(LastName), [""]);
}

#[test]
fn a_house_number_is_kept_or_told() {
    let trial = Trial::new();
    let text = "Last name,Email,Street,Street Number,City\nA,a@example.com,Ringweg,7,Graz\nB,b@example.com,,12,Au\n";
    trial.bring("people.csv", text);
    assert_eq!(trial.all(AddressLine1), ["Ringweg 7", "12"]);

    let trial = Trial::new();
    let text = "Surname,Email,House Name/No,Street,Town\nA,a@example.com,12,High St,Leeds\n";
    trial.bring("people.csv", text);
    assert_eq!(trial.all(AddressLine1), ["12 High St"]);

    let text = "Last name,Email,Hausnummer\nA,a@example.com,7\n";
    let outcome = Trial::new().bring("people.csv", text);
    assert_eq!(outcome.columns_ignored, ["Hausnummer"]);
}

#[test]
fn a_name_beside_a_person_to_contact_is_that_of_a_company() {
    for text in [
        "Name,Contact person,Email\nTallow Sons,Nora Lindqvist,nora@example.com\n",
        "Contact,Email,Name\nNora Lindqvist,nora@example.com,Tallow Ltd\n",
    ] {
        let trial = Trial::new();
        let outcome = trial.bring("people.csv", text);
        assert_eq!(trial.all(LastName), ["Lindqvist"], "{text}");
        assert!(trial.all(CompanyName)[0].starts_with("Tallow"), "{text}");
        assert!(outcome.warnings.is_empty(), "{:?}", outcome.warnings);
    }
}

#[test]
fn a_year_alone_is_no_birthday_and_is_told() {
    let trial = Trial::new();
    let outcome = trial.bring(
        "people.csv",
        "Last name,Email,Birth year\nLindqvist,nora@example.com,1985\n",
    );
    assert_eq!(outcome.columns_ignored, ["Birth year"]);

    let trial = Trial::new();
    let outcome = trial.bring(
        "people.csv",
        "Last name,Email,Birth Year,Birth Month,Birth Day\nA,a@example.com,1985,,\nB,b@example.com,1986,5,4\n\
         C,c@example.com,0,0,0\n",
    );
    assert_eq!(trial.all(Birthday).len(), 3);
    let told: Vec<&str> = outcome
        .warnings
        .iter()
        .map(|warning| &*warning.text)
        .collect();
    assert!(
        told.iter()
            .any(|text| text.starts_with("Left empty: 1 birthday of which \"Birth Day\" or")),
        "{told:?}"
    );
    assert!(
        told.iter().any(|text| text.contains("word for no value")),
        "{told:?}"
    );
}

#[test]
fn a_table_on_its_side_makes_nobody() {
    for text in [
        "First name,Nora,Emil\nLast name,Lindqvist,Brandt\nEmail,nora@example.com,emil@example.com\n",
        "Name;Nora Lindqvist;Emil Brandt\nE-Mail;nora@example.com;emil@example.com\n",
    ] {
        let trial = Trial::new();
        let request = trial.request("people.csv", text);
        let refused = trial.try_import(&request).unwrap_err();
        assert!(matches!(refused, Error::OnItsSide), "{refused}");
        assert_eq!(trial.contacts().len(), 0);
    }
}

#[test]
fn people_written_over_several_lines_make_nobody_and_are_told() {
    for text in [
        "Name: Mira Okafor\nEmail: mira@example.com\nPhone: 1\n\nName: Bo Roth\nEmail: bo@example.com\nPhone: 2\n",
        "Vorname: Anna\nNachname: Müller\nE-Mail: anna@example.com\nKunde seit: 2020\n",
    ] {
        let trial = Trial::new();
        let request = trial.request("people.txt", text);
        let refused = trial.try_import(&request).unwrap_err();
        assert!(matches!(refused, Error::InLines { .. }), "{refused}");
        assert_eq!(trial.contacts().len(), 0);
        let shown = imports::preview(&trial.store, &request, &mut |_| ControlFlow::Continue(()));
        assert!(shown.is_ok(), "the preview still shows");
    }
}
