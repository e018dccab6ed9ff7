//! `cargo xtask bench`: what Leadferry's speed and memory are, beside its goals.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context, Result, bail};
use serde_json::{Value, json};

use crate::{clients, setup, shell, window};

const FOLDER: &str = "target/bench";
const PROGRAMS: &str = "target/release";
const RULES: &str = "crates/bench/score-rules.json";

/// What to measure.
#[derive(clap::Args)]
pub(crate) struct Args {
    /// Number of contacts.
    #[arg(long, default_value_t = 100_000)]
    contacts: u64,
    /// Measure only this part.
    #[arg(long)]
    only: Option<Part>,
    /// Rounds of each comparison. Medians are shown.
    #[arg(long, default_value_t = 3)]
    rounds: usize,
    /// Install system packages without asking.
    #[arg(long)]
    yes: bool,
}

#[derive(Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum Part {
    /// Pages, searches and counts of lists, as the window asks for them.
    Lists,
    /// Import, score and selection, beside the same by hand in `sqlite3`.
    ByHand,
    /// Scores and segments over ten activities a contact, beside the same by hand.
    Segments,
    /// Replication, beside the floor, jsforce and simple-salesforce.
    Replication,
    /// Pulls by Bulk API and REST, beside jsforce's bulk query and `sqlite3 .import`.
    Pulls,
    /// The window itself: its first list, scrolling through all of it, searching.
    Window,
}

/// Measures, prints a table and keeps the figures as JSON.
pub(crate) fn bench(args: &Args) -> Result<()> {
    let wants = |part| args.only.is_none_or(|only| only == part);
    setup::to_show(args.yes)?;
    shell::run(&mut window::npm(&["run", "build"]))?;
    let mut build = shell::cargo(&["build", "--workspace", "--bins", "--locked", "--release"]);
    shell::run(build.args(window::FEATURES))?;
    let bench = Bench::prepare(args.contacts)?;
    let mut figures = Vec::new();
    if wants(Part::Lists) {
        figures.extend(bench.lists()?);
    }
    if wants(Part::ByHand) {
        setup::to_compare(args.yes)?;
        figures.extend(bench.by_hand(args.rounds)?);
    }
    if wants(Part::Segments) {
        setup::to_compare(args.yes)?;
        figures.extend(bench.segments(args.rounds)?);
    }
    if wants(Part::Replication) {
        clients::install()?;
        figures.extend(bench.replication(args.rounds)?);
    }
    if wants(Part::Pulls) {
        setup::to_compare(args.yes)?;
        clients::install()?;
        figures.extend(bench.pulls(args.rounds)?);
    }
    if wants(Part::Window) {
        setup::to_drive(args.yes)?;
        figures.extend(bench.window()?);
    }
    bench.keep(&figures)?;
    println!("\n{}", table(&figures));
    Ok(())
}

struct Bench {
    contacts: u64,
    folder: PathBuf,
    workspace: PathBuf,
}

impl Bench {
    /// Makes the workspace, or takes the one that an earlier run has made.
    fn prepare(contacts: u64) -> Result<Bench> {
        let folder = std::path::absolute(FOLDER)?.join(contacts.to_string());
        fs::create_dir_all(&folder).with_context(|| format!("no {}", folder.display()))?;
        let bench = Bench {
            contacts,
            workspace: folder.join("people.leadferry"),
            folder,
        };
        let ready = bench.folder.join("ready");
        if ready.exists() {
            println!("the workspace is in place");
            return Ok(bench);
        }
        for left in [&bench.workspace, &bench.folder.join("people.csv")] {
            let _ = fs::remove_file(left);
        }
        bench.make()?;
        fs::write(ready, "")?;
        Ok(bench)
    }

    fn make(&self) -> Result<()> {
        let people = self.folder.join("people.csv");
        let count = self.contacts.to_string();
        let mut write = shell::command(
            program("leadferry-bench"),
            &["people", "--contacts", &count],
        );
        shell::run(write.arg(&people))?;
        self.cli(&["workspace", "init"])?;
        let people = people.display().to_string();
        self.cli(&["contacts", "import", &people, "--create-accounts"])?;
        self.cli(&["scores", "add", "Engagement", "--rules", RULES])?;
        self.cli(&["scores", "recalculate"])
    }

    fn cli(&self, args: &[&str]) -> Result<()> {
        let mut command = shell::command(program("leadferry-cli"), args);
        shell::run(command.envs(self.variables()))
    }

