//! The desktop app: a window over the same core as the command line program.
//!
//! Thin on purpose: what the window asks for goes through [`ipc`] to the door of `leadferry-commands`; here is only what
//! a desktop has and a terminal has not. No secret and no SQL ever passes.
#![cfg_attr(not(debug_assertions), windows_subsystem = "windows")]

mod anew;
mod app;
mod desk;
mod instance;
mod ipc;
mod leaving;
mod logs;
mod menu;
mod opening;
mod options;
mod pick;
#[cfg(target_os = "linux")]
mod picking;
mod tray;
mod window;

use std::process::ExitCode;

use leadferry_commands::{Environment, files};

fn main() -> ExitCode {
    #[cfg(target_os = "linux")]
    if let Some(done) = picking::answer() {
        return done;
    }
    if let Some(done) = options::answer() {
        return done;
    }
    anew::settle();
    files::keep_to_this_user();
    let handed = anew::passphrase();
    let environment = match Environment::read(|name| match name {
        anew::PASSPHRASE if handed.is_some() => handed.clone(),
        _ => std::env::var_os(name),
    }) {
        Ok(environment) => environment,
        Err(error) => return refuse(&format!("{}; {}", error.message, error.hint)),
    };
    let _logs = logs::begin(&environment.data_folder);
    if rustls::crypto::aws_lc_rs::default_provider()
        .install_default()
        .is_err()
    {
        tracing::warn!("another TLS library was there first");
    }
    #[cfg(target_os = "linux")]
    if !has_display() {
        return refuse("there is no display. Start it in a desktop session, or use leadferry-cli");
    }
    match app::run(environment) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => refuse(&format!("the window cannot be opened: {error}")),
    }
}

/// Tells whether there is something to open a window on; without one the toolkit would end the process.
#[cfg(target_os = "linux")]
fn has_display() -> bool {
    let is_set = |name| std::env::var_os(name).is_some_and(|value| !value.is_empty());
    is_set("DISPLAY") || is_set("WAYLAND_DISPLAY")
}

/// Keeps a file to the user that a part of the app writes. It is JSON; a new one is empty.
fn private(file: &std::path::Path) {
    let made = file.parent().map_or(Ok(()), files::make_folder);
    if let Err(error) = made.and_then(|()| files::make_private(file, b"{}")) {
        tracing::warn!(%error, "a file may be readable for others");
    }
}

/// Says why the app does not start; with no window, the terminal is all there is.
fn refuse(why: &str) -> ExitCode {
    tracing::error!(why, "the app does not start");
    eprintln!("leadferry: {why}");
    ExitCode::FAILURE
}
