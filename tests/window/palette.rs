//! The command palette: everything is a few letters away.

use std::time::{Duration, Instant};

use serde_json::json;

use crate::app::{App, key};
use crate::first_run::{REPLICATION, to_the_plan};

#[test]
fn actions_people_and_places_are_found_by_a_few_letters() {
    let app = App::on_a_new_machine();
    to_the_plan(&app);
    app.ask(
        "contacts.add",
        &json!({"fields": {"first_name": "Ines", "last_name": "Ferreira", "email": "ines@ferry-works.example"}}),
    );
    let choose = |typed: &str, found: &str| {
        app.until("the palette is closed", |app| {
            !app.has("textbox", "Search or jump to")
        });
        app.keys(&[key::CONTROL], "k");
        app.fill("Search or jump to", typed);
        app.find("button", found);
        // What is found goes on changing while it is typed: it is taken as by somebody who reads it.
        let mut taken: Option<Instant> = None;
        app.until(&format!("{found} is taken"), |app| {
            if !app.has("textbox", "Search or jump to") {
                return true;
            }
            if taken.is_none_or(|at| at.elapsed() > Duration::from_secs(5)) {
                std::thread::sleep(Duration::from_millis(500));
                app.keys(&[], &key::ENTER.to_string());
                taken = Some(Instant::now());
            }
            false
        });
    };
    app.keys(&[key::CONTROL], "k");
    app.find("textbox", "Search or jump to");
    app.fill("Search or jump to", "le");
    app.find("button", &format!("{REPLICATION}*"));
    app.picture("43-palette");
    app.keys(&[], &key::ESCAPE.to_string());

    choose("ferreira", "Ines Ferreira*");
    app.find_within("Contact", "heading", "Ines Ferreira");
    choose("import", "Import contacts*");
    app.see("Recent imports");
    choose("new seg", "New segment*");
    app.find("heading", "New segment");
    choose("plan leads", &format!("Plan {REPLICATION}"));
    app.find("button", "Create *");
    choose("new contact", "New contact*");
    app.find("textbox", "First name");
    app.keys(&[], &key::ESCAPE.to_string());
    choose("numbers", "Numbers and dates");
    app.find("heading", "Settings");
    choose("leads from", &format!("{REPLICATION}*"));
    app.find("tab", "Plan*");
    let everybody = json!({"all": [{"field": "email", "op": "contains", "value": "@"}]});
    app.ask(
        "segments.add",
        &json!({"name": "Reachable", "description": "", "tree": everybody}),
    );
    choose("reachable", "Reachable");
    app.see("Growth");
    choose("export contacts", "Export contacts*");
    app.find("region", "Export contacts");
    app.keys(&[], &key::ESCAPE.to_string());
    let file = app.path("Reachable.csv");
    app.will_pick(&file);
    choose("export segment", "Export segment Reachable");
    app.see("saved to");
    assert!(std::fs::read_to_string(&file).unwrap().lines().count() > 100);
    app.cli(&["contacts", "delete", "ines@ferry-works.example"]);
    choose("undo", "Undo a change to contacts");
    app.press("Undo: Deleted contact*");
    app.see("Restored 1 contact.");
    let ines = json!({"contact": "ines@ferry-works.example"});
    assert_eq!(
        app.ask("contacts.show", &ines)["fields"]["first_name"],
        "Ines"
    );
    choose("dark", "Switch to dark mode");
    app.until("it is dark", |app| {
        app.script(
            "return document.documentElement.dataset.mantineColorScheme",
            &json!([]),
        ) == Ok(json!("dark"))
    });
}

#[test]
fn a_new_workspace_is_made_and_named_in_the_title() {
    let app = App::on_a_new_machine();
    to_the_plan(&app);
    let title = |app: &App| {
        app.script("return document.title", &json!([]))
            .unwrap_or_default()
    };
    app.until("the title names it", |app| {
        title(app) == "Practice – Leadferry"
    });
    app.press("Workspace: Practice");
    app.click("menuitem", "New workspace…");
    app.fill_within("New workspace", "Name", "Fair 2027");
    app.press("Create workspace");
    app.until("the title names the new one", |app| {
        title(app) == "Fair 2027 – Leadferry"
    });
    assert!(app.workspace().to_string_lossy().contains("Fair 2027"));
    app.see("Import contacts");
    app.picture("44-empty-workspace");
}

#[test]
fn text_grows_by_the_keys_and_stays_so() {
    let mut app = App::on_a_new_machine();
    to_the_plan(&app);
    let size = |app: &App| {
        app.script("return document.documentElement.style.fontSize", &json!([]))
            .unwrap_or_default()
    };
    app.script("document.activeElement?.blur()", &json!([]))
        .unwrap();
    let mut pressed: Option<Instant> = None;
    app.until("it is larger", |app| {
        // A key that comes before the window has the focus is nobody's.
        if size(app) == "" && pressed.is_none_or(|at| at.elapsed() > Duration::from_secs(5)) {
            app.keys(&[key::CONTROL], "+");
            pressed = Some(Instant::now());
        }
        size(app) == "110%"
    });
    app.until("it is kept", |app| {
        app.ask("shell.preference", &json!({"key": "text_size"})) == 110
    });
    app.open();
    app.until("it is still larger", |app| size(app) == "110%");
    app.keys(&[key::CONTROL], "0");
    app.until("it is as usual", |app| size(app) == "");
}
