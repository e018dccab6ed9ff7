//! `replications …`

mod settings;
mod text;

use clap::{Subcommand, ValueEnum};
use leadferry_commands::replications::{
    self, ActivationRequest, AddReplication, Cancel, PlanDecision, Watched,
};
use leadferry_commands::{Result, Workspace, prepare_org, quoted};
use serde_json::json;

use crate::app::{App, interrupted};
use crate::exit::Exit;
use settings::Settings;

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Add a replication with the usual mapping of its object.
    Add {
        /// Its name.
        name: String,
        /// What the contacts become.
        #[arg(long, value_enum)]
        object: Object,
        #[command(flatten)]
        settings: Box<Settings>,
    },
    /// List the replications.
    List,
    /// Show a replication with all its settings.
    Show {
        /// The replication.
        name: String,
    },
    /// Change settings of a replication.
    Set {
        /// The replication.
        name: String,
        /// Another name.
        #[arg(long, value_name = "NAME")]
        rename: Option<String>,
        #[command(flatten)]
        settings: Box<Settings>,
    },
    /// Copy everything but links to a new replication.
    Copy {
        /// The replication.
        name: String,
        /// Name of the copy.
        new_name: String,
        /// The copy's connection.
        #[arg(long)]
        connection: Option<String>,
    },
    /// Remove a replication with its queue and history.
    Remove {
        /// The replication.
        name: String,
    },
    /// Work out what a run would do, without asking the org.
    Plan(Plan),
    /// Work out what a run would do, and find every person in the org.
    Match(Plan),
    /// Send what is due.
    Run {
        /// The replication.
        name: String,
    },
    /// Write a segment's status to a field of the org, or change the field or the days.
    Activate {
        /// The replication.
        name: String,
        /// The segment.
        #[arg(required_unless_present = "all")]
        segment: Option<String>,
        /// Every segment that is not active yet, each in the field proposed from its name.
        #[arg(long, conflicts_with_all = ["segment", "mapping_id", "from", "until"])]
        all: bool,
        /// The field; proposed from the segment's name where unset.
        #[arg(long, value_name = "FIELD")]
        mapping_id: Option<String>,
        /// The first day, such as 2026-12-01; empty for from the beginning.
        #[arg(long, value_name = "DATE")]
        from: Option<String>,
        /// The last day; empty for without end. The field stays as it is then.
        #[arg(long, value_name = "DATE")]
        until: Option<String>,
    },
    /// Write a segment's status no more; its field stays as it is in the org.
    Deactivate {
        /// The replication.
        name: String,
        /// The segment.
        segment: String,
    },
    /// List the segments whose statuses are written, and what could be.
    Activations {
        /// The replication.
        name: String,
    },
    /// Run replications by their schedules until interrupted; what was missed is caught up once.
    Watch {
        /// Only these; all of them where none is named.
        names: Vec<String>,
    },
    /// Count in Salesforce what was sent, or read it back, and let what differs go again.
    Reconcile {
        /// The replication.
        name: String,
        /// Read every record back, instead of counting.
        #[arg(long)]
        read_back: bool,
        /// Ask nothing; only say what came of it last, and what asking would cost.
        #[arg(long, conflicts_with_all = ["read_back", "send_again"])]
        check: bool,
        /// Let the differences that were found go again with the next run, without asking anew.
        #[arg(long, conflicts_with = "read_back")]
        send_again: bool,
        /// List at most so many contacts that differ.
        #[arg(long, default_value_t = 20, value_name = "N")]
        limit: usize,
    },
    /// Make the identifier field and the segments' fields in the org, and let the user see them.
    PrepareOrg {
        /// The replication.
        name: String,
        /// Only say what is there.
        #[arg(long)]
        check: bool,
    },
}

