//! A job: what it is to do, and how far it has come.

use crate::json::{self, Json, object};
use crate::org::field::{Field, Kind};
use crate::org::schema::Object;
use crate::org::values::{datetime_text, now_ms};

/// What a job does with its records.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Operation {
    /// Creates them.
    Insert,
    /// Changes them by id.
    Update,
    /// Creates or changes them by the value of a key.
    Upsert,
    /// Puts them into the recycle bin.
    Delete,
    /// Reads live ones.
    Query,
    /// Reads deleted ones too.
    QueryAll,
}

/// Where a job stands.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum State {
    /// Its file has yet to come.
    Open,
    /// It may begin.
    UploadComplete,
    /// It has begun.
    InProgress,
    /// It has ended; records may have been refused.
    JobComplete,
    /// Somebody ended it.
    Aborted,
    /// It could not go on.
    Failed,
}

/// A job.
#[derive(Clone, Debug)]
pub(crate) struct Job {
    /// Its id, 750….
    pub(crate) id: String,
    /// What it does.
    pub(crate) operation: Operation,
    /// API name of the object.
    pub(crate) object: String,
    /// Where it stands.
    pub(crate) state: State,
    /// The key of an upsert.
    pub(crate) key: Option<String>,
    /// SOQL of a query.
    pub(crate) query: Option<String>,
    /// How its files are written.
    pub(crate) format: Format,
    /// Version it was created with, such as `v67.0`.
    pub(crate) version: String,
    /// How records are to be written.
    pub(crate) options: Options,
    /// The faults that will happen to it.
    pub(crate) plan: Plan,
    /// The columns of its file.
    pub(crate) header: Vec<String>,
    /// Its file has come.
    pub(crate) uploaded: bool,
    /// The chunk that comes next, counted from 0.
    pub(crate) next_chunk: i64,
    /// UTC milliseconds, as all times here.
    pub(crate) created_at: i64,
    /// When it began; 0 before.
    pub(crate) began_at: i64,
    /// When it ended; 0 before.
    pub(crate) ended_at: i64,
    /// Nothing happens to it before.
    pub(crate) due_at: i64,
    /// Records it has looked at.
    pub(crate) processed: i64,
    /// Records it refused.
    pub(crate) failed: i64,
    /// How often it repeated a chunk.
    pub(crate) retries: i64,
    /// Why it failed.
    pub(crate) error: Option<String>,
}

/// How a job's files are written.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Format {
    /// Between the values of a record.
    pub(crate) delimiter: char,
    /// Lines end with CR and LF.
    pub(crate) crlf: bool,
}

/// How records are to be written: duplicate rules can't be overridden, and assignment rules run where one is named.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Options {
    /// `assignmentRuleId`
    pub(crate) assign: bool,
    /// `Sforce-Disable-Batch-Retry: TRUE`
    pub(crate) no_retry: bool,
}

/// Faults that will happen to a job, each after so many of its records.
#[derive(Clone, Debug, Default)]
pub(crate) struct Plan {
    /// It vanishes.
    pub(crate) lost_after: Option<i64>,
    /// Somebody aborts it.
    pub(crate) aborted_after: Option<i64>,
    /// It fails.
    pub(crate) failed_after: Option<i64>,
    /// It stays in `InProgress` for so many milliseconds before it does anything; 0 for ever.
    pub(crate) stuck_ms: Option<i64>,
    /// Its results are there so many milliseconds after it ended.
    pub(crate) late_ms: Option<i64>,
}

const DELIMITERS: [(&str, char); 6] = [
    ("BACKQUOTE", '`'),
    ("CARET", '^'),
    ("COMMA", ','),
    ("PIPE", '|'),
    ("SEMICOLON", ';'),
    ("TAB", '\t'),
];

impl Operation {
    /// The operation of this name.
    pub(crate) fn named(name: &str) -> Option<Operation> {
        use Operation::{Delete, Insert, Query, QueryAll, Update, Upsert};
        [Insert, Update, Upsert, Delete, Query, QueryAll]
            .into_iter()
            .find(|operation| operation.name() == name)
    }

    /// The name on the wire.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Operation::Insert => "insert",
            Operation::Update => "update",
            Operation::Upsert => "upsert",
            Operation::Delete => "delete",
            Operation::Query => "query",
            Operation::QueryAll => "queryAll",
        }
    }

    /// Whether it reads.
    pub(crate) fn is_query(self) -> bool {
        matches!(self, Operation::Query | Operation::QueryAll)
    }
}

impl State {
    /// The state of this name.
    pub(crate) fn named(name: &str) -> Option<State> {
        use State::{Aborted, Failed, InProgress, JobComplete, Open, UploadComplete};
        [
            Open,
            UploadComplete,
            InProgress,
            JobComplete,
            Aborted,
            Failed,
        ]
        .into_iter()
        .find(|state| state.name() == name)
    }

    /// The name on the wire.
    pub(crate) fn name(self) -> &'static str {
        match self {
            State::Open => "Open",
            State::UploadComplete => "UploadComplete",
            State::InProgress => "InProgress",
            State::JobComplete => "JobComplete",
            State::Aborted => "Aborted",
            State::Failed => "Failed",
        }
    }

    /// Whether the job has ended.
    pub(crate) fn is_final(self) -> bool {
        matches!(self, State::JobComplete | State::Aborted | State::Failed)
    }
}

