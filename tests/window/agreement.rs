//! One number, one name: whoever counts the contacts of a run, its queue or its calls says the same.

use serde_json::{Value, json};

use crate::app::App;
use crate::first_run::{REPLICATION, run, to_the_plan};

#[test]
fn plan_run_alert_lists_and_status_bar_say_the_same_number_under_the_same_name() {
    let app = App::on_a_new_machine();
    to_the_plan(&app);
    let named = json!({"name": REPLICATION});
    let planned = app.ask("replications.latest_plan", &named)["counts"].clone();
    run(&app);
    app.see(&format!("Blocked {}", planned["blocked"]));
    // Some more that can't be sent: a run that blocks on its own, after one that did.
    for one in 0..3 {
        let nameless = json!({
            "first_name": "Ines", "email": format!("ines{one}@ferry-works.example"),
            "company_name": "Ferry Works", "job_title": "Director and purchasing manager",
        });
        app.ask("contacts.add", &json!({"fields": nameless}));
    }
    app.cli(&["scores", "recalculate"]);
    app.cli(&["replications", "run", REPLICATION]);

    let blocked = planned["blocked"].as_u64().unwrap() + 3;
    let (created, updated) = (&planned["create"], &planned["update"]);
    let runs = app.ask("runs.list", &json!({"limit": 5}));
    let figures: Vec<&Value> = runs
        .as_array()
        .unwrap()
        .iter()
        .map(|run| &run["figures"])
        .collect();
    assert_eq!(figures[0]["blocked"], 3, "{runs}");
    assert_eq!(
        (
            &figures[1]["created"],
            &figures[1]["updated"],
            &figures[1]["blocked"]
        ),
        (created, updated, &planned["blocked"])
    );
    assert_eq!(app.cli(&["runs", "list"])["runs"], runs);

    let queue = app.ask("queue.list", &json!({"filter": {}, "limit": 0}));
    let standing = app.ask("replications.show", &named)["standing"].clone();
    let listed = app.cli(&["replications", "list"])["replications"][0]["standing"].clone();
    let overview = app.ask("statistics.overview", &json!({}));
    let sum = |list: &Value, count: &str| -> u64 {
        list.as_array()
            .unwrap()
            .iter()
            .map(|one| one[count].as_u64().unwrap())
            .sum()
    };
    let looks = overview["looks"].as_array().unwrap().iter();
    let stuck: Vec<Value> = looks
        .filter(|look| look["kind"] == "blocked")
        .cloned()
        .collect();
    for (place, count) in [
        ("the queue", queue["figures"]["blocked"].as_u64().unwrap()),
        (
            "the queue on the terminal",
            app.cli(&["queue", "list"])["figures"]["blocked"]
                .as_u64()
                .unwrap(),
        ),
        ("the replication", standing["blocked"].as_u64().unwrap()),
        (
            "the replications on the terminal",
            listed["blocked"].as_u64().unwrap(),
        ),
        ("what needs attention", sum(&json!(stuck), "contacts")),
        ("the reasons", sum(&overview["causes"], "contacts")),
        ("the days", sum(&overview["days"], "blocked")),
        (
            "the runs",
            figures
                .iter()
                .map(|one| one["blocked"].as_u64().unwrap())
                .sum(),
        ),
    ] {
        assert_eq!(count, blocked, "{place}");
    }
    assert_eq!(queue["figures"]["sent"], standing["done"]);
    let alerts = app.ask("alerts.list", &json!({}))["alerts"].clone();
    assert_eq!(alerts[0]["message"], "3 blocked");
    assert_eq!(app.cli(&["alerts", "list"])["alerts"], alerts);

    app.go("Overview");
    app.see("Sent, by day");
    app.see(&format!("{blocked} blocked"));
    app.see(&format!("Blocked {blocked}"));
    app.find_within("Screens", "link", &format!("Replications{blocked} blocked"));
    calls_agree(&app);
}

/// The calls of 24 hours: what the org counts, of which ours are a part, and what is left.
fn calls_agree(app: &App) {
    let budget = app.ask("connections.list", &json!({}))[0]["budget"].clone();
    let count = |name: &str| budget[name].as_u64().unwrap();
    assert!(
        count("ours") > 0 && count("ours") <= count("used"),
        "{budget}"
    );
    let listed = app.cli(&["connections", "list"])["connections"][0]["budget"].clone();
    let overview = app.ask("statistics.overview", &json!({}))["api_use"][0].clone();
    for other in [listed, overview["budget"].clone()] {
        assert_eq!(
            (&other["max"], &other["ours"]),
            (&budget["max"], &budget["ours"])
        );
    }
    app.see(&format!("of {} calls left", grouped(count("max"))));
    app.see(&format!("of {} used in 24 hours", grouped(count("max"))));
}

#[test]
fn the_size_of_a_workspace_is_that_of_all_its_files() {
    let app = App::on_a_new_machine();
    to_the_plan(&app);
    let info = app.ask("workspaces.current", &json!({}));
    let size = |ending: &str| {
        let file = format!("{}{ending}", app.workspace().display());
        std::fs::metadata(file).map_or(0, |data| data.len())
    };
    assert!(size("-wal") > 0, "there is a log");
    assert_eq!(info["bytes"].as_u64().unwrap(), size("") + size("-wal"));
}

fn grouped(count: u64) -> String {
    let digits = count.to_string();
    let groups: Vec<&[u8]> = digits.as_bytes().rchunks(3).rev().collect();
    let groups: Vec<String> = groups
        .iter()
        .map(|group| String::from_utf8_lossy(group).into_owned())
        .collect();
    groups.join(",")
}
