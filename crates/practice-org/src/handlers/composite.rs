//! `POST /composite`: up to 25 requests in one, later ones using answers of earlier ones.

mod batch;
mod graph;
mod tree;

pub(super) use batch::batch;
pub(super) use graph::graphs;
pub(super) use tree::tree;

use super::{Request, dispatch};
use crate::http::{Answer, Body, Call, Refused, decode, pairs};
use crate::json::{Json, Member, array, object};

const MOST: usize = 25;
const MOST_HEAVY: usize = 5;

/// `POST` answers each subrequest, `GET` lists the resources.
pub(super) fn all(request: &Request<'_>) -> Result<Answer, Refused> {
    if request.call.verb() != "POST" {
        return Ok(resources(request));
    }
    let body = request.call.json()?;
    let subrequests = subrequests(&body);
    check(subrequests, MOST)?;
    few_heavy(subrequests)?;
    let all_or_none = body
        .get("allOrNone")
        .and_then(Json::as_bool)
        .unwrap_or(false);
    let answers = carry_out(request, subrequests, all_or_none, &is_supported)?;
    Ok(Answer::json(
        200,
        object([("compositeResponse", entries(answers))]),
    ))
}

fn resources(request: &Request<'_>) -> Answer {
    let mut all = object([]);
    for name in ["batch", "graph", "sobjects", "tree"] {
        let path = format!("/services/data/{}/composite/{name}", request.version);
        all.push(name, path);
    }
    Answer::json(200, all)
}

fn subrequests(body: &Json) -> &[Json] {
    let given = body.get("compositeRequest");
    given.map(Json::items).unwrap_or_default()
}

/// Carries subrequests out in order, later ones using answers of earlier ones. `fits` says which resources they may name,
/// given the segments after the version.
fn carry_out(
    request: &Request<'_>,
    subrequests: &[Json],
    all_or_none: bool,
    fits: &dyn Fn(&[&str]) -> bool,
) -> Result<Vec<(String, Answer)>, Refused> {
    request.org.attempt(|| {
        let mut answers: Vec<(String, Answer)> = Vec::new();
        for subrequest in subrequests {
            let reference = text(subrequest, "referenceId").to_owned();
            let failed = answers.iter().any(|(_, a)| a.status >= 400);
            let answer = if all_or_none && failed {
                halted()
            } else {
                one(request, subrequest, &answers, fits)?
            };
            answers.push((reference, answer));
        }
        let stays = !all_or_none || answers.iter().all(|(_, a)| a.status < 400);
        if !stays {
            for (_, answer) in answers.iter_mut().filter(|(_, a)| a.status < 400) {
                *answer = halted();
            }
        }
        Ok((answers, stays))
    })
}

/// The wire form of answers with their references.
fn entries(answers: Vec<(String, Answer)>) -> Json {
    array(answers.into_iter().map(|(reference, answer)| {
        let mut headers = object([]);
        for (name, value) in &answer.headers {
            headers.push(name, value.as_str());
        }
        object([
            ("body", body_of(&answer)),
            ("httpHeaders", headers),
            ("httpStatusCode", i64::from(answer.status).into()),
            ("referenceId", reference.into()),
        ])
    }))
}

fn body_of(answer: &Answer) -> Json {
    match &answer.body {
        Body::Empty => Json::Null,
        Body::Json(json) => json.clone(),
        Body::Text(_, text) => Json::from(text.as_str()),
    }
}

fn halted() -> Answer {
    let message =
        "The transaction was rolled back since another operation in the same transaction failed.";
    Refused::new(400, "PROCESSING_HALTED", message).answer()
}

fn text<'a>(json: &'a Json, name: &str) -> &'a str {
    json.get(name).and_then(Json::as_str).unwrap_or_default()
}

fn bad(message: String) -> Refused {
    Refused::new(400, "BAD_REQUEST", message)
}

fn few_heavy(subrequests: &[Json]) -> Result<(), Refused> {
    let heavy = |s: &&Json| {
        let url = text(s, "url");
        url.contains("/query") || url.contains("/composite/sobjects")
    };
    if subrequests.iter().filter(heavy).count() > MOST_HEAVY {
        return Err(bad(format!(
            "The request can't contain more than {MOST_HEAVY} query or sObject Collections operations."
        )));
    }
    Ok(())
}

fn check(subrequests: &[Json], most: usize) -> Result<(), Refused> {
    if subrequests.is_empty() {
        let message = "The compositeRequest property is missing or empty";
        return Err(bad(message.to_owned()));
    }
    if subrequests.len() > most {
        return Err(bad(format!(
            "The request can't contain more than {most} operations."
        )));
    }
    let mut seen = Vec::new();
    for subrequest in subrequests {
        let reference = text(subrequest, "referenceId");
        let fits = !reference.is_empty()
            && reference
                .chars()
                .all(|c| c.is_ascii_alphanumeric() || c == '_');
        if !fits || seen.contains(&reference) {
            return Err(bad(format!(
                "Invalid or duplicate reference Id provided: '{reference}'."
            )));
        }
        seen.push(reference);
    }
    Ok(())
}

