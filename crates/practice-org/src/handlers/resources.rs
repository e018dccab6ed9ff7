//! The resources below a version: which methods each takes, and since which version it exists.

use crate::http::{Call, Refused};

/// A resource, apart from what it does.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Resource {
    /// Its methods, as a 405 names them.
    methods: &'static str,
    /// The first version that has it.
    since: u32,
}

/// Refuses what no resource answers: an unknown path or one of a later version (404), a wrong method (405), a body that
/// is not JSON (415), an answer that must not be JSON (406).
///
/// `parts` are the segments after the version, `version` is such as `v67.0`.
pub(super) fn check(call: &Call, parts: &[&str], version: &str) -> Result<(), Refused> {
    let resource = resource(parts)
        .filter(|r| r.since <= super::versions::number(version))
        .ok_or_else(Refused::not_found)?;
    let verb = call.verb();
    if !resource.methods.split(',').any(|m| m == verb) {
        return Err(Refused::method(verb, resource.methods));
    }
    takes_body(call, body_kinds(parts))?;
    gives_json(call)
}

fn resource(parts: &[&str]) -> Option<Resource> {
    const READ: &str = "HEAD,GET";
    const WRITE: &str = "POST";
    let (methods, since) = match parts {
        [] => (READ, 0),
        ["query" | "queryAll"] | ["query" | "queryAll", _] => (READ, 0),
        ["search" | "recent" | "theme" | "limits"] => (READ, 0),
        ["tabs"] => (READ, 31),
        ["parameterizedSearch"] => ("HEAD,GET,POST", 0),
        ["limits", "recordCount"] => (READ, 40),
        ["sobjects"] => (READ, 0),
        ["sobjects", _] => ("HEAD,GET,POST", 0),
        ["sobjects", _, "describe" | "deleted" | "updated"] => (READ, 0),
        [
            "sobjects",
            _,
            "describe",
            "layouts" | "compactLayouts" | "approvalLayouts",
        ]
        | ["sobjects", _, "describe", "layouts" | "namedLayouts", _] => (READ, 0),
        ["sobjects", _, "listviews"]
        | ["sobjects", _, "listviews", _]
        | ["sobjects", _, "listviews", _, "describe" | "results"] => (READ, 32),
        // They would need layouts of actions; a path of that name is no record.
        ["sobjects", _, "quickActions" | "defaultValues", ..] => return None,
        ["sobjects", _, id] if id.eq_ignore_ascii_case("id") => (WRITE, 0),
        ["sobjects", _, _] | ["sobjects", _, _, _] => ("HEAD,GET,PATCH,DELETE", 0),
        ["composite"] => ("HEAD,GET,POST", 38),
        ["composite", "batch"] | ["composite", "tree", _] => (WRITE, 34),
        ["composite", "graph"] => (WRITE, 50),
        ["composite", "sobjects"] => ("POST,PATCH,DELETE", 42),
        ["composite", "sobjects", _] => ("HEAD,GET,POST", 42),
        ["composite", "sobjects", _, _] => ("PATCH", 46),
        ["ui-api", "object-info", _, "picklist-values", _]
        | ["ui-api", "object-info", _, "picklist-values", _, _] => (READ, 41),
        ["jobs", "ingest"] => ("HEAD,GET,POST", 41),
        ["jobs", "ingest", _] => ("HEAD,GET,PATCH,DELETE", 41),
        ["jobs", "ingest", _, "batches"] => ("PUT", 41),
        ["jobs", "ingest", _, kind] if is_result(kind) => (READ, 41),
        ["jobs", "query"] => ("HEAD,GET,POST", 47),
        ["jobs", "query", _] => ("HEAD,GET,PATCH,DELETE", 47),
        ["jobs", "query", _, "results"] => (READ, 47),
        ["jobs", "query", _, "resultPages"] => (READ, 58),
        ["tooling"] | ["tooling", "query"] | ["tooling", "query", _] => (READ, 0),
        ["tooling", "sobjects"] | ["tooling", "sobjects", _, "describe"] => (READ, 0),
        ["tooling", "sobjects", "CustomField"] => (WRITE, 0),
        ["tooling", "sobjects", "CustomField", _] => ("HEAD,GET,DELETE", 0),
        _ => return None,
    };
    Some(Resource { methods, since })
}

