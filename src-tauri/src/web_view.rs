//! What the system's web view has to be told before anything of it is loaded.

/// Switches the web view's DMA-BUF renderer off, unless the user has decided otherwise.
///
/// With many graphics drivers, and without any, it leaves the window blank. The web view reads this from the
/// environment, which a program cannot safely change for itself while it runs: it starts itself anew, in the same
/// process.
#[cfg(target_os = "linux")]
pub(crate) fn settle() {
    use std::os::unix::process::CommandExt as _;

    const RENDERER: &str = "WEBKIT_DISABLE_DMABUF_RENDERER";
    if std::env::var_os(RENDERER).is_some() {
        return;
    }
    let Ok(program) = std::env::current_exe() else {
        return;
    };
    let mut arguments = std::env::args_os();
    let mut anew = std::process::Command::new(program);
    if let Some(name) = arguments.next() {
        anew.arg0(name);
    }
    // Only comes back when it cannot be done; the window may still be fine then.
    let error = anew.args(arguments).env(RENDERER, "1").exec();
    eprintln!("leadferry: could not start anew for the web view's sake: {error}");
}

/// Nothing to settle on this system.
#[cfg(not(target_os = "linux"))]
pub(crate) fn settle() {}