#[derive(Debug, clap::Args)]
pub(crate) struct Plan {
    /// The replication.
    name: String,
    /// Show the contacts for which this would be done.
    #[arg(long, value_enum)]
    show: Option<Decision>,
    /// Show at most so many contacts.
    #[arg(long, default_value_t = 20, value_name = "N")]
    limit: usize,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
pub(crate) enum Object {
    /// Leads.
    #[value(name = "Lead", alias = "lead")]
    Lead,
    /// Contacts.
    #[value(name = "Contact", alias = "contact")]
    Contact,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum Decision {
    /// A record is created.
    Create,
    /// A record is updated.
    Update,
    /// Known once the org was asked.
    MatchPending,
    /// Needs a person.
    Blocked,
}

pub(crate) async fn run(command: &Command, app: &App) -> Result<Exit> {
    let workspace = app.open()?;
    let output = app.output;
    match command {
        Command::Add {
            name,
            object,
            settings,
        } => {
            let object = match object {
                Object::Lead => "Lead",
                Object::Contact => "Contact",
            };
            let request = AddReplication {
                name: name.clone(),
                object: object.to_owned(),
                change: settings.change(),
            };
            output.result(&replications::add(&workspace, &request)?, |info| {
                format!(
                    "Added \"{}\". `replications plan {}` says what a run would do.\n",
                    info.name,
                    quoted(&info.name)
                )
            });
        }
        Command::List => {
            let all = replications::list(&workspace)?;
            output.result(&json!({ "replications": all }), |_| text::list(&all));
        }
        Command::Show { name } => output.result(&replications::show(&workspace, name)?, text::info),
        Command::Set {
            name,
            rename,
            settings,
        } => {
            let mut change = settings.change();
            change.name.clone_from(rename);
            output.result(&replications::set(&workspace, name, &change)?, text::info);
        }
        Command::Copy {
            name,
            new_name,
            connection,
        } => {
            let copied = replications::copy(&workspace, name, new_name, connection.as_deref())?;
            output.result(&copied, |info| format!("Copied to \"{}\".\n", info.name));
        }
        Command::Remove { name } => {
            replications::remove(&workspace, name)?;
            output.result(&json!({ "removed": name }), |_| "Removed.\n".to_owned());
        }
        Command::Plan(args) => {
            let plan = replications::plan(&workspace, &args.name)?;
            show_plan(app, &workspace, args, &plan)?;
        }
        Command::Match(args) => {
            let plan = replications::find_people(&workspace, &args.name).await?;
            show_plan(app, &workspace, args, &plan)?;
        }
        Command::Activate {
            name,
            segment,
            all: _,
            mapping_id,
            from,
            until,
        } => {
            let Some(segment) = segment else {
                let active = replications::activate_all(&workspace, name)?;
                output.result(&active, text::activations);
                return Ok(Exit::AllWell);
            };
            let request = ActivationRequest {
                name: name.clone(),
                segment: segment.clone(),
                mapping_id: mapping_id.clone(),
                from: from.clone(),
                until: until.clone(),
            };
            let active = replications::activate(&workspace, &request)?;
            output.result(&active, text::activations);
        }
        Command::Deactivate { name, segment } => {
            let active = replications::deactivate(&workspace, name, segment)?;
            output.result(&active, text::activations);
        }
        Command::Activations { name } => {
            let active = replications::activations(&workspace, name)?;
            output.result(&active, text::activations);
        }
        Command::Watch { names } => return watch(app, &workspace, names).await,
        Command::Reconcile {
            name,
            read_back,
            check,
            send_again,
            limit,
        } => {
            if *send_again {
                let again = replications::send_again(&workspace, name)?;
                output.result(&again, text::sent_again);
                return Ok(Exit::AllWell);
            }
            let asked = if *check {
                replications::reconciliation(&workspace, name)?
            } else {
                let cancel = Cancel::new();
                let asked = cancel.clone();
                interrupted(move || asked.cancel());
                replications::reconcile(&workspace, name, *read_back, &cancel).await?
            };
            app.terminal.clear();
            let differing = replications::differing(&workspace, name, None, *limit)?;
            let mut result = serde_json::to_value(&asked).unwrap_or_default();
            result["contacts"] = serde_json::to_value(&differing.contacts).unwrap_or_default();
            output.result(&result, |_| text::reconciliation(&asked, &differing));
            return Ok(if asked.differing > 0 {
                Exit::SomeNeedALook
            } else {
                Exit::AllWell
            });
        }
        Command::Run { name } => return send(app, &workspace, name).await,
        Command::PrepareOrg { name, check } => {
            let prepared = prepare_org::prepare_org(&workspace, name, *check).await?;
            output.result(&prepared, text::prepared);
            return Ok(if prepared.ready {
                Exit::AllWell
            } else {
                Exit::Waiting
            });
        }
    }
    Ok(Exit::AllWell)
}

fn show_plan(
    app: &App,
    workspace: &Workspace,
    args: &Plan,
    plan: &replications::PlanReport,
) -> Result<()> {
    app.terminal.clear();
    let Some(decision) = args.show else {
        app.output.result(plan, text::plan);
        return Ok(());
    };
    let decision = match decision {
        Decision::Create => PlanDecision::Create,
        Decision::Update => PlanDecision::Update,
        Decision::MatchPending => PlanDecision::MatchPending,
        Decision::Blocked => PlanDecision::Blocked,
    };
    let contacts = replications::planned(workspace, &args.name, Some(decision), args.limit)?;
    let mut result = serde_json::to_value(plan).unwrap_or_default();
    result["contacts"] = serde_json::to_value(&contacts).unwrap_or_default();
    app.output.result(&result, |_| {
        format!("{}\n{}", text::plan(plan), text::planned(&contacts))
    });
    Ok(())
}

async fn watch(app: &App, workspace: &Workspace, names: &[String]) -> Result<Exit> {
    let cancel = Cancel::new();
    let asked = cancel.clone();
    interrupted(move || asked.cancel());
    let terminal = app.terminal.clone();
    terminal.say("Watching; Ctrl-C ends it.");
    let mut runs = 0_u64;
    let mut tell = |watched| match watched {
        Watched::Ran(outcome) => {
            runs += 1;
            terminal.clear();
            terminal.say(&format!(
                "{}: {}",
                outcome.replication,
                text::run(&outcome).trim_end()
            ));
        }
        Watched::Failed { replication, error } => {
            terminal.clear();
            terminal.say(&format!("{replication}: {}; {}", error.message, error.hint));
        }
    };
    replications::watch(workspace, names, &cancel, &mut tell).await?;
    app.output
        .result(&json!({ "runs": runs }), |_| format!("{runs} runs.\n"));
    Ok(Exit::AllWell)
}

async fn send(app: &App, workspace: &Workspace, name: &str) -> Result<Exit> {
    let cancel = Cancel::new();
    let (asked, terminal) = (cancel.clone(), app.terminal.clone());
    interrupted(move || {
        terminal
            .say("Stopping after the requests that are under way; Ctrl-C once more ends at once.");
        asked.cancel();
    });
    let outcome = replications::run(workspace, name, &cancel).await?;
    app.terminal.clear();
    app.output.result(&outcome, text::run);
    Ok(outcome.ending().into())
}
