//! `segments …`

mod text;

use std::path::{Path, PathBuf};

use clap::{Subcommand, ValueEnum};
use leadferry_commands::recalculating::{What, recalculate};
use leadferry_commands::rules::{self, RuleTree};
use leadferry_commands::segments::{self, Combination, ContactId, SegmentChange, SegmentStatus};
use leadferry_commands::{Error, Result, Workspace, email_lists};
use serde::Serialize;
use serde_json::json;

use super::{RULES_HELP, read_text};
use crate::app::App;
use crate::exit::Exit;
use crate::table::{counted, grouped};

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Add a segment with its rules.
    #[command(after_long_help = RULES_HELP)]
    Add {
        /// Name of the segment.
        name: String,
        /// JSON file with the rules; - for standard input.
        #[arg(long, value_name = "FILE")]
        rules: PathBuf,
        /// Description.
        #[arg(long, default_value = "", hide_default_value = true)]
        description: String,
    },
    /// Change a segment's name, description or rules.
    #[command(after_long_help = RULES_HELP)]
    Set {
        /// Name of the segment.
        name: String,
        /// New name.
        #[arg(long, value_name = "NAME")]
        rename: Option<String>,
        /// JSON file with the new rules; - for standard input.
        #[arg(long, value_name = "FILE")]
        rules: Option<PathBuf>,
        /// Description.
        #[arg(long)]
        description: Option<String>,
    },
    /// List segments.
    List,
    /// Show a segment with its rules, members and users.
    Show {
        /// Name of the segment.
        name: String,
    },
    /// Count the members of a segment, or the contacts that match a file of rules.
    #[command(after_long_help = RULES_HELP)]
    Count {
        /// Name of the segment.
        #[arg(required_unless_present = "rules", conflicts_with = "rules")]
        name: Option<String>,
        /// JSON file with rules; - for standard input.
        #[arg(long, value_name = "FILE")]
        rules: Option<PathBuf>,
    },
    /// List the members of a segment.
    Members {
        /// Name of the segment.
        name: String,
        /// Maximum number of members.
        #[arg(long, default_value_t = 50, value_name = "N")]
        limit: usize,
        /// Continue after this ID: `next` of the previous page.
        #[arg(long, value_name = "ID")]
        after: Option<i64>,
    },
    /// Explain why a contact is in a segment or isn't, rule by rule.
    Explain {
        /// Name of the segment.
        name: String,
        /// Guid or email of the contact.
        contact: String,
    },
    /// Export the members to a CSV file.
    Export {
        /// Name of the segment.
        name: String,
        /// The new file. An existing file is replaced.
        file: PathBuf,
    },
    /// Recalculate who is in a segment.
    Recalculate {
        /// Name of the segment; all segments and scores by default.
        name: Option<String>,
        /// Check every contact, not only those that changed.
        #[arg(long)]
        full: bool,
    },
    /// Copy a segment with its current members, which stay fixed.
    Copy {
        /// Name of the segment.
        name: String,
        /// Name of the new segment.
        new_name: String,
    },
    /// Combine segments into a new one that follows them.
    Combine {
        /// Name of the new segment.
        name: String,
        /// How to combine them.
        #[arg(value_enum)]
        how: How,
        /// Names of the segments.
        #[arg(required = true, num_args = 2..)]
        of: Vec<String>,
    },
    /// Add contacts to a segment with fixed members.
    Join {
        /// Name of the segment.
        name: String,
        /// Guids or emails.
        #[arg(required = true)]
        contacts: Vec<String>,
    },
    /// Remove contacts from a segment with fixed members.
    Leave {
        /// Name of the segment.
        name: String,
        /// Guids or emails.
        #[arg(required = true)]
        contacts: Vec<String>,
    },
    /// Remove a segment that nothing uses.
    Remove {
        /// Name of the segment.
        name: String,
    },
    /// Add the emails in a text file to an email list for rules.
    AddEmails {
        /// Name of the list. Created if missing.
        list: String,
        /// Text file with emails; - for standard input.
        file: PathBuf,
    },
    /// List email lists.
    EmailLists,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
pub(crate) enum How {
    /// Contacts in any of them.
    Union,
    /// Contacts in all of them.
    Intersection,
    /// Contacts in the first, but in none of the others.
    Difference,
}

impl How {
    fn combination(self) -> Combination {
        match self {
            How::Union => Combination::Union,
            How::Intersection => Combination::Intersection,
            How::Difference => Combination::Difference,
        }
    }
}

