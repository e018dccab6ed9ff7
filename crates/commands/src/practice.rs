//! The practice org beside the workspace: served by this process, or by whoever has it.

mod acting;
mod adopting;
mod erasing;
mod settings;

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use leadferry_practice_org::{
    Error as PracticeError, Options, Owner, Running, Secrets, built_in, owner_knowing, secrets,
    serve,
};
use leadferry_salesforce::auth::{App, LoginHost};
use serde::Serialize;
use serde_json::Value;
use tokio::sync::Mutex;
use url::Url;

pub use acting::{Act, act};
pub use adopting::{Adopted, AdoptedObject, adopt};
pub(crate) use erasing::erase;
pub use settings::*;

use crate::approval::Approval;
use crate::{Code, Error, Result, Workspace};

/// How long a new owner may take to say where it serves.
const PATIENCE: Duration = Duration::from_secs(10);
const PAUSE: Duration = Duration::from_millis(50);
/// How the names of the files of practice orgs end.
const ORG_ENDING: &str = "practice-org.sqlite";

/// Returns the file of the practice org that stands beside a workspace.
pub fn file_beside(workspace: &Path) -> PathBuf {
    workspace.with_added_extension(ORG_ENDING)
}

/// The practice org of a workspace; served from the first time that it is needed.
pub(crate) struct Practice {
    file: PathBuf,
    /// The file may have come with a workspace that somebody else made.
    approval: Arc<Approval>,
    running: Mutex<Option<Running>>,
    /// The secrets of the org that others serve, as they were proved last.
    proved: Mutex<Option<Secrets>>,
}

impl Practice {
    pub(crate) fn new(workspace: &Path, approval: Arc<Approval>) -> Practice {
        Practice {
            file: file_beside(workspace),
            approval,
            running: Mutex::default(),
            proved: Mutex::default(),
        }
    }

    /// Returns who serves the org now; this process does where nobody else does.
    pub(crate) async fn reach(&self) -> Result<Owner> {
        self.approval.check()?;
        let mut running = self.running.lock().await;
        if let Some(running) = &*running {
            return Ok(owner_of(running));
        }
        let give_up = tokio::time::Instant::now() + PATIENCE;
        loop {
            if let Some(owner) = self.owner().await? {
                return Ok(owner);
            }
            match serve(&self.file, options(None)).await {
                Ok(served) => return Ok(owner_of(running.insert(served))),
                // Someone else was quicker and has not written its port yet, or is just ending.
                Err(PracticeError::Busy(_)) if tokio::time::Instant::now() < give_up => {
                    tokio::time::sleep(PAUSE).await;
                }
                Err(error) => return Err(error.into()),
            }
        }
    }

    async fn owner(&self) -> Result<Option<Owner>> {
        let mut proved = self.proved.lock().await;
        Ok(owner_knowing(&self.file, &mut proved).await?)
    }

    /// Returns the app that the practice org ships with, its secret read from the org's file.
    pub(crate) async fn app(&self, owner: &Owner) -> Result<App> {
        Ok(App {
            host: LoginHost::parse(address(owner)?.as_str())?,
            client_id: built_in::CLIENT_ID.to_owned(),
            client_secret: Some(self.secrets().await?.client_secret.into()),
        })
    }

    async fn secrets(&self) -> Result<Secrets> {
        let file = self.file.clone();
        let reading = tokio::task::spawn_blocking(move || secrets(&file)).await;
        let failed = |error: tokio::task::JoinError| {
            Error::new(
                Code::Local,
                "the practice org's file couldn't be read",
                "try again",
            )
            .because(error.to_string())
        };
        Ok(reading.map_err(failed)??)
    }
}

fn owner_of(running: &Running) -> Owner {
    Owner {
        port: running.port(),
        admin_key: running.admin_key().to_owned(),
    }
}

fn options(port: Option<u16>) -> Options {
    Options {
        port,
        sample_people: true,
        ..Options::default()
    }
}

