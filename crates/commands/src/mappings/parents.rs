//! Asks the org about the objects that a mapping addresses by an External ID, so that a wrong field is found when it is
//! written, and not when it is sent.

use leadferry_replication::mapping::Mapping;

use crate::orgs::{self, Ask, refresh_describe};
use crate::{Result, Workspace};

/// What the org said of a parent so lately is not asked again: rows are saved one after the other.
const FRESH_MS: i64 = 10 * 60 * 1000;

/// Reads the fields of parents that a text, or the mapping in force, names; where the org can't be reached, the check says
/// that it hasn't seen them.
///
/// # Errors
/// When there is no such replication, or the workspace can't be read.
pub async fn look_at_parents(
    workspace: &Workspace,
    replication: &str,
    text: Option<&str>,
) -> Result<()> {
    let found = workspace.store().read(|reader| -> Result<_> {
        let replication = reader.replication_named(replication)?;
        let Some(connection) = replication.connection else {
            return Ok(None);
        };
        let body = match text {
            Some(text) => text.to_owned(),
            None => reader.mapping(replication.id)?.body,
        };
        let mapping = Mapping::parse(&body).unwrap_or_default();
        let parents = super::target(reader, &replication)?.parents_of(&mapping);
        let stale_at = workspace.host().now() - FRESH_MS;
        let mut stale = Vec::new();
        for parent in parents {
            let kept = reader.describe(connection, &parent)?;
            if kept.is_none_or(|kept| kept.fetched_at < stale_at) {
                stale.push(parent);
            }
        }
        // Whoever has not signed in yet is not asked to for this.
        let is_bound = reader.connection(connection)?.org_id.is_some();
        Ok(is_bound.then_some((connection, stale)))
    })?;
    let Some((connection, parents)) = found.filter(|(_, parents)| !parents.is_empty()) else {
        return Ok(());
    };
    let looked = async {
        let org = orgs::org(workspace, connection).await?;
        for parent in &parents {
            refresh_describe(workspace, connection, &org.client, parent, Ask::IfChanged).await?;
        }
        orgs::keep_allowance(workspace, connection, &org.client)
    };
    if let Err(error) = looked.await {
        tracing::debug!(%error, "the fields of a parent could not be read");
    }
    Ok(())
}
