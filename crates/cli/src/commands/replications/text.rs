//! Replications, plans and runs in words.

mod settings;

use leadferry_commands::figures::RunFigures;
use leadferry_commands::prepare_org::{Prepared, StepKind};
use leadferry_commands::replications::{
    AS_MANY_AS_POSSIBLE, Activations, ApiCosts, DifferingContact, DifferingPage, MappingIdState,
    PartnerPreview, Phase, PlanReport, PlannedContact, Reconciliation, ReplicationInfo,
    ReplicationState, RunOutcome, SentAgain, Stop, StopKind, Way,
};

use leadferry_commands::{quoted, sentence};

use crate::commands::connections::changed_fields;
use crate::table::{Table, counted, grouped, pairs};

pub(super) fn list(all: &[ReplicationInfo]) -> String {
    let mut table = Table::new(&[
        "replication",
        "object",
        "connection",
        "who",
        "waiting",
        "blocked",
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
            grouped(replication.standing.waiting),
            grouped(replication.standing.blocked),
            state(replication.standing.state).to_owned(),
        ]);
    }
    table.text("No replications yet.")
}

fn who(replication: &ReplicationInfo) -> String {
    match (&replication.score, replication.minimum) {
        (Some(score), Some(1)) => format!("at least 1 point in {score}"),
        (Some(score), Some(minimum)) => format!("at least {minimum} points in {score}"),
        _ if !replication.settings.segments.is_empty() => "segments".to_owned(),
        _ => "all contacts".to_owned(),
    }
}

/// Returns how a replication stands, in the words of the window.
pub(crate) fn state(state: ReplicationState) -> &'static str {
    match state {
        ReplicationState::Running => "running",
        ReplicationState::Ready => "ready",
        ReplicationState::NeedsSetUp => "needs setup",
        ReplicationState::Paused => "disabled",
        ReplicationState::Error => "stopped",
    }
}

/// Shows where the people of two partners go.
pub(super) fn partners(preview: &PartnerPreview) -> String {
    let mut table = Table::new(&[
        "replication",
        "object",
        "selected",
        "have a record",
        "new",
        "through the partner",
    ]);
    for side in [&preview.leads, &preview.contacts] {
        table.row([
            side.replication.clone(),
            side.object.clone(),
            grouped(side.selected),
            grouped(side.linked),
            grouped(side.new),
            grouped(side.to_partner),
        ]);
    }
    let mut text = table.text("");
    text.push_str(&match &preview.contacts_segment {
        Some(segment) => format!("New contacts in {segment} become contacts, all others leads.\n"),
        None => "New contacts become leads.\n".to_owned(),
    });
    for side in [&preview.leads, &preview.contacts] {
        if side.staying > 0 {
            let object = side.object.to_lowercase();
            let stay = match side.staying {
                1 => format!("1 contact stays a {object}"),
                more => format!("{} contacts stay {object}s", grouped(more)),
            };
            let why = match &preview.contacts_segment {
                Some(segment) => format!(", although {segment} says otherwise"),
                None => ": they already are one in Salesforce".to_owned(),
            };
            text.push_str(&format!("{stay}{why}.\n"));
        }
    }
    text
}

/// Says that a copy sends nothing yet, and how it comes to that.
pub(super) fn copied(info: &ReplicationInfo) -> String {
    let name = quoted(&info.name);
    format!(
        "Copied to \"{}\". The copy is disabled and has no schedule. To check its plan and enable it, run:\n  \
         leadferry-cli replications plan {name}\n  \
         leadferry-cli replications set {name} --enabled true\n",
        info.name
    )
}

pub(super) fn info(info: &ReplicationInfo) -> String {
    let mut lines = vec![
        ("replication", info.name.clone()),
        ("object", info.object.clone()),
        (
            "connection",
            info.connection.clone().unwrap_or_else(|| "none".to_owned()),
        ),
        ("state", state(info.standing.state).to_owned()),
        ("who", who(info)),
        ("waiting", grouped(info.standing.waiting)),
        ("blocked", grouped(info.standing.blocked)),
    ];
    let missing = info.standing.needs.iter().filter(|need| !need.done);
    lines.extend(missing.map(|need| ("to do", need.text.clone())));
    lines.extend(settings::lines(&info.settings));
    pairs(&lines)
}

