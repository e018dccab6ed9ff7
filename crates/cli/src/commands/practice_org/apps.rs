//! `practice-org apps …`: which apps may sign in to the practice org, and how.

use std::path::{Path, PathBuf};

use clap::{Args, Subcommand, ValueEnum};
use leadferry_commands::practice::{self, AppChange};
use leadferry_commands::{Code, Error, Result, Workspace};
use serde_json::{Value, json};

use super::plain;
use crate::app::App;
use crate::table::Table;

#[derive(Debug, Subcommand)]
pub(crate) enum Apps {
    /// List the apps.
    List,
    /// Change the org's own app, or the one of --client-id.
    Set(Set),
}

#[derive(Debug, Args)]
pub(crate) struct Set {
    /// Consumer key of the app.
    #[arg(long)]
    client_id: Option<String>,
    /// Let the app's users sign in with the key of this certificate.
    #[arg(long, value_name = "FILE", conflicts_with = "no_certificate")]
    certificate: Option<PathBuf>,
    /// Remove the certificate.
    #[arg(long)]
    no_certificate: bool,
    /// Let only approved users use the app, this one among them.
    #[arg(long, value_name = "USERNAME", conflicts_with = "all_users")]
    approve: Vec<String>,
    /// Let only approved users use the app, and nobody is.
    #[arg(long, conflicts_with_all = ["approve", "all_users"])]
    approve_nobody: bool,
    /// Let every user use the app who allows it in the browser.
    #[arg(long)]
    all_users: bool,
    /// Allow or block signing in with a password.
    #[arg(long, value_enum)]
    password_flow: Option<Toggle>,
    /// What users have to write behind their password. An empty text removes it.
    #[arg(long, value_name = "TOKEN")]
    security_token: Option<String>,
    /// Scopes of the app.
    #[arg(long, value_name = "SCOPE", num_args = 1..)]
    scopes: Option<Vec<String>>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Toggle {
    /// Allow it.
    On,
    /// Block it.
    Off,
}

pub(super) async fn run(command: &Apps, workspace: &Workspace, app: &App) -> Result<()> {
    match command {
        Apps::List => {
            let apps = practice::apps(workspace).await?;
            app.output
                .result(&json!({ "apps": apps }), |_| table(&apps));
        }
        Apps::Set(args) => {
            let client_id = args.client_id.as_deref();
            let changed = practice::change_app(workspace, client_id, &change(args)?).await?;
            app.output.result(&changed, |changed| {
                format!("Saved the app {}.\n", plain(&changed["client_id"]))
            });
        }
    }
    Ok(())
}

fn change(args: &Set) -> Result<AppChange> {
    let (admin_approved_only, approved_users) = match (args.all_users, args.approve_nobody) {
        (true, _) => (Some(false), Some(Vec::new())),
        (_, true) => (Some(true), Some(Vec::new())),
        _ if args.approve.is_empty() => (None, None),
        _ => (Some(true), Some(args.approve.clone())),
    };
    let certificate = match (&args.certificate, args.no_certificate) {
        (_, true) => Some(String::new()),
        (Some(path), _) => Some(read(path)?),
        _ => None,
    };
    Ok(AppChange {
        certificate,
        admin_approved_only,
        approved_users,
        password_flow: args.password_flow.map(|toggle| toggle == Toggle::On),
        security_token: args.security_token.clone(),
        scopes: args.scopes.clone(),
    })
}

fn read(path: &Path) -> Result<String> {
    leadferry_commands::files::read_text(path).map_err(|error| {
        Error::new(
            Code::Local,
            format!("couldn't read {}", path.display()),
            "check the path",
        )
        .because(error.to_string())
    })
}

fn table(apps: &Value) -> String {
    let mut table = Table::new(&["client id", "key", "password", "users", "scopes"]);
    let on = |value: bool, yes: &str| {
        if value {
            yes.to_owned()
        } else {
            "off".to_owned()
        }
    };
    let list = |value: &Value, between: &str| {
        let items = value.as_array().into_iter().flatten().map(plain);
        items.collect::<Vec<_>>().join(between)
    };
    for app in apps.as_array().into_iter().flatten() {
        let users = match app["admin_approved_only"] == true {
            true => format!("approved: {}", list(&app["approved_users"], ", ")),
            false => "all".to_owned(),
        };
        table.row([
            plain(&app["client_id"]),
            on(app["certificate"].is_string(), "on"),
            on(app["password_flow"] == true, "on"),
            users,
            list(&app["scopes"], " "),
        ]);
    }
    table.text("No apps.")
}
