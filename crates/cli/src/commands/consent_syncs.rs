//! `consent-syncs …`

use clap::{Args, Subcommand};
use leadferry_commands::consent_syncs::{
    self, AddConsentSync, ConsentFit, ConsentSyncChange, ConsentSyncInfo, ConsentTree, LineLevel,
    MapConsent, WaitingPage, WaitingRequest,
};
use leadferry_commands::local_time::LocalTime;
use leadferry_commands::replications::{Reach, ReplicationState, RunWish};
use leadferry_commands::{Result, Workspace, quoted};
use serde_json::json;

use super::replications::{self, Object, Plan, text};
use crate::app::App;
use crate::exit::Exit;
use crate::table::{Table, counted, grouped, pairs};

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Add a consent sync for leads or contacts.
    Add {
        /// Name.
        name: String,
        /// Records that receive consent.
        #[arg(long, value_enum)]
        object: Object,
        #[command(flatten)]
        settings: Settings,
    },
    /// List consent syncs.
    List,
    /// Change the settings of a consent sync.
    Set {
        /// Name of the consent sync.
        name: String,
        /// New name.
        #[arg(long, value_name = "NAME")]
        rename: Option<String>,
        #[command(flatten)]
        settings: Settings,
    },
    /// Show purposes and their fields, or set the field of one.
    Map {
        /// Name of the consent sync.
        name: String,
        /// Path of the purpose, preference or value; or `email_opt_out`, `phone_opt_out`, `fax_opt_out`.
        path: Option<String>,
        /// Field in Salesforce: a checkbox, or text or a picklist for a preference. Empty removes it.
        #[arg(requires = "path")]
        field: Option<String>,
        /// Tick the checkbox for a refusal instead of consent.
        #[arg(long, requires = "field")]
        negated: bool,
    },
    /// Check the mapped fields in Salesforce, or create missing ones and grant access.
    Fields {
        /// Name of the consent sync.
        name: String,
        /// Create missing fields.
        #[arg(long)]
        create: bool,
    },
    /// Plan a run without asking Salesforce.
    Plan(Plan),
    /// Plan a run, and match every contact in Salesforce.
    Match(Plan),
    /// Run now.
    Run {
        /// Name of the consent sync.
        name: String,
        /// Connection name, to confirm the first run to a production org.
        #[arg(long, value_name = "CONNECTION")]
        confirm: Option<String>,
        /// Send as many contacts as the remaining API calls allow.
        #[arg(long)]
        as_far_as_possible: bool,
    },
    /// List contacts whose consent waits for a record with their email.
    Waiting {
        /// Name of the consent sync.
        name: String,
        /// Maximum number of contacts.
        #[arg(long, default_value_t = 20, value_name = "N")]
        limit: usize,
    },
    /// Remove a consent sync, its queue and its history.
    Remove {
        /// Name of the consent sync.
        name: String,
    },
}

#[derive(Debug, Clone, Default, Args)]
pub(crate) struct Settings {
    /// Connection; empty removes it.
    #[arg(long)]
    connection: Option<String>,
    /// Enable or disable the consent sync.
    #[arg(long, value_name = "true|false")]
    enabled: Option<bool>,
    /// Create records for people without one; off by default.
    #[arg(long, value_name = "true|false")]
    upsert: Option<bool>,
    /// Last name of new records for contacts without one; required with --upsert true.
    #[arg(long, value_name = "TEXT")]
    default_last_name: Option<String>,
    /// Company of new leads for contacts without one; required with --upsert true.
    #[arg(long, value_name = "TEXT")]
    default_company: Option<String>,
    /// Schedule, while the app or `replications watch` is running: manual, "on change", "every 15 minutes",
    /// "at 08:00, 13:30".
    #[arg(long, value_name = "WHEN")]
    schedule: Option<String>,
}

