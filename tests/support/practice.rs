//! A practice org in a process of its own, and a look into it with plain requests.
//!
//! What our client wrote is never read back by our client here.

use std::path::PathBuf;
use std::time::{Duration, Instant};

use leadferry_practice_org::{Owner, Secrets, built_in, owner, secrets};
use reqwest::{Method, Url};
use serde_json::{Value, json};
use tokio::runtime::{Builder, Runtime};

use super::cli::{Cli, Outcome, Started};
use super::ports;

const PATIENCE: Duration = Duration::from_secs(20);

/// The org beside a workspace, served by `leadferry-cli practice-org serve`.
pub(crate) struct PracticeOrg {
    cli: Cli,
    port: Option<u16>,
    serving: Option<Started>,
    owner: Owner,
    runtime: Runtime,
    http: reqwest::Client,
    token: String,
}

impl PracticeOrg {
    /// Serves the org beside the program's workspace.
    pub(crate) fn serve(cli: &Cli) -> Self {
        Self::serve_at(cli, None)
    }

    /// Serves it at a port that stays the same over restarts.
    pub(crate) fn serve_at_one_port(cli: &Cli) -> Self {
        Self::serve_at(cli, Some(ports::free()))
    }

    fn serve_at(cli: &Cli, port: Option<u16>) -> Self {
        let (serving, owner) = start(cli, port);
        let runtime = Builder::new_current_thread().enable_all().build().unwrap();
        // A connection that was kept may lead to an org killed since.
        let http = reqwest::Client::builder()
            .no_proxy()
            .pool_max_idle_per_host(0)
            .build()
            .unwrap();
        let mut org = Self {
            cli: cli.clone(),
            port,
            serving: Some(serving),
            owner,
            runtime,
            http,
            token: String::new(),
        };
        org.token = org.sign_in();
        org
    }

    /// Kills whoever serves the org, in the midst of whatever it does.
    pub(crate) fn kill(&mut self) {
        if let Some(serving) = self.serving.take() {
            serving.killed_after(Duration::ZERO);
        }
    }

    /// Serves the org again after a kill.
    pub(crate) fn serve_again(&mut self) {
        let (serving, owner) = start(&self.cli, self.port);
        self.serving = Some(serving);
        self.owner = owner;
    }

    /// Ends serving in good order: everything is in the org's one file then.
    pub(crate) fn stop(mut self) {
        let serving = self.serving.take().unwrap();
        terminate(&serving);
        serving.outcome().expect(0);
    }

    /// Returns the address, as a connection's host.
    pub(crate) fn url(&self) -> String {
        format!("http://localhost:{}", self.owner.port)
    }

    /// Returns the port.
    pub(crate) fn port(&self) -> u16 {
        self.owner.port
    }

    /// Returns all records of a query, over all pages; deleted ones are left out.
    pub(crate) fn records(&self, soql: &str) -> Vec<Value> {
        self.all_pages("query", soql)
    }

    /// Returns all records of a query, deleted ones included.
    pub(crate) fn records_with_deleted(&self, soql: &str) -> Vec<Value> {
        self.all_pages("queryAll", soql)
    }

    fn all_pages(&self, resource: &str, soql: &str) -> Vec<Value> {
        let first = format!("{}/services/data/v62.0/{resource}", self.url());
        let mut next = Url::parse_with_params(&first, [("q", soql)]).unwrap();
        let mut records = Vec::new();
        loop {
            let answer = self.call(Method::GET, next, None);
            records.extend(answer["records"].as_array().unwrap().iter().cloned());
            match answer["nextRecordsUrl"].as_str() {
                Some(path) => next = Url::parse(&format!("{}{path}", self.url())).unwrap(),
                None => return records,
            }
        }
    }

    /// Creates records of one object and returns their ids.
    pub(crate) fn create(&self, object: &str, records: &[Value]) -> Vec<String> {
        let url = format!("{}/services/data/v62.0/composite/sobjects", self.url());
        let url = Url::parse(&url).unwrap();
        let mut ids = Vec::new();
        for chunk in records.chunks(200) {
            let mut rows = chunk.to_vec();
            for row in &mut rows {
                row["attributes"] = json!({ "type": object });
            }
            let body = json!({ "allOrNone": true, "records": rows });
            let answer = self.call(Method::POST, url.clone(), Some(&body));
            for row in answer.as_array().unwrap() {
                assert_eq!(
                    row["success"], true,
                    "a record of the set-up was refused: {row}"
                );
                ids.push(row["id"].as_str().unwrap().to_owned());
            }
        }
        ids
    }

    /// Changes records of one object, each with its `id`, as a person would.
    pub(crate) fn change(&self, object: &str, records: &[Value]) {
        let url = format!("{}/services/data/v62.0/composite/sobjects", self.url());
        let mut rows = records.to_vec();
        for row in &mut rows {
            row["attributes"] = json!({ "type": object });
        }
        let body = json!({ "allOrNone": true, "records": rows });
        let answer = self.call(Method::PATCH, Url::parse(&url).unwrap(), Some(&body));
        for row in answer.as_array().unwrap() {
            assert_eq!(row["success"], true, "a change was refused: {row}");
        }
    }

    /// Returns what the org says of an object.
    pub(crate) fn describe(&self, object: &str) -> Value {
        let url = format!(
            "{}/services/data/v62.0/sobjects/{object}/describe",
            self.url()
        );
        self.call(Method::GET, Url::parse(&url).unwrap(), None)
    }

