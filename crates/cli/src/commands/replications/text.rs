//! Replications, plans and runs in words.

use leadferry_commands::prepare_org::{Prepared, StepKind};
use leadferry_commands::replications::{
    Activations, DifferingContact, DifferingPage, EmptyValues, MappingIdState, Phase, PlanReport,
    PlannedContact, Reconciliation, ReplicationInfo, RunOutcome, SentAgain, Settings,
    WhenConverted, WhenDeleted,
};

use leadferry_commands::quoted;

use crate::table::{Table, counted, grouped, pairs};

pub(super) fn list(all: &[ReplicationInfo]) -> String {
    let mut table = Table::new(&[
        "replication",
        "object",
        "connection",
        "who",
        "in the queue",
        "state",
    ]);
    for replication in all {
        table.row([
            replication.name.clone(),
            replication.object.clone(),
            replication
                .connection
                .clone()
                .unwrap_or_else(|| "none".to_owned()),
            who(replication),
            grouped(replication.queued),
            if replication.enabled { "on" } else { "off" }.to_owned(),
        ]);
    }
    table.text("There are no replications.")
}

fn who(replication: &ReplicationInfo) -> String {
    match (&replication.score, replication.minimum) {
        (Some(score), Some(minimum)) => format!("{score} of {minimum} or more"),
        _ if !replication.settings.segments.is_empty() => "segments".to_owned(),
        _ => "all contacts".to_owned(),
    }
}

pub(super) fn info(info: &ReplicationInfo) -> String {
    let mut lines = vec![
        ("replication", info.name.clone()),
        ("object", info.object.clone()),
        (
            "connection",
            info.connection.clone().unwrap_or_else(|| "none".to_owned()),
        ),
        ("enabled", info.enabled.to_string()),
        ("who", who(info)),
        ("in the queue", grouped(info.queued)),
    ];
    lines.extend(settings(&info.settings));
    pairs(&lines)
}

/// Returns all settings in words; the pattern makes a new one that has no words a compile error.
fn settings(settings: &Settings) -> Vec<(&'static str, String)> {
    let Settings {
        identifier,
        match_email,
        create_missing,
        keep_updated,
        batch_size,
        in_flight,
        deleted,
        converted,
        assignment_rules,
        allow_duplicates,
        empty_values,
        old_values,
        deleted_here,
        default_company,
        description,
        api_reserve,
        segments,
        most_segments,
        mapping_id_prefix,
        mapping_id_suffix,
        schedule,
        alerts,
        late_after,
        api_low_at,
    } = settings;
    let names = |names: &[String]| match names {
        [] => "any or none".to_owned(),
        names => names.join(", "),
    };
    let either = |is: bool, yes: &str, no: &str| if is { yes } else { no }.to_owned();
    let optional = |text: &Option<String>| text.clone().unwrap_or_else(|| "none".to_owned());
    vec![
        ("schedule", schedule.to_string()),
        (
            "alerts",
            match alerts.as_slice() {
                [] => "none".to_owned(),
                alerts => alerts
                    .iter()
                    .map(|kind| kind.name())
                    .collect::<Vec<_>>()
                    .join(", "),
            },
        ),
        ("late after", format!("{late_after} minutes")),
        ("few API calls", format!("{api_low_at} %")),
        ("in one of the segments", names(&segments.any)),
        ("in all of the segments", names(&segments.all)),
        ("in none of the segments", names(&segments.none)),
        ("segments an object", most_segments.to_string()),
        (
            "proposed Mapping IDs",
            format!("{mapping_id_prefix}NAME{mapping_id_suffix}__c"),
        ),
        ("identifier", identifier.clone()),
        (
            "match e-mail",
            either(*match_email, "people are looked for by e-mail first", "off"),
        ),
        (
            "create missing",
            either(*create_missing, "yes", "no: known records are updated only"),
        ),
        (
            "keep updated",
            either(*keep_updated, "yes", "no: each contact goes once"),
        ),
        (
            "deleted in Salesforce",
            match deleted {
                WhenDeleted::Block => "block the contact",
                WhenDeleted::Recreate => "create a new record",
            }
            .to_owned(),
        ),
        (
            "converted leads",
            match converted {
                WhenConverted::Follow => "go on with the contact that the lead became",
                WhenConverted::Block => "block the contact",
            }
            .to_owned(),
        ),
        (
            "deleted here",
            deleted_here
                .as_ref()
                .map_or_else(|| "nothing is sent".to_owned(), |row| format!("send {row}")),
        ),
        (
            "empty values",
            match empty_values {
                EmptyValues::LeaveAlone => "leave what the record holds",
                EmptyValues::Clear => "clear the record's value",
            }
            .to_owned(),
        ),
        (
            "old values",
            either(*old_values, "kept before they are overwritten", "not kept"),
        ),
        (
            "assignment rules",
            either(*assignment_rules, "run for new records", "do not run"),
        ),
        (
            "duplicate rules",
            either(
                *allow_duplicates,
                "those that only warn are overridden",
                "respected",
            ),
        ),
        ("default company", optional(default_company)),
        ("description", description.clone()),
        ("batch size", batch_size.to_string()),
        ("requests in flight", in_flight.to_string()),
        ("API calls left to others", grouped(*api_reserve)),
    ]
}

