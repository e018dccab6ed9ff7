//! The terminal as a front end: asks, tells, and shows progress where somebody watches.

use std::io::{IsTerminal as _, Write as _};
use std::sync::{Mutex, PoisonError};

use indicatif::{ProgressBar, ProgressStyle};
use leadferry_commands::{Ask, FrontEnd, Step};
use secrecy::SecretString;

use crate::output::Output;
use crate::visible::visible;

/// The user's terminal.
pub(crate) struct Terminal {
    /// Somebody watches standard error.
    watched: bool,
    bar: Mutex<Option<(&'static str, ProgressBar)>>,
}

impl Terminal {
    pub(crate) fn new(output: Output) -> Terminal {
        Terminal {
            watched: std::io::stderr().is_terminal() && !output.is_json(),
            bar: Mutex::default(),
        }
    }

    /// Tells the user something, above the progress bar.
    pub(crate) fn say(&self, text: &str) {
        self.tell(text);
    }

    /// Takes the progress bar away.
    pub(crate) fn clear(&self) {
        if let Some((_, bar)) = self
            .bar
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .take()
        {
            bar.finish_and_clear();
        }
    }
}

impl FrontEnd for Terminal {
    fn passphrase(&self, ask: Ask) -> Option<SecretString> {
        if !std::io::stdin().is_terminal() {
            return None;
        }
        self.clear();
        let read = |prompt: &str| {
            rpassword::prompt_password(prompt)
                .ok()
                .map(SecretString::from)
        };
        match ask {
            Ask::Open => read("Passphrase of the secrets file: "),
            Ask::Choose => {
                use secrecy::ExposeSecret as _;
                let first = read("Choose a passphrase for the secrets file: ")?;
                let second = read("Repeat the passphrase: ")?;
                if first.expose_secret() == second.expose_secret() {
                    return Some(first);
                }
                self.tell("The passphrases don't match.");
                None
            }
        }
    }

    fn open_browser(&self, address: &str) -> bool {
        leadferry_commands::open_page(address)
    }

    fn tell(&self, text: &str) {
        let text = visible(text);
        let write = || {
            let _ = writeln!(std::io::stderr(), "{text}");
        };
        match &*self.bar.lock().unwrap_or_else(PoisonError::into_inner) {
            Some((_, bar)) => bar.suspend(write),
            None => write(),
        }
    }

    fn step(&self, step: Step) {
        if !self.watched {
            return;
        }
        let mut shown = self.bar.lock().unwrap_or_else(PoisonError::into_inner);
        if shown.as_ref().is_none_or(|(stage, _)| *stage != step.stage) {
            if let Some((_, before)) = shown.take() {
                before.finish_and_clear();
            }
            *shown = Some((step.stage, new_bar(step.stage)));
        }
        if let Some((_, bar)) = &*shown {
            bar.set_length(step.total);
            bar.set_position(step.done);
        }
    }
}

fn new_bar(stage: &'static str) -> ProgressBar {
    let bar = ProgressBar::new(0).with_message(stage);
    if let Ok(style) = ProgressStyle::with_template("{msg:10} {wide_bar} {percent:>3} %  {eta}") {
        bar.set_style(style);
    }
    bar
}
