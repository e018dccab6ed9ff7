//! The `WebDriver` that drives the window: the few commands of it that the journeys need.
//!
//! # Source
//! W3C, "`WebDriver`", sections 8 (sessions), 12.4 (state of elements), 12.5 (elements), 13.2 (scripts), 15 (actions).

use std::fs::File;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use reqwest::Method;
use serde_json::{Value, json};
use tokio::runtime::{Builder, Runtime};

use crate::display::Group;
use crate::ports;

/// Starting a program on a busy machine takes no longer.
const PATIENCE: Duration = Duration::from_secs(60);
/// A driver that has not answered after this time is started anew.
const START: Duration = Duration::from_secs(20);
const STARTS: u32 = 6;
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
        let wanted = json!({"capabilities": {"alwaysMatch": {
            "browserName": "wry",
            "tauri:options": {"application": app},
        }}});
        Self::begin(log, &wanted, |port| {
            let mut command = Command::new(tauri_driver());
            command
                .args(["--port", &port.to_string()])
                .args(["--native-port", &ports::free().to_string()])
                .env_clear()
                .envs(variables.iter().map(|(name, value)| (name, value)));
            command
        })
    }

    /// Starts Chromium without a window, with a profile of its own in a folder.
    pub(crate) fn chromium(folder: &Path) -> Self {
        let profile = format!("--user-data-dir={}", folder.join("profile").display());
        let wanted = json!({"capabilities": {"alwaysMatch": {"goog:chromeOptions": {"args": [
            "--headless", "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking",
            "--disable-component-update", "--disable-sync", "--disable-dev-shm-usage", profile,
        ]}}}});
        Self::begin(&folder.join("driver.log"), &wanted, |port| {
            let mut command = Command::new("chromedriver");
            command.arg(format!("--port={port}"));
            command
        })
    }

    /// Starts the driver at a free port, and again at another one while it does not answer: whatever else runs may have
    /// taken the port between the question which is free and the start.
    fn begin(log: &Path, wanted: &Value, command: impl Fn(u16) -> Command) -> Self {
        let mut driver = (0..STARTS)
            .find_map(|_| Self::answering(log, &command))
            .unwrap_or_else(|| panic!("no driver answers: {}", log_text(log)));
        let answer = driver.send(Method::POST, "/session", wanted).unwrap();
        driver.session = answer["sessionId"].as_str().unwrap().to_owned();
        driver
    }

    fn answering(log: &Path, command: &impl Fn(u16) -> Command) -> Option<Self> {
        let port = ports::free();
        let output = File::options().append(true).create(true).open(log).unwrap();
        let mut command = command(port);
        command
            .stdin(Stdio::null())
            .stdout(output.try_clone().unwrap())
            .stderr(output);
        let mut driver = Driver {
            process: Group::start(&mut command),
            address: format!("http://127.0.0.1:{port}"),
            session: String::new(),
            client: reqwest::Client::builder().no_proxy().build().unwrap(),
            runtime: Builder::new_current_thread().enable_all().build().unwrap(),
        };
        driver.comes_to_answer().then_some(driver)
    }

    /// Goes to an address.
    pub(crate) fn go(&self, address: &str) {
        self.here(Method::POST, "url", &json!({"url": address}))
            .unwrap();
    }

    fn comes_to_answer(&mut self) -> bool {
        let began = Instant::now();
        while began.elapsed() < START && self.process.is_running() {
            if self.send(Method::GET, "/status", &Value::Null).is_ok() {
                return true;
            }
            std::thread::sleep(Duration::from_millis(50));
        }
        false
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

    /// Returns the elements that a script returns in a list.
    pub(crate) fn elements(&self, script: &str, arguments: &Value) -> Result<Vec<Element>, String> {
        let found = self.script(script, arguments)?;
        let ids = found.as_array().into_iter().flatten();
        let ids = ids.filter_map(|one| one[ELEMENT].as_str());
        Ok(ids.map(|id| Element(id.to_owned())).collect())
    }

    /// Returns role and name of an element as the web view tells them to assistive technology.
    pub(crate) fn told_of(&self, element: &Element) -> Result<(String, String), String> {
        let told = |what: &str| {
            let path = format!("element/{}/computed{what}", element.0);
            let told = self.here(Method::GET, &path, &Value::Null)?;
            Ok::<_, String>(told.as_str().unwrap_or_default().to_owned())
        };
        Ok((told("role")?, told("label")?))
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

fn log_text(log: &Path) -> String {
    std::fs::read_to_string(log).unwrap_or_else(|error| error.to_string())
}
