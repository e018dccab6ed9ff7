//! Links: our contact and its record in an org.

mod hashes;

use rusqlite::{OptionalExtension, Row, ToSql, named_params};
use serde::{Deserialize, Serialize};

use crate::{
    ContactId, Error, LinkId, Reader, Result, Writer,
    rows_together::{ManyRows, ROWS_TOGETHER, rows_bound},
    selection::{ids_of, texts_of},
};

pub(crate) use hashes::SentFields;
pub use hashes::{Hashes, ValueHash};
pub(crate) use hashes::{hashes_from_json, hashes_to_json, register};

/// What we know of the record behind a link.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LinkState {
    /// The record is there, as far as we know.
    Linked,
    /// The record was deleted in Salesforce.
    Deleted,
    /// The lead was converted in Salesforce.
    Converted,
}

/// How a link came about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LinkOrigin {
    /// We created the record.
    Created,
    /// The record held the contact's identifier.
    Identifier,
    /// The record had the contact's email, or the contact was imported from it.
    Email,
    /// The user linked it.
    Hand,
    /// The link followed a conversion or a merge in Salesforce.
    Followed,
    /// An imported file named the record.
    File,
}

macro_rules! stored_names {
    ($type:ident { $($variant:ident = $name:literal),* $(,)? }) => {
        impl $type {
            /// All of them.
            pub const ALL: &[Self] = &[$(Self::$variant),*];

            /// Returns the name as stored and shown in JSON.
            pub fn name(self) -> &'static str {
                match self { $(Self::$variant => $name),* }
            }

            /// Reads the name as stored.
            ///
            /// # Errors
            /// [`crate::Error::Refused`] for another word.
            pub fn from_name(name: &str) -> crate::Result<Self> {
                match name {
                    $($name => Ok(Self::$variant),)*
                    other => Err(crate::Error::Refused(format!("\"{other}\" isn't one of {}", [$($name),*].join(", ")))),
                }
            }
        }

        impl rusqlite::types::ToSql for $type {
            fn to_sql(&self) -> rusqlite::Result<rusqlite::types::ToSqlOutput<'_>> {
                Ok(self.name().into())
            }
        }

        impl rusqlite::types::FromSql for $type {
            fn column_result(value: rusqlite::types::ValueRef<'_>) -> rusqlite::types::FromSqlResult<Self> {
                Self::from_name(value.as_str()?)
                    .map_err(|error| rusqlite::types::FromSqlError::Other(Box::new(error)))
            }
        }
    };
}
pub(crate) use stored_names;

stored_names!(LinkState { Linked = "linked", Deleted = "deleted", Converted = "converted" });
stored_names!(LinkOrigin {
    Created = "created",
    Identifier = "identifier",
    Email = "email",
    Hand = "hand",
    Followed = "followed",
    File = "file",
});

/// A link to be stored.
#[derive(Debug, Clone)]
pub struct NewLink<'a> {
    /// The contact.
    pub contact: ContactId,
    /// The org.
    pub org_id: &'a str,
    /// The record's object.
    pub object: &'a str,
    /// The record, 18 characters.
    pub record_id: &'a str,
    /// The identifier value that the record holds, where we know it.
    pub identifier: Option<&'a str>,
    /// How it came about.
    pub origin: LinkOrigin,
}

/// A link that nobody has yet, with what was sent over it.
#[derive(Debug)]
pub struct SentLink {
    contact: ContactId,
    record_id: String,
    identifier: Option<String>,
    origin: LinkOrigin,
    sent: Vec<u8>,
}

/// A stored link.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Link {
    /// Id.
    pub id: LinkId,
    /// The contact.
    pub contact: ContactId,
    /// The org.
    pub org_id: String,
    /// The record's object.
    pub object: String,
    /// The record, 18 characters.
    pub record_id: String,
    /// The identifier value that the record holds, where we know it; empty where another record holds the contact's.
    pub identifier: Option<String>,
    /// What we know of the record.
    pub state: LinkState,
    /// How it came about.
    pub origin: LinkOrigin,
    /// What was sent last.
    #[serde(skip)]
    pub sent: Hashes,
    /// When we sent last, UTC milliseconds.
    pub sent_at: Option<i64>,
    /// When the link to this record was made, UTC milliseconds.
    pub created_at: i64,
    /// When anything about it changed last, UTC milliseconds.
    pub changed_at: i64,
}

pub(crate) const LINK_COLUMNS: &str = "l.id, l.contact_id, l.org_id, l.object, l.record_id, l.identifier, l.state, l.how, l.sent, l.sent_at, l.created_at, l.changed_at";

