//! What counts of all that a contact has answered about one thing. Plain functions.

use super::event::{EventKind, How};

/// What a contact's events come to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Standing {
    /// Yes, or no.
    pub(crate) answer: bool,
    /// The latest moment at which they said so, UTC milliseconds.
    pub(crate) at: i64,
}

/// What one event says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Said {
    pub(crate) answer: Option<bool>,
    pub(crate) kind: EventKind,
    pub(crate) how: How,
    pub(crate) at: i64,
    pub(crate) stated: bool,
}

impl Said {
    /// Tells whether this can turn a no into a yes: the contact's own word, or one whose moment is known.
    fn is_their_own(&self) -> bool {
        self.stated || !matches!(self.how, How::Import | How::Salesforce)
    }
}

/// Returns what counts after one more event.
///
/// | so far | said | counts |
/// | --- | --- | --- |
/// | nothing, or the same | an answer | that answer |
/// | yes | no, not earlier | no |
/// | no | their own yes, later | yes |
/// | yes or no | anything else | what counted |
///
/// What is recorded without a moment is later than all before it, whatever the clock says: it may have been turned back.
/// An undone merge or import restores what counted before it, and an answer can be taken back.
pub(crate) fn next(current: Option<Standing>, said: &Said) -> Option<Standing> {
    let answer = said.answer?;
    let new = Standing {
        answer,
        at: said.at,
    };
    let Some(current) = current.filter(|_| said.kind != EventKind::Restored) else {
        return Some(new);
    };
    let counts = match (current.answer, answer) {
        (true, false) => !said.stated || said.at >= current.at,
        (false, true) => said.is_their_own() && (!said.stated || said.at > current.at),
        _ => said.at > current.at,
    };
    Some(if counts { new } else { current })
}

/// Returns what counts after all events, the oldest entry first.
pub(crate) fn standing<'s>(events: impl IntoIterator<Item = &'s Said>) -> Option<Standing> {
    events.into_iter().fold(None, next)
}
