//! Saved searches.

use leadferry_store::{NewSearch, Reader, SearchId};
use serde::{Deserialize, Serialize};

use super::running::Wanted;
use crate::{Result, Workspace};

/// A saved search.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ts_rs::TS)]
pub struct SavedSearch {
    /// Id.
    pub id: SearchId,
    /// Name.
    pub name: String,
    /// The connection it belongs to; none for one that is asked wherever the user is.
    pub connection: Option<String>,
    /// What is looked for.
    pub search: Wanted,
    /// When it was saved last, UTC milliseconds.
    pub changed_at: i64,
}

/// A search to be saved.
#[derive(Debug, Clone, Deserialize, ts_rs::TS)]
#[ts(optional_fields)]
pub struct SaveSearch {
    /// The saved one that it takes the place of; a new one without.
    pub id: Option<SearchId>,
    /// Name, unique in the workspace.
    pub name: String,
    /// The connection it belongs to, where it does.
    pub connection: Option<String>,
    /// What is looked for.
    pub search: Wanted,
}

/// A saved search to be renamed or removed.
#[derive(Debug, Clone, Copy, Deserialize, ts_rs::TS)]
pub struct RemoveSearch {
    /// Its id.
    pub id: SearchId,
}

/// Returns all saved searches by name.
pub fn saved(workspace: &Workspace) -> Result<Vec<SavedSearch>> {
    workspace.store().read(|reader| {
        let all = reader.searches()?;
        Ok(all
            .into_iter()
            .filter_map(|search| shown(reader, search))
            .collect())
    })
}

/// Saves a search, under a new name or in the place of a saved one.
///
/// # Errors
/// When another one has the name, or there is no such connection.
pub fn save(workspace: &Workspace, request: &SaveSearch) -> Result<SavedSearch> {
    let now = workspace.host().now();
    let body = serde_json::to_string(&request.search).unwrap_or_default();
    workspace.store().write(|writer| {
        let connection = match &request.connection {
            Some(name) => Some(writer.connection_named(name)?.id),
            None => None,
        };
        let new = NewSearch {
            name: &request.name,
            connection,
            object: request.search.object.name(),
            body: &body,
        };
        let id = match request.id {
            Some(id) => {
                writer.change_search(id, &new, now)?;
                id
            }
            None => writer.add_search(&new, now)?,
        };
        shown(writer, writer.search(id)?).ok_or_else(|| {
            leadferry_store::Error::not_found("search", request.name.as_str()).into()
        })
    })
}

/// Gives a saved search another name.
///
/// # Errors
/// When there is no such search, or another one has the name.
pub fn rename(workspace: &Workspace, id: SearchId, name: &str) -> Result<()> {
    let now = workspace.host().now();
    Ok(workspace.store().write(|writer| {
        let before = writer.search(id)?;
        let new = NewSearch {
            name,
            connection: before.connection,
            object: &before.object,
            body: &before.body,
        };
        writer.change_search(id, &new, now)
    })?)
}

/// Removes a saved search.
///
/// # Errors
/// When there is no such search.
pub fn remove(workspace: &Workspace, id: SearchId) -> Result<()> {
    Ok(workspace.store().write(|writer| writer.remove_search(id))?)
}

/// Returns a saved search as it is shown; nothing for one that this version cannot read.
fn shown(reader: &Reader<'_>, search: leadferry_store::SavedSearch) -> Option<SavedSearch> {
    let connection = search.connection.and_then(|id| reader.connection(id).ok());
    Some(SavedSearch {
        id: search.id,
        name: search.name,
        connection: connection.map(|connection| connection.name),
        search: serde_json::from_str(&search.body).ok()?,
        changed_at: search.changed_at,
    })
}
