//! The settings of a replication as options.

use clap::{Args, ValueEnum};
use leadferry_commands::alerts::AlertKind;
use leadferry_commands::replications::{
    Api, EmptyValues, OptedOut, ReplicationChange, WhenConverted, WhenDeleted,
};

#[derive(Debug, Clone, Default, Args)]
pub(crate) struct Settings {
    /// Connection; empty removes it.
    #[arg(long)]
    connection: Option<String>,
    /// Enable or disable the replication.
    #[arg(long, value_name = "true|false")]
    enabled: Option<bool>,
    /// Field in Salesforce that stores the Leadferry ID.
    #[arg(long, value_name = "FIELD")]
    identifier: Option<String>,
    /// Only contacts with the minimum points in this score; empty for all contacts.
    #[arg(long)]
    score: Option<String>,
    /// Minimum points.
    #[arg(long, value_name = "N", allow_negative_numbers = true)]
    minimum: Option<i64>,
    /// Keep records updated; otherwise each contact is sent once.
    #[arg(long, value_name = "true|false")]
    keep_updated: Option<bool>,
    /// Match existing records by email before creating new ones.
    #[arg(long, value_name = "true|false")]
    match_email: Option<bool>,
    /// Create new records; otherwise only existing ones are updated.
    #[arg(long, value_name = "true|false")]
    create_missing: Option<bool>,
    /// Contacts in a batch, 1 to 200.
    #[arg(long, value_name = "N")]
    batch_size: Option<u16>,
    /// Batches at a time, 1 to 10.
    #[arg(long, value_name = "N")]
    in_flight: Option<u16>,
    /// Salesforce API that sends contacts. Auto uses the one that needs fewer API calls.
    #[arg(long, value_enum)]
    api: Option<Sender>,
    /// Company for contacts without one; required where Salesforce requires a company.
    #[arg(long, value_name = "TEXT")]
    default_company: Option<String>,
    /// Template for the description.
    #[arg(long, value_name = "TEMPLATE")]
    description: Option<String>,
    /// Action for records deleted in Salesforce.
    #[arg(long, value_enum)]
    deleted: Option<Deleted>,
    /// Action for leads converted in Salesforce.
    #[arg(long, value_enum)]
    converted: Option<Converted>,
    /// Use the assignment rules of the org for new leads.
    #[arg(long, value_name = "true|false")]
    assignment_rules: Option<bool>,
    /// Save records even if a duplicate rule warns about them.
    #[arg(long, value_name = "true|false")]
    allow_duplicates: Option<bool>,
    /// Hold new contacts while a pulled record is this likely the same person, in percent; 0 never does.
    #[arg(long, value_name = "PERCENT")]
    hold_duplicates: Option<u8>,
    /// Action for values cleared here.
    #[arg(long, value_enum)]
    empty_values: Option<Empty>,
    /// Keep the values that records held before an update.
    #[arg(long, value_name = "true|false")]
    old_values: Option<bool>,
    /// Value to write when a contact is deleted here, for example '"Deleted"=Description'; empty for none.
    #[arg(long, value_name = "ROW")]
    deleted_here: Option<String>,
    /// API calls kept for other tools.
    #[arg(long, value_name = "N")]
    api_reserve: Option<u64>,
    /// Only contacts in at least one of these segments; empty for all contacts.
    #[arg(long, value_name = "SEGMENT")]
    segments_any: Option<Vec<String>>,
    /// Only contacts in all of these segments.
    #[arg(long, value_name = "SEGMENT")]
    segments_all: Option<Vec<String>>,
    /// Only contacts in none of these segments.
    #[arg(long, value_name = "SEGMENT")]
    segments_none: Option<Vec<String>>,
    /// Only contacts who gave consent to each of these purposes; empty for all contacts.
    #[arg(long, value_name = "PURPOSE")]
    require_consent: Option<Vec<String>>,
    /// What to send of contacts who opted out of email. The opt-out itself is always sent.
    #[arg(long, value_enum)]
    opted_out: Option<OptOuts>,
    /// Maximum number of synced segments for each object; 25 by default.
    #[arg(long, value_name = "N")]
    most_segments: Option<u16>,
    /// Prefix of suggested Mapping IDs.
    #[arg(long, value_name = "TEXT")]
    mapping_id_prefix: Option<String>,
    /// Suffix of suggested Mapping IDs.
    #[arg(long, value_name = "TEXT")]
    mapping_id_suffix: Option<String>,
    /// Schedule, while the app or `replications watch` is running: manual, "on change", "every 15 minutes",
    /// "at 08:00, 13:30".
    #[arg(long, value_name = "WHEN")]
    schedule: Option<String>,
    /// Alerts, separated by commas: `finished`, `partly_failed`,
    /// `failed`, `late`, `sign_in_lost`, `api_low`, or `none`.
    #[arg(long, value_parser = alert_or_none, value_delimiter = ',', value_name = "KIND")]
    alerts: Option<Vec<AlertOf>>,
    /// Alert when a scheduled run is this many minutes late; 30 by default.
    #[arg(long, value_name = "MINUTES")]
    late_after: Option<u32>,
    /// Warn when fewer than this percentage of API calls remain; 10 by default.
    #[arg(long, value_name = "PERCENT")]
    api_low_at: Option<u8>,
    /// Hold back a scheduled run that would send more than this many times the usual number of contacts; 3 by default,
    /// 0 for never.
    #[arg(long, value_name = "TIMES")]
    brake_times: Option<u16>,
    /// Never hold back a scheduled run of this many contacts or fewer; 50 by default.
    #[arg(long, value_name = "CONTACTS")]
    brake_contacts: Option<u64>,
    /// Stop a scheduled run when Salesforce refuses more than this percentage of contacts; 20 by default, 0 for never.
    #[arg(long, value_name = "PERCENT")]
    brake_refused: Option<u8>,
    /// Count refused contacts among this many; 200 by default.
    #[arg(long, value_name = "CONTACTS")]
    brake_rows: Option<u64>,
}

