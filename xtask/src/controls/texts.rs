//! The texts in the page's source, by which words of the window are told from data that it shows.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use anyhow::{Context, Result};

/// Stands for data.
const DATA: &str = "…";
/// A text with holes says something when it has this many letters.
const LETTERS: usize = 3;

/// Everything that the source says.
pub(crate) struct Texts {
    whole: BTreeSet<String>,
    /// Texts with data in them, as the parts around the data; those that say most come first.
    with_data: Vec<Vec<String>>,
}

impl Texts {
    /// Reads the source in a folder, without its tests.
    pub(crate) fn of(folder: &Path) -> Result<Texts> {
        let mut source = Vec::new();
        collect(folder, &mut source)?;
        Ok(Texts::in_source(source.iter().map(String::as_str)))
    }

    fn in_source<'s>(files: impl Iterator<Item = &'s str>) -> Texts {
        let mut whole = BTreeSet::new();
        let mut with_data = BTreeSet::new();
        for parts in files.flat_map(texts) {
            match parts.as_slice() {
                [text] => drop(whole.insert(text.trim().to_owned())),
                _ if letters(&parts) >= LETTERS => drop(with_data.insert(parts)),
                _ => {}
            }
        }
        let mut with_data: Vec<_> = with_data.into_iter().collect();
        with_data.sort_by_key(|parts| std::cmp::Reverse(letters(parts)));
        Texts { whole, with_data }
    }

    /// Tells whether the source still says a name, as [`Texts::named`] returns it.
    pub(crate) fn says(&self, name: &str) -> bool {
        name.is_empty()
            || name == DATA
            || self.whole.contains(name)
            || self
                .with_data
                .iter()
                .any(|parts| parts.join(DATA).trim() == name)
    }

    /// Returns a name with `…` for what the source doesn't say.
    pub(crate) fn named(&self, name: &str) -> String {
        if name == DATA {
            return DATA.to_owned();
        }
        // A tab's count stands behind its name.
        let without_count =
            name.trim_end_matches(|letter: char| letter.is_ascii_digit() || letter == ',');
        if let Some(known) = [name, without_count]
            .into_iter()
            .find(|name| self.whole.contains(*name))
        {
            return known.to_owned();
        }
        let parts = self.with_data.iter().find(|parts| fits(parts, name));
        parts.map_or_else(
            || DATA.to_owned(),
            |parts| parts.join(DATA).trim().to_owned(),
        )
    }
}

/// Tells whether a name as it was recorded is one of those that [`Texts::named`] calls `name`, though a text that says more
/// may fit it as well. Data alone is like no other.
pub(super) fn is_one_of(name: &str, recorded: &str) -> bool {
    let parts: Vec<String> = name.split(DATA).map(str::to_owned).collect();
    name != DATA && fits(&parts, recorded)
}

fn collect(folder: &Path, source: &mut Vec<String>) -> Result<()> {
    let entries = fs::read_dir(folder).with_context(|| format!("no {}", folder.display()))?;
    for entry in entries {
        let path = entry?.path();
        let name = path
            .file_name()
            .unwrap_or_default()
            .to_string_lossy()
            .into_owned();
        if path.is_dir() {
            if name != "testing" {
                collect(&path, source)?;
            }
        } else if (name.ends_with(".ts") || name.ends_with(".tsx"))
            && !name.contains(".test.")
            && name != "bindings.ts"
        {
            source.push(fs::read_to_string(&path)?);
        }
    }
    Ok(())
}

fn letters(parts: &[String]) -> usize {
    parts
        .iter()
        .flat_map(|part| part.chars())
        .filter(|letter| letter.is_alphabetic())
        .count()
}

/// Tells whether a name is these parts with something between each two.
fn fits(parts: &[String], name: &str) -> bool {
    let [first, between @ .., last] = parts else {
        return false;
    };
    let Some(mut rest) = name.strip_prefix(first.trim_start()) else {
        return false;
    };
    for part in between {
        match rest.find(part.as_str()) {
            Some(at) => rest = &rest[at + part.len()..],
            None => return false,
        }
    }
    rest.ends_with(last.trim_end())
}

