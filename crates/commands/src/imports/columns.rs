//! Decides, once for a file, how each column is read: its target, its dates, its decimals.

use std::collections::{HashMap, HashSet};
use std::ops::ControlFlow;

use jiff::tz::TimeZone;
use leadferry_store::{ContactField, CustomField, CustomFieldId, FieldKind, Purpose};

use super::answers::Detail;
use super::consent::{self, ConsentColumn};
use super::dates::{self, DateManner, Order};
use super::header_names::{self, Means};
use super::headers::{self, Matched, Target};
use super::numbers::{self, DecimalSign, Signs};
use super::places;
use super::record_ids::is_record_id;
use super::source::{Cells, Event, Format, MOST_PULSES, Own, Source};
use super::values::Manner;
use super::{DateOrder, Error, ImportRequest, Result, Sureness, Warning};
use crate::sentence;

const SAMPLE_ROWS: usize = 1000;
const SAMPLE_BYTES: usize = 4 << 20;

/// The first rows of a file.
#[derive(Debug, Default)]
pub(crate) struct Sample {
    rows: Vec<(String, Vec<usize>)>,
}

impl Sample {
    /// Reads the first readable rows of a file.
    pub(crate) fn read(source: &Source) -> Result<Self> {
        let (mut rows, mut bytes, mut pulses) = (Vec::new(), 0, 0);
        source.for_each_row(&mut |event, _| {
            // Rows that are far apart are no reason to look at the whole file.
            pulses += u64::from(!matches!(event, Event::Row(_)));
            if let Event::Row(row) = event
                && row.fault.is_none()
            {
                let mut ends = Vec::with_capacity(row.cells.len());
                let mut text = String::new();
                for cell in row.cells.iter() {
                    text.push_str(cell);
                    ends.push(text.len());
                }
                bytes += text.len() + ends.len() * size_of::<usize>();
                rows.push((text, ends));
            }
            let enough =
                rows.len() >= SAMPLE_ROWS || bytes >= SAMPLE_BYTES || pulses >= MOST_PULSES;
            Ok(if enough {
                ControlFlow::Break(())
            } else {
                ControlFlow::Continue(())
            })
        })?;
        Ok(Self { rows })
    }

    /// Makes a sample of rows given.
    #[cfg(test)]
    pub(crate) fn of(rows: &[&[&str]]) -> Self {
        let row = |cells: &&[&str]| {
            let ends = cells
                .iter()
                .scan(0, |end, cell| {
                    *end += cell.len();
                    Some(*end)
                })
                .collect();
            (cells.concat(), ends)
        };
        Self {
            rows: rows.iter().map(row).collect(),
        }
    }

    /// Returns the cells of one column.
    pub(crate) fn column(&self, at: usize) -> Vec<&str> {
        self.rows
            .iter()
            .map(|(text, ends)| Cells::new(text, ends).get(at))
            .collect()
    }
}

/// A column, where it goes and how its cells are written.
#[derive(Debug, Clone)]
pub(crate) struct Column {
    pub(crate) matched: Matched,
    pub(crate) manner: Manner,
}

/// All columns of a file.
#[derive(Debug)]
pub(crate) struct Columns {
    pub(crate) columns: Vec<Column>,
    pub(crate) sample: Sample,
    /// What could not be decided for sure.
    pub(crate) warnings: Vec<Warning>,
    /// Cells are values as they are stored.
    pub(crate) exported: bool,
}

/// What is settled before the columns are looked at.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Fixed<'a> {
    /// The workspace's time zone.
    pub(crate) zone: &'a str,
    /// The current year.
    pub(crate) year: i16,
    /// What contacts can answer.
    pub(crate) purposes: &'a [Purpose],
    /// Custom fields that an interrupted import made for columns, by position.
    pub(crate) fields: &'a [(usize, CustomFieldId)],
}

