//! `cargo xtask screenshots`: goes every journey through the window and keeps a picture of each screen, light and dark.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result, bail};

use crate::{setup, shell, window};

const FOLDER: &str = "docs/screenshots";
const README: &str = "README.md";
/// Whose names the screens show.
const SAMPLES: &str = "samples/contacts.csv";

/// Makes the pictures anew; those that no journey makes any more are gone.
pub(crate) fn make(args: &setup::Args) -> Result<()> {
    setup::to_show(args.yes)?;
    setup::to_drive(args.yes)?;
    check_fonts()?;
    shell::run(&mut window::npm(&["run", "build"]))?;
    let mut build = shell::cargo(&["build", "--workspace", "--bins", "--tests", "--locked"]);
    shell::run(build.args(window::FEATURES))?;
    if Path::new(FOLDER).exists() {
        fs::remove_dir_all(FOLDER).with_context(|| format!("could not empty {FOLDER}"))?;
    }
    let folder = std::path::absolute(FOLDER)?;
    shell::run(window::journey("").env("LEADFERRY_SCREENSHOTS", folder))?;
    check_readme()
}

/// Refuses where a name of the samples would be shown as boxes.
fn check_fonts() -> Result<()> {
    let samples =
        fs::read_to_string(SAMPLES).with_context(|| format!("could not read {SAMPLES}"))?;
    let letters: BTreeSet<char> = samples
        .chars()
        .filter(|letter| !letter.is_ascii())
        .collect();
    for letter in letters {
        if !has_font(letter)? {
            bail!(
                "no font on this machine has \"{letter}\": install one, or it is a box in the pictures"
            );
        }
    }
    Ok(())
}

fn has_font(letter: char) -> Result<bool> {
    let wanted = format!(":charset={:x}", u32::from(letter));
    let found = Command::new("fc-list").arg(wanted).output();
    Ok(!found.context("could not start fc-list")?.stdout.is_empty())
}

/// Refuses where the README shows a picture that no journey makes any more.
fn check_readme() -> Result<()> {
    let readme = fs::read_to_string(README).with_context(|| format!("could not read {README}"))?;
    for picture in readme
        .split(['(', ')'])
        .filter(|part| part.ends_with(".png"))
    {
        if !Path::new(picture).exists() {
            bail!("{README} shows {picture}, which no journey makes");
        }
    }
    Ok(())
}
