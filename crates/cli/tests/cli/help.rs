//! Help: every command has it, in one plain line.

use crate::machine::Machine;

/// Returns the commands that a help text lists.
fn listed(help: &str) -> Vec<String> {
    let section = help.split("Commands:\n").nth(1).unwrap_or_default();
    let lines = section.lines().take_while(|line| !line.is_empty());
    let names = lines.filter_map(|line| {
        line.strip_prefix("  ")?
            .split(' ')
            .next()
            .map(str::to_owned)
    });
    names
        .filter(|name| !name.is_empty() && name != "help")
        .collect()
}

/// Returns the help of every command, by its path.
pub(crate) fn help_of_all(machine: &Machine) -> Vec<(String, String)> {
    let mut seen = Vec::new();
    walk(machine, &[], &mut seen);
    seen
}

/// Joins what the terminal's width has broken, so that sentences can be searched for.
pub(crate) fn unwrapped(help: &str) -> String {
    help.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn walk(machine: &Machine, path: &[&str], seen: &mut Vec<(String, String)>) {
    let arguments: Vec<&str> = path.iter().copied().chain(["--help"]).collect();
    let help = machine.text(&arguments, 0);
    assert!(
        !help.lines().next().unwrap_or_default().is_empty(),
        "{path:?} has no help"
    );
    let names = listed(&help);
    seen.push((path.join(" "), help));
    for name in names {
        let deeper: Vec<&str> = path.iter().copied().chain([name.as_str()]).collect();
        walk(machine, &deeper, seen);
    }
}

#[test]
fn columns_in_a_help_are_not_broken_by_the_width() {
    for (path, help) in help_of_all(&Machine::bare()) {
        let lines: Vec<&str> = help.lines().collect();
        for pair in lines.windows(2) {
            // A line that is broken goes on at the left.
            let is_column = pair[0].starts_with("  ") && pair[0].len() > 60;
            let goes_on = pair[1].starts_with(|letter: char| letter.is_lowercase());
            assert!(!(is_column && goes_on), "{path}: {pair:#?}");
        }
    }
}

#[test]
fn every_command_explains_itself() {
    let seen = help_of_all(&Machine::bare());
    let expected = [
        "workspace init",
        "workspace info",
        "workspace backup",
        "practice-org serve",
        "practice-org show",
        "practice-org faults add",
        "connections add",
        "connections authorize",
        "connections list",
        "connections set",
        "connections test",
        "connections remove",
        "contacts import",
        "contacts export",
        "contacts list",
        "contacts show",
        "contacts set",
        "contacts count",
        "contacts merge",
        "contacts delete",
        "contacts erase",
        "contacts acts",
        "contacts undo",
        "contacts fields add",
        "contacts fields rename",
        "contacts fields remove",
        "accounts list",
        "scores add",
        "scores list",
        "scores recalculate",
        "scores set",
        "scores explain",
        "scores remove",
        "segments add",
        "segments set",
        "segments list",
        "segments show",
        "segments count",
        "segments members",
        "segments explain",
        "segments export",
        "segments recalculate",
        "segments copy",
        "segments combine",
        "segments join",
        "segments leave",
        "segments remove",
        "segments add-emails",
        "segments email-lists",
        "activities import",
        "activities list",
        "replications add",
        "replications list",
        "replications set",
        "replications copy",
        "replications plan",
        "replications match",
        "replications run",
        "replications activate",
        "replications deactivate",
        "replications activations",
        "replications watch",
        "replications prepare-org",
        "mappings show",
        "mappings import",
        "mappings export",
        "mappings check",
        "queue list",
        "queue retry",
        "runs list",
        "runs show",
        "links list",
        "links set",
        "links remove",
        "search run",
        "search fields",
        "search soql",
        "search import",
        "search saved",
        "search remove",
        "completions",
        "doctor",
    ];
    for command in expected {
        assert!(
            seen.iter().any(|(path, _)| path == command),
            "{command} is missing"
        );
    }
}

#[test]
fn the_rules_that_the_help_shows_are_rules() {
    let machine = Machine::bare();
    let help = machine.text(&["segments", "add", "--help"], 0);
    let (forms, example) = help.split_once("Example:\n").unwrap();
    let shown = forms.lines().map(str::trim_start);
    let rules: Vec<_> = shown
        .filter(|line| line.starts_with("{\""))
        .filter_map(|line| line.split("   ").next())
        .map(|rule| leadferry_commands::rules::read_tree(rule).expect(rule))
        .collect();
    let example = example.split("\n\n").next().unwrap();
    leadferry_commands::rules::read_tree(example).unwrap();
    assert!(rules.len() >= 10, "{rules:?}");
}

#[test]
fn the_version_is_told() {
    let text = Machine::bare().text(&["--version"], 0);
    assert!(text.starts_with("leadferry-cli "), "{text}");
}

#[test]
fn each_command_has_a_manual_page_and_is_completed_by_the_shell() {
    let machine = Machine::bare();
    let folder = machine.folder().join("man");
    machine.text(&["manual", folder.to_str().unwrap()], 0);
    let page = |name: &str| std::fs::read_to_string(folder.join(name)).unwrap();
    assert!(page("leadferry-cli.1").contains("exactly once"));
    assert!(page("leadferry-cli-search-run.1").contains("where"));
    for shell in ["bash", "zsh", "fish"] {
        let script = machine.text(&["completions", shell], 0);
        assert!(script.contains("replications"), "{shell}");
    }
}
