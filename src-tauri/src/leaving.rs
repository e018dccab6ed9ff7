//! Closing the window: with nothing under way the app ends; otherwise the user decides what becomes of the work.

use std::time::{Duration, Instant};

use leadferry_commands::door::{Desk as _, Event};
use leadferry_commands::jobs;

use crate::desk::Desktop;
use crate::{tray, window};

/// Work that was asked to stop does so within a request to the org; a kill after that loses nothing either.
const PATIENCE: Duration = Duration::from_secs(20);

/// Tells whether closing the window now would stop work of this app. What other programs do goes on without it.
pub(crate) fn must_ask(desktop: &Desktop) -> bool {
    !desktop.is_leaving() && !jobs::of_this_process().is_empty()
}

/// Asks the user in the window what becomes of the work; where there is no page to ask in, the work goes on.
pub(crate) fn ask(desktop: &Desktop) {
    window::show(desktop.app());
    if !desktop.send(Event::Closing) {
        stay_behind(desktop);
    }
}

/// Ends the app, or asks first.
pub(crate) fn quit(desktop: &Desktop) {
    if must_ask(desktop) {
        ask(desktop);
    } else {
        desktop.app().exit(0);
    }
}

/// Takes the window away and leaves the work going on, with a mark in the tray.
pub(crate) fn stay_behind(desktop: &Desktop) {
    let app = desktop.app();
    let Some(main) = tauri::Manager::get_webview_window(app, window::LABEL) else {
        return;
    };
    let gone = if tray::show(app) {
        main.hide()
    } else {
        // With no tray to come back from, it must not be out of reach.
        main.minimize()
    };
    if let Err(error) = gone {
        tracing::warn!(%error, "the window could not be taken away");
    }
    desktop.notify(
        "Leadferry keeps working",
        "Open the window again from the tray, or by starting Leadferry.",
    );
}

/// Asks the app's own work to stop, waits for it, and ends the app.
pub(crate) fn stop_and_leave(desktop: &Desktop) {
    if !desktop.leave() {
        return;
    }
    jobs::stop_this_process();
    let began = Instant::now();
    while !jobs::of_this_process().is_empty() && began.elapsed() < PATIENCE {
        std::thread::sleep(Duration::from_millis(50));
    }
    desktop.app().exit(0);
}
