//! Turns the cells of a row into an activity.

use std::collections::HashMap;

use jiff::tz::TimeZone;
use leadferry_store::{ActivityPart, ActivityTypeId, Guid, NewActivity, counted};

use super::ActivitiesRequest;
use super::holding::{Holds, places};
use crate::imports::cells::{Class, Cleaned, is_blank};
use crate::imports::columns::Sample;
use crate::imports::dates::{self, DateManner, Order};
use crate::imports::emails;
use crate::imports::errors_file::REASON;
use crate::imports::gathering::{RowFault, RowReader};
use crate::imports::nobody;
use crate::imports::numbers::{self, DecimalSign};
use crate::imports::remarks::RowRemarks;
use crate::imports::run::year;
use crate::imports::source::{Cells, Row, Source};
use crate::imports::values::Reason;
use crate::imports::{DateOrder, Error, Result};

/// How the file is read, decided once.
pub(super) struct Layout {
    names: Vec<String>,
    /// What may stand in the cells of each column.
    classes: Vec<Class>,
    places: HashMap<Holds, usize>,
    manner: DateManner,
    zone: TimeZone,
    sign: DecimalSign,
    kind: Option<String>,
}

/// What a row says that can be read.
pub(super) struct Draft {
    pub(super) who: Who,
    /// The name of its type, which is looked up when the row is written.
    pub(super) kind: String,
    pub(super) new: NewActivity,
    /// What is told of its cells.
    pub(super) remarks: RowRemarks,
}

/// Whose activity it is.
pub(super) enum Who {
    Email(String),
    Guid(Guid),
}

impl Layout {
    /// Decides how the columns are read.
    ///
    /// # Errors
    /// [`Error::Mapping`] where a column is missing, or dates can be read in two ways.
    pub(super) fn decide(
        source: &Source,
        request: &ActivitiesRequest,
        zone: &str,
        now: i64,
    ) -> Result<Self> {
        let places = places(&source.header, &request.map)?;
        if !places.contains_key(&Holds::Email) && !places.contains_key(&Holds::Guid) {
            return Err(Error::Mapping(
                "no column has the contact's email or guid. Choose the column that does".into(),
            ));
        }
        if !places.contains_key(&Holds::Kind) && request.kind.is_none() {
            return Err(Error::Mapping(
                "no column has the type of activity. Choose the column that does, or one type for all rows".into(),
            ));
        }
        let Some(time) = places.get(&Holds::Time) else {
            return Err(Error::Mapping(
                "no column has the time of the activity. Choose the column that does".into(),
            ));
        };
        let sample = Sample::read(source)?;
        let order = match (
            request.dates,
            dates::order(sample.column(*time).into_iter()),
        ) {
            (Some(order), _) | (None, Order::Known(order)) => order,
            (None, Order::Irrelevant) => DateOrder::Ymd,
            (None, Order::Unclear | Order::Mixed(_)) => {
                return Err(Error::Mapping(
                    "dates like 03/04/2026 can be read in two ways. Choose whether the day or the month comes \
                     first".into(),
                ));
            }
        };
        let sign = match places.get(&Holds::Value) {
            Some(at) => numbers::decimal_sign(sample.column(*at).into_iter(), DecimalSign::Point),
            None => DecimalSign::Point,
        };
        let zone = request.time_zone.as_deref().unwrap_or(zone);
        Ok(Self {
            names: source.header.clone(),
            classes: classes(source.header.len(), &places),
            places,
            manner: DateManner {
                order,
                latest: year(now),
                mixed: false,
            },
            zone: TimeZone::get(zone)
                .map_err(|_| Error::Mapping(format!("the time zone \"{zone}\" doesn't exist")))?,
            sign,
            kind: request.kind.clone(),
        })
    }

    /// Returns a column's name.
    pub(super) fn name(&self, at: usize) -> &str {
        self.names.get(at).map_or("", String::as_str)
    }

    /// Returns the position of the column that an errors file adds.
    pub(super) fn reason_column(&self) -> Option<usize> {
        self.names.iter().position(|name| name == REASON)
    }

    /// Returns the columns that go nowhere.
    pub(super) fn ignored(&self) -> Vec<String> {
        let is_used = |at: usize| self.places.values().any(|used| *used == at);
        let names = self.names.iter().enumerate();
        names
            .filter(|(at, name)| !is_used(*at) && !name.is_empty() && *name != REASON)
            .map(|(_, name)| name.clone())
            .collect()
    }

