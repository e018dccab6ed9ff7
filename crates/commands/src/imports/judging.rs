//! Judges a row that can be read: which contact it is, and what becomes of it.
//!
//! The preview and the import judge with the same functions, so that the one counts what the other does.

use leadferry_store::{AccountField, ContactField, ContactId, Reader, Value};

use super::contact_rows::{Draft, Layout, Memory, PHONES};
use super::gathering::{RowFault, RowReader};
use super::intake::Outcome;
use super::matching::{Match, hash_of, mark_of};
use super::nobody::{self, NamesIn};
use super::remarks::{Remark, RowRemarks};
use super::same_name::{Kept, Name};
use super::source::Row;
use super::{Existing, Result};

/// Why a row is invalid that could be several people.
const UNCLEAR: &str = "several contacts match this row. Merge them, or correct the row";
/// Why a row that names nobody does not become a new contact.
const NOBODY: &str = "this row has no name, email, phone number or company";
/// Why a row is invalid whose key a spreadsheet program has damaged.
const DAMAGED_KEY: &str =
    "a spreadsheet program damaged this value, which identifies the contact. Enter it again";
/// Why a row is invalid whose key is a formula that a program has not worked out.
const UNSOLVED_KEY: &str = "this formula has no saved result, and it identifies the contact. Open the file in a spreadsheet \
                            program, save it, and import it again";
/// Why a row is invalid whose key its field doesn't take.
const UNREADABLE_KEY: &str =
    "the field can't hold this value, which identifies the contact. Correct it";
/// What is told of a row that shares its e-mail with somebody else.
pub(crate) const ANOTHER: &str =
    "a contact with another name has the same email, so this row is a new contact";

/// What makes a row and a contact the same person.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Key {
    Email,
    Field(ContactField),
    None,
}

/// How rows are taken in.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Terms {
    pub(crate) key: Key,
    pub(crate) existing: Existing,
    pub(crate) create_accounts: bool,
    /// The columns of the first and the last name.
    pub(crate) names: [usize; 2],
}

/// A row that can be read, with what its contact is known by.
pub(crate) struct Person {
    pub(crate) draft: Draft,
    pub(crate) email_key: Option<String>,
    pub(crate) name: Name,
}

/// Reads the rows of contacts.
pub(crate) struct PersonReader<'l> {
    layout: &'l Layout,
    key: Key,
    memory: Memory,
    /// The row with the column names of another table below the first one.
    other_table: Option<u64>,
    /// The row before was blank.
    after_blank: bool,
    /// There was a row that is no column names.
    has_read: bool,
}

impl<'l> PersonReader<'l> {
    pub(crate) fn new(layout: &'l Layout, key: Key) -> Self {
        Self {
            layout,
            key,
            memory: Memory::default(),
            other_table: None,
            after_blank: false,
            has_read: false,
        }
    }

    /// Looks for the column names of another table; what is below them isn't read by the names of the first.
    fn in_other_table(&mut self, row: &Row<'_>) -> Option<RowFault> {
        let after_blank = std::mem::take(&mut self.after_blank);
        match self.layout.names_in(row.cells, after_blank) {
            Some(NamesIn::Same) => {
                self.other_table = None;
                return Some(RowFault::of_row(nobody::REPEATED));
            }
            // Right below the names they are the second row of them.
            Some(NamesIn::Other) if !self.has_read => {
                return Some(RowFault::of_row(nobody::REPEATED));
            }
            Some(NamesIn::Other) => {
                self.other_table = Some(row.number);
                return Some(RowFault::of_row(format!(
                    "this row has the column names of another table. To import that table, import the file again with row \
                     {} as the header row",
                    row.number
                )));
            }
            None => self.has_read = true,
        }
        let names = self.other_table?;
        Some(RowFault::of_row(format!(
            "this row belongs to another table, with its column names in row {names}. To import that table, import the \
             file again with row {names} as the header row"
        )))
    }

