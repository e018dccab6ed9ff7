//! Requests as values: what would be sent, without sending it.

use std::borrow::Cow;

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use reqwest::Method;
use serde_json::value::RawValue;
use serde_json::{Map, Value, json};

use crate::guarded::{self, Guarded};
use crate::{ApiVersion, Error, GlanceAt, Id, Result, soql};

/// The most rows that one collections write takes.
pub const MAX_ROWS: usize = 200;
/// The most records that one collections read takes.
pub const MAX_RETRIEVED: usize = 2_000;
/// The most bytes of JSON that one request may hold.
pub const MAX_BODY_BYTES: usize = 50_000_000;
/// The most query subrequests that one composite request takes.
pub const MAX_COMPOSITE_QUERIES: usize = 5;
/// The most records that one call changes under a condition: a graph each.
pub const MAX_GUARDED: usize = 75;
/// A longer address goes through a composite subrequest; the org refuses 16,384 bytes with the headers.
pub const MAX_ADDRESS_BYTES: usize = 14_000;

const JSON: &str = "application/json; charset=UTF-8";
const CSV: &str = "text/csv; charset=UTF-8";
/// A request that is ready to be sent, but for host, token and the headers that every request carries.
#[derive(Debug, Clone, PartialEq)]
pub struct Request {
    /// HTTP method.
    pub method: Method,
    /// Absolute path with its query.
    pub path: String,
    /// Headers of this request alone.
    pub headers: Vec<(&'static str, String)>,
    /// Text, of the type that `content_type` says.
    pub body: Option<String>,
    /// The body where it is packed already: gzipped, and sent as it is.
    pub packed: Option<Vec<u8>>,
    /// Media type of the body.
    pub content_type: Cow<'static, str>,
    /// Media type that the answer is to have.
    pub accept: &'static str,
    /// Whether it only reads, so that it may be repeated freely.
    pub reads: bool,
}

impl Request {
    /// Tells whether the org counts it among its API calls.
    ///
    /// # Source
    /// REST API Developer Guide, "API Usage": the resources of a version do; who is signed in and which versions there are
    /// belong to no version.
    pub fn costs_a_call(&self) -> bool {
        self.path.starts_with("/services/data/v")
    }
}

/// Whether the org's lead assignment rules run.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Assignment {
    /// They do not run.
    #[default]
    Off,
    /// They run, as the org does by default, on updates too.
    On,
}

/// How rows are to be written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct WriteOptions {
    /// Whether lead assignment rules run.
    pub assignment: Assignment,
    /// Whether rows are saved although a duplicate rule warns; rules that block still do.
    pub allow_duplicates: bool,
    /// Whether one refused row takes back all others.
    pub all_or_none: bool,
}

impl WriteOptions {
    pub(crate) fn headers(&self) -> Vec<(&'static str, String)> {
        let assign = match self.assignment {
            Assignment::Off => "FALSE",
            Assignment::On => "TRUE",
        };
        let duplicates = format!(
            "allowSave={}, includeRecordDetails=true",
            self.allow_duplicates
        );
        vec![
            ("Sforce-Auto-Assign", assign.to_owned()),
            ("Sforce-Duplicate-Rule-Header", duplicates),
        ]
    }
}

impl Request {
    fn new(method: Method, path: String) -> Request {
        let reads = method == Method::GET;
        Request {
            method,
            path,
            headers: Vec::new(),
            body: None,
            packed: None,
            content_type: Cow::Borrowed(JSON),
            accept: "application/json",
            reads,
        }
    }

    /// Returns a read of an absolute path, such as one that an earlier answer named.
    pub fn get(path: impl Into<String>) -> Request {
        Request::new(Method::GET, path.into())
    }

    fn with_body(mut self, body: impl Into<String>) -> Request {
        self.body = Some(body.into());
        self
    }

    fn with_options(mut self, how: &WriteOptions) -> Request {
        self.headers.extend(how.headers());
        self
    }

    fn for_csv(mut self) -> Request {
        self.accept = "text/csv";
        self
    }