/// Whether a bulk job has a result of this name; clients differ in the case.
fn is_result(name: &str) -> bool {
    let names = ["successfulresults", "failedresults", "unprocessedrecords"];
    names.contains(&name.to_ascii_lowercase().as_str())
}

/// The kinds of body that a resource takes.
fn body_kinds(parts: &[&str]) -> &'static [&'static str] {
    match parts {
        ["jobs", "ingest"] => &["application/json", "multipart/form-data"],
        ["jobs", "ingest", _, "batches"] => &["text/csv"],
        _ => &["application/json"],
    }
}

/// A body must be of one of these kinds. Clients that name none mean JSON.
fn takes_body(call: &Call, kinds: &[&str]) -> Result<(), Refused> {
    let read = matches!(call.verb(), "POST" | "PATCH" | "PUT") && !call.body.is_empty();
    match call.media_type() {
        Some(kind) if read && !kinds.contains(&kind.as_str()) => {
            let message =
                format!("Content-Type header specified in HTTP request is not supported: {kind}");
            Err(Refused::new(415, "UNSUPPORTED_MEDIA_TYPE", message))
        }
        _ => Ok(()),
    }
}

/// This org writes no XML, and whoever reads nothing else is told so.
fn gives_json(call: &Call) -> Result<(), Refused> {
    let accepted = call
        .header("accept")
        .unwrap_or_default()
        .to_ascii_lowercase();
    let names = |kind: &str| {
        accepted
            .split(',')
            .any(|a| a.split(';').next().unwrap_or_default().trim() == kind)
    };
    let xml = names("application/xml") || names("text/xml");
    if xml && !names("application/json") && !names("application/*") && !names("*/*") {
        let message = "This practice org answers in JSON only. Accept application/json.";
        return Err(Refused::new(406, "NOT_ACCEPTABLE", message));
    }
    Ok(())
}

/// The segments without the ending `.json` that some clients write. The ending belongs to the value of a key.
pub(super) fn without_ending(parts: Vec<&str>) -> Vec<&str> {
    let has_value = matches!(parts[..], ["sobjects" | "composite", _, _, _]);
    match parts.split_last() {
        Some((last, front)) if !has_value => {
            let last = last.strip_suffix(".json").unwrap_or(last);
            [front, &[last]].concat()
        }
        _ => parts,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn status(method: &str, path: &str, version: &str) -> u16 {
        let call = Call {
            method: method.to_owned(),
            ..Call::default()
        };
        let parts: Vec<&str> = path.split('/').filter(|p| !p.is_empty()).collect();
        check(&call, &parts, version).map_or_else(|refused| refused.status, |()| 200)
    }

    #[test]
    fn each_resource_takes_its_methods() {
        assert_eq!(status("GET", "query", "v67.0"), 200);
        assert_eq!(status("POST", "limits", "v67.0"), 405);
        assert_eq!(status("PUT", "sobjects/Lead", "v67.0"), 405);
        assert_eq!(status("POST", "sobjects/Lead/id", "v67.0"), 200);
        assert_eq!(status("POST", "sobjects/Lead/00Q", "v67.0"), 405);
        assert_eq!(status("GET", "chatter/feeds", "v67.0"), 404);
        assert_eq!(status("GET", "sobjects/Lead/quickActions", "v67.0"), 404);
        let values = "sobjects/Lead/defaultValues/x";
        assert_eq!(status("GET", values, "v67.0"), 404);
    }

    #[test]
    fn a_version_lacks_what_came_later() {
        assert_eq!(status("POST", "composite/graph", "v49.0"), 404);
        assert_eq!(status("POST", "composite/graph", "v50.0"), 200);
        assert_eq!(
            status("PATCH", "composite/sobjects/Lead/Key__c", "v45.0"),
            404
        );
    }

    #[test]
    fn an_ending_is_dropped_but_not_from_a_key() {
        assert_eq!(without_ending(vec!["limits.json"]), ["limits"]);
        assert_eq!(
            without_ending(vec!["sobjects", "Lead", "Key__c", "a.json"]),
            ["sobjects", "Lead", "Key__c", "a.json"]
        );
    }
}
