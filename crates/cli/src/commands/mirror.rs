//! `mirror …`

use std::collections::BTreeMap;

use clap::Subcommand;
use leadferry_commands::Result;
use leadferry_commands::mirror::{
    self, AskBeside, AskObject, AskOrgObjects, AskProfile, AskRecords, Askable, BesideContact,
    MirrorState, MirroredObject, MirroredRecord, ObjectProfile, OrgObjects, ProfiledFrom,
    RecordsListed,
};
use leadferry_commands::search::Cell;

use super::search::text::cell;
use crate::app::App;
use crate::exit::Exit;
use crate::table::{Table, counted, grouped, pairs};

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// List the mirrored objects with their records.
    Objects {
        /// List every object of the org instead, with approximate record counts. Uses 2 API calls.
        #[arg(long)]
        org: bool,
        /// Connection, if the workspace has several.
        #[arg(long)]
        connection: Option<String>,
    },
    /// Count the records of an object in the mirror.
    Count {
        /// API name of the object.
        object: String,
        /// Connection, if several orgs are mirrored.
        #[arg(long)]
        connection: Option<String>,
    },
    /// List records of an object.
    ///
    /// If the object isn't mirrored, this reads 20 records from Salesforce with 2 API calls.
    List {
        /// API name of the object.
        object: String,
        /// Fields to show, separated by commas.
        #[arg(long, value_name = "FIELD", value_delimiter = ',')]
        columns: Vec<String>,
        /// Only records that contain this text.
        #[arg(long)]
        text: Option<String>,
        /// Only records in this state.
        #[arg(long, value_parser = state)]
        state: Option<MirrorState>,
        /// Show at most N records.
        #[arg(long, value_name = "N", default_value_t = 50)]
        limit: usize,
        /// Continue after a page, with its `next`.
        #[arg(long, value_name = "NEXT")]
        after: Option<String>,
        /// Connection, if several orgs are mirrored.
        #[arg(long)]
        connection: Option<String>,
    },
    /// List the names that segments, filters, mappings, templates and exports can use.
    Fields,
    /// Show a record of the mirror.
    Show {
        /// Id of the record.
        id: String,
    },
    /// Show the Salesforce records that a contact is linked to.
    Contact {
        /// Contact, by guid or email.
        contact: String,
        /// Read the records from Salesforce first. Uses an API call for each.
        #[arg(long)]
        refresh: bool,
    },
    /// Show what the fields of an object contain.
    ///
    /// This looks at every record of the mirror. If the object isn't mirrored, it reads up to 2,000 records from Salesforce
    /// with 2 API calls.
    Profile {
        /// API name of the object.
        object: String,
        /// Fields, separated by commas. Default: all.
        #[arg(long = "field", value_name = "FIELD", value_delimiter = ',')]
        fields: Vec<String>,
        /// Connection, if several orgs are mirrored.
        #[arg(long)]
        connection: Option<String>,
    },
}

fn state(text: &str) -> std::result::Result<MirrorState, String> {
    match text.to_lowercase().as_str() {
        "live" => Ok(MirrorState::Live),
        "deleted" => Ok(MirrorState::Deleted),
        "gone" => Ok(MirrorState::Gone),
        _ => Err("choose live, deleted or gone".to_owned()),
    }
}

pub(crate) async fn run(command: &Command, app: &App) -> Result<Exit> {
    let workspace = app.open()?;
    let of = |object: &String, connection: &Option<String>| AskObject {
        connection: connection.clone(),
        object: object.clone(),
    };
    match command {
        Command::Objects {
            org: true,
            connection,
        } => {
            let request = AskOrgObjects {
                connection: connection.clone(),
            };
            let objects = mirror::org_objects(&workspace, &request).await?;
            app.output.result(&objects, org_objects);
        }
        Command::Objects { .. } => {
            let objects = mirror::objects(&workspace)?;
            app.output.result(&objects, |listed| {
                counts(&listed.objects).text("Nothing is mirrored yet. To read records: leadferry-cli pulls add NAME --object Lead")
            });
        }
        Command::Count { object, connection } => {
            let counted = mirror::count(&workspace, &of(object, connection))?;
            app.output
                .result(&counted, |one| counts(std::slice::from_ref(one)).text(""));
        }
        Command::List {
            object,
            columns,
            text,
            state,
            limit,
            after,
            connection,
        } => {
            let request = AskRecords {
                of: of(object, connection),
                columns: columns.clone(),
                text: text.clone(),
                state: *state,
                after: after.clone(),
                limit: Some(*limit),
            };
            app.output
                .result(&mirror::list(&workspace, &request).await?, records);
        }
        Command::Contact { contact, refresh } => {
            let request = AskBeside {
                contact: contact.clone(),
                refresh: *refresh,
            };
            app.output
                .result(&mirror::of_contact(&workspace, &request).await?, beside);
        }
        Command::Fields => app.output.result(&mirror::askable(&workspace)?, askable),
        Command::Show { id } => app.output.result(&mirror::show(&workspace, id)?, record),
        Command::Profile {
            object,
            fields,
            connection,
        } => {
            let request = AskProfile {
                of: of(object, connection),
                fields: fields.clone(),
            };
            app.output
                .result(&mirror::profile(&workspace, &request).await?, profile);
        }
    }
    Ok(Exit::AllWell)
}

