//! Writes one page of rows: who each row is, what becomes of it, and the sums.

use std::collections::HashMap;

use leadferry_store::{
    AccountField, AccountId, AccountRole, ContactField, ContactId, ImportProgress, Writer,
    crash_point,
};

use super::contact_rows::{Draft, Layout, NOBODY};
use super::errors_file::{ErrorsFile, FaultyRow};
use super::gathering::{Content, Page, PageRow, Person};
use super::intake::{Key, TOLD, Terms};
use super::matching::{Match, Name, People};
use super::remarks::Tally;
use super::{Existing, Fault, Result, Warning};

/// Why a row is faulty that could be several people.
pub(crate) const UNCLEAR: &str = "several contacts match this row. Merge them, or correct the row";
/// What is told of a row that shares its e-mail with somebody else.
pub(crate) const ANOTHER: &str =
    "a contact with another name has the same email, so this row is a new contact";

/// One page being committed.
pub(crate) struct Commit<'w> {
    writer: &'w Writer<'w>,
    terms: Terms,
    now: i64,
    people: People,
    accounts: HashMap<String, AccountId>,
    /// The sums after the rows taken in so far.
    pub(crate) progress: ImportProgress,
    pub(crate) faults: Vec<Fault>,
    pub(crate) warnings: Vec<Warning>,
    pub(crate) remarks: Tally,
}

/// What became of a row.
enum Outcome {
    Created,
    Updated,
    Unchanged,
    Skipped,
    Faulty(String),
}

impl<'w> Commit<'w> {
    pub(crate) fn new(
        writer: &'w Writer<'w>,
        terms: Terms,
        now: i64,
        progress: ImportProgress,
    ) -> Self {
        let (people, accounts) = (People::default(), HashMap::new());
        Self {
            writer,
            terms,
            now,
            people,
            accounts,
            progress,
            faults: Vec::new(),
            warnings: Vec::new(),
            remarks: Tally::default(),
        }
    }

    /// Looks up everyone who has an e-mail of the page, in one go.
    pub(crate) fn load_people(&mut self, page: &Page) -> Result<()> {
        if self.terms.key != Key::Email {
            return Ok(());
        }
        let mut keys: Vec<String> = page
            .rows
            .iter()
            .filter_map(|row| match &row.content {
                Content::Person(person) => person.email_key.clone(),
                _ => None,
            })
            .collect();
        keys.sort_unstable();
        keys.dedup();
        for person in self.writer.people_by_email_keys(&keys)? {
            let name = Name::new(person.first_name.as_deref(), person.last_name.as_deref());
            self.people.add(person.email_key, person.id, name);
        }
        Ok(())
    }

    /// Takes one row in, or writes it to the errors file.
    pub(crate) fn row(
        &mut self,
        row: &PageRow,
        raw: &[u8],
        layout: &Layout,
        errors: &mut ErrorsFile,
    ) -> Result<()> {
        crash_point("import.row");
        self.progress.committed_row += 1;
        let (column, reason, written) = match &row.content {
            Content::Blank => {
                self.progress.skipped += 1;
                return Ok(());
            }
            Content::Person(person) => match self.person(person, row.line)? {
                Outcome::Faulty(reason) => (None, reason, false),
                outcome => {
                    *self.count(&outcome) += 1;
                    self.remarks.add(row.line, &person.draft.remarks);
                    return Ok(());
                }
            },
            Content::Faulty(fault) => (fault.column, fault.reason.clone().into_owned(), false),
            Content::Written(fault) => (fault.column, fault.reason.clone().into_owned(), true),
        };
        self.progress.faulty += 1;
        let column = column.map(|at| layout.name(at).to_owned());
        if !written {
            let text = match &column {
                Some(column) => format!("row {}, {column}: {reason}", row.line),
                None => format!("row {}: {reason}", row.line),
            };
            let raw = &raw[row.raw.clone()];
            errors.write(&FaultyRow {
                raw,
                cells: row.cells,
                old_reason: row.old_reason,
                reason: &text,
            })?;
        }
        if self.faults.len() < TOLD {
            self.faults.push(Fault {
                line: row.line,
                column,
                reason,
                cells: Vec::new(),
            });
        }
        Ok(())
    }

    fn count(&mut self, outcome: &Outcome) -> &mut u64 {
        match outcome {
            Outcome::Created => &mut self.progress.created,
            Outcome::Updated => &mut self.progress.updated,
            Outcome::Unchanged => &mut self.progress.unchanged,
            Outcome::Skipped => &mut self.progress.skipped,
            Outcome::Faulty(_) => &mut self.progress.faulty,
        }
    }

