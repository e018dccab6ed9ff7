//! `cargo xtask controls`: which controls of the window no test has used against the real host.
//!
//! The page's tests and the journeys through the window write what they saw and used to `target/controls`; see
//! `ui/src/testing/recording.js`.

mod texts;

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail, ensure};
use serde_json::Value;

use self::texts::Texts;

const PAGE: &str = "ui/src";
/// Controls that no test can use, each with its reason.
const UNUSED: &str = "tests/window/unused-controls.txt";

/// A button, a field or anything else to be pressed or filled in, or a key.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Control {
    /// The dialog; empty for what stands on a screen.
    place: String,
    role: String,
    /// With `…` for what isn't written in the page's source, such as a contact's name.
    name: String,
}

impl Control {
    /// Tells whether the page's source still has a control of this name.
    fn is_in(&self, texts: &Texts) -> bool {
        texts.says(&self.place) && (self.role == "key" || texts.says(&self.name))
    }
}

impl fmt::Display for Control {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} | {} | {}", self.place, self.role, self.name)
    }
}

/// Forgets what earlier tests recorded.
pub(crate) fn forget() -> Result<()> {
    match fs::remove_dir_all(folder()) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => Err(error.into()),
        _ => Ok(()),
    }
}

/// Lists the controls that no test has used. Fails when one isn't on the list with reasons, or when the list is out of date.
pub(crate) fn check() -> Result<()> {
    let texts = Texts::of(Path::new(PAGE))?;
    let [seen, used] = recorded(&texts)?;
    ensure!(!seen.is_empty(), "no test has recorded any control");
    let unused = not_used(&seen, &used);
    let [seen, used] = [seen, used].map(names);
    let listed = fs::read_to_string(UNUSED).with_context(|| format!("could not read {UNUSED}"))?;
    let listed = with_reasons(&listed)?;
    println!(
        "{} controls seen, {} used, {} on the list of those that can't be",
        seen.len(),
        seen.len() - unused.len(),
        listed.len()
    );
    for (control, reason) in &listed {
        println!("  {control}\n      {reason}");
    }
    let missing: Vec<_> = unused
        .iter()
        .filter(|one| !listed.contains_key(one))
        .collect();
    // What is there for a moment only isn't seen each time.
    let stale: Vec<_> = listed
        .keys()
        .filter(|one| used.contains(one) || !one.is_in(&texts))
        .collect();
    if missing.is_empty() && stale.is_empty() {
        return Ok(());
    }
    bail!(
        "{}{}",
        lines(
            "no test uses these controls against the real host",
            &missing
        ),
        lines(
            &format!("these stand in {UNUSED}, but are used or gone"),
            &stale
        )
    )
}

fn lines(title: &str, controls: &[&Control]) -> String {
    if controls.is_empty() {
        return String::new();
    }
    let lines: String = controls.iter().map(|one| format!("\n  {one}")).collect();
    format!("{title}:{lines}\n")
}

fn folder() -> PathBuf {
    let target = std::env::var_os("CARGO_TARGET_DIR").unwrap_or_else(|| "target".into());
    Path::new(&target).join("controls")
}

/// A control, and its name as it was recorded.
type Recorded = (Control, String);

fn names(recorded: BTreeSet<Recorded>) -> BTreeSet<Control> {
    recorded.into_iter().map(|(control, _)| control).collect()
}

/// Returns the controls that were seen and not used. One is used under each name that its text can make, also where a text
/// that says more fits that name as well.
fn not_used(seen: &BTreeSet<Recorded>, used: &BTreeSet<Recorded>) -> BTreeSet<Control> {
    let is_used = |control: &Control| {
        used.iter().any(|(other, recorded)| {
            control == other
                || (&control.place, &control.role) == (&other.place, &other.role)
                    && texts::is_one_of(&control.name, recorded)
        })
    };
    let mut unused = names(seen.clone());
    unused.retain(|control| !is_used(control));
    unused
}

/// Returns what was seen, and what of it was used.
fn recorded(texts: &Texts) -> Result<[BTreeSet<Recorded>; 2]> {
    let mut all = [BTreeSet::new(), BTreeSet::new()];
    let folder = folder();
    let entries = fs::read_dir(&folder)
        .with_context(|| format!("no test has recorded anything in {}", folder.display()))?;
    for entry in entries {
        let text = fs::read_to_string(entry?.path())?;
        for line in text.lines() {
            let recorded: Value = serde_json::from_str(line)?;
            for (set, key) in all.iter_mut().zip(["seen", "used"]) {
                let controls = recorded[key].as_array().into_iter().flatten();
                set.extend(controls.filter_map(|one| read(one.as_str()?, texts)));
            }
        }
    }
    // What is used is there, also where it was too quick to be seen.
    let [seen, used] = &mut all;
    seen.extend(used.iter().cloned());
    Ok(all)
}

/// Reads a control as it was recorded: a JSON list of place, role and name.
fn read(recorded: &str, texts: &Texts) -> Option<Recorded> {
    let [place, role, recorded]: [String; 3] = serde_json::from_str(recorded).ok()?;
    let place = if place.is_empty() {
        place
    } else {
        texts.named(&place)
    };
    // Keys are no words.
    let name = if role == "key" {
        recorded.clone()
    } else {
        texts.named(&recorded)
    };
    Some((Control { place, role, name }, recorded))
}

/// Reads the list: a control a line, and behind `#` the reason for which no test uses it.
fn with_reasons(list: &str) -> Result<BTreeMap<Control, String>> {
    let lines = list
        .lines()
        .filter(|line| !line.trim().is_empty() && !line.starts_with('#'));
    lines
        .map(|line| {
            let (control, reason) = line
                .split_once(" # ")
                .with_context(|| format!("no reason: {line}"))?;
            let parts: Vec<&str> = control.split('|').map(str::trim).collect();
            let [place, role, name] = parts[..] else {
                bail!("not place | role | name: {line}");
            };
            let [place, role, name] = [place, role, name].map(str::to_owned);
            Ok((Control { place, role, name }, reason.trim().to_owned()))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn recorded(role: &str, name: &str, recorded: &str) -> Recorded {
        let [place, role, name] = ["", role, name].map(str::to_owned);
        (Control { place, role, name }, recorded.to_owned())
    }

    #[test]
    fn a_control_is_used_under_each_name_that_its_text_can_make() {
        let row = "2Required field is empty, for example Last Name";
        let seen = BTreeSet::from([
            recorded("button", "… for …", row),
            recorded("button", "Go to step …", "Go to step 5"),
            recorded("link", "… for …", row),
        ]);
        let value = recorded("button", "… for … of …", "Keep value for Job title of Ada");
        let unused = not_used(&seen, &BTreeSet::from([value]));
        let unused: Vec<_> = unused.iter().map(ToString::to_string).collect();
        assert_eq!(unused, [" | button | Go to step …", " | link | … for …"]);
    }

    #[test]
    fn a_control_on_the_list_has_a_reason() {
        let list = "# What isn't used\n\n | button | Quit # it ends the test\nHelp | link | … # no browser\n";
        let read = with_reasons(list).unwrap();
        let shown: Vec<_> = read
            .iter()
            .map(|(one, why)| format!("{one} ({why})"))
            .collect();
        assert_eq!(
            shown,
            [
                " | button | Quit (it ends the test)",
                "Help | link | … (no browser)"
            ]
        );
        assert!(with_reasons("Help | link | More").is_err());
    }
}