    fn read_only(mut self) -> Request {
        self.reads = true;
        self
    }
}

/// Lists the org's API versions; needs no token.
pub fn versions() -> Request {
    Request::get("/services/data/")
}

/// Describes one object, or answers 304 when it has not changed since the given HTTP date.
pub fn describe(
    version: ApiVersion,
    object: &str,
    if_modified_since: Option<&str>,
) -> Result<Request> {
    let path = format!("{}/{}/describe", sobjects(version), name(object)?);
    let mut request = Request::get(path);
    if let Some(date) = if_modified_since {
        request.headers.push(("If-Modified-Since", date.to_owned()));
    }
    Ok(request)
}

/// Lists all objects.
pub fn describe_global(version: ApiVersion) -> Request {
    Request::get(sobjects(version))
}

/// Runs one query; `all` includes deleted and archived records.
pub fn query(version: ApiVersion, text: &str, all: bool) -> Request {
    Request::get(query_path(version, text, all))
}

/// Runs up to five queries in one call.
pub fn composite_queries(version: ApiVersion, texts: &[String], all: bool) -> Request {
    let subrequests = texts.iter().enumerate().map(|(number, text)| {
        json!({
            "method": "GET",
            "url": query_path(version, text, all),
            "referenceId": format!("q{number}"),
        })
    });
    let body = json!({
        "allOrNone": false,
        "compositeRequest": subrequests.collect::<Vec<Value>>(),
    });
    let path = format!("{}/composite", root(version));
    let request = Request::new(Method::POST, path).with_body(body.to_string());
    request.read_only()
}

/// Describes an object, runs a query on it and a query that counts, in one call.
pub fn glance(version: ApiVersion, at: &GlanceAt<'_>) -> Result<Request> {
    let describe = describe(version, at.object, at.known)?;
    let headers: serde_json::Map<String, Value> = describe
        .headers
        .iter()
        .map(|(name, value)| ((*name).to_owned(), value.as_str().into()))
        .collect();
    let body = json!({
        "allOrNone": false,
        "compositeRequest": [
            {"method": "GET", "url": describe.path, "referenceId": "describe", "httpHeaders": headers},
            {"method": "GET", "url": query_path(version, at.soql, at.all), "referenceId": "records"},
            {"method": "GET", "url": query_path(version, at.count, false), "referenceId": "count"},
        ],
    });
    let path = format!("{}/composite", root(version));
    let request = Request::new(Method::POST, path).with_body(body.to_string());
    Ok(request.read_only())
}

/// Reads some fields of up to 2,000 records of one object.
pub fn retrieve(version: ApiVersion, object: &str, ids: &[Id], fields: &[&str]) -> Result<Request> {
    within(ids.len(), MAX_RETRIEVED)?;
    let path = format!("{}/{}", collections(version), name(object)?);
    let body = json!({"ids": ids, "fields": fields}).to_string();
    let request = Request::new(Method::POST, path).with_body(body);
    Ok(request.read_only())
}

/// Creates up to 200 rows, each with its attributes.
pub fn create(version: ApiVersion, rows: &[Box<RawValue>], how: &WriteOptions) -> Result<Request> {
    write(Method::POST, collections(version), rows, how)
}

/// Updates up to 200 rows, each with its attributes and id.
pub fn update(version: ApiVersion, rows: &[Box<RawValue>], how: &WriteOptions) -> Result<Request> {
    write(Method::PATCH, collections(version), rows, how)
}

/// Upserts up to 200 rows of one object by an external id, each with its attributes and that field.
pub fn upsert(
    version: ApiVersion,
    object: &str,
    external_id_field: &str,
    rows: &[Box<RawValue>],
    how: &WriteOptions,
) -> Result<Request> {
    let (object, field) = (name(object)?, name(external_id_field)?);
    let path = format!("{}/{object}/{field}", collections(version));
    write(Method::PATCH, path, rows, how)
}

