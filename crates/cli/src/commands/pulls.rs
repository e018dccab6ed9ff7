//! `pulls …`

mod settings;
mod text;

use clap::Subcommand;
use leadferry_commands::local_time::LocalTime;
use leadferry_commands::pulls::{
    self, AddPull, MovePull, PullDetails, PullFilter, PullMoved, SchemaRequest, SetPull,
    WantedObject,
};
use leadferry_commands::replications::Cancel;
use leadferry_commands::search::Match;
use leadferry_commands::{Error, Result};
use serde::Serialize;
use serde_json::json;

use super::search::criterion;
use crate::app::{App, interrupted};
use crate::exit::Exit;
use settings::Settings;
pub(crate) use text::run as outcome_text;

const ADD_EXAMPLE: &str = "For example:
  leadferry-cli pulls add \"All people\" --object Lead --object Contact --object Account
  leadferry-cli pulls add Hot --object Lead --field usual,Rating --where \"Rating is_one_of Hot\"

Start a field list or a condition with the object and a colon if the pull has several objects:
  leadferry-cli pulls add Deals --object Account --object Opportunity --where \"Opportunity:IsWon is yes\"";

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Add a pull: objects to read from an org.
    #[command(after_long_help = ADD_EXAMPLE)]
    Add {
        /// Name of the pull.
        name: String,
        /// Connection, if the workspace has several.
        #[arg(long)]
        connection: Option<String>,
        #[command(flatten)]
        what: What,
        #[command(flatten)]
        settings: Settings,
    },
    /// List the pulls with their last run.
    List,
    /// Show a pull with its objects and runs.
    Show {
        /// Name of the pull.
        name: String,
    },
    /// Change what a pull reads, and when.
    Set {
        /// Name of the pull.
        name: String,
        /// New name.
        #[arg(long, value_name = "NEW_NAME")]
        rename: Option<String>,
        /// Read from another connection. Records that were read before stay in the mirror.
        #[arg(long)]
        connection: Option<String>,
        #[command(flatten)]
        what: What,
        /// Stop reading an object. Its records stay in the mirror.
        #[arg(long, value_name = "OBJECT")]
        without: Vec<String>,
        #[command(flatten)]
        settings: Settings,
    },
    /// Remove a pull. The records that it has read stay.
    Remove {
        /// Name of the pull.
        name: String,
    },
    /// Show the tables and fields that a pull needs, and create them.
    ///
    /// Nothing changes until you add --apply. Running it again changes nothing that is in place.
    Schema {
        /// Name of the pull.
        name: String,
        /// Create what is shown.
        #[arg(long)]
        apply: bool,
        /// Only this object. Repeat for several.
        #[arg(long = "object", value_name = "OBJECT")]
        objects: Vec<String>,
    },
    /// Read what has changed in Salesforce.
    ///
    /// The first run reads everything. A run that was interrupted continues where it stopped.
    Run {
        /// Name of the pull.
        name: String,
    },
}

/// A pull that was changed.
#[derive(Serialize)]
struct Set {
    #[serde(flatten)]
    pull: PullDetails,
    /// What moving it to another connection came to.
    #[serde(skip_serializing_if = "Option::is_none")]
    moved: Option<PullMoved>,
}

/// Objects, fields and conditions.
#[derive(Debug, clap::Args)]
pub(crate) struct What {
    /// API name of an object. Repeat for several.
    #[arg(long = "object", value_name = "OBJECT")]
    objects: Vec<String>,
    /// Fields to read, separated by commas. `usual` and `all` stand for many. Default: usual.
    #[arg(long = "field", value_name = "[OBJECT:]FIELD")]
    fields: Vec<String>,
    /// Read only records that meet this condition, written as for `search run`. Repeat for several; an empty one reads all
    /// records again.
    #[arg(long = "where", value_name = "'[OBJECT:]FIELD OPERATOR VALUE'")]
    criteria: Vec<String>,
    /// Read records that meet any condition instead of all.
    #[arg(long)]
    any: bool,
}

