//! What the app writes down about itself: one JSON object a line, a file a day, the last two weeks.
//!
//! No personal data and no secret is written: the product's own messages hold none, other libraries speak only when
//! something is wrong, and [`scrub`] goes over every line before it reaches the disk.

mod scrub;

use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::time::{SystemTime, UNIX_EPOCH};

use leadferry_commands::files;
use tracing_appender::non_blocking::{NonBlocking, WorkerGuard};
use tracing_appender::rolling::{RollingFileAppender, Rotation};
use tracing_subscriber::EnvFilter;
use tracing_subscriber::fmt::MakeWriter;

/// Other people's libraries name hosts and addresses in their chatter; ours do not.
const WHAT: &str = "warn,leadferry=info,leadferry_commands=info,leadferry_replication=info,leadferry_salesforce=info,\
                    leadferry_store=info,leadferry_practice_org=warn";
const DAYS: usize = 14;

/// Begins to write to `logs` in the data folder, for as long as the answer is kept. Where that cannot be, there is no log:
/// the app works without one.
pub(crate) fn begin(data_folder: &Path) -> Option<WorkerGuard> {
    let folder = data_folder.join("logs");
    let files = files::make_folder(&folder)
        .map_err(io::Error::other)
        .and_then(|()| appender(&folder));
    let files = match files {
        Ok(files) => files,
        Err(error) => {
            eprintln!("leadferry: no log is written: {error}");
            return None;
        }
    };
    let (lines, guard) = tracing_appender::non_blocking(files);
    let subscriber = tracing_subscriber::fmt()
        .json()
        .flatten_event(true)
        .with_env_filter(EnvFilter::new(WHAT))
        .with_writer(Scrubbed(lines))
        .finish();
    if tracing::subscriber::set_global_default(subscriber).is_err() {
        return None;
    }
    write_down_breakdowns();
    Some(guard)
}

fn appender(folder: &Path) -> io::Result<Private> {
    let appender = RollingFileAppender::builder()
        .rotation(Rotation::DAILY)
        .filename_prefix("leadferry")
        .filename_suffix("log")
        .max_log_files(DAYS)
        .build(folder)
        .map_err(io::Error::other)?;
    Ok(Private {
        appender,
        folder: folder.to_owned(),
        day: None,
    })
}

/// Keeps the files of an appender to the user, who may have told the system otherwise.
struct Private {
    appender: RollingFileAppender,
    folder: PathBuf,
    /// The last day, in days since 1970, whose file was looked after.
    day: Option<u64>,
}

impl Write for Private {
    fn write(&mut self, line: &[u8]) -> io::Result<usize> {
        let written = self.appender.write(line)?;
        let today = SystemTime::now().duration_since(UNIX_EPOCH);
        let today = today.ok().map(|since| since.as_secs() / 86_400);
        if self.day != today {
            for entry in std::fs::read_dir(&self.folder)? {
                files::make_private(&entry?.path(), b"").map_err(io::Error::other)?;
            }
            self.day = today;
        }
        Ok(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.appender.flush()
    }
}

/// Writes down where something broke down, and not its message: that may hold anything.
fn write_down_breakdowns() {
    let before = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |info| {
        let place = info.location().map(ToString::to_string).unwrap_or_default();
        tracing::error!(place, "something broke down");
        before(info);
    }));
}

/// Lines on their way to the disk.
#[derive(Clone)]
struct Scrubbed<W>(W);

impl<'a> MakeWriter<'a> for Scrubbed<NonBlocking> {
    type Writer = Scrubbed<NonBlocking>;

    fn make_writer(&'a self) -> Self::Writer {
        self.clone()
    }
}

impl<W: Write> Write for Scrubbed<W> {
    /// Each call is one whole line: that is how the formatter writes.
    fn write(&mut self, line: &[u8]) -> io::Result<usize> {
        let text = String::from_utf8_lossy(line);
        self.0.write_all(scrub::scrub(&text).as_bytes())?;
        Ok(line.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.0.flush()
    }
}

#[cfg(test)]
mod tests {
    use std::sync::{Arc, Mutex};

    use super::*;

    #[derive(Clone, Default)]
    struct Memory(Arc<Mutex<Vec<u8>>>);

    impl Write for Memory {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.0.lock().unwrap().extend_from_slice(bytes);
            Ok(bytes.len())
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    fn logged(log: impl FnOnce()) -> String {
        let memory = Memory::default();
        let lines = memory.clone();
        let subscriber = tracing_subscriber::fmt()
            .json()
            .flatten_event(true)
            .with_env_filter(EnvFilter::new(WHAT))
            .with_writer(move || Scrubbed(lines.clone()))
            .finish();
        tracing::subscriber::with_default(subscriber, log);
        let bytes = memory.0.lock().unwrap().clone();
        String::from_utf8(bytes).unwrap()
    }

    #[test]
    fn neither_addresses_of_people_nor_tokens_reach_the_log() {
        let text = logged(|| {
            tracing::warn!(
                email = "ada@example.com",
                "could not send to Ada <ada.l@example.co.uk>"
            );
            tracing::error!(
                target: "reqwest",
                "GET /?q=Email%3D%27ada%40example.com%27&access_token=00D5e000000abcd!AQEAQJ1t3h_vx0k.u5 failed"
            );
            tracing::error!("Authorization: Bearer 00Dxx0000001gPL!AR8AQJXg5oj8jXSgxJfA0lBog");
        });
        assert_eq!(text.lines().count(), 3);
        for secret in ["ada", "Ada <a", "example.co", "AQEAQJ", "AR8AQ", "00D"] {
            assert!(!text.contains(secret), "{secret}: {text}");
        }
        assert!(text.contains("could not send to"));
    }

    #[cfg(unix)]
    #[test]
    fn nobody_else_can_read_the_log() {
        use std::os::unix::fs::PermissionsExt as _;
        let folder = tempfile::tempdir().unwrap();
        appender(folder.path())
            .unwrap()
            .write_all(b"a line\n")
            .unwrap();
        for entry in std::fs::read_dir(folder.path()).unwrap() {
            let mode = entry.unwrap().metadata().unwrap().permissions().mode();
            assert_eq!(mode & 0o777, 0o600);
        }
    }

    #[test]
    fn other_libraries_speak_only_when_something_is_wrong() {
        let text = logged(|| {
            tracing::info!(target: "hyper", "connected to acme.my.salesforce.com");
            tracing::debug!(target: "leadferry", "a detail");
        });
        assert_eq!(text, "");
    }
}
