//! `practice-org …`

mod acts;
mod apps;
mod settings;

use std::path::Path;

use clap::Subcommand;
use leadferry_commands::practice::{Credentials, ServedInfo};
use leadferry_commands::{Error, Result, practice};
use serde_json::Value;

use super::pair;
use crate::app::{App, asked_to_end};
use crate::exit::Exit;
use crate::table::{Table, pairs};

const PROFILES_EXAMPLE: &str = "For example:
  leadferry-cli practice-org profiles \"Read Only\" Lead=read,create,edit Lead.Phone=read ip_ranges=any";
const SWITCHES_EXAMPLE: &str = "For example:
  leadferry-cli practice-org switches state_and_country_picklists=true person_accounts=true";

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Run the practice org until you press Ctrl-C.
    ///
    /// It listens on this computer only. Web pages can't use it, and programs need its client secret or password, which
    /// differ from org to org.
    Serve {
        /// Port to listen on. Default: any free port.
        #[arg(long)]
        port: Option<u16>,
    },
    /// Show the address, password, client secret and changed settings of the practice org.
    Show,
    /// Delete the practice org with its records. The next use starts a new one.
    Reset {
        /// Confirm; this can't be undone. Your contacts stay.
        #[arg(long)]
        yes: bool,
    },
    /// Change records as a colleague would in Salesforce.
    #[command(subcommand)]
    Act(acts::Act),
    /// Take over the fields of one of your orgs, to rehearse on its shape.
    ///
    /// Uses what the connection has read of its org before, and makes no request there: types, lengths, picklists, required and
    /// unique fields. Records stay as they are. `practice-org reset` starts over.
    Adopt {
        /// Connection to the org.
        #[arg(long)]
        connection: String,
    },
    /// Simulate errors.
    #[command(subcommand)]
    Faults(Faults),
    /// Show or change how the org behaves.
    ///
    /// Switches turn on what only some orgs have, such as person accounts, and decide what Salesforce's documentation leaves
    /// open. They stay in the org's file.
    #[command(after_long_help = SWITCHES_EXAMPLE)]
    Switches {
        /// Switches to set.
        #[arg(value_name = "NAME=VALUE", value_parser = pair)]
        set: Vec<(String, String)>,
    },
    /// Refuse records by validation rules of your own.
    #[command(subcommand)]
    Rules(settings::Rules),
    /// Add or remove record types and the picklist values they offer.
    #[command(subcommand)]
    RecordTypes(settings::RecordTypes),
    /// Add custom objects.
    #[command(subcommand)]
    Objects(settings::Objects),
    /// Hide or show fields, as field-level security does.
    #[command(subcommand)]
    Fields(settings::Fields),
    /// Show or change what users may do, and from where they may sign in.
    ///
    /// An object takes all, none, or read and others of read,create,edit,delete. A field takes none, read or edit.
    /// `api`, `view_setup` and `see_logins` take true or false. `ip_ranges` takes addresses and ranges, or any.
    #[command(after_long_help = PROFILES_EXAMPLE)]
    Profiles {
        /// Profile to change.
        profile: Option<String>,
        /// What to set.
        #[arg(value_name = "NAME=VALUE", value_parser = pair, requires = "profile")]
        set: Vec<(String, String)>,
    },
    /// Choose the user that connections to the practice org run as.
    RunAs {
        /// Username, for example reader@practice.example.
        username: String,
    },
    /// Change which apps may sign in, and how.
    #[command(subcommand)]
    Apps(apps::Apps),
}

#[derive(Debug, Subcommand)]
pub(crate) enum Faults {
    /// List active faults and all available ones.
    List,
    /// Add a fault by name.
    Add {
        /// Name of the fault.
        name: String,
        /// When and how it happens, for example times=1 or path=composite.
        #[arg(value_name = "KEY=VALUE", value_parser = pair)]
        settings: Vec<(String, String)>,
    },
    /// Clear all faults.
    Clear,
}

