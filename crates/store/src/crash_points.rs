//! Named places at which a test can have the process killed, as a power cut would end it.
//!
//! `LEADFERRY_TEST_KILL_AT=name` kills at the first pass of that place, `name:n` at the n-th. Without the variable a
//! place costs one atomic read.

use std::sync::OnceLock;
use std::sync::atomic::{AtomicU64, Ordering};

struct Target {
    name: String,
    passes_left: AtomicU64,
}

static TARGET: OnceLock<Option<Target>> = OnceLock::new();

/// Ends this process with SIGKILL if a test has asked for it at this place.
pub fn crash_point(name: &str) {
    let Some(target) = TARGET.get_or_init(read_target) else {
        return;
    };
    if target.name == name && target.passes_left.fetch_sub(1, Ordering::SeqCst) == 1 {
        kill();
    }
}

fn read_target() -> Option<Target> {
    let wanted = std::env::var("LEADFERRY_TEST_KILL_AT").ok()?;
    let (name, pass) = wanted.rsplit_once(':').unwrap_or((&wanted, "1"));
    Some(Target {
        name: name.to_owned(),
        passes_left: AtomicU64::new(pass.parse().unwrap_or(1)),
    })
}

/// SIGKILL runs no destructor and flushes nothing; `abort` would leave that to the system as well, but says SIGABRT.
fn kill() -> ! {
    let _ = std::process::Command::new("kill")
        .args(["-9", &std::process::id().to_string()])
        .status();
    std::process::abort();
}
