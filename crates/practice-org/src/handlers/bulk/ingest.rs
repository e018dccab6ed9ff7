//! `/jobs/ingest`: jobs that write.

use super::{abort, csv, delete, form, found, invalid, list, new_job, wanted_state, wrong_state};
use crate::bulk::job::{is_key, is_writable};
use crate::bulk::{CHUNK, Job, Operation, State, csv as files};
use crate::handlers::{Request, object_named};
use crate::http::{Answer, Refused};
use crate::json::{self, Json};

/// Most characters of a file that comes with its job.
const MOST_TOGETHER: usize = 100_000;

/// Most characters of the first line.
const LONGEST_HEADER: usize = 32_000;

/// `GET` and `POST /jobs/ingest`.
pub(crate) fn all(request: &Request<'_>) -> Result<Answer, Refused> {
    if request.call.verb() != "POST" {
        return list(request, false);
    }
    if request.call.media_type().as_deref() == Some("multipart/form-data") {
        return create_with_file(request);
    }
    let job = read_job(request, &request.call.json()?)?;
    request.org.add_job(&job)?;
    Ok(Answer::json(200, job.summary(&request.org.user)))
}

fn create_with_file(request: &Request<'_>) -> Result<Answer, Refused> {
    let (job, content) = form::parts(request.call)?;
    let json = json::parse(&job).map_err(|e| Refused::new(400, "JSON_PARSER_ERROR", e.what))?;
    if content.chars().count() > MOST_TOGETHER {
        return Err(invalid(
            "The content exceeds 100,000 characters. Upload it by itself",
        ));
    }
    let mut job = read_job(request, &json)?;
    request.org.add_job(&job)?;
    keep_file(request, &mut job, &content)?;
    job.state = State::UploadComplete;
    request.org.save_job(&job)?;
    Ok(Answer::json(200, job.summary(&request.org.user)))
}

fn read_job(request: &Request<'_>, body: &Json) -> Result<Job, Refused> {
    let text = |name: &str| body.get(name).and_then(Json::as_str).unwrap_or_default();
    let operation = match text("operation") {
        "hardDelete" => {
            let message = "hardDelete operation requires special user profile permission";
            return Err(Refused::new(400, "FEATURENOTENABLED", message));
        }
        name => Operation::named(name).filter(|o| !o.is_query()),
    };
    let operation = operation.ok_or_else(|| invalid("Unknown operation"))?;
    let object = object_named(request, text("object"))
        .ok()
        .filter(|object| is_writable(object))
        .ok_or_else(|| invalid(&format!("Unable to find object: {}", text("object"))))?;
    let mut job = new_job(request, body, operation, object.name.clone())?;
    if operation == Operation::Upsert {
        let name = text("externalIdFieldName");
        if name.is_empty() {
            return Err(invalid(&format!(
                "External ID was not specified for {}. An External ID must be specified for upsert.",
                object.name
            )));
        }
        let key = object.field(name).filter(|field| is_key(field));
        let key = key.ok_or_else(|| {
            invalid(&format!(
                "Field name provided, {name} does not match an External ID, Salesforce Id, or indexed field for {}",
                object.name
            ))
        })?;
        job.key = Some(key.name.clone());
    }
    if request.org.batches_today()? >= request.org.most_batches()? {
        let message = "ApiBatchItems Limit exceeded.";
        return Err(Refused::new(400, "EXCEEDEDQUOTA", message));
    }
    Ok(job)
}

/// `GET`, `PATCH` and `DELETE /jobs/ingest/{id}`.
pub(crate) fn one(request: &Request<'_>, id: &str) -> Result<Answer, Refused> {
    let job = found(request, id, false)?;
    match request.call.verb() {
        "PATCH" => match wanted_state(request)? {
            State::Aborted => abort(request, job),
            _ => close(request, job),
        },
        "DELETE" => delete(request, &job),
        _ => Ok(Answer::json(200, job.details(&request.org.user))),
    }
}

