//! Replication beside the floor and beside what users would pick instead, all against the same org.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use anyhow::{Context as _, Result, ensure};
use serde_json::Value;

use crate::figure::Figure;
use crate::floor::{A_REQUEST, Posted};
use crate::org::{Org, file_of};
use crate::process::{self, Taken};
use crate::{people, rows};

const REPLICATION: &str = "Leads";
const IDENTIFIER: &str = "Leadferry_ID__c";
/// Requests in flight: ours and the floor's.
const IN_FLIGHT: usize = 5;
/// What the peers are tried with; the best counts.
const PEERS_IN_FLIGHT: [usize; 3] = [2, 5, 10];
const LATENCY: Duration = Duration::from_millis(250);

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
    /// The Python that has simple-salesforce.
    #[arg(long)]
    python: PathBuf,
    /// Rounds; medians are told.
    #[arg(long, default_value_t = 3)]
    rounds: usize,
}

/// Measures.
///
/// # Errors
/// When a program fails, or does not send what it should.
pub(crate) async fn measure(args: &Args) -> Result<Vec<Figure>> {
    let bench = Bench::prepare(args).await?;
    let (mut ours, mut again, mut changed) = (Vec::new(), Vec::new(), Vec::new());
    let (mut bulk, mut floors) = (Vec::new(), Vec::new());
    let mut peers = [
        Peer::jsforce(args),
        Peer::simple_salesforce(args),
        Peer::aiosalesforce(args),
    ];
    for round in 0..args.rounds {
        let runs = bench.ours(None, Api::Collections).await?;
        ours.push(runs.first);
        again.push(runs.again);
        changed.push(runs.changed);
        bulk.push(bench.ours(None, Api::Bulk).await?.first);
        floors.push(bench.floor(None).await?);
        for peer in &mut peers {
            bench.peer(peer, round).await?;
        }
    }
    let late = bench.ours(Some(LATENCY), Api::Collections).await?.first;
    let (late_floor, _) = bench.floor(Some(LATENCY)).await?;
    let mut figures = bench.figures(&mut ours, &mut again, &mut floors, &mut peers);
    figures.push(changed_figure(&mut changed)?);
    figures.extend(late_figures(&late, &late_floor));
    figures.extend(bulk_figures(&mut bulk, &ours, &floors));
    Ok(figures)
}

/// How our rows are sent.
#[derive(Clone, Copy)]
enum Api {
    Collections,
    Bulk,
}

/// One of our runs.
struct Run {
    taken: Taken,
    calls: u64,
    /// How much the workspace has grown, in bytes.
    grown: u64,
}

/// Our runs over the same contacts, one after the other.
struct Ours {
    first: Run,
    /// With nothing changed.
    again: Run,
    /// With one field changed of every tenth contact.
    changed: Run,
}

struct Bench<'a> {
    args: &'a Args,
    folder: PathBuf,
    ready: PathBuf,
    rows: PathBuf,
    /// Every tenth person with another job title.
    changes: PathBuf,
}

