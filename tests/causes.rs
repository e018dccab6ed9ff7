//! Each cause of what was not sent is listed, counted and cured as a whole, however many others there are.

use std::collections::BTreeSet;
use std::fs;

use serde_json::{Value, json};

use crate::support::cli::Cli;
use crate::support::people::People;
use crate::support::practice::PracticeOrg;
use crate::support::prepared::{LEADS as GOOD, Prepared};
use crate::templates::{LEADS, desk};

const MANY: usize = 600;
const FEW: usize = 4;

/// Makes many contacts without a last name, and a few pairs that share an email.
fn import_the_stuck(cli: &Cli) {
    let mut file = "First name,Last name,E-mail,Company\n".to_owned();
    for n in 0..MANY {
        file.push_str(&format!("Nameless{n},,nameless{n}@causes.example,Firm\n"));
    }
    for n in 0..FEW {
        file.push_str(&format!("Ann,Twin{n},twin{n}@causes.example,Firm\n"));
        file.push_str(&format!("Bea,Twin{n},twin{n}@causes.example,Firm\n"));
    }
    fs::write(cli.path("stuck.csv"), file).unwrap();
    cli.run(&["contacts", "import", "stuck.csv"])
        .expect_one_of(&[0, 1]);
}

fn entries(page: &Value) -> &Vec<Value> {
    page["entries"].as_array().unwrap()
}

#[test]
fn a_few_of_one_cause_are_found_and_cured_among_hundreds_of_another() {
    let (cli, _folder, _org) = desk();
    import_the_stuck(&cli);
    cli.run(&["replications", "run", LEADS]).expect(1);

    let few = cli.json(&["queue", "list", "--code", "ambiguous", "--limit", "50"]);
    assert_eq!((&few["total"], &few["next"]), (&json!(FEW), &Value::Null));
    assert_eq!(entries(&few).len(), FEW);
    assert_eq!(few["counts"]["blocked"], MANY + FEW, "{}", few["counts"]);

    // Page by page everybody is met once.
    let mut met = BTreeSet::new();
    let mut after: Option<String> = None;
    let mut pages = 0;
    loop {
        let mut list = vec!["queue", "list", "--limit", "250"];
        list.extend(after.iter().flat_map(|after| ["--after", after.as_str()]));
        let page = cli.json(&list);
        assert_eq!(page["total"], MANY + FEW, "{}", page["total"]);
        for entry in entries(&page) {
            assert!(met.insert(entry["contact"].to_string()), "{entry}");
        }
        pages += 1;
        match page["next"].as_str() {
            Some(next) => after = Some(next.to_owned()),
            None => break,
        }
    }
    assert_eq!((pages, met.len()), (3, MANY + FEW));
    cli.run(&["queue", "list", "--after", "nonsense"])
        .refused(2, &["isn't the end of a page"]);

    let cured = cli.json(&["queue", "retry", "--code", "required_missing"]);
    assert_eq!(cured["contacts"], MANY);
    let waiting = cli.json(&["queue", "list", "--state", "pending", "--limit", "0"]);
    assert_eq!(
        (&waiting["total"], entries(&waiting).len()),
        (&json!(MANY), 0)
    );
    let few = cli.json(&["queue", "list", "--state", "blocked"]);
    assert_eq!(few["total"], FEW, "the others stay as they were");
}

#[test]
fn the_page_of_a_run_counts_what_the_list_of_runs_counts() {
    let prepared = Prepared::before_plan(People::new(60), 20);
    let folder = prepared.copy();
    let cli = Cli::in_folder(folder.path());
    let org = PracticeOrg::serve(&cli);
    let code = "FIELD_CUSTOM_VALIDATION_EXCEPTION";
    org.fault(&json!({ "name": "row_error", "code": code, "fraction": 0.5 }));
    let ran = cli
        .json_outcome(&["replications", "run", GOOD])
        .expect(1)
        .object();
    let run = ran["run"].to_string();
    let listed = cli.json(&["runs", "list"])["runs"][0].clone();
    let failed = listed["failed"][code].as_u64().unwrap();
    assert!(failed > 1, "{listed}");
    // Rows may be thinned, erased or altered: what is counted is kept beside them, and no row is read for it.
    let file = rusqlite::Connection::open(cli.workspace()).unwrap();
    let changed = file.execute("UPDATE batches SET answers = NULL WHERE refused > 0", []);
    assert!(changed.unwrap() > 0);
    drop(file);
    let shown = cli.json(&["runs", "show", &run]);
    let refusals = shown["refusals"].as_array().unwrap();
    assert_eq!(refusals.len(), 1, "{refusals:?}");
    assert_eq!(
        (&refusals[0]["code"], &refusals[0]["rows"]),
        (&json!(code), &json!(failed))
    );
}
