//! Conducts an import: begins or resumes it, streams the file through, and says what was done.

use std::ops::ControlFlow;
use std::path::{Path, PathBuf};

use leadferry_store::{
    ContactField, CustomField, CustomFieldId, Import, ImportId, ImportKind, ImportState, NewImport,
    Store, Writer, crash_point,
};
use serde::{Deserialize, Serialize};

use super::answers::Wordings;
use super::columns::{self, Columns, Fixed};
use super::commit::Contacts;
use super::contact_rows::Layout;
use super::errors_file::{ErrorsFile, errors_path};
use super::headers::Target;
use super::intake::Intake;
use super::judging::{Key, PersonReader, Terms};
use super::kept_errors::{KeptErrors, RESTARTED};
use super::mending::{CHANGED, brought_back};
use super::own_files::OwnFiles;
use super::places;
use super::record_ids::org_of;
use super::source::{MendedRow, Source};
use super::{Error, ImportKey, ImportOutcome, ImportProgress, ImportRequest, Result, Warning};

/// What is stored with an import, so that a killed one goes on in the same manner.
///
/// It holds no path: a workspace can come from anyone. What this computer knows of the files is in [`OwnFiles`].
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Options {
    #[serde(deserialize_with = "without_paths")]
    pub(crate) request: ImportRequest,
    /// The custom fields made for columns, by position.
    pub(crate) fields: Vec<(usize, CustomFieldId)>,
    /// The rows are not those of the file, but mended ones.
    #[serde(default)]
    pub(crate) mended: bool,
    /// The import whose faulty rows they were.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) mends: Option<ImportId>,
}

/// Reads a request and forgets its paths, which older versions stored.
fn without_paths<'de, D: serde::Deserializer<'de>>(read: D) -> Result<ImportRequest, D::Error> {
    ImportRequest::deserialize(read).map(|request| bare(&request))
}

/// Returns a request without its paths.
fn bare(request: &ImportRequest) -> ImportRequest {
    ImportRequest {
        file: PathBuf::new(),
        errors_file: None,
        ..request.clone()
    }
}

/// An import that was begun, now or earlier.
struct Begun {
    id: ImportId,
    progress: leadferry_store::ImportProgress,
    resumed: bool,
    created_fields: Vec<String>,
    columns: Columns,
    key: Key,
    /// The org of the records that rows name.
    org_id: Option<String>,
}

/// Imports a file; one that was interrupted goes on behind its last committed row.
///
/// `now` gives UTC milliseconds; `progress` is called after each page and may break: the same request then goes on
/// from there.
///
/// # Errors
/// [`Error::AlreadyImported`] when the same file was imported before and the request does not say `again`; whatever
/// keeps the whole file out. Rows committed before an error stay, and the same request goes on behind them.
pub fn import(
    store: &Store,
    files: &OwnFiles,
    request: &ImportRequest,
    now: impl Fn() -> i64,
    progress: &mut dyn FnMut(&ImportProgress) -> ControlFlow<()>,
) -> Result<ImportOutcome> {
    let source = &Source::open(request, &mut reading(progress))?;
    let back = brought_back(store, files, source)?;
    let rows = Rows {
        source,
        origin: None,
        mends: back.as_ref().map(|back| back.import.id),
        files,
    };
    let mut outcome = import_rows(store, rows, request, now, progress)?;
    if let Some(back) = back.filter(|_| outcome.finished)
        && !back.take_out(files)?
    {
        outcome.warnings.push(Warning::of_file(CHANGED));
        outcome.warning_count += 1;
    }
    Ok(outcome)
}

/// Tells of a file that is read, before the first row is known.
pub(crate) fn reading(
    progress: &mut dyn FnMut(&ImportProgress) -> ControlFlow<()>,
) -> impl FnMut(u64, u64) -> ControlFlow<()> {
    |bytes, bytes_total| {
        progress(&ImportProgress {
            bytes,
            bytes_total,
            ..ImportProgress::default()
        })
    }
}

/// Imports rows that were mended; their columns are read as those of the file that they come from.
///
/// `import` is the one of that file, and `options` are its own.
pub(crate) fn import_mended(
    store: &Store,
    files: &OwnFiles,
    (import, file): (ImportId, &Source),
    rows: &[MendedRow],
    options: &Options,
    now: impl Fn() -> i64,
) -> Result<ImportOutcome> {
    let request = ImportRequest {
        file: file.path.clone(),
        again: true,
        ..options.request.clone()
    };
    let rows = Rows {
        source: &file.mended(rows),
        origin: Some(Origin {
            file,
            fields: &options.fields,
        }),
        mends: Some(import),
        files,
    };
    import_rows(store, rows, &request, now, &mut |_| {
        ControlFlow::Continue(())
    })
}

