//! Lists, asked for as the window asks: through the door, page by page, and as somebody types.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::{Result, anyhow};
use leadferry_commands::door::Door;
use leadferry_commands::{Environment, Error};
use serde_json::{Value, json};

use crate::desk::Nobody;
use crate::dice::Dice;
use crate::figure::Figure;

/// Rows that the window asks for at a time.
const PAGE: u64 = 100;
/// Pages asked for of each list.
const PAGES: u64 = 200;
/// Times that a list is asked for with nothing kept of it.
const FRESH: usize = 20;
/// A command may take so long, 19 times of 20.
const AT_MOST_MS: f64 = 50.0;
const AT_MOST_MB: f64 = 250.0;

/// Measures the lists of a workspace.
///
/// # Errors
/// When a question is refused.
pub(crate) fn measure(workspace: &Path) -> Result<Vec<Figure>> {
    let mut bench = Bench::open(workspace)?;
    let by = |column: &str, descending: bool| json!({ "column": column, "descending": descending });
    let points = json!({ "points": [{ "score": "Engagement", "at_least": 20 }] });
    let city = json!({ "conditions": [{ "field": "city", "op": "equals", "value": "Berlin" }] });
    let all = json!({});
    let lists = [
        ("newest first", &all, by("created_at", true)),
        ("by name", &all, by("name", false)),
        ("by name, from Z", &all, by("name", true)),
        ("by e-mail", &all, by("email", false)),
        ("by company", &all, by("company_name", false)),
        ("by points", &all, by("points:Engagement", true)),
        ("by city, which has no index", &all, by("city", false)),
        ("20 points at least, by name", &points, by("name", false)),
        ("in Berlin, by name", &city, by("name", false)),
        (
            "not sent, by name",
            &json!({ "deliveries": ["not_sent"] }),
            by("name", false),
        ),
        (
            "those with \"an\", by company",
            &json!({ "text": "an" }),
            by("company_name", false),
        ),
    ];
    for (what, filter, sort) in &lists {
        bench.list(what, filter, sort)?;
    }
    bench.typing()?;
    bench.counts()?;
    bench
        .figures
        .extend(Figure::of_memory("memory behind the lists", AT_MOST_MB));
    Ok(bench.figures)
}

struct Bench {
    runtime: tokio::runtime::Runtime,
    environment: Environment,
    path: PathBuf,
    door: Arc<Door>,
    figures: Vec<Figure>,
}

impl Bench {
    fn open(workspace: &Path) -> Result<Bench> {
        let environment = Environment::read(|name| std::env::var_os(name)).map_err(told)?;
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .enable_all()
            .build()?;
        let door = Door::new(environment.clone(), Arc::new(Nobody));
        Ok(Bench {
            runtime,
            environment,
            path: workspace.to_owned(),
            door,
            figures: Vec::new(),
        })
    }

    /// Opens the workspace anew, so that nothing is kept of what was asked before.
    fn afresh(&mut self) -> Result<()> {
        self.door = Door::new(self.environment.clone(), Arc::new(Nobody));
        let _guard = self.runtime.enter();
        self.door.open(&self.path).map(drop).map_err(told)
    }

    fn ask(&self, name: &str, params: Value) -> Result<(Value, Duration)> {
        let begun = Instant::now();
        let answer = self.runtime.block_on(self.door.call(name, params));
        let answer = answer.map_err(told)?;
        // The window gets text.
        serde_json::to_string(&answer)?;
        Ok((answer, begun.elapsed()))
    }

    fn page(&self, filter: &Value, sort: &Value, from: u64) -> Result<(Value, Duration)> {
        let columns = [
            "name",
            "email",
            "company_name",
            "points:Engagement",
            "salesforce",
        ];
        let page = json!({ "filter": filter, "sort": sort, "columns": columns, "from": from, "limit": PAGE });
        self.ask("contacts.page", page)
    }

    fn keep(&mut self, what: String, times: Vec<Duration>, at_most: Option<f64>) {
        self.figures.push(Figure::of_times(what, times, at_most));
    }

    /// A list asked for the first time, until every page of it is there; then page after page.
    fn list(&mut self, what: &str, filter: &Value, sort: &Value) -> Result<()> {
        let (mut first, mut whole, mut total) = (Vec::new(), Vec::new(), 0);
        for _ in 0..FRESH {
            self.afresh()?;
            let begun = Instant::now();
            first.push(self.page(filter, sort, 0)?.1);
            total = self.settled(filter, sort)?;
            whole.push(begun.elapsed());
        }
        self.keep(format!("first page, {what}"), first, Some(AT_MOST_MS));
        self.keep(format!("until every page is there, {what}"), whole, None);
        let mut dice = Dice::new(7);
        let times = (0..PAGES).map(|_| Ok(self.page(filter, sort, dice.below(total))?.1));
        let times = times.collect::<Result<_>>()?;
        self.keep(format!("any page, {what}"), times, Some(AT_MOST_MS));
        Ok(())
    }

    /// Waits until a list says how long it is, and returns that.
    fn settled(&self, filter: &Value, sort: &Value) -> Result<u64> {
        loop {
            let (answer, _) = self.page(filter, sort, 0)?;
            if let (Some(total), Some(false)) =
                (answer["total"].as_u64(), answer["settling"].as_bool())
            {
                return Ok(total);
            }
            std::thread::sleep(Duration::from_millis(2));
        }
    }

    /// Searches as one types, key by key, with the list shown before still kept.
    fn typing(&mut self) -> Result<()> {
        self.afresh()?;
        let sort = json!({ "column": "name", "descending": false });
        self.settled(&json!({}), &sort)?;
        let (mut keys, mut counts) = (Vec::new(), Vec::new());
        for words in [
            "anna berlin",
            "priya",
            "kamüller",
            "zoé gmbh",
            "stefan ma",
            "olga.r",
            "0170 3112",
            "market street 5",
        ] {
            for (end, letter) in words.char_indices() {
                let filter = json!({ "text": &words[..end + letter.len_utf8()] });
                keys.push(self.page(&filter, &sort, 0)?.1);
                counts.push(self.ask("contacts.count", filter)?.1);
            }
        }
        self.keep(
            "search as one types, a key".to_owned(),
            keys,
            Some(AT_MOST_MS),
        );
        self.keep(
            "how many that are, a key".to_owned(),
            counts,
            Some(AT_MOST_MS),
        );
        Ok(())
    }

    fn counts(&mut self) -> Result<()> {
        let times = (0..20).map(|_| Ok(self.ask("contacts.count", json!({}))?.1));
        let times = times.collect::<Result<_>>()?;
        self.keep(
            "how many contacts there are".to_owned(),
            times,
            Some(AT_MOST_MS),
        );
        Ok(())
    }
}

fn told(error: Error) -> anyhow::Error {
    anyhow!("{}; {}; {}", error.message, error.cause, error.hint)
}