/// A kind of alerts, or none at all.
#[derive(Debug, Clone, Copy)]
struct AlertOf(Option<AlertKind>);

fn alert_or_none(text: &str) -> Result<AlertOf, String> {
    match text {
        "none" => Ok(AlertOf(None)),
        "score_reached" => Err("set this alert with scores set --notify-at".to_owned()),
        "damaged" => Err("a damaged workspace always raises an alert".to_owned()),
        name => AlertKind::from_name(name)
            .map(|kind| AlertOf(Some(kind)))
            .map_err(|error| error.to_string()),
    }
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum Deleted {
    /// Block the contact.
    Block,
    /// Create a new record.
    Recreate,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum Converted {
    /// Link the contact that the lead became.
    Follow,
    /// Block the contact.
    Block,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum OptOuts {
    /// Update the records they have, create none.
    Update,
    /// The same as for other contacts.
    LikeOthers,
    /// Only the opt-out.
    OnlyOptOut,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum Empty {
    /// Keep the value in Salesforce.
    LeaveAlone,
    /// Clear the value in Salesforce.
    Clear,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum Sender {
    /// Bulk API for more than 2,000 contacts, otherwise Collections.
    Auto,
    /// Up to 200 contacts per API call.
    Collections,
    /// Bulk API 2.0: up to 50,000 contacts per job, about 10 API calls each.
    Bulk,
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
            api: self.api.map(|api| match api {
                Sender::Auto => Api::Auto,
                Sender::Collections => Api::Collections,
                Sender::Bulk => Api::Bulk,
            }),
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
            hold_duplicates: self.hold_duplicates,
            empty_values: self.empty_values.map(|empty| match empty {
                Empty::LeaveAlone => EmptyValues::LeaveAlone,
                Empty::Clear => EmptyValues::Clear,
            }),
            old_values: self.old_values,
            deleted_here: self.deleted_here.clone(),
            default_company: self.default_company.clone(),
            default_last_name: None,
            description: self.description.clone(),
            api_reserve: self.api_reserve,
            segments_any: self.segments_any.clone(),
            segments_all: self.segments_all.clone(),
            segments_none: self.segments_none.clone(),
            required_purposes: self.require_consent.clone(),
            opted_out: self.opted_out.map(|opted_out| match opted_out {
                OptOuts::Update => OptedOut::Update,
                OptOuts::LikeOthers => OptedOut::LikeOthers,
                OptOuts::OnlyOptOut => OptedOut::OnlyOptOut,
            }),
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
            brake_times: self.brake_times,
            brake_contacts: self.brake_contacts,
            brake_refused: self.brake_refused,
            brake_rows: self.brake_rows,
        }
    }
}