/// What is imported, and where files of imports are remembered.
#[derive(Clone, Copy)]
struct Rows<'a> {
    source: &'a Source,
    origin: Option<Origin<'a>>,
    /// The import whose faulty rows they were.
    mends: Option<ImportId>,
    files: &'a OwnFiles,
}

/// Where mended rows come from.
#[derive(Clone, Copy)]
struct Origin<'a> {
    file: &'a Source,
    /// The custom fields that the import of the file made for its columns, by position.
    fields: &'a [(usize, CustomFieldId)],
}

fn import_rows(
    store: &Store,
    rows: Rows<'_>,
    request: &ImportRequest,
    now: impl Fn() -> i64,
    progress: &mut dyn FnMut(&ImportProgress) -> ControlFlow<()>,
) -> Result<ImportOutcome> {
    let source = rows.source;
    let default_country = default_country(request)?;
    // In one transaction, so that of two processes with one file the second one sees the first.
    let begun = store.write(|writer| {
        let prior = judge(writer.import_by_hash(&source.hash)?, request)?;
        begin(writer, rows, request, prior, now())
    })?;
    crash_point("import.begun");
    let mut warnings = begun.columns.warnings.clone();
    let path = errors_path(request.errors_file.as_deref(), &request.file)?;
    let errors = ErrorsFile::new(source, path, begun.columns.reason_column());
    let begun_at = (begun.id, begun.progress);
    let (errors, is_lost) = KeptErrors::begin(store, rows.files, begun_at, &request.file, errors)?;
    let layout = Layout::new(&begun.columns, default_country, request.keep_html);
    let name = |at: usize| layout.name(at).to_owned();
    let mut intake = Intake::new(store, source, begun_at, errors, &name);
    if is_lost {
        intake.write_lost(PersonReader::new(&layout, begun.key))?;
        warnings.push(Warning::of_file(RESTARTED));
    }
    let mut contacts = Contacts {
        import: begun.id,
        terms: Terms {
            key: begun.key,
            existing: request.existing,
            create_accounts: request.create_accounts,
        },
        org_id: begun.org_id,
        wordings: Wordings::default(),
    };
    let reader = PersonReader::new(&layout, begun.key);
    let complete = intake.take_all(reader, &mut contacts, &now, progress)?;
    warnings.append(&mut intake.remarks());
    let warning_count = warnings.len() as u64 + intake.warning_count;
    warnings.append(&mut intake.warnings);
    let done = intake.progress;
    Ok(ImportOutcome {
        import: begun.id.0,
        finished: complete,
        resumed: begun.resumed,
        rows: done.committed_row,
        created: done.created,
        updated: done.updated,
        unchanged: done.unchanged,
        skipped: done.skipped,
        faulty: done.faulty,
        errors_file: intake.errors_file().map(Path::to_owned),
        faults: std::mem::take(&mut intake.faults),
        warnings,
        warning_count,
        linked: intake.linked,
        columns_ignored: begun.columns.ignored(),
        custom_fields_created: begun.created_fields,
    })
}

/// Returns the code of the country that the request names.
pub(crate) fn default_country(request: &ImportRequest) -> Result<Option<&'static str>> {
    let Some(text) = request.default_country.as_deref() else {
        return Ok(None);
    };
    match places::country(text) {
        Some(code) => Ok(Some(code)),
        None => Err(Error::Mapping(format!(
            "the country \"{text}\" isn't known"
        ))),
    }
}

/// Returns the calendar year of a moment.
pub(crate) fn year(now: i64) -> i16 {
    let moment = jiff::Timestamp::from_millisecond(now).unwrap_or_default();
    moment.to_zoned(jiff::tz::TimeZone::UTC).year()
}

/// Returns the interrupted import to go on with, if there is one.
fn judge(prior: Option<Import>, request: &ImportRequest) -> Result<Option<Import>> {
    let Some(prior) = prior else { return Ok(None) };
    if prior.state == ImportState::Running && same_options(&prior.options, request) {
        return Ok(Some(prior));
    }
    if request.again {
        return Ok(None);
    }
    let rows = prior.progress.committed_row;
    Err(Error::AlreadyImported {
        import: prior.id.0,
        ended_at: prior.ended_at,
        rows,
    })
}

