//! What the journeys share: an org to talk to, a TLS front before it, clients written by others.

pub(crate) mod client;
pub(crate) mod org;
pub(crate) mod tls_front;
