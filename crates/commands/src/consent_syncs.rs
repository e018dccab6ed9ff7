//! Consent syncs: which consent goes to which field of leads or contacts.
//!
//! A consent sync is a replication whose rows are consent. Planning, running, queue and history are those of replications.

mod tree;
mod waiting;

use leadferry_replication::Settings;
use leadferry_replication::consent_syncs::{WAITING_FOR_MATCH, is_identity, set_identity};
use leadferry_replication::mapping::Mapping;
use leadferry_store::{EntryState, QueueCause, Reader, Replication, ReplicationId, Writer};
use serde::{Deserialize, Serialize};

use crate::prepare_org::{self, Prepared};
use crate::replications::{
    self, AddReplication, Cancel, Moment, PlanReport, ReplicationChange, ReplicationInfo,
    RunOutcome, RunWish, Standing, add_in, check_request, info, set_in,
};
use crate::{Error, Result, Workspace, mappings, quoted};

pub use tree::{
    ConsentField, ConsentFit, ConsentLine, ConsentTree, LineLevel, MapConsent, map, tree,
};
pub use waiting::{WaitingContact, WaitingPage, WaitingRequest, waiting};

/// A consent sync.
#[derive(Debug, Clone, PartialEq, Serialize, ts_rs::TS)]
pub struct ConsentSyncInfo {
    /// Name.
    pub name: String,
    /// Whose records: `Lead` or `Contact`.
    pub object: String,
    /// The connection's name.
    pub connection: Option<String>,
    /// Off keeps the queue and sends nothing.
    pub enabled: bool,
    /// When it runs by itself.
    pub schedule: String,
    /// Whether records are created for people without one.
    pub upsert: bool,
    /// Last name of new records for contacts without one.
    pub default_last_name: Option<String>,
    /// Company of new leads for contacts without one.
    pub default_company: Option<String>,
    /// Purposes, preferences, values and opt-outs that have a field.
    pub mapped: usize,
    /// Contacts that wait for a record with their email.
    pub waiting_for_match: u64,
    /// Mapped fields that the org does not have, or doesn't show to this user.
    pub missing: Vec<String>,
    /// How it stands.
    pub standing: Standing,
}

/// A consent sync to be added.
#[derive(Debug, Clone, Deserialize, ts_rs::TS)]
pub struct AddConsentSync {
    /// Name, unique among consent syncs and replications.
    pub name: String,
    /// `Lead` or `Contact`.
    pub object: String,
    /// Everything else; what is not said takes its default.
    pub settings: ConsentSyncChange,
}

/// What is to be changed about a consent sync; `None` leaves it.
#[derive(Debug, Clone, Default, Deserialize, ts_rs::TS)]
#[ts(optional_fields)]
pub struct ConsentSyncChange {
    /// Another name.
    pub name: Option<String>,
    /// The connection's name; an empty one takes it away.
    pub connection: Option<String>,
    /// Off keeps the queue and sends nothing.
    pub enabled: Option<bool>,
    /// Whether records are created for people without one.
    pub upsert: Option<bool>,
    /// Last name of new records for contacts without one.
    pub default_last_name: Option<String>,
    /// Company of new leads for contacts without one.
    pub default_company: Option<String>,
    /// `manual`, `on change`, `every 15 minutes` or `at 08:00, 13:30`.
    pub schedule: Option<String>,
}

impl ConsentSyncChange {
    fn of_replication(&self) -> ReplicationChange {
        ReplicationChange {
            name: self.name.clone(),
            connection: self.connection.clone(),
            enabled: self.enabled,
            create_missing: self.upsert,
            default_last_name: self.default_last_name.clone(),
            default_company: self.default_company.clone(),
            schedule: self.schedule.clone(),
            ..ReplicationChange::default()
        }
    }
}

/// Returns all consent syncs by name.
///
/// # Errors
/// When the workspace cannot be read.
pub fn list(workspace: &Workspace) -> Result<Vec<ConsentSyncInfo>> {
    let all = replications::list_all(workspace)?.into_iter();
    let syncs = all.filter(|replication| replication.settings.consent_sync);
    workspace
        .store()
        .read(|reader| syncs.map(|sync| described(reader, sync)).collect())
}

/// Returns one consent sync.
///
/// # Errors
/// When there is none of that name.
pub fn show(workspace: &Workspace, name: &str) -> Result<ConsentSyncInfo> {
    let moment = Moment::of(workspace);
    workspace.store().read(|reader| {
        let (sync, _) = named(reader, name)?;
        described(reader, info(reader, sync, &moment)?)
    })
}

/// Adds a consent sync; nothing is mapped yet.
///
/// # Errors
/// When the name is taken, or a setting is not allowed.
pub fn add(workspace: &Workspace, request: &AddConsentSync) -> Result<ConsentSyncInfo> {
    let now = workspace.host().now();
    let wanted = AddReplication {
        name: request.name.clone(),
        object: request.object.clone(),
        change: request.settings.of_replication(),
    };
    check_request(&wanted)?;
    workspace.store().write(|writer| {
        let settings = Settings {
            consent_sync: true,
            create_missing: false,
            ..Settings::default()
        };
        let id = add_in(writer, &wanted, settings, now)?;
        keep_identity(writer, id, now)?;
        let added = info(writer, writer.replication(id)?, &Moment::of_change(now))?;
        described(writer, added)
    })
}

