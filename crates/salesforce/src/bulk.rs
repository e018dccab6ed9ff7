//! Bulk API 2.0: jobs that write or read many records while we wait.
//!
//! A job is created, gets its file, is closed, and is asked for until it has ended; then its results are read. The
//! caller keeps a job's id before it sends the file, and decides what to do about a job that went wrong.

mod csv;
mod ingest;
mod job;
mod query;
mod results;
mod row;
mod upload;

pub use csv::{CsvFile, MAX_FILE_BYTES};
pub use ingest::{MAX_TOGETHER_CHARS, ResultRows, RowResults};
pub use job::{BulkJob, BulkOperation, BulkState, IngestJob};
pub use query::QueryPage;
pub(crate) use results::Records;
pub use results::ResultRow;
pub use row::BulkRow;
pub use upload::Outgoing;
