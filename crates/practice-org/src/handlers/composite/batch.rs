//! `POST /composite/batch`: up to 25 requests in one, each on its own.

use super::{MOST, bad, body_of, run, text};
use crate::handlers::{Request, versions};
use crate::http::{Answer, Call, Refused, pairs};
use crate::json::{Json, object};

/// Answers each request in order. Nothing is taken back when one fails; `haltOnError` skips those after it.
pub(crate) fn batch(request: &Request<'_>) -> Result<Answer, Refused> {
    let body = request.call.json()?;
    let requests = body.get("batchRequests").map_or(&[][..], Json::items);
    if requests.is_empty() {
        return Err(bad(
            "The batchRequests property is missing or empty".to_owned()
        ));
    }
    if requests.len() > MOST {
        return Err(bad(format!(
            "The request can't contain more than {MOST} operations."
        )));
    }
    let halts = body.get("haltOnError").and_then(Json::as_bool) == Some(true);
    let mut failed = false;
    let mut results = Vec::new();
    for (n, one) in requests.iter().enumerate() {
        let answer = if halts && failed {
            skipped()
        } else {
            answer(request, one, n > 0)?
        };
        failed |= answer.status >= 400;
        results.push(object([
            ("statusCode", i64::from(answer.status).into()),
            ("result", body_of(&answer)),
        ]));
    }
    let body = [
        ("hasErrors", failed.into()),
        ("results", Json::Array(results)),
    ];
    Ok(Answer::json(200, object(body)))
}

fn skipped() -> Answer {
    let message = "The request was not processed because an earlier one failed";
    Refused::new(412, "BATCH_PROCESSING_HALTED", message).answer()
}

/// Each counts as a call; the first is paid with the call that brought the batch.
fn answer(request: &Request<'_>, one: &Json, counts: bool) -> Result<Answer, Refused> {
    if counts {
        if request.org.calls_today()? >= request.org.daily_limit()? {
            let message = "TotalRequests Limit exceeded.";
            return Ok(Refused::new(403, "REQUEST_LIMIT_EXCEEDED", message).answer());
        }
        request.org.count_call()?;
    }
    let (path, query) = text(one, "url")
        .split_once('?')
        .unwrap_or((text(one, "url"), ""));
    let path = path
        .trim_start_matches("/services/data")
        .trim_start_matches('/');
    let version = path.split('/').next().unwrap_or_default();
    let mut headers = request.call.headers.clone();
    headers.retain(|(name, _)| !name.starts_with("if-"));
    let call = Call {
        method: text(one, "method").to_ascii_uppercase(),
        path: format!("/services/data/{path}"),
        query: pairs(query),
        headers,
        body: one
            .get("richInput")
            .map(|b| b.to_string().into_bytes())
            .unwrap_or_default(),
        base: request.call.base.clone(),
    };
    if call.segments().get(3).is_some_and(|p| p == "composite") {
        let message = format!("The url '{path}' is not supported in this request.");
        return Ok(bad(message).answer());
    }
    match versions::check(request.org, version) {
        Ok(()) => run(request, &call, version),
        Err(refused) => Ok(refused.answer()),
    }
}
