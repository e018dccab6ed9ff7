//! An erased person is in no byte of any file of ours, wherever the erase was interrupted.
//!
//! Every file is read as it is, byte by byte: what the program says of itself is not proof.

use std::fs;
use std::path::{Path, PathBuf};

use serde_json::Value;
use tempfile::TempDir;

use crate::support::cli::Cli;
use crate::support::each::each;
use crate::support::effort::{Random, asked_for};
use crate::support::practice::PracticeOrg;
use crate::support::prepared::{LEADS, RULES, add_replication, copy_files};
use crate::support::workspace::Workspace;

/// Erases of random people, over all points; `LEADFERRY_PROOF_ERASES` asks for more.
const FEW: usize = 30;

const POINTS: &[&str] = &[
    "erase.before_commit",
    "erase.removed",
    "erase.backup",
    "erase.backup_done:2",
    "erase.backups",
    "erase.practice",
    "erase.elsewhere",
    "erase.emptied",
    "erase.cleared",
];

/// Somebody whose every value nobody else has.
struct Person {
    first: String,
    last: String,
    email: String,
    second: String,
    phone: String,
}

impl Person {
    fn random(random: &mut Random) -> Self {
        let mut word = |length: usize| -> String {
            (0..length)
                .map(|_| char::from(b'a' + random.below(26) as u8))
                .collect()
        };
        let (first, last, host) = (word(9), word(11), word(7));
        Self {
            email: format!("{first}@{host}.example"),
            second: format!("{last}@{host}.example"),
            phone: format!("+49 171 {:08}", random.below(100_000_000)),
            first,
            last,
        }
    }

    fn values(&self, guid: &str) -> Vec<String> {
        let digits = self.phone.chars().filter(char::is_ascii_digit).collect();
        [
            &self.first,
            &self.last,
            &self.email,
            &self.second,
            &self.phone,
        ]
        .map(String::clone)
        .into_iter()
        .chain([digits, guid.to_owned()])
        .collect()
    }
}

/// A workspace with a history, and all the files beside it that a person can be in.
struct Desk {
    folder: TempDir,
    people: Vec<Person>,
}

impl Desk {
    fn with(count: usize) -> Self {
        let mut random = Random::from_the_environment();
        let people: Vec<Person> = (0..count).map(|_| Person::random(&mut random)).collect();
        let desk = Self {
            folder: TempDir::new().unwrap(),
            people,
        };
        let cli = desk.cli();
        cli.run(&["workspace", "init"]).expect(0);
        desk.write_files();
        let org = PracticeOrg::serve(&cli);
        cli.run(&["connections", "add", "Practice", "--flow", "practice"])
            .expect(0);
        cli.run(&["scores", "add", "Fit", "--rules", "rules.json"])
            .expect(0);
        add_replication(&cli, "Practice", 50);
        cli.run(&[
            "contacts",
            "import",
            "people.csv",
            "--errors-file",
            "invalid.csv",
        ])
        .expect_one_of(&[0, 1]);
        cli.run(&["activities", "add-type", "Visit"]).expect(0);
        cli.run(&["activities", "import", "visits.csv"])
            .expect_one_of(&[0, 1]);
        cli.run(&["scores", "recalculate"]).expect(0);
        cli.run(&["replications", "match", LEADS])
            .expect_one_of(&[0, 1]);
        cli.run(&["replications", "run", LEADS])
            .expect_one_of(&[0, 1]);
        org.stop();
        // The people's rows are changed and deleted, so that pages are rearranged and hold older copies of them.
        for person in &desk.people {
            let note = format!(
                "notes={}",
                format!("{} {} ", person.first, person.last).repeat(40)
            );
            cli.run(&["contacts", "set", &person.email, &note])
                .expect(0);
        }
        desk.make_leftovers(&cli);
        for file in ["people.csv", "visits.csv"] {
            fs::remove_file(desk.folder.path().join(file)).unwrap();
        }
        desk
    }

    fn cli(&self) -> Cli {
        Cli::in_folder(self.folder.path())
    }

    fn write_files(&self) {
        let mut people =
            "first_name,last_name,email,email_2,mobile_phone,job_title,birthday\n".to_owned();
        let mut visits = "email,type,at,note\n".to_owned();
        for Person {
            first,
            last,
            email,
            second,
            phone,
        } in &self.people
        {
            people.push_str(&format!(
                "{first},{last},{email},{second},{phone},manager,1980-02-03\n"
            ));
            people.push_str(&format!(
                "{first},{last},{email}@,{second},{phone},manager,never\n"
            ));
            visits.push_str(&format!("{second},Visit,2026-02-03,by {first} {last}\n"));
        }
        for stays in 0..50 {
            people.push_str(&format!(
                "Stays,Number{stays},stays{stays}@example.com,,,manager,\n"
            ));
        }
        for (name, text) in [
            ("people.csv", &*people),
            ("visits.csv", &visits),
            ("rules.json", RULES),
        ] {
            fs::write(self.folder.path().join(name), text).unwrap();
        }
    }

