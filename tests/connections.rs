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
