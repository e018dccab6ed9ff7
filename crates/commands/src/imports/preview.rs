//! What an import would make of a file, before anything is changed.

use std::borrow::Cow;
use std::ops::ControlFlow;

use leadferry_store::{ContactField, FieldKind, Purpose, Store};
use serde::{Deserialize, Serialize};

use super::answers::{AnswerColumn, CONSENT};
use super::cells;
use super::columns::{self, Column};
use super::consent::ConsentColumn;
use super::contact_rows::class;
use super::header_names::Means;
use super::header_row::Candidate;
use super::headers::Target;
use super::run::reading;
use super::source::{Format, Source};
use super::{
    DateOrder, DecimalSign, Error, ImportProgress, ImportRequest, Result, Sheet, Sureness, Warning,
};

const SAMPLES: usize = 3;
/// Looking at a file reads no date, so the year that two digits mean does not matter.
const LATEST_YEAR: i16 = 2050;
const SAMPLE_LENGTH: usize = 60;
/// So many cells tell one row from another.
const FIRST_CELLS: usize = 6;

/// What an import would make of a file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ts_rs::TS, Deserialize)]
pub struct Preview {
    /// `csv`, `xlsx` or `vcard`.
    pub format: String,
    /// The encoding of text.
    pub encoding: Option<String>,
    /// What separates its cells.
    pub delimiter: Option<char>,
    /// What quotes its cells.
    pub quote: Option<char>,
    /// The sheet of a spreadsheet.
    pub sheet: Option<String>,
    /// All sheets of it.
    pub sheets: Vec<Sheet>,
    /// The row with the column names as the file counts; 0 where it has none.
    pub header_row: u64,
    /// The first rows that are not blank, to choose another one from.
    pub first_rows: Vec<FirstRow>,
    /// Size of the file in bytes.
    pub bytes: u64,
    /// The columns in file order.
    pub columns: Vec<ColumnPreview>,
    /// What could not be decided for sure.
    pub warnings: Vec<Warning>,
    /// An earlier import of the same file, if there was one.
    pub imported_before: bool,
}

/// A row at the beginning of a file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ts_rs::TS, Deserialize)]
pub struct FirstRow {
    /// The row as the file counts, from 1.
    pub number: u64,
    /// Its first filled cells, shortened.
    pub cells: Vec<String>,
}

impl FirstRow {
    pub(super) fn of(row: &Candidate) -> Self {
        let filled = row.cells.iter().filter(|cell| !cell.is_empty());
        Self {
            number: row.number,
            cells: filled.take(FIRST_CELLS).map(|cell| short(cell)).collect(),
        }
    }
}

/// What would become of one column.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ts_rs::TS, Deserialize)]
pub struct ColumnPreview {
    /// Its name.
    pub name: String,
    /// The field that it goes into, in the words of a request's map; `None` goes nowhere.
    pub field: Option<String>,
    /// Its kind, where a custom field would be made for it.
    pub new_field: Option<FieldKind>,
    /// The order in which its dates are read, of a column of dates.
    pub dates: Option<DateOrder>,
    /// The sign before the decimals, of a column of numbers.
    pub decimal: Option<DecimalSign>,
    /// Its cells are ids of Salesforce records.
    pub record_ids: bool,
    /// What its cells mean, of a column about consent.
    pub consent: Option<String>,
    /// How sure that is.
    pub sure: Sureness,
    /// The first filled cells, shortened.
    pub samples: Vec<String>,
}

