//! What a user can set of a pull.

use leadferry_store::AlertKind;
use serde::{Deserialize, Serialize};

use crate::settings::Schedule;
use crate::{Error, Result};

/// Longest patience with a pull that is late: a week, in minutes.
const MOST_LATE: u32 = 7 * 24 * 60;
const MOST_CALLS: u64 = 1_000_000_000;

/// What a user can set of a pull, apart from what it reads.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS)]
#[serde(default)]
pub struct PullSettings {
    /// When it runs by itself.
    #[ts(type = "string")]
    pub schedule: Schedule,
    /// API calls of the 24-hour allowance that are left to others.
    pub api_reserve: u64,
    /// What someone wants to be told of.
    pub alerts: Vec<AlertKind>,
    /// Minutes after which what is due and has not begun is late.
    pub late_after: u32,
}

impl Default for PullSettings {
    fn default() -> Self {
        Self {
            schedule: Schedule::Manual,
            api_reserve: 0,
            alerts: vec![
                AlertKind::PartlyFailed,
                AlertKind::Failed,
                AlertKind::Late,
                AlertKind::SignInLost,
                AlertKind::ApiLow,
            ],
            late_after: 30,
        }
    }
}

impl PullSettings {
    /// Reads settings as they are stored.
    ///
    /// # Errors
    /// [`Error::Store`] where they can't be read, [`Error::Settings`] where they can't be used.
    pub fn from_json(json: &str) -> Result<Self> {
        let settings: Self = serde_json::from_str(json)
            .map_err(|error| crate::settings::unread::<Self>("a pull's settings", json, &error))?;
        settings.check()?;
        Ok(settings)
    }

    /// Refuses what makes no sense for a pull.
    ///
    /// # Errors
    /// [`Error::Settings`].
    pub fn check(&self) -> Result<()> {
        let refuse = |text: String| Err(Error::Settings(text));
        if self.schedule == Schedule::OnChange {
            return refuse(
                "Pulls can't run when something changes here. Use manual, every 15 minutes or at 08:00, 13:30."
                    .to_owned(),
            );
        }
        if !(1..=MOST_LATE).contains(&self.late_after) {
            return refuse(format!(
                "Late after can't be {} minutes. Use 1 minute to a week ({MOST_LATE} minutes).",
                self.late_after
            ));
        }
        if self.api_reserve > MOST_CALLS {
            return refuse(format!("Reserve {MOST_CALLS} API calls at most."));
        }
        let unfit = [AlertKind::ScoreReached, AlertKind::Damaged];
        if self.alerts.iter().any(|kind| unfit.contains(kind)) {
            return refuse("Pulls don't raise this alert.".to_owned());
        }
        Ok(())
    }

    /// Returns settings as they are stored.
    pub fn json(&self) -> String {
        serde_json::to_string(self).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn settings_read_back_and_refuse_what_a_pull_cannot_do() {
        assert_eq!(
            PullSettings::from_json("{}").unwrap(),
            PullSettings::default()
        );
        let settings = PullSettings {
            schedule: "every 15 minutes".parse().unwrap(),
            api_reserve: 500,
            ..PullSettings::default()
        };
        assert_eq!(PullSettings::from_json(&settings.json()).unwrap(), settings);
        for json in [
            r#"{"schedule": "on change"}"#,
            r#"{"late_after": 0}"#,
            r#"{"alerts": ["score_reached"]}"#,
            "no",
        ] {
            assert!(PullSettings::from_json(json).is_err(), "{json}");
        }
    }
}
