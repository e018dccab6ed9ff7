//! What `connections test` says is what has become of the org.

use crate::support::practice::PracticeOrg;
use crate::support::prepared::new_workspace;

#[test]
fn a_test_of_a_connection_tells_whose_fields_have_changed() {
    let (cli, _folder) = new_workspace();
    let org = PracticeOrg::serve(&cli);
    cli.run(&["connections", "add", "Practice", "--flow", "practice"])
        .expect(0);
    let test = || cli.run(&["connections", "test", "Practice"]).expect(0);
    let line = |said: &str, object: &str| {
        let mut lines = said.lines();
        let found = lines.find(|line| line.starts_with(&format!("{object}:")));
        found.unwrap_or_else(|| panic!("{said}")).to_owned()
    };
    let said = test().stdout;
    assert!(line(&said, "Lead").contains("unchanged"), "{said}");

    org.add_text_field("Lead", "Extra__c");
    let said = test().stdout;
    assert!(line(&said, "Lead").contains("changed since"), "{said}");
    assert!(line(&said, "Contact").contains("unchanged"), "{said}");
    let said = test().stdout;
    assert!(line(&said, "Lead").contains("unchanged"), "{said}");
}

#[test]
fn a_check_names_what_is_missing_and_says_what_it_cost() {
    let (cli, _folder) = new_workspace();
    let _org = PracticeOrg::serve(&cli);
    cli.run(&["connections", "add", "Practice", "--flow", "practice"])
        .expect(0);
    let said = cli
        .run(&["connections", "check", "Practice"])
        .expect(0)
        .stdout;
    assert!(
        said.contains("ok      Sign-in and API access: works"),
        "{said}"
    );
    assert!(said.contains("API calls used."), "{said}");
    cli.run(&["practice-org", "run-as", "reader@practice.example"])
        .expect(0);
    let told = cli.json(&["connections", "check", "Practice"]);
    let mut lines = told["lines"].as_array().unwrap().iter();
    let rights = lines
        .find(|line| line["what"] == "Permissions on Lead")
        .unwrap();
    assert_eq!(rights["finding"], "look", "{rights}");
    assert_eq!(rights["who"], "admin", "{rights}");
    cli.run(&["practice-org", "profiles", "Read Only", "api=false"])
        .expect(0);
    let refused = cli.run(&["connections", "check", "Practice"]).expect(4);
    assert!(
        refused.stdout.contains("Note for your admin:"),
        "{}",
        refused.stdout
    );
}

#[test]
fn the_doctor_explains_a_code_and_a_pasted_message() {
    let (cli, _folder) = new_workspace();
    let said = cli.run(&["doctor", "INVALID_FIELD"]).expect(0).stdout;
    assert!(
        said.contains("Who can fix: Your Salesforce admin."),
        "{said}"
    );
    let pasted = "{\"error\":\"invalid_grant\",\"error_description\":\"ip restricted\"}";
    let said = cli.run(&["doctor", pasted]).expect(0).stdout;
    assert!(
        said.contains("IP Relaxation"),
        "the note says where: {said}"
    );
    cli.run(&["doctor", "hello"]).expect(2);
}
