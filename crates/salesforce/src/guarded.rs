//! Changes of records that nobody has touched since they were read: each happens whole, or not at all.

use jiff::Timestamp;
use jiff::fmt::rfc2822::DateTimePrinter;
use serde::Deserialize;
use serde_json::value::RawValue;
use serde_json::{Map, Value, json};

use crate::answer::{Answer, refusal};
use crate::request;
use crate::{Client, Error, ErrorCode, Id, Result, RowError, WriteOptions};

/// A change of one record.
#[derive(Debug, Clone, PartialEq)]
pub struct Guarded {
    /// The record.
    pub id: Id,
    /// When it was changed last, as it was read. The org compares whole seconds.
    pub unmodified_since: Timestamp,
    /// Fields that are set.
    pub fields: Map<String, Value>,
    /// Whether the record is deleted after that, in the same transaction.
    pub deletes: bool,
}

/// What became of a guarded change.
#[derive(Debug, Clone, PartialEq)]
pub enum GuardedAnswer {
    /// It was carried out.
    Done,
    /// The record was changed since it was read, or is gone; nothing of it was carried out.
    Changed,
    /// The org refused it; nothing of it was carried out.
    Refused(RowError),
    /// The org didn't come to it.
    NotTried,
}

impl Client {
    /// Carries changes of up to 75 records of one object out in one call; one answer each, in their order.
    ///
    /// A record is deleted in the transaction in which it was found unchanged: a delete alone takes no condition.
    /// Never repeated here, except after a renewed sign-in.
    ///
    /// # Errors
    /// [`Error::TooLarge`] above 75 records, and whatever refuses the request as a whole.
    /// # Source
    /// REST API Developer Guide, "Conditional Request Headers" and "Composite Graph".
    pub async fn change_guarded(
        &self,
        object: &str,
        changes: &[Guarded],
        how: &WriteOptions,
    ) -> Result<Vec<GuardedAnswer>> {
        if changes.is_empty() {
            return Ok(Vec::new());
        }
        let request = request::guarded(self.api_version().await?, object, changes, how)?;
        answers(&self.send(&request).await?, changes.len())
    }
}

/// Returns the graph of a change: one node that sets fields, and one that deletes.
pub(crate) fn graph(number: usize, path: &str, change: &Guarded, how: &WriteOptions) -> Value {
    let since = DateTimePrinter::new().timestamp_to_rfc9110_string(&change.unmodified_since);
    let mut headers = Map::new();
    headers.insert(
        "If-Unmodified-Since".to_owned(),
        since.unwrap_or_default().into(),
    );
    for (name, value) in how.headers() {
        headers.insert(name.to_owned(), value.into());
    }
    let mut nodes = vec![json!({
        "method": "PATCH", "url": path, "referenceId": format!("set{number}"), "httpHeaders": headers,
        "body": change.fields,
    })];
    if change.deletes {
        let delete =
            json!({"method": "DELETE", "url": path, "referenceId": format!("delete{number}")});
        nodes.push(delete);
    }
    json!({"graphId": number.to_string(), "compositeRequest": nodes})
}