pub(crate) async fn run(command: &Command, app: &App) -> Result<Exit> {
    let workspace = app.open()?;
    match command {
        Command::Serve { port } => {
            let served = practice::serve_until_dropped(&workspace, *port).await?;
            app.output.result(&served.info, |info| {
                let text = sign_in(Some(&info.url), &info.credentials, &info.file);
                format!("{text}\n{}", how_to_sign_in(info))
            });
            asked_to_end().await;
            served.stop().await;
        }
        Command::Reset { yes: false } => {
            let hint = "Add --yes to delete it. Your contacts stay.";
            return Err(Error::usage("The practice org wasn't deleted.", hint)
                .because("Its records would be lost."));
        }
        Command::Reset { yes: true } => {
            let file = practice::reset(&workspace)?;
            app.output
                .result(&serde_json::json!({ "deleted": file }), |_| {
                    format!("Deleted {}.\n{NEXT_ORG}", file.display())
                });
        }
        Command::Show => {
            let access = practice::access(&workspace).await?;
            let shown = settings::Shown {
                settings: practice::settings(&workspace).await?,
                access,
            };
            app.output.result(&shown, |shown| {
                let access = &shown.access;
                let text = sign_in(access.address.as_deref(), &access.credentials, &access.file);
                format!("{text}\n{}", settings::changed(&shown.settings))
            });
        }
        Command::Act(act) => acts::run(act, &workspace, app).await?,
        Command::Adopt { connection } => {
            let adopted = practice::adopt(&workspace, connection).await?;
            app.output.result(&adopted, settings::adopted);
        }
        Command::Faults(Faults::List) => app
            .output
            .result(&practice::faults(&workspace).await?, faults),
        Command::Faults(Faults::Add { name, settings }) => {
            let added = practice::add_fault(&workspace, name, settings).await?;
            app.output
                .result(&added, |_| format!("Added fault \"{name}\".\n"));
        }
        Command::Faults(Faults::Clear) => {
            practice::clear_faults(&workspace).await?;
            app.output
                .result(&serde_json::json!({ "cleared": true }), |_| {
                    "Cleared all faults.\n".to_owned()
                });
        }
        Command::Switches { set } if set.is_empty() => {
            app.output
                .result(&practice::switches(&workspace).await?, switches);
        }
        Command::Switches { set } => {
            app.output
                .result(&practice::set_switches(&workspace, set).await?, switches);
        }
        Command::Rules(command) => settings::rules(command, &workspace, app).await?,
        Command::RecordTypes(command) => settings::record_types(command, &workspace, app).await?,
        Command::Objects(command) => settings::objects(command, &workspace, app).await?,
        Command::Fields(command) => settings::fields(command, &workspace, app).await?,
        Command::Profiles { profile: None, .. } => {
            settings::profiles(&practice::profiles(&workspace).await?, app);
        }
        Command::Profiles {
            profile: Some(profile),
            set,
        } => {
            let changed = practice::set_profile(&workspace, profile, set).await?;
            settings::profiles(&changed, app);
        }
        Command::RunAs { username } => {
            settings::profiles(&practice::run_as(&workspace, username).await?, app);
        }
        Command::Apps(command) => apps::run(command, &workspace, app).await?,
    }
    Ok(Exit::AllWell)
}

/// How to go on after a reset.
const NEXT_ORG: &str = "Connections to it can't be used any more. To practice in a new one, add a connection and choose \
    it in your replications:
  leadferry-cli connections add \"New practice\" --flow practice
  leadferry-cli replications set NAME --connection \"New practice\"
  leadferry-cli replications prepare-org NAME
";

/// Lists what a client needs to sign in.
fn sign_in(address: Option<&str>, credentials: &Credentials, file: &Path) -> String {
    pairs(&[
        ("Address", address.unwrap_or("(not running)").to_owned()),
        ("Client id", credentials.client_id.clone()),
        ("Client secret", credentials.client_secret.clone()),
        ("Username", credentials.username.clone()),
        ("Password", credentials.password.clone()),
        ("File", file.display().to_string()),
    ])
}

/// Returns the commands to run in another terminal. A workspace that uses this org for practice needs none of them.
fn how_to_sign_in(info: &ServedInfo) -> String {
    format!(
        "To sign in as you would to a real org, run these in another terminal and use the password above:\n  \
         leadferry-cli connections add \"Practice by browser\" --flow browser --host {} --client-id {}\n  \
         leadferry-cli connections authorize \"Practice by browser\"\n\
         Anyone on this computer who knows the password or the client secret can use this org, so don't share them.\n\
         Press Ctrl-C to stop.\n",
        info.url, info.credentials.client_id
    )
}

fn faults(answer: &Value) -> String {
    let mut waiting = Table::new(&["active"]);
    for fault in answer["faults"].as_array().into_iter().flatten() {
        waiting.row([in_words(fault)]);
    }
    let mut names = Table::new(&["fault", "effect"]);
    match &answer["names"] {
        Value::Object(known) => known
            .iter()
            .for_each(|(name, about)| names.row([name.clone(), plain(about)])),
        Value::Array(known) => known
            .iter()
            .for_each(|one| names.row([plain(&one["name"]), plain(&one["about"])])),
        _ => {}
    }
    format!("{}\n{}", waiting.text("No active faults."), names.text(""))
}

/// Writes a fault as it is asked for: its name, then its settings.
fn in_words(fault: &Value) -> String {
    let settings = fault.as_object().into_iter().flatten();
    let settings = settings
        .filter(|(key, _)| key.as_str() != "name")
        .map(|(key, value)| format!("{key}={}", plain(value)));
    let words = std::iter::once(plain(&fault["name"])).chain(settings);
    words.collect::<Vec<_>>().join(" ")
}

fn switches(answer: &Value) -> String {
    let mut table = Table::new(&["switch", "value", "effect"]);
    for (name, switch) in answer.as_object().into_iter().flatten() {
        table.row([
            name.clone(),
            switch["value"].to_string(),
            plain(&switch["about"]),
        ]);
    }
    table.text("There are no switches.")
}

fn plain(value: &Value) -> String {
    value
        .as_str()
        .map_or_else(|| value.to_string(), str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_waiting_fault_reads_as_it_was_asked_for() {
        let fault = serde_json::json!({"name": "row_error", "code": "X", "times": 2});
        assert_eq!(in_words(&fault), "row_error code=X times=2");
    }
}