/// Compares everything that changes what becomes of a row.
fn same_options(stored: &str, request: &ImportRequest) -> bool {
    let Ok(stored) = serde_json::from_str::<Options>(stored) else {
        return false;
    };
    let essence = |request: &ImportRequest| {
        let essence = ImportRequest {
            again: false,
            ..bare(request)
        };
        serde_json::to_value(essence).ok()
    };
    essence(&stored.request) == essence(request)
}

/// Decides the columns and makes what has to be there before the first row, or takes up what was made.
fn begin(
    writer: &Writer<'_>,
    rows: Rows<'_>,
    request: &ImportRequest,
    prior: Option<Import>,
    now: i64,
) -> Result<Begun> {
    let Rows { source, origin, .. } = rows;
    let custom = writer.custom_fields()?;
    let options = prior
        .as_ref()
        .and_then(|prior| serde_json::from_str::<Options>(&prior.options).ok());
    let fields = match (options, origin) {
        (Some(options), _) => options.fields,
        (None, Some(origin)) => origin.fields.to_vec(),
        (None, None) => Vec::new(),
    };
    // Two-digit years are read as they were when the import began.
    let year = year(prior.as_ref().map_or(now, |prior| prior.started_at));
    let fixed = Fixed {
        zone: &writer.time_zone()?,
        year,
        purposes: &writer.purposes()?,
        fields: &fields,
    };
    let file = origin.map_or(source, |origin| origin.file);
    let mut columns = columns::decide(file, request, &custom, &fixed)?;
    let created = create_fields(writer, &mut columns, now)?;
    let key = key(writer, request, &columns)?;
    let org_id = org_of(writer, request)?;
    let (id, progress) = match &prior {
        Some(prior) => (prior.id, prior.progress),
        None => {
            let made = created.iter().map(|field| (field.column, field.id));
            let options = serde_json::to_string(&Options {
                request: bare(request),
                fields: fields.iter().copied().chain(made).collect(),
                mended: origin.is_some(),
                mends: rows.mends,
            });
            let options = options.map_err(|error| Error::Mapping(error.to_string()))?;
            let name = source
                .path
                .file_name()
                .unwrap_or_default()
                .to_string_lossy();
            let new = NewImport {
                kind: ImportKind::Contacts,
                file_name: &name,
                file_hash: &source.hash,
                options: &options,
                errors_file: None,
            };
            (
                writer.begin_import(&new, now)?,
                leadferry_store::ImportProgress::default(),
            )
        }
    };
    let created_fields = created.into_iter().map(|field| field.name).collect();
    Ok(Begun {
        id,
        progress,
        resumed: prior.is_some(),
        created_fields,
        columns,
        key,
        org_id,
    })
}

struct CreatedField {
    column: usize,
    id: CustomFieldId,
    name: String,
}

fn create_fields(
    writer: &Writer<'_>,
    columns: &mut Columns,
    now: i64,
) -> Result<Vec<CreatedField>> {
    let mut created = Vec::new();
    for (at, column) in columns.columns.iter_mut().enumerate() {
        if let Target::NewField(name, kind) = column.matched.target.clone() {
            let id = writer.add_custom_field(&name, kind, now)?;
            column.matched.target = Target::Field(ContactField::Custom(id), kind);
            created.push(CreatedField {
                column: at,
                id,
                name,
            });
        }
    }
    Ok(created)
}

/// Finds the key among the columns; a custom field gets the index that looking it up needs.
fn key(writer: &Writer<'_>, request: &ImportRequest, columns: &Columns) -> Result<Key> {
    let name = match &request.key {
        ImportKey::Email => return Ok(Key::Email),
        ImportKey::None => return Ok(Key::None),
        ImportKey::Custom(name) => name.strip_prefix("custom:").unwrap_or(name).trim(),
    };
    let same = |field: &&CustomField| field.name.to_lowercase() == name.to_lowercase();
    let custom = writer.custom_fields()?;
    let field = custom.iter().find(same).map(|field| field.id);
    let id = field.ok_or_else(|| Error::no_such_key(name, &custom))?;
    columns.check_key(id, name)?;
    let field = ContactField::Custom(id);
    writer.index_key(field)?;
    Ok(Key::Field(field))
}
