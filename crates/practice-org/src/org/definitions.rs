//! Keeps `EntityDefinition` and `FieldDefinition` in step with the schema, so that queries find them as rows.

use rusqlite::params;

use super::field::{Field, Kind};
use super::schema::{Object, Schema};
use super::{Org, ids};
use crate::Result;

impl Org {
    /// Writes both tables anew.
    pub(super) fn write_definitions(&self, schema: &Schema) -> Result<()> {
        self.conn.execute_batch("SAVEPOINT definitions; DELETE FROM \"o_EntityDefinition\"; DELETE FROM \"o_FieldDefinition\"")?;
        for (n, object) in schema.objects().iter().enumerate() {
            self.write_entity(object, n as u64 + 1)?;
            for field in &object.fields {
                self.write_field(object, field)?;
            }
        }
        self.conn.execute_batch("RELEASE definitions")?;
        Ok(())
    }

    fn write_entity(&self, object: &Object, number: u64) -> Result<()> {
        let sql = "INSERT INTO \"o_EntityDefinition\" (\"Id\", \"DurableId\", \"QualifiedApiName\", \"DeveloperName\", \"Label\",
                       \"PluralLabel\", \"KeyPrefix\", \"IsQueryable\", \"IsCustomizable\")
                   VALUES (?1, ?2, ?2, ?2, ?3, ?4, ?5, 1, ?6)";
        let row = params![
            ids::make("4ie", number),
            object.name,
            object.label,
            object.plural,
            object.prefix,
            object.is("create")
        ];
        self.conn.prepare_cached(sql)?.execute(row)?;
        Ok(())
    }

    fn write_field(&self, object: &Object, field: &Field) -> Result<()> {
        let sql = "INSERT INTO \"o_FieldDefinition\" (\"Id\", \"DurableId\", \"QualifiedApiName\", \"EntityDefinitionId\",
                       \"DeveloperName\", \"MasterLabel\", \"Label\", \"DataType\", \"Length\", \"Precision\", \"Scale\",
                       \"IsIndexed\", \"IsCalculated\", \"IsNillable\", \"IsNameField\", \"ExtraTypeInfo\", \"RelationshipName\")
                   VALUES (?1, ?1, ?2, ?3, ?4, ?5, ?5, ?6, ?7, ?8, ?9, ?10, 0, ?11, ?12, ?13, ?14)";
        let durable = format!("{}.{}", object.name, field.name);
        let developer_name = field.name.trim_end_matches("__c");
        let indexed = field.unique || field.external_id || field.id_lookup;
        let row = params![
            durable,
            field.name,
            object.name,
            developer_name,
            field.label,
            data_type(field),
            field.length,
            field.precision,
            field.scale,
            indexed,
            field.nillable,
            field.name_field,
            field.extra,
            field.relationship
        ];
        self.conn.prepare_cached(sql)?.execute(row)?;
        Ok(())
    }
}

/// The type as the setup pages write it, such as `Text(32) (External ID) (Unique Case Insensitive)`.
fn data_type(field: &Field) -> String {
    let whole = field.precision - field.scale;
    let mut text = match field.kind {
        Kind::String => format!("Text({})", field.length),
        Kind::TextArea => "Text Area".to_owned(),
        Kind::LongText => format!("Long Text Area({})", field.length),
        Kind::Double => format!("Number({whole}, {})", field.scale),
        Kind::Int => format!("Number({}, 0)", field.length),
        Kind::Currency => format!("Currency({whole}, {})", field.scale),
        Kind::Percent => format!("Percent({whole}, {})", field.scale),
        Kind::Boolean => "Checkbox".to_owned(),
        Kind::Date => "Date".to_owned(),
        Kind::DateTime => "Date/Time".to_owned(),
        Kind::Picklist => "Picklist".to_owned(),
        Kind::MultiPicklist => "Picklist (Multi-Select)".to_owned(),
        Kind::Email => "Email".to_owned(),
        Kind::Phone => "Phone".to_owned(),
        Kind::Url => format!("URL({})", field.length),
        Kind::Reference => format!("Lookup({})", field.targets.join(",")),
        Kind::Address => "Address".to_owned(),
        Kind::Id => "Lookup()".to_owned(),
        Kind::Complex => "Complex".to_owned(),
    };
    if field.external_id {
        text.push_str(" (External ID)");
    }
    if field.unique {
        text.push_str(if field.case_sensitive {
            " (Unique Case Sensitive)"
        } else {
            " (Unique Case Insensitive)"
        });
    }
    text
}
