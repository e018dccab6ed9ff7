//! Deleting, bringing back and forgetting records.

use std::sync::Arc;

use rusqlite::OptionalExtension;

use super::field::Field;
use super::schema::{Object, OnDelete};
use super::write::{RowError, Trouble, malformed};
use super::{Org, ids, values};
use crate::http::Refused;

/// What became of a record that was to be removed.
enum Gone {
    Removed,
    Already,
    Missing,
}

impl Org {
    /// Puts a record into the recycle bin; records of setup objects vanish at once.
    pub(crate) fn delete(&self, object: &Object, id: &str) -> Result<String, Trouble> {
        if !object.is("delete") {
            return Err(RowError::new(
                "INSUFFICIENT_ACCESS_OR_READONLY",
                "insufficient access rights on object id",
            )
            .into());
        }
        let id = ids::normal(id)
            .filter(|i| i.starts_with(&object.prefix))
            .ok_or_else(|| malformed(object, id))?;
        self.armed
            .borrow_mut()
            .row(&crate::json::object([("Id", id.as_str().into())]))
            .map_or(Ok(()), Err)?;
        self.check_person_contact(object, &id)?;
        self.check_restricted(object, &id)?;
        let gone = self.remove(object, &id, values::stamp_ms())?;
        match gone {
            Gone::Removed => {}
            Gone::Missing => {
                return Err(
                    RowError::new("NOT_FOUND", "The requested resource does not exist").into(),
                );
            }
            Gone::Already => {
                let code = self.choice("delete_of_deleted_code")?;
                return Err(RowError::new(&code, "entity is deleted").into());
            }
        }
        if matches!(
            object.name.as_str(),
            "PermissionSet" | "PermissionSetAssignment" | "FieldPermissions"
        ) {
            self.permissions_changed()?;
        }
        Ok(id)
    }

    /// Refuses to delete a parent whose children forbid it.
    fn check_restricted(&self, object: &Object, id: &str) -> Result<(), Trouble> {
        for (child, field) in self.own_children(object, OnDelete::Restrict) {
            if !self.pointing(&child, &field, id, false)?.is_empty() {
                let message = format!(
                    "Your attempt to delete this record could not be completed because it is associated with the following {}.",
                    child.plural.to_lowercase()
                );
                return Err(RowError::new("DELETE_FAILED", message).into());
            }
        }
        Ok(())
    }

    /// The relationships to children that the org has, with what happens to them when the parent is deleted.
    fn own_children(&self, object: &Object, on_delete: OnDelete) -> Vec<(Arc<Object>, Field)> {
        let schema = self.schema();
        let found = schema
            .children_of(object)
            .into_iter()
            .filter(|c| c.on_delete == on_delete);
        found
            .filter_map(|c| {
                let child = schema.object(&c.object)?;
                Some((Arc::clone(child), child.any_field(&c.field)?.clone()))
            })
            .collect()
    }

    /// Ids of the records that point to a parent.
    fn pointing(
        &self,
        child: &Object,
        field: &Field,
        parent: &str,
        deleted: bool,
    ) -> rusqlite::Result<Vec<String>> {
        let live = match child.any_field("IsDeleted") {
            Some(_) => format!(" AND \"IsDeleted\" = {}", i32::from(deleted)),
            None => String::new(),
        };
        let sql = format!(
            "SELECT \"Id\" FROM {} WHERE {} = ?1{live}",
            child.table(),
            field.column()
        );
        let mut statement = self.conn.prepare_cached(&sql)?;
        let ids = statement.query_map([parent], |row| row.get(0))?;
        ids.collect()
    }

    /// Removes a record with those that go with it: into the recycle bin where its object has one.
    fn remove(&self, object: &Object, id: &str, stamp: i64) -> rusqlite::Result<Gone> {
        let table = object.table();
        if object.is("recycle") {
            let sql = format!("SELECT \"IsDeleted\" FROM {table} WHERE \"Id\" = ?1");
            let state = self
                .conn
                .prepare_cached(&sql)?
                .query_row([id], |row| row.get::<_, bool>(0))
                .optional()?;
            match state {
                None => return Ok(Gone::Missing),
                Some(true) => return Ok(Gone::Already),
                Some(false) => self.mark_deleted(object, id, stamp)?,
            };
        } else {
            let sql = format!("DELETE FROM {table} WHERE \"Id\" = ?1");
            if self.conn.execute(&sql, [id])? == 0 {
                return Ok(Gone::Missing);
            }
        }
        for (child, field) in self.own_children(object, OnDelete::Cascade) {
            for child_id in self.pointing(&child, &field, id, false)? {
                self.remove(&child, &child_id, stamp)?;
            }
        }
        Ok(Gone::Removed)
    }