/// Decides how the columns of a file are read.
pub(crate) fn decide(
    source: &Source,
    request: &ImportRequest,
    custom: &[CustomField],
    fixed: &Fixed<'_>,
) -> Result<Columns> {
    let sample = Sample::read(source)?;
    if request.map.is_empty() && source.own != Own::Export && is_on_its_side(source, &sample) {
        return Err(Error::OnItsSide);
    }
    if request.map.is_empty()
        && let Some(label) = label_in_lines(source, &sample)
    {
        return Err(Error::InLines { label });
    }
    let usual = match source.format {
        _ if request.decimal.is_some() => request.decimal.unwrap_or(DecimalSign::Point),
        // Semicolons separate cells where commas separate decimals.
        Format::Csv { dialect, .. } if dialect.delimiter == b';' => DecimalSign::Comma,
        _ => DecimalSign::Point,
    };
    let matched = headers::match_columns(
        &source.header,
        &headers::Known {
            request,
            custom,
            purposes: fixed.purposes,
            fixed: fixed.fields,
            sample: &sample,
            sign: usual,
            exported: source.own == Own::Export,
        },
    )
    .map_err(|error| nothing_known(error, source))?;
    let zone_name = request.time_zone.as_deref().unwrap_or(fixed.zone);
    let zone = TimeZone::get(zone_name)
        .map_err(|_| Error::Mapping(format!("the time zone \"{zone_name}\" doesn't exist")))?;
    let orders: HashMap<usize, Order> = matched
        .iter()
        .enumerate()
        .filter(|(_, column)| is_dates(&column.target) || may_be_moments(&column.target))
        .map(|(at, _)| (at, dates::order(sample.column(at).into_iter())))
        .collect();
    let (fallback, mut warnings) = (
        fallback_order(&orders, &matched, &sample, request),
        source.remarks.clone(),
    );
    let mut columns = Vec::with_capacity(matched.len());
    for (at, matched) in matched.into_iter().enumerate() {
        let order = match (request.dates, orders.get(&at)) {
            (Some(told), _) => told,
            (None, Some(Order::Known(order))) => *order,
            (None, Some(Order::Mixed(order))) => {
                warnings.push(mixed(&matched.name, *order));
                *order
            }
            (None, Some(Order::Unclear)) => {
                warnings.push(unclear(&matched.name, fallback));
                fallback
            }
            (None, _) => fallback,
        };
        let is_birthday = matches!(matched.target, Target::Field(ContactField::Birthday, _));
        let dates = DateManner {
            order,
            latest: if is_birthday {
                fixed.year
            } else {
                fixed.year.saturating_add(20)
            },
            mixed: request.dates.is_none() && matches!(orders.get(&at), Some(Order::Mixed(_))),
        };
        let sign = match (request.decimal, is_numbers(&matched.target)) {
            (Some(told), _) => told,
            (None, false) => usual,
            (None, true) => match numbers::signs(sample.column(at).into_iter()) {
                Signs::Known(sign) => sign,
                Signs::Irrelevant => usual,
                Signs::Unclear(number) => {
                    let sign = whole_sign(&matched.target, &number).unwrap_or(usual);
                    warnings.push(unclear_numbers(&matched.name, &number, sign));
                    sign
                }
            },
        };
        columns.push(Column {
            matched,
            manner: Manner {
                dates,
                sign,
                zone: zone.clone(),
            },
        });
    }
    let mut columns = Columns {
        columns,
        sample,
        warnings,
        exported: source.own == Own::Export,
    };
    let elsewhere = columns.consent_elsewhere();
    columns.warnings.extend(elsewhere);
    if request.link.is_none() {
        let is_open = |column: &Column| {
            matches!(
                column.matched.target,
                Target::Nowhere | Target::NewField(..)
            )
        };
        let mut all = columns.columns.iter().enumerate();
        let found = all.find(|(at, column)| is_open(column) && columns.has_record_ids(*at));
        let offer = found.map(|(_, column)| offer_to_link(&column.matched.name));
        columns.warnings.extend(offer);
    }
    Ok(columns)
}

