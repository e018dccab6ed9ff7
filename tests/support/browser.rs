//! A person at a browser who signs in to the practice org.

use std::time::{Duration, Instant};

use leadferry_practice_org::built_in;
use reqwest::redirect::Policy;
use reqwest::{Client, Url};
use tokio::runtime::Builder;

use super::cli::{Cli, Outcome};
use super::ports;
use super::practice::PracticeOrg;

const PATIENCE: Duration = Duration::from_secs(20);

/// Adds a connection that someone has to sign in to.
pub(crate) fn add_connection(cli: &Cli, name: &str, org: &PracticeOrg, client_id: &str) {
    let port = ports::free().to_string();
    #[rustfmt::skip]
    cli.run(&[
        "connections", "add", name, "--flow", "browser", "--host", &org.url(), "--client-id", client_id,
        "--callback-port", &port,
    ])
    .expect(0);
}

/// Signs in at the address that `connections authorize` prints, and allows access.
pub(crate) fn sign_in(cli: &Cli, org: &PracticeOrg, name: &str) -> Outcome {
    answer(cli, org, name, "allow")
}

/// Signs in, and denies access.
pub(crate) fn refuse(cli: &Cli, org: &PracticeOrg, name: &str) -> Outcome {
    answer(cli, org, name, "deny")
}

fn answer(cli: &Cli, org: &PracticeOrg, name: &str, decision: &str) -> Outcome {
    let mut waiting = cli.start(&["connections", "authorize", name, "--no-browser"]);
    let began = Instant::now();
    let address = loop {
        let said = waiting.said();
        // The line is whole once another one follows.
        let address = said
            .lines()
            .find(|line| line.starts_with("http") && said.contains(&format!("{line}\n")));
        if let Some(address) = address {
            break address.to_owned();
        }
        assert!(
            waiting.is_running() && began.elapsed() < PATIENCE,
            "no address to sign in at: {said}"
        );
        std::thread::sleep(Duration::from_millis(10));
    };
    let runtime = Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(browse(&address, &org.secrets().password, decision));
    waiting.outcome()
}

async fn browse(address: &str, password: &str, decision: &str) {
    let browser = Client::builder()
        .no_proxy()
        .redirect(Policy::none())
        .build()
        .unwrap();
    let url = Url::parse(address).unwrap();
    let page = browser
        .get(url.clone())
        .send()
        .await
        .unwrap()
        .text()
        .await
        .unwrap();
    assert!(page.contains("Log In"), "{page}");
    let form = [
        ("query", url.query().unwrap()),
        ("username", built_in::USERNAME),
        ("password", password),
    ];
    let to = url.join("/services/oauth2/authorize").unwrap();
    let page = browser
        .post(to.clone())
        .form(&form)
        .send()
        .await
        .unwrap()
        .text()
        .await
        .unwrap();
    let ticket = page
        .split("name=ticket value=\"")
        .nth(1)
        .and_then(|rest| rest.split('"').next());
    let form = [("ticket", ticket.unwrap()), ("decision", decision)];
    let answer = browser.post(to).form(&form).send().await.unwrap();
    let back = answer.headers()["location"].to_str().unwrap().to_owned();
    let page = browser.get(back).send().await.unwrap();
    let kind = page.headers()["content-type"].to_str().unwrap().to_owned();
    assert!(
        kind.starts_with("text/html"),
        "the user ends on a page, not on {kind}"
    );
}