/// Returns where the API of an owner is.
pub(crate) fn address(owner: &Owner) -> Result<Url> {
    let address = format!("http://127.0.0.1:{}", owner.port);
    Url::parse(&address).map_err(|error| {
        Error::new(
            Code::Local,
            "the practice org's port can't be used",
            "try again",
        )
        .because(error.to_string())
    })
}

/// A practice org that is being served until this is dropped.
#[derive(Debug)]
pub struct Served {
    /// Where.
    pub info: ServedInfo,
    running: Running,
}

impl Served {
    /// Stops serving: requests under way are finished first.
    pub async fn stop(self) {
        self.running.stop().await;
    }
}

/// Where a practice org is served.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ServedInfo {
    /// The address.
    pub url: String,
    /// The port.
    pub port: u16,
    /// The org's file.
    pub file: PathBuf,
    /// What a client needs to sign in to it.
    #[serde(flatten)]
    pub credentials: Credentials,
}

/// What a client needs to sign in to a practice org. The two secrets differ from org to org.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Credentials {
    /// Client id of the app that the org ships with.
    pub client_id: String,
    /// Its client secret.
    pub client_secret: String,
    /// The user to sign in as.
    pub username: String,
    /// Their password.
    pub password: String,
}

impl From<&Secrets> for Credentials {
    fn from(secrets: &Secrets) -> Credentials {
        Credentials {
            client_id: built_in::CLIENT_ID.to_owned(),
            client_secret: secrets.client_secret.clone(),
            username: built_in::USERNAME.to_owned(),
            password: secrets.password.clone(),
        }
    }
}

/// Serves the practice org until the answer is dropped.
///
/// # Errors
/// When another process serves it, or the port is taken.
pub async fn serve_until_dropped(workspace: &Workspace, port: Option<u16>) -> Result<Served> {
    workspace.approval().check()?;
    let file = &workspace.practice().file;
    let running = serve(file, options(port)).await?;
    let info = ServedInfo {
        url: format!("http://localhost:{}", running.port()),
        port: running.port(),
        file: file.clone(),
        credentials: running.secrets().into(),
    };
    Ok(Served { info, running })
}

/// The practice org beside a workspace, and who serves it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ts_rs::TS)]
pub struct PracticeState {
    /// The org's file.
    pub file: PathBuf,
    /// Whether there is one.
    pub exists: bool,
    /// Where it is served; `None` while nobody serves it.
    pub address: Option<String>,
    /// Whether this process serves it.
    pub here: bool,
}

/// Says whether there is a practice org, and who serves it; serves nothing by itself.
///
/// # Errors
/// When its file cannot be looked at.
pub async fn state(workspace: &Workspace) -> Result<PracticeState> {
    let practice = workspace.practice();
    let running = practice.running.lock().await;
    let owner = match &*running {
        Some(running) => Some(owner_of(running)),
        None => practice.owner().await?,
    };
    Ok(PracticeState {
        file: practice.file.clone(),
        exists: practice.file.exists(),
        address: owner.map(|owner| format!("http://localhost:{}", owner.port)),
        here: running.is_some(),
    })
}

/// Deletes the practice org beside a workspace, with everything in it, and returns what its file was. The next use starts
/// a new one; connections to the old one can't be used any more.
///
/// # Errors
/// When the workspace isn't approved, there is no practice org, or somebody serves it.
pub fn reset(workspace: &Workspace) -> Result<PathBuf> {
    workspace.approval().check()?;
    let file = &workspace.practice().file;
    if std::fs::symlink_metadata(file).is_err() {
        return Err(no_org_yet());
    }
    leadferry_practice_org::remove(file)?;
    Ok(file.clone())
}

fn no_org_yet() -> Error {
    Error::usage(
        "this workspace has no practice org yet",
        "add a connection to the practice org, or start it",
    )
    .with_command("connections add Practice --flow practice")
}

