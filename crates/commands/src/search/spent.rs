//! What a search costs.

use leadferry_replication::Org;
use serde::Serialize;

use crate::orgs::{budget, keep_allowance};
use crate::{Result, Workspace};

/// API calls that an answer cost, and what is left.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, ts_rs::TS)]
#[ts(rename = "CallsSpent")]
pub struct Spent {
    /// Calls made for this answer.
    pub calls: u64,
    /// Calls used within 24 hours; none where the org has told nothing yet.
    pub used: Option<u64>,
    /// Calls allowed within 24 hours.
    pub allowed: Option<u64>,
}

/// Counts the calls of one command.
pub(super) struct Counting<'a> {
    workspace: &'a Workspace,
    org: &'a Org,
    before: u64,
}

impl<'a> Counting<'a> {
    pub(super) fn from_here(workspace: &'a Workspace, org: &'a Org) -> Counting<'a> {
        Counting {
            workspace,
            org,
            before: org.client.traffic().calls,
        }
    }

    /// Keeps the allowance, and returns what was spent; also where the work failed, since that cost calls too.
    pub(super) fn done(&self) -> Result<Spent> {
        keep_allowance(self.workspace, self.org.connection, &self.org.client)?;
        let budget = self.workspace.store().read(|reader| {
            let connection = reader.connection(self.org.connection)?;
            budget(self.workspace, reader, &connection, 0)
        })?;
        Ok(Spent {
            calls: self.org.client.traffic().calls.saturating_sub(self.before),
            used: budget.map(|budget| budget.used),
            allowed: budget.map(|budget| budget.max),
        })
    }
}
