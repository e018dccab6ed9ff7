//! A job's file, packed and sent while it is made.

use std::io::{self, Write};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use flate2::Compression;
use flate2::write::GzEncoder;
use futures_util::stream::poll_fn;
use tokio::sync::mpsc;
use tokio::task::JoinHandle;

use super::csv::CsvFile;

/// A file that goes to the org as it is written.
pub type Outgoing<'a> = CsvFile<&'a mut dyn Write>;

/// Bytes of a piece on its way, and pieces that wait for the network.
const PIECE_BYTES: usize = 64 << 10;
const PIECES_WAITING: usize = 4;

type Piece = io::Result<Vec<u8>>;

/// Begins to make a file in a thread of its own; its bytes are the body, and its end is told by the handle.
///
/// Where `write` fails the body breaks off, so that the org never takes half a file for a whole one.
pub(super) fn begin<F>(
    columns: Vec<String>,
    write: Arc<F>,
    packed: bool,
    sent: Arc<AtomicU64>,
) -> (reqwest::Body, JoinHandle<io::Result<u64>>)
where
    F: Fn(&mut Outgoing<'_>) -> io::Result<()> + Send + Sync + 'static,
{
    let (pieces, mut waiting) = mpsc::channel::<Piece>(PIECES_WAITING);
    let making = tokio::task::spawn_blocking(move || {
        let made = make(&columns, write.as_ref(), packed, pieces.clone());
        if let Err(error) = &made {
            // Whoever has stopped listening has an answer already.
            let _ = pieces.blocking_send(Err(io::Error::new(error.kind(), error.to_string())));
        }
        made
    });
    let body = poll_fn(move |context| {
        waiting.poll_recv(context).map(|piece| {
            if let Some(Ok(piece)) = &piece {
                sent.fetch_add(piece.len() as u64, Ordering::Relaxed);
            }
            piece
        })
    });
    (reqwest::Body::wrap_stream(body), making)
}

/// Makes the file and returns its bytes before they were packed.
fn make(
    columns: &[String],
    write: &impl Fn(&mut Outgoing<'_>) -> io::Result<()>,
    packed: bool,
    pieces: mpsc::Sender<Piece>,
) -> io::Result<u64> {
    let mut pieces = Pieces {
        pieces,
        piece: Vec::with_capacity(PIECE_BYTES),
    };
    let bytes = if packed {
        let mut gzip = GzEncoder::new(&mut pieces, Compression::fast());
        let bytes = file(columns, write, &mut gzip)?;
        gzip.finish()?;
        bytes
    } else {
        file(columns, write, &mut pieces)?
    };
    pieces.flush()?;
    Ok(bytes)
}

fn file(
    columns: &[String],
    write: &impl Fn(&mut Outgoing<'_>) -> io::Result<()>,
    out: &mut dyn Write,
) -> io::Result<u64> {
    let mut file = CsvFile::new(out, columns)?;
    write(&mut file)?;
    Ok(file.bytes())
}

/// Gathers bytes into pieces and waits while the network is slower.
struct Pieces {
    pieces: mpsc::Sender<Piece>,
    piece: Vec<u8>,
}

impl Write for Pieces {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.piece.extend_from_slice(bytes);
        if self.piece.len() >= PIECE_BYTES {
            self.flush()?;
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        if self.piece.is_empty() {
            return Ok(());
        }
        let piece = std::mem::replace(&mut self.piece, Vec::with_capacity(PIECE_BYTES));
        let sent = self.pieces.blocking_send(Ok(piece));
        sent.map_err(|_| io::ErrorKind::BrokenPipe.into())
    }
}
