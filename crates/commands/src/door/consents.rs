//! `consents.…`: what contacts have allowed.

use serde::Deserialize;

use super::contacts::OneContact;
use super::table::{Nothing, commands};
use crate::consents::{self, ConsentInfo, PurposeInfo, RecordConsent, RecordedConsent};

commands! {
    /// Returns the paths of all purposes, preferences and preference values.
    "consents.paths" (Nothing) -> Vec<String> = |at, _| consents::paths(at.workspace()?);
    /// Returns all purposes, preferences and preference values, with how many have answered.
    "consents.purposes" (Nothing) -> Vec<PurposeInfo> = |at, _| consents::purposes(at.workspace()?);
    /// Adds one, and what it stands below.
    "consents.add" (OnePurpose) -> (), stales ["consents"] = |at, request| {
        consents::add(at.workspace()?, &request.path)
    };
    /// Gives one another name, also in the rules that ask for it.
    "consents.rename" (RenamePurpose) -> (), stales ["consents", "segments", "scores"] = |at, request| {
        consents::rename(at.workspace()?, &request.path, &request.name)
    };
    /// Removes one with all that stands below it, and with every answer to these.
    "consents.remove" (OnePurpose) -> (), stales ["consents", "contacts"] = |at, request| {
        consents::remove(at.workspace()?, &request.path, true)
    };
    /// Returns what a contact has answered.
    "consents.of" (OneContact) -> Vec<ConsentInfo> = |at, request| consents::of(at.workspace()?, &request.contact);
    /// Records an answer of contacts; those who are not here are told.
    "consents.record" (RecordConsent) -> RecordedConsent, stales ["consents", "contacts", "segments", "scores"] = |at, request| {
        consents::record(at.workspace()?, &request)
    };
}

#[derive(Debug, Deserialize, ts_rs::TS)]
pub(crate) struct OnePurpose {
    /// The names from the purpose down, ` > ` between them.
    path: String,
}

#[derive(Debug, Deserialize, ts_rs::TS)]
pub(crate) struct RenamePurpose {
    /// The names from the purpose down.
    path: String,
    /// The last name that it gets.
    name: String,
}
