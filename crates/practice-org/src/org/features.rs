//! What an org may have switched on, and the fields that come with it.

use super::Org;
use super::schema::Schema;
use crate::Result;

/// Switches that change what objects look like.
pub(super) const FEATURES: [&str; 2] = [ADDRESSES, PERSON_ACCOUNTS];
pub(super) const ADDRESSES: &str = "state_and_country_picklists";
pub(super) const PERSON_ACCOUNTS: &str = "person_accounts";

impl Org {
    /// Leaves out fields whose feature is off.
    pub(super) fn apply_features(&self, schema: &mut Schema) -> Result<()> {
        let addresses = self.is_on(ADDRESSES)?;
        let persons = self.is_on(PERSON_ACCOUNTS)?;
        schema.change_all(|object| {
            let typed = !object.record_types.is_empty();
            object.fields.retain(|field| match field.when.as_deref() {
                None => true,
                Some("record_types") => typed,
                Some(PERSON_ACCOUNTS) => persons,
                Some(_) => addresses,
            });
        });
        if persons {
            for (object, field) in [("Lead", "Company"), ("Account", "Name")] {
                schema.change(object, |object| {
                    let named = object.fields.iter_mut().find(|f| f.name == field);
                    named.into_iter().for_each(|f| f.nillable = true);
                });
            }
        }
        Ok(())
    }

    /// Brings records that were there before in line with a feature that was switched on.
    pub(super) fn begin_feature(&self, name: &str) -> rusqlite::Result<()> {
        match name {
            PERSON_ACCOUNTS => self.conn.execute_batch(
                "UPDATE \"o_Account\" SET \"IsPersonAccount\" = 0 WHERE \"IsPersonAccount\" IS NULL;
                 UPDATE \"o_Contact\" SET \"IsPersonAccount\" = 0 WHERE \"IsPersonAccount\" IS NULL;",
            ),
            ADDRESSES => self.code_addresses(),
            _ => Ok(()),
        }
    }
}
