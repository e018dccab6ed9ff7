//! What every command gets: where the workspace is, how to print, whom to ask.

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use leadferry_commands::{Code, Environment, Error, Host, Result, Workspace};

use crate::output::Output;
use crate::terminal::Terminal;

pub(crate) struct App {
    workspace: Option<PathBuf>,
    environment: Environment,
    pub(crate) output: Output,
    pub(crate) terminal: Arc<Terminal>,
}

impl App {
    pub(crate) fn new(workspace: Option<PathBuf>, output: Output) -> Result<App> {
        let environment = Environment::read(|name| std::env::var_os(name))?;
        Ok(App {
            workspace,
            environment,
            output,
            terminal: Arc::new(Terminal::new(output)),
        })
    }

    pub(crate) fn path(&self) -> Result<PathBuf> {
        self.workspace.clone().ok_or_else(|| {
            Error::usage(
                "no workspace is chosen",
                "add --workspace FILE, or set LEADFERRY_WORKSPACE",
            )
        })
    }

    pub(crate) fn host(&self) -> Host {
        Host::new(self.environment.clone(), self.terminal.clone())
    }

    /// Opens the workspace.
    pub(crate) fn open(&self) -> Result<Workspace> {
        Workspace::open(&self.path()?, self.host())
    }
}

/// Becomes true at the first Ctrl-C; the second one ends the program.
pub(crate) fn interrupted(then: impl Fn() + Send + 'static) -> Arc<AtomicBool> {
    let flag = Arc::new(AtomicBool::new(false));
    let seen = flag.clone();
    tokio::spawn(async move {
        while tokio::signal::ctrl_c().await.is_ok() {
            if seen.swap(true, Ordering::SeqCst) {
                std::process::exit(130);
            }
            then();
        }
    });
    flag
}

/// Returns once the program is asked to end.
pub(crate) async fn asked_to_end() {
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        if let Ok(mut terminate) = signal(SignalKind::terminate()) {
            tokio::select! {
                _ = tokio::signal::ctrl_c() => {}
                _ = terminate.recv() => {}
            }
            return;
        }
    }
    // Without signals nobody can ask; the process can still be ended.
    if tokio::signal::ctrl_c().await.is_err() {
        std::future::pending::<()>().await;
    }
}

pub(crate) fn no_threads(error: &std::io::Error) -> Error {
    Error::new(
        Code::Local,
        "leadferry-cli couldn't start its threads",
        "close other programs, then try again",
    )
    .because(error.to_string())
}
