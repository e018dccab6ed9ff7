//! A machine of a test's own: a folder with a workspace and the app's data.

use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use serde_json::Value;
use tempfile::TempDir;

pub(crate) struct Machine {
    folder: TempDir,
}

impl Machine {
    /// Returns a machine without a workspace.
    pub(crate) fn bare() -> Machine {
        Machine {
            folder: tempfile::tempdir().unwrap(),
        }
    }

    /// Returns a machine with an empty workspace.
    pub(crate) fn new() -> Machine {
        let machine = Machine::bare();
        machine.text(&["workspace", "init"], 0);
        machine
    }

    pub(crate) fn workspace(&self) -> PathBuf {
        self.folder.path().join("people.leadferry")
    }

    /// Writes a file and returns its path as an argument.
    pub(crate) fn file(&self, name: &str, content: impl AsRef<[u8]>) -> String {
        let path = self.folder.path().join(name);
        std::fs::write(&path, content).unwrap();
        path.to_str().unwrap().to_owned()
    }

    pub(crate) fn folder(&self) -> &Path {
        self.folder.path()
    }

    pub(crate) fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_leadferry-cli"));
        command
            .args(arguments)
            .env("LEADFERRY_WORKSPACE", self.workspace())
            .env("LEADFERRY_DATA_DIR", self.folder.path().join("data"))
            .env("LEADFERRY_KEYCHAIN", "off")
            .env("LEADFERRY_TEST_SPEEDUP", "100")
            .env_remove("LEADFERRY_PASSPHRASE")
            .env_remove("LEADFERRY_LOG")
            .stdin(Stdio::null());
        command
    }

    pub(crate) fn output(&self, arguments: &[&str]) -> Output {
        self.command(arguments).output().unwrap()
    }

    /// Runs a command, expects the exit code, and returns what it printed for people.
    pub(crate) fn text(&self, arguments: &[&str], code: i32) -> String {
        let output = self.output(arguments);
        expect(arguments, &output, code);
        String::from_utf8(output.stdout).unwrap()
    }

    /// Runs a command with `--json`, expects the exit code, and returns the one object that it printed.
    pub(crate) fn json(&self, arguments: &[&str], code: i32) -> Value {
        let all: Vec<&str> = ["--json"].iter().chain(arguments).copied().collect();
        let output = self.output(&all);
        expect(&all, &output, code);
        let value: Value = serde_json::from_slice(&output.stdout)
            .unwrap_or_else(|error| panic!("{all:?} did not print one JSON object: {error}"));
        assert!(value.is_object(), "{all:?} printed {value}");
        value
    }

    /// Connects to the practice org and makes it ready for a replication of leads.
    pub(crate) fn ready(&self) {
        self.text(&["connections", "add", "Practice", "--flow", "practice"], 0);
        let add = [
            "replications",
            "add",
            "Leads",
            "--object",
            "Lead",
            "--connection",
            "Practice",
            "--default-company",
            "(none)",
        ];
        self.text(&add, 0);
        self.text(&["replications", "prepare-org", "Leads"], 0);
    }
}

pub(crate) fn expect(arguments: &[&str], output: &Output, code: i32) {
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    assert_eq!(
        output.status.code(),
        Some(code),
        "{arguments:?}\nstdout: {}\nstderr: {}",
        text(&output.stdout),
        text(&output.stderr)
    );
}
