//! `help.…`: what the product itself knows about its words and its world.

use super::table::{Nothing, commands};
use crate::help::{self, About};
use crate::statistics::{self, ErrorExplained};

commands! {
    /// Returns every code that a record can be refused with, its cause, and what to do.
    "help.errors" (Nothing) -> Vec<ErrorExplained> = |_at, _| Ok(statistics::error_catalogue());
    /// Tells what this is, and where it keeps things on this machine.
    "help.about" (Nothing) -> About = |at, _| Ok(help::about(&at.door().environment));
}
