//! `practice.…`: the practice org beside the workspace.

use super::table::commands;

commands! {}
