//! A rehearsal on the shape of one's own org.

use leadferry_commands::connections::{self, AddConnection, Flow};
use leadferry_commands::{Code, Workspace, practice};
use serde_json::json;

use crate::support::{Machine, connected, practice as practice_connection};

/// Adds a connection to an org elsewhere, where nobody has signed in yet.
async fn add_live(workspace: &Workspace) {
    let live = AddConnection {
        flow: Flow::Browser,
        host: Some("acme".to_owned()),
        client_id: Some("3MVG9".to_owned()),
        ..practice_connection("Live")
    };
    connections::add(workspace, &live).await.unwrap();
}

/// Keeps what the org behind the connection says of its leads.
fn describe_leads(workspace: &Workspace) {
    let field = |name: &str, length: u32, nillable: bool| {
        json!({
            "name": name, "label": name, "type": "string", "length": length, "nillable": nillable,
            "createable": true, "updateable": true,
        })
    };
    let lead = json!({"name": "Lead", "label": "Lead", "fields": [
        field("LastName", 12, false), field("Company", 255, true), field("Region__c", 30, false),
    ]});
    let keep = |object: &str, body: &str| {
        workspace.store().write(|writer| {
            let live = writer.connection_named("Live")?.id;
            writer.save_describe(live, object, None, body, 1)
        })
    };
    keep("Lead", &lead.to_string()).unwrap();
    keep("User", "{}").unwrap();
}

#[tokio::test]
async fn the_practice_org_takes_over_what_a_connection_knows_of_its_org() {
    let machine = Machine::new();
    let workspace = connected(&machine).await;
    let error = practice::adopt(&workspace, "Practice").await.unwrap_err();
    assert_eq!(error.code, Code::Usage, "{error}");
    add_live(&workspace).await;
    describe_leads(&workspace);
    let adopted = practice::adopt(&workspace, "Live").await.unwrap();
    assert_eq!(adopted.objects.len(), 1);
    assert_eq!(adopted.objects[0].added, ["Region__c"]);
    let shown = practice::settings(&workspace).await.unwrap();
    assert_eq!(shown.adopted, json!(["Lead"]));
    // The practice connection knows the new shape without being asked.
    let described = workspace
        .store()
        .read(|reader| {
            let practice = reader.connection_named("Practice")?.id;
            reader.describe(practice, "Lead")
        })
        .unwrap();
    assert!(described.unwrap().body.contains("Region__c"));
}

#[tokio::test]
async fn a_connection_that_was_never_tested_says_what_to_do() {
    let machine = Machine::new();
    let workspace = machine.create();
    add_live(&workspace).await;
    let error = practice::adopt(&workspace, "Live").await.unwrap_err();
    assert_eq!(error.command.as_deref(), Some("connections test \"Live\""));
}
