//! The settings of a replication, apart from name, object, connection, score and mapping.

mod declaring;
mod schedule;

use leadferry_store::{AlertKind, ReplicationId, Unread, why_unread};
use serde::{Deserialize, Serialize};

use declaring::{Take, declare_settings};
pub use schedule::Schedule;

use crate::mapping::{Mapping, Overwrite, Source};
use crate::targets::TargetObject;
use crate::{Error, Result};

/// What to do about a record that was deleted in Salesforce.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ts_rs::TS, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum WhenDeleted {
    /// The contact is blocked until someone decides.
    Block,
    /// A new record is created.
    Recreate,
}

/// What to do about a lead that was converted in Salesforce.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ts_rs::TS, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum WhenConverted {
    /// The link moves to the Contact; an enabled Contact replication on the connection goes on from there.
    Follow,
    /// The contact is blocked.
    Block,
}

/// What an unset field does to the record on update.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ts_rs::TS, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum EmptyValues {
    /// The record's value stays.
    LeaveAlone,
    /// The record's value is cleared; yes/no fields stay, they cannot be cleared.
    Clear,
}

/// What is sent of contacts who opted out of email. A no goes in any case.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ts_rs::TS, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OptedOut {
    /// The records they have are updated, and none is created.
    Update,
    /// The same as of everybody.
    LikeOthers,
    /// Nothing but the opt-out.
    OnlyOptOut,
}

/// Which of Salesforce's APIs sends the rows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, ts_rs::TS, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Api {
    /// Whichever takes fewer calls.
    #[default]
    Auto,
    /// Requests of up to 200 records.
    Collections,
    /// Jobs of Bulk API 2.0.
    Bulk,
}

/// Which segments decide who goes, by name.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, ts_rs::TS, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct SegmentChoice {
    /// In at least one of these; everybody where there is none.
    pub any: Vec<String>,
    /// In each of these.
    pub all: Vec<String>,
    /// In none of these.
    pub none: Vec<String>,
}

impl SegmentChoice {
    /// Tells whether no segment decides.
    pub fn is_empty(&self) -> bool {
        self.any.is_empty() && self.all.is_empty() && self.none.is_empty()
    }

    /// Returns all names.
    pub fn names(&self) -> impl Iterator<Item = &String> {
        self.any.iter().chain(&self.all).chain(&self.none)
    }

    /// Puts another name where one stands; returns whether it stood anywhere.
    pub fn rename(&mut self, from: &str, to: &str) -> bool {
        let mut renamed = false;
        let lists = [&mut self.any, &mut self.all, &mut self.none];
        for name in lists.into_iter().flatten() {
            if name.to_lowercase() == from.to_lowercase() {
                to.clone_into(name);
                renamed = true;
            }
        }
        renamed
    }
}

/// The replication of the other object on the same connection with which people are shared.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ts_rs::TS, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Partner {
    /// The other replication.
    pub replication: ReplicationId,
    /// New people in this segment become contacts; without one, all new people become leads.
    #[serde(default)]
    pub contacts_segment: Option<String>,
}

/// Salesforce allows 25 External ID fields an object; segment fields are none, so that more work, too.
const MOST_SEGMENTS: u16 = 25;

/// A week, in minutes.
const MOST_LATE: u32 = 7 * 24 * 60;