/// How to sign in to the practice org beside a workspace.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct PracticeAccess {
    /// Where it is served; `None` while nobody serves it.
    pub address: Option<String>,
    /// The org's file.
    pub file: PathBuf,
    /// What a client needs to sign in to it.
    #[serde(flatten)]
    pub credentials: Credentials,
}

/// Returns how to sign in to the practice org. A terminal may ask this; no command of the window does.
///
/// # Errors
/// When there is no practice org yet, or its file cannot be read.
pub async fn access(workspace: &Workspace) -> Result<PracticeAccess> {
    let state = state(workspace).await?;
    if !state.exists {
        return Err(no_org_yet());
    }
    Ok(PracticeAccess {
        address: state.address,
        file: state.file,
        credentials: (&workspace.practice().secrets().await?).into(),
    })
}

/// Trouble to be rehearsed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ts_rs::TS)]
pub struct PracticeFaults {
    /// What there is to choose from.
    pub known: Vec<KnownFault>,
    /// What is waiting to happen.
    pub waiting: Vec<WaitingFault>,
}

/// A fault that can be asked for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ts_rs::TS)]
pub struct KnownFault {
    /// Its name.
    pub name: String,
    /// What it does, as the org itself says.
    pub does: String,
}

/// A fault that was asked for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ts_rs::TS)]
pub struct WaitingFault {
    /// Its name.
    pub name: String,
    /// How often it will still happen; until it is taken back, where this is `None`.
    pub left: Option<i64>,
    /// How often it has happened.
    pub happened: i64,
}

/// Returns the trouble that is waiting to happen, and what there is to choose from.
///
/// # Errors
/// When the practice org cannot be asked.
pub async fn known_faults(workspace: &Workspace) -> Result<PracticeFaults> {
    let answer = faults(workspace).await?;
    let items = |name: &str| answer[name].as_array().cloned().unwrap_or_default();
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let names = answer["names"].as_object().cloned().unwrap_or_default();
    Ok(PracticeFaults {
        known: names
            .iter()
            .map(|(name, does)| KnownFault {
                name: name.clone(),
                does: text(does),
            })
            .collect(),
        waiting: items("faults")
            .iter()
            .map(|fault| WaitingFault {
                name: text(&fault["name"]),
                left: fault["times"].as_i64(),
                happened: fault["fired"].as_i64().unwrap_or_default(),
            })
            .collect(),
    })
}

/// Calls the admin endpoint of whoever serves the org.
async fn admin(
    workspace: &Workspace,
    method: reqwest::Method,
    what: &str,
    body: Option<Value>,
) -> Result<Value> {
    let segment = what.split('/').next().unwrap_or_default();
    let owner = workspace.practice().reach().await?;
    let failed = |error: reqwest::Error| {
        Error::new(Code::Local, "the practice org didn't answer", "try again")
            .because(error.without_url().to_string())
    };
    let url = format!("http://127.0.0.1:{}/practice-org/admin/{what}", owner.port);
    let http = reqwest::Client::builder()
        .no_proxy()
        .build()
        .map_err(failed)?;
    let mut request = http
        .request(method, url)
        .header("X-Admin-Key", &owner.admin_key);
    if let Some(body) = body {
        request = request.json(&body);
    }
    let answer = request.send().await.map_err(failed)?;
    let status = answer.status();
    let text = answer.text().await.map_err(failed)?;
    let value = serde_json::from_str(&text).unwrap_or(Value::Null);
    if status.is_success() {
        return Ok(value);
    }
    let words = value[0]["message"]
        .as_str()
        .or(value["message"].as_str())
        .unwrap_or("no reason given");
    let error = Error::usage(
        "the practice org refused this",
        "check the names and values",
    )
    .because(words.trim());
    if segment == "records" {
        return Err(error);
    }
    Err(error.with_command(match segment {
        "switches" => "practice-org switches",
        "rules" => "practice-org rules list",
        "record-types" => "practice-org record-types list",
        "objects" => "practice-org objects list",
        "fields" => "practice-org fields list",
        "profiles" | "runs-as" => "practice-org profiles",
        _ => "practice-org faults list",
    }))
}
