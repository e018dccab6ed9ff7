//! `connections …`

mod keys;
mod typed;
mod users;

use std::path::PathBuf;

use clap::{Args, Subcommand, ValueEnum};
use leadferry_commands::connections::{
    self, AddConnection, Authorize, CallbackCheck, ChangeConnection, ChangedField, Connection,
    ConnectionCheck, Flow, Generation, GuideRequest, Revoked, SaveGuide, ScopePreset,
    ShownAssertion, Tested, check,
};
use leadferry_commands::doctor::Finding;
use leadferry_commands::{Error, Result, Workspace, quoted, sentence};
use secrecy::SecretString;
use serde_json::json;
use typed::typed;
use users::{Given, User, with_option};

use crate::app::App;
use crate::exit::Exit;
use crate::table::{Table, counted, grouped, pairs};

const ON_STDIN: &str = "Several secrets on standard input are read in this order, one per line: passphrase of the key file, \
    passphrase of the key, consumer secret, password, security token.";

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Add a connection. The practice org is signed in to right away.
    #[command(after_long_help = ON_STDIN)]
    Add(Add),
    /// Sign in: with the browser, or as the connection does by itself.
    Authorize {
        /// Name of the connection.
        name: String,
        /// Print the address instead of opening the browser.
        #[arg(long)]
        no_browser: bool,
    },
    /// List the connections.
    List,
    /// Show what to set up in Salesforce, step by step, with every value to enter there.
    Guide(Guide),
    /// Test a connection and refresh its fields and limits.
    Test {
        /// Name of the connection.
        name: String,
    },
    /// Check everything that a connection needs, and say who can fix what.
    ///
    /// Looks at sign-in, scopes, permissions on objects and fields, identifiers, duplicate rules, API version, clock, edition,
    /// API calls, storage, IP address and proxy. Uses about 8 API calls, and one for each further object that is pulled.
    Check {
        /// Name of the connection.
        name: String,
    },
    /// Show or set the proxy of this computer.
    Proxy {
        /// "system", "none", or an address, for example proxy.acme.com:8080.
        proxy: Option<String>,
    },
    /// Change a connection's name, host, app or way to sign in.
    #[command(after_long_help = ON_STDIN)]
    Set(Set),
    /// End a connection's sign-in in the org and forget it here. The connection stays.
    Revoke {
        /// Name of the connection.
        name: String,
    },
    /// Show what a connection with a key signs in with, decoded and without its signature.
    Assertion {
        /// Name of the connection.
        name: String,
    },
    /// Manage keys for signing in.
    #[command(subcommand)]
    Keys(keys::Command),
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
    #[arg(long, visible_alias = "secret-stdin")]
    client_secret_stdin: bool,
    /// Port of the callback URL, if the app uses its own.
    #[arg(long, visible_alias = "port", value_name = "PORT")]
    callback_port: Option<u16>,
    #[command(flatten)]
    user: User,
}

