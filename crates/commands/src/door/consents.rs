//! `consents.…`: what contacts have allowed.

use serde::Deserialize;

use super::contacts::OneContact;
use super::table::{Nothing, commands};
use crate::consents::{
    self, ConsentEventInfo, ConsentInfo, ConsentSummary, LedgerInfo, ProofInfo, ProofRequest,
    PurposeInfo, RecordConsent, RecordedConsent, WordingInfo,
};

commands! {
    /// Returns the paths of all purposes, preferences and preference values.
    "consents.paths" (Nothing) -> Vec<String> = |at, _| consents::paths(at.workspace()?);
    /// Returns all purposes, preferences and preference values, with how many have answered.
    "consents.purposes" (Nothing) -> Vec<PurposeInfo> = |at, _| consents::purposes(at.workspace()?);
    /// Sums up how many contacts can be reached, and what was answered last.
    "consents.summary" (Nothing) -> ConsentSummary = |at, _| consents::summary(at.workspace()?);
    /// Adds one, and what it stands below.
    "consents.add" (OnePurpose) -> (), stales ["consents", "consent_syncs"] = |at, request| {
        consents::add(at.workspace()?, &request.path)
    };
    /// Gives one another name, also in the rules that ask for it.
    "consents.rename" (RenamePurpose) -> (), stales ["consents", "consent_syncs", "segments", "scores", "replications", "mappings"] = |at, request| {
        consents::rename(at.workspace()?, &request.path, &request.name)
    };
    /// Removes one with all that stands below it, and with every answer to these.
    "consents.remove" (OnePurpose) -> (), stales ["consents", "consent_syncs", "contacts"] = |at, request| {
        consents::remove(at.workspace()?, &request.path, true)
    };
    /// Returns what a contact has answered.
    "consents.of" (OneContact) -> Vec<ConsentInfo> = |at, request| consents::of(at.workspace()?, &request.contact);
    /// Records an answer of contacts; those who are not here are told.
    "consents.record" (RecordConsent) -> RecordedConsent, stales ["consents", "contacts", "segments", "scores"] = |at, request| {
        consents::record(at.workspace()?, &request)
    };
    /// Returns everything that a contact has answered, the oldest entry first.
    "consents.history" (OneContact) -> Vec<ConsentEventInfo> = |at, request| {
        consents::history(at.workspace()?, &request.contact)
    };
    /// Checks that nothing in the ledger was changed or removed.
    "consents.verify" (Nothing) -> LedgerInfo = |at, _| consents::verify(at.workspace()?);
    /// Writes a proof of consent of one contact or of all to a file.
    "consents.prove" (ProofRequest) -> ProofInfo = |at, request| consents::prove(at.workspace()?, &request);
    /// Returns what people are asked, all versions, by purpose.
    "consents.wordings" (Nothing) -> Vec<WordingInfo> = |at, _| consents::wordings(at.workspace()?);
    /// Adds a version of what people are asked.
    "consents.add_wording" (NewWording) -> WordingInfo, stales ["consents"] = |at, request| {
        consents::add_wording(at.workspace()?, &request.purpose, &request.text)
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

#[derive(Debug, Deserialize, ts_rs::TS)]
pub(crate) struct NewWording {
    /// The names of the purpose, from the top down.
    purpose: String,
    /// What people are asked, word for word.
    text: String,
}
