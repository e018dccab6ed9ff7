//! Clients written by others, each driven by a script in `tests/clients`.

use std::path::PathBuf;

use serde_json::Value;
use tokio::process::Command;

/// Runs a script with the clients from npm at hand and returns what it reports.
pub(crate) async fn node(script: &str, settings: &[(&str, &str)]) -> Value {
    let installed = top().join("tests/clients/node_modules/nforce");
    assert!(
        installed.is_dir(),
        "the clients from npm are not installed: run `cargo xtask setup`"
    );
    run(Command::new("node"), script, settings).await
}

/// Runs a script with the clients for Python at hand and returns what it reports.
pub(crate) async fn python(script: &str, settings: &[(&str, &str)]) -> Value {
    let python = top().join(if cfg!(windows) {
        "target/clients/venv/Scripts/python.exe"
    } else {
        "target/clients/venv/bin/python"
    });
    assert!(
        python.is_file(),
        "the clients for Python are not installed: run `cargo xtask setup`"
    );
    run(Command::new(python), script, settings).await
}

/// Runs a script with its settings in the environment.
///
/// The script checks what it sees by itself; here it must succeed, and its last line is its report, one JSON value.
async fn run(mut program: Command, script: &str, settings: &[(&str, &str)]) -> Value {
    let output = program
        .arg(top().join("tests/clients").join(script))
        .envs(settings.iter().copied())
        .env("NO_PROXY", "*")
        .kill_on_drop(true)
        .output()
        .await
        .unwrap();
    let report = String::from_utf8_lossy(&output.stdout);
    let complaint = String::from_utf8_lossy(&output.stderr);
    assert!(
        output.status.success(),
        "{script} failed: {report}\n{complaint}"
    );
    serde_json::from_str(report.lines().last().unwrap_or_default()).unwrap()
}

fn top() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}
