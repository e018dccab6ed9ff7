//! Printing: one JSON object, or text for people.

use std::io::{self, Write as _};

use leadferry_commands::Error;
use serde::Serialize;
use serde_json::json;

/// Where results go, and in which form.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Output {
    json: bool,
}

impl Output {
    pub(crate) fn new(json: bool) -> Output {
        Output { json }
    }

    pub(crate) fn is_json(self) -> bool {
        self.json
    }

    /// Prints a result: as JSON, or as the text that `people` makes of it.
    pub(crate) fn result<T: Serialize>(self, result: &T, people: impl FnOnce(&T) -> String) {
        let text = if self.json {
            serde_json::to_string_pretty(result)
                .unwrap_or_else(|error| json!({ "error": error.to_string() }).to_string())
        } else {
            plain(&people(result))
        };
        print(&text);
    }

    /// Prints an error: as JSON on standard output, or as what happened, why, and what to do on standard error.
    pub(crate) fn error(self, error: &Error) {
        if self.json {
            let text = serde_json::to_string_pretty(&json!({ "error": error }));
            return print(&text.unwrap_or_default());
        }
        let mut text = format!("Error: {}\n", error.message);
        if !error.cause.is_empty() {
            text.push_str(&format!("Why:   {}\n", error.cause));
        }
        text.push_str(&format!("To do: {}\n", error.hint));
        let _ = io::stderr().write_all(plain(&text).as_bytes());
    }
}

/// Takes out what would steer the terminal: texts of orgs and files are shown as they came.
pub(crate) fn plain(text: &str) -> String {
    let steers = |char: char| char.is_control() && !matches!(char, '\n' | '\t');
    text.replace(steers, "\u{fffd}")
}

/// Writes to standard output; a reader that has gone away has seen enough.
fn print(text: &str) {
    let mut out = io::stdout().lock();
    let mut write = || {
        out.write_all(text.as_bytes())?;
        if !text.is_empty() && !text.ends_with('\n') {
            out.write_all(b"\n")?;
        }
        out.flush()
    };
    if let Err(error) = write()
        && error.kind() != io::ErrorKind::BrokenPipe
    {
        let _ = writeln!(io::stderr(), "could not write the result: {error}");
    }
}
