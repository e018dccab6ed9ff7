//! `GET /sobjects/X/listviews`: one view for each object, *All*, described and read.

use super::{Request, object_named};
use crate::http::{Answer, Refused};
use crate::json::{Json, array, object};
use crate::org::field::Field;
use crate::org::ids;
use crate::org::schema::{Object, Schema};
use crate::soql::{self, Run};

/// Records in an answer, unless the request wants fewer or more.
const USUAL: i64 = 25;
/// Most records in an answer.
const MOST: i64 = 2000;

/// Fields that a view shows where its object has them, after the name.
const COLUMNS: [&str; 8] = [
    "Title", "Company", "Email", "Phone", "City", "Status", "Type", "Alias",
];

/// Answers what follows `/listviews`.
pub(super) fn answer(request: &Request<'_>, name: &str, parts: &[&str]) -> Result<Answer, Refused> {
    let kind = object_named(request, name)?;
    let schema = request.org.schema();
    let id = id_of(&schema, &kind).ok_or_else(Refused::not_found)?;
    let wanted = parts.first().copied();
    if wanted.is_some_and(|wanted| ids::normal(wanted).as_ref() != Some(&id)) {
        return Err(Refused::not_found());
    }
    let body = match parts {
        [] => object([
            ("done", true.into()),
            ("listviews", Json::Array(vec![summary(request, &kind, &id)])),
            ("nextRecordsUrl", Json::Null),
            ("size", 1_i64.into()),
            ("sobjectType", kind.name.as_str().into()),
        ]),
        [_] => summary(request, &kind, &id),
        [_, "describe"] => description(&kind, &id),
        _ => results(request, &kind, &id)?,
    };
    Ok(Answer::json(200, body))
}

/// The query of the view with this id; nothing if there is none.
pub(super) fn query_of(schema: &Schema, id: &str) -> Option<String> {
    let id = ids::normal(id)?;
    let mut kinds = schema.objects().iter();
    let kind = kinds.find(|kind| id_of(schema, kind).as_ref() == Some(&id))?;
    Some(query(kind))
}

/// Views have ids that tell their object, so that none need to be kept.
fn id_of(schema: &Schema, kind: &Object) -> Option<String> {
    let shown = kind.is("search") && kind.is("recycle") && kind.name_field().is_some();
    let place = schema.objects().iter().position(|o| o.name == kind.name)?;
    shown.then(|| ids::make("00B", place as u64 + 1))
}

fn label(kind: &Object) -> String {
    format!("All {}", kind.plural)
}

fn developer_name(kind: &Object) -> String {
    label(kind).replace(' ', "")
}

fn summary(request: &Request<'_>, kind: &Object, id: &str) -> Json {
    let url = format!(
        "/services/data/{}/sobjects/{}/listviews/{id}",
        request.version, kind.name
    );
    object([
        ("describeUrl", format!("{url}/describe").into()),
        ("developerName", developer_name(kind).into()),
        ("id", id.into()),
        ("label", label(kind).into()),
        ("resultsUrl", format!("{url}/results").into()),
        ("soqlCompatible", true.into()),
        ("url", url.into()),
    ])
}

fn columns(kind: &Object) -> Vec<&Field> {
    let named = COLUMNS.iter().filter_map(|name| kind.field(name));
    kind.name_field().into_iter().chain(named).collect()
}

fn query(kind: &Object) -> String {
    let columns: Vec<&str> = columns(kind).iter().map(|f| f.name.as_str()).collect();
    let name = columns.first().copied().unwrap_or("Id");
    format!(
        "SELECT {}, Id, CreatedDate, LastModifiedDate, SystemModstamp FROM {} \
         ORDER BY {name} ASC NULLS FIRST, Id ASC NULLS FIRST",
        columns.join(", "),
        kind.name
    )
}

fn description(kind: &Object, id: &str) -> Json {
    let order = |name: &str| {
        object([
            ("fieldNameOrPath", name.into()),
            ("nullsPosition", "first".into()),
            ("sortDirection", "ascending".into()),
        ])
    };
    let name = kind.name_field().map_or("Id", |f| f.name.as_str());
    object([
        ("columns", described(kind)),
        ("id", id.into()),
        ("orderBy", Json::Array(vec![order(name), order("Id")])),
        ("query", query(kind).into()),
        ("relatedEntityId", Json::Null),
        ("scope", "everything".into()),
        ("scopeEntityId", Json::Null),
        ("sobjectType", kind.name.as_str().into()),
        ("whereCondition", Json::Null),
    ])
}

fn described(kind: &Object) -> Json {
    array(columns(kind).into_iter().enumerate().map(|(n, field)| {
        let leads = n == 0;
        object([
            ("ascendingLabel", Json::Null),
            ("descendingLabel", Json::Null),
            ("fieldNameOrPath", field.name.as_str().into()),
            ("hidden", false.into()),
            ("label", field.label.as_str().into()),
            ("selectListItem", field.name.as_str().into()),
            (
                "sortDirection",
                if leads {
                    "ascending".into()
                } else {
                    Json::Null
                },
            ),
            ("sortIndex", if leads { 0_i64.into() } else { Json::Null }),
            ("sortable", true.into()),
            ("type", field.kind.word().into()),
        ])
    }))
}

fn results(request: &Request<'_>, kind: &Object, id: &str) -> Result<Json, Refused> {
    let limit = whole(request, "limit", USUAL, MOST)?;
    let offset = whole(request, "offset", 0, MOST)?;
    let soql = format!("{} LIMIT {limit} OFFSET {offset}", query(kind));
    let run = Run {
        soql: &soql,
        every: false,
        tooling: false,
        page: usize::try_from(MOST).unwrap_or(usize::MAX),
        version: request.version,
    };
    let found = soql::run(request.org, &run)?;
    let records = found.get("records").map_or(&[][..], Json::items);
    let rows = records.iter().map(|record| {
        let cells = record.members().iter().filter(|m| m.name != "attributes");
        let cells = cells.map(|member| {
            object([
                ("fieldNameOrPath", member.name.as_str().into()),
                ("value", member.value.clone()),
            ])
        });
        object([("columns", array(cells))])
    });
    Ok(object([
        ("columns", described(kind)),
        ("developerName", developer_name(kind).into()),
        ("done", true.into()),
        ("id", id.into()),
        ("label", label(kind).into()),
        ("size", records.len().into()),
        ("records", array(rows)),
    ]))
}

/// A whole number of the address, from 0 to `most`.
fn whole(request: &Request<'_>, name: &str, usual: i64, most: i64) -> Result<i64, Refused> {
    let Some(text) = request.call.param(name) else {
        return Ok(usual);
    };
    let number = text.trim().parse().ok();
    number.filter(|n| (0..=most).contains(n)).ok_or_else(|| {
        let message = format!("{name} must be a number from 0 to {most}");
        Refused::new(400, "NUMBER_OUTSIDE_VALID_RANGE", message)
    })
}
