//! What errors say to everyone names no command: the window has none. A command stands in a field of its own.

use std::fs;
use std::path::{Path, PathBuf};

/// The sources whose texts reach the window. Of the practice org that is its errors; its pages are in the browser.
const SOURCES: [&str; 5] = [
    "commands/src",
    "replication/src",
    "store/src",
    "salesforce/src",
    "practice-org/src/error.rs",
];

/// What commands and their options begin with; a text that begins so is a command as a whole.
const GROUPS: [&str; 21] = [
    "workspace ",
    "practice-org ",
    "connections ",
    "contacts ",
    "accounts ",
    "activities ",
    "consents ",
    "consent-syncs ",
    "segments ",
    "scores ",
    "replications ",
    "alerts ",
    "mappings ",
    "queue ",
    "runs ",
    "links ",
    "search ",
    "pulls ",
    "doctor",
    "completions ",
    "--",
];

#[test]
fn no_text_that_the_window_shows_names_a_command_or_an_option() {
    let crates = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let mut named = Vec::new();
    for name in SOURCES {
        for file in sources(&crates.join(name)) {
            let source = fs::read_to_string(&file).unwrap();
            let texts = texts(&source).into_iter();
            named.extend(
                texts.filter(|text| names_a_command(text)).map(|text| {
                    format!("{}: {text}", file.strip_prefix(&crates).unwrap().display())
                }),
            );
        }
    }
    assert_eq!(named, Vec::<String>::new());
}

#[test]
fn texts_with_a_command_or_an_option_are_found() {
    let source = r#"
        // "`doctor` in a comment"
        let hint = "sign in with `connections authorize`";
        let flag = "choose one (--connection)";
        let command = format!("replications run {} --confirm {}", 1, 2);
        let plain = "sign in";
    "#;
    let found: Vec<String> = texts(source)
        .into_iter()
        .filter(|text| names_a_command(text))
        .collect();
    assert_eq!(
        found,
        [
            "sign in with `connections authorize`",
            "choose one (--connection)"
        ]
    );
}

fn names_a_command(text: &str) -> bool {
    if GROUPS.iter().any(|group| text.starts_with(group)) {
        return text.contains('`');
    }
    let mut options = text.match_indices("--");
    let is_option = |(at, _): (usize, &str)| {
        text[at + 2..].starts_with(|letter: char| letter.is_ascii_lowercase())
            && !text[..at].ends_with(|letter: char| letter.is_ascii_alphanumeric())
    };
    let quotes_a_command = GROUPS
        .iter()
        .any(|group| text.contains(&format!("`{}", group.trim_end())));
    quotes_a_command || text.contains("leadferry-cli ") || options.any(is_option)
}

fn sources(folder: &Path) -> Vec<PathBuf> {
    if folder.is_file() {
        return vec![folder.to_owned()];
    }
    let mut all = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        if path.is_dir() {
            all.extend(sources(&path));
        } else if name.ends_with(".rs") && !name.contains("test") {
            all.push(path);
        }
    }
    all.sort();
    all
}

/// Returns the texts in quotation marks, without those of comments and of the tests at the end of a file.
fn texts(source: &str) -> Vec<String> {
    let code = source.split("#[cfg(test)]\nmod tests {").next().unwrap();
    let mut texts = Vec::new();
    let mut rest = code;
    while let Some(at) = rest.find(['"', '/', '\'']) {
        rest = match &rest[at..] {
            from if from.starts_with("//") => &from[from.find('\n').unwrap_or(from.len())..],
            // A quotation mark in a character.
            from if from.starts_with("'\"'") => &from[3..],
            from if from.starts_with('"') => {
                let end = end_of_text(&from[1..]);
                texts.push(from[1..=end].to_owned());
                &from[(end + 2).min(from.len())..]
            }
            from => &from[1..],
        };
    }
    texts
}

/// Returns where a text ends, from behind its opening mark.
fn end_of_text(text: &str) -> usize {
    let mut letters = text.char_indices();
    while let Some((at, letter)) = letters.next() {
        match letter {
            '\\' => {
                letters.next();
            }
            '"' => return at,
            _ => {}
        }
    }
    text.len()
}