/// Rows whose whole body is packed already, as it was stored.
#[derive(Debug, Clone, Copy)]
pub struct PackedRows<'a> {
    /// The body, gzipped: [`Self::HEAD`], the rows with commas between them, [`Self::TAIL`].
    pub body: &'a [u8],
    /// How many rows it holds.
    pub rows: usize,
}

impl PackedRows<'_> {
    /// Stands before the rows; one that is refused takes back no other.
    pub const HEAD: &'static str = "{\"allOrNone\":false,\"records\":[";
    /// Stands after the rows.
    pub const TAIL: &'static str = "]}";

    /// Returns how long the body is; the last bytes of gzip say so.
    fn length(&self) -> usize {
        let last = self.body.last_chunk::<4>();
        last.map_or(0, |length| u32::from_le_bytes(*length) as usize)
    }
}

/// Updates up to 200 rows that are packed.
pub fn update_packed(
    version: ApiVersion,
    rows: PackedRows<'_>,
    how: &WriteOptions,
) -> Result<Request> {
    write_packed(collections(version), rows, how)
}

/// Upserts up to 200 rows of one object by an external id, packed.
pub fn upsert_packed(
    version: ApiVersion,
    object: &str,
    external_id_field: &str,
    rows: PackedRows<'_>,
    how: &WriteOptions,
) -> Result<Request> {
    let (object, field) = (name(object)?, name(external_id_field)?);
    let path = format!("{}/{object}/{field}", collections(version));
    write_packed(path, rows, how)
}

fn write_packed(path: String, rows: PackedRows<'_>, how: &WriteOptions) -> Result<Request> {
    within(rows.rows, MAX_ROWS)?;
    within(rows.length(), MAX_BODY_BYTES)?;
    let mut request = Request::new(Method::PATCH, path).with_options(how);
    request.packed = Some(rows.body.to_vec());
    Ok(request)
}

/// Deletes up to 200 records.
pub fn delete(version: ApiVersion, ids: &[Id], how: &WriteOptions) -> Result<Request> {
    within(ids.len(), MAX_ROWS)?;
    let list = ids.iter().map(Id::as_str).collect::<Vec<_>>().join(",");
    let base = collections(version);
    let path = format!("{base}?ids={list}&allOrNone={}", how.all_or_none);
    Ok(Request::new(Method::DELETE, path))
}

/// Changes up to 75 records of one object, each only if nobody has changed it since.
pub fn guarded(
    version: ApiVersion,
    object: &str,
    changes: &[Guarded],
    how: &WriteOptions,
) -> Result<Request> {
    within(changes.len(), MAX_GUARDED)?;
    let base = format!("{}/{}", sobjects(version), name(object)?);
    let graphs = changes.iter().enumerate().map(|(number, change)| {
        guarded::graph(number, &format!("{base}/{}", change.id), change, how)
    });
    let body = json!({"graphs": graphs.collect::<Vec<Value>>()});
    let path = format!("{}/composite/graph", root(version));
    Ok(Request::new(Method::POST, path).with_body(body.to_string()))
}

/// Reads one record; with no fields named, all that the user may read.
pub fn get_row(version: ApiVersion, object: &str, id: &Id, fields: &[&str]) -> Result<Request> {
    let mut path = format!("{}/{}/{id}", sobjects(version), name(object)?);
    if !fields.is_empty() {
        path.push_str(&format!("?fields={}", encode(&fields.join(","))));
    }
    Ok(Request::get(path))
}

/// Creates one record; no lead assignment rules run.
pub fn create_row(version: ApiVersion, object: &str, fields: &Value) -> Result<Request> {
    let path = format!("{}/{}", sobjects(version), name(object)?);
    let request = Request::new(Method::POST, path).with_body(fields.to_string());
    Ok(request.with_options(&WriteOptions::default()))
}

/// Updates one record; fields that are absent stay; no lead assignment rules run.
pub fn update_row(version: ApiVersion, object: &str, id: &Id, fields: &Value) -> Result<Request> {
    let path = format!("{}/{}/{id}", sobjects(version), name(object)?);
    let request = Request::new(Method::PATCH, path).with_body(fields.to_string());
    Ok(request.with_options(&WriteOptions::default()))
}

