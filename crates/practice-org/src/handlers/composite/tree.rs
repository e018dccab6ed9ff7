//! `POST /composite/tree/X`: creates records with their children in one request, all or none.

use super::text;
use crate::handlers::{Request, object_named};
use crate::http::{Answer, Refused};
use crate::json::{Json, Member, object};
use crate::org::{RowError, Trouble};

/// Most records in a request.
const MOST: usize = 200;
/// Most kinds of records.
const MOST_KINDS: usize = 5;
/// Most levels of records.
const MOST_LEVELS: usize = 5;

/// A record that waits for its parent's id.
struct Node {
    /// Its object.
    kind: String,
    /// What the request calls it.
    reference: String,
    /// Its fields, and its children under the names of their relationships.
    record: Json,
    /// The name of the relationship, and where its parent stands among the nodes.
    parent: Option<(String, usize)>,
}

/// Creates records of one object with all below them.
///
/// # Source
/// REST API Developer Guide, "sObject Tree".
pub(crate) fn tree(request: &Request<'_>, name: &str) -> Result<Answer, Refused> {
    let kind = object_named(request, name)?;
    let body = request.call.json()?;
    let nodes = nodes(&body, &kind.name)?;
    let mut results = Vec::new();
    let has_errors = request.org.attempt(|| {
        let mut ids: Vec<Option<String>> = Vec::new();
        let mut errors = Vec::new();
        for node in &nodes {
            let below = node.parent.as_ref().map(|(_, parent)| *parent);
            if below.is_some_and(|parent| ids[parent].is_none()) {
                // The error of its parent is enough.
                ids.push(None);
                continue;
            }
            match create(request, &nodes, &ids, node) {
                Ok(id) => {
                    results.push(result(node, ("id", id.as_str().into())));
                    ids.push(Some(id));
                }
                Err(Trouble::Row(error)) => {
                    errors.push(result(node, ("errors", Json::Array(vec![error.json()]))));
                    ids.push(None);
                }
                Err(trouble) => return Err(trouble.refused(&request.call.body)),
            }
        }
        let failed = !errors.is_empty();
        if failed {
            results = errors;
        }
        Ok((failed, !failed))
    })?;
    let body = [
        ("hasErrors", has_errors.into()),
        ("results", Json::Array(results)),
    ];
    let status = if has_errors { 400 } else { 201 };
    Ok(Answer::json(status, object(body)))
}

fn result(node: &Node, outcome: (&str, Json)) -> Json {
    object([("referenceId", node.reference.as_str().into()), outcome])
}

/// All records of the request, parents before their children.
fn nodes(body: &Json, kind: &str) -> Result<Vec<Node>, Refused> {
    let Some(Json::Array(records)) = body.get("records") else {
        return Err(invalid(
            "The 'records' property is missing or is not an array",
        ));
    };
    let mut nodes: Vec<Node> = Vec::new();
    let mut level: Vec<(Json, Option<(String, usize)>)> = records
        .iter()
        .map(|record| (record.clone(), None))
        .collect();
    let mut levels = 0;
    while !level.is_empty() {
        levels += 1;
        if levels > MOST_LEVELS {
            return Err(invalid(&format!(
                "Records can't be more than {MOST_LEVELS} levels deep."
            )));
        }
        let first = nodes.len();
        for (record, parent) in level.drain(..) {
            nodes.push(node(record, parent)?);
        }
        for (n, node) in nodes.iter().enumerate().skip(first) {
            for (relationship, child) in children(&node.record) {
                level.push((child.clone(), Some((relationship.to_owned(), n))));
            }
        }
        if nodes.len() + level.len() > MOST {
            return Err(invalid(&format!(
                "The request can't contain more than {MOST} records."
            )));
        }
    }
    check(&nodes, kind)?;
    Ok(nodes)
}

fn node(record: Json, parent: Option<(String, usize)>) -> Result<Node, Refused> {
    let attributes = record.get("attributes").cloned().unwrap_or_default();
    let (kind, reference) = (text(&attributes, "type"), text(&attributes, "referenceId"));
    if kind.is_empty() || reference.is_empty() {
        return Err(invalid(
            "Each record needs 'type' and 'referenceId' in its attributes.",
        ));
    }
    Ok(Node {
        kind: kind.to_owned(),
        reference: reference.to_owned(),
        record,
        parent,
    })
}

fn check(nodes: &[Node], kind: &str) -> Result<(), Refused> {
    if nodes.is_empty() {
        return Err(invalid("The request contains no records."));
    }
    let mut references: Vec<&str> = nodes.iter().map(|n| n.reference.as_str()).collect();
    references.sort_unstable();
    if let Some(pair) = references.windows(2).find(|pair| pair[0] == pair[1]) {
        return Err(invalid(&format!(
            "Duplicate ReferenceId provided in the request: {}",
            pair[0]
        )));
    }
    let mut kinds: Vec<String> = nodes.iter().map(|n| n.kind.to_ascii_lowercase()).collect();
    kinds.sort_unstable();
    kinds.dedup();
    if kinds.len() > MOST_KINDS {
        return Err(invalid(&format!(
            "The request can't contain more than {MOST_KINDS} types."
        )));
    }
    let strange = |n: &&Node| n.parent.is_none() && !n.kind.eq_ignore_ascii_case(kind);
    match nodes.iter().find(strange) {
        Some(node) => Err(invalid(&format!(
            "The type {} is not that of the URL.",
            node.kind
        ))),
        None => Ok(()),
    }
}

fn invalid(message: &str) -> Refused {
    Refused::new(400, "INVALID_INPUT", message)
}

/// The records below one, each with the name of its relationship.
fn children(record: &Json) -> impl Iterator<Item = (&str, &Json)> {
    let below = record.members().iter().filter(|m| is_below(m));
    below.flat_map(|m| {
        let records = m.value.get("records").map_or(&[][..], Json::items);
        records.iter().map(|record| (m.name.as_str(), record))
    })
}

fn is_below(member: &Member) -> bool {
    matches!(member.value.get("records"), Some(Json::Array(_)))
}

fn create(
    request: &Request<'_>,
    nodes: &[Node],
    ids: &[Option<String>],
    node: &Node,
) -> Result<String, Trouble> {
    let schema = request.org.schema();
    let Some(kind) = schema.object(&node.kind) else {
        let message = format!("sObject type '{}' is not supported.", node.kind);
        return Err(RowError::new("INVALID_TYPE", message).into());
    };
    let own = node.record.members().iter().filter(|m| !is_below(m));
    let mut record = Json::Object(own.cloned().collect());
    if let Some((relationship, parent)) = &node.parent {
        let above = &nodes[*parent];
        let found = schema
            .object(&above.kind)
            .and_then(|o| schema.children(o, relationship));
        let Some((_, _, field)) = found.filter(|(_, child, _)| child.name == kind.name) else {
            let message = format!(
                "No relationship {relationship} from {} to {}",
                above.kind, kind.name
            );
            return Err(RowError::new("INVALID_FIELD", message)
                .of(&[relationship])
                .into());
        };
        record.set(&field.name, ids[*parent].clone());
    }
    request.org.create(kind, &record, &request.write_options())
}
