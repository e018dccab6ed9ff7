//! Pulls: which objects of an org are mirrored here, and reading them.

mod fields;
mod moving;
mod running;
mod scheduling;
mod schema;
mod shown;

use jiff::tz::TimeZone;
use leadferry_replication::pulling::choose;
use leadferry_salesforce::Describe;
use leadferry_store::{Connection, Pull, PullObject, Reader, Writer};
use serde::{Deserialize, Serialize};

pub use fields::{AskPullFields, PullField, PullFields, fields};
pub use leadferry_replication::PullReport;
pub use leadferry_replication::pulling::PullSettings;
pub use leadferry_store::{PullRun, PullRunObject, PullRunState, SchemaStep, StepKind};
pub use moving::{MovePull, PullMoved, move_to};
pub use running::{PullOutcome, run};
pub(crate) use scheduling::due_since;
pub use scheduling::{NextPull, PullChange, next_run};
pub use schema::{ObjectSchema, PullSchema, SchemaRequest, schema};
pub use shown::{PullDetails, PulledObject, PullsListed, list, show};

use crate::search::{Criterion, Match, condition_on};
use crate::{Error, Result, Workspace, orgs};
use fields::{describe, is_object_name};

/// Most objects of a pull.
const MOST_OBJECTS: usize = 200;

/// Which records of an object a pull reads.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, ts_rs::TS)]
pub struct PullFilter {
    /// Whether all criteria must hold.
    #[serde(default)]
    pub matching: Match,
    /// The criteria; none reads everything.
    pub criteria: Vec<Criterion>,
}

/// An object that a pull is to read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS)]
#[ts(optional_fields)]
pub struct WantedObject {
    /// API name.
    pub object: String,
    /// API names of fields, `usual` or `all`; none reads those that are usual.
    pub fields: Option<Vec<String>>,
    /// Which records; none reads everything.
    pub filter: Option<PullFilter>,
}

/// A pull to be added.
#[derive(Debug, Clone, Deserialize, ts_rs::TS)]
#[ts(optional_fields)]
pub struct AddPull {
    /// Its name.
    pub name: String,
    /// The connection's name; not needed where there is only one.
    pub connection: Option<String>,
    /// What it reads.
    pub objects: Vec<WantedObject>,
    /// Its schedule and what else can be set.
    #[serde(default)]
    #[ts(as = "Option<PullChange>")]
    pub settings: PullChange,
}

/// Changes to a pull; what is left out stays.
#[derive(Debug, Clone, Default, Deserialize, ts_rs::TS)]
#[ts(optional_fields)]
pub struct SetPull {
    /// The pull.
    pub name: String,
    /// Another name.
    pub rename: Option<String>,
    /// Objects to add, or to read in another way.
    #[serde(default)]
    #[ts(as = "Option<Vec<WantedObject>>")]
    pub objects: Vec<WantedObject>,
    /// Objects to read no more; their records stay in the mirror.
    #[serde(default)]
    #[ts(as = "Option<Vec<String>>")]
    pub without: Vec<String>,
    /// Its schedule and what else can be set.
    #[serde(default)]
    #[ts(as = "Option<PullChange>")]
    pub settings: PullChange,
}

/// Adds a pull.
///
/// # Errors
/// When the name is taken, there is no such connection, another pull reads one of the objects, or the org has no such object or
/// field.
pub async fn add(workspace: &Workspace, request: &AddPull) -> Result<PullDetails> {
    let connection = orgs::chosen(workspace, request.connection.as_deref())?;
    if request.objects.is_empty() {
        return Err(Error::usage(
            "the pull has no objects",
            "choose at least one object",
        ));
    }
    describe(workspace, &connection, &request.objects).await?;
    let now = workspace.host().now();
    workspace.store().write(|writer| {
        let id = writer.add_pull(&request.name, connection.id, now)?;
        let mut pull = writer.pull_named(&request.name)?;
        debug_assert_eq!(pull.id, id, "the one that was just added");
        request.settings.apply(&mut pull, now)?;
        writer.change_pull(&pull)?;
        put_objects(writer, &pull, &connection, &request.objects)
    })?;
    show(workspace, &request.name)
}

/// Changes a pull.
///
/// # Errors
/// When there is no such pull, and as [`add`].
pub async fn set(workspace: &Workspace, request: &SetPull) -> Result<PullDetails> {
    let connection = workspace.store().read(|reader| {
        let pull = reader.pull_named(&request.name)?;
        reader.connection(pull.connection)
    })?;
    describe(workspace, &connection, &request.objects).await?;
    let name = request.rename.as_deref().unwrap_or(&request.name);
    let now = workspace.host().now();
    workspace.store().write(|writer| {
        let mut pull = writer.pull_named(&request.name)?;
        name.clone_into(&mut pull.name);
        request.settings.apply(&mut pull, now)?;
        writer.change_pull(&pull)?;
        put_objects(writer, &pull, &connection, &request.objects)?;
        for object in &request.without {
            writer.remove_pull_object(pull.id, object.trim())?;
        }
        if writer.pull_named(name)?.objects.is_empty() {
            return Err(Error::usage(
                "the pull would have no objects",
                "remove the pull instead",
            ));
        }
        Ok(())
    })?;
    show(workspace, name)
}