    fn variables(&self) -> [(&'static str, PathBuf); 3] {
        [
            ("LEADFERRY_WORKSPACE", self.workspace.clone()),
            ("LEADFERRY_DATA_DIR", self.folder.join("data")),
            ("LEADFERRY_KEYCHAIN", "off".into()),
        ]
    }

    fn lists(&self) -> Result<Vec<Value>> {
        let mut command = shell::command(program("leadferry-bench"), &["lists"]);
        command.arg(&self.workspace).envs(self.variables());
        read(&mut command)
    }

    fn by_hand(&self, rounds: usize) -> Result<Vec<Value>> {
        let mut command = shell::command(program("leadferry-bench"), &["by-hand"]);
        command
            .arg(self.folder.join("by-hand"))
            .arg("--people")
            .arg(self.folder.join("people.csv"))
            .args(["--programs", PROGRAMS, "--rules", RULES])
            .args(["--rounds", &rounds.to_string()]);
        read(&mut command)
    }

    fn segments(&self, rounds: usize) -> Result<Vec<Value>> {
        let mut command = shell::command(program("leadferry-bench"), &["segments"]);
        command
            .arg(self.folder.join("segments"))
            .arg("--people")
            .arg(self.folder.join("people.csv"))
            .args(["--programs", PROGRAMS])
            .args(["--rounds", &rounds.to_string()]);
        read(&mut command)
    }

    fn replication(&self, rounds: usize) -> Result<Vec<Value>> {
        let mut command = shell::command(program("leadferry-bench"), &["replication"]);
        command
            .arg(&self.workspace)
            .args(["--programs", PROGRAMS, "--clients", clients::FOLDER])
            .args(["--rounds", &rounds.to_string()])
            .arg("--python")
            .arg(clients::python())
            .envs(self.variables());
        read(&mut command)
    }

    fn pulls(&self, rounds: usize) -> Result<Vec<Value>> {
        let mut command = shell::command(program("leadferry-bench"), &["pulls"]);
        command
            .arg(&self.workspace)
            .args(["--programs", PROGRAMS, "--clients", clients::FOLDER])
            .args(["--rounds", &rounds.to_string()])
            .envs(self.variables());
        read(&mut command)
    }

    fn window(&self) -> Result<Vec<Value>> {
        let file = self.folder.join("window.json");
        let mut journey = window::journey("a_list_draws_few_rows_however_long_it_is");
        journey
            .env("LEADFERRY_PROGRAMS", std::path::absolute(PROGRAMS)?)
            .env("LEADFERRY_BENCH_WORKSPACE", &self.workspace)
            .env("LEADFERRY_BENCH_FIGURES", &file);
        shell::run(&mut journey)?;
        Ok(serde_json::from_slice(&fs::read(file)?)?)
    }

    fn keep(&self, figures: &[Value]) -> Result<()> {
        let file = self.folder.join("figures.json");
        let kept = json!({ "contacts": self.contacts, "figures": figures });
        fs::write(&file, serde_json::to_vec_pretty(&kept)?)?;
        println!("\nThe figures are kept in {}", file.display());
        Ok(())
    }
}

fn program(name: &str) -> PathBuf {
    Path::new(PROGRAMS).join(name)
}

/// Runs a measurement and reads its figures.
fn read(command: &mut Command) -> Result<Vec<Value>> {
    println!("$ {}", shell::show(command));
    let output = command.stderr(Stdio::inherit()).output()?;
    if !output.status.success() {
        bail!("this measurement failed: {}", shell::show(command));
    }
    Ok(serde_json::from_slice(&output.stdout)?)
}

/// Returns the figures as people read them; what misses its goal is marked.
fn table(figures: &[Value]) -> String {
    let lines = figures.iter().map(|figure| {
        let text = |key: &str| figure[key].as_str().unwrap_or_default();
        let value = figure["value"].as_f64().unwrap_or_default();
        let at_most = figure["at_most"].as_f64();
        let goal = at_most.map_or(String::new(), |most| format!("{most} {}", text("unit")));
        let missed = if at_most.is_some_and(|most| value > most) {
            "MISSED"
        } else {
            ""
        };
        format!(
            "{:>10.2} {:<3} {:>9} {:<6}  {} ({})\n",
            value,
            text("unit"),
            goal,
            missed,
            text("what"),
            text("detail")
        )
    });
    let head = format!("{:>14} {:>9}\n", "measured", "at most");
    [head].into_iter().chain(lines).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_figure_that_misses_its_goal_is_marked() {
        let figure = |value: f64| json!({ "what": "pages", "value": value, "unit": "ms", "at_most": 50.0, "detail": "of 3" });
        let table = table(&[figure(49.9), figure(50.1)]);
        let lines: Vec<_> = table.lines().collect();
        assert!(!lines[1].contains("MISSED"), "{table}");
        assert!(
            lines[2].contains("MISSED") && lines[2].contains("50.10"),
            "{table}"
        );
    }
}
