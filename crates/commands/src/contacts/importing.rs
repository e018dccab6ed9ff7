//! Bringing a file in.

use std::ops::ControlFlow;

use crate::imports::{self, ImportOutcome, ImportRequest, Preview};
use crate::jobs::{self, JobKind};
use crate::{Result, Step, Workspace};

/// Brings a file of contacts in; an interrupted import of the same file goes on where it stopped.
///
/// # Errors
/// When the file as a whole cannot be taken in; faulty rows are in the answer.
pub fn import(
    workspace: &Workspace,
    request: &ImportRequest,
    go_on: &dyn Fn() -> bool,
) -> Result<ImportOutcome> {
    let host = workspace.host();
    let name = request
        .file
        .file_name()
        .unwrap_or_default()
        .to_string_lossy();
    let job = jobs::begin(workspace, JobKind::Import, &name);
    let mut progress = |progress: &imports::ImportProgress| {
        host.front_end.step(Step {
            stage: "importing",
            done: progress.bytes,
            total: progress.bytes_total,
        });
        job.step("importing", progress.bytes, progress.bytes_total);
        if go_on() && job.goes_on() {
            ControlFlow::Continue(())
        } else {
            ControlFlow::Break(())
        }
    };
    Ok(imports::import(
        workspace.store(),
        request,
        || host.now(),
        &mut progress,
    )?)
}

/// Shows how a file would be understood, without taking anything in.
///
/// # Errors
/// As [`import`].
pub fn preview(workspace: &Workspace, request: &ImportRequest) -> Result<Preview> {
    Ok(imports::preview(workspace.store(), request)?)
}
