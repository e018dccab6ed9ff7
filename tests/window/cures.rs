//! Refused contacts, cured from the page of the run.

use serde_json::json;

use crate::app::App;
use crate::first_run::{REPLICATION, nothing_twice, run, to_the_plan};

#[test]
fn who_was_held_up_is_cured_from_the_page_of_the_run() {
    let app = App::on_a_new_machine();
    to_the_plan(&app);
    run(&app);
    app.find("region", "Refused, by cause");
    app.picture("09-refused");
    let (before, sent) = (waiting(&app), nothing_twice(&app));
    assert!(before > 1, "somebody was held up");

    // Somebody of the same e-mail is there, says the org; the user knows that it is another person.
    app.press("Create a new record anyway");
    app.until("one fewer is held up", |app| waiting(app) == before - 1);
    app.click("tab", "Queue*");
    app.find("button", "Try * again");
    app.picture("10-queue");
    app.click("tab", "Plan*");
    app.press("Plan again");
    let due = |app: &App| {
        let plan = app.ask("replications.latest_plan", &json!({"name": REPLICATION}));
        let count = |what: &str| plan["counts"][what].as_u64().unwrap();
        count("create") + count("update")
    };
    app.until("that one goes", |app| due(app) == 1);
    run(&app);
    assert_eq!(nothing_twice(&app), sent + 1);
    assert_eq!(waiting(&app), before - 1);
}

fn waiting(app: &App) -> u64 {
    let queue = app.ask(
        "queue.list",
        &json!({"filter": {"replication": REPLICATION}, "limit": 1}),
    );
    let count = |state: &str| queue["counts"][state].as_u64().unwrap_or(0);
    count("blocked") + count("given_up")
}
