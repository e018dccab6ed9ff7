//! A display that nobody sees, and the message bus that a desktop has: each window gets its own.

use std::io::{BufRead as _, BufReader};
use std::os::unix::process::CommandExt as _;
use std::path::Path;
use std::process::{Child, Command, Stdio};

/// As large as the window opens, in pixels.
pub(crate) const USUAL: &str = "1280x800";

pub(crate) struct Display {
    server: Group,
    number: String,
    bus: Group,
    bus_address: String,
}

impl Display {
    /// Starts a display of this size.
    pub(crate) fn start(size: &str) -> Self {
        let mut server = Command::new("Xvfb");
        server.args(["-screen", "0", &format!("{size}x24")]).args([
            "-displayfd",
            "1",
            "-nolisten",
            "tcp",
        ]);
        let (server, number) = Group::saying(&mut server);
        let mut bus = Command::new("dbus-daemon");
        bus.arg(concat!(
            "--config-file=",
            env!("CARGO_MANIFEST_DIR"),
            "/tests/window/bus.conf"
        ));
        bus.args(["--nofork", "--nopidfile", "--print-address"]);
        let (bus, bus_address) = Group::saying(&mut bus);
        Self {
            server,
            number: format!(":{number}"),
            bus,
            bus_address,
        }
    }

    /// Returns what a program needs to know to show itself here.
    pub(crate) fn variables(&self) -> [(String, String); 2] {
        [
            ("DISPLAY".to_owned(), self.number.clone()),
            (
                "DBUS_SESSION_BUS_ADDRESS".to_owned(),
                self.bus_address.clone(),
            ),
        ]
    }

    /// Takes a picture of all of it, on which there is nothing but the window: the window's driver takes none without a
    /// graphics card.
    pub(crate) fn photograph(&self, file: &Path) -> bool {
        let mut import = Command::new("import");
        import
            .args(["-display", &self.number, "-window", "root"])
            .arg(file);
        import.status().is_ok_and(|status| status.success())
    }
}

impl Drop for Display {
    fn drop(&mut self) {
        self.bus.kill();
        self.server.kill();
    }
}

/// A program with all that it starts, to be ended together.
pub(crate) struct Group(Child);

impl Group {
    /// Starts a program.
    pub(crate) fn start(command: &mut Command) -> Self {
        Self(command.process_group(0).spawn().unwrap())
    }

    /// Starts one that says in one line how to reach it, and returns that line.
    fn saying(command: &mut Command) -> (Self, String) {
        command
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::null());
        let mut group = Self::start(command);
        let mut line = String::new();
        let output = group.0.stdout.take().unwrap();
        BufReader::new(output).read_line(&mut line).unwrap();
        assert!(!line.trim().is_empty(), "{command:?} does not start");
        (group, line.trim().to_owned())
    }

    pub(crate) fn is_running(&mut self) -> bool {
        matches!(self.0.try_wait(), Ok(None))
    }

    /// Ends all of it at once.
    pub(crate) fn kill(&mut self) {
        let group = format!("-{}", self.0.id());
        let _ = Command::new("kill").args(["-KILL", "--", &group]).status();
        let _ = self.0.wait();
    }
}
