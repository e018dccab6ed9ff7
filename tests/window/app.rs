//! The app in its window, driven from outside, with a home and a data folder of its own.

use std::fs;
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::time::{Duration, Instant};

use fantoccini::elements::{Element, ElementRef};
use fantoccini::{Client, ClientBuilder};
use hyper_util::client::legacy::connect::HttpConnector;
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::finding::{BY_ROLE, TEXT};

/// Longer than anything takes on a busy machine; nothing is measured by it.
const PATIENCE: Duration = Duration::from_secs(60);
const PAUSE: Duration = Duration::from_millis(100);
const ELEMENT: &str = "element-6066-11e4-a52e-4f735466cecf";

/// The running app.
pub(crate) struct App {
    folder: TempDir,
    driver: Child,
    client: Client,
}

impl App {
    /// Starts the app as someone who has never used it.
    pub(crate) async fn start() -> Self {
        let folder = tempfile::tempdir().unwrap();
        for name in ["home/Documents", "config", "cache", "data", "runtime"] {
            fs::create_dir_all(folder.path().join(name)).unwrap();
        }
        Self::start_in(folder, &[]).await
    }

    async fn start_in(folder: TempDir, args: &[&str]) -> Self {
        let (port, native) = (free_port(), free_port());
        let mut driver = private(Command::new(driver_program()), folder.path());
        let driver = driver
            .args(["--port", &port.to_string()])
            .args(["--native-port", &native.to_string()])
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .expect("tauri-driver is not installed: run `cargo xtask setup`");
        let client = connect(port, args).await;
        Self {
            folder,
            driver,
            client,
        }
    }

    /// Kills the app as a power cut would, and starts it again on the same folders.
    pub(crate) async fn kill_and_restart(mut self) -> Self {
        for id in self.processes() {
            let _ = Command::new("kill").args(["-9", &id.to_string()]).status();
        }
        let _ = self.driver.kill();
        let _ = self.driver.wait();
        let folder = std::mem::replace(&mut self.folder, tempfile::tempdir().unwrap());
        Self::start_in(folder, &[]).await
    }

    /// Returns the ids of the app's own processes.
    fn processes(&self) -> Vec<u32> {
        let mark = format!(
            "LEADFERRY_DATA_DIR={}",
            self.folder.path().join("data").display()
        );
        let entries = fs::read_dir("/proc").unwrap().flatten();
        let ids = entries.filter_map(|entry| entry.file_name().to_str()?.parse().ok());
        ids.filter(|id| {
            let program = fs::read_link(format!("/proc/{id}/exe")).unwrap_or_default();
            let environment = fs::read(format!("/proc/{id}/environ")).unwrap_or_default();
            program == app_program()
                && environment
                    .split(|byte| *byte == 0)
                    .any(|variable| variable == mark.as_bytes())
        })
        .collect()
    }

    /// Returns the user's folder for documents.
    pub(crate) fn documents(&self) -> PathBuf {
        self.folder.path().join("home/Documents")
    }

    /// Runs the command line program on a workspace and returns the JSON that it prints.
    pub(crate) fn cli(&self, workspace: &str, args: &[&str]) -> Value {
        let output = self.cli_output(workspace, &[args, &["--json"]].concat());
        let said = String::from_utf8_lossy(&output.stdout);
        serde_json::from_str(&said).unwrap_or_else(|error| {
            let trouble = String::from_utf8_lossy(&output.stderr);
            panic!("{args:?}: {error}\n{said}\n{trouble}")
        })
    }

    /// Runs the command line program on a workspace.
    pub(crate) fn cli_output(&self, workspace: &str, args: &[&str]) -> Output {
        let program = app_program().with_file_name("leadferry-cli");
        private(Command::new(program), self.folder.path())
            .arg("--workspace")
            .arg(self.documents().join(workspace))
            .args(args)
            .output()
            .unwrap()
    }

    /// Waits until a text can be seen.
    pub(crate) async fn see(&self, text: &str) {
        let begun = Instant::now();
        loop {
            let seen = self.text().await;
            if seen.contains(text) {
                return;
            }
            assert!(
                begun.elapsed() < PATIENCE,
                "“{text}” is not seen, but: {seen}"
            );
            tokio::time::sleep(PAUSE).await;
        }
    }

