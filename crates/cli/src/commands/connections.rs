//! `connections …`

use clap::{Args, Subcommand, ValueEnum};
use leadferry_commands::connections::{
    self, AddConnection, Authorize, ChangeConnection, ConnectionCheck, Flow, Tested, check,
};
use leadferry_commands::doctor::Finding;
use leadferry_commands::{Code, Error, Result, quoted, sentence};
use secrecy::SecretString;
use serde_json::json;

use crate::app::App;
use crate::exit::Exit;
use crate::table::{Table, counted, grouped, pairs};

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Add a connection. The practice org is signed in to right away.
    Add(Add),
    /// Sign in with the browser.
    Authorize {
        /// Name of the connection.
        name: String,
        /// Print the address instead of opening the browser.
        #[arg(long)]
        no_browser: bool,
    },
    /// List the connections.
    List,
    /// Test a connection and refresh its fields and limits.
    Test {
        /// Name of the connection.
        name: String,
    },
    /// Check everything that a connection needs, and say who can fix what.
    ///
    /// Looks at sign-in, scopes, permissions on objects and fields, identifiers, duplicate rules, API version, clock, edition,
    /// API calls, storage, IP address and proxy. Uses about 8 API calls.
    Check {
        /// Name of the connection.
        name: String,
    },
    /// Show or set the proxy of this computer.
    Proxy {
        /// "system", "none", or an address, for example proxy.acme.com:8080.
        proxy: Option<String>,
    },
    /// Change a connection's name, host or app.
    Set(Set),
    /// Remove a connection and its secrets, and revoke its sign-in.
    Remove {
        /// Name of the connection.
        name: String,
    },
}

#[derive(Debug, Args)]
pub(crate) struct Add {
    /// Name of the connection.
    name: String,
    /// How it signs in.
    #[arg(long, value_enum, default_value_t = FlowName::Browser)]
    flow: FlowName,
    /// My Domain of the org: acme or acme.my.salesforce.com.
    #[arg(long)]
    host: Option<String>,
    /// Consumer key of the app in the org.
    #[arg(long)]
    client_id: Option<String>,
    /// Read the app's consumer secret from standard input.
    #[arg(long)]
    client_secret_stdin: bool,
    /// Port of the callback URL, if the app uses its own.
    #[arg(long, value_name = "PORT")]
    callback_port: Option<u16>,
}