/// Changes settings of a consent sync.
///
/// # Errors
/// When there is none of that name, or a setting is not allowed.
pub fn set(
    workspace: &Workspace,
    name: &str,
    change: &ConsentSyncChange,
) -> Result<ConsentSyncInfo> {
    let now = workspace.host().now();
    workspace.store().write(|writer| {
        named(writer, name)?;
        let id = set_in(writer, name, &change.of_replication(), now)?;
        keep_identity(writer, id, now)?;
        let changed = info(writer, writer.replication(id)?, &Moment::of_change(now))?;
        described(writer, changed)
    })
}

/// Removes a consent sync with its queue and history; links and the org's records stay.
///
/// # Errors
/// When there is none of that name, or a request of it has no known answer yet.
pub fn remove(workspace: &Workspace, name: &str) -> Result<()> {
    check(workspace, name)?;
    replications::remove(workspace, name)
}

/// Checks the mapped fields in the org and, unless `check_only`, makes those that are missing and lets the user see them.
///
/// # Errors
/// When the org can't be asked, or the user may not set it up.
pub async fn fields(workspace: &Workspace, name: &str, check_only: bool) -> Result<Prepared> {
    check(workspace, name)?;
    prepare_org::prepare_org(workspace, name, check_only).await
}

/// Works out what a run would do, without asking the org.
///
/// # Errors
/// As [`replications::plan`].
pub fn plan(workspace: &Workspace, name: &str) -> Result<PlanReport> {
    check(workspace, name)?;
    replications::plan(workspace, name)
}

/// Works out what a run would do, and finds every person in the org.
///
/// # Errors
/// As [`replications::find_people`].
pub async fn find_people(workspace: &Workspace, name: &str) -> Result<PlanReport> {
    check(workspace, name)?;
    replications::find_people(workspace, name).await
}

/// Sends what is due.
///
/// # Errors
/// As [`replications::run_as`].
pub async fn run(
    workspace: &Workspace,
    name: &str,
    wish: RunWish<'_>,
    cancel: &Cancel,
) -> Result<RunOutcome> {
    check(workspace, name)?;
    replications::run_as(workspace, name, wish, cancel).await
}

fn check(workspace: &Workspace, name: &str) -> Result<()> {
    workspace.store().read(|reader| named(reader, name))?;
    Ok(())
}

/// Returns the consent sync of a name with its settings.
pub(crate) fn named(reader: &Reader<'_>, name: &str) -> Result<(Replication, Settings)> {
    use leadferry_store::Error as Store;
    let replication = reader
        .replication_named(name)
        .map_err(|error| match error {
            Store::NotFound { name, meant, .. } => Store::NotFound {
                kind: "consent sync",
                name,
                meant,
            },
            error => error,
        })?;
    let settings = Settings::from_json(&replication.settings)?;
    if settings.consent_sync {
        return Ok((replication, settings));
    }
    let message = format!(
        "\"{}\" is a replication, not a consent sync",
        replication.name
    );
    Err(Error::usage(message, "use the name of a consent sync").with_command("consent-syncs list"))
}

/// Keeps the rows that new records need in step with the upsert mode.
fn keep_identity(writer: &Writer<'_>, id: ReplicationId, now: i64) -> Result<()> {
    let sync = writer.replication(id)?;
    let settings = Settings::from_json(&sync.settings)?;
    let before = parsed(writer, &sync)?;
    let mut mapping = before.clone();
    let target = mappings::target(writer, &sync)?;
    set_identity(&mut mapping, &target, settings.create_missing);
    if mapping != before {
        writer.save_mapping(id, &mapping.to_string(), now)?;
    }
    Ok(())
}

pub(crate) fn parsed(reader: &Reader<'_>, sync: &Replication) -> Result<Mapping> {
    let body = reader.mapping(sync.id)?.body;
    Mapping::parse(&body).map_err(|_| {
        Error::usage("the mapping can't be read", "correct the mapping first")
            .with_command(format!("mappings check {}", quoted(&sync.name)))
    })
}

fn described(reader: &Reader<'_>, sync: ReplicationInfo) -> Result<ConsentSyncInfo> {
    let stored = reader.replication_named(&sync.name)?;
    let mapping = parsed(reader, &stored)?;
    let cause = QueueCause {
        code: WAITING_FOR_MATCH,
        run: None,
    };
    let settings = sync.settings;
    Ok(ConsentSyncInfo {
        missing: mappings::unseen_in(reader, &stored, &mapping.to_string())?,
        mapped: mapping.rows.iter().filter(|row| !is_identity(row)).count(),
        waiting_for_match: reader.queue_count(stored.id, EntryState::Withdrawn, cause)?,
        name: sync.name,
        object: sync.object,
        connection: sync.connection,
        enabled: sync.enabled,
        schedule: settings.schedule.to_string(),
        upsert: settings.create_missing,
        default_last_name: settings.default_last_name,
        default_company: settings.default_company,
        standing: sync.standing,
    })
}
