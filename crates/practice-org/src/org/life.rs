//! Deleting, bringing back and forgetting records.

use rusqlite::OptionalExtension;

use super::schema::Object;
use super::write::{RowError, Trouble, malformed};
use super::{Org, ids, values};
use crate::http::Refused;

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
        let table = object.table();
        if !object.is("recycle") {
            let gone = self
                .conn
                .execute(&format!("DELETE FROM {table} WHERE \"Id\" = ?1"), [&id])?;
            if gone == 0 {
                return Err(
                    RowError::new("NOT_FOUND", "The requested resource does not exist").into(),
                );
            }
            if object.name == "PermissionSet" {
                self.conn.execute(
                    "DELETE FROM \"o_FieldPermissions\" WHERE \"ParentId\" = ?1",
                    [&id],
                )?;
                self.conn.execute(
                    "DELETE FROM \"o_PermissionSetAssignment\" WHERE \"PermissionSetId\" = ?1",
                    [&id],
                )?;
            }
            if matches!(
                object.name.as_str(),
                "PermissionSet" | "PermissionSetAssignment" | "FieldPermissions"
            ) {
                self.permissions_changed()?;
            }
            return Ok(id);
        }
        let sql = format!("SELECT \"IsDeleted\" FROM {table} WHERE \"Id\" = ?1");
        match self
            .conn
            .prepare_cached(&sql)?
            .query_row([&id], |row| row.get::<_, bool>(0))
            .optional()?
        {
            None => Err(RowError::new("NOT_FOUND", "The requested resource does not exist").into()),
            Some(true) => Err(RowError::new(
                &self.choice("delete_of_deleted_code")?,
                "entity is deleted",
            )
            .into()),
            Some(false) => {
                self.mark_deleted(object, &id, true)?;
                Ok(id)
            }
        }
    }

    /// Sets or clears the mark of the recycle bin.
    pub(super) fn mark_deleted(
        &self,
        object: &Object,
        id: &str,
        deleted: bool,
    ) -> rusqlite::Result<usize> {
        let sql = format!(
            "UPDATE {} SET \"IsDeleted\" = ?2, \"SystemModstamp\" = ?3 WHERE \"Id\" = ?1",
            object.table()
        );
        self.conn
            .prepare_cached(&sql)?
            .execute(rusqlite::params![id, deleted, values::stamp_ms()])
    }

    /// Takes a record out of the recycle bin, unless another holds one of its unique values by now.
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
        let sql = format!(
            "UPDATE {} SET \"IsDeleted\" = 0, \"SystemModstamp\" = ?2{clear} WHERE \"Id\" = ?1 AND \"IsDeleted\" = 1",
            object.table()
        );
        match self
            .conn
            .execute(&sql, rusqlite::params![id, values::stamp_ms()])?
        {
            0 => Err(RowError::new("UNDELETE_FAILED", "Entity is not in the recycle bin").into()),
            _ => Ok(()),
        }
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
