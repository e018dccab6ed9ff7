//! `cargo xtask proof`: what every test run tries a little, tried for long. docs/proof.md says what it shows.

use anyhow::Result;

use crate::{clients, shell, window};

/// The journeys that prove something, by the names of their modules.
const JOURNEYS: &[&str] = &[
    "erasing",
    "kills",
    "random_kills",
    "faults",
    "mixed_faults",
    "small_disk",
    "torn_files",
    "two_processes",
    "races",
];

/// The test that is too heavy for every run.
const SALESFORCE_CLI: &str = "independent_clients::the_salesforce_cli";

/// How long to try.
#[derive(clap::Args)]
pub(crate) struct Args {
    /// Number of kills of imports and runs at random moments.
    #[arg(long, default_value_t = 300)]
    kills: u32,
    /// Number of random bytes to cut files at, besides every border.
    #[arg(long, default_value_t = 1_000)]
    bytes: u32,
    /// Number of contacts to send through a mixture of faults.
    #[arg(long, default_value_t = 30_000)]
    people: u32,
    /// Number of random contacts to erase, interrupted at every named point.
    #[arg(long, default_value_t = 300)]
    erases: u32,
    /// Multiply the hostile input of a test run by this.
    #[arg(long, default_value_t = 20)]
    fuzz: u32,
    /// Number of rounds with several processes that open, migrate, back up and erase in one workspace.
    #[arg(long, default_value_t = 40)]
    races: u32,
    /// Also try the Salesforce CLI and SFDMU against the practice org. Installs 800 MB from npm.
    #[arg(long)]
    clients: bool,
    /// Repeat the random choices of a failed run. Each test prints its seed.
    #[arg(long)]
    seed: Option<u64>,
}

/// Builds the programs and tries everything.
pub(crate) fn proof(args: &Args) -> Result<()> {
    let mut build = shell::cargo(&["build", "--workspace", "--locked", "--bins"]);
    shell::run(build.args(window::FEATURES))?;
    for (test, names) in [("hostile", &[][..]), ("journeys", JOURNEYS)] {
        let mut tests = shell::cargo(&["test", "--workspace", "--locked", "--test", test]);
        tests.args(window::FEATURES).arg("--").args(names);
        tests
            .env("LEADFERRY_PROOF_KILLS", args.kills.to_string())
            .env("LEADFERRY_PROOF_BYTES", args.bytes.to_string())
            .env("LEADFERRY_PROOF_PEOPLE", args.people.to_string())
            .env("LEADFERRY_PROOF_ERASES", args.erases.to_string())
            .env("LEADFERRY_PROOF_FUZZ", args.fuzz.to_string())
            .env("LEADFERRY_PROOF_RACES", args.races.to_string());
        if let Some(seed) = args.seed {
            tests.env("LEADFERRY_TEST_SEED", seed.to_string());
        }
        shell::run(&mut tests)?;
    }
    if args.clients {
        clients::install_salesforce_cli()?;
        let mut tests = shell::cargo(&["test", "--workspace", "--locked", "--test", "journeys"]);
        tests.args(window::FEATURES).args(["--", SALESFORCE_CLI]);
        shell::run(tests.env("LEADFERRY_PROOF_CLIENTS", "1"))?;
    }
    Ok(())
}
