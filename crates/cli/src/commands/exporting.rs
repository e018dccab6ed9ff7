//! `contacts export`

use std::path::PathBuf;

use clap::Args;
use leadferry_commands::contacts::{self, Chosen, ContactsFilter, ExportRequest};
use leadferry_commands::{Result, Workspace, jobs, segments};
use serde_json::json;

use crate::app::{App, interrupted};
use crate::table::counted;

#[derive(Debug, Args)]
pub(crate) struct Export {
    /// The new file, ending in .csv or .xlsx. An existing file is replaced.
    file: PathBuf,
    /// Guids or emails of the contacts to export; all contacts by default.
    #[arg(conflicts_with_all = ["search", "segment", "deleted"])]
    contacts: Vec<String>,
    /// Export contacts that match the start of words in the name, email, company, phone number and address.
    #[arg(long, value_name = "TEXT")]
    search: Option<String>,
    /// Export members of this segment.
    #[arg(long, value_name = "NAME")]
    segment: Option<String>,
    /// Export deleted contacts instead.
    #[arg(long)]
    deleted: bool,
    /// Add a column: a field, custom:NAME, name, account, points:SCORE, salesforce, or a field that a pull has read
    /// (listed by mirror fields). All fields by default.
    #[arg(long = "column", value_name = "FIELD")]
    columns: Vec<String>,
}

pub(super) fn run(args: &Export, app: &App, workspace: &Workspace) -> Result<()> {
    if let Some(segment) = &args.segment {
        segments::bring_up_to_date(workspace, segment)?;
        app.terminal.clear();
    }
    // A killed export would leave its unfinished file behind.
    interrupted(jobs::stop_this_process);
    let count = contacts::export(workspace, &request(args))?;
    app.output.result(&json!({ "contacts": count }), |_| {
        let contacts = counted(count, "contact", "contacts");
        format!("Exported {contacts} to {}.\n", args.file.display())
    });
    Ok(())
}

fn request(args: &Export) -> ExportRequest {
    let chosen = if args.contacts.is_empty() {
        Chosen::filtered(ContactsFilter {
            text: args.search.clone(),
            segment: args.segment.clone(),
            deleted: args.deleted,
            ..ContactsFilter::default()
        })
    } else {
        Chosen::named(&args.contacts)
    };
    ExportRequest {
        chosen,
        sort: None,
        columns: args.columns.clone(),
        place: args.file.clone(),
    }
}
