//! Bringing points, marks and memberships up to date.

use leadferry_store::{Recalculate, Recalculated, counted};

use crate::jobs::{self, JobKind};
use crate::{Code, Error, Result, Step, Workspace};

/// What is to be brought up to date.
#[derive(Debug, Clone, Copy)]
pub enum What<'a> {
    /// Every score that is switched on, and every segment.
    Everything,
    /// The score of a name, and what it asks for.
    Score(&'a str),
    /// The segment of a name, and what it asks for.
    Segment(&'a str),
}

/// Brings everything up to date that is behind, before it is decided who goes.
pub(crate) fn catch_up(workspace: &Workspace) -> Result<()> {
    let now = workspace.host().now();
    if workspace
        .store()
        .read(|reader| reader.has_stale_rules(now))?
    {
        recalculate(workspace, What::Everything, false, &|| true)?;
    }
    Ok(())
}

/// Brings points, marks and memberships up to date.
///
/// Only contacts that were changed since the last time are looked at, and those for whom time has changed something,
/// unless `full`.
///
/// # Errors
/// When there is none of that name, it is switched off, or `go_on` said no: what was done until then stays.
pub fn recalculate(
    workspace: &Workspace,
    what: What<'_>,
    full: bool,
    go_on: &dyn Fn() -> bool,
) -> Result<Recalculated> {
    let store = workspace.store();
    let (what, title) = store.read(|reader| match what {
        What::Everything => Ok((Recalculate::Everything, "scores and segments".to_owned())),
        What::Score(name) => reader
            .score_named(name)
            .map(|score| (Recalculate::Score(score.id), score.name)),
        What::Segment(name) => reader
            .segment_named(name)
            .map(|segment| (Recalculate::Segment(segment.id), segment.name)),
    })?;
    let front_end = &workspace.host().front_end;
    let job = jobs::begin(workspace, JobKind::Recalculation, &title);
    let mut progress = |done, total| {
        front_end.step(Step {
            stage: "scoring",
            done,
            total,
        });
        job.step("scoring", done, total);
        go_on() && job.goes_on()
    };
    let done = store.recalculate(what, full, workspace.host().now(), &mut progress)?;
    if done.complete {
        return Ok(done);
    }
    Err(Error::new(
        Code::Cancelled,
        format!(
            "the recalculation of {title} was canceled after {}",
            counted(done.seen, "contact", "contacts")
        ),
        "start it again to continue where it stopped",
    ))
}
