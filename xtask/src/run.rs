//! `cargo xtask run`: the main job, in the window, or told as a story, each step by the command that a user would type.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context, Result, bail};

use crate::{setup, shell, window};

const FOLDER: &str = "target/try";
const WORKSPACE: &str = "target/try/sample.leadferry";
const REPLICATION: &str = "Leads from good contacts";

/// In the window or in the terminal, and with which workspace.
#[derive(clap::Args)]
pub(crate) struct Args {
    /// Run as a story of commands instead of opening the app.
    #[arg(long)]
    terminal: bool,
    /// Start over and remove what an earlier run left in target/try. This is the default.
    #[arg(long, conflicts_with_all = ["keep", "workspace"])]
    fresh: bool,
    /// Continue with the last workspace: only plan, match and run again.
    #[arg(long)]
    keep: bool,
    /// Use this workspace file. It must not exist yet, unless you add --keep.
    #[arg(long, value_name = "FILE")]
    workspace: Option<PathBuf>,
    /// Install system packages without asking.
    #[arg(long)]
    yes: bool,
}

/// Opens the window, or tells the story.
pub(crate) fn run(args: &Args) -> Result<()> {
    if args.terminal || args.keep || args.workspace.is_some() {
        return tell(args);
    }
    setup::to_show(args.yes)?;
    shell::run(&mut window::npm(&["run", "build"]))?;
    let mut build = shell::cargo(&["build", "--workspace", "--bins", "--locked"]);
    build.args(window::FEATURES);
    if window::has_display() {
        shell::run(&mut build)?;
        return open();
    }
    // With the journey itself, so that the libraries are not built for the two of them apart.
    shell::run(build.arg("--tests"))?;
    open_unseen(args.yes)
}

/// Goes the main job in a window that nobody sees, and says where its pictures are.
fn open_unseen(yes: bool) -> Result<()> {
    println!("There's no display, so the app runs off-screen.");
    setup::to_drive(yes)?;
    let pictures = std::path::absolute(FOLDER)?.join("screenshots");
    let mut journey = window::journey("a_newcomer_sends_her_first_contacts");
    shell::run(journey.env("LEADFERRY_SCREENSHOTS", &pictures))?;
    println!("Screenshots of each step: {}", pictures.display());
    println!("To see the same as commands: cargo xtask run --terminal");
    Ok(())
}

/// Opens the app with a home of its own, so that trying it leaves nothing behind in the user's.
fn open() -> Result<()> {
    let data = std::path::absolute(FOLDER)?.join("data");
    fs::create_dir_all(&data).with_context(|| format!("could not make {}", data.display()))?;
    let mut app = shell::command("target/debug/leadferry", &[]);
    shell::run(app.env("LEADFERRY_DATA_DIR", data))
}

/// Tells the story.
fn tell(args: &Args) -> Result<()> {
    setup::to_build(args.yes)?;
    let program = shell::build_binary("leadferry-cli")?;
    let story = Story {
        workspace: workspace(args)?,
        program,
    };
    story.tell_how_to_repeat();
    if !args.keep {
        story.prepare()?;
    }
    story.replicate()?;
    story.repeat()?;
    story.say_where_to_look();
    Ok(())
}

/// Returns the workspace to use, with the place for it made ready.
fn workspace(args: &Args) -> Result<PathBuf> {
    let file = args.workspace.clone().unwrap_or_else(|| WORKSPACE.into());
    if args.keep {
        if !file.exists() {
            bail!("there's no {} to continue with", file.display());
        }
        return Ok(file);
    }
    if args.workspace.is_some() {
        fs::create_dir_all(FOLDER).with_context(|| format!("could not make {FOLDER}"))?;
        if file.exists() {
            bail!(
                "{} already exists. To continue with it, add --keep",
                file.display()
            );
        }
        return Ok(file);
    }
    match fs::remove_dir_all(FOLDER) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => Err(error),
        _ => fs::create_dir_all(FOLDER),
    }
    .with_context(|| format!("could not empty {FOLDER}"))?;
    Ok(file)
}

struct Story {
    program: PathBuf,
    workspace: PathBuf,
}

