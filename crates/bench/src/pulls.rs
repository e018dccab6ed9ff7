//! Pulling leads by Bulk API 2.0 and by REST, beside jsforce's bulk query into a file and `sqlite3 .import` of that file.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context as _, Result, ensure};
use serde_json::{Value, json};

use crate::figure::Figure;
use crate::org::{Org, file_of};
use crate::process::{self, Taken};

const PULL: &str = "People";
const FIELDS: &str =
    "Id,SystemModstamp,FirstName,LastName,Company,Email,Phone,Title,City,State,PostalCode,Country";
/// A copy may not send before somebody has approved it.
const APPROVE: &[&str] = &["workspace", "approve", "--yes"];
const MOST_MEMORY: f64 = 250.0;

/// What to measure with.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// A workspace of people who have never been sent.
    workspace: PathBuf,
    /// The folder of the built programs.
    #[arg(long)]
    programs: PathBuf,
    /// The folder of the other clients' scripts.
    #[arg(long)]
    clients: PathBuf,
    /// Rounds; medians are told.
    #[arg(long, default_value_t = 3)]
    rounds: usize,
}

/// Measures.
///
/// # Errors
/// When a program fails, or does not read what it should.
pub(crate) async fn measure(args: &Args) -> Result<Vec<Figure>> {
    let bench = Bench::prepare(args)?;
    let (mut bulk, mut rest, mut again) = (Vec::new(), Vec::new(), Vec::new());
    let (mut peer, mut by_hand) = (Vec::new(), Vec::new());
    for _ in 0..args.rounds {
        let (first, second) = bench.pull(Way::Bulk).await?;
        bulk.push(first);
        again.push(second);
        rest.push(bench.pull(Way::Rest).await?.0);
        peer.push(bench.jsforce().await?);
        by_hand.push(bench.import()?);
    }
    let (bulk, rest, again) = (Run::middle(bulk), Run::middle(rest), Run::middle(again));
    let (peer, by_hand) = (middle(peer), middle(by_hand));
    let cheapest = peer.cpu + by_hand.cpu;
    let mut figures = Vec::new();
    for (way, run) in [("Bulk API", &bulk), ("REST", &rest)] {
        figures.push(Figure {
            what: format!("pull by {way}: our CPU / jsforce's and .import's"),
            value: run.taken.cpu.as_secs_f64() / cheapest.as_secs_f64(),
            unit: "×",
            at_most: None,
            detail: format!(
                "{:.1} µs a lead, {:.1} s; {:.1} s, {} calls",
                run.taken.cpu.as_secs_f64() / run.read as f64 * 1e6,
                run.taken.wall.as_secs_f64(),
                (peer.wall + by_hand.wall).as_secs_f64(),
                run.calls
            ),
        });
        figures.push(Figure {
            what: format!("pull by {way}: the most memory"),
            value: run.taken.memory as f64 / 1e6,
            unit: "MB",
            at_most: Some(MOST_MEMORY),
            detail: format!("jsforce {:.0} MB", peer.memory as f64 / 1e6),
        });
    }
    figures.push(Figure {
        what: "pull without changes: calls an object".to_owned(),
        value: again.calls as f64,
        unit: "",
        at_most: Some(1.0),
        detail: format!(
            "{:.2} s, {} changed",
            again.taken.wall.as_secs_f64(),
            again.changed
        ),
    });
    Ok(figures)
}

/// How leads are read.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Way {
    Bulk,
    Rest,
}

/// One run of the pull.
struct Run {
    taken: Taken,
    read: u64,
    changed: u64,
    calls: u64,
}

impl Run {
    fn middle(mut runs: Vec<Run>) -> Run {
        runs.sort_by_key(|run| run.taken.cpu);
        let at = runs.len() / 2;
        runs.swap_remove(at)
    }
}

fn middle(mut taken: Vec<Taken>) -> Taken {
    taken.sort_by_key(|one| one.cpu);
    let at = taken.len() / 2;
    taken.swap_remove(at)
}

struct Bench<'a> {
    args: &'a Args,
    folder: PathBuf,
    /// An empty workspace beside an org that has all the leads.
    ready: PathBuf,
    csv: PathBuf,
}

