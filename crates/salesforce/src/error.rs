//! What can go wrong, and what to do about it.

use crate::{ErrorCode, Fault, OAuthError, RowError, Treatment};

/// A result whose error is [`enum@Error`].
pub type Result<T> = std::result::Result<T, Error>;

/// Why a call failed.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The connection failed, or broke before the answer was whole.
    #[error("{}", if *.reached { "the connection to Salesforce broke" } else { "Salesforce couldn't be reached" })]
    Transport {
        /// Whether the request may have left: false when no connection came about.
        reached: bool,
        /// The other side ended the connection before it answered, as a gateway does with what is too large for it.
        cut: bool,
        /// What the network said; never holds the address.
        #[source]
        source: Box<dyn std::error::Error + Send + Sync>,
    },
    /// The answer was not what the API promises, such as HTML or half a JSON document.
    #[error("Salesforce's answer can't be read (HTTP {status}, {reason})")]
    Unreadable {
        /// HTTP status.
        status: u16,
        /// What was wrong with the body.
        reason: String,
        /// At most 200 characters of it, without anything that looks like a token; may hold record data.
        excerpt: String,
    },
    /// The org refused the whole request.
    #[error("Salesforce refused the request (HTTP {status}, {})", first_code(.errors))]
    Refused {
        /// HTTP status.
        status: u16,
        /// The org's reasons, at least one.
        errors: Vec<RowError>,
    },
    /// The org's limit on API calls is reached.
    #[error("the org's API calls are used up")]
    LimitExceeded {
        /// Which limit.
        kind: LimitKind,
        /// The org's words.
        message: String,
    },
    /// The calls that are left are kept for others; nothing was sent.
    #[error("the request wasn't sent")]
    Reserved {
        /// Calls left of the 24-hour allowance.
        left: u64,
        /// Calls kept for others.
        reserve: u64,
    },
    /// Signing in failed.
    #[error("the sign-in failed")]
    SignIn(#[source] Box<OAuthError>),
    /// The private key can't sign an assertion.
    #[error("the key can't be used to sign in")]
    Key(#[source] Box<dyn std::error::Error + Send + Sync>),
    /// No one is signed in.
    #[error("you aren't signed in")]
    NotSignedIn,
    /// The keeper of the tokens failed.
    #[error("the saved sign-in can't be used")]
    Sessions {
        /// What went wrong, in the words of whoever keeps it.
        words: String,
        /// What to do about it, in the same words.
        cure: String,
        /// Whether someone has to sign in.
        needs_sign_in: bool,
        /// The keeper's own error.
        source: Box<dyn std::error::Error + Send + Sync>,
    },
    /// The request was too large to be sent.
    #[error("the request is too large ({size}, at most {max})")]
    TooLarge {
        /// Rows or bytes of the request.
        size: usize,
        /// How many the org takes.
        max: usize,
    },
    /// The answer was larger than this client takes.
    #[error("Salesforce's answer is larger than {max} bytes")]
    AnswerTooLarge {
        /// The bound in bytes.
        max: usize,
    },
    /// The pages of an answer lead back, elsewhere, or beyond what it counted.
    #[error("Salesforce's answer has no end")]
    Paging,
    /// A query found more records than are held at once.
    #[error("the query finds more than {max} records")]
    TooManyRecords {
        /// The bound.
        max: u64,
    },
    /// The host would get secrets without encryption.
    #[error("{host} can't be used without https")]
    InsecureHost {
        /// The host.
        host: String,
    },
    /// A text names no host that Salesforce signs in at.
    #[error("{input:?} isn't a Salesforce host")]
    InvalidHost {
        /// The text.
        input: String,
    },
    /// A text is no address of a proxy.
    #[error("{input:?} isn't the address of a proxy")]
    InvalidProxy {
        /// The text, without what may be a password.
        input: String,
    },
    /// A text is no object or field name, so no request can be made of it.
    #[error("{name:?} isn't the name of an object or field")]
    InvalidName {
        /// The text.
        name: String,
    },
    /// A text is no record id.
    #[error("this isn't a record id")]
    InvalidId,
    /// The org speaks no version that this client speaks.
    #[error("the org's API version isn't supported")]
    NoCommonVersion,
    /// None of the ports for the sign-in's answer is free.
    #[error("no port is free for the sign-in")]
    NoFreePort(#[source] std::io::Error),
    /// The browser did not come back in time.
    #[error("the sign-in timed out")]
    CallbackTimeout,
    /// The file for Salesforce could not be made; nothing of it counts.
    #[error("the file for Salesforce can't be written")]
    File(#[source] std::io::Error),
    /// The HTTP client could not be set up.
    #[error("no connection can be opened from this computer")]
    Setup(#[source] Box<dyn std::error::Error + Send + Sync>),
}

/// Which limit on calls was reached.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LimitKind {
    /// Calls within 24 hours; wait hours.
    Daily,
    /// Long calls at the same time; wait half a minute.
    Concurrent,
}

impl Error {
    /// Tells whether a write that failed this way may have been carried out all the same.
    pub fn may_have_been_applied(&self) -> bool {
        match self {
            Error::Transport { reached, .. } => *reached,
            Error::Unreadable { .. } | Error::AnswerTooLarge { .. } => true,
            Error::Refused { status, errors } => {
                !(300..500).contains(status) || errors.iter().any(|error| error.leaves_doubt())
            }
            _ => false,
        }
    }

    /// Tells whether someone has to sign in again before anything else can work.
    pub fn needs_sign_in(&self) -> bool {
        match self {
            Error::NotSignedIn => true,
            Error::Sessions { needs_sign_in, .. } => *needs_sign_in,
            Error::SignIn(error) => error.needs_person(),
            Error::Refused { errors, .. } => errors.iter().any(|error| {
                let session = [ErrorCode::InvalidSessionId, ErrorCode::BadOauthToken];
                session.contains(&error.code) && !error.is_session_policy()
            }),
            _ => false,
        }
    }

    /// Tells whether the calls of the last 24 hours are used up, apart from those that are kept for others.
    pub fn is_daily_limit(&self) -> bool {
        match self {
            Error::LimitExceeded { kind, .. } => *kind == LimitKind::Daily,
            Error::Reserved { .. } => true,
            _ => false,
        }
    }

    /// Tells whether too many long calls ran at the same time.
    pub fn is_concurrent_limit(&self) -> bool {
        matches!(self, Error::LimitExceeded { kind, .. } if *kind == LimitKind::Concurrent)
    }

    /// Tells whether the same request may work later without anyone changing anything.
    pub fn retryable(&self) -> bool {
        match self {
            Error::Transport { .. } => true,
            Error::Unreadable { status, .. } => *status < 300 || passing(*status),
            Error::Refused { status, errors } => passing(*status) || errors.iter().all(will_pass),
            Error::LimitExceeded { .. } | Error::Reserved { .. } => true,
            Error::SignIn(error) => error.is_transient(),
            _ => false,
        }
    }

    /// Tells whether every other request would fail the same way.
    pub fn stops_run(&self) -> bool {
        match self {
            Error::Refused { errors, .. } => errors
                .iter()
                .any(|error| error.treatment() == Treatment::StopRun),
            Error::LimitExceeded { kind, .. } => *kind == LimitKind::Daily,
            Error::Reserved { .. } => true,
            Error::SignIn(error) => !error.is_transient(),
            Error::NotSignedIn
            | Error::Key(_)
            | Error::Sessions { .. }
            | Error::InsecureHost { .. }
            | Error::NoCommonVersion
            | Error::Setup(_) => true,
            _ => false,
        }
    }

    /// Tells whether the request was refused as a whole for the sake of some rows, so that smaller ones may work.
    pub fn splits(&self) -> bool {
        match self {
            Error::Refused { errors, .. } if errors.iter().any(|error| error.code.splits()) => true,
            _ => self.is_too_large(),
        }
    }

    /// Tells whether the request was refused for its size: by the org, by a gateway before it, or by this client.
    pub fn is_too_large(&self) -> bool {
        match self {
            Error::TooLarge { .. } => true,
            Error::Refused { status, errors } => {
                *status == 413 || errors.iter().any(|error| error.code.is_about_size())
            }
            _ => false,
        }
    }

    /// Tells whether the other side ended the connection before it answered.
    pub fn was_cut(&self) -> bool {
        matches!(self, Error::Transport { cut: true, .. })
    }

    /// Tells whether the org's fields have to be read again before the next try.
    pub fn needs_describe(&self) -> bool {
        self.first().is_some_and(|error| {
            let unknown_object = matches!(error.code, ErrorCode::NotFound | ErrorCode::InvalidType);
            unknown_object || error.treatment() == Treatment::Redescribe
        })
    }

    /// Returns the field that a query cannot be filtered by, where the org refused it for that.
    pub fn unfilterable(&self) -> Option<&str> {
        self.first().and_then(RowError::unfilterable)
    }

    /// Returns the org's code, where it gave one.
    pub fn code(&self) -> Option<&ErrorCode> {
        match self {
            Error::LimitExceeded { .. } => Some(&ErrorCode::RequestLimitExceeded),
            _ => self.first().map(|error| &error.code),
        }
    }

    /// Returns the org's own words, where it gave any.
    pub fn message(&self) -> Option<&str> {
        match self {
            Error::LimitExceeded { message, .. } => Some(message),
            Error::SignIn(error) => error.description.as_deref(),
            Error::Sessions { words, .. } => Some(words),
            _ => self.first().map(|error| error.message.as_str()),
        }
    }

    /// Returns what it is called: the org's code, the sign-in server's, or ours in lower case.
    pub fn name(&self) -> &str {
        match self {
            Error::Transport { .. } => self.fault().map_or("unreachable", Fault::name),
            Error::Unreadable { .. } | Error::Paging => "unreadable_answer",
            Error::Refused { .. } | Error::LimitExceeded { .. } => {
                self.code().map_or("refused", ErrorCode::as_str)
            }
            Error::Reserved { .. } => "calls_reserved",
            Error::SignIn(error) => error.code.as_str(),
            Error::NotSignedIn => "not_signed_in",
            Error::Sessions { .. } => "sign_in_unusable",
            Error::TooLarge { .. } => "request_too_large",
            Error::AnswerTooLarge { .. } => "answer_too_large",
            Error::TooManyRecords { .. } => "too_many_records",
            Error::InsecureHost { .. } => "insecure_host",
            Error::InvalidHost { .. } => "invalid_host",
            Error::InvalidProxy { .. } => "invalid_proxy",
            Error::InvalidName { .. } => "invalid_name",
            Error::InvalidId => "invalid_id",
            Error::NoCommonVersion => "no_common_version",
            Error::NoFreePort(_) => "no_free_port",
            Error::CallbackTimeout => "sign_in_timed_out",
            Error::File(_) => "file_unwritable",
            Error::Key(_) => "key_unusable",
            Error::Setup(_) => "no_network_setup",
        }
    }

    /// Returns what went wrong, in plain words.
    pub fn cause(&self) -> &'static str {
        match self {
            Error::Transport { .. } => self
                .fault()
                .map_or("the network or the org didn't respond", Fault::cause),
            Error::Unreadable { .. } => {
                "something other than the org's API answered, for example a maintenance page or a proxy"
            }
            Error::Refused { errors, .. } => errors
                .first()
                .map_or("the org refused the request", RowError::cause),
            Error::LimitExceeded { kind, .. } => match kind {
                LimitKind::Daily => "the org's API calls for the last 24 hours are used up",
                LimitKind::Concurrent => "too many long requests ran in the org at the same time",
            },
            Error::Reserved { .. } => "the remaining API calls are reserved for other tools",
            Error::SignIn(error) => error.cause(),
            Error::Key(_) => "it's damaged, or it isn't an RSA key",
            Error::NotSignedIn => "there's no sign-in for this org",
            Error::Sessions { .. } => "the saved sign-in couldn't be read or renewed",
            Error::TooLarge { .. } => "the request is larger than Salesforce accepts",
            Error::AnswerTooLarge { .. } => "the answer is too large",
            Error::Paging => "something other than the org's API answered",
            Error::TooManyRecords { .. } => "the query finds too many records",
            Error::InsecureHost { .. } => "the address isn't encrypted",
            Error::InvalidHost { .. } => "it isn't the address of a Salesforce org",
            Error::InvalidProxy { .. } => {
                "an address has a host and a port, and no password. Leadferry would have to keep it unencrypted"
            }
            Error::InvalidName { .. } => "an object or field can't have this name",
            Error::InvalidId => "record ids have 15 or 18 characters",
            Error::NoCommonVersion => "the org's API is too old or too new",
            Error::NoFreePort(_) => "other programs use all the ports of the callback URLs",
            Error::CallbackTimeout => "the sign-in wasn't finished in the browser",
            Error::File(_) => "its rows couldn't be read from the workspace",
            Error::Setup(_) => "encryption or networking isn't available on this computer",
        }
    }

    /// Returns what a person can do about it.
    pub fn cure(&self) -> &'static str {
        match self {
            Error::Transport { .. } => self.fault().map_or(
                "check your network, the proxy and the org's address",
                Fault::cure,
            ),
            Error::Unreadable { .. } | Error::Paging => {
                "try again later, and check the org's address and the proxy"
            }
            Error::Refused { errors, .. } if self.needs_sign_in() && !errors.is_empty() => {
                "sign in again"
            }
            Error::Refused { errors, .. } => errors
                .first()
                .map_or("ask your Salesforce admin", RowError::cure),
            Error::LimitExceeded { kind, .. } => match kind {
                LimitKind::Daily => "wait a few hours, until API calls are available again",
                LimitKind::Concurrent => "wait 30 seconds, then try again",
            },
            Error::Reserved { .. } => "wait until more calls are available, or lower the reserve",
            Error::SignIn(error) => error.cure(),
            Error::Key(_) => {
                "import the key again, or make a new one and upload its certificate to the app"
            }
            Error::NotSignedIn => "sign in",
            Error::Sessions { .. } => {
                "unlock the keychain or enter the passphrase, or sign in again"
            }
            Error::TooLarge { .. } | Error::AnswerTooLarge { .. } => "use smaller batches",
            Error::TooManyRecords { .. } => "narrow the query",
            Error::InsecureHost { .. } => "use an https address",
            Error::InvalidHost { .. } => {
                "enter the My Domain name, such as acme or acme.my.salesforce.com"
            }
            Error::InvalidProxy { .. } => {
                "enter an address such as proxy.acme.com:8080. A proxy that asks for a password is set in the system"
            }
            Error::InvalidName { .. } => "check the name",
            Error::InvalidId => "check the id",
            Error::NoCommonVersion => "update Leadferry",
            Error::NoFreePort(_) => {
                "close other programs that sign in to Salesforce, or add another callback URL to the app"
            }
            Error::CallbackTimeout => {
                "sign in again and finish in the browser. If it shows an error, fix what it names in the app \
                 (callback URL, client id, scopes)"
            }
            Error::File(_) => "check the workspace and the free disk space, then try again",
            Error::Setup(_) => "check this computer's certificates and proxy settings",
        }
    }

    fn first(&self) -> Option<&RowError> {
        match self {
            Error::Refused { errors, .. } => errors.first(),
            _ => None,
        }
    }
}

impl RowError {
    /// Tells whether a whole request refused with this code may have been carried out in part.
    fn leaves_doubt(&self) -> bool {
        matches!(
            self.code,
            ErrorCode::RequestRunningTooLong
                | ErrorCode::UnknownException
                | ErrorCode::InternalError
                | ErrorCode::ServerUnavailable
                | ErrorCode::QueryTimeout
        )
    }
}

impl ErrorCode {
    fn splits(&self) -> bool {
        matches!(
            self,
            ErrorCode::JsonParserError
                | ErrorCode::OperationTooLarge
                | ErrorCode::RequestRunningTooLong
        )
    }

    fn is_about_size(&self) -> bool {
        matches!(
            self,
            ErrorCode::ExceededMaxSizeRequest
                | ErrorCode::LimitExceeded
                | ErrorCode::ExceededIdLimit
        )
    }
}

/// Statuses of the org's edge and servers that go away by themselves.
fn passing(status: u16) -> bool {
    matches!(status, 408 | 420 | 429 | 500..=599)
}

fn will_pass(error: &RowError) -> bool {
    let passing = [
        Treatment::Transient,
        Treatment::TransientOnce,
        Treatment::Slow,
    ];
    passing.contains(&error.treatment())
}

fn first_code(errors: &[RowError]) -> &str {
    errors
        .first()
        .map_or("no code", |error| error.code.as_str())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(status: u16, code: &str) -> Error {
        Error::Refused {
            status,
            errors: vec![RowError::new(code.into(), "")],
        }
    }

    #[test]
    fn only_certain_failures_rule_out_that_a_write_was_applied() {
        let broken = |reached| Error::Transport {
            reached,
            cut: false,
            source: "gone".into(),
        };
        assert!(!broken(false).may_have_been_applied());
        assert!(broken(true).may_have_been_applied());
        assert!(!refused(401, "INVALID_SESSION_ID").may_have_been_applied());
        assert!(!refused(400, "JSON_PARSER_ERROR").may_have_been_applied());
        assert!(refused(400, "REQUEST_RUNNING_TOO_LONG").may_have_been_applied());
        assert!(refused(503, "SERVER_UNAVAILABLE").may_have_been_applied());
        let limit = Error::LimitExceeded {
            kind: LimitKind::Daily,
            message: String::new(),
        };
        assert!(!limit.may_have_been_applied());
    }

    #[test]
    fn questions_are_answered_from_the_code() {
        assert!(refused(401, "INVALID_SESSION_ID").needs_sign_in());
        assert!(refused(400, "JSON_PARSER_ERROR").splits());
        assert!(!refused(400, "JSON_PARSER_ERROR").is_too_large());
        assert!(refused(400, "EXCEEDED_MAX_SIZE_REQUEST").splits());
        assert!(refused(400, "EXCEEDED_MAX_SIZE_REQUEST").is_too_large());
        assert!(refused(400, "INVALID_FIELD").needs_describe());
        assert!(refused(403, "API_DISABLED_FOR_ORG").stops_run());
        assert!(refused(503, "SERVER_UNAVAILABLE").retryable());
        assert!(!refused(400, "INVALID_FIELD").retryable());
    }

    #[test]
    fn the_text_names_the_code_but_not_the_orgs_words() {
        let error = Error::Refused {
            status: 400,
            errors: vec![RowError::new("STRING_TOO_LONG".into(), "Ada Lovelace")],
        };
        assert!(error.to_string().contains("STRING_TOO_LONG"));
        assert!(!error.to_string().contains("Ada"));
    }
}
