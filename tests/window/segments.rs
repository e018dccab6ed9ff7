//! A segment by the keyboard alone, and what Salesforce learns of it.

use serde_json::{Value, json};

use crate::app::{App, key};
use crate::first_run::{REPLICATION, in_the_org, run, to_the_plan};

#[test]
fn a_segment_is_built_by_keyboard_activated_and_its_statuses_arrive() {
    let app = App::on_a_new_machine();
    to_the_plan(&app);
    run(&app);
    build_by_keyboard(&app);
    let members = app.ask("segments.show", &json!({"name": "Bristolians"}))["members"].clone();
    let members = members.as_u64().unwrap();
    assert!(members > 0, "somebody lives there");

    app.go("Replications");
    app.click("link", REPLICATION);
    app.click("tab", "Segments*");
    app.choose("Segment", "Bristolians");
    app.press("Activate segment");
    app.press("Create the missing field in *");
    app.see("Ready");
    app.picture("33-activated");

    let went = app.cli(&["replications", "run", REPLICATION]);
    assert!(went["updated"].as_u64().unwrap() > 0, "{went}");
    let of = |status: &str| {
        let soql = format!("SELECT Id FROM Lead WHERE Bristolians__c = '{status}'");
        in_the_org(&app, &soql).len()
    };
    let realized = of("realized");
    assert!(realized > 0 && of("exited") == 0, "{realized} realized");

    // One of them moves away.
    let page = app.ask(
        "segments.members",
        &json!({"segment": "Bristolians", "limit": 500}),
    );
    let guid = linked(&app, page["members"].as_array().unwrap());
    app.ask(
        "contacts.set",
        &json!({"contact": guid, "fields": {"city": "Oslo"}}),
    );
    let left = app.cli(&["replications", "run", REPLICATION]);
    assert_eq!(left["updated"], 1, "{left}");
    assert_eq!((of("realized"), of("exited")), (realized - 1, 1));
    app.go("Segments");
    app.click("link", "Bristolians");
    app.see("Growth");
    let card = app.ask("contacts.show", &json!({"contact": guid}));
    let text = |field: &str| card["fields"][field].as_str().unwrap().to_owned();
    let name = format!("{} {}", text("first_name"), text("last_name"));
    app.fill("Contact to explain", &text("email"));
    app.click("option", &format!("*{name}*"));
    app.see("left this segment");
    app.picture("31-segment");
    fixed_members(&app, &text("email"), &name);
    reconcile(&app, realized - 1);
}

/// A copy has fixed members: one is added by hand, and removed.
fn fixed_members(app: &App, email: &str, name: &str) {
    let members =
        |app: &App| app.ask("segments.show", &json!({"name": "Guests"}))["members"].clone();
    app.ask(
        "segments.copy",
        &json!({"segment": "Bristolians", "name": "Guests"}),
    );
    let before = members(app).as_u64().unwrap();
    app.go("Segments");
    app.click("link", "Guests");
    app.fill("Add a contact", email);
    app.click("option", &format!("*{name}*"));
    app.until("one more is in it", |app| members(app) == json!(before + 1));
    app.picture("31b-fixed-members");
    app.click("button", &format!("Remove *{name}"));
    app.until("one is out again", |app| members(app) == json!(before));
}

/// What Salesforce holds is counted; a record that somebody changes there is found, and goes again.
fn reconcile(app: &App, realized: usize) {
    app.go("Replications");
    app.click("link", REPLICATION);
    app.click("tab", "Reconciliation*");
    app.press("Count *");
    app.see("Counted");
    let counted = app.ask("replications.reconciliation", &json!({"name": REPLICATION}));
    let romans = &counted["last"]["segments"][0]["counts"];
    assert_eq!(romans["confirmed"], realized, "{counted}");
    app.press("Read back *");
    app.see("read back");
    app.picture("37-reconciliation");
    let read = app.ask("replications.reconciliation", &json!({"name": REPLICATION}));
    assert_eq!(read["differing"], 0, "{read}");
    assert_eq!(
        read["last"]["all"]["confirmed"],
        read["last"]["all"]["sent"]
    );
}

/// G then M, the button, the field, the value, the name: no mouse.
fn build_by_keyboard(app: &App) {
    let enter = key::ENTER.to_string();
    app.script("document.activeElement?.blur()", &json!([]))
        .unwrap();
    app.keys(&[], "gm");
    app.see("Groups of contacts that update themselves");
    app.tab_to("link", "New segment");
    app.keys(&[], &enter);
    app.see("Everyone whose email has a value.");
    app.tab_to("textbox", "Field, rule 1");
    app.keys(&[], "City");
    app.find("option", "City");
    app.keys(&[], &format!("{}{}", key::DOWN, key::ENTER));
    app.tab_to("textbox", "Value, rule 1");
    app.keys(&[], "Bristol");
    app.see("Everyone whose city contains “Bristol”.");
    let expected = app.ask(
        "segments.try",
        &json!({"tree": {"all": [{"field": "city", "op": "contains", "value": "Bristol"}]}}),
    );
    let expected = expected["contacts"].as_u64().unwrap().to_string();
    app.until("the count has followed", |app| {
        app.page().contains(&format!("{expected} of "))
    });
    app.picture("30-segment-new");
    app.tab_to("button", "Save segment");
    app.keys(&[], &enter);
    app.focused("textbox", "Name");
    app.keys(&[], &format!("Bristolians{enter}"));
    app.see("Members");
}

/// Returns a member who has a record.
fn linked(app: &App, members: &[Value]) -> Value {
    let mut guids = members.iter().map(|member| member["guid"].clone());
    let has_record = |guid: &Value| {
        let card = app.ask("contacts.show", &json!({"contact": guid}));
        !card["links"].as_array().unwrap().is_empty()
    };
    guids.find(has_record).unwrap()
}