impl Settings {
    fn change(&self) -> ConsentSyncChange {
        ConsentSyncChange {
            name: None,
            connection: self.connection.clone(),
            enabled: self.enabled,
            upsert: self.upsert,
            default_last_name: self.default_last_name.clone(),
            default_company: self.default_company.clone(),
            schedule: self.schedule.clone(),
        }
    }
}

pub(crate) async fn run(command: &Command, app: &App) -> Result<Exit> {
    let workspace = app.open()?;
    match command {
        Command::Add {
            name,
            object,
            settings,
        } => {
            let request = AddConsentSync {
                name: name.clone(),
                object: object.name().to_owned(),
                settings: settings.change(),
            };
            let added = consent_syncs::add(&workspace, &request)?;
            app.output.result(&added, |sync| {
                format!(
                    "Added \"{}\". To choose its fields, run:\n  leadferry-cli consent-syncs map {}\n",
                    sync.name,
                    quoted(&sync.name)
                )
            });
        }
        Command::List => {
            let all = consent_syncs::list(&workspace)?;
            app.output
                .result(&json!({ "consent_syncs": all }), |_| list(&all));
        }
        Command::Set {
            name,
            rename,
            settings,
        } => {
            let mut change = settings.change();
            change.name.clone_from(rename);
            let changed = consent_syncs::set(&workspace, name, &change)?;
            app.output.result(&changed, shown);
        }
        Command::Map {
            name,
            path: Some(path),
            field: Some(field),
            negated,
        } => {
            let request = MapConsent {
                name: name.clone(),
                path: path.clone(),
                field: Some(field.clone()),
                negated: *negated,
            };
            let grown = consent_syncs::map(&workspace, &request)?;
            app.output.result(&grown, tree);
        }
        Command::Map { name, path, .. } => {
            let mut grown = consent_syncs::tree(&workspace, name)?;
            if let Some(path) = path {
                let wanted = path.to_lowercase();
                grown
                    .lines
                    .retain(|line| line.path.to_lowercase().starts_with(&wanted));
            }
            app.output.result(&grown, tree);
        }
        Command::Fields { name, create } => {
            let prepared = consent_syncs::fields(&workspace, name, !create).await?;
            app.output.result(&prepared, text::prepared);
            return Ok(match prepared.ready {
                true => Exit::AllWell,
                false => Exit::Waiting,
            });
        }
        Command::Plan(args) => {
            let plan = consent_syncs::plan(&workspace, &args.name)?;
            replications::show_plan(app, &workspace, args, &plan, "consent-syncs")?;
        }
        Command::Match(args) => {
            let plan = consent_syncs::find_people(&workspace, &args.name).await?;
            replications::show_plan(app, &workspace, args, &plan, "consent-syncs")?;
        }
        Command::Run {
            name,
            confirm,
            as_far_as_possible,
        } => {
            let reach = match as_far_as_possible {
                true => Reach::AsFarAsItGets,
                false => Reach::Whole,
            };
            let wish = RunWish {
                confirm: confirm.as_deref(),
                reach,
                scheduled: false,
            };
            return send(app, &workspace, name, wish).await;
        }
        Command::Waiting { name, limit } => {
            let request = WaitingRequest {
                name: name.clone(),
                after: None,
                limit: *limit,
            };
            let page = consent_syncs::waiting(&workspace, &request)?;
            let local = LocalTime::of(&workspace)?;
            app.output.result(&page, |page| waiting(page, &local));
        }
        Command::Remove { name } => {
            consent_syncs::remove(&workspace, name)?;
            app.output
                .removed(name, (), || format!("Removed \"{name}\".\n"));
        }
    }
    Ok(Exit::AllWell)
}

