use std::fs;
use std::path::PathBuf;

use rusqlite::Connection;

use super::{FRAME_HEADER, HEADER, pages, word};

const PAGE: usize = 4096;

/// Makes a log of three commits, and returns it with the page and the commit mark of each frame.
fn log() -> (tempfile::TempDir, PathBuf, Vec<(u32, bool)>) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.db");
    let connection = Connection::open(&path).unwrap();
    connection
        .execute_batch(
            "PRAGMA journal_mode = wal; PRAGMA wal_autocheckpoint = 0; CREATE TABLE t (a);
             INSERT INTO t VALUES (zeroblob(20000)); INSERT INTO t VALUES (zeroblob(9000))",
        )
        .unwrap();
    let copy = folder.path().join("log");
    fs::copy(folder.path().join("a.db-wal"), &copy).unwrap();
    let bytes = fs::read(&copy).unwrap();
    let frames = bytes[HEADER..]
        .chunks_exact(FRAME_HEADER + PAGE)
        .map(|frame| (word(frame, 0), word(frame, 4) > 0))
        .collect();
    (folder, copy, frames)
}

/// Returns the pages up to the last commit among the first frames.
fn committed(frames: &[(u32, bool)]) -> Vec<u32> {
    let end = frames.iter().rposition(|(_, commit)| *commit);
    let mut pages: Vec<u32> = frames[..end.map_or(0, |end| end + 1)]
        .iter()
        .map(|(page, _)| *page)
        .collect();
    pages.sort_unstable();
    pages.dedup();
    pages
}

fn held(path: &std::path::Path) -> Vec<u32> {
    let mut held: Vec<u32> = pages(path).unwrap().0.into_iter().collect();
    held.sort_unstable();
    held
}

#[test]
fn a_log_is_valid_up_to_the_last_commit_before_it_is_cut_off() {
    let (_folder, path, frames) = log();
    assert!(frames.iter().filter(|(_, commit)| *commit).count() >= 3);
    let whole = fs::read(&path).unwrap();
    for frame in (0..=frames.len()).rev() {
        for lost in [0, 1, PAGE] {
            let length = (HEADER + frame * (FRAME_HEADER + PAGE)).saturating_sub(lost);
            fs::write(&path, &whole[..length]).unwrap();
            let left = if lost == 0 {
                frame
            } else {
                frame.saturating_sub(1)
            };
            assert_eq!(held(&path), committed(&frames[..left]), "cut at {length}");
        }
    }
}

#[test]
fn a_log_is_valid_up_to_the_last_commit_before_a_byte_is_spoilt() {
    let (_folder, path, frames) = log();
    let whole = fs::read(&path).unwrap();
    for frame in 0..frames.len() {
        for at in [0, 9, 17, FRAME_HEADER + 100, FRAME_HEADER + PAGE - 1] {
            let mut bytes = whole.clone();
            bytes[HEADER + frame * (FRAME_HEADER + PAGE) + at] ^= 0x40;
            fs::write(&path, &bytes).unwrap();
            assert_eq!(
                held(&path),
                committed(&frames[..frame]),
                "byte {at} of frame {frame}"
            );
        }
    }
    for at in [0, 5, 9, 17, 25] {
        let mut bytes = whole.clone();
        bytes[at] ^= 0x40;
        fs::write(&path, &bytes).unwrap();
        assert!(
            held(&path).len() <= committed(&frames).len(),
            "byte {at} of the header"
        );
    }
}

#[test]
fn what_is_no_log_holds_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("log");
    for bytes in [&b""[..], b"short", &[0x55; 10_000]] {
        fs::write(&path, bytes).unwrap();
        assert_eq!(held(&path), Vec::<u32>::new());
    }
}
