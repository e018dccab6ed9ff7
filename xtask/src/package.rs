//! `cargo xtask package`: packages to install, and `--check`, which starts the app out of one of them.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};

use crate::{setup, shell, window};

/// What goes into the packages besides the programs; `tauri.linux.conf.json` says where it belongs.
const PARTS: &str = "target/package";
const PROGRAMS: &str = "target/release";
const BUNDLES: &str = "target/release/bundle";

/// The command line program and what belongs to it. The bundler sees to the app, its desktop entry and its icons.
const MUST_HOLD: &[&str] = &[
    "usr/bin/leadferry",
    "usr/bin/leadferry-cli",
    "usr/share/applications/Leadferry.desktop",
    "usr/share/icons/hicolor/128x128/apps/leadferry.png",
    "usr/share/man/man1/leadferry-cli.1.gz",
    "usr/share/man/man1/leadferry-cli-replications-run.1.gz",
    "usr/share/bash-completion/completions/leadferry-cli",
    "usr/share/zsh/site-functions/_leadferry-cli",
    "usr/share/fish/vendor_completions.d/leadferry-cli.fish",
    "usr/share/mime/packages/leadferry.xml",
    "usr/share/metainfo/org.leadferry.leadferry.metainfo.xml",
    "usr/share/doc/leadferry/LICENSE-MIT",
    "usr/share/doc/leadferry/LICENSE-APACHE",
];

/// Whether to look into them.
#[derive(clap::Args)]
pub(crate) struct Args {
    /// Unpack the .deb, check its contents, and test the app in it.
    #[arg(long)]
    check: bool,
    /// Install system packages without asking.
    #[arg(long)]
    yes: bool,
}

/// Makes the packages of this system.
pub(crate) fn package(args: &Args) -> Result<()> {
    setup::to_show(args.yes)?;
    shell::run(&mut window::npm(&["run", "build"]))?;
    let mut build = shell::cargo(&["build", "--workspace", "--bins", "--locked", "--release"]);
    shell::run(build.args(window::FEATURES))?;
    papers()?;
    // The packages of an earlier version would be taken for those of this one.
    empty(Path::new(BUNDLES))?;
    shell::run(&mut shell::command(
        "ui/node_modules/.bin/tauri",
        &["bundle"],
    ))?;
    for package in packages()? {
        let size = fs::metadata(&package)?.len();
        println!("{} ({:.1} MB)", package.display(), size as f64 / 1e6);
    }
    if args.check { check(args.yes) } else { Ok(()) }
}

/// Writes the manual pages and the shells' completions.
fn papers() -> Result<()> {
    let program = Path::new(PROGRAMS).join("leadferry-cli");
    let parts = Path::new(PARTS);
    empty(parts)?;
    let pages = parts.join("man1");
    shell::run(shell::command(&program, &["manual"]).arg(&pages))?;
    let mut gzip = shell::command("gzip", &["--best", "--no-name"]);
    shell::run(gzip.args(files(&pages)?))?;
    let completions = parts.join("completions");
    fs::create_dir_all(&completions)?;
    for name in ["bash", "zsh", "fish"] {
        let file = fs::File::create(completions.join(name))?;
        shell::run(shell::command(&program, &["completions", name]).stdout(file))?;
    }
    Ok(())
}

/// Unpacks the .deb as its installation would, and goes the first journey in what it holds.
fn check(yes: bool) -> Result<()> {
    setup::to_drive(yes)?;
    let deb = packages()?
        .into_iter()
        .find(|package| package.extension().is_some_and(|ending| ending == "deb"))
        .context("there is no .deb to look into")?;
    let root = Path::new(PARTS).join("unpacked");
    empty(&root)?;
    let mut unpack = shell::command("dpkg-deb", &["--extract"]);
    shell::run(unpack.arg(deb).arg(&root))?;
    if let Some(missing) = MUST_HOLD.iter().find(|file| !root.join(file).is_file()) {
        bail!("the .deb has no {missing}");
    }
    println!("{} files are where they belong", MUST_HOLD.len());
    let programs = std::path::absolute(root.join("usr/bin"))?;
    let mut journey = window::journey("a_newcomer_sends_her_first_contacts");
    shell::run(journey.env("LEADFERRY_PROGRAMS", programs))
}

fn packages() -> Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    for kind in files(Path::new(BUNDLES))? {
        let packages = files(&kind)?;
        found.extend(packages.into_iter().filter(|path| path.is_file()));
    }
    Ok(found)
}

fn files(folder: &Path) -> Result<Vec<PathBuf>> {
    let entries = fs::read_dir(folder).with_context(|| format!("no {}", folder.display()))?;
    let mut files = entries
        .map(|entry| entry.map(|entry| entry.path()))
        .collect::<std::io::Result<Vec<_>>>()?;
    files.sort();
    Ok(files)
}

fn empty(folder: &Path) -> Result<()> {
    match fs::remove_dir_all(folder) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => Err(error),
        _ => fs::create_dir_all(folder),
    }
    .with_context(|| format!("could not empty {}", folder.display()))
}
