//! Names the records that a duplicate rule holds a new one for. Plain functions.
//!
//! The answer to a row gives their ids at most, and in many orgs not even these. Then those with the row's email or name
//! are the likely ones.

use std::collections::{BTreeMap, BTreeSet};

use leadferry_salesforce::{ErrorCode, Id, Match, RowAnswer, RowError};
use leadferry_store::BatchRow;
use serde_json::{Map, Value};

use super::{OrgRecord, columns, push_questions};
use crate::setup::Setup;

/// Most records that are named for one row.
const MOST: usize = 10;

/// The objects whose records a rule for leads or contacts compares.
const PEOPLE: [&str; 2] = ["Lead", "Contact"];

/// Tells whether a duplicate rule refused any of the rows.
pub(crate) fn has_duplicates(answers: &[RowAnswer]) -> bool {
    answers.iter().any(|answer| duplicate(answer).is_some())
}

/// Returns the questions that name the records which rows were held to be duplicates of; none where there is nothing to
/// name.
pub(crate) fn questions_about_duplicates(
    rows: &[BatchRow],
    answers: &[RowAnswer],
    setup: &Setup,
    sees_accounts: bool,
) -> Vec<String> {
    let (mut ids, mut emails, mut names) = (BTreeSet::new(), BTreeSet::new(), BTreeSet::new());
    for (row, answer) in rows.iter().zip(answers) {
        let Some(error) = duplicate(answer) else {
            continue;
        };
        if error.matches.is_empty() {
            let sent = Sent::of(row);
            emails.extend(sent.email);
            names.extend(sent.name);
        } else {
            let unnamed = error.matches.iter().filter(|one| one.name.is_none());
            ids.extend(unnamed.filter_map(|one| one.id.as_ref().map(Id::to_string)));
        }
    }
    let mut questions = Vec::new();
    for object in PEOPLE {
        let by = (object, columns(object, setup, sees_accounts));
        let alive = if object == "Lead" {
            " AND IsDeleted = false AND IsConverted = false"
        } else {
            " AND IsDeleted = false"
        };
        let prefix = if object == "Lead" { "00Q" } else { "003" };
        let ids = ids.iter().filter(|id| id.starts_with(prefix));
        push_questions(
            &mut questions,
            &by,
            "Id",
            ids.map(String::as_str).collect(),
            "",
        );
        if setup.can_match_email() {
            let emails = emails.iter().map(String::as_str).collect();
            push_questions(&mut questions, &by, "Email", emails, alive);
        }
        let names = names.iter().map(String::as_str).collect();
        push_questions(&mut questions, &by, "Name", names, alive);
    }
    questions
}

/// Adds to each refused row the records that it was held to be a duplicate of, as the org has them; `overridden` says that
/// the request asked for duplicates to be saved, so that the rule is one that lets nobody save them.
pub(crate) fn name_duplicates(
    rows: &[BatchRow],
    answers: &mut [RowAnswer],
    known: &[OrgRecord],
    overridden: bool,
) {
    let by_id: BTreeMap<&str, &OrgRecord> =
        known.iter().map(|one| (one.id.as_str(), one)).collect();
    for (row, answer) in rows.iter().zip(answers) {
        let Some(error) = answer
            .errors
            .first_mut()
            .filter(|error| is_duplicate(error))
        else {
            continue;
        };
        if overridden {
            error.allow_save = Some(false);
        }
        if error.matches.is_empty() {
            let sent = Sent::of(row);
            let likely = known.iter().filter(|one| sent.is_like(one));
            error.matches = likely.take(MOST).map(matched).collect();
        }
        for one in &mut error.matches {
            let record = one.id.as_ref().and_then(|id| by_id.get(id.as_str()));
            if let (None, Some(record)) = (&one.name, record) {
                *one = Match {
                    confidence: one.confidence,
                    ..matched(record)
                };
            }
        }
    }
}

fn duplicate(answer: &RowAnswer) -> Option<&RowError> {
    let error = answer.errors.first().filter(|_| !answer.success);
    error.filter(|error| is_duplicate(error))
}

fn is_duplicate(error: &RowError) -> bool {
    error.code == ErrorCode::DuplicatesDetected
}

fn matched(record: &OrgRecord) -> Match {
    Match {
        entity_type: record.object.clone(),
        id: Id::parse(&record.id).ok(),
        confidence: None,
        name: record.name.clone(),
        email: record.email.clone(),
        company: record.company.clone(),
    }
}

/// What a row says about who it is.
struct Sent {
    email: Option<String>,
    name: Option<String>,
}

impl Sent {
    fn of(row: &BatchRow) -> Self {
        let sent: Map<String, Value> = serde_json::from_str(&row.payload).unwrap_or_default();
        let text = |field: &str| sent.get(field).and_then(Value::as_str);
        let parts = [text("FirstName"), text("LastName")];
        let parts: Vec<&str> = parts.into_iter().flatten().map(str::trim).collect();
        let name = parts.join(" ");
        Self {
            email: text("Email").map(str::to_lowercase),
            name: Some(name).filter(|name| !name.is_empty()),
        }
    }

    fn is_like(&self, record: &OrgRecord) -> bool {
        let same = |one: &Option<String>, other: &Option<String>| match (one, other) {
            (Some(one), Some(other)) => one.to_lowercase() == other.to_lowercase(),
            _ => false,
        };
        same(&self.email, &record.email) || same(&self.name, &record.name)
    }
}
