//! Every screen, light and dark: nothing that a checker for accessibility finds fault with.

use serde_json::{Value, json};

use crate::app::{App, key};
use crate::first_run::{REPLICATION, run, to_the_plan};

const AXE: &str = include_str!("../../ui/node_modules/axe-core/axe.min.js");

#[test]
fn every_screen_is_accessible_in_light_and_in_dark() {
    let app = App::on_a_new_machine();
    let mut faults = Vec::new();
    let mut look = |name: &str| {
        app.picture(name);
        for scheme in ["light", "dark"] {
            app.dress(scheme);
            faults.extend(
                faults_here(&app)
                    .into_iter()
                    .map(|fault| format!("{name}, {scheme}: {fault}")),
            );
        }
        app.dress("light");
    };
    app.see("Send the right contacts to Salesforce");
    look("01-first-run");
    to_the_plan(&app);
    look("02-plan");
    app.tab_to("radio", "Create*");
    app.keys(&[], &key::RIGHT.to_string());
    app.see("In Salesforce");
    look("28-plan-update");
    app.keys(&[], &key::RIGHT.to_string().repeat(4));
    app.see("You choose which contacts are sent");
    look("29-plan-left-out");
    let germans = json!({"all": [
        {"field": "country", "op": "equals", "value": "Germany"},
        {"any": [
            {"activity": "visit", "within": "30 days", "times": {"op": "at_least", "value": 2},
             "with": [{"field": "title", "op": "contains", "value": "price"}]},
            {"points": "Engagement", "op": "at_least", "value": 10},
            {"field": "birthday", "op": "anniversary_within", "value": "2 weeks"},
        ]},
        {"none": [{"field": "city", "op": "one_of", "value": ["Bonn"]}]},
    ]});
    app.ask(
        "activities.add_type",
        &json!({"name": "visit", "description": ""}),
    );
    let new = json!({"name": "Germans", "description": "They read German", "tree": germans});
    app.ask("segments.add", &new);
    run(&app);
    look("03-run");
    for (tab, seen, name) in [
        ("Who*", "points", "20-who"),
        ("Segments*", "Field names and limit", "32-active-segments"),
        ("Mapping*", "Last Name", "07-mapping"),
        (
            "Settings*",
            "Contacts in a batch",
            "21-replication-settings",
        ),
        ("Queue*", "Retry all", "10-queue"),
        ("Runs*", "Run 1", "22-runs"),
        ("Reconciliation*", "Not checked yet", "39-not-reconciled"),
    ] {
        app.click("tab", tab);
        app.see(seen);
        look(name);
    }
    for (screen, seen, name) in [
        ("Overview", "Sent, by day", "04-overview"),
        ("Contacts", "Space", "15-contacts"),
        ("Accounts", "Contacts", "16-accounts"),
        ("Activities", "For example, a visit", "34-activities"),
        ("Consent", "No purposes yet", "41-consent"),
        ("Segments", "Germans", "35-segments"),
        ("Scores", "Engagement", "17-scores"),
        ("Replications", REPLICATION, "23-replications"),
        ("Salesforce", "Search Salesforce", "11-search-empty"),
        ("Connections", "Practice", "14-connections"),
        ("Recent changes", "Undo imports", "45-changes"),
        ("Help", "Salesforce’s error codes", "18-help"),
        ("Security", "What’s kept where", "41-security"),
        ("Settings", "Appearance", "19-settings"),
    ] {
        app.go(screen);
        app.see(seen);
        look(name);
    }
    app.go("Contacts");
    app.see("Space");
    app.search_contacts("McAllister");
    app.click("row", "*McAllister*");
    app.find_within("Contact", "heading", "In Salesforce");
    look("24-contact");
    app.go("Scores");
    app.click("link", "Engagement");
    app.see("Contacts by points");
    look("25-score");
    app.go("Segments");
    app.click("link", "Germans");
    app.see("Growth");
    look("36-segment");
    app.go("Accounts");
    app.click_within("Accounts", "button", "*");
    app.see("Delete account");
    look("26-account");
    app.go("Contacts");
    app.press("Import");
    app.see("Recent imports");
    look("27-imports");
    app.go("Connections");
    app.press("Connect an org");
    app.see("How should Leadferry sign in?");
    look("13-how-to-sign-in");
    app.press("Sign in with your browser");
    app.see("Paste the callback");
    look("13-set-up");
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[test]
fn the_window_is_switched_to_dark_and_stays_so() {
    let mut app = App::on_a_new_machine();
    to_the_plan(&app);
    app.go("Settings");
    app.click("radio", "Dark");
    app.until("it is dark", is_dark);
    assert_eq!(
        app.ask("shell.preference", &json!({"key": "color_scheme"})),
        json!("dark")
    );
    app.open();
    app.until("it is dark from the start", is_dark);
    app.go("Settings");
    app.click("radio", "Light");
    app.until("it is light", |app| !is_dark(app));
}

fn is_dark(app: &App) -> bool {
    let script = "return document.documentElement.dataset.mantineColorScheme === 'dark'";
    app.script(script, &json!([]))
        .is_ok_and(|dark| dark == json!(true))
}

pub(crate) fn faults_here(app: &App) -> Vec<String> {
    app.script(AXE, &json!([])).unwrap();
    let script = "return axe.run(document, { resultTypes: ['violations'] }).then(({ violations }) =>
        violations.flatMap(({ id, nodes }) => nodes.slice(0, 3).map((node) => `${id}: ${node.html.slice(0, 200)} ${node.any[0]?.message ?? ''}`)))";
    let found = app.script(script, &json!([])).unwrap();
    let found = found.as_array().unwrap().iter();
    found.filter_map(Value::as_str).map(str::to_owned).collect()
}
