//! What the journeys share: the program, an org to talk to, a TLS front before it, clients written by others.

pub(crate) mod bill;
pub(crate) mod browser;
pub(crate) mod cli;
pub(crate) mod client;
pub(crate) mod disk;
pub(crate) mod each;
pub(crate) mod effort;
pub(crate) mod front;
pub(crate) mod journey;
pub(crate) mod org;
pub(crate) mod people;
pub(crate) mod ports;
pub(crate) mod practice;
pub(crate) mod prepared;
pub(crate) mod signed_in;
pub(crate) mod stranger;
pub(crate) mod tls_front;
pub(crate) mod workspace;
