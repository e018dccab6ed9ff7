//! A file as it comes from somebody else: awkward, with invalid rows.

use serde_json::json;

use crate::app::App;

const FILE: &[u8] = b"Vorname;Nachname;E-Mail;Firma;Geburtstag;Hobby\r\n\
    J\xfcrgen;Gro\xdf;juergen@example.com;Drahtwerk Ost;03.04.1981;Schach\r\n\
    \"Anna \"\"Anni\"\"\";M\xfcller;anna@;\"Acme; Sons\";28.02.1990;\r\n\
    Ohne;Adresse;kein at zeichen;Firma;01.01.1970;Rudern\r\n\
    \r\n\
    Zoe;Letzte;zoe@example.com;;12.12.1999;Tanz\r\n";

#[test]
fn invalid_rows_of_an_awkward_file_are_fixed_where_they_are() {
    let app = App::on_a_new_machine();
    let file = app.path("Kontakte \u{fc}ber alles.csv");
    std::fs::write(&file, FILE).unwrap();
    app.will_pick(&file);
    app.see("Import my contacts");
    app.press("Choose a file");
    app.see("Choose a contacts file or drop one here");
    app.press("Choose a file");
    app.see("Vorname");
    app.see("J\u{fc}rgen");
    app.see("windows-1252");
    app.find("button", "Import 2 contacts");
    app.see("An invalid row never blocks the rest");
    app.picture("05-import");

    app.press("Import 2 contacts");
    app.see("2 rows weren’t imported");
    assert_eq!(app.ask("contacts.count", &json!({})), json!(2));
    app.picture("06-invalid-rows");

    app.fill_within("Row 3", "E-Mail", "anna@example.com");
    app.fill_within("Row 4", "E-Mail", "ohne@");
    app.press("Import 2 fixed rows");
    app.see("Still invalid");
    let typed = app.script(
        "return [...document.querySelectorAll('[aria-label=\"Row 4\"] input')].map((input) => input.value)",
        &json!([]),
    );
    let typed = typed.unwrap();
    assert!(
        typed.as_array().unwrap().contains(&json!("ohne@")),
        "{typed}"
    );
    app.fill_within("Row 4", "E-Mail", "ohne@example.com");
    app.press("Import 1 fixed row");
    app.until("four are there", |app| {
        app.ask("contacts.count", &json!({})) == json!(4)
    });
    let anna = app.cli(&["contacts", "show", "anna@example.com"]);
    assert_eq!(anna["fields"]["first_name"], "Anna \"Anni\"", "{anna}");
    assert_eq!(anna["fields"]["birthday"], "1990-02-28");
    assert_eq!(anna["fields"]["company_name"], "Acme; Sons");

    visits_come_in(&app);
    app.go("Contacts");
    app.see("Anna \"Anni\" M\u{fc}ller");
    app.press("Import");
    app.see("Kontakte \u{fc}ber alles.csv");
    let past = app.ask("imports.list", &json!({}));
    let first = past.as_array().unwrap().last().unwrap();
    assert_eq!(
        (&first["faulty"], &first["fixed"]),
        (&json!(0), &json!(2)),
        "{past}"
    );
    app.click("button", "Kontakte \u{fc}ber alles.csv");
    app.press("Open contacts");
    app.see("From Kontakte \u{fc}ber alles.csv");
    app.see("2 contacts");
    app.press("Import");
    app.click("button", "Kontakte \u{fc}ber alles.csv");
    app.press("Undo import");
    app.until("they are gone", |app| {
        app.ask("contacts.count", &json!({})) == json!(2)
    });
}

/// A file of activities whose columns nobody can guess: they are told by hand.
fn visits_come_in(app: &App) {
    let file = app.path("Besuche.csv");
    let visits = "Wer;Was;Wann\nzoe@example.com;Besuch;13.01.2026 10:00\nfremd@example.com;Besuch;14.01.2026\n";
    std::fs::write(&file, visits).unwrap();
    app.will_pick(&file);
    app.go("Activities");
    app.press("Choose file");
    app.see("No column has the contact's email or guid");
    app.choose("Wer maps to", "Email");
    app.choose("Was maps to", "Type");
    app.choose("Wann maps to", "Time");
    app.until("nothing is amiss any more", |app| {
        !app.page().contains("No column has")
    });
    app.picture("40-activities-import");
    app.press("Import activities");
    app.see("2 rows: 1 added, 1 waiting for a contact, 0 invalid");
    let zoe = app.cli(&["activities", "list", "zoe@example.com"]);
    assert_eq!(zoe["activities"][0]["kind"], "Besuch", "{zoe}");
}
