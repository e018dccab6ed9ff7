use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use crate::testing::{NOW, Workspace, workspace};
use crate::{ContactField, Error, OpenOptions, Store};

const PAGE: usize = 4096;

/// Returns the pages that a log holds which was never cut off or begun anew.
fn pages_of(log: &[u8]) -> BTreeSet<usize> {
    log[32..]
        .chunks_exact(24 + PAGE)
        .map(|frame| u32::from_be_bytes([frame[0], frame[1], frame[2], frame[3]]) as usize)
        .collect()
}

/// Opens a copy, as it stands after a power failure: without the index of the log.
fn opened(path: &Path, main: &[u8], log: &[u8]) -> Result<Store, Error> {
    let log_path = crate::torn::log_of(path);
    for beside in ["-shm", "-wal"] {
        let mut name = path.as_os_str().to_owned();
        name.push(beside);
        let _ = fs::remove_file(name);
    }
    fs::write(path, main).unwrap();
    fs::write(log_path, log).unwrap();
    Store::open(path, OpenOptions::default(), NOW)
}

/// Cuts the main file everywhere; what opens must hold everything, and what the log makes up for must open.
fn cut_everywhere(workspace: &Workspace, contacts: u64) -> (usize, usize) {
    let main = fs::read(workspace.path()).unwrap();
    let log = fs::read(crate::torn::log_of(&workspace.path())).unwrap();
    let pages = workspace.number("SELECT page_count FROM pragma_page_count") as usize;
    let in_log = pages_of(&log);
    let path = workspace.folder.path().join("cut.leadferry");
    let (mut whole, mut torn) = (0, 0);
    for page in 0..=main.len() / PAGE {
        // Within a page it makes no difference where; the first one holds the header.
        let within: &[usize] = if page == 0 {
            &[0, 1, 2, 50, 100, PAGE - 1]
        } else {
            &[0, PAGE - 1]
        };
        for more in within {
            let length = page * PAGE + more;
            if length > main.len() {
                continue;
            }
            let has_all = length > 1 && (page + 1..=pages).all(|lost| in_log.contains(&lost));
            match opened(&path, &main[..length], &log) {
                Ok(store) => {
                    assert!(has_all, "cut at {length}, it opened");
                    let health = store.check().unwrap();
                    assert!(health.is_sound(), "{:?}", health.problems);
                    assert_eq!(health.counts["contacts"], contacts, "cut at {length}");
                    whole += 1;
                }
                Err(Error::Damaged(_)) => {
                    assert!(!has_all, "cut at {length}, nothing is lost");
                    assert_eq!(fs::read(&path).unwrap(), main[..length]);
                    assert_eq!(fs::read(crate::torn::log_of(&path)).unwrap(), log);
                    torn += 1;
                }
                Err(error) => panic!("cut at {length}: {error:?}"),
            }
        }
    }
    (whole, torn)
}

fn people(workspace: &Workspace, count: usize) {
    workspace.writing(|writer| {
        for at in 0..count {
            let name = format!("Person {at}");
            let values = crate::testing::values(&[(ContactField::LastName, name.as_str())]);
            writer.insert_contact(&values, None, NOW)?;
        }
        Ok(())
    });
}

/// Writes the log into the main file, and begins it anew.
fn write_back(workspace: &Workspace) {
    workspace
        .with_writer(|connection| {
            Ok(connection.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(()))?)
        })
        .unwrap();
}

#[test]
fn a_main_file_cut_anywhere_opens_only_when_its_log_holds_all_that_is_lost() {
    let workspace = workspace();
    people(&workspace, 300);
    write_back(&workspace);
    people(&workspace, 3);
    let (_, torn) = cut_everywhere(&workspace, 303);
    assert!(torn > 50, "{torn}");
}

#[test]
fn a_main_file_cut_anywhere_opens_when_its_log_holds_every_page() {
    let workspace = workspace();
    people(&workspace, 50);
    write_back(&workspace);
    workspace
        .with_writer(|connection| Ok(connection.execute_batch("VACUUM")?))
        .unwrap();
    let (whole, torn) = cut_everywhere(&workspace, 50);
    assert!(whole > 50, "{whole}");
    assert_eq!(torn, 2, "an empty file hides its log from the database");
}
