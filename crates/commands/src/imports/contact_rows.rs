//! Turns the cells of a row into the values of a contact.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet, HashSet};

use leadferry_store::{
    AccountField, Channel, ContactField, FieldKind, Guid, Value, Values, counted, email_key,
    grouped,
};

use super::answers::{AnswerColumn, ChannelMoments, Detail, RowAnswer, RowEvidence, time_in};
use super::cells::{self, Class, Cleaned};
use super::columns::{Column, Columns};
use super::consent::{ConsentColumn, Says};
use super::fold::fold;
use super::gathering::RowFault;
use super::header_names::Means;
use super::header_names::joined_names::{self, NameOrder};
use super::headers::Target;
use super::matching::hash_of;
use super::nobody::NamesIn;
use super::phone_cells::Number;
use super::places::Places;
use super::record_ids::NamedRecord;
use super::remarks::{Remark, RowRemarks};
use super::same_name::Kept;
use super::source::{Cells, Row};
use super::values::{self, Reason};
use super::{Sureness, damaged_letters, dates, emails, names, nobody, phone_cells, postal_codes};

/// What a row says about a contact.
#[derive(Debug, Default, PartialEq)]
pub(crate) struct Draft {
    /// Values by field; what is not here was empty in the file.
    pub(crate) values: Values,
    /// Fields of her account.
    pub(crate) account: BTreeMap<AccountField, String>,
    /// What is told of its cells.
    pub(crate) remarks: RowRemarks,
    /// The Salesforce records that it names.
    pub(crate) records: Vec<NamedRecord>,
    /// Who the contact was when the file was exported.
    pub(crate) guid: Option<Guid>,
    /// What they answered.
    pub(crate) answers: Vec<RowAnswer>,
    /// When, how and where they did so.
    pub(crate) evidence: RowEvidence,
    /// When they opted out and in.
    pub(crate) channels: ChannelMoments,
    /// Phone fields filled with the second number of a cell: a contact who has another one keeps it.
    pub(crate) spare: Vec<(usize, ContactField)>,
}

/// Phone fields for numbers that share a cell, in the order in which they are filled.
pub(crate) const PHONES: [ContactField; 4] = [
    ContactField::MobilePhone,
    ContactField::HomePhone,
    ContactField::BusinessPhone,
    // Only for what is called so.
    ContactField::Fax,
];

/// In a file with fewer columns a company alone is all that can be expected.
const MOST_OF_A_FEW: usize = 3;

/// So many people without an email are remembered.
const REMEMBERED: usize = 1_000_000;

/// What is remembered from row to row.
#[derive(Debug, Default)]
pub(crate) struct Memory {
    places: Places,
    /// Hashes of people without an email.
    people: HashSet<u64>,
}

/// What tells who a contact is.
const WHO: &[ContactField] = &[
    ContactField::FirstName,
    ContactField::MiddleName,
    ContactField::LastName,
    ContactField::Email,
    ContactField::Email2,
    ContactField::CompanyName,
    ContactField::BusinessPhone,
    ContactField::MobilePhone,
    ContactField::HomePhone,
];

/// The columns of a file, sorted by what becomes of them.
#[derive(Debug, Default)]
pub(crate) struct Layout {
    columns: Vec<Column>,
    /// What may stand in the cells of each column.
    classes: Vec<Class>,
    /// Plain fields, each with its columns in order of preference.
    fields: Vec<(ContactField, FieldKind, Vec<usize>)>,
    emails: Vec<usize>,
    full_names: Vec<usize>,
    /// Columns of whole names that begin with the last name, and how many words that has.
    last_names_first: BTreeMap<usize, usize>,
    /// Columns of whole names that end with two last names.
    two_last_names: BTreeSet<usize>,
    last_name_prefixes: Vec<usize>,
    second_last_names: Vec<usize>,
    degrees: Vec<usize>,
    /// Columns with a postal code and a city.
    postal_cities: Vec<usize>,
    record_ids: Vec<usize>,
    /// Columns that go nowhere and were empty as far as one has looked.
    unmapped: Vec<usize>,
    house_numbers: BTreeMap<u8, usize>,
    birth: [Option<usize>; 3],
    addresses: BTreeMap<u8, Vec<(ContactField, usize)>>,
    /// Phone numbers with the column that tells their kind.
    phones: Vec<(usize, Option<usize>)>,
    consents: Vec<(usize, ConsentColumn)>,
    answers: Vec<AnswerColumn>,
    details: Vec<(usize, Detail)>,
    /// Columns that are about consent by their names and hold something else.
    odd: Vec<usize>,
    accounts: Vec<(AccountField, usize)>,
    /// Columns whose content matters to tell a blank row.
    reason: Option<usize>,
    default_country: Option<&'static str>,
    /// HTML codes stay as they are.
    keep_html: bool,
    /// Cells are values as they are stored: an export comes back unchanged.
    exported: bool,
    /// The column with the guids, of an export.
    guids: Option<usize>,
}

impl Draft {
    /// Returns the key of the e-mail, if there is one.
    pub(crate) fn email_key(&self) -> Option<String> {
        self.values.text(ContactField::Email).and_then(email_key)
    }

    /// Returns what is told of second numbers, of which some are not taken since the contact has others.
    pub(crate) fn of_second_numbers(&self, kept: Kept) -> RowRemarks {
        let remark = |(at, field): &(usize, ContactField)| match kept.has(*field) {
            true => (*at, Remark::MoreNumbers),
            false => (*at, Remark::NextNumber),
        };
        self.spare.iter().map(remark).collect()
    }

    /// Tells whether it says no to a channel, or that nothing may be sent.
    pub(crate) fn opts_out(&self) -> bool {
        let channels = Channel::ALL.iter().any(|channel| self.refuses(*channel));
        channels || self.values.get(ContactField::DoNotSend) == Some(&Value::YesNo(true))
    }