    /// Calls the admin endpoint.
    pub(crate) fn admin(&self, method: Method, what: &str, body: Option<&Value>) -> Value {
        let url = format!("{}/practice-org/admin/{what}", self.url());
        self.call(method, Url::parse(&url).unwrap(), body)
    }

    /// Asks for a fault.
    pub(crate) fn fault(&self, fault: &Value) {
        self.admin(Method::POST, "faults", Some(fault));
    }

    /// Adds a text field to an object as an administrator would; it has to be filled in, so that everybody sees it.
    pub(crate) fn add_text_field(&self, object: &str, name: &str) {
        let url = format!(
            "{}/services/data/v62.0/tooling/sobjects/CustomField",
            self.url()
        );
        let body = json!({
            "FullName": format!("{object}.{name}"),
            "Metadata": { "label": name.trim_end_matches("__c"), "type": "Text", "length": 40, "required": true },
        });
        self.call(Method::POST, Url::parse(&url).unwrap(), Some(&body));
    }

    /// Returns how many requests the org has ever been sent by anyone but us.
    pub(crate) fn requests(&self) -> u64 {
        // Looking is a request as well, but those of the admin endpoint are not counted.
        self.admin(Method::GET, "counters", None)["requests"]
            .as_u64()
            .unwrap()
    }

    /// Ends all sessions, as after some hours: refresh tokens still open new ones.
    pub(crate) fn expire_sessions(&mut self) {
        self.admin(Method::POST, "sessions/expire", None);
        self.token = self.sign_in();
    }

    /// Adds a connection to this org that signs in with the app's own secret, over the network as to any org.
    pub(crate) fn connect(&self, cli: &Cli, name: &str) {
        let secret = self.secrets().client_secret;
        connect_with(cli, name, &self.url(), &secret).expect(0);
        cli.run(&["connections", "authorize", name]).expect(0);
    }

    /// Returns what opens it, from its file.
    pub(crate) fn secrets(&self) -> Secrets {
        secrets(&org_file(&self.cli)).unwrap()
    }

    fn sign_in(&self) -> String {
        let secrets = self.secrets();
        let form = [
            ("grant_type", "password"),
            ("client_id", built_in::CLIENT_ID),
            ("client_secret", &secrets.client_secret),
            ("username", built_in::USERNAME),
            ("password", &secrets.password),
        ];
        let request = self
            .http
            .post(format!("{}/services/oauth2/token", self.url()))
            .form(&form);
        let body: Value = self.runtime.block_on(async {
            let answer = request.send().await.unwrap();
            answer.json().await.unwrap()
        });
        match body["access_token"].as_str() {
            Some(token) => token.to_owned(),
            None => panic!("no sign-in at the practice org: {body}"),
        }
    }

    fn call(&self, method: Method, url: Url, body: Option<&Value>) -> Value {
        let mut request = self
            .http
            .request(method, url.clone())
            .bearer_auth(&self.token)
            .header("X-Admin-Key", &self.owner.admin_key);
        if let Some(body) = body {
            request = request.json(body);
        }
        let (status, text) = self.runtime.block_on(async {
            let answer = request.send().await.unwrap();
            (answer.status(), answer.text().await.unwrap())
        });
        assert!(status.is_success(), "{url} was answered {status}: {text}");
        serde_json::from_str(&text).unwrap_or(Value::Null)
    }
}

impl Drop for PracticeOrg {
    fn drop(&mut self) {
        self.kill();
    }
}

/// Adds a connection with client credentials to whatever is served at `url`: with the secret of the org beside the
/// workspace, where there is one.
pub(crate) fn connect_at(cli: &Cli, name: &str, url: &str) -> Outcome {
    let secret = secrets(&org_file(cli)).map(|secrets| secrets.client_secret);
    connect_with(cli, name, url, &secret.unwrap_or("NOBODYS".to_owned()))
}

fn connect_with(cli: &Cli, name: &str, url: &str, secret: &str) -> Outcome {
    let args = [
        "connections",
        "add",
        name,
        "--flow",
        "client-credentials",
        "--host",
        url,
        "--client-id",
        built_in::CLIENT_ID,
        "--client-secret-stdin",
    ];
    cli.run_with_input(&args, secret)
}

fn start(cli: &Cli, port: Option<u16>) -> (Started, Owner) {
    let port = port.map(|port| port.to_string());
    let mut args = vec!["practice-org", "serve"];
    args.extend(port.iter().flat_map(|port| ["--port", port]));
    let mut serving = cli.start(&args);
    let file = org_file(cli);
    let runtime = Builder::new_current_thread().enable_all().build().unwrap();
    let began = Instant::now();
    while began.elapsed() < PATIENCE {
        // Between lock and port file there is nothing to read yet.
        if let Ok(Some(owner)) = runtime.block_on(owner(&file)) {
            return (serving, owner);
        }
        if !serving.is_running() {
            break;
        }
        std::thread::sleep(Duration::from_millis(10));
    }
    panic!("no practice org: {}", serving.killed_after(Duration::ZERO));
}

/// Returns the org's file: it stands beside the workspace.
fn org_file(cli: &Cli) -> PathBuf {
    let mut name = cli.workspace().file_name().unwrap().to_owned();
    name.push(".practice-org.sqlite");
    cli.workspace().with_file_name(name)
}

fn terminate(serving: &Started) {
    let status = std::process::Command::new("kill")
        .args(["-TERM", &serving.id().to_string()])
        .status();
    assert!(
        status.unwrap().success(),
        "the practice org could not be asked to end"
    );
}
