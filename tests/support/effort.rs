//! How long the proofs try: a little in every test run, as long as asked for by `cargo xtask proof`.

use std::time::{SystemTime, UNIX_EPOCH};

/// Returns how often to try something: a number that an environment variable asks for, else a few times.
pub(crate) fn asked_for(variable: &str, few: usize) -> usize {
    let Ok(text) = std::env::var(variable) else {
        return few;
    };
    text.parse()
        .unwrap_or_else(|_| panic!("{variable} must be a number, not {text:?}"))
}

/// Xorshift: the same seed gives the same numbers.
pub(crate) struct Random(u64);

impl Random {
    /// Takes the seed that a failed test has told, or a new one, and tells it.
    pub(crate) fn from_the_environment() -> Self {
        let told = std::env::var("LEADFERRY_TEST_SEED")
            .ok()
            .and_then(|seed| seed.parse().ok());
        let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap();
        let seed = told.unwrap_or(since.as_nanos() as u64 | 1);
        eprintln!("to repeat: LEADFERRY_TEST_SEED={seed}");
        Self(seed)
    }

    /// Returns a number below `end`.
    pub(crate) fn below(&mut self, end: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 % end.max(1)
    }
}
