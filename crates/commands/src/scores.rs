//! Scores: rules whose points add up per contact.

use leadferry_store::{Rule, Score, parse_rules};
use serde::Serialize;

use crate::jobs::{self, JobKind};
use crate::{Error, Result, Step, Workspace};

/// A score, without its rules.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ts_rs::TS)]
pub struct ScoreInfo {
    /// Name.
    pub name: String,
    /// What it is for.
    pub description: String,
    /// Off keeps the points as they are.
    pub enabled: bool,
    /// How many rules it has.
    pub rules: usize,
    /// When it was calculated last.
    pub calculated_at: Option<String>,
}

impl From<Score> for ScoreInfo {
    fn from(score: Score) -> ScoreInfo {
        ScoreInfo {
            rules: score.rules.len(),
            name: score.name,
            description: score.description,
            enabled: score.enabled,
            calculated_at: score.calculated_at.map(crate::values::moment),
        }
    }
}

/// Adds a score; `rules` is JSON such as `{"rules": [{"name": …, "points": 20, "when": {"field": …, "op": …}}]}`.
///
/// # Errors
/// When the name is taken, or a rule makes no sense.
pub fn add(workspace: &Workspace, name: &str, description: &str, rules: &str) -> Result<ScoreInfo> {
    let rules = parse_rules(rules)?;
    let now = workspace.host().now();
    Ok(workspace.store().write(|writer| {
        let id = writer.add_score(name, description, &rules, now)?;
        writer.score(id).map(ScoreInfo::from)
    })?)
}

/// Returns all scores by name.
///
/// # Errors
/// When the workspace cannot be read.
pub fn list(workspace: &Workspace) -> Result<Vec<ScoreInfo>> {
    let scores = workspace.store().read(|reader| reader.scores())?;
    Ok(scores.into_iter().map(ScoreInfo::from).collect())
}

/// Returns the rules of a score.
///
/// # Errors
/// When there is none of that name.
pub fn rules(workspace: &Workspace, name: &str) -> Result<Vec<Rule>> {
    Ok(workspace
        .store()
        .read(|reader| reader.score_named(name))?
        .rules)
}

/// What a score came to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ts_rs::TS)]
pub struct RecalculatedScore {
    /// The score.
    pub name: String,
    /// Contacts looked at.
    pub seen: u64,
    /// Contacts whose points changed.
    pub changed: u64,
    /// Marks set, over all replications.
    pub marked: u64,
}

/// Brings the points of one score, or of all that are switched on, up to date.
///
/// Only contacts that were changed since the last time are looked at, unless `full`.
///
/// # Errors
/// When there is none of that name, it is switched off, or `go_on` said no: what was done until then stays.
pub fn recalculate(
    workspace: &Workspace,
    name: Option<&str>,
    full: bool,
    go_on: &dyn Fn() -> bool,
) -> Result<Vec<RecalculatedScore>> {
    let scores = workspace.store().read(|reader| match name {
        Some(name) => reader.score_named(name).map(|score| vec![score]),
        None => reader
            .scores()
            .map(|all| all.into_iter().filter(|score| score.enabled).collect()),
    })?;
    let front_end = &workspace.host().front_end;
    let mut results = Vec::new();
    for score in scores {
        let job = jobs::begin(workspace, JobKind::Recalculation, &score.name);
        let mut progress = |done, total| {
            front_end.step(Step {
                stage: "scoring",
                done,
                total,
            });
            job.step("scoring", done, total);
            go_on() && job.goes_on()
        };
        let result =
            workspace
                .store()
                .recalculate(score.id, full, workspace.host().now(), &mut progress)?;
        if !result.complete {
            return Err(Error::new(
                crate::Code::Cancelled,
                format!(
                    "the calculation of \"{}\" was stopped after {} contacts",
                    score.name, result.seen
                ),
                "start it again: it goes on where it stopped",
            ));
        }
        results.push(RecalculatedScore {
            name: score.name,
            seen: result.seen,
            changed: result.changed,
            marked: result.marked,
        });
    }
    Ok(results)
}
