//! `replications …`

mod settings;
pub(super) mod text;

use clap::{Subcommand, ValueEnum};
use leadferry_commands::replications::{
    self, ActivationRequest, Activations, AddReplication, Cancel, PlanDecision, PlannedOf, Reach,
    RunWish, SetPartner, Watched,
};
use leadferry_commands::runs::{self, RunCheck};
use leadferry_commands::{Result, Workspace, prepare_org, quoted};
use serde::Serialize;
use serde_json::json;

use crate::app::{App, interrupted};
use crate::exit::Exit;
use crate::output::in_words;
use crate::table::counted;
use settings::Settings;

/// What these commands begin with.
const GROUP: &str = "replications";

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Add a replication with the standard mapping of its object.
    Add {
        /// Name.
        name: String,
        /// What contacts are sent as.
        #[arg(long, value_enum)]
        object: Object,
        #[command(flatten)]
        settings: Box<Settings>,
    },
    /// List replications.
    List,
    /// Show a replication and its settings.
    Show {
        /// Name of the replication.
        name: String,
    },
    /// Change the settings of a replication.
    Set {
        /// Name of the replication.
        name: String,
        /// New name.
        #[arg(long, value_name = "NAME")]
        rename: Option<String>,
        #[command(flatten)]
        settings: Box<Settings>,
    },
    /// Copy a replication without its links; the copy is disabled and runs manually.
    Copy {
        /// Name of the replication.
        name: String,
        /// Name of the copy.
        new_name: String,
        /// Connection of the copy.
        #[arg(long)]
        connection: Option<String>,
    },
    /// Share contacts between a replication of leads and one of contacts: each goes through exactly one of them.
    ///
    /// Contacts with a live record stay what they are. New contacts become contacts if they are in the segment, else leads.
    Partner(Partner),
    /// Remove a replication, its queue and its history.
    Remove {
        /// Name of the replication.
        name: String,
    },
    /// Plan a run without asking Salesforce.
    Plan(Plan),
    /// Plan a run, and match every contact in Salesforce.
    Match(Plan),
    /// Run now.
    Run {
        /// Name of the replication.
        name: String,
        /// Connection name, to confirm the first run to a production org.
        #[arg(long, value_name = "CONNECTION")]
        confirm: Option<String>,
        /// Send as many contacts as the remaining API calls allow.
        #[arg(long)]
        as_far_as_possible: bool,
        /// Send this many contacts, read them back, compare them field by field, and stop.
        #[arg(long, value_name = "N", conflicts_with = "as_far_as_possible",
              value_parser = clap::value_parser!(u32).range(1..=2000))]
        first: Option<u32>,
    },
    /// Let scheduled runs go on that are on hold.
    Release {
        /// Name of the replication.
        name: String,
    },
    /// Sync a segment's status to a field, or change its field or dates.
    Activate(Activate),
    /// Stop syncing a segment's status; the field keeps its value.
    Deactivate {
        /// Name of the replication.
        name: String,
        /// Name of the segment.
        segment: String,
    },
    /// List synced segments, and those that can be synced.
    Activations {
        /// Name of the replication.
        name: String,
    },
    /// Run replications and pulls on schedule until interrupted; a missed run is caught up once.
    Watch {
        /// Only these replications, and no pulls; all by default.
        names: Vec<String>,
    },
    /// Compare what was sent with Salesforce, and send differences again.
    Reconcile(Reconcile),
    /// Create the identifier field and segment fields in Salesforce, and grant access to all mapped fields.
    PrepareOrg {
        /// Name of the replication.
        name: String,
        /// Only check what exists.
        #[arg(long)]
        check: bool,
        /// Get access to these fields as well, separated by commas.
        #[arg(long, value_name = "FIELD", value_delimiter = ',')]
        show: Vec<String>,
    },
}

