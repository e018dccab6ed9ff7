//! Drives the door as the window does, and says how long each answer took: `bench WORKSPACE` prints JSON.
//!
//! `cargo xtask bench` makes the workspace and shows the figures; there is no window here, only its questions.
#![expect(
    clippy::print_stdout,
    reason = "the figures are what this program is for"
)]
#![expect(
    clippy::unwrap_used,
    reason = "a measurement that cannot be taken ends the program"
)]

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};

use leadferry_commands::Environment;
use leadferry_commands::door::{Desk, Door, Event, Pick};
use serde_json::{Value, json};

/// A desk with nobody at it.
struct Nobody;

impl Desk for Nobody {
    fn pick_file(&self, _: Pick) -> Option<PathBuf> {
        None
    }
    fn pick_place(&self, _: Pick, _: &str) -> Option<PathBuf> {
        None
    }
    fn open(&self, _: &str) -> bool {
        false
    }
    fn notify(&self, _: &str, _: &str) {}
    fn preference(&self, _: &str) -> Value {
        Value::Null
    }
    fn set_preference(&self, _: &str, _: Value) {}
    fn documents(&self) -> PathBuf {
        std::env::temp_dir()
    }
    fn close(&self, _: bool) {}
    fn emit(&self, _: Event) {}
}

const PAGE: u64 = 100;
/// Pages asked for of each settled list.
const PAGES: u64 = 200;

/// Numbers that look random and are the same in every run.
struct Dice(u64);

impl Dice {
    fn below(&mut self, limit: u64) -> u64 {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % limit.max(1)
    }
}

struct Bench {
    runtime: tokio::runtime::Runtime,
    environment: Environment,
    path: PathBuf,
    door: Arc<Door>,
    results: Vec<Value>,
}

impl Bench {
    /// Opens the workspace anew, so that nothing is kept from what was asked before.
    fn afresh(&mut self) {
        self.door = Door::new(self.environment.clone(), Arc::new(Nobody));
        let _guard = self.runtime.enter();
        self.door.open(&self.path).unwrap();
    }

    fn ask(&self, name: &str, params: Value) -> (Value, Duration) {
        let begun = Instant::now();
        let answer = self.runtime.block_on(self.door.call(name, params)).unwrap();
        // The window gets text.
        let _ = serde_json::to_string(&answer).unwrap();
        (answer, begun.elapsed())
    }

    fn page(&self, filter: &Value, sort: &Value, from: u64) -> (Value, Duration) {
        let columns = [
            "name",
            "email",
            "company_name",
            "points:Engagement",
            "salesforce",
        ];
        self.ask(
            "contacts.page",
            json!({ "filter": filter, "sort": sort, "columns": columns, "from": from, "limit": PAGE }),
        )
    }

    fn keep(&mut self, what: &str, kind: &str, mut times: Vec<Duration>) {
        times.sort_unstable();
        let at = |percent: usize| {
            let index = (times.len() * percent).div_ceil(100).saturating_sub(1);
            times[index].as_secs_f64() * 1000.0
        };
        self.results.push(json!({
            "what": what, "kind": kind, "count": times.len(), "p50_ms": at(50), "p95_ms": at(95), "p99_ms": at(99),
        }));
    }

    /// A list asked for the first time, until it is settled, then page after page of it.
    fn list(&mut self, what: &str, filter: &Value, sort: &Value) {
        let mut first = Vec::new();
        for _ in 0..3 {
            self.afresh();
            first.push(self.page(filter, sort, 0).1);
        }
        self.keep(what, "first page, nothing kept", first);
        let begun = Instant::now();
        let total = loop {
            let (answer, _) = self.page(filter, sort, 0);
            if let (Some(total), Some(false)) =
                (answer["total"].as_u64(), answer["settling"].as_bool())
            {
                break total;
            }
            std::thread::sleep(Duration::from_millis(2));
        };
        self.keep(what, "settled after", vec![begun.elapsed()]);
        let mut dice = Dice(7);
        let times = (0..PAGES).map(|_| self.page(filter, sort, dice.below(total)).1);
        let times = times.collect();
        self.keep(what, "any page", times);
    }

