//! Two contacts that are one person: one survives, the other becomes its alias.

use std::collections::BTreeMap;

use rusqlite::named_params;

use crate::acts::{ActKind, Image, Membered, Undone};
use crate::consents::Origin;
use crate::{
    AccountRole, ActId, Channel, ContactField, ContactId, Error, Reader, Result, Value, Values,
    Writer,
};

impl Writer<'_> {
    /// Merges `loser` into `survivor`.
    ///
    /// The survivor's empty fields are filled, and it gets the accounts, the marks and the latest consents of both. Per org and object it takes
    /// the loser's link where it has none itself; otherwise the loser's link stays, as a second record in Salesforce.
    /// What is in flight for the loser is answered for the survivor (see [`Reader::resolve_contact`]).
    ///
    /// # Errors
    /// [`Error::NotFound`]; [`Error::Refused`] when they are the same contact or one of them is deleted.
    pub fn merge_contacts(&self, survivor: ContactId, loser: ContactId, now: i64) -> Result<ActId> {
        if survivor == loser {
            return Err(Error::Refused(
                "a contact can't be merged with itself".into(),
            ));
        }
        let fields = self.all_fields()?;
        let both = self.contacts(&[survivor, loser], &fields)?;
        let find = |id| {
            both.iter()
                .find(|contact| contact.id == id)
                .ok_or_else(|| Error::not_found("contact", id))
        };
        let (kept, lost) = (find(survivor)?, find(loser)?);
        if kept.deleted_at.is_some() || lost.deleted_at.is_some() {
            return Err(Error::Refused("deleted contacts can't be merged".into()));
        }
        let act = self.begin_act(ActKind::Merge, "merged 2 contacts", None, now)?;
        let filled = filled(&fields, &kept.values, &lost.values);
        let cells = self.cells(filled.iter().map(|(field, value)| (*field, Some(value))))?;
        let mut gained = Image::default();
        gained.add(&self.change_cells(survivor, cells, Origin::ByHand, now)?);
        gained.marks = self.share_marks(survivor, loser)?;
        gained.consents = self.share_consents(survivor, loser, now)?;
        gained.add(&self.share_opt_outs(survivor, loser, now)?);
        let mut given = Image {
            merged_into: Some(survivor.0),
            ..Image::default()
        };
        given.memberships = self.take_memberships(loser)?;
        gained.memberships = self.give_memberships(survivor, &given.memberships)?;
        given.links = self.move_links(survivor, loser, now)?;
        given.activities = self.move_activities(survivor, loser)?;
        given.withdrawn = self.withdraw_pending(loser, now)?;
        self.bury(loser, Some(survivor), now)?;
        self.stamp_contacts(&[survivor])?;
        self.remember(act, survivor, &gained)?;
        self.remember(act, loser, &given)?;
        Ok(act)
    }

    pub(crate) fn undo_merge(&self, act: ActId, now: i64) -> Result<Undone> {
        let (survivor, gained, loser, given) = self.merged_pair(act)?;
        if !self.is_live(survivor)? {
            return Err(Error::Refused(
                "the contact that was kept was deleted or merged since; undo that first".into(),
            ));
        }
        if !self.unbury(loser, Some(survivor), now)? {
            return Err(Error::Refused(
                "the merged contact was changed since".into(),
            ));
        }
        let mut undone = Undone {
            restored: 2,
            ..Undone::default()
        };
        self.put_fields_back(survivor, &gained, now, &mut undone)?;
        for membership in &gained.memberships {
            self.take_membership_back(survivor, membership)?;
        }
        self.give_memberships(loser, &given.memberships)?;
        for replication in &gained.marks {
            self.connection
                .prepare_cached("DELETE FROM marks WHERE replication_id = :replication AND contact_id = :contact")?
                .execute(named_params! { ":replication": replication, ":contact": survivor })?;
        }
        for answered in &gained.consents {
            self.take_consent_back(survivor, answered, now)?;
        }
        self.move_links_back(survivor, loser, &given.links, now)?;
        self.move_activities_back(survivor, loser, &given.activities)?;
        for entry in &given.withdrawn {
            self.connection
                .prepare_cached(
                    "UPDATE queue SET state = 'pending', since = :now WHERE id = :id AND state = 'withdrawn'",
                )?
                .execute(named_params! { ":now": now, ":id": entry })?;
        }
        self.stamp_contacts(&[survivor, loser])?;
        Ok(undone)
    }

    /// Gives the survivor the loser's marks that it lacks; returns their replications. Marks stay, whoever bears them.
    fn share_marks(&self, survivor: ContactId, loser: ContactId) -> Result<Vec<i64>> {
        let mut statement = self.connection.prepare_cached(
            "INSERT INTO marks (replication_id, contact_id, at, points)
             SELECT replication_id, :survivor, at, points FROM marks WHERE contact_id = :loser
             ON CONFLICT DO NOTHING RETURNING replication_id",
        )?;
        let marks = statement.query_map(
            named_params! { ":survivor": survivor, ":loser": loser },
            |row| row.get("replication_id"),
        )?;
        Ok(marks.collect::<rusqlite::Result<_>>()?)
    }

    fn take_memberships(&self, contact: ContactId) -> Result<Vec<Membered>> {
        let mut statement = self.connection.prepare_cached(
            "DELETE FROM account_contacts WHERE contact_id = :contact RETURNING account_id, role, since",
        )?;
        let rows = statement.query_map(named_params! { ":contact": contact }, |row| {
            let role: AccountRole = row.get("role")?;
            Ok(Membered {
                account: row.get("account_id")?,
                role,
                since: row.get("since")?,
            })
        })?;
        Ok(rows.collect::<rusqlite::Result<_>>()?)
    }

    /// Adds memberships of accounts that exist and that the contact is not in; returns those added.
    fn give_memberships(
        &self,
        contact: ContactId,
        memberships: &[Membered],
    ) -> Result<Vec<Membered>> {
        let mut given = Vec::new();
        for membership in memberships {
            let added = self
                .connection
                .prepare_cached(
                    "INSERT INTO account_contacts (contact_id, account_id, role, since)
                     SELECT :contact, id, :role, :since FROM accounts WHERE id = :account
                     ON CONFLICT DO NOTHING",
                )?
                .execute(named_params! {
                    ":contact": contact, ":account": membership.account, ":role": membership.role,
                    ":since": membership.since,
                })?;
            if added > 0 {
                given.push(*membership);
            }
        }
        Ok(given)
    }

    /// A membership that was changed since stays.
    fn take_membership_back(&self, contact: ContactId, membership: &Membered) -> Result<()> {
        self.connection
            .prepare_cached(
                "DELETE FROM account_contacts
                 WHERE contact_id = :contact AND account_id = :account AND role = :role AND since = :since",
            )?
            .execute(named_params! {
                ":contact": contact, ":account": membership.account, ":role": membership.role,
                ":since": membership.since,
            })?;
        Ok(())
    }

    fn move_links(&self, survivor: ContactId, loser: ContactId, now: i64) -> Result<Vec<i64>> {
        let mut statement = self.connection.prepare_cached(
            "UPDATE links SET contact_id = :survivor, changed_at = :now
             WHERE contact_id = :loser AND NOT EXISTS (
               SELECT 1 FROM links AS own
               WHERE own.contact_id = :survivor AND own.org_id = links.org_id AND own.object = links.object)
             RETURNING id",
        )?;
        let parameters = named_params! { ":survivor": survivor, ":loser": loser, ":now": now };
        let links = statement.query_map(parameters, |row| row.get("id"))?;
        Ok(links.collect::<rusqlite::Result<_>>()?)
    }

    /// Gives the survivor what the loser did; returns these activities.
    fn move_activities(&self, survivor: ContactId, loser: ContactId) -> Result<Vec<i64>> {
        let mut statement = self.connection.prepare_cached(
            "UPDATE activities SET contact_id = :survivor WHERE contact_id = :loser RETURNING id",
        )?;
        let parameters = named_params! { ":survivor": survivor, ":loser": loser };
        let moved = statement.query_map(parameters, |row| row.get("id"))?;
        Ok(moved.collect::<rusqlite::Result<_>>()?)
    }

    fn move_activities_back(
        &self,
        survivor: ContactId,
        loser: ContactId,
        moved: &[i64],
    ) -> Result<()> {
        self.connection
            .prepare_cached(
                "UPDATE activities SET contact_id = :loser WHERE contact_id = :survivor AND id IN rarray(:moved)",
            )?
            .execute(named_params! {
                ":loser": loser, ":survivor": survivor,
                ":moved": crate::contacts::id_array(moved.iter().copied()),
            })?;
        Ok(())
    }

    /// The loser gets back what was taken, and what an answer in flight has linked to the survivor under its guid.
    fn move_links_back(
        &self,
        survivor: ContactId,
        loser: ContactId,
        moved: &[i64],
        now: i64,
    ) -> Result<()> {
        self.connection
            .prepare_cached(
                "UPDATE links SET contact_id = :loser, changed_at = :now
                 WHERE contact_id = :survivor
                   AND (id IN rarray(:moved) OR identifier = (SELECT guid FROM contacts WHERE id = :loser))
                   AND NOT EXISTS (
                     SELECT 1 FROM links AS own
                     WHERE own.contact_id = :loser AND own.org_id = links.org_id AND own.object = links.object)",
            )?
            .execute(named_params! {
                ":loser": loser, ":survivor": survivor, ":now": now,
                ":moved": crate::contacts::id_array(moved.iter().copied()),
            })?;
        Ok(())
    }
}

