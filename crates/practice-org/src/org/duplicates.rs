//! The duplicate rule: another person with the same e-mail.

use rusqlite::types::Value;

use super::Org;
use super::field::Field;
use super::schema::Object;
use super::write::{RowError, Trouble, WriteOptions};
use crate::json::{Json, array, object};

const TEXT: &str =
    "You're creating a duplicate record. We recommend you use an existing record instead.";

impl Org {
    /// Lists the rule of leads and that of contacts as active where the switch is on.
    pub(super) fn show_duplicate_rules(&self) -> rusqlite::Result<()> {
        let is_active = self.choice("duplicate_rule")? != "off";
        self.conn.execute(
            "UPDATE \"o_DuplicateRule\" SET \"IsActive\" = ?1, \"SystemModstamp\" = ?2",
            rusqlite::params![is_active, super::values::stamp_ms()],
        )?;
        Ok(())
    }

    /// Makes the rules that the file lacks.
    pub(super) fn make_duplicate_rules(&self, user: &str) -> rusqlite::Result<()> {
        let now = super::values::stamp_ms();
        for object in ["Lead", "Contact"] {
            let sql = "SELECT count(*) FROM \"o_DuplicateRule\" WHERE \"SobjectType\" = ?1";
            let known: i64 = self.conn.query_row(sql, [object], |row| row.get(0))?;
            if known > 0 {
                continue;
            }
            self.conn.execute(
                "INSERT INTO \"o_DuplicateRule\" (\"Id\", \"IsDeleted\", \"SobjectType\", \"DeveloperName\", \"Language\",
                     \"MasterLabel\", \"IsActive\", \"CreatedDate\", \"CreatedById\", \"LastModifiedDate\",
                     \"LastModifiedById\", \"SystemModstamp\")
                 VALUES (?1, 0, ?2, ?3, 'en_US', ?4, 0, ?5, ?6, ?5, ?6, ?5)",
                rusqlite::params![
                    self.next_id("0Bm")?,
                    object,
                    format!("Standard_{object}_Duplicate_Rule"),
                    format!("Standard {object} Duplicate Rule"),
                    now,
                    user
                ],
            )?;
        }
        self.show_duplicate_rules()
    }

    /// Refuses a new lead or contact whose e-mail others have, where the rule is on.
    pub(super) fn check_duplicates(
        &self,
        object: &Object,
        row: &[(String, Value)],
        options: &WriteOptions,
    ) -> Result<(), Trouble> {
        if !matches!(object.name.as_str(), "Lead" | "Contact") {
            return Ok(());
        }
        let asked = self.armed.borrow_mut().duplicate_rule();
        let action = match asked {
            Some(action) => action,
            None => self.choice("duplicate_rule")?,
        };
        let may_save = action == "alert";
        if action == "off" || may_save && options.allow_save {
            return Ok(());
        }
        let Some((_, email @ Value::Text(_))) = row.iter().find(|(f, _)| f == "Email") else {
            return Ok(());
        };
        let matches = self.same_email(object, email)?;
        if matches.is_empty() {
            return Ok(());
        }
        let mut error = RowError::new("DUPLICATES_DETECTED", TEXT);
        let records = matches
            .iter()
            .map(|(kind, id)| self.match_record(kind, id, options))
            .collect::<Result<Vec<Json>, Trouble>>()?;
        let result = duplicate_result(object, &matches, &records, may_save);
        error.extra = Some(Box::new((
            self.choice("duplicate_result_spelling")?,
            result,
        )));
        Err(error.into())
    }

    /// What an answer shows of a matching record: its id, or all its fields where the request wants details.
    fn match_record(&self, kind: &str, id: &str, options: &WriteOptions) -> Result<Json, Trouble> {
        let schema = self.schema();
        let Some(object) = schema.object(kind) else {
            return Ok(Json::Null);
        };
        let shown = |f: &&Field| options.record_details || f.name == "Id";
        let fields: Vec<&Field> = object.visible().filter(shown).collect();
        let found = self.read(object, &[id.to_owned()], &fields, &options.version);
        let found = found.map_err(Trouble::Whole)?;
        Ok(found.into_iter().flatten().next().unwrap_or_default())
    }

    /// Object and id of the unconverted, undeleted people with this e-mail.
    fn same_email(
        &self,
        object: &Object,
        email: &Value,
    ) -> rusqlite::Result<Vec<(String, String)>> {
        let both = self.is_on("duplicate_rule_sees_other_object")?;
        let mut found = Vec::new();
        for (name, live) in [
            ("Lead", "\"IsDeleted\" = 0 AND \"IsConverted\" = 0"),
            ("Contact", "\"IsDeleted\" = 0"),
        ] {
            if name == object.name || both {
                let sql = format!(
                    "SELECT \"Id\" FROM \"o_{name}\" WHERE \"Email\" = ?1 AND {live} ORDER BY row LIMIT 10"
                );
                let mut statement = self.conn.prepare_cached(&sql)?;
                for id in statement.query_map([email], |row| row.get(0))? {
                    found.push((name.to_owned(), id?));
                }
            }
        }
        Ok(found)
    }
}

fn duplicate_result(
    made: &Object,
    matches: &[(String, String)],
    records: &[Json],
    allow_save: bool,
) -> Json {
    let rule = |kind: &str| format!("Standard_{kind}_Duplicate_Rule");
    let mut kinds: Vec<&str> = matches.iter().map(|(kind, _)| kind.as_str()).collect();
    kinds.dedup();
    let results = kinds.into_iter().map(|kind| {
        let of_kind = matches.iter().zip(records).filter(|((k, _), _)| k == kind);
        let records = of_kind.map(|(_, record)| {
            object([
                ("additionalInformation", Json::Array(Vec::new())),
                ("fieldDiffs", Json::Array(Vec::new())),
                ("matchConfidence", Json::Number("100.0".to_owned())),
                ("record", record.clone()),
            ])
        });
        let records: Vec<Json> = records.collect();
        object([
            ("entityType", kind.into()),
            ("errors", Json::Array(Vec::new())),
            ("matchEngine", "FuzzyMatchEngine".into()),
            ("rule", format!("Standard_{kind}_Match_Rule_v1_0").into()),
            ("size", records.len().into()),
            ("matchRecords", Json::Array(records)),
            ("success", true.into()),
        ])
    });
    object([
        ("allowSave", allow_save.into()),
        ("duplicateRule", rule(&made.name).into()),
        ("duplicateRuleEntityType", made.name.as_str().into()),
        ("errorMessage", TEXT.into()),
        ("matchResults", array(results)),
    ])
}