pub(crate) fn link(row: &Row<'_>, fields: &SentFields) -> Result<Link> {
    Ok(Link {
        id: row.get(0)?,
        contact: row.get(1)?,
        org_id: row.get(2)?,
        object: row.get(3)?,
        record_id: row.get(4)?,
        identifier: row.get(5)?,
        state: row.get(6)?,
        origin: row.get(7)?,
        sent: fields.unpack(row.get_ref(8)?.as_blob().map_err(rusqlite::Error::from)?)?,
        sent_at: row.get(9)?,
        created_at: row.get(10)?,
        changed_at: row.get(11)?,
    })
}

impl Reader<'_> {
    /// Returns the links `l` that the rest of a statement names.
    pub(crate) fn links_from(&self, rest: &str, bound: &[(&str, &dyn ToSql)]) -> Result<Vec<Link>> {
        let fields = self.sent_fields()?;
        let mut statement = self
            .connection
            .prepare_cached(&format!("SELECT {LINK_COLUMNS} FROM {rest}"))?;
        let links = statement.query_and_then(bound, |row| link(row, &fields))?;
        links.collect()
    }

    /// Returns the contact's link to an object of an org.
    pub fn link(&self, contact: ContactId, org_id: &str, object: &str) -> Result<Option<Link>> {
        let links = self.links_from(
            "links l WHERE l.contact_id = :contact AND l.org_id = :org AND l.object = :object",
            named_params! { ":contact": contact, ":org": org_id, ":object": object },
        )?;
        Ok(links.into_iter().next())
    }

    /// Returns all links of a contact.
    pub fn links_of(&self, contact: ContactId) -> Result<Vec<Link>> {
        self.links_from(
            "links l WHERE l.contact_id = :contact ORDER BY l.org_id, l.object",
            named_params! { ":contact": contact },
        )
    }

    /// Returns the links that contacts merged into this one have kept, because this one has a link of its own to the same
    /// object: two records in the org for one person.
    pub fn links_left_over(&self, contact: ContactId) -> Result<Vec<Link>> {
        self.links_from(
            "(WITH RECURSIVE merged (id) AS (
                SELECT id FROM contacts WHERE merged_into = :contact
                UNION SELECT c.id FROM merged JOIN contacts c ON c.merged_into = merged.id)
              SELECT id FROM merged) AS merged
             CROSS JOIN links l ON l.contact_id = merged.id
             WHERE l.state = 'linked' ORDER BY l.org_id, l.object, l.id",
            named_params! { ":contact": contact },
        )
    }

    /// Returns the link to a record.
    pub fn link_to(&self, org_id: &str, record_id: &str) -> Result<Option<Link>> {
        let links = self.links_from(
            "links l WHERE l.org_id = :org AND l.record_id = :record",
            named_params! { ":org": org_id, ":record": record_id },
        )?;
        Ok(links.into_iter().next())
    }

    /// Returns how many links to an object of an org have ended with a conversion.
    pub fn converted_links(&self, org_id: &str, object: &str) -> Result<u64> {
        Ok(self
            .connection
            .prepare_cached(
                "SELECT count(*) FROM links WHERE org_id = :org AND object = :object AND state = 'converted'",
            )?
            .query_row(
                named_params! { ":org": org_id, ":object": object },
                |row| row.get(0),
            )?)
    }

    /// Returns the links to any of these records.
    pub fn links_to_records(&self, org_id: &str, record_ids: &[String]) -> Result<Vec<Link>> {
        self.links_from(
            "rarray(:records) AS wanted
             CROSS JOIN links l ON l.org_id = :org AND l.record_id = wanted.value",
            named_params! { ":org": org_id, ":records": texts_of(record_ids) },
        )
    }

    /// Returns links in the order of their ids, after `after`.
    pub fn links_page(
        &self,
        org_id: Option<&str>,
        after: LinkId,
        limit: usize,
    ) -> Result<Vec<Link>> {
        self.links_from(
            "links l WHERE l.id > :after AND (:org IS NULL OR l.org_id = :org) ORDER BY l.id LIMIT :limit",
            named_params! { ":after": after, ":org": org_id, ":limit": limit },
        )
    }

    /// Returns the contacts of these that have a link to the other object in the org, with that link.
    pub fn links_of_contacts(&self, contacts: &[ContactId], org_id: &str) -> Result<Vec<Link>> {
        let contacts = ids_of(contacts.iter().map(|contact| contact.0));
        self.links_from(
            "rarray(:contacts) AS wanted
             CROSS JOIN links l ON l.contact_id = wanted.value AND l.org_id = :org",
            named_params! { ":contacts": contacts, ":org": org_id },
        )
    }
}

