//! A list draws few rows however long it is, and the count of a segment follows what is typed; and how quick the window is,
//! which `cargo xtask bench` wants to know of a workspace of its making.

use std::path::PathBuf;

use serde_json::{Value, json};

use crate::app::App;
use crate::first_run::to_the_plan;

const LOADS: usize = 7;
/// How finely all of a list is scrolled through: for figures, and where only its rows are counted.
const STEPS: [u32; 2] = [200, 20];

/// Counts how long the page is kept from doing anything else, from now on.
const WATCH: &str = "
    const watch = window.watch = { longest: 0, rows: 0, done: false };
    let last = performance.now();
    const beat = () => {
        const now = performance.now();
        watch.longest = Math.max(watch.longest, now - last);
        last = now;
        if (!watch.done) setTimeout(beat, 0);
    };
    beat();";

/// Scrolls through the whole list in so many steps, as a hand on the scroll bar does.
const SCROLL: &str = "
    const steps = arguments[0];
    const frame = document.querySelector('[role=rowgroup][class*=frame]');
    let step = 0;
    const timer = setInterval(() => {
        frame.scrollTop = (frame.scrollHeight - frame.clientHeight) * (step / steps);
        window.watch.rows = Math.max(window.watch.rows, document.querySelectorAll('[role=row]').length);
        if (step++ === steps) { clearInterval(timer); window.watch.done = true; }
    }, 50);";

const TYPE: &str = "
    const field = document.querySelector('input[type=search]');
    const set = Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, 'value').set;
    const words = ['anna berlin', 'priya', '', 'stefan', ''];
    const keys = words.flatMap((word) => Array.from({ length: word.length + 1 }, (_, end) => word.slice(0, end)));
    const timer = setInterval(() => {
        const text = keys.shift();
        if (text === undefined) { clearInterval(timer); window.watch.done = true; return; }
        set.call(field, text);
        field.dispatchEvent(new Event('input', { bubbles: true }));
    }, 150);";

/// Types values into a field of the segment's builder, one after the other, and notes how long it takes until the number
/// of people has followed and is drawn.
const FOLLOW: &str = "
    const [label, values] = arguments[0];
    const field = document.querySelector(`input[aria-label=\"${label}\"]`);
    const people = document.querySelector('aside[aria-label=\"Contacts in this segment\"] [role=status]');
    const set = Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, 'value').set;
    window.watch.took = [];
    let since = 0;
    const observer = new MutationObserver(() => {
        if (since === 0) return;
        const begun = since;
        since = 0;
        requestAnimationFrame(() => window.watch.took.push(performance.now() - begun));
    });
    observer.observe(people, { subtree: true, childList: true, characterData: true });
    const timer = setInterval(() => {
        const value = values.shift();
        if (value === undefined) { clearInterval(timer); observer.disconnect(); window.watch.done = true; return; }
        since = performance.now();
        set.call(field, value);
        field.dispatchEvent(new Event('input', { bubbles: true }));
    }, 600);";

/// Returns when rows came in sight for the first time since the page began to load, in milliseconds.
const IN_SIGHT: &str = "return window.left ? null : performance.getEntriesByName('contacts in sight')[0]?.startTime ?? null";

fn figure(what: &str, value: f64, unit: &str, at_most: Option<f64>, detail: String) -> Value {
    json!({ "what": what, "value": value, "unit": unit, "at_most": at_most, "detail": detail })
}

/// Lets the page do something that says when it is done, and returns what was seen meanwhile.
fn watched(app: &App, script: &str, given: &Value) -> Value {
    app.script(&format!("{WATCH}{script}"), &json!([given]))
        .unwrap();
    // Asking takes the page's time, too: it is asked rarely.
    for _ in 0..100 {
        std::thread::sleep(std::time::Duration::from_secs(3));
        let watch = app.script("return window.watch", &json!([])).unwrap();
        if watch["done"] == json!(true) {
            return watch;
        }
    }
    panic!("the page never came to an end of: {script}");
}

fn first_list(app: &App) -> f64 {
    // The page that is left answers for a while: it must not be taken for the new one.
    app.script("window.left = true; location.reload()", &json!([]))
        .unwrap();
    let mut seen = Value::Null;
    app.until("the list is there", |app| {
        seen = app.script(IN_SIGHT, &json!([])).unwrap_or_default();
        seen.is_number()
    });
    seen.as_f64().unwrap()
}

