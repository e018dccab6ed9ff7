//! Scores: rules whose points add up per contact.

use leadferry_replication::mapping::Named;
use leadferry_store::Error::{NotFound, Refused};
pub use leadferry_store::Recalculated;
use leadferry_store::{ListedScore, PointsWhy, Reader, Rule, RuleTree, Score, parse_rules};
use serde::{Deserialize, Serialize};

use crate::error::sentence;
use crate::replications::{rename_in_replications, users_of};
use crate::rules::why_refused;
use crate::{Error, Result, Workspace};

/// A score, without its rules.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ts_rs::TS)]
pub struct ScoreInfo {
    /// Name.
    pub name: String,
    /// What it is for.
    pub description: String,
    /// Off keeps the points as they are.
    pub enabled: bool,
    /// Who reaches these points raises an alert.
    pub notify_at: Option<i64>,
    /// How many rules it has.
    pub rules: usize,
    /// Why its rules can't be read, where they can't: they can be replaced, or the score removed.
    pub unread: Option<String>,
    /// Why its rules can be read, but not calculated any more, in a sentence: its points stay as they are.
    pub unfit: Option<String>,
    /// When it was calculated last.
    pub calculated_at: Option<String>,
}

impl From<Score> for ScoreInfo {
    fn from(score: Score) -> ScoreInfo {
        let unread = None;
        ListedScore { score, unread }.into()
    }
}

impl From<ListedScore> for ScoreInfo {
    fn from(ListedScore { score, unread }: ListedScore) -> ScoreInfo {
        ScoreInfo {
            unread: unread.map(|why| why.to_string()),
            unfit: None,
            rules: score.rules.len(),
            name: score.name,
            description: score.description,
            enabled: score.enabled,
            notify_at: score.notify_at,
            calculated_at: score.calculated_at.map(crate::values::moment),
        }
    }
}

/// Reads rules from JSON such as `{"rules": [{"name": …, "points": 20, "when": {"field": …, "op": …}}]}`.
///
/// # Errors
/// When it is no such JSON.
pub fn read_rules(json: &str) -> Result<Vec<Rule>> {
    Ok(parse_rules(json)?)
}

/// Adds a score.
///
/// # Errors
/// When the name is taken, or a rule makes no sense.
pub fn add(
    workspace: &Workspace,
    name: &str,
    description: &str,
    rules: &[Rule],
) -> Result<ScoreInfo> {
    let now = workspace.host().now();
    Ok(workspace.store().write(|writer| {
        let id = writer.add_score(name, description, rules, now)?;
        writer.score(id).map(ScoreInfo::from)
    })?)
}

/// Returns all scores by name.
pub fn list(workspace: &Workspace) -> Result<Vec<ScoreInfo>> {
    Ok(workspace.store().read(|reader| {
        let scores = reader.listed_scores()?.into_iter();
        scores
            .map(|listed| info(reader, listed))
            .collect::<leadferry_store::Result<_>>()
    })?)
}

fn info(reader: &Reader<'_>, listed: ListedScore) -> leadferry_store::Result<ScoreInfo> {
    let mut unfit = None;
    for rule in &listed.score.rules {
        unfit = unfit.or(reader.why_unfit(&rule.when)?);
    }
    Ok(ScoreInfo {
        unfit: unfit.as_deref().map(sentence),
        ..ScoreInfo::from(listed)
    })
}

/// The most ranges of points in a distribution.
const RANGES: u32 = 12;

/// A score with its rules, and what they come to.
#[derive(Debug, Clone, PartialEq, Serialize, ts_rs::TS)]
pub struct ScoreCard {
    /// The score.
    #[serde(flatten)]
    pub score: ScoreInfo,
    /// Its rules; a contact's points are the sum over those that it meets.
    pub rule_list: Vec<Rule>,
    /// How its points are spread.
    pub spread: PointSpread,
    /// The replications that it decides, by name.
    pub users: Vec<ScoreUser>,
    /// Contacts that were changed since it was calculated.
    pub stale: u64,
}

/// How many contacts have how many points.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ts_rs::TS)]
pub struct PointSpread {
    /// Contacts, those without any points included.
    pub contacts: u64,
    /// The least points of anyone.
    pub least: i64,
    /// The most points of anyone.
    pub most: i64,
    /// The sum of all points.
    pub sum: i64,
    /// Ranges of points, the lowest first and without gaps.
    pub ranges: Vec<PointRange>,
}

/// A range of points.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ts_rs::TS)]
pub struct PointRange {
    /// The least points in it.
    pub from: i64,
    /// The most points in it.
    pub to: i64,
    /// Contacts whose points lie in it.
    pub contacts: u64,
}

/// A replication that a score decides.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ts_rs::TS)]
pub struct ScoreUser {
    /// The replication.
    pub replication: String,
    /// The points that mark a contact.
    pub minimum: i64,
    /// Contacts that are marked.
    pub marked: u64,
}

/// Shows a score.
///
/// # Errors
/// When there is none of that name.
pub fn show(workspace: &Workspace, name: &str) -> Result<ScoreCard> {
    Ok(workspace.store().read(|reader| {
        let listed = reader.listed_score(name)?;
        let score = &listed.score;
        let spread = reader.distribution(score.id, RANGES)?;
        let ranges = spread.ranges.iter().map(|range| PointRange {
            from: range.from,
            to: range.to,
            contacts: range.contacts,
        });
        let users = reader.score_users(score.id)?.into_iter();
        let users = users.map(|user| ScoreUser {
            replication: user.name,
            minimum: user.minimum,
            marked: user.marked,
        });
        Ok::<_, leadferry_store::Error>(ScoreCard {
            rule_list: score.rules.clone(),
            spread: PointSpread {
                contacts: spread.contacts,
                least: spread.least,
                most: spread.most,
                sum: spread.sum,
                ranges: ranges.collect(),
            },
            users: users.collect(),
            stale: reader.stale_points(score.id)?,
            score: info(reader, listed)?,
        })
    })?)
}

