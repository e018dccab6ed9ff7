//! Dates and times as people read them, in the workspace's time zone.

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;

use crate::{Result, Workspace};

/// Writes moments in the workspace's time zone.
#[derive(Debug, Clone)]
pub struct LocalTime(TimeZone);

impl LocalTime {
    /// Takes the time zone of a workspace; UTC where this computer doesn't know it.
    ///
    /// # Errors
    /// When the workspace can't be read.
    pub fn of(workspace: &Workspace) -> Result<Self> {
        let zone = workspace.store().read(|reader| reader.time_zone())?;
        Ok(Self(TimeZone::get(&zone).unwrap_or(TimeZone::UTC)))
    }

    /// Writes a moment, UTC milliseconds, as in *Jan 31, 2026, 10:05 AM*.
    pub fn moment(&self, millis: i64) -> String {
        let moment = Timestamp::from_millisecond(millis).unwrap_or_default();
        let local = moment.to_zoned(self.0.clone());
        local.strftime("%b %-d, %Y, %-I:%M %p").to_string()
    }

    /// Writes a moment given as RFC 3339, as in *Jan 31, 2026, 10:05 AM*; other text stays as it is.
    pub fn written(&self, text: &str) -> String {
        text.parse::<Timestamp>().map_or_else(
            |_| text.to_owned(),
            |moment| self.moment(moment.as_millisecond()),
        )
    }
}

/// Writes a date such as 2026-01-31 as in *Jan 31, 2026*; other text stays as it is.
pub fn day(text: &str) -> String {
    text.parse::<Date>().map_or_else(
        |_| text.to_owned(),
        |date| date.strftime("%b %-d, %Y").to_string(),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moments_are_written_in_the_time_zone_given_and_days_as_they_are() {
        let local = LocalTime(TimeZone::get("America/Los_Angeles").unwrap());
        assert_eq!(
            local.written("2026-02-01T02:05:00Z"),
            "Jan 31, 2026, 6:05 PM"
        );
        assert_eq!(local.written("someday"), "someday");
        assert_eq!(day("2024-02-29"), "Feb 29, 2024");
        assert_eq!(day("0000"), "0000");
    }
}
