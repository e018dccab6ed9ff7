//! What answers which path: one module per endpoint.

mod admin;
mod bulk;
mod collections;
mod composite;
mod describe;
mod external_id;
mod layouts;
mod limits;
mod list_views;
mod oauth;
mod picklists;
mod preconditions;
mod query;
mod recent;
mod replicated;
mod resources;
mod retrieve;
mod row_writes;
mod rows;
mod search;
mod soap;
mod tabs;
mod tooling;
mod versions;

use crate::faults::Armed;
use crate::http::{Answer, Call, Refused};
use crate::org::{Org, Session, WriteOptions};

pub(crate) use admin::ROOT as ADMIN_ROOT;
pub(crate) use bulk::is_upload;
pub(crate) use oauth::bearer;
pub(crate) use row_writes::{Upserts, create_row, delete_row, update_row};

/// A call that was let in, with what its handlers need.
pub(crate) struct Request<'a> {
    /// The org.
    pub(crate) org: &'a Org,
    /// The call.
    pub(crate) call: &'a Call,
    /// API version as written in paths, such as `v67.0`.
    pub(crate) version: &'a str,
    /// Who calls.
    pub(crate) session: &'a Session,
}

impl Request<'_> {
    /// What the headers say about writing.
    pub(crate) fn write_options(&self) -> WriteOptions {
        let header = |name: &str| {
            self.call
                .header(name)
                .unwrap_or_default()
                .to_ascii_lowercase()
                .replace(' ', "")
        };
        WriteOptions {
            allow_save: header("sforce-duplicate-rule-header").contains("allowsave=true"),
            record_details: header("sforce-duplicate-rule-header")
                .contains("includerecorddetails=true"),
            assign: header("sforce-auto-assign") != "false",
            version: self.version.to_owned(),
        }
    }
}

/// Answers any call but the faults', inside one transaction.
pub(crate) fn answer(org: &Org, call: &Call, admin_key: &str) -> Answer {
    org.act_as(None);
    let result = org.transaction(|org| Ok(route(org, call, admin_key)));
    result.unwrap_or_else(|refused| refused.answer())
}

fn route(org: &Org, call: &Call, admin_key: &str) -> Answer {
    let segments = call.segments();
    let parts: Vec<&str> = segments.iter().map(String::as_str).collect();
    match parts[..] {
        ["practice-org", "admin", ..] => admin::answer(org, call, admin_key),
        ["services", "data"] => {
            versions::list(org, call).unwrap_or_else(|refused| refused.answer())
        }
        ["services", "data", version, ..] => data(org, call, version),
        ["services", "oauth2", endpoint] => oauth::answer(org, call, endpoint),
        ["setup", "secur", "RemoteAccessErrorPage.apexp"] => oauth::error_page(call),
        ["services", "Soap", "u" | "c", version, ..] => soap::answer(org, call, version),
        [".well-known", "openid-configuration"] => oauth::discovery(call),
        ["id", "keys"] => oauth::keys(call),
        ["id", organization, user] => oauth::identity(org, call, organization, user),
        ["profilephoto", "005", "F" | "T"] => oauth::photo(),
        [] => Answer::html(
            200,
            "<!doctype html><title>Practice org</title><p>This is a practice org. Its API is under <code>/services/data/</code>.</p>",
        ),
        _ => Refused::not_found().answer(),
    }
}

/// Lets a REST call in, counts it and adds what every REST answer carries.
fn data(org: &Org, call: &Call, version: &str) -> Answer {
    let answer = admit(org, version, call).and_then(|session| {
        let request = Request {
            org,
            call,
            version,
            session: &session,
        };
        org.attempt(|| {
            let answer = dispatch(&request).unwrap_or_else(|refused| refused.answer());
            let stays = answer.status < 400;
            Ok((answer, stays))
        })
    });
    let answer = answer.unwrap_or_else(|refused| refused.answer());
    let answer = match versions::warning(org, version) {
        Some(warning) => answer.with("Warning", warning),
        None => answer,
    };
    match (org.calls_today(), org.daily_limit()) {
        (Ok(calls), Ok(most)) => {
            answer.with("Sforce-Limit-Info", format!("api-usage={calls}/{most}"))
        }
        _ => answer,
    }
}

