//! Runs: what was sent, and what came back.

use std::collections::BTreeMap;

use leadferry_salesforce::ErrorCode;
use leadferry_store::{BatchId, BatchRow, ContactId, Guid, Outcome, Run, RunId};
use serde::Serialize;
use serde_json::Value;

use crate::{Result, Workspace};

const PAGE: usize = 1_000;

/// A run with the name of its replication.
#[derive(Debug, Clone, PartialEq, Serialize, ts_rs::TS)]
pub struct RunInfo {
    /// The replication.
    #[serde(rename = "replication_name")]
    pub name: String,
    /// The run.
    #[serde(flatten)]
    pub run: Run,
}

/// Returns the latest runs, the latest first.
///
/// # Errors
/// When there is no such replication.
pub fn list(
    workspace: &Workspace,
    replication: Option<&str>,
    limit: usize,
) -> Result<Vec<RunInfo>> {
    Ok(workspace.store().read(|reader| {
        let replication = replication
            .map(|name| reader.replication_named(name))
            .transpose()?
            .map(|found| found.id);
        let runs = reader.runs(replication, None, limit)?;
        let named = runs.into_iter().map(|run| {
            Ok(RunInfo {
                name: reader.replication(run.replication)?.name,
                run,
            })
        });
        named.collect::<Result<Vec<_>, leadferry_store::Error>>()
    })?)
}

/// A run with the contacts that it was about.
#[derive(Debug, Clone, PartialEq, Serialize, ts_rs::TS)]
pub struct RunCard {
    /// The run.
    #[serde(flatten)]
    pub run: RunInfo,
    /// Refusals by cause, the most frequent first.
    pub refusals: Vec<Refusal>,
    /// Contacts newly blocked before anything was sent for them, by cause.
    pub blocks: Vec<Refusal>,
    /// The first rows that were sent.
    pub rows: Vec<RunRow>,
}

/// Contacts that were refused for the same reason.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ts_rs::TS)]
pub struct Refusal {
    /// The org's code, or ours in lower case.
    pub code: String,
    /// How many rows.
    pub rows: u64,
    /// What it means.
    pub cause: String,
    /// What to do.
    pub cure: String,
    /// The first words of the org about it.
    pub example: String,
}

/// A row that was sent.
#[derive(Debug, Clone, PartialEq, Serialize, ts_rs::TS)]
pub struct RunRow {
    /// The contact, as it was then.
    pub contact: Guid,
    /// The record.
    pub record_id: Option<String>,
    /// How the record was found.
    pub found: &'static str,
    /// What became of it; `None` while there is no answer.
    pub outcome: Option<&'static str>,
    /// What was sent; `null` when history was thinned.
    pub sent: Value,
    /// What the org answered.
    pub errors: Value,
}

/// Shows a run, with the first rows that it sent; only the refused ones where `refused` says so.
///
/// # Errors
/// When there is no such run.
pub fn show(workspace: &Workspace, run: i64, refused: bool, limit: usize) -> Result<RunCard> {
    let id = RunId(run);
    let store = workspace.store();
    let run = store.read(|reader| {
        let run = reader.run(id)?;
        Ok::<_, leadferry_store::Error>(RunInfo {
            name: reader.replication(run.replication)?.name,
            run,
        })
    })?;
    let mut rows = Vec::new();
    let mut refusals: BTreeMap<String, Refusal> = BTreeMap::new();
    let mut place = (BatchId(0), -1);
    loop {
        let page = store.read(|reader| reader.run_rows(id, place, PAGE))?;
        let Some(last) = page.last() else { break };
        place = (last.batch, i64::from(last.position));
        for row in page {
            let is_refused = matches!(
                row.outcome,
                Some(Outcome::Refused | Outcome::Retry | Outcome::Lost)
            );
            if is_refused {
                count_refusal(&mut refusals, &row);
            }
            if rows.len() < limit && (is_refused || !refused) {
                rows.push(shown(row));
            }
        }
    }
    Ok(RunCard {
        run,
        refusals: most_frequent(refusals),
        blocks: blocks(workspace, id)?,
        rows,
    })
}

fn shown(row: BatchRow) -> RunRow {
    let json = |text: Option<&str>| {
        text.and_then(|text| serde_json::from_str(text).ok())
            .unwrap_or(Value::Null)
    };
    RunRow {
        sent: json(Some(&row.payload)),
        errors: json(row.errors.as_deref()),
        contact: row.guid,
        record_id: row.record_id,
        found: row.found.name(),
        outcome: row.outcome.map(Outcome::name),
    }
}

fn count_refusal(refusals: &mut BTreeMap<String, Refusal>, row: &BatchRow) {
    let errors: Value = row
        .errors
        .as_deref()
        .and_then(|text| serde_json::from_str(text).ok())
        .unwrap_or_default();
    let text = |key: &str| errors[0][key].as_str().unwrap_or_default().to_owned();
    let code = Some(text("code"))
        .filter(|code| !code.is_empty())
        .unwrap_or_else(|| "unknown".to_owned());
    let refusal = refusals
        .entry(code.clone())
        .or_insert_with(|| explained(code, text("message")));
    refusal.rows += 1;
}

fn explained(code: String, example: String) -> Refusal {
    // Our own codes are lower case and say in their message what to do.
    if code.chars().any(|letter| letter.is_ascii_lowercase()) {
        return Refusal {
            code,
            rows: 0,
            cause: example.clone(),
            cure: "`queue list` shows what to do".to_owned(),
            example,
        };
    }
    let known = ErrorCode::from(code.as_str());
    let (cause, cure) = (
        known.cause().to_owned(),
        known.treatment().cure().to_owned(),
    );
    Refusal {
        code,
        rows: 0,
        cause,
        cure,
        example,
    }
}

fn blocks(workspace: &Workspace, run: RunId) -> Result<Vec<Refusal>> {
    let mut found: BTreeMap<String, Refusal> = BTreeMap::new();
    let mut after = ContactId(0);
    loop {
        let page = workspace
            .store()
            .read(|reader| reader.run_blocks(run, None, after, PAGE))?;
        let Some((last, _, _)) = page.last() else {
            return Ok(most_frequent(found));
        };
        after = *last;
        for (_, code, message) in page {
            found
                .entry(code.clone())
                .or_insert_with(|| explained(code, message))
                .rows += 1;
        }
    }
}

fn most_frequent(refusals: BTreeMap<String, Refusal>) -> Vec<Refusal> {
    let mut refusals: Vec<_> = refusals.into_values().collect();
    refusals.sort_by_key(|refusal| std::cmp::Reverse(refusal.rows));
    refusals
}