/// Builds a segment, and returns how long the count took to follow each change of points, and of a company's beginning,
/// the shortest first; milliseconds.
fn followed(app: &App) -> [Vec<f64>; 2] {
    app.go("Segments");
    app.click("link", "New segment");
    app.choose("Field, rule 1", "Points in Engagement");
    app.see("points in Engagement are at least 10");
    let points = json!([
        "Points, rule 1",
        ["20", "30", "40", "20", "50", "30", "10", "40", "20"]
    ]);
    let by_points = watched(app, FOLLOW, &points);
    app.choose("Field, rule 1", "Company name");
    app.choose("Condition, rule 1", "begins with");
    let company = json!([
        "Value, rule 1",
        ["a", "b", "s", "m", "c", "b", "a", "s", "m"]
    ]);
    let by_company = watched(app, FOLLOW, &company);
    [by_points, by_company].map(|watch| {
        let mut took: Vec<f64> = serde_json::from_value(watch["took"].clone()).unwrap();
        took.sort_by(f64::total_cmp);
        assert!(took.len() > 5, "the count has followed: {watch}");
        took
    })
}

#[test]
fn a_list_draws_few_rows_however_long_it_is() {
    let variable = |name| std::env::var_os(name).map(PathBuf::from);
    let given = variable("LEADFERRY_BENCH_WORKSPACE");
    let steps = STEPS[usize::from(given.is_none())];
    let app = match given {
        Some(workspace) => App::with(&workspace),
        None => {
            let app = App::on_a_new_machine();
            to_the_plan(&app);
            app
        }
    };
    app.go("Contacts");
    app.until("the list is there", |app| {
        app.script(IN_SIGHT, &json!([]))
            .is_ok_and(|seen| seen.is_number())
    });
    let mut loads: Vec<f64> = (0..LOADS).map(|_| first_list(&app)).collect();
    loads.sort_by(f64::total_cmp);
    let steps = json!(steps);
    let scrolled = watched(&app, SCROLL, &steps);
    let once = app.memory("WebKitWebProcess").most;
    watched(&app, SCROLL, &steps);
    watched(&app, SCROLL, &steps);
    let thrice = app.memory("WebKitWebProcess").most;
    let typed = watched(&app, TYPE, &Value::Null);
    let [by_points, by_company] = followed(&app);
    let itself = app.memory("leadferry");
    let rows = scrolled["rows"].as_f64().unwrap();
    assert!((10.0..=200.0).contains(&rows), "{rows} rows are drawn");
    let longest = |watch: &Value| watch["longest"].as_f64().unwrap();
    let megabytes = |bytes: u64| bytes as f64 / 1e6;
    let figures = json!([
        figure(
            "window: from the page's first byte to the first list",
            loads[LOADS / 2],
            "ms",
            Some(300.0),
            format!("median; longest {:.0}, of {LOADS}", loads[LOADS - 1])
        ),
        figure(
            "window: longest task while scrolling through all",
            longest(&scrolled),
            "ms",
            Some(50.0),
            format!("{rows} rows drawn at most; layout and drawing of the web view included")
        ),
        figure(
            "window: longest task while searching as one types",
            longest(&typed),
            "ms",
            Some(50.0),
            "layout and drawing of the web view included".to_owned()
        ),
        figure(
            "window: the count follows a change of the points that a segment asks for",
            by_points[by_points.len() / 2],
            "ms",
            Some(150.0),
            format!(
                "median; longest {:.0}, of {}",
                by_points[by_points.len() - 1],
                by_points.len()
            )
        ),
        figure(
            "window: the count follows a change of how a company begins",
            by_company[by_company.len() / 2],
            "ms",
            Some(150.0),
            format!(
                "median; longest {:.0}, of {}",
                by_company[by_company.len() - 1],
                by_company.len()
            )
        ),
        figure(
            "window: memory of the web view, scrolled through all thrice / once",
            thrice as f64 / once as f64,
            "×",
            Some(1.2),
            format!("{:.0} and {:.0} MB", megabytes(thrice), megabytes(once))
        ),
        figure(
            "window: memory of the app itself, without the code of shared libraries",
            megabytes(itself.most - itself.of_files),
            "MB",
            Some(250.0),
            format!("{:.0} MB with it", megabytes(itself.most))
        ),
    ]);
    if let Some(file) = variable("LEADFERRY_BENCH_FIGURES") {
        std::fs::write(file, figures.to_string()).unwrap();
    }
}
