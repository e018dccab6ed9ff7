//! Writes rows of contacts: who each row is, what becomes of it, and its account.

use std::collections::HashMap;

use leadferry_store::{
    AccountField, AccountId, AccountRole, ContactField, ContactId, ImportId, NewConsent, Reader,
    Told, Value, Writer,
};

use super::answers::Wordings;
use super::contact_rows::Draft;
use super::gathering::{Content, Page, RowFault};
use super::intake::{Done, Outcome, Writing};
use super::judging::{
    ANOTHER, Key, Known, Person, Terms, Verdict, account_name, find, has_stored, judge, kept,
    or_refused, stored_name,
};
use super::matching::{Match, People};
use super::remarks::Remark;
use super::same_name::{Kept, Name};
use super::{Result, record_ids};

/// Writes contacts.
pub(crate) struct Contacts {
    pub(crate) import: ImportId,
    pub(crate) terms: Terms,
    /// The org of the records that rows name.
    pub(crate) org_id: Option<String>,
    /// The wordings that rows name.
    pub(crate) wordings: Wordings,
}

impl Writing<Person> for Contacts {
    fn write(
        &mut self,
        writer: &Writer<'_>,
        page: &Page<Person>,
        done: &mut Done<'_>,
    ) -> Result<()> {
        let mut commit = Commit {
            writer,
            import: self.import,
            terms: self.terms,
            org_id: self.org_id.as_deref(),
            now: done.now,
            people: People::load(writer, self.terms.key, page.drafts())?,
            accounts: HashMap::new(),
            wordings: &mut self.wordings,
        };
        for row in &page.rows {
            let outcome = match &row.content {
                Content::Blank => Outcome::Skipped,
                Content::Draft(person) => commit.person(person, row.line, done)?,
                Content::Faulty(fault) | Content::Written(fault) => Outcome::Invalid(fault.clone()),
            };
            done.row(row, outcome)?;
            if done.is_stopped() {
                break;
            }
        }
        Ok(())
    }
}

/// One page being committed.
struct Commit<'w> {
    writer: &'w Writer<'w>,
    import: ImportId,
    terms: Terms,
    org_id: Option<&'w str>,
    now: i64,
    people: People,
    accounts: HashMap<String, AccountId>,
    wordings: &'w mut Wordings,
}

impl Known for Commit<'_> {
    fn by_email(&self, key: &str, name: &Name) -> Match {
        self.people.find(key, name)
    }

    fn by_value(&self, field: ContactField, value: &Value) -> Result<Vec<ContactId>> {
        Ok(self.writer.contacts_with_value(field, value)?)
    }

    fn name_of(&self, id: ContactId, person: &Person) -> Result<Name> {
        match self.people.name_of(person.email_key.as_deref(), id) {
            Some(name) => Ok(name),
            None => stored_name(self.writer, id),
        }
    }

    fn has(&self, id: ContactId, field: ContactField) -> Result<bool> {
        has_stored(self.writer, id, field)
    }
}

impl People {
    /// Looks up everyone who has an e-mail of some rows, in one go.
    pub(crate) fn load<'p>(
        reader: &Reader<'_>,
        key: Key,
        rows: impl Iterator<Item = &'p Person>,
    ) -> Result<Self> {
        let mut people = Self::default();
        if key != Key::Email {
            return Ok(people);
        }
        let mut keys: Vec<String> = rows.filter_map(|person| person.email_key.clone()).collect();
        keys.sort_unstable();
        keys.dedup();
        for person in reader.people_by_email_keys(&keys)? {
            let name = Name::new(person.first_name.as_deref(), person.last_name.as_deref());
            people.add(person.email_key, person.id, name);
        }
        Ok(people)
    }
}

