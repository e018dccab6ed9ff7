//! What is told of cells that were taken in otherwise than they stand in the file, counted by column.

use std::collections::BTreeMap;

use leadferry_store::counted;

use super::Warning;
use super::dates::NoSuchDay;

/// Why a cell isn't a value as it stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Remark {
    /// The field is filled from another column.
    SecondValue,
    /// A third email address has no field.
    MoreEmails,
    /// It isn't an email address, and another column has one.
    NoEmail,
    /// It says less of the name than what the contact has.
    NameKept,
    /// Its second number or address has no field.
    MoreNumbers,
    /// Its second number fills another field.
    NextNumber,
    /// It can't be read as what its field holds.
    Unreadable(&'static str),
    /// It is longer than its field takes.
    TooLong,
    /// It is a company, and the row has nothing else.
    OnlyCompany,
    /// It is the name of a company, and the column for that is empty.
    Company,
    /// It has more than a name in it.
    BesideName,
    /// Only a mail server of its own understands the address in it.
    InternalAddress,
    /// It is a birthday to come.
    Future,
    /// It says that there is no value.
    Placeholder,
    /// A spreadsheet program has put a failure or a rounded number in the place of the value.
    Damaged,
    /// It is a formula whose result the file doesn't hold.
    Unsolved,
    /// It had HTML codes such as `&amp;`.
    Decoded,
    /// It had line breaks, and the field has one line.
    Joined,
    /// It is a day without a year.
    NoYear,
    /// It is a month or a year without a day.
    NoDay,
    /// It is a postal code whose leading zero a spreadsheet program has dropped.
    LostZero,
    /// It is a day that its month doesn't have.
    NoSuchDay(NoSuchDay),
    /// It is part of a date whose other parts are not all there.
    PartOfDate,
    /// UTF-8 had been read in a wrong encoding before it came here.
    Mended,
    /// Some of its letters were lost before it came here.
    Garbled,
    /// A column that was empty in the first rows, and goes nowhere.
    Unmapped,
    /// It isn't the id of a lead or a contact.
    NoRecord,
    /// The record is linked to another contact.
    RecordTaken,
    /// The contact is linked to another record.
    LinkKept,
    /// The country isn't known, and stays as text.
    UnknownCountry,
    /// The row has the names and numbers of an earlier one, and no email.
    Repeated,
    /// The email address did not work. That says nothing about consent.
    Bounced,
    /// It stands where an answer about consent is expected, and is no known word for one.
    UnknownAnswer,
    /// It says that they are no subscriber, which is neither a yes nor a no.
    NotAsked,
    /// It is no moment of an answer.
    UnknownMoment,
    /// It is a moment still to come.
    FutureMoment,
    /// It is no known word for how somebody answered.
    UnknownMethod,
    /// It is no wording of the purpose.
    UnknownWording,
    /// An earlier answer goes on counting: a no that only a later yes of their own takes back.
    Outweighed,
    /// The kind of a new field was guessed from cells before it, and doesn't take it.
    Misfit,
}

