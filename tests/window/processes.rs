//! The app's own process, to be killed as a power cut would.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

/// Kills every process of a program that was started with a variable, and waits until they are gone.
pub(crate) fn kill(program: &Path, variable: &str) {
    let own = processes(program, variable);
    assert!(!own.is_empty(), "the app does not run");
    for id in &own {
        assert!(
            Command::new("kill")
                .args(["-KILL", id])
                .status()
                .unwrap()
                .success()
        );
    }
    let began = Instant::now();
    while !processes(program, variable).is_empty() {
        assert!(
            began.elapsed() < Duration::from_secs(10),
            "it cannot be killed"
        );
        std::thread::sleep(Duration::from_millis(20));
    }
}

/// What a process has of the machine's memory, in bytes.
pub(crate) struct Memory {
    /// The most that it ever had.
    pub(crate) most: u64,
    /// What it has of files, above all the code of shared libraries.
    pub(crate) of_files: u64,
}

/// Returns the memory of the largest process of this name among those that were started with a variable.
pub(crate) fn memory(name: &str, variable: &str) -> Memory {
    let is_named = |folder: &PathBuf| {
        // The system cuts names after 15 letters.
        fs::read_to_string(folder.join("comm"))
            .is_ok_and(|comm| !comm.is_empty() && name.starts_with(comm.trim()))
    };
    let found = started_with(variable).filter(is_named);
    let memories = found.filter_map(|folder| {
        let status = fs::read_to_string(folder.join("status")).ok()?;
        let bytes = |key: &str| {
            let line = status.lines().find(|line| line.starts_with(key))?;
            Some(line.split_whitespace().nth(1)?.parse::<u64>().ok()? * 1024)
        };
        Some(Memory {
            most: bytes("VmHWM:")?,
            of_files: bytes("RssFile:")?,
        })
    });
    let largest = memories.max_by_key(|memory| memory.most);
    largest.expect("such a process runs")
}

fn processes(program: &Path, variable: &str) -> Vec<String> {
    let of_program =
        |folder: &PathBuf| fs::read_link(folder.join("exe")).is_ok_and(|exe| exe == program);
    let ids = started_with(variable).filter(of_program);
    ids.filter_map(|folder| folder.file_name()?.to_str().map(str::to_owned))
        .collect()
}

/// Returns where the system tells about each process that was started with a variable.
fn started_with(variable: &str) -> impl Iterator<Item = PathBuf> {
    let all = fs::read_dir("/proc").unwrap().filter_map(Result::ok);
    let folders = all.map(|entry| entry.path()).filter(|folder| {
        let id = folder.file_name().unwrap_or_default();
        id.as_encoded_bytes().iter().all(u8::is_ascii_digit)
    });
    folders.filter(move |folder| {
        fs::read(folder.join("environ")).is_ok_and(|variables| {
            let mut variables = variables.split(|byte| *byte == 0);
            variables.any(|found| found == variable.as_bytes())
        })
    })
}
