//! The steps of a journey, and how it must end.

use std::time::Duration;

use super::cli::Cli;
use super::people::People;
use super::practice::PracticeOrg;
use super::prepared::LEADS;
use super::workspace::Workspace;

/// After that long, the rows of a batch that had to be settled are read back once more.
const READ_BACK: Duration = Duration::from_secs(660);

/// The commands of a journey, in order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Step {
    Import,
    Score,
    Plan,
    Match,
    Run,
}

impl Step {
    pub(crate) const ALL: [Step; 5] = [
        Step::Import,
        Step::Score,
        Step::Plan,
        Step::Match,
        Step::Run,
    ];

    pub(crate) fn command(self) -> Vec<&'static str> {
        match self {
            Step::Import => vec!["contacts", "import", "people.csv"],
            Step::Score => vec!["scores", "recalculate"],
            Step::Plan => vec!["replications", "plan", LEADS],
            Step::Match => vec!["replications", "match", LEADS],
            Step::Run => vec!["replications", "run", LEADS],
        }
    }
}

/// Demands that everything has ended well, and that another run has nothing to do.
pub(crate) fn must_be_done(cli: &Cli, org: &PracticeOrg, people: People) {
    let workspace = Workspace::open(cli.workspace());
    workspace.must_be_sound();
    workspace.must_be_at_rest();
    people.must_stand_in(org, &workspace);
    people.must_be_told_by(&cli.json(&["runs", "list", "--limit", "1000"]));
    must_have_nothing_to_do(cli, org, &workspace);
}

fn must_have_nothing_to_do(cli: &Cli, org: &PracticeOrg, workspace: &Workspace) {
    let command = Step::Run.command();
    if workspace.has_rows_to_read_back() {
        // Settled batches are read back once more when the org's time for them is over.
        std::thread::sleep(cli.shortened(READ_BACK));
        let first = cli.json_outcome(&command).expect_one_of(&[0, 1]).object();
        assert_ne!(
            first["calls"], 0,
            "the rows of settled batches are read back: {first}"
        );
        assert!(!workspace.has_rows_to_read_back(), "and that only once");
    }
    let before = org.requests();
    let again = cli.json_outcome(&command).expect_one_of(&[0, 1]).object();
    for count in [
        "calls",
        "created",
        "updated",
        "failed",
        "blocked",
        "waiting",
        "withdrawn",
    ] {
        assert_eq!(
            again[count], 0,
            "{count} of a run with nothing to do: {again}"
        );
    }
    assert_eq!(org.requests(), before, "the org was sent a request");
}