    /// Leaves backups of today, of an earlier name, and of a process that was killed.
    fn make_leftovers(&self, cli: &Cli) {
        let whole = fs::read(cli.workspace()).unwrap();
        for (folder, name, bytes) in [
            (
                "people.leadferry.backups",
                "2020-01-01T000000Z.daily.backup",
                &*whole,
            ),
            (
                "earlier.leadferry.backups",
                "2019-01-01T000000Z.daily.backup",
                &whole,
            ),
            (
                "people.leadferry.backups",
                "2021-01-01T000000Z.daily.backup.unfinished",
                &whole[..whole.len() / 2],
            ),
        ] {
            fs::create_dir_all(self.folder.path().join(folder)).unwrap();
            fs::write(self.folder.path().join(folder).join(name), bytes).unwrap();
        }
    }
}

/// Returns every file below a folder.
fn all_files(folder: &Path, files: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            all_files(&path, files);
        } else {
            files.push(path);
        }
    }
}

/// Returns which of the values stand in any file below a folder, whatever their case.
fn found(folder: &Path, values: &[String]) -> Vec<String> {
    let mut files = Vec::new();
    all_files(folder, &mut files);
    let mut found = Vec::new();
    for file in files {
        let text = String::from_utf8_lossy(&fs::read(&file).unwrap()).to_ascii_lowercase();
        let there = values.iter().filter(|value| text.contains(value.as_str()));
        found.extend(there.map(|value| format!("{value} in {}", file.display())));
    }
    found
}

#[test]
fn an_erase_interrupted_anywhere_leaves_nobody_in_any_byte_once_the_workspace_is_opened_again() {
    let erases = asked_for("LEADFERRY_PROOF_ERASES", FEW).max(POINTS.len());
    let desk = Desk::with(erases);
    for person in &desk.people {
        let all = found(desk.folder.path(), std::slice::from_ref(&person.last));
        for file in [
            "people.leadferry ",
            "practice-org",
            "invalid.csv",
            "earlier",
            ".unfinished",
        ] {
            let there = all.iter().any(|place| format!("{place} ").contains(file));
            assert!(
                there,
                "the journey is to begin with everybody in {file}: {all:?}"
            );
        }
    }
    let share = erases.div_ceil(POINTS.len());
    let cases: Vec<(&str, &[Person])> = POINTS
        .iter()
        .copied()
        .zip(desk.people.chunks(share))
        .collect();
    each(
        &cases,
        |case| case.0.to_owned(),
        |(point, people)| interrupted(&desk, point, people),
    );
}

/// Makes a file with invalid rows that this computer remembers as its own; that of the original isn't the copy's.
fn import_invalid_rows(cli: &Cli, people: &[Person]) {
    let mut rows = "first_name,last_name,email\n".to_owned();
    for Person {
        first, last, email, ..
    } in people
    {
        rows.push_str(&format!("{first},{last},{email}@\n"));
    }
    fs::write(cli.path("again.csv"), rows).unwrap();
    fs::remove_file(cli.path("invalid.csv")).unwrap();
    let import = [
        "contacts",
        "import",
        "again.csv",
        "--errors-file",
        "invalid.csv",
    ];
    cli.run(&import).expect_one_of(&[0, 1]);
    fs::remove_file(cli.path("again.csv")).unwrap();
    let invalid = fs::read_to_string(cli.path("invalid.csv")).unwrap();
    assert!(people.iter().all(|person| invalid.contains(&person.email)));
}

fn interrupted(desk: &Desk, point: &str, people: &[Person]) {
    let folder = TempDir::new().unwrap();
    copy_files(desk.folder.path(), folder.path());
    let cli = Cli::in_folder(folder.path());
    cli.run(&["workspace", "approve", "--yes"]).expect(0);
    import_invalid_rows(&cli, people);
    let guids = Workspace::open(cli.workspace()).guids();
    // Somebody may be practicing meanwhile.
    let org = point
        .len()
        .is_multiple_of(2)
        .then(|| PracticeOrg::serve(&cli));
    for person in people {
        let erase = ["contacts", "erase", &person.email, "--yes"];
        let killed = cli.killed_at(point).run(&erase);
        assert!(killed.was_killed(), "{point} was not reached: {killed}");
        // Whichever process opens the workspace next finishes.
        let counted = cli.json(&["contacts", "count"]);
        assert!(counted["contacts"].is_u64());
        if point == "erase.before_commit" {
            cli.run(&erase).expect(0);
        }
        let left = found(folder.path(), &person.values(&guids[&person.email]));
        assert!(left.is_empty(), "after a kill at {point}: {left:#?}");
    }
    drop(org);
    Workspace::open(cli.workspace()).must_be_sound();
    let others = cli.json(&["contacts", "count", "--search", "stays"]);
    assert_eq!(others["contacts"], 50, "nobody else is touched");
}

