//! What a command gets besides its parameters.

use std::sync::Arc;

use crate::door::{Desk, Door};
use crate::{Code, Error, Result, Workspace};

/// Where a command stands: the door that it came through, and the workspace that was open then.
#[derive(Clone)]
pub(crate) struct At {
    door: Arc<Door>,
    workspace: Option<Arc<Workspace>>,
}

impl At {
    pub(super) fn new(door: Arc<Door>) -> At {
        At {
            workspace: door.workspace(),
            door,
        }
    }

    pub(super) fn door(&self) -> &Arc<Door> {
        &self.door
    }

    pub(super) fn desk(&self) -> &dyn Desk {
        &*self.door.desk
    }

    /// Returns the workspace.
    pub(super) fn workspace(&self) -> Result<&Workspace> {
        self.workspace.as_deref().ok_or_else(|| {
            Error::new(
                Code::NoWorkspace,
                "no workspace is open",
                "open a workspace, or create one",
            )
        })
    }
}