impl Format {
    /// The format with these names; the defaults are a comma and LF.
    pub(crate) fn named(delimiter: Option<&str>, ending: Option<&str>) -> Option<Format> {
        let delimiter = delimiter.unwrap_or("COMMA");
        let known = DELIMITERS.iter().find(|(name, _)| *name == delimiter)?;
        let crlf = match ending.unwrap_or("LF") {
            "LF" => false,
            "CRLF" => true,
            _ => return None,
        };
        Some(Format {
            delimiter: known.1,
            crlf,
        })
    }

    /// The name of the delimiter.
    pub(crate) fn delimiter_name(self) -> &'static str {
        let known = DELIMITERS.iter().find(|(_, c)| *c == self.delimiter);
        known.map_or("COMMA", |(name, _)| name)
    }

    /// The name of the line ending.
    pub(crate) fn ending_name(self) -> &'static str {
        if self.crlf { "CRLF" } else { "LF" }
    }
}

impl Job {
    /// Ends it.
    pub(crate) fn end(&mut self, state: State) {
        self.state = state;
        self.ended_at = now_ms();
    }

    /// Ends it with a reason.
    pub(crate) fn fail(&mut self, why: &str) {
        self.error = Some(why.to_owned());
        self.end(State::Failed);
    }

    /// Whether its results are there.
    pub(crate) fn has_results(&self) -> bool {
        let late = self.plan.late_ms.unwrap_or(0);
        self.state.is_final() && now_ms() >= self.ended_at.saturating_add(late)
    }

    /// What every answer about it says.
    pub(crate) fn summary(&self, user: &str) -> Json {
        let version = self.version.trim_start_matches('v').to_owned();
        let mut json = object([
            ("id", self.id.as_str().into()),
            ("operation", self.operation.name().into()),
            ("object", self.object.as_str().into()),
            ("createdById", user.into()),
            ("createdDate", datetime_text(self.created_at).into()),
            ("systemModstamp", datetime_text(self.changed_at()).into()),
            ("state", self.state.name().into()),
            ("concurrencyMode", "Parallel".into()),
            ("contentType", "CSV".into()),
            ("apiVersion", Json::Number(version)),
        ]);
        if let Some(key) = &self.key {
            json.push("externalIdFieldName", key.as_str());
        }
        if !self.operation.is_query() {
            let url = format!(
                "services/data/{}/jobs/ingest/{}/batches",
                self.version, self.id
            );
            json.push("contentUrl", url);
        }
        json.push("lineEnding", self.format.ending_name());
        json.push("columnDelimiter", self.format.delimiter_name());
        json
    }

    /// The summary, and how far it has come.
    pub(crate) fn details(&self, user: &str) -> Json {
        let mut json = self.summary(user);
        let is_query = self.operation.is_query();
        let spent = match (self.began_at, self.ended_at) {
            (0, _) => 0,
            (began, 0) => now_ms() - began,
            (began, ended) => ended - began,
        };
        json.push("jobType", if is_query { "V2Query" } else { "V2Ingest" });
        json.push("numberRecordsProcessed", self.processed);
        json.push("retries", self.retries);
        json.push("totalProcessingTime", spent);
        if !is_query {
            json.push("numberRecordsFailed", self.failed);
            json.push("apiActiveProcessingTime", spent);
            json.push("apexProcessingTime", 0_i64);
        }
        if let Some(error) = &self.error {
            json.push("errorMessage", error.as_str());
        }
        json
    }

    fn changed_at(&self) -> i64 {
        self.created_at.max(self.began_at).max(self.ended_at)
    }
}

impl Options {
    /// As JSON, for the file.
    pub(crate) fn to_json(self) -> Json {
        object([
            ("assign", self.assign.into()),
            ("no_retry", self.no_retry.into()),
        ])
    }

    /// Reads them from the file.
    pub(crate) fn read(text: &str) -> Options {
        let json = json::parse(text).unwrap_or_default();
        let flag = |name: &str| json.get(name).and_then(Json::as_bool) == Some(true);
        Options {
            assign: flag("assign"),
            no_retry: flag("no_retry"),
        }
    }
}

impl Plan {
    /// As JSON, for the file.
    pub(crate) fn to_json(&self) -> Json {
        object([
            ("lost_after", self.lost_after.into()),
            ("aborted_after", self.aborted_after.into()),
            ("failed_after", self.failed_after.into()),
            ("stuck_ms", self.stuck_ms.into()),
            ("late_ms", self.late_ms.into()),
        ])
    }

    /// Reads it from the file.
    pub(crate) fn read(text: &str) -> Plan {
        let json = json::parse(text).unwrap_or_default();
        let number = |name: &str| json.get(name).and_then(Json::as_i64);
        Plan {
            lost_after: number("lost_after"),
            aborted_after: number("aborted_after"),
            failed_after: number("failed_after"),
            stuck_ms: number("stuck_ms"),
            late_ms: number("late_ms"),
        }
    }
}

/// Whether an upsert may find records by a field.
pub(crate) fn is_key(field: &Field) -> bool {
    field.external_id || field.id_lookup || field.kind == Kind::Id
}

/// Whether a job may write an object.
pub(crate) fn is_writable(object: &Object) -> bool {
    ["create", "update", "delete"]
        .iter()
        .any(|flag| object.is(flag))
}