    /// Sets the mark of the recycle bin.
    pub(super) fn mark_deleted(
        &self,
        object: &Object,
        id: &str,
        stamp: i64,
    ) -> rusqlite::Result<usize> {
        let sql = format!(
            "UPDATE {} SET \"IsDeleted\" = 1, \"SystemModstamp\" = ?2 WHERE \"Id\" = ?1",
            object.table()
        );
        self.conn
            .prepare_cached(&sql)?
            .execute(rusqlite::params![id, stamp])
    }

    /// Takes a record out of the recycle bin with those that went with it, unless another holds one of its unique values by now.
    pub(crate) fn undelete(&self, id: &str) -> Result<(), Trouble> {
        let schema = self.schema();
        let (object, id) = self.known(&schema, id)?;
        let unique: Vec<_> = object.fields.iter().filter(|f| f.unique).collect();
        for field in unique {
            let sql = format!(
                "SELECT {} FROM {} WHERE \"Id\" = ?1",
                field.column(),
                object.table()
            );
            let value: rusqlite::types::Value =
                self.conn.query_row(&sql, [&id], |row| row.get(0))?;
            self.check_unique(object, &[(field.name.clone(), value)], Some(&id))?;
        }
        let clear = if object.any_field("MasterRecordId").is_some() {
            ", \"MasterRecordId\" = NULL"
        } else {
            ""
        };
        let gone_at = self.state(object, &id)?.map(|(stamp, _)| stamp);
        if !self.bring_back(object, &id, clear)? {
            return Err(
                RowError::new("UNDELETE_FAILED", "Entity is not in the recycle bin").into(),
            );
        }
        for (child, field) in self.own_children(object, OnDelete::Cascade) {
            for child_id in self.pointing(&child, &field, &id, true)? {
                // Deleted in the same moment: gone with its parent.
                if self.state(&child, &child_id)?.map(|(stamp, _)| stamp) == gone_at {
                    self.undelete(&child_id)?;
                }
            }
        }
        Ok(())
    }

    fn bring_back(&self, object: &Object, id: &str, clear: &str) -> rusqlite::Result<bool> {
        let sql = format!(
            "UPDATE {} SET \"IsDeleted\" = 0, \"SystemModstamp\" = ?2{clear} WHERE \"Id\" = ?1 AND \"IsDeleted\" = 1",
            object.table()
        );
        let changed = self
            .conn
            .execute(&sql, rusqlite::params![id, values::stamp_ms()])?;
        Ok(changed > 0)
    }

    /// Removes a record for good, from the recycle bin or not.
    pub(crate) fn purge(&self, id: &str) -> Result<(), Trouble> {
        let schema = self.schema();
        let (object, id) = self.known(&schema, id)?;
        self.conn.execute(
            &format!("DELETE FROM {} WHERE \"Id\" = ?1", object.table()),
            [&id],
        )?;
        Ok(())
    }

    /// The object and full id of a record that exists, deleted or not, of an object with a recycle bin.
    pub(crate) fn known<'a>(
        &self,
        schema: &'a super::schema::Schema,
        id: &str,
    ) -> Result<(&'a Object, String), Trouble> {
        let missing = || Trouble::Whole(Refused::not_found());
        let id = ids::normal(id).ok_or_else(missing)?;
        let object = schema
            .by_id(&id)
            .filter(|o| o.is("recycle"))
            .ok_or_else(missing)?;
        let sql = format!("SELECT count(*) FROM {} WHERE \"Id\" = ?1", object.table());
        match self
            .conn
            .query_row(&sql, [&id], |row| row.get::<_, i64>(0))?
        {
            0 => Err(missing()),
            _ => Ok((object, id)),
        }
    }
}
