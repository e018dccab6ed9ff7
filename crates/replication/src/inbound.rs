//! Decides which values of a record come into the contact that it is linked to. Plain functions; [`mod@crate::pull`] acts.

mod checking;
mod comparing;
mod deciding;
mod rows;
mod usual;
mod values;

pub(crate) use checking::{Compiled, CompiledRow, Place, compile};
pub use checking::{check, default_rows, sent_from_elsewhere};
pub(crate) use comparing::{Facts, compare, incoming_of};
pub use deciding::{InboundRule, Side, Verdict, decide};
pub use rows::{Inbound, InboundRow, InboundTo};
pub use values::{Unfit, agreement_on, json_of};
pub(crate) use values::{here_hash, is_held, there_hash};

/// The objects whose records come into contacts.
pub const PEOPLE: [&str; 2] = ["Lead", "Contact"];

/// Tells whether records of an object come into contacts.
pub fn is_person(object: &str) -> bool {
    PEOPLE
        .iter()
        .any(|person| person.eq_ignore_ascii_case(object))
}
