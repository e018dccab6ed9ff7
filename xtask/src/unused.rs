//! Dependencies that a package lists and none of its files names.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use serde_json::Value;

use crate::shell;

/// Fails with the dependencies that nothing uses. A word in a comment counts as a use.
pub(crate) fn check() -> Result<()> {
    let output = shell::cargo(&[
        "metadata",
        "--no-deps",
        "--offline",
        "--format-version",
        "1",
    ])
    .output()
    .context("could not start cargo metadata")?;
    let metadata: Value =
        serde_json::from_slice(&output.stdout).context("could not read cargo metadata")?;
    let mut listed = BTreeSet::new();
    let mut unused = Vec::new();
    for package in metadata["packages"].as_array().into_iter().flatten() {
        let mut words = BTreeSet::new();
        for folder in folders(package) {
            collect_words(&folder, &mut words)?;
        }
        for dependency in package["dependencies"].as_array().into_iter().flatten() {
            let name = dependency["name"].as_str().unwrap_or_default();
            let called = dependency["rename"].as_str().unwrap_or(name);
            listed.insert(called.to_owned());
            if !words.contains(&called.replace('-', "_")) {
                let package = package["name"].as_str().unwrap_or_default();
                unused.push(format!("{package} doesn't use {called}"));
            }
        }
    }
    let manifest = fs::read_to_string("Cargo.toml").context("could not read Cargo.toml")?;
    let of_nobody = shared(&manifest).filter(|name| !listed.contains(*name));
    unused.extend(of_nobody.map(|name| format!("no package uses {name}")));
    if listed.is_empty() {
        bail!("cargo metadata lists no dependencies");
    }
    if !unused.is_empty() {
        bail!("remove these dependencies: {}", unused.join("; "));
    }
    println!("each of {} dependencies is used", listed.len());
    Ok(())
}

/// Returns the folders of a package's programs, libraries and tests.
fn folders(package: &Value) -> BTreeSet<PathBuf> {
    let targets = package["targets"].as_array().into_iter().flatten();
    targets
        .filter_map(|target| Path::new(target["src_path"].as_str()?).parent())
        .map(Path::to_owned)
        .collect()
}

/// Collects the words of all Rust files below a folder.
fn collect_words(folder: &Path, words: &mut BTreeSet<String>) -> Result<()> {
    let could_not = || format!("could not read {}", folder.display());
    for entry in fs::read_dir(folder).with_context(could_not)? {
        let path = entry.with_context(could_not)?.path();
        if path.is_dir() {
            collect_words(&path, words)?;
        } else if path.extension().is_some_and(|ending| ending == "rs") {
            let text = fs::read_to_string(&path).with_context(could_not)?;
            let is_end = |letter: char| !letter.is_alphanumeric() && letter != '_';
            words.extend(text.split(is_end).map(str::to_owned));
        }
    }
    Ok(())
}

/// Returns the names of the dependencies that the workspace's manifest shares.
fn shared(manifest: &str) -> impl Iterator<Item = &str> {
    let section = manifest.split("[workspace.dependencies]\n").nth(1);
    let lines = section.unwrap_or_default().lines();
    lines
        .take_while(|line| !line.starts_with('['))
        .filter_map(|line| line.split_once(" = "))
        .map(|(name, _)| name)
}

#[cfg(test)]
mod tests {
    use super::shared;

    #[test]
    fn shared_dependencies_end_where_the_next_section_begins() {
        let manifest = "[workspace]\n\n[workspace.dependencies]\none = \"1\"\n\ntwo-more = { version = \"2\" }\n\n[lints]\nthree = 1\n";
        assert_eq!(shared(manifest).collect::<Vec<_>>(), ["one", "two-more"]);
    }
}