/// Tells whether the names of the columns stand below each other in the first one, and a person in each of the others.
fn is_on_its_side(source: &Source, sample: &Sample) -> bool {
    let Some((first, others)) = source.header.split_first() else {
        return false;
    };
    let is_known = |name: &&String| header_names::meaning_of(name).is_some();
    if others.iter().any(|name| is_known(&name)) {
        return false;
    }
    let cells = sample.column(0);
    let filled: Vec<&str> = std::iter::once(first.as_str())
        .chain(cells)
        .filter(|cell| !cell.trim().is_empty())
        .collect();
    let means: HashSet<Means> = filled
        .iter()
        .filter_map(|cell| Some(header_names::meaning_of(cell)?.0))
        .collect();
    let of_people = means
        .iter()
        .filter(|means| header_names::is_of_person(**means));
    2 * means.len() > filled.len() && of_people.count() > 1
}

/// Returns a label of a file whose lines are such as *Email: mira@example.com*; nothing where it is none.
fn label_in_lines(source: &Source, sample: &Sample) -> Option<String> {
    let cells = sample.column(0);
    let lines = source
        .header
        .first()
        .map(String::as_str)
        .into_iter()
        .chain(cells);
    let lines: Vec<&str> = lines.filter(|line| !line.trim().is_empty()).collect();
    let labelled = lines.iter().filter_map(|line| {
        let (label, value) = line.split_once(':')?;
        let (means, _) = header_names::meaning_of(label.trim())?;
        (!value.trim().is_empty() && header_names::is_of_person(means))
            .then_some((means, label.trim()))
    });
    let labelled: Vec<(Means, &str)> = labelled.collect();
    let different: HashSet<Means> = labelled.iter().map(|(means, _)| *means).collect();
    let is_it = 2 * labelled.len() > lines.len() && different.len() > 1;
    labelled
        .first()
        .filter(|_| is_it)
        .map(|(_, label)| (*label).to_owned())
}

fn offer_to_link(column: &str) -> Warning {
    Warning::of_file(format!(
        "\"{column}\" holds the IDs of Salesforce records. To link the contacts to these records, choose the connection \
         that they belong to."
    ))
    .with_option("--link CONNECTION")
}

/// Says which columns and other sheets there are where no column is known.
fn nothing_known(error: Error, source: &Source) -> Error {
    let Error::NothingMapped = error else {
        return error;
    };
    let is_read = |name: &str| matches!(&source.format, Format::Xlsx { sheet } if sheet == name);
    let others = source.sheets.iter().filter(|sheet| !is_read(&sheet.name));
    Error::NoKnownColumn {
        columns: source.header.clone(),
        sheets: others.map(|sheet| sheet.name.clone()).collect(),
    }
}

/// Returns the columns of a file of which none is known, so that they can be looked at and mapped.
pub(crate) fn unmapped(source: &Source, why: &Error) -> Result<Columns> {
    let manner = Manner {
        dates: DateManner {
            order: DateOrder::Dmy,
            latest: 0,
            mixed: false,
        },
        sign: DecimalSign::Point,
        zone: TimeZone::UTC,
    };
    let column = |name: &String| Column {
        matched: Matched {
            name: name.clone(),
            target: Target::Nowhere,
            sure: Sureness::Unmatched,
            rank: 0,
        },
        manner: manner.clone(),
    };
    let mut warnings = source.remarks.clone();
    warnings.push(Warning::of_file(sentence(&why.to_string())));
    Ok(Columns {
        columns: source.header.iter().map(column).collect(),
        sample: Sample::read(source)?,
        warnings,
        exported: false,
    })
}

/// Tells whether a column holds dates.
pub(crate) fn is_dates(target: &Target) -> bool {
    let is_moment = matches!(target, Target::Detail(Detail::Moment | Detail::Asked));
    is_moment || matches!(kind(target), Some(FieldKind::Date | FieldKind::DateTime))
}

/// Tells whether the cells of a column may be moments: those of an answer.
fn may_be_moments(target: &Target) -> bool {
    matches!(
        target,
        Target::Answer(_)
            | Target::Means(Means::Consent(
                ConsentColumn::OptOut(_) | ConsentColumn::NoContact | ConsentColumn::OptIn(_)
            ))
    )
}

