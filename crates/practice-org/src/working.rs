//! Works off bulk jobs in the background, step by step, so that requests go on in between.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::watch;

use crate::answering::{Shared, work};
use crate::bulk::{self, Step};
use crate::org::values::now_ms;

/// Works until told to stop. Jobs that an earlier process left open come first.
pub(crate) async fn work_off(shared: Arc<Shared>, mut stopped: watch::Receiver<bool>) {
    loop {
        let step = work(&shared, |org, _| bulk::step(org)).await;
        let pause = async {
            match step {
                Step::Done => tokio::task::yield_now().await,
                Step::Idle => shared.job_came.notified().await,
                Step::Wait(until) => {
                    let left = u64::try_from(until.saturating_sub(now_ms())).unwrap_or(0);
                    let due = tokio::time::sleep(Duration::from_millis(left.min(60_000)));
                    tokio::select! {
                        () = due => {}
                        () = shared.job_came.notified() => {}
                    }
                }
            }
        };
        tokio::select! {
            () = pause => {}
            _ = stopped.wait_for(|stopped| *stopped) => return,
        }
    }
}
