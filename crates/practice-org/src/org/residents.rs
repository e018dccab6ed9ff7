//! Who else is in the org: a second user, one who may only read, and the queue with the objects that it may own.

use rusqlite::params;

use super::field::Kind;
use super::profiles::READ_ONLY;
use super::schema::Object;
use super::write::{Trouble, WriteOptions};
use super::{Org, values};
use crate::json::{Json, object};

/// The second user's name.
const SELLER: &str = "seller@practice.example";
/// The name of a user who may only read.
const READER: &str = "reader@practice.example";

impl Org {
    /// Changes a record as the second user: what the org notes about it says who did.
    ///
    /// `behind_ms` backdates its stamp, as that of a record which was long in committing.
    pub(crate) fn edit_by_colleague(
        &self,
        id: &str,
        fields: &Json,
        behind_ms: i64,
    ) -> Result<String, Trouble> {
        let schema = self.schema();
        let (object, id) = self.known(&schema, id)?;
        let options = WriteOptions {
            allow_save: true,
            record_details: false,
            assign: false,
            version: "v67.0".to_owned(),
        };
        self.update(object, &id, &typed(object, fields), &options)?;
        if object.any_field("LastModifiedById").is_some() {
            let sql = format!(
                "UPDATE {} SET \"LastModifiedById\" = coalesce((SELECT \"Id\" FROM \"o_User\" WHERE \"Username\" = ?2),
                 \"LastModifiedById\") WHERE \"Id\" = ?1",
                object.table()
            );
            self.conn.execute(&sql, [id.as_str(), SELLER])?;
        }
        if behind_ms > 0 && object.any_field("SystemModstamp").is_some() {
            let sql = format!(
                "UPDATE {} SET \"SystemModstamp\" = \"SystemModstamp\" - ?2 WHERE \"Id\" = ?1",
                object.table()
            );
            self.conn
                .execute(&sql, params![id, behind_ms / 1000 * 1000])?;
        }
        Ok(id)
    }

    /// Makes those that the file lacks.
    pub(super) fn make_residents(&self) -> rusqlite::Result<()> {
        let now = values::stamp_ms();
        let one = |sql: &str| self.conn.query_row(sql, [], |row| row.get::<_, String>(0));
        let user = one("SELECT \"Id\" FROM \"o_User\" ORDER BY row LIMIT 1")?;
        let sql = "SELECT count(*) FROM \"o_User\" WHERE \"Username\" = ?1";
        if self
            .conn
            .query_row(sql, [SELLER], |row| row.get::<_, i64>(0))?
            == 0
        {
            self.conn.execute(
                "INSERT INTO \"o_User\" (\"Id\", \"Username\", \"LastName\", \"FirstName\", \"Name\", \"Email\", \"Alias\",
                     \"CommunityNickname\", \"IsActive\", \"TimeZoneSidKey\", \"LocaleSidKey\", \"EmailEncodingKey\",
                     \"ProfileId\", \"UserType\", \"LanguageLocaleKey\", \"DigestFrequency\",
                     \"DefaultGroupNotificationFrequency\", \"CreatedDate\", \"CreatedById\", \"LastModifiedDate\",
                     \"LastModifiedById\", \"SystemModstamp\")
                 SELECT ?1, ?2, 'Seller', 'Sam', 'Sam Seller', ?2, 'sseller', 'sam.seller', 1, 'GMT', 'en_US', 'UTF-8',
                     \"Id\", 'Standard', 'en_US', 'D', 'N', ?3, ?4, ?3, ?4, ?3 FROM \"o_Profile\" ORDER BY row LIMIT 1",
                params![self.next_id("005")?, SELLER, now, user],
            )?;
        }
        self.make_reader(&user)?;
        self.make_duplicate_rules(&user)?;
        let sql = "SELECT \"Id\" FROM \"o_Group\" g WHERE \"Type\" = 'Queue' AND \"DeveloperName\" = 'New_Leads'
                   AND NOT EXISTS (SELECT 1 FROM \"o_QueueSobject\" q WHERE q.\"QueueId\" = g.\"Id\")";
        let mut statement = self.conn.prepare(sql)?;
        let queues: Vec<String> = statement
            .query_map([], |row| row.get(0))?
            .collect::<rusqlite::Result<_>>()?;
        for queue in queues {
            self.conn.execute(
                "INSERT INTO \"o_QueueSobject\" (\"Id\", \"QueueId\", \"SobjectType\", \"CreatedById\", \"SystemModstamp\")
                 VALUES (?1, ?2, 'Lead', ?3, ?4)",
                params![self.next_id("03g")?, queue, user, now],
            )?;
        }
        Ok(())
    }
}

impl Org {
    /// Makes the user who may only read, and their profile, where the file lacks them.
    fn make_reader(&self, admin: &str) -> rusqlite::Result<()> {
        let count =
            |sql: &str, name: &str| self.conn.query_row(sql, [name], |row| row.get::<_, i64>(0));
        let now = values::stamp_ms();
        if count(
            "SELECT count(*) FROM \"o_Profile\" WHERE \"Name\" = ?1",
            READ_ONLY,
        )? == 0
        {
            self.conn.execute(
                "INSERT INTO \"o_Profile\" (\"Id\", \"Name\", \"UserType\", \"CreatedDate\", \"CreatedById\",
                     \"LastModifiedDate\", \"LastModifiedById\", \"SystemModstamp\")
                 VALUES (?1, ?2, 'Standard', ?3, ?4, ?3, ?4, ?3)",
                params![self.next_id("00e")?, READ_ONLY, now, admin],
            )?;
        }
        if count(
            "SELECT count(*) FROM \"o_User\" WHERE \"Username\" = ?1",
            READER,
        )? > 0
        {
            return Ok(());
        }
        self.conn.execute(
            "INSERT INTO \"o_User\" (\"Id\", \"Username\", \"LastName\", \"FirstName\", \"Name\", \"Email\", \"Alias\",
                 \"CommunityNickname\", \"IsActive\", \"TimeZoneSidKey\", \"LocaleSidKey\", \"EmailEncodingKey\",
                 \"ProfileId\", \"UserType\", \"LanguageLocaleKey\", \"DigestFrequency\",
                 \"DefaultGroupNotificationFrequency\", \"CreatedDate\", \"CreatedById\", \"LastModifiedDate\",
                 \"LastModifiedById\", \"SystemModstamp\")
             SELECT ?1, ?2, 'Reader', 'Robin', 'Robin Reader', ?2, 'rreader', 'robin.reader', 1, 'GMT', 'en_US', 'UTF-8',
                 \"Id\", 'Standard', 'en_US', 'D', 'N', ?3, ?4, ?3, ?4, ?3 FROM \"o_Profile\" WHERE \"Name\" = ?5",
            params![self.next_id("005")?, READER, now, admin, READ_ONLY],
        )?;
        Ok(())
    }
}

/// Turns texts into numbers where the field holds numbers, as a form does.
fn typed(kind: &Object, fields: &Json) -> Json {
    let mut record = object([]);
    for member in fields.members() {
        let field = kind.any_field(&member.name);
        let takes_numbers = field.is_some_and(|f| f.kind == Kind::Int || f.kind.is_decimal());
        let value = match &member.value {
            Json::String(text) if takes_numbers && text.trim().parse::<f64>().is_ok() => {
                Json::Number(text.trim().to_owned())
            }
            value => value.clone(),
        };
        record.push(&member.name, value);
    }
    record
}
