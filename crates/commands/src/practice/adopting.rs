//! The practice org takes over the fields of an org that a connection knows, to rehearse on its shape.

use leadferry_store::Flow;
use reqwest::Method;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::admin;
use crate::error::quoted;
use crate::{Error, Result, Workspace, connections};

/// Objects that the practice org has and people send or pull, besides custom ones.
const OBJECTS: [&str; 5] = ["Account", "Campaign", "Contact", "Lead", "Opportunity"];

/// What became of the fields of one object.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS)]
pub struct AdoptedObject {
    /// API name.
    pub object: String,
    /// Custom fields that are new in the practice org.
    pub added: Vec<String>,
    /// Fields that are as in the other org now.
    pub changed: Vec<String>,
    /// Fields that the other org doesn't show its user.
    pub hidden: Vec<String>,
    /// Fields that the practice org can't have: formulas, numbers that the org gives, lookups.
    pub left_out: Vec<String>,
}

/// What the practice org took over.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ts_rs::TS)]
pub struct Adopted {
    /// The connection whose org it was.
    pub connection: String,
    /// Object by object.
    pub objects: Vec<AdoptedObject>,
}

/// Lets the practice org take over the fields, sizes, picklists and rules of the objects that a connection has described. Makes
/// no request to that connection's org. Records are neither copied nor changed.
///
/// # Errors
/// [`Code::Usage`](crate::Code::Usage) where the connection leads to a practice org, or nothing of its org is described yet.
pub async fn adopt(workspace: &Workspace, connection: &str) -> Result<Adopted> {
    let store = workspace.store();
    let connection = store.read(|reader| reader.connection_named(connection))?;
    let describes = store.read(|reader| reader.describes_of(connection.id))?;
    if connection.flow == Flow::Practice {
        return Err(Error::usage(
            format!("\"{}\" leads to the practice org itself", connection.name),
            "choose a connection to another org",
        ));
    }
    let wanted = describes
        .into_iter()
        .filter(|(object, _)| OBJECTS.contains(&object.as_str()) || object.ends_with("__c"));
    let mut objects = Vec::new();
    for (_, body) in wanted {
        let describe: Value = serde_json::from_str(&body).unwrap_or_default();
        let told = admin(workspace, Method::POST, "adopted", Some(describe)).await?;
        objects.extend(serde_json::from_value::<AdoptedObject>(told));
    }
    if objects.is_empty() {
        let error = Error::usage(
            format!("no fields of \"{}\" are known yet", connection.name),
            "sign in and test the connection first",
        );
        return Err(error.with_command(format!("connections test {}", quoted(&connection.name))));
    }
    refresh_practice(workspace).await;
    Ok(Adopted {
        connection: connection.name,
        objects,
    })
}

/// Reads the practice org's fields anew, so that mappings are checked against them at once. What fails here, the next run does.
async fn refresh_practice(workspace: &Workspace) {
    let connections = workspace.store().read(|reader| reader.connections());
    let practice = connections.unwrap_or_default().into_iter();
    for connection in practice.filter(|one| one.flow == Flow::Practice) {
        if let Err(error) = connections::test(workspace, &connection.name).await {
            tracing::debug!(%error, "the practice org's fields weren't read anew");
        }
    }
}