    /// Returns all text that can be seen now.
    pub(crate) async fn text(&self) -> String {
        let found = self.client.execute(TEXT, vec![]).await.unwrap();
        found.as_str().unwrap_or_default().to_owned()
    }

    /// Waits for the first element of a role whose name contains `name`, and presses it.
    pub(crate) async fn press(&self, role: &str, name: &str) {
        let begun = Instant::now();
        loop {
            let pressed = match self.find(role, name).await {
                Some(element) if element.is_enabled().await.unwrap_or(false) => {
                    element.click().await
                }
                _ => Err(fantoccini::error::CmdError::WaitTimeout),
            };
            match pressed {
                Ok(()) => return,
                Err(error) => assert!(
                    begun.elapsed() < PATIENCE,
                    "{role} “{name}” cannot be pressed: {error}; seen: {}",
                    self.text().await
                ),
            }
            tokio::time::sleep(PAUSE).await;
        }
    }

    async fn find(&self, role: &str, name: &str) -> Option<Element> {
        let arguments = vec![json!(role), json!(name), json!(false)];
        let found = self.client.execute(BY_ROLE, arguments).await.ok()?;
        let id = found.get(ELEMENT)?.as_str()?.to_owned();
        Some(Element::from_element_id(
            self.client.clone(),
            ElementRef::from(id),
        ))
    }

    /// Goes to a screen by its name in the navigation.
    pub(crate) async fn go(&self, screen: &str) {
        self.press("link", screen).await;
    }

    /// Runs JavaScript in the page.
    pub(crate) async fn execute(&self, script: &str) -> Value {
        self.client.execute(script, vec![]).await.unwrap()
    }

    /// Keeps a picture of the window, where pictures are wanted.
    pub(crate) async fn picture(&self, name: &str) {
        let Some(folder) = std::env::var_os("LEADFERRY_SCREENSHOTS") else {
            return;
        };
        fs::create_dir_all(&folder).unwrap();
        // What moves has come to rest by then.
        tokio::time::sleep(Duration::from_millis(400)).await;
        let picture = self.client.screenshot().await.unwrap();
        fs::write(Path::new(&folder).join(format!("{name}.png")), picture).unwrap();
    }

    /// Ends the app.
    pub(crate) async fn end(self) {
        let _ = self.client.clone().close().await;
    }
}

impl Drop for App {
    fn drop(&mut self) {
        for id in self.processes() {
            let _ = Command::new("kill").arg(id.to_string()).status();
        }
        let _ = self.driver.kill();
        let _ = self.driver.wait();
    }
}

async fn connect(port: u16, args: &[&str]) -> Client {
    let options = json!({ "application": app_program(), "args": args });
    let capabilities = json!({ "browserName": "wry", "tauri:options": options });
    let begun = Instant::now();
    loop {
        let mut builder = ClientBuilder::new(HttpConnector::new());
        builder.capabilities(capabilities.as_object().unwrap().clone());
        match builder.connect(&format!("http://127.0.0.1:{port}")).await {
            Ok(client) => return client,
            Err(error) => assert!(begun.elapsed() < PATIENCE, "no window: {error}"),
        }
        tokio::time::sleep(PAUSE).await;
    }
}

/// Gives a program a home, and no way to anything of the user who runs the tests.
fn private(mut command: Command, folder: &Path) -> Command {
    let own = |name: &str| folder.join(name);
    command
        .env("HOME", own("home"))
        .env("XDG_CONFIG_HOME", own("config"))
        .env("XDG_CACHE_HOME", own("cache"))
        .env("XDG_DATA_HOME", own("data"))
        .env("LEADFERRY_DATA_DIR", own("data"))
        .env_remove("LEADFERRY_WORKSPACE");
    command
}

fn app_program() -> PathBuf {
    PathBuf::from(env!("CARGO_BIN_EXE_leadferry"))
}

fn driver_program() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("target/tools/bin/tauri-driver")
}

fn free_port() -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    listener.local_addr().unwrap().port()
}
