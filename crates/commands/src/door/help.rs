//! `help.…`: what the product itself knows about its words and its world.

use super::table::{Nothing, commands};
use crate::diagnosis::{self, ErrorExplained};
use crate::help::{self, About};

commands! {
    /// Returns every code that is explained: its cause, who can cure it and how.
    "help.errors" (Nothing) -> Vec<ErrorExplained> = |_at, _| Ok(diagnosis::error_catalogue());
    /// Tells what this is, and where it keeps things on this machine.
    "help.about" (Nothing) -> About = |at, _| Ok(help::about(&at.door().environment));
}
