//! The doctor: looks at everything that can be wrong, and says what to do about it.

use leadferry_replication::Settings;
use leadferry_replication::mapping::Severity;
use leadferry_store::{
    Connection, EntryState, Flow, QueuePlace, Replication, Vault, counted, grouped, is_within,
};
use serde::Serialize;

use crate::locks::FileLock;
use crate::sessions::not_signed_in;
use crate::{Code, Error, Result, Workspace, connections, mappings, quoted, workspace};

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
    /// The command that does it, without the program's name. Only a terminal shows it.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[ts(skip)]
    pub command: Option<String>,
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
        self.lines.push(Line {
            what: what.to_owned(),
            finding: Finding::Ok,
            text: text.into(),
            cure: String::new(),
            command: None,
            code: None,
        });
    }

    fn look(&mut self, what: &str, text: impl Into<String>, cure: impl Into<String>) {
        self.look_with(what, text, cure, None);
    }

    fn look_with(
        &mut self,
        what: &str,
        text: impl Into<String>,
        cure: impl Into<String>,
        command: Option<String>,
    ) {
        self.lines.push(Line {
            what: what.to_owned(),
            finding: Finding::Look,
            text: text.into(),
            cure: cure.into(),
            command,
            code: None,
        });
    }

    fn failed(&mut self, what: &str, error: &Error) {
        self.lines.push(Line {
            what: what.to_owned(),
            finding: Finding::Failed,
            text: error.to_string(),
            cure: error.hint.clone(),
            command: error.command.as_deref().map(str::to_owned),
            code: Some(error.code),
        });
    }
}

/// Looks at everything; asks the orgs unless `offline`.
pub async fn examine(workspace: &Workspace, offline: bool) -> Result<Report> {
    let mut report = Report { lines: Vec::new() };
    let is_sound = look_at_workspace(workspace, &mut report)?;
    look_at_locks(workspace, &mut report);
    if !is_sound {
        // What else is in the file can't be relied on.
        return Ok(report);
    }
    let all = workspace.store().read(|reader| reader.connections())?;
    look_at_ledger(workspace, &mut report)?;
    look_at_secrets(workspace, &all, &mut report);
    for connection in &all {
        look_at_connection(workspace, connection, offline, &mut report).await;
        look_at_certificate(connection, workspace.host().now(), &mut report);
        look_at_describes(workspace, connection, &mut report)?;
    }
    for replication in workspace.store().read(|reader| reader.replications())? {
        look_at_replication(workspace, &replication, &mut report)?;
        look_at_queue(workspace, &replication, &mut report)?;
    }
    Ok(report)
}

/// Returns whether the file is sound.
fn look_at_workspace(opened: &Workspace, report: &mut Report) -> Result<bool> {
    if let Some(damaged) = opened.stands_in_for() {
        let message = format!("{} is damaged", damaged.display());
        let backup = opened.store().path().display();
        let cure = format!("restore the newest backup without damage, {backup}");
        let error = Error::new(Code::Local, message, cure).with_command("workspace restore --yes");
        report.failed("workspace", &error);
        return Ok(false);
    }
    let health = opened.store().check()?;
    if opened.store().take_mended() {
        let text = "it or unused pages of the file were damaged. Leadferry rebuilt them, and nothing is lost";
        report.ok("search index", text);
    }
    if health.is_sound() {
        report.ok("workspace", "the file is sound");
    }
    if let Some(problem) = health.in_words() {
        let now = opened.host().now();
        let damage = opened.store().remember_damage(problem.clone(), now);
        let error = Error::new(
            Code::Local,
            "the workspace file is damaged",
            workspace::cure(&damage),
        )
        .because(problem)
        .with_command(workspace::restoring(&damage));
        report.failed("workspace", &error);
    }
    if health.is_sound()
        && let Err(error) = opened.check_may_send()
    {
        report.failed("sending from here", &error);
    }
    Ok(health.is_sound())
}

fn look_at_locks(workspace: &Workspace, report: &mut Report) {
    let folder = &workspace.host().environment.data_folder;
    let path = folder.join("doctor.lock");
    match (FileLock::try_take(&path), FileLock::try_take(&path)) {
        (Err(error), _) | (_, Err(error)) => report.failed("file locks", &error),
        // The first was dropped with the pair only after the second was tried.
        (Ok(Some(_)), Ok(Some(_))) => {
            let message = format!("files can't be locked in {}", folder.display());
            let cure = "set LEADFERRY_DATA_DIR to a folder on a local disk";
            report.failed("file locks", &Error::new(Code::Local, message, cure));
        }
        _ => report.ok("file locks", format!("work in {}", folder.display())),
    }
}

