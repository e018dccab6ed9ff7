//! `workspaces.…`: which file is open, and its settings.

use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::Pick;
use super::at::At;
use super::table::{Nothing, commands};
use crate::Result;
use crate::first_run::{self, PracticeReady};
use crate::workspace::{
    self, RestoredWorkspace, SalvagedWorkspace, WorkspaceChange, WorkspaceInfo, WorkspaceReview,
};

commands! {
    /// Returns the open workspace; none before the first one.
    "workspaces.current" (Nothing) -> Option<WorkspaceInfo> = |at, _| {
        at.workspace().ok().map(workspace::info).transpose()
    };
    /// Returns the other workspaces that were opened lately and are still there, the last one first.
    "workspaces.recent" (Nothing) -> Vec<RecentWorkspace> = |at, _| {
        let open = at.workspace().ok().map(|workspace| workspace.store().path().to_owned());
        Ok(recent(&at.desk().preference(RECENT_WORKSPACES), open.as_deref()))
    };
    /// Opens a workspace; without a path the user picks one. None when she thinks better of it.
    "workspaces.open" (OpenWorkspace) -> Option<WorkspaceInfo> = |at, request| {
        match request.path.or_else(|| at.desk().pick_file(Pick::Workspace)) {
            Some(path) => at.door().open(&path).and_then(|opened| workspace::info(&opened)).map(Some),
            None => Ok(None),
        }
    };
    /// Creates a workspace and opens it; without a path it stands among the user's documents, under a free name.
    "workspaces.create" (CreateWorkspace) -> WorkspaceInfo, stales ["workspaces"] = |at, request| {
        let path = request.path.unwrap_or_else(|| free_place(at.desk().documents(), &request.name));
        at.door().create(&path, &request.name).and_then(|created| workspace::info(&created))
    };
    /// Fills the open workspace, or a new one, with sample contacts and a replication into the practice org.
    "workspaces.try_practice" (Nothing) -> PracticeReady,
        stales ["workspaces", "contacts", "scores", "connections", "replications"] = |at, _| {
        let fresh = || {
            let path = free_place(at.desk().documents(), first_run::WORKSPACE);
            at.door().create(&path, first_run::WORKSPACE)
        };
        let workspace = at.door().workspace().map_or_else(fresh, Ok)?;
        first_run::practice(&workspace).await
    };
    /// Closes the workspace.
    "workspaces.close" (Nothing) -> (), stales ["workspaces"] = |at, _| {
        at.door().close();
        Ok(())
    };
    /// Puts the newest backup without damage in the place of a damaged workspace, and opens that.
    "workspaces.restore" (Nothing) -> RestoredWorkspace, stales ["workspaces"] = |at, _| {
        at.door().restore(at.workspace()?)
    };
    /// Takes what can still be read of a damaged workspace into a new one; without paths the user says which and where. None
    /// when they think better of it.
    "workspaces.salvage" (Salvage) -> Option<SalvagedWorkspace> = |at, request| salvage(&at, request);
    /// Returns what the workspace holds that could act on its own, to be seen before it is approved.
    "workspaces.review" (Nothing) -> WorkspaceReview = |at, _| workspace::review(at.workspace()?);
    /// Approves the workspace on this computer, as it was shown.
    "workspaces.approve" (Approve) -> WorkspaceReview, stales ["workspaces", "connections", "replications"] = |at, request| {
        workspace::approve(at.workspace()?, &request.digest)
    };
    /// Changes settings of the workspace.
    "workspaces.set" (WorkspaceChange) -> WorkspaceInfo, stales ["workspaces"] = |at, change| {
        workspace::set(at.workspace()?, &change)
    };
    /// Copies the workspace as it is now; without a path the user says where. Returns where it is.
    "workspaces.backup" (BackUp) -> Option<BackedUp> = |at, request| {
        let workspace = at.workspace()?;
        match request.path.or_else(|| at.desk().pick_place(Pick::Workspace, "backup.leadferry")) {
            Some(path) => workspace::backup(workspace, &path).map(|()| Some(BackedUp { path })),
            None => Ok(None),
        }
    };
}

/// The preference that holds the paths of the workspaces opened lately, the last one first.
pub const RECENT_WORKSPACES: &str = "recent_workspaces";

#[derive(Debug, PartialEq, Eq, Serialize, ts_rs::TS)]
pub(crate) struct RecentWorkspace {
    /// Where it is.
    path: PathBuf,
    /// The name of its file, without the ending.
    name: String,
    /// The folder that it is in.
    folder: PathBuf,
}