impl Commit<'_> {
    /// Finds out who a row is, and writes it.
    fn person(&mut self, person: &Person, line: u64, done: &mut Done<'_>) -> Result<Outcome> {
        let found = find(self.writer, self.terms.key, person, self)?;
        let outcome = match judge(&self.terms, person, found) {
            Verdict::Invalid(reason) => Outcome::Invalid(RowFault::of_row(reason)),
            Verdict::Skip => Outcome::Skipped,
            Verdict::Update(id) => self.update(id, person, line, done)?,
            Verdict::Create { shares_email } => {
                let outcome = self.create(person, line, done)?;
                if shares_email && matches!(outcome, Outcome::Created) {
                    done.warn(line, ANOTHER);
                }
                outcome
            }
        };
        if !matches!(outcome, Outcome::Invalid(_)) {
            done.remarks.add(line, &person.draft.remarks);
        }
        Ok(outcome)
    }

    fn create(&mut self, person: &Person, line: u64, done: &mut Done<'_>) -> Result<Outcome> {
        let draft = &person.draft;
        let mut remarks = Vec::new();
        let refused = draft.channels.refused_at(self.now, &mut remarks);
        let inserted = self
            .writer
            .insert_imported(&draft.values, self.import, refused, self.now);
        let id = match or_refused(inserted)? {
            Ok(id) => id,
            Err(refused) => return Ok(refused),
        };
        done.remarks.add(line, &remarks);
        let second_numbers = draft.of_second_numbers(Kept::default());
        done.remarks.add(line, &second_numbers);
        if self.terms.key == Key::Email
            && let Some(key) = &person.email_key
        {
            self.people.add(key.clone(), id, person.name);
        }
        self.join_account(id, draft, true)?;
        self.link(id, draft, line, done)?;
        self.answer(id, draft, line, done)?;
        Ok(Outcome::Created)
    }

    fn update(
        &mut self,
        id: ContactId,
        person: &Person,
        line: u64,
        done: &mut Done<'_>,
    ) -> Result<Outcome> {
        let draft = &person.draft;
        let (kept, told) = kept(&self.terms, person, id, self)?;
        let changes: Vec<_> = draft
            .values
            .iter()
            .filter(|(field, _)| !kept.has(*field))
            .map(|(field, value)| (field, Some(value.clone())))
            .collect();
        let mut remarks = Vec::new();
        let refused = draft.channels.refused_at(self.now, &mut remarks);
        let changed = self
            .writer
            .change_imported(self.import, id, &changes, refused, self.now);
        let changed = match or_refused(changed)? {
            Ok(changed) => changed,
            Err(refused) => return Ok(refused),
        };
        if self.terms.key == Key::Email
            && let Some(key) = &person.email_key
        {
            self.people.rename(key, id, &person.name.without(kept));
        }
        done.remarks.add(line, &told);
        done.remarks.add(line, &remarks);
        let joined = self.join_account(id, draft, false)?;
        self.link(id, draft, line, done)?;
        let answered = self.answer(id, draft, line, done)?;
        Ok(if changed || joined || answered {
            Outcome::Updated
        } else {
            Outcome::Unchanged
        })
    }

    /// Records what the contact answered; true when another answer counts now.
    fn answer(
        &mut self,
        id: ContactId,
        draft: &Draft,
        line: u64,
        done: &mut Done<'_>,
    ) -> Result<bool> {
        let mut changed = false;
        let mut remarks = Vec::new();
        for answer in &draft.answers {
            let evidence =
                draft
                    .evidence
                    .of(answer, self.wordings, self.writer, self.now, &mut remarks)?;
            let new = NewConsent {
                purpose: answer.purpose,
                given: Some(answer.given),
                evidence,
            };
            let told = self
                .writer
                .import_consent(self.import, id, &new, self.now)?;
            changed |= told == Told::Changed;
            if told == Told::Outweighed {
                remarks.push((answer.column, Remark::Outweighed));
            }
        }
        let agreed = draft
            .channels
            .agreed(&draft.evidence, self.now, &mut remarks);
        for (opted_in, evidence) in agreed {
            let channel = opted_in.channel;
            let told = self
                .writer
                .import_opt_in(self.import, id, channel, &evidence, self.now)?;
            changed |= told == Told::Changed;
            // That they opted out later stands in the same row.
            if told == Told::Outweighed && !draft.refuses(channel) {
                remarks.push((opted_in.column, Remark::Outweighed));
            }
        }
        done.remarks.add(line, &remarks);
        Ok(changed)
    }

    fn link(&self, id: ContactId, draft: &Draft, line: u64, done: &mut Done<'_>) -> Result<()> {
        match self.org_id {
            Some(org_id) => {
                record_ids::link(self.writer, (self.import, org_id), id, draft, line, done)
            }
            None => Ok(()),
        }
    }

    /// Makes the contact a member of their company; true when that changed anything.
    fn join_account(&mut self, contact: ContactId, draft: &Draft, new: bool) -> Result<bool> {
        let Some(name) = account_name(&self.terms, draft) else {
            return Ok(false);
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
        let key = name.to_lowercase();
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
                values.insert(AccountField::Name, name.to_owned());
                self.writer
                    .insert_account(&values, Some(self.import), self.now)?
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
