//! Erasing a person from practice orgs.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use leadferry_practice_org::{Erasing, organization};
use leadferry_store::{ErasedPerson, Finder};

use super::{ORG_ENDING, file_beside};
use crate::{Result, Workspace};

/// Erases a person from the practice orgs beside the workspace that it has ever been connected to, and returns how many
/// records went. Serves nothing: SQLite's locks keep this apart from whoever serves the org.
pub(crate) fn erase(workspace: &Workspace, person: &ErasedPerson, finder: &Finder) -> Result<u64> {
    let who = Erasing {
        guids: &person.guids,
        records: &person.records,
        names: &|text| finder.names(text),
        without: &|text| finder.without(text),
    };
    let mut removed = 0;
    for file in files_of(workspace)? {
        removed += leadferry_practice_org::erase(&file, &who)?;
    }
    Ok(removed)
}

/// Returns the files of practice orgs of a workspace: the one under its name, and others beside it or beside what a
/// symbolic link leads to, where a connection of the workspace is bound to them. A renamed workspace leaves one there.
fn files_of(workspace: &Workspace) -> Result<BTreeSet<PathBuf>> {
    let path = workspace.store().path().to_owned();
    let canonical = std::fs::canonicalize(&path).unwrap_or_else(|_| path.clone());
    let connections = workspace.store().read(|reader| reader.connections())?;
    let orgs: BTreeSet<String> = connections
        .into_iter()
        .filter_map(|connection| connection.org_id)
        .collect();
    let mut files = BTreeSet::new();
    for path in [path, canonical] {
        let own = file_beside(&path);
        let folder = own.parent().map(std::fs::read_dir);
        for entry in folder.into_iter().flatten().flatten().flatten() {
            let file = entry.path();
            let is_org = file
                .file_name()
                .and_then(|name| name.to_str())
                .is_some_and(|name| name.ends_with(ORG_ENDING));
            let is_ours = || {
                // What can't be read can't be told to be ours.
                let org = organization(&file).ok().flatten();
                file == own
                    || !belongs_to_another(&file) && org.is_some_and(|org| orgs.contains(&org))
            };
            // A link leads to the org of a workspace elsewhere.
            let stands_here =
                || file == own || std::fs::symlink_metadata(&file).is_ok_and(|data| data.is_file());
            if is_org && stands_here() && is_ours() {
                files.insert(file);
            }
        }
    }
    Ok(files)
}

/// Tells whether the workspace that a practice org stands beside is there: then the org is that one's.
fn belongs_to_another(org: &Path) -> bool {
    let name = org.file_name().and_then(|name| name.to_str());
    let workspace = name.and_then(|name| name.strip_suffix(ORG_ENDING));
    workspace.is_some_and(|workspace| org.with_file_name(workspace.trim_end_matches('.')).exists())
}
