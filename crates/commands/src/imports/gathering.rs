//! Gathers the rows of a file into pages, in a thread of its own: the next page is read while one is written.

use std::ops::{ControlFlow, Range};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{SyncSender, TrySendError};

use super::Result;
use super::source::{Event, Flow, Row, Source};
use super::values::Reason;

/// Rows of the first page: something is seen at once. Each page after it has twice as many, up to the most, since a
/// commit costs the more a row the fewer it has.
const FIRST_PAGE_ROWS: usize = 1_000;
const MOST_PAGE_ROWS: usize = 8_000;
const PAGE_BYTES: usize = 4 << 20;
/// Rows passed over between two pulses.
const PASSED: u64 = 8_192;

/// Why a row cannot be taken in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct RowFault {
    /// The column to blame.
    pub(crate) column: Option<usize>,
    /// What is wrong.
    pub(crate) reason: Reason,
}

impl RowFault {
    /// Returns a fault of a whole row.
    pub(crate) fn of_row(reason: impl Into<Reason>) -> Self {
        Self {
            column: None,
            reason: reason.into(),
        }
    }
}

/// Reads the rows of one kind of file.
pub(crate) trait RowReader {
    /// What a row says.
    type Draft: Send;

    /// Returns the position of the column that an errors file adds.
    fn reason_column(&self) -> Option<usize>;

    /// Reads a row whose cells could be told apart; None where it holds nothing.
    fn read(&mut self, row: &Row<'_>) -> Result<Option<Self::Draft>, RowFault>;

    /// Takes note of a row that an earlier attempt has committed.
    fn pass(&mut self, _row: &Row<'_>) {}
}

/// What a file is handed on as, in its order.
pub(crate) enum Part<D> {
    Page(Page<D>),
    /// A piece of a faulty row too long for memory, for the errors file; the row itself stands in the page that follows.
    Piece(Vec<u8>),
    /// The end of such a row.
    EndOfRow,
    /// No row for a while, with the bytes of the file read so far.
    Pulse(u64),
}

/// Rows that are committed together.
pub(crate) struct Page<D> {
    /// The rows as they stand in the file, one after the other.
    pub(crate) raw: Vec<u8>,
    pub(crate) rows: Vec<PageRow<D>>,
    /// Bytes of the file that were read for this page and those before it.
    pub(crate) bytes_read: u64,
    pub(crate) is_last: bool,
}

impl<D> Default for Page<D> {
    fn default() -> Self {
        Self {
            raw: Vec::new(),
            rows: Vec::new(),
            bytes_read: 0,
            is_last: false,
        }
    }
}

impl<D> Page<D> {
    /// Returns what the rows say that can be read.
    pub(crate) fn drafts(&self) -> impl Iterator<Item = &D> {
        self.rows.iter().filter_map(|row| match &row.content {
            Content::Draft(draft) => Some(draft),
            _ => None,
        })
    }
}

pub(crate) struct PageRow<D> {
    pub(crate) line: u64,
    pub(crate) raw: Range<usize>,
    pub(crate) cells: usize,
    pub(crate) old_reason: Option<usize>,
    pub(crate) content: Content<D>,
}

pub(crate) enum Content<D> {
    Blank,
    Draft(D),
    Faulty(RowFault),
    /// Faulty, and handed on in pieces already.
    Written(RowFault),
}

impl<D> Content<D> {
    /// Reads a row.
    pub(crate) fn of(row: &Row<'_>, reader: &mut impl RowReader<Draft = D>) -> Self {
        match row.fault {
            Some(reason) if row.unfinished => Self::Written(RowFault::of_row(reason)),
            Some(reason) => Self::Faulty(RowFault::of_row(reason)),
            None => match reader.read(row) {
                Ok(Some(draft)) => Self::Draft(draft),
                Ok(None) => Self::Blank,
                Err(fault) => Self::Faulty(fault),
            },
        }
    }
}

/// Reads a file but for the rows that an earlier attempt has committed; true when it came to the end.
///
/// # Errors
/// When the file cannot be read; the rows before are handed on.
pub(crate) fn gather<R: RowReader>(
    source: &Source,
    reader: R,
    committed: u64,
    parts: SyncSender<Part<R::Draft>>,
    stopped: &AtomicBool,
) -> Result<bool> {
    let mut gathering = Gathering {
        reader,
        parts,
        stopped,
        passing: committed,
        page: Page::default(),
        page_rows: FIRST_PAGE_ROWS,
        row_open: false,
    };
    let complete = source.for_each_row(&mut |event, bytes| Ok(gathering.take(event, bytes)))?;
    gathering.page.is_last = complete;
    Ok(complete && gathering.hand_on().is_continue())
}

struct Gathering<'s, R: RowReader> {
    reader: R,
    parts: SyncSender<Part<R::Draft>>,
    /// Nobody takes the parts any more.
    stopped: &'s AtomicBool,
    /// Committed rows that are still to be passed over.
    passing: u64,
    page: Page<R::Draft>,
    page_rows: usize,
    /// The last row is too long for memory and goes on.
    row_open: bool,
}

impl<R: RowReader> Gathering<'_, R> {
    /// Takes what the file gives; breaks when nobody takes the parts any more.
    fn take(&mut self, event: Event<'_>, bytes: u64) -> Flow {
        if self.stopped.load(Ordering::Relaxed) {
            return Flow::Break(());
        }
        match event {
            Event::Rest(piece) if self.row_open => self.send(Part::Piece(piece.to_vec())),
            Event::Rest(_) => Flow::Continue(()),
            Event::Pulse => self.pulse(bytes),
            Event::Row(row) if self.passing > 0 => {
                self.reader.pass(&row);
                self.passing -= 1;
                match self.passing % PASSED {
                    0 => self.pulse(bytes),
                    _ => Flow::Continue(()),
                }
            }
            Event::Row(row) => {
                self.close_row()?;
                if row.unfinished {
                    // Rows before it come before it in the errors file.
                    self.hand_on()?;
                }
                self.add(&row)?;
                self.page.bytes_read = bytes;
                let full =
                    self.page.rows.len() >= self.page_rows || self.page.raw.len() >= PAGE_BYTES;
                // The end of a row too long for memory belongs to the same page.
                if full && !row.unfinished {
                    self.hand_on()
                } else {
                    Flow::Continue(())
                }
            }
        }
    }

