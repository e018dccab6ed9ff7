//! The system's file dialog in a process of its own, on Linux.
//!
//! GTK's dialog opens the files of a folder to see of what kind they are. Done in this process, closing the workspace
//! again would give up SQLite's locks on it (<https://www.sqlite.org/howtocorrupt.html>, section 2.2), and whoever opens
//! the workspace next would throw away what this window is writing.

use std::ffi::{OsStr, OsString};
use std::io::Write as _;
use std::os::unix::ffi::{OsStrExt as _, OsStringExt as _};
use std::path::PathBuf;
use std::process::{Command, ExitCode, Stdio};
use std::sync::Mutex;

/// The argument that makes the program show a dialog, and nothing else.
const PICK: &str = "--pick-a-file";

/// One dialog at a time.
static OPEN: Mutex<()> = Mutex::new(());

/// What is asked for.
pub(crate) struct Asked<'a> {
    pub(crate) title: &'a str,
    /// The name of a new file; `None` picks one that is there.
    pub(crate) new: Option<&'a str>,
    /// The kind of file, and the endings of its names.
    pub(crate) kind: (&'a str, &'a [&'a str]),
}

/// Shows the dialog and waits for it. `None` where the user cancels, or another dialog is open.
pub(crate) fn ask(asked: &Asked<'_>) -> Option<PathBuf> {
    let _one = OPEN.try_lock().ok()?;
    match answered(asked) {
        Ok(path) => Some(path).filter(|path| !path.as_os_str().is_empty()),
        Err(error) => {
            tracing::warn!(%error, "the file dialog cannot be shown");
            None
        }
    }
}

fn answered(asked: &Asked<'_>) -> std::io::Result<PathBuf> {
    let mut dialog = Command::new(std::env::current_exe()?);
    let ours = std::env::vars_os().map(|(name, _)| name);
    for name in ours.filter(|name| name.as_bytes().starts_with(b"LEADFERRY_")) {
        dialog.env_remove(name);
    }
    let way = if asked.new.is_some() { "save" } else { "open" };
    dialog.args([PICK, way, asked.title, asked.new.unwrap_or_default()]);
    dialog.arg(asked.kind.0).args(asked.kind.1);
    let done = dialog.stdin(Stdio::null()).stderr(Stdio::null()).output()?;
    Ok(PathBuf::from(OsString::from_vec(done.stdout)))
}

/// Shows the dialog that the arguments ask for and prints the path; `None` where they ask for the window.
pub(crate) fn answer() -> Option<ExitCode> {
    let arguments: Vec<OsString> = std::env::args_os().skip(1).collect();
    if arguments.first().map(OsString::as_os_str) != Some(OsStr::new(PICK)) {
        return None;
    }
    let texts: Vec<&str> = arguments.iter().filter_map(|text| text.to_str()).collect();
    let [_, way, title, name, kind, ref endings @ ..] = texts[..] else {
        return Some(ExitCode::FAILURE);
    };
    let dialog = rfd::FileDialog::new()
        .set_title(title)
        .add_filter(kind, endings)
        .add_filter("All files", &["*"]);
    let picked = match way {
        "save" => dialog.set_file_name(name).save_file(),
        _ => dialog.pick_file(),
    };
    let path = picked.unwrap_or_default();
    let printed = std::io::stdout().write_all(path.as_os_str().as_bytes());
    Some(match printed {
        Ok(()) => ExitCode::SUCCESS,
        Err(_) => ExitCode::FAILURE,
    })
}