    /// Tells whether it says no to a channel.
    pub(crate) fn refuses(&self, channel: Channel) -> bool {
        self.values.get(channel.field()) == Some(&Value::YesNo(true))
    }

    /// Tells whether it says who the contact is: a row of sums, or with nothing but a city, is nobody.
    pub(crate) fn names_someone(&self) -> bool {
        WHO.iter().any(|field| self.values.get(*field).is_some())
            || self.account.contains_key(&AccountField::Name)
    }
}

impl Layout {
    /// Sorts the columns; every custom field exists by now.
    pub(crate) fn new(
        columns: &Columns,
        default_country: Option<&'static str>,
        keep_html: bool,
    ) -> Self {
        let mut layout = Self {
            classes: columns.columns.iter().map(class).collect(),
            columns: columns.columns.clone(),
            reason: columns.reason_column(),
            unmapped: columns.unseen(),
            odd: columns.odd_consent(),
            default_country,
            keep_html,
            exported: columns.exported,
            // The first column is what tells an export from other files.
            guids: columns.exported.then_some(0),
            ..Self::default()
        };
        let mut order: Vec<usize> = (0..layout.columns.len()).collect();
        order.sort_by_key(|at| layout.columns[*at].matched.rank);
        for at in order {
            let target = layout.columns[at].matched.target.clone();
            layout.place(at, &target, &columns.columns);
        }
        layout
    }

    fn place(&mut self, at: usize, target: &Target, columns: &[Column]) {
        match target {
            Target::Field(field, kind) => {
                match self.fields.iter_mut().find(|known| known.0 == *field) {
                    Some(known) => known.2.push(at),
                    None => self.fields.push((*field, *kind, vec![at])),
                }
            }
            Target::Account(field) => self.accounts.push((*field, at)),
            Target::Answer(purpose) => {
                let name = &columns[at].matched.name;
                self.answers.push(AnswerColumn::new(at, name, *purpose));
            }
            Target::Detail(detail) => self.details.push((at, *detail)),
            Target::Means(means) => match *means {
                Means::Email => self.emails.push(at),
                Means::FullName => {
                    self.full_names.push(at);
                    match joined_names::order(&columns[at].matched.name) {
                        Some(NameOrder::LastNameFirst(words)) => {
                            self.last_names_first.insert(at, words);
                        }
                        Some(NameOrder::TwoLastNamesLast) => {
                            self.two_last_names.insert(at);
                        }
                        Some(NameOrder::FirstNameFirst) | None => {}
                    }
                }
                Means::LastNamePrefix => self.last_name_prefixes.push(at),
                Means::SecondLastName => self.second_last_names.push(at),
                Means::Degree => self.degrees.push(at),
                Means::RecordId => self.record_ids.push(at),
                Means::PostalCity(_) => self.postal_cities.push(at),
                Means::HouseNumber(group) => {
                    self.house_numbers.entry(group).or_insert(at);
                }
                Means::BirthYear => self.birth[0] = self.birth[0].or(Some(at)),
                Means::BirthMonth => self.birth[1] = self.birth[1].or(Some(at)),
                Means::BirthDay => self.birth[2] = self.birth[2].or(Some(at)),
                Means::Address(group, field) => {
                    self.addresses.entry(group).or_default().push((field, at))
                }
                Means::Phone(number) => {
                    let tells = |column: &Column| {
                        column.matched.target == Target::Means(Means::PhoneKind(number))
                    };
                    self.phones.push((at, columns.iter().position(tells)));
                }
                Means::Consent(column) => self.consents.push((at, column)),
                Means::Field(_)
                | Means::Title
                | Means::PhoneKind(_)
                | Means::Reason
                | Means::Own => {}
            },
            Target::NewField(..) | Target::Nowhere => {}
        }
    }

    /// Returns every contact field that a row may fill.
    pub(crate) fn contact_fields(&self) -> BTreeSet<ContactField> {
        use ContactField::{
            Birthday, BusinessPhone, DoNotSend, Email, Email2, Fax, FirstName, HomePhone, LastName,
            MobilePhone, Salutation, Suffix,
        };
        let mut fields: BTreeSet<_> = self.fields.iter().map(|(field, ..)| *field).collect();
        fields.extend(self.addresses.values().flatten().map(|(field, _)| *field));
        let mut also = |any: bool, more: &[ContactField]| {
            fields.extend(more.iter().copied().filter(|_| any));
        };
        also(!self.emails.is_empty(), &[Email, Email2]);
        also(
            !self.full_names.is_empty(),
            &[Salutation, FirstName, LastName, Suffix],
        );
        also(
            !self.postal_cities.is_empty(),
            &[ContactField::PostalCode, ContactField::City],
        );
        also(
            !self.last_name_prefixes.is_empty() || !self.second_last_names.is_empty(),
            &[LastName],
        );
        also(!self.degrees.is_empty(), &[Salutation]);
        also(self.birth.iter().any(Option::is_some), &[Birthday]);
        also(
            !self.phones.is_empty(),
            &[BusinessPhone, MobilePhone, HomePhone, Fax],
        );
        let has_phone = self.fields.iter().any(|(field, ..)| PHONES.contains(field));
        also(has_phone, &PHONES);
        for (_, column) in &self.consents {
            match column {
                ConsentColumn::Mark => fields.extend([DoNotSend]),
                column => fields.extend(column.channels().iter().map(|channel| channel.field())),
            }
        }
        fields
    }

    /// Tells whether a column fills a field by itself.
    pub(crate) fn fills(&self, at: usize, field: ContactField) -> bool {
        let is_email = field == ContactField::Email && self.emails.contains(&at);
        let plain = self.fields.iter().find(|known| known.0 == field);
        is_email || plain.is_some_and(|known| known.2.contains(&at))
    }

