//! HOLDS the workspace: one SQLite file with contacts, mappings, queue and history.
//!
//! All SQL on the workspace stands in this crate. Its functions speak in the product's words; no type of the
//! database library crosses its border. Work happens inside [`Store::read`] and [`Store::write`]: the closure gets a
//! [`Reader`] or a [`Writer`], whose methods are spread over one file per table.
//!
//! Of Salesforce the crate knows the names of the objects that rules ask for, and nothing else. It opens no network connection
//! and reads no clock: callers pass `now`, UTC milliseconds.
//!
//! A function that returns a [`Result`] fails, whatever else its docs say, when the workspace can't be read or written.

mod accounts;
mod activities;
mod acts;
mod alerts;
mod backup;
mod batches;
mod brakes;
mod bulk_jobs;
mod check;
mod clock;
mod conditions;
mod connections;
mod consents;
mod contacts;
mod counts;
mod crash_points;
mod creating;
mod custom_fields;
mod damage;
mod decimal;
mod describes;
mod documents;
mod email_lists;
mod erase;
mod error;
mod fields;
mod fold;
mod ids;
mod imports;
mod inbound;
mod links;
mod lists;
mod log;
mod long_values;
mod maintenance;
mod mappings;
mod merge;
mod migrate;
mod mirror;
mod nearest;
mod neighbors;
mod open;
mod open_here;
mod partners;
mod phones;
mod plans;
mod private;
mod pulls;
#[cfg(test)]
mod query_plans;
mod queue;
mod read_only;
mod recalculation;
mod reconciliations;
mod refusals;
mod replications;
mod rows_together;
mod rules;
mod runs;
mod salvage;
mod schema;
mod scores;
mod search_index;
mod searches;
mod segments;
mod selection;
mod settings;
mod signing_keys;
mod statistics;
mod store;
#[cfg(test)]
mod testing;
mod tidy;
mod torn;
mod undos;
mod values;
mod watchdog;

pub use accounts::*;
pub use activities::*;
pub use acts::{Act, ActKind, LeftAlone, UNDO_MS, Undone};
pub use alerts::*;
pub use backup::{
    DailyBackup, GoesOn, always, backups_of, check_backup, newest_sound_backup, restore,
};
pub use batches::*;
pub use brakes::Brake;
pub use bulk_jobs::*;
pub use check::Health;
pub use clock::{is_within, wait_until};
pub use conditions::{Condition, Operator};
pub use connections::*;
pub use consents::*;
pub use contacts::*;
pub use counts::{counted, grouped};
pub use crash_points::crash_point;
pub use custom_fields::*;
pub use damage::{Damage, UnderWay};
pub use describes::*;
pub use documents::{Unread, why_unread};
pub use email_lists::EmailList;
pub use erase::{
    Counts, ERASED, Erased, ErasedBackups, ErasedPerson, Finder, FinishedErasing, MOST_MENTIONS,
    Mention, MentionPlace, Mentions, Removed,
};
pub use error::{Error, Result};
pub use fields::{ContactField, FieldKind};
pub use fold::fold;
pub use ids::*;
pub use imports::*;
pub use inbound::{Agreement, Agreements, Conflict, ConflictCursor, ConflictQuery, PullInbound};
pub use links::*;
pub use lists::{Delivery, ListColumn, ListFilter, ListPage, ListQuery};
pub use mappings::*;
pub use migrate::SCHEMA_VERSION;
pub use mirror::*;
pub use nearest::{meant_account_field, meant_contact_field, nearest, nearest_spelling};
pub use open_here::is_open_here;
pub use partners::PartnerCounts;
pub use plans::*;
pub use pulls::*;
pub use queue::*;
pub use recalculation::{Recalculate, Recalculated};
pub use reconciliations::*;
pub use refusals::*;
pub use replications::*;
pub use rules::{
    ActivityCondition, ActivityField, ActivityRule, AskedByRule, AskedValue, CampaignRule,
    CampaignStanding, Comparison, ConsentRule, ConsentStanding, Explained, LinkRule, LinkStanding,
    ListRule, OpportunityRule, OpportunityState, Place, PointsRule, RuleTree, SegmentRule, Span,
    SpanUnit, Sum, Through, Times,
};
pub use runs::*;
pub use salvage::{Salvaged, SalvagedTable, salvage};
pub use scores::*;
pub use searches::*;
pub use segments::*;
pub use selection::*;
pub use signing_keys::*;
pub use statistics::*;
pub use store::{OpenOptions, Reader, Store, Writer};
pub use tidy::Tidied;
pub use torn::is_log_left;
pub use undos::*;
pub use values::{Date, Decimal, Value, Values};