/// Writes a plan; `group` is what the commands of its kind begin with.
pub(super) fn plan(plan: &PlanReport, group: &str) -> String {
    let counts = &plan.counts;
    let mut text = pairs(&[
        ("create", grouped(counts.create)),
        ("update", grouped(counts.update)),
        (
            "not matched yet (create, update or leave out)",
            grouped(counts.match_pending),
        ),
        ("unchanged", grouped(counts.unchanged)),
        ("blocked", grouped(counts.blocked)),
        ("left out", grouped(counts.left_out)),
        ("API calls", grouped(counts.calls)),
        ("sent by", way(&plan.api)),
    ]);
    if let Some(budget) = plan.budget {
        text.push_str(&format!(
            "The org has {} of {} left.",
            grouped(budget.left()),
            counted(budget.max, "call", "calls")
        ));
        if budget.reserve > 0 {
            let verb = if budget.reserve == 1 { "is" } else { "are" };
            let reserved = grouped(budget.reserve);
            text.push_str(&format!(" {reserved} {verb} reserved for other tools."));
        }
        if counts.calls > budget.room {
            let missing = counted(counts.calls - budget.room, "call", "calls");
            text.push_str(&format!(" The run needs {missing} more."));
        }
        text.push('\n');
    }
    for reason in &plan.blocked_by {
        text.push_str(&format!(
            "  {} blocked ({}): {}\n",
            grouped(reason.contacts),
            reason.code,
            sentence(&reason.message)
        ));
    }
    for field in &plan.unsent {
        text.push_str(&format!(
            "  not sent: {} isn't mapped. {} a value in it.{}\n",
            field.label,
            counted(field.contacts, "contact has", "contacts have"),
            field
                .cure
                .as_ref()
                .map(|cure| format!(" {cure}"))
                .unwrap_or_default()
        ));
    }
    if let Some(partner) = &plan.partner {
        text.push_str(&partners(partner));
    }
    text.push_str(&changed_fields(&plan.drift));
    for finding in &plan.findings {
        let about = if finding.line.is_some() {
            "mapping"
        } else {
            "note"
        };
        text.push_str(&format!(
            "  {about}: {} {}\n",
            sentence(&finding.message),
            sentence(&finding.cure)
        ));
    }
    if !plan.matched && counts.match_pending > 0 {
        text.push_str(&format!(
            "To match contacts with the org first, run:\n  leadferry-cli {group} match {}\n",
            quoted(&plan.replication)
        ));
    }
    text
}

/// Says which API sends, why, and what the other one would cost.
fn way(api: &ApiCosts) -> String {
    let why = api.why.text();
    let other = |calls: u64| counted(calls, "API call", "API calls");
    match (api.way, api.bulk) {
        (Way::Bulk, _) => format!(
            "Bulk API ({why}; Collections would use {})",
            other(api.collections)
        ),
        (Way::Collections, Some(bulk)) => {
            format!("Collections ({why}; Bulk API would use {})", other(bulk))
        }
        (Way::Collections, None) => format!("Collections ({why})"),
    }
}

pub(super) fn planned(contacts: &[PlannedContact]) -> String {
    let mut table = Table::whole(&["contact", "name", "outcome", "record", "reason"]);
    for contact in contacts {
        let reasons = contact.message.clone().into_iter();
        let said: Vec<_> = reasons
            .chain(also(contact))
            .chain(remarks_of(contact))
            .collect();
        table.row([
            contact.person.contact.to_string(),
            contact.person.name.clone(),
            contact.decision.name().to_owned(),
            contact.record_id.clone().unwrap_or_default(),
            said.join(" "),
        ]);
    }
    table.text("No contacts with this outcome.")
}

/// Says what becomes of values that don't go as they are, contact by contact.
pub(super) fn remarked(plan: &PlanReport, contacts: &[PlannedContact]) -> String {
    if contacts.is_empty() {
        return String::new();
    }
    let mut text = format!(
        "{} values that are shortened, left out or changed:\n",
        counted(plan.remarked, "contact has", "contacts have")
    );
    let left = plan.remarked.saturating_sub(contacts.len() as u64);
    if left > 0 {
        for remark in &plan.remarks {
            text.push_str(&format!(
                "  {} {}\n",
                grouped(remark.contacts),
                sentence(&remark.message)
            ));
        }
    }
    for contact in contacts {
        for remark in remarks_of(contact) {
            text.push_str(&format!(
                "  {}: {}\n",
                contact.person.name,
                sentence(&remark)
            ));
        }
    }
    if left > 0 {
        text.push_str(&format!(
            "  … and {}. To list more, run:\n  leadferry-cli replications {} {} --show remarks --limit {}\n",
            counted(left, "other contact", "other contacts"),
            if plan.matched { "match" } else { "plan" },
            quoted(&plan.replication),
            plan.remarked
        ));
    }
    text
}

fn also(contact: &PlannedContact) -> Vec<String> {
    messages(&contact.detail["also"])
}

fn remarks_of(contact: &PlannedContact) -> Vec<String> {
    messages(&contact.detail["remarks"])
}

fn messages(list: &serde_json::Value) -> Vec<String> {
    let all = list.as_array().into_iter().flatten();
    all.filter_map(|one| one["message"].as_str().map(sentence))
        .collect()
}