    /// Returns the columns of the first and the last name; whatever they are where there are none.
    pub(crate) fn name_columns(&self) -> [usize; 2] {
        let of = |field| {
            let plain = self.fields.iter().find(|known| known.0 == field);
            let plain = plain.and_then(|known| known.2.first());
            plain.or(self.full_names.first()).copied().unwrap_or(0)
        };
        [of(ContactField::FirstName), of(ContactField::LastName)]
    }

    /// Returns a column's name.
    pub(crate) fn name(&self, at: usize) -> &str {
        self.columns
            .get(at)
            .map_or("", |column| &column.matched.name)
    }

    fn names(&self) -> impl Iterator<Item = &str> {
        self.columns
            .iter()
            .map(|column| column.matched.name.as_str())
    }

    /// Tells whether a row holds the names of columns, and whether they are those of this file.
    pub(crate) fn names_in(&self, cells: Cells<'_>, after_blank: bool) -> Option<NamesIn> {
        match self.exported {
            true => None,
            false => nobody::names_in(cells, self.names(), after_blank),
        }
    }

    /// Tells whether a row holds nothing at all.
    pub(crate) fn is_blank(&self, cells: Cells<'_>) -> bool {
        (0..cells.len()).all(|at| Some(at) == self.reason || cells::is_blank(cells.get(at)))
    }

    /// Returns the position of the column that an errors file adds.
    pub(crate) fn reason(&self) -> Option<usize> {
        self.reason
    }

    /// Reads a row.
    pub(crate) fn read(&self, row: &Row<'_>, memory: &mut Memory) -> Result<Draft, RowFault> {
        let mut draft = Draft {
            guid: self
                .guids
                .and_then(|at| Guid::parse(row.cells.get(at).trim()).ok()),
            ..Draft::default()
        };
        let cleaned = match self.exported {
            true => None,
            false => Cleaned::of(row.cells, &self.classes, self.keep_html, &mut draft.remarks),
        };
        let cells = cleaned.as_ref().map_or(row.cells, Cleaned::cells);
        // An open quote in one row that meets another one further down makes one short row of many.
        if row.lines > 1 && cells.len() < self.columns.len() {
            let reason = format!(
                "the row spans {} lines and has too few cells. A quotation mark may be missing",
                grouped(row.lines)
            );
            return Err(RowFault::of_row(reason));
        }
        if let Some(extra) =
            (self.columns.len()..cells.len()).find(|at| !cells.get(*at).trim().is_empty())
        {
            let reason = format!(
                "the row has {} cells, but the file has {}",
                extra + 1,
                counted(self.columns.len() as u64, "column", "columns")
            );
            return Err(RowFault::of_row(reason));
        }
        if !self.exported && nobody::repeats(cells, self.names()) {
            return Err(RowFault::of_row(nobody::REPEATED));
        }
        let mut further = Vec::new();
        for (field, kind, columns) in &self.fields {
            let Some(at) = first_filled(cells, columns.iter().copied()) else {
                continue;
            };
            let cell = match *field {
                _ if self.exported => cells.get(at).into(),
                ContactField::Notes => joined(cells, columns, "\n"),
                _ => cells.get(at).into(),
            };
            let stored = self
                .exported
                .then(|| values::stored(&cell, *kind))
                .flatten();
            match stored {
                Some(value) if !is_email_field(*field) => draft.values.set(*field, Some(value)),
                _ => {
                    let first = first_of(*field, &cell, at, &mut draft.remarks, &mut further);
                    self.set(&mut draft, *field, *kind, at, &first)?;
                }
            }
            if *field != ContactField::Notes {
                remark_on_others(&mut draft, cells, Some(at), columns.iter().copied());
            }
        }
        self.read_emails(&mut draft, cells)?;
        self.read_name(&mut draft, cells)?;
        self.complete_name(&mut draft, cells)?;
        self.read_birthday(&mut draft, cells)?;
        self.read_address(&mut draft, cells)?;
        self.read_postal_city(&mut draft, cells)?;
        self.read_phones(&mut draft, cells, &mut further)?;
        self.place_further(&mut draft, further)?;
        if !self.exported {
            self.resolve_places(&mut draft, &mut memory.places);
        }
        self.read_answers(&mut draft, cells);
        self.read_consent(&mut draft, cells);
        self.read_records(&mut draft, cells);
        for (field, at) in &self.accounts {
            let text = cells.get(*at).trim();
            if !text.is_empty() {
                let kind = if *field == AccountField::Notes {
                    FieldKind::LongText
                } else {
                    FieldKind::Text
                };
                match values::value(text, kind, &self.columns[*at].manner) {
                    Ok(Some(Value::Text(text))) => {
                        draft.account.insert(*field, text);
                    }
                    Err(_) if *field != AccountField::Name => {
                        draft.remarks.push((*at, Remark::TooLong));
                    }
                    value => {
                        value.map_err(blame(*at))?;
                    }
                }
            }
        }
        if self.exported {
            return Ok(draft);
        }
        self.remark_on_damage(&mut draft, cells);
        for at in &self.unmapped {
            if !cells.get(*at).trim().is_empty() {
                draft.remarks.push((*at, Remark::Unmapped));
            }
        }
        if nobody::is_footer(&draft, cells, self.columns.len()) {
            return Err(RowFault::of_row(nobody::FOOTER));
        }
        self.remark_on_company(&mut draft, cells);
        self.remark_on_repeated(&mut draft, memory);
        Ok(draft)
    }

