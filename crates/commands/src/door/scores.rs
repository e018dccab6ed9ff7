//! `scores.…`: rules whose points add up per contact.

use leadferry_store::{Condition, Rule};
use serde::Deserialize;

use super::table::{Named, Nothing, commands};
use crate::scores::{self, RecalculatedScore, RuleTried, ScoreCard, ScoreChange, ScoreInfo};

commands! {
    /// Returns all scores by name.
    "scores.list" (Nothing) -> Vec<ScoreInfo> = |at, _| scores::list(at.workspace()?);
    /// Shows a score: its rules, how its points are spread, and what it decides.
    "scores.show" (Named) -> ScoreCard = |at, request| scores::show(at.workspace()?, &request.name);
    /// Adds a score.
    "scores.add" (NewScore) -> ScoreInfo, stales ["scores", "workspaces"] = |at, request| {
        scores::add(at.workspace()?, &request.name, &request.description, &request.rules)
    };
    /// Changes a score; its points follow with the next calculation.
    "scores.set" (SetScore) -> ScoreInfo, stales ["scores", "replications"] = |at, request| {
        scores::change(at.workspace()?, &request.score, request.change)
    };
    /// Removes a score that no replication uses.
    "scores.remove" (Named) -> (), stales ["scores", "contacts", "workspaces"] = |at, request| {
        scores::remove(at.workspace()?, &request.name)
    };
    /// Counts who meets each of these conditions, without keeping anything.
    "scores.try" (TryRules) -> Vec<RuleTried> = |at, request| scores::try_rules(at.workspace()?, &request.conditions);
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

#[derive(Debug, Deserialize, ts_rs::TS)]
pub(crate) struct NewScore {
    /// Name.
    name: String,
    /// What it is for.
    description: String,
    /// Its rules.
    rules: Vec<Rule>,
}

#[derive(Debug, Deserialize, ts_rs::TS)]
pub(crate) struct SetScore {
    /// The score, by the name it has.
    score: String,
    /// What is changed.
    change: ScoreChange,
}

#[derive(Debug, Deserialize, ts_rs::TS)]
pub(crate) struct TryRules {
    /// Conditions, one a rule.
    conditions: Vec<Condition>,
}
