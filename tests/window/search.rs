//! Looking into the org: searching, linking, bringing in.

use serde_json::json;

use crate::app::App;
use crate::first_run::to_the_plan;

/// A lead of the practice org whose e-mail no sample contact has, and one whose e-mail a sample contact has.
const STRANGER: &str = "Leilani Kahananui";
const ACQUAINTANCE: &str = "Inés Puig i Cadafalch";

fn links(app: &App) -> usize {
    let listed = app.cli(&["links", "list"]);
    listed["links"].as_array().unwrap().len()
}

#[test]
fn leads_are_found_linked_and_brought_in() {
    let app = App::on_a_new_machine();
    to_the_plan(&app);
    app.go("Salesforce");
    app.see("Search Salesforce");
    app.press("Add condition");
    app.choose("Field, condition 1", "Last Name (LastName)");
    app.choose("Operator, condition 1", "has a value");
    app.press("Search");
    app.find("cell", "*");
    app.picture("11-search");

    // Nobody here has the e-mail of this one: a contact is made.
    let before = app.ask("contacts.count", &json!({})).as_u64().unwrap();
    app.click("checkbox", &format!("Select {STRANGER}"));
    app.press("Import as contacts");
    app.until("it is linked", |app| links(app) == 1);
    let after = app.ask("contacts.count", &json!({}));
    assert_eq!(after, before + 1, "one contact was made");
    // Somebody here has the e-mail of that one: the contact is linked, and no second one is made.
    app.until("the list is asked again", |app| {
        app.page().contains("0 selected")
    });
    app.click("checkbox", &format!("Select {ACQUAINTANCE}"));
    app.press("Import as contacts");
    app.until("both are linked", |app| links(app) == 2);
    let after = app.ask("contacts.count", &json!({}));
    assert_eq!(after, before + 1, "nobody is here twice");

    // The second one is somebody that is here already, says the user.
    let zora = json!({"first_name": "Zora", "last_name": "Zebra", "email": "zora@zebra.example"});
    app.ask("contacts.add", &json!({"fields": zora}));
    // Linked contacts are named at the end of their rows.
    let script = "const rows = [...document.querySelectorAll('tbody tr')];
        const free = rows.filter((row) => !row.querySelector('td:last-child a'));
        const name = free[0]?.querySelector('input').getAttribute('aria-label').slice(7);
        return free.length === rows.length - 2 ? name : null";
    let mut second = None;
    app.until("both are shown as linked", |app| {
        let found = app.script(script, &json!([])).unwrap_or_default();
        second = found.as_str().map(str::to_owned);
        second.is_some()
    });
    let second = second.unwrap();
    app.click("checkbox", &format!("Select {second}"));
    app.press("Link to a contact…");
    app.fill("Contact", "zora");
    app.press("Link to Zora Zebra");
    app.until("it is linked", |app| {
        let card = app.cli(&["contacts", "show", "zora@zebra.example"]);
        card["links"].as_array().unwrap().len() == 1
    });

    app.press("Saved searches");
    app.click("menuitem", "Save this search…");
    app.fill("Name", "With a name");
    app.press("Save search");
    app.until("it is saved", |app| {
        app.ask("search.saved", &json!({}))
            .as_array()
            .unwrap()
            .len()
            == 1
    });

    app.click("radio", "SOQL");
    app.press("Run");
    app.find("region", "Results");
    app.picture("12-soql");
}
