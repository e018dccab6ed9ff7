//! Field-level security: what permission sets let the user see and change.

use super::field::Access;
use super::schema::Schema;
use super::{Org, values};
use crate::Result;
use crate::http::Refused;
use crate::json::{Json, object};

/// Where the settings keep what was set by hand.
const BY_HAND: &str = "field_access";

pub(super) fn parse(access: &str) -> Option<Access> {
    match access {
        "none" => Some(Access::None),
        "read" => Some(Access::Read),
        "edit" => Some(Access::Edit),
        _ => None,
    }
}

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

    /// What people set by hand for a field that everybody else sees: `{"Lead.Phone": "none"}`.
    fn set_by_hand(&self) -> rusqlite::Result<Json> {
        Ok(self.setting(BY_HAND)?.unwrap_or_else(|| object([])))
    }

    /// Hides a field, makes it readable only or shows it: `{"field": "Lead.Phone", "access": "none" | "read" | "edit"}`.
    ///
    /// Permission sets that grant it no longer do; one that grants it later shows it again.
    pub(crate) fn set_access(&self, given: &Json) -> std::result::Result<(), Refused> {
        let refuse = |message: String| Err(Refused::new(400, "INVALID_FIELD", message));
        let text = |name: &str| given.get(name).and_then(Json::as_str).unwrap_or_default();
        let schema = self.schema();
        let found = text("field").split_once('.').and_then(|(object, field)| {
            let object = schema.object(object)?;
            Some((object, object.any_field(field)?))
        });
        let Some((object, field)) = found else {
            return refuse(format!("no field {}", text("field")));
        };
        if !field.permissionable {
            return refuse(format!("everybody sees {}.{}", object.name, field.name));
        }
        let access = text("access");
        if parse(access).is_none() {
            return refuse(format!("no access {access}: none, read or edit"));
        }
        let full = format!("{}.{}", object.name, field.name);
        self.conn.execute(
            "DELETE FROM \"o_FieldPermissions\" WHERE \"Field\" = ?1",
            [&full],
        )?;
        let mut all = self.set_by_hand()?;
        all.set(&full, access);
        self.set_setting(BY_HAND, &all)?;
        self.permissions_changed().map_err(|t| t.refused(&[]))
    }

    /// The fields that the user doesn't see or can't change for want of permission.
    pub(crate) fn withheld(&self) -> Json {
        let schema = self.schema();
        let fields = schema
            .objects()
            .iter()
            .filter(|o| o.is("create"))
            .flat_map(|object| {
                let withheld = object.fields.iter().filter(|f| f.access != Access::Edit);
                withheld.map(move |f| (format!("{}.{}", object.name, f.name), f.access))
            });
        let shown = fields.map(|(field, access)| {
            let word = if access == Access::Read {
                "read"
            } else {
                "none"
            };
            crate::json::object([("field", field.into()), ("access", word.into())])
        });
        Json::Array(shown.collect())
    }

    fn apply_by_hand(&self, schema: &mut Schema) -> rusqlite::Result<()> {
        for member in self.set_by_hand()?.members() {
            let access = member.value.as_str().and_then(parse);
            let (Some((object, name)), Some(access)) = (member.name.split_once('.'), access) else {
                continue;
            };
            schema.change(object, |object| {
                let named = object.fields.iter_mut().find(|f| f.name == name);
                if let Some(field) = named.filter(|f| f.permissionable) {
                    field.access = access;
                    field.hidden = access != Access::Edit;
                }
            });
        }
        Ok(())
    }

    /// Sets what a user may do: by their profile, then by the permission sets assigned to them.
    pub(super) fn apply_permissions(&self, schema: &mut Schema, user: &str) -> Result<()> {
        self.apply_by_hand(schema)?;
        let mut statement = self.conn.prepare(
            "SELECT f.\"SobjectType\", f.\"Field\", max(f.\"PermissionsRead\"), max(f.\"PermissionsEdit\")
             FROM \"o_FieldPermissions\" f JOIN \"o_PermissionSetAssignment\" a ON a.\"PermissionSetId\" = f.\"ParentId\"
             WHERE a.\"AssigneeId\" = ?1 GROUP BY 1, 2",
        )?;
        let granted = statement.query_map([user], |row| {
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
        self.apply_profile(schema, user)
    }
}
