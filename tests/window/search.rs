//! Looking into the org: searching, linking, bringing in.

use serde_json::json;

use crate::app::App;
use crate::first_run::to_the_plan;

#[test]
fn leads_are_found_linked_and_brought_in() {
    let app = App::on_a_new_machine();
    to_the_plan(&app);
    app.go("Salesforce");
    app.see("Search Salesforce");
    app.press("Add a criterion");
    app.choose("Field, criterion 1", "Last Name (LastName)");
    app.choose("Condition, criterion 1", "is filled in");
    app.press("Search");
    app.find("cell", "*");
    app.picture("11-search");

    // The first one becomes a contact here.
    let before = app.ask("contacts.count", &json!({})).as_u64().unwrap();
    let first = app.script(
        "return document.querySelector('tbody input[type=checkbox]').getAttribute('aria-label').slice(5)",
        &json!([]),
    );
    let first = first.unwrap().as_str().unwrap().to_owned();
    app.click("checkbox", &format!("Tick {first}"));
    app.press("Import as contacts");
    app.until("it is here", |app| {
        let now = app.ask("contacts.count", &json!({})).as_u64().unwrap();
        let links = app.cli(&["links", "list"])["links"]
            .as_array()
            .unwrap()
            .len();
        links == 1 && (now == before + 1 || now == before)
    });

    // The second one is somebody that is here already, says the user.
    let zora = json!({"first_name": "Zora", "last_name": "Zebra", "email": "zora@zebra.example"});
    app.ask("contacts.add", &json!({"fields": zora}));
    let script = "return [...document.querySelectorAll('tbody tr')]
        .filter((row) => !row.querySelector('td:last-child a'))[0]
        ?.querySelector('input').getAttribute('aria-label').slice(5) ?? ''";
    app.until("the list is asked again", |app| {
        app.page().contains("0 ticked")
    });
    let second = app
        .script(script, &json!([]))
        .unwrap()
        .as_str()
        .unwrap()
        .to_owned();
    app.click("checkbox", &format!("Tick {second}"));
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
    app.press("Save the search");
    app.until("it is saved", |app| {
        app.ask("search.saved", &json!({}))
            .as_array()
            .unwrap()
            .len()
            == 1
    });

    app.click("radio", "SOQL");
    app.press("Run");
    app.find("region", "Answer");
    app.picture("12-soql");
}
