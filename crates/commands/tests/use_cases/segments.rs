//! Segments: what new rules would change, why somebody is in, and fixed members.

use leadferry_commands::contacts::{ContactsFilter, PageRequest};
use leadferry_commands::segments::{self, SegmentStatus};
use leadferry_commands::{Code, Workspace, contacts, rules};

use crate::support::Machine;

const PEOPLE: &str = "Email,First name,City,Country,Birthday\n\
    ada@example.com,Ada,Rome,Italy,1990-01-31\n\
    ben@example.com,Ben,Rome,Germany,1980-02-01\n\
    cleo@example.com,Cleo,Oslo,Norway,1970-03-02\n";

const ROMANS: &str = r#"{"field": "city", "op": "equals", "value": "Rome"}"#;

fn opened(machine: &Machine) -> Workspace {
    let workspace = machine.create();
    machine.import(&workspace, PEOPLE);
    let romans = rules::read_tree(ROMANS).unwrap();
    segments::add(&workspace, "Romans", "", romans).unwrap();
    workspace
}

#[tokio::test(flavor = "multi_thread")]
async fn new_rules_say_who_would_join_and_who_would_leave() {
    let machine = Machine::new();
    let workspace = opened(&machine);
    let compare = |json: &str| {
        let tree = rules::read_tree(json).unwrap();
        let moves = segments::compare(&workspace, "Romans", tree).unwrap();
        moves.map(|moves| (moves.joining, moves.leaving))
    };
    assert_eq!(compare(ROMANS), Some((0, 0)));
    let elder = r#"{"field": "birthday", "op": "before", "value": "1985-01-01"}"#;
    assert_eq!(compare(elder), Some((1, 1)));
    assert_eq!(
        compare(r#"{"points": "None such", "op": "at_least", "value": 1}"#),
        None
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn rules_are_explained_in_the_words_of_people() {
    let machine = Machine::new();
    let workspace = opened(&machine);
    let tree = r#"{"all": [
        {"field": "country", "op": "equals", "value": "Germany"},
        {"field": "birthday", "op": "after", "value": "1985-01-01"}
    ]}"#;
    let tree = rules::read_tree(tree).unwrap();
    let tried = segments::try_tree(&workspace, tree.clone()).unwrap();
    assert_eq!(
        tried.says,
        "Everyone whose country is “Germany” and whose birthday is after Jan 1, 1985"
    );
    let explained = segments::explain_rules(&workspace, tree, "ada@example.com").unwrap();
    assert!(!explained.holds);
    let parts: Vec<_> = explained
        .parts
        .iter()
        .map(|part| (part.rule.as_str(), part.holds, part.has.as_deref().unwrap()))
        .collect();
    assert_eq!(
        parts,
        [
            ("country is “Germany”", false, "Italy"),
            ("birthday is after Jan 1, 1985", true, "Jan 31, 1990"),
        ]
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn fixed_members_are_added_and_removed_by_hand() {
    let machine = Machine::new();
    let workspace = opened(&machine);
    segments::copy(&workspace, "Romans", "Guests").unwrap();
    let set = |name: &str, who: &str, status| {
        segments::set_members(&workspace, name, &[who.to_owned()], status)
    };
    assert_eq!(
        set("Guests", "cleo@example.com", SegmentStatus::Realized).unwrap(),
        1
    );
    assert_eq!(
        set("Guests", "ada@example.com", SegmentStatus::Exited).unwrap(),
        1
    );
    let members = segments::members(&workspace, "Guests", None, 10)
        .unwrap()
        .members;
    let names: Vec<&str> = members.iter().map(|member| member.name.as_str()).collect();
    assert_eq!(names, ["Ben", "Cleo"]);
    let refused = set("Romans", "cleo@example.com", SegmentStatus::Realized).unwrap_err();
    assert_eq!(refused.code, Code::Usage, "{refused}");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_contacts_of_an_import_are_those_it_created_and_those_it_changed() {
    let machine = Machine::new();
    let workspace = opened(&machine);
    let second = "Email,First name,City\nben@example.com,Ben,Turin\ndora@example.com,Dora,Oslo\nada@example.com,Ada,Rome\n";
    let import = machine.import(&workspace, second).import;
    let request = PageRequest {
        filter: ContactsFilter {
            import: Some(import),
            ..ContactsFilter::default()
        },
        sort: None,
        columns: Vec::new(),
        from: 0,
        limit: 10,
        find: None,
    };
    let page = contacts::page(&workspace, &request).unwrap();
    let mut names: Vec<&str> = page.rows.iter().map(|row| row.name.as_str()).collect();
    names.sort_unstable();
    assert_eq!(names, ["Ben", "Dora"]);
}