    fn set(
        &self,
        draft: &mut Draft,
        field: ContactField,
        kind: FieldKind,
        at: usize,
        cell: &str,
    ) -> Result<(), RowFault> {
        if is_email_field(field) {
            return self.set_email(draft, field, at, cell);
        }
        let value = match values::value(cell, kind, &self.columns[at].manner) {
            Err(_) if self.is_guessed(field, at) => {
                draft.remarks.push((at, Remark::Misfit));
                return Ok(());
            }
            Err(_) if !WHO.contains(&field) => {
                draft.remarks.push((at, unfit(kind)));
                return Ok(());
            }
            value => value.map_err(blame(at))?,
        };
        if kind == FieldKind::Text && cell.trim().contains(['\n', '\r']) {
            draft.remarks.push((at, Remark::Joined));
        }
        let is_date = matches!(kind, FieldKind::Date | FieldKind::DateTime);
        if value.is_none() && is_date && !cell.trim().is_empty() {
            let no_such_day = dates::no_such_day(cell.trim(), &self.columns[at].manner.dates);
            let remark = match no_such_day {
                _ if values::is_zero(cell) => Remark::Placeholder,
                Some(day) => Remark::NoSuchDay(day),
                None if dates::lacks_day(cell.trim()) => Remark::NoDay,
                None => Remark::NoYear,
            };
            draft.remarks.push((at, remark));
        }
        if field == ContactField::Birthday && self.is_to_come(value.as_ref(), at) {
            draft.remarks.push((at, Remark::Future));
        }
        if let Some(value) = value {
            draft.values.set(field, Some(value));
        }
        Ok(())
    }

    fn is_to_come(&self, value: Option<&Value>, at: usize) -> bool {
        let latest = self.columns[at].manner.dates.latest;
        matches!(value, Some(Value::Date(date)) if date.year() > latest)
    }

    fn set_email(
        &self,
        draft: &mut Draft,
        field: ContactField,
        at: usize,
        cell: &str,
    ) -> Result<(), RowFault> {
        let found = match emails::addresses(cell) {
            Some(found) => found,
            // The second email says nothing about who somebody is.
            None if field == ContactField::Email2 => {
                draft.remarks.push((at, Remark::NoEmail));
                return Ok(());
            }
            None => return Err(blame(at)("this isn't an email address".into())),
        };
        if found.is_empty() && !cell.trim().is_empty() {
            draft.remarks.push((at, Remark::InternalAddress));
        }
        if let Some(first) = found.first() {
            draft.values.set(
                field,
                Some(Value::Text(values::line(first).map_err(blame(at))?)),
            );
        }
        Ok(())
    }

    /// The first address is the one that identifies, the next other one the second.
    fn read_emails(&self, draft: &mut Draft, cells: Cells<'_>) -> Result<(), RowFault> {
        let mut found: Vec<&str> = Vec::new();
        for at in self.emails.iter().copied() {
            let addresses = match emails::addresses(cells.get(at)) {
                Some(addresses) => addresses,
                None if !found.is_empty() => {
                    draft.remarks.push((at, Remark::NoEmail));
                    continue;
                }
                None => return Err(blame(at)("this isn't an email address".into())),
            };
            if addresses.is_empty() && !cells.get(at).trim().is_empty() {
                draft.remarks.push((at, Remark::InternalAddress));
            }
            for address in addresses {
                let is_new = !found
                    .iter()
                    .any(|known| known.eq_ignore_ascii_case(address));
                let value = || values::line(address).map(Value::Text).map_err(blame(at));
                match found.len() {
                    _ if !is_new => continue,
                    0 => draft.values.set(ContactField::Email, Some(value()?)),
                    1 => draft.values.set_if_unset(ContactField::Email2, value()?),
                    _ => draft.remarks.push((at, Remark::MoreEmails)),
                }
                found.push(address);
            }
        }
        Ok(())
    }

    /// A whole name counts where the row has no separate ones, and for the last name where it has the first alone.
    fn read_name(&self, draft: &mut Draft, cells: Cells<'_>) -> Result<(), RowFault> {
        // Where programs have no name they show the address; people write down how to reach somebody.
        for at in &self.full_names {
            if let Some(ways) = Ways::of(cells.get(*at)) {
                ways.take(draft, *at)?;
            }
        }
        let is_name = |at: &usize| {
            let text = cells.get(*at).trim();
            !text.is_empty() && Ways::of(text).is_none()
        };
        let mut filled = self.full_names.iter().copied().filter(is_name);
        if draft.values.get(ContactField::LastName).is_some() {
            filled.for_each(|at| remark_on_other_name(draft, at, cells.get(at).trim()));
            return Ok(());
        }
        let Some(at) = filled.next() else {
            return Ok(());
        };
        let full = cells.get(at).trim();
        let full = match names::without_email(full) {
            Some((name, email)) if !name.is_empty() => {
                take_email(draft, at, email)?;
                name
            }
            _ => full,
        };
        if names::is_company(full) && self.lacks_company(draft) {
            let company = values::line(full).map(Value::Text).map_err(blame(at))?;
            draft.values.set(ContactField::CompanyName, Some(company));
            draft.remarks.push((at, Remark::Company));
            filled.for_each(|other| remark_on_other_name(draft, other, cells.get(other).trim()));
            return Ok(());
        }
        let parts = match draft.values.text(ContactField::FirstName) {
            None => match self.last_names_first.get(&at) {
                Some(words) => names::split_last_name_first(full, *words),
                None if self.two_last_names.contains(&at) => {
                    names::with_two_last_names(names::split(full))
                }
                None => names::split(full),
            },
            // *Name* beside *Vorname* is the last one, unless it holds both.
            Some(first) => names::beside_first(full, first),
        };
        if !parts.beside.is_empty() {
            draft.remarks.push((at, Remark::BesideName));
        }
        let parts = [
            (ContactField::Salutation, parts.salutation),
            (ContactField::FirstName, parts.first),
            (ContactField::LastName, parts.last),
            (ContactField::Suffix, parts.suffix),
        ];
        for (field, text) in parts {
            let text = values::line(&text).map_err(blame(at))?;
            if !text.is_empty() {
                draft.values.set_if_unset(field, Value::Text(text));
            }
        }
        filled.for_each(|other| remark_on_other_name(draft, other, cells.get(other).trim()));
        Ok(())
    }

