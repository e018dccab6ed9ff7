//! The commands in the documents can be typed as they stand there, one page after the other.

use std::path::{Path, PathBuf};

use crate::machine::Machine;

/// The pages of the guide, in an order in which each finds what it needs.
const GUIDE: &[&str] = &[
    "docs/guide/README.md",
    "docs/guide/first-contacts.md",
    "docs/guide/import.md",
    "docs/guide/score-and-segment.md",
    "docs/guide/map-fields.md",
    "docs/guide/fix.md",
    "docs/guide/schedule.md",
    "docs/guide/check-and-undo.md",
    "docs/guide/search.md",
    "docs/guide/salesforce-data.md",
    "docs/guide/consent.md",
    "docs/guide/safety.md",
];

/// Other pages, each with those before it.
const OTHERS: &[&[&str]] = &[
    &["README.md"],
    &["docs/guide/first-contacts.md", "docs/pulls.md"],
];

/// Commands that no test can run by themselves, and why.
const LEFT_OUT: &[(&str, &str)] = &[
    ("connections add Live", "the org isn't here"),
    ("connections authorize", "somebody signs in with a browser"),
    ("practice-org serve", "runs until it's stopped"),
    ("replications watch", "runs until it's stopped"),
    ("\"Good leads, live\"", "the org isn't here"),
    ("--connection Live", "the org isn't here"),
    ("--connection \"New sandbox\"", "the org isn't here"),
    ("replications partner", "needs a second replication"),
    ("conflicts resolve", "nothing was changed on both sides"),
];

/// What isn't for `leadferry-cli`: the reader's shell does it.
const OF_THE_SHELL: [&str; 2] = ["cargo ", "export "];

fn top() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

fn read(page: &str) -> String {
    std::fs::read_to_string(top().join(page)).unwrap_or_else(|error| panic!("{page}: {error}"))
}

#[test]
fn every_command_of_the_guide_works_as_it_stands() {
    let ran = run_all(GUIDE);
    assert!(ran > 50, "the guide holds commands, and {ran} were found");
}

#[test]
fn every_command_of_the_other_documents_works_as_it_stands() {
    for pages in OTHERS {
        let ran = run_all(pages);
        assert!(ran > 10, "{pages:?} hold commands, and {ran} were found");
    }
}

/// Runs the commands of the pages on one machine; returns how many.
fn run_all(pages: &[&str]) -> usize {
    let machine = Machine::bare();
    std::fs::create_dir(machine.folder().join("samples")).unwrap();
    for sample in std::fs::read_dir(top().join("samples")).unwrap() {
        let sample = sample.unwrap();
        let copy = machine.folder().join("samples").join(sample.file_name());
        std::fs::copy(sample.path(), copy).unwrap();
    }
    let mut ran = 0;
    for page in pages {
        for command in commands(&read(page)) {
            if LEFT_OUT.iter().any(|(part, _)| command.contains(part)) {
                continue;
            }
            run(&machine, page, &command);
            ran += 1;
        }
    }
    ran
}

#[test]
fn every_page_of_the_guide_is_in_its_list_and_leads_to_places_that_are_there() {
    let index = read("docs/guide/README.md");
    for page in std::fs::read_dir(top().join("docs/guide")).unwrap() {
        let name = page.unwrap().file_name().into_string().unwrap();
        let path = format!("docs/guide/{name}");
        assert!(GUIDE.contains(&path.as_str()), "{path} isn't tried");
        assert!(
            name == "README.md" || index.contains(&format!("({name})")),
            "the guide's list doesn't lead to {name}"
        );
        for link in links(&read(&path)) {
            assert!(
                top().join("docs/guide").join(link).exists(),
                "{path} leads to {link}, which isn't there"
            );
        }
    }
}

#[test]
fn every_place_of_the_recipes_is_there_and_holds_the_names_that_stand_beside_it() {
    let recipes = read("docs/recipes.md");
    let mut tried = 0;
    for item in items(&recipes) {
        let spans: Vec<&str> = item.split('`').skip(1).step_by(2).collect();
        let (files, names): (Vec<&str>, Vec<&str>) = spans
            .into_iter()
            .filter(|span| !span.starts_with("--") && !span.contains('>'))
            .partition(|span| span.contains('/'));
        for file in &files {
            assert!(top().join(file).exists(), "{file} isn't there");
        }
        let texts: Vec<String> = files
            .iter()
            .filter(|file| top().join(file).is_file())
            .map(|file| read(file))
            .collect();
        for name in names {
            let last = name.rsplit("::").next().unwrap();
            let holds = |text: &String| text.contains(last);
            assert!(texts.iter().any(holds), "{name} isn't in any of {files:?}");
            tried += 1;
        }
    }
    assert!(
        tried > 30,
        "the recipes name places, and {tried} were found"
    );
}