/// Looks at a file and says what an import would make of it; `progress` is called while the file is read and may break.
///
/// # Errors
/// Whatever keeps the whole file out, such as [`super::Error::Missing`] or [`super::Error::NoSuchColumn`];
/// [`super::Error::Stopped`] when `progress` breaks.
pub fn preview(
    store: &Store,
    request: &ImportRequest,
    progress: &mut dyn FnMut(&ImportProgress) -> ControlFlow<()>,
) -> Result<Preview> {
    let source = Source::open(request, &mut reading(progress))?;
    let (custom, purposes, zone, before) = store.read::<_, super::Error>(|reader| {
        Ok((
            reader.custom_fields()?,
            reader.purposes()?,
            reader.time_zone()?,
            reader.import_by_hash(&source.hash)?.is_some(),
        ))
    })?;
    let fixed = columns::Fixed {
        zone: &zone,
        year: LATEST_YEAR,
        purposes: &purposes,
        fields: &[],
    };
    let columns = match columns::decide(&source, request, &custom, &fixed) {
        // Another sheet or row can be chosen, and columns can be mapped.
        Err(why @ (Error::NoKnownColumn { .. } | Error::OnItsSide | Error::InLines { .. })) => {
            columns::unmapped(&source, &why)?
        }
        decided => decided?,
    };
    let field_name = |field: ContactField| match field {
        ContactField::Custom(id) => custom
            .iter()
            .find(|known| known.id == id)
            .map(|known| format!("custom:{}", known.name))
            .unwrap_or_default(),
        built_in => built_in.to_string(),
    };
    let look = |(at, column): (usize, &Column)| {
        let sample = columns.sample.column(at).into_iter();
        // As they would come in.
        let texts = sample.map(|cell| match columns.exported {
            true => Cow::Borrowed(cell),
            false => cells::clean(cell, class(column), request.keep_html).0,
        });
        let filled = texts.filter(|text| !text.trim().is_empty());
        ColumnPreview {
            name: column.matched.name.clone(),
            field: target_name(&column.matched.target, field_name, &purposes),
            new_field: match column.matched.target {
                Target::NewField(_, kind) => Some(kind),
                _ => None,
            },
            dates: columns::is_dates(&column.matched.target).then_some(column.manner.dates.order),
            decimal: columns::is_numbers(&column.matched.target).then_some(column.manner.sign),
            record_ids: columns.has_record_ids(at),
            consent: match column.matched.target {
                Target::Means(Means::Consent(consent)) => Some(consent.meaning().to_owned()),
                Target::Answer(purpose) => {
                    let column = AnswerColumn::new(at, &column.matched.name, purpose);
                    Some(column.meaning().to_owned())
                }
                Target::Detail(detail) => Some(detail.meaning().to_owned()),
                _ => None,
            },
            sure: column.matched.sure,
            samples: filled
                .take(SAMPLES)
                .map(|text| short(text.trim()))
                .collect(),
        }
    };
    let (encoding, delimiter, quote, sheet) = match &source.format {
        Format::Csv {
            encoding, dialect, ..
        } => (
            Some(encoding.name()),
            Some(dialect.delimiter.into()),
            Some(dialect.quote.into()),
            None,
        ),
        Format::Xlsx { sheet } => (None, None, None, Some(sheet.clone())),
        Format::Vcard { encoding } => (Some(encoding.name()), None, None, None),
        Format::Mended(_) => (None, None, None, None),
    };
    // A vCard has a column for whatever one may hold; what none of these people has tells nothing.
    let is_vcard = matches!(source.format, Format::Vcard { .. });
    let is_told = |column: &ColumnPreview| !is_vcard || !column.samples.is_empty();
    let looked_at = columns.columns.iter().enumerate().map(look);
    Ok(Preview {
        format: source.format.name().to_owned(),
        encoding,
        delimiter,
        quote,
        sheet,
        sheets: source.sheets.clone(),
        header_row: source.header_row,
        first_rows: source.head.iter().map(FirstRow::of).collect(),
        bytes: source.bytes,
        columns: looked_at.filter(is_told).collect(),
        warnings: columns.warnings.clone(),
        imported_before: before,
    })
}

fn short(cell: &str) -> String {
    cell.chars().take(SAMPLE_LENGTH).collect()
}

fn target_name(
    target: &Target,
    field_name: impl Fn(ContactField) -> String,
    purposes: &[Purpose],
) -> Option<String> {
    Some(match target {
        Target::Answer(id) => {
            let purpose = purposes.iter().find(|purpose| purpose.id == *id)?;
            format!("{CONSENT}{}", purpose.path)
        }
        Target::Detail(detail) => detail.name().to_owned(),
        Target::Field(field, _) => field_name(*field),
        Target::NewField(name, _) => format!("custom:{name}"),
        Target::Account(field) => format!("account:{field}"),
        Target::Means(means) => match means {
            Means::Field(field) | Means::Address(_, field) => field.to_string(),
            Means::Email => ContactField::Email.to_string(),
            Means::FullName => "full_name".to_owned(),
            Means::LastNamePrefix | Means::SecondLastName => ContactField::LastName.to_string(),
            Means::PostalCity(_) => ContactField::PostalCode.to_string(),
            Means::Degree => ContactField::Salutation.to_string(),
            Means::HouseNumber(_) => ContactField::AddressLine1.to_string(),
            Means::Title => ContactField::JobTitle.to_string(),
            Means::BirthYear | Means::BirthMonth | Means::BirthDay => {
                ContactField::Birthday.to_string()
            }
            Means::Phone(_) | Means::PhoneKind(_) => ContactField::BusinessPhone.to_string(),
            Means::Consent(ConsentColumn::Mark) => ContactField::DoNotSend.to_string(),
            Means::Consent(column) => column.channels().first()?.field().to_string(),
            Means::RecordId => "record_id".to_owned(),
            Means::Reason | Means::Own => return None,
        },
        Target::Nowhere => return None,
    })
}
