//! `imports.…`: bringing files in.

use super::table::commands;
use crate::contacts;
use crate::imports::{ImportOutcome, ImportRequest, Preview};

commands! {
    /// Shows how a file would be understood, without taking anything in.
    "imports.preview" (ImportRequest) -> Preview = |at, request| contacts::preview(at.workspace()?, &request);
    /// Brings a file of contacts in; an interrupted import of the same file goes on where it stopped.
    "imports.run" (ImportRequest) -> ImportOutcome,
        stales ["contacts", "accounts", "custom_fields", "workspaces", "imports"] = |at, request| {
        contacts::import(at.workspace()?, &request, &|| true)
    };
}
