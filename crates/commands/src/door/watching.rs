//! Looking at the open workspace: what other processes change and do is told within a third of a second.

use std::sync::{Arc, Weak};
use std::time::Duration;

use super::{Door, Event};
use crate::{Workspace, alerts, jobs};

const PAUSE: Duration = Duration::from_millis(250);
/// Notifications shown at the same time.
const AT_ONCE: usize = 3;

/// Starts looking; ends when another workspace is open, or the door is gone.
pub(super) fn watch(door: &Arc<Door>, workspace: &Arc<Workspace>) {
    let (door, workspace) = (Arc::downgrade(door), Arc::downgrade(workspace));
    let watcher = std::thread::Builder::new().name("watching".to_owned());
    if let Err(error) = watcher.spawn(move || look(&door, &workspace)) {
        tracing::warn!(%error, "changes by other programs will not be seen");
    }
}

fn look(door: &Weak<Door>, watched: &Weak<Workspace>) {
    let (mut version, mut before) = (None, Vec::new());
    loop {
        {
            let (Some(door), Some(workspace)) = (door.upgrade(), watched.upgrade()) else {
                return;
            };
            if !door
                .workspace()
                .is_some_and(|open| Arc::ptr_eq(&open, &workspace))
            {
                return;
            }
            let jobs = jobs::list(&workspace);
            if jobs != before {
                before.clone_from(&jobs);
                door.desk.emit(Event::Jobs { jobs });
            }
            let now = workspace.store().data_version().ok();
            if now != version {
                if version.is_some() {
                    door.desk.emit(Event::Changed);
                }
                tell_alerts(&door, &workspace);
            }
            version = now;
        }
        std::thread::sleep(PAUSE);
    }
}

/// Shows on the desktop what nobody was told of yet, whichever process it arose in. What a workspace that nobody approved
/// wants to say stays in its list.
fn tell_alerts(door: &Door, workspace: &Workspace) {
    if !workspace.approval().is_given() {
        return;
    }
    match alerts::take_untold(workspace) {
        Ok(untold) => {
            for alert in untold.iter().take(AT_ONCE) {
                let of = alert.replication.as_ref().or(alert.score.as_ref());
                let of = of.or(alert.pull.as_ref());
                door.desk
                    .notify(of.map_or("", String::as_str), &alert.message);
            }
            if untold.len() > AT_ONCE {
                let more = format!("{} more alerts are in the list", untold.len() - AT_ONCE);
                door.desk.notify("Leadferry", &more);
            }
        }
        Err(error) => tracing::debug!(%error, "alerts are told later"),
    }
}
