//! Schedules of the open workspace, kept while the app runs.

use std::sync::Arc;

use leadferry_replication::Cancel;

use super::Desk;
use crate::Workspace;
use crate::replications::{Ending, Watched, watch};

/// Keeps the schedules of a workspace until the answer is cancelled.
pub(super) fn keep(desk: &Arc<dyn Desk>, workspace: &Arc<Workspace>) -> Cancel {
    let cancel = Cancel::new();
    let (asked, desk, workspace) = (cancel.clone(), desk.clone(), workspace.clone());
    let thread = std::thread::Builder::new().name("schedules".to_owned());
    let kept = thread.spawn(move || {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build();
        let Ok(runtime) = runtime else { return };
        let mut tell = |watched| told(&*desk, watched);
        let ended = runtime.block_on(watch(&workspace, &[], &asked, &mut tell));
        if let Err(error) = ended {
            tracing::warn!(%error, "schedules are not kept any more");
        }
    });
    if let Err(error) = kept {
        tracing::warn!(%error, "schedules are not kept");
    }
    cancel
}

/// Tells the user what a person is needed for.
fn told(desk: &dyn Desk, watched: Watched) {
    match watched {
        Watched::Ran(outcome) => {
            let report = &outcome.report;
            let text = match (outcome.ending(), &report.stopped) {
                (Ending::AllWell, _) => return,
                (_, Some(stop)) => format!("It was stopped: {}", stop.message),
                (_, None) => format!(
                    "{} failed, {} newly blocked, {} wait",
                    report.failed, report.blocked, report.waiting
                ),
            };
            desk.notify(&outcome.replication, &text);
        }
        Watched::Failed { replication, error } => {
            desk.notify(&replication, &format!("{}; {}", error.message, error.hint));
        }
    }
}
