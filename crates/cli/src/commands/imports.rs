//! `contacts import …`

use std::path::{Path, PathBuf};
use std::sync::atomic::Ordering;

use clap::{Args, ValueEnum};
use leadferry_commands::imports::{
    DateOrder, DecimalSign, Existing, Fault, ImportKey, ImportOutcome, ImportRequest, Preview,
    Trial, Warning,
};
use leadferry_commands::{Result, Workspace, contacts};
use serde::Serialize;

use super::pair;
use crate::app::{App, interrupted};
use crate::exit::Exit;
use crate::table::{Table, counted, grouped};

#[derive(Debug, Args)]
pub(crate) struct Import {
    /// The CSV, XLSX or vCard file.
    file: PathBuf,
    /// Identify contacts by email, custom:NAME or none. With none, every row is new.
    #[arg(long, default_value = "email", value_parser = key)]
    key: ImportKey,
    /// What to do with existing contacts.
    #[arg(long, value_enum, default_value_t = ExistingName::Update)]
    existing: ExistingName,
    /// Map a column to a field: a built-in name, custom:NAME, account:NAME or consent:PURPOSE; - skips it.
    #[arg(long, value_name = "COLUMN=FIELD", value_parser = pair)]
    map: Vec<(String, String)>,
    /// Create custom fields for unmapped columns.
    #[arg(long)]
    create_custom_fields: bool,
    /// Create accounts from company names.
    #[arg(long)]
    create_accounts: bool,
    /// Encoding of a CSV file, such as windows-1252; detected by default.
    #[arg(long)]
    encoding: Option<String>,
    /// Delimiter of a CSV file: one character, or tab; detected by default.
    #[arg(long, value_name = "SIGN", value_parser = delimiter)]
    delimiter: Option<char>,
    /// Sheet of a workbook; by default, the visible one that looks most like a list of people.
    #[arg(long, value_name = "NAME")]
    sheet: Option<String>,
    /// Row with the column names, counted from 1; detected by default.
    #[arg(long, value_name = "N")]
    header_row: Option<u64>,
    /// Order of dates like 03/04/1990; detected by default.
    #[arg(long, value_enum)]
    dates: Option<DatesName>,
    /// Decimal sign in numbers like 1.234; detected by default.
    #[arg(long, value_enum)]
    decimal: Option<DecimalName>,
    /// Leave HTML codes such as &amp; as they are.
    #[arg(long)]
    keep_html: bool,
    /// Connection whose records a column of Salesforce IDs names; links contacts to them.
    #[arg(long, value_name = "CONNECTION")]
    link: Option<String>,
    /// Country of states in rows without a country, as a two-letter code.
    #[arg(long, value_name = "CODE")]
    default_country: Option<String>,
    /// Time zone of times without one, such as Europe/Berlin; UTC by default.
    #[arg(long, value_name = "ZONE")]
    time_zone: Option<String>,
    /// Where to save invalid rows; next to the file by default.
    #[arg(long, value_name = "FILE")]
    errors_file: Option<PathBuf>,
    /// Import the file even if it was imported before.
    #[arg(long)]
    again: bool,
    /// Show how the file would be imported. Nothing is imported.
    #[arg(long)]
    preview: bool,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum ExistingName {
    /// Update them with values from the file.
    Update,
    /// Leave them unchanged.
    Skip,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
pub(crate) enum DatesName {
    /// Day, month, year.
    Dmy,
    /// Month, day, year.
    Mdy,
    /// Year, month, day.
    Ymd,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum DecimalName {
    /// As in 1.5.
    Point,
    /// As in 1,5.
    Comma,
}

impl From<DecimalName> for DecimalSign {
    fn from(name: DecimalName) -> Self {
        match name {
            DecimalName::Point => Self::Point,
            DecimalName::Comma => Self::Comma,
        }
    }
}

impl From<DatesName> for DateOrder {
    fn from(name: DatesName) -> Self {
        match name {
            DatesName::Dmy => Self::Dmy,
            DatesName::Mdy => Self::Mdy,
            DatesName::Ymd => Self::Ymd,
        }
    }
}

fn key(text: &str) -> std::result::Result<ImportKey, String> {
    match (text, text.strip_prefix("custom:")) {
        ("email", _) => Ok(ImportKey::Email),
        ("none", _) => Ok(ImportKey::None),
        (_, Some(name)) if !name.trim().is_empty() => Ok(ImportKey::Custom(name.trim().to_owned())),
        _ => Err("use email, custom:NAME or none".to_owned()),
    }
}

pub(super) fn delimiter(text: &str) -> std::result::Result<char, String> {
    let mut signs = text.chars();
    match (text, signs.next(), signs.next()) {
        ("tab" | "\\t", _, _) => Ok('\t'),
        (_, Some(sign), None) => Ok(sign),
        _ => Err("use one character, or tab".to_owned()),
    }
}

fn request(args: &Import) -> ImportRequest {
    ImportRequest {
        file: args.file.clone(),
        map: args.map.clone(),
        key: args.key.clone(),
        existing: match args.existing {
            ExistingName::Update => Existing::Update,
            ExistingName::Skip => Existing::Skip,
        },
        create_custom_fields: args.create_custom_fields,
        create_accounts: args.create_accounts,
        encoding: args.encoding.clone(),
        delimiter: args.delimiter,
        sheet: args.sheet.clone(),
        header_row: args.header_row,
        dates: args.dates.map(Into::into),
        decimal: args.decimal.map(Into::into),
        keep_html: args.keep_html,
        link: args.link.clone(),
        default_country: args.default_country.clone(),
        time_zone: args.time_zone.clone(),
        errors_file: args.errors_file.clone(),
        again: args.again,
    }
}

pub(crate) fn run(args: &Import, app: &App, workspace: &Workspace) -> Result<Exit> {
    let request = request(args);
    if args.preview {
        let stop = interrupted(|| {});
        let shown = Shown::of(workspace, &request, &|| !stop.load(Ordering::SeqCst))?;
        app.terminal.clear();
        app.output.result(&shown, Shown::text);
        return Ok(Exit::AllWell);
    }
    let terminal = app.terminal.clone();
    let stop = interrupted(move || {
        terminal.say("Stopping after this page. Press Ctrl-C again to stop now.")
    });
    let outcome = contacts::import(workspace, &request, &|| !stop.load(Ordering::SeqCst))?;
    app.terminal.clear();
    app.output.result(&outcome, text);
    Ok(match (outcome.finished, outcome.faulty) {
        (false, _) => Exit::Waiting,
        (true, 0) => Exit::AllWell,
        (true, _) => Exit::SomeNeedALook,
    })
}

/// How a file is understood, and what importing it would do.
#[derive(Serialize)]
struct Shown {
    #[serde(flatten)]
    preview: Preview,
    /// None where no column maps to a field.
    trial: Option<Trial>,
}

impl Shown {
    fn of(
        workspace: &Workspace,
        request: &ImportRequest,
        go_on: &dyn Fn() -> bool,
    ) -> Result<Self> {
        let preview = contacts::preview(workspace, request)?;
        let is_mapped = preview
            .columns
            .iter()
            .any(|column| column.sure.is_matched());
        let trial = is_mapped
            .then(|| contacts::try_out(workspace, request, go_on))
            .transpose()?;
        Ok(Self { preview, trial })
    }

    fn text(&self) -> String {
        let mut text = columns(&self.preview);
        match &self.trial {
            None => text.push_str(&remarks(&self.preview.warnings)),
            Some(trial) => {
                let parts = [
                    (trial.created, "new"),
                    (trial.updated, "changed"),
                    (trial.unchanged, "unchanged"),
                    (trial.skipped, "skipped"),
                    (trial.faulty, "invalid"),
                ];
                text.push_str(&format!("Importing it: {}", counts(trial.rows, &parts)));
                text.push_str(&faults(&trial.faults, None));
                text.push_str(&remarks(&trial.warnings));
            }
        }
        if self.preview.imported_before {
            text.push_str("This file was imported before.\n");
        }
        text
    }
}

/// Says how many rows there are, and what becomes of them.
fn counts(rows: u64, parts: &[(u64, &str)]) -> String {
    let parts: Vec<_> = parts
        .iter()
        .map(|(count, word)| format!("{} {word}", grouped(*count)))
        .collect();
    format!("{}: {}.\n", counted(rows, "row", "rows"), parts.join(", "))
}

fn text(outcome: &ImportOutcome) -> String {
    let mut text = String::new();
    if outcome.resumed {
        text.push_str("Continued an interrupted import.\n");
    }
    let parts = [
        (outcome.created, "new"),
        (outcome.updated, "changed"),
        (outcome.unchanged, "unchanged"),
        (outcome.skipped, "skipped"),
        (outcome.faulty, "invalid"),
    ];
    text.push_str(&counts(outcome.rows, &parts));
    if outcome.linked > 0 {
        let links = counted(outcome.linked, "contact", "contacts");
        text.push_str(&format!("Linked to Salesforce records: {links}.\n"));
    }
    if !outcome.custom_fields_created.is_empty() {
        text.push_str(&format!(
            "New custom fields: {}.\n",
            outcome.custom_fields_created.join(", ")
        ));
    }
    if !outcome.columns_ignored.is_empty() {
        text.push_str(&format!(
            "Skipped columns: {}.\n",
            outcome.columns_ignored.join(", ")
        ));
    }
    text.push_str(&faults(&outcome.faults, outcome.errors_file.as_deref()));
    text.push_str(&remarks(&outcome.warnings));
    let rest = outcome
        .warning_count
        .saturating_sub(outcome.warnings.len() as u64);
    if rest > 0 {
        text.push_str(&format!("  and {} more notes\n", grouped(rest)));
    }
    if !outcome.finished {
        text.push_str("The import was stopped. Run the same command to continue.\n");
    }
    text
}

/// Says what is wrong with which rows, and where they are.
pub(crate) fn faults(faults: &[Fault], file: Option<&Path>) -> String {
    let mut text = String::new();
    for fault in faults {
        let column = fault
            .column
            .as_ref()
            .map(|column| format!(", {column}"))
            .unwrap_or_default();
        text.push_str(&format!(
            "  row {}{column}: {}\n",
            grouped(fault.line),
            fault.reason
        ));
    }
    if let Some(file) = file {
        text.push_str(&format!(
            "The invalid rows are in {}. Fix them there and import that file.\n",
            file.display()
        ));
    }
    text
}

/// Says each remark once, with the rows that it is about.
pub(crate) fn remarks(warnings: &[Warning]) -> String {
    let mut rows_of: Vec<(String, Vec<String>)> = Vec::new();
    for warning in warnings {
        let row = warning.line.map(grouped);
        let text = match &warning.option {
            Some(option) => format!("{} ({option})", warning.text),
            None => warning.text.clone(),
        };
        match rows_of.iter_mut().find(|(known, _)| *known == text) {
            Some((_, rows)) => rows.extend(row),
            None => rows_of.push((text, row.into_iter().collect())),
        }
    }
    let said = rows_of.into_iter().map(|(text, rows)| match rows.len() {
        0 => format!("  {text}\n"),
        1 => format!("  row {}: {text}\n", rows[0]),
        _ => format!("  rows {}: {text}\n", rows.join("; ")),
    });
    said.collect()
}

fn columns(preview: &Preview) -> String {
    let mut table = Table::new(&["column", "maps to", "sure", "samples"]);
    for column in &preview.columns {
        let new = column
            .new_field
            .map(|kind| format!(" (new, {})", kind.name()))
            .unwrap_or_default();
        let field = column.field.clone().unwrap_or_else(|| "-".to_owned());
        let sure = serde_json::to_value(column.sure)
            .ok()
            .and_then(|word| word.as_str().map(str::to_owned));
        table.row([
            column.name.clone(),
            format!("{field}{new}"),
            sure.unwrap_or_default(),
            column.samples.join(" | "),
        ]);
    }
    let mut text = format!(
        "{}, {}",
        preview.format,
        counted(preview.bytes, "byte", "bytes")
    );
    if let Some(encoding) = &preview.encoding {
        text.push_str(&format!(", {encoding}"));
    }
    if let Some(delimiter) = preview.delimiter {
        text.push_str(&format!(", delimiter {delimiter:?}"));
    }
    text.push('\n');
    text.push_str(&place(preview));
    text.push_str(&table.text("No columns."));
    for column in &preview.columns {
        if let Some(consent) = &column.consent {
            text.push_str(&format!("  {}: {consent}.\n", column.name));
        }
    }
    text
}

/// Says where the column names are, and which sheets there are.
fn place(preview: &Preview) -> String {
    let mut text = String::new();
    if !preview.sheets.is_empty() {
        let names = preview.sheets.iter().map(|sheet| match sheet.hidden {
            true => format!("{} (hidden)", sheet.name),
            false => sheet.name.clone(),
        });
        let names: Vec<_> = names.collect();
        text.push_str(&format!("Sheets: {}.\n", names.join(", ")));
    }
    match (&preview.sheet, preview.header_row) {
        (_, 0) => {}
        (Some(sheet), row) => {
            text.push_str(&format!("Column names: row {} of {sheet}.\n", grouped(row)));
        }
        (None, row) => text.push_str(&format!("Column names: row {}.\n", grouped(row))),
    }
    text
}
