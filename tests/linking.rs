//! A contact that is linked to a record of the other object is one person there, not two.

use serde_json::json;

use crate::templates::{LEADS, desk};

const ADA: &str = "ada@templates.example";

#[test]
fn a_link_to_a_contact_makes_no_lead_beside_it() {
    let (cli, _folder, org) = desk();
    let known = json!({"FirstName": "Ada", "LastName": "Lovelace", "Email": ADA});
    let record = org.create("Contact", &[known]).remove(0);
    cli.run(&["replications", "run", LEADS]).expect(1);
    let blocked = cli.json(&["queue", "list", "--code", "ambiguous"]);
    assert_eq!(blocked["total"], 1, "{blocked}");

    cli.run(&["links", "set", ADA, &record]).expect(0);
    let plan = cli.json(&["replications", "match", LEADS]);
    for (count, expected) in [
        ("create", 0),
        ("update", 0),
        ("match_pending", 0),
        ("blocked", 0),
        ("left_out", 1),
    ] {
        assert_eq!(plan[count], expected, "{count}: {plan}");
    }
    let ran = cli
        .json_outcome(&["replications", "run", LEADS])
        .expect_one_of(&[0, 1])
        .object();
    assert_eq!((&ran["created"], &ran["blocked"]), (&json!(0), &json!(0)));
    let leads = format!("SELECT Id FROM Lead WHERE Email = '{ADA}'");
    assert_eq!(org.records(&leads).len(), 0);

    cli.run(&["links", "remove", ADA]).expect(0);
    cli.run(&["replications", "run", LEADS])
        .expect_one_of(&[0, 1]);
    let again = cli.json(&["queue", "list"]);
    let entry = &again["entries"][0];
    assert_eq!(
        entry["state"], "blocked",
        "without the link it is asked about again: {again}"
    );
}
