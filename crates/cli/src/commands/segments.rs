//! `segments …`

use std::path::PathBuf;

use clap::{Subcommand, ValueEnum};
use leadferry_commands::recalculating::{What, recalculate};
use leadferry_commands::segments::{
    self, Combination, ContactId, Explained, SegmentCard, SegmentChange, SegmentStatus, Why,
};
use leadferry_commands::{Result, email_lists, rules};
use serde_json::json;

use super::{RULES_HELP, read_text};
use crate::app::App;
use crate::exit::Exit;
use crate::table::{Table, counted, grouped};

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

pub(crate) fn run(command: &Command, app: &App) -> Result<Exit> {
    let workspace = app.open()?;
    match command {
        Command::Add {
            name,
            rules: file,
            description,
        } => {
            let tree = rules::read_tree(&read_text(file)?)?;
            let added = segments::add(&workspace, name, description, tree)?;
            app.terminal.clear();
            app.output.result(&added, card);
        }
        Command::Set {
            name,
            rename,
            rules: file,
            description,
        } => {
            let tree = match file {
                Some(file) => Some(rules::read_tree(&read_text(file)?)?),
                None => None,
            };
            let change = SegmentChange {
                name: rename.clone(),
                description: description.clone(),
                tree,
            };
            let changed = segments::change(&workspace, name, change)?;
            app.terminal.clear();
            app.output.result(&changed, card);
        }
        Command::List => {
            let all = segments::list(&workspace)?;
            app.output.result(&json!({ "segments": all }), |_| {
                let mut table = Table::new(&["segment", "members", "calculated", "rules"]);
                for segment in &all {
                    table.row([
                        segment.name.clone(),
                        grouped(segment.members),
                        segment
                            .calculated_at
                            .clone()
                            .unwrap_or_else(|| "never".to_owned()),
                        segment
                            .says
                            .clone()
                            .unwrap_or_else(|| "fixed members".to_owned()),
                    ]);
                }
                table.text("No segments yet.")
            });
        }
        Command::Show { name } => app.output.result(&segments::show(&workspace, name)?, card),
        Command::Count { name, rules: file } => {
            let (contacts, refused) = match (name, file) {
                (Some(name), _) => (Some(segments::count(&workspace, name)?), None),
                (None, Some(file)) => {
                    let tree = rules::read_tree(&read_text(file)?)?;
                    let tried = segments::try_tree(&workspace, tree)?;
                    (tried.contacts, tried.refused)
                }
                (None, None) => (None, None),
            };
            app.terminal.clear();
            if let Some(refused) = refused {
                return Err(leadferry_commands::Error::usage(refused, "Fix the rules."));
            }
            app.output.result(&json!({ "contacts": contacts }), |_| {
                format!("{}\n", grouped(contacts.unwrap_or(0)))
            });
        }
        Command::Members { name, limit, after } => {
            segments::bring_up_to_date(&workspace, name)?;
            app.terminal.clear();
            let page = segments::members(&workspace, name, after.map(ContactId), *limit)?;
            app.output.result(&page, |page| {
                let mut table = Table::new(&["guid", "name", "email", "company"]);
                for member in &page.members {
                    table.row([
                        member.guid.to_string(),
                        member.name.clone(),
                        member.email.clone().unwrap_or_default(),
                        member.company.clone().unwrap_or_default(),
                    ]);
                }
                let mut text = table.text("No members.");
                if let Some(next) = page.next {
                    text.push_str(&format!("More: --after {next}\n"));
                }
                text
            });
        }
        Command::Explain { name, contact } => {
            segments::bring_up_to_date(&workspace, name)?;
            app.terminal.clear();
            app.output
                .result(&segments::explain(&workspace, name, contact)?, why);
        }
        Command::Export { name, file } => {
            let count = segments::export(&workspace, name, file)?;
            app.terminal.clear();
            app.output.result(&json!({ "contacts": count }), |_| {
                let members = counted(count, "member", "members");
                format!("Exported {members} to {}.\n", file.display())
            });
        }
        Command::Recalculate { name, full } => {
            let what = name.as_deref().map_or(What::Everything, What::Segment);
            let done = recalculate(&workspace, what, *full, &super::scores::go_on())?;
            app.terminal.clear();
            app.output.result(&done, super::scores::recalculated);
        }
        Command::Copy { name, new_name } => {
            let copy = segments::copy(&workspace, name, new_name)?;
            app.terminal.clear();
            app.output.result(&copy, card);
        }
        Command::Combine { name, how, of } => {
            let how = match how {
                How::Union => Combination::Union,
                How::Intersection => Combination::Intersection,
                How::Difference => Combination::Difference,
            };
            let added = segments::combine(&workspace, name, how, of)?;
            app.terminal.clear();
            app.output.result(&added, card);
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
            app.output.result(&list, |list| {
                format!(
                    "\"{}\" has {}. Of these, {}.\n",
                    list.name,
                    counted(list.emails, "email", "emails"),
                    counted(list.contacts, "is a contact", "are contacts")
                )
            });
        }
        Command::EmailLists => {
            let all = email_lists::list(&workspace)?;
            app.output.result(&json!({ "lists": all }), |_| {
                let mut table = Table::new(&["list", "emails", "contacts"]);
                for list in &all {
                    table.row([
                        list.name.clone(),
                        grouped(list.emails),
                        grouped(list.contacts),
                    ]);
                }
                table.text("No email lists yet.")
            });
        }
    }
    Ok(Exit::AllWell)
}

fn card(card: &SegmentCard) -> String {
    let segment = &card.segment;
    let mut text = format!(
        "{}: {}\n",
        segment.name,
        counted(segment.members, "member", "members")
    );
    match &segment.says {
        Some(says) => text.push_str(&format!("  {says}\n")),
        None => text.push_str("  fixed members\n"),
    }
    for user in &card.users {
        text.push_str(&format!("  used by {user}\n"));
    }
    text
}

fn why(why: &Why) -> String {
    let mut text = match why.status {
        Some(SegmentStatus::Realized) => format!("{} is in the segment.\n", why.contact),
        Some(SegmentStatus::Exited) => format!("{} left the segment.\n", why.contact),
        None => format!("{} isn't in the segment.\n", why.contact),
    };
    if let Some(rules) = &why.rules {
        explained(rules, 1, &mut text);
    }
    text
}

fn explained(one: &Explained, depth: usize, text: &mut String) {
    let mark = if one.holds { "yes" } else { "no " };
    let has = one.has.as_ref().map(|has| format!("  [{has}]"));
    text.push_str(&format!(
        "{mark} {}{}{}\n",
        "  ".repeat(depth),
        one.rule,
        has.unwrap_or_default()
    ));
    for part in &one.parts {
        explained(part, depth + 1, text);
    }
}
