//! The doctor: looks at everything that can be wrong, and says what to do about it.

use leadferry_replication::Settings;
use leadferry_replication::mapping::Severity;
use leadferry_store::{Connection, EntryState, Flow, QueuePlace, Replication, Vault};
use serde::Serialize;

use crate::locks::FileLock;
use crate::{Code, Error, Result, Workspace, connections, mappings, quoted};

/// A describe that nobody has confirmed for this long is worth refreshing, in milliseconds.
const STALE: i64 = 7 * 24 * 60 * 60 * 1000;

/// How a thing is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, ts_rs::TS)]
#[serde(rename_all = "snake_case")]
#[ts(rename = "DoctorFinding")]
pub enum Finding {
    /// Nothing is wrong.
    Ok,
    /// Worth a look.
    Look,
    /// Does not work.
    Failed,
}

/// One thing that was looked at.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ts_rs::TS)]
#[ts(rename = "DoctorLine")]
pub struct Line {
    /// What was looked at.
    pub what: String,
    /// How it is.
    pub finding: Finding,
    /// What was found.
    pub text: String,
    /// What to do; empty where nothing has to be done.
    pub cure: String,
    /// What a front end acts on, where it does not work.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub code: Option<Code>,
}

/// What the doctor found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ts_rs::TS)]
#[ts(rename = "DoctorReport")]
pub struct Report {
    /// Everything that was looked at, in order.
    pub lines: Vec<Line>,
}

impl Report {
    /// Returns how the worst thing is.
    pub fn worst(&self) -> Finding {
        self.lines
            .iter()
            .map(|line| line.finding)
            .max()
            .unwrap_or(Finding::Ok)
    }

    fn ok(&mut self, what: &str, text: impl Into<String>) {
        self.line(what, Finding::Ok, text, "", None);
    }

    fn look(&mut self, what: &str, text: impl Into<String>, cure: impl Into<String>) {
        self.line(what, Finding::Look, text, cure, None);
    }

    fn failed(&mut self, what: &str, error: &Error) {
        self.line(
            what,
            Finding::Failed,
            error.to_string(),
            error.hint.clone(),
            Some(error.code),
        );
    }

    fn line(
        &mut self,
        what: &str,
        finding: Finding,
        text: impl Into<String>,
        cure: impl Into<String>,
        code: Option<Code>,
    ) {
        self.lines.push(Line {
            what: what.to_owned(),
            finding,
            text: text.into(),
            cure: cure.into(),
            code,
        });
    }
}

/// Looks at everything; asks the orgs unless `offline`.
///
/// # Errors
/// When the workspace cannot be read at all.
pub async fn examine(workspace: &Workspace, offline: bool) -> Result<Report> {
    let mut report = Report { lines: Vec::new() };
    look_at_workspace(workspace, &mut report)?;
    look_at_locks(workspace, &mut report);
    let all = connections::list(workspace)?;
    look_at_secrets(workspace, &all, &mut report);
    for connection in &all {
        look_at_connection(workspace, connection, offline, &mut report).await;
        look_at_describes(workspace, connection, &mut report)?;
    }
    for replication in workspace.store().read(|reader| reader.replications())? {
        look_at_replication(workspace, &replication, &mut report)?;
        look_at_queue(workspace, &replication, &mut report)?;
    }
    Ok(report)
}

fn look_at_workspace(workspace: &Workspace, report: &mut Report) -> Result<()> {
    let health = workspace.store().check()?;
    if health.is_sound() {
        report.ok("workspace", "the file is sound");
    }
    for problem in &health.problems {
        let error = Error::new(
            Code::Local,
            problem.clone(),
            "restore the newest copy from the .backups folder beside the workspace",
        );
        report.failed("workspace", &error);
    }
    if let Err(error) = workspace.check_may_send() {
        report.failed("sending from here", &error);
    }
    Ok(())
}

fn look_at_locks(workspace: &Workspace, report: &mut Report) {
    let folder = &workspace.host().environment.data_folder;
    let path = folder.join("doctor.lock");
    match (FileLock::try_take(&path), FileLock::try_take(&path)) {
        (Err(error), _) | (_, Err(error)) => report.failed("file locks", &error),
        // The first was dropped with the pair only after the second was tried.
        (Ok(Some(_)), Ok(Some(_))) => {
            let message = format!("locks do not hold in {}", folder.display());
            report.failed(
                "file locks",
                &Error::new(
                    Code::Local,
                    message,
                    "set LEADFERRY_DATA_DIR to a folder on a local disk",
                ),
            );
        }
        _ => report.ok("file locks", format!("work in {}", folder.display())),
    }
}

fn look_at_secrets(workspace: &Workspace, all: &[Connection], report: &mut Report) {
    for (vault, what) in [
        (Vault::Keychain, "keychain"),
        (Vault::File, "file of secrets"),
    ] {
        let keeps_some = |connection: &Connection| {
            connection.vault == Some(vault)
                && (connection.has_secret || connection.org_id.is_some())
        };
        if !all.iter().any(keeps_some) {
            continue;
        }
        match workspace.secrets().health(vault) {
            Ok(true) => report.ok(what, "can be opened"),
            Ok(false) => report.look(
                what,
                "is gone",
                "sign in to the connections again, or restore the file from a copy",
            ),
            Err(error) => report.failed(what, &error),
        }
    }
}

