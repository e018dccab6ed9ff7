//! The `WebDriver` that drives the window: the few commands of it that the journeys need.
//!
//! # Source
//! W3C, "`WebDriver`", sections 8 (sessions), 13.2 (scripts), 12.5 (elements), 15 (actions).

use std::fs::File;
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use reqwest::Method;
use serde_json::{Value, json};
use tokio::runtime::{Builder, Runtime};

use crate::display::Group;

/// Starting a program on a busy machine takes no longer.
const PATIENCE: Duration = Duration::from_secs(60);
/// The key under which the standard returns an element.
const ELEMENT: &str = "element-6066-11e4-a52e-4f735466cecf";

/// A driver, and the one window that it drives.
pub(crate) struct Driver {
    process: Group,
    address: String,
    session: String,
    client: reqwest::Client,
    runtime: Runtime,
}

/// Something on the page.
#[derive(Clone, Debug)]
pub(crate) struct Element(String);

impl Element {
    /// Returns what a script takes as this element.
    pub(crate) fn reference(&self) -> Value {
        json!({ELEMENT: self.0})
    }
}

impl Driver {
    /// Starts the driver in an environment, and the app in it.
    pub(crate) fn start(app: &Path, variables: &[(String, String)], log: &Path) -> Self {
        let [own, native] = [free_port(), free_port()];
        let log = File::create(log).unwrap();
        let mut command = Command::new(tauri_driver());
        command
            .args([
                "--port",
                &own.to_string(),
                "--native-port",
                &native.to_string(),
            ])
            .env_clear()
            .envs(variables.iter().map(|(name, value)| (name, value)))
            .stdin(Stdio::null())
            .stdout(log.try_clone().unwrap())
            .stderr(log);
        let wanted = json!({"capabilities": {"alwaysMatch": {
            "browserName": "wry",
            "tauri:options": {"application": app},
        }}});
        Self::begin(command, own, &wanted)
    }

    /// Starts Chromium without a window, with a profile of its own in a folder.
    pub(crate) fn chromium(folder: &Path) -> Self {
        let port = free_port();
        let log = File::create(folder.join("driver.log")).unwrap();
        let mut command = Command::new("chromedriver");
        command
            .arg(format!("--port={port}"))
            .stdin(Stdio::null())
            .stdout(log.try_clone().unwrap())
            .stderr(log);
        let profile = format!("--user-data-dir={}", folder.join("profile").display());
        let wanted = json!({"capabilities": {"alwaysMatch": {"goog:chromeOptions": {"args": [
            "--headless", "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking",
            "--disable-component-update", "--disable-sync", "--disable-dev-shm-usage", profile,
        ]}}}});
        Self::begin(command, port, &wanted)
    }

    fn begin(mut command: Command, port: u16, wanted: &Value) -> Self {
        let mut driver = Driver {
            process: Group::start(&mut command),
            address: format!("http://127.0.0.1:{port}"),
            session: String::new(),
            client: reqwest::Client::builder().no_proxy().build().unwrap(),
            runtime: Builder::new_current_thread().enable_all().build().unwrap(),
        };
        driver.wait_until_it_answers();
        let answer = driver.send(Method::POST, "/session", wanted).unwrap();
        driver.session = answer["sessionId"].as_str().unwrap().to_owned();
        driver
    }

    /// Goes to an address.
    pub(crate) fn go(&self, address: &str) {
        self.here(Method::POST, "url", &json!({"url": address}))
            .unwrap();
    }

    fn wait_until_it_answers(&self) {
        let began = Instant::now();
        while self.send(Method::GET, "/status", &Value::Null).is_err() {
            assert!(began.elapsed() < PATIENCE, "the driver does not answer");
            std::thread::sleep(Duration::from_millis(50));
        }
    }

    /// Runs a script on the page; `arguments` are its arguments.
    pub(crate) fn script(&self, script: &str, arguments: &Value) -> Result<Value, String> {
        self.here(
            Method::POST,
            "execute/sync",
            &json!({"script": script, "args": arguments}),
        )
    }

    /// Returns the element that a script returns, where it does.
    pub(crate) fn element(
        &self,
        script: &str,
        arguments: &Value,
    ) -> Result<Option<Element>, String> {
        let found = self.script(script, arguments)?;
        Ok(found[ELEMENT].as_str().map(|id| Element(id.to_owned())))
    }

    /// Clicks in the middle of an element, as a mouse would.
    pub(crate) fn click(&self, element: &Element) -> Result<(), String> {
        self.here(
            Method::POST,
            &format!("element/{}/click", element.0),
            &json!({}),
        )
        .map(drop)
    }

    /// Types into an element, behind what it holds.
    pub(crate) fn write(&self, element: &Element, text: &str) -> Result<(), String> {
        let path = format!("element/{}/value", element.0);
        self.here(Method::POST, &path, &json!({"text": text}))
            .map(drop)
    }

    /// Presses keys one after the other, wherever the focus is; `held` are held down meanwhile.
    pub(crate) fn keys(&self, held: &[char], keys: &str) -> Result<(), String> {
        let event = |kind: &str, key: char| json!({"type": kind, "value": key.to_string()});
        let presses = keys
            .chars()
            .flat_map(|key| [event("keyDown", key), event("keyUp", key)]);
        let down = held.iter().map(|key| event("keyDown", *key));
        let up = held.iter().map(|key| event("keyUp", *key));
        let all: Vec<Value> = down.chain(presses).chain(up).collect();
        let actions = json!({"actions": [{"type": "key", "id": "keyboard", "actions": all}]});
        self.here(Method::POST, "actions", &actions).map(drop)
    }

    fn here(&self, method: Method, path: &str, body: &Value) -> Result<Value, String> {
        self.send(method, &format!("/session/{}/{path}", self.session), body)
    }

    fn send(&self, method: Method, path: &str, body: &Value) -> Result<Value, String> {
        let request = self
            .client
            .request(method.clone(), format!("{}{path}", self.address));
        let request = if method == Method::POST {
            request.json(body)
        } else {
            request
        };
        self.runtime.block_on(async {
            let answer = request
                .timeout(PATIENCE)
                .send()
                .await
                .map_err(|error| error.to_string())?;
            let is_well = answer.status().is_success();
            let mut answer: Value = answer.json().await.map_err(|error| error.to_string())?;
            let value = answer["value"].take();
            if is_well {
                Ok(value)
            } else {
                Err(value.to_string())
            }
        })
    }
}

impl Drop for Driver {
    fn drop(&mut self) {
        if !self.session.is_empty() {
            // Closes the window as its user would; one that was killed has no session any more.
            let _ = self.here(Method::DELETE, "", &Value::Null);
        }
        self.process.kill();
    }
}

/// Returns where the set-up has put the go-between of the window and the driver of the system's web view.
fn tauri_driver() -> PathBuf {
    let tests = std::env::current_exe().unwrap();
    // This program lies in `debug/deps` of the target folder.
    let target = tests.ancestors().nth(3).unwrap();
    target.join("tools/bin/tauri-driver")
}

fn free_port() -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    listener.local_addr().unwrap().port()
}
