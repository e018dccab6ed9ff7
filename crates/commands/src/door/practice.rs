//! `practice.…`: the practice org beside the workspace, and the trouble that can be rehearsed in it.

use serde::Deserialize;

use super::table::{Nothing, commands};
use crate::practice::{self, Adopted, PracticeFaults, PracticeState};

commands! {
    /// Says whether there is a practice org, and who serves it; serves nothing by itself.
    "practice.state" (Nothing) -> PracticeState = |at, _| practice::state(at.workspace()?).await;
    /// Returns the trouble that is waiting to happen, and what there is to choose from.
    "practice.faults" (Nothing) -> PracticeFaults = |at, _| practice::known_faults(at.workspace()?).await;
    /// Makes trouble: a fault by name, so many times.
    "practice.add_fault" (NewFault) -> PracticeFaults, stales ["practice"] = |at, request| {
        let workspace = at.workspace()?;
        let settings: Vec<_> = request.times.map(|times| ("times".to_owned(), times.to_string())).into_iter().collect();
        practice::add_fault(workspace, &request.name, &settings).await?;
        practice::known_faults(workspace).await
    };
    /// Takes all trouble back.
    "practice.clear_faults" (Nothing) -> PracticeFaults, stales ["practice"] = |at, _| {
        let workspace = at.workspace()?;
        practice::clear_faults(workspace).await?;
        practice::known_faults(workspace).await
    };
    /// Lets the practice org take over the fields of a connection's org.
    "practice.adopt" (AdoptFrom) -> Adopted, stales ["practice", "connections", "mappings", "replications"] = |at, request| {
        practice::adopt(at.workspace()?, &request.connection).await
    };
}

#[derive(Debug, Deserialize, ts_rs::TS)]
pub(crate) struct AdoptFrom {
    /// Name of the connection.
    connection: String,
}

#[derive(Debug, Deserialize, ts_rs::TS)]
#[ts(optional_fields)]
pub(crate) struct NewFault {
    /// Which.
    name: String,
    /// How often; until it is taken back, where this is left out.
    times: Option<u32>,
}
