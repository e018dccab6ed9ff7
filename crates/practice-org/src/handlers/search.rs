//! `GET /search` and `GET` and `POST /parameterizedSearch`.

use super::Request;
use crate::http::{Answer, Refused};
use crate::json::{Json, array, object};
use crate::soql::ast::{Expression, Item, Name, Query};
use crate::soql::parser::Parser;
use crate::sosl::{self, Group, MALFORMED, MOST, Manner, Search};

/// A search in its own language.
pub(super) fn sosl(request: &Request<'_>) -> Result<Answer, Refused> {
    let text = request.call.param("q").unwrap_or_default();
    let search = sosl::parse(text).map_err(|f| sosl::refused(&f, text))?;
    let found = sosl::run(request.org, &search, text, request.version)?;
    Ok(Answer::json(200, found))
}

/// A search by parameters, in the address or as JSON.
pub(super) fn parameterized(request: &Request<'_>) -> Result<Answer, Refused> {
    let given = match request.call.verb() {
        "GET" | "HEAD" => of_address(&request.call.query),
        _ => request.call.json()?,
    };
    let search = search(&given)?;
    let found = sosl::run(request.org, &search, "", request.version)?;
    Ok(Answer::json(200, found))
}

/// The JSON that parameters of an address stand for: `sobject=Lead&Lead.fields=Id,Name&Lead.limit=5`.
fn of_address(pairs: &[(String, String)]) -> Json {
    let value = |name: &str| {
        let found = pairs.iter().find(|(n, _)| n.eq_ignore_ascii_case(name));
        found.map(|(_, v)| v.as_str())
    };
    let list = |text: &str| array(text.split(',').map(str::trim));
    let mut json = object([]);
    for name in ["q", "in", "defaultLimit", "overallLimit", "offset"] {
        if let Some(text) = value(name) {
            json.push(name, text);
        }
    }
    if let Some(fields) = value("fields") {
        json.push("fields", list(fields));
    }
    let named = pairs.iter().filter(|(n, _)| n == "sobject");
    let objects = named.map(|(_, name)| {
        let mut one = object([("name", name.as_str().into())]);
        for key in ["limit", "where", "orderBy"] {
            if let Some(text) = value(&format!("{name}.{key}")) {
                one.push(key, text);
            }
        }
        if let Some(fields) = value(&format!("{name}.fields")) {
            one.push("fields", list(fields));
        }
        one
    });
    let objects: Vec<Json> = objects.collect();
    json.push("sobjects", Json::Array(objects));
    json
}

fn search(given: &Json) -> Result<Search, Refused> {
    let text = given.get("q").and_then(Json::as_str).unwrap_or_default();
    if text.is_empty() {
        return Err(Refused::new(400, MALFORMED, "No search term found."));
    }
    let group = match given.get("in").and_then(Json::as_str) {
        None => Group::All,
        Some(name) => Group::named(name).ok_or_else(|| {
            let message = format!("unknown search scope: {name}");
            Refused::new(400, "INVALID_SEARCH_SCOPE", message)
        })?,
    };
    let objects = given.get("sobjects").map_or(&[][..], Json::items);
    let default_limit = number(given, "defaultLimit")?;
    let offset = number(given, "offset")?;
    let lone = |name: &str| {
        let message = format!("{name} needs sobjects to be named");
        Refused::new(400, MALFORMED, message)
    };
    if objects.is_empty() && (default_limit.is_some() || given.get("fields").is_some()) {
        return Err(lone("defaultLimit or fields"));
    }
    if offset.is_some() && objects.len() != 1 {
        return Err(Refused::new(
            400,
            MALFORMED,
            "offset needs a single sobject",
        ));
    }
    let mut returning: Vec<Query> = Vec::new();
    for one in objects {
        let mut query = query(one, given.get("fields"))?;
        let known = |q: &Query| q.from.text.eq_ignore_ascii_case(&query.from.text);
        if returning.iter().any(known) {
            let message = format!("duplicate sobject: {}", query.from.text);
            return Err(Refused::new(400, MALFORMED, message));
        }
        query.limit = number(one, "limit")?.or(default_limit);
        query.offset = offset;
        returning.push(query);
    }
    Ok(Search {
        text: text.to_owned(),
        manner: Manner::Parameter,
        group,
        returning,
        limit: number(given, "overallLimit")?.unwrap_or(MOST),
    })
}

/// What one entry of `sobjects` asks for.
fn query(one: &Json, common: Option<&Json>) -> Result<Query, Refused> {
    let name = one.get("name").and_then(Json::as_str).unwrap_or_default();
    let mut query = sosl::id_of(Name {
        text: name.to_owned(),
        at: 0,
    });
    let fields = one.get("fields").or(common).map_or(&[][..], Json::items);
    let fields: Vec<Item> = fields
        .iter()
        .map(|field| {
            let path = parsed(field.as_str().unwrap_or_default(), Parser::path)?;
            Ok(Item::Value(Expression::Field(path), None))
        })
        .collect::<Result<_, Refused>>()?;
    if !fields.is_empty() {
        query.select = fields;
    }
    if let Some(text) = one.get("where").and_then(Json::as_str) {
        query.condition = Some(parsed(text, Parser::condition)?);
    }
    if let Some(text) = one.get("orderBy").and_then(Json::as_str) {
        // The parameter writes NULLS_LAST where a query writes NULLS LAST.
        let words = text.split_whitespace().map(|word| match word {
            w if w.eq_ignore_ascii_case("NULLS_FIRST") => "NULLS FIRST",
            w if w.eq_ignore_ascii_case("NULLS_LAST") => "NULLS LAST",
            w => w,
        });
        let text = format!("ORDER BY {}", words.collect::<Vec<_>>().join(" "));
        query.order = parsed(&text, Parser::order_by)?;
    }
    Ok(query)
}

fn parsed<T>(
    text: &str,
    read: impl Fn(&mut Parser) -> Result<T, crate::soql::Fault>,
) -> Result<T, Refused> {
    let whole = Parser::new(text).and_then(|mut parser| {
        let value = read(&mut parser)?;
        parser.end()?;
        Ok(value)
    });
    whole.map_err(|fault| sosl::refused(&fault, text))
}

/// A number from 0 to 2,000, which may be written as text.
fn number(given: &Json, name: &str) -> Result<Option<i64>, Refused> {
    let Some(value) = given.get(name) else {
        return Ok(None);
    };
    let number = match value {
        Json::String(text) => text.parse().ok(),
        value => value.as_i64(),
    };
    match number {
        Some(0..=MOST) => Ok(number),
        _ => Err(Refused::new(
            400,
            "NUMBER_OUTSIDE_VALID_RANGE",
            format!("{name} must be a number from 0 to {MOST}"),
        )),
    }
}