/// Returns those of the remembered workspaces that can be opened now.
fn recent(remembered: &Value, open: Option<&Path>) -> Vec<RecentWorkspace> {
    let paths = remembered.as_array().into_iter().flatten();
    let paths = paths.filter_map(|path| Some(PathBuf::from(path.as_str()?)));
    paths
        .filter(|path| open != Some(path.as_path()) && path.is_file())
        .map(|path| RecentWorkspace {
            name: path
                .file_stem()
                .unwrap_or_default()
                .to_string_lossy()
                .into_owned(),
            folder: path.parent().map(Path::to_owned).unwrap_or_default(),
            path,
        })
        .collect()
}

#[derive(Debug, Deserialize, ts_rs::TS)]
#[ts(optional_fields)]
pub(crate) struct OpenWorkspace {
    path: Option<PathBuf>,
}

#[derive(Debug, Deserialize, ts_rs::TS)]
#[ts(optional_fields)]
pub(crate) struct CreateWorkspace {
    /// Its name.
    name: String,
    path: Option<PathBuf>,
}

#[derive(Debug, Deserialize, ts_rs::TS)]
pub(crate) struct Approve {
    /// The digest of the review that was shown.
    digest: String,
}

#[derive(Debug, Deserialize, ts_rs::TS)]
#[ts(optional_fields)]
pub(crate) struct BackUp {
    path: Option<PathBuf>,
}

#[derive(Debug, Deserialize, ts_rs::TS)]
#[ts(optional_fields, rename = "SalvageWorkspace")]
pub(crate) struct Salvage {
    /// The damaged workspace.
    damaged: Option<PathBuf>,
    /// The new one.
    into: Option<PathBuf>,
}

fn salvage(at: &At, request: Salvage) -> Result<Option<SalvagedWorkspace>> {
    let desk = at.desk();
    let damaged = request.damaged.or_else(|| desk.pick_file(Pick::Workspace));
    let Some(damaged) = damaged else {
        return Ok(None);
    };
    let place = || desk.pick_place(Pick::Workspace, "Salvaged.leadferry");
    let Some(into) = request.into.or_else(place) else {
        return Ok(None);
    };
    let salvaged = match at.workspace() {
        Ok(open) => workspace::salvage_as_job(open, &damaged, &into),
        Err(_) => workspace::salvage(&damaged, &into, &at.door().host().front_end),
    };
    salvaged.map(Some)
}

#[derive(Debug, Serialize, ts_rs::TS)]
pub(crate) struct BackedUp {
    /// The copy.
    path: PathBuf,
}

/// Returns a path in the folder that nothing has yet, made of the name's letters and digits.
fn free_place(folder: PathBuf, name: &str) -> PathBuf {
    let tame = |letter: char| {
        if letter.is_alphanumeric() {
            letter
        } else {
            ' '
        }
    };
    let words: String = name.chars().take(60).map(tame).collect();
    let words: Vec<&str> = words.split_whitespace().collect();
    let stem = if words.is_empty() {
        "Contacts".to_owned()
    } else {
        words.join(" ")
    };
    let numbered = (2..).map(|number| format!("{stem} {number}"));
    let names = [stem.clone()].into_iter().chain(numbered);
    names
        .map(|name| folder.join(name).with_added_extension("leadferry"))
        .find(|path| !path.exists())
        .unwrap_or_else(|| folder.join("Contacts.leadferry"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_remembered_workspace_is_offered_while_it_is_there_and_not_open() {
        let folder = tempfile::tempdir().unwrap();
        let place = |name: &str| folder.path().join(name);
        std::fs::write(place("Acme.leadferry"), []).unwrap();
        std::fs::write(place("Open.leadferry"), []).unwrap();
        let remembered = ["Open.leadferry", "Gone.leadferry", "Acme.leadferry"];
        let remembered = remembered.map(|name| Value::from(place(name).to_string_lossy()));
        let offered = recent(
            &remembered.into_iter().collect(),
            Some(&place("Open.leadferry")),
        );
        let names: Vec<_> = offered.iter().map(|one| one.name.as_str()).collect();
        assert_eq!(names, ["Acme"]);
        assert_eq!(recent(&Value::Null, None), []);
    }

    #[test]
    fn a_new_workspace_never_takes_the_place_of_another() {
        let folder = tempfile::tempdir().unwrap();
        let first = free_place(folder.path().to_owned(), "Acme / leads");
        assert_eq!(first, folder.path().join("Acme leads.leadferry"));
        std::fs::write(&first, []).unwrap();
        let second = free_place(folder.path().to_owned(), "Acme / leads");
        assert_eq!(second, folder.path().join("Acme leads 2.leadferry"));
        assert_eq!(
            free_place(folder.path().to_owned(), "..."),
            folder.path().join("Contacts.leadferry")
        );
    }
}
