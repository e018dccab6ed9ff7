//! Slows down those who guess secrets.
//!
//! An org locks a user out for a while. Here anyone on this machine could lock the user out that way, so only wrong
//! guesses wait: the right secret is taken at once, however many wrong ones came before.

use std::time::Duration;

use tokio::time::Instant;

/// Wrong guesses that cost nothing: people mistype.
const FREE: u32 = 3;
const FIRST_DELAY: Duration = Duration::from_millis(250);
const LONGEST_DELAY: Duration = Duration::from_secs(8);
/// Time without a wrong guess after which all are forgotten.
const MEMORY: Duration = Duration::from_secs(15 * 60);

/// Wrong guesses of late, whoever made them.
#[derive(Debug, Default)]
pub(crate) struct Guesses {
    count: u32,
    last: Option<Instant>,
}

impl Guesses {
    /// Counts a wrong guess and returns how long its answer is held back.
    pub(crate) fn wrong(&mut self, now: Instant) -> Duration {
        if self.last.is_some_and(|last| now - last > MEMORY) {
            self.count = 0;
        }
        self.last = Some(now);
        self.count = self.count.saturating_add(1);
        let Some(doublings) = self.count.checked_sub(FREE + 1) else {
            return Duration::ZERO;
        };
        let factor = 2_u32.saturating_pow(doublings);
        FIRST_DELAY.saturating_mul(factor).min(LONGEST_DELAY)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_wrong_guess_waits_longer_until_a_quarter_of_an_hour_has_passed() {
        let (mut guesses, now) = (Guesses::default(), Instant::now());
        let waits: Vec<u128> = (0..10).map(|_| guesses.wrong(now).as_millis()).collect();
        assert_eq!(
            waits,
            [0, 0, 0, 250, 500, 1000, 2000, 4000, 8000, 8000],
            "in milliseconds"
        );
        let later = now + MEMORY + Duration::from_secs(1);
        assert_eq!(guesses.wrong(later), Duration::ZERO);
    }
}
