//! `runs undo` and `runs check`

use leadferry_commands::replications::{Cancel, StopKind};
use leadferry_commands::runs::{
    self, CheckedRecord, Run, RunCheck, RunId, UndoOutcome, UndoPart, UndoPlan, UndoQuery,
    UndoRecord, UndoState, UndoneField,
};
use leadferry_commands::{Error, Result, Workspace, quoted, sentence};
use serde_json::{Value, json};

use crate::app::App;
use crate::exit::Exit;
use crate::table::{Table, counted, grouped, pairs};

/// Shows what undoing a run would do; `asked` says that this was all that was wanted.
pub(super) async fn plan(
    app: &App,
    workspace: &Workspace,
    run: i64,
    asked: bool,
    limit: usize,
    cancel: &Cancel,
) -> Result<Exit> {
    let plan = runs::plan_undo(workspace, run, cancel).await?;
    let records = records(workspace, run, limit)?;
    app.terminal.clear();
    if !asked {
        let hint = format!(
            "Check what would be undone, then add --yes. Undoing needs {}.",
            counted(plan.calls, "API call", "API calls")
        );
        return Err(Error::usage("Nothing was undone.", hint)
            .because(format!(
                "It would delete {} and restore the values of {}.",
                counted(plan.totals.delete, "record", "records"),
                counted(plan.totals.restore, "record", "records")
            ))
            .with_command(format!("runs undo {run} --plan")));
    }
    let mut result = serde_json::to_value(&plan).unwrap_or_default();
    result["records"] = serde_json::to_value(&records).unwrap_or_default();
    app.output.result(&result, |_| {
        format!("{}{}", planned(&plan), listed(&records))
    });
    Ok(Exit::AllWell)
}

/// Undoes a run.
pub(super) async fn undo(
    app: &App,
    workspace: &Workspace,
    run: i64,
    limit: usize,
    cancel: &Cancel,
) -> Result<Exit> {
    let outcome = runs::undo(workspace, run, cancel).await?;
    let plan = runs::undo_plan(workspace, run)?;
    let records = records(workspace, run, limit)?;
    app.terminal.clear();
    let mut result = serde_json::to_value(&outcome).unwrap_or_default();
    result["skipped_by"] = json!(plan.skipped_by);
    result["records"] = serde_json::to_value(&records).unwrap_or_default();
    app.output.result(&result, |_| {
        format!("{}{}", undone(&outcome, &plan), listed(&records))
    });
    Ok(match &outcome.report.stopped {
        Some(stop) if stop.kind == StopKind::SignIn => Exit::SignIn,
        Some(stop) if stop.kind == StopKind::Local => Exit::Local,
        Some(_) => Exit::Waiting,
        None if outcome.report.skipped > 0 => Exit::SomeNeedALook,
        None => Exit::AllWell,
    })
}

fn records(workspace: &Workspace, run: i64, limit: usize) -> Result<Vec<UndoRecord>> {
    let mut records = Vec::new();
    for part in [UndoPart::Delete, UndoPart::Restore, UndoPart::Skipped] {
        let query = UndoQuery {
            run,
            part,
            after: None,
            limit,
        };
        records.extend(runs::undo_rows(workspace, &query)?.records);
    }
    Ok(records)
}

fn planned(plan: &UndoPlan) -> String {
    let totals = &plan.totals;
    let mut text = pairs(&[
        ("run", plan.run.to_string()),
        ("replication", plan.replication.clone()),
        ("to delete", grouped(totals.delete)),
        ("to restore", grouped(totals.restore)),
        ("skipped", grouped(totals.skipped)),
        ("deleted before", grouped(totals.deleted)),
        ("restored before", grouped(totals.restored)),
        ("API calls", grouped(plan.calls)),
    ]);
    if plan.unanswered > 0 {
        text.push_str(&format!(
            "{} no answer yet. Undoing asks Salesforce about them first.\n",
            counted(plan.unanswered, "contact has", "contacts have")
        ));
    }
    text.push_str(&reasons(plan));
    text
}

fn reasons(plan: &UndoPlan) -> String {
    let lines = plan.skipped_by.iter().map(|skipped| {
        format!(
            "  {} skipped ({}): {}\n",
            grouped(skipped.records),
            skipped.code,
            sentence(&skipped.message)
        )
    });
    lines.collect()
}

