//! Queries whose answer is a file.

use super::{Job, Operation, State, csv};
use crate::http::Refused;
use crate::org::Org;
use crate::soql;

/// Records of an answer that are kept together.
pub(crate) const KEPT_TOGETHER: usize = 2_000;

/// Checks that a job may run a query, and returns the name of its object.
pub(crate) fn checked(org: &Org, text: &str, every: bool) -> Result<String, Refused> {
    soql::flat(org, text, every).map(|flat| flat.object().to_owned())
}

/// Runs the query of a job and keeps its answer.
pub(super) fn run(org: &Org, job: &mut Job) -> Result<(), Refused> {
    let text = job.query.clone().unwrap_or_default();
    let flat = soql::flat(org, &text, job.operation == Operation::QueryAll)?;
    job.header = flat.columns();
    let rows = flat.rows(org)?;
    for (n, part) in rows.chunks(KEPT_TOGETHER).enumerate() {
        let mut lines = String::new();
        for values in flat.values(org, part, &job.version)? {
            csv::write(&mut lines, values.iter().map(String::as_str), job.format);
        }
        org.add_result(&job.id, n as i64, "query", &lines, part.len())?;
    }
    job.processed = rows.len() as i64;
    job.end(State::JobComplete);
    Ok(())
}
