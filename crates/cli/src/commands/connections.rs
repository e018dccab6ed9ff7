//! `connections …`

use clap::{Args, Subcommand, ValueEnum};
use leadferry_commands::connections::{self, AddConnection, Authorize, Flow, Tested};
use leadferry_commands::{Code, Error, Result, quoted};
use secrecy::SecretString;
use serde_json::json;

use crate::app::App;
use crate::exit::Exit;
use crate::table::{Table, grouped, pairs};

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Add an org; the practice org is signed in to at once.
    Add(Add),
    /// Sign in: prints the address, opens the browser, and waits.
    Authorize {
        /// The connection.
        name: String,
        /// Only print the address.
        #[arg(long)]
        no_browser: bool,
    },
    /// List the connections.
    List,
    /// Ask the org who is signed in, and refresh its fields and limits.
    Test {
        /// The connection.
        name: String,
    },
    /// Remove a connection with its secrets, and revoke its sign-in.
    Remove {
        /// The connection.
        name: String,
    },
}

#[derive(Debug, Args)]
pub(crate) struct Add {
    /// A name for the connection.
    name: String,
    /// How it signs in.
    #[arg(long, value_enum, default_value_t = FlowName::Browser)]
    flow: FlowName,
    /// The org: acme, acme.my.salesforce.com or an address there.
    #[arg(long)]
    host: Option<String>,
    /// Consumer key of the app in the org.
    #[arg(long)]
    client_id: Option<String>,
    /// Read the app's consumer secret from standard input.
    #[arg(long)]
    client_secret_stdin: bool,
    /// Port of the callback address, where the app lists one of its own.
    #[arg(long, value_name = "PORT")]
    callback_port: Option<u16>,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum FlowName {
    /// Sign in with the browser.
    Browser,
    /// The app signs in as its own user.
    ClientCredentials,
    /// The practice org beside the workspace.
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
                        "Added \"{}\". Sign in with `connections authorize {}`.\n",
                        added.name,
                        quoted(&added.name)
                    )
                }
                None => format!(
                    "Added \"{}\". Try it with `connections test {}`.\n",
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
        Command::Remove { name } => {
            let removed = connections::remove(&workspace, name).await?;
            app.output.result(&removed, |removed| {
                let revoked = if removed.revoked {
                    ", and its sign-in was revoked"
                } else {
                    ""
                };
                format!("\"{}\" is removed{revoked}.\n", removed.name)
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

fn secret_from_stdin() -> Result<SecretString> {
    let mut line = String::new();
    let read = std::io::stdin().read_line(&mut line);
    read.map_err(|error| {
        Error::new(
            Code::Usage,
            "no secret could be read",
            "give it on standard input",
        )
        .because(error.to_string())
    })?;
    let secret = line.trim();
    if secret.is_empty() {
        return Err(Error::usage(
            "standard input holds no secret",
            "give it there, on one line",
        ));
    }
    Ok(SecretString::from(secret))
}

fn list(app: &App, workspace: &leadferry_commands::Workspace) -> Result<()> {
    let all = connections::list(workspace)?;
    app.output.result(&json!({ "connections": all }), |_| {
        let mut table = Table::new(&["name", "flow", "org", "user", "calls used", "of"]);
        for connection in &all {
            let org = connection.org_name.clone().or(connection.org_id.clone());
            let calls = connection.allowance;
            table.row([
                connection.name.clone(),
                connection.flow.name().to_owned(),
                org.unwrap_or_else(|| "not signed in".to_owned()),
                connection.username.clone().unwrap_or_default(),
                calls.map(|calls| grouped(calls.used)).unwrap_or_default(),
                calls.map(|calls| grouped(calls.max)).unwrap_or_default(),
            ]);
        }
        table.text("There is no connection.")
    });
    Ok(())
}

fn tested(tested: &Tested) -> String {
    let connection = &tested.connection;
    let calls = tested
        .allowance
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
            "Storage left in MB",
            tested
                .storage_left_mb
                .map(|left| left.to_string())
                .unwrap_or_default(),
        ),
    ]);
    for describe in &tested.describes {
        let news = if describe.changed {
            "changed"
        } else {
            "as before"
        };
        text.push_str(&format!(
            "{}: {} fields, {news}\n",
            describe.object, describe.fields
        ));
    }
    text
}
