//! Opens pages in the user's browser.

use std::io;
use std::path::Path;
use std::process::{Command, Stdio};

use url::Url;

use crate::files;

/// Opens a page in the user's browser; false where that cannot be done.
///
/// Secure pages and pages of this machine are opened, and nothing else: no file, no program, no other scheme. The browser
/// gets none of the app's own settings, the passphrase least of all.
pub fn open_page(address: &str) -> bool {
    let Some(page) = page(address) else {
        tracing::warn!("an address that is no page was not opened");
        return false;
    };
    let mut launchers = open::commands(page.as_str()).into_iter();
    launchers.any(|launcher| start(launcher).is_ok())
}

/// Opens a page that Leadferry has written in the user's browser; false where that cannot be done, or it is no page.
pub fn open_file(page: &Path) -> bool {
    let is_page = page.is_absolute() && page.extension().is_some_and(|ending| ending == "html");
    let mut launchers = open::commands(page).into_iter();
    is_page && launchers.any(|launcher| start(launcher).is_ok())
}

fn page(address: &str) -> Option<Url> {
    let url = Url::parse(address).ok()?;
    let is_page = match url.scheme() {
        "https" => true,
        "http" => is_this_machine(&url),
        _ => false,
    };
    (is_page && url.username().is_empty() && url.password().is_none()).then_some(url)
}

fn is_this_machine(url: &Url) -> bool {
    match url.host() {
        Some(url::Host::Domain(name)) => name == "localhost",
        Some(url::Host::Ipv4(address)) => address.is_loopback(),
        Some(url::Host::Ipv6(address)) => address.is_loopback(),
        None => false,
    }
}

fn start(mut launcher: Command) -> io::Result<()> {
    let ours = std::env::vars_os().map(|(name, _)| name);
    for name in ours.filter(|name| name.as_encoded_bytes().starts_with(b"LEADFERRY_")) {
        launcher.env_remove(name);
    }
    // Ctrl-C in the terminal is meant for us.
    #[cfg(unix)]
    std::os::unix::process::CommandExt::process_group(&mut launcher, 0);
    launcher
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null());
    let mut child = files::as_the_user(|| launcher.spawn())?;
    // Whoever is not waited for stays in the list of processes.
    std::thread::spawn(move || child.wait());
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::page;

    #[test]
    fn only_pages_are_opened() {
        for address in [
            "https://acme.my.salesforce.com/003000000000001AAA",
            "http://localhost:1717/oauth/callback",
            "http://127.0.0.1:8080/",
            "http://[::1]/",
        ] {
            assert!(page(address).is_some(), "{address}");
        }
        for address in [
            "http://example.com/",
            "https://login.salesforce.com@evil.example/",
            "file:///etc/passwd",
            "/usr/bin/true",
            "/home/ada/evil.desktop",
            "C:\\evil.exe",
            "\\\\evil.example\\share",
            "javascript:alert(1)",
            "ms-msdt:/id",
            "-h",
            "",
        ] {
            assert!(page(address).is_none(), "{address}");
        }
    }
}