    /// Tells what keeps a row out whose key is nothing but damage.
    fn damage(&self, draft: &Draft) -> Option<RowFault> {
        let field = match self.key {
            Key::Email => ContactField::Email,
            Key::Field(field) => field,
            Key::None => return None,
        };
        if draft.values.get(field).is_some() {
            return None;
        }
        let fault = |(at, remark): &(usize, Remark)| {
            let reason = match remark {
                Remark::Damaged => DAMAGED_KEY,
                Remark::Unsolved => UNSOLVED_KEY,
                Remark::Unreadable(_) | Remark::TooLong => UNREADABLE_KEY,
                _ => return None,
            };
            self.layout.fills(*at, field).then(|| RowFault {
                column: Some(*at),
                reason: reason.into(),
            })
        };
        draft.remarks.iter().find_map(fault)
    }
}

impl RowReader for PersonReader<'_> {
    type Draft = Person;

    fn reason_column(&self) -> Option<usize> {
        self.layout.reason()
    }

    fn read(&mut self, row: &Row<'_>) -> Result<Option<Person>, RowFault> {
        if self.layout.is_blank(row.cells) {
            self.after_blank = true;
            return Ok(None);
        }
        if let Some(fault) = self.in_other_table(row) {
            return Err(fault);
        }
        let draft = self.layout.read(row, &mut self.memory)?;
        if let Some(fault) = self.damage(&draft) {
            return Err(fault);
        }
        Ok(Some(Person {
            email_key: draft.email_key(),
            name: Name::of(&draft),
            draft,
        }))
    }

    fn pass(&mut self, row: &Row<'_>) {
        match self.layout.is_blank(row.cells) {
            true => self.after_blank = true,
            false => _ = self.in_other_table(row),
        }
    }
}

/// Who is known by what identifies a row: the people stored, and those of the rows before it.
pub(crate) trait Known {
    /// Finds the person of an email whom a name means.
    fn by_email(&self, key: &str, name: &Name) -> Match;
    /// Returns everyone with a value of the key.
    fn by_value(&self, field: ContactField, value: &Value) -> Result<Vec<ContactId>>;
    /// Returns the name of a person who was found for a row.
    fn name_of(&self, id: ContactId, person: &Person) -> Result<Name>;
    /// Tells whether the person who was found has a value.
    fn has(&self, id: ContactId, field: ContactField) -> Result<bool>;
}

/// Finds out who a row is.
pub(crate) fn find(
    reader: &Reader<'_>,
    key: Key,
    person: &Person,
    known: &impl Known,
) -> Result<Match> {
    match key {
        Key::None => Ok(Match::New),
        Key::Email => {
            // The contact that a row of an export came from, while there is one.
            if let Some(guid) = &person.draft.guid
                && let Some(id) = reader.live_contact_by_guid(guid)?
            {
                return Ok(Match::Same(id));
            }
            let key = person.email_key.as_deref();
            Ok(key.map_or(Match::New, |key| known.by_email(key, &person.name)))
        }
        Key::Field(field) => {
            let Some(value) = person.draft.values.get(field) else {
                return Ok(Match::New);
            };
            Ok(match known.by_value(field, value)?.as_slice() {
                [] => Match::New,
                [id] => Match::Same(*id),
                _ => Match::Unclear,
            })
        }
    }
}