/// Tells whether a column holds numbers.
pub(crate) fn is_numbers(target: &Target) -> bool {
    matches!(
        kind(target),
        Some(
            FieldKind::Integer
                | FieldKind::LongInteger
                | FieldKind::Decimal { .. }
                | FieldKind::Float
        )
    )
}

/// Returns the sign before decimals that leaves a number whole, where the field takes no others.
fn whole_sign(target: &Target, number: &str) -> Option<DecimalSign> {
    let is_whole = matches!(
        kind(target),
        Some(FieldKind::Integer | FieldKind::LongInteger)
    );
    is_whole.then(|| match number.contains('.') {
        true => DecimalSign::Comma,
        false => DecimalSign::Point,
    })
}

/// Returns the kind of the field that a column goes into.
pub(crate) fn kind(target: &Target) -> Option<FieldKind> {
    match target {
        Target::Field(_, kind) | Target::NewField(_, kind) => Some(*kind),
        _ => None,
    }
}

/// The order for columns that leave it open: that of the other columns, else the country's, else day first.
fn fallback_order(
    orders: &HashMap<usize, Order>,
    matched: &[Matched],
    sample: &Sample,
    request: &ImportRequest,
) -> DateOrder {
    let mut known: Vec<DateOrder> = orders
        .values()
        .filter_map(|order| match order {
            Order::Known(order) => Some(*order),
            _ => None,
        })
        .collect();
    known.dedup();
    if let [only] = known.as_slice() {
        return *only;
    }
    let country = |column: &Matched| {
        matches!(
            column.target,
            Target::Means(Means::Address(_, ContactField::Country))
                | Target::Field(ContactField::Country, _)
        )
    };
    let (mut american, mut other) = (0, 0);
    for at in (0..matched.len()).filter(|at| country(&matched[*at])) {
        for cell in sample.column(at) {
            match places::country(cell) {
                Some("US") => american += 1,
                Some(_) => other += 1,
                None => {}
            }
        }
    }
    if american == 0
        && other == 0
        && request.default_country.as_deref().and_then(places::country) == Some("US")
    {
        american = 1;
    }
    if american > other {
        DateOrder::Mdy
    } else {
        DateOrder::Dmy
    }
}

fn elsewhere(column: &str, channel: &str) -> String {
    format!(
        "\"{column}\" looks like consent to {channel}, and isn't read as consent to email. To keep it, map the column to a \
         purpose or a custom field."
    )
}

fn unclear(column: &str, order: DateOrder) -> Warning {
    let (read, other) = in_words(order);
    let text = format!(
        "The dates in \"{column}\" can be read in two ways. They're read as {read}, and can be read as {other} instead."
    );
    Warning::of_file(text).with_option(other_dates(order))
}

fn unclear_numbers(column: &str, number: &str, sign: DecimalSign) -> Warning {
    let (read, other) = match sign {
        DecimalSign::Point => ("a point", "a comma"),
        DecimalSign::Comma => ("a comma", "a point"),
    };
    Warning::of_file(format!(
        "The numbers in \"{column}\", such as {number}, can be read in two ways. They're read with {read} before the \
         decimals, and can be read with {other} instead."
    ))
    .with_option(match sign {
        DecimalSign::Point => "--decimal comma",
        DecimalSign::Comma => "--decimal point",
    })
}

fn mixed(column: &str, order: DateOrder) -> Warning {
    let (read, other) = in_words(order);
    let text = format!(
        "Some dates in \"{column}\" begin with the day and others with the month. Those that fit both are read as {read}, and can be read as {other} instead."
    );
    Warning::of_file(text).with_option(other_dates(order))
}

fn other_dates(order: DateOrder) -> &'static str {
    match order {
        DateOrder::Mdy => "--dates dmy",
        _ => "--dates mdy",
    }
}

/// Returns an order in words, and the other one.
fn in_words(order: DateOrder) -> (&'static str, &'static str) {
    match order {
        DateOrder::Mdy => ("month/day/year", "day/month/year"),
        _ => ("day/month/year", "month/day/year"),
    }
}

