//! Holds back a scheduled run that would write far more records than usual.

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
