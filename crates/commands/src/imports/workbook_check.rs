//! Looks into a workbook before it is read, for sizes that would exhaust the memory.
//!
//! The reader reserves room for as many shared texts as the file says it has; a hostile file says what it likes.

use std::fs::File;
use std::io::{BufReader, Read};
use std::path::Path;

use zip::ZipArchive;

/// Most bytes of shared texts: a full sheet of unique names and addresses has a tenth of it.
const MOST_BYTES: u64 = 1 << 30;
/// The shortest shared text is `<si/>`.
const SHORTEST: u64 = 5;

/// Tells what is wrong with a workbook, `None` where nothing is known to be.
pub(crate) fn fault(path: &Path) -> Option<&'static str> {
    let Some(mut archive) = File::open(path)
        .ok()
        .and_then(|file| ZipArchive::new(BufReader::new(file)).ok())
    else {
        return Some("it is damaged");
    };
    (0..archive.len()).find_map(|at| {
        let part = archive.by_index(at).ok()?;
        let shared = part
            .name()
            .is_ok_and(|name| name.to_ascii_lowercase().ends_with("sharedstrings.xml"));
        if !shared {
            return None;
        }
        let size = part.size();
        let mut head = Vec::new();
        part.take(4096).read_to_end(&mut head).ok()?;
        judge(size, unique_count(&String::from_utf8_lossy(&head)))
    })
}

fn judge(size: u64, count: u64) -> Option<&'static str> {
    if size > MOST_BYTES {
        Some("its texts are larger than 1 GB; save it as CSV and import that")
    } else if count > size / SHORTEST {
        Some("it is damaged: it has fewer texts than it says")
    } else {
        None
    }
}

/// Reads how many texts the part says it has; 0 where it does not say.
fn unique_count(head: &str) -> u64 {
    let Some((_, after)) = head.split_once("uniqueCount") else {
        return 0;
    };
    let digits: String = after
        .chars()
        .skip_while(|letter| !letter.is_ascii_digit())
        .take_while(char::is_ascii_digit)
        .collect();
    // More digits than a number can have is more texts than any file can have.
    if digits.is_empty() {
        0
    } else {
        digits.parse().unwrap_or(u64::MAX)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_count_that_the_size_cannot_hold_is_refused() {
        let head =
            |count: &str| format!("<sst xmlns=\"x\" count=\"3\" uniqueCount=\"{count}\"><si/>");
        assert_eq!(judge(1000, unique_count(&head("3"))), None);
        assert_eq!(judge(1000, unique_count("<sst>")), None);
        for count in ["99999999999", "99999999999999999999999999"] {
            assert!(judge(1000, unique_count(&head(count))).is_some(), "{count}");
        }
        assert!(judge(2 << 30, 1).is_some());
    }
}
