//! Recent changes: what was done to contacts, undone from the list.

use serde_json::{Value, json};

use crate::app::App;
use crate::first_run::to_the_plan;

const EMAIL: &str = "ines@ferry-works.example";

#[test]
fn a_deletion_is_undone_from_the_list_of_changes() {
    let app = App::on_a_new_machine();
    to_the_plan(&app);
    let ines = json!({"first_name": "Ines", "last_name": "Ferreira", "email": EMAIL});
    app.ask("contacts.add", &json!({"fields": ines}));
    let before = contacts(&app);
    app.cli(&["contacts", "delete", EMAIL]);
    assert_eq!(contacts(&app), before - 1);

    app.go("Recent changes");
    app.see("Deleted contact");
    app.picture("46-changes");
    app.press("Undo: Deleted contact*");
    app.see("Restored 1 contact.");
    app.see("Undone");
    assert!(
        !app.has("button", "Undo: Deleted contact*"),
        "it is undone once"
    );
    assert_eq!(contacts(&app), before);
    app.go("Contacts");
    app.see("Space");
    app.search_contacts(EMAIL);
    app.find("row", "*Ines*");
}

fn contacts(app: &App) -> u64 {
    let count: Value = app.ask("contacts.count", &json!({}));
    count.as_u64().unwrap()
}
