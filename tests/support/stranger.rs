//! A stranger's host on this machine: it takes whatever comes, and keeps it.

use std::io::Read;
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::time::Duration;

/// A client that has sent nothing for so long waits for the answer.
const PAUSE: Duration = Duration::from_millis(60);

/// A listener that is there as long as the test's process.
pub(crate) struct Stranger {
    port: u16,
    got: Arc<Mutex<Vec<Vec<u8>>>>,
}

impl Stranger {
    /// Starts to listen.
    pub(crate) fn listening() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        let got = Arc::new(Mutex::new(Vec::new()));
        let kept = Arc::clone(&got);
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let kept = Arc::clone(&kept);
                std::thread::spawn(move || keep(stream, &kept));
            }
        });
        Self { port, got }
    }

    /// Returns the address, as a connection's host.
    pub(crate) fn url(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    /// Returns what came, a text for each connection.
    pub(crate) fn got(&self) -> Vec<String> {
        let got = self.got.lock().unwrap();
        got.iter()
            .map(|bytes| String::from_utf8_lossy(bytes).into_owned())
            .collect()
    }
}

/// Keeps what comes, and hangs up without an answer as soon as nothing more comes.
fn keep(mut stream: TcpStream, kept: &Mutex<Vec<Vec<u8>>>) {
    let at = {
        let mut kept = kept.lock().unwrap();
        kept.push(Vec::new());
        kept.len() - 1
    };
    let _ = stream.set_read_timeout(Some(PAUSE));
    let mut piece = [0; 4096];
    while let Ok(read @ 1..) = stream.read(&mut piece) {
        kept.lock().unwrap()[at].extend_from_slice(&piece[..read]);
    }
}
