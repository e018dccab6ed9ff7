//! Person accounts: an account that is a person, with a contact of its own that follows it.

use rusqlite::params;
use rusqlite::types::Value;

use super::Org;
use super::features::PERSON_ACCOUNTS;
use super::schema::Object;
use super::write::{RowError, Trouble};

/// Fields of the account that its contact has by the same name.
const SHARED: [&str; 8] = [
    "Salutation",
    "FirstName",
    "LastName",
    "Name",
    "Phone",
    "Fax",
    "Description",
    "OwnerId",
];

impl Org {
    /// Names an account that is a person after its parts; one that is not needs a name.
    pub(super) fn fit_person_account(
        &self,
        object: &Object,
        row: &mut Vec<(String, Value)>,
        own: Option<&str>,
    ) -> Result<(), Trouble> {
        if object.name != "Account" || !self.is_on(PERSON_ACCOUNTS)? {
            return Ok(());
        }
        let given = |row: &[(String, Value)], name: &str| {
            row.iter().find(|(f, _)| f == name).map(|(_, v)| v.clone())
        };
        let is_person = match own {
            None => matches!(given(row, "LastName"), Some(Value::Text(_))),
            Some(id) => self.is_person(object, id)?,
        };
        if !is_person {
            let missing = match own {
                None => !matches!(given(row, "Name"), Some(Value::Text(_))),
                Some(_) => given(row, "Name") == Some(Value::Null),
            };
            if missing {
                return Err(required("Name"));
            }
            return Ok(());
        }
        if given(row, "LastName") == Some(Value::Null) {
            return Err(required("LastName"));
        }
        if given(row, "Name").is_some() {
            let message = "Account Name: a person account is named by its first and last name";
            return Err(RowError::new("INVALID_FIELD_FOR_INSERT_UPDATE", message)
                .of(&["Name"])
                .into());
        }
        let mut words = Vec::new();
        for part in ["FirstName", "LastName"] {
            let value = match (given(row, part), object.any_field(part)) {
                (None, Some(field)) => self.kept(object, field, own)?,
                (Some(Value::Text(text)), _) => Some(text),
                _ => None,
            };
            words.extend(value);
        }
        row.push(("Name".to_owned(), Value::Text(words.join(" "))));
        if own.is_none() {
            row.push(("IsPersonAccount".to_owned(), Value::Integer(1)));
        }
        Ok(())
    }

    fn is_person(&self, object: &Object, id: &str) -> rusqlite::Result<bool> {
        let sql = format!(
            "SELECT coalesce(\"IsPersonAccount\", 0) FROM {} WHERE \"Id\" = ?1",
            object.table()
        );
        self.conn
            .prepare_cached(&sql)?
            .query_row([id], |row| row.get(0))
    }

    /// Makes the contact of a person account, or brings it in line.
    pub(super) fn follow_person_account(&self, object: &Object, id: &str) -> Result<(), Trouble> {
        if object.name != "Account"
            || !self.is_on(PERSON_ACCOUNTS)?
            || !self.is_person(object, id)?
        {
            return Ok(());
        }
        let schema = self.schema();
        let Some(contact) = schema.object("Contact") else {
            return Ok(());
        };
        let source = |name: &str| {
            let own = format!("Person{name}");
            let shared = || SHARED.contains(&name).then(|| name.to_owned());
            object
                .any_field(&own)
                .map(|f| f.name.clone())
                .or_else(shared)
        };
        let fields = contact
            .fields
            .iter()
            .filter(|f| f.kind.column(false).is_some());
        let pairs: Vec<(String, String)> = fields
            .filter_map(|f| Some((f.name.clone(), source(&f.name)?)))
            .collect();
        let list: Vec<String> = pairs
            .iter()
            .map(|(_, from)| format!("\"{from}\""))
            .collect();
        let sql = format!(
            "SELECT {}, \"PersonContactId\" FROM {} WHERE \"Id\" = ?1",
            list.join(", "),
            object.table()
        );
        let (values, known): (Vec<Value>, Option<String>) =
            self.conn.query_row(&sql, [id], |row| {
                let values = (0..pairs.len())
                    .map(|n| row.get(n))
                    .collect::<rusqlite::Result<_>>()?;
                Ok((values, row.get(pairs.len())?))
            })?;
        let row: Vec<(String, Value)> = pairs.into_iter().map(|(to, _)| to).zip(values).collect();
        match known {
            Some(contact_id) => self.change(contact, &contact_id, row)?,
            None => self.make_person_contact(contact, id, row)?,
        }
        Ok(())
    }

    fn make_person_contact(
        &self,
        contact: &Object,
        account: &str,
        mut row: Vec<(String, Value)>,
    ) -> rusqlite::Result<()> {
        // A new contact is named by its parts.
        row.retain(|(field, _)| field != "Name");
        row.push(("AccountId".to_owned(), Value::Text(account.to_owned())));
        row.push(("IsPersonAccount".to_owned(), Value::Integer(1)));
        let id = self.next_id(&contact.prefix)?;
        self.fill_in(contact, &mut row, &id);
        self.insert(contact, &row)?;
        let sql = "UPDATE \"o_Account\" SET \"PersonContactId\" = ?2 WHERE \"Id\" = ?1";
        self.conn.execute(sql, params![account, id])?;
        Ok(())
    }

    /// Refuses changes of a contact that only follows its account.
    pub(super) fn check_person_contact(&self, object: &Object, id: &str) -> Result<(), Trouble> {
        if object.name != "Contact"
            || !self.is_on(PERSON_ACCOUNTS)?
            || !self.is_person(object, id)?
        {
            return Ok(());
        }
        let message = "the contact of a person account is changed by its account";
        Err(RowError::new("INSUFFICIENT_ACCESS_OR_READONLY", message).into())
    }
}

fn required(field: &str) -> Trouble {
    let message = format!("Required fields are missing: [{field}]");
    RowError::new("REQUIRED_FIELD_MISSING", message)
        .of(&[field])
        .into()
}
