//! What was installed from which pins, so that nothing is installed twice.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

const STAMPS: &str = "target/clients";

/// The text of the pins that something is installed from, beside the text of the last time.
pub(crate) struct Pins {
    text: String,
    stamp: PathBuf,
}

impl Pins {
    /// Reads the pins of `what` from files of a folder.
    pub(crate) fn read(folder: &Path, what: &str, files: &[&str]) -> Result<Self> {
        let mut text = String::new();
        for file in files {
            let path = folder.join(file);
            text += &fs::read_to_string(&path)
                .with_context(|| format!("could not read {}", path.display()))?;
        }
        let stamp = Path::new(STAMPS).join(format!("{what}.stamp"));
        Ok(Self { text, stamp })
    }

    /// Tells whether the pins are those of the last time.
    pub(crate) fn fresh(&self) -> bool {
        fs::read_to_string(&self.stamp).is_ok_and(|stamped| stamped == self.text)
    }

    /// Keeps that it has been installed from these pins.
    pub(crate) fn stamp(&self) -> Result<()> {
        fs::create_dir_all(STAMPS).with_context(|| format!("could not create {STAMPS}"))?;
        fs::write(&self.stamp, &self.text)
            .with_context(|| format!("could not write {}", self.stamp.display()))
    }
}