impl Story {
    fn tell_how_to_repeat(&self) {
        let folder = self.program.parent().unwrap_or(Path::new("."));
        println!("\nTo run the commands below yourself, first run:");
        println!("$ export PATH={}:$PATH", folder.display());
        println!("$ export LEADFERRY_WORKSPACE={}", self.workspace.display());
    }

    fn prepare(&self) -> Result<()> {
        self.step(
            "Create a workspace, one file on your computer",
            &["workspace", "init"],
        )?;
        self.step(
            "Import the sample contacts (three rows are invalid on purpose)",
            &[
                "contacts",
                "import",
                "samples/contacts.csv",
                "--key",
                "email",
                "--create-custom-fields",
                "--create-accounts",
                "--errors-file",
                "target/try/contacts-errors.csv",
            ],
        )?;
        self.step(
            "Add a score",
            &[
                "scores",
                "add",
                "Engagement",
                "--rules",
                "samples/score-rules.json",
            ],
        )?;
        self.step("Calculate the points", &["scores", "recalculate"])?;
        self.step(
            "Connect to the practice org, which already has some of these people",
            &["connections", "add", "Practice", "--flow", "practice"],
        )?;
        self.step(
            "Add a replication",
            &[
                "replications",
                "add",
                REPLICATION,
                "--object",
                "Lead",
                "--connection",
                "Practice",
                "--score",
                "Engagement",
                "--minimum",
                "40",
                "--default-company",
                "(no company)",
            ],
        )?;
        self.step(
            "Create the identifier field in the org",
            &["replications", "prepare-org", REPLICATION],
        )
    }

    fn replicate(&self) -> Result<()> {
        self.step("Plan a run", &["replications", "plan", REPLICATION])?;
        self.step(
            "Match contacts with the org",
            &["replications", "match", REPLICATION],
        )?;
        self.step("Run", &["replications", "run", REPLICATION])?;
        self.step(
            "List the links between contacts and records",
            &["links", "list", "--limit", "5"],
        )
    }

    /// Runs once more and makes sure that the org was asked for nothing.
    fn repeat(&self) -> Result<()> {
        let mut command = self.command(&["--json", "replications", "run", REPLICATION]);
        self.headline("Run again", &command);
        let output = command
            .stderr(Stdio::inherit())
            .output()
            .context("could not start leadferry-cli")?;
        let text = String::from_utf8_lossy(&output.stdout);
        print!("{text}");
        accept(&command, output.status)?;
        let counts: serde_json::Value =
            serde_json::from_str(&text).context("the second run did not print one JSON object")?;
        match counts["calls"].as_u64() {
            Some(0) => println!("The second run made 0 requests because nothing had changed."),
            Some(calls) => bail!("the second run made {calls} requests, where nothing had changed"),
            None => bail!("the second run did not say how many requests it made"),
        }
        Ok(())
    }

    fn say_where_to_look(&self) {
        println!("\n-- Next steps --");
        println!("The workspace:                {}", self.workspace.display());
        println!("Contacts that weren't sent:    leadferry-cli queue list");
        println!(
            "Results of the runs:          leadferry-cli runs list, leadferry-cli runs show RUN"
        );
        println!("Field mapping:                leadferry-cli mappings show '{REPLICATION}'");
        println!("The org for other clients:    leadferry-cli practice-org serve");
        println!(
            "Everything else:              leadferry-cli --help, README.md, docs/architecture.md"
        );
    }

    fn step(&self, headline: &str, args: &[&str]) -> Result<()> {
        let mut command = self.command(args);
        self.headline(headline, &command);
        let status = command.status().context("could not start leadferry-cli")?;
        accept(&command, status)
    }

    fn headline(&self, headline: &str, command: &Command) {
        println!("\n-- {headline} --");
        println!("$ {}", shell::show_without_variables(command));
    }

    fn command(&self, args: &[&str]) -> Command {
        let mut command = shell::command(&self.program, args);
        command.env("LEADFERRY_WORKSPACE", &self.workspace);
        command
    }
}

/// Accepts exit code 0 (all well) and 1 (some contacts need a look, which the sample intends).
fn accept(command: &Command, status: std::process::ExitStatus) -> Result<()> {
    match status.code() {
        Some(0 | 1) => Ok(()),
        _ => bail!("this command failed ({status}): {}", shell::show(command)),
    }
}
