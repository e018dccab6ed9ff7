//! The fields of an object, as a pull can read them and ask for records by them.

use leadferry_replication::pulling::choose;
use leadferry_salesforce::Describe;
use leadferry_salesforce::soql::is_name;
use leadferry_store::Connection;
use serde::{Deserialize, Serialize};

use super::{WantedObject, check_filter, schema};
use crate::orgs::{self, Ask};
use crate::search::{SearchField, conditions_on};
use crate::{Code, Error, Result, Workspace};

/// A question for an object's fields.
#[derive(Debug, Clone, Deserialize, ts_rs::TS)]
#[ts(optional_fields)]
pub struct AskPullFields {
    /// The connection's name; not needed where there is only one.
    pub connection: Option<String>,
    /// API name of the object.
    pub object: String,
}

/// A field that a pull can read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ts_rs::TS)]
pub struct PullField {
    /// API name.
    pub name: String,
    /// Label.
    pub label: String,
    /// It is read unless others are chosen.
    pub usual: bool,
}

/// The fields of an object.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ts_rs::TS)]
pub struct PullFields {
    /// API name.
    pub object: String,
    /// Those that can be read, by label.
    pub fields: Vec<PullField>,
    /// Those by which records can be chosen.
    pub conditions: Vec<SearchField>,
    /// API calls that this took.
    pub calls: u64,
}

/// Returns the fields of an object; asks the org where they aren't known here.
///
/// # Errors
/// When the org has no such object, or doesn't answer.
pub async fn fields(workspace: &Workspace, request: &AskPullFields) -> Result<PullFields> {
    let connection = orgs::chosen(workspace, request.connection.as_deref())?;
    let name = request.object.trim();
    let calls = look_up(workspace, &connection, name).await?;
    let kept = workspace
        .store()
        .read(|reader| reader.describe(connection.id, name))?;
    let describe = Describe::parse(&kept.map(|kept| kept.body).unwrap_or_default())?;
    let usual = choose(&describe, None).plan.fields;
    let all = choose(&describe, Some(&["all".to_owned()])).plan.fields;
    let mut fields: Vec<PullField> = all
        .into_iter()
        .map(|field| PullField {
            usual: usual.iter().any(|one| one.name == field.name),
            name: field.name,
            label: field.label,
        })
        .collect();
    fields.sort_by_cached_key(|field| (field.label.to_lowercase(), field.name.clone()));
    Ok(PullFields {
        object: describe.name.clone(),
        fields,
        conditions: conditions_on(&describe),
        calls,
    })
}

/// Reads the descriptions of objects that aren't known here yet, so that what is asked of them can be checked. Where the org
/// can't be asked now, the run tells.
pub(super) async fn describe(
    workspace: &Workspace,
    connection: &Connection,
    wanted: &[WantedObject],
) -> Result<()> {
    for object in wanted {
        let name = object.object.trim();
        if connection.org_id.is_none() || !is_object_name(name) {
            continue;
        }
        let mut looked_up = look_up(workspace, connection, name).await;
        // What isn't known here may have been added there since.
        if matches!(looked_up, Ok(0)) && !fits(workspace, connection, object)? {
            looked_up = ask(workspace, connection, name).await;
        }
        match looked_up {
            Ok(_) => {}
            Err(error) if error.code == Code::Usage => return Err(error),
            // Asking for the others would fail as well.
            Err(_) => return Ok(()),
        }
    }
    Ok(())
}

/// Tells whether an object has the fields that are asked for, as far as it is known here.
fn fits(workspace: &Workspace, connection: &Connection, wanted: &WantedObject) -> Result<bool> {
    let name = wanted.object.trim();
    workspace.store().read(|reader| {
        let Some(kept) = reader.describe(connection.id, name)? else {
            return Ok(true);
        };
        let describe = Describe::parse(&kept.body)?;
        let chosen = choose(&describe, wanted.fields.as_deref());
        let filter = wanted.filter.as_ref();
        let filter = filter.filter(|filter| !filter.criteria.is_empty());
        let selects =
            filter.is_none_or(|filter| check_filter(reader, connection, name, filter).is_ok());
        Ok(chosen.unknown.is_empty() && selects)
    })
}

/// Reads the description of an object that isn't known here yet; returns how many calls that took.
async fn look_up(workspace: &Workspace, connection: &Connection, name: &str) -> Result<u64> {
    let store = workspace.store();
    if store
        .read(|reader| reader.describe(connection.id, name))?
        .is_some()
    {
        return Ok(0);
    }
    ask(workspace, connection, name).await
}

async fn ask(workspace: &Workspace, connection: &Connection, name: &str) -> Result<u64> {
    let org = orgs::org(workspace, connection.id).await?;
    let before = org.client.traffic().calls;
    let asked = orgs::refresh_describe(workspace, connection.id, &org.client, name, Ask::IfChanged);
    let asked = asked.await;
    orgs::keep_allowance(workspace, connection.id, &org.client)?;
    match asked {
        Err(error) if schema::is_about_the_object(&error) => Err(Error::usage(
            format!("Salesforce has no object {name}, or hides it from you"),
            "check the API name, or ask your admin for access",
        )),
        Err(error) => Err(error),
        Ok(_) => Ok(org.client.traffic().calls.saturating_sub(before)),
    }
}

/// Tells whether a text can be the API name of an object.
pub(super) fn is_object_name(name: &str) -> bool {
    is_name(name) && !name.contains('.')
}