#[derive(Deserialize)]
struct Graphs {
    graphs: Vec<Graph>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Graph {
    graph_id: String,
    graph_response: Nodes,
    is_successful: bool,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Nodes {
    composite_response: Vec<Node>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Node {
    http_status_code: u16,
    #[serde(default)]
    body: Option<Box<RawValue>>,
}

fn answers(answer: &Answer, wanted: usize) -> Result<Vec<GuardedAnswer>> {
    let graphs: Graphs = answer.json()?;
    let mut found: Vec<Option<GuardedAnswer>> = vec![None; wanted];
    for graph in graphs.graphs {
        let number = graph.graph_id.parse::<usize>();
        if let Some(place) = number.ok().and_then(|number| found.get_mut(number)) {
            *place = Some(judge(&graph));
        }
    }
    let all: Option<Vec<_>> = found.into_iter().collect();
    all.ok_or_else(|| answer.unreadable("not as many answers as records"))
}

fn judge(graph: &Graph) -> GuardedAnswer {
    if graph.is_successful {
        return GuardedAnswer::Done;
    }
    for node in &graph.graph_response.composite_response {
        if node.http_status_code < 400 {
            continue;
        }
        let body = node.body.as_deref().map_or("null", RawValue::get);
        let refused = refusal(node.http_status_code, body.as_bytes());
        let is_halted = refused
            .code()
            .is_some_and(|code| code.to_string() == HALTED);
        if node.http_status_code == 412 || is_gone(&refused) {
            return GuardedAnswer::Changed;
        }
        if !is_halted {
            return GuardedAnswer::Refused(of(&refused));
        }
    }
    GuardedAnswer::NotTried
}

/// The code of requests that were taken back for the sake of another.
const HALTED: &str = "PROCESSING_HALTED";

fn is_gone(error: &Error) -> bool {
    matches!(
        error.code(),
        Some(
            ErrorCode::EntityIsDeleted | ErrorCode::NotFound | ErrorCode::InvalidCrossReferenceKey
        )
    )
}

fn of(error: &Error) -> RowError {
    let code = error.code().cloned();
    RowError::new(
        code.unwrap_or_else(|| "request_refused".into()),
        error.message().unwrap_or_default(),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answer(body: &Value) -> Answer {
        Answer {
            status: 200,
            last_modified: None,
            body: body.to_string().into_bytes(),
        }
    }

    fn graph_of(id: &str, nodes: &[(u16, Value)]) -> Value {
        let nodes: Vec<Value> = nodes
            .iter()
            .map(|(status, body)| json!({"httpStatusCode": status, "body": body, "referenceId": "x"}))
            .collect();
        let well = nodes
            .iter()
            .all(|node| node["httpStatusCode"].as_u64() < Some(400));
        json!({"graphId": id, "graphResponse": {"compositeResponse": nodes}, "isSuccessful": well})
    }

    #[test]
    fn each_change_has_its_own_answer() {
        let error = |code: &str| json!([{"errorCode": code, "message": "No."}]);
        let body = json!({"graphs": [
            graph_of("1", &[(412, error("PRECONDITION_FAILED")), (400, error(HALTED))]),
            graph_of("0", &[(204, Value::Null), (204, Value::Null)]),
            graph_of("2", &[(400, error(HALTED)), (400, error("DELETE_FAILED"))]),
            graph_of("3", &[(400, error(HALTED)), (400, error(HALTED))]),
            graph_of("4", &[(404, error("ENTITY_IS_DELETED"))]),
        ]});
        let found = answers(&answer(&body), 5).unwrap();
        let refused = RowError::new("DELETE_FAILED".into(), "No.");
        assert_eq!(
            found,
            [
                GuardedAnswer::Done,
                GuardedAnswer::Changed,
                GuardedAnswer::Refused(refused),
                GuardedAnswer::NotTried,
                GuardedAnswer::Changed,
            ]
        );
        assert!(answers(&answer(&body), 6).is_err(), "one has no answer");
    }

    #[test]
    fn a_deleted_record_is_checked_in_the_same_transaction() {
        let change = Guarded {
            id: Id::parse("00Q8M0000016Wv8UAE").unwrap(),
            unmodified_since: "2026-01-02T10:00:00Z".parse().unwrap(),
            fields: Map::new(),
            deletes: true,
        };
        let graph = graph(0, "/x", &change, &WriteOptions::default());
        let nodes = graph["compositeRequest"].as_array().unwrap();
        assert_eq!(nodes.len(), 2);
        assert_eq!(
            nodes[0]["httpHeaders"]["If-Unmodified-Since"],
            "Fri, 02 Jan 2026 10:00:00 GMT"
        );
        assert_eq!(nodes[1]["method"], "DELETE");
    }
}