/// No more comes: the job may begin.
fn close(request: &Request<'_>, mut job: Job) -> Result<Answer, Refused> {
    if job.state != State::Open {
        return Err(wrong_state(&job, "close"));
    }
    job.state = State::UploadComplete;
    if !job.uploaded {
        job.fail("InternalServerError : Unable to find the content of the job");
    }
    request.org.save_job(&job)?;
    Ok(Answer::json(200, job.summary(&request.org.user)))
}

/// `PUT /jobs/ingest/{id}/batches`: the job's file, once.
pub(crate) fn batches(request: &Request<'_>, id: &str) -> Result<Answer, Refused> {
    let mut job = found(request, id, false)?;
    if job.state != State::Open {
        return Err(wrong_state(&job, "upload to"));
    }
    if job.uploaded {
        let message = format!(
            "InvalidBatch : Found multiple contents for job: <{}>, please 'Close' / 'Abort' / 'Delete' the current Job then create a new Job and make sure you only do 'PUT' once on a given Job.",
            job.id
        );
        return Err(Refused::new(400, "CLIENTINPUTERROR", message));
    }
    let text = std::str::from_utf8(&request.call.body)
        .map_err(|_| Refused::new(400, "CLIENTINPUTERROR", "The file isn't UTF-8"))?;
    keep_file(request, &mut job, text)?;
    request.org.save_job(&job)?;
    Ok(Answer::created())
}

/// Keeps a file in chunks. What is wrong with it as a whole fails the job when it begins.
fn keep_file(request: &Request<'_>, job: &mut Job, text: &str) -> Result<(), Refused> {
    let mut reader = files::Reader::new(text, job.format);
    job.uploaded = true;
    let header = reader.next_raw().unwrap_or_default();
    job.header = match reader.values(header) {
        Ok(values) => values,
        Err(why) => return broken(job, &format!("The header can't be read: {why}")),
    };
    if header.chars().count() > LONGEST_HEADER {
        return broken(job, "The header exceeds 32,000 characters");
    }
    if header.ends_with("\r\n") != job.format.crlf && header.ends_with('\n') {
        let ending = job.format.ending_name();
        let message =
            format!("LineEnding is invalid on user data. Current LineEnding setting is {ending}");
        return broken(job, &message);
    }
    let (mut chunk, mut records, mut n) = (String::new(), 0, 0);
    while let Some(raw) = reader.next_raw() {
        chunk.push_str(raw);
        records += 1;
        if records % CHUNK == 0 {
            request.org.add_chunk(&job.id, n, &chunk)?;
            chunk.clear();
            n += 1;
        }
    }
    if !chunk.is_empty() {
        request.org.add_chunk(&job.id, n, &chunk)?;
    }
    Ok(())
}

/// Makes a job fail as soon as it begins.
fn broken(job: &mut Job, why: &str) -> Result<(), Refused> {
    job.plan.failed_after = Some(0);
    job.error = Some(format!("ClientInputError : {why}"));
    Ok(())
}

/// `GET /jobs/ingest/{id}/successfulResults` and its like.
pub(crate) fn results(request: &Request<'_>, id: &str, kind: &str) -> Result<Answer, Refused> {
    let job = found(request, id, false)?;
    if !job.state.is_final() {
        return Err(wrong_state(&job, "read the results of"));
    }
    if !job.has_results() {
        return Err(Refused::not_found());
    }
    let own = job.header.iter().map(String::as_str);
    let (first, lines): (&[&str], String) = match kind.to_ascii_lowercase().as_str() {
        "successfulresults" => (
            &["sf__Id", "sf__Created"],
            request.org.result(&job.id, "successful")?,
        ),
        "failedresults" => (
            &["sf__Id", "sf__Error"],
            request.org.result(&job.id, "failed")?,
        ),
        _ => (&[], request.org.chunks_from(&job.id, job.next_chunk)?),
    };
    let mut text = String::new();
    files::write(&mut text, first.iter().copied().chain(own), job.format);
    text.push_str(&lines);
    Ok(csv(text))
}