pub(super) fn run(outcome: &RunOutcome) -> String {
    let report = &outcome.report;
    let figures = RunFigures::of_report(report);
    let mut text = pairs(&[
        ("created", grouped(figures.created)),
        ("updated", grouped(figures.updated)),
        ("unchanged", grouped(figures.unchanged)),
        ("newly blocked", grouped(figures.blocked)),
        ("blocked in all", grouped(report.standing)),
        ("waiting", grouped(report.waiting)),
        (
            "left out",
            report
                .left_out
                .map_or_else(|| "not known, the run ended early".to_owned(), grouped),
        ),
        ("API calls", grouped(report.calls)),
    ]);
    for value in &report.values_left_out {
        let contacts = counted(value.contacts, "contact", "contacts");
        text.push_str(&format!("{} ({contacts})\n", value.message));
    }
    if report.standing > 0 {
        text.push_str(&format!(
            "{} until someone acts. For the reasons and what to do, run:\n  leadferry-cli queue list --replication {}\n",
            counted(report.standing, "contact is blocked", "contacts are blocked"),
            quoted(&outcome.replication)
        ));
    }
    if let Some(stop) = &report.stopped {
        text.push_str(&format!(
            "Stopped: {}\nTo do:   {}\n",
            sentence(&stop.message),
            sentence(&stop.cure)
        ));
        if let Some(command) = next_command(stop, &outcome.replication) {
            text.push_str(&format!("Run:     leadferry-cli {command}\n"));
        }
    }
    text
}

/// Returns the command that gets a stopped run going again, where there is one.
fn next_command(stop: &Stop, replication: &str) -> Option<String> {
    let name = quoted(replication);
    match stop.kind {
        StopKind::Limit if stop.cure.ends_with(AS_MANY_AS_POSSIBLE) => {
            Some(format!("replications run {name} --as-far-as-possible"))
        }
        StopKind::Limit => Some(format!("replications watch {name}")),
        StopKind::Cancelled | StopKind::NoNetwork | StopKind::First | StopKind::Job => {
            Some(format!("replications run {name}"))
        }
        StopKind::Brake => Some(format!("replications release {name}")),
        StopKind::SetUp => Some(format!("mappings check {name}")),
        StopKind::EmailMatching => Some(format!("replications set {name} --match-email false")),
        StopKind::SignIn => Some("connections list".to_owned()),
        StopKind::Storage | StopKind::Rights | StopKind::Local => None,
    }
}

pub(crate) fn prepared(prepared: &Prepared) -> String {
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
        "The org isn't ready yet.\n"
    });
    text
}

pub(super) fn activations(all: &Activations) -> String {
    let mut table = Table::whole(&["segment", "field", "members", "status", "start", "end"]);
    for one in &all.active {
        let state = match (one.state, &one.trouble) {
            (_, Some(trouble)) => {
                format!("{} {}", sentence(&trouble.message), sentence(&trouble.cure))
            }
            (MappingIdState::Unverified, None) => "not checked yet".to_owned(),
            _ => "exists".to_owned(),
        };
        table.row([
            one.segment.clone(),
            one.mapping_id.clone(),
            grouped(one.members),
            state,
            one.from.clone().unwrap_or_default(),
            match (&one.until, one.phase) {
                (Some(until), Phase::After) => format!("{until} (past)"),
                (until, _) => until.clone().unwrap_or_default(),
            },
        ]);
    }
    let mut text = table.text("No segments are synced to Salesforce yet.");
    let active = all.active.len() as u64 + all.elsewhere;
    text.push_str(&format!(
        "{} of {} for this object.\n",
        grouped(active),
        counted(u64::from(all.most), "segment", "segments")
    ));
    text
}

pub(super) fn reconciliation(asked: &Reconciliation, differing: &DifferingPage) -> String {
    let mut text = String::new();
    if let Some(last) = &asked.last {
        let mut table = Table::new(&[
            "",
            "in this workspace",
            "queued",
            "with a record",
            "in Salesforce",
        ]);
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
                    .map_or_else(|| "not checked yet".to_owned(), grouped),
            ]);
        }
        text.push_str(&table.text(""));
    }
    if let Some(cost) = &asked.cost {
        text.push_str(&format!(
            "Comparing totals uses {}. Reading back {} uses {}.\n",
            counted(cost.count_calls, "API call", "API calls"),
            counted(cost.records, "record", "records"),
            counted(cost.read_calls, "API call", "API calls"),
        ));
    }
    for one in &differing.contacts {
        let who = pick_name(one);
        if one.gone {
            text.push_str(&format!("{who}: the record doesn't exist anymore\n"));
        }
        for field in &one.fields {
            let shown = |value: &Option<String>| {
                value
                    .as_ref()
                    .map_or_else(|| "empty".to_owned(), |text| format!("\"{text}\""))
            };
            text.push_str(&format!(
                "{who}: {} is {} in Salesforce, but {} was sent\n",
                field.field,
                shown(&field.held),
                shown(&field.sent)
            ));
        }
    }
    if asked.differing > 0 {
        text.push_str(&format!(
            "{} in Salesforce. To send them again, run:\n  leadferry-cli replications reconcile {} --send-again\n",
            counted(asked.differing, "contact differs", "contacts differ"),
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
        "The next run sends {} again.\n",
        counted(again.contacts, "contact", "contacts")
    )
}
