//! `search.…`: looking into the org.

use serde::Deserialize;

use leadferry_store::SearchId;

use super::table::{Nothing, commands};
use crate::search::{
    self, AskFields, AskNext, AskSoql, Found, ImportRecords, RecordsImported, RemoveSearch,
    RunSearch, SaveSearch, SavedSearch, SearchFields, SoqlFound,
};

commands! {
    /// Returns the fields of an object that can be asked for and shown.
    "search.fields" (AskFields) -> SearchFields, asks org = |at, request| search::fields(at.workspace()?, &request).await;
    /// Returns the records that a search finds, page by page.
    "search.run" (RunSearch) -> Found = |at, request| search::run(at.workspace()?, &request).await;
    /// Returns the next page of a search.
    "search.next" (AskNext) -> Found = |at, request| search::next(at.workspace()?, &request).await;
    /// Runs a statement of the user's own, which only reads, and returns a page of what it finds.
    "search.soql" (AskSoql) -> SoqlFound = |at, request| search::soql(at.workspace()?, &request).await;
    /// Brings found leads or contacts in as contacts, linked to their records.
    "search.import" (ImportRecords) -> RecordsImported, stales ["search", "contacts", "links", "workspaces"] = |at, request| {
        search::import(at.workspace()?, &request).await
    };
    /// Returns all saved searches.
    "search.saved" (Nothing) -> Vec<SavedSearch> = |at, _| search::saved(at.workspace()?);
    /// Saves a search.
    "search.save" (SaveSearch) -> SavedSearch, stales ["search"] = |at, request| search::save(at.workspace()?, &request);
    /// Gives a saved search another name.
    "search.rename" (RenameSearch) -> (), stales ["search"] = |at, request| {
        search::rename(at.workspace()?, request.id, &request.name)
    };
    /// Removes a saved search.
    "search.remove" (RemoveSearch) -> (), stales ["search"] = |at, request| search::remove(at.workspace()?, request.id);
}

#[derive(Debug, Deserialize, ts_rs::TS)]
pub(crate) struct RenameSearch {
    /// The search.
    id: SearchId,
    /// Its new name.
    name: String,
}