declare_settings! {
    /// The settings of a replication.
    #[derive(Debug, Clone, PartialEq, Eq, Serialize, ts_rs::TS, Deserialize)]
    #[serde(default, deny_unknown_fields)]
    struct Settings;

    /// What is to be changed about a replication; `None` leaves it. An empty text or list takes away what is optional.
    #[derive(Debug, Clone, Default, Deserialize, ts_rs::TS)]
    #[ts(optional_fields)]
    #[expect(missing_docs, reason = "the others are the settings of the same names")]
    struct ReplicationChange {
        /// Another name.
        name: String,
        /// The connection's name; an empty one takes it away.
        connection: String,
        /// Off keeps the queue and sends nothing.
        enabled: bool,
        /// The score's name; an empty one means all contacts.
        score: String,
        /// Points that mark a contact.
        minimum: i64,
        /// In at least one of these segments; an empty list means everybody.
        segments_any: Vec<String>,
        /// In each of these segments.
        segments_all: Vec<String>,
        /// In none of these segments.
        segments_none: Vec<String>,
    }

    /// Whether this is a consent sync: its rows are consent, and people are found by their email.
    consent_sync: bool = false;
    /// What it is for, in the user's words.
    about: Option<String> = None, changed by String;
    /// API name of the org's custom field that holds our guid.
    identifier: String = "Leadferry_ID__c".into(), changed by String;
    /// Whether people are looked for by e-mail before a record is created.
    match_email: bool = true, changed by bool;
    /// Whether missing records are created; off updates only.
    create_missing: bool = true, changed by bool;
    /// Whether a contact goes again when its values change; off sends each once.
    keep_updated: bool = true, changed by bool;
    /// Most records in one request, 1 to 200.
    batch_size: u16 = 200, changed by u16;
    /// Requests in flight at once, 1 to 10.
    in_flight: u16 = 4, changed by u16;
    /// Which of Salesforce's APIs sends the rows.
    api: Api = Api::Auto, changed by Api;
    /// What to do about a record that was deleted in Salesforce.
    deleted: WhenDeleted = WhenDeleted::Block, changed by WhenDeleted;
    /// What to do about a lead that was converted in Salesforce.
    converted: WhenConverted = WhenConverted::Follow, changed by WhenConverted;
    /// Whether the org's assignment rules run on create; they never run on update.
    assignment_rules: bool = false, changed by bool;
    /// Whether duplicate rules that only warn are overridden; off respects them.
    allow_duplicates: bool = false, changed by bool;
    /// A new person waits while a mirrored record is this likely the same, in percent; 0 never.
    hold_duplicates: u8 = 80, changed by u8;
    /// What an unset field does to the record on update.
    empty_values: EmptyValues = EmptyValues::LeaveAlone, changed by EmptyValues;
    /// Whether the org's values are read and kept before they are overwritten.
    old_values: bool = true, changed by bool;
    /// What to set in Salesforce when a linked contact is deleted here, as a mapping row with a constant such as
    /// `"Deleted in Leadferry"=Description`; unset sends nothing.
    deleted_here: Option<String> = None, changed by String;
    /// Company for contacts that have none; required where the org requires one.
    default_company: Option<String> = None, changed by String;
    /// Last name of new records for contacts that have none; only a consent sync has one.
    default_last_name: Option<String> = None, changed by String;
    /// Template of the generated description.
    description: String = "{% Contact.ContactLastName %}".into(), changed by String;
    /// API calls of the 24-hour allowance that are left to others.
    api_reserve: u64 = 0, changed by u64;
    /// Which segments decide who goes.
    segments: SegmentChoice = SegmentChoice::default();
    /// The replication of the other object with which people are shared: each goes through exactly one of the two.
    partner: Option<Partner> = None;
    /// The purposes that everybody who goes must have given consent to, by path.
    required_purposes: Vec<String> = Vec::new(), changed by Vec<String>;
    /// What is sent of contacts who opted out of email.
    opted_out: OptedOut = OptedOut::Update, changed by OptedOut;
    /// Most segments whose status is written to the object.
    most_segments: u16 = MOST_SEGMENTS, changed by u16;
    /// What proposed Mapping IDs begin with.
    mapping_id_prefix: String = String::new(), changed by String;
    /// What proposed Mapping IDs end with.
    mapping_id_suffix: String = String::new(), changed by String;
    /// When it runs by itself: `manual`, `on change`, `every 15 minutes` or `at 08:00, 13:30`.
    #[ts(type = "string")]
    schedule: Schedule = Schedule::Manual, changed by String;
    /// What someone wants to be told of; scores have their own setting.
    alerts: Vec<AlertKind> = vec![
        AlertKind::PartlyFailed,
        AlertKind::Failed,
        AlertKind::Late,
        AlertKind::SignInLost,
        AlertKind::ApiLow,
    ], changed by Vec<AlertKind>;
    /// Minutes after which what is due and has not begun is late.
    late_after: u32 = 30, changed by u32;
    /// So many percent of the org's allowance of calls, and less, are few.
    api_low_at: u8 = 10, changed by u8;
    /// A scheduled run that would send more than so many times the usual number of contacts is held back; 0 never.
    brake_times: u16 = 3, changed by u16;
    /// A scheduled run of so many contacts, and fewer, is never held back.
    brake_contacts: u64 = 50, changed by u64;
    /// A scheduled run of which the org refuses more than so many of a hundred contacts stops; 0 never.
    brake_refused: u8 = 20, changed by u8;
    /// So many contacts are counted together for that.
    brake_rows: u64 = 200, changed by u64;
}

impl Settings {
    /// Reads settings from their stored JSON.
    ///
    /// # Errors
    /// [`Error::Store`] when a name is unknown or a value has the wrong form.
    pub fn from_json(text: &str) -> Result<Self> {
        serde_json::from_str(text)
            .map_err(|error| unread::<Self>("a replication's settings", text, &error))
    }

    /// Returns the JSON that is stored.
    pub fn to_json(&self) -> String {
        serde_json::to_string(self).unwrap_or_default()
    }