impl<'a> Bench<'a> {
    /// Sends everybody to the org once, and keeps that org beside an empty workspace.
    fn prepare(args: &'a Args) -> Result<Bench<'a>> {
        let folder = args.workspace.with_file_name("pulls");
        let _ = fs::remove_dir_all(&folder);
        fs::create_dir_all(&folder)?;
        let bench = Bench {
            args,
            ready: folder.join("ready.leadferry"),
            csv: folder.join("leads.csv"),
            folder,
        };
        let sender = bench.folder.join("sender.leadferry");
        fs::copy(&args.workspace, &sender)?;
        let set_up: [&[&str]; 5] = [
            APPROVE,
            &["connections", "add", "Practice", "--flow", "practice"],
            &[
                "replications",
                "add",
                "Leads",
                "--object",
                "Lead",
                "--connection",
                "Practice",
                "--default-company",
                "(none)",
            ],
            &["replications", "prepare-org", "Leads"],
            &["replications", "run", "Leads"],
        ];
        for command in set_up {
            process::run(bench.cli(&sender).args(command), &[0, 1])?;
        }
        process::run(bench.cli(&bench.ready).args(["workspace", "init"]), &[0])?;
        fs::copy(file_of(&sender), file_of(&bench.ready))?;
        for command in [
            &["connections", "add", "Practice", "--flow", "practice"][..],
            &["pulls", "add", PULL, "--object", "Lead", "--field", FIELDS],
        ] {
            process::run(bench.cli(&bench.ready).args(command), &[0])?;
        }
        Ok(bench)
    }

    fn cli(&self, workspace: &Path) -> Command {
        let mut command = Command::new(self.args.programs.join("leadferry-cli"));
        command.arg("--json").env("LEADFERRY_WORKSPACE", workspace);
        command
    }

    async fn serve(&self) -> Result<(PathBuf, Org)> {
        let workspace = self.folder.join("run.leadferry");
        let org = file_of(&workspace);
        for file in [&workspace, &org] {
            for ending in ["-wal", "-shm"] {
                let mut left = file.clone().into_os_string();
                left.push(ending);
                let _ = fs::remove_file(left);
            }
        }
        fs::copy(&self.ready, &workspace)?;
        fs::copy(file_of(&self.ready), org)?;
        process::run(self.cli(&workspace).args(APPROVE), &[0])?;
        let program = self.args.programs.join("leadferry-cli");
        let org = Org::serve(&program, &workspace).await?;
        Ok((workspace, org))
    }

    /// Reads all leads, and then once more with nothing changed.
    async fn pull(&self, way: Way) -> Result<(Run, Run)> {
        let (workspace, org) = self.serve().await?;
        if way == Way::Rest {
            org.fault(&json!({
                "name": "refuse_request", "code": "API_DISABLED_FOR_ORG", "values": ["FROM Lead"], "times": 50,
                "match": { "path": "/jobs/query" },
            }))
            .await?;
        }
        Ok((self.run(&workspace)?, self.run(&workspace)?))
    }

    fn run(&self, workspace: &Path) -> Result<Run> {
        let taken = process::run(self.cli(workspace).args(["pulls", "run", PULL]), &[0])?;
        let told: Value = serde_json::from_str(&taken.output)?;
        let number = |name: &str| told["objects"][0][name].as_u64();
        Ok(Run {
            read: number("read").context("the run says what it read")?,
            changed: number("changed").context("the run says what changed")?,
            calls: told["calls"].as_u64().context("the run counts its calls")?,
            taken,
        })
    }

    async fn jsforce(&self) -> Result<Taken> {
        let (_, org) = self.serve().await?;
        let mut command = Command::new("node");
        command
            .arg(self.args.clients.join("jsforce_query.mjs"))
            .env("ORG_URL", org.address())
            .env("SESSION_ID", org.sign_in().await?)
            .env("SOQL", format!("SELECT {FIELDS} FROM Lead"))
            .env("OUT", &self.csv);
        process::run(&mut command, &[0])
    }

    /// Imports what jsforce has written, with the two indexes that a mirror has.
    fn import(&self) -> Result<Taken> {
        let database = self.folder.join("by-hand.sqlite");
        let _ = fs::remove_file(&database);
        let script = self.folder.join("script.sql");
        fs::write(
            &script,
            format!(
                "CREATE TABLE leads ({FIELDS});\n.import --csv --skip 1 '{}' leads\n\
                 CREATE UNIQUE INDEX by_id ON leads (Id);\nSELECT count(*) FROM leads;\n",
                self.csv.display()
            ),
        )?;
        let read = format!(".read '{}'", script.display());
        let taken = process::run(
            Command::new("sqlite3").arg("-bail").arg(database).arg(read),
            &[0],
        )?;
        let rows: u64 = taken.output.trim().parse()?;
        ensure!(rows > 0, "jsforce read no leads");
        Ok(taken)
    }
}
