//! The first run: everything that a newcomer needs to send her first contacts into the practice org.

use std::path::PathBuf;

use leadferry_store::{Finder, Flow};
use serde::Serialize;

use crate::connections::{AddConnection, UserSignIn};
use crate::files;
use crate::imports::{ImportKey, ImportRequest};
use crate::jobs::{self, JobKind, Running};
use crate::recalculating::{What, recalculate};
use crate::replications::{AddReplication, ReplicationChange};
use crate::{
    Code, Error, Result, Workspace, connections, contacts, prepare_org, replications, scores,
};

/// The name of a workspace that is made for trying.
pub const WORKSPACE: &str = "Practice";
/// The score of the sample contacts.
pub const SCORE: &str = "Engagement";
/// The points from which on a sample contact is worth a call.
pub const MINIMUM: i64 = 40;
/// The connection to the practice org.
pub const CONNECTION: &str = "Practice";
/// The replication that takes the good contacts into the practice org.
pub const REPLICATION: &str = "Leads from good contacts";
/// The company of contacts that name none.
pub const DEFAULT_COMPANY: &str = "(no company)";

const SAMPLES_FILE: &str = "Sample contacts.csv";
const CONTACTS: &[u8] = include_bytes!("../../../samples/contacts.csv");
const RULES: &str = include_str!("../../../samples/score-rules.json");

/// What stands ready to be tried.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ts_rs::TS)]
pub struct PracticeReady {
    /// The replication to be planned next.
    pub replication: String,
    /// The connection to the practice org.
    pub connection: String,
}

/// Fills the workspace with sample contacts, a score, the practice org and a replication that is ready to be planned.
///
/// What is there already is used as it is: cut short at any point and started again, it goes on.
///
/// # Errors
/// When something cannot be made, or somebody asked it to stop; what was made until then stays.
pub async fn practice(workspace: &Workspace) -> Result<PracticeReady> {
    let job = jobs::begin(workspace, JobKind::Org, "Practice org");
    let steps = Steps { job };
    steps.begin(0, "sample contacts")?;
    import_contacts(workspace)?;
    steps.begin(1, "score")?;
    add_score(workspace)?;
    recalculate(workspace, What::Score(SCORE), false, &|| {
        steps.job.goes_on()
    })?;
    steps.begin(2, "practice org")?;
    let connection = connect(workspace).await?;
    steps.begin(3, "replication")?;
    add_replication(workspace, &connection)?;
    steps.begin(4, "identifier field")?;
    prepare_org::prepare_org(workspace, REPLICATION, false).await?;
    Ok(PracticeReady {
        replication: REPLICATION.to_owned(),
        connection,
    })
}

struct Steps {
    job: Running,
}

impl Steps {
    const COUNT: u64 = 5;

    fn begin(&self, done: u64, stage: &str) -> Result<()> {
        self.job.step(stage, done, Self::COUNT);
        if self.job.goes_on() {
            return Ok(());
        }
        Err(Error::new(
            Code::Cancelled,
            "the preparation was canceled",
            "start it again to continue where it stopped",
        ))
    }
}

/// Brings the sample contacts in, unless they are there; an interrupted import goes on.
fn import_contacts(workspace: &Workspace) -> Result<()> {
    let folder = samples_folder(workspace);
    files::make_folder(&folder)?;
    let file = folder.join(SAMPLES_FILE);
    files::write(&file, CONTACTS)?;
    let request = ImportRequest {
        file,
        key: ImportKey::Email,
        create_custom_fields: true,
        create_accounts: true,
        errors_file: Some(folder.join("Sample contacts, invalid rows.csv")),
        ..ImportRequest::default()
    };
    match contacts::import(workspace, &request, &|| true) {
        Ok(outcome) if !outcome.finished => Err(Error::new(
            Code::Cancelled,
            "the import of the sample contacts was canceled",
            "start it again to continue where it stopped",
        )),
        Err(error) if error.code != Code::AlreadyImported => Err(error),
        _ => Ok(()),
    }
}

/// Removes the file of sample contacts where it names somebody who is erased; it is written again when it is needed.
pub(crate) fn forget_samples(workspace: &Workspace, finder: &Finder) -> Result<()> {
    let file = samples_folder(workspace).join(SAMPLES_FILE);
    let named = String::from_utf8_lossy(CONTACTS)
        .lines()
        .any(|line| finder.names(line));
    if named && file.exists() {
        std::fs::remove_file(&file).map_err(|error| Error::file(&file, &error))?;
    }
    Ok(())
}

fn samples_folder(workspace: &Workspace) -> PathBuf {
    workspace.host().environment.data_folder.join("samples")
}

/// Tells whether the sample contacts are in the workspace.
pub(crate) fn has_samples(reader: &leadferry_store::Reader<'_>) -> Result<bool> {
    use sha2::{Digest as _, Sha256};
    let hash: String = Sha256::digest(CONTACTS)
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect();
    Ok(reader.import_by_hash(&hash)?.is_some())
}

fn add_score(workspace: &Workspace) -> Result<()> {
    let there = scores::list(workspace)?
        .iter()
        .any(|score| score.name.eq_ignore_ascii_case(SCORE));
    if !there {
        let description = "How engaged a contact is.";
        scores::add(workspace, SCORE, description, &scores::read_rules(RULES)?)?;
    }
    Ok(())
}

/// Returns the name of the connection to the practice org, which is made where there is none.
async fn connect(workspace: &Workspace) -> Result<String> {
    let all = workspace.store().read(|reader| reader.connections())?;
    if let Some(there) = all
        .into_iter()
        .find(|connection| connection.flow == Flow::Practice)
    {
        return Ok(there.name);
    }
    let request = AddConnection {
        name: CONNECTION.to_owned(),
        flow: Flow::Practice,
        host: None,
        client_id: None,
        client_secret: None,
        callback_port: None,
        user: UserSignIn::default(),
    };
    Ok(connections::add(workspace, &request).await?.name)
}

fn add_replication(workspace: &Workspace, connection: &str) -> Result<()> {
    let there = replications::list(workspace)?
        .iter()
        .any(|replication| replication.name.eq_ignore_ascii_case(REPLICATION));
    if there {
        return Ok(());
    }
    let change = ReplicationChange {
        connection: Some(connection.to_owned()),
        score: Some(SCORE.to_owned()),
        minimum: Some(MINIMUM),
        default_company: Some(DEFAULT_COMPANY.to_owned()),
        ..ReplicationChange::default()
    };
    let request = AddReplication {
        name: REPLICATION.to_owned(),
        object: "Lead".to_owned(),
        change,
    };
    replications::add(workspace, &request)?;
    Ok(())
}
