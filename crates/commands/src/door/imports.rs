//! `imports.…`: bringing files in.

use std::path::PathBuf;

use leadferry_store::ImportId;
use serde::Deserialize;

use super::Pick;
use super::table::{Nothing, commands};
use crate::contacts;
use crate::imports::{
    self, FaultyRows, ImportOutcome, ImportRequest, ImportTarget, MendedRow, PastImport, Preview,
    Trial,
};

commands! {
    /// Shows how a file would be understood, without taking anything in.
    "imports.preview" (ImportRequest) -> Preview = |at, request| contacts::preview(at.workspace()?, &request);
    /// Returns where a column can go, in plain words.
    "imports.targets" (Nothing) -> Vec<ImportTarget> = |at, _| {
        let read = |reader: &leadferry_store::Reader<'_>| Ok((reader.custom_fields()?, reader.purposes()?));
        let (custom, purposes) = at.workspace()?.store().read::<_, crate::Error>(read)?;
        Ok(imports::targets(&custom, &purposes))
    };
    /// Counts what an import would do, over the whole file, without taking anything in. A newer one of the same file
    /// stops it.
    "imports.try" (ImportRequest) -> Trial = |at, request| {
        let workspace = at.workspace()?;
        contacts::stop_trials(workspace, &request)?;
        contacts::try_out(workspace, &request, &|| true)
    };
    /// Tells what would become of a few mended rows, without taking anything in.
    "imports.try_rows" (TryRows) -> Trial = |at, request| {
        let workspace = at.workspace()?;
        Ok(imports::try_rows(workspace.store(), &request.request, &request.rows, workspace.host().now())?)
    };
    /// Brings a file of contacts in; an interrupted import of the same file goes on where it stopped.
    "imports.run" (ImportRequest) -> ImportOutcome,
        stales ["contacts", "accounts", "custom_fields", "scores", "workspaces", "imports", "consents"] = |at, request| {
        contacts::import(at.workspace()?, &request, &|| true)
    };
    /// Goes on with an import that was interrupted. Where this computer does not know its file, the user picks it; none
    /// when they think better of it.
    "imports.resume" (OneImport) -> Option<ImportOutcome>,
        stales ["contacts", "accounts", "custom_fields", "scores", "workspaces", "imports", "consents"] = |at, request| {
        let workspace = at.workspace()?;
        let known = imports::file_of(workspace.store(), &workspace.own_files(), request.import)?;
        match known.or_else(|| at.desk().pick_file(Pick::Contacts)) {
            Some(file) => {
                let request = imports::request_of(workspace.store(), request.import, file)?;
                contacts::import(workspace, &request, &|| true).map(Some)
            }
            None => Ok(None),
        }
    };
    /// Takes mended rows of an import in, as an import of their own.
    "imports.mend" (Mend) -> ImportOutcome,
        stales ["contacts", "accounts", "custom_fields", "scores", "workspaces", "imports", "consents"] = |at, request| {
        let workspace = at.workspace()?;
        let files = workspace.own_files();
        Ok(imports::mend(workspace.store(), &files, request.import, &request.rows, || workspace.host().now())?)
    };
    /// Returns all imports, the newest first.
    "imports.list" (Nothing) -> Vec<PastImport> = |at, _| {
        let workspace = at.workspace()?;
        Ok(imports::list(workspace.store(), &workspace.own_files(), workspace.host().now())?)
    };
    /// Returns a page of the rows that an import could not take in and that still wait to be mended.
    "imports.faulty" (FaultyPage) -> FaultyRows = |at, request| {
        let workspace = at.workspace()?;
        let files = workspace.own_files();
        Ok(imports::faulty(workspace.store(), &files, request.import, request.skip, request.limit)?)
    };
    /// Copies the faulty rows of an import to a file.
    "imports.save_faulty" (SaveFaulty) -> () = |at, request| {
        let workspace = at.workspace()?;
        Ok(imports::save_faulty(workspace.store(), &workspace.own_files(), request.import, &request.place)?)
    };
}

#[derive(Debug, Deserialize, ts_rs::TS)]
pub(crate) struct TryRows {
    /// What the import will be asked.
    request: ImportRequest,
    /// The rows as they are mended so far.
    rows: Vec<MendedRow>,
}

#[derive(Debug, Deserialize, ts_rs::TS)]
pub(crate) struct OneImport {
    /// Which.
    import: ImportId,
}

#[derive(Debug, Deserialize, ts_rs::TS)]
pub(crate) struct Mend {
    /// The import that could not take them in.
    import: ImportId,
    /// The rows.
    rows: Vec<MendedRow>,
}

#[derive(Debug, Deserialize, ts_rs::TS)]
pub(crate) struct FaultyPage {
    /// Which import.
    import: ImportId,
    /// Rows before the page.
    skip: u64,
    /// Length of the page.
    limit: usize,
}

#[derive(Debug, Deserialize, ts_rs::TS)]
pub(crate) struct SaveFaulty {
    /// Which import.
    import: ImportId,
    /// Where the file goes.
    place: PathBuf,
}