/// Removes a pull with its history. What it brought stays in the mirror.
///
/// # Errors
/// When there is no such pull.
pub fn remove(workspace: &Workspace, name: &str) -> Result<()> {
    Ok(workspace.store().write(|writer| {
        let pull = writer.pull_named(name)?;
        writer.remove_pull(pull.id)
    })?)
}

fn put_objects(
    writer: &Writer<'_>,
    pull: &Pull,
    connection: &Connection,
    wanted: &[WantedObject],
) -> Result<()> {
    for object in wanted {
        let name = object.object.trim();
        check_object(writer, pull, connection, name)?;
        check_fields(writer, pull, connection, object)?;
        let filter = match &object.filter {
            Some(filter) if !filter.criteria.is_empty() => {
                check_filter(writer, connection, name, filter)?;
                Some(as_json(filter)?)
            }
            _ => None,
        };
        let fields = object.fields.clone().filter(|names| !names.is_empty());
        writer.set_pull_object(
            pull.id,
            &PullObject {
                object: own_spelling(writer, connection, name)?,
                fields: fields.map(|names| names.iter().map(|n| n.trim().to_owned()).collect()),
                filter,
            },
        )?;
    }
    if writer
        .pull_named(&pull.name)
        .is_ok_and(|p| p.objects.len() > MOST_OBJECTS)
    {
        return Err(Error::usage(
            format!("a pull reads at most {MOST_OBJECTS} objects"),
            "remove some, or add another pull",
        ));
    }
    Ok(())
}

/// Refuses a filter that doesn't fit the object's fields, as far as they are known here; else the run tells.
pub(crate) fn check_filter(
    reader: &Reader<'_>,
    connection: &Connection,
    object: &str,
    filter: &PullFilter,
) -> Result<()> {
    let Some(kept) = reader.describe(connection.id, object)? else {
        return Ok(());
    };
    let describe = Describe::parse(&kept.body)?;
    condition_on(&describe, &filter.criteria, filter.matching, &TimeZone::UTC).map(|_| ())
}

/// Refuses fields that the object doesn't have, as far as they are known here. Those that the pull reads already may have gone
/// since: the run tells of them.
fn check_fields(
    reader: &Reader<'_>,
    pull: &Pull,
    connection: &Connection,
    wanted: &WantedObject,
) -> Result<()> {
    let name = wanted.object.trim();
    let (Some(kept), Some(fields)) = (reader.describe(connection.id, name)?, &wanted.fields) else {
        return Ok(());
    };
    let fields: Vec<String> = fields.iter().map(|field| field.trim().to_owned()).collect();
    let mut unknown = choose(&Describe::parse(&kept.body)?, Some(&fields)).unknown;
    let mut before = pull.objects.iter();
    let before = before.find(|object| object.object.eq_ignore_ascii_case(name));
    let before = before
        .and_then(|object| object.fields.clone())
        .unwrap_or_default();
    unknown.retain(|field| !before.iter().any(|old| old.eq_ignore_ascii_case(field)));
    match unknown.first() {
        None => Ok(()),
        Some(field) => Err(Error::usage(
            format!("{name} has no field \"{field}\" that can be read"),
            "check the API name, or ask your admin for access to the field",
        )),
    }
}

fn check_object(
    reader: &Reader<'_>,
    pull: &Pull,
    connection: &Connection,
    name: &str,
) -> Result<()> {
    if !is_object_name(name) {
        return Err(Error::usage(
            format!("\"{name}\" can't be an object"),
            "enter its API name, for example Lead or Visit__c",
        ));
    }
    let Some(org_id) = connection.org_id.as_deref() else {
        return Ok(());
    };
    match reader.other_pull_of(org_id, name, Some(pull.id))? {
        None => Ok(()),
        Some(other) => Err(Error::usage(
            format!("the pull \"{other}\" already reads {name}"),
            "change that pull, or choose other objects",
        )
        .because("each object of an org is mirrored once")),
    }
}

/// Returns an object's name as the org spells it, as far as it is known here.
fn own_spelling(reader: &Reader<'_>, connection: &Connection, name: &str) -> Result<String> {
    let usual = leadferry_replication::pulling::PULLED_OBJECTS.iter();
    let mut usual = usual.filter(|known| known.eq_ignore_ascii_case(name));
    if let Some(known) = usual.next() {
        return Ok((*known).to_owned());
    }
    match reader.describe(connection.id, name)? {
        Some(kept) => Ok(Describe::parse(&kept.body)?.name),
        None => Ok(name.to_owned()),
    }
}

pub(crate) fn as_json(filter: &PullFilter) -> Result<String> {
    serde_json::to_string(filter).map_err(|error| {
        Error::usage("the filter can't be saved", "check its values").because(error.to_string())
    })
}

fn filter_of(object: &PullObject) -> Option<PullFilter> {
    serde_json::from_str(object.filter.as_deref()?).ok()
}
