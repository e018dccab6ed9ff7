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
    app.see("Which contacts go into which org");
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
    app.tab_to(
        "button",
        "Department__c filled from:*|Industry filled from:*|Fax filled from:*",
    );
    app.keys(&[], "d");
    app.until("the sources are listed", |app| app.has("option", "*"));
    app.picture("08-sources");
    app.keys(&[], &format!("{}{}", key::DOWN, key::ENTER));
    app.until("it is mapped", |app| {
        let text = mapped(app);
        text.contains("Department__c") || text.contains("Industry") || text.contains("Fax")
    });
}

fn mapped(app: &App) -> String {
    let shown = app.ask("mappings.show", &json!({"name": REPLICATION}));
    shown["text"].as_str().unwrap().to_owned()
}
