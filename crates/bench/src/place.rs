//! A folder with a workspace and with the same by hand: what is done to both, and how the times are compared.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result};

use crate::figure::Figure;
use crate::process::{self, Taken};

/// Where it is done.
pub(crate) struct Place {
    folder: PathBuf,
    programs: PathBuf,
    /// Our workspace.
    pub(crate) workspace: PathBuf,
}

impl Place {
    /// Returns the place in a folder; nothing is made.
    pub(crate) fn new(folder: &Path, programs: &Path) -> Place {
        Place {
            folder: folder.to_owned(),
            programs: programs.to_owned(),
            workspace: folder.join("people.leadferry"),
        }
    }

    pub(crate) fn start_anew(&self) -> Result<()> {
        for ending in ["", "-wal", "-shm"] {
            let mut left = self.workspace.clone().into_os_string();
            left.push(ending);
            let _ = fs::remove_file(left);
        }
        self.cli(&["workspace", "init"]).map(drop)
    }

    pub(crate) fn copy_to(&self, copy: &Path) -> Result<()> {
        let _ = fs::remove_file(copy);
        let to = copy.display().to_string();
        self.cli(&["workspace", "backup", &to]).map(drop)
    }

    pub(crate) fn cli(&self, args: &[&str]) -> Result<Taken> {
        let mut command = Command::new(self.programs.join("leadferry-cli"));
        command
            .args(args)
            .env("LEADFERRY_WORKSPACE", &self.workspace)
            .env("LEADFERRY_DATA_DIR", self.folder.join("data"))
            .env("LEADFERRY_KEYCHAIN", "off");
        process::run(&mut command, &[0])
    }

    /// Runs a script by hand.
    pub(crate) fn sqlite(&self, database: &Path, script: &str) -> Result<Taken> {
        let file = self.folder.join("script.sql");
        fs::write(&file, script)?;
        let read = format!(".read '{}'", file.display());
        let mut command = Command::new("sqlite3");
        process::run(command.args(["-bail"]).arg(database).arg(read), &[0])
    }

    /// Runs one query by hand, and returns how long it took without the program's start, and what it printed.
    pub(crate) fn timed(
        &self,
        rounds: usize,
        database: &Path,
        query: &str,
    ) -> Result<(Duration, String)> {
        let mut best: Option<(Duration, String)> = None;
        for _ in 0..rounds {
            let taken = self.sqlite(database, &format!(".timer on\n{query}\n"))?;
            let (printed, time) = taken
                .output
                .rsplit_once("Run Time: real ")
                .context("sqlite3 told no time")?;
            let seconds: f64 = time.split(' ').next().unwrap_or_default().parse()?;
            let time = Duration::from_secs_f64(seconds);
            if best.as_ref().is_none_or(|(best, _)| time < *best) {
                best = Some((time, printed.to_owned()));
            }
        }
        best.context("no round")
    }
}

/// Returns the middle one of some times, after one that does not count, and what came of the last.
///
/// # Errors
/// What `f` returns.
pub(crate) fn median<T>(rounds: usize, mut f: impl FnMut() -> Result<T>) -> Result<(Duration, T)> {
    let mut times = Vec::new();
    let mut last = f()?;
    for _ in 0..rounds {
        let begun = Instant::now();
        last = f()?;
        times.push(begun.elapsed());
    }
    times.sort_unstable();
    Ok((times[times.len() / 2], last))
}

pub(crate) fn walls(taken: &[Taken]) -> Vec<Duration> {
    let mut walls: Vec<Duration> = taken.iter().map(|taken| taken.wall).collect();
    walls.sort_unstable();
    walls
}

/// The ratio of the medians of sorted times.
pub(crate) fn ratio(what: &str, ours: &[Duration], by_hand: &[Duration], at_most: f64) -> Figure {
    let middle = |times: &[Duration]| times[times.len() / 2].as_secs_f64();
    Figure {
        what: format!("{what} / the same by hand in sqlite3"),
        value: middle(ours) / middle(by_hand),
        unit: "×",
        at_most: Some(at_most),
        detail: format!("{:.3} s and {:.3} s", middle(ours), middle(by_hand)),
    }
}
