//! Checking a connection, and the errors of sign-ins: each is told with its cause, its cure and who can cure it.

use leadferry_commands::connections::{self, AddConnection, CheckLine, ConnectionCheck, Flow};
use leadferry_commands::diagnosis::{Who, diagnose};
use leadferry_commands::doctor::Finding;
use leadferry_commands::replications::ReplicationChange;
use leadferry_commands::{Code, Workspace, practice};
use leadferry_practice_org::built_in;

use crate::support::{Machine, add_leads, connected, practice as practice_request};

const READER: &str = "reader@practice.example";

fn line<'a>(check: &'a ConnectionCheck, what: &str) -> &'a CheckLine {
    let found = check.lines.iter().find(|line| line.what == what);
    found.unwrap_or_else(|| panic!("no line {what}: {check:?}"))
}

fn pairs(pairs: &[(&str, &str)]) -> Vec<(String, String)> {
    pairs
        .iter()
        .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
        .collect()
}

async fn allow(workspace: &Workspace, set: &[(&str, &str)]) {
    practice::set_profile(workspace, "Read Only", &pairs(set))
        .await
        .unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_sound_connection_is_green_but_for_the_identifier_that_is_yet_to_be_made() {
    let machine = Machine::new();
    let workspace = connected(&machine).await;
    let check = connections::check(&workspace, "Practice").await.unwrap();
    assert_eq!(check.failed(), None, "{check:?}");
    assert!((1..=9).contains(&check.calls), "{}", check.calls);
    let address = line(&check, "Your IP address");
    assert!(address.text.contains("127.0.0.1"), "{address:?}");
    assert!(address.note.as_ref().unwrap().contains("127.0.0.1"));
    add_leads(&workspace, ReplicationChange::default());
    let check = connections::check(&workspace, "Practice").await.unwrap();
    let identifier = line(&check, "Identifier of \"Leads\"");
    assert_eq!(identifier.finding, Finding::Failed);
    assert_eq!(
        identifier.command.as_deref(),
        Some("replications prepare-org \"Leads\"")
    );
    assert_eq!(check.failed(), Some(Code::SetUp));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_user_may_not_do_is_listed_for_the_admin() {
    let machine = Machine::new();
    let workspace = connected(&machine).await;
    add_leads(&workspace, ReplicationChange::default());
    practice::run_as(&workspace, READER).await.unwrap();
    let check = connections::check(&workspace, "Practice").await.unwrap();
    let who = line(&check, "Whose permissions");
    assert!(
        who.text.contains(READER) && who.text.contains("Read Only"),
        "{who:?}"
    );
    let rights = line(&check, "Permissions on Lead");
    assert_eq!(
        (rights.finding, rights.who),
        (Finding::Failed, Some(Who::Admin))
    );
    assert!(rights.text.contains("missing: create, edit"), "{rights:?}");
    assert!(rights.note.as_ref().unwrap().contains("Lead: create, edit"));
    let unused = line(&check, "Permissions on Contact");
    assert_eq!(
        unused.finding,
        Finding::Look,
        "no replication sends contacts"
    );
    let address = line(&check, "Your IP address");
    assert!(
        address.note.is_none(),
        "this user can't read it: {address:?}"
    );

    allow(
        &workspace,
        &[
            ("Lead", "read,create,edit"),
            ("Lead.Phone", "none"),
            ("Contact", "none"),
        ],
    )
    .await;
    let check = connections::check(&workspace, "Practice").await.unwrap();
    assert_eq!(line(&check, "Permissions on Lead").finding, Finding::Ok);
    assert!(
        line(&check, "Permissions on Contact")
            .text
            .starts_with("none")
    );
    let fields = line(&check, "Fields of \"Leads\"");
    assert!(fields.text.contains("Phone"), "{fields:?}");
    assert!(fields.note.as_ref().unwrap().contains("Lead.Phone"));
}

#[tokio::test(flavor = "multi_thread")]
async fn limits_that_may_not_be_read_and_rules_that_are_active_are_told() {
    let machine = Machine::new();
    let workspace = connected(&machine).await;
    practice::set_switches(&workspace, &pairs(&[("duplicate_rule", "alert")]))
        .await
        .unwrap();
    practice::set_switches(&workspace, &pairs(&[("retiring_api_version", "67")]))
        .await
        .unwrap();
    let check = connections::check(&workspace, "Practice").await.unwrap();
    let rules = line(&check, "Duplicate rules");
    assert!(
        rules.text.contains("Standard Lead Duplicate Rule"),
        "{rules:?}"
    );
    let version = line(&check, "API version");
    assert_eq!(version.finding, Finding::Look);
    assert!(version.text.contains("deprecated"), "{version:?}");
    practice::run_as(&workspace, READER).await.unwrap();
    allow(&workspace, &[("view_setup", "false")]).await;
    let check = connections::check(&workspace, "Practice").await.unwrap();
    assert_eq!(line(&check, "Duplicate rules").finding, Finding::Ok);
    assert!(!check.lines.iter().any(|line| line.what == "Data storage"));
}

#[tokio::test(flavor = "multi_thread")]
async fn fields_that_are_gone_new_or_changed_are_named() {
    let machine = Machine::new();
    let workspace = connected(&machine).await;
    practice::set_field_access(&workspace, "Lead.Phone", "none")
        .await
        .unwrap();
    practice::set_field_access(&workspace, "Lead.Fax", "read")
        .await
        .unwrap();
    let tested = connections::test(&workspace, "Practice").await.unwrap();
    let lead = &tested.describes[0];
    assert_eq!(lead.gone, ["Phone"]);
    assert_eq!(lead.altered, ["Fax (permission to edit)"]);
    practice::set_field_access(&workspace, "Lead.Phone", "edit")
        .await
        .unwrap();
    let tested = connections::test(&workspace, "Practice").await.unwrap();
    assert_eq!(tested.describes[0].new, ["Phone"]);
    let tested = connections::test(&workspace, "Practice").await.unwrap();
    assert_eq!(tested.describes[0].changed, Some(false));
}

/// A connection to the practice org as an app that signs in by itself.
async fn as_app(workspace: &Workspace, machine: &Machine, name: &str, key: &str, secret: &str) {
    let url = connections::list(workspace).unwrap()[0]
        .connection
        .instance_url
        .clone();
    let file = practice::file_beside(&machine.file());
    let right = leadferry_practice_org::secrets(&file).unwrap();
    let secret = match secret {
        "right" => right.client_secret,
        other => other.to_owned(),
    };
    let request = AddConnection {
        flow: Flow::ClientCredentials,
        host: url,
        client_id: Some(key.to_owned()),
        client_secret: Some(secret.into()),
        ..practice_request(name)
    };
    connections::add(workspace, &request).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn each_refusal_of_a_sign_in_reaches_the_check_with_cause_cure_and_who() {
    let machine = Machine::new();
    let workspace = connected(&machine).await;
    practice::run_as(&workspace, READER).await.unwrap();
    allow(&workspace, &[("ip_ranges", "10.0.0.1-10.0.0.9")]).await;
    let key = built_in::CLIENT_ID;
    for (name, app, secret, code, who, cure) in [
        (
            "Wrong key",
            "3MVG9nobody",
            "x",
            "invalid_client_id",
            Who::You,
            "consumer key",
        ),
        (
            "Wrong secret",
            key,
            "x",
            "invalid_client",
            Who::You,
            "consumer secret",
        ),
        (
            "Elsewhere",
            key,
            "right",
            "invalid_grant",
            Who::Admin,
            "IP rules",
        ),
    ] {
        // Connections to the same app share its secret.
        as_app(&workspace, &machine, name, app, secret).await;
        let error = connections::test(&workspace, name).await.unwrap_err();
        let said = error.said.as_ref().unwrap();
        assert_eq!(said.code, code, "{error:?}");
        let check = connections::check(&workspace, name).await.unwrap();
        let told = &check.lines[0];
        assert_eq!(
            (told.finding, told.who),
            (Finding::Failed, Some(who)),
            "{told:?}"
        );
        assert!(told.cure.contains(cure), "{told:?}");
        assert!(told.note.is_some() || who != Who::Admin, "{told:?}");
        assert_eq!(
            check.connection.facts.trouble.as_ref().unwrap().cure,
            told.cure
        );
    }
    let refused = connections::check(&workspace, "Elsewhere").await.unwrap();
    let address = line(&refused, "Your IP address");
    assert_eq!(
        (address.finding, address.who),
        (Finding::Failed, Some(Who::Admin))
    );
    assert!(
        address.note.as_ref().unwrap().contains("Login History"),
        "{address:?}"
    );
    allow(&workspace, &[("ip_ranges", "any"), ("see_logins", "true")]).await;
    let check = connections::check(&workspace, "Elsewhere").await.unwrap();
    assert_eq!(
        line(&check, "Your IP address").finding,
        Finding::Ok,
        "one from there was let in since"
    );
    let before = check.connection.facts.seen_address.as_ref().unwrap();
    assert_eq!(before.ip, "127.0.0.1");
    allow(&workspace, &[("ip_ranges", "10.0.0.1-10.0.0.9")]).await;
    let refused = connections::check(&workspace, "Elsewhere").await.unwrap();
    assert!(
        line(&refused, "Your IP address").text.contains("127.0.0.1"),
        "{refused:?}"
    );
    allow(&workspace, &[("ip_ranges", "any")]).await;
    let check = connections::check(&workspace, "Elsewhere").await.unwrap();
    assert_eq!(
        check.lines[0].finding,
        Finding::Ok,
        "an admin has cured it: {check:?}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_user_without_api_and_retired_versions_are_told_as_what_they_are() {
    let machine = Machine::new();
    let workspace = connected(&machine).await;
    practice::run_as(&workspace, READER).await.unwrap();
    allow(&workspace, &[("api", "false")]).await;
    let error = connections::test(&workspace, "Practice").await.unwrap_err();
    assert_eq!(error.said.as_ref().unwrap().code, "API_DISABLED_FOR_ORG");
    let note = diagnose("API_DISABLED_FOR_ORG").found[0].note.clone();
    assert!(note.unwrap().contains("API Enabled"));
    allow(&workspace, &[("api", "true")]).await;
    let versions = pairs(&[("newest_api_version", "69"), ("oldest_api_version", "68")]);
    practice::set_switches(&workspace, &versions).await.unwrap();
    let error = connections::test(&workspace, "Practice").await.unwrap_err();
    assert_eq!(error.hint, "update Leadferry", "{error:?}");
    let check = connections::check(&workspace, "Practice").await.unwrap();
    assert_eq!(check.failed(), Some(Code::SetUp), "{check:?}");
}
