//! Journeys through the real window, one module each: what the user sees, and what the workspace and the org hold then.
//!
//! `cargo xtask test` starts them under a display of their own, one after the other. A journey starts an [`app::App`],
//! finds what it presses by role and name as a screen reader would, and asks the command line program what has become of
//! the workspace. With `LEADFERRY_SCREENSHOTS` set to a folder, the pictures that a journey takes are kept there.
#![expect(
    clippy::unwrap_used,
    reason = "a journey that cannot go on fails right where it stands"
)]

#[path = "window/app.rs"]
mod app;
#[path = "window/finding.rs"]
mod finding;
#[path = "window/first_run.rs"]
mod first_run;
