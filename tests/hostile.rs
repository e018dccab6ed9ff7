//! Files, orgs and whatever connects to us are hostile until checked: sound input is spoilt at random, and nothing
//! panics, hangs, or takes more memory than is stated here.
//!
//! Few tries in every test run; `cargo xtask proof --fuzz N` makes N times as many. A failure names its input and seed.
#![expect(
    clippy::unwrap_used,
    reason = "a try that cannot go on fails right where it stands"
)]

#[path = "hostile/answers.rs"]
mod answers;
#[path = "hostile/bombs.rs"]
mod bombs;
#[path = "hostile/bounds.rs"]
mod bounds;
#[path = "hostile/callback.rs"]
mod callback;
#[path = "support/effort.rs"]
mod effort;
#[path = "hostile/gifts.rs"]
mod gifts;
#[path = "hostile/imports.rs"]
mod imports;
#[path = "hostile/mappings.rs"]
mod mappings;
#[path = "hostile/org.rs"]
mod org;
#[path = "hostile/soql.rs"]
mod soql;
#[path = "hostile/spoiling.rs"]
mod spoiling;
#[path = "support/stranger.rs"]
mod stranger;
#[path = "hostile/victim.rs"]
mod victim;
#[path = "hostile/workbooks.rs"]
mod workbooks;

use peak_alloc::PeakAlloc;

#[global_allocator]
static MEMORY: PeakAlloc = PeakAlloc;
