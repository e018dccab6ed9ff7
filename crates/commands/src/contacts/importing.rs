//! Bringing files in.

use std::ops::ControlFlow;

use crate::imports::{self, ImportOutcome, ImportRequest, Preview, Trial};
use crate::jobs::{self, JobKind};
use crate::{Code, Error, Result, Step, Workspace};

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
    with_progress(workspace, request, "importing", go_on, |progress| {
        imports::import(
            workspace.store(),
            &workspace.own_files(),
            request,
            || host.now(),
            progress,
        )
    })
}

/// Counts what an import would do, over the whole file, without taking anything in.
///
/// # Errors
/// As [`import`]; [`crate::Code::Cancelled`] when it was stopped before the end.
pub fn try_out(
    workspace: &Workspace,
    request: &ImportRequest,
    go_on: &dyn Fn() -> bool,
) -> Result<Trial> {
    let now = workspace.host().now();
    let trial = with_progress(workspace, request, TRYING, go_on, |progress| {
        imports::try_out(workspace.store(), request, now, progress)
    })?;
    if trial.finished {
        return Ok(trial);
    }
    Err(Error::new(
        Code::Cancelled,
        "the preview was canceled",
        "preview the file again, or import it without a preview",
    ))
}

/// Asks trials of this file that are still under way to stop: a newer one takes their place.
pub(crate) fn stop_trials(workspace: &Workspace, request: &ImportRequest) -> Result<()> {
    let title = title(request);
    for job in jobs::list(workspace) {
        if job.kind == JobKind::Import && job.title == title && job.stage == TRYING {
            jobs::cancel(workspace, &job.id)?;
        }
    }
    Ok(())
}

const TRYING: &str = "looking";

fn title(request: &ImportRequest) -> String {
    let name = request.file.file_name().unwrap_or_default();
    name.to_string_lossy().into_owned()
}

fn with_progress<T>(
    workspace: &Workspace,
    request: &ImportRequest,
    stage: &'static str,
    go_on: &dyn Fn() -> bool,
    work: impl FnOnce(&mut dyn FnMut(&imports::ImportProgress) -> ControlFlow<()>) -> imports::Result<T>,
) -> Result<T> {
    let front_end = &workspace.host().front_end;
    let job = jobs::begin(workspace, JobKind::Import, &title(request));
    job.step(stage, 0, 0);
    let mut progress = |progress: &imports::ImportProgress| {
        front_end.step(Step {
            stage,
            done: progress.bytes,
            total: progress.bytes_total,
        });
        job.step(stage, progress.bytes, progress.bytes_total);
        if go_on() && job.goes_on() {
            ControlFlow::Continue(())
        } else {
            ControlFlow::Break(())
        }
    };
    Ok(work(&mut progress)?)
}

/// Shows how a file would be understood, without taking anything in.
///
/// # Errors
/// As [`import`].
pub fn preview(workspace: &Workspace, request: &ImportRequest) -> Result<Preview> {
    with_progress(workspace, request, "opening", &|| true, |progress| {
        imports::preview(workspace.store(), request, progress)
    })
}
