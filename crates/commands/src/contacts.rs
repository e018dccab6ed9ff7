//! Contacts: the people in the workspace.

mod changing;
mod importing;
mod listing;
mod showing;

pub use changing::{Merged, Undone, acts, add, delete, edit, erase, merge, set, undo};
pub(crate) use importing::stop_trials;
pub use importing::{import, preview, try_out};
pub use leadferry_store::{Act, ActId, ContactId, Guid};
pub use listing::{
    ContactFieldInfo, ContactRow, ContactsFilter, ContactsPage, ContactsSort, LeastPoints,
    MOST_CHOSEN, PageRequest, count_filtered, fields, guids, page,
};
use serde::Serialize;
pub use showing::{
    ContactCard, ContactCompany, ContactLine, ContactLink, ContactList, ContactMark,
    ContactQueueEntry, ContactRun, ContactScore, ContactSend, count, list, show,
};

/// What erasing a person came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ts_rs::TS)]
pub struct ErasedInfo {
    /// Contacts removed: the person and those merged into her.
    pub contacts: usize,
    /// Backups that were rewritten without her.
    pub backups_rewritten: usize,
    /// Backups that had to be dropped.
    pub backups_dropped: usize,
}
