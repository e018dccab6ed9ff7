//! `search.…`: looking into the org.

use super::table::commands;

commands! {}
