//! Each endpoint over real HTTP, one module per handler, as any client would call it.

mod admin;
mod bench;
mod collections;
mod composite;
mod custom_fields;
mod describe;
mod external_id;
mod faults;
mod limits;
mod oauth;
mod ownership;
mod query;
mod rows;
mod support;
mod versions;
