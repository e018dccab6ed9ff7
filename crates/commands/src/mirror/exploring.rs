//! A look at the org's objects before any pull: which there are, how many records, and a few rows of one.

use std::collections::BTreeMap;

use leadferry_replication::pulling::{PULLED_OBJECTS, record};
use leadferry_salesforce::Described;
use leadferry_store::{Mirror, MirrorRecord};
use serde::{Deserialize, Serialize};

use super::AskObject;
use super::records::{first_rows, question};
use crate::{Error, Result, Workspace, orgs};

/// A question for the objects of an org.
#[derive(Debug, Clone, Default, Deserialize, ts_rs::TS)]
#[ts(optional_fields)]
pub struct AskOrgObjects {
    /// The connection's name; not needed where there is only one.
    pub connection: Option<String>,
}

/// An object of an org.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ts_rs::TS)]
#[ts(rename = "OrgObjectListed")]
pub struct OrgObjectListed {
    /// API name.
    pub object: String,
    /// Label of one record.
    pub label: String,
    /// It was made in the org.
    pub custom: bool,
    /// It is one of those that are offered first.
    pub usual: bool,
    /// About how many records it has, as the org last counted them.
    pub records: Option<u64>,
    /// The pull that reads it.
    pub pull: Option<String>,
}

/// The objects of an org that can be queried.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ts_rs::TS)]
#[ts(rename = "OrgObjectsListed")]
pub struct OrgObjects {
    /// The connection.
    pub connection: String,
    /// The usual ones first, then by name.
    pub objects: Vec<OrgObjectListed>,
    /// API calls that this took.
    pub calls: u64,
}

/// Lists the objects of an org that can be pulled, with about how many records each has. Two calls.
///
/// # Errors
/// When the org doesn't answer.
pub async fn org_objects(workspace: &Workspace, request: &AskOrgObjects) -> Result<OrgObjects> {
    let connection = orgs::chosen(workspace, request.connection.as_deref())?;
    let org = orgs::org(workspace, connection.id).await?;
    let before = org.client.traffic().calls;
    let objects = org.client.describe_global().await;
    // Some users may not ask for the counts.
    let counts = org.client.record_counts().await.unwrap_or_default();
    orgs::keep_allowance(workspace, connection.id, &org.client)?;
    let counts: BTreeMap<String, u64> = counts.into_iter().collect();
    let mut listed = workspace.store().read(|reader| {
        let queryable = objects?.into_iter().filter(|object| object.queryable);
        let listed = queryable.map(|object| {
            Ok(OrgObjectListed {
                usual: PULLED_OBJECTS.contains(&object.name.as_str()),
                records: counts.get(&object.name).copied(),
                pull: reader.other_pull_of(&org.org_id, &object.name, None)?,
                label: object.label,
                custom: object.custom,
                object: object.name,
            })
        });
        listed.collect::<Result<Vec<_>>>()
    })?;
    listed.sort_by(|a, b| (!a.usual, &a.object).cmp(&(!b.usual, &b.object)));
    Ok(OrgObjects {
        connection: connection.name,
        objects: listed,
        calls: org.client.traffic().calls.saturating_sub(before),
    })
}

/// Rows of an object of the org, as they would stand in the mirror.
pub(super) struct Looked {
    /// What its mirror would be.
    pub(super) mirror: Mirror,
    pub(super) records: Vec<MirrorRecord>,
    pub(super) calls: u64,
}

/// Reads the first rows of an object that isn't mirrored.
pub(super) async fn look(workspace: &Workspace, request: &AskObject, limit: u32) -> Result<Looked> {
    let connection = orgs::chosen(workspace, request.connection.as_deref())?;
    let org = orgs::org(workspace, connection.id).await?;
    let before = org.client.traffic().calls;
    let object = request.object.trim();
    let described = org.client.describe(object, None).await?;
    let Described::Fresh { describe, .. } = described else {
        return Err(Error::usage(
            format!("Salesforce didn't describe {object}"),
            "try again",
        ));
    };
    if !describe.queryable {
        return Err(Error::usage(
            format!("{object} can't be queried"),
            "choose another object",
        ));
    }
    let (mirror, question) = question(&describe, &org.org_id);
    let rows = org
        .client
        .first_page(&first_rows(&question, limit), false)
        .await;
    orgs::keep_allowance(workspace, connection.id, &org.client)?;
    let rows = rows?.records;
    Ok(Looked {
        records: rows
            .iter()
            .filter_map(|row| record(row, &question))
            .collect(),
        mirror,
        calls: org.client.traffic().calls.saturating_sub(before),
    })
}