    /// Finds out who the row is, and writes it.
    fn person(&mut self, person: &Person, line: u64) -> Result<Outcome> {
        let found = match self.terms.key {
            Key::None => Match::New,
            Key::Email => match (self.exported(person)?, &person.email_key) {
                (Some(id), _) => Match::Same(id),
                (None, Some(key)) => self.people.find(key, &person.name),
                (None, None) => Match::New,
            },
            Key::Field(field) => match person.draft.values.get(field) {
                Some(value) => match self.writer.contacts_with_value(field, value)?.as_slice() {
                    [] => Match::New,
                    [id] => Match::Same(*id),
                    _ => Match::Unclear,
                },
                None => Match::New,
            },
        };
        match found {
            Match::Unclear => Ok(Outcome::Faulty(UNCLEAR.to_owned())),
            Match::Same(_) if self.terms.existing == Existing::Skip => Ok(Outcome::Skipped),
            Match::Same(id) => self.update(id, person),
            Match::New if !self.names_someone(person) => Ok(Outcome::Faulty(NOBODY.to_owned())),
            Match::New => self.create(person),
            Match::Another => {
                let outcome = self.create(person)?;
                if matches!(outcome, Outcome::Created) {
                    self.warnings.push(Warning {
                        line: Some(line),
                        text: ANOTHER.to_owned(),
                    });
                }
                Ok(outcome)
            }
        }
    }

    /// Returns the contact that a row of an export came from, while there is one.
    fn exported(&self, person: &Person) -> Result<Option<ContactId>> {
        Ok(match &person.draft.guid {
            Some(guid) => self.writer.live_contact_by_guid(guid)?,
            None => None,
        })
    }

    /// Tells whether a row says who its contact is; a value of the key does, too.
    fn names_someone(&self, person: &Person) -> bool {
        let draft = &person.draft;
        let has_key =
            matches!(self.terms.key, Key::Field(field) if draft.values.get(field).is_some());
        has_key || draft.names_someone()
    }

    fn create(&mut self, person: &Person) -> Result<Outcome> {
        let draft = &person.draft;
        let id = match self
            .writer
            .insert_contact(&draft.values, Some(self.terms.import), self.now)
        {
            Ok(id) => id,
            Err(leadferry_store::Error::Refused(reason)) => return Ok(Outcome::Faulty(reason)),
            Err(error) => return Err(error.into()),
        };
        if self.terms.key == Key::Email
            && let Some(key) = &person.email_key
        {
            self.people.add(key.clone(), id, person.name);
        }
        self.join_account(id, draft, true)?;
        Ok(Outcome::Created)
    }

    fn update(&mut self, id: ContactId, person: &Person) -> Result<Outcome> {
        let draft = &person.draft;
        let changes: Vec<_> = draft
            .values
            .iter()
            .map(|(field, value)| (field, Some(value.clone())))
            .collect();
        let changed = match self
            .writer
            .change_imported(self.terms.import, id, &changes, self.now)
        {
            Ok(changed) => changed,
            Err(leadferry_store::Error::Refused(reason)) => return Ok(Outcome::Faulty(reason)),
            Err(error) => return Err(error.into()),
        };
        if self.terms.key == Key::Email
            && let Some(key) = &person.email_key
        {
            self.people.rename(key, id, &person.name);
        }
        let joined = self.join_account(id, draft, false)?;
        Ok(if changed || joined {
            Outcome::Updated
        } else {
            Outcome::Unchanged
        })
    }

    /// Makes the contact a member of her company; true when that changed anything.
    fn join_account(&mut self, contact: ContactId, draft: &Draft, new: bool) -> Result<bool> {
        let company = || draft.values.text(ContactField::CompanyName);
        let name = match draft.account.get(&AccountField::Name) {
            Some(name) => name.as_str(),
            None if self.terms.create_accounts || !draft.account.is_empty() => {
                company().unwrap_or_default()
            }
            None => return Ok(false),
        };
        let Some(account) = self.account(name, draft)? else {
            return Ok(false);
        };
        let companies = if new {
            None
        } else {
            self.writer.companies_of(&[contact])?.remove(&contact)
        };
        let companies = companies.unwrap_or_default();
        if companies
            .iter()
            .any(|membership| membership.account == account)
        {
            return Ok(false);
        }
        let role = if companies.is_empty() {
            AccountRole::Primary
        } else {
            AccountRole::Regular
        };
        Ok(self
            .writer
            .set_membership(contact, account, role, self.now)?)
    }

    /// Finds or makes the account of a name; one that is there only gets what it lacks.
    fn account(&mut self, name: &str, draft: &Draft) -> Result<Option<AccountId>> {
        let key = name.trim().to_lowercase();
        if key.is_empty() {
            return Ok(None);
        }
        let known = match self.accounts.get(&key) {
            Some(id) => Some(*id),
            None => self.writer.accounts_named(name)?.first().copied(),
        };
        let id = match known {
            Some(id) => {
                self.complete_account(id, draft)?;
                id
            }
            None if self.terms.create_accounts => {
                let mut values = draft.account.clone();
                values.insert(AccountField::Name, name.trim().to_owned());
                self.writer
                    .insert_account(&values, Some(self.terms.import), self.now)?
            }
            None => return Ok(None),
        };
        self.accounts.insert(key, id);
        Ok(Some(id))
    }

    fn complete_account(&self, id: AccountId, draft: &Draft) -> Result<()> {
        if draft
            .account
            .keys()
            .all(|field| *field == AccountField::Name)
        {
            return Ok(());
        }
        let account = self.writer.account(id)?;
        let lacking = draft
            .account
            .iter()
            .filter(|(field, _)| account.get(**field).is_none());
        let changes: Vec<_> = lacking
            .map(|(field, text)| (*field, Some(text.clone())))
            .collect();
        if !changes.is_empty() {
            self.writer.change_account(id, &changes, self.now)?;
        }
        Ok(())
    }
}
