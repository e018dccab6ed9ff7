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
    what: "Node.js, for the window's page and for jsforce and nforce",
    check: &["node", "--version"],
    names: ["nodejs", "nodejs", "nodejs", "node"],
};

const NPM: Need = Need {
    what: "npm, for the window's page and for jsforce and nforce",
    check: &["npm", "--version"],
    names: ["npm", "nodejs-npm", "npm", "node"],
};

/// Needed by the bench: what people would do by hand.
pub(crate) const TO_COMPARE: &[Need] = &[Need {
    what: "the program sqlite3, which does the same by hand",
    check: &["sqlite3", "--version"],
    names: ["sqlite3", "sqlite", "sqlite", "sqlite"],
}];

/// Needed by the window's journeys: what drives it, and a virtual display.
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
        what: "Xvfb, a virtual display",
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
        what: "fonts for Chinese, Japanese and Korean, which sample names are written in",
        check: &["sh", "-c", "fc-list :lang=ja | grep -q ."],
        names: [
            "fonts-noto-cjk",
            "google-noto-sans-cjk-fonts",
            "noto-fonts-cjk",
            "font-noto-sans-cjk",
        ],
    },
    Need {
        what: "fonts for the scripts of India, which sample names are written in",
        check: &["sh", "-c", "fc-list :lang=hi | grep -q ."],
        names: [
            "fonts-noto-core",
            "google-noto-sans-devanagari-fonts",
            "noto-fonts",
            "font-noto-sans-devanagari",
        ],
    },
    Need {
        what: "a font for emoji, which sample names hold",
        check: &["sh", "-c", "fc-list :charset=1f389 | grep -q ."],
        names: [
            "fonts-noto-color-emoji",
            "google-noto-emoji-fonts",
            "noto-fonts-emoji",
            "font-noto-color-emoji",
        ],
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
        what: "Python 3 with venv, for simple-salesforce and aiosalesforce",
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
/// It asks first, unless `yes` or the variable `CI` says that nobody need be asked.
///
/// # Errors
/// When the answer is no, nobody can be asked, the installation fails, or there is no package manager that it can drive.
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
    agree(yes, &names)?;
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

/// Who decides whether packages are installed.
#[derive(Debug, PartialEq)]
enum Consent {
    Given,
    /// Someone sits at the terminal.
    Ask,
    /// Nobody can be asked.
    Missing,
}

fn consent(yes: bool, ci: Option<&str>, terminal: bool) -> Consent {
    let is_ci = ci.is_some_and(|ci| !matches!(ci, "" | "0" | "false"));
    match (yes || is_ci, terminal) {
        (true, _) => Consent::Given,
        (false, true) => Consent::Ask,
        (false, false) => Consent::Missing,
    }
}

/// Makes sure that installing these packages is wanted.
///
/// # Errors
/// When the answer is no, or nobody can be asked.
fn agree(yes: bool, names: &[&str]) -> Result<()> {
    let ci = std::env::var("CI").ok();
    match consent(yes, ci.as_deref(), std::io::stdin().is_terminal()) {
        Consent::Given => Ok(()),
        Consent::Ask if answered_yes()? => Ok(()),
        Consent::Ask => bail!("nothing was installed, and these packages are required"),
        Consent::Missing => bail!(
            "Nothing was installed. Without a terminal, Leadferry can't ask first. \
             Run this again with --yes, or install the packages yourself: sudo apt-get install {}",
            names.join(" ")
        ),
    }
}

fn answered_yes() -> Result<bool> {
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
    fn nothing_is_installed_unless_somebody_said_so() {
        for (yes, ci, terminal, expected) in [
            (false, None, false, Consent::Missing),
            (false, Some("false"), false, Consent::Missing),
            (false, None, true, Consent::Ask),
            (true, None, false, Consent::Given),
            (false, Some("true"), false, Consent::Given),
        ] {
            assert_eq!(
                consent(yes, ci, terminal),
                expected,
                "{yes} {ci:?} {terminal}"
            );
        }
    }

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
