//! `consent_syncs.…`: which consent goes to which field.

use serde::Deserialize;

use super::table::{Named, Nothing, commands};
use crate::consent_syncs::{
    self, AddConsentSync, ConsentSyncChange, ConsentSyncInfo, ConsentTree, MapConsent, WaitingPage,
    WaitingRequest,
};
use crate::prepare_org::Prepared;

commands! {
    /// Returns all consent syncs by name.
    "consent_syncs.list" (Nothing) -> Vec<ConsentSyncInfo> = |at, _| consent_syncs::list(at.workspace()?);
    /// Adds a consent sync; nothing is mapped yet.
    "consent_syncs.add" (AddConsentSync) -> ConsentSyncInfo, stales ["consent_syncs", "replications", "workspaces"] = |at, request| {
        consent_syncs::add(at.workspace()?, &request)
    };
    /// Changes settings of a consent sync.
    "consent_syncs.set" (SetConsentSync) -> ConsentSyncInfo, stales ["consent_syncs", "replications", "mappings"] = |at, request| {
        consent_syncs::set(at.workspace()?, &request.name, &request.settings)
    };
    /// Removes a consent sync with its queue and history.
    "consent_syncs.remove" (Named) -> (), stales ["consent_syncs", "replications", "workspaces", "queue", "runs"] = |at, request| {
        consent_syncs::remove(at.workspace()?, &request.name)
    };
    /// Returns the purposes, preferences and values, each with the field that it goes to, and the fields that fit.
    "consent_syncs.tree" (Named) -> ConsentTree = |at, request| consent_syncs::tree(at.workspace()?, &request.name);
    /// Sets the field of a purpose, preference, value or opt-out, or takes it away.
    "consent_syncs.map" (MapConsent) -> ConsentTree, stales ["consent_syncs", "replications", "mappings"] = |at, request| {
        consent_syncs::map(at.workspace()?, &request)
    };
    /// Checks the mapped fields in the org and, unless only looking, makes those that are missing.
    "consent_syncs.fields" (CheckFields) -> Prepared, stales ["consent_syncs", "connections", "replications", "mappings"] = |at, request| {
        consent_syncs::fields(at.workspace()?, &request.name, request.check_only).await
    };
    /// Returns contacts whose consent waits for a record with their email.
    "consent_syncs.waiting" (WaitingRequest) -> WaitingPage = |at, request| {
        consent_syncs::waiting(at.workspace()?, &request)
    };
}

#[derive(Debug, Deserialize, ts_rs::TS)]
pub(crate) struct SetConsentSync {
    /// The consent sync.
    name: String,
    /// What is to be changed.
    settings: ConsentSyncChange,
}

#[derive(Debug, Deserialize, ts_rs::TS)]
pub(crate) struct CheckFields {
    /// The consent sync.
    name: String,
    /// Changes nothing.
    check_only: bool,
}
