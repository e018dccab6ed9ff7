//! What can go wrong while an org is opened or served. Refusals sent over the wire are not errors of this crate.

use std::path::PathBuf;

/// An org that could not be opened, served or read.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// Another process (or another call in this one) serves this file now.
    #[error("the practice org {} is already running in another process", .0.display())]
    Busy(PathBuf),
    /// A file beside the org (lock or port file) could not be used.
    #[error("couldn't use {}", path.display())]
    File {
        /// The file in question.
        path: PathBuf,
        /// What the system said.
        #[source]
        source: std::io::Error,
    },
    /// A file of the org or beside it is something else than a file, or belongs to another user.
    #[error("{} {what}", path.display())]
    Foreign {
        /// The file in question.
        path: PathBuf,
        /// What is wrong with it. The text completes "FILE …".
        what: &'static str,
    },
    /// Someone holds the lock on the org, and nobody proves to be the one who serves it.
    #[error("the program that serves the practice org {} can't prove that it's the real one", .0.display())]
    Unproven(PathBuf),
    /// The file has no secrets: it was not served yet by a version that makes them.
    #[error("the practice org has no password yet")]
    NoSecrets,
    /// No loopback port could be bound.
    #[error("the practice org can't use this port")]
    Listen(#[source] std::io::Error),
    /// The org's database could not be read or written.
    #[error("the practice org's file couldn't be read or written")]
    Database(#[from] rusqlite::Error),
    /// The org file was written by a newer version of this program.
    #[error(
        "the practice org's file was saved by a newer version of Leadferry (version {found}, this version \
             reads up to {known})"
    )]
    Newer {
        /// Format number in the file.
        found: i64,
        /// Newest format number that this program knows.
        known: i64,
    },
    /// The file holds something else than our tables, or can't be read any more. The text completes "FILE …".
    #[error("the practice org's file {} {what}", path.display())]
    Altered {
        /// The org's file.
        path: PathBuf,
        /// What is wrong with it.
        what: String,
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
    #[error("this computer provides no random numbers")]
    Random,
    /// A sample person was refused by the org's own rules.
    #[error("the sample records couldn't be added: {0}")]
    Sample(String),
}

/// Result of this crate's functions.
pub type Result<T> = std::result::Result<T, Error>;