fn one(
    request: &Request<'_>,
    subrequest: &Json,
    before: &[(String, Answer)],
    fits: &dyn Fn(&[&str]) -> bool,
) -> Result<Answer, Refused> {
    let call = match prepare(request, subrequest, before) {
        Ok(call) => call,
        Err(refused) => return Ok(refused.answer()),
    };
    let segments = call.segments();
    let parts: Vec<&str> = segments.iter().map(String::as_str).collect();
    match parts[..] {
        ["services", "data", _, ref rest @ ..] if fits(rest) => {
            run(request, &call, request.version)
        }
        _ => {
            let message = format!("The url '{}' is not supported in this request.", call.path);
            Ok(bad(message).answer())
        }
    }
}

/// Composites don't nest.
fn is_supported(parts: &[&str]) -> bool {
    !matches!(
        parts,
        [] | ["composite"] | ["composite", "batch" | "graph" | "tree", ..]
    )
}

/// Answers a subrequest; what it did stays unless it failed.
fn run(request: &Request<'_>, call: &Call, version: &str) -> Result<Answer, Refused> {
    let inner = Request {
        org: request.org,
        call,
        version,
        session: request.session,
    };
    request.org.attempt(|| {
        let answer = dispatch(&inner).unwrap_or_else(|refused| refused.answer());
        let stays = answer.status < 400;
        Ok((answer, stays))
    })
}

fn prepare(
    request: &Request<'_>,
    subrequest: &Json,
    before: &[(String, Answer)],
) -> Result<Call, Refused> {
    let url = filled(text(subrequest, "url"), before)?;
    // Clients write queries here with plain spaces as well as encoded.
    let (path, query) = url.split_once('?').unwrap_or((&url, ""));
    let body = subrequest
        .get("body")
        .map(|b| fill(b, before))
        .transpose()?;
    let mut headers: Vec<(String, String)> = request.call.headers.clone();
    headers.retain(|(name, _)| !name.starts_with("if-"));
    for header in subrequest
        .get("httpHeaders")
        .map(Json::members)
        .unwrap_or_default()
    {
        let name = header.name.to_ascii_lowercase();
        if matches!(name.as_str(), "accept" | "authorization" | "content-type") {
            return Err(Refused::new(
                400,
                "BAD_REQUEST",
                format!(
                    "The header '{}' is not allowed in a subrequest.",
                    header.name
                ),
            ));
        }
        headers.retain(|(n, _)| *n != name);
        headers.push((name, header.value.as_str().unwrap_or_default().to_owned()));
    }
    Ok(Call {
        method: text(subrequest, "method").to_ascii_uppercase(),
        path: path.to_owned(),
        query: pairs(query),
        headers,
        body: body.map(|b| b.to_string().into_bytes()).unwrap_or_default(),
        base: request.call.base.clone(),
    })
}

/// A body with its references filled in. A text that is one reference takes the value's own type.
fn fill(body: &Json, before: &[(String, Answer)]) -> Result<Json, Refused> {
    Ok(match body {
        Json::String(text) => match text.strip_prefix("@{").and_then(|t| t.strip_suffix('}')) {
            Some(inner) if !inner.contains("@{") => lookup(inner, before)?,
            _ => Json::String(filled(text, before)?),
        },
        Json::Array(items) => Json::Array(
            items
                .iter()
                .map(|i| fill(i, before))
                .collect::<Result<_, _>>()?,
        ),
        Json::Object(members) => {
            let one = |m: &Member| {
                Ok(Member {
                    name: m.name.clone(),
                    value: fill(&m.value, before)?,
                    at: 0,
                })
            };
            Json::Object(members.iter().map(one).collect::<Result<_, Refused>>()?)
        }
        other => other.clone(),
    })
}

/// Text with each `@{reference.path}` replaced.
fn filled(text: &str, before: &[(String, Answer)]) -> Result<String, Refused> {
    let mut out = String::new();
    let mut rest = text;
    while let Some((plain, after)) = rest.split_once("@{") {
        let Some((inner, after)) = after.split_once('}') else {
            break;
        };
        out.push_str(plain);
        let value = lookup(&decode(inner, false), before)?;
        out.push_str(
            &value
                .as_str()
                .map_or_else(|| value.to_string(), str::to_owned),
        );
        rest = after;
    }
    out.push_str(rest);
    Ok(out)
}

/// The value at `reference.member[0].member` among earlier answers.
fn lookup(path: &str, before: &[(String, Answer)]) -> Result<Json, Refused> {
    let unknown = || {
        Refused::new(
            400,
            "PROCESSING_HALTED",
            format!("Invalid reference specified. No value for {path} found"),
        )
    };
    let (reference, rest) = path
        .split_once(['.', '['])
        .map_or((path, ""), |(r, _)| (r, &path[r.len()..]));
    let (_, answer) = before
        .iter()
        .find(|(r, _)| r == reference)
        .ok_or_else(unknown)?;
    let mut value = body_of(answer);
    for step in rest.split(['.', '[']).filter(|s| !s.is_empty()) {
        let next = match step.strip_suffix(']').and_then(|n| n.parse::<usize>().ok()) {
            Some(n) => value.items().get(n).cloned(),
            None => value.get(step).cloned(),
        };
        value = next.ok_or_else(unknown)?;
    }
    Ok(value)
}