impl Reader<'_> {
    /// Returns survivor and loser of a merge with what the act remembers of each.
    fn merged_pair(&self, act: ActId) -> Result<(ContactId, Image, ContactId, Image)> {
        for loser in self.act_contacts(act, ContactId(0), 2)? {
            let Some(given) = self.image(act, loser)? else {
                continue;
            };
            let Some(survivor) = given.merged_into.map(ContactId) else {
                continue;
            };
            let gained = self.image(act, survivor)?.unwrap_or_default();
            return Ok((survivor, gained, loser, given));
        }
        Err(Error::not_found("merge", act))
    }
}

/// Decides what the survivor takes over: what it lacks, the other's e-mail as its second one, and any wish not to be
/// written to.
fn filled(fields: &[ContactField], kept: &Values, lost: &Values) -> BTreeMap<ContactField, Value> {
    let mut filled: BTreeMap<ContactField, Value> = fields
        .iter()
        .filter(|field| field.is_writable() && kept.get(**field).is_none())
        // The ledger says which of two answers counts.
        .filter(|field| Channel::of(**field).is_none())
        .filter_map(|field| Some((*field, lost.get(*field)?.clone())))
        .collect();
    if lost.get(ContactField::DoNotSend) == Some(&Value::YesNo(true)) {
        filled.insert(ContactField::DoNotSend, Value::YesNo(true));
    }
    let second_is_free =
        kept.get(ContactField::Email2).is_none() && !filled.contains_key(&ContactField::Email2);
    if let (true, Some(own), Some(other)) = (
        second_is_free,
        kept.text(ContactField::Email),
        lost.text(ContactField::Email),
    ) && crate::email_key(own) != crate::email_key(other)
    {
        filled.insert(ContactField::Email2, Value::Text(other.to_owned()));
    }
    filled
}

#[cfg(test)]
mod tests;
