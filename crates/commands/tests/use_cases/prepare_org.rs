//! Preparing an org: what is missing is made, what is there is used, what does not fit is told.

use leadferry_commands::prepare_org::{Prepared, StepKind, prepare_org, prepare_org_with};
use leadferry_commands::replications::ReplicationChange;
use leadferry_commands::{Code, Workspace, mappings};

use crate::support::{Machine, add_leads, connected};

fn add(workspace: &Workspace, identifier: Option<&str>) {
    let change = ReplicationChange {
        identifier: identifier.map(str::to_owned),
        ..ReplicationChange::default()
    };
    add_leads(workspace, change);
}

fn kinds(prepared: &Prepared) -> Vec<StepKind> {
    prepared.steps.iter().map(|step| step.kind).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn the_identifier_is_made_and_shown_once() {
    let machine = Machine::new();
    let workspace = connected(&machine).await;
    add(&workspace, None);
    let looked = prepare_org(&workspace, "Leads", true).await.unwrap();
    assert!(!looked.ready);
    assert_eq!(kinds(&looked), [StepKind::Missing, StepKind::ToDo]);
    assert!(
        !kinds(&looked).contains(&StepKind::Done),
        "--check changes nothing"
    );
    let made = prepare_org(&workspace, "Leads", false).await.unwrap();
    assert!(made.ready);
    assert_eq!(
        kinds(&made),
        [
            StepKind::Missing,
            StepKind::Done,
            StepKind::Done,
            StepKind::Done,
            StepKind::Done
        ],
        "field, permission set, its right and its assignment: {:?}",
        made.steps
    );
    let again = prepare_org(&workspace, "Leads", false).await.unwrap();
    assert!(again.ready);
    assert!(
        kinds(&again) == [StepKind::Found],
        "the second time finds everything there"
    );
}

/// The practice org has the standard field, and nobody may see it until it's granted.
#[tokio::test(flavor = "multi_thread")]
async fn a_hidden_field_is_told_from_a_missing_one_and_shown() {
    let machine = Machine::new();
    let workspace = connected(&machine).await;
    add(&workspace, None);
    prepare_org(&workspace, "Leads", false).await.unwrap();
    let standing = mappings::show(&workspace, "Leads").unwrap().text;
    let wanted = format!("{standing}\"true\"=DoNotCall\n");
    let refused = mappings::import(&workspace, "Leads", &wanted).unwrap_err();
    assert!(refused.cause.contains("can't see"), "{refused}");
    assert!(!refused.hint.contains("create"), "{refused}");
    let command = refused.command.clone().unwrap();
    assert!(command.ends_with("--show DoNotCall"), "{command}");
    let both = mappings::check(
        &workspace,
        "Leads",
        Some(&format!("{standing}\"x\"=Nope__c\n")),
    )
    .unwrap();
    let message = &both
        .findings
        .iter()
        .find(|one| one.code == "unknown_target")
        .unwrap()
        .message;
    assert!(
        message.find("permissions") < message.find("doesn't exist"),
        "{message}"
    );

    let show = ["DoNotCall".to_owned()];
    let looked = prepare_org_with(&workspace, "Leads", true, &show)
        .await
        .unwrap();
    assert!(!looked.ready && !kinds(&looked).contains(&StepKind::Done));
    assert_eq!(kinds(&looked)[1..], [StepKind::Missing, StepKind::ToDo]);
    let shown = prepare_org_with(&workspace, "Leads", false, &show)
        .await
        .unwrap();
    assert!(shown.ready, "{:?}", shown.steps);
    mappings::import(&workspace, "Leads", &wanted).unwrap();

    let missing = ["Nope__c".to_owned()];
    let told = prepare_org_with(&workspace, "Leads", false, &missing)
        .await
        .unwrap();
    assert!(!told.ready);
    let text = &told.steps.last().unwrap().text;
    assert!(text.contains("Create Nope__c"), "{text}");
    let odd = ["x' OR Name != '".to_owned()];
    assert!(
        prepare_org_with(&workspace, "Leads", true, &odd)
            .await
            .is_err()
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_field_that_cannot_be_an_identifier_is_refused_with_the_reasons() {
    let machine = Machine::new();
    let workspace = connected(&machine).await;
    add(&workspace, Some("Unfit__c"));
    let client_made = make_unfit_field(&machine, &workspace).await;
    assert!(client_made);
    let error = prepare_org(&workspace, "Leads", false).await.unwrap_err();
    assert_eq!(error.code, Code::SetUp);
    assert!(error.message.contains("Unique"), "{error}");
}

/// Makes a field by preparing with a name of its own, then pretends that it lost what an identifier needs.
async fn make_unfit_field(machine: &Machine, workspace: &Workspace) -> bool {
    let file = leadferry_commands::practice::file_beside(&machine.file());
    let secrets = leadferry_practice_org::secrets(&file).unwrap();
    let connection = &leadferry_commands::connections::list(workspace).unwrap()[0].connection;
    let url = connection.instance_url.clone().unwrap();
    let http = reqwest::Client::builder().no_proxy().build().unwrap();
    let url = url.trim_end_matches('/').to_owned();
    let token: serde_json::Value = http
        .post(format!("{url}/services/oauth2/token"))
        .form(&[
            ("grant_type", "client_credentials"),
            ("client_id", leadferry_practice_org::built_in::CLIENT_ID),
            ("client_secret", &secrets.client_secret),
        ])
        .send()
        .await
        .unwrap()
        .json()
        .await
        .unwrap();
    let token = token["access_token"].as_str().unwrap().to_owned();
    let field = serde_json::json!({
        "FullName": "Lead.Unfit__c",
        "Metadata": {"type": "Text", "length": 20, "label": "Unfit", "externalId": false, "unique": false},
    });
    let answer = http
        .post(format!(
            "{url}/services/data/v62.0/tooling/sobjects/CustomField"
        ))
        .bearer_auth(token)
        .json(&field)
        .send()
        .await
        .unwrap();
    answer.status().is_success()
}