/// What is to be changed of a score; what is not named stays.
#[derive(Debug, Clone, Default, Deserialize, ts_rs::TS)]
#[ts(optional_fields)]
pub struct ScoreChange {
    /// Name.
    pub name: Option<String>,
    /// What it is for.
    pub description: Option<String>,
    /// Off keeps the points as they are.
    pub enabled: Option<bool>,
    /// All its rules.
    pub rules: Option<Vec<Rule>>,
    /// Whether someone who reaches so many points raises an alert.
    pub notify_at: Option<NotifyAt>,
}

/// From which points on a contact raises an alert.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, ts_rs::TS)]
#[serde(rename_all = "snake_case")]
pub enum NotifyAt {
    /// From none.
    Never,
    /// From these.
    Points(i64),
}

/// Changes a score; changed rules are counted with the next calculation.
///
/// # Errors
/// When there is none of that name, the new name is taken, or a rule makes no sense.
pub fn change(workspace: &Workspace, name: &str, change: ScoreChange) -> Result<ScoreInfo> {
    let now = workspace.host().now();
    workspace.store().write(|writer| {
        if change.rules.is_some() {
            writer.clear_unread_score(name)?;
        }
        let mut score = writer.score_named(name)?;
        let before = score.name.clone();
        score.name = change.name.unwrap_or(score.name);
        score.description = change.description.unwrap_or(score.description);
        score.enabled = change.enabled.unwrap_or(score.enabled);
        score.rules = change.rules.unwrap_or(score.rules);
        score.notify_at = match change.notify_at {
            Some(NotifyAt::Never) => None,
            Some(NotifyAt::Points(points)) => Some(points),
            None => score.notify_at,
        };
        writer.change_score(&score)?;
        let changed = writer.score(score.id)?;
        if changed.name != before {
            rename_in_replications(writer, Named::Score(&before), &changed.name, now)?;
        }
        Ok(ScoreInfo::from(changed))
    })
}

/// Removes a score with its points.
///
/// # Errors
/// When there is none of that name, or a replication uses it.
pub fn remove(workspace: &Workspace, name: &str) -> Result<()> {
    workspace.store().write(|writer| {
        writer.clear_unread_score(name)?;
        let score = writer.score_named(name)?;
        let users = users_of(writer, Named::Score(&score.name))?;
        if !users.is_empty() {
            return Err(Error::usage(
                format!("The score \"{}\" is in use.", score.name),
                "Remove it from the mapping or the description there first.",
            )
            .because(format!("It's used by {}.", users.join(", "))));
        }
        Ok(writer.remove_score(score.id)?)
    })
}

/// What a rule comes to: how many meet it, or why it makes no sense.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ts_rs::TS)]
pub struct RuleTried {
    /// Contacts that meet it.
    pub contacts: Option<u64>,
    /// What is wrong with it, and what to do.
    pub refused: Option<String>,
}

/// Counts who meets each of these rules, without keeping anything.
pub fn try_rules(workspace: &Workspace, rules: &[RuleTree]) -> Result<Vec<RuleTried>> {
    let now = workspace.host().now();
    Ok(workspace.store().read(|reader| {
        let tried = rules.iter().map(|rule| match reader.count_tree(rule, now) {
            Ok(contacts) => Ok(RuleTried {
                contacts: Some(contacts),
                refused: None,
            }),
            Err(error @ (Refused(_) | NotFound { .. })) => Ok(RuleTried {
                contacts: None,
                refused: Some(why_refused(&error)),
            }),
            Err(error) => Err(error),
        });
        tried.collect::<Result<_, _>>()
    })?)
}

/// Why a contact has her points in a score.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ts_rs::TS)]
pub struct PointsExplained {
    /// The points, as last calculated.
    pub points: i64,
    /// Every rule, as it stands now.
    pub rules: Vec<RuleExplained>,
}

/// What a rule gives a contact.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ts_rs::TS)]
pub struct RuleExplained {
    /// Its name.
    pub name: String,
    /// What it says.
    pub says: String,
    /// The points that it gives her now.
    pub points: i64,
    /// Since when, UTC milliseconds; `None` where it gives none, or none were calculated yet.
    pub since: Option<i64>,
    /// When that changes by itself, UTC milliseconds.
    pub changes_at: Option<i64>,
}

impl From<PointsWhy> for PointsExplained {
    fn from(why: PointsWhy) -> Self {
        let rules = why.rules.into_iter().map(|rule| RuleExplained {
            name: rule.name,
            says: rule.says,
            points: rule.points,
            since: rule.since,
            changes_at: rule.changes_at,
        });
        Self {
            points: why.points,
            rules: rules.collect(),
        }
    }
}

/// Explains the points of a contact.
///
/// # Errors
/// When there is no such score or contact.
pub fn explain(workspace: &Workspace, name: &str, contact: &str) -> Result<PointsExplained> {
    let now = workspace.host().now();
    Ok(workspace.store().read(|reader| {
        let score = reader.score_named(name)?;
        let contact = reader.find_contact(contact)?;
        if let Some(why) = reader.why_not_calculated(Some(score.id), &[])? {
            return Err(why);
        }
        reader
            .explain_points(score.id, contact, now)
            .map(Into::into)
    })?)
}