#[test]
fn every_module_that_the_architecture_names_is_there() {
    let page = read("docs/architecture.md");
    let mut tried = 0;
    for name in page.split('`').skip(1).step_by(2) {
        let parts: Vec<&str> = name.split("::").collect();
        let is_module = parts[0].starts_with(|first: char| first.is_ascii_lowercase());
        if parts.len() < 2 || !is_module {
            continue;
        }
        assert!(is_there(&parts), "{name} isn't there");
        tried += 1;
    }
    assert!(tried > 20, "it names modules, and {tried} were found");
}

/// Tells whether a crate has a module, or a name in one; the first part may be the crate's name.
fn is_there(parts: &[&str]) -> bool {
    let crates = std::fs::read_dir(top().join("crates")).unwrap();
    crates.map(|entry| entry.unwrap().path()).any(|folder| {
        let is_named = folder.file_name().is_some_and(|name| name == parts[0]);
        let modules = if is_named { &parts[1..] } else { parts };
        let file = |modules: &[&str]| folder.join("src").join(modules.join("/") + ".rs");
        let (last, parents) = modules.split_last().unwrap();
        let parent = std::fs::read_to_string(file(parents));
        file(modules).is_file() || parent.is_ok_and(|text| text.contains(*last))
    })
}

/// Returns the page's paragraphs and the items of its lists, each as one text.
fn items(page: &str) -> Vec<String> {
    let mut items = vec![String::new()];
    for line in page.lines().map(str::trim) {
        let is_item =
            line.starts_with("- ") || line.starts_with(|first: char| first.is_ascii_digit());
        if line.is_empty() || is_item {
            items.push(String::new());
        }
        items.last_mut().unwrap().push_str(&format!("{line} "));
    }
    items
}

/// Runs a line as a shell would, and expects success, or that some contacts need attention.
fn run(machine: &Machine, page: &str, command: &str) {
    let typed = words(command);
    let arguments: Vec<&str> = typed.iter().skip(1).map(String::as_str).collect();
    let output = machine
        .command(&arguments)
        .current_dir(machine.folder())
        .env("LEADFERRY_PASSPHRASE", "of the guide")
        .output()
        .unwrap();
    assert!(
        matches!(output.status.code(), Some(0 | 1)),
        "{page}: {command}\n{}{}",
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr)
    );
}

/// Returns the commands in the page's blocks of code, without comments and joined where they go on in the next line.
fn commands(page: &str) -> Vec<String> {
    let blocks = page.split("```").skip(1).step_by(2);
    let lines: Vec<String> = blocks
        .flat_map(|block| {
            block
                .replace("\\\n", " ")
                .lines()
                .map(str::to_owned)
                .collect::<Vec<_>>()
        })
        .collect();
    lines
        .iter()
        .map(|line| line.split("  #").next().unwrap_or_default().trim())
        .filter(|line| !line.is_empty())
        .filter(|line| !OF_THE_SHELL.iter().any(|start| line.starts_with(start)))
        .inspect(|line| assert!(line.starts_with("leadferry-cli "), "who runs {line:?}?"))
        .map(str::to_owned)
        .collect()
}

/// Returns the words of a line, as a shell splits it.
fn words(line: &str) -> Vec<String> {
    let mut words = Vec::new();
    let mut word = None;
    let mut quote = None;
    for letter in line.chars() {
        match (letter, quote) {
            ('"' | '\'', None) => {
                quote = Some(letter);
                word.get_or_insert_default();
            }
            (letter, Some(end)) if letter == end => quote = None,
            (' ', None) => words.extend(word.take()),
            (letter, _) => word.get_or_insert_with(String::new).push(letter),
        }
    }
    words.extend(word);
    words
}

/// Returns where the page's links and pictures lead within the project.
fn links(page: &str) -> Vec<&str> {
    page.split("](")
        .skip(1)
        .filter_map(|rest| rest.split(')').next())
        .filter(|link| !link.starts_with("http"))
        .filter_map(|link| link.split('#').next())
        .filter(|link| !link.is_empty())
        .collect()
}
