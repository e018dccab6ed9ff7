//! A figure, as it is shown and kept.

use std::time::Duration;

use serde::Serialize;

/// Something measured.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct Figure {
    /// What was measured.
    pub(crate) what: String,
    /// The value that the goal is about.
    pub(crate) value: f64,
    /// Its unit; `×` for a ratio.
    pub(crate) unit: &'static str,
    /// The goal, where there is one.
    pub(crate) at_most: Option<f64>,
    /// What else is worth knowing.
    pub(crate) detail: String,
}

impl Figure {
    /// Returns a figure of many times: 19 of 20 are not longer than its value.
    pub(crate) fn of_times(what: String, times: Vec<Duration>, at_most_ms: Option<f64>) -> Figure {
        let mut times = times;
        times.sort_unstable();
        let at = |percent: usize| {
            let index = (times.len() * percent).div_ceil(100).saturating_sub(1);
            times
                .get(index)
                .map_or(0.0, |time| time.as_secs_f64() * 1000.0)
        };
        Figure {
            what,
            value: at(95),
            unit: "ms",
            at_most: at_most_ms,
            detail: format!(
                "median {:.1}, longest {:.1}, of {}",
                at(50),
                at(100),
                times.len()
            ),
        }
    }

    /// Returns the most memory that this process ever had, where the system tells.
    pub(crate) fn of_memory(what: &str, at_most_mb: f64) -> Option<Figure> {
        let status = std::fs::read_to_string("/proc/self/status").ok()?;
        let line = status.lines().find(|line| line.starts_with("VmHWM:"))?;
        let kilobytes: f64 = line.split_whitespace().nth(1)?.parse().ok()?;
        Some(Figure {
            what: what.to_owned(),
            value: kilobytes * 1024.0 / 1e6,
            unit: "MB",
            at_most: Some(at_most_mb),
            detail: String::new(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nineteen_of_twenty_times_are_not_longer_than_the_value() {
        let times = (1..=20).rev().map(Duration::from_millis).collect();
        let figure = Figure::of_times("pages".to_owned(), times, None);
        assert_eq!(figure.value, 19.0);
        assert_eq!(figure.detail, "median 10.0, longest 20.0, of 20");
    }
}