fn undone(outcome: &UndoOutcome, plan: &UndoPlan) -> String {
    let report = &outcome.report;
    let mut text = pairs(&[
        ("run", report.run.to_string()),
        ("undoes run", report.undoes.to_string()),
        ("deleted", grouped(report.deleted)),
        ("restored", grouped(report.restored)),
        ("skipped", grouped(report.skipped)),
        ("remaining", grouped(report.remaining)),
        ("API calls", grouped(report.calls)),
    ]);
    text.push_str(&reasons(plan));
    if report.deleted + report.restored > 0 {
        text.push_str(&format!(
            "The contacts are on hold. To send them again, run:\n  leadferry-cli queue release --replication {}\n",
            quoted(&outcome.replication)
        ));
    }
    if let Some(stop) = &report.stopped {
        text.push_str(&format!(
            "Stopped: {}\nTo do:   {}\n",
            sentence(&stop.message),
            sentence(&stop.cure)
        ));
    }
    text
}

fn listed(records: &[UndoRecord]) -> String {
    let mut table = Table::new(&["name", "record", "outcome", "values"]);
    for record in records {
        let outcome = match (&record.message, record.state) {
            (Some(message), UndoState::Skipped) => format!("skipped: {message}"),
            (_, state) => word(state).to_owned(),
        };
        let values: Vec<String> = record.fields.iter().map(value).collect();
        // What is deleted needs no list of its values.
        let values = match record.state {
            UndoState::Delete | UndoState::Deleting | UndoState::Deleted => String::new(),
            _ => values.join(", "),
        };
        table.row([
            record.person.name.clone(),
            record.record_id.clone(),
            outcome,
            values,
        ]);
    }
    format!("\n{}", table.text("No records."))
}

fn word(state: UndoState) -> &'static str {
    match state {
        UndoState::Delete => "delete",
        UndoState::Restore => "restore",
        UndoState::Deleting => "being deleted",
        UndoState::Restoring => "being restored",
        UndoState::Deleted => "deleted",
        UndoState::Restored => "restored",
        UndoState::Skipped => "skipped",
    }
}

fn value(field: &UndoneField) -> String {
    let now = field.now.as_ref().unwrap_or(&field.sent);
    match (&field.skipped, &field.before) {
        (None, Some(before)) => format!(
            "{}: {} -> {}",
            field.label,
            plain(&field.sent),
            plain(before)
        ),
        _ => format!("{}: {} stays", field.label, plain(now)),
    }
}

fn plain(value: &Value) -> String {
    match value {
        Value::Null => "empty".to_owned(),
        Value::String(text) => text.clone(),
        Value::Bool(true) => "Yes".to_owned(),
        Value::Bool(false) => "No".to_owned(),
        other => other.to_string(),
    }
}

/// Shows a run that undid another one.
pub(super) fn card(run: &Run, undone: RunId, replication: &str, state: &str) -> String {
    let mut text = pairs(&[
        ("replication", replication.to_owned()),
        ("state", state.to_owned()),
        ("reason", run.reason.clone().unwrap_or_default()),
        ("undoes run", undone.to_string()),
        ("deleted", grouped(run.deleted)),
        ("restored", grouped(run.restored)),
        ("API calls", grouped(run.calls)),
        ("bytes sent", grouped(run.bytes_sent)),
    ]);
    text.push_str(&format!(
        "For the records, run:\n  leadferry-cli runs undo {undone} --plan\n"
    ));
    text
}

/// Shows what Salesforce holds of what a run has sent.
pub(crate) fn checked(check: &RunCheck) -> String {
    let mut table = Table::new(&["name", "record", "outcome", "differences"]);
    for record in &check.records {
        table.row([
            record.person.name.clone(),
            record.record_id.clone(),
            outcome(record).to_owned(),
            differences(record),
        ]);
    }
    format!(
        "{} as sent, {}.\n{}",
        counted(check.same, "record is", "records are"),
        match check.differing {
            0 => "none differs".to_owned(),
            more => counted(more, "differs", "differ"),
        },
        table.text("This run has sent nothing.")
    )
}

fn outcome(record: &CheckedRecord) -> &'static str {
    match (record.gone, record.created) {
        (true, _) => "not found",
        (false, true) => "created",
        (false, false) => "updated",
    }
}

fn differences(record: &CheckedRecord) -> String {
    let differing = record.fields.iter().filter(|field| !field.same);
    let words = differing.map(|field| {
        format!(
            "{}: sent {}, holds {}",
            field.label,
            plain(&field.sent),
            plain(&field.held)
        )
    });
    words.collect::<Vec<_>>().join("; ")
}
