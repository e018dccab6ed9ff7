//! What times mean on a machine whose clock is wrong for a while: ahead by a year, then right again, or the other way.
//!
//! A moment later than now was written while the clock was ahead. It says nothing about how long ago that was, so it
//! never keeps anything from happening. What is deleted for its age waits for a second look: see [`crate::Store::tidy`].

/// No wait of ours is longer than some minutes. One longer than this was set while the clock was ahead.
pub(crate) const LONGEST_WAIT_MS: i64 = 60 * 60 * 1000;

/// Tells whether something happened within the last `length` milliseconds. A moment later than now did not.
pub fn is_within(moment: i64, length: i64, now: i64) -> bool {
    moment <= now && now.saturating_sub(moment) < length
}

/// Returns until when to wait. A moment further away than any wait of ours counts as now.
pub fn wait_until(moment: i64, now: i64) -> i64 {
    if moment > now.saturating_add(LONGEST_WAIT_MS) {
        now
    } else {
        moment
    }
}

#[cfg(test)]
mod tests {
    use super::{LONGEST_WAIT_MS, is_within, wait_until};

    const NOW: i64 = 1_800_000_000_000;

    #[test]
    fn a_moment_later_than_now_was_not_within_any_time() {
        assert!(is_within(NOW, 1, NOW));
        assert!(is_within(NOW - 9, 10, NOW));
        assert!(!is_within(NOW - 10, 10, NOW));
        assert!(!is_within(NOW + 1, 10, NOW));
        assert!(!is_within(i64::MIN, i64::MAX, NOW), "nothing overflows");
    }

    #[test]
    fn nobody_waits_for_a_moment_that_a_wrong_clock_has_set() {
        assert_eq!(wait_until(NOW - 5, NOW), NOW - 5);
        assert_eq!(
            wait_until(NOW + LONGEST_WAIT_MS, NOW),
            NOW + LONGEST_WAIT_MS
        );
        assert_eq!(wait_until(NOW + LONGEST_WAIT_MS + 1, NOW), NOW);
        assert_eq!(wait_until(i64::MAX, i64::MAX), i64::MAX);
    }
}