    /// Tells whether the file has a column for companies, and nobody has filled it in here.
    fn lacks_company(&self, draft: &Draft) -> bool {
        let mut fields = self.fields.iter();
        let has_column = fields.any(|(field, ..)| *field == ContactField::CompanyName);
        has_column && draft.values.get(ContactField::CompanyName).is_none()
    }

    /// Puts the words of other columns to the name: *van der* before the last one, *Dr.* behind *Frau*.
    fn complete_name(&self, draft: &mut Draft, cells: Cells<'_>) -> Result<(), RowFault> {
        let additions = [
            (ContactField::LastName, true, &self.last_name_prefixes),
            (ContactField::LastName, false, &self.second_last_names),
            (ContactField::Salutation, false, &self.degrees),
        ];
        for (field, is_before, columns) in additions {
            let Some(at) = first_filled(cells, columns.iter().copied()) else {
                continue;
            };
            let (addition, text) = (cells.get(at).trim(), draft.values.text(field).unwrap_or(""));
            if names::has_words(text, addition) {
                continue;
            }
            let whole = match is_before {
                true => format!("{addition} {text}"),
                false => format!("{text} {addition}"),
            };
            let value = values::line(&whole).map(Value::Text).map_err(blame(at))?;
            draft.values.set(field, Some(value));
        }
        Ok(())
    }

    fn read_birthday(&self, draft: &mut Draft, cells: Cells<'_>) -> Result<(), RowFault> {
        let [Some(year), Some(month), Some(day)] = self.birth else {
            return Ok(());
        };
        let parts = [year, month, day].map(|at| cells.get(at).trim());
        let has_birthday = draft.values.get(ContactField::Birthday).is_some();
        if has_birthday || parts.iter().all(|part| part.is_empty()) {
            return Ok(());
        }
        if parts.iter().any(|part| part.is_empty()) {
            draft.remarks.push((day, Remark::PartOfDate));
            return Ok(());
        }
        let text = format!("{:0>4}-{:0>2}-{:0>2}", parts[0], parts[1], parts[2]);
        let manner = &self.columns[year].manner;
        let Ok(value) = values::value(&text, FieldKind::Date, manner) else {
            draft.remarks.push((year, unfit(FieldKind::Date)));
            return Ok(());
        };
        match (value, dates::no_such_day(&text, &manner.dates)) {
            (Some(value), _) => draft.values.set(ContactField::Birthday, Some(value)),
            (None, Some(no_day)) => draft.remarks.push((day, Remark::NoSuchDay(no_day))),
            (None, None) => draft.remarks.push((day, Remark::Placeholder)),
        }
        Ok(())
    }

    /// Addresses are not mixed: the first one with a filled cell counts.
    fn read_address(&self, draft: &mut Draft, cells: Cells<'_>) -> Result<(), RowFault> {
        let is_filled = |(_, at): &(ContactField, usize)| !cells.get(*at).trim().is_empty();
        let mut filled = self
            .addresses
            .iter()
            .filter(|(_, columns)| columns.iter().any(is_filled));
        let Some((group, columns)) = filled.next() else {
            return Ok(());
        };
        for (field, at) in columns {
            let others = columns.iter().filter(|(other, _)| other == field);
            let all: Vec<usize> = others.map(|(_, at)| *at).collect();
            let cell = match field {
                ContactField::AddressLine1 => self.street(*group, cells, *at),
                // What stands on the third line of an address belongs to the second.
                ContactField::AddressLine2 => joined(cells, &all, ", "),
                _ => cells.get(*at).into(),
            };
            if draft.values.get(*field).is_none() && !cell.trim().is_empty() {
                self.set(draft, *field, FieldKind::Text, *at, &cell)?;
                if *field != ContactField::AddressLine2 {
                    remark_on_others(draft, cells, Some(*at), all.into_iter());
                }
            }
        }
        for (field, at) in filled.flat_map(|(_, columns)| columns) {
            if draft.values.text(*field) != Some(cells.get(*at).trim()) {
                remark_on_others(draft, cells, None, std::iter::once(*at));
            }
        }
        Ok(())
    }

    fn read_postal_city(&self, draft: &mut Draft, cells: Cells<'_>) -> Result<(), RowFault> {
        let Some(at) = first_filled(cells, self.postal_cities.iter().copied()) else {
            return Ok(());
        };
        let (code, city) = postal_and_city(cells.get(at));
        for (field, text) in [(ContactField::PostalCode, code), (ContactField::City, city)] {
            if draft.values.get(field).is_none() {
                self.set(draft, field, FieldKind::Text, at, &text)?;
            }
        }
        Ok(())
    }

