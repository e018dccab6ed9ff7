//! What a job is, and how far it has come.

use jiff::Timestamp;
use serde::Deserialize;
use serde_json::{Map, Value, json};

use crate::answer::Answer;
use crate::request::name;
use crate::wire::{list, or_default};
use crate::{Id, Result, parse_date_time};

/// Most jobs of a page of the list; the org gives 1,000.
const MAX_LISTED: usize = 5_000;
/// Most characters of an org's words that are kept.
const LONGEST_MESSAGE: usize = 4_000;

/// What a job does with its records.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum BulkOperation {
    /// Creates them. A create that may have been carried out can't be told from one that was not.
    Insert,
    /// Changes them by the column `Id`.
    Update,
    /// Creates or changes them by the value of this external id field.
    Upsert(String),
    /// Puts the records of the column `Id` into the recycle bin.
    Delete,
}

/// A job that writes, before it is created.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IngestJob {
    /// API name of the object.
    pub object: String,
    /// What to do with the records.
    pub operation: BulkOperation,
    /// The assignment rule that runs; jobs run none by themselves.
    pub assignment_rule: Option<Id>,
    /// Whether the org leaves unfinished batches instead of trying them again.
    pub without_retries: bool,
}

/// Where a job stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BulkState {
    /// Its file has yet to come.
    Open,
    /// It waits for its turn.
    UploadComplete,
    /// It has begun.
    InProgress,
    /// It has ended; rows may have been refused.
    JobComplete,
    /// Somebody ended it. What it had done stays.
    Aborted,
    /// It could not go on. What it had done stays.
    Failed,
}

/// A job as the org tells of it.
#[derive(Debug, Clone, PartialEq)]
pub struct BulkJob {
    /// Its id, 750….
    pub id: Id,
    /// Where it stands.
    pub state: BulkState,
    /// API name of its object.
    pub object: String,
    /// The external id field of an upsert.
    pub key: Option<String>,
    /// The user that created it.
    pub created_by: Option<Id>,
    /// When it was created.
    pub created_at: Option<Timestamp>,
    /// Rows that it has looked at; 0 where the answer doesn't say.
    pub processed: u64,
    /// Rows that it refused; 0 where the answer doesn't say.
    pub failed: u64,
    /// How often the org repeated a batch.
    pub retries: u64,
    /// The org's words about why it failed.
    pub error: Option<String>,
}

impl IngestJob {
    /// A job that runs no assignment rule and lets the org repeat batches.
    pub fn new(object: impl Into<String>, operation: BulkOperation) -> IngestJob {
        IngestJob {
            object: object.into(),
            operation,
            assignment_rule: None,
            without_retries: false,
        }
    }

    /// The body that creates the job.
    pub(super) fn body(&self) -> Result<Map<String, Value>> {
        let mut body = Map::new();
        let mut set = |key: &str, value: Value| body.insert(key.to_owned(), value);
        set("object", json!(name(&self.object)?));
        let operation = match &self.operation {
            BulkOperation::Insert => "insert",
            BulkOperation::Update => "update",
            BulkOperation::Delete => "delete",
            BulkOperation::Upsert(field) => {
                set("externalIdFieldName", json!(name(field)?));
                "upsert"
            }
        };
        set("operation", json!(operation));
        set("contentType", json!("CSV"));
        set("lineEnding", json!("LF"));
        set("columnDelimiter", json!("COMMA"));
        if let Some(rule) = &self.assignment_rule {
            set("assignmentRuleId", json!(rule.as_str()));
        }
        Ok(body)
    }
}

impl BulkState {
    /// Whether the job has ended, well or not.
    pub fn is_final(self) -> bool {
        matches!(
            self,
            BulkState::JobComplete | BulkState::Aborted | BulkState::Failed
        )
    }

    /// The org's name of the state.
    pub fn as_str(self) -> &'static str {
        match self {
            BulkState::Open => "Open",
            BulkState::UploadComplete => "UploadComplete",
            BulkState::InProgress => "InProgress",
            BulkState::JobComplete => "JobComplete",
            BulkState::Aborted => "Aborted",
            BulkState::Failed => "Failed",
        }
    }

    fn named(name: &str) -> Option<BulkState> {
        use BulkState::{Aborted, Failed, InProgress, JobComplete, Open, UploadComplete};
        let all = [
            Open,
            UploadComplete,
            InProgress,
            JobComplete,
            Aborted,
            Failed,
        ];
        all.into_iter().find(|state| state.as_str() == name)
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Wire {
    id: String,
    state: String,
    #[serde(default, deserialize_with = "or_default")]
    object: String,
    #[serde(default, deserialize_with = "or_default")]
    created_by_id: String,
    #[serde(default, deserialize_with = "or_default")]
    external_id_field_name: String,
    #[serde(default, deserialize_with = "or_default")]
    created_date: String,
    #[serde(default, deserialize_with = "or_default")]
    number_records_processed: u64,
    #[serde(default, deserialize_with = "or_default")]
    number_records_failed: u64,
    #[serde(default, deserialize_with = "or_default")]
    retries: u64,
    error_message: Option<String>,
}

impl Wire {
    fn job(self) -> Option<BulkJob> {
        let words = |text: String| text.chars().take(LONGEST_MESSAGE).collect();
        Some(BulkJob {
            id: Id::parse(&self.id)
                .ok()
                .filter(|id| id.key_prefix() == "750")?,
            state: BulkState::named(&self.state)?,
            object: self.object.chars().take(100).collect(),
            key: Some(self.external_id_field_name).filter(|name| !name.is_empty()),
            created_by: Id::parse(&self.created_by_id).ok(),
            created_at: parse_date_time(&self.created_date),
            processed: self.number_records_processed,
            failed: self.number_records_failed,
            retries: self.retries,
            error: self
                .error_message
                .filter(|text| !text.is_empty())
                .map(words),
        })
    }
}

/// Reads the answer about one job.
pub(super) fn job(answer: &Answer) -> Result<BulkJob> {
    let wire: Wire = answer.json()?;
    wire.job().ok_or_else(|| answer.unreadable("no bulk job"))
}

/// Reads a page of the list of jobs, and where the next one is.
pub(super) fn jobs(answer: &Answer) -> Result<(Vec<BulkJob>, Option<String>)> {
    #[derive(Deserialize)]
    #[serde(rename_all = "camelCase")]
    struct Page {
        #[serde(deserialize_with = "list::<_, _, MAX_LISTED>")]
        records: Vec<Wire>,
        #[serde(default)]
        done: bool,
        next_records_url: Option<String>,
    }
    let page: Page = answer.json()?;
    // Jobs of other kinds, which the org may list too, are none of ours.
    let jobs = page.records.into_iter().filter_map(Wire::job).collect();
    Ok((jobs, page.next_records_url.filter(|_| !page.done)))
}
