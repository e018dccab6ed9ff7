//! `scores.…`: rules whose points add up per contact.

use leadferry_store::{Recalculated, Rule, RuleTree};
use serde::Deserialize;

use super::table::{Named, Nothing, commands};
use crate::recalculating::{What, recalculate};
use crate::scores::{self, PointsExplained, RuleTried, ScoreCard, ScoreChange, ScoreInfo};

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
    /// Counts who meets each of these rules, without keeping anything.
    "scores.try" (TryRules) -> Vec<RuleTried> = |at, request| scores::try_rules(at.workspace()?, &request.rules);
    /// Explains the points of a contact, rule by rule.
    "scores.explain" (ExplainPoints) -> PointsExplained = |at, request| {
        scores::explain(at.workspace()?, &request.score, &request.contact)
    };
    /// Brings the points of one score, or all scores and segments, up to date.
    "scores.recalculate" (Recalculate) -> Recalculated, stales ["scores", "contacts", "segments"] = |at, request| {
        let what = request.name.as_deref().map_or(What::Everything, What::Score);
        recalculate(at.workspace()?, what, request.full.unwrap_or(false), &|| true)
    };
}

#[derive(Debug, Deserialize, ts_rs::TS)]
#[ts(optional_fields)]
pub(crate) struct Recalculate {
    /// One score; all scores and segments without.
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
    /// The conditions of the rules.
    rules: Vec<RuleTree>,
}

#[derive(Debug, Deserialize, ts_rs::TS)]
pub(crate) struct ExplainPoints {
    /// The score.
    score: String,
    /// The contact's guid, or an e-mail that only it has.
    contact: String,
}