// Two plain statements: one that inserts or updates would keep every page that it writes to be able to take it back.
const PUT_FIRST: &str = "
INSERT INTO links (contact_id, org_id, object, record_id, identifier, how, sent, sent_at, created_at, changed_at)
VALUES (:contact, :org, :object, :record, :identifier, :how, :sent, :sent_at, :now, :now)
ON CONFLICT (contact_id, org_id, object) DO NOTHING";

const PUT_AGAIN: &str = "
UPDATE links SET
  sent = CASE WHEN record_id = :record THEN merged_sent(sent, :sent) ELSE :sent END,
  sent_at = coalesce(:sent_at, sent_at),
  identifier = CASE WHEN record_id = :record THEN coalesce(:identifier, identifier) ELSE :identifier END,
  agreed = CASE WHEN record_id = :record THEN agreed ELSE '{}' END,
  looked_at = CASE WHEN record_id = :record THEN looked_at END,
  created_at = CASE WHEN record_id = :record THEN created_at ELSE :now END,
  record_id = :record, state = 'linked', how = :how, changed_at = :now
WHERE contact_id = :contact AND org_id = :org AND object = :object";

static PUT_NEW: ManyRows = ManyRows::new(|links| {
    let rows = rows_bound(links, 3, 5, |at| {
        format!(
            "?{}, ?1, ?2, ?{}, ?{}, ?{}, ?{}, ?3, ?3, ?3",
            at,
            at + 1,
            at + 2,
            at + 3,
            at + 4
        )
    });
    format!(
        "INSERT INTO links (contact_id, org_id, object, record_id, identifier, how, sent, sent_at, created_at, changed_at)
         VALUES {rows}"
    )
});

