//! Schedules of the open workspace, kept while the app runs.

use std::sync::Arc;
use std::time::Duration;

use leadferry_replication::Cancel;

use crate::Workspace;
use crate::replications::watch;

/// How often it is looked whether the user has approved the workspace meanwhile, here or in another process.
const LOOK: Duration = Duration::from_millis(500);

/// Keeps the schedules of a workspace until the answer is cancelled, from the moment on that it is approved.
pub(super) fn keep(workspace: &Arc<Workspace>) -> Cancel {
    let cancel = Cancel::new();
    let (asked, workspace) = (cancel.clone(), workspace.clone());
    let thread = std::thread::Builder::new().name("schedules".to_owned());
    let kept = thread.spawn(move || {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build();
        let Ok(runtime) = runtime else { return };
        // What a person is needed for is told as an alert.
        let mut tell = |_| ();
        let ended = runtime.block_on(async {
            while !workspace.approval().is_given() {
                if asked.is_cancelled() {
                    return Ok(());
                }
                tokio::time::sleep(LOOK).await;
            }
            watch(&workspace, &[], &asked, &mut tell).await
        });
        if let Err(error) = ended {
            tracing::warn!(%error, "schedules are not kept any more");
        }
    });
    if let Err(error) = kept {
        tracing::warn!(%error, "schedules are not kept");
    }
    cancel
}
