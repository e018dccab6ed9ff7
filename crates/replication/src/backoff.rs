//! When to try again: all waits are numbers here, and a delay is a function of the attempt.

use crate::api::JOB_ROWS;

/// The waits and caps of the engine, in milliseconds and counts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Policy {
    /// First wait after a row's transient refusal; doubles with each attempt.
    pub row_wait_ms: i64,
    /// Longest wait after a row's transient refusal.
    pub row_wait_most_ms: i64,
    /// Rows that come due within this time of each other are tried together.
    pub gather_ms: i64,
    /// Wait after a refusal that lasts minutes or hours: locked by an approval, maintenance.
    pub slow_wait_ms: i64,
    /// Refusals after which a row is given up.
    pub row_attempts: u32,
    /// First wait after a transport fault; doubles with each in a row.
    pub transport_wait_ms: i64,
    /// Transport faults in a row after which the run stops and the queue waits.
    pub transport_attempts: u32,
    /// Wait after too many long calls ran at once.
    pub concurrent_wait_ms: i64,
    /// After that long an unknown batch can no longer be applied late by the org.
    pub read_back_ms: i64,
    /// A run waits for entries that are due within this time, and ends otherwise.
    pub linger_ms: i64,
    /// How long the org counts a call.
    pub day_ms: i64,
    /// Contacts matched together.
    pub chunk: usize,
    /// First wait before a bulk job is asked for again; doubles each time.
    pub job_wait_ms: i64,
    /// Longest wait before a bulk job is asked for again.
    pub job_wait_most_ms: i64,
    /// After that long a run leaves a bulk job to a later one.
    pub job_patience_ms: i64,
    /// Most rows of a bulk job.
    pub job_rows: u64,
}

impl Default for Policy {
    fn default() -> Self {
        Self {
            row_wait_ms: 1_000,
            row_wait_most_ms: 60_000,
            gather_ms: 1_000,
            slow_wait_ms: 600_000,
            row_attempts: 5,
            transport_wait_ms: 500,
            transport_attempts: 6,
            concurrent_wait_ms: 30_000,
            read_back_ms: 660_000,
            linger_ms: 60_000,
            day_ms: 24 * 60 * 60 * 1_000,
            chunk: 2_000,
            job_wait_ms: 1_000,
            job_wait_most_ms: 60_000,
            job_patience_ms: 30 * 60 * 1_000,
            job_rows: JOB_ROWS,
        }
    }
}

impl Policy {
    /// Returns the policy with all waits divided, for tests against loopback hosts; the time that a run lingers for
    /// entries due soon with them, so that it waits for the same ones.
    pub fn divided_by(&self, n: i64) -> Self {
        let shorter = |wait: i64| (wait / n.max(1)).max(1);
        Self {
            row_wait_ms: shorter(self.row_wait_ms),
            row_wait_most_ms: shorter(self.row_wait_most_ms),
            gather_ms: shorter(self.gather_ms),
            slow_wait_ms: shorter(self.slow_wait_ms),
            transport_wait_ms: shorter(self.transport_wait_ms),
            concurrent_wait_ms: shorter(self.concurrent_wait_ms),
            read_back_ms: shorter(self.read_back_ms),
            linger_ms: shorter(self.linger_ms),
            day_ms: shorter(self.day_ms),
            job_wait_ms: shorter(self.job_wait_ms),
            job_wait_most_ms: shorter(self.job_wait_most_ms),
            job_patience_ms: shorter(self.job_patience_ms),
            ..self.clone()
        }
    }

    /// Returns the wait before a row's next attempt. `seed` spreads those who were refused together.
    pub fn row_delay(&self, attempts: u32, seed: u64) -> i64 {
        let doubled = self.row_wait_ms.saturating_mul(1 << attempts.min(20));
        jittered(doubled.min(self.row_wait_most_ms), seed)
    }

    /// Returns the wait after the n-th transport fault in a row, n from 1.
    pub fn transport_delay(&self, faults: u32) -> i64 {
        self.transport_wait_ms
            .saturating_mul(1 << faults.saturating_sub(1).min(10))
    }
}

/// Takes off up to half, the same half for the same seed.
fn jittered(wait: i64, seed: u64) -> i64 {
    let spread = seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 33;
    wait - (wait / 2).saturating_mul((spread % 1_000) as i64) / 1_000
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_double_up_to_the_cap_and_are_jittered_downwards() {
        let policy = Policy::default();
        for (attempts, most) in [
            (0, 1_000),
            (1, 2_000),
            (3, 8_000),
            (10, 60_000),
            (63, 60_000),
        ] {
            for seed in 0..50 {
                let delay = policy.row_delay(attempts, seed);
                assert!(
                    delay <= most && delay >= most / 2,
                    "attempt {attempts}: {delay} ms"
                );
            }
        }
    }

    #[test]
    fn a_divided_policy_never_waits_zero() {
        let policy = Policy::default().divided_by(1_000_000_000);
        assert_eq!(policy.row_delay(0, 1), 1);
        assert_eq!(policy.transport_delay(1), 1);
    }
}