fn look_at_ledger(workspace: &Workspace, report: &mut Report) -> Result<()> {
    let check = workspace.store().read(|reader| reader.check_ledger())?;
    let what = "consent ledger";
    match check.in_words() {
        None => report.ok(
            what,
            format!("{} verified", counted(check.events, "event", "events")),
        ),
        Some(fault) => {
            let cure = "restore the last backup from before the change";
            report.failed(what, &Error::new(Code::Local, fault, cure));
        }
    }
    Ok(())
}

fn look_at_secrets(workspace: &Workspace, all: &[Connection], report: &mut Report) {
    for (vault, what) in [(Vault::Keychain, "keychain"), (Vault::File, "secrets file")] {
        let keeps_some = |connection: &Connection| {
            connection.vault == Some(vault)
                && (connection.has_secret || connection.org_id.is_some())
        };
        if !all.iter().any(keeps_some) {
            continue;
        }
        match workspace.secrets().health(vault) {
            Ok(true) => report.ok(what, "works"),
            Ok(false) => report.look(
                what,
                "is missing",
                "sign in to your connections again, or restore the file from a backup",
            ),
            Err(error) => report.failed(what, &error),
        }
    }
}

fn look_at_certificate(connection: &Connection, now: i64, report: &mut Report) {
    if let Some(end) = connections::certificate_end_in_words(connection, now) {
        let what = format!("certificate of {}", connection.name);
        let (cure, command) = connections::certificate_cure(connection);
        report.look_with(&what, end, cure, Some(command));
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
        return report.failed(&what, &not_signed_in(connection));
    }
    if offline {
        return match connections::lapse_in_words(connection, workspace.host().now()) {
            Some(text) => {
                let test = format!("connections test {}", quoted(&connection.name));
                report.look_with(&what, text, connections::LAPSE_CURE, Some(test));
            }
            None => report.ok(&what, "not checked"),
        };
    }
    match connections::test(workspace, &connection.name).await {
        Ok(tested) => {
            let org = tested
                .connection
                .org_name
                .or(tested.connection.org_id)
                .unwrap_or_default();
            let calls = tested.budget.map(|budget| {
                format!(
                    ", {} of {} API calls used",
                    grouped(budget.used),
                    grouped(budget.max)
                )
            });
            report.ok(
                &what,
                format!("signed in to {org}{}", calls.unwrap_or_default()),
            );
            if tested.storage_left_mb.is_some_and(|left| left <= 0) {
                report.look(
                    &what,
                    "the org's storage is full",
                    "delete data in the org, or buy more storage",
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
        let cure = "refresh them";
        let refresh = Some(format!("connections test {}", quoted(&connection.name)));
        match workspace
            .store()
            .read(|reader| reader.describe(connection.id, object))?
        {
            Some(kept) if !is_within(kept.fetched_at, STALE, now) => {
                report.look_with(&what, "last refreshed more than a week ago", cure, refresh)
            }
            Some(_) => report.ok(&what, "up to date"),
            None => report.look_with(
                &what,
                "not read yet, so the standard fields are used",
                cure,
                refresh,
            ),
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
        report.ok(&what, "disabled");
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
            format!("{} is ready to be the identifier", settings.identifier),
        ),
        Err(why) => {
            let prepare = format!("replications prepare-org {}", quoted(&replication.name));
            report.look_with(&what, why, "prepare the org", Some(prepare));
        }
    }
    for finding in findings {
        match finding.severity {
            Severity::Warning => report.look(&what, finding.message, finding.cure),
            Severity::Note => {}
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
            example.map(|reason| format!(", for example: {} ({})", reason.message, reason.code));
        let (verb, name) = if state == EntryState::Blocked {
            ("blocked", "blocked")
        } else {
            ("failed", "given_up")
        };
        let contacts = counted(number, "contact", "contacts");
        let text = format!("{contacts} {verb}{}", example.unwrap_or_default());
        let list = format!(
            "queue list --replication {} --state {name}",
            quoted(&replication.name)
        );
        report.look_with(&what, text, "see all of them and what to do", Some(list));
    }
    if count(EntryState::Sending) > 0 {
        let text = format!(
            "{} sent, and Salesforce's answer isn't known yet",
            counted(count(EntryState::Sending), "contact was", "contacts were")
        );
        report.look(
            &what,
            text,
            "run the replication again, which finds out what happened to them",
        );
    } else if count(EntryState::Blocked) + count(EntryState::GivenUp) == 0 {
        report.ok(
            &what,
            format!(
                "{} waiting",
                counted(count(EntryState::Pending), "contact", "contacts")
            ),
        );
    }
    Ok(())
}
