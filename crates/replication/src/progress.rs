//! What a caller sees while the engine works, and how it stops it.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use serde::Serialize;

/// What the engine is doing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Stage {
    /// Asking the org what became of an earlier run's requests.
    Settling,
    /// Going over the contacts.
    Planning,
    /// Asking the org who is there already.
    Matching,
    /// Sending.
    Sending,
    /// Waiting before the next try.
    Waiting,
    /// Holding what the org has against what was sent.
    Comparing,
    /// Reading records into the mirror.
    Pulling,
    /// Taking back what a run did.
    Undoing,
}

/// How far the engine is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Step {
    /// What it is doing.
    pub stage: Stage,
    /// Contacts done in this stage.
    pub done: u64,
    /// Contacts to do in this stage, as far as known.
    pub total: u64,
    /// HTTP requests made so far.
    pub calls: u64,
}

/// Sees how far the engine is.
pub trait Progress: Sync {
    /// Is told of each step; must be quick.
    fn step(&self, step: &Step);

    /// Tells whether a plan goes on; asked for every contact. A run is stopped by its [`Cancel`].
    fn goes_on(&self) -> bool {
        true
    }
}

/// Sees nothing.
#[derive(Debug, Clone, Copy, Default)]
pub struct Unseen;

impl Progress for Unseen {
    fn step(&self, _: &Step) {}
}

/// Asks a run to stop between requests. Clones ask the same run.
#[derive(Debug, Clone, Default)]
pub struct Cancel(Arc<AtomicBool>);

impl Cancel {
    /// Returns one that nobody has used.
    pub fn new() -> Self {
        Self::default()
    }

    /// Asks the run to stop; what is in flight is answered first.
    pub fn cancel(&self) {
        self.0.store(true, Ordering::SeqCst);
    }

    /// Tells whether someone asked.
    pub fn is_cancelled(&self) -> bool {
        self.0.load(Ordering::SeqCst)
    }
}
