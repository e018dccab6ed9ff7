//! How far a pull has read an object. It changes in the transaction that writes the page, so that neither is ahead.

use rusqlite::{OptionalExtension, named_params};

use crate::{PullId, Reader, Result, Writer};

/// How far an object is read. Stamps are the org's, moments ours, both UTC milliseconds.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PullProgress {
    /// What the query asked for: another one begins anew.
    pub asked: Option<String>,
    /// The greatest stamp of readings that came to their end.
    pub watermark: Option<i64>,
    /// When that stamp was first read.
    pub reached_at: Option<i64>,
    /// No record can commit with a stamp up to the watermark any more.
    pub settled: bool,
    /// When the object was last read whole.
    pub whole_at: Option<i64>,
    /// Grows with each reading that sees every record.
    pub pass: i64,
    /// A reading is under way.
    pub under_way: bool,
    /// That reading sees every record.
    pub whole: bool,
    /// When that reading began.
    pub begun_at: Option<i64>,
    /// The least stamp at which it went on after a break.
    pub floor: Option<i64>,
    /// The last record that it has read.
    pub cursor: Option<(i64, String)>,
}

impl Reader<'_> {
    /// Returns how far a pull has read an object; nothing at all where it doesn't read it.
    pub fn pull_progress(&self, pull: PullId, object: &str) -> Result<PullProgress> {
        let progress = self
            .connection
            .prepare_cached(
                "SELECT asked, watermark, reached_at, settled, whole_at, pass, under_way, whole, begun_at, floor,
                   cursor_stamp, cursor_id
                 FROM pull_objects WHERE pull_id = :pull AND object = :object",
            )?
            .query_row(named_params! { ":pull": pull, ":object": object }, |row| {
                let cursor: (Option<i64>, Option<String>) =
                    (row.get("cursor_stamp")?, row.get("cursor_id")?);
                Ok(PullProgress {
                    asked: row.get("asked")?,
                    watermark: row.get("watermark")?,
                    reached_at: row.get("reached_at")?,
                    settled: row.get("settled")?,
                    whole_at: row.get("whole_at")?,
                    pass: row.get("pass")?,
                    under_way: row.get("under_way")?,
                    whole: row.get("whole")?,
                    begun_at: row.get("begun_at")?,
                    floor: row.get("floor")?,
                    cursor: cursor.0.zip(cursor.1),
                })
            })
            .optional()?;
        Ok(progress.unwrap_or_default())
    }
}

impl Writer<'_> {
    /// Keeps how far a pull has read an object.
    pub fn set_pull_progress(
        &self,
        pull: PullId,
        object: &str,
        progress: &PullProgress,
    ) -> Result<()> {
        let (stamp, id) = progress.cursor.clone().unzip();
        self.connection
            .prepare_cached(
                "UPDATE pull_objects SET asked = :asked, watermark = :watermark, reached_at = :reached,
                   settled = :settled, whole_at = :whole_at, pass = :pass, under_way = :under_way, whole = :whole,
                   begun_at = :begun, floor = :floor, cursor_stamp = :stamp, cursor_id = :id
                 WHERE pull_id = :pull AND object = :object",
            )?
            .execute(named_params! {
                ":asked": progress.asked, ":watermark": progress.watermark, ":reached": progress.reached_at,
                ":settled": progress.settled, ":whole_at": progress.whole_at, ":pass": progress.pass,
                ":under_way": progress.under_way, ":whole": progress.whole, ":begun": progress.begun_at,
                ":floor": progress.floor, ":stamp": stamp, ":id": id, ":pull": pull, ":object": object,
            })?;
        Ok(())
    }
}
