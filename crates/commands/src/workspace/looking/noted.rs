//! What this computer has noted of a workspace file when it was closed.

use std::path::Path;
use std::time::UNIX_EPOCH;

use leadferry_store::is_within;
use serde::{Deserialize, Serialize};

use crate::files;

const HOUR_MS: i64 = 60 * 60 * 1000;
const DAY_MS: i64 = 24 * HOUR_MS;
/// Ours has about a hundred bytes.
const LONGEST_BYTES: u64 = 4096;

/// Tells a file that was changed from one that wasn't.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct FileState {
    bytes: u64,
    /// Nanoseconds since 1970, UTC.
    modified_ns: u64,
}

/// When somebody last looked at the pages of a file, and whether at all of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Look {
    /// UTC milliseconds.
    at: i64,
    is_whole: bool,
}

/// A file as it was closed, with the last look at it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Noted {
    pub(super) file: FileState,
    pub(super) look: Look,
}

impl FileState {
    /// `None` where there is no such file.
    pub(super) fn of(path: &Path) -> Option<FileState> {
        let data = std::fs::metadata(path).ok()?;
        let modified = data.modified().ok()?.duration_since(UNIX_EPOCH).ok()?;
        Some(FileState {
            bytes: data.len(),
            modified_ns: u64::try_from(modified.as_nanos()).ok()?,
        })
    }
}

impl Look {
    pub(super) fn whole(at: i64) -> Look {
        Look { at, is_whole: true }
    }

    pub(super) fn in_part(at: i64) -> Look {
        Look {
            at,
            is_whole: false,
        }
    }

    #[cfg(test)]
    pub(super) fn is_whole(self) -> bool {
        self.is_whole
    }

    /// A file that is too large for the time that opening takes is looked at again soon, but not by every command.
    fn lasts_ms(self) -> i64 {
        if self.is_whole { DAY_MS } else { HOUR_MS }
    }
}

impl Noted {
    /// Tells whether a file needs no new look; `now` is UTC milliseconds.
    pub(super) fn is_good_for(self, file: Option<FileState>, now: i64) -> bool {
        file == Some(self.file) && is_within(self.look.at, self.look.lasts_ms(), now)
    }

    /// Returns what was noted; `None` where nothing was, or nothing that can be read.
    pub(super) fn read(note: &Path) -> Option<Noted> {
        let file = files::open(note).ok()?;
        serde_json::from_reader(std::io::Read::take(file, LONGEST_BYTES)).ok()
    }

    /// Without it the file is looked at once more.
    pub(super) fn write(self, note: &Path) {
        let written = serde_json::to_vec(&self)
            .map_err(std::io::Error::from)
            .and_then(|bytes| files::replace(note, &bytes));
        if let Err(error) = written {
            tracing::debug!(%error, "it isn't noted how the workspace was closed");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: i64 = 1_800_000_000_000;

    #[test]
    fn a_file_is_looked_at_again_when_it_was_changed_or_after_a_while() {
        let file = FileState {
            bytes: 4096,
            modified_ns: 1,
        };
        let later = FileState {
            modified_ns: 2,
            ..file
        };
        let whole = Noted {
            file,
            look: Look::whole(NOW),
        };
        let in_part = Noted {
            file,
            look: Look::in_part(NOW),
        };
        for (noted, found, after, is_good) in [
            (whole, Some(file), HOUR_MS, true),
            (whole, Some(file), DAY_MS, false),
            (whole, Some(file), -1, false),
            (whole, Some(later), 0, false),
            (whole, None, 0, false),
            (in_part, Some(file), HOUR_MS - 1, true),
            (in_part, Some(file), HOUR_MS, false),
            (in_part, Some(later), 0, false),
        ] {
            assert_eq!(
                noted.is_good_for(found, NOW + after),
                is_good,
                "{noted:?} {found:?} {after}"
            );
        }
    }
}
