//! Connections that can be cut from above: dropped at once, or in the middle of a body.

use std::io::{Error, ErrorKind, Result};
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicI64, Ordering};
use std::task::{Context, Poll};

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;

use crate::patience::{Clock, Patience};

/// Nothing is cut.
const WHOLE: i64 = -1;
/// The connection is reset at the next write.
const RESET: i64 = -2;

/// The hold a handler has on its connection.
#[derive(Clone, Debug)]
pub(crate) struct Grip(Arc<Held>);

#[derive(Debug)]
struct Held {
    /// A number of zero or more says how many bytes of the next answer's body still go out.
    left: AtomicI64,
    /// A request with complete headers is being read or answered.
    busy: AtomicBool,
}

/// A request at work; the connection is silent again when this is dropped.
pub(crate) struct Busy<'a>(&'a Grip);

impl Grip {
    pub(crate) fn new() -> Grip {
        Grip(Arc::new(Held {
            left: AtomicI64::new(WHOLE),
            busy: AtomicBool::new(false),
        }))
    }

    /// Drops the connection instead of answering.
    pub(crate) fn reset(&self) {
        self.0.left.store(RESET, Ordering::SeqCst);
    }

    /// Lets the answer's head and so many bytes of its body through, then drops the connection.
    pub(crate) fn cut_after(&self, body_bytes: usize) {
        let left = i64::try_from(body_bytes).unwrap_or(i64::MAX);
        self.0.left.store(left, Ordering::SeqCst);
    }

    /// Stops the clock of the connection while a request is at work.
    pub(crate) fn busy(&self) -> Busy<'_> {
        self.0.busy.store(true, Ordering::SeqCst);
        Busy(self)
    }

    fn is_busy(&self) -> bool {
        self.0.busy.load(Ordering::SeqCst)
    }
}

impl Drop for Busy<'_> {
    fn drop(&mut self) {
        self.0.0.busy.store(false, Ordering::SeqCst);
    }
}

/// One connection.
pub(crate) struct Line {
    stream: TcpStream,
    grip: Grip,
    clock: Clock,
    /// The end of the head of the answer being cut has gone out.
    head_done: bool,
}

impl Line {
    pub(crate) fn new(stream: TcpStream, grip: Grip, patience: Patience) -> Line {
        // Small answers should not wait for more to send.
        let _ = stream.set_nodelay(true);
        Line {
            stream,
            grip,
            clock: Clock::start(patience),
            head_done: false,
        }
    }

    /// Ends a connection that has been silent for too long.
    fn wait<T>(&mut self, context: &mut Context<'_>) -> Poll<Result<T>> {
        if self.clock.is_over(self.grip.is_busy(), context) {
            return Poll::Ready(Err(Error::from(ErrorKind::TimedOut)));
        }
        Poll::Pending
    }

    fn write(&mut self, context: &mut Context<'_>, buffer: &[u8]) -> Poll<Result<usize>> {
        let written = Pin::new(&mut self.stream).poll_write(context, buffer);
        if written.is_pending() {
            return self.wait(context);
        }
        self.clock.rest();
        written
    }

    fn refuse<T>() -> Poll<Result<T>> {
        Poll::Ready(Err(Error::from(ErrorKind::ConnectionReset)))
    }

    /// How much of `buffer` may go out now.
    fn allowed(&mut self, buffer: &[u8], left: usize) -> usize {
        if self.head_done {
            return left.min(buffer.len());
        }
        match buffer.windows(4).position(|w| w == b"\r\n\r\n") {
            Some(end) => {
                self.head_done = true;
                (end + 4).saturating_add(left).min(buffer.len())
            }
            None => buffer.len(),
        }
    }
}

impl AsyncRead for Line {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<Result<()>> {
        let before = buffer.filled().len();
        let read = Pin::new(&mut self.stream).poll_read(context, buffer);
        if read.is_pending() {
            return self.wait(context);
        }
        if buffer.filled().len() > before {
            let busy = self.grip.is_busy();
            self.clock.heard(busy);
        }
        read
    }
}

impl AsyncWrite for Line {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &[u8],
    ) -> Poll<Result<usize>> {
        let left = match self.grip.0.left.load(Ordering::SeqCst) {
            WHOLE => return self.write(context, buffer),
            RESET => {
                let _ = self.stream.set_zero_linger();
                return Line::refuse();
            }
            left => usize::try_from(left).unwrap_or(0),
        };
        let before = self.head_done;
        let allowed = self.allowed(buffer, left);
        if allowed == 0 {
            return Line::refuse();
        }
        let head = if before {
            0
        } else {
            buffer
                .windows(4)
                .position(|w| w == b"\r\n\r\n")
                .map_or(allowed, |end| end + 4)
        };
        let written = self.write(context, &buffer[..allowed]);
        match written {
            Poll::Ready(Ok(count)) => {
                // A head that went out in part is looked for again.
                self.head_done = before || self.head_done && count >= head;
                let body = count.saturating_sub(head);
                self.grip
                    .0
                    .left
                    .fetch_sub(i64::try_from(body).unwrap_or(0), Ordering::SeqCst);
                Poll::Ready(Ok(count))
            }
            other => {
                self.head_done = before;
                other
            }
        }
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Result<()>> {
        Pin::new(&mut self.stream).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(context)
    }
}
