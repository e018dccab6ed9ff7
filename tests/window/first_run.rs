//! From nothing to the first contacts in the practice org, without reading anything.

use crate::app::App;

const WORKSPACE: &str = "Practice.leadferry";

#[tokio::test]
#[ignore = "needs a display: `cargo xtask test` gives it one"]
async fn a_newcomer_has_her_first_hundred_contacts_in_the_practice_org_after_two_clicks() {
    let app = App::start().await;
    app.see("Send the right contacts to Salesforce").await;
    app.picture("first-run-light").await;
    app.press("button", "Open the practice org").await;
    app.see("Matched and planned").await;
    app.picture("plan-light").await;
    app.press("button", "leads in Practice").await;
    app.see("Finished").await;
    app.picture("runs-light").await;

    let runs = app.cli(WORKSPACE, &["runs", "list"]);
    let run = &runs[0];
    let created = run["created"].as_u64().unwrap();
    assert!(created >= 100, "{run}");
    assert_eq!(run["state"], "finished");
    app.press("button", "Run 1").await;
    app.see(&grouped(created)).await;
    app.picture("run-light").await;
    let queue = app.cli(WORKSPACE, &["queue", "list"]);
    assert_eq!(
        queue["counts"]["pending"].as_u64().unwrap_or(0),
        0,
        "{queue}"
    );
    app.end().await;
}

#[tokio::test]
#[ignore = "needs a display: `cargo xtask test` gives it one"]
async fn the_window_follows_what_the_command_line_does_and_turns_dark() {
    let app = App::start().await;
    app.press("button", "Open the practice org").await;
    app.see("Matched and planned").await;
    let renamed = [
        "replications",
        "set",
        "Leads from good contacts",
        "--name",
        "Good leads",
    ];
    assert!(app.cli_output(WORKSPACE, &renamed).status.success());
    app.go("Replications").await;
    app.see("Good leads").await;
    app.go("Settings").await;
    app.press("radio", "Dark").await;
    let scheme = "return document.documentElement.getAttribute('data-mantine-color-scheme')";
    assert_eq!(app.execute(scheme).await, "dark");
    let app = app.kill_and_restart().await;
    app.see("Good leads").await;
    assert_eq!(app.execute(scheme).await, "dark");
    app.end().await;
}

fn grouped(number: u64) -> String {
    let digits = number.to_string();
    match digits.len() {
        0..=3 => digits,
        length => format!("{},{}", &digits[..length - 3], &digits[length - 3..]),
    }
}
