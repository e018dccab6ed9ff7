//! A workspace whose user has signed in to an org over the network, with refresh tokens that work once.

use std::fs;

use reqwest::Method;
use serde_json::json;
use tempfile::TempDir;

use super::browser;
use super::cli::{Cli, Outcome, Started};
use super::journey::Step;
use super::people::People;
use super::practice::PracticeOrg;
use super::prepared::{LEADS, RULES, add_replication};

/// Leaves little of the wait before settled batches are read back.
const SPEEDUP: u32 = 600;

const CONNECTION: &str = "Org";

/// The run; it is the first to an org over the network, and confirmed by the connection's name.
pub(crate) const RUN: &[&str] = &["replications", "run", LEADS, "--confirm", CONNECTION];

/// The workspace, the program and the org, each run in a process of its own.
pub(crate) struct SignedIn {
    pub(crate) cli: Cli,
    pub(crate) org: PracticeOrg,
    _folder: TempDir,
}

impl SignedIn {
    /// Sets up everything up to the plan.
    pub(crate) fn before_plan(people: People, batch_size: u16) -> Self {
        let folder = TempDir::new().unwrap();
        let cli = Cli::in_folder(folder.path())
            .sped_up(SPEEDUP)
            .with("LEADFERRY_PASSPHRASE", "correct horse");
        fs::write(cli.path("people.csv"), people.csv()).unwrap();
        fs::write(cli.path("rules.json"), RULES).unwrap();
        cli.run(&["workspace", "init"]).expect(0);
        let org = PracticeOrg::serve_at_one_port(&cli);
        // Each refresh token works once: one that is lost cannot be used again.
        let app = json!({ "client_id": "rotating", "any_port": true, "rotate_refresh_tokens": true,
            "secret_required_for_web_flow": false, "secret_required_for_refresh": false });
        org.admin(Method::POST, "apps", Some(&app));
        browser::add_connection(&cli, CONNECTION, &org, "rotating");
        browser::sign_in(&cli, &org, CONNECTION).expect(0);
        cli.run(&["scores", "add", "Fit", "--rules", "rules.json"])
            .expect(0);
        add_replication(&cli, CONNECTION, batch_size);
        people.meet(&org);
        cli.run(&Step::Import.command()).expect(0);
        cli.run(&Step::Score.command()).expect(0);
        Self {
            cli,
            org,
            _folder: folder,
        }
    }

    /// Signs in at the browser once more.
    pub(crate) fn sign_in(&self) {
        browser::sign_in(&self.cli, &self.org, CONNECTION).expect(0);
    }

    /// Starts a run.
    pub(crate) fn start(&self) -> Started {
        self.cli.start(RUN)
    }

    /// Takes what a run may end with that was not killed: done, another one is sending, or the answer with the new
    /// refresh token was lost with an earlier one, and someone has to sign in.
    pub(crate) fn must_have_ended_well(&self, outcome: &Outcome) {
        match outcome.code() {
            Some(0 | 1) => {}
            Some(3) => self.sign_in(),
            Some(4) => assert!(outcome.stderr.contains("nother process"), "{outcome}"),
            _ => panic!("not an end for a run: {outcome}"),
        }
    }

    /// Runs, after a lost sign-in once more.
    pub(crate) fn run_to_the_end(&self) {
        let first = self.cli.run(RUN);
        if first.code() == Some(3) {
            self.must_have_ended_well(&first);
            self.cli.run(RUN).expect_one_of(&[0, 1]);
        } else {
            first.expect_one_of(&[0, 1]);
        }
    }
}
