//! Printing: one JSON object, or text for people.

use std::io::{self, Write as _};

use leadferry_commands::{Error, sentence};
use serde::Serialize;
use serde_json::json;

use crate::visible::{visible, visible_json};

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
            let text = serde_json::to_string_pretty(result)
                .unwrap_or_else(|error| json!({ "error": error.to_string() }).to_string());
            visible_json(&text)
        } else {
            visible(&people(result))
        };
        print(&text);
    }

    /// Prints that something was removed: always `removed` with its name in JSON, and what else there is to tell.
    pub(crate) fn removed(self, name: &str, more: impl Serialize, people: impl FnOnce() -> String) {
        let mut result = serde_json::to_value(more).unwrap_or_default();
        if !result.is_object() {
            result = json!({});
        }
        result["removed"] = json!(name);
        self.result(&result, |_| people());
    }

    /// Prints an error: as JSON on standard output, or as what happened, why, and what to do on standard error.
    pub(crate) fn error(self, error: &Error) {
        if self.json {
            let text = serde_json::to_string_pretty(&json!({ "error": error }));
            return print(&visible_json(&text.unwrap_or_default()));
        }
        let _ = io::stderr().write_all(visible(&in_words(error)).as_bytes());
    }
}

/// Returns an error in its parts, one a line: what happened, why, what to do, and the command that does it.
pub(crate) fn in_words(error: &Error) -> String {
    let command = error.command.as_ref();
    let command = command.map(|command| format!("leadferry-cli {command}"));
    let parts = [
        ("Error:", sentence(&error.message)),
        ("Why:  ", sentence(&error.cause)),
        ("To do:", sentence(&error.hint)),
        ("Run:  ", command.unwrap_or_default()),
    ];
    let lines = parts.iter().filter(|(_, text)| !text.is_empty());
    lines
        .map(|(label, text)| format!("{label} {text}\n"))
        .collect()
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
        let _ = writeln!(io::stderr(), "couldn't write the result: {error}");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_error_says_what_happened_why_what_to_do_and_how() {
        let error = Error::usage("you aren't signed in", "sign in")
            .because("the host was changed")
            .with_command("connections authorize Live");
        assert_eq!(
            in_words(&error),
            "Error: You aren't signed in.\nWhy:   The host was changed.\nTo do: Sign in.\n\
             Run:   leadferry-cli connections authorize Live\n"
        );
    }

    #[test]
    fn parts_that_an_error_lacks_leave_no_line() {
        let error = Error::usage("there's no workspace at /a", "check the path");
        assert_eq!(
            in_words(&error),
            "Error: There's no workspace at /a.\nTo do: Check the path.\n"
        );
    }
}