    /// Searches as one types, key by key, with the list shown before still kept.
    fn typing(&mut self) {
        self.afresh();
        let sort = json!({ "column": "name", "descending": false });
        self.page(&json!({}), &sort, 0);
        std::thread::sleep(Duration::from_secs(2));
        let (mut keys, mut single) = (Vec::new(), Vec::new());
        for words in [
            "anna berlin",
            "priya",
            "kamüller",
            "zoé gmbh",
            "stefan demo",
            "olga.r",
        ] {
            for end in words
                .char_indices()
                .map(|(at, letter)| at + letter.len_utf8())
            {
                let filter = json!({ "text": &words[..end] });
                let time = self.page(&filter, &sort, 0).1;
                let letters = words[..end].chars().count();
                if letters == 1 { &mut single } else { &mut keys }.push(time);
            }
        }
        self.keep(
            "search as one types, by name",
            "from the second letter",
            keys,
        );
        self.keep(
            "search as one types, by name",
            "the first letter alone",
            single,
        );
        let count = |bench: &Bench, filter: Value| bench.ask("contacts.count", filter).1;
        let all = (0..20).map(|_| count(self, json!({}))).collect();
        self.keep("count", "all", all);
        let found = ["anna", "be", "gmbh", "pri"]
            .iter()
            .map(|text| count(self, json!({ "text": text })));
        let found = found.collect();
        self.keep("count", "of a search", found);
    }
}

fn main() {
    let path = PathBuf::from(std::env::args_os().nth(1).expect("bench WORKSPACE"));
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .unwrap();
    let environment = Environment::read(|name| std::env::var_os(name)).unwrap();
    let door = Door::new(environment.clone(), Arc::new(Nobody));
    let mut bench = Bench {
        runtime,
        environment,
        path: path.clone(),
        door,
        results: Vec::new(),
    };
    let by = |column: &str, descending: bool| json!({ "column": column, "descending": descending });
    let city = json!({ "conditions": [{ "field": "city", "op": "equals", "value": "Berlin" }] });
    let none = json!({});
    for (what, filter, sort) in [
        ("newest first", &none, by("created_at", true)),
        ("by name", &none, by("name", false)),
        ("by name, from Z", &none, by("name", true)),
        ("by e-mail", &none, by("email", false)),
        ("by company", &none, by("company_name", false)),
        ("by points", &none, by("points:Engagement", true)),
        (
            "points at least 20, by name",
            &json!({ "points": [{ "score": "Engagement", "at_least": 20 }] }),
            by("name", false),
        ),
        (
            "search \"an\", by company",
            &json!({ "text": "an" }),
            by("company_name", false),
        ),
        ("city is Berlin, by name", &city, by("name", false)),
        (
            "city is Berlin, newest first",
            &city,
            by("created_at", true),
        ),
        (
            "not sent, by name",
            &json!({ "deliveries": ["not_sent"] }),
            by("name", false),
        ),
        ("by city, which has no index", &none, by("city", false)),
    ] {
        bench.list(what, filter, &sort);
    }
    bench.typing();
    let memory = memory(Path::new("/proc/self/status"));
    println!(
        "{}",
        json!({ "results": bench.results, "memory_peak_bytes": memory })
    );
}

/// Returns the most memory that this process ever had, where the system tells.
fn memory(status: &Path) -> Option<u64> {
    let text = std::fs::read_to_string(status).ok()?;
    let line = text.lines().find(|line| line.starts_with("VmHWM:"))?;
    let kilobytes: u64 = line.split_whitespace().nth(1)?.parse().ok()?;
    Some(kilobytes * 1024)
}