    fn send(&self, part: Part<R::Draft>) -> Flow {
        match self.parts.send(part) {
            Ok(()) => Flow::Continue(()),
            Err(_) => Flow::Break(()),
        }
    }

    /// Reports progress, unless the receiver is busy with a page; it checks for a cancel after that.
    fn pulse(&self, bytes: u64) -> Flow {
        match self.parts.try_send(Part::Pulse(bytes)) {
            Ok(()) | Err(TrySendError::Full(_)) => Flow::Continue(()),
            Err(TrySendError::Disconnected(_)) => Flow::Break(()),
        }
    }

    fn close_row(&mut self) -> Flow {
        if std::mem::take(&mut self.row_open) {
            return self.send(Part::EndOfRow);
        }
        ControlFlow::Continue(())
    }

    /// Hands the rows gathered on, if there are any.
    fn hand_on(&mut self) -> Flow {
        self.close_row()?;
        if self.page.rows.is_empty() {
            return Flow::Continue(());
        }
        self.page_rows = (2 * self.page_rows).min(MOST_PAGE_ROWS);
        let page = std::mem::take(&mut self.page);
        self.send(Part::Page(page))
    }

    fn add(&mut self, row: &Row<'_>) -> Flow {
        let reason_column = self.reader.reason_column();
        let content = Content::of(row, &mut self.reader);
        if matches!(content, Content::Written(_)) {
            self.send(Part::Piece(row.raw.to_vec()))?;
            self.row_open = true;
        }
        let start = self.page.raw.len();
        if !row.unfinished {
            self.page.raw.extend_from_slice(row.raw);
        }
        let raw = start..self.page.raw.len();
        self.page.rows.push(PageRow {
            line: row.number,
            raw,
            cells: row.cells.len(),
            old_reason: reason_column.and_then(|at| row.starts.get(at)).copied(),
            content,
        });
        Flow::Continue(())
    }
}