    /// Returns the street with its house number, where that stands in a column of its own; villages have numbers alone.
    fn street<'a>(&self, group: u8, cells: Cells<'a>, at: usize) -> Cow<'a, str> {
        let street = cells.get(at);
        let column = self.house_numbers.get(&group);
        let number = column.map_or("", |at| cells.get(*at).trim());
        if number.is_empty() || names::has_words(street, number) {
            return street.into();
        }
        // Where the number comes first in a file, it does in addresses.
        let is_first = column.is_some_and(|column| *column < at);
        let (one, other) = match is_first {
            true => (number, street.trim()),
            false => (street.trim(), number),
        };
        format!("{one} {other}").trim().to_owned().into()
    }

    fn read_phones(
        &self,
        draft: &mut Draft,
        cells: Cells<'_>,
        further: &mut Vec<(usize, FurtherNumber)>,
    ) -> Result<(), RowFault> {
        for (at, kind) in &self.phones {
            let Some(field) = phone_field(kind.map_or("", |kind| cells.get(kind))) else {
                continue;
            };
            if draft.values.get(field).is_none() {
                let cell = cells.get(*at);
                let number = first_of(field, cell, *at, &mut draft.remarks, further);
                self.set(draft, field, FieldKind::Text, *at, &number)?;
            } else {
                remark_on_others(draft, cells, None, std::iter::once(*at));
            }
        }
        Ok(())
    }

    /// Puts the second number of a cell into the field that it belongs to, else into the next free one.
    fn place_further(
        &self,
        draft: &mut Draft,
        further: Vec<(usize, FurtherNumber)>,
    ) -> Result<(), RowFault> {
        for (at, number) in further {
            let text = number.text.as_str();
            let mut known = PHONES.iter().filter_map(|field| draft.values.text(*field));
            if known.any(|known| same_digits(known, text)) {
                continue;
            }
            let is_fax = number.field == Some(ContactField::Fax);
            let fits = |field: &ContactField| {
                is_fax == (*field == ContactField::Fax) && draft.values.get(*field).is_none()
            };
            let free = number.field.into_iter().chain(PHONES).find(fits);
            let Some(field) = free else {
                draft.remarks.push((at, Remark::MoreNumbers));
                continue;
            };
            self.set(draft, field, FieldKind::Text, at, text)?;
            draft.spare.push((at, field));
        }
        Ok(())
    }

    fn resolve_places(&self, draft: &mut Draft, places: &mut Places) {
        let text = |draft: &Draft, field| draft.values.text(field).map(str::to_owned);
        let mut country = self.default_country;
        if let Some(named) = text(draft, ContactField::Country) {
            country = places.country(&named);
            match country {
                Some(code) => draft
                    .values
                    .set(ContactField::Country, Some(Value::Text(code.to_owned()))),
                None => draft.remarks.extend(
                    self.column_of(ContactField::Country)
                        .map(|column| (column, Remark::UnknownCountry)),
                ),
            }
        }
        if let (Some(code), Some(country)) = (text(draft, ContactField::PostalCode), country)
            && let Some(whole) = postal_codes::with_lost_zero(&code, country)
            && let Some(column) = self.column_of(ContactField::PostalCode)
        {
            let whole = Some(Value::Text(whole));
            draft.values.set(ContactField::PostalCode, whole);
            draft.remarks.push((column, Remark::LostZero));
        }
        if let (Some(named), Some(country)) = (text(draft, ContactField::State), country)
            && let Some(code) = places.state(&named, country)
        {
            draft
                .values
                .set(ContactField::State, Some(Value::Text(code.to_owned())));
        }
    }

    fn read_records(&self, draft: &mut Draft, cells: Cells<'_>) {
        for at in &self.record_ids {
            match NamedRecord::read(*at, cells.get(*at)) {
                Some(record) => draft.records.push(record),
                None if cells.get(*at).trim().is_empty() => {}
                None => draft.remarks.push((*at, Remark::NoRecord)),
            }
        }
    }

    /// Reads what was answered about purposes; of two columns about one the no counts.
    fn read_answers(&self, draft: &mut Draft, cells: Cells<'_>) {
        for column in &self.answers {
            let manner = &self.columns[column.at].manner;
            let Some(answer) = column.read(cells, manner, &mut draft.remarks) else {
                continue;
            };
            let mut known = draft.answers.iter_mut();
            match known.find(|known| known.purpose == column.purpose) {
                Some(known) if known.given => *known = answer,
                Some(_) => {}
                None => draft.answers.push(answer),
            }
        }
        if draft.answers.is_empty() && !self.answers.is_empty() {
            return;
        }
        for (at, detail) in &self.details {
            let manner = &self.columns[*at].manner;
            let (cell, remarks) = (cells.get(*at), &mut draft.remarks);
            draft.evidence.read(*detail, *at, cell, manner, remarks);
        }
    }

    /// Such columns refuse. They never take back what was refused before, unless they say when somebody agreed.
    fn read_consent(&self, draft: &mut Draft, cells: Cells<'_>) {
        for at in &self.odd {
            if !cells.get(*at).trim().is_empty() {
                draft.remarks.push((*at, Remark::UnknownAnswer));
            }
        }
        // An answer to a purpose is no answer about the channel.
        let row_moment = match self.answers.is_empty() {
            true => draft.evidence.moment(),
            false => None,
        };
        let (mut agreed, mut refuses_email) = (false, false);
        for (at, column) in &self.consents {
            let cell = cells.get(*at).trim();
            let says = column.read(cell);
            draft
                .remarks
                .extend(Remark::on(says).map(|remark| (*at, remark)));
            if !matches!(says, Says::Yes | Says::No) {
                continue;
            }
            let own = time_in(cell, *at, &self.columns[*at].manner, &mut draft.remarks);
            let own = own.map(|moment| (*at, moment));
            let is_question = matches!(column, ConsentColumn::OptIn(_));
            for channel in column.channels().iter().copied() {
                if says == Says::Yes {
                    agreed |= channel == Channel::Email;
                    if own.or(row_moment).is_some() {
                        draft.channels.agree(channel, own, &draft.evidence);
                    }
                    continue;
                }
                refuses_email |= channel == Channel::Email && is_question;
                draft.values.set(channel.field(), Some(Value::YesNo(true)));
                let moment = own.or(row_moment.filter(|_| is_question));
                if let Some((column, moment)) = moment {
                    draft.channels.refuse(column, channel, moment);
                }
            }
            if *column == ConsentColumn::Mark {
                draft
                    .values
                    .set(ContactField::DoNotSend, Some(Value::YesNo(true)));
            }
        }
        // Mailing programs write when somebody confirmed, and nothing but that.
        if row_moment.is_some() && !self.consents.is_empty() && !agreed && !refuses_email {
            draft.channels.agree(Channel::Email, None, &draft.evidence);
        }
    }
}

impl Layout {
    /// Tells of letters that another program has damaged; what they were is a guess.
    fn remark_on_damage(&self, draft: &mut Draft, cells: Cells<'_>) {
        for (at, column) in self.columns.iter().enumerate() {
            let is_taken = !matches!(
                column.matched.target,
                Target::Nowhere | Target::Means(Means::Reason | Means::Own)
            );
            if is_taken && damaged_letters::are_in(cells.get(at)) {
                draft.remarks.push((at, Remark::Garbled));
            }
        }
    }

