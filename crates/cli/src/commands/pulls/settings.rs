//! The options of a pull.

use clap::Args;
use leadferry_commands::alerts::AlertKind;
use leadferry_commands::pulls::PullChange;

#[derive(Debug, Clone, Default, Args)]
pub(crate) struct Settings {
    /// Enable or disable the schedule.
    #[arg(long, value_name = "true|false")]
    enabled: Option<bool>,
    /// Schedule, while the app or `replications watch` is running: manual, "every 15 minutes", "at 08:00, 13:30".
    #[arg(long, value_name = "WHEN")]
    schedule: Option<String>,
    /// API calls to leave for other tools.
    #[arg(long, value_name = "CALLS")]
    api_reserve: Option<u64>,
    /// Alerts, separated by commas: `finished`, `partly_failed`,
    /// `failed`, `late`, `sign_in_lost`, `api_low`, or `none`.
    #[arg(long, value_parser = alert_or_none, value_delimiter = ',', value_name = "KIND")]
    alerts: Option<Vec<AlertOf>>,
    /// Alert when a scheduled run is this many minutes late; 30 by default.
    #[arg(long, value_name = "MINUTES")]
    late_after: Option<u32>,
}

/// A kind of alerts, or none at all.
#[derive(Debug, Clone, Copy)]
struct AlertOf(Option<AlertKind>);

fn alert_or_none(text: &str) -> Result<AlertOf, String> {
    match text {
        "none" => Ok(AlertOf(None)),
        name => AlertKind::from_name(name)
            .map(|kind| AlertOf(Some(kind)))
            .map_err(|error| error.to_string()),
    }
}

impl Settings {
    pub(super) fn change(&self) -> PullChange {
        PullChange {
            enabled: self.enabled,
            schedule: self.schedule.clone(),
            api_reserve: self.api_reserve,
            alerts: self
                .alerts
                .as_ref()
                .map(|all| all.iter().filter_map(|one| one.0).collect()),
            late_after: self.late_after,
        }
    }
}
