//! When to repeat a read within seconds.
//!
//! Writes are never repeated here: whether a write may go again is decided by whoever knows what it holds.

use std::time::Duration;

use crate::{Error, ErrorCode};

/// How often and how soon a read is repeated.
///
/// The wait before the n-th repetition is `first_wait * 2^(n-1)`, at most `longest_wait`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RetryPolicy {
    /// Attempts in all, the first one included; at least one is made.
    pub attempts: u32,
    /// Wait before the first repetition.
    pub first_wait: Duration,
    /// No wait is longer than this.
    pub longest_wait: Duration,
}

impl Default for RetryPolicy {
    fn default() -> RetryPolicy {
        RetryPolicy {
            attempts: 5,
            first_wait: Duration::from_millis(500),
            longest_wait: Duration::from_secs(8),
        }
    }
}

impl RetryPolicy {
    /// Returns the same policy with every wait divided by `n`, for tests that should not wait.
    pub fn divided_by(self, n: u32) -> RetryPolicy {
        let n = n.max(1);
        RetryPolicy {
            first_wait: self.first_wait / n,
            longest_wait: self.longest_wait / n,
            ..self
        }
    }

    /// Returns how long to wait before repeating a read that failed, or None when it should not be repeated.
    ///
    /// `attempt` counts from 1: the attempt that just failed.
    pub fn wait_after(&self, attempt: u32, error: &Error) -> Option<Duration> {
        if attempt >= self.attempts.min(most_attempts(error)) {
            return None;
        }
        let doubled = 2u32.saturating_pow(attempt.saturating_sub(1));
        Some(
            self.first_wait
                .saturating_mul(doubled)
                .min(self.longest_wait),
        )
    }
}

/// Returns how many attempts this failure is worth, whatever the policy allows.
fn most_attempts(error: &Error) -> u32 {
    match error.code() {
        // The reserve does not shrink within seconds.
        _ if matches!(error, Error::Reserved { .. }) => 1,
        // A limit on calls at the same time asks for half a minute: too long to hold a call open.
        Some(ErrorCode::RequestLimitExceeded) => 1,
        // The org has forgotten the query; only asking it anew helps.
        Some(ErrorCode::InvalidQueryLocator) => 1,
        Some(
            ErrorCode::QueryTimeout | ErrorCode::QueryTooComplicated | ErrorCode::OperationTooLarge,
        ) => 2,
        Some(ErrorCode::UnknownException | ErrorCode::InternalError) => 3,
        _ if error.retryable() => u32::MAX,
        _ => 1,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn unreadable(status: u16) -> Error {
        Error::Unreadable {
            status,
            reason: "HTML".into(),
            excerpt: String::new(),
        }
    }

    #[test]
    fn waits_double_up_to_the_longest() {
        let policy = RetryPolicy::default();
        let waits: Vec<_> = (1..=5)
            .map(|n| policy.wait_after(n, &unreadable(503)))
            .collect();
        let millis = |n| Some(Duration::from_millis(n));
        assert_eq!(
            waits,
            [millis(500), millis(1000), millis(2000), millis(4000), None]
        );
    }

    #[test]
    fn divided_waits_keep_the_number_of_attempts() {
        let policy = RetryPolicy::default().divided_by(100);
        assert_eq!(policy.attempts, 5);
        assert_eq!(policy.first_wait, Duration::from_millis(5));
    }

    #[test]
    fn a_permanent_failure_is_not_repeated() {
        assert_eq!(
            RetryPolicy::default().wait_after(1, &Error::InvalidId),
            None
        );
    }
}
