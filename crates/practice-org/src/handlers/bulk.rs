//! Bulk API 2.0: `/jobs/ingest` and `/jobs/query`.

mod form;
mod ingest;
mod query;

pub(super) use ingest::{all as ingest_jobs, batches, one as ingest_job, results};
pub(super) use query::{
    all as query_jobs, one as query_job, pages as query_result_pages, results as query_results,
};

use super::Request;
use crate::bulk::job::{Format, Options};
use crate::bulk::{Job, Operation, State};
use crate::http::{Answer, Call, Refused};
use crate::json::{Json, array, object};
use crate::org::values::now_ms;

/// Jobs of a page of the list.
const PAGE: usize = 1_000;

/// Whether a call brings a job's file.
pub(crate) fn is_upload(call: &Call) -> bool {
    let path = call.path.trim_end_matches('/');
    call.method == "PUT" && path.contains("/jobs/ingest/") && path.ends_with("/batches")
}

/// A job that has yet to begin.
fn new_job(
    request: &Request<'_>,
    body: &Json,
    operation: Operation,
    object: String,
) -> Result<Job, Refused> {
    let text = |name: &str| body.get(name).and_then(Json::as_str);
    let format = Format::named(text("columnDelimiter"), text("lineEnding"))
        .ok_or_else(|| invalid("Invalid columnDelimiter or lineEnding"))?;
    if text("contentType").is_some_and(|kind| kind != "CSV") {
        return Err(invalid("Invalid contentType: only CSV is supported"));
    }
    let no_retry = request.call.header("sforce-disable-batch-retry");
    let plan = std::mem::take(&mut request.org.armed.borrow_mut().plan);
    Ok(Job {
        id: request.org.next_id("750")?,
        operation,
        object,
        state: State::Open,
        key: None,
        query: None,
        format,
        version: request.version.to_owned(),
        options: Options {
            assign: text("assignmentRuleId").is_some(),
            no_retry: no_retry.is_some_and(|v| v.eq_ignore_ascii_case("true")),
        },
        plan,
        header: Vec::new(),
        uploaded: false,
        next_chunk: 0,
        created_at: now_ms(),
        began_at: 0,
        ended_at: 0,
        due_at: 0,
        processed: 0,
        failed: 0,
        retries: 0,
        error: None,
    })
}

/// The job that a path names, if it is one that reads or one that writes as the path says.
fn found(request: &Request<'_>, id: &str, is_query: bool) -> Result<Job, Refused> {
    let id = crate::org::ids::normal(id).ok_or_else(Refused::not_found)?;
    let job = request.org.job(&id)?;
    job.filter(|job| job.operation.is_query() == is_query)
        .ok_or_else(Refused::not_found)
}

fn list(request: &Request<'_>, queries: bool) -> Result<Answer, Refused> {
    let skip = request.call.param("queryLocator").map(str::parse::<usize>);
    let skip = match skip {
        None => 0,
        Some(Ok(skip)) => skip,
        Some(Err(_)) => {
            return Err(Refused::new(
                400,
                "INVALID_QUERY_LOCATOR",
                "invalid query locator",
            ));
        }
    };
    let jobs = request.org.jobs(queries, skip, PAGE + 1)?;
    let done = jobs.len() <= PAGE;
    let shown = jobs.iter().take(PAGE);
    let mut body = object([
        ("done", done.into()),
        (
            "records",
            array(shown.map(|job| job.summary(&request.org.user))),
        ),
    ]);
    if !done {
        let kind = if queries { "query" } else { "ingest" };
        let (version, next) = (request.version, skip + PAGE);
        let url = format!("/services/data/{version}/jobs/{kind}?queryLocator={next}");
        body.push("nextRecordsUrl", url);
    }
    Ok(Answer::json(200, body))
}

/// Ends a job at its caller's wish.
fn abort(request: &Request<'_>, mut job: Job) -> Result<Answer, Refused> {
    if job.state.is_final() {
        return Err(wrong_state(&job, "abort"));
    }
    job.end(State::Aborted);
    request.org.save_job(&job)?;
    Ok(Answer::json(200, job.summary(&request.org.user)))
}

/// Removes a job that has ended or not begun.
fn delete(request: &Request<'_>, job: &Job) -> Result<Answer, Refused> {
    if matches!(job.state, State::Open | State::InProgress) {
        return Err(wrong_state(job, "delete"));
    }
    request.org.delete_job(&job.id)?;
    Ok(Answer::no_content())
}

/// The state that a `PATCH` asks for.
fn wanted_state(request: &Request<'_>) -> Result<State, Refused> {
    let body = request.call.json()?;
    let name = body.get("state").and_then(Json::as_str).unwrap_or_default();
    State::named(name)
        .filter(|state| matches!(state, State::UploadComplete | State::Aborted))
        .ok_or_else(|| invalid(&format!("Invalid state: {name}")))
}

fn invalid(message: &str) -> Refused {
    Refused::new(400, "INVALIDJOB", format!("InvalidJob : {message}"))
}

fn wrong_state(job: &Job, what: &str) -> Refused {
    let message = format!("Unable to {what} a job in the state {}", job.state.name());
    Refused::new(400, "INVALIDJOBSTATE", message)
}

fn csv(text: String) -> Answer {
    Answer::text(200, "text/csv", text)
}
