//! Accepts connections and serves each in a task of its own, until told to stop.

use std::future::Future;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use http_body_util::Full;
use hyper::body::{Bytes, Incoming};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper::{Request, Response};
use hyper_util::rt::TokioIo;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio::task::JoinSet;

use crate::line::{Grip, Line};
use crate::patience::Patience;
use crate::seats::{Seat, Seats};

/// How long requests under way may take once the org is told to stop.
const FAREWELL: Duration = Duration::from_secs(2);

/// Most bytes of a request's headers. A target that is too long for the org, but not for HTTP, still gets its answer.
const HEADERS_LIMIT: usize = 128 * 1024;

/// One connection, as a handler sees it.
pub(crate) struct Caller {
    /// Cuts its answers.
    pub(crate) grip: Grip,
    /// Its place among the open connections.
    pub(crate) seat: Seat,
}

/// Serves a listener until `stopped` holds true, then ends within [`FAREWELL`], whatever its callers do.
pub(crate) async fn listen<H, A>(
    listener: TcpListener,
    seats: Arc<Seats>,
    patience: Patience,
    mut stopped: watch::Receiver<bool>,
    handle: H,
) where
    H: Fn(Arc<Caller>, Request<Incoming>) -> A + Clone + Send + Sync + 'static,
    A: Future<Output = Response<Full<Bytes>>> + Send + 'static,
{
    let mut connections = JoinSet::new();
    let stop = stopped.clone();
    let mut stopping = pin!(told_to_stop(&mut stopped));
    loop {
        tokio::select! {
            () = &mut stopping => break,
            Some(_) = connections.join_next() => {}
            accepted = listener.accept() => match accepted {
                // Where all are busy, its caller tries again. A line in the log for each would let a crowd fill the disk.
                Ok((stream, _)) => if let Some(seat) = seats.take() {
                    let serving = serve(stream, seat, patience, stop.clone(), handle.clone());
                    connections.spawn(serving);
                },
                Err(error) => {
                    tracing::warn!(%error, "a connection could not be accepted");
                    tokio::time::sleep(Duration::from_millis(100)).await;
                }
            },
        }
    }
    drop(listener);
    let all_ended = async { while connections.join_next().await.is_some() {} };
    let _ = tokio::time::timeout(FAREWELL, all_ended).await;
    connections.shutdown().await;
}

/// Serves one connection until it ends, someone else needs its seat, or the org stops.
async fn serve<H, A>(
    stream: TcpStream,
    seat: Seat,
    patience: Patience,
    mut stopped: watch::Receiver<bool>,
    handle: H,
) where
    H: Fn(Arc<Caller>, Request<Incoming>) -> A,
    A: Future<Output = Response<Full<Bytes>>>,
{
    let grip = Grip::new();
    let line = Line::new(stream, grip.clone(), patience);
    let caller = Arc::new(Caller { grip, seat });
    let service = service_fn(|request| {
        let answer = handle(Arc::clone(&caller), request);
        async { Ok::<_, std::convert::Infallible>(answer.await) }
    });
    let mut builder = http1::Builder::new();
    builder.max_header_size(HEADERS_LIMIT);
    let mut connection = pin!(builder.serve_connection(TokioIo::new(line), service));
    // A connection that breaks off is the caller's matter.
    tokio::select! {
        _ = connection.as_mut() => {}
        () = caller.seat.needed() => {}
        () = told_to_stop(&mut stopped) => {
            connection.as_mut().graceful_shutdown();
            let _ = connection.await;
        }
    }
}

async fn told_to_stop(stopped: &mut watch::Receiver<bool>) {
    // Whoever drops the sender wants the org to stop as well.
    let _ = stopped.wait_for(|stopped| *stopped).await;
}
