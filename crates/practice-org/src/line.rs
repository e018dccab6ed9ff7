//! Connections that can be cut from above: dropped at once, or in the middle of a body.

use std::io::{Error, ErrorKind, Result};
use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::task::{Context, Poll};
use std::time::Duration;

use axum::extract::connect_info::Connected;
use axum::serve::{IncomingStream, Listener};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::{TcpListener, TcpStream};

/// Nothing is cut.
const WHOLE: i64 = -1;
/// The connection is reset at the next write.
const RESET: i64 = -2;

/// The hold a handler has on its connection.
///
/// A number of zero or more says how many bytes of the next answer's body still go out.
#[derive(Clone, Debug)]
pub(crate) struct Grip(Arc<AtomicI64>);

impl Grip {
    /// Drops the connection instead of answering.
    pub(crate) fn reset(&self) {
        self.0.store(RESET, Ordering::SeqCst);
    }

    /// Lets the answer's head and so many bytes of its body through, then drops the connection.
    pub(crate) fn cut_after(&self, body_bytes: usize) {
        self.0.store(
            i64::try_from(body_bytes).unwrap_or(i64::MAX),
            Ordering::SeqCst,
        );
    }
}

/// Accepts connections with a grip on each.
pub(crate) struct Lines(pub(crate) TcpListener);

/// One connection.
pub(crate) struct Line {
    stream: TcpStream,
    grip: Grip,
    /// The end of the head of the answer being cut has gone out.
    head_done: bool,
}

impl Listener for Lines {
    type Io = Line;
    type Addr = SocketAddr;

    async fn accept(&mut self) -> (Line, SocketAddr) {
        loop {
            match self.0.accept().await {
                Ok((stream, address)) => {
                    // Small answers should not wait for more to send.
                    let _ = stream.set_nodelay(true);
                    let grip = Grip(Arc::new(AtomicI64::new(WHOLE)));
                    return (
                        Line {
                            stream,
                            grip,
                            head_done: false,
                        },
                        address,
                    );
                }
                Err(error) => {
                    tracing::warn!(%error, "a connection could not be accepted");
                    tokio::time::sleep(Duration::from_millis(100)).await;
                }
            }
        }
    }

    fn local_addr(&self) -> Result<SocketAddr> {
        self.0.local_addr()
    }
}

impl Connected<IncomingStream<'_, Lines>> for Grip {
    fn connect_info(stream: IncomingStream<'_, Lines>) -> Grip {
        stream.io().grip.clone()
    }
}

impl Line {
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
        Pin::new(&mut self.stream).poll_read(context, buffer)
    }
}

impl AsyncWrite for Line {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &[u8],
    ) -> Poll<Result<usize>> {
        let left = match self.grip.0.load(Ordering::SeqCst) {
            WHOLE => return Pin::new(&mut self.stream).poll_write(context, buffer),
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
        let written = Pin::new(&mut self.stream).poll_write(context, &buffer[..allowed]);
        match written {
            Poll::Ready(Ok(count)) => {
                // A head that went out in part is looked for again.
                self.head_done = before || self.head_done && count >= head;
                let body = count.saturating_sub(head);
                self.grip
                    .0
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
