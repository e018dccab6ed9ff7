//! Each endpoint over real HTTP, one module per handler, as any client would call it.

#![expect(
    clippy::unwrap_used,
    reason = "a helper of these tests fails the test by unwrapping"
)]

mod admin;
mod adopting;
mod assertions;
mod bench;
mod bulk_ingest;
mod bulk_query;
mod collections;
mod composite;
mod custom_fields;
mod describe;
mod external_id;
mod faults;
mod grouping;
mod kept_values;
mod limits;
mod list_views;
mod neighbors;
mod oauth;
mod ownership;
mod profiles;
mod query;
mod query_words;
mod rehearsal;
mod relatives;
mod replicated;
mod requests;
mod rows;
mod search;
mod secrets;
mod sign_in_pages;
mod silence;
mod soap;
mod support;
mod versions;
