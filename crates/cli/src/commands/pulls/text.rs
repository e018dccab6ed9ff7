//! What `pulls …` says to people.

use leadferry_commands::local_time::LocalTime;
use leadferry_commands::pulls::{
    ObjectSchema, PullDetails, PullOutcome, PullRun, PullRunObject, PullRunState, PullSchema,
    PullsListed, StepKind,
};
use leadferry_commands::{quoted, sentence};

use crate::exit::Exit;
use crate::table::{Table, counted, grouped};

pub(super) fn added(pull: &PullDetails) -> String {
    let name = quoted(&pull.name);
    format!(
        "Added the pull \"{}\".\nTo see what it will create: leadferry-cli pulls schema {name}\nTo read: leadferry-cli \
         pulls run {name}\n",
        pull.name
    )
}

pub(super) fn list(list: &PullsListed, local: &LocalTime) -> String {
    let mut table = Table::new(&["pull", "connection", "objects", "records", "last run"]);
    for pull in &list.pulls {
        let objects = pull.objects.iter().map(|object| object.object.as_str());
        table.row([
            pull.name.clone(),
            pull.connection.clone(),
            objects.collect::<Vec<_>>().join(", "),
            grouped(pull.objects.iter().map(|object| object.records).sum()),
            pull.runs
                .first()
                .map_or_else(|| "never".to_owned(), |run| last(run, local)),
        ]);
    }
    table.text("No pulls yet. To add one: leadferry-cli pulls add NAME --object Lead")
}

pub(super) fn show(pull: &PullDetails, local: &LocalTime) -> String {
    let mut table = Table::new(&["object", "fields", "filter", "records"]);
    for object in &pull.objects {
        let fields = match (&object.fields, object.columns) {
            (Some(names), _) => names.join(", "),
            (None, Some(columns)) => format!("usual ({columns})"),
            (None, None) => "usual".to_owned(),
        };
        let filter = object.filter.as_ref().map(|filter| {
            let rows = filter.criteria.iter().map(|row| {
                let operator = serde_json::to_value(row.operator).unwrap_or_default();
                let operator = operator.as_str().unwrap_or_default().to_owned();
                format!("{} {operator} {}", row.field, row.values.join(";"))
                    .trim_end()
                    .to_owned()
            });
            rows.collect::<Vec<_>>().join(" | ")
        });
        let records = match object.under_way {
            true => format!("{} (reading was interrupted)", grouped(object.records)),
            false => grouped(object.records),
        };
        table.row([
            object.object.clone(),
            fields,
            filter.unwrap_or_default(),
            records,
        ]);
    }
    let mut text = format!(
        "{}, from {}\nRuns: {}{}\n\n{}",
        pull.name,
        pull.connection,
        String::from(pull.settings.schedule.clone()),
        next_run(pull, local),
        table.text("")
    );
    if !pull.runs.is_empty() {
        let mut runs = Table::new(&["run", "read", "new", "changed", "deleted", "gone", "calls"]);
        for run in &pull.runs {
            let sum = |of: fn(&PullRunObject) -> u64| grouped(run.objects.iter().map(of).sum());
            runs.row([
                last(run, local),
                sum(|o| o.read),
                sum(|o| o.new),
                sum(|o| o.changed),
                sum(|o| o.deleted),
                sum(|o| o.gone),
                grouped(run.calls),
            ]);
        }
        text.push_str(&format!("\n{}", runs.text("")));
    }
    text
}

fn next_run(pull: &PullDetails, local: &LocalTime) -> String {
    match (pull.enabled, pull.next_run_at) {
        (false, _) => ", disabled".to_owned(),
        (true, Some(at)) => format!(", next at {}", local.moment(at)),
        (true, None) => String::new(),
    }
}

fn last(run: &PullRun, local: &LocalTime) -> String {
    let at = local.moment(run.ended_at.unwrap_or(run.started_at));
    match run.state {
        PullRunState::Finished => at,
        PullRunState::Running => "running".to_owned(),
        PullRunState::Stopped => format!("{at} (stopped)"),
        PullRunState::Cancelled => format!("{at} (canceled)"),
        PullRunState::Interrupted => format!("{at} (interrupted)"),
    }
}

pub(super) fn schema(schema: &PullSchema) -> String {
    let mut text = String::new();
    let mut to_do = false;
    for object in &schema.objects {
        text.push_str(&object_schema(object));
        to_do |= !object.applied && !object.steps.is_empty();
    }
    text.push_str(&format!("API calls: {}.\n", grouped(schema.calls)));
    if to_do {
        let name = quoted(&schema.pull);
        text.push_str(&format!(
            "To create this: leadferry-cli pulls schema {name} --apply\n"
        ));
    }
    text
}

fn object_schema(object: &ObjectSchema) -> String {
    if let Some(error) = &object.error {
        return format!("{}: {}\n\n", object.object, sentence(error));
    }
    let mut text = format!(
        "{} ({}), identity {}\n",
        object.object,
        counted(object.fields.len() as u64, "field", "fields"),
        object.identity
    );
    if object.steps.is_empty() {
        text.push_str("  Everything is in place.\n");
    }
    for step in &object.steps {
        let what = match (step.kind, object.applied) {
            (StepKind::NewTable, false) => "create the table",
            (StepKind::NewTable, true) => "created the table",
            (StepKind::NewField, false) => "add the field",
            (StepKind::NewField, true) => "added the field",
            (StepKind::FieldGone, _) => "no longer in Salesforce, values stay:",
            (StepKind::FieldBack, _) => "available again:",
            (StepKind::FieldChanged, false) => "change the field",
            (StepKind::FieldChanged, true) => "changed the field",
        };
        let of = match (&step.field, step.kind) {
            (Some(field), _) => format!(" {field} ({})", step.detail),
            (None, _) => format!(" with {} fields", step.detail),
        };
        text.push_str(&format!("  {what}{of}\n"));
    }
    for (field, targets) in &object.relations {
        text.push_str(&format!("  {field} points to {}\n", targets.join(", ")));
    }
    if !object.unknown.is_empty() {
        text.push_str(&format!(
            "  Not visible in Salesforce: {}\n",
            object.unknown.join(", ")
        ));
    }
    text.push('\n');
    text
}

pub(crate) fn run(outcome: &PullOutcome) -> String {
    let mut table = Table::new(&[
        "object",
        "read",
        "new",
        "changed",
        "deleted",
        "gone",
        "in Salesforce",
        "in the mirror",
        "calls",
    ]);
    let number = |count: Option<u64>| count.map_or_else(|| "-".to_owned(), grouped);
    for object in &outcome.report.objects {
        table.row([
            object.object.clone(),
            grouped(object.read),
            grouped(object.new),
            grouped(object.changed),
            grouped(object.deleted),
            grouped(object.gone),
            number(object.in_org),
            number(object.in_mirror),
            grouped(object.calls),
        ]);
    }
    let mut text = table.text("");
    for object in &outcome.report.objects {
        for note in &object.notes {
            text.push_str(&format!("{}: {note}\n", object.object));
        }
    }
    if outcome.report.state == PullRunState::Cancelled {
        text.push_str("Canceled. The next run continues here.\n");
    }
    text + &format!("API calls: {}.\n", grouped(outcome.report.calls))
}

pub(super) fn exit(outcome: &PullOutcome) -> Exit {
    match outcome.report.state {
        PullRunState::Finished => Exit::AllWell,
        PullRunState::Cancelled => Exit::Waiting,
        _ => Exit::SomeNeedALook,
    }
}
