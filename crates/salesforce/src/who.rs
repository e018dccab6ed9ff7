//! Who can cure what went wrong.

use serde::{Deserialize, Serialize};

use crate::{Error, ErrorCode, Fault, LimitKind, OAuthError, OAuthErrorCode, RowError, Treatment};

/// Who can cure something.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Who {
    /// Whoever sits at this computer.
    You,
    /// The org's admin.
    Admin,
    /// Salesforce itself: its support or its sales.
    Salesforce,
    /// Nobody: it passes with time.
    Nobody,
}

impl Error {
    /// Returns who can cure it.
    pub fn who(&self) -> Who {
        match self {
            Error::Transport { .. } => self.fault().map_or(Who::You, Fault::who),
            Error::Unreadable { .. } | Error::Paging => Who::Nobody,
            Error::Refused { errors, .. } => errors.first().map_or(Who::Admin, RowError::who),
            Error::LimitExceeded {
                kind: LimitKind::Daily | LimitKind::Concurrent,
                ..
            } => Who::Nobody,
            Error::SignIn(error) => error.who(),
            _ => Who::You,
        }
    }
}

impl RowError {
    /// Returns who can cure it.
    pub fn who(&self) -> Who {
        match self.code {
            ErrorCode::InvalidSessionId if self.is_session_policy() => Who::Admin,
            ErrorCode::DuplicatesDetected if self.allow_save == Some(false) => Who::Admin,
            ErrorCode::InvalidField if self.is_about_a_parent() => Who::You,
            ErrorCode::CannotInsertUpdateActivateEntity if self.names_passing_trouble() => {
                Who::Nobody
            }
            ref code => code.who(),
        }
    }
}

impl ErrorCode {
    /// Returns who can cure a refusal with this code.
    pub fn who(&self) -> Who {
        use ErrorCode as Code;
        match self {
            Code::InvalidSessionId | Code::BadOauthToken | Code::UnsupportedApiVersion => Who::You,
            Code::UnknownException | Code::InternalError | Code::OrgLocked | Code::TrialExpired => {
                Who::Salesforce
            }
            Code::CannotExecuteFlowTrigger
            | Code::CannotInsertUpdateActivateEntity
            | Code::TxnSecurityMeteringError
            | Code::TxnSecurityRuntimeError
            | Code::InsufficientAccess
            | Code::InsufficientAccessOrReadonly
            | Code::InsufficientAccessOnCrossReferenceEntity
            | Code::InvalidType
            | Code::UnavailableRecordtypeException => Who::Admin,
            Code::QueryTimeout
            | Code::QueryTooComplicated
            | Code::OperationTooLarge
            | Code::RequestRunningTooLong
            | Code::InvalidQueryLocator
            | Code::InvalidCursor
            | Code::AllOrNoneOperationRolledBack
            | Code::ProcessingHalted => Who::You,
            code => match code.treatment() {
                Treatment::Transient | Treatment::TransientOnce | Treatment::Slow => Who::Nobody,
                Treatment::StopRun | Treatment::Redescribe => Who::Admin,
                Treatment::Permanent
                | Treatment::Untried
                | Treatment::AskIdentifier
                | Treatment::Deleted
                | Treatment::Converted => Who::You,
            },
        }
    }
}

impl OAuthError {
    /// Returns who can cure it.
    pub fn who(&self) -> Who {
        use OAuthErrorCode as Code;
        let words = self.description.as_deref().unwrap_or_default();
        let words = words.to_ascii_lowercase();
        let says = |texts: &[&str]| texts.iter().any(|text| words.contains(text));
        match self.code {
            _ if self.is_transient() => Who::Nobody,
            Code::InvalidGrant
                if says(&[
                    "hasn't approved this consumer",
                    "ip restricted",
                    "no client credentials user",
                    "no valid scopes",
                ]) =>
            {
                Who::Admin
            }
            Code::InactiveOrg => Who::Salesforce,
            Code::InactiveUser
            | Code::InvalidAppAccess
            | Code::AppNotFound
            | Code::ApprovalError
            | Code::AuthorizationBlocked
            | Code::InvalidScope
            | Code::RedirectUriMismatch
            | Code::UnsupportedGrantType
            | Code::UnsupportedResponseType
            | Code::UnsupportedTokenType => Who::Admin,
            Code::InvalidClient if says(&["must be installed"]) => Who::Admin,
            _ => Who::You,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_acts_follows_from_the_words_where_the_code_is_not_enough() {
        let of = |code: &str, words: &str| OAuthError::new(code, Some(words)).who();
        assert_eq!(of("invalid_grant", "ip restricted"), Who::Admin);
        assert_eq!(of("invalid_grant", "authentication failure"), Who::You);
        assert_eq!(of("invalid_grant", "login rate exceeded"), Who::Nobody);
        let of = |words: &str| RowError::new("INVALID_SESSION_ID".into(), words).who();
        assert_eq!(of("Session expired or invalid"), Who::You);
        assert_eq!(
            of("This session is not valid for use with the REST API"),
            Who::Admin
        );
    }

    #[test]
    fn where_nobody_can_act_the_cure_names_nobody() {
        let cures = ErrorCode::KNOWN
            .iter()
            .filter(|code| code.who() == Who::Nobody)
            .map(ErrorCode::cure);
        let kinds = [
            Treatment::Transient,
            Treatment::TransientOnce,
            Treatment::Slow,
        ];
        for cure in cures.chain(kinds.map(Treatment::cure)) {
            for deed in ["ask ", "buy ", "admin", "lower "] {
                assert!(!cure.contains(deed), "{cure}");
            }
        }
    }

    #[test]
    fn nobody_is_sent_to_an_admin_whom_the_cure_does_not_name() {
        for code in ErrorCode::KNOWN {
            if code.cure().starts_with("ask your Salesforce admin") {
                assert_eq!(code.who(), Who::Admin, "{code}");
            }
        }
        for code in OAuthErrorCode::KNOWN {
            let error = OAuthError::new(code.as_str(), None);
            if error.cure().starts_with("ask your Salesforce admin") {
                assert_eq!(error.who(), Who::Admin, "{code}");
            }
        }
    }
}