/// Returns the texts of a source file, each as the parts around `{…}`: literals, and what stands between tags.
fn texts(source: &str) -> Vec<Vec<String>> {
    let mut found = Vec::new();
    for (at, letter) in source.char_indices() {
        let rest = &source[at + letter.len_utf8()..];
        match letter {
            '\'' | '"' => found.extend(until(rest, letter, "").filter(|parts| parts.len() == 1)),
            '`' => found.extend(until(rest, '`', "${")),
            '>' => found.extend(until(rest, '<', "{")),
            _ => {}
        }
    }
    found.retain(|parts| {
        parts
            .iter()
            .any(|part| part.chars().any(char::is_alphabetic))
    });
    found
}

/// Returns the parts of a text up to its end; `hole` opens what is data. `None` where it has no end.
fn until(text: &str, end: char, hole: &str) -> Option<Vec<String>> {
    let mut parts = vec![String::new()];
    let mut rest = text;
    while let Some(letter) = rest.chars().next() {
        if letter == end {
            return Some(parts.iter().map(|part| spaced(&unescaped(part))).collect());
        }
        if !hole.is_empty() && rest.starts_with(hole) {
            rest = behind_braces(&rest[hole.len()..])?;
            parts.push(String::new());
            continue;
        }
        if matches!(end, '\'' | '"') && letter == '\n' {
            return None;
        }
        parts.last_mut()?.push(letter);
        rest = &rest[letter.len_utf8()..];
    }
    None
}

/// Returns what stands behind the brace that closes what was opened.
fn behind_braces(text: &str) -> Option<&str> {
    let mut open = 1;
    for (at, letter) in text.char_indices() {
        match letter {
            '{' => open += 1,
            '}' => open -= 1,
            _ => {}
        }
        if open == 0 {
            return Some(&text[at + 1..]);
        }
    }
    None
}

/// Returns a text as it is shown: attributes and what stands between tags are written as HTML.
fn unescaped(text: &str) -> String {
    text.replace("&lt;", "<")
        .replace("&gt;", ">")
        .replace("&quot;", "\"")
        .replace("&amp;", "&")
}

/// Returns a text with one space for each run of blanks; blanks at the ends stay, as data stands behind them.
fn spaced(text: &str) -> String {
    let mut spaced = String::new();
    for letter in text.chars() {
        let letter = if letter.is_whitespace() { ' ' } else { letter };
        if letter != ' ' || !spaced.ends_with(' ') {
            spaced.push(letter);
        }
    }
    spaced
}

#[cfg(test)]
mod tests {
    use super::*;

    const SOURCE: &str = r#"
        <Button aria-label={`Select ${name}`} title="Open">Save segment</Button>
        <Button>
          Delete {counted(total, 'contact')}
        </Button>
        const label = 'Add rule';
        <Checkbox label="Decode codes such as &amp;amp;" />
        const says = `${label} filled from: ${source ?? `nothing`}`;
    "#;

    #[test]
    fn a_name_with_data_is_told_from_others_and_from_data_alone() {
        assert!(is_one_of("… for …", "Keep value for Job title of Ada"));
        assert!(is_one_of("Retry all …", "Retry all 18"));
        assert!(!is_one_of("Retry all … at next run", "Retry all 18"));
        assert!(!is_one_of("…", "Keep value for Job title of Ada"));
        assert!(!is_one_of("Save segment", "Save segment and close"));
    }

    #[test]
    fn a_name_keeps_what_the_source_says() {
        let texts = Texts::in_source([SOURCE].into_iter());
        for (name, expected) in [
            ("Save segment", "Save segment"),
            ("Open", "Open"),
            ("Add rule", "Add rule"),
            ("Add rule1,204", "Add rule"),
            ("Select Ada Lovelace", "Select …"),
            ("Delete 21,220 contacts", "Delete …"),
            ("Last Name filled from: last_name", "… filled from: …"),
            ("Decode codes such as &amp;", "Decode codes such as &amp;"),
            ("Camille Laurent", "…"),
        ] {
            let named = texts.named(name);
            assert_eq!(named, expected, "{name}");
            assert!(texts.says(&named), "{named}");
        }
        assert!(!texts.says("Save contact"));
    }
}
