//! Machines that many tests begin with: made once by the commands themselves, then copied.

use std::fs;
use std::io;
use std::path::Path;

use serde_json::{Value, json};

/// What is done on a new machine before the tests begin, in order: names and parameters of commands.
pub(crate) fn steps(kind: &str) -> Option<Vec<(&'static str, Value)>> {
    let replication = json!({"name": "Leads from good contacts"});
    let practice = [("workspaces.try_practice", json!({}))];
    let planned = [("replications.match", replication.clone())];
    let run = [("replications.run", replication)];
    Some(match kind {
        // Nothing is open.
        "new" => Vec::new(),
        // A workspace without anything in it.
        "empty" => vec![("workspaces.create", json!({"name": "Empty"}))],
        // The sample contacts, a score, the practice org, and a replication that is ready to be planned.
        "practice" => practice.into(),
        // The same with a plan.
        "planned" => [practice, planned].concat(),
        // The same after its first run: most contacts are sent, some are blocked.
        "sent" => [practice, planned, run].concat(),
        _ => return None,
    })
}

/// Copies a machine's folder, without what only a running program needs.
pub(crate) fn copy(from: &Path, to: &Path) -> io::Result<()> {
    fs::create_dir_all(to)?;
    for entry in fs::read_dir(from)? {
        let entry = entry?;
        let (source, target) = (entry.path(), to.join(entry.file_name()));
        let name = entry.file_name().to_string_lossy().into_owned();
        if entry.file_type()?.is_dir() {
            copy(&source, &target)?;
        } else if ![".lock", ".port", "-shm"]
            .iter()
            .any(|end| name.ends_with(end))
        {
            fs::copy(&source, &target)?;
        }
    }
    Ok(())
}
