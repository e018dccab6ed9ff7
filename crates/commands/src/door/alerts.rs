//! `alerts.…`: what someone should know of.

use leadferry_store::AlertId;
use serde::Deserialize;

use super::table::{Nothing, commands};
use crate::alerts::{self, Alerts};

commands! {
    /// Returns the latest alerts, the latest first.
    "alerts.list" (Nothing) -> Alerts = |at, _| alerts::list(at.workspace()?);
    /// Says that someone has seen all alerts until this one.
    "alerts.seen" (Seen) -> Alerts, stales ["alerts"] = |at, request| {
        alerts::seen(at.workspace()?, request.until)
    };
}

#[derive(Debug, Deserialize, ts_rs::TS)]
pub(crate) struct Seen {
    /// The latest alert that was shown.
    until: AlertId,
}
