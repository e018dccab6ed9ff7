//! A practice org of a test's own, in its own folder.

use leadferry_practice_org::{Options, Running, Secrets, built_in, serve};
use reqwest::Url;
use serde_json::Value;
use tempfile::TempDir;

/// A served practice org, and a session to look into it with.
///
/// It looks with plain requests, so that what a client wrote is not read back by the same client.
pub(crate) struct Org {
    running: Running,
    http: reqwest::Client,
    token: String,
    _folder: TempDir,
}

impl Org {
    /// Serves a new org without people and signs in.
    pub(crate) async fn start() -> Self {
        Self::start_with(false).await
    }

    /// Serves a new org with the people that such an org comes with, and signs in.
    pub(crate) async fn start_with_sample_people() -> Self {
        Self::start_with(true).await
    }

    async fn start_with(sample_people: bool) -> Self {
        let folder = TempDir::new().unwrap();
        let options = Options {
            port: None,
            sample_people,
            ..Options::default()
        };
        let running = serve(&folder.path().join("practice.org"), options)
            .await
            .unwrap();
        let http = reqwest::Client::builder().no_proxy().build().unwrap();
        let token = sign_in(&http, &running).await;
        Self {
            running,
            http,
            token,
            _folder: folder,
        }
    }

    /// Returns where the org is served: scheme, host and port.
    pub(crate) fn url(&self) -> String {
        self.running
            .url()
            .to_string()
            .trim_end_matches('/')
            .to_owned()
    }

    /// Returns what opens it.
    pub(crate) fn secrets(&self) -> &Secrets {
        self.running.secrets()
    }

    /// Returns the access token of this look-in session.
    pub(crate) fn token(&self) -> &str {
        &self.token
    }

    /// Returns how many records a `SELECT COUNT() …` finds; deleted ones are left out.
    pub(crate) async fn count(&self, soql: &str) -> u64 {
        let answer = self.ask("query", soql).await;
        answer["totalSize"].as_u64().unwrap()
    }

    /// Returns how many records a `SELECT COUNT() …` finds, deleted ones included.
    pub(crate) async fn count_all(&self, soql: &str) -> u64 {
        let answer = self.ask("queryAll", soql).await;
        answer["totalSize"].as_u64().unwrap()
    }

    /// Returns the records of the first page of a query.
    pub(crate) async fn records(&self, soql: &str) -> Vec<Value> {
        let answer = self.ask("query", soql).await;
        answer["records"].as_array().unwrap().clone()
    }

    /// Calls an admin endpoint.
    pub(crate) async fn admin(&self, method: reqwest::Method, what: &str, body: Value) {
        let address = format!("{}/practice-org/admin/{what}", self.url());
        let request = self.http.request(method, address).json(&body);
        let request = request.header("X-Admin-Key", self.running.admin_key());
        let answer = request.send().await.unwrap();
        assert!(answer.status().is_success(), "{}", answer.status());
    }

    /// Lets it misbehave.
    pub(crate) async fn fault(&self, fault: Value) {
        let address = format!("{}/practice-org/admin/faults", self.url());
        let request = self.http.post(address);
        let request = request.header("X-Admin-Key", self.running.admin_key());
        let answer = request.json(&fault).send().await.unwrap();
        assert!(answer.status().is_success(), "{fault}");
    }

    async fn ask(&self, resource: &str, soql: &str) -> Value {
        let address = format!("{}/services/data/v62.0/{resource}", self.url());
        let address = Url::parse_with_params(&address, [("q", soql)]).unwrap();
        let answer = self
            .http
            .get(address)
            .bearer_auth(&self.token)
            .send()
            .await
            .unwrap();
        let status = answer.status();
        let body: Value = answer.json().await.unwrap();
        assert!(status.is_success(), "{soql} was answered {status}: {body}");
        body
    }
}

async fn sign_in(http: &reqwest::Client, running: &Running) -> String {
    let secrets = running.secrets();
    let answer = http
        .post(format!("{}/services/oauth2/token", running.url()))
        .form(&[
            ("grant_type", "password"),
            ("client_id", built_in::CLIENT_ID),
            ("client_secret", &secrets.client_secret),
            ("username", built_in::USERNAME),
            ("password", &secrets.password),
        ])
        .send()
        .await
        .unwrap();
    let body: Value = answer.json().await.unwrap();
    match body["access_token"].as_str() {
        Some(token) => token.to_owned(),
        None => panic!("no sign-in at the practice org: {body}"),
    }
}
