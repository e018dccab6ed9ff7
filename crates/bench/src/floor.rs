//! The least that sending can cost: the same bodies, made beforehand, posted from memory; answers are read and dropped.

use std::io::Write as _;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Instant;

use anyhow::{Context as _, Result, ensure};
use flate2::Compression;
use flate2::write::GzEncoder;
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// Rows of a request: as many as Collections takes.
pub(crate) const A_REQUEST: usize = 200;

/// What posting took, apart from making the bodies.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Posted {
    pub(crate) rows: usize,
    pub(crate) wall_s: f64,
    pub(crate) cpu_s: f64,
}

/// Posts all rows of a file, so many requests in flight.
///
/// # Errors
/// When the org refuses a request or a row.
pub(crate) async fn post(rows: &Path, url: &str, token: &str, in_flight: usize) -> Result<Posted> {
    let bodies = Arc::new(bodies(&std::fs::read_to_string(rows)?)?);
    let http = reqwest::Client::builder().no_proxy().gzip(true).build()?;
    let (next, taken) = (Arc::new(AtomicUsize::new(0)), Arc::new(AtomicUsize::new(0)));
    let (begun, cpu) = (Instant::now(), cpu_seconds()?);
    let mut senders = tokio::task::JoinSet::new();
    for _ in 0..in_flight {
        let (bodies, next, taken) = (bodies.clone(), next.clone(), taken.clone());
        let (http, url, token) = (http.clone(), url.to_owned(), token.to_owned());
        senders.spawn(async move {
            while let Some(body) = bodies.get(next.fetch_add(1, Ordering::Relaxed)) {
                let request = http.patch(&url).bearer_auth(&token).body(body.clone());
                let request = request.header("Content-Type", "application/json; charset=UTF-8");
                let answer = request.header("Content-Encoding", "gzip").send().await?;
                let answer: Vec<Value> = serde_json::from_slice(&answer.bytes().await?)?;
                ensure!(
                    answer.iter().all(|row| row["success"] == true),
                    "a row was refused"
                );
                taken.fetch_add(answer.len(), Ordering::Relaxed);
            }
            Ok(())
        });
    }
    while let Some(done) = senders.join_next().await {
        done??;
    }
    Ok(Posted {
        rows: taken.load(Ordering::Relaxed),
        wall_s: begun.elapsed().as_secs_f64(),
        cpu_s: cpu_seconds()? - cpu,
    })
}

fn bodies(rows: &str) -> Result<Vec<Vec<u8>>> {
    let rows: Vec<&str> = rows.lines().collect();
    let body = |rows: &[&str]| {
        let rows = rows.iter().map(|row| {
            let fields = row.strip_prefix('{').unwrap_or(row);
            format!("{{\"attributes\":{{\"type\":\"Lead\"}},{fields}")
        });
        let rows = rows.collect::<Vec<_>>().join(",");
        let text = format!("{{\"allOrNone\":false,\"records\":[{rows}]}}");
        let mut packed = GzEncoder::new(Vec::new(), Compression::fast());
        packed.write_all(text.as_bytes())?;
        Ok(packed.finish()?)
    };
    rows.chunks(A_REQUEST).map(body).collect()
}

/// Returns the processor's time that this process has had so far.
fn cpu_seconds() -> Result<f64> {
    const TICKS_A_SECOND: f64 = 100.0;
    let stat = std::fs::read_to_string("/proc/self/stat")?;
    // The name stands in brackets and may hold anything; time in user and in kernel mode are the 14th and 15th field.
    let fields = stat.rsplit_once(')').context("no such line")?.1;
    let fields: Vec<&str> = fields.split_whitespace().collect();
    let ticks = |at: usize| fields.get(at).and_then(|ticks| ticks.parse::<f64>().ok());
    let (user, system) = ticks(11).zip(ticks(12)).context("no such fields")?;
    Ok((user + system) / TICKS_A_SECOND)
}