    /// Checks the settings against the target object, as far as it is known.
    ///
    /// # Errors
    /// [`Error::Settings`] with the setting, the reason and what to do.
    pub fn check(&self, object: &TargetObject) -> Result<()> {
        let refuse = |text: String| Err(Error::Settings(text));
        if self.lacks_company(object) {
            return refuse(
                "Default company is empty. Salesforce requires a company for every record.".into(),
            );
        }
        if self.lacks_last_name() {
            return refuse(
                "Default last name is empty. Salesforce requires a last name for every record."
                    .into(),
            );
        }
        if !(1..=200).contains(&self.batch_size) {
            return refuse(format!(
                "Contacts in a batch can't be {}. Salesforce takes 1 to 200 records in a request.",
                self.batch_size
            ));
        }
        if !(1..=10).contains(&self.in_flight) {
            return refuse(format!(
                "Batches at a time can't be {}. Use 1 to 10.",
                self.in_flight
            ));
        }
        if let (Api::Bulk, Some(why)) = (self.api, self.only_collections()) {
            return refuse(format!(
                "API can't be Bulk with these settings: {}. Use Automatic or Collections.",
                why.text()
            ));
        }
        if !(1..=500).contains(&self.most_segments) {
            return refuse(format!(
                "The limit of active segments can't be {}. Use 1 to 500.",
                self.most_segments
            ));
        }
        if !(1..=MOST_LATE).contains(&self.late_after) {
            return refuse(format!(
                "Late after can't be {} minutes. Use 1 minute to a week ({MOST_LATE} minutes).",
                self.late_after
            ));
        }
        if self.hold_duplicates > 100 {
            return refuse(format!(
                "Likely duplicates can't be held at {} %. Use 1 to 100, or 0 for never.",
                self.hold_duplicates
            ));
        }
        if !(1..=99).contains(&self.api_low_at) {
            return refuse(format!(
                "The warning for API calls can't be {} %. Use 1 to 99.",
                self.api_low_at
            ));
        }
        if self.brake_refused > 99 {
            return refuse(format!(
                "The limit of refused contacts can't be {} %. Use 1 to 99, or 0 for never.",
                self.brake_refused
            ));
        }
        if self.brake_rows == 0 {
            return refuse("Refused contacts can't be counted among 0. Use 1 or more.".into());
        }
        if let Some(row) = &self.deleted_here {
            farewell(row)?;
        }
        if !is_custom_field_name(&self.identifier) {
            return refuse(format!(
                "\"{}\" can't be the identifier. Use the API name of a custom field, for example Leadferry_ID__c.",
                self.identifier
            ));
        }
        Ok(())
    }

    /// Tells whether new people are compared with the mirror before they are created.
    pub fn holds_duplicates(&self) -> bool {
        self.hold_duplicates > 0 && self.create_missing
    }

    /// Tells whether contacts without a company can't be sent, and the settings have none for them.
    pub fn lacks_company(&self, object: &TargetObject) -> bool {
        if self.consent_sync && !self.create_missing {
            return false;
        }
        let company = self.default_company.as_deref().unwrap_or_default();
        let is_required = object.field("Company").is_some_and(|field| field.required);
        is_required && company.trim().is_empty()
    }
}

impl Settings {
    /// Tells whether a consent sync creates records, and has no last name for contacts without one.
    pub fn lacks_last_name(&self) -> bool {
        let name = self.default_last_name.as_deref().unwrap_or_default();
        self.consent_sync && self.create_missing && name.trim().is_empty()
    }
}

/// Reads the row that is sent for a contact deleted here.
///
/// # Errors
/// [`Error::Settings`] when it is not one row with a constant.
pub fn farewell(row: &str) -> Result<Mapping> {
    let refused = || {
        Error::Settings(format!(
            "`{row}` can't be sent for deleted contacts. Use one text and its field, for example `\"Deleted in Leadferry\"=Description`."
        ))
    };
    let mut mapping = Mapping::parse(row).map_err(|_| refused())?;
    match mapping.rows.as_mut_slice() {
        [only] if matches!(only.source, Source::Constant(_)) => {
            // What it says is news to every record; whoever means otherwise writes so.
            let rules = row.rsplit_once(';').map_or("", |(_, rules)| rules);
            if !rules.contains("if_empty") {
                only.overwrite = Overwrite::Always;
            }
            Ok(mapping)
        }
        _ => Err(refused()),
    }
}

/// Tells whether a text has the form of a custom field's API name.
pub fn is_custom_field_name(name: &str) -> bool {
    name.len() <= 80
        && name.ends_with("__c")
        && name.starts_with(|first: char| first.is_ascii_alphabetic())
        && name
            .chars()
            .all(|char| char.is_ascii_alphanumeric() || char == '_')
}

/// Says which of stored settings can't be read, and why: a workspace from elsewhere may hold anything.
pub(crate) fn unread<T: serde::de::DeserializeOwned>(
    what: &'static str,
    json: &str,
    error: &serde_json::Error,
) -> Error {
    let one_by_one = serde_json::from_str::<serde_json::Map<_, _>>(json).unwrap_or_default();
    let culprit = one_by_one.into_iter().find_map(|(name, value)| {
        let alone = serde_json::Map::from_iter([(name.clone(), value)]);
        let error = T::deserialize(serde_json::Value::from(alone)).err()?;
        Some(Unread::new(&name, &error).to_string())
    });
    Error::Store(leadferry_store::Error::Unreadable {
        what,
        source: culprit.unwrap_or_else(|| why_unread(error)).into(),
    })
}
