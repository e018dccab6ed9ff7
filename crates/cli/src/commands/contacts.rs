//! `contacts …`

mod card;

use card::Around;
use clap::Subcommand;
use leadferry_commands::contacts::{
    self, ActInfo, Chosen, ContactId, ContactList, Traces, Written,
};
use leadferry_commands::{Result, Workspace};
use serde_json::json;

use super::{erasing, exporting, fields, imports, pair};
use crate::app::App;
use crate::exit::Exit;
use crate::table::{Table, counted, grouped};

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Import contacts from a CSV, XLSX or vCard file.
    Import(imports::Import),
    /// Export contacts to a CSV or XLSX file.
    ///
    /// Importing the file again changes nothing: values are written as they are stored.
    Export(exporting::Export),
    /// List contacts.
    List {
        /// Match the start of words in the name, email, company, phone number and address.
        #[arg(long, value_name = "TEXT")]
        search: Option<String>,
        /// List deleted contacts instead.
        #[arg(long)]
        deleted: bool,
        /// Maximum number of contacts.
        #[arg(long, default_value_t = 50, value_name = "N")]
        limit: usize,
        /// Continue after this ID: `next` of the previous page.
        #[arg(long, value_name = "ID")]
        after: Option<i64>,
    },
    /// Show a contact with everything related to it.
    Show {
        /// Guid, or an email that only one contact has.
        contact: String,
    },
    /// Change fields of a contact; an empty value clears a field.
    Set {
        /// Guid, or an email that only one contact has.
        contact: String,
        /// Fields and values, for example city=Boston or custom:Region=North.
        #[arg(required = true, value_name = "FIELD=VALUE", value_parser = pair)]
        fields: Vec<(String, String)>,
        /// Make the same change to this contact, too.
        #[arg(long, value_name = "CONTACT")]
        also: Vec<String>,
    },
    /// Count contacts.
    Count {
        /// Match the start of words in the name, email, company, phone number and address.
        #[arg(long, value_name = "TEXT")]
        search: Option<String>,
        /// Count deleted contacts instead.
        #[arg(long)]
        deleted: bool,
    },
    /// Merge contacts into the first one.
    Merge {
        /// Guid or email of the contact to keep.
        survivor: String,
        /// Guids or emails of the contacts to merge into it.
        #[arg(required = true)]
        others: Vec<String>,
    },
    /// Delete contacts; can be undone for 30 days.
    Delete {
        /// Guids or emails.
        #[arg(required = true)]
        contacts: Vec<String>,
    },
    /// Erase a contact from the workspace, its history, its backups and the practice org for good.
    ///
    /// Records in Salesforce and files you exported or copied stay. What only you can decide, such as a rule or a
    /// company's name that names the contact, is listed afterward.
    Erase {
        /// Guid or email.
        contact: String,
        /// Confirm; erasing can't be undone.
        #[arg(long)]
        yes: bool,
    },
    /// Erase what still names a person you erased: from the history, the backups and the practice org.
    ///
    /// Rules, names and notes that you changed only after erasing the contact are kept there as they were.
    EraseTraces {
        /// Email of the person. May be repeated.
        #[arg(long)]
        email: Vec<String>,
        /// Phone number of the person. May be repeated.
        #[arg(long)]
        phone: Vec<String>,
        /// First name of the person; needs the last name.
        #[arg(long, default_value = "", hide_default_value = true)]
        first_name: String,
        /// Last name of the person; needs the first name.
        #[arg(long, default_value = "", hide_default_value = true)]
        last_name: String,
        /// Confirm; erasing can't be undone.
        #[arg(long)]
        yes: bool,
    },
    /// List changes that can be undone.
    Acts,
    /// Undo a deletion, merge, edit or import; the latest one by default.
    Undo {
        /// Number of the change, from `contacts acts`.
        act: Option<i64>,
    },
    /// Manage custom contact fields.
    #[command(subcommand)]
    Fields(fields::Command),
}