pub(crate) fn run(command: &Command, app: &App) -> Result<Exit> {
    let workspace = app.open()?;
    match command {
        Command::Add {
            name,
            rules,
            description,
        } => {
            let added = segments::add(&workspace, name, description, read_rules(rules)?)?;
            show(app, &added, text::card);
        }
        Command::Set {
            name,
            rename,
            rules,
            description,
        } => {
            let change = SegmentChange {
                name: rename.clone(),
                description: description.clone(),
                tree: rules.as_deref().map(read_rules).transpose()?,
            };
            let changed = segments::change(&workspace, name, change)?;
            show(app, &changed, text::card);
        }
        Command::List => {
            let all = segments::list(&workspace)?;
            app.output
                .result(&json!({ "segments": all }), |_| text::list(&all));
        }
        Command::Show { name } => {
            app.output
                .result(&segments::show(&workspace, name)?, text::card);
        }
        Command::Count { name, rules } => {
            let counted = count(&workspace, name.as_deref(), rules.as_deref());
            app.terminal.clear();
            let (contacts, notes) = counted?;
            let answer = json!({ "contacts": contacts, "notes": notes });
            app.output.result(&answer, |_| {
                let contacts = grouped(contacts.unwrap_or(0));
                format!("{contacts}\n{}", text::indented(&notes))
            });
        }
        Command::Members { name, limit, after } => {
            segments::bring_up_to_date(&workspace, name)?;
            let page = segments::members(&workspace, name, after.map(ContactId), *limit)?;
            show(app, &page, text::members);
        }
        Command::Explain { name, contact } => {
            segments::bring_up_to_date(&workspace, name)?;
            let why = segments::explain(&workspace, name, contact)?;
            show(app, &why, text::why);
        }
        Command::Export { name, file } => {
            let count = segments::export(&workspace, name, file)?;
            show(app, &json!({ "contacts": count }), |_| {
                let members = counted(count, "member", "members");
                format!("Exported {members} to {}.\n", file.display())
            });
        }
        Command::Recalculate { name, full } => {
            let what = name.as_deref().map_or(What::Everything, What::Segment);
            let done = recalculate(&workspace, what, *full, &super::scores::go_on())?;
            show(app, &done, super::scores::recalculated);
        }
        Command::Copy { name, new_name } => {
            let copy = segments::copy(&workspace, name, new_name)?;
            show(app, &copy, text::card);
        }
        Command::Combine { name, how, of } => {
            let added = segments::combine(&workspace, name, how.combination(), of)?;
            show(app, &added, text::card);
        }
        Command::Join { name, contacts } => {
            let moved = segments::set_members(&workspace, name, contacts, SegmentStatus::Realized)?;
            app.output.result(&json!({ "contacts": moved }), |_| {
                format!("{} joined.\n", counted(moved, "contact", "contacts"))
            });
        }
        Command::Leave { name, contacts } => {
            let moved = segments::set_members(&workspace, name, contacts, SegmentStatus::Exited)?;
            app.output.result(&json!({ "contacts": moved }), |_| {
                format!("{} left.\n", counted(moved, "contact", "contacts"))
            });
        }
        Command::Remove { name } => {
            segments::remove(&workspace, name)?;
            app.output
                .removed(name, (), || format!("Removed \"{name}\".\n"));
        }
        Command::AddEmails { list, file } => {
            let list = email_lists::add(&workspace, list, &read_text(file)?)?;
            app.output.result(&list, text::email_list);
        }
        Command::EmailLists => {
            let all = email_lists::list(&workspace)?;
            app.output
                .result(&json!({ "lists": all }), |_| text::email_lists(&all));
        }
    }
    Ok(Exit::AllWell)
}

/// Shows an answer in place of the progress of what it took.
fn show<T: Serialize>(app: &App, answer: &T, text: impl FnOnce(&T) -> String) {
    app.terminal.clear();
    app.output.result(answer, text);
}

fn read_rules(file: &Path) -> Result<RuleTree> {
    rules::read_tree(&read_text(file)?)
}

/// Counts the members of a segment, or the contacts that match a file of rules; notes what its rules name that isn't there.
fn count(
    workspace: &Workspace,
    name: Option<&str>,
    rules: Option<&Path>,
) -> Result<(Option<u64>, Vec<String>)> {
    match (name, rules) {
        (Some(name), _) => Ok((
            Some(segments::count(workspace, name)?),
            segments::show(workspace, name)?.notes,
        )),
        (None, Some(file)) => {
            let tried = segments::try_tree(workspace, read_rules(file)?)?;
            match tried.refused {
                Some(refused) => Err(Error::usage(refused, "Fix the rules.")),
                None => Ok((tried.contacts, tried.notes)),
            }
        }
        (None, None) => Ok((None, Vec::new())),
    }
}
