//! Whatever file comes in broken or hostile: what happened and what to do is said, the exit code fits, nothing is lost.

use std::fs;

use serde_json::{Value, json};

use crate::support::cli::{Cli, Outcome};
use crate::support::people::People;
use crate::support::prepared::{LEADS, Prepared, new_workspace};
use crate::support::workspace::Workspace;

fn import(cli: &Cli, content: &[u8]) -> Outcome {
    fs::write(cli.path("broken.csv"), content).unwrap();
    cli.json_outcome(&["contacts", "import", "broken.csv"])
}

fn count(cli: &Cli) -> u64 {
    cli.json(&["contacts", "count"])["contacts"]
        .as_u64()
        .unwrap()
}

/// Demands that every row of the file is a contact or stands in the errors file.
fn must_account_for(imported: &Value, created: u64, faulty: u64) {
    assert_eq!(
        (&imported["created"], &imported["faulty"]),
        (&json!(created), &json!(faulty)),
        "{imported}"
    );
    assert_eq!(
        imported["faults"].as_array().map_or(0, Vec::len) as u64,
        faulty,
        "each is told: {imported}"
    );
    for fault in imported["faults"].as_array().into_iter().flatten() {
        assert!(
            fault["line"].as_u64().is_some_and(|line| line > 1),
            "with its line: {fault}"
        );
        assert!(
            !fault["reason"].as_str().unwrap().is_empty(),
            "and a reason: {fault}"
        );
    }
}

#[test]
fn an_unclosed_quote_costs_only_the_rows_in_it() {
    let (cli, _folder) = new_workspace();
    let rows: String = (0..50)
        .map(|n| format!("Name {n},n{n}@quote.example\n"))
        .collect();
    let file =
        format!("Last Name,Email\nBefore,before@quote.example\n\"Open,open@quote.example\n{rows}");
    let imported = import(&cli, file.as_bytes())
        .expect_one_of(&[0, 1])
        .object();
    let errors = imported["errors_file"]
        .as_str()
        .map(|file| fs::read_to_string(file).unwrap())
        .unwrap_or_default();
    let kept = Workspace::open(cli.workspace()).guids();
    assert!(kept.contains_key("before@quote.example"));
    for n in 0..50 {
        let email = format!("n{n}@quote.example");
        assert!(
            kept.contains_key(&email) || errors.contains(&email),
            "{email} is lost: {imported}"
        );
    }
    assert!(
        kept.contains_key("open@quote.example") || errors.contains("open@quote.example"),
        "{imported}"
    );
}

#[test]
fn nul_bytes_and_broken_letters_cost_no_other_row() {
    let (cli, _folder) = new_workspace();
    let mut file = b"Last Name,Email,City\nGood,good@nul.example,Wien\n".to_vec();
    file.extend_from_slice(b"N\0ul,nul@nul.example,\0\0\nBr\xff\xfeoken,broken@nul.example,Graz\nLast,last@nul.example,Linz\n");
    let imported = import(&cli, &file).expect_one_of(&[0, 1]).object();
    let errors = imported["errors_file"]
        .as_str()
        .map(|file| fs::read(file).unwrap())
        .unwrap_or_default();
    let errors = String::from_utf8_lossy(&errors);
    let kept = Workspace::open(cli.workspace()).guids();
    for person in ["good", "nul", "broken", "last"] {
        let email = format!("{person}@nul.example");
        assert!(
            kept.contains_key(&email) || errors.contains(&email),
            "{email} is lost: {imported} {errors}"
        );
    }
    assert!(kept.contains_key("good@nul.example") && kept.contains_key("last@nul.example"));
}

#[test]
fn a_cell_of_ten_megabytes_is_one_faulty_row() {
    let (cli, _folder) = new_workspace();
    let cell = "x".repeat(10 << 20);
    let file = format!(
        "Last Name,Email,Notes\nA,a@big.example,\nB,b@big.example,{cell}\nC,c@big.example,\n"
    );
    let imported = import(&cli, file.as_bytes()).expect(1).object();
    must_account_for(&imported, 2, 1);
    let errors = fs::read_to_string(imported["errors_file"].as_str().unwrap()).unwrap();
    assert!(errors.contains(&cell), "the row stands there word for word");
    assert_eq!(count(&cli), 2);
}

