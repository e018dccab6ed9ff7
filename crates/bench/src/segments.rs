//! Scores and segments over what people did: calculated from nothing, after a change, and counted, beside the same by
//! hand in `sqlite3`.

use std::fs;
use std::io::{BufRead as _, BufReader, Write as _};
use std::path::PathBuf;

use anyhow::{Result, ensure};
use jiff::Timestamp;
use leadferry_store::{OpenOptions, RuleTree, Store};
use serde_json::{Value, json};

use crate::figure::Figure;
use crate::place::{Place, median, ratio};
use crate::process::Taken;

const SCORES: usize = 5;
const SEGMENTS: usize = 20;
/// Contacts that are changed before the recalculation that only looks at them.
const CHANGED: usize = 1_000;

/// Types of activities; their ids are their places here, from 1.
const TYPES: [&str; SCORES] = [
    "Page view",
    "Form submission",
    "E-mail opened",
    "E-mail clicked",
    "Download",
];

/// Ten activities a contact, at any time of the last year, in no order. Put in by SQL: importing them is not what is
/// measured here.
const ACTIVITIES: &str = "
PRAGMA synchronous = OFF;
PRAGMA cache_size = -400000;
WITH RECURSIVE numbers (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < 10 * (SELECT max(id) FROM contacts))
INSERT INTO activities (contact_id, type_id, at, value)
SELECT 1 + n * 7919 % (SELECT max(id) FROM contacts), 1 + min(abs(random() % 5), abs(random() % 5)),
  (unixepoch() - abs(random() % (365 * 86400))) * 1000, abs(random() % 500)
FROM numbers;
PRAGMA wal_checkpoint(TRUNCATE);
";

/// What to measure with.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// A folder for everything that is made.
    folder: PathBuf,
    /// The people's file.
    #[arg(long)]
    people: PathBuf,
    /// The folder of the built programs.
    #[arg(long)]
    programs: PathBuf,
    /// Rounds of the counts; medians are told.
    #[arg(long, default_value_t = 3)]
    rounds: usize,
}

/// Measures.
///
/// # Errors
/// When a program fails, or does not come to what the other one does.
pub(crate) fn measure(args: &Args) -> Result<Vec<Figure>> {
    let _ = fs::remove_dir_all(&args.folder);
    fs::create_dir_all(&args.folder)?;
    let bench = Bench {
        args,
        place: Place::new(&args.folder, &args.programs),
    };
    bench.prepare()?;
    let mut figures = bench.scores()?;
    figures.extend(bench.memberships()?);
    figures.push(bench.count()?);
    figures.extend(bench.count_live()?);
    Ok(figures)
}

struct Bench<'a> {
    args: &'a Args,
    place: Place,
}