    fn cell<'c>(&self, cells: Cells<'c>, holds: Holds) -> Option<&'c str> {
        let text = cells.get(*self.places.get(&holds)?).trim();
        (!text.is_empty()).then_some(text)
    }

    /// Returns a fault of the column that holds something.
    pub(super) fn fault(&self, holds: Holds, reason: impl Into<Reason>) -> RowFault {
        RowFault {
            column: self.places.get(&holds).copied(),
            reason: reason.into(),
        }
    }

    fn read(&self, cells: Cells<'_>, remarks: RowRemarks, now: i64) -> Result<Draft, RowFault> {
        let extra = (self.names.len()..cells.len()).find(|at| !cells.get(*at).trim().is_empty());
        if let Some(extra) = extra {
            return Err(RowFault::of_row(format!(
                "the row has {} cells, but the file has {}",
                extra + 1,
                counted(self.names.len() as u64, "column", "columns")
            )));
        }
        if nobody::repeats(cells, self.names.iter().map(String::as_str)) {
            return Err(RowFault::of_row(nobody::REPEATED));
        }
        let who = match (
            self.cell(cells, Holds::Guid),
            self.cell(cells, Holds::Email),
        ) {
            (Some(text), email) => match (Guid::parse(text), email) {
                (Ok(guid), _) => Who::Guid(guid),
                // Other programs have ids of their own.
                (Err(_), Some(email)) => Who::Email(self.email(email)?),
                (Err(_), None) => {
                    let reason = "this isn't a Leadferry ID, which has 32 hex digits";
                    return Err(self.fault(Holds::Guid, reason));
                }
            },
            (None, Some(email)) => Who::Email(self.email(email)?),
            (None, None) => return Err(self.fault(Holds::Email, "the contact is missing")),
        };
        let kind = self.cell(cells, Holds::Kind).or(self.kind.as_deref());
        let kind = kind.ok_or_else(|| self.fault(Holds::Kind, "the type is missing"))?;
        let time = self.cell(cells, Holds::Time);
        let time = time.ok_or_else(|| self.fault(Holds::Time, "the time is missing"))?;
        let at = dates::moment(time, &self.manner, &self.zone).ok_or_else(|| {
            self.fault(
                Holds::Time,
                "this isn't a date and time such as 2026-01-31 10:00",
            )
        })?;
        let value = match self.cell(cells, Holds::Value) {
            Some(text) => Some(
                numbers::float(text, self.sign)
                    .ok_or_else(|| self.fault(Holds::Value, "this isn't a number"))?,
            ),
            None => None,
        };
        let text = |holds| self.cell(cells, holds).map(str::to_owned);
        let new = NewActivity {
            kind: ActivityTypeId(0),
            at,
            value,
            url: text(Holds::Url),
            title: text(Holds::Title),
            note: text(Holds::Note),
        };
        if let Some((field, reason)) = new.fault(now) {
            return Err(self.fault(column_of(field), reason));
        }
        Ok(Draft {
            who,
            kind: kind.to_owned(),
            new,
            remarks,
        })
    }

    /// Returns the address of a cell; of several the first, as a contact's import has it.
    fn email(&self, cell: &str) -> Result<String, RowFault> {
        let found = emails::addresses(cell).unwrap_or_default();
        let first = found.first().map(|address| (*address).to_owned());
        first.ok_or_else(|| self.fault(Holds::Email, "this isn't an email address"))
    }
}

/// Returns what may stand in the cells of so many columns.
fn classes(columns: usize, places: &HashMap<Holds, usize>) -> Vec<Class> {
    let mut classes = vec![Class::Text; columns];
    for (holds, at) in places {
        classes[*at] = match holds {
            Holds::Email => Class::Email,
            Holds::Url => Class::Url,
            Holds::Time | Holds::Value => Class::Other,
            Holds::Guid | Holds::Kind | Holds::Title => Class::Line,
            Holds::Note => Class::Text,
        };
    }
    classes
}

fn column_of(field: ActivityPart) -> Holds {
    match field {
        ActivityPart::Time => Holds::Time,
        ActivityPart::Value => Holds::Value,
        ActivityPart::Url => Holds::Url,
        ActivityPart::Title => Holds::Title,
        ActivityPart::Note => Holds::Note,
    }
}

/// Reads the rows of activities.
pub(super) struct ActivityReader<'l> {
    layout: &'l Layout,
    now: i64,
    reason_column: Option<usize>,
}

impl<'l> ActivityReader<'l> {
    /// Activities cannot lie after `now`, UTC milliseconds.
    pub(super) fn new(layout: &'l Layout, now: i64) -> Self {
        Self {
            layout,
            now,
            reason_column: layout.reason_column(),
        }
    }
}

impl RowReader for ActivityReader<'_> {
    type Draft = Draft;

    fn reason_column(&self) -> Option<usize> {
        self.reason_column
    }

    fn read(&mut self, row: &Row<'_>) -> Result<Option<Draft>, RowFault> {
        let cells = row.cells;
        if (0..cells.len()).all(|at| Some(at) == self.reason_column || is_blank(cells.get(at))) {
            return Ok(None);
        }
        let mut remarks = RowRemarks::new();
        let cleaned = Cleaned::of(cells, &self.layout.classes, false, &mut remarks);
        let cells = cleaned.as_ref().map_or(cells, Cleaned::cells);
        self.layout.read(cells, remarks, self.now).map(Some)
    }
}
