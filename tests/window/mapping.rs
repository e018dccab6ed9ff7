//! The mapping grid by the keyboard alone.

use serde_json::json;

use crate::app::{App, key};
use crate::first_run::{REPLICATION, to_the_plan};

#[test]
fn a_field_is_mapped_and_cleared_by_the_keyboard_alone() {
    let app = App::on_a_new_machine();
    to_the_plan(&app);
    // Straight into a replication: G then R, its link, the tab.
    app.script("document.activeElement?.blur()", &json!([]))
        .unwrap();
    app.keys(&[], "gr");
    app.see("The contacts you send to Salesforce");
    app.tab_to("link", REPLICATION);
    app.keys(&[], &key::ENTER.to_string());
    app.tab_to("tab", "Plan*");
    app.keys(&[], &format!("{}{}{}", key::LEFT, key::LEFT, key::ENTER));
    app.see("Every required field is mapped");
    app.picture("07-mapping");

    app.tab_to("button", "Title filled from:*");
    app.keys(&[], &key::DELETE.to_string());
    app.until("it is cleared", |app| !mapped(app).contains("Title"));
    app.keys(&[key::CONTROL], "z");
    app.until("it is back", |app| mapped(app).contains("Title"));

    app.tab_to("button", "Show");
    app.keys(&[], &key::ENTER.to_string());
    let (target, label) = unmapped(&app);
    let is_mapped = |app: &App| {
        mapped(app)
            .lines()
            .any(|line| line.ends_with(&format!("={target}")))
    };
    assert!(!is_mapped(&app), "{target} isn't mapped yet");
    app.tab_to("button", &format!("{label} filled from:*"));
    app.keys(&[], "d");
    app.until("the search field has the focus", |app| {
        let focused = "return document.activeElement?.tagName";
        app.script(focused, &json!([])) == Ok(json!("INPUT"))
    });
    app.until("the first source is selected", |app| {
        let selected = "return document.querySelector('[data-combobox-selected]') !== null";
        app.script(selected, &json!([])) == Ok(json!(true))
    });
    app.picture("08-sources");
    app.keys(&[], &format!("{}{}", key::DOWN, key::ENTER));
    app.until(&format!("{target} is mapped"), is_mapped);
}

/// Returns the name and the label of a field that takes any text and isn't mapped.
fn unmapped(app: &App) -> (String, String) {
    let grid = app.ask("mappings.grid", &json!({"name": REPLICATION}));
    let rows = grid["rows"].as_array().unwrap();
    let is_free = |row: &&serde_json::Value| {
        // Any source fits a text.
        row["group"] == "not_mapped"
            && row["type_name"] == "Text"
            && row["source"].is_null()
            && row["restriction"].is_null()
    };
    let row = rows.iter().find(is_free).expect("a field isn't mapped");
    let text = |key: &str| row[key].as_str().unwrap().to_owned();
    (text("target"), text("label"))
}

fn mapped(app: &App) -> String {
    let shown = app.ask("mappings.show", &json!({"name": REPLICATION}));
    shown["text"].as_str().unwrap().to_owned()
}

#[test]
fn a_template_is_written_with_fields_and_a_preview_and_reopened_as_it_was() {
    let app = App::on_a_new_machine();
    to_the_mapping(&app);
    app.fill("Search fields", "title");
    app.until("the others are out of sight", |app| {
        !app.has("button", "Email filled from:*")
    });
    app.click("button", "Title filled from:*");
    app.click("option", "Template…");
    app.press("Insert Job title*");
    app.keys(&[], " at ");
    app.press("Insert Company name*");
    app.find("region", "Title*|Template for Title");
    app.until("it is previewed", |app| app.page().contains(" at "));
    app.picture("08-template");
    app.keys(&[], " {% Contact.nonsense %}");
    app.see("nonsense");
    app.until("it cannot be saved", |app| {
        app.script(
            "return [...document.querySelectorAll('button')].find((b) => b.textContent === 'Save template').disabled",
            &json!([]),
        ) == Ok(json!(true))
    });
    app.picture("08-template-refused");
    app.keys(&[], &"\u{E003}".repeat(23));
    app.press("Save template");
    app.until("it is saved", |app| {
        mapped(app).contains("{% Contact.job_title %} at {% Contact.company_name %}=Title")
    });

    app.click("button", "Title filled from:*");
    app.click("option", "Edit template…");
    app.see("{% Contact.job_title %} at {% Contact.company_name %}");
}

#[test]
fn values_are_mapped_from_what_is_here_to_what_the_org_offers() {
    let app = App::on_a_new_machine();
    to_the_mapping(&app);
    app.fill("Search fields", "lead source");
    app.click("button", "Lead Source filled from:*");
    app.click("option", "Language*");
    app.click("button", "Overwrite Lead Source:*");
    app.click("menuitem", "Value map…");
    app.click_within(
        "Value map for Lead Source",
        "textbox",
        "Value in Salesforce for de",
    );
    app.fill_within(
        "Value map for Lead Source",
        "Value in Salesforce for de",
        "Carrier pigeon",
    );
    app.see("Not in the picklist.");
    app.picture("08-value-map");
    app.fill_within(
        "Value map for Lead Source",
        "Value in Salesforce for de",
        "Web",
    );
    app.press("Save value map");
    app.find("button", "1 value mapped");
    app.picture("08-value-mapped");
    app.until("the map is kept", |app| mapped(app).contains("de"));

    app.press("1 value mapped");
    app.find_within(
        "Value map for Lead Source",
        "textbox",
        "Value in Salesforce for de",
    );
    app.see("Web");
}

fn to_the_mapping(app: &App) {
    to_the_plan(app);
    app.click("tab", "Mapping*");
    app.see("Every required field is mapped");
}
