//! The settings of a replication as options.

use clap::{Args, ValueEnum};
use leadferry_commands::alerts::AlertKind;
use leadferry_commands::replications::{
    Api, EmptyValues, OptedOut, ReplicationChange, WhenConverted, WhenDeleted,
};

/// Declares an option for each setting, and the change that the given options make. An option has the type that the
/// change takes, or one that is [`Given`] as it.
macro_rules! declare_options {
    ($($(#[$attribute:meta])* $name:ident: $type:ty,)*) => {
        // Not a docstring: it would be shown as the help of the commands.
        #[derive(Debug, Clone, Default, Args)]
        pub(crate) struct Settings {
            $($(#[$attribute])* $name: Option<$type>,)*
        }

        impl Settings {
            /// Returns the settings that were given.
            pub(crate) fn change(&self) -> ReplicationChange {
                ReplicationChange {
                    $($name: self.$name.as_ref().map(Given::given),)*
                    ..ReplicationChange::default()
                }
            }
        }
    };
}

declare_options! {
    /// Connection; empty removes it.
    #[arg(long)]
    connection: String,
    /// Enable or disable the replication.
    #[arg(long, value_name = "true|false")]
    enabled: bool,
    /// Field in Salesforce that stores the Leadferry ID.
    #[arg(long, value_name = "FIELD")]
    identifier: String,
    /// What the replication is for; empty for none.
    #[arg(long, value_name = "TEXT")]
    about: String,
    /// Only contacts with the minimum points in this score; empty for all contacts.
    #[arg(long)]
    score: String,
    /// Minimum points.
    #[arg(long, value_name = "N", allow_negative_numbers = true)]
    minimum: i64,
    /// Keep records updated; otherwise each contact is sent once.
    #[arg(long, value_name = "true|false")]
    keep_updated: bool,
    /// Match existing records by email before creating new ones.
    #[arg(long, value_name = "true|false")]
    match_email: bool,
    /// Create new records; otherwise only existing ones are updated.
    #[arg(long, value_name = "true|false")]
    create_missing: bool,
    /// Contacts in a batch, 1 to 200.
    #[arg(long, value_name = "N")]
    batch_size: u16,
    /// Batches at a time, 1 to 10.
    #[arg(long, value_name = "N")]
    in_flight: u16,
    /// Salesforce API that sends contacts. Auto uses the one that needs fewer API calls.
    #[arg(long, value_enum)]
    api: Sender,
    /// Company for contacts without one; required where Salesforce requires a company.
    #[arg(long, value_name = "TEXT")]
    default_company: String,
    /// Template for the description.
    #[arg(long, value_name = "TEMPLATE")]
    description: String,
    /// Action for records deleted in Salesforce.
    #[arg(long, value_enum)]
    deleted: Deleted,
    /// Action for leads converted in Salesforce.
    #[arg(long, value_enum)]
    converted: Converted,
    /// Use the assignment rules of the org for new leads.
    #[arg(long, value_name = "true|false")]
    assignment_rules: bool,
    /// Save records even if a duplicate rule warns about them.
    #[arg(long, value_name = "true|false")]
    allow_duplicates: bool,
    /// Hold new contacts while a pulled record is this likely the same person, in percent; 0 never does.
    #[arg(long, value_name = "PERCENT")]
    hold_duplicates: u8,
    /// Action for values cleared here.
    #[arg(long, value_enum)]
    empty_values: Empty,
    /// Keep the values that records held before an update.
    #[arg(long, value_name = "true|false")]
    old_values: bool,
    /// Value to write when a contact is deleted here, for example '"Deleted"=Description'; empty for none.
    #[arg(long, value_name = "ROW")]
    deleted_here: String,
    /// API calls kept for other tools.
    #[arg(long, value_name = "N")]
    api_reserve: u64,
    /// Only contacts in at least one of these segments; empty for all contacts.
    #[arg(long, value_name = "SEGMENT")]
    segments_any: Vec<String>,
    /// Only contacts in all of these segments.
    #[arg(long, value_name = "SEGMENT")]
    segments_all: Vec<String>,
    /// Only contacts in none of these segments.
    #[arg(long, value_name = "SEGMENT")]
    segments_none: Vec<String>,
    /// Only contacts who gave consent to each of these purposes; empty for all contacts.
    #[arg(long = "require-consent", value_name = "PURPOSE")]
    required_purposes: Vec<String>,
    /// What to send of contacts who opted out of email. The opt-out itself is always sent.
    #[arg(long, value_enum)]
    opted_out: OptOuts,
    /// Maximum number of synced segments for each object; 25 by default.
    #[arg(long, value_name = "N")]
    most_segments: u16,
    /// Prefix of suggested Mapping IDs.
    #[arg(long, value_name = "TEXT")]
    mapping_id_prefix: String,
    /// Suffix of suggested Mapping IDs.
    #[arg(long, value_name = "TEXT")]
    mapping_id_suffix: String,
    /// Schedule, while the app or `replications watch` is running: manual, "on change", "every 15 minutes",
    /// "at 08:00, 13:30".
    #[arg(long, value_name = "WHEN")]
    schedule: String,
    /// Alerts, separated by commas: `finished`, `partly_failed`,
    /// `failed`, `late`, `sign_in_lost`, `api_low`, or `none`.
    #[arg(long, value_parser = alert_or_none, value_delimiter = ',', value_name = "KIND")]
    alerts: Vec<AlertOf>,
    /// Alert when a scheduled run is this many minutes late; 30 by default.
    #[arg(long, value_name = "MINUTES")]
    late_after: u32,
    /// Warn when fewer than this percentage of API calls remain; 10 by default.
    #[arg(long, value_name = "PERCENT")]
    api_low_at: u8,
    /// Hold back a scheduled run that would send more than this many times the usual number of contacts; 3 by default,
    /// 0 for never.
    #[arg(long, value_name = "TIMES")]
    brake_times: u16,
    /// Never hold back a scheduled run of this many contacts or fewer; 50 by default.
    #[arg(long, value_name = "CONTACTS")]
    brake_contacts: u64,
    /// Stop a scheduled run when Salesforce refuses more than this percentage of contacts; 20 by default, 0 for never.
    #[arg(long, value_name = "PERCENT")]
    brake_refused: u8,
    /// Count refused contacts among this many; 200 by default.
    #[arg(long, value_name = "CONTACTS")]
    brake_rows: u64,
}

/// The value of an option as the change takes it.
trait Given<Value> {
    fn given(&self) -> Value;
}

impl<Value: Clone> Given<Value> for Value {
    fn given(&self) -> Value {
        self.clone()
    }
}

/// A kind of alerts, or none at all.
#[derive(Debug, Clone, Copy)]
struct AlertOf(Option<AlertKind>);

impl Given<Vec<AlertKind>> for Vec<AlertOf> {
    fn given(&self) -> Vec<AlertKind> {
        self.iter().filter_map(|one| one.0).collect()
    }
}

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

impl Given<WhenDeleted> for Deleted {
    fn given(&self) -> WhenDeleted {
        match self {
            Self::Block => WhenDeleted::Block,
            Self::Recreate => WhenDeleted::Recreate,
        }
    }
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum Converted {
    /// Link the contact that the lead became.
    Follow,
    /// Block the contact.
    Block,
}

impl Given<WhenConverted> for Converted {
    fn given(&self) -> WhenConverted {
        match self {
            Self::Follow => WhenConverted::Follow,
            Self::Block => WhenConverted::Block,
        }
    }
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

impl Given<OptedOut> for OptOuts {
    fn given(&self) -> OptedOut {
        match self {
            Self::Update => OptedOut::Update,
            Self::LikeOthers => OptedOut::LikeOthers,
            Self::OnlyOptOut => OptedOut::OnlyOptOut,
        }
    }
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum Empty {
    /// Keep the value in Salesforce.
    LeaveAlone,
    /// Clear the value in Salesforce.
    Clear,
}

impl Given<EmptyValues> for Empty {
    fn given(&self) -> EmptyValues {
        match self {
            Self::LeaveAlone => EmptyValues::LeaveAlone,
            Self::Clear => EmptyValues::Clear,
        }
    }
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

impl Given<Api> for Sender {
    fn given(&self) -> Api {
        match self {
            Self::Auto => Api::Auto,
            Self::Collections => Api::Collections,
            Self::Bulk => Api::Bulk,
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use leadferry_commands::replications::Settings as Kept;

    use super::*;

    /// Other commands change these, or options of other names.
    const ELSEWHERE: [&str; 4] = ["consent_sync", "default_last_name", "partner", "segments"];

    #[test]
    fn every_setting_of_a_replication_has_an_option() {
        let kept = serde_json::to_value(Kept::default()).unwrap();
        let options = Settings::augment_args(clap::Command::new("set"));
        let named: BTreeSet<&str> = options
            .get_arguments()
            .map(|one| one.get_id().as_str())
            .collect();
        let lacking: Vec<&String> = kept
            .as_object()
            .unwrap()
            .keys()
            .filter(|setting| {
                !named.contains(setting.as_str()) && !ELSEWHERE.contains(&setting.as_str())
            })
            .collect();
        assert!(lacking.is_empty(), "no option changes {lacking:?}");
    }
}