impl Bench<'_> {
    fn prepare(&self) -> Result<()> {
        self.place.start_anew()?;
        let people = self.args.people.display().to_string();
        self.place.cli(&["contacts", "import", &people])?;
        for name in TYPES {
            self.place.cli(&["activities", "add-type", name])?;
        }
        self.place.sqlite(&self.place.workspace, ACTIVITIES)?;
        Ok(())
    }

    /// All scores from nothing, and the same by hand.
    fn scores(&self) -> Result<Vec<Figure>> {
        let copy = self.args.folder.join("copy.sqlite");
        self.place.copy_to(&copy)?;
        let by_hand = self.place.sqlite(&copy, &points_by_hand())?;
        for number in 0..SCORES {
            let file = self.write(&format!("score-{number}.json"), &score(number))?;
            self.place
                .cli(&["scores", "add", &score_name(number), "--rules", &file])?;
        }
        let ours = self.place.cli(&["scores", "recalculate"])?;
        self.same_points(&copy)?;
        let what = "complete calculation of five scores of ten rules, ten activities a contact";
        Ok(vec![
            ratio(what, &[ours.wall], &[by_hand.wall], 1.5),
            memory("memory of that", &ours),
        ])
    }

    fn same_points(&self, copy: &std::path::Path) -> Result<()> {
        let ours = "SELECT score_id, sum(points) FROM score_points GROUP BY score_id;";
        let ours = self.place.sqlite(&self.place.workspace, ours)?.output;
        let by_hand = "SELECT score_id, sum(points) FROM points_by_hand GROUP BY score_id;";
        let by_hand = self.place.sqlite(copy, by_hand)?.output;
        ensure!(
            ours == by_hand,
            "the points are not those by hand:\n{ours}\n{by_hand}"
        );
        Ok(())
    }

    /// All segments from nothing, and everything again after a few contacts have changed.
    fn memberships(&self) -> Result<Vec<Figure>> {
        for number in 0..SEGMENTS {
            let file = self.write(&format!("segment-{number}.json"), &segment(number))?;
            let name = format!("Segment {number}");
            self.place
                .cli(&["segments", "add", &name, "--rules", &file])?;
        }
        let full = self.place.cli(&["segments", "recalculate", "--full"])?;
        self.change_some()?;
        let after_change = self.place.cli(&["segments", "recalculate"])?;
        Ok(vec![
            seconds(
                "full membership of 20 segments, with the five scores that they ask for",
                &full,
            ),
            memory("memory of that", &full),
            Figure {
                what: format!("five scores and 20 segments after {CHANGED} changed contacts"),
                value: after_change.wall.as_secs_f64() * 1000.0,
                unit: "ms",
                at_most: Some(200.0),
                detail: "the program's start included".to_owned(),
            },
        ])
    }

    /// Imports a few people again, with another city.
    fn change_some(&self) -> Result<()> {
        let path = self.args.folder.join("changed.csv");
        let mut file = fs::File::create(&path)?;
        let people = BufReader::new(fs::File::open(&self.args.people)?);
        for line in people.lines().take(CHANGED + 1) {
            let line = line?;
            let changed = line.replace(",Berlin,", ",Bern,");
            writeln!(file, "{}", changed.replace(",Web,", ",Berlin fair,"))?;
        }
        drop(file);
        self.place
            .cli(&["contacts", "import", &path.display().to_string()])?;
        Ok(())
    }

    /// How many meet rules that are not kept, as the builder asks.
    fn count(&self) -> Result<Figure> {
        let tree: RuleTree = serde_json::from_value(json!({"all": [
            {"points": score_name(0), "op": "at_least", "value": 30},
            {"field": "city", "op": "one_of", "value": ["Wien", "Oslo"]},
            {"activity": TYPES[1], "within": "30 days"},
        ]}))?;
        let copy = self.args.folder.join("copy.sqlite");
        self.place.copy_to(&copy)?;
        let store = Store::open(&copy, OpenOptions { read_only: true }, 0)?;
        let now = Timestamp::now().as_millisecond();
        let (counting, counted) = median(self.args.rounds, || {
            Ok(store.read(|reader| reader.count_tree(&tree, now))?)
        })?;
        drop(store);
        let since = now - 30 * 86_400_000;
        let (by_hand, count) = self.place.timed(
            self.args.rounds,
            &copy,
            &format!(
                "SELECT count(*) FROM contacts AS c
                 WHERE c.deleted_at IS NULL AND c.city IN ('Wien', 'Oslo')
                 AND (SELECT points FROM score_points WHERE score_id = 1 AND contact_id = c.id) >= 30
                 AND EXISTS (SELECT 1 FROM activities WHERE contact_id = c.id AND type_id = 2 AND at >= {since}
                   AND at <= {now});"
            ),
        )?;
        ensure!(
            count.trim() == counted.to_string(),
            "{counted} are counted, by hand {count}"
        );
        Ok(ratio(
            "counting who meets rules of points, city and activity",
            &[counting],
            &[by_hand],
            1.2,
        ))
    }

    /// What the builder asks for while a rule is changed: the count, and five people.
    fn count_live(&self) -> Result<Vec<Figure>> {
        let store = Store::open(&self.place.workspace, OpenOptions { read_only: true }, 0)?;
        let points = json!({"points": score_name(0), "op": "at_least", "value": 30});
        let member = json!({"segment": "Segment 2", "is": "in"});
        let company = json!({"field": "company_name", "op": "starts_with", "value": "b"});
        let single = [
            points.clone(),
            member.clone(),
            json!({"activity": TYPES[4], "within": "7 days"}),
        ];
        let harder = [company, json!({"all": [member, points]})];
        Ok(vec![
            self.slowest(&store, "points, of a segment or of an activity", &single)?,
            self.slowest(
                &store,
                "a company's first letter, or of two such together",
                &harder,
            )?,
        ])
    }

    fn slowest(&self, store: &Store, of: &str, rules: &[Value]) -> Result<Figure> {
        let now = Timestamp::now().as_millisecond();
        let (mut slowest, mut detail) = (0.0_f64, String::new());
        for rule in rules {
            let tree: RuleTree = serde_json::from_value(rule.clone())?;
            let (took, (counted, _)) =
                median(self.args.rounds, || Ok(store.try_tree(&tree, 5, now)?))?;
            ensure!(counted > 0, "nobody meets {tree}");
            let milliseconds = took.as_secs_f64() * 1000.0;
            if milliseconds > slowest {
                (slowest, detail) = (milliseconds, tree.to_string());
            }
        }
        Ok(Figure {
            what: format!("live count while a rule of {of} is changed, the slowest"),
            value: slowest,
            unit: "ms",
            // Of 150 ms the window waits 60 for the next key; some are for drawing.
            at_most: Some(80.0),
            detail,
        })
    }

    fn write(&self, name: &str, document: &Value) -> Result<String> {
        let path = self.args.folder.join(name);
        fs::write(&path, document.to_string())?;
        Ok(path.display().to_string())
    }
}

