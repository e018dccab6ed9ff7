//! `scores.…`: rules whose points add up per contact.

use leadferry_store::Rule;
use serde::Deserialize;

use super::table::{Named, Nothing, commands};
use crate::scores::{self, RecalculatedScore, ScoreInfo};

commands! {
    /// Returns all scores by name.
    "scores.list" (Nothing) -> Vec<ScoreInfo> = |at, _| scores::list(at.workspace()?);
    /// Returns the rules of a score.
    "scores.rules" (Named) -> Vec<Rule> = |at, request| scores::rules(at.workspace()?, &request.name);
    /// Brings the points of one score, or of all that are switched on, up to date.
    "scores.recalculate" (Recalculate) -> Vec<RecalculatedScore>, stales ["scores", "contacts"] = |at, request| {
        scores::recalculate(at.workspace()?, request.name.as_deref(), request.full.unwrap_or(false), &|| true)
    };
}

#[derive(Debug, Deserialize, ts_rs::TS)]
#[ts(optional_fields)]
pub(crate) struct Recalculate {
    /// One score; all without.
    name: Option<String>,
    /// Looks at every contact, not only at changed ones.
    full: Option<bool>,
}