#[derive(Debug, clap::Args)]
pub(crate) struct Partner {
    /// Name of a replication.
    name: String,
    /// Name of the other replication, on the same connection.
    #[arg(required_unless_present = "end")]
    partner: Option<String>,
    /// Segment whose new contacts become contacts in Salesforce. Without it, all new contacts become leads.
    #[arg(long, value_name = "SEGMENT")]
    contacts_segment: Option<String>,
    /// Only show who would go where.
    #[arg(long)]
    preview: bool,
    /// End the partnership.
    #[arg(long, conflicts_with_all = ["partner", "contacts_segment", "preview"])]
    end: bool,
}

#[derive(Debug, clap::Args)]
pub(crate) struct Activate {
    /// Name of the replication.
    name: String,
    /// Name of the segment.
    #[arg(required_unless_present = "all")]
    segment: Option<String>,
    /// Every segment that isn't active yet, each with its suggested field.
    #[arg(long, conflicts_with_all = ["segment", "mapping_id", "from", "until"])]
    all: bool,
    /// Field; suggested from the segment's name by default.
    #[arg(long, value_name = "FIELD")]
    mapping_id: Option<String>,
    /// Start date, for example 2026-12-01; empty for right away.
    #[arg(long, value_name = "DATE")]
    from: Option<String>,
    /// End date; empty for no end. The field keeps its value.
    #[arg(long, value_name = "DATE")]
    until: Option<String>,
}

#[derive(Debug, clap::Args)]
pub(crate) struct Reconcile {
    /// Name of the replication.
    name: String,
    /// Read every record instead of comparing totals.
    #[arg(long)]
    read_back: bool,
    /// Show the last result and the cost of a new one, without asking Salesforce.
    #[arg(long, conflicts_with_all = ["read_back", "send_again"])]
    check: bool,
    /// Send the differences found last with the next run.
    #[arg(long, conflicts_with = "read_back")]
    send_again: bool,
    /// Maximum number of contacts to list.
    #[arg(long, default_value_t = 20, value_name = "N")]
    limit: usize,
}

