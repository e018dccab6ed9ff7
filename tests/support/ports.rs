//! Ports for programs that are told where to listen.

use std::net::TcpListener;
use std::sync::atomic::{AtomicU16, Ordering};

/// Below the ports that systems give to outgoing connections, which could take a free one before its program listens.
const FIRST: u16 = 10_000;
const COUNT: u16 = 20_000;

/// Returns a port at which nothing listens, another one at each call.
pub(crate) fn free() -> u16 {
    static CALLS: AtomicU16 = AtomicU16::new(0);
    // Each process of the tests begins elsewhere.
    let start = std::process::id().wrapping_mul(211);
    (0..COUNT)
        .map(|_| u32::from(CALLS.fetch_add(1, Ordering::Relaxed)))
        .map(|call| FIRST + u16::try_from(start.wrapping_add(call) % u32::from(COUNT)).unwrap())
        .find(|port| TcpListener::bind(("127.0.0.1", *port)).is_ok())
        .unwrap()
}