fn score_name(number: usize) -> String {
    format!("Score {number}")
}

/// The type of a score's n-th rule of activities.
fn kind(score: usize, rule: usize) -> usize {
    (score + rule) % TYPES.len()
}

/// Five rules of fields and five of activities.
fn score(number: usize) -> Value {
    let activity = |rule: usize| TYPES[kind(number, rule)];
    let field = |name: &str, points: i64, field: &str, op: &str, value: &str| {
        json!({"name": name, "points": points,
            "when": {"field": field, "op": op, "value": value}})
    };
    json!({"rules": [
        field("Manager", 20, "job_title", "contains", "manager"),
        field("Director", 20, "job_title", "contains", "director"),
        field("Sales", 10, "department", "equals", "Sales"),
        field("Berlin", 10, "city", "equals", "Berlin"),
        field("Web", 15, "source", "equals", "Web"),
        {"name": "Lately", "points": 5, "when": {"activity": activity(0), "since": "2026-01-01"}},
        {"name": "Often", "points": 10,
            "when": {"activity": activity(1), "times": {"op": "at_least", "value": 3}}},
        {"name": "Each", "points": 2, "each": true, "maximum": 20, "when": {"activity": activity(2)}},
        {"name": "Worth", "points": 15,
            "when": {"activity": activity(3), "with": [{"field": "value", "op": "greater", "value": 400}]}},
        {"name": "Ever", "points": 8, "when": {"activity": activity(4)}},
    ]})
}

/// The same points as one statement a score.
fn points_by_hand() -> String {
    let mut script = "
        CREATE TABLE points_by_hand (score_id INTEGER, contact_id INTEGER, points INTEGER,
          PRIMARY KEY (score_id, contact_id)) STRICT, WITHOUT ROWID;
        CREATE INDEX hand_by_contact ON points_by_hand (contact_id);
        CREATE INDEX hand_by_points ON points_by_hand (score_id, points);"
        .to_owned();
    for number in 0..SCORES {
        let count = |rule: usize, also: &str| {
            let kind = kind(number, rule) + 1;
            format!(
                "(SELECT count(*) FROM activities WHERE contact_id = c.id AND type_id = {kind} {also})"
            )
        };
        let since = "AND at >= unixepoch('2026-01-01', 'utc') * 1000";
        script.push_str(&format!(
            "INSERT INTO points_by_hand SELECT * FROM (
               SELECT {}, id, iif(job_title LIKE '%manager%', 20, 0) + iif(job_title LIKE '%director%', 20, 0)
                 + iif(department = 'Sales', 10, 0) + iif(city = 'Berlin', 10, 0) + iif(source = 'Web', 15, 0)
                 + iif({} > 0, 5, 0) + iif({} >= 3, 10, 0) + min(2 * {}, 20) + iif({} > 0, 15, 0) + iif({} > 0, 8, 0)
                 AS points
               FROM contacts AS c WHERE deleted_at IS NULL) WHERE points <> 0;\n",
            number + 1,
            count(0, since),
            count(1, ""),
            count(2, ""),
            count(3, "AND value > 400"),
            count(4, ""),
        ));
    }
    script
}

fn segment(number: usize) -> Value {
    let activity = TYPES[number % TYPES.len()];
    let days = format!("{} days", 10 + number);
    json!({"all": [
        {"points": score_name(number % SCORES), "op": "at_least", "value": 20 + number},
        {"any": [
            {"field": "city", "op": "one_of", "value": ["Berlin", "Wien", "Oslo"]},
            {"activity": activity, "within": days},
            {"field": "job_title", "op": "contains", "value": "manager"},
        ]},
        {"none": [{"field": "source", "op": "equals", "value": "Phone"}]},
    ]})
}

fn seconds(what: &str, taken: &Taken) -> Figure {
    Figure {
        what: what.to_owned(),
        value: taken.wall.as_secs_f64(),
        unit: "s",
        at_most: None,
        detail: format!("{:.1} s of the processor", taken.cpu.as_secs_f64()),
    }
}

fn memory(what: &str, taken: &Taken) -> Figure {
    Figure {
        what: what.to_owned(),
        value: taken.memory as f64 / 1e6,
        unit: "MB",
        at_most: Some(250.0),
        detail: String::new(),
    }
}
