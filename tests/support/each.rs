//! The same journey for each of many cases, a few at a time.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Mutex;

const AT_A_TIME: usize = 3;

/// Goes the journey of each case; demands that all end well, and names those that do not.
#[track_caller]
pub(crate) fn each<T: Sync>(
    cases: &[T],
    name: impl Fn(&T) -> String + Sync,
    journey: impl Fn(&T) + Sync,
) {
    let next = Mutex::new(cases.iter());
    let failures = Mutex::new(Vec::new());
    let work = || {
        loop {
            let case = next.lock().unwrap().next();
            let Some(case) = case else { return };
            if catch_unwind(AssertUnwindSafe(|| journey(case))).is_err() {
                failures.lock().unwrap().push(name(case));
            }
        }
    };
    std::thread::scope(|scope| {
        for _ in 0..AT_A_TIME {
            scope.spawn(work);
        }
    });
    let failures = failures.into_inner().unwrap();
    assert!(
        failures.is_empty(),
        "not well: {failures:#?}; the reasons stand above"
    );
}
