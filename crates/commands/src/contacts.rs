//! Contacts: the people in the workspace.

mod blocks;
mod changing;
mod choosing;
mod erasing;
mod exporting;
mod following;
mod importing;
mod listing;
mod places;
mod reading;
mod showing;

pub use crate::imports::{DecimalSign, Written};
pub use changing::{ActInfo, Changed, Merged, Undone, acts, add, delete, edit, merge, set, undo};
pub use choosing::Chosen;
pub(crate) use erasing::finish_erasing;
pub use erasing::{ErasedCount, ErasedInfo, KeptMention, STAYS, Traces, erase, erase_traces};
pub use exporting::{ExportRequest, export};
pub(crate) use following::{Corrected, follow};
pub(crate) use importing::stop_trials;
pub use importing::{import, preview, try_out};
pub use leadferry_store::{Act, ActId, ContactId, Guid, MentionPlace};
pub use listing::{
    ContactFieldInfo, ContactRow, ContactsFilter, ContactsPage, ContactsSort, LeastPoints,
    MOST_CHOSEN, PageRequest, count_filtered, fields, guids, page,
};
pub use places::{NamedPlace, places};
pub use showing::{
    ContactAccount, ContactCard, ContactCompany, ContactFollowed, ContactLine, ContactLink,
    ContactList, ContactMark, ContactQueueEntry, ContactRun, ContactScore, ContactSegment,
    ContactSend, Followed, SentValue, count, list, show,
};
