//! A no reaches every record that has the person's email, whatever is killed on its way, and without anybody's help.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;

use serde_json::json;
use tempfile::TempDir;

use crate::support::cli::Cli;
use crate::support::each::each;
use crate::support::practice::PracticeOrg;
use crate::support::prepared::{LEADS, copy_files};
use crate::support::workspace::Workspace;

const PEOPLE: usize = 120;
/// Leaves little of the wait before settled batches are read back.
const SPEEDUP: u32 = 600;
/// Runs that bring a no to its records after a kill: the second one reads back what was settled by the first.
const RUNS: usize = 3;

/// What takes the no to the org.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Way {
    /// A replication, for those too whom it sends no more: a closing payload.
    Replication,
    /// A replication whose mapping can't be used: a field of it is hidden.
    OnlyNo,
    ConsentSync,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Trouble {
    None,
    /// The connection breaks after the org has taken a batch.
    LostAnswer,
    /// The org refuses a whole request for one row's sake.
    RefusedWhole,
}

/// Named points with how often they are passed before the process is killed, and what has to go wrong to get there.
const KILLS: &[(&str, Trouble)] = &[
    ("run.begun:1", Trouble::None),
    ("entering.page:1", Trouble::None),
    ("run.entered:1", Trouble::None),
    ("matching.asked:1", Trouble::None),
    ("matching.taken:1", Trouble::None),
    ("batching.prepared:1", Trouble::None),
    ("sending.before_request:1", Trouble::None),
    ("sending.after_answer:1", Trouble::None),
    ("reconciling.row:1", Trouble::None),
    ("reconciling.row:31", Trouble::None),
    ("reconciling.applied:1", Trouble::None),
    ("sending.unknown:1", Trouble::LostAnswer),
    ("settling.asked:1", Trouble::LostAnswer),
    ("settling.taken:1", Trouble::LostAnswer),
    ("sending.split:1", Trouble::RefusedWhole),
];

/// A workspace in which half of the people have just said no, and an org that has some of them several times.
struct Said {
    folder: TempDir,
    way: Way,
}

impl Said {
    fn no(way: Way) -> Self {
        let folder = TempDir::new().unwrap();
        let cli = Cli::in_folder(folder.path());
        cli.run(&["workspace", "init"]).expect(0);
        let org = PracticeOrg::serve(&cli);
        cli.run(&["connections", "add", "Practice", "--flow", "practice"])
            .expect(0);
        fs::write(cli.path("people.csv"), people()).unwrap();
        cli.run(&["contacts", "import", "people.csv"]).expect(0);
        add_leads(&cli, way);
        cli.run(&["replications", "run", LEADS]).expect(0);
        org.create("Lead", &doubles());
        if way == Way::ConsentSync {
            add_sync(&cli);
        }
        if way == Way::OnlyNo {
            #[rustfmt::skip]
            cli.run(&["practice-org", "fields", "hide", "Lead.Title"]).expect(0);
            cli.run(&["connections", "test", "Practice"]).expect(0);
        }
        fs::write(cli.path("noes.csv"), noes()).unwrap();
        cli.run(&["contacts", "import", "noes.csv"]).expect(0);
        org.stop();
        Self { folder, way }
    }

    fn copy(&self) -> (TempDir, Cli) {
        let copy = TempDir::new().unwrap();
        copy_files(self.folder.path(), copy.path());
        let cli = Cli::in_folder(copy.path()).sped_up(SPEEDUP);
        cli.run(&["workspace", "approve", "--yes"]).expect(0);
        (copy, cli)
    }

    fn run(&self) -> [&'static str; 3] {
        match self.way {
            Way::Replication | Way::OnlyNo => ["replications", "run", LEADS],
            Way::ConsentSync => ["consent-syncs", "run", "Consent"],
        }
    }
}

fn add_leads(cli: &Cli, way: Way) {
    #[rustfmt::skip]
    cli.run(&[
        "replications", "add", LEADS, "--object", "Lead", "--connection", "Practice", "--default-company", "[none]",
        "--batch-size", "20",
    ])
    .expect(0);
    cli.run(&["replications", "prepare-org", LEADS]).expect(0);
    if way != Way::ConsentSync {
        #[rustfmt::skip]
        cli.run(&["replications", "prepare-org", LEADS, "--show", "HasOptedOutOfEmail"])
            .expect(0);
        cli.run(&["mappings", "export", LEADS, "mapping.txt"])
            .expect(0);
        let mapping = fs::read_to_string(cli.path("mapping.txt")).unwrap();
        let mapping = format!("{mapping}email_opt_out=HasOptedOutOfEmail\n");
        fs::write(cli.path("mapping.txt"), mapping).unwrap();
        cli.run(&["mappings", "import", LEADS, "mapping.txt"])
            .expect(0);
    }
}

fn add_sync(cli: &Cli) {
    #[rustfmt::skip]
    cli.run(&["consent-syncs", "add", "Consent", "--object", "Lead", "--connection", "Practice"])
        .expect(0);
    #[rustfmt::skip]
    cli.run(&["consent-syncs", "map", "Consent", "email_opt_out", "HasOptedOutOfEmail"])
        .expect(0);
    cli.run(&["consent-syncs", "fields", "Consent", "--create"])
        .expect(0);
}

