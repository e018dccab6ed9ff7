//! `statistics.…`: figures over time, for pictures.

use super::table::{Nothing, commands};
use crate::statistics::{self, Overview};

commands! {
    /// Returns what needs a look, and the figures of the overview's pictures.
    "statistics.overview" (Nothing) -> Overview = |at, _| statistics::overview(at.workspace()?);
}