impl Columns {
    /// Checks that a column goes into the custom field that is the key.
    pub(crate) fn check_key(&self, id: CustomFieldId, name: &str) -> Result<()> {
        let is_key = |target: &Target| matches!(target, Target::Field(ContactField::Custom(field), _) if *field == id);
        let filled = self.columns.iter().any(|column| {
            is_key(&column.matched.target) && column.matched.sure != Sureness::Unmatched
        });
        if filled {
            return Ok(());
        }
        Err(Error::Mapping(format!(
            "no column maps to \"{name}\", which identifies contacts. Choose the column that does"
        )))
    }

    /// Returns the columns that hold something and go nowhere.
    pub(crate) fn ignored(&self) -> Vec<String> {
        let nowhere = self.nowhere().filter(|(at, column)| {
            let is_told = column.matched.sure == Sureness::Told;
            is_told && !column.matched.name.is_empty() || self.is_seen(*at)
        });
        nowhere
            .map(|(_, column)| column.matched.name.clone())
            .collect()
    }

    /// Returns the positions of columns that ask for consent by their names, and hold something else.
    pub(crate) fn odd_consent(&self) -> Vec<usize> {
        let odd = self.nowhere().filter(|(at, column)| {
            let cells = self.sample.column(*at);
            let mut filled = cells.iter().filter(|cell| !cell.trim().is_empty());
            let asks = matches!(
                consent::column(&column.matched.name),
                Some(ConsentColumn::OptIn(_))
            );
            asks && column.matched.sure != Sureness::Told
                && filled.any(|cell| !consent::is_time(cell.trim()))
        });
        odd.map(|(at, _)| at).collect()
    }

    /// Says which columns hold consent to what no opt-out stands for, and go nowhere.
    fn consent_elsewhere(&self) -> Vec<Warning> {
        let open = self
            .nowhere()
            .filter(|(_, column)| column.matched.sure != Sureness::Told);
        let told = open.filter_map(|(at, column)| {
            let name = &column.matched.name;
            let channel = consent::other_channel(name)?;
            let cells = self.sample.column(at);
            let mut filled = cells.iter().filter(|cell| !cell.trim().is_empty());
            filled
                .any(|cell| consent::is_yes_or_no(cell))
                .then(|| Warning::of_file(elsewhere(name, channel)))
        });
        told.collect()
    }

    /// Returns the positions of columns that go nowhere and hold nothing in the sample.
    pub(crate) fn unseen(&self) -> Vec<usize> {
        let unseen = self
            .nowhere()
            .filter(|(at, column)| column.matched.sure != Sureness::Told && !self.is_seen(*at));
        unseen.map(|(at, _)| at).collect()
    }

    fn nowhere(&self) -> impl Iterator<Item = (usize, &Column)> {
        let columns = self.columns.iter().enumerate();
        columns.filter(|(_, column)| column.matched.target == Target::Nowhere)
    }

    /// Tells whether a column holds ids of Salesforce records; a stray word such as *new* may stand among them.
    pub(crate) fn has_record_ids(&self, at: usize) -> bool {
        let cells = self.sample.column(at);
        let filled = cells.iter().filter(|cell| !cell.trim().is_empty());
        let (mut ids, mut others) = (0, 0);
        for cell in filled {
            match is_record_id(cell) {
                true => ids += 1,
                false => others += 1,
            }
        }
        ids > others
    }

    /// Tells whether a column holds something in the sample.
    fn is_seen(&self, at: usize) -> bool {
        let cells = self.sample.column(at);
        cells.iter().any(|cell| !cell.trim().is_empty())
    }

    /// Returns the position of the column that an errors file adds.
    pub(crate) fn reason_column(&self) -> Option<usize> {
        self.columns
            .iter()
            .position(|column| column.matched.target == Target::Means(Means::Reason))
    }
}

impl Sureness {
    /// Tells whether the column goes anywhere.
    pub fn is_matched(self) -> bool {
        self != Self::Unmatched
    }
}
