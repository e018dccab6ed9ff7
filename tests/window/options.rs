//! What the app is asked on its command line and needs no window for.

use std::process::{Command, Output};

/// Runs the app where there is no display.
fn asked(argument: &str) -> Output {
    Command::new(env!("CARGO_BIN_EXE_leadferry"))
        .arg(argument)
        .env_remove("DISPLAY")
        .env_remove("WAYLAND_DISPLAY")
        .output()
        .unwrap()
}

#[test]
fn help_and_version_are_printed_and_other_options_refused_without_a_window() {
    let help = asked("--help");
    assert!(help.status.success());
    let text = String::from_utf8(help.stdout).unwrap();
    assert!(text.starts_with("Usage: leadferry"), "{text}");
    let version = asked("--version");
    assert!(version.status.success());
    let wanted = format!("leadferry {}\n", env!("CARGO_PKG_VERSION"));
    assert_eq!(String::from_utf8(version.stdout).unwrap(), wanted);
    let refused = asked("--no-such-option");
    assert_eq!(refused.status.code(), Some(2));
    let text = String::from_utf8(refused.stderr).unwrap();
    assert!(text.contains("no option --no-such-option"), "{text}");
}