impl<'a> Bench<'a> {
    /// Makes everything ready for a first run, and keeps it to be copied.
    async fn prepare(args: &'a Args) -> Result<Bench<'a>> {
        let folder = args.workspace.with_file_name("replication");
        let _ = fs::remove_dir_all(&folder);
        fs::create_dir_all(&folder)?;
        let bench = Bench {
            args,
            ready: folder.join("ready.leadferry"),
            rows: folder.join("rows.jsonl"),
            changes: folder.join("changes.csv"),
            folder,
        };
        people::write_changes(&args.workspace.with_file_name("people.csv"), &bench.changes)?;
        fs::copy(&args.workspace, &bench.ready)?;
        bench.approve(&bench.ready)?;
        let in_flight = IN_FLIGHT.to_string();
        let set_up: [&[&str]; 3] = [
            &["connections", "add", "Practice", "--flow", "practice"],
            &[
                "replications",
                "add",
                REPLICATION,
                "--object",
                "Lead",
                "--connection",
                "Practice",
                "--default-company",
                "(none)",
                "--in-flight",
                &in_flight,
            ],
            &["replications", "prepare-org", REPLICATION],
        ];
        for command in set_up {
            process::run(bench.cli(&bench.ready).args(command), &[0])?;
        }
        Ok(bench)
    }

    fn program(&self, name: &str) -> PathBuf {
        self.args.programs.join(name)
    }

    fn cli(&self, workspace: &Path) -> Command {
        let mut command = Command::new(self.program("leadferry-cli"));
        command.arg("--json").env("LEADFERRY_WORKSPACE", workspace);
        command
    }

    /// A copy may not send before somebody has approved it.
    fn approve(&self, copy: &Path) -> Result<()> {
        let approve = ["workspace", "approve", "--yes"];
        process::run(self.cli(copy).args(approve), &[0]).map(drop)
    }

    /// Returns a copy of what was prepared, with its org served.
    async fn fresh(&self) -> Result<(PathBuf, Org)> {
        let workspace = self.folder.join("run.leadferry");
        for left in ["run.leadferry-wal", "run.leadferry-shm"] {
            let _ = fs::remove_file(self.folder.join(left));
        }
        fs::copy(&self.ready, &workspace)?;
        let org = file_of(&workspace);
        for ending in ["-wal", "-shm"] {
            let mut left = org.clone().into_os_string();
            left.push(ending);
            let _ = fs::remove_file(left);
        }
        fs::copy(file_of(&self.ready), org)?;
        self.approve(&workspace)?;
        let org = Org::serve(&self.program("leadferry-cli"), &workspace).await?;
        Ok((workspace, org))
    }

    /// Runs our replication, then with nothing changed, then with some changed.
    async fn ours(&self, latency: Option<Duration>, api: Api) -> Result<Ours> {
        let (workspace, org) = self.fresh().await?;
        let api = match api {
            Api::Collections => "collections",
            Api::Bulk => "bulk",
        };
        let set = ["replications", "set", REPLICATION, "--api", api];
        process::run(self.cli(&workspace).args(set), &[0])?;
        if let Some(latency) = latency {
            org.answer_after(latency).await?;
        }
        let first = self.run(&workspace, &org).await?;
        if !self.rows.exists() {
            rows::write(&workspace, &self.rows)?;
        }
        let again = self.run(&workspace, &org).await?;
        let changes = ["contacts", "import", "--create-accounts"];
        process::run(
            self.cli(&workspace).args(changes).arg(&self.changes),
            &[0, 1],
        )?;
        let changed = self.run(&workspace, &org).await?;
        Ok(Ours {
            first,
            again,
            changed,
        })
    }

    async fn run(&self, workspace: &Path, org: &Org) -> Result<Run> {
        let (calls, bytes) = (org.calls().await?, size(workspace)?);
        let mut command = self.cli(workspace);
        let taken = process::run(command.args(["replications", "run", REPLICATION]), &[0, 1])?;
        Ok(Run {
            taken,
            calls: org.calls().await? - calls,
            grown: size(workspace)?.saturating_sub(bytes),
        })
    }

    async fn floor(&self, latency: Option<Duration>) -> Result<(Posted, Taken)> {
        let (_, org) = self.fresh().await?;
        if let Some(latency) = latency {
            org.answer_after(latency).await?;
        }
        let url = format!(
            "{}/services/data/v62.0/composite/sobjects/Lead/{IDENTIFIER}",
            org.address()
        );
        let mut command = Command::new(self.program("leadferry-bench"));
        command.arg("floor").arg(&self.rows);
        command.args([&url, &org.sign_in().await?, &IN_FLIGHT.to_string()]);
        let taken = process::run(&mut command, &[0])?;
        let posted = serde_json::from_str(&taken.output)?;
        Ok((posted, taken))
    }

    /// Runs a peer at one of its concurrencies: all of them first, then the best.
    async fn peer(&self, peer: &mut Peer, round: usize) -> Result<()> {
        let tried: Vec<usize> = if round == 0 {
            PEERS_IN_FLIGHT.to_vec()
        } else {
            vec![peer.best]
        };
        for in_flight in tried {
            let (_, org) = self.fresh().await?;
            let mut command = Command::new(&peer.program);
            command
                .arg(&peer.script)
                .env("ORG_URL", org.address())
                .env("SESSION_ID", org.sign_in().await?)
                .env("ROWS", &self.rows)
                .env("IDENTIFIER", IDENTIFIER)
                .env("IN_FLIGHT", in_flight.to_string());
            let taken = process::run(&mut command, &[0])?;
            let report: Value =
                serde_json::from_str(taken.output.lines().last().unwrap_or_default())?;
            let sent = report["succeeded"].as_u64().context("the peer reports")?;
            ensure!(sent as usize == self.sent()?, "{} sent {sent}", peer.name);
            if round == 0 {
                let best = peer.taken.first().is_none_or(|best| taken.cpu < best.cpu);
                if best {
                    peer.best = in_flight;
                    peer.taken = vec![taken];
                }
            } else {
                peer.taken.push(taken);
            }
        }
        Ok(())
    }

    fn sent(&self) -> Result<usize> {
        Ok(fs::read_to_string(&self.rows)?.lines().count())
    }

    fn figures(
        &self,
        ours: &mut [Run],
        again: &mut [Run],
        floors: &mut [(Posted, Taken)],
        peers: &mut [Peer],
    ) -> Vec<Figure> {
        let rows = floors.first().map_or(1, |(posted, _)| posted.rows) as f64;
        ours.sort_by_key(|run| run.taken.cpu);
        again.sort_by_key(|run| run.taken.wall);
        floors.sort_by(|(a, _), (b, _)| a.cpu_s.total_cmp(&b.cpu_s));
        let run = &ours[ours.len() / 2];
        let (floor, floor_process) = &floors[floors.len() / 2];
        let each = |cpu: f64| cpu / rows * 1e6;
        let ours_cpu = run.taken.cpu.as_secs_f64();
        let told = |taken: &Taken| {
            format!(
                "{:.1} µs a contact; {:.1} s, {:.0} MB",
                each(taken.cpu.as_secs_f64()),
                taken.wall.as_secs_f64(),
                taken.memory as f64 / 1e6
            )
        };
        let mut figures = vec![Figure {
            what: "replication: our CPU / the floor's".to_owned(),
            value: ours_cpu / floor.cpu_s,
            unit: "×",
            at_most: Some(3.0),
            detail: format!(
                "{} against {:.1} µs, {:.1} s, {:.0} MB; {} calls for {rows} contacts",
                told(&run.taken),
                each(floor.cpu_s),
                floor.wall_s,
                floor_process.memory as f64 / 1e6,
                run.calls
            ),
        }];
        let mut cheapest = f64::INFINITY;
        for peer in peers {
            peer.taken.sort_by_key(|taken| taken.cpu);
            let taken = &peer.taken[peer.taken.len() / 2];
            let cpu = taken.cpu.as_secs_f64();
            cheapest = cheapest.min(cpu);
            figures.push(Figure {
                what: format!("replication: our CPU / {}'s", peer.name),
                value: ours_cpu / cpu,
                unit: "×",
                at_most: None,
                detail: format!("{} requests in flight, {}", peer.best, told(taken)),
            });
        }
        figures.push(Figure {
            what: "replication: our CPU / the cheapest peer's".to_owned(),
            value: ours_cpu / cheapest,
            unit: "×",
            at_most: Some(0.75),
            detail: String::new(),
        });
        figures.push(Figure {
            what: "replication: what a sent contact adds to the workspace".to_owned(),
            value: run.grown as f64 / rows,
            unit: "bytes",
            at_most: Some(450.0),
            detail: String::new(),
        });
        figures.push(Figure {
            what: "replication: the most memory".to_owned(),
            value: run.taken.memory as f64 / 1e6,
            unit: "MB",
            at_most: Some(80.0),
            detail: String::new(),
        });
        let second = &again[again.len() / 2];
        figures.push(Figure {
            what: "second run without changes".to_owned(),
            value: second.taken.wall.as_secs_f64(),
            unit: "s",
            at_most: Some(2.0),
            detail: String::new(),
        });
        figures.push(Figure {
            what: "second run without changes: requests".to_owned(),
            value: second.calls as f64,
            unit: "",
            at_most: Some(0.0),
            detail: String::new(),
        });
        figures
    }
}

/// What a contact costs that was changed and goes again.
fn changed_figure(runs: &mut [Run]) -> Result<Figure> {
    runs.sort_by_key(|run| run.taken.cpu);
    let run = &runs[runs.len() / 2];
    let told: Value = serde_json::from_str(&run.taken.output)?;
    let sent = told["updated"]
        .as_u64()
        .context("the run says how many it updated")?;
    Ok(Figure {
        what: "replication: CPU for a changed contact".to_owned(),
        value: run.taken.cpu.as_secs_f64() / sent as f64 * 1e6,
        unit: "µs",
        at_most: Some(40.0),
        detail: format!("{sent} of them, {:.1} s", run.taken.wall.as_secs_f64()),
    })
}

/// Returns how large a workspace is, with what its log holds, in bytes.
fn size(workspace: &Path) -> Result<u64> {
    let mut log = workspace.to_owned().into_os_string();
    log.push("-wal");
    let log = fs::metadata(log).map_or(0, |log| log.len());
    Ok(fs::metadata(workspace)?.len() + log)
}

/// With latency, beside the least that it can take, and what the floor makes of that: the org takes its time, too.
fn late_figures(ours: &Run, floor: &Posted) -> [Figure; 2] {
    let least = |calls: f64| calls * LATENCY.as_secs_f64() / IN_FLIGHT as f64;
    let figure = |who: &str, seconds: f64, calls: f64, at_most| Figure {
        what: format!("{who} with 250 ms a call: time / the least"),
        value: seconds / least(calls),
        unit: "×",
        at_most,
        detail: format!(
            "{seconds:.1} s against {:.1} s: {calls} calls, {IN_FLIGHT} in flight",
            least(calls)
        ),
    };
    let posts = floor.rows.div_ceil(A_REQUEST) as f64;
    [
        figure(
            "replication",
            ours.taken.wall.as_secs_f64(),
            ours.calls as f64,
            Some(1.05),
        ),
        figure("the floor", floor.wall_s, posts, None),
    ]
}

/// What the same rows cost by bulk jobs: beside the floor, which sends them by Collections, and our own runs.
fn bulk_figures(bulk: &mut [Run], ours: &[Run], floors: &[(Posted, Taken)]) -> Vec<Figure> {
    bulk.sort_by_key(|run| run.taken.cpu);
    let (run, collections) = (&bulk[bulk.len() / 2], &ours[ours.len() / 2]);
    let (floor, _) = &floors[floors.len() / 2];
    let cpu = |run: &Run| run.taken.cpu.as_secs_f64();
    let figure = |what: &str, value: f64, unit, at_most, detail| Figure {
        what: format!("replication by Bulk API: {what}"),
        value,
        unit,
        at_most,
        detail,
    };
    vec![
        figure(
            "our CPU / the floor's",
            cpu(run) / floor.cpu_s,
            "×",
            Some(3.0),
            format!(
                "{:.1} µs a contact, {:.1} s",
                cpu(run) / floor.rows as f64 * 1e6,
                run.taken.wall.as_secs_f64()
            ),
        ),
        figure(
            "our CPU / by Collections",
            cpu(run) / cpu(collections),
            "×",
            None,
            String::new(),
        ),
        figure(
            "calls",
            run.calls as f64,
            "",
            None,
            format!("{} by Collections", collections.calls),
        ),
        figure(
            "the most memory",
            run.taken.memory as f64 / 1e6,
            "MB",
            Some(250.0),
            String::new(),
        ),
    ]
}

/// What users would pick instead.
struct Peer {
    name: &'static str,
    program: PathBuf,
    script: PathBuf,
    best: usize,
    taken: Vec<Taken>,
}

impl Peer {
    fn jsforce(args: &Args) -> Peer {
        Peer::new(
            "jsforce",
            "node".into(),
            args.clients.join("jsforce_upsert.mjs"),
        )
    }

    fn simple_salesforce(args: &Args) -> Peer {
        let script = args.clients.join("simple_salesforce_upsert.py");
        Peer::new("simple-salesforce", args.python.clone(), script)
    }

    fn aiosalesforce(args: &Args) -> Peer {
        let script = args.clients.join("aiosalesforce_upsert.py");
        Peer::new("aiosalesforce", args.python.clone(), script)
    }

    fn new(name: &'static str, program: PathBuf, script: PathBuf) -> Peer {
        Peer {
            name,
            program,
            script,
            best: PEERS_IN_FLIGHT[0],
            taken: Vec::new(),
        }
    }
}
