//! Speaks Salesforce: sign-in, describe, rows, collections, queries, searches, limits and custom fields.
//!
//! Requests are built as values ([`request`]) and sent elsewhere, so that their shape is tested without a server. The
//! crate keeps the org's own words in every error and adds a cause, a cure and what to do next; it repeats reads within
//! seconds, but leaves every decision about writes to its caller. It knows nothing of where rows come from.

mod answer;
mod api_version;
pub mod auth;
mod budget;
pub mod bulk;
mod client;
mod collections;
mod custom_field;
mod date_time;
mod describe;
mod describe_news;
mod error;
mod error_code;
mod fault;
mod glance;
mod guarded;
mod id;
mod identity;
mod limits;
mod permissions;
mod proxy;
mod query;
mod record;
pub mod request;
mod rest;
mod retry;
mod row_answer;
mod search;
mod session;
pub mod soql;
mod surroundings;
mod transport;
mod treatment;
mod who;
mod wire;

pub use api_version::ApiVersion;
pub use auth::{OAuthError, OAuthErrorCode};
pub use client::{Client, ClientOptions};
pub use custom_field::{Created, CustomField, CustomFieldKind};
pub use date_time::parse_date_time;
pub use describe::{
    Describe, Described, Field, FieldType, ObjectSummary, PicklistEntry, RecordType,
};
pub use describe_news::FieldNews;
pub use error::{Error, LimitKind, Result};
pub use error_code::ErrorCode;
pub use fault::Fault;
pub use glance::{Glance, GlanceAt};
pub use guarded::{Guarded, GuardedAnswer};
pub use id::Id;
pub use identity::{Organization, OwnUser, UserInfo};
pub use limits::{ApiUsage, Limit, Limits};
pub use proxy::Proxy;
pub use query::{Cursor, Page};
pub use record::Record;
pub use request::{Assignment, PackedRows, WriteOptions};
pub use retry::RetryPolicy;
pub use row_answer::{Match, RowAnswer, RowError};
pub use search::{MAX_FOUND, Search, SearchObject, SearchScope};
pub use session::{Session, Sessions, TokenKind};
pub use surroundings::{DuplicateRule, Login, Surroundings};
pub use transport::Traffic;
pub use treatment::Treatment;
pub use who::Who;
