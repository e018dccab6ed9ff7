//! How long the org waits for a caller who says nothing, or never finishes.

use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use tokio::time::{Instant, Sleep, sleep};

/// What the org puts up with. The defaults are far from what a client for Salesforce ever needs.
#[derive(Clone, Copy, Debug)]
pub struct Patience {
    /// Longest time from a request's first byte to the end of its headers.
    pub headers: Duration,
    /// Longest time for a request's body.
    pub body: Duration,
    /// Longest time in which nothing is asked on a connection, or nothing of an answer is taken.
    pub idle: Duration,
    /// Most open connections. A further one closes the one that has waited longest without a whole request.
    pub connections: usize,
}

impl Default for Patience {
    fn default() -> Patience {
        Patience {
            headers: Duration::from_secs(10),
            body: Duration::from_secs(60),
            // Longer than clients keep idle connections, so that none is closed under a request on its way.
            idle: Duration::from_secs(120),
            connections: 128,
        }
    }
}

/// Measures one connection's silence while it is read from.
pub(crate) struct Clock {
    patience: Patience,
    sleep: Pin<Box<Sleep>>,
    /// The first byte of a request has come and its service has not been called.
    in_headers: bool,
}

impl Clock {
    /// Starts with an idle connection.
    pub(crate) fn start(patience: Patience) -> Clock {
        Clock {
            patience,
            sleep: Box::pin(sleep(patience.idle)),
            in_headers: false,
        }
    }

    /// Notes that bytes were read; `busy` says whether they belong to a request whose headers are complete.
    pub(crate) fn heard(&mut self, busy: bool) {
        if busy {
            self.rest();
        } else if !self.in_headers {
            self.in_headers = true;
            let end = Instant::now() + self.patience.headers;
            self.sleep.as_mut().reset(end);
        }
    }

    /// Whether it has taken too long. A request being answered is never too late.
    pub(crate) fn is_over(&mut self, busy: bool, context: &mut Context<'_>) -> bool {
        if busy && self.in_headers {
            self.rest();
        }
        while self.sleep.as_mut().poll(context) == Poll::Ready(()) {
            if !busy {
                return true;
            }
            self.rest();
        }
        false
    }

    /// Notes that something of an answer was taken.
    pub(crate) fn rest(&mut self) {
        self.in_headers = false;
        self.sleep
            .as_mut()
            .reset(Instant::now() + self.patience.idle);
    }
}