#[derive(Debug, clap::Args)]
pub(crate) struct Plan {
    /// Name of the replication.
    pub(super) name: String,
    /// List the contacts with this outcome.
    #[arg(long, value_enum)]
    show: Option<Listed>,
    /// Maximum number of contacts.
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

impl Object {
    pub(super) fn name(self) -> &'static str {
        match self {
            Object::Lead => "Lead",
            Object::Contact => "Contact",
        }
    }
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum Listed {
    /// Create a record.
    Create,
    /// Update a record.
    Update,
    /// Not matched yet.
    MatchPending,
    /// Blocked until someone acts.
    Blocked,
    /// With values that are shortened, left out or changed.
    Remarks,
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
            let request = AddReplication {
                name: name.clone(),
                object: object.name().to_owned(),
                change: settings.change(),
            };
            output.result(&replications::add(&workspace, &request)?, |info| {
                format!(
                    "Added \"{}\". To see what a run would do, run:\n  leadferry-cli replications plan {}\n",
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
            output.result(&copied, text::copied);
        }
        Command::Partner(args) => share(app, &workspace, args)?,
        Command::Remove { name } => {
            replications::remove(&workspace, name)?;
            output.removed(name, (), || format!("Removed \"{name}\".\n"));
        }
        Command::Plan(args) => {
            let plan = replications::plan(&workspace, &args.name)?;
            show_plan(app, &workspace, args, &plan, GROUP)?;
        }
        Command::Match(args) => {
            let plan = replications::find_people(&workspace, &args.name).await?;
            show_plan(app, &workspace, args, &plan, GROUP)?;
        }
        Command::Activate(args) => {
            output.result(&activate(&workspace, args)?, text::activations);
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
        Command::Reconcile(args) => return reconcile(app, &workspace, args).await,
        Command::Run {
            name,
            confirm,
            as_far_as_possible,
            first,
        } => {
            let wish = RunWish {
                confirm: confirm.as_deref(),
                reach: match (first, as_far_as_possible) {
                    (Some(first), _) => Reach::First(*first),
                    (None, true) => Reach::AsFarAsItGets,
                    (None, false) => Reach::Whole,
                },
                scheduled: false,
            };
            return send(app, &workspace, name, wish).await;
        }
        Command::Release { name } => {
            let released = replications::release(&workspace, name)?;
            output.result(&released, |info| {
                format!("Scheduled runs of \"{}\" go on.\n", info.name)
            });
        }
        Command::PrepareOrg { name, check, show } => {
            let prepared = prepare_org::prepare_org_with(&workspace, name, *check, show).await?;
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

/// Sets, shows or ends a partnership.
fn share(app: &App, workspace: &Workspace, args: &Partner) -> Result<()> {
    let name = &args.name;
    if args.end {
        replications::remove_partner(workspace, name)?;
        app.output.removed(name, (), || {
            format!("\"{name}\" has no partner any more.\n")
        });
        return Ok(());
    }
    let request = SetPartner {
        name: name.clone(),
        partner: args.partner.clone().unwrap_or_default(),
        contacts_segment: args.contacts_segment.clone(),
    };
    let shown = match args.preview {
        true => replications::preview_partner(workspace, &request)?,
        false => replications::set_partner(workspace, &request)?,
    };
    app.output.result(&shown, text::partners);
    Ok(())
}

/// Activates one segment, or every one that isn't active yet.
fn activate(workspace: &Workspace, args: &Activate) -> Result<Activations> {
    let segment = args.segment.as_ref().filter(|_| !args.all);
    let Some(segment) = segment else {
        return replications::activate_all(workspace, &args.name);
    };
    let request = ActivationRequest {
        name: args.name.clone(),
        segment: segment.clone(),
        mapping_id: args.mapping_id.clone(),
        from: args.from.clone(),
        until: args.until.clone(),
    };
    replications::activate(workspace, &request)
}

async fn reconcile(app: &App, workspace: &Workspace, args: &Reconcile) -> Result<Exit> {
    let name = &args.name;
    if args.send_again {
        let again = replications::send_again(workspace, name)?;
        app.output.result(&again, text::sent_again);
        return Ok(Exit::AllWell);
    }
    let found = if args.check {
        replications::reconciliation(workspace, name)?
    } else {
        let cancel = Cancel::new();
        let asked = cancel.clone();
        interrupted(move || asked.cancel());
        replications::reconcile(workspace, name, args.read_back, &cancel).await?
    };
    app.terminal.clear();
    let differing = replications::differing(workspace, name, None, args.limit)?;
    let mut result = serde_json::to_value(&found).unwrap_or_default();
    result["contacts"] = serde_json::to_value(&differing.contacts).unwrap_or_default();
    app.output
        .result(&result, |_| text::reconciliation(&found, &differing));
    Ok(match found.differing {
        0 => Exit::AllWell,
        _ => Exit::SomeNeedALook,
    })
}

/// A plan as JSON, with the API calls that a run may make beside those that it needs.
#[derive(Serialize)]
struct PlanWithCalls<'a> {
    #[serde(flatten)]
    plan: &'a replications::PlanReport,
    #[serde(flatten)]
    room: Option<CallRoom>,
}

/// What is left of the org's API calls, where it has told.
#[derive(Serialize)]
struct CallRoom {
    /// Calls left within 24 hours, the reserve included.
    left: u64,
    /// Calls kept for other tools.
    reserve: u64,
    /// Whether the run needs no more than is left beside the reserve.
    fits: bool,
    /// Until when the calls last at the rate of the last hour, UTC milliseconds; null for a day or longer.
    until: Option<i64>,
}

impl PlanWithCalls<'_> {
    fn of(plan: &replications::PlanReport) -> PlanWithCalls<'_> {
        let room = plan.budget.map(|budget| CallRoom {
            left: budget.left(),
            reserve: budget.reserve,
            fits: plan.counts.calls <= budget.room,
            until: budget.lasts_until,
        });
        PlanWithCalls { plan, room }
    }
}

pub(super) fn show_plan(
    app: &App,
    workspace: &Workspace,
    args: &Plan,
    plan: &replications::PlanReport,
    group: &str,
) -> Result<()> {
    app.terminal.clear();
    let Some(listed) = args.show else {
        let remarked = if plan.remarked > 0 {
            replications::planned(workspace, &args.name, PlannedOf::Remarked, args.limit)?
        } else {
            Vec::new()
        };
        app.output.result(&PlanWithCalls::of(plan), |_| {
            format!(
                "{}{}",
                text::plan(plan, group),
                text::remarked(plan, &remarked)
            )
        });
        return Ok(());
    };
    let of = match listed {
        Listed::Create => PlannedOf::Decision(PlanDecision::Create),
        Listed::Update => PlannedOf::Decision(PlanDecision::Update),
        Listed::MatchPending => PlannedOf::Decision(PlanDecision::MatchPending),
        Listed::Blocked => PlannedOf::Decision(PlanDecision::Blocked),
        Listed::Remarks => PlannedOf::Remarked,
    };
    let contacts = replications::planned(workspace, &args.name, of, args.limit)?;
    let mut result = serde_json::to_value(PlanWithCalls::of(plan)).unwrap_or_default();
    result["contacts"] = serde_json::to_value(&contacts).unwrap_or_default();
    app.output.result(&result, |_| {
        format!("{}\n{}", text::plan(plan, group), text::planned(&contacts))
    });
    Ok(())
}

async fn watch(app: &App, workspace: &Workspace, names: &[String]) -> Result<Exit> {
    let cancel = Cancel::new();
    let asked = cancel.clone();
    interrupted(move || asked.cancel());
    let terminal = app.terminal.clone();
    let mut runs = 0_u64;
    let mut tell = |watched| match watched {
        Watched::Began => terminal.say("Watching. Press Ctrl-C to stop."),
        Watched::Ran(outcome) => {
            runs += 1;
            terminal.clear();
            terminal.say(&format!(
                "{}:\n{}",
                outcome.replication,
                text::run(&outcome).trim_end()
            ));
        }
        Watched::Pulled(outcome) => {
            runs += 1;
            terminal.clear();
            terminal.say(&format!(
                "{}:\n{}",
                outcome.pull,
                super::pulls::outcome_text(&outcome).trim_end()
            ));
        }
        Watched::PullFailed { pull, error } => {
            terminal.clear();
            terminal.say(&format!("{pull}:\n{}", in_words(&error)));
        }
        Watched::Failed { replication, error } => {
            terminal.clear();
            terminal.say(&format!("{replication}:\n{}", in_words(&error)));
        }
    };
    replications::watch(workspace, names, &cancel, &mut tell).await?;
    app.output.result(&json!({ "runs": runs }), |_| {
        format!("Finished after {}.\n", counted(runs, "run", "runs"))
    });
    Ok(Exit::AllWell)
}

pub(super) async fn send(
    app: &App,
    workspace: &Workspace,
    name: &str,
    wish: RunWish<'_>,
) -> Result<Exit> {
    let cancel = Cancel::new();
    let (asked, terminal) = (cancel.clone(), app.terminal.clone());
    interrupted(move || {
        terminal.say("Stopping after the current requests. Press Ctrl-C again to stop now.");
        asked.cancel();
    });
    let outcome = replications::run_as(workspace, name, wish, &cancel).await?;
    app.terminal.clear();
    let Reach::First(most) = wish.reach else {
        app.output.result(&outcome, text::run);
        return Ok(outcome.ending().into());
    };
    let check = match outcome.report.run {
        Some(run) => runs::check(workspace, run.0, most as usize).await?,
        None => RunCheck::default(),
    };
    let mut result = serde_json::to_value(&outcome).unwrap_or_default();
    result["check"] = serde_json::to_value(&check).unwrap_or_default();
    app.output.result(&result, |_| {
        format!("{}\n{}", text::run(&outcome), super::runs::checked(&check))
    });
    let ending = outcome.ending().into();
    Ok(match ending {
        Exit::AllWell if check.differing > 0 => Exit::SomeNeedALook,
        ending => ending,
    })
}
