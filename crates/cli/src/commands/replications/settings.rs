//! The settings of a replication as options.

use clap::{Args, ValueEnum};
use leadferry_commands::alerts::AlertKind;
use leadferry_commands::replications::{
    EmptyValues, ReplicationChange, WhenConverted, WhenDeleted,
};

#[derive(Debug, Clone, Default, Args)]
pub(crate) struct Settings {
    /// The connection; empty takes it away.
    #[arg(long)]
    connection: Option<String>,
    /// Whether anything is sent at all.
    #[arg(long, value_name = "true|false")]
    enabled: Option<bool>,
    /// The org's field that holds our guid.
    #[arg(long, value_name = "FIELD")]
    identifier: Option<String>,
    /// Only contacts with enough points in this score; empty means all.
    #[arg(long)]
    score: Option<String>,
    /// Points that are enough.
    #[arg(long, value_name = "N", allow_negative_numbers = true)]
    minimum: Option<i64>,
    /// Whether a contact goes again when its values change.
    #[arg(long, value_name = "true|false")]
    keep_updated: Option<bool>,
    /// Whether people are looked for by e-mail before a record is created.
    #[arg(long, value_name = "true|false")]
    match_email: Option<bool>,
    /// Whether missing records are created; otherwise only known ones are updated.
    #[arg(long, value_name = "true|false")]
    create_missing: Option<bool>,
    /// Most records in one request, 1 to 200.
    #[arg(long, value_name = "N")]
    batch_size: Option<u16>,
    /// Requests in flight at once, 1 to 10.
    #[arg(long, value_name = "N")]
    in_flight: Option<u16>,
    /// Company of contacts that have none; leads need one.
    #[arg(long, value_name = "TEXT")]
    default_company: Option<String>,
    /// Template of the generated description.
    #[arg(long, value_name = "TEMPLATE")]
    description: Option<String>,
    /// What to do about records deleted in Salesforce.
    #[arg(long, value_enum)]
    deleted: Option<Deleted>,
    /// What to do about leads converted in Salesforce.
    #[arg(long, value_enum)]
    converted: Option<Converted>,
    /// Whether the org's assignment rules run for new records.
    #[arg(long, value_name = "true|false")]
    assignment_rules: Option<bool>,
    /// Whether duplicate rules that only warn are overridden.
    #[arg(long, value_name = "true|false")]
    allow_duplicates: Option<bool>,
    /// What an unset field does to the record.
    #[arg(long, value_enum)]
    empty_values: Option<Empty>,
    /// Whether the org's values are kept before they are overwritten.
    #[arg(long, value_name = "true|false")]
    old_values: Option<bool>,
    /// What to set in Salesforce when a contact is deleted here, as a mapping row with a constant; empty sends nothing.
    #[arg(long, value_name = "ROW")]
    deleted_here: Option<String>,
    /// API calls of the 24-hour allowance that are left to others.
    #[arg(long, value_name = "N")]
    api_reserve: Option<u64>,
    /// Only contacts in at least one of these segments; empty means everybody.
    #[arg(long, value_name = "SEGMENT")]
    segments_any: Option<Vec<String>>,
    /// Only contacts in each of these segments.
    #[arg(long, value_name = "SEGMENT")]
    segments_all: Option<Vec<String>>,
    /// Only contacts in none of these segments.
    #[arg(long, value_name = "SEGMENT")]
    segments_none: Option<Vec<String>>,
    /// Most segments whose status is written to the object; 25 unless raised.
    #[arg(long, value_name = "N")]
    most_segments: Option<u16>,
    /// What proposed Mapping IDs begin with.
    #[arg(long, value_name = "TEXT")]
    mapping_id_prefix: Option<String>,
    /// What proposed Mapping IDs end with.
    #[arg(long, value_name = "TEXT")]
    mapping_id_suffix: Option<String>,
    /// When it runs by itself, while the app or `replications watch` runs: manual, "on change", "every 15 minutes",
    /// "at 08:00, 13:30".
    #[arg(long, value_name = "WHEN")]
    schedule: Option<String>,
    /// What to be told of, in the app and by `alerts list`, separated by commas: `finished`, `partly_failed`,
    /// `failed`, `late`, `sign_in_lost`, `api_low`, or `none`.
    #[arg(long, value_parser = alert_or_none, value_delimiter = ',', value_name = "KIND")]
    alerts: Option<Vec<AlertOf>>,
    /// Minutes after which what is due and has not begun is late; 30 unless set.
    #[arg(long, value_name = "MINUTES")]
    late_after: Option<u32>,
    /// So many percent of the API calls, and less, are few; 10 unless set.
    #[arg(long, value_name = "PERCENT")]
    api_low_at: Option<u8>,
}

/// A kind of alerts, or none at all.
#[derive(Debug, Clone, Copy)]
struct AlertOf(Option<AlertKind>);

fn alert_or_none(text: &str) -> Result<AlertOf, String> {
    match text {
        "none" => Ok(AlertOf(None)),
        "score_reached" => Err("it is set by `scores set --notify-at`".to_owned()),
        name => AlertKind::from_name(name)
            .map(|kind| AlertOf(Some(kind)))
            .map_err(|error| error.to_string()),
    }
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum Deleted {
    /// Block the contact until someone decides.
    Block,
    /// Create a new record.
    Recreate,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum Converted {
    /// Go on with the contact that the lead became.
    Follow,
    /// Block the contact.
    Block,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum Empty {
    /// The record's value stays.
    LeaveAlone,
    /// The record's value is cleared.
    Clear,
}

impl Settings {
    /// Returns what was said.
    pub(crate) fn change(&self) -> ReplicationChange {
        ReplicationChange {
            name: None,
            connection: self.connection.clone(),
            enabled: self.enabled,
            score: self.score.clone(),
            minimum: self.minimum,
            identifier: self.identifier.clone(),
            match_email: self.match_email,
            create_missing: self.create_missing,
            keep_updated: self.keep_updated,
            batch_size: self.batch_size,
            in_flight: self.in_flight,
            deleted: self.deleted.map(|deleted| match deleted {
                Deleted::Block => WhenDeleted::Block,
                Deleted::Recreate => WhenDeleted::Recreate,
            }),
            converted: self.converted.map(|converted| match converted {
                Converted::Follow => WhenConverted::Follow,
                Converted::Block => WhenConverted::Block,
            }),
            assignment_rules: self.assignment_rules,
            allow_duplicates: self.allow_duplicates,
            empty_values: self.empty_values.map(|empty| match empty {
                Empty::LeaveAlone => EmptyValues::LeaveAlone,
                Empty::Clear => EmptyValues::Clear,
            }),
            old_values: self.old_values,
            deleted_here: self.deleted_here.clone(),
            default_company: self.default_company.clone(),
            description: self.description.clone(),
            api_reserve: self.api_reserve,
            segments_any: self.segments_any.clone(),
            segments_all: self.segments_all.clone(),
            segments_none: self.segments_none.clone(),
            most_segments: self.most_segments,
            mapping_id_prefix: self.mapping_id_prefix.clone(),
            mapping_id_suffix: self.mapping_id_suffix.clone(),
            schedule: self.schedule.clone(),
            alerts: self
                .alerts
                .as_ref()
                .map(|all| all.iter().filter_map(|one| one.0).collect()),
            late_after: self.late_after,
            api_low_at: self.api_low_at,
        }
    }
}
