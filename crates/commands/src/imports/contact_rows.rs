//! Turns the cells of a row into the values of a contact.

use std::collections::{BTreeMap, BTreeSet};

use leadferry_store::{AccountField, ContactField, FieldKind, Value, Values, email_key};

use super::columns::{Column, Columns};
use super::fold::fold;
use super::header_names::Means;
use super::headers::Target;
use super::places::Places;
use super::source::{Cells, Row};
use super::values::{self, Reason};
use super::{emails, names, opt_out};

/// What a row says about a contact.
#[derive(Debug, Default, PartialEq)]
pub(crate) struct Draft {
    /// Values by field; what is not here was empty in the file.
    pub(crate) values: Values,
    /// Fields of her account.
    pub(crate) account: BTreeMap<AccountField, String>,
}

/// Why a row cannot be taken in.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct RowFault {
    /// The column to blame.
    pub(crate) column: Option<usize>,
    /// What is wrong.
    pub(crate) reason: Reason,
}

/// The columns of a file, sorted by what becomes of them.
#[derive(Debug, Default)]
pub(crate) struct Layout {
    columns: Vec<Column>,
    /// Plain fields, each with its columns in order of preference.
    fields: Vec<(ContactField, FieldKind, Vec<usize>)>,
    emails: Vec<usize>,
    full_names: Vec<usize>,
    birth: [Option<usize>; 3],
    addresses: BTreeMap<u8, Vec<(ContactField, usize)>>,
    /// Phone numbers with the column that tells their kind.
    phones: Vec<(usize, Option<usize>)>,
    opt_outs: Vec<usize>,
    statuses: Vec<usize>,
    accounts: Vec<(AccountField, usize)>,
    /// Columns whose content matters to tell a blank row.
    reason: Option<usize>,
    default_country: Option<&'static str>,
}

impl Draft {
    /// Returns the key of the e-mail, if there is one.
    pub(crate) fn email_key(&self) -> Option<String> {
        self.values.text(ContactField::Email).and_then(email_key)
    }
}