/// Runs it as any replication; who waits for a match is told afterwards.
async fn send(app: &App, workspace: &Workspace, name: &str, wish: RunWish<'_>) -> Result<Exit> {
    consent_syncs::show(workspace, name)?;
    let exit = replications::send(app, workspace, name, wish).await?;
    let waiting = consent_syncs::show(workspace, name)?.waiting_for_match;
    if waiting > 0 {
        let contacts = counted(waiting, "contact is", "contacts are");
        app.terminal
            .say(&format!("{contacts} waiting for a match."));
    }
    Ok(exit)
}

fn list(all: &[ConsentSyncInfo]) -> String {
    let mut table = Table::new(&[
        "consent sync",
        "object",
        "connection",
        "mapped",
        "waiting for a match",
        "blocked",
        "state",
    ]);
    for sync in all {
        table.row([
            sync.name.clone(),
            sync.object.clone(),
            sync.connection.clone().unwrap_or_else(|| "none".to_owned()),
            grouped(sync.mapped as u64),
            grouped(sync.waiting_for_match),
            grouped(sync.standing.blocked),
            text::state(sync.standing.state).to_owned(),
        ]);
    }
    table.text("No consent syncs.")
}

fn shown(sync: &ConsentSyncInfo) -> String {
    let or_none = |text: &Option<String>| text.clone().unwrap_or_else(|| "none".to_owned());
    let missing = match sync.missing.as_slice() {
        [] => "none".to_owned(),
        fields => fields.join(", "),
    };
    let mut text = pairs(&[
        ("consent sync", sync.name.clone()),
        ("object", sync.object.clone()),
        ("connection", or_none(&sync.connection)),
        ("state", text::state(sync.standing.state).to_owned()),
        ("schedule", sync.schedule.clone()),
        ("creates records", yes(sync.upsert)),
        ("default last name", or_none(&sync.default_last_name)),
        ("default company", or_none(&sync.default_company)),
        ("mapped", grouped(sync.mapped as u64)),
        ("missing fields", missing),
        ("waiting for a match", grouped(sync.waiting_for_match)),
    ]);
    if sync.connection.is_some() && sync.standing.state == ReplicationState::NeedsSetUp {
        text.push_str(&format!(
            "To see what Salesforce lacks, run:\n  leadferry-cli consent-syncs fields {}\n",
            quoted(&sync.name)
        ));
    }
    text
}

fn yes(yes: bool) -> String {
    if yes { "yes" } else { "no" }.to_owned()
}

fn tree(tree: &ConsentTree) -> String {
    let mut table = Table::new(&["consent", "needs", "field", "state"]);
    for line in &tree.lines {
        let indent = match line.level {
            LineLevel::OptOut | LineLevel::Purpose => "",
            LineLevel::Preference => "  ",
            LineLevel::PreferenceValue => "    ",
        };
        let name = match line.level {
            LineLevel::OptOut => &line.path,
            _ => &line.label,
        };
        let needs = match line.fits {
            ConsentFit::Checkbox => "checkbox",
            ConsentFit::Text => "text or picklist",
        };
        let field = line.field.clone().unwrap_or_default();
        let state = match (&line.trouble, line.missing, field.is_empty()) {
            (Some(trouble), ..) => trouble.clone(),
            (None, true, _) => "missing in Salesforce".to_owned(),
            (None, false, true) => "not mapped".to_owned(),
            _ if line.negated => "negated".to_owned(),
            _ => String::new(),
        };
        table.row([format!("{indent}{name}"), needs.to_owned(), field, state]);
    }
    table.text("No purposes.")
}

fn waiting(page: &WaitingPage, local: &LocalTime) -> String {
    let mut table = Table::new(&["contact", "email", "last checked"]);
    for one in &page.contacts {
        table.row([
            one.person.name.clone(),
            one.person.email.clone().unwrap_or_default(),
            local.moment(one.asked_at),
        ]);
    }
    let more = page.total.saturating_sub(page.contacts.len() as u64);
    let mut text = table.text("No contacts are waiting for a match.");
    if more > 0 {
        text.push_str(&format!("and {} more\n", grouped(more)));
    }
    text
}
