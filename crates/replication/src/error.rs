//! What can go wrong with a replication.

/// The result of every call into the engine.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// What failed. Refused rows are results, not errors.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The workspace could not be read or written.
    #[error(transparent)]
    Store(#[from] leadferry_store::Error),
    /// The org could not be asked, or refused as a whole.
    #[error(transparent)]
    Salesforce(#[from] leadferry_salesforce::Error),
    /// Whoever asked for this has cancelled it.
    #[error("it was canceled")]
    Cancelled,
    /// A setting is not allowed.
    #[error("{0}")]
    Settings(String),
    /// The mapping cannot be used as it is.
    #[error("the mapping cannot be used: {}", .0.iter().find(|finding| finding.severity == crate::mapping::Severity::Error).map_or("it has no rows", |finding| finding.message.as_str()))]
    Mapping(Vec<crate::mapping::Finding>),
    /// The org doesn't let anyone be found by email; the text says which field is to blame.
    #[error("{0}")]
    EmailMatching(String),
    /// The replication of this name is off.
    #[error("replication \"{0}\" is off")]
    SwitchedOff(String),
    /// Something that no other variant names; the text says what.
    #[error("{0}")]
    Unexpected(String),
}
