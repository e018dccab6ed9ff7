//! `GET /query`, `/queryAll` and their further pages.

use super::{Request, list_views};
use crate::http::{Answer, Refused};
use crate::soql::{self, Run};

/// The first page of a query.
pub(super) fn first(request: &Request<'_>, every: bool, tooling: bool) -> Result<Answer, Refused> {
    if let Some(asked) = request.call.param("explain") {
        return explain(request, asked, every);
    }
    let missing = || Refused::new(400, "MALFORMED_QUERY", "A query string has to be specified");
    let soql = request
        .call
        .param("q")
        .filter(|q| !q.trim().is_empty())
        .ok_or_else(missing)?;
    if request
        .call
        .param("columns")
        .is_some_and(|v| v.eq_ignore_ascii_case("true"))
    {
        return Ok(Answer::json(
            200,
            soql::columns(request.org, soql, tooling)?,
        ));
    }
    let run = Run {
        soql,
        every,
        tooling,
        page: page_size(request),
        version: request.version,
    };
    Ok(Answer::json(200, soql::run(request.org, &run)?))
}

/// How a query, or the query of a list view, would be run.
fn explain(request: &Request<'_>, asked: &str, every: bool) -> Result<Answer, Refused> {
    let view = list_views::query_of(&request.org.schema(), asked);
    let soql = view.as_deref().unwrap_or(asked);
    Ok(Answer::json(200, soql::explain(request.org, soql, every)?))
}

/// A further page.
pub(super) fn next(request: &Request<'_>, locator: &str) -> Result<Answer, Refused> {
    Ok(Answer::json(
        200,
        soql::next_page(request.org, locator, request.version)?,
    ))
}

/// Records a page: what `Sforce-Query-Options` asks for, from 200 to 2,000.
fn page_size(request: &Request<'_>) -> usize {
    let options = request
        .call
        .header("sforce-query-options")
        .unwrap_or_default()
        .to_ascii_lowercase();
    let asked = options.split([',', ';']).find_map(|o| {
        o.trim()
            .strip_prefix("batchsize=")?
            .trim()
            .parse::<usize>()
            .ok()
    });
    asked.unwrap_or(2000).clamp(200, 2000)
}