pub(crate) async fn run(command: &Command, app: &App) -> Result<Exit> {
    let workspace = app.open()?;
    let local = LocalTime::of(&workspace)?;
    match command {
        Command::Add {
            name,
            connection,
            what,
            settings,
        } => {
            let request = AddPull {
                name: name.clone(),
                connection: connection.clone(),
                objects: wanted(what, &[])?,
                settings: settings.change(),
            };
            let added = pulls::add(&workspace, &request).await?;
            app.output.result(&added, text::added);
        }
        Command::List => app
            .output
            .result(&pulls::list(&workspace)?, |list| text::list(list, &local)),
        Command::Show { name } => app.output.result(&pulls::show(&workspace, name)?, |pull| {
            text::show(pull, &local)
        }),
        Command::Set {
            name,
            rename,
            connection,
            what,
            without,
            settings,
        } => {
            let moved = match connection {
                Some(connection) => {
                    let (name, connection) = (name.clone(), connection.clone());
                    let request = MovePull { name, connection };
                    Some(pulls::move_to(&workspace, &request).await?)
                }
                None => None,
            };
            let kept = pulls::show(&workspace, name)?.objects;
            let kept: Vec<WantedObject> = kept
                .into_iter()
                .map(|object| WantedObject {
                    object: object.object,
                    fields: object.fields,
                    filter: object.filter,
                })
                .collect();
            let request = SetPull {
                name: name.clone(),
                rename: rename.clone(),
                objects: wanted(what, &kept)?,
                without: without.clone(),
                settings: settings.change(),
            };
            let set = Set {
                pull: pulls::set(&workspace, &request).await?,
                moved,
            };
            app.output.result(&set, |set| {
                let moved = set.moved.as_ref();
                let moved = moved.map(|moved| format!("{}\n", moved.sentences()));
                format!(
                    "{}{}",
                    moved.unwrap_or_default(),
                    text::show(&set.pull, &local)
                )
            });
        }
        Command::Remove { name } => {
            pulls::remove(&workspace, name)?;
            app.output.removed(name, json!({}), || {
                format!("Removed \"{name}\". The records it has read stay in the mirror.\n")
            });
        }
        Command::Schema {
            name,
            apply,
            objects,
        } => {
            let request = SchemaRequest {
                pull: name.clone(),
                apply: *apply,
                objects: Some(objects.clone()).filter(|names| !names.is_empty()),
            };
            let schema = pulls::schema(&workspace, &request).await?;
            app.output.result(&schema, text::schema);
            if schema.objects.iter().any(|object| object.error.is_some()) {
                return Ok(Exit::SomeNeedALook);
            }
        }
        Command::Run { name } => {
            let cancel = Cancel::new();
            let (asked, terminal) = (cancel.clone(), app.terminal.clone());
            interrupted(move || {
                terminal.say("Stopping after the current request. Press Ctrl-C again to stop now.");
                asked.cancel();
            });
            let outcome = pulls::run(&workspace, name, &cancel).await;
            app.terminal.clear();
            let outcome = outcome?;
            app.output.result(&outcome, text::run);
            return Ok(text::exit(&outcome));
        }
    }
    Ok(Exit::AllWell)
}

/// Puts fields and conditions to their objects. `kept` are the objects that the pull has.
fn wanted(what: &What, kept: &[WantedObject]) -> Result<Vec<WantedObject>> {
    let mut objects: Vec<WantedObject> = Vec::new();
    for name in &what.objects {
        let known = kept
            .iter()
            .find(|k| k.object.eq_ignore_ascii_case(name.trim()));
        objects.push(known.cloned().unwrap_or(WantedObject {
            object: name.trim().to_owned(),
            fields: None,
            filter: None,
        }));
    }
    let only = match (objects.as_slice(), kept) {
        ([one], _) | ([], [one]) => Some(one.object.clone()),
        _ => None,
    };
    for text in &what.fields {
        let (object, fields) = of_object(text, only.as_deref(), "--field")?;
        let chosen = place(&mut objects, kept, &object)?;
        let fields = fields.split(',').map(|field| field.trim().to_owned());
        let fresh = fields.filter(|field| !field.is_empty());
        match (&mut chosen.fields, what.fields.first() == Some(text)) {
            (Some(kept), false) => kept.extend(fresh),
            (kept, _) => *kept = Some(fresh.collect()),
        }
    }
    let mut replaced: Vec<String> = Vec::new();
    for text in &what.criteria {
        let (object, condition) = of_object(text, only.as_deref(), "--where")?;
        let chosen = place(&mut objects, kept, &object)?;
        if condition.trim().is_empty() {
            chosen.filter = None;
            continue;
        }
        let criterion = criterion(&condition).map_err(|why| Error::usage(why, "check --where"))?;
        if !replaced.contains(&chosen.object) {
            replaced.push(chosen.object.clone());
            chosen.filter = Some(PullFilter {
                matching: if what.any { Match::Any } else { Match::All },
                criteria: Vec::new(),
            });
        }
        if let Some(filter) = &mut chosen.filter {
            filter.criteria.push(criterion);
        }
    }
    Ok(objects)
}

/// Splits `OBJECT:REST`; the object can be left out where there is only one.
fn of_object(text: &str, only: Option<&str>, option: &str) -> Result<(String, String)> {
    let named = text.split_once(':').filter(|(object, _)| {
        let object = object.trim();
        !object.is_empty()
            && object
                .chars()
                .all(|c| c.is_ascii_alphanumeric() || c == '_')
    });
    match (named, only) {
        (Some((object, rest)), _) => Ok((object.trim().to_owned(), rest.trim().to_owned())),
        (None, Some(only)) => Ok((only.to_owned(), text.to_owned())),
        (None, None) => Err(Error::usage(
            format!("{option} \"{text}\" doesn't say which object it's for"),
            "start it with the object and a colon, for example Lead:Rating",
        )),
    }
}

fn place<'o>(
    objects: &'o mut Vec<WantedObject>,
    kept: &[WantedObject],
    name: &str,
) -> Result<&'o mut WantedObject> {
    let same = |object: &WantedObject| object.object.eq_ignore_ascii_case(name);
    if !objects.iter().any(same) {
        match kept.iter().find(|object| same(object)) {
            Some(known) => objects.push(known.clone()),
            None => {
                return Err(Error::usage(
                    format!("the pull doesn't read {name}"),
                    format!("add --object {name}"),
                ));
            }
        }
    }
    let at = objects.iter().position(same).unwrap_or_default();
    Ok(&mut objects[at])
}