/// Deletes one record.
pub fn delete_row(version: ApiVersion, object: &str, id: &Id) -> Result<Request> {
    let path = format!("{}/{}/{id}", sobjects(version), name(object)?);
    Ok(Request::new(Method::DELETE, path))
}

/// Upserts one record by an external id; the body holds the other fields.
pub fn upsert_row(
    version: ApiVersion,
    object: &str,
    external_id_field: &str,
    value: &str,
    fields: &Value,
) -> Result<Request> {
    let (object, field, value) = (name(object)?, name(external_id_field)?, encode(value));
    let path = format!("{}/{object}/{field}/{value}", sobjects(version));
    let request = Request::new(Method::PATCH, path).with_body(fields.to_string());
    Ok(request.with_options(&WriteOptions::default()))
}

/// Reads the org's limits.
pub fn limits(version: ApiVersion) -> Request {
    Request::get(format!("{}/limits", root(version)))
}

/// Reads about how many records each object has.
pub fn record_counts(version: ApiVersion) -> Request {
    Request::get(format!("{}/limits/recordCount", root(version)))
}

/// Reads who is signed in, from the `userinfo` resource.
pub fn user_info() -> Request {
    Request::get("/services/oauth2/userinfo")
}

/// Reads who is signed in, from the identity resource.
pub fn identity(org: &Id, user: &Id) -> Request {
    Request::get(format!("/id/{org}/{user}"))
}

/// Creates a record of the Tooling API.
pub fn create_tooling_row(version: ApiVersion, object: &str, fields: &Value) -> Result<Request> {
    let path = format!("{}/tooling/sobjects/{}", root(version), name(object)?);
    Ok(Request::new(Method::POST, path).with_body(fields.to_string()))
}

/// Creates a bulk job; `kind` is `ingest` or `query`.
pub(crate) fn create_job(version: ApiVersion, kind: &str, body: &Map<String, Value>) -> Request {
    let body = Value::Object(body.clone()).to_string();
    Request::new(Method::POST, jobs_path(version, kind)).with_body(body)
}

/// Creates a bulk job with its file.
pub(crate) fn create_job_with_file(
    version: ApiVersion,
    body: &Map<String, Value>,
    file: &str,
) -> Request {
    let job = Value::Object(body.clone()).to_string();
    let boundary = boundary(&[&job, file]);
    let part = |name: &str, kind: &str, content: &str| {
        format!(
            "--{boundary}\r\nContent-Type: {kind}\r\nContent-Disposition: form-data; name=\"{name}\"; filename=\"{name}\"\r\n\r\n{content}\r\n"
        )
    };
    let job = part("job", "application/json", &job);
    let content = part("content", "text/csv", file);
    let body = format!("{job}{content}--{boundary}--\r\n");
    let mut request = Request::new(Method::POST, jobs_path(version, "ingest")).with_body(body);
    request.content_type = format!("multipart/form-data; boundary={boundary}").into();
    request
}

/// Returns a mark that none of these texts holds.
fn boundary(texts: &[&str]) -> String {
    let mut mark = "leadferry".to_owned();
    while texts.iter().any(|text| text.contains(&mark)) {
        mark.push_str("-x");
    }
    mark
}

/// Sends a bulk job's file, whose bytes go beside the request.
pub(crate) fn upload(version: ApiVersion, job: &Id, packed: bool) -> Request {
    let path = format!("{}/{job}/batches", jobs_path(version, "ingest"));
    let mut request = Request::new(Method::PUT, path);
    request.content_type = Cow::Borrowed(CSV);
    if packed {
        request
            .headers
            .push(("Content-Encoding", "gzip".to_owned()));
    }
    request
}

