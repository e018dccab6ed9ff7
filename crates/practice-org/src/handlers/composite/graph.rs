//! `POST /composite/graph`: several composites in one request, each done whole or not at all.

use super::{bad, carry_out, check, entries, halted, subrequests, text};
use crate::handlers::Request;
use crate::http::{Answer, Refused};
use crate::json::{Json, object};

/// Most subrequests of all graphs together.
const MOST_NODES: usize = 500;
/// Most graphs.
const MOST_GRAPHS: usize = 75;
/// After so many graphs that failed, the others are not begun.
const MOST_FAILED: usize = 14;

/// Carries each graph out.
///
/// # Source
/// REST API Developer Guide, "Composite Graph Limits".
pub(crate) fn graphs(request: &Request<'_>) -> Result<Answer, Refused> {
    let body = request.call.json()?;
    let graphs = body.get("graphs").map_or(&[][..], Json::items);
    check_all(graphs)?;
    let mut failed = 0;
    let mut results = Vec::new();
    for graph in graphs {
        let nodes = subrequests(graph);
        let answers = if failed < MOST_FAILED {
            carry_out(request, nodes, true, &is_record)?
        } else {
            let halted = |node| (text(node, "referenceId").to_owned(), halted());
            nodes.iter().map(halted).collect()
        };
        let successful = answers.iter().all(|(_, answer)| answer.status < 400);
        failed += usize::from(!successful);
        let response = object([("compositeResponse", entries(answers))]);
        results.push(object([
            ("graphId", text(graph, "graphId").into()),
            ("graphResponse", response),
            ("isSuccessful", successful.into()),
        ]));
    }
    Ok(Answer::json(
        200,
        object([("graphs", Json::Array(results))]),
    ))
}

fn check_all(graphs: &[Json]) -> Result<(), Refused> {
    if graphs.is_empty() {
        return Err(bad("The graphs property is missing or empty".to_owned()));
    }
    if graphs.len() > MOST_GRAPHS {
        return Err(bad(format!(
            "The request can't contain more than {MOST_GRAPHS} graphs."
        )));
    }
    let nodes: usize = graphs.iter().map(|graph| subrequests(graph).len()).sum();
    if nodes > MOST_NODES {
        return Err(bad(format!(
            "The request can't contain more than {MOST_NODES} nodes."
        )));
    }
    let mut seen = Vec::new();
    for graph in graphs {
        let id = text(graph, "graphId");
        if id.is_empty() || seen.contains(&id) {
            return Err(bad(format!(
                "Invalid or duplicate graph Id provided: '{id}'."
            )));
        }
        seen.push(id);
        check(subrequests(graph), MOST_NODES)?;
    }
    Ok(())
}

/// Graphs write and read single records only.
fn is_record(parts: &[&str]) -> bool {
    matches!(
        parts,
        ["sobjects", _] | ["sobjects", _, _] | ["sobjects", _, _, _]
    ) && !matches!(
        parts,
        [
            "sobjects",
            _,
            "describe" | "updated" | "deleted" | "listviews",
            ..
        ]
    )
}