impl Layout {
    /// Sorts the columns; every custom field exists by now.
    pub(crate) fn new(columns: &Columns, default_country: Option<&'static str>) -> Self {
        let mut layout = Self {
            columns: columns.columns.clone(),
            reason: columns.reason_column(),
            default_country,
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
            Target::Means(means) => match *means {
                Means::Email => self.emails.push(at),
                Means::FullName => self.full_names.push(at),
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
                Means::OptOut => self.opt_outs.push(at),
                Means::MailStatus => self.statuses.push(at),
                Means::Field(_) | Means::Title | Means::PhoneKind(_) | Means::Reason => {}
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
        also(self.birth.iter().any(Option::is_some), &[Birthday]);
        also(
            !self.phones.is_empty(),
            &[BusinessPhone, MobilePhone, HomePhone, Fax],
        );
        also(
            !self.opt_outs.is_empty() || !self.statuses.is_empty(),
            &[DoNotSend],
        );
        fields
    }

    /// Returns a column's name.
    pub(crate) fn name(&self, at: usize) -> &str {
        self.columns
            .get(at)
            .map_or("", |column| &column.matched.name)
    }

    /// Tells whether a row holds nothing at all.
    pub(crate) fn is_blank(&self, cells: Cells<'_>) -> bool {
        (0..cells.len()).all(|at| Some(at) == self.reason || cells.get(at).trim().is_empty())
    }

    /// Returns the position of the column that an errors file adds.
    pub(crate) fn reason(&self) -> Option<usize> {
        self.reason
    }

    /// Reads a row.
    pub(crate) fn read(&self, row: &Row<'_>, places: &mut Places) -> Result<Draft, RowFault> {
        let cells = row.cells;
        // An open quote in one row that meets another one further down makes one short row of many.
        if row.lines > 1 && cells.len() < self.columns.len() {
            let reason = format!(
                "the row spans {} lines and lacks cells; a quote may be open",
                row.lines
            );
            return Err(RowFault {
                column: None,
                reason: reason.into(),
            });
        }
        if let Some(extra) =
            (self.columns.len()..cells.len()).find(|at| !cells.get(*at).trim().is_empty())
        {
            let reason = format!(
                "the row has {} cells, the file {} columns",
                extra + 1,
                self.columns.len()
            );
            return Err(RowFault {
                column: None,
                reason: reason.into(),
            });
        }
        let mut draft = Draft::default();
        for (field, kind, columns) in &self.fields {
            let Some(at) = first_filled(cells, columns.iter().copied()) else {
                continue;
            };
            self.set(
                &mut draft,
                *field,
                *kind,
                at,
                phone_of(*field, cells.get(at)),
            )?;
        }
        self.read_emails(&mut draft, cells)?;
        self.read_name(&mut draft, cells)?;
        self.read_birthday(&mut draft, cells)?;
        self.read_address(&mut draft, cells)?;
        self.read_phones(&mut draft, cells)?;
        self.resolve_places(&mut draft, places);
        self.read_opt_out(&mut draft, cells);
        for (field, at) in &self.accounts {
            let text = cells.get(*at).trim();
            if !text.is_empty() {
                let kind = if *field == AccountField::Notes {
                    FieldKind::LongText
                } else {
                    FieldKind::Text
                };
                let value =
                    values::value(text, kind, &self.columns[*at].manner).map_err(blame(*at))?;
                if let Some(Value::Text(text)) = value {
                    draft.account.insert(*field, text);
                }
            }
        }
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
        if matches!(field, ContactField::Email | ContactField::Email2) {
            return self.set_email(draft, field, at, cell);
        }
        let value = values::value(cell, kind, &self.columns[at].manner).map_err(blame(at))?;
        if let Some(value) = value {
            draft.values.set(field, Some(value));
        }
        Ok(())
    }

    fn set_email(
        &self,
        draft: &mut Draft,
        field: ContactField,
        at: usize,
        cell: &str,
    ) -> Result<(), RowFault> {
        let found = emails::addresses(cell)
            .ok_or("this is not an e-mail address")
            .map_err(|reason| blame(at)(reason.into()))?;
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
        let mut first: Option<&str> = None;
        for at in self.emails.iter().copied() {
            let found = emails::addresses(cells.get(at)).ok_or("this is not an e-mail address");
            for address in found.map_err(|reason| blame(at)(reason.into()))? {
                let value = Value::Text(values::line(address).map_err(blame(at))?);
                match first {
                    None => {
                        first = Some(address);
                        draft.values.set(ContactField::Email, Some(value));
                    }
                    Some(first) if !first.eq_ignore_ascii_case(address) => {
                        draft.values.set_if_unset(ContactField::Email2, value);
                    }
                    Some(_) => {}
                }
            }
        }
        Ok(())
    }

    /// A whole name counts only where the row has no separate ones.
    fn read_name(&self, draft: &mut Draft, cells: Cells<'_>) -> Result<(), RowFault> {
        let has = |field| draft.values.get(field).is_some();
        if has(ContactField::FirstName) || has(ContactField::LastName) {
            return Ok(());
        }
        let Some(at) = first_filled(cells, self.full_names.iter().copied()) else {
            return Ok(());
        };
        // Where programs have no name they show the address.
        if emails::is_email(cells.get(at).trim()) {
            return Ok(());
        }
        let parts = names::split(cells.get(at));
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
        Ok(())
    }

    fn read_birthday(&self, draft: &mut Draft, cells: Cells<'_>) -> Result<(), RowFault> {
        let [Some(year), Some(month), Some(day)] = self.birth else {
            return Ok(());
        };
        let parts = [year, month, day].map(|at| cells.get(at).trim());
        // A birthday without its year is no date.
        if draft.values.get(ContactField::Birthday).is_some()
            || parts.iter().any(|part| part.is_empty())
        {
            return Ok(());
        }
        let text = format!("{:0>4}-{:0>2}-{:0>2}", parts[0], parts[1], parts[2]);
        let value = values::value(&text, FieldKind::Date, &self.columns[year].manner)
            .map_err(blame(year))?;
        if value.is_some() {
            draft.values.set(ContactField::Birthday, value);
        }
        Ok(())
    }

    /// Addresses are not mixed: the first one with a filled cell counts.
    fn read_address(&self, draft: &mut Draft, cells: Cells<'_>) -> Result<(), RowFault> {
        let filled = |columns: &&Vec<(ContactField, usize)>| {
            columns
                .iter()
                .any(|(_, at)| !cells.get(*at).trim().is_empty())
        };
        let Some(columns) = self.addresses.values().find(filled) else {
            return Ok(());
        };
        for (field, at) in columns {
            if draft.values.get(*field).is_none() {
                self.set(draft, *field, FieldKind::Text, *at, cells.get(*at))?;
            }
        }
        Ok(())
    }

    fn read_phones(&self, draft: &mut Draft, cells: Cells<'_>) -> Result<(), RowFault> {
        for (at, kind) in &self.phones {
            let Some(field) = phone_field(kind.map_or("", |kind| cells.get(kind))) else {
                continue;
            };
            if draft.values.get(field).is_none() {
                self.set(
                    draft,
                    field,
                    FieldKind::Text,
                    *at,
                    phone_of(field, cells.get(*at)),
                )?;
            }
        }
        Ok(())
    }

    fn resolve_places(&self, draft: &mut Draft, places: &mut Places) {
        let text = |draft: &Draft, field| draft.values.text(field).map(str::to_owned);
        let mut country = self.default_country;
        if let Some(named) = text(draft, ContactField::Country) {
            country = places.country(&named);
            if let Some(code) = country {
                draft
                    .values
                    .set(ContactField::Country, Some(Value::Text(code.to_owned())));
            }
        }
        if let (Some(named), Some(country)) = (text(draft, ContactField::State), country)
            && let Some(code) = places.state(&named, country)
        {
            draft
                .values
                .set(ContactField::State, Some(Value::Text(code.to_owned())));
        }
    }

    /// Such columns only ever say yes: a *no* there never takes back what was said before.
    fn read_opt_out(&self, draft: &mut Draft, cells: Cells<'_>) {
        let out = self
            .opt_outs
            .iter()
            .any(|at| opt_out::says_yes(cells.get(*at)));
        if out
            || self
                .statuses
                .iter()
                .any(|at| opt_out::status_refuses(cells.get(*at)))
        {
            draft
                .values
                .set(ContactField::DoNotSend, Some(Value::YesNo(true)));
        }
    }
}

fn blame(column: usize) -> impl Fn(Reason) -> RowFault {
    move |reason| RowFault {
        column: Some(column),
        reason,
    }
}

fn first_filled(cells: Cells<'_>, mut columns: impl Iterator<Item = usize>) -> Option<usize> {
    columns.find(|at| !cells.get(*at).trim().is_empty())
}

/// Google puts several numbers into one cell; the first counts.
fn phone_of(field: ContactField, cell: &str) -> &str {
    use ContactField::{BusinessPhone, Fax, HomePhone, MobilePhone, Website};
    match field {
        BusinessPhone | Fax | HomePhone | MobilePhone | Website => {
            cell.split(":::").next().unwrap_or(cell)
        }
        _ => cell,
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