fn admit(org: &Org, version: &str, call: &Call) -> Result<Session, Refused> {
    versions::check(org, version)?;
    let expired = Refused::new(401, "INVALID_SESSION_ID", "Session expired or invalid");
    if org.armed.borrow().expired {
        return Err(expired);
    }
    let token = oauth::bearer(call).unwrap_or_default();
    let session = org.session(token)?.ok_or(expired)?;
    let user = org.owner(token)?;
    if !org.check_address(&user, call)? {
        return Err(Refused::new(
            401,
            "INVALID_SESSION_ID",
            "This session is not valid for use with the REST API",
        ));
    }
    if !org.may_use_api(&user)? {
        return Err(Refused::new(
            403,
            "API_DISABLED_FOR_ORG",
            "API is not enabled for this Organization or Partner",
        ));
    }
    org.act_as(Some(user));
    if org.armed.borrow().daily_limit || org.calls_today()? >= org.daily_limit()? {
        return Err(Refused::new(
            403,
            "REQUEST_LIMIT_EXCEEDED",
            "TotalRequests Limit exceeded.",
        ));
    }
    org.count_call()?;
    if session.scope.split(' ').any(|s| s == "api" || s == "full") {
        Ok(session)
    } else {
        Err(Refused::new(
            403,
            "INSUFFICIENT_ACCESS",
            "This session is not valid for use with the REST API",
        ))
    }
}

/// Answers a REST call that was let in, or a subrequest of one.
fn dispatch(request: &Request<'_>) -> Result<Answer, Refused> {
    let segments = request.call.segments();
    let mut parts: Vec<&str> = segments.iter().skip(3).map(String::as_str).collect();
    if let Some(first) = parts
        .first_mut()
        .filter(|p| p.eq_ignore_ascii_case("sobjects"))
    {
        *first = "sobjects";
    }
    let parts = resources::without_ending(parts);
    resources::check(request.call, &parts, request.version)?;
    match parts[..] {
        [] => Ok(versions::resources(request)),
        ["query"] => query::first(request, false, false),
        ["queryAll"] => query::first(request, true, false),
        ["search"] => search::sosl(request),
        ["parameterizedSearch"] => search::parameterized(request),
        ["query" | "queryAll", locator] => query::next(request, locator),
        ["sobjects"] => describe::global(request),
        ["sobjects", object] => rows::one(request, object),
        ["sobjects", object, "describe"] => describe::one(request, object, false),
        ["sobjects", object, "updated"] => replicated::updated(request, object),
        ["sobjects", object, "deleted"] => replicated::deleted(request, object),
        ["sobjects", object, "listviews", ..] => list_views::answer(request, object, &parts[3..]),
        ["sobjects", object, "describe", ..] => layouts::answer(request, object, &parts[3..]),
        ["sobjects", object, id] => rows::record(request, object, id),
        ["sobjects", object, field, value] => external_id::record(request, object, field, value),
        ["recent"] => recent::all(request),
        ["tabs"] => Ok(tabs::tabs(request)),
        ["theme"] => Ok(tabs::theme(request)),
        ["composite"] => composite::all(request),
        ["composite", "batch"] => composite::batch(request),
        ["composite", "graph"] => composite::graphs(request),
        ["composite", "tree", object] => composite::tree(request, object),
        ["composite", "sobjects"] => collections::any(request),
        ["composite", "sobjects", object] => retrieve::records(request, object),
        ["composite", "sobjects", object, field] => collections::upsert(request, object, field),
        ["limits"] => limits::all(request),
        ["limits", "recordCount"] => limits::record_count(request),
        [
            "ui-api",
            "object-info",
            object,
            "picklist-values",
            record_type,
        ] => picklists::values(request, object, record_type, None),
        [
            "ui-api",
            "object-info",
            object,
            "picklist-values",
            record_type,
            field,
        ] => picklists::values(request, object, record_type, Some(field)),
        ["jobs", "ingest"] => bulk::ingest_jobs(request),
        ["jobs", "ingest", id] => bulk::ingest_job(request, id),
        ["jobs", "ingest", id, "batches"] => bulk::batches(request, id),
        ["jobs", "ingest", id, kind] => bulk::results(request, id, kind),
        ["jobs", "query"] => bulk::query_jobs(request),
        ["jobs", "query", id] => bulk::query_job(request, id),
        ["jobs", "query", id, "results"] => bulk::query_results(request, id),
        ["jobs", "query", id, "resultPages"] => bulk::query_result_pages(request, id),
        ["tooling", ..] => tooling::answer(request, &parts[1..]),
        _ => Err(Refused::not_found()),
    }
}

/// The object a path names, if the user may know it.
fn object_named(
    request: &Request<'_>,
    name: &str,
) -> Result<std::sync::Arc<crate::org::schema::Object>, Refused> {
    use crate::org::schema::Root;
    let schema = request.org.schema();
    schema
        .object(name)
        .filter(|o| o.root != Root::Tooling)
        .cloned()
        .ok_or_else(Refused::not_found)
}

/// Carries a request out with the faults that were armed for it, and counts those that hit.
pub(crate) fn answer_armed(org: &Org, call: &Call, admin_key: &str, mut armed: Armed) -> Answer {
    org.faults.borrow().disarm_spent(&mut armed);
    *org.armed.borrow_mut() = armed;
    let answer = answer(org, call, admin_key);
    let armed = org.armed.take();
    if let Err(error) = org.faults.borrow_mut().settle(org.conn(), &armed) {
        tracing::error!(%error, "faults could not be counted");
    }
    answer
}