fn counts(objects: &[MirroredObject]) -> Table {
    let mut table = Table::new(&[
        "object",
        "connection",
        "live",
        "deleted",
        "gone",
        "fields",
        "pull",
    ]);
    for object in objects {
        table.row([
            object.object.clone(),
            object.connections.join(", "),
            grouped(object.live),
            grouped(object.deleted),
            grouped(object.gone),
            grouped(object.fields),
            object.pull.clone().unwrap_or_default(),
        ]);
    }
    table
}

fn org_objects(objects: &OrgObjects) -> String {
    let mut table = Table::new(&["object", "label", "records", "pull"]);
    for object in &objects.objects {
        table.row([
            object.object.clone(),
            object.label.clone(),
            object.records.map_or_else(|| "-".to_owned(), grouped),
            object.pull.clone().unwrap_or_default(),
        ]);
    }
    table.text("No objects.") + &calls(objects.calls)
}

fn calls(calls: u64) -> String {
    match calls {
        0 => String::new(),
        calls => format!("API calls: {}.\n", grouped(calls)),
    }
}

fn records(listed: &RecordsListed) -> String {
    let names = listed.columns.iter().map(|column| column.name.as_str());
    let mut table = Table::new(&["id", "state"].into_iter().chain(names).collect::<Vec<_>>());
    for record in &listed.records {
        let state = match (record.state, &record.winner) {
            (MirrorState::Live, _) => "live".to_owned(),
            (MirrorState::Deleted, Some(winner)) => format!("merged into {winner}"),
            (MirrorState::Deleted, None) => "deleted".to_owned(),
            (MirrorState::Gone, _) => "gone".to_owned(),
        };
        let own = [record.id.clone(), state].into_iter();
        let values = record
            .values
            .iter()
            .map(|value| named(value, &listed.names));
        table.line(own.chain(values).collect());
    }
    let mut text = table.text("No results.");
    if !listed.mirrored {
        text.push_str("Sample from Salesforce. The object isn't mirrored.\n");
    }
    if let Some(next) = &listed.next {
        text.push_str(&format!("For more, add --after {next}\n"));
    }
    text + &calls(listed.calls)
}

/// Puts the name of a record before its id, where it is known.
fn named(value: &Cell, names: &BTreeMap<String, String>) -> String {
    let text = cell(value);
    match names.get(&text) {
        Some(name) => format!("{name} ({text})"),
        None => text,
    }
}

fn askable(askable: &Askable) -> String {
    let mut table = Table::new(&["name", "label", "of", "type"]);
    for field in askable.fields.iter().chain(&askable.opportunity_fields) {
        table.row([
            field.name.clone(),
            field.label.clone(),
            field.group.to_owned(),
            field.kind.replace('_', " "),
        ]);
    }
    table.text(
        "Nothing is mirrored yet. To read records: leadferry-cli pulls add NAME --object Lead",
    )
}

fn record(record: &MirroredRecord) -> String {
    let state = match (record.state, &record.winner) {
        (MirrorState::Live, _) => "live".to_owned(),
        (MirrorState::Deleted, Some(winner)) => format!("merged into {winner}"),
        (MirrorState::Deleted, None) => "deleted".to_owned(),
        (MirrorState::Gone, _) => "no longer returned by Salesforce".to_owned(),
    };
    let mut lines = vec![
        ("Object", record.object.clone()),
        ("Identity", record.identities.join(", ")),
        ("State", state),
    ];
    let fields = record
        .fields
        .iter()
        .filter(|field| !cell(&field.value).is_empty());
    lines.extend(fields.map(|field| {
        let text = cell(&field.value);
        let text = match &field.reference_name {
            Some(name) => format!("{name} ({text})"),
            None => text,
        };
        (field.name.as_str(), text)
    }));
    pairs(&lines)
}

fn beside(contact: &BesideContact) -> String {
    let mut text = String::new();
    for one in &contact.records {
        text.push_str(&format!(
            "{} {} ({})\n",
            one.object, one.record_id, one.link
        ));
        match (&one.record, &one.account) {
            (None, _) => text.push_str("Not read yet. To read it: leadferry-cli pulls list\n"),
            (Some(own), account) => {
                text.push_str(&record(own));
                if let Some(account) = account {
                    text.push_str(&format!("\n{}", record(account)));
                }
            }
        }
        text.push('\n');
    }
    if contact.records.is_empty() {
        text.push_str("This contact isn't linked to a Salesforce record.\n");
    }
    text + &calls(contact.calls)
}

fn profile(profile: &ObjectProfile) -> String {
    let mut table = Table::new(&[
        "field",
        "filled",
        "distinct",
        "least",
        "greatest",
        "most frequent",
    ]);
    for field in &profile.fields {
        let top = field.top.iter().take(3);
        let top = top.map(|one| format!("{} ({})", cell(&one.value), grouped(one.records)));
        table.row([
            field.field.clone(),
            grouped(field.filled),
            grouped(field.distinct),
            cell(&field.least),
            cell(&field.greatest),
            top.collect::<Vec<_>>().join(", "),
        ]);
    }
    let from = match profile.from {
        ProfiledFrom::Mirror => "the mirror",
        ProfiledFrom::Sample => "Salesforce, as a sample",
    };
    let records = counted(profile.records, "record", "records");
    table.text("No fields.") + &format!("{records} of {from}.\n") + &calls(profile.calls)
}