pub(super) fn plan(plan: &PlanReport) -> String {
    let counts = &plan.counts;
    let mut text = pairs(&[
        ("create", grouped(counts.create)),
        ("update", grouped(counts.update)),
        (
            "create or update (known once the org is asked)",
            grouped(counts.match_pending),
        ),
        ("unchanged", grouped(counts.unchanged)),
        ("blocked", grouped(counts.blocked)),
        ("left out", grouped(counts.left_out)),
        ("API calls of a run", grouped(counts.calls)),
    ]);
    if let Some(allowance) = plan.allowance {
        let left = allowance.max.saturating_sub(allowance.used);
        text.push_str(&format!(
            "The org has {} of {} calls left.\n",
            grouped(left),
            grouped(allowance.max)
        ));
    }
    if plan.cut > 0 {
        text.push_str(&format!(
            "Values of {} would be shortened.\n",
            counted(plan.cut, "contact", "contacts")
        ));
    }
    for reason in &plan.blocked_by {
        text.push_str(&format!(
            "  blocked, {}: {} ({})\n",
            grouped(reason.contacts),
            reason.message,
            reason.code
        ));
    }
    for finding in &plan.findings {
        let about = if finding.line.is_some() {
            "mapping"
        } else {
            "note"
        };
        text.push_str(&format!(
            "  {about}: {}; {}\n",
            finding.message, finding.cure
        ));
    }
    if !plan.matched && counts.match_pending > 0 {
        text.push_str("`replications match` asks the org who is there already.\n");
    }
    text
}

pub(super) fn planned(contacts: &[PlannedContact]) -> String {
    let mut table = Table::new(&["contact", "what", "record", "why"]);
    for contact in contacts {
        table.row([
            contact.contact.to_string(),
            contact.decision.name().to_owned(),
            contact.record_id.clone().unwrap_or_default(),
            contact.message.clone().unwrap_or_default(),
        ]);
    }
    table.text("There are none.")
}

pub(super) fn run(outcome: &RunOutcome) -> String {
    let report = &outcome.report;
    let mut text = pairs(&[
        ("created", grouped(report.created)),
        ("updated", grouped(report.updated)),
        ("unchanged", grouped(report.unchanged)),
        ("failed", grouped(report.failed)),
        ("blocked", grouped(report.blocked)),
        ("waiting", grouped(report.waiting)),
        ("withdrawn", grouped(report.withdrawn)),
        ("API calls", grouped(report.calls)),
    ]);
    if let Some(run) = report.run.filter(|_| report.failed + report.blocked > 0) {
        text.push_str(&format!(
            "`runs show {run}` says why; `queue list` shows whom it concerns.\n"
        ));
    }
    if let Some(stop) = &report.stopped {
        text.push_str(&format!(
            "Stopped: {}\nTo do:   {}\n",
            stop.message, stop.cure
        ));
    }
    text
}

