//! What can go wrong while an org is opened or served. Refusals sent over the wire are not errors of this crate.

use std::path::PathBuf;

/// An org that could not be opened, served or read.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// Another process (or another call in this one) serves this file now.
    #[error("the practice org {} is served by another process", .0.display())]
    Busy(PathBuf),
    /// A file beside the org (lock or port file) could not be used.
    #[error("could not use {}", path.display())]
    File {
        /// The file in question.
        path: PathBuf,
        /// What the system said.
        #[source]
        source: std::io::Error,
    },
    /// No loopback port could be bound.
    #[error("could not listen on the loopback address")]
    Listen(#[source] std::io::Error),
    /// The org's database could not be read or written.
    #[error("could not use the practice org's database")]
    Database(#[from] rusqlite::Error),
    /// The org file was written by a newer version of this program.
    #[error("the practice org's file has format {found}, newer than {known}")]
    Newer {
        /// Format number in the file.
        found: i64,
        /// Newest format number that this program knows.
        known: i64,
    },
    /// The shipped definitions or sample people are damaged.
    #[error("the shipped {what} is damaged at line {line}")]
    Shipped {
        /// Which shipped file.
        what: &'static str,
        /// One-based line.
        line: usize,
    },
    /// The system's source of random bytes failed.
    #[error("no random bytes available")]
    Random,
    /// A sample person was refused by the org's own rules.
    #[error("the sample people could not be added: {0}")]
    Sample(String),
}

/// Result of this crate's functions.
pub type Result<T> = std::result::Result<T, Error>;