impl Remark {
    fn text(self, column: &str, count: u64, first: u64) -> String {
        let some = |one: &str| counted(count, one, &format!("{one}s"));
        let what = match self {
            Self::SecondValue => format!(
                "Not imported: {} in \"{column}\". Another column fills the same field",
                some("value")
            ),
            Self::MoreEmails => format!(
                "Not imported: the third email address in {} of \"{column}\"",
                some("cell")
            ),
            Self::NoEmail => format!(
                "Not imported: {} in \"{column}\" that can't be read as an email address. Another column has one",
                some("value")
            ),
            Self::NameKept => format!(
                "Kept the better name of the contact: {} in \"{column}\" with less of it, such as J. or JANE for Jane",
                some("cell")
            ),
            Self::MoreNumbers => format!(
                "Not imported: the second value in {} of \"{column}\"",
                some("cell")
            ),
            Self::NextNumber => format!(
                "Imported into another phone field: the second number in {} of \"{column}\"",
                some("cell")
            ),
            Self::Unreadable(what) => format!(
                "Left empty: {} in \"{column}\" that can't be read as {what}",
                some("value")
            ),
            Self::TooLong => format!(
                "Left empty: {} in \"{column}\" longer than the field takes",
                some("text")
            ),
            Self::OnlyCompany => format!(
                "Imported with a company alone: {} with nothing but \"{column}\". Headings of groups look like this",
                some("row")
            ),
            Self::Company => format!(
                "Imported as the company: {} in \"{column}\", such as Example GmbH",
                some("company name")
            ),
            Self::BesideName => format!(
                "Not imported: what stands beside the name in {} of \"{column}\", such as a note in brackets, a name at \
                 birth or a second person",
                some("cell")
            ),
            Self::InternalAddress => format!(
                "Not imported: {} in \"{column}\" with an address that only an Exchange server understands",
                some("cell")
            ),
            Self::Future => format!(
                "Imported as it stands, though in the future: {} in \"{column}\"",
                some("date")
            ),
            Self::Placeholder => format!(
                "Left empty: {} in \"{column}\" with a word for no value, such as N/A",
                some("cell")
            ),
            Self::Damaged => format!(
                "Left empty: {} in \"{column}\" damaged by a spreadsheet program, such as 4.9E+11 or #REF!",
                some("cell")
            ),
            Self::Unsolved => format!(
                "Left empty: {} in \"{column}\" without a saved result. Open the file in a spreadsheet program, save \
                 it, and import it again",
                some("formula")
            ),
            Self::Decoded => format!(
                "Decoded: HTML codes such as &amp; in {} of \"{column}\"",
                some("cell")
            ),
            Self::Joined => format!(
                "Line breaks replaced with commas: {} of \"{column}\"",
                some("cell")
            ),
            Self::NoRecord => format!(
                "Not linked: {} in \"{column}\" without the ID of a lead or contact",
                some("cell")
            ),
            Self::RecordTaken => format!(
                "Not linked: {} in \"{column}\" whose record is linked to another contact",
                some("value")
            ),
            Self::LinkKept => format!(
                "Not linked: {} in \"{column}\" of contacts linked to another record",
                some("value")
            ),
            Self::NoYear => format!(
                "Left empty: {} in \"{column}\" without a year",
                some("date")
            ),
            Self::NoDay => format!("Left empty: {} in \"{column}\" without a day", some("date")),
            Self::LostZero => format!(
                "Repaired: {} in \"{column}\" whose leading zero a spreadsheet program had dropped, such as 1067 for 01067",
                some("postal code")
            ),
            Self::NoSuchDay(day) => format!(
                "Left empty: {} in \"{column}\" that no calendar has, such as {day}",
                some("date")
            ),
            Self::PartOfDate => format!(
                "Left empty: {} of which \"{column}\" or another part is missing",
                some("birthday")
            ),
            Self::Mended => format!(
                "Repaired: letters that another program had damaged, such as JÃ¶rg for Jörg, in {} of \"{column}\"",
                some("cell")
            ),
            Self::Garbled => format!(
                "Imported as it stands, though its letters look damaged, as in J\u{fffd}rg: {} in \"{column}\". If they \
                 are, export the file again as UTF-8",
                some("value")
            ),
            Self::Unmapped => format!(
                "Not imported: {} in \"{column}\", which maps to no field",
                some("value")
            ),
            Self::Bounced => format!(
                "Not counted as an opt-out: {} in \"{column}\" where the email address didn't work",
                some("cell")
            ),
            Self::UnknownAnswer => format!(
                "Not understood as yes or no: {} in \"{column}\". Nothing was changed for these contacts",
                some("answer")
            ),
            Self::NotAsked => format!(
                "Neither consent nor an opt-out: {} in \"{column}\", such as Non-marketing contact or never subscribed. \
                 Nothing was changed for these contacts",
                some("cell")
            ),
            Self::UnknownMoment => format!(
                "Not understood as a time: {} in \"{column}\". These answers were recorded without it",
                some("cell")
            ),
            Self::FutureMoment => format!(
                "In the future: {} in \"{column}\". It doesn't count as the time of an answer",
                some("time")
            ),
            Self::UnknownMethod => format!(
                "Not understood: {} in \"{column}\" about how people answered. These answers were recorded as imported",
                some("cell")
            ),
            Self::UnknownWording => format!(
                "Not a wording of the purpose: {} in \"{column}\". These answers were recorded without it",
                some("cell")
            ),
            Self::Outweighed => format!(
                "Recorded, but not in force: {} in \"{column}\". An earlier refusal or a later answer counts",
                some("answer")
            ),
            Self::Misfit => format!(
                "Left empty: {} in \"{column}\" that the type of the new field doesn't take",
                some("cell")
            ),
            Self::Repeated => format!(
                "Possible duplicates: {} with the same name and details as an earlier row and no email",
                some("row")
            ),
            Self::UnknownCountry => format!(
                "Kept as text: {} in \"{column}\" without a known country",
                some("value")
            ),
        };
        format!("{what}. First in row {first}.")
    }
}

/// Remarks on the cells of one row, each with its column.
pub(crate) type RowRemarks = Vec<(usize, Remark)>;

/// Remarks on all rows.
#[derive(Debug, Default)]
pub(crate) struct Tally(BTreeMap<(usize, Remark), Told>);

/// How many cells a remark is on.
#[derive(Debug, Clone, Copy)]
struct Told {
    cells: u64,
    /// The first row.
    row: u64,
    /// The remark as it was made there.
    remark: Remark,
}

impl Tally {
    /// Adds the remarks on a row.
    pub(crate) fn add(&mut self, row: u64, remarks: &[(usize, Remark)]) {
        for (column, remark) in remarks {
            let told = self.entry(*column, row, *remark);
            told.cells += 1;
        }
    }

    /// Adds the remarks on later rows.
    pub(crate) fn merge(&mut self, later: Self) {
        for ((column, _), later) in later.0 {
            self.entry(column, later.row, later.remark).cells += later.cells;
        }
    }

    /// All days that don't exist are told together, with the first of them.
    fn entry(&mut self, column: usize, row: u64, remark: Remark) -> &mut Told {
        let kind = match remark {
            Remark::NoSuchDay(_) => Remark::NoSuchDay(NoSuchDay::default()),
            remark => remark,
        };
        self.0.entry((column, kind)).or_insert(Told {
            cells: 0,
            row,
            remark,
        })
    }

    /// Returns a warning for each column and remark; `name` gives a column's name.
    pub(crate) fn warnings(&self, name: impl Fn(usize) -> String) -> Vec<Warning> {
        let warning = |((column, _), told): (&(usize, Remark), &Told)| {
            Warning::of_file(told.remark.text(&name(*column), told.cells, told.row))
        };
        self.0.iter().map(warning).collect()
    }
}