    /// Remarks on a row with nothing but a company, in a file with more columns than a few.
    fn remark_on_company(&self, draft: &mut Draft, cells: Cells<'_>) {
        if draft.values.get(ContactField::CompanyName).is_none()
            || self.columns.len() < MOST_OF_A_FEW
        {
            return;
        }
        let mut filled = (0..cells.len()).filter(|at| !cells.get(*at).trim().is_empty());
        if let (Some(only), None) = (filled.next(), filled.next()) {
            draft.remarks.push((only, Remark::OnlyCompany));
        }
    }

    /// Without an email nothing tells two rows of one person from two people of one name.
    fn remark_on_repeated(&self, draft: &mut Draft, memory: &mut Memory) {
        use ContactField::{BusinessPhone, CompanyName, FirstName, LastName, MobilePhone};
        let values = &draft.values;
        if values.get(ContactField::Email).is_some() || values.get(LastName).is_none() {
            return;
        }
        let parts = [FirstName, LastName, CompanyName, BusinessPhone, MobilePhone];
        let person = parts.map(|field| values.text(field).map(fold));
        if memory.people.len() < REMEMBERED && !memory.people.insert(hash_of(&person)) {
            draft.remarks.push((0, Remark::Repeated));
        }
    }

    /// Tells whether a field was made for the column by this import, with a kind guessed from its first cells.
    fn is_guessed(&self, field: ContactField, at: usize) -> bool {
        matches!(field, ContactField::Custom(_))
            && self.columns[at].matched.sure == Sureness::Likely
    }

    /// Returns the first column of a part of an address.
    fn column_of(&self, part: ContactField) -> Option<usize> {
        let is_it = |column: &Column| match column.matched.target {
            Target::Means(Means::Address(_, field)) | Target::Field(field, _) => field == part,
            Target::Means(Means::PostalCity(_)) => part == ContactField::PostalCode,
            _ => false,
        };
        self.columns.iter().position(is_it)
    }
}

/// Returns what may stand in the cells of a column.
pub(super) fn class(column: &Column) -> Class {
    match &column.matched.target {
        Target::Field(field, kind) => Class::of(*field, *kind),
        Target::NewField(_, FieldKind::LongText) => Class::Text,
        Target::NewField(_, FieldKind::Text) => Class::Line,
        Target::NewField(..) => Class::Other,
        Target::Account(AccountField::Website) => Class::Url,
        Target::Account(AccountField::Phone) => Class::Phone,
        Target::Account(AccountField::Notes) => Class::Text,
        Target::Account(AccountField::Name) => Class::Plain,
        Target::Account(_) => Class::Line,
        Target::Means(means) => match means {
            Means::Email => Class::Email,
            Means::Phone(_) => Class::Phone,
            Means::Address(_, field) => Class::of(*field, FieldKind::Text),
            Means::BirthYear | Means::BirthMonth | Means::BirthDay => Class::Other,
            Means::Consent(_) | Means::Reason | Means::Own => Class::Text,
            _ => Class::Line,
        },
        Target::Answer(_) | Target::Detail(_) | Target::Nowhere => Class::Text,
    }
}

/// Returns the filled cells of some columns, each text once.
fn joined<'a>(cells: Cells<'a>, columns: &[usize], between: &str) -> Cow<'a, str> {
    let mut texts: Vec<&str> = Vec::new();
    for text in columns.iter().map(|at| cells.get(*at)) {
        let is_new = !texts.iter().any(|known| known.trim() == text.trim());
        if is_new && !text.trim().is_empty() {
            texts.push(text);
        }
    }
    match texts.as_slice() {
        [] => "".into(),
        [only] => (*only).into(),
        all => all.join(between).into(),
    }
}

/// Email addresses and phone numbers in a cell that has nothing else.
struct Ways<'c> {
    emails: Vec<&'c str>,
    phones: Vec<&'c str>,
}

impl<'c> Ways<'c> {
    /// Reads a cell; nothing where it holds something else.
    fn of(cell: &'c str) -> Option<Self> {
        let is_sign = |byte: u8| byte == b'@' || byte.is_ascii_digit();
        if !cell.bytes().any(is_sign) {
            return None;
        }
        let parts = cell.split([',', ';', '/', '|', '\n']).map(str::trim);
        let mut ways = Self {
            emails: Vec::new(),
            phones: Vec::new(),
        };
        for part in parts.filter(|part| !part.is_empty()) {
            if let Some(email) = emails::alone(part) {
                ways.emails.push(email);
            } else if phone_cells::is_whole(part) {
                ways.phones.push(part);
            } else {
                return None;
            }
        }
        Some(ways)
    }

    fn take(&self, draft: &mut Draft, at: usize) -> Result<(), RowFault> {
        for email in &self.emails {
            take_email(draft, at, email)?;
        }
        for phone in &self.phones {
            match draft.values.text(ContactField::BusinessPhone) {
                None => {
                    let value = values::line(phone).map(Value::Text).map_err(blame(at))?;
                    draft.values.set(ContactField::BusinessPhone, Some(value));
                }
                Some(known) if known == *phone => {}
                Some(_) => draft.remarks.push((at, Remark::MoreNumbers)),
            }
        }
        Ok(())
    }
}

/// Takes the email that stands behind a name, where the row has no other.
fn take_email(draft: &mut Draft, at: usize, email: &str) -> Result<(), RowFault> {
    match draft.values.text(ContactField::Email) {
        None => {
            let value = values::line(email).map(Value::Text).map_err(blame(at))?;
            draft.values.set(ContactField::Email, Some(value));
        }
        Some(known) if known.eq_ignore_ascii_case(email) => {}
        Some(_) => draft.remarks.push((at, Remark::MoreEmails)),
    }
    Ok(())
}

