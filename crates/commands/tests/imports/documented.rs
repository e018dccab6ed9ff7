//! What docs/files.md shows comes in as it says.

use leadferry_store::{ContactField, Value};

use crate::trial::Trial;

const PAGE: &str = include_str!("../../../../docs/files.md");

/// Returns each file of the page with the lines of its result.
fn examples() -> Vec<(&'static str, &'static str)> {
    let files = PAGE.split("```csv\n").skip(1);
    let example = |text: &'static str| {
        let (file, rest) = text.split_once("```\n").unwrap();
        let (result, _) = rest
            .strip_prefix("```result\n")
            .unwrap()
            .split_once("```")
            .unwrap();
        (file, result)
    };
    files.map(example).collect()
}

fn shown(value: Option<&Value>) -> String {
    match value {
        None => String::new(),
        Some(Value::Text(text)) => text.clone(),
        Some(Value::YesNo(yes)) => if *yes { "yes" } else { "no" }.to_owned(),
        Some(Value::Date(date)) => date.to_string(),
        Some(other) => format!("{other:?}"),
    }
}

#[test]
fn every_example_of_the_page_comes_in_as_shown() {
    let examples = examples();
    assert!(examples.len() > 9);
    for (file, result) in examples {
        let trial = Trial::new();
        let outcome = trial.bring("people.csv", file);
        let contacts = trial.contacts();
        let warnings = outcome.warnings.iter().map(|warning| warning.text.clone());
        let told: Vec<String> = warnings.collect();
        let faults = outcome.faults.iter();
        let invalid: Vec<String> = faults
            .map(|fault| format!("row {}: {}", fault.line, fault.reason))
            .collect();
        let mut people = contacts.iter();
        for line in result.lines() {
            if let Some(text) = line.strip_prefix("told: ") {
                assert!(
                    told.iter().any(|told| told.contains(text)),
                    "{text} isn't in {told:?} of\n{file}"
                );
            } else if let Some(text) = line.strip_prefix("invalid: ") {
                assert!(
                    invalid.iter().any(|fault| fault.starts_with(text)),
                    "{text} isn't in {invalid:?}"
                );
            } else {
                let person = people.next().unwrap_or_else(|| panic!("nobody is {line}"));
                for part in line.split(" | ") {
                    let (name, expected) = part.split_once('=').unwrap();
                    let field = ContactField::built_in(name).unwrap();
                    assert_eq!(
                        shown(person.values.get(field)),
                        expected,
                        "{name} of {line}\n{file}"
                    );
                }
            }
        }
        assert!(people.next().is_none(), "somebody else came in of\n{file}");
        let faulty = result.lines().filter(|line| line.starts_with("invalid: "));
        assert_eq!(
            outcome.faulty,
            faulty.count() as u64,
            "{invalid:?} of\n{file}"
        );
    }
}
