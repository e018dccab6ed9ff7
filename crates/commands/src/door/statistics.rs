//! `statistics.…`: figures over time, for pictures.

use super::table::commands;

commands! {}
