//! What a screen reader is told: the web view's own tree of roles and names, in the order in which it is read.

use serde_json::{Value, json};

use crate::app::{App, key};
use crate::first_run::to_the_plan;

/// Everything that is read on the way through a part of the page: places, headings, and what can be used.
const READ: &str = "
    const root = arguments[0] === null ? document : document.querySelector(arguments[0]);
    const what = 'nav,main,footer,aside,h1,h2,h3,button,a[href],input:not([type=hidden]),select,textarea,[role=tab]';
    return [...root.querySelectorAll(what)].filter((node) =>
      (node.getClientRects().length > 0 || node.classList.contains('visually-hidden'))
      && !node.closest('[aria-hidden=true]') && getComputedStyle(node).visibility !== 'hidden' && node.tabIndex !== -2);";

/// Returns role and name of each.
fn spoken(app: &App, within: Option<&str>) -> Vec<(String, String)> {
    let mut spoken = None;
    // What is drawn anew while it is read is read again.
    app.until("the screen holds still", |app| {
        spoken = app.elements(READ, &json!([within])).and_then(|elements| {
            let told = elements.iter().map(|element| app.told_of(element));
            told.collect()
        });
        spoken.is_some()
    });
    spoken.unwrap()
}

fn place(spoken: &[(String, String)], role: &str, name: &str) -> usize {
    let found = spoken
        .iter()
        .position(|(r, n)| r == role && n.starts_with(name));
    found.unwrap_or_else(|| panic!("there is a {role} \"{name}\" in {spoken:#?}"))
}

#[test]
fn each_screen_is_read_in_order_and_everything_in_it_has_a_name() {
    let app = App::on_a_new_machine();
    to_the_plan(&app);
    let plan = spoken(&app, None);
    place(&plan, "radio", "Create: ");
    place(&plan, "radio", "Blocked: ");
    for screen in [
        "Overview",
        "Contacts",
        "Segments",
        "Scores",
        "Consent",
        "Replications",
        "Connections",
        "Recent changes",
        "Help",
        "Security",
        "Settings",
    ] {
        app.go(screen);
        app.find("heading", screen);
        let spoken = spoken(&app, None);
        let order = [
            place(&spoken, "navigation", "Screens"),
            place(&spoken, "link", screen),
            place(&spoken, "heading", screen),
            place(&spoken, "button", "Alerts"),
        ];
        assert!(order.is_sorted(), "{screen}: {order:?} {spoken:#?}");
        let nameless: Vec<_> = spoken
            .iter()
            .filter(|(role, name)| {
                let is_used = [
                    "button",
                    "link",
                    "textbox",
                    "searchbox",
                    "checkbox",
                    "radio",
                    "switch",
                    "combobox",
                    "tab",
                ];
                is_used.contains(&role.as_str()) && name.trim().is_empty()
            })
            .collect();
        assert!(nameless.is_empty(), "{screen}: {nameless:?}");
    }
}

#[test]
fn a_navigation_of_icons_alone_is_still_read_by_name() {
    let app = App::on_a_screen("1024x700");
    to_the_plan(&app);
    let spoken = spoken(&app, Some("nav"));
    for (role, name) in [
        ("button", "Workspace: Practice"),
        ("button", "Search or jump to"),
        ("link", "Contacts"),
        ("link", "Replications"),
        ("link", "Settings"),
    ] {
        place(&spoken, role, name);
    }
}

#[test]
fn every_dialog_of_the_frame_has_a_name_and_a_button_that_closes_it() {
    let app = App::on_a_new_machine();
    to_the_plan(&app);
    for (summons, name) in [
        ("shortcuts", "Keyboard shortcuts"),
        ("about", "About Leadferry"),
        ("new workspace", "New workspace"),
    ] {
        let script = format!("window.dispatchEvent(new Event('leadferry:{summons}'))");
        app.script(&script, &json!([])).unwrap();
        let dialog = app.find("region", name);
        assert_eq!(
            app.told_of(&dialog),
            Some(("dialog".to_owned(), name.to_owned()))
        );
        place(&spoken(&app, Some("[role=dialog]")), "button", "Close");
        app.keys(&[], &key::ESCAPE.to_string());
        app.until("it is closed", |app| !app.has("region", name));
    }
}

#[test]
fn the_focus_is_back_in_the_list_when_the_panel_closes() {
    let app = App::on_a_new_machine();
    to_the_plan(&app);
    app.go("Contacts");
    app.see("Space");
    app.click("row", "*@*");
    app.see("1 of ");
    app.click_within("Contact", "button", "Close the panel");
    app.until("the panel is closed", |app| !app.has("region", "Contact"));
    let focused = "const now = document.activeElement; return now.closest('[role=row],[role=grid],[role=table]') !== null";
    app.until("the focus is in the list", |app| {
        app.script(focused, &json!([])) == Ok(Value::Bool(true))
    });
}
