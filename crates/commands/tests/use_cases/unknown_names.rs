//! Whoever writes a name that nothing has is told which one was probably meant, wherever names are written.

use leadferry_commands::accounts::{self, AccountId};
use leadferry_commands::contacts::{self, Chosen, ExportRequest, Written};
use leadferry_commands::imports::ImportRequest;
use leadferry_commands::replications::ReplicationChange;
use leadferry_commands::{Result, Workspace, mappings, replications, rules, segments};

use crate::support::{Machine, add_leads, connected};

/// Returns what an error tells to do, in the words of the window.
fn hint<T>(result: Result<T>) -> String {
    match result {
        Ok(_) => "nothing was refused".to_owned(),
        Err(error) => format!("{} {}", error.message, error.hint),
    }
}

fn set(workspace: &Workspace, field: &str) -> Result<()> {
    let fields = [(field.to_owned(), "x".to_owned())];
    contacts::set(workspace, "ada@example.com", &fields, Written::default()).map(drop)
}

fn mapped(workspace: &Workspace, row: &str) -> String {
    let checked = mappings::check(workspace, "Leads", Some(row)).unwrap();
    let cures = checked.findings.into_iter().map(|finding| finding.cure);
    cures.collect::<Vec<_>>().join(" ")
}

#[tokio::test(flavor = "multi_thread")]
async fn an_unknown_name_tells_which_one_was_meant_everywhere() {
    let machine = Machine::new();
    let workspace = connected(&machine).await;
    machine.import(&workspace, "Email,First name\nada@example.com,Ada\n");
    add_leads(&workspace, ReplicationChange::default());
    let segment = |field: &str| {
        let tree = format!(r#"{{"field": "{field}", "op": "is_set"}}"#);
        segments::add(&workspace, "Some", "", rules::read_tree(&tree)?)
    };
    let file = machine.folder().join("more.csv");
    std::fs::write(&file, "Work email,First\nmary@example.com,Mary\n").unwrap();
    let import = |column: &str, field: &str| {
        let request = ImportRequest {
            file: file.clone(),
            map: vec![(column.to_owned(), field.to_owned())],
            ..ImportRequest::default()
        };
        contacts::preview(&workspace, &request)
    };
    let export = |column: &str| {
        let request = ExportRequest {
            columns: vec![column.to_owned()],
            place: machine.folder().join("out.csv"),
            chosen: Chosen::named(["ada@example.com"]),
            sort: None,
        };
        contacts::export(&workspace, &request)
    };
    segments::add(
        &workspace,
        "Authors",
        "",
        rules::read_tree(r#"{"field": "email", "op": "is_set"}"#).unwrap(),
    )
    .unwrap();
    let phone = [("Phone number".to_owned(), "1".to_owned())];
    let template = "{% FirstName %}=Description";
    for (told, meant) in [
        (hint(set(&workspace, "FirstName")), "first_name"),
        (hint(set(&workspace, "Phone")), "business_phone"),
        (hint(segment("FirstName")), "first_name"),
        (hint(segment("account:BillingCity")), "account:city"),
        (hint(import("First", "FirstName")), "first_name"),
        (hint(import("Work Emial", "email")), "Work email"),
        (hint(export("LastName")), "last_name"),
        (
            hint(accounts::set(&workspace, AccountId(1), &phone)),
            "phone",
        ),
        (mapped(&workspace, "FirstName=LastName"), "first_name"),
        (mapped(&workspace, template), "Contact.first_name"),
        (mapped(&workspace, "{% Contact.Title %}=Title"), "job_title"),
        (mapped(&workspace, "last_name=Last_Name"), "LastName"),
        (mapped(&workspace, "@segment:Autors=Title"), "Authors"),
        (hint(segments::show(&workspace, "Autors")), "Authors"),
        (hint(replications::show(&workspace, "Laeds")), "Leads"),
    ] {
        assert!(told.contains(&format!("\"{meant}\"")), "{meant}: {told}");
    }
}
