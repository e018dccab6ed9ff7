//! `/jobs/query`: jobs that read.

use base64::Engine;
use base64::engine::general_purpose::STANDARD_NO_PAD;

use super::{abort, csv, delete, found, invalid, list, new_job, wanted_state, wrong_state};
use crate::bulk::{Job, Operation, State, checked_query, csv as files};
use crate::handlers::{Request, versions};
use crate::http::{Answer, Refused};
use crate::json::{Json, object};

/// Records of a page where the caller doesn't say.
const PAGE: usize = 50_000;

/// Pages that `/resultPages` lists at once.
const PAGES: usize = 5;

/// `GET` and `POST /jobs/query`.
pub(crate) fn all(request: &Request<'_>) -> Result<Answer, Refused> {
    if request.call.verb() != "POST" {
        return list(request, true);
    }
    let body = request.call.json()?;
    let text = |name: &str| body.get(name).and_then(Json::as_str).unwrap_or_default();
    let operation = Operation::named(text("operation")).filter(|o| o.is_query());
    let operation = operation.ok_or_else(|| invalid("Unknown operation"))?;
    let every = operation == Operation::QueryAll;
    let object = checked_query(request.org, text("query"), every)?;
    if request.org.query_jobs_today()? >= request.org.most_query_jobs()? {
        let message = "DailyBulkV2QueryJobs Limit exceeded.";
        return Err(Refused::new(400, "EXCEEDEDQUOTA", message));
    }
    let mut job = new_job(request, &body, operation, object)?;
    job.query = Some(text("query").to_owned());
    job.state = State::UploadComplete;
    request.org.add_job(&job)?;
    Ok(Answer::json(200, job.summary(&request.org.user)))
}

/// `GET`, `PATCH` and `DELETE /jobs/query/{id}`.
pub(crate) fn one(request: &Request<'_>, id: &str) -> Result<Answer, Refused> {
    let job = found(request, id, true)?;
    match request.call.verb() {
        "PATCH" => match wanted_state(request)? {
            State::Aborted => abort(request, job),
            _ => Err(wrong_state(&job, "close")),
        },
        "DELETE" => delete(request, &job),
        _ => Ok(Answer::json(200, job.details(&request.org.user))),
    }
}

/// `GET /jobs/query/{id}/results`: a page of the file.
pub(crate) fn results(request: &Request<'_>, id: &str) -> Result<Answer, Refused> {
    let job = complete(request, id)?;
    let total = usize::try_from(job.processed).unwrap_or(0);
    let page = page_size(request)?;
    let start = match request.call.param("locator") {
        None | Some("") => 0,
        Some(locator) => place(locator)
            .filter(|n| *n > 0 && *n < total)
            .ok_or_else(|| Refused::new(400, "INVALID_QUERY_LOCATOR", "invalid query locator"))?,
    };
    let end = (start + page).min(total);
    let text = lines(request, &job, start, end)?;
    let next = (end < total).then(|| locator(end));
    Ok(csv(text)
        .with("Sforce-NumberOfRecords", (end - start).to_string())
        .with("Sforce-Locator", next.unwrap_or_else(|| "null".to_owned())))
}

/// `GET /jobs/query/{id}/resultPages`: where the next pages are.
pub(crate) fn pages(request: &Request<'_>, id: &str) -> Result<Answer, Refused> {
    let job = complete(request, id)?;
    let total = usize::try_from(job.processed).unwrap_or(0);
    let page = page_size(request)?;
    let first = request.call.param("locator").and_then(place).unwrap_or(0);
    let path = format!("/services/data/{}/jobs/query/{}", request.version, job.id);
    let starts = (first..total.max(first + 1)).step_by(page);
    let shown: Vec<Json> = starts
        .clone()
        .take(PAGES)
        .map(|start| {
            let from = match start {
                0 => String::new(),
                start => format!("&locator={}", locator(start)),
            };
            let url = format!("{path}/results?maxRecords={page}{from}");
            object([("resultUrl", url.into())])
        })
        .collect();
    let next = starts.clone().nth(PAGES);
    let mut body = object([
        ("resultPages", Json::Array(shown)),
        ("done", next.is_none().into()),
    ]);
    if let Some(start) = next {
        let from = locator(start);
        body.push(
            "nextRecordsUrl",
            format!("{path}/resultPages?maxRecords={page}&locator={from}"),
        );
    }
    Ok(Answer::json(200, body))
}

/// The job, which must have ended well and been created with this version.
fn complete(request: &Request<'_>, id: &str) -> Result<Job, Refused> {
    let job = found(request, id, true)?;
    if job.state != State::JobComplete {
        return Err(wrong_state(&job, "read the results of"));
    }
    if !job.has_results() {
        return Err(Refused::not_found());
    }
    if versions::number(&job.version) != versions::number(request.version) {
        let message = format!("The job was created with {}", job.version);
        return Err(Refused::new(409, "VERSION_MISMATCH", message));
    }
    Ok(job)
}

fn page_size(request: &Request<'_>) -> Result<usize, Refused> {
    match request.call.param("maxRecords").map(str::parse) {
        None => Ok(PAGE),
        Some(Ok(n)) if n > 0 => Ok(n),
        Some(_) => Err(invalid("maxRecords must be a positive number")),
    }
}

fn locator(start: usize) -> String {
    STANDARD_NO_PAD.encode(start.to_string())
}

fn place(locator: &str) -> Option<usize> {
    let bytes = STANDARD_NO_PAD.decode(locator).ok()?;
    std::str::from_utf8(&bytes).ok()?.parse().ok()
}

/// The header and the records from `start` to before `end`.
fn lines(request: &Request<'_>, job: &Job, start: usize, end: usize) -> Result<String, Refused> {
    let mut text = String::new();
    files::write(&mut text, job.header.iter().map(String::as_str), job.format);
    let per_part = crate::bulk::KEPT_TOGETHER;
    let (mut skip, mut left) = (start % per_part, end - start);
    let first = (start / per_part) as i64;
    request.org.each_part(&job.id, first, |part| {
        let mut reader = files::Reader::new(part, job.format);
        while let Some(raw) = reader.next_raw().filter(|_| left > 0) {
            if skip > 0 {
                skip -= 1;
                continue;
            }
            text.push_str(raw);
            left -= 1;
        }
        left > 0
    })?;
    Ok(text)
}