fn email(person: usize) -> String {
    format!("p{person}@example.com")
}

fn says_no(person: usize) -> bool {
    person.is_multiple_of(2)
}

fn people() -> String {
    let mut text = "Email,Last name\n".to_owned();
    for person in 0..PEOPLE {
        writeln!(text, "{},Person {person}", email(person)).unwrap();
    }
    text
}

/// Some of them aren't to be sent any more either, which keeps no no back.
fn noes() -> String {
    let mut text = "Email,Email opt out,Do not send\n".to_owned();
    for person in (0..PEOPLE).filter(|person| says_no(*person)) {
        let is_sent_no_more = if person.is_multiple_of(4) { "yes" } else { "" };
        writeln!(text, "{},yes,{is_sent_no_more}", email(person)).unwrap();
    }
    text
}

/// A colleague has entered every third person twice more.
fn doubles() -> Vec<serde_json::Value> {
    (0..PEOPLE)
        .step_by(3)
        .flat_map(|person| [person, person])
        .map(
            |person| json!({ "LastName": "Again", "Company": "Elsewhere", "Email": email(person) }),
        )
        .collect()
}

/// Returns how many leads have a person's email, and how many of these have opted out.
fn leads(org: &PracticeOrg) -> BTreeMap<String, (usize, usize)> {
    let mut leads: BTreeMap<String, (usize, usize)> = BTreeMap::new();
    for lead in org.records("SELECT Email, HasOptedOutOfEmail FROM Lead") {
        let Some(email) = lead["Email"].as_str() else {
            continue;
        };
        let (all, out) = leads.entry(email.to_owned()).or_default();
        *all += 1;
        *out += usize::from(lead["HasOptedOutOfEmail"] == true);
    }
    leads
}

/// Demands that every record of those who said no says so, that nobody else's does, and that there is none too many.
fn must_have_arrived(org: &PracticeOrg) {
    let leads = leads(org);
    for person in 0..PEOPLE {
        let all = if person.is_multiple_of(3) { 3 } else { 1 };
        let out = if says_no(person) { all } else { 0 };
        assert_eq!(leads[&email(person)], (all, out), "{}", email(person));
    }
}

fn make_trouble(org: &PracticeOrg, trouble: Trouble) {
    match trouble {
        Trouble::None => {}
        Trouble::LostAnswer => org.fault(
            &json!({ "name": "reset_after", "times": 1, "match": { "path": "composite/sobjects" } }),
        ),
        Trouble::RefusedWhole => org.fault(&json!({ "name": "refuse_request", "times": 1 })),
    }
}

/// Runs until everything has arrived, and once more with nothing to do.
fn runs_on(said: &Said, cli: &Cli, org: &PracticeOrg) {
    for _ in 0..RUNS {
        let done = cli.run(&said.run());
        // What can't be used is told with each of them.
        if said.way != Way::OnlyNo {
            done.expect(0);
        }
    }
    Workspace::open(cli.workspace()).must_be_sound();
    must_have_arrived(org);
    if said.way == Way::OnlyNo {
        return;
    }
    let idle = cli.json(&said.run());
    assert_eq!(idle["updated"], 0, "nothing is sent twice: {idle}");
}

fn every_no_arrives(said: &Said) {
    each(
        KILLS,
        |(point, trouble)| format!("a kill at {point} ({trouble:?}, {:?})", said.way),
        |(point, trouble)| {
            let (_folder, cli) = said.copy();
            let org = PracticeOrg::serve(&cli);
            make_trouble(&org, *trouble);
            let killed = cli.killed_at(point).run(&said.run());
            assert!(killed.was_killed(), "{point} was not reached: {killed}");
            runs_on(said, &cli, &org);
        },
    );
}

#[test]
fn a_no_of_a_replication_arrives_at_every_record_whatever_is_killed_on_its_way() {
    every_no_arrives(&Said::no(Way::Replication));
}

#[test]
fn a_no_arrives_at_every_record_whatever_is_killed_while_nothing_else_can_be_sent() {
    every_no_arrives(&Said::no(Way::OnlyNo));
}

#[test]
fn a_no_of_a_consent_sync_arrives_at_every_record_whatever_is_killed_on_its_way() {
    every_no_arrives(&Said::no(Way::ConsentSync));
}

#[test]
fn a_no_arrives_at_every_record_beside_a_process_that_is_killed() {
    for way in [Way::Replication, Way::ConsentSync] {
        let said = Said::no(way);
        for point in [
            "batching.prepared:1",
            "sending.after_answer:1",
            "reconciling.row:9",
        ] {
            let (_folder, cli) = said.copy();
            let org = PracticeOrg::serve(&cli);
            let to_be_killed = cli.killed_at(point).start(&said.run());
            let other = cli.start(&said.run());
            for ended in [to_be_killed.outcome(), other.outcome()] {
                if !ended.was_killed() {
                    ended.expect_one_of(&[0, 1, 4]);
                }
            }
            runs_on(&said, &cli, &org);
        }
    }
}