#[derive(Debug, Args)]
pub(crate) struct Guide {
    /// How the connection signs in.
    #[arg(long, value_enum, default_value_t = FlowName::Browser)]
    flow: FlowName,
    /// Where the app is created; the newest place that has the flow by default.
    #[arg(long, value_enum)]
    generation: Option<GenerationName>,
    /// Scopes that the app gets.
    #[arg(long, value_enum, default_value_t = ScopesName::Needed)]
    scopes: ScopesName,
    /// Port of the callback URL, if the app uses its own.
    #[arg(long, value_name = "PORT")]
    callback_port: Option<u16>,
    /// Contact email of the app.
    #[arg(long, value_name = "EMAIL")]
    email: Option<String>,
    /// Save it as a page to print, for your Salesforce admin.
    #[arg(long, value_name = "FILE")]
    save: Option<PathBuf>,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum GenerationName {
    /// An External Client App.
    ExternalClientApp,
    /// A connected app, in Lightning.
    Lightning,
    /// A connected app, in Salesforce Classic.
    Classic,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum ScopesName {
    /// Only what the flow needs.
    Needed,
    /// Full access and a refresh token.
    Full,
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
    #[arg(
        long,
        visible_alias = "secret-stdin",
        conflicts_with = "no_client_secret"
    )]
    client_secret_stdin: bool,
    /// Remove the saved consumer secret.
    #[arg(long)]
    no_client_secret: bool,
    /// Port of the callback URL. 0 restores the default.
    #[arg(long, visible_alias = "port", value_name = "PORT")]
    callback_port: Option<u16>,
    /// How it signs in. Host and app stay.
    #[arg(long, value_enum)]
    flow: Option<FlowName>,
    #[command(flatten)]
    user: User,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum FlowName {
    /// Sign in with the browser.
    Browser,
    /// Sign in as the app's own user.
    ClientCredentials,
    /// Sign in with a key whose certificate the app trusts.
    Jwt,
    /// Sign in with a username and password. Discouraged: new orgs block it.
    Password,
    /// Use the practice org beside the workspace.
    Practice,
}

impl FlowName {
    fn flow(self) -> Flow {
        match self {
            FlowName::Browser => Flow::Browser,
            FlowName::ClientCredentials => Flow::ClientCredentials,
            FlowName::Jwt => Flow::Jwt,
            FlowName::Password => Flow::Password,
            FlowName::Practice => Flow::Practice,
        }
    }
}

pub(crate) async fn run(command: &Command, app: &App) -> Result<Exit> {
    // A guide is often read before there is a workspace.
    if let Command::Guide(args) = command {
        return guide(app, args);
    }
    let workspace = app.open()?;
    match command {
        Command::Add(args) => {
            let given = args.user.given(&workspace, &args.name).await?;
            let request = request(args, &given)?;
            let callback = checked_callback(args.callback_port).await?;
            let result = connections::add(&workspace, &request)
                .await
                .map_err(with_option);
            let added = given.keep_if(&workspace, result)?;
            let notes = notes(args.host.as_deref(), callback.as_ref());
            app.output
                .result(&added, |added| format!("{}{notes}", told(added, &given)));
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
        Command::Guide(_) => {}
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
            let given = args.user.given(&workspace, &args.name).await?;
            let change = change(args, &given)?;
            let callback = checked_callback(args.callback_port).await?;
            let result = connections::set(&workspace, &args.name, &change)
                .await
                .map_err(with_option);
            let changed = given.keep_if(&workspace, result)?;
            app.output.result(&changed, |changed| {
                format!(
                    "Saved \"{}\".\n{}{}",
                    changed.name,
                    given.told(),
                    notes(args.host.as_deref(), callback.as_ref())
                )
            });
        }
        Command::Revoke { name } => {
            let revoked = connections::revoke(&workspace, name).await?;
            app.output.result(&revoked, revoked_in_words);
        }
        Command::Assertion { name } => app
            .output
            .result(&connections::assertion(&workspace, name)?, shown),
        Command::Keys(command) => keys::run(command, &workspace, app).await?,
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

fn guide(app: &App, args: &Guide) -> Result<Exit> {
    let request = GuideRequest {
        flow: args.flow.flow(),
        generation: args.generation.map(|name| match name {
            GenerationName::ExternalClientApp => Generation::ExternalClientApp,
            GenerationName::Lightning => Generation::Lightning,
            GenerationName::Classic => Generation::Classic,
        }),
        scopes: Some(match args.scopes {
            ScopesName::Needed => ScopePreset::Needed,
            ScopesName::Full => ScopePreset::Full,
        }),
        callback_port: args.callback_port,
        contact_email: args.email.clone(),
    };
    let guide = connections::guide(&request)?;
    if let Some(place) = &args.save {
        connections::save_guide(&SaveGuide {
            guide: request,
            place: place.clone(),
        })?;
    }
    app.output.result(&guide, |guide| match &args.save {
        Some(place) => format!("Saved the setup guide to {}.\n", place.display()),
        None => guide.text.clone(),
    });
    Ok(Exit::AllWell)
}

fn request(args: &Add, given: &Given) -> Result<AddConnection> {
    let client_secret = typed(args.client_secret_stdin, "Consumer secret")?;
    Ok(AddConnection {
        name: args.name.clone(),
        flow: args.flow.flow(),
        host: args.host.clone(),
        client_id: args.client_id.clone(),
        client_secret,
        callback_port: args.callback_port,
        user: args.user.sign_in(given)?,
    })
}

fn change(args: &Set, given: &Given) -> Result<ChangeConnection> {
    let client_secret = match args.no_client_secret {
        true => Some(SecretString::from("")),
        false => typed(args.client_secret_stdin, "Consumer secret")?,
    };
    let says_nothing = args.rename.is_none()
        && args.host.is_none()
        && args.client_id.is_none()
        && args.callback_port.is_none()
        && args.flow.is_none()
        && client_secret.is_none()
        && args.user.says_nothing();
    if says_nothing {
        return Err(Error::usage(
            "There's nothing to change.",
            "Add what to change, such as --rename or --host.",
        ));
    }
    Ok(ChangeConnection {
        name: args.rename.clone(),
        host: args.host.clone(),
        client_id: args.client_id.clone(),
        client_secret,
        callback_port: args.callback_port,
        flow: args.flow.map(FlowName::flow),
        user: args.user.sign_in(given)?,
    })
}

/// Refuses a port that can't be used for the callback, and tells what it becomes.
async fn checked_callback(port: Option<u16>) -> Result<Option<CallbackCheck>> {
    match port {
        Some(port) => Ok(Some(connections::check_callback(port).await?)),
        None => Ok(None),
    }
}

/// Says how an address was understood, and what a port of one's own needs in Salesforce.
fn notes(host: Option<&str>, callback: Option<&CallbackCheck>) -> String {
    let mut notes = String::new();
    if let Some(note) = host
        .map(|text| connections::host(text).note)
        .filter(|note| !note.is_empty())
    {
        notes = format!("{note}\n");
    }
    if let Some(CallbackCheck { callback, free }) = callback {
        notes += &format!("Enter {callback} as the callback URL of the app in Salesforce, too.\n");
        if !free {
            notes += "The port is in use now. It has to be free when you sign in.\n";
        }
    }
    notes
}

fn told(added: &Connection, given: &Given) -> String {
    let name = quoted(&added.name);
    let next = match (&added.org_name, added.flow) {
        (Some(org), _) => return format!("Added \"{}\", signed in to {org}.\n", added.name),
        (None, Flow::Browser | Flow::Jwt | Flow::Password) => {
            format!("To sign in, run:\n  leadferry-cli connections authorize {name}\n")
        }
        _ => format!("To test it, run:\n  leadferry-cli connections test {name}\n"),
    };
    format!("Added \"{}\". {}{next}", added.name, given.told())
}

fn revoked_in_words(revoked: &Revoked) -> String {
    let name = &revoked.connection.name;
    let done = match (revoked.revoked, &revoked.connection.host) {
        (true, _) => format!("Revoked the sign-in of \"{name}\".\n"),
        (false, Some(host)) if !revoked.signs_in_again => format!(
            "Nothing was revoked: no sign-in of \"{name}\" to {host} is stored on this computer.\n\
             If you signed in through another address or on another computer, revoke that sign-in in the org: Setup > \
             Connected Apps OAuth Usage.\n"
        ),
        (false, _) => format!("Nothing was revoked: \"{name}\" had no open session.\n"),
    };
    match revoked.signs_in_again {
        true => format!(
            "{done}It signs in again by itself at the next run. To end that, remove the connection.\n"
        ),
        false => done,
    }
}

fn shown(assertion: &ShownAssertion) -> String {
    let part = |value| serde_json::to_string_pretty(value).unwrap_or_default();
    let mut text = format!(
        "Header:\n{}\nClaims:\n{}\n\n",
        part(&assertion.header),
        part(&assertion.claims)
    );
    let key = assertion.key.as_ref();
    text.push_str(&pairs(&[
        ("Sent to", assertion.sent_to.clone()),
        ("Valid for", {
            let seconds = (assertion.expires_at - assertion.made_at) / 1000;
            counted(seconds.unsigned_abs(), "second", "seconds")
        }),
        ("Key", key.map(|key| key.name.clone()).unwrap_or_default()),
        ("Certificate SHA-256", {
            let certificate = key.and_then(|key| key.certificate.as_ref());
            certificate
                .map(|one| one.sha256.clone())
                .unwrap_or_default()
        }),
    ]));
    for warning in &assertion.warnings {
        text.push_str(&format!("{} {}\n", warning.text, warning.cure));
    }
    text
}

fn list(app: &App, workspace: &Workspace) -> Result<()> {
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
        let mut text = table.text("No connections yet.");
        for one in &all {
            if let Some(warning) = &one.certificate_warning {
                let name = &one.connection.name;
                text.push_str(&format!("{name}: {} {}\n", warning.text, warning.cure));
            }
        }
        text
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
    text.push_str(&changed_fields(&tested.drift));
    text
}

/// Lists changed fields with who uses them; nothing where there are none.
pub(super) fn changed_fields(changed: &[ChangedField]) -> String {
    if changed.is_empty() {
        return String::new();
    }
    let mut text = format!(
        "{} changed in Salesforce:\n",
        counted(
            changed.len() as u64,
            "field that is used here",
            "fields that are used here"
        )
    );
    for field in changed {
        text.push_str(&format!(
            "  {}.{}: {}\n",
            field.object, field.field, field.change
        ));
        for user in &field.used_by {
            text.push_str(&format!(
                "    {} {}: {} {}\n",
                user.kind.noun(),
                quoted(&user.name),
                user.effect,
                user.cure
            ));
        }
    }
    text
}
