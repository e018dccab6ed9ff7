//! The panel of a contact: read at a glance, corrected where it stands.

use serde_json::{Value, json};

use crate::app::{App, key};
use crate::first_run::{REPLICATION, in_the_org, run, to_the_plan};

const EMAIL: &str = "ines@ferry-works.example";

#[test]
fn a_blocked_contact_is_corrected_where_it_stands_and_its_state_follows() {
    let app = App::on_a_new_machine();
    to_the_plan(&app);
    let ines = json!({
        "first_name": "Ines", "email": EMAIL, "company_name": "Ferry Works",
        "job_title": "Director and purchasing manager",
    });
    app.ask("contacts.add", &json!({"fields": ines}));
    app.press("Plan again");
    app.until("she is planned", |app| {
        let plan = app.ask("replications.latest_plan", &json!({"name": REPLICATION}));
        plan["stale"] == json!(false) && plan["counts"]["blocked"].as_u64() > Some(0)
    });
    run(&app);

    open(&app);
    app.find_within("Contact", "heading", "Ines");
    app.see("Last Name");
    app.picture("24-contact-blocked");
    app.click_within("Contact", "button", "Edit contact");
    app.focused("textbox", "Last name");
    app.keys(&[], &format!("Ferreira{}", key::ENTER));
    app.see("The next run sends this contact");
    app.find_within("Contact", "heading", "Ines Ferreira");
    assert_eq!(card(&app)["queue"][0]["state"], "pending");
    app.picture("24-contact-corrected");

    app.go("Replications");
    app.click("link", REPLICATION);
    app.click("tab", "Plan*");
    app.press("Plan again");
    app.until("she goes", |app| {
        let plan = app.ask("replications.latest_plan", &json!({"name": REPLICATION}));
        plan["counts"]["create"] == json!(1)
    });
    run(&app);
    let soql = format!("SELECT LastName FROM Lead WHERE Email = '{EMAIL}'");
    assert_eq!(in_the_org(&app, &soql), [json!(["Ferreira"])]);
    open(&app);
    app.click_within("Contact", "button", "* values");
    app.see("Ferreira");
    app.picture("24-contact-sent");
}

#[test]
fn each_field_takes_what_people_write_and_refuses_the_rest_at_its_place() {
    let app = App::on_a_new_machine();
    to_the_plan(&app);
    app.ask(
        "custom_fields.add",
        &json!({"name": "Partner", "kind": "yes_no"}),
    );
    let ines = json!({"first_name": "Ines", "last_name": "Ferreira", "email": EMAIL});
    app.ask("contacts.add", &json!({"fields": ines}));
    open(&app);
    app.click_within("Contact", "button", "Show * empty");

    edit(&app, "Country", "Germany");
    app.until("the country is known", |app| field(app, "country") == "DE");
    app.find_within("Contact", "button", "Country: Germany");
    edit(&app, "State", "Bavaria");
    app.until("the state is known", |app| field(app, "state") == "DE-BY");

    edit(&app, "Birthday", "soon");
    app.see("Birthday needs a date.");
    app.picture("24-contact-refused");
    assert_eq!(field(&app, "birthday"), Value::Null);
    app.fill_within("Contact", "Birthday", &format!("25.12.1990{}", key::ENTER));
    app.until("the date is read", |app| {
        field(app, "birthday") == "1990-12-25"
    });

    app.click_within("Contact", "checkbox", "Partner");
    app.until("yes is kept", |app| field(app, "custom:Partner") == true);
    app.click_within("Contact", "checkbox", "Partner");
    app.until("no is kept", |app| field(app, "custom:Partner") == false);
    app.press("Clear Partner");
    app.until("it was never asked", |app| {
        field(app, "custom:Partner").is_null()
    });

    edit(&app, "City", "Munich");
    app.until("the city is kept", |app| field(app, "city") == "Munich");
    app.until("it is taken back", |app| {
        // What moves in may slip away from under the pointer.
        app.click_if_there("button", "Undo: City changed.");
        field(app, "city").is_null()
    });
    app.picture("24-contact-fields");
}