#[test]
fn after_a_workspace_was_renamed_an_erase_still_finds_its_files_with_invalid_rows() {
    let desk = Desk::with(1);
    let (cli, person) = (desk.cli(), &desk.people[0]);
    let renamed = cli.path("renamed.leadferry");
    for ending in ["", "-wal", "-shm", ".practice-org.sqlite"] {
        let at = |path: &Path| PathBuf::from(format!("{}{ending}", path.display()));
        if at(cli.workspace()).exists() {
            fs::rename(at(cli.workspace()), at(&renamed)).unwrap();
        }
    }
    let cli = cli.with_workspace(&renamed);
    cli.run(&["workspace", "approve", "--yes"]).expect(0);
    cli.run(&["contacts", "erase", &person.email, "--yes"])
        .expect(0);
    let invalid = fs::read_to_string(cli.path("invalid.csv")).unwrap_or_default();
    assert!(!invalid.contains(&person.last), "{invalid}");
}

#[test]
fn an_erase_says_what_stays_what_went_and_what_is_left_to_decide() {
    let desk = Desk::with(1);
    let (cli, person) = (desk.cli(), &desk.people[0]);
    let name = format!("{} {}", person.first, person.last);
    let rules = format!(
        r#"{{"all": [{{"field": "first_name", "op": "equals", "value": "{}"}}, {{"field": "last_name", "op": "equals", "value": "{}"}}]}}"#,
        person.first, person.last
    );
    fs::write(cli.path("segment.json"), rules).unwrap();
    cli.run(&["segments", "add", "One of us", "--rules", "segment.json"])
        .expect(0);
    cli.run(&[
        "contacts",
        "set",
        "stays1@example.com",
        &format!("company_name={name} Ltd"),
    ])
    .expect(0);
    let unsure = cli.run(&["contacts", "erase", &person.email]);
    unsure.refused(2, &["--yes", "Salesforce", "exported"]);
    let told = cli
        .run(&["contacts", "erase", &person.email, "--yes"])
        .expect(0);
    assert!(told.stderr.contains("Records in Salesforce"), "{told}");
    for words in [
        "Erased 1 contact.",
        "practice org records: 1",
        "invalid rows of imports: 1",
        "activities waiting for a contact: 1",
        "backups rewritten: 2",
        "Segment \"One of us\": rules",
        "Contact \"Stays Number1\": company name",
    ] {
        assert!(told.stdout.contains(words), "{words}: {told}");
    }
    let other = cli.json(&["contacts", "erase", "stays2@example.com", "--yes"]);
    assert_eq!(other["mentions"], Value::Array(Vec::new()));
    assert_eq!(other["unfinished"], Value::Null);
}

#[test]
fn a_deleted_contact_is_erased_by_its_email() {
    let desk = Desk::with(1);
    let (cli, person) = (desk.cli(), &desk.people[0]);
    cli.run(&["contacts", "delete", &person.email]).expect(0);
    let erased = cli.json(&["contacts", "erase", &person.email, "--yes"]);
    assert_eq!(erased["contacts"], 1, "{erased}");
    cli.run(&["contacts", "erase", &person.email, "--yes"])
        .refused(2, &["there's no contact"]);
}

#[test]
fn nobody_is_left_in_a_file_that_gave_way_to_a_backup() {
    let desk = Desk::with(1);
    let (cli, person) = (desk.cli(), &desk.people[0]);
    let guids = Workspace::open(cli.workspace()).guids();
    cli.run(&["workspace", "backup", "copy.backup"]).expect(0);
    cli.run(&["workspace", "restore", "copy.backup", "--yes"])
        .expect(0);
    fs::remove_file(cli.path("copy.backup")).unwrap();
    cli.run(&["contacts", "erase", &person.email, "--yes"])
        .expect(0);
    let left = found(desk.folder.path(), &person.values(&guids[&person.email]));
    let left: Vec<_> = left
        .iter()
        .filter(|place| place.contains("replaced"))
        .collect();
    assert!(left.is_empty(), "{left:#?}");
}

/// Files of ours in a folder and those below it.
fn files_below(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).unwrap();
    let paths = entries.map(|entry| entry.unwrap().path());
    paths
        .flat_map(|path| match path.is_dir() {
            true => files_below(&path),
            false => vec![path],
        })
        .collect()
}

