//! The app's own process, to be killed as a power cut would.

use std::fs;
use std::path::Path;
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

fn processes(program: &Path, variable: &str) -> Vec<String> {
    let all = fs::read_dir("/proc").unwrap().filter_map(Result::ok);
    let ids = all.filter_map(|entry| entry.file_name().into_string().ok());
    let own = |id: &String| {
        let folder = Path::new("/proc").join(id);
        fs::read_link(folder.join("exe")).is_ok_and(|exe| exe == program)
            && fs::read(folder.join("environ")).is_ok_and(|variables| {
                variables
                    .split(|byte| *byte == 0)
                    .any(|found| found == variable.as_bytes())
            })
    };
    ids.filter(|id| id.bytes().all(|byte| byte.is_ascii_digit()))
        .filter(own)
        .collect()
}