#[derive(Debug, Args)]
pub(crate) struct Set {
    /// Name of the connection.
    name: String,
    /// New name.
    #[arg(long, value_name = "NAME")]
    rename: Option<String>,
    /// My Domain of the org: acme or acme.my.salesforce.com. Sign in again afterward.
    #[arg(long)]
    host: Option<String>,
    /// Consumer key of the app in the org. Sign in again afterward.
    #[arg(long)]
    client_id: Option<String>,
    /// Read the app's consumer secret from standard input.
    #[arg(long, conflicts_with = "no_client_secret")]
    client_secret_stdin: bool,
    /// Remove the saved consumer secret.
    #[arg(long)]
    no_client_secret: bool,
    /// Port of the callback URL. 0 restores the default.
    #[arg(long, value_name = "PORT")]
    callback_port: Option<u16>,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum FlowName {
    /// Sign in with the browser.
    Browser,
    /// Sign in as the app's own user.
    ClientCredentials,
    /// Use the practice org beside the workspace.
    Practice,
}

pub(crate) async fn run(command: &Command, app: &App) -> Result<Exit> {
    let workspace = app.open()?;
    match command {
        Command::Add(args) => {
            let added = connections::add(&workspace, &request(args)?).await?;
            app.output.result(&added, |added| match &added.org_name {
                Some(org) => format!("Added \"{}\", signed in to {org}.\n", added.name),
                None if added.flow == Flow::Browser => {
                    format!(
                        "Added \"{}\". To sign in, run:\n  leadferry-cli connections authorize {}\n",
                        added.name,
                        quoted(&added.name)
                    )
                }
                None => format!(
                    "Added \"{}\". To test it, run:\n  leadferry-cli connections test {}\n",
                    added.name,
                    quoted(&added.name)
                ),
            });
        }
        Command::Authorize { name, no_browser } => {
            let how = Authorize {
                open_browser: !no_browser,
                key_pasted_at: None,
            };
            let signed_in = connections::authorize(&workspace, name, how).await?;
            app.output.result(&signed_in, |connection| {
                let org = connection.org_name.as_ref().or(connection.org_id.as_ref());
                format!(
                    "\"{}\" is signed in to {}.\n",
                    connection.name,
                    org.cloned().unwrap_or_default()
                )
            });
        }
        Command::List => list(app, &workspace)?,
        Command::Test { name } => app
            .output
            .result(&connections::test(&workspace, name).await?, tested),
        Command::Check { name } => {
            let check = connections::check(&workspace, name).await?;
            app.output.result(&check, checked);
            return Ok(check.failed().map_or(Exit::AllWell, Exit::of));
        }
        Command::Proxy { proxy } => {
            let setting = match proxy {
                Some(text) => connections::set_proxy(&app.host().environment, text)?,
                None => connections::proxy(),
            };
            app.output
                .result(&setting, |setting| format!("Proxy: {}\n", setting.proxy));
        }
        Command::Set(args) => {
            let changed = connections::set(&workspace, &args.name, &change(args)?).await?;
            app.output
                .result(&changed, |changed| format!("Saved \"{}\".\n", changed.name));
        }
        Command::Remove { name } => {
            let removed = connections::remove(&workspace, name).await?;
            let more = json!({ "revoked": removed.revoked });
            app.output.removed(&removed.name, more, || {
                let revoked = if removed.revoked {
                    " and revoked its sign-in"
                } else {
                    ""
                };
                format!("Removed \"{}\"{revoked}.\n", removed.name)
            });
        }
    }
    Ok(Exit::AllWell)
}

fn request(args: &Add) -> Result<AddConnection> {
    let client_secret = if args.client_secret_stdin {
        Some(secret_from_stdin()?)
    } else {
        None
    };
    Ok(AddConnection {
        name: args.name.clone(),
        flow: match args.flow {
            FlowName::Browser => Flow::Browser,
            FlowName::ClientCredentials => Flow::ClientCredentials,
            FlowName::Practice => Flow::Practice,
        },
        host: args.host.clone(),
        client_id: args.client_id.clone(),
        client_secret,
        callback_port: args.callback_port,
    })
}

fn change(args: &Set) -> Result<ChangeConnection> {
    let client_secret = match (args.client_secret_stdin, args.no_client_secret) {
        (true, _) => Some(secret_from_stdin()?),
        (_, true) => Some(SecretString::from("")),
        _ => None,
    };
    let change = ChangeConnection {
        name: args.rename.clone(),
        host: args.host.clone(),
        client_id: args.client_id.clone(),
        client_secret,
        callback_port: args.callback_port,
    };
    let says_nothing = change.name.is_none()
        && change.host.is_none()
        && change.client_id.is_none()
        && change.client_secret.is_none()
        && change.callback_port.is_none();
    if says_nothing {
        return Err(Error::usage(
            "There's nothing to change.",
            "Add what to change, such as --rename or --host.",
        ));
    }
    Ok(change)
}

fn secret_from_stdin() -> Result<SecretString> {
    let mut line = String::new();
    let read = std::io::stdin().read_line(&mut line);
    read.map_err(|error| {
        Error::new(
            Code::Usage,
            "the secret couldn't be read",
            "enter the secret on standard input",
        )
        .because(error.to_string())
    })?;
    let secret = line.trim();
    if secret.is_empty() {
        return Err(Error::usage(
            "standard input is empty",
            "enter the secret on one line",
        ));
    }
    Ok(SecretString::from(secret))
}

fn list(app: &App, workspace: &leadferry_commands::Workspace) -> Result<()> {
    let all = connections::list(workspace)?;
    app.output.result(&json!({ "connections": all }), |_| {
        let mut table = Table::new(&["name", "flow", "org", "user", "calls used", "of"]);
        for one in &all {
            let (connection, calls) = (&one.connection, one.budget);
            let org = connection.org_name.clone().or(connection.org_id.clone());
            table.row([
                connection.name.clone(),
                connection.flow.name().to_owned(),
                org.unwrap_or_else(|| "not signed in".to_owned()),
                connection.username.clone().unwrap_or_default(),
                calls.map(|calls| grouped(calls.used)).unwrap_or_default(),
                calls.map(|calls| grouped(calls.max)).unwrap_or_default(),
            ]);
        }
        table.text("No connections yet.")
    });
    Ok(())
}

/// Lists names, but not a whole object's.
fn first(names: &[String]) -> String {
    const MOST: usize = 20;
    let shown = names[..names.len().min(MOST)].join(", ");
    match names.len().saturating_sub(MOST) {
        0 => shown,
        more => format!("{shown} and {more} more"),
    }
}

fn checked(check: &ConnectionCheck) -> String {
    let mut text = String::new();
    for line in &check.lines {
        let sign = match line.finding {
            Finding::Ok => "ok    ",
            Finding::Look => "check ",
            Finding::Failed => "failed",
        };
        text.push_str(&format!("{sign}  {}: {}\n", line.what, line.text));
        if !line.cure.is_empty() {
            text.push_str(&format!("        To do: {}\n", sentence(&line.cure)));
        }
        if let Some(who) = line.who {
            text.push_str(&format!("        Who:   {}\n", sentence(who.in_words())));
        }
        if let Some(command) = &line.command {
            text.push_str(&format!("        Run:   leadferry-cli {command}\n"));
        }
        if let Some(note) = line.note.as_ref().filter(|_| line.finding != Finding::Ok) {
            text.push_str("        Note for your admin:\n");
            let lines = note
                .lines()
                .map(|line| format!("          {line}").trim_end().to_owned() + "\n");
            text.extend(lines);
        }
    }
    text.push_str(&format!("\n{}\n", check::cost_in_words(check)));
    text
}

fn tested(tested: &Tested) -> String {
    let connection = &tested.connection;
    let calls = tested
        .budget
        .map(|calls| format!("{} of {}", grouped(calls.used), grouped(calls.max)));
    let mut text = pairs(&[
        ("Org", connection.org_name.clone().unwrap_or_default()),
        ("Org id", connection.org_id.clone().unwrap_or_default()),
        ("Edition", connection.edition.clone().unwrap_or_default()),
        ("User", connection.username.clone().unwrap_or_default()),
        (
            "API version",
            connection
                .api_version
                .map(|version| format!("v{version}.0"))
                .unwrap_or_default(),
        ),
        ("Calls used", calls.unwrap_or_default()),
        (
            "Storage left",
            tested
                .storage_left_mb
                .map(|left| format!("{} MB", grouped(left.max(0).unsigned_abs())))
                .unwrap_or_default(),
        ),
    ]);
    for describe in &tested.describes {
        let news = match describe.changed {
            Some(true) => "changed since the last check",
            Some(false) => "unchanged",
            None => "first read",
        };
        text.push_str(&format!(
            "{}: {}, {news}\n",
            describe.object,
            counted(describe.fields as u64, "field", "fields")
        ));
        let named = [
            ("Gone", &describe.gone),
            ("New", &describe.new),
            ("Changed", &describe.altered),
        ];
        for (what, fields) in named.into_iter().filter(|(_, fields)| !fields.is_empty()) {
            text.push_str(&format!("  {what}: {}\n", first(fields)));
        }
    }
    text
}
