//! `cargo xtask proof`: what every test run tries a little, tried for long. docs/proof.md says what it shows.

use anyhow::Result;

use crate::{shell, window};

/// The journeys that prove something, by the names of their modules.
const JOURNEYS: &[&str] = &[
    "kills",
    "random_kills",
    "faults",
    "mixed_faults",
    "small_disk",
    "torn_files",
    "two_processes",
];

/// How long to try.
#[derive(clap::Args)]
pub(crate) struct Args {
    /// Kill imports and runs so often at random moments.
    #[arg(long, default_value_t = 300)]
    kills: u32,
    /// Cut files off at so many random bytes, besides every border.
    #[arg(long, default_value_t = 1_000)]
    bytes: u32,
    /// Bring so many people through a mixture of faults.
    #[arg(long, default_value_t = 30_000)]
    people: u32,
    /// Try spoilt input so many times as often as a test run does.
    #[arg(long, default_value_t = 20)]
    fuzz: u32,
    /// Repeat the random choices of a run that failed: each test has told its seed.
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
            .env("LEADFERRY_PROOF_FUZZ", args.fuzz.to_string());
        if let Some(seed) = args.seed {
            tests.env("LEADFERRY_TEST_SEED", seed.to_string());
        }
        shell::run(&mut tests)?;
    }
    Ok(())
}