#[test]
fn a_file_with_five_thousand_columns_does_no_harm() {
    let (cli, _folder) = new_workspace();
    let names: Vec<String> = (0..5_000).map(|n| format!("Column {n}")).collect();
    let cells: Vec<String> = (0..5_000).map(|n| format!("value {n}")).collect();
    let file = format!(
        "Last Name,Email,{}\nA,a@wide.example,{}\n",
        names.join(","),
        cells.join(",")
    );
    fs::write(cli.path("wide.csv"), file).unwrap();
    let outcome = cli.run(&["contacts", "import", "wide.csv", "--create-custom-fields"]);
    outcome.refused(2, &["500 custom fields"]);
    assert_eq!(count(&cli), 0);
    assert_eq!(
        cli.json(&["workspace", "info"])["counts"]["custom_fields"],
        0,
        "none of them was made"
    );
    // Without them the person comes in, and what was left out is told.
    let imported = cli.json(&["contacts", "import", "wide.csv"]);
    assert_eq!(imported["created"], 1, "{}", imported["faults"]);
    assert_eq!(imported["columns_ignored"].as_array().unwrap().len(), 5_000);
    let wider: Vec<String> = (0..100_000).map(|n| format!("c{n}")).collect();
    fs::write(
        cli.path("wider.csv"),
        format!("Last Name,Email,{}\nA,b@wide.example\n", wider.join(",")),
    )
    .unwrap();
    cli.run(&["contacts", "import", "wider.csv"])
        .refused(2, &["columns"]);
    Workspace::open(cli.workspace()).must_be_sound();
}

#[test]
fn files_that_are_no_contact_files_are_refused() {
    let (cli, _folder) = new_workspace();
    let noise: Vec<u8> = (0..50_000u32)
        .map(|n| (n.wrapping_mul(2_654_435_761) >> 13) as u8)
        .collect();
    for (name, content) in [
        ("empty.csv", Vec::new()),
        ("blank.csv", b"\n\n\r\n".to_vec()),
        (
            "picture.csv",
            [b"\x89PNG\r\n\x1a\n".to_vec(), noise.clone()].concat(),
        ),
        (
            "torn.xlsx",
            [b"PK\x03\x04".to_vec(), noise.clone()].concat(),
        ),
        (
            "database.csv",
            [b"SQLite format 3\0".to_vec(), noise].concat(),
        ),
    ] {
        fs::write(cli.path(name), content).unwrap();
        cli.run(&["contacts", "import", name]).refused(2, &[]);
    }
    cli.run(&["contacts", "import", "missing.csv"])
        .refused(2, &["missing.csv"]);
    cli.run(&["contacts", "import", "."]).refused(2, &[]);
    assert_eq!(count(&cli), 0);
}

#[test]
fn a_mapping_with_unknown_names_is_refused_with_line_and_cure() {
    let prepared = Prepared::before_import(People::new(1), 20);
    let folder = prepared.copy();
    let cli = Cli::in_folder(folder.path());
    let before = cli.json(&["mappings", "show", LEADS]);
    for (name, text, word) in [
        (
            "field",
            "last_name=LastName\n@company_name=Company\nno_such_field=City\n",
            "no_such_field",
        ),
        (
            "target",
            "last_name=LastName\n@company_name=Company\ncity=NoSuchField__c\n",
            "NoSuchField__c",
        ),
        (
            "template",
            "last_name=LastName\n@company_name=Company\n{% Contact.NoSuchThing %}=Description\n",
            "NoSuchThing",
        ),
        (
            "form",
            "last_name=LastName\n@company_name=Company\nnothing at all\n",
            "nothing at all",
        ),
    ] {
        let file = format!("{name}.txt");
        fs::write(cli.path(&file), text).unwrap();
        let checked = cli
            .json_outcome(&["mappings", "check", LEADS, &file])
            .expect_one_of(&[1, 2]);
        assert!(checked.stdout.contains(word), "{checked}");
        cli.run(&["mappings", "import", LEADS, &file])
            .refused(2, &[word]);
    }
    assert_eq!(
        cli.json(&["mappings", "show", LEADS])["text"],
        before["text"],
        "the mapping stays as it was"
    );
}

#[test]
fn scores_with_nonsense_in_their_rules_are_refused() {
    let (cli, _folder) = new_workspace();
    for rules in [
        "",
        "{",
        r#"{"rules": [{"name": "A", "points": 1, "when": {"field": "no_such_field", "op": "is_set"}}]}"#,
        r#"{"rules": [{"name": "A", "points": 1, "when": {"field": "city", "op": "no_such_op", "value": 1}}]}"#,
        r#"{"rules": [{"name": "A", "points": 99999999999999999999, "when": {"field": "city", "op": "is_set"}}]}"#,
    ] {
        fs::write(cli.path("rules.json"), rules).unwrap();
        cli.run(&["scores", "add", "Fit", "--rules", "rules.json"])
            .refused(2, &[]);
    }
    assert_eq!(cli.json(&["scores", "list"])["scores"], json!([]));
}
