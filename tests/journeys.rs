//! Whole journeys through the product, one module each.
//!
//! `cargo xtask setup` installs what they need besides Rust.
#![expect(
    clippy::unwrap_used,
    reason = "a journey that cannot go on fails right where it stands"
)]

mod api_calls;
mod assertions;
mod bad_answers;
mod bad_input;
mod bad_workspaces;
mod bulk_values;
mod causes;
mod connections;
mod damage;
mod erasing;
mod exit_codes;
#[cfg(unix)]
mod exporting;
mod faults;
mod first_runs;
mod gifts;
mod independent_clients;
mod kills;
mod linking;
mod main_job;
mod mixed_faults;
#[cfg(unix)]
mod odd_files;
mod opt_outs;
#[cfg(unix)]
mod private_files;
mod races;
mod random_kills;
mod reconciling;
mod salvaging;
mod sample_people;
mod segments;
mod small_disk;
mod support;
mod switches;
mod templates;
mod torn_files;
mod two_processes;
mod undoing;

use std::fs;
use std::path::Path;

/// A file in `tests/` that no module names would never run, and nobody would notice.
#[test]
fn every_file_in_this_folder_belongs_to_this_binary() {
    let tests = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests");
    let mut forgotten = Vec::new();
    find_forgotten(&tests, &tests.join("journeys.rs"), &mut forgotten);
    assert!(
        forgotten.is_empty(),
        "not named by any `mod`: {forgotten:?}"
    );
}

fn find_forgotten(folder: &Path, root: &Path, forgotten: &mut Vec<String>) {
    let modules = fs::read_to_string(root).unwrap();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let inner = path.join("mod.rs");
        let is_module =
            inner.exists() || path.extension().is_some_and(|extension| extension == "rs");
        let is_other_binary = path
            .file_name()
            .is_some_and(|name| name == "window.rs" || name == "hostile.rs");
        if !is_module || is_other_binary || path == root {
            continue;
        }
        let name = path.file_stem().unwrap().to_string_lossy().into_owned();
        if !modules
            .lines()
            .any(|line| line.trim_end().ends_with(&format!("mod {name};")))
        {
            forgotten.push(path.display().to_string());
        }
        if inner.exists() {
            find_forgotten(&path, &inner, forgotten);
        }
    }
}
