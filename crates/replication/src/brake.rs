//! Holds back a scheduled run that would write far more records than usual, and stops one of which too much is refused.

use crate::Settings;

/// What is far more.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Brake {
    /// More than so many times what is usual; 0 never holds back.
    pub times: u16,
    /// And more than so many contacts.
    pub contacts: u64,
}

/// How many runs say what is usual.
pub const RUNS: usize = 10;

impl Brake {
    /// Returns what is usual, the median, where a run that would write `would` records is held back. `runs` are the
    /// records that the last runs wrote; without any there is no telling.
    pub fn holds(&self, runs: &[u64], would: u64) -> Option<u64> {
        let usual = median(runs)?;
        let most = usual.saturating_mul(u64::from(self.times));
        (self.times > 0 && would > most && would > self.contacts).then_some(usual)
    }
}

/// Counts refusals of a run that nobody watches, a number of rows at a time.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Refusals {
    /// More than so many of a hundred rows stop the run; 0 never does.
    percent: u8,
    /// So many rows are counted together.
    of_rows: u64,
    rows: u64,
    refused: u64,
    /// So many rows were counted at least once.
    counted: bool,
}

impl Refusals {
    /// Begins to count; a run that somebody has started is never stopped.
    pub fn of(settings: &Settings, scheduled: bool) -> Self {
        Self {
            percent: if scheduled { settings.brake_refused } else { 0 },
            of_rows: settings.brake_rows,
            rows: 0,
            refused: 0,
            counted: false,
        }
    }

    /// Tells whether the first rows went well, where they decide whether the others follow. Until then, no more go together than
    /// can be stopped.
    pub fn have_passed(&self) -> bool {
        self.percent == 0 || self.counted
    }

    /// Counts rows; returns how many were refused of how many where that stops the run.
    pub fn add(&mut self, rows: u64, refused: u64) -> Option<(u64, u64)> {
        self.rows += rows;
        self.refused += refused;
        if self.percent == 0 || self.rows < self.of_rows {
            return None;
        }
        self.counted = true;
        let counted = (self.refused, self.rows);
        (self.rows, self.refused) = (0, 0);
        let (refused, rows) = counted;
        (refused * 100 > rows * u64::from(self.percent)).then_some(counted)
    }
}

fn median(numbers: &[u64]) -> Option<u64> {
    let mut sorted = numbers.to_vec();
    sorted.sort_unstable();
    let middle = sorted.len() / 2;
    match sorted.len() {
        0 => None,
        even if even % 2 == 0 => Some(u64::midpoint(sorted[middle - 1], sorted[middle])),
        _ => Some(sorted[middle]),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn more_than_a_fifth_of_the_latest_rows_stop_a_run_that_nobody_watches() {
        let settings = Settings::default();
        let mut refusals = Refusals::of(&settings, true);
        assert_eq!(refusals.add(100, 100), None, "too few to tell");
        assert!(!refusals.have_passed());
        assert_eq!(refusals.add(100, 0), Some((100, 200)));
        assert!(refusals.have_passed());
        assert_eq!(refusals.add(200, 40), None, "a fifth is not more");
        assert_eq!(
            refusals.add(200, 41),
            Some((41, 200)),
            "what was before counts no more"
        );
        let mut watched = Refusals::of(&settings, false);
        assert!(watched.have_passed());
        assert_eq!(watched.add(1_000, 1_000), None);
        let off = Settings {
            brake_refused: 0,
            ..settings
        };
        assert_eq!(Refusals::of(&off, true).add(1_000, 1_000), None);
    }

    #[test]
    fn far_more_is_more_than_both_numbers() {
        let brake = Brake {
            times: 3,
            contacts: 50,
        };
        let table: [(&[u64], u64, Option<u64>); 7] = [
            (&[], 10_000, None),
            (&[20], 60, None),
            (&[20], 61, Some(20)),
            (&[1, 1, 2], 50, None),
            (&[1, 1, 2], 51, Some(1)),
            (&[10, 5_000, 20, 30], 75, None),
            (&[10, 5_000, 20, 30], 76, Some(25)),
        ];
        for (runs, would, held) in table {
            assert_eq!(brake.holds(runs, would), held, "{runs:?} {would}");
        }
        let off = Brake { times: 0, ..brake };
        assert_eq!(off.holds(&[1], 10_000), None);
    }
}