async fn look_at_connection(
    workspace: &Workspace,
    connection: &Connection,
    offline: bool,
    report: &mut Report,
) {
    let what = format!("connection {}", connection.name);
    if connection.org_id.is_none() && connection.flow == Flow::Browser {
        let error = Error::new(
            Code::SignIn,
            "nobody has signed in yet",
            format!(
                "sign in with `connections authorize {}`",
                quoted(&connection.name)
            ),
        );
        return report.failed(&what, &error);
    }
    if offline {
        return report.ok(&what, "not asked");
    }
    match connections::test(workspace, &connection.name).await {
        Ok(tested) => {
            let org = tested
                .connection
                .org_name
                .or(tested.connection.org_id)
                .unwrap_or_default();
            let calls = tested
                .allowance
                .map(|allowance| format!(", {} of {} calls used", allowance.used, allowance.max));
            report.ok(
                &what,
                format!("signed in to {org}{}", calls.unwrap_or_default()),
            );
            if tested.storage_left_mb.is_some_and(|left| left <= 0) {
                report.look(
                    &what,
                    "the org's storage is full",
                    "make room in the org, or buy more",
                );
            }
        }
        Err(error) => report.failed(&what, &error),
    }
}

fn look_at_describes(
    workspace: &Workspace,
    connection: &Connection,
    report: &mut Report,
) -> Result<()> {
    let now = workspace.host().now();
    for object in crate::orgs::OBJECTS {
        let what = format!("fields of {object} in {}", connection.name);
        let cure = format!(
            "refresh them with `connections test {}`",
            quoted(&connection.name)
        );
        match workspace
            .store()
            .read(|reader| reader.describe(connection.id, object))?
        {
            Some(kept) if now - kept.fetched_at > STALE => {
                report.look(&what, "were not refreshed for a week", cure)
            }
            Some(_) => report.ok(&what, "are known"),
            None => report.look(&what, "are not known: the standard fields are used", cure),
        }
    }
    Ok(())
}

fn look_at_replication(
    workspace: &Workspace,
    replication: &Replication,
    report: &mut Report,
) -> Result<()> {
    let what = format!("replication {}", replication.name);
    if !replication.enabled {
        report.ok(&what, "is switched off");
        return Ok(());
    }
    let (target, findings) = workspace.store().read(|reader| {
        let body = reader.mapping(replication.id)?.body;
        Ok::<_, Error>((
            mappings::target(reader, replication)?,
            mappings::findings(reader, replication, &body)?,
        ))
    })?;
    let settings = Settings::from_json(&replication.settings)?;
    match target.identifier(&settings.identifier) {
        Ok(()) => report.ok(
            &what,
            format!("{} can be the identifier", settings.identifier),
        ),
        Err(why) => {
            let cure = format!(
                "let it be made with `replications prepare-org {}`",
                quoted(&replication.name)
            );
            report.look(&what, why, cure);
        }
    }
    for finding in findings {
        match finding.severity {
            Severity::Warning => report.look(&what, finding.message, finding.cure),
            Severity::Error => report.failed(
                &what,
                &Error::new(Code::SetUp, finding.message, finding.cure),
            ),
        }
    }
    Ok(())
}

fn look_at_queue(
    workspace: &Workspace,
    replication: &Replication,
    report: &mut Report,
) -> Result<()> {
    let what = format!("queue of {}", replication.name);
    let counts = workspace
        .store()
        .read(|reader| reader.queue_counts(replication.id))?;
    let count = |state| counts.get(&state).copied().unwrap_or(0);
    for state in [EntryState::Blocked, EntryState::GivenUp] {
        let number = count(state);
        if number == 0 {
            continue;
        }
        let first = workspace.store().read(|reader| {
            reader.queue_page(replication.id, state, None, QueuePlace::default(), 1)
        })?;
        let example = first.into_iter().next().and_then(|entry| entry.reason);
        let example =
            example.map(|reason| format!("; the first: {} ({})", reason.message, reason.code));
        let (verb, name) = if state == EntryState::Blocked {
            ("blocked", "blocked")
        } else {
            ("given up", "given_up")
        };
        let noun = if number == 1 {
            "contact is"
        } else {
            "contacts are"
        };
        let text = format!("{number} {noun} {verb}{}", example.unwrap_or_default());
        report.look(
            &what,
            text,
            format!(
                "`queue list --replication {} --state {name}` shows all with what to do",
                quoted(&replication.name)
            ),
        );
    }
    if count(EntryState::Sending) > 0 {
        let text = format!(
            "{} contacts are on their way, or their answer is not known",
            count(EntryState::Sending)
        );
        report.look(
            &what,
            text,
            "run the replication once more: the org is asked what became of them",
        );
    } else if count(EntryState::Blocked) + count(EntryState::GivenUp) == 0 {
        report.ok(
            &what,
            format!("{} contacts wait", count(EntryState::Pending)),
        );
    }
    Ok(())
}