/// Moves a bulk job on.
pub(crate) fn set_job_state(version: ApiVersion, kind: &str, job: &Id, state: &str) -> Request {
    let path = format!("{}/{job}", jobs_path(version, kind));
    Request::new(Method::PATCH, path).with_body(json!({ "state": state }).to_string())
}

/// Reads how far a bulk job has come.
pub(crate) fn job(version: ApiVersion, kind: &str, job: &Id) -> Request {
    Request::get(format!("{}/{job}", jobs_path(version, kind)))
}

/// Removes a bulk job.
pub(crate) fn delete_job(version: ApiVersion, kind: &str, job: &Id) -> Request {
    Request::new(
        Method::DELETE,
        format!("{}/{job}", jobs_path(version, kind)),
    )
}

/// Lists bulk jobs.
pub(crate) fn jobs(version: ApiVersion, kind: &str) -> Request {
    let only = if kind == "ingest" {
        "V2Ingest"
    } else {
        "V2Query"
    };
    Request::get(format!("{}?jobType={only}", jobs_path(version, kind)))
}

/// Reads what became of the rows of a bulk job.
pub(crate) fn job_results(version: ApiVersion, job: &Id, which: &str) -> Request {
    let path = format!("{}/{job}/{which}", jobs_path(version, "ingest"));
    Request::get(path).for_csv()
}

/// Reads a page of a bulk query's answer.
pub(crate) fn query_page(version: ApiVersion, job: &Id, from: Option<&str>, most: u32) -> Request {
    let path = format!(
        "{}/{job}/results?maxRecords={most}",
        jobs_path(version, "query")
    );
    let path = match from {
        Some(locator) => format!("{path}&locator={}", encode(locator)),
        None => path,
    };
    Request::get(path).for_csv()
}

fn jobs_path(version: ApiVersion, kind: &str) -> String {
    format!("{}/jobs/{kind}", root(version))
}

fn write(
    method: Method,
    path: String,
    rows: &[Box<RawValue>],
    how: &WriteOptions,
) -> Result<Request> {
    within(rows.len(), MAX_ROWS)?;
    let body = write_body(rows, how.all_or_none);
    within(body.len(), MAX_BODY_BYTES)?;
    Ok(Request::new(method, path).with_body(body).with_options(how))
}

/// Puts rows together byte for byte as they are, so that what was stored is what is sent.
fn write_body(rows: &[Box<RawValue>], all_or_none: bool) -> String {
    let size: usize = rows.iter().map(|row| row.get().len() + 1).sum();
    let mut body = String::with_capacity(size + 40);
    body.push_str(&format!("{{\"allOrNone\":{all_or_none},\"records\":["));
    for (number, row) in rows.iter().enumerate() {
        if number > 0 {
            body.push(',');
        }
        body.push_str(row.get());
    }
    body.push_str("]}");
    body
}

fn within(size: usize, max: usize) -> Result<()> {
    if size > max {
        return Err(Error::TooLarge { size, max });
    }
    Ok(())
}

pub(crate) fn root(version: ApiVersion) -> String {
    format!("/services/data/{version}")
}

fn sobjects(version: ApiVersion) -> String {
    format!("{}/sobjects", root(version))
}

fn collections(version: ApiVersion) -> String {
    format!("{}/composite/sobjects", root(version))
}

fn query_path(version: ApiVersion, text: &str, all: bool) -> String {
    let resource = if all { "queryAll" } else { "query" };
    format!("{}/{resource}?q={}", root(version), encode(text))
}

pub(crate) fn name(text: &str) -> Result<&str> {
    if !soql::is_name(text) {
        let name = text.chars().take(100).collect();
        return Err(Error::InvalidName { name });
    }
    Ok(text)
}

/// Everything but what RFC 3986 calls unreserved.
const RESERVED: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'.')
    .remove(b'_')
    .remove(b'~');

/// Percent-encodes everything but unreserved characters.
pub(crate) fn encode(text: &str) -> String {
    utf8_percent_encode(text, RESERVED).to_string()
}

#[cfg(test)]
#[path = "request_tests.rs"]
mod tests;
