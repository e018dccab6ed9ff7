//! Whole journeys in the real window, as a user goes them; `cargo xtask setup` installs what they need.
//!
//! Each starts the built app with a home and a display of its own, presses what a user would press, and looks at what she sees and at
//! what the workspace and the org hold.
#![cfg(target_os = "linux")]
#![expect(
    clippy::unwrap_used,
    reason = "a journey that cannot go on fails right where it stands"
)]

#[path = "window/access.rs"]
mod access;
#[path = "window/agreement.rs"]
mod agreement;
#[path = "window/app.rs"]
mod app;
#[path = "window/browser.rs"]
mod browser;
#[path = "window/changes.rs"]
mod changes;
#[path = "window/consents.rs"]
mod consents;
#[path = "window/contacts.rs"]
mod contacts;
#[path = "window/controls.rs"]
mod controls;
#[path = "window/cures.rs"]
mod cures;
#[path = "window/display.rs"]
mod display;
#[path = "window/driver.rs"]
mod driver;
#[path = "window/everything.rs"]
mod everything;
#[path = "window/figures.rs"]
mod figures;
#[path = "window/first_run.rs"]
mod first_run;
#[path = "window/gifts.rs"]
mod gifts;
#[path = "window/imports.rs"]
mod imports;
#[path = "window/layout.rs"]
mod layout;
#[path = "window/mapping.rs"]
mod mapping;
#[path = "window/options.rs"]
mod options;
#[path = "window/palette.rs"]
mod palette;
#[path = "support/ports.rs"]
mod ports;
#[path = "window/processes.rs"]
mod processes;
#[path = "window/replications.rs"]
mod replications;
#[path = "window/runs.rs"]
mod runs;
#[path = "window/schedules.rs"]
mod schedules;
#[path = "window/search.rs"]
mod search;
#[path = "window/segments.rs"]
mod segments;
#[path = "window/seldom.rs"]
mod seldom;
#[path = "window/sign_in.rs"]
mod sign_in;