pub(crate) fn run(command: &Command, app: &App) -> Result<Exit> {
    let workspace = app.open()?;
    let output = app.output;
    match command {
        Command::Import(args) => return imports::run(args, app, &workspace),
        Command::Export(args) => exporting::run(args, app, &workspace)?,
        Command::Fields(command) => return fields::run(command, app, &workspace),
        Command::List {
            search,
            deleted,
            limit,
            after,
        } => {
            let after = after.map(ContactId);
            output.result(
                &contacts::list(&workspace, search.as_deref(), *deleted, after, *limit)?,
                list,
            );
        }
        Command::Show { contact } => {
            let shown = contacts::show(&workspace, contact)?;
            let around = Around::of(&workspace, &shown)?;
            output.result(&shown, |shown| card::text(shown, &around));
        }
        Command::Set {
            contact,
            fields,
            also,
        } if also.is_empty() => {
            let set = contacts::set(&workspace, contact, fields, Written::default())?;
            let around = Around::of(&workspace, &set)?;
            output.result(&set, |set| card::text(set, &around));
        }
        Command::Set {
            contact,
            fields,
            also,
        } => edit(app, &workspace, contact, also, fields)?,
        Command::Count { search, deleted } => {
            let count = contacts::count(&workspace, search.as_deref(), *deleted)?;
            output.result(&json!({ "contacts": count }), |_| {
                format!("{}\n", grouped(count))
            });
        }
        Command::Merge { survivor, others } => {
            output.result(&contacts::merge(&workspace, survivor, others)?, |merged| {
                format!(
                    "Merged {} into {}.\n",
                    counted(merged.acts.len() as u64, "contact", "contacts"),
                    merged.survivor
                )
            });
        }
        Command::Delete { contacts } => {
            let deleted = contacts::delete(&workspace, &Chosen::named(contacts))?;
            let result = json!({ "deleted": deleted.contacts, "act": deleted.act });
            output.result(&result, |_| {
                format!(
                    "Deleted {}. To undo this, run `contacts undo {}`.\n",
                    counted(deleted.contacts, "contact", "contacts"),
                    deleted.act
                )
            });
        }
        Command::Erase { contact, yes } => erasing::run(app, &workspace, contact, *yes)?,
        Command::EraseTraces {
            email,
            phone,
            first_name,
            last_name,
            yes,
        } => {
            let traces = Traces {
                emails: email.clone(),
                phones: phone.clone(),
                first_name: first_name.clone(),
                last_name: last_name.clone(),
            };
            erasing::traces(app, &workspace, &traces, *yes)?;
        }
        Command::Acts => acts(app, &workspace)?,
        Command::Undo { act } => {
            let undone = contacts::undo(&workspace, *act)?;
            output.result(&undone, undone_in_words);
        }
    }
    Ok(Exit::AllWell)
}

/// Says what undoing an act came to.
fn undone_in_words(undone: &contacts::Undone) -> String {
    let contacts = |count| counted(count, "contact", "contacts");
    let sentences = [
        (
            undone.restored,
            format!("Restored {}.", contacts(undone.restored)),
        ),
        (
            undone.removed,
            format!(
                "Removed {} that the import had added.",
                contacts(undone.removed)
            ),
        ),
        (
            undone.activities_removed,
            format!(
                "Removed {}.",
                counted(undone.activities_removed, "activity", "activities")
            ),
        ),
        (
            undone.left_alone.len() as u64,
            format!(
                "{} changed since and not fully restored.",
                counted(
                    undone.left_alone.len() as u64,
                    "contact was",
                    "contacts were"
                )
            ),
        ),
    ];
    let said: Vec<_> = sentences
        .into_iter()
        .filter_map(|(count, sentence)| (count > 0).then_some(sentence))
        .collect();
    match said.is_empty() {
        true => "There was nothing left to restore.\n".to_owned(),
        false => format!("{}\n", said.join(" ")),
    }
}

fn edit(
    app: &App,
    workspace: &Workspace,
    contact: &str,
    also: &[String],
    fields: &[(String, String)],
) -> Result<()> {
    let all = std::iter::once(contact).chain(also.iter().map(String::as_str));
    let changed = contacts::edit(workspace, &Chosen::named(all), fields, Written::default())?;
    let result = json!({ "changed": changed.contacts, "act": changed.act });
    app.output.result(&result, |_| {
        format!(
            "Changed {}. To undo this, run `contacts undo {}`.\n",
            counted(changed.contacts, "contact", "contacts"),
            changed.act
        )
    });
    Ok(())
}

fn list(list: &ContactList) -> String {
    let mut table = Table::new(&["guid", "first name", "last name", "email", "company"]);
    for contact in &list.contacts {
        let text = |text: &Option<String>| text.clone().unwrap_or_default();
        table.row([
            contact.guid.to_string(),
            text(&contact.first_name),
            text(&contact.last_name),
            text(&contact.email),
            text(&contact.company_name),
        ]);
    }
    let mut text = table.text("No contacts.");
    if let Some(next) = list.next {
        text.push_str(&format!("More: --after {next}\n"));
    }
    text
}

fn acts(app: &App, workspace: &Workspace) -> Result<()> {
    let acts = contacts::acts(workspace)?;
    app.output.result(&json!({ "acts": acts }), |_| {
        let mut table = Table::new(&["act", "what", "who", "state"]);
        for ActInfo { act, who, .. } in &acts {
            let state = if act.undone_at.is_some() {
                "undone"
            } else {
                ""
            };
            table.row([
                act.id.to_string(),
                act.summary.clone(),
                who.clone().unwrap_or_default(),
                state.to_owned(),
            ]);
        }
        table.text("No changes to undo.")
    });
    Ok(())
}
