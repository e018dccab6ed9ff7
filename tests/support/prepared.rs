//! A workspace and its practice org, made ready once and copied for each journey.

use std::fs;
use std::path::Path;

use tempfile::TempDir;

use super::cli::Cli;
use super::people::{NO_COMPANY, People};
use super::practice::PracticeOrg;

/// The replication of the journeys.
pub(crate) const LEADS: &str = "Good leads";

/// The rules of the journeys' score: who manages something is worth sending.
pub(crate) const RULES: &str = r#"{"rules": [{"name": "Manages", "points": 20, "when": {"field": "job_title", "op": "contains", "value": "manager"}}]}"#;

/// A folder with a workspace, the practice org beside it, and the people's file.
pub(crate) struct Prepared {
    folder: TempDir,
    /// Who is in the file.
    pub(crate) people: People,
}

impl Prepared {
    /// Sets up everything up to the import; the org knows some of the people already.
    pub(crate) fn before_import(people: People, batch_size: u16) -> Self {
        let folder = TempDir::new().unwrap();
        let cli = Cli::in_folder(folder.path());
        fs::write(folder.path().join("people.csv"), people.csv()).unwrap();
        fs::write(folder.path().join("rules.json"), RULES).unwrap();
        cli.run(&["workspace", "init", "--time-zone", "Europe/Berlin"])
            .expect(0);
        let org = PracticeOrg::serve(&cli);
        cli.run(&["connections", "add", "Practice", "--flow", "practice"])
            .expect(0);
        cli.run(&["scores", "add", "Fit", "--rules", "rules.json"])
            .expect(0);
        add_replication(&cli, "Practice", batch_size);
        people.meet(&org);
        org.stop();
        Self { folder, people }
    }

    /// Sets up everything up to the plan.
    pub(crate) fn before_plan(people: People, batch_size: u16) -> Self {
        let prepared = Self::before_import(people, batch_size);
        let cli = Cli::in_folder(prepared.folder.path());
        cli.run(&["contacts", "import", "people.csv"]).expect(0);
        cli.run(&["scores", "recalculate"]).expect(0);
        prepared
    }

    /// Copies everything into a folder of its own; a copy asks for approval once.
    pub(crate) fn copy(&self) -> TempDir {
        let copy = TempDir::new().unwrap();
        copy_files(self.folder.path(), copy.path());
        let cli = Cli::in_folder(copy.path());
        cli.run(&["workspace", "approve", "--yes"]).expect(0);
        copy
    }
}

/// Makes an empty workspace in a folder of its own.
pub(crate) fn new_workspace() -> (Cli, TempDir) {
    let folder = TempDir::new().unwrap();
    let cli = Cli::in_folder(folder.path());
    cli.run(&["workspace", "init"]).expect(0);
    (cli, folder)
}

/// Adds the replication of the journeys and makes the org ready for it.
pub(crate) fn add_replication(cli: &Cli, connection: &str, batch_size: u16) {
    let size = batch_size.to_string();
    #[rustfmt::skip]
    cli.run(&[
        "replications", "add", LEADS, "--object", "Lead", "--connection", connection, "--score", "Fit",
        "--minimum", "20", "--default-company", NO_COMPANY, "--batch-size", &size,
    ])
    .expect(0);
    cli.run(&["replications", "prepare-org", LEADS]).expect(0);
}

/// Copies a folder with all that is in it into another one.
pub(crate) fn copy_files(from: &Path, to: &Path) {
    for entry in fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let target = to.join(entry.file_name());
        if entry.file_type().unwrap().is_dir() {
            fs::create_dir(&target).unwrap();
            copy_files(&entry.path(), &target);
        } else {
            fs::copy(entry.path(), &target).unwrap();
        }
    }
}
