//! Field-level security: what permission sets let the user see and change.

use super::field::Access;
use super::schema::Schema;
use super::{Org, values};
use crate::Result;
use crate::json::Json;

impl Org {
    /// When what a describe shows last changed, UTC milliseconds, whole seconds.
    pub(crate) fn schema_changed_at(&self) -> rusqlite::Result<i64> {
        self.number("schema_changed_at", 1_767_225_600_000)
    }

    /// Moves that moment on, by a second at least: a copy taken before the change must not pass for new.
    pub(super) fn touch_schema(&self) -> rusqlite::Result<()> {
        let next = (values::stamp_ms() + 1000).max(self.schema_changed_at()? + 1000);
        self.set_setting("schema_changed_at", &Json::from(next))
    }

    /// Sets every field's access from the permission sets assigned to the user.
    pub(super) fn apply_permissions(&self, schema: &mut Schema) -> Result<()> {
        let mut statement = self.conn.prepare(
            "SELECT f.\"SobjectType\", f.\"Field\", max(f.\"PermissionsRead\"), max(f.\"PermissionsEdit\")
             FROM \"o_FieldPermissions\" f JOIN \"o_PermissionSetAssignment\" a ON a.\"PermissionSetId\" = f.\"ParentId\"
             WHERE a.\"AssigneeId\" = ?1 GROUP BY 1, 2",
        )?;
        let granted = statement.query_map([&self.user], |row| {
            Ok((
                row.get::<_, String>(0)?,
                row.get::<_, String>(1)?,
                row.get::<_, bool>(2)?,
                row.get::<_, bool>(3)?,
            ))
        })?;
        for grant in granted {
            let (object, field, read, edit) = grant?;
            let name = field.rsplit('.').next().unwrap_or_default().to_owned();
            let access = match (read, edit) {
                (_, true) => Access::Edit,
                (true, false) => Access::Read,
                (false, false) => Access::None,
            };
            schema.change(&object, |object| {
                // Permission sets only add: a field that everybody sees stays seen.
                let named =
                    |f: &&mut super::field::Field| f.hidden && f.name.eq_ignore_ascii_case(&name);
                if let Some(field) = object.fields.iter_mut().find(named) {
                    field.access = field.access.max(access);
                }
            });
        }
        Ok(())
    }
}