impl Writer<'_> {
    /// Links a contact to a record; an older link of the contact to that object of the org is replaced. A link that a contact
    /// merged into this one has kept to the record makes way: both are one person.
    ///
    /// # Errors
    /// [`Error::Refused`] when the record is linked to another contact.
    pub fn put_link(&self, new: &NewLink<'_>, now: i64) -> Result<LinkId> {
        if let Some(other) = self.link_to(new.org_id, new.record_id)?
            && other.contact != new.contact
        {
            if self.resolve_contact(other.contact)? == new.contact {
                self.remove_link(other.id)?;
                return self.put_link(new, now);
            }
            return Err(Error::Refused(format!(
                "record {} is already linked to another contact; remove that link first, or merge the two \
                 contacts",
                new.record_id
            )));
        }
        self.put(new, &Hashes::new(), None, now)?;
        self.judge_ambiguous_anew(&[new.contact])?;
        let link = self.link(new.contact, new.org_id, new.object)?;
        link.map(|link| link.id)
            .ok_or_else(|| Error::not_found("link", new.record_id))
    }

    /// Links a contact to a record that was just sent to and is nobody else's, and records what was sent, in one.
    pub fn put_link_sent(&self, new: &NewLink<'_>, sent: &Hashes, now: i64) -> Result<()> {
        self.put(new, sent, Some(now), now)
    }

    /// Lets those of some contacts be judged anew that a replication could not tell the record of: a link says more now.
    pub fn judge_ambiguous_anew(&self, contacts: &[ContactId]) -> Result<()> {
        let mut statement = self.connection.prepare_cached(
            "SELECT DISTINCT q.contact_id FROM rarray(:contacts) AS wanted
             CROSS JOIN queue q ON q.contact_id = wanted.value
             WHERE q.state = 'blocked' AND q.code = 'ambiguous'",
        )?;
        let contacts = ids_of(contacts.iter().map(|contact| contact.0));
        let rows =
            statement.query_map(named_params! { ":contacts": contacts }, |row| row.get(0))?;
        let blocked: Vec<ContactId> = rows.collect::<rusqlite::Result<_>>()?;
        self.stamp_contacts(&blocked)
    }

    /// Returns a link to be put with others by [`Self::put_new_links`].
    pub fn sent_link(&self, new: &NewLink<'_>, sent: &Hashes) -> Result<SentLink> {
        Ok(SentLink {
            contact: new.contact,
            record_id: new.record_id.to_owned(),
            identifier: new.identifier.map(str::to_owned),
            origin: new.origin,
            sent: self.packed_hashes(sent)?,
        })
    }

    /// Links contacts who have no link to the object yet to records that were just sent to and are nobody else's, many in a
    /// statement.
    ///
    /// # Errors
    /// When one of them has a link to the object, or one of the records is linked.
    pub fn put_new_links(
        &self,
        org_id: &str,
        object: &str,
        links: &[SentLink],
        now: i64,
    ) -> Result<()> {
        for links in links.chunks(ROWS_TOGETHER) {
            let mut bound: Vec<&dyn ToSql> = vec![&org_id, &object, &now];
            for link in links {
                bound.extend::<[&dyn ToSql; 5]>([
                    &link.contact,
                    &link.record_id,
                    &link.identifier,
                    &link.origin,
                    &link.sent,
                ]);
            }
            self.connection
                .prepare_cached(&PUT_NEW.sql(links.len()))?
                .execute(&*bound)?;
        }
        Ok(())
    }

    fn put(&self, new: &NewLink<'_>, sent: &Hashes, sent_at: Option<i64>, now: i64) -> Result<()> {
        let sent = self.packed_hashes(sent)?;
        let parameters = named_params! {
            ":contact": new.contact, ":org": new.org_id, ":object": new.object, ":record": new.record_id,
            ":identifier": new.identifier, ":how": new.origin, ":sent": sent, ":sent_at": sent_at, ":now": now,
        };
        for sql in [PUT_FIRST, PUT_AGAIN] {
            if self.connection.prepare_cached(sql)?.execute(parameters)? > 0 {
                break;
            }
        }
        Ok(())
    }

    /// Records what was sent over a link; `identifier` where it was sent too.
    pub fn record_sent(
        &self,
        link: LinkId,
        sent: &Hashes,
        identifier: Option<&str>,
        now: i64,
    ) -> Result<()> {
        let sent = self.packed_hashes(sent)?;
        self.connection
            .prepare_cached(
                "UPDATE links SET sent = merged_sent(sent, :sent), identifier = coalesce(:identifier, identifier),
                   state = 'linked', sent_at = :now, changed_at = :now
                 WHERE id = :id",
            )?
            .execute(named_params! { ":sent": sent, ":identifier": identifier, ":now": now, ":id": link })?;
        Ok(())
    }

    /// Notes that another record holds the contact's identifier, so that it isn't written to the linked one.
    pub fn identifier_is_elsewhere(
        &self,
        contact: ContactId,
        org_id: &str,
        object: &str,
    ) -> Result<()> {
        self.connection
            .prepare_cached(
                "UPDATE links SET identifier = ''
                 WHERE contact_id = :contact AND org_id = :org AND object = :object AND identifier IS NULL",
            )?
            .execute(named_params! { ":contact": contact, ":org": org_id, ":object": object })?;
        Ok(())
    }

    /// Forgets that these fields were sent: they go again.
    pub fn forget_sent(
        &self,
        link: LinkId,
        fields: impl Iterator<Item = impl AsRef<str>>,
        now: i64,
    ) -> Result<()> {
        let fields: Hashes = fields
            .map(|field| (field.as_ref().into(), ValueHash::of("")))
            .collect();
        let fields = self.sent_fields()?.pack(&fields);
        self.connection
            .prepare_cached(
                "UPDATE links SET sent = without_sent(sent, :fields), changed_at = :now WHERE id = :id",
            )?
            .execute(named_params! { ":fields": fields, ":now": now, ":id": link })?;
        Ok(())
    }

    /// Records what became of the record behind a link.
    pub fn set_link_state(&self, link: LinkId, state: LinkState, now: i64) -> Result<()> {
        self.connection
            .prepare_cached("UPDATE links SET state = :state, changed_at = :now WHERE id = :id")?
            .execute(named_params! { ":state": state, ":now": now, ":id": link })?;
        Ok(())
    }

    /// Gives a link to another contact, which has none to that object of the org; what was sent stays known.
    pub fn give_link(&self, link: LinkId, to: ContactId, now: i64) -> Result<()> {
        self.connection
            .prepare_cached("UPDATE links SET contact_id = :to, changed_at = :now WHERE id = :id")?
            .execute(named_params! { ":to": to, ":now": now, ":id": link })?;
        self.stamp_contacts(&[to])
    }

    /// Removes a link; the record in Salesforce stays as it is.
    pub fn remove_link(&self, link: LinkId) -> Result<()> {
        let contact: Option<ContactId> = self
            .connection
            .prepare_cached("DELETE FROM links WHERE id = :id RETURNING contact_id")?
            .query_row(named_params! { ":id": link }, |row| row.get(0))
            .optional()?;
        // Rules on Salesforce's data have another answer now.
        self.stamp_contacts(contact.as_slice())
    }
}
