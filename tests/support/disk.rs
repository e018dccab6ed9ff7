//! A disk of its own that is soon full.

use std::fs::File;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use tempfile::TempDir;

/// A small disk in memory, mounted while this lives.
pub(crate) struct Disk {
    folder: TempDir,
}

impl Disk {
    /// Mounts a disk of so many KiB. Where this user may not mount any, `cargo xtask test` leaves these tests out and says so.
    pub(crate) fn of(kib: u64) -> Self {
        let folder = TempDir::new().unwrap();
        let mounted = Command::new("mount")
            .args([
                "-t",
                "tmpfs",
                "-o",
                &format!("size={kib}k"),
                "leadferry-test",
            ])
            .arg(folder.path())
            .output()
            .unwrap();
        let why = String::from_utf8_lossy(&mounted.stderr);
        assert!(
            mounted.status.success(),
            "no disk can be mounted: {why}. Leave these tests out with --skip small_disk"
        );
        Self { folder }
    }

    /// Returns where it is mounted.
    pub(crate) fn path(&self) -> &Path {
        self.folder.path()
    }

    /// Fills it up to so many KiB.
    pub(crate) fn leave(&self, kib: u64) {
        let mut filler = File::create(self.filler()).unwrap();
        // The disk itself says when it takes no more.
        while filler.write_all(&[0; 4096]).is_ok() {}
        let full = filler.metadata().unwrap().len();
        filler.set_len(full.saturating_sub(kib * 1024)).unwrap();
    }

    fn filler(&self) -> PathBuf {
        self.path().join("filler")
    }

    /// Makes room again.
    pub(crate) fn empty(&self) {
        std::fs::remove_file(self.filler()).unwrap();
    }
}

impl Drop for Disk {
    fn drop(&mut self) {
        // A program that another test starts at this moment holds all our files until it has begun.
        let unmounted = (0..100).any(|_| {
            let output = Command::new("umount").arg(self.path()).output();
            let done = output.is_ok_and(|output| output.status.success());
            if !done {
                std::thread::sleep(Duration::from_millis(20));
            }
            done
        });
        assert!(unmounted, "{} is still mounted", self.path().display());
    }
}
