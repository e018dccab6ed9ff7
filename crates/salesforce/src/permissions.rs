//! Making fields visible: permission sets, their field permissions, and who has them.
//!
//! A field made through the API is hidden from everyone until a permission set shows it.

use std::collections::{BTreeSet, HashMap};

use serde_json::json;

use crate::soql::quote;
use crate::{Client, Id, Record, Result};

impl Client {
    /// Returns the permission set of this API name.
    pub async fn permission_set(&self, name: &str) -> Result<Option<Id>> {
        let name = quote(name);
        let soql = format!("SELECT Id FROM PermissionSet WHERE Name = {name}");
        Ok(self.query(&soql).await?.first().and_then(Record::id))
    }

    /// Makes a permission set.
    pub async fn create_permission_set(&self, name: &str, label: &str) -> Result<Id> {
        let fields = json!({"Name": name, "Label": label});
        self.create_row("PermissionSet", &fields).await
    }

    /// Returns the permission set of this API name, and makes it first where there is none.
    pub async fn ensure_permission_set(&self, name: &str, label: &str) -> Result<Id> {
        match self.permission_set(name).await? {
            Some(id) => Ok(id),
            None => self.create_permission_set(name, label).await,
        }
    }

    /// Gives a permission set to a user; false when they had it already.
    pub async fn assign_permission_set(&self, set: &Id, user: &Id) -> Result<bool> {
        let soql = format!(
            "SELECT Id FROM PermissionSetAssignment WHERE PermissionSetId = '{set}' AND AssigneeId = '{user}'"
        );
        if !self.query(&soql).await?.is_empty() {
            return Ok(false);
        }
        let fields = json!({"AssigneeId": user, "PermissionSetId": set});
        self.create_row("PermissionSetAssignment", &fields).await?;
        Ok(true)
    }

    /// Returns those of the fields that an object has, in lower case, whether this user can see them or not.
    ///
    /// # Source
    /// Object Reference, "`FieldDefinition`".
    pub async fn defined_fields(&self, object: &str, fields: &[&str]) -> Result<BTreeSet<String>> {
        let names: Vec<String> = fields.iter().map(|field| quote(field)).collect();
        let soql = format!(
            "SELECT QualifiedApiName FROM FieldDefinition WHERE EntityDefinition.QualifiedApiName = {} \
             AND QualifiedApiName IN ({})",
            quote(object),
            names.join(", ")
        );
        let rows = self.query(&soql).await?;
        let names = rows.iter().filter_map(|row| row.text("QualifiedApiName"));
        Ok(names.map(str::to_ascii_lowercase).collect())
    }

    /// Lets a permission set read and edit these fields of an object; returns how many rows had to change.
    pub async fn grant_field_permissions(
        &self,
        set: &Id,
        object: &str,
        fields: &[&str],
    ) -> Result<usize> {
        let granted = self.field_permissions(set, object).await?;
        let mut changed = 0;
        for field in fields.iter().map(|field| format!("{object}.{field}")) {
            match granted.get(&field.to_ascii_lowercase()) {
                Some((_, true)) => continue,
                Some((id, false)) => self.allow_editing(id).await?,
                None => self.grant_field(set, object, &field).await?,
            }
            changed += 1;
        }
        Ok(changed)
    }

    /// Returns the rows of a permission set by lower-case `object.field`, and whether each allows reading and editing.
    async fn field_permissions(
        &self,
        set: &Id,
        object: &str,
    ) -> Result<HashMap<String, (Id, bool)>> {
        let object = quote(object);
        let soql = format!(
            "SELECT Id, Field, PermissionsRead, PermissionsEdit FROM FieldPermissions \
             WHERE ParentId = '{set}' AND SobjectType = {object}"
        );
        let rows = self.query(&soql).await?;
        let granted = rows.iter().filter_map(|row| {
            let field = row.text("Field")?.to_ascii_lowercase();
            let allows = |name| row.boolean(name).unwrap_or_default();
            let both = allows("PermissionsRead") && allows("PermissionsEdit");
            Some((field, (row.id()?, both)))
        });
        Ok(granted.collect())
    }

    async fn allow_editing(&self, permission: &Id) -> Result<()> {
        let fields = json!({"PermissionsRead": true, "PermissionsEdit": true});
        self.update_row("FieldPermissions", permission, &fields)
            .await
    }

    async fn grant_field(&self, set: &Id, object: &str, field: &str) -> Result<()> {
        let fields = json!({
            "ParentId": set,
            "SobjectType": object,
            "Field": field,
            "PermissionsRead": true,
            "PermissionsEdit": true,
        });
        self.create_row("FieldPermissions", &fields).await.map(drop)
    }
}
