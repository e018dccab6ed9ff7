//! What works with a connection and what doesn't: each thing looked at, what was seen, who can cure it, and how.

mod judging;
mod seen;

use leadferry_store::{Connection, ConnectionFacts, SeenAddress, grouped};
use serde::Serialize;

use super::{ask, record_trouble};
use crate::diagnosis::{self, Who};
use crate::doctor::Finding;
use crate::orgs::keep_allowance;
use crate::{Code, Error, Result, Workspace};
use seen::Seen;

/// What a check has found.
#[derive(Debug, Clone, Serialize, ts_rs::TS)]
pub struct ConnectionCheck {
    /// The connection as it is now.
    pub connection: Connection,
    /// What was looked at, in order.
    pub lines: Vec<CheckLine>,
    /// API calls that the check has used.
    pub calls: u64,
    /// When, UTC milliseconds.
    pub at: i64,
}

impl ConnectionCheck {
    /// Returns the code of the first thing that doesn't work, where one doesn't.
    pub fn failed(&self) -> Option<Code> {
        let failed = self
            .lines
            .iter()
            .find(|line| line.finding == Finding::Failed);
        failed.map(|line| line.code.unwrap_or(Code::SetUp))
    }
}

/// One thing that was looked at.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ts_rs::TS)]
pub struct CheckLine {
    /// What was looked at.
    pub what: String,
    /// How it is: green, amber or red.
    pub finding: Finding,
    /// What was seen.
    pub text: String,
    /// What to do; empty where nothing has to be done.
    pub cure: String,
    /// Who can do it.
    pub who: Option<Who>,
    /// What to send to the admin, where it is theirs to do.
    pub note: Option<String>,
    /// What a front end offers.
    pub fix: Option<Fix>,
    /// The command that does it, without the program's name. Only a terminal shows it.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[ts(skip)]
    pub command: Option<String>,
    /// What a front end acts on, where it does not work.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub code: Option<Code>,
}

/// What a front end offers against what was found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ts_rs::TS)]
#[serde(tag = "kind", rename_all = "snake_case")]
#[ts(rename = "CheckFix")]
pub enum Fix {
    /// `connections.authorize`.
    SignIn,
    /// `replications.prepare_org` of a replication, on its screen.
    PrepareOrg {
        /// The replication.
        replication: String,
    },
    /// The mapping of a replication.
    Mapping {
        /// The replication.
        replication: String,
    },
    /// `connections.set_proxy`.
    Proxy,
}

impl CheckLine {
    fn new(what: &str, finding: Finding, text: impl Into<String>) -> CheckLine {
        CheckLine {
            what: what.to_owned(),
            finding,
            text: text.into(),
            cure: String::new(),
            who: None,
            note: None,
            fix: None,
            command: None,
            code: None,
        }
    }

    fn ok(what: &str, text: impl Into<String>) -> CheckLine {
        CheckLine::new(what, Finding::Ok, text)
    }

    fn look(what: &str, text: impl Into<String>) -> CheckLine {
        CheckLine::new(what, Finding::Look, text)
    }

    fn failed(what: &str, text: impl Into<String>, code: Code) -> CheckLine {
        CheckLine {
            code: Some(code),
            ..CheckLine::new(what, Finding::Failed, text)
        }
    }

    fn cured(mut self, who: Who, cure: impl Into<String>) -> CheckLine {
        (self.who, self.cure) = (Some(who), cure.into());
        self
    }

    fn with_note(mut self, note: String) -> CheckLine {
        self.note = Some(note);
        self
    }

    fn with_fix(mut self, fix: Fix) -> CheckLine {
        self.fix = Some(fix);
        self
    }

    fn with_command(mut self, command: impl Into<String>) -> CheckLine {
        self.command = Some(command.into());
        self
    }

    /// Tells an error in the doctor's words: who can cure it, and what to send to the admin.
    fn of_error(what: &str, error: &Error) -> CheckLine {
        let said = error.said.as_ref();
        let known = said.and_then(|said| {
            let text = format!("{} {}", said.code, said.words);
            diagnosis::diagnose(&text).found.into_iter().next()
        });
        let why = if error.cause.is_empty() {
            error.message.clone()
        } else {
            format!("{}: {}", error.message, error.cause)
        };
        let line = CheckLine::failed(what, why, error.code);
        let needs_sign_in = error.code == Code::SignIn;
        CheckLine {
            cure: error.hint.clone(),
            who: Some(known.as_ref().map_or(Who::You, |known| known.who)),
            note: known.and_then(|known| known.note),
            fix: needs_sign_in.then_some(Fix::SignIn),
            command: error.command.as_deref().map(str::to_owned),
            ..line
        }
    }
}

/// Asks the org about everything that a connection needs; what does not work is recorded. Uses about eight API calls,
/// and one for each further object that is pulled.
///
/// # Errors
/// When there is no such connection, the workspace isn't approved, or this computer is at fault.
pub async fn check(workspace: &Workspace, name: &str) -> Result<ConnectionCheck> {
    let store = workspace.store();
    let connection = store.read(|reader| reader.connection_named(name))?;
    workspace.approval().check()?;
    let (lines, calls) = match ask(workspace, &connection).await {
        Ok((tested, client)) => {
            let seen = Seen::look(workspace, &tested, &client).await?;
            let calls = client.traffic().calls;
            keep_allowance(workspace, connection.id, &client)?;
            keep_address(workspace, &seen)?;
            (judging::judge(&seen), calls)
        }
        Err(error) if is_ours(&error) => return Err(error),
        Err(error) => {
            record_trouble(workspace, &connection, &error);
            let mut lines = vec![CheckLine::of_error("Sign-in and API access", &error)];
            let now = workspace.host().now();
            let said = error.said.as_ref();
            lines.extend(said.and_then(|said| judging::refused_address(&connection, said, now)));
            lines.extend(judging::certificate(&connection, now));
            lines.push(judging::proxy());
            (lines, 0)
        }
    };
    Ok(ConnectionCheck {
        connection: store.read(|reader| reader.connection(connection.id))?,
        lines,
        calls,
        at: workspace.host().now(),
    })
}

/// Takes down where the org saw this computer: it's not told once the org refuses the sign-in.
fn keep_address(workspace: &Workspace, seen: &Seen) -> Result<()> {
    let mut from_here = seen
        .logins
        .iter()
        .filter(|login| !login.is_refused_address());
    let Some(login) = from_here.next() else {
        return Ok(());
    };
    let id = seen.connection.id;
    workspace.store().write(|writer| {
        let facts = ConnectionFacts {
            seen_address: Some(SeenAddress {
                ip: login.source_ip.clone(),
                at: login.at.unwrap_or(seen.now),
            }),
            ..writer.connection(id)?.facts
        };
        writer.set_connection_facts(id, &facts)
    })?;
    Ok(())
}

/// Tells what lies with this computer and not with the connection.
fn is_ours(error: &Error) -> bool {
    matches!(
        error.code,
        Code::Passphrase | Code::Cancelled | Code::ReadOnly | Code::Unapproved
    ) || error.code == Code::Local && error.said.is_none()
}

/// Says what a check costs, before it is made.
pub fn cost_in_words(check: &ConnectionCheck) -> String {
    match check.calls {
        0 => "No API calls used.".to_owned(),
        1 => "1 API call used.".to_owned(),
        calls => format!("{} API calls used.", grouped(calls)),
    }
}
