//! Exit codes.

use std::process::ExitCode;

use leadferry_commands::replications::Ending;
use leadferry_commands::{Code, ExitClass};

/// How the program ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Exit {
    /// All well.
    AllWell = 0,
    /// Some contacts wait, or are blocked until someone acts.
    SomeNeedALook = 1,
    /// What was asked for makes no sense.
    Usage = 2,
    /// Someone has to sign in, to approve the workspace, or to confirm the first run to a production org.
    SignIn = 3,
    /// It was stopped, or waits.
    Waiting = 4,
    /// This machine is at fault.
    Local = 5,
}

impl Exit {
    /// Returns the exit code of an error.
    pub(crate) fn of(code: Code) -> Exit {
        match code.class() {
            ExitClass::Usage => Exit::Usage,
            ExitClass::SignIn => Exit::SignIn,
            ExitClass::Waiting => Exit::Waiting,
            ExitClass::Local => Exit::Local,
        }
    }
}

impl From<Ending> for Exit {
    fn from(ending: Ending) -> Exit {
        match ending {
            Ending::AllWell => Exit::AllWell,
            Ending::SomeNeedALook => Exit::SomeNeedALook,
            Ending::SignIn => Exit::SignIn,
            Ending::Stopped => Exit::Waiting,
            Ending::LocalFault => Exit::Local,
        }
    }
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> ExitCode {
        ExitCode::from(exit as u8)
    }
}