/// What becomes of a row.
pub(crate) enum Verdict {
    /// A new contact, who may share an email with one of another name.
    Create {
        shares_email: bool,
    },
    Update(ContactId),
    Skip,
    Invalid(&'static str),
}

/// Decides what becomes of a row.
pub(crate) fn judge(terms: &Terms, person: &Person, found: Match) -> Verdict {
    let draft = &person.draft;
    match found {
        Match::Unclear => Verdict::Invalid(UNCLEAR),
        Match::Same(_) if terms.existing == Existing::Skip => Verdict::Skip,
        Match::Same(id) => Verdict::Update(id),
        // A value of the key says who somebody is, too.
        Match::New if key_value(terms.key, draft).is_none() && !draft.names_someone() => {
            Verdict::Invalid(NOBODY)
        }
        Match::New => Verdict::Create {
            shares_email: false,
        },
        Match::Another => Verdict::Create { shares_email: true },
    }
}

/// Returns what a row leaves alone, and what is told of that: the parts of a name of which the stored ones say more, and
/// phone fields that only the second number of a cell would fill.
pub(crate) fn kept(
    terms: &Terms,
    person: &Person,
    id: ContactId,
    known: &impl Known,
) -> Result<(Kept, RowRemarks)> {
    let draft = &person.draft;
    let (mut kept, mut remarks) = kept_name(terms, person, id, known)?;
    for (_, field) in &draft.spare {
        if let Some(at) = PHONES.iter().position(|phone| phone == field) {
            kept.phones[at] = known.has(id, *field)?;
        }
    }
    remarks.extend(draft.of_second_numbers(kept));
    Ok((kept, remarks))
}

fn kept_name(
    terms: &Terms,
    person: &Person,
    id: ContactId,
    known: &impl Known,
) -> Result<(Kept, RowRemarks)> {
    let draft = &person.draft;
    let has_name = [ContactField::FirstName, ContactField::LastName]
        .iter()
        .any(|field| draft.values.get(*field).is_some());
    // What an export says was in the workspace to the letter.
    if !has_name || draft.guid.is_some() {
        return Ok((Kept::default(), Vec::new()));
    }
    let kept = person.name.poorer_than(&known.name_of(id, person)?);
    let told = [(kept.first, terms.names[0]), (kept.last, terms.names[1])];
    let mut remarks: RowRemarks = told
        .into_iter()
        .filter(|(is_kept, _)| *is_kept)
        .map(|(_, column)| (column, Remark::NameKept))
        .collect();
    remarks.dedup();
    Ok((kept, remarks))
}

/// Tells whether a stored contact has a value.
pub(crate) fn has_stored(reader: &Reader<'_>, id: ContactId, field: ContactField) -> Result<bool> {
    let contact = reader.contacts(&[id], &[field])?.pop();
    Ok(contact.is_some_and(|contact| contact.values.get(field).is_some()))
}

/// Returns the stored name of a contact.
pub(crate) fn stored_name(reader: &Reader<'_>, id: ContactId) -> Result<Name> {
    let fields = [ContactField::FirstName, ContactField::LastName];
    let contact = reader.contacts(&[id], &fields)?.pop();
    Ok(contact.map_or(Name::default(), |contact| {
        let text = |field| contact.values.text(field);
        Name::new(text(fields[0]), text(fields[1]))
    }))
}

/// Returns the name of the account that a row makes its contact a member of.
pub(crate) fn account_name<'d>(terms: &Terms, draft: &'d Draft) -> Option<&'d str> {
    let company = || draft.values.text(ContactField::CompanyName);
    let name = match draft.account.get(&AccountField::Name) {
        Some(name) => Some(name.as_str()),
        None if terms.create_accounts || !draft.account.is_empty() => company(),
        None => None,
    };
    name.map(str::trim).filter(|name| !name.is_empty())
}

/// Returns what identifies a row, as a hash.
pub(crate) fn identity(key: Key, person: &Person) -> Option<u64> {
    match key {
        Key::None => None,
        Key::Email => person.email_key.as_deref().map(hash_of),
        Key::Field(_) => key_value(key, &person.draft).map(identity_of),
    }
}

/// Texts that identify are compared without regard to case, as Salesforce does.
pub(crate) fn identity_of(value: &Value) -> u64 {
    match value {
        Value::Text(text) => hash_of(text.to_lowercase()),
        value => mark_of(value),
    }
}

fn key_value(key: Key, draft: &Draft) -> Option<&Value> {
    match key {
        Key::Field(field) => draft.values.get(field),
        Key::Email | Key::None => None,
    }
}

/// Turns what the workspace refuses into an outcome of the row.
pub(crate) fn or_refused<T>(
    result: leadferry_store::Result<T>,
) -> Result<std::result::Result<T, Outcome>> {
    match result {
        Ok(value) => Ok(Ok(value)),
        Err(leadferry_store::Error::Refused(reason)) => {
            Ok(Err(Outcome::Invalid(RowFault::of_row(reason))))
        }
        Err(error) => Err(error.into()),
    }
}
