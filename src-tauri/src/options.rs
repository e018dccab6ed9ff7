//! What the program is told on its command line: a workspace to open, or a question that needs no window.

use std::ffi::OsString;
use std::process::ExitCode;

const USAGE: &str = "\
Usage: leadferry [NAME.leadferry]

Opens the window with a workspace: the one named, else the one in LEADFERRY_WORKSPACE, else the last one.

Options:
  -h, --help     Print help
  -V, --version  Print version

For scripts and the terminal there is leadferry-cli.";

/// What the arguments ask for.
#[derive(Debug, PartialEq, Eq)]
enum Asked {
    Window,
    Usage,
    Version,
    /// An option that there isn't.
    Unknown(String),
}

/// Answers what needs no window; `None` where the arguments ask for one.
pub(crate) fn answer() -> Option<ExitCode> {
    match asked(std::env::args_os().skip(1)) {
        Asked::Window => None,
        Asked::Usage => Some(print(USAGE)),
        Asked::Version => Some(print(concat!("leadferry ", env!("CARGO_PKG_VERSION")))),
        Asked::Unknown(option) => {
            eprintln!("leadferry: there's no option {option}\n\n{USAGE}");
            Some(ExitCode::from(2))
        }
    }
}

#[expect(clippy::print_stdout, reason = "the answer to what was typed")]
fn print(text: &str) -> ExitCode {
    println!("{text}");
    ExitCode::SUCCESS
}

fn asked(arguments: impl Iterator<Item = OsString>) -> Asked {
    let options = arguments.map(|argument| argument.to_string_lossy().into_owned());
    let mut options = options.filter(|argument| argument.starts_with('-'));
    // Finder names the process that it starts.
    match options.find(|option| !option.starts_with("-psn_")) {
        None => Asked::Window,
        Some(option) => match option.as_str() {
            "-h" | "--help" => Asked::Usage,
            "-V" | "--version" => Asked::Version,
            _ => Asked::Unknown(option),
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn typed(arguments: &[&str]) -> Asked {
        asked(arguments.iter().map(OsString::from))
    }

    #[test]
    fn only_what_asks_for_a_window_opens_one() {
        assert_eq!(typed(&[]), Asked::Window);
        assert_eq!(typed(&["acme.leadferry"]), Asked::Window);
        assert_eq!(typed(&["-psn_0_12345"]), Asked::Window);
        assert_eq!(typed(&["--help"]), Asked::Usage);
        assert_eq!(typed(&["acme.leadferry", "-V"]), Asked::Version);
        let unknown = Asked::Unknown("--quiet".to_owned());
        assert_eq!(typed(&["--quiet", "acme.leadferry"]), unknown);
    }
}
