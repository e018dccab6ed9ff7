//! What each try may take: time, memory beyond what stood there before, and never a panic.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Mutex, MutexGuard, PoisonError, mpsc};
use std::time::{Duration, Instant};

use crate::MEMORY;
use crate::effort::{Random, asked_for};
use crate::spoiling::spoilt;

/// Longer than this is a hang, however slow the machine.
const LONGEST: Duration = Duration::from_secs(30);

/// All that is asked of one workspace takes seconds. A thread that hangs can't be ended, so the process is.
const HANGS: Duration = Duration::from_secs(300);

/// Memory is counted for the whole process: one try at a time.
static ONE_AT_A_TIME: Mutex<()> = Mutex::new(());

/// Sound input, what it is made of, and what a try with it may take.
pub(crate) struct Hostile<'a> {
    /// What is tried, for people.
    pub(crate) what: &'a str,
    /// Sound input.
    pub(crate) sound: &'a [&'a [u8]],
    /// Words of the format.
    pub(crate) tokens: &'a [&'a str],
    /// Tries of a test run.
    pub(crate) tries: usize,
    /// Memory for one try, MiB.
    pub(crate) mib: usize,
}

impl Hostile<'_> {
    /// Tries sound input, then spoilt input; `f` gets the bytes and must come back.
    pub(crate) fn try_all(&self, mut f: impl FnMut(&[u8])) {
        let _alone = alone();
        for sound in self.sound {
            within(self.what, self.mib, sound, &mut f);
        }
        let mut random = Random::from_the_environment();
        let mut slowest = (Duration::ZERO, 0);
        let times = asked_for("LEADFERRY_PROOF_FUZZ", 1);
        for _ in 0..self.tries * times {
            let bytes = spoilt(&mut random, self.sound, self.tokens);
            let took = within(self.what, self.mib, &bytes, &mut f);
            slowest = slowest.max((took, bytes.len()));
        }
        eprintln!(
            "{}: the slowest took {:?} for {} bytes",
            self.what, slowest.0, slowest.1
        );
    }
}

/// Ends the process, and says at what, unless it is dropped in time.
pub(crate) struct Deadline {
    _kept: mpsc::Sender<()>,
}

impl Deadline {
    pub(crate) fn of(what: String) -> Self {
        let (kept, dropped) = mpsc::channel();
        std::thread::spawn(move || {
            if dropped.recv_timeout(HANGS) == Err(mpsc::RecvTimeoutError::Timeout) {
                eprintln!("hangs for {HANGS:?}: {what}");
                std::process::exit(1);
            }
        });
        Self { _kept: kept }
    }
}

/// Keeps other tries away while memory is counted.
pub(crate) fn alone() -> MutexGuard<'static, ()> {
    ONE_AT_A_TIME.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Runs `f`, demands that it keeps to its bounds, and returns how long it took.
pub(crate) fn within(what: &str, mib: usize, bytes: &[u8], f: &mut impl FnMut(&[u8])) -> Duration {
    let before = MEMORY.current_usage();
    MEMORY.reset_peak_usage();
    let began = Instant::now();
    let ended = catch_unwind(AssertUnwindSafe(|| f(bytes)));
    let (took, taken) = (began.elapsed(), MEMORY.peak_usage().saturating_sub(before));
    let input = || String::from_utf8_lossy(&bytes[..bytes.len().min(2_000)]).into_owned();
    assert!(ended.is_ok(), "{what} panics at {:?}", input());
    assert!(took < LONGEST, "{what} took {took:?} for {:?}", input());
    assert!(
        taken < mib << 20,
        "{what} took {} of {mib} MiB for {:?}",
        taken >> 20,
        input()
    );
    took
}

/// Runs `f`, and demands that it neither panics nor takes more memory.
pub(crate) fn within_memory(what: &str, mib: usize, f: &mut impl FnMut()) {
    let before = MEMORY.current_usage();
    MEMORY.reset_peak_usage();
    let began = Instant::now();
    let ended = catch_unwind(AssertUnwindSafe(f));
    let taken = MEMORY.peak_usage().saturating_sub(before) >> 20;
    eprintln!("{what} took {:?} and {taken} MiB", began.elapsed());
    assert!(ended.is_ok(), "{what} panics");
    assert!(taken < mib, "{what} took {taken} of {mib} MiB");
}
