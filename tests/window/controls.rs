//! Keeps which controls the journeys saw and used, for `cargo xtask controls`.

use std::fs::{self, File};
use std::io::Write as _;
use std::path::Path;

use serde_json::{Value, json};

use crate::driver::Driver;

const RECORDING: &str = include_str!("../../ui/src/testing/recording.js");

/// Records from now on what is seen and used on the page.
pub(crate) fn record(driver: &Driver) {
    driver.script(RECORDING, &json!([])).unwrap();
}

/// Keeps what was recorded. Nothing is lost but the list where the window is gone already.
pub(crate) fn keep(driver: &Driver) {
    let taken = driver.script("return window.recordedControls?.() ?? null", &json!([]));
    let Ok(recorded @ Value::Object(_)) = taken else {
        return;
    };
    let tests = std::env::current_exe().unwrap();
    // This program lies in `debug/deps` of the target folder.
    let folder = tests
        .ancestors()
        .nth(3)
        .map(|target| target.join("controls"));
    let folder = folder.as_deref().unwrap_or(Path::new("controls"));
    fs::create_dir_all(folder).unwrap();
    let file = folder.join(format!("window-{}.jsonl", std::process::id()));
    let mut file = File::options()
        .create(true)
        .append(true)
        .open(file)
        .unwrap();
    // In one piece: other journeys write there at the same time.
    file.write_all(format!("{recorded}\n").as_bytes()).unwrap();
}
