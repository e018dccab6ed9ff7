//! What people write into templates arrives as values, or is refused by name; what cannot be used is not saved.

use std::fs;

use serde_json::{Value, json};
use tempfile::TempDir;

use crate::support::cli::Cli;
use crate::support::practice::PracticeOrg;
use crate::support::prepared::new_workspace;

pub(crate) const LEADS: &str = "Leads";

/// A workspace with one contact and a replication that sends everybody.
pub(crate) fn desk() -> (Cli, TempDir, PracticeOrg) {
    let (cli, folder) = new_workspace();
    fs::write(
        cli.path("ada.csv"),
        "First name,Last name,E-mail,Company\nAda,Lovelace,ada@templates.example,Engines Ltd\n",
    )
    .unwrap();
    cli.run(&["contacts", "import", "ada.csv"]).expect(0);
    let org = PracticeOrg::serve(&cli);
    cli.run(&["connections", "add", "Practice", "--flow", "practice"])
        .expect(0);
    #[rustfmt::skip]
    cli.run(&[
        "replications", "add", LEADS, "--object", "Lead", "--connection", "Practice", "--default-company", "(none)",
    ])
    .expect(0);
    cli.run(&["replications", "prepare-org", LEADS]).expect(0);
    (cli, folder, org)
}

fn import_mapping(cli: &Cli, row: &str) -> crate::support::cli::Outcome {
    let text = format!(
        "first_name=FirstName\nlast_name=LastName\n@company_name=Company\nemail=Email\n{row}\n"
    );
    fs::write(cli.path("mapping.txt"), text).unwrap();
    cli.run(&["mappings", "import", LEADS, "mapping.txt"])
}

#[test]
fn both_ways_of_writing_a_template_send_values_and_no_source_ever_leaves() {
    let (cli, _folder, org) = desk();
    let row = "{{ Contact.first_name }} of {% Contact.company_name %}=Title";
    import_mapping(&cli, row).expect(0);
    let exported = cli.run(&["mappings", "export", LEADS]).expect(0).stdout;
    assert!(
        exported.contains(row),
        "it is kept as it was written: {exported}"
    );
    cli.run(&["replications", "run", LEADS]).expect(0);
    assert_eq!(
        org.records("SELECT Title FROM Lead WHERE Leadferry_ID__c != null")[0]["Title"],
        "Ada of Engines Ltd"
    );

    import_mapping(&cli, "{{ Contact.FrstName }}=Title").refused(2, &["FrstName"]);
    import_mapping(&cli, "{{ first_name }}=Title").refused(2, &["first_name"]);
    import_mapping(&cli, "Dear {{ Contact.first_name=Title").refused(2, &["isn't closed"]);
    import_mapping(&cli, "\"Dear {{ Contact.first_name }}\"=Title")
        .refused(2, &["quotation marks", "template"]);
}

#[test]
fn a_description_template_with_an_unknown_name_is_not_saved() {
    let (cli, _folder, org) = desk();
    let set = |template: &str| cli.run(&["replications", "set", LEADS, "--description", template]);
    set("{% Contact.Nickname %}").refused(2, &["wasn't saved", "Nickname"]);
    set("{{ Account.turnover }}").refused(2, &["turnover"]);
    let kept = cli.json(&["replications", "show", LEADS]);
    assert_eq!(
        kept["settings"]["description"],
        "{% Contact.ContactLastName %}"
    );
    cli.run(&["replications", "plan", LEADS]).expect(0);
    set("Known since {{ Contact.last_name|upper }}").expect(0);
    import_mapping(&cli, "@description=Description").expect(0);
    cli.run(&["replications", "run", LEADS]).expect(0);
    assert_eq!(
        org.records("SELECT Description FROM Lead WHERE Leadferry_ID__c != null")[0]["Description"],
        "Known since LOVELACE"
    );
}

/// The needs that are not met.
fn missing(cli: &Cli) -> (Value, Vec<Value>) {
    let standing = cli.json(&["replications", "show", LEADS])["standing"].clone();
    let needs = standing["needs"].as_array().unwrap().iter();
    let open = needs
        .filter(|need| need["done"] == false)
        .map(|need| need["need"].clone());
    (standing["state"].clone(), open.collect())
}

#[test]
fn a_replication_is_ready_only_if_it_can_be_planned() {
    let (cli, _folder, _org) = desk();
    assert_eq!(missing(&cli), (json!("ready"), vec![]));
    let set = |row: &str| cli.run(&["replications", "set", LEADS, "--deleted-here", row]);
    set("\"true\"=Left_Us__c").expect(0);
    assert_eq!(
        missing(&cli),
        (json!("needs_set_up"), vec![json!("settings")])
    );
    cli.run(&["replications", "plan", LEADS])
        .refused(2, &["contacts deleted here", "Left_Us__c"]);
    set("\"Deleted in Leadferry\"=Description").expect(0);
    assert_eq!(missing(&cli), (json!("ready"), vec![]));
    cli.run(&["replications", "plan", LEADS]).expect(0);
    set("\"perhaps\"=IsConverted").refused(2, &["can't be sent", "IsConverted"]);
}

/// What the window gives as an example must be what its field takes.
#[test]
fn the_example_beside_the_field_for_deleted_contacts_is_accepted() {
    let window = include_str!("../ui/src/features/replications/settings/Changes.tsx");
    let text = window
        .split("placeholder=\"For example, ")
        .nth(1)
        .and_then(|rest| rest.split('"').next())
        .expect("the field has an example");
    let example = format!("\"{text}\"=Description");
    let (cli, _folder, _org) = desk();
    cli.run(&["replications", "set", LEADS, "--deleted-here", &example])
        .expect(0);
    assert_eq!(missing(&cli), (json!("ready"), vec![]), "{example}");
}