pub(super) fn prepared(prepared: &Prepared) -> String {
    let lines = prepared.steps.iter().map(|step| {
        let sign = match step.kind {
            StepKind::Found => "found",
            StepKind::Missing => "missing",
            StepKind::Done => "done",
            StepKind::ToDo => "to do",
        };
        format!("{sign:7}  {}\n", step.text)
    });
    let mut text: String = lines.collect();
    text.push_str(if prepared.ready {
        "The org is ready.\n"
    } else {
        "The org is not ready yet.\n"
    });
    text
}

pub(super) fn activations(all: &Activations) -> String {
    let mut table = Table::new(&["segment", "Mapping ID", "members", "field", "from", "until"]);
    for one in &all.active {
        let state = match (one.state, &one.trouble) {
            (_, Some(trouble)) => format!("{}: {}", trouble.message, trouble.cure),
            (MappingIdState::Unverified, None) => "not known yet".to_owned(),
            _ => "there".to_owned(),
        };
        table.row([
            one.segment.clone(),
            one.mapping_id.clone(),
            grouped(one.members),
            state,
            one.from.clone().unwrap_or_default(),
            match (&one.until, one.phase) {
                (Some(until), Phase::After) => format!("{until} (ended)"),
                (until, _) => until.clone().unwrap_or_default(),
            },
        ]);
    }
    let mut text = table.text("No segment is active.");
    let active = all.active.len() as u64 + all.elsewhere;
    text.push_str(&format!(
        "{} of {} segments an object.\n",
        grouped(active),
        all.most
    ));
    text
}

pub(super) fn reconciliation(asked: &Reconciliation, differing: &DifferingPage) -> String {
    let mut text = String::new();
    if let Some(last) = &asked.last {
        let mut table = Table::new(&["", "here", "queued", "sent", "in Salesforce"]);
        let all = ("all".to_owned(), &last.compared.all);
        let segments = last.compared.segments.iter().map(|one| {
            let name = format!("{} ({})", one.segment, one.mapping_id);
            (name, &one.counts)
        });
        for (name, counts) in std::iter::once(all).chain(segments) {
            table.row([
                name,
                grouped(counts.members),
                grouped(counts.queued),
                grouped(counts.sent),
                counts
                    .confirmed
                    .map_or_else(|| "read back to know".to_owned(), grouped),
            ]);
        }
        text.push_str(&table.text(""));
    }
    if let Some(cost) = &asked.cost {
        text.push_str(&format!(
            "Counting takes {}; reading back {}, {}.\n",
            counted(cost.count_calls, "call", "calls"),
            counted(cost.records, "record", "records"),
            counted(cost.read_calls, "call", "calls"),
        ));
    }
    for one in &differing.contacts {
        let who = pick_name(one);
        if one.gone {
            text.push_str(&format!("{who}: the record is gone\n"));
        }
        for field in &one.fields {
            let shown = |value: &Option<String>| {
                value
                    .as_ref()
                    .map_or_else(|| "nothing".to_owned(), |text| format!("\"{text}\""))
            };
            text.push_str(&format!(
                "{who}: {} is {}, {} was sent\n",
                field.field,
                shown(&field.held),
                shown(&field.sent)
            ));
        }
    }
    if asked.differing > 0 {
        text.push_str(&format!(
            "{} differ. `replications reconcile {} --send-again` lets them go with the next run.\n",
            counted(asked.differing, "contact", "contacts"),
            quoted(&asked.replication)
        ));
    }
    text
}

fn pick_name(one: &DifferingContact) -> &str {
    let person = &one.person;
    match (person.name.as_str(), &person.email) {
        ("", Some(email)) => email,
        ("", None) => person.contact.as_str(),
        (name, _) => name,
    }
}

pub(super) fn sent_again(again: &SentAgain) -> String {
    format!(
        "{} will go again with the next run.\n",
        counted(again.contacts, "contact", "contacts")
    )
}
