//! Runs searches, object by object.

use super::terms::{self, TOO_SHORT};
use super::{Group, MOST, Manner, Search, parser, refused};
use crate::http::Refused;
use crate::json::{Json, object};
use crate::org::Org;
use crate::org::field::{Field, Kind};
use crate::org::schema::{Object, Root, Schema};
use crate::soql::ast::{Name, Path, Query};
use crate::soql::{self, Fault, Searched};

/// Most records of one object, unless it is the only one and is filtered or ordered.
const MOST_OF_ONE: i64 = 250;

/// Runs a search; `text` is what places in refusals refer to.
pub(crate) fn run(org: &Org, search: &Search, text: &str, version: &str) -> Result<Json, Refused> {
    let found = terms::parse(&search.text, search.manner);
    let found = found.map_err(|fault| words_refused(org, &fault, &search.text))?;
    let schema = org.schema();
    let all;
    let queries = if search.returning.is_empty() {
        all = searchable(&schema);
        &all
    } else {
        &search.returning
    };
    let offset_maximum = org.switch("offset_maximum")?.as_i64().unwrap_or(MOST);
    let mut records = Vec::new();
    let mut left = search.limit;
    let words = match search.manner {
        Manner::Sosl => format!("s{}", search.text),
        Manner::Parameter => format!("p{}", search.text),
    };
    for query in queries {
        if query.offset.is_some_and(|o| o > offset_maximum) {
            let message = format!("Maximum SOSL offset allowed is {offset_maximum}");
            return Err(Refused::new(400, "NUMBER_OUTSIDE_VALID_RANGE", message));
        }
        let limit = left.min(most(query, queries.len()));
        let searched =
            searched(&schema, query, search.group, &words, limit).map_err(|f| refused(&f, text))?;
        let Some(searched) = searched.filter(|_| found.is_some()) else {
            continue;
        };
        let found = searched.records(org, version)?;
        left -= i64::try_from(found.len()).unwrap_or(left);
        records.extend(found);
    }
    Ok(object([("searchRecords", Json::Array(records))]))
}

fn words_refused(org: &Org, fault: &Fault, words: &str) -> Refused {
    let mut refused = refused(fault, words);
    if refused.code == TOO_SHORT {
        refused.code = org
            .choice("short_search_term_code")
            .unwrap_or_else(|_| super::MALFORMED.to_owned());
    }
    refused
}

/// The ids of everything that can be searched.
fn searchable(schema: &Schema) -> Vec<Query> {
    let objects = schema.objects().iter();
    let objects = objects.filter(|o| o.is("search") && o.root != Root::Tooling);
    let name = |o: &std::sync::Arc<Object>| Name {
        text: o.name.clone(),
        at: 0,
    };
    objects.map(|o| parser::id_of(name(o))).collect()
}

/// How many records of an object a search among so many objects returns.
fn most(query: &Query, objects: usize) -> i64 {
    let narrowed = query.condition.is_some() || !query.order.is_empty();
    let most = match objects {
        1 if narrowed => MOST,
        n => (MOST / i64::try_from(n.max(1)).unwrap_or(MOST)).min(MOST_OF_ONE),
    };
    query.limit.map_or(most, |limit| limit.min(most))
}

/// The rows of one object that a search finds; nothing if the object has no field of the group.
fn searched(
    schema: &Schema,
    query: &Query,
    group: Group,
    words: &str,
    limit: i64,
) -> Result<Option<Searched>, Fault> {
    let known = schema.object(&query.from.text);
    if let Some(object) = known.filter(|o| o.root != Root::Tooling && !o.is("search")) {
        let message = format!("entity type {} does not support search", object.name);
        return Err(Fault::at("INVALID_TYPE", message, query.from.at));
    }
    let paths = known.map_or_else(Vec::new, |o| fields(o, group));
    soql::search(schema, query, &paths, words, limit)
}

/// The fields that a group means.
fn fields(object: &Object, group: Group) -> Vec<Path> {
    let wanted = |field: &&Field| {
        let email = field.kind == Kind::Email;
        let phone = field.kind == Kind::Phone;
        match group {
            Group::All => is_searchable(field),
            Group::Name => is_name(object, field),
            Group::Email => email,
            Group::Phone => phone,
            Group::Sidebar => email || phone || is_name(object, field),
        }
    };
    let path = |names: &[&str]| -> Path {
        let names = names.iter().map(|n| Name {
            text: (*n).to_owned(),
            at: 0,
        });
        names.collect()
    };
    let own = object.visible().filter(wanted);
    let mut paths: Vec<Path> = own.map(|f| path(&[f.name.as_str()])).collect();
    let named = matches!(group, Group::All | Group::Name | Group::Sidebar);
    if named && object.name == "Contact" && object.field("AccountId").is_some() {
        paths.push(path(&["Account", "Name"]));
    }
    paths
}

/// Text that people write; what the org fills in itself is not searched, the whole name apart.
fn is_searchable(field: &Field) -> bool {
    use Kind::{Email, LongText, Phone, String, TextArea, Url};
    let text = matches!(
        field.kind,
        String | TextArea | LongText | Email | Phone | Url
    );
    text && (field.createable || field.updateable || field.name_field)
}

fn is_name(object: &Object, field: &Field) -> bool {
    let also = match object.name.as_str() {
        "Account" => &["Website", "Site"][..],
        "Contact" => &["AssistantName"],
        "Lead" => &["Company"],
        "User" => &["CommunityNickname"],
        _ => &[],
    };
    let part = field.compound.as_deref() == Some("Name") && field.kind == Kind::String;
    field.name_field || part || also.contains(&field.name.as_str())
}
