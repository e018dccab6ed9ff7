//! Keeps calls back for others: no request leaves that would touch the reserve, whatever is in flight.

use std::sync::{Mutex, PoisonError};

use crate::{ApiUsage, Error, Result};

/// The calls that a client and its clones may make.
#[derive(Debug, Default)]
pub(crate) struct Budget(Mutex<Calls>);

#[derive(Debug, Default)]
struct Calls {
    /// Calls of the 24-hour allowance that are left to others; none are kept where it is 0.
    reserve: u64,
    /// What the org told last, never less than what is known of calls made since.
    usage: Option<ApiUsage>,
    /// Calls begun that have not ended.
    in_flight: u64,
    begun: u64,
}

/// The right to make one call; it counts as made even where no answer comes.
#[derive(Debug)]
pub(crate) struct Permit<'a> {
    budget: &'a Budget,
    number: u64,
    alone: bool,
    told: Option<ApiUsage>,
}

impl Budget {
    /// Keeps calls back from now on; `usage` is what is known of the calls so far.
    pub(crate) fn keep(&self, reserve: u64, usage: Option<ApiUsage>) {
        let mut calls = self.calls();
        calls.reserve = reserve;
        calls.usage = usage.or(calls.usage);
    }

    /// Returns what is known of the calls used and allowed.
    pub(crate) fn usage(&self) -> Option<ApiUsage> {
        self.calls().usage
    }

    /// Allows one more call.
    ///
    /// # Errors
    /// [`Error::Reserved`] where it would come out of the reserve.
    pub(crate) fn begin(&self) -> Result<Permit<'_>> {
        let mut calls = self.calls();
        if let Some(usage) = calls.usage.filter(|_| calls.reserve > 0) {
            let used = usage.used.saturating_add(calls.in_flight);
            let left = usage.max.saturating_sub(used);
            if left <= calls.reserve {
                let reserve = calls.reserve;
                return Err(Error::Reserved { left, reserve });
            }
        }
        let alone = calls.in_flight == 0;
        calls.in_flight += 1;
        calls.begun += 1;
        Ok(Permit {
            budget: self,
            number: calls.begun,
            alone,
            told: None,
        })
    }

    fn calls(&self) -> std::sync::MutexGuard<'_, Calls> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Permit<'_> {
    /// Takes what the org told with its answer.
    pub(crate) fn answered(mut self, told: Option<ApiUsage>) {
        self.told = told;
    }
}

impl Drop for Permit<'_> {
    fn drop(&mut self) {
        let mut calls = self.budget.calls();
        calls.in_flight -= 1;
        let undisturbed = self.alone && calls.begun == self.number;
        calls.usage = match (calls.usage, self.told) {
            // Answers may overtake each other; only one that was alone can tell of fewer calls than known.
            (Some(known), Some(told)) if !undisturbed => Some(ApiUsage {
                used: known.used.max(told.used),
                max: told.max,
            }),
            (_, Some(told)) => Some(told),
            (Some(known), None) => Some(ApiUsage {
                used: known.used.saturating_add(1),
                ..known
            }),
            (None, None) => None,
        };
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn usage(used: u64) -> Option<ApiUsage> {
        Some(ApiUsage { used, max: 100 })
    }

    #[test]
    fn calls_in_flight_count_as_made() {
        let budget = Budget::default();
        budget.keep(20, usage(77));
        let (first, second) = (budget.begin().unwrap(), budget.begin().unwrap());
        let third = budget.begin().unwrap();
        let refused = budget.begin().unwrap_err();
        assert!(
            matches!(
                refused,
                Error::Reserved {
                    left: 20,
                    reserve: 20
                }
            ),
            "{refused}"
        );
        // The second answer overtakes the first.
        second.answered(usage(79));
        first.answered(usage(78));
        drop(third);
        assert_eq!(
            budget.usage(),
            usage(80),
            "a lost answer counts as a call, too"
        );
        assert!(budget.begin().is_err());
    }

    #[test]
    fn a_window_that_has_moved_is_believed_when_nothing_else_is_in_flight() {
        let budget = Budget::default();
        budget.keep(20, usage(79));
        budget.begin().unwrap().answered(usage(10));
        assert_eq!(budget.usage(), usage(10));
    }

    #[test]
    fn without_a_reserve_or_a_count_nothing_is_held_back() {
        let budget = Budget::default();
        budget.keep(0, usage(100));
        budget.begin().unwrap().answered(usage(101));
        let unknown = Budget::default();
        unknown.keep(20, None);
        unknown.begin().unwrap().answered(None);
        assert_eq!(unknown.usage(), None);
    }
}