/// Remarks on a whole name with words that no other column has.
fn remark_on_other_name(draft: &mut Draft, at: usize, full: &str) {
    use ContactField::{CompanyName, FirstName, LastName, MiddleName, Salutation, Suffix};
    let known = [
        Salutation,
        FirstName,
        MiddleName,
        LastName,
        Suffix,
        CompanyName,
    ];
    let known: Vec<&str> = known
        .iter()
        .filter_map(|field| draft.values.text(*field))
        .collect();
    let full = full.replace(',', " ");
    if !names::has_words(&known.join(" "), &full) {
        draft.remarks.push((at, Remark::SecondValue));
    }
}

/// Splits a postal code from the city behind it.
fn postal_and_city(cell: &str) -> (String, String) {
    let words: Vec<&str> = cell.split_whitespace().collect();
    let has_digit = |word: &&str| word.contains(|letter: char| letter.is_ascii_digit());
    let mut code = words.iter().take_while(|word| has_digit(word)).count();
    // As in *1011 AB Amsterdam*.
    let is_part = |word: &&&str| word.len() == 2 && word.chars().all(|it| it.is_ascii_uppercase());
    code += usize::from(code == 1 && words.len() > 2 && words.get(1).filter(is_part).is_some());
    let city = words[code..].join(" ");
    (
        words[..code].join(" "),
        city.trim_start_matches(',').to_owned(),
    )
}

/// Remarks on other columns of a field that hold another value than the one taken.
fn remark_on_others(
    draft: &mut Draft,
    cells: Cells<'_>,
    taken: Option<usize>,
    columns: impl Iterator<Item = usize>,
) {
    let text = |at| cells.get(at).trim();
    let lost = columns.filter(|at| {
        let is_other = Some(*at) != taken && !text(*at).is_empty();
        is_other && fold(text(*at)) != fold(taken.map_or("", text))
    });
    draft
        .remarks
        .extend(lost.map(|at| (at, Remark::SecondValue)));
}

fn blame(column: usize) -> impl Fn(Reason) -> RowFault {
    move |reason| RowFault {
        column: Some(column),
        reason,
    }
}

fn is_email_field(field: ContactField) -> bool {
    matches!(field, ContactField::Email | ContactField::Email2)
}

fn first_filled(cells: Cells<'_>, mut columns: impl Iterator<Item = usize>) -> Option<usize> {
    columns.find(|at| !cells.get(*at).trim().is_empty())
}

/// A number that shares a cell with one before it, and the field that its label names.
struct FurtherNumber {
    text: String,
    field: Option<ContactField>,
}

/// Returns the value of a cell that counts, where there may be several: people write two numbers into one cell, Google puts
/// several between three colons. The other numbers are `further`.
fn first_of<'c>(
    field: ContactField,
    cell: &'c str,
    at: usize,
    remarks: &mut RowRemarks,
    further: &mut Vec<(usize, FurtherNumber)>,
) -> Cow<'c, str> {
    use ContactField::{BusinessPhone, Fax, HomePhone, MobilePhone, Website};
    let is_phone = matches!(field, BusinessPhone | HomePhone | MobilePhone);
    if !is_phone && !matches!(field, Fax | Website) {
        return cell.into();
    }
    let lines = match cell.contains(":::") {
        true => Cow::Owned(cell.replace(":::", "\n")),
        false => Cow::Borrowed(cell),
    };
    let numbers = (field != Website).then(|| phone_cells::numbers(&lines));
    let Some(mut numbers) = numbers.flatten() else {
        let first = cell.split(":::").next().unwrap_or(cell);
        if first.len() < cell.len() {
            remarks.push((at, Remark::MoreNumbers));
        }
        return first.into();
    };
    let named = |kind: &str| phone_field(kind).filter(|_| !kind.is_empty());
    let is_its_own = |number: &Number<'_>| named(number.kind).is_none_or(|it| it == field);
    let first = numbers.remove(numbers.iter().position(is_its_own).unwrap_or(0));
    for number in numbers {
        let is_pager = !number.kind.is_empty() && named(number.kind).is_none();
        match is_phone && !is_pager {
            true => further.push((
                at,
                FurtherNumber {
                    text: number.text.to_owned(),
                    field: named(number.kind),
                },
            )),
            false => remarks.push((at, Remark::MoreNumbers)),
        }
    }
    first.text.to_owned().into()
}

fn same_digits(one: &str, other: &str) -> bool {
    let digits = |text: &str| text.bytes().filter(u8::is_ascii_digit).collect::<Vec<_>>();
    digits(one) == digits(other)
}

/// Returns what is told of a value that its field can't hold.
fn unfit(kind: FieldKind) -> Remark {
    match kind {
        FieldKind::Text | FieldKind::LongText => Remark::TooLong,
        FieldKind::Date => Remark::Unreadable("a date"),
        FieldKind::DateTime => Remark::Unreadable("a date and time"),
        FieldKind::YesNo => Remark::Unreadable("yes or no"),
        FieldKind::Integer | FieldKind::LongInteger => Remark::Unreadable("a whole number"),
        FieldKind::Decimal { .. } | FieldKind::Float => {
            Remark::Unreadable("a number that the field can hold")
        }
    }
}

/// Returns the field for a phone of this kind; pagers have none.
fn phone_field(kind: &str) -> Option<ContactField> {
    let kind = fold(kind);
    let has = |words: &[&str]| words.iter().any(|word| kind.contains(word));
    Some(match () {
        () if has(&["pager"]) => return None,
        () if has(&["fax"]) => ContactField::Fax,
        () if has(&["mobil", "cell", "handy", "movil", "portable"]) => ContactField::MobilePhone,
        () if has(&["home", "privat", "casa", "domicile"]) => ContactField::HomePhone,
        () => ContactField::BusinessPhone,
    })
}

#[cfg(test)]
mod tests;
