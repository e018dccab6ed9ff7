//! System packages: what is missing, what it is called here, and asking before it is installed.

use std::io::{IsTerminal, Write};
use std::process::Command;

use anyhow::{Result, bail};

use crate::shell;

/// A program of the system that the project needs.
pub(crate) struct Need {
    /// What it is, and what for.
    pub(crate) what: &'static str,
    /// A command that succeeds where the need is met.
    check: &'static [&'static str],
    /// Names of the package: Debian and its kin, Fedora, Arch, Homebrew.
    names: [&'static str; 4],
}

/// Needed to build anything: SQLite and the TLS library are compiled from C.
pub(crate) const TO_BUILD: &[Need] = &[Need {
    what: "a C compiler, for SQLite and the TLS library",
    check: &["cc", "--version"],
    names: ["build-essential", "gcc", "base-devel", "gcc"],
}];

/// Needed by the window: its page is built with npm, and shown by the system's own web view.
pub(crate) const TO_SHOW: &[Need] = &[
    NODE,
    NPM,
    Need {
        what: "pkg-config, which finds the web view",
        check: &["pkg-config", "--version"],
        names: ["pkg-config", "pkgconf-pkg-config", "pkgconf", "pkgconf"],
    },
    Need {
        what: "the web view WebKitGTK, which shows the window",
        check: &["pkg-config", "--exists", "webkit2gtk-4.1"],
        names: [
            "libwebkit2gtk-4.1-dev",
            "webkit2gtk4.1-devel",
            "webkit2gtk-4.1",
            "webkitgtk",
        ],
    },
];

const NODE: Need = Need {
    what: "Node.js, for the window's page and for jsforce",
    check: &["node", "--version"],
    names: ["nodejs", "nodejs", "nodejs", "node"],
};

const NPM: Need = Need {
    what: "npm, for the window's page and for jsforce",
    check: &["npm", "--version"],
    names: ["npm", "nodejs-npm", "npm", "node"],
};

/// Needed by the bench: what people would do by hand.
pub(crate) const TO_COMPARE: &[Need] = &[Need {
    what: "the program sqlite3, which does the same by hand",
    check: &["sqlite3", "--version"],
    names: ["sqlite3", "sqlite", "sqlite", "sqlite"],
}];

/// Needed by the window's journeys: what drives it, and a display that nobody sees.
pub(crate) const TO_DRIVE: &[Need] = &[
    Need {
        what: "WebKitWebDriver, which drives the window",
        check: &["WebKitWebDriver", "--help"],
        names: [
            "webkit2gtk-driver",
            "webkit2gtk-driver",
            "webkit2gtk-4.1",
            "webkitgtk",
        ],
    },
    Need {
        what: "Xvfb, a display that nobody sees",
        check: &["Xvfb", "-help"],
        names: [
            "xvfb",
            "xorg-x11-server-Xvfb",
            "xorg-server-xvfb",
            "xorg-server",
        ],
    },
    Need {
        what: "ImageMagick, which takes pictures of it",
        check: &["import", "-version"],
        names: ["imagemagick", "ImageMagick", "imagemagick", "imagemagick"],
    },
    Need {
        what: "a message bus, which a window expects",
        check: &["dbus-daemon", "--version"],
        names: ["dbus", "dbus-daemon", "dbus", "dbus"],
    },
];

/// Needed by the tests besides: other people's Salesforce clients run on these.
pub(crate) const TO_TEST: &[Need] = &[
    NODE,
    NPM,
    Need {
        what: "Python 3 with venv, for simple-salesforce",
        check: &["python3", "-c", "import venv, ensurepip"],
        names: ["python3-venv", "python3", "python", "python"],
    },
    Need {
        what: "Chromium, in which a user signs in",
        check: &["chromium", "--version"],
        names: ["chromium", "chromium", "chromium", "chromium"],
    },
    Need {
        what: "ChromeDriver, which drives it",
        check: &["chromedriver", "--version"],
        names: [
            "chromium-driver",
            "chromedriver",
            "chromium",
            "chromedriver",
        ],
    },
];

/// Installs the packages of all unmet needs, after saying which.
///
/// On a terminal it asks, unless `yes` or the variable `CI` says otherwise; without a terminal it goes on.
///
/// # Errors
/// When the answer is no, the installation fails, or there is no package manager that it can drive.
pub(crate) fn install_missing(needs: &[&Need], yes: bool) -> Result<()> {
    let missing: Vec<&Need> = needs.iter().copied().filter(|need| !met(need)).collect();
    if missing.is_empty() {
        return Ok(());
    }
    println!("This machine lacks:");
    for need in &missing {
        println!("  - {} (package {})", need.what, need.names[0]);
    }
    if !shell::succeeds("apt-get", &["--version"]) {
        bail!("install them and try again: {}", elsewhere(&missing));
    }
    let names: Vec<&str> = missing.iter().map(|need| need.names[0]).collect();
    println!("To be installed with apt-get: {}", names.join(" "));
    if !agreed(yes)? {
        bail!("nothing was installed; without these packages this cannot go on");
    }
    shell::run(as_root("apt-get").args(["update"]))?;
    shell::run(
        as_root("apt-get")
            .args(["install", "--yes", "--no-install-recommends"])
            .args(&names),
    )?;
    match missing.iter().find(|need| !met(need)) {
        Some(need) => bail!(
            "the packages are installed, but still missing: {}",
            need.what
        ),
        None => Ok(()),
    }
}

fn met(need: &Need) -> bool {
    shell::succeeds(need.check[0], &need.check[1..])
}

fn as_root(program: &str) -> Command {
    let root = Command::new("id")
        .arg("-u")
        .output()
        .is_ok_and(|output| output.stdout.trim_ascii() == b"0");
    if root {
        Command::new(program)
    } else {
        shell::command("sudo", &[program])
    }
}

fn agreed(yes: bool) -> Result<bool> {
    let unattended = std::env::var("CI").is_ok_and(|value| value == "true");
    if yes || unattended || !std::io::stdin().is_terminal() {
        return Ok(true);
    }
    print!("Install them now? [Y/n] ");
    std::io::stdout().flush()?;
    let mut answer = String::new();
    std::io::stdin().read_line(&mut answer)?;
    Ok(matches!(
        answer.trim().to_lowercase().as_str(),
        "" | "y" | "yes"
    ))
}

fn elsewhere(missing: &[&Need]) -> String {
    [("dnf install", 1), ("pacman -S", 2), ("brew install", 3)]
        .map(|(install, column)| {
            let mut names: Vec<&str> = missing.iter().map(|need| need.names[column]).collect();
            names.dedup();
            format!("`{install} {}`", names.join(" "))
        })
        .join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn other_package_managers_are_told_by_their_own_names_without_doubles() {
        let missing: Vec<&Need> = TO_TEST.iter().collect();
        assert_eq!(
            elsewhere(&missing),
            "`dnf install nodejs nodejs-npm python3 chromium chromedriver`, \
             `pacman -S nodejs npm python chromium`, `brew install node python chromium chromedriver`"
        );
    }
}
