//! SHOWS Leadferry in the terminal: asks `leadferry-commands`, prints what comes back, and decides nothing.

mod app;
mod commands;
mod exit;
mod output;
mod table;
mod terminal;
mod visible;

use std::io::Write as _;
use std::process::ExitCode;

use clap::Parser;
use leadferry_commands::files;

use crate::app::App;
use crate::commands::Cli;
use crate::exit::Exit;
use crate::output::Output;
use crate::visible::visible;

fn main() -> ExitCode {
    files::keep_to_this_user();
    keep_logs();
    let wants_json = std::env::args_os().any(|argument| argument == "--json");
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(error) => return refused(&error, wants_json),
    };
    let output = Output::new(cli.json);
    let runtime = match tokio::runtime::Runtime::new() {
        Ok(runtime) => runtime,
        Err(error) => {
            output.error(&app::no_threads(&error));
            return Exit::Local.into();
        }
    };
    let result = runtime.block_on(async {
        let app = App::new(cli.workspace.clone(), output)?;
        let exit = commands::run(&cli.command, &app).await;
        app.terminal.clear();
        exit
    });
    match result {
        Ok(exit) => exit.into(),
        Err(error) => {
            output.error(&error);
            Exit::of(error.code).into()
        }
    }
}

/// Shows help or a usage error: as JSON where JSON was asked for.
fn refused(error: &clap::Error, wants_json: bool) -> ExitCode {
    if !error.use_stderr() {
        // Failing to print help to a closed pipe is nobody's fault.
        let _ = error.print();
    } else if !wants_json {
        // It repeats what was typed, and that may have been pasted from anywhere.
        let text = visible(&error.to_string());
        let _ = std::io::stderr().write_all(text.as_bytes());
    } else {
        let text = error.to_string();
        let message = text
            .lines()
            .next()
            .unwrap_or_default()
            .trim_start_matches("error: ");
        let error = leadferry_commands::Error::usage(message, "see the available commands");
        Output::new(true).error(&error.with_command("--help"));
    }
    if error.use_stderr() {
        Exit::Usage.into()
    } else {
        Exit::AllWell.into()
    }
}

/// Writes logs to standard error, only where `LEADFERRY_LOG` says which.
fn keep_logs() {
    if let Ok(filter) = std::env::var("LEADFERRY_LOG") {
        let filter = tracing_subscriber::EnvFilter::new(filter);
        tracing_subscriber::fmt()
            .with_env_filter(filter)
            .with_writer(std::io::stderr)
            .init();
    }
}
