//! Serves an org on loopback until it is stopped.

use std::net::{Ipv4Addr, Ipv6Addr, SocketAddr};
use std::path::Path;
use std::sync::Arc;

use tokio::net::TcpListener;
use tokio::sync::watch;
use tokio::task::JoinHandle;

use crate::answering::{Shared, handle};
use crate::listening::listen;
use crate::org::Org;
use crate::ownership::{Held, Owner};
use crate::patience::Patience;
use crate::seats::Seats;
use crate::secret::random_hex;
use crate::working::work_off;
use crate::{Error, Result, Secrets, files, sample};

/// Free ports that are tried until one is free for IPv4 and for IPv6.
const PORTS_TRIED: u32 = 20;

/// How an org is served.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// Port to listen on; `None` takes a free one.
    pub port: Option<u16>,
    /// Fills a new org with people to try with. An org that exists already is left as it is.
    pub sample_people: bool,
    /// What it puts up with from its callers.
    pub patience: Patience,
}

/// An org being served, until this is stopped or dropped.
#[derive(Debug)]
pub struct Running {
    owner: Owner,
    secrets: Secrets,
    stop: watch::Sender<bool>,
    tasks: Vec<JoinHandle<()>>,
    _held: Held,
}

impl Running {
    /// Returns the base URL, `http://127.0.0.1:{port}`.
    #[must_use]
    pub fn url(&self) -> String {
        format!("http://127.0.0.1:{}", self.owner.port)
    }

    /// Returns the port.
    #[must_use]
    pub fn port(&self) -> u16 {
        self.owner.port
    }

    /// Returns the value of the `X-Admin-Key` header for the admin endpoints.
    #[must_use]
    pub fn admin_key(&self) -> &str {
        &self.owner.admin_key
    }

    /// Returns what opens the org.
    #[must_use]
    pub fn secrets(&self) -> &Secrets {
        &self.secrets
    }

    /// Stops serving: requests under way are finished, for two seconds at most.
    pub async fn stop(mut self) {
        self.stop.send_replace(true);
        for task in std::mem::take(&mut self.tasks) {
            if let Err(error) = task.await {
                tracing::error!(%error, "the practice org stopped listening");
            }
        }
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        self.stop.send_replace(true);
    }
}

/// Opens the org in `file`, making it if there is none, and serves it on the loopback address.
///
/// Takes the lock `<file>.lock` and writes `<file>.port`, JSON with `port` and `admin_key`.
///
/// # Errors
/// [`Error::Busy`] when it is served already, [`Error::Listen`] when the port cannot be bound, [`Error::Newer`] when a
/// newer program wrote the file, [`Error::Foreign`] when a file beside it is not ours.
pub async fn serve(file: &Path, options: Options) -> Result<Running> {
    let path = file.to_owned();
    let opening = tokio::task::spawn_blocking(move || open(&path, options.sample_people)).await;
    let (held, org) = opening.map_err(|e| Error::Listen(std::io::Error::other(e)))??;
    let secrets = org.secrets()?;
    let (port, listeners) = bind(options.port).await.map_err(Error::Listen)?;
    let owner = Owner {
        port,
        admin_key: random_hex(24)?,
    };
    let shared = Shared::new(org, owner.clone(), secrets.clone(), options.patience);
    let (stop, stopped) = watch::channel(false);
    let seats = Seats::new(options.patience.connections);
    let serving = listeners.into_iter().map(|listener| {
        let shared = Arc::clone(&shared);
        let handle = move |caller, request| handle(Arc::clone(&shared), caller, request);
        let (seats, stopped) = (Arc::clone(&seats), stopped.clone());
        tokio::spawn(listen(listener, seats, options.patience, stopped, handle))
    });
    let mut tasks: Vec<JoinHandle<()>> = serving.collect();
    tasks.push(tokio::spawn(work_off(shared, stopped)));
    held.announce(&owner)?;
    Ok(Running {
        owner,
        secrets,
        stop,
        tasks,
        _held: held,
    })
}

fn open(file: &Path, sample_people: bool) -> Result<(Held, Org)> {
    let held = Held::take(file)?;
    if file.symlink_metadata().is_ok() {
        files::must_be_mine(file)?;
    }
    let (org, new) = Org::open(file)?;
    if new && sample_people {
        sample::fill_new(&org)?;
    }
    Ok((held, org))
}

/// Listens on both loopback addresses, as browsers may resolve localhost to either.
///
/// A port that someone else has on one of them is not used: they would be sent what is meant for us.
async fn bind(wanted: Option<u16>) -> std::io::Result<(u16, Vec<TcpListener>)> {
    let mut tried = 0;
    loop {
        tried += 1;
        let first = TcpListener::bind((Ipv4Addr::LOCALHOST, wanted.unwrap_or(0))).await?;
        let port = first.local_addr()?.port();
        match TcpListener::bind(SocketAddr::from((Ipv6Addr::LOCALHOST, port))).await {
            Ok(second) => return Ok((port, vec![first, second])),
            Err(error) if error.kind() == std::io::ErrorKind::AddrInUse => {
                if wanted.is_some() || tried == PORTS_TRIED {
                    return Err(error);
                }
            }
            // Without IPv6 there is nothing to resolve localhost to.
            Err(_) => return Ok((port, vec![first])),
        }
    }
}