#[test]
fn what_the_user_changes_after_an_erase_goes_from_history_and_backups_as_well() {
    let folder = TempDir::new().unwrap();
    let cli = Cli::in_folder(folder.path());
    cli.run(&["workspace", "init"]).expect(0);
    let people = cli.path("people.csv");
    fs::write(
        &people,
        "First name,Last name,Email\nGundula,Wendelsberg,gundula@wendels.example\nAda,Other,ada@x.example\n",
    )
    .unwrap();
    cli.run(&["contacts", "import", "people.csv"]).expect(0);
    fs::remove_file(people).unwrap();
    let note = |note: &str| {
        cli.run(&["contacts", "set", "ada@x.example", note])
            .expect(0)
    };
    note("notes=ask Gundula Wendelsberg, not gundula@wendels.example");
    let erased = cli
        .run(&["contacts", "erase", "gundula@wendels.example", "--yes"])
        .expect(0);
    assert!(erased.stdout.contains("erase-traces"), "{erased}");
    // The next daily backup is due, and holds the note.
    for backup in files_below(&cli.path("people.leadferry.backups")) {
        if backup.extension().is_some_and(|ending| ending == "backup") {
            let long_ago = backup.with_file_name("2020-01-01T000000Z.daily.backup");
            fs::rename(&backup, &long_ago).unwrap();
            let file = fs::File::options().write(true).open(&long_ago).unwrap();
            file.set_modified(std::time::UNIX_EPOCH).unwrap();
        }
    }
    note("notes=ask nobody");
    let naming = || -> Vec<PathBuf> {
        let names = |path: &PathBuf| {
            let bytes = fs::read(path).unwrap().to_ascii_lowercase();
            bytes.windows(7).any(|word| word == b"wendels")
        };
        files_below(folder.path())
            .into_iter()
            .filter(names)
            .collect()
    };
    assert!(!naming().is_empty(), "the backup of today holds the note");
    let traces = [
        "contacts",
        "erase-traces",
        "--first-name",
        "Gundula",
        "--last-name",
        "Wendelsberg",
    ];
    cli.run(&traces).refused(2, &["--yes"]);
    cli.run(&[
        "contacts",
        "erase-traces",
        "--first-name",
        "Gundula",
        "--yes",
    ])
    .refused(2, &["first and last name"]);
    cli.run(&[
        "contacts",
        "erase-traces",
        "--email",
        "ada@x.example",
        "--yes",
    ])
    .refused(2, &["erase that contact"]);
    let more = ["--email", "Gundula@Wendels.example", "--yes"];
    cli.run(&[&traces[..], &more].concat()).expect(0);
    assert_eq!(naming(), Vec::<PathBuf>::new());
    assert_eq!(cli.json(&["contacts", "count"])["contacts"], 1);
}

#[test]
fn a_copy_that_the_user_made_beside_the_workspace_is_named_and_left_alone() {
    let folder = TempDir::new().unwrap();
    let cli = Cli::in_folder(folder.path());
    cli.run(&["workspace", "init"]).expect(0);
    let people = "Last name,Email\nWendelsberg,gundula@wendels.example\nOther,ada@x.example\n";
    fs::write(cli.path("people.csv"), people).unwrap();
    cli.run(&["contacts", "import", "people.csv"]).expect(0);
    let copy = cli.path("mine.leadferry");
    cli.run(&["workspace", "backup", "mine.leadferry"])
        .expect(0);
    let other = cli.with_workspace(&cli.path("other.leadferry"));
    other.run(&["workspace", "init"]).expect(0);
    other.run(&["contacts", "import", "people.csv"]).expect(0);
    let before = fs::read(&copy).unwrap();
    let erase = |contact| cli.json(&["contacts", "erase", contact, "--yes"]);
    let named = |erased: &serde_json::Value| {
        let files = erased["files"].as_array().unwrap();
        let names = files.iter().map(|file| file.as_str().unwrap().to_owned());
        names.collect::<Vec<_>>()
    };
    let erased = erase("gundula@wendels.example");
    assert_eq!(named(&erased), [copy.to_str().unwrap()]);
    assert_eq!(fs::read(&copy).unwrap(), before);
    fs::remove_file(&copy).unwrap();
    assert_eq!(named(&erase("ada@x.example")), Vec::<String>::new());
}

#[test]
fn whom_nothing_names_is_not_said_to_be_erased() {
    let folder = TempDir::new().unwrap();
    let cli = Cli::in_folder(folder.path());
    cli.run(&["workspace", "init"]).expect(0);
    fs::write(
        cli.path("people.csv"),
        "Last name,Email\nOther,ada@x.example\n",
    )
    .unwrap();
    cli.run(&["contacts", "import", "people.csv"]).expect(0);
    cli.run(&["workspace", "info"]).expect(0);
    let nobody = [
        "contacts",
        "erase-traces",
        "--email",
        "nobody@nowhere.example",
        "--yes",
    ];
    let told = cli.run(&nobody).expect(0);
    assert!(
        told.stdout.starts_with("Nothing here names this person."),
        "{told}"
    );
}