#[test]
fn the_neighbors_of_a_contact_are_a_step_away() {
    let app = App::on_a_new_machine();
    to_the_plan(&app);
    app.go("Contacts");
    app.see("Space");
    app.click("row", "*@*");
    app.see("1 of ");
    app.click_within("Contact", "button", "Next contact");
    app.see("2 of ");
    app.click_within("Contact", "button", "Previous contact");
    app.see("1 of ");
}

#[test]
fn a_whole_list_is_selected_exported_and_deleted_after_a_question() {
    let app = App::on_a_new_machine();
    to_the_plan(&app);
    app.go("Contacts");
    app.see("Space");
    let total = app.ask("contacts.count", &json!({}));
    app.click("checkbox", "Select all");
    app.see("contacts selected");
    app.press("Export…");
    app.find("radio", "Selected (*");
    app.picture("25-export");
    let file = app.path("everyone.xlsx");
    app.will_pick(&file);
    app.click("radio", "Excel");
    app.press("Export * contacts");
    app.see("Exported ");
    let file = file.to_str().unwrap();
    let again = app.cli(&["contacts", "import", file, "--again"]);
    assert_eq!(again["unchanged"], total, "{again}");

    app.press("Delete…");
    app.picture("25-delete-many");
    app.press("Delete * contacts");
    app.until("they are gone", |app| {
        app.ask("contacts.count", &json!({})) == json!(0)
    });
    // The notice that offers it, too, is gone after a while.
    app.go("Recent changes");
    app.press("Undo: Deleted*");
    app.press("Undo");
    app.until("they are back", |app| {
        app.ask("contacts.count", &json!({})) == total
    });
}

#[test]
fn a_custom_field_is_added_renamed_and_removed() {
    let app = App::on_a_screen("1024x700");
    to_the_plan(&app);
    let names = |app: &App| -> Vec<String> {
        let fields = app.ask("custom_fields.list", &json!({}));
        let fields = fields.as_array().unwrap().iter();
        fields
            .map(|field| field["name"].as_str().unwrap().to_owned())
            .collect()
    };
    app.go("Contacts");
    app.click("row", "*@*");
    app.see("In Salesforce");
    app.picture("25-contact-small");
    app.press("More actions for contacts");
    app.click("menuitem", "Custom fields…");
    app.fill("New field", "Shoe size");
    app.choose("Type", "Whole number");
    app.press("Add field");
    app.find("button", "Rename Shoe size");
    app.picture("25-custom-fields");
    app.press("Rename Shoe size");
    app.fill("Name", "Size");
    app.press("Rename field");
    app.until("it is renamed", |app| {
        names(app).contains(&"Size".to_owned())
    });
    app.press("Remove Size");
    app.see("No contact has a value in this field.");
    app.press("Remove field");
    app.until("it is gone", |app| !names(app).contains(&"Size".to_owned()));
}

#[test]
fn a_filter_takes_dates_and_countries_as_people_write_them() {
    let app = App::on_a_new_machine();
    to_the_plan(&app);
    let ines = json!({"email": EMAIL, "birthday": "1990-12-25", "country": "Portugal"});
    app.ask("contacts.add", &json!({"fields": ines}));
    app.go("Contacts");
    app.press("Add filter");
    app.click("menuitem", "By field…");
    app.choose("Field", "Birthday");
    app.choose("Condition", "is");
    app.fill("Date", "25.12.1990");
    app.picture("25-filter");
    app.press("Apply filter");
    app.see("Birthday is 25 Dec 1990");
    app.see("1 contact");
    app.press("Add filter");
    app.click("menuitem", "By field…");
    app.choose("Field", "Country");
    app.choose("Country", "Portugal");
    app.press("Apply filter");
    app.see("Country is Portugal");
    app.find("row", "*ines*");
}

/// Opens the contact's panel from the list.
fn open(app: &App) {
    app.go("Contacts");
    app.see("Space");
    app.search_contacts(EMAIL);
    app.click("row", "*Ines*");
}

/// Writes into a field of the panel, as somebody who clicks on it.
fn edit(app: &App, label: &str, text: &str) {
    app.click_within("Contact", "button", &format!("{label}: *"));
    app.fill_within("Contact", label, &format!("{text}{}", key::ENTER));
}

fn card(app: &App) -> Value {
    app.ask("contacts.show", &json!({"contact": EMAIL}))
}

fn field(app: &App, name: &str) -> Value {
    card(app)["fields"][name].clone()
}
