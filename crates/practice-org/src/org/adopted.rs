//! Fields that the org took over from another one: types, sizes, picklists, what is required and unique. No records.

use std::collections::BTreeSet;

use base64::Engine as _;

use super::custom_fields::is_developer_name;
use super::field::{Access, Field, Kind, PickValue};
use super::schema::{Object, Schema};
use super::{Org, features};
use crate::Result;
use crate::http::Refused;
use crate::json::{Json, array, object};

/// Where the settings keep them: `{"Lead": {"fields": [field of a describe]}}`.
const SETTING: &str = "adopted";
/// Most fields of an object, and most entries of a picklist: what Salesforce allows, and a margin.
const MOST_FIELDS: usize = 1_000;
const MOST_ENTRIES: usize = 2_000;
/// What is read of a field in a describe.
const READ: [&str; 22] = [
    "name",
    "label",
    "type",
    "length",
    "precision",
    "scale",
    "digits",
    "nillable",
    "defaultedOnCreate",
    "createable",
    "updateable",
    "unique",
    "externalId",
    "idLookup",
    "caseSensitive",
    "restrictedPicklist",
    "picklistValues",
    "controllerName",
    "calculated",
    "autoNumber",
    "custom",
    "inlineHelpText",
];

impl Org {
    /// Takes over the fields of an object from a describe: `{"name": "Lead", "fields": […]}`, as Salesforce answers it.
    ///
    /// Returns the names of fields that are `added`, `changed`, `hidden` because the other org doesn't show them, and
    /// `left_out` because this org has no such kind of field.
    pub(crate) fn adopt(&self, describe: &Json) -> std::result::Result<Json, Refused> {
        let refuse = |message: String| Err(Refused::new(400, "INVALID_DESCRIBE", message));
        let name = describe
            .get("name")
            .and_then(Json::as_str)
            .unwrap_or_default();
        let fields = describe.get("fields").map_or(&[][..], Json::items);
        if fields.is_empty() || fields.len() > MOST_FIELDS {
            return refuse(format!("a describe has 1 to {MOST_FIELDS} fields"));
        }
        if self.schema().object(name).is_none() && name.ends_with("__c") {
            self.add_custom_object(&object([
                ("name", name.into()),
                (
                    "label",
                    describe
                        .get("label")
                        .cloned()
                        .unwrap_or_else(|| name.into()),
                ),
            ]))?;
        }
        let made = self.made_here().map_err(|_| failed())?;
        let Some(kind) = made
            .object(name)
            .filter(|o| o.is("create") && o.is("search"))
        else {
            return refuse(format!("no object {name} that takes over fields"));
        };
        let setting = object([("fields", array(fields.iter().map(kept)))]);
        let after = Adopted::of(kind, &setting);
        let mut all = self.setting(SETTING)?.unwrap_or_else(|| object([]));
        all.set(&kind.name, setting);
        self.set_setting(SETTING, &all)?;
        for feature in features::FEATURES {
            if after.features.contains(feature) && !self.is_on(feature)? {
                self.set_switches(&object([(feature, true.into())]))?;
            }
        }
        self.permissions_changed().map_err(|t| t.refused(&[]))?;
        for field in after.added.iter().filter(|f| f.kind == Kind::Boolean) {
            let (table, column) = (kind.table(), field.column());
            self.conn.execute_batch(&format!(
                "UPDATE {table} SET {column} = 0 WHERE {column} IS NULL"
            ))?;
        }
        Ok(object([
            ("object", kind.name.as_str().into()),
            ("added", names(after.added.iter().map(|f| f.name.as_str()))),
            (
                "changed",
                names(after.changed.iter().map(|f| f.name.as_str())),
            ),
            ("hidden", names(after.hidden.iter().map(String::as_str))),
            ("left_out", names(after.left_out.iter().map(String::as_str))),
        ]))
    }

    /// The objects whose fields were taken over.
    pub(crate) fn adopted(&self) -> rusqlite::Result<Json> {
        let all = self.setting(SETTING)?.unwrap_or_else(|| object([]));
        Ok(names(all.members().iter().map(|m| m.name.as_str())))
    }

    /// Changes the shipped schema into what was taken over.
    pub(super) fn apply_adopted(&self, schema: &mut Schema) -> Result<()> {
        let all = self.setting(SETTING)?.unwrap_or_default();
        for member in all.members() {
            let Some(kind) = schema.object(&member.name).cloned() else {
                continue;
            };
            let adopted = Adopted::of(&kind, &member.value);
            schema.change(&member.name, |object| adopted.apply(object));
            if let Some(object) = schema.object(&member.name) {
                self.make_table(object)?;
            }
        }
        Ok(())
    }
}

fn failed() -> Refused {
    Refused::new(500, "UNKNOWN_EXCEPTION", "An unexpected error occurred.")
}

/// What taking over means for the fields of an object.
#[derive(Default)]
struct Adopted {
    added: Vec<Field>,
    changed: Vec<Field>,
    hidden: BTreeSet<String>,
    left_out: Vec<String>,
    /// What the other org has switched on.
    features: BTreeSet<String>,
}

impl Adopted {
    /// Compares; the text may be anybody's.
    fn of(kind: &Object, setting: &Json) -> Adopted {
        let given = setting.get("fields").map_or(&[][..], Json::items);
        let mut adopted = Adopted::default();
        if given.is_empty() {
            return adopted;
        }
        let mut seen = BTreeSet::new();
        for described in given.iter().take(MOST_FIELDS) {
            let name = text(described, "name");
            if !is_field_name(name) || !seen.insert(name.to_ascii_lowercase()) {
                continue;
            }
            let own = kind.any_field(name);
            adopted
                .features
                .extend(own.and_then(|field| field.when.clone()));
            match (own, read(described, given)) {
                (Some(own), Some(mut field)) if is_kept_alike(own.kind, field.kind) => {
                    field.name.clone_from(&own.name);
                    adopted.changed.push(merged(own, field));
                }
                (None, Some(field)) if name.ends_with("__c") => adopted.added.push(field),
                // Ids, references and whole addresses stay as they are here.
                (Some(_), None) => {}
                _ => adopted.left_out.push(name.to_owned()),
            }
        }
        adopted.hidden = kind
            .fields
            .iter()
            .filter(|f| {
                f.permissionable && !f.custom && f.when.is_none() && f.access != Access::None
            })
            .filter(|f| !seen.contains(&f.name.to_ascii_lowercase()))
            .map(|f| f.name.clone())
            .collect();
        adopted
    }

    fn apply(self, object: &mut Object) {
        for field in &mut object.fields {
            if self.hidden.contains(&field.name) {
                (field.hidden, field.access) = (true, Access::None);
            }
        }
        for changed in self.changed {
            if let Some(field) = object.fields.iter_mut().find(|f| f.name == changed.name) {
                *field = changed;
            }
        }
        object.fields.extend(self.added);
    }
}

/// Returns what of a describe's field is kept.
fn kept(described: &Json) -> Json {
    let mut kept = object([]);
    for name in READ {
        if let Some(value) = described.get(name) {
            kept.push(name, value.clone());
        }
    }
    kept
}

/// Returns a field of this org in the other's form. What makes it a field of the system stays.
fn merged(own: &Field, theirs: Field) -> Field {
    if !own.permissionable && own.nillable {
        return own.clone();
    }
    Field {
        label: theirs.label,
        kind: theirs.kind,
        length: theirs.length,
        precision: theirs.precision,
        scale: theirs.scale,
        createable: own.createable && theirs.createable,
        updateable: own.updateable && theirs.updateable,
        nillable: theirs.nillable,
        defaulted: theirs.defaulted,
        unique: theirs.unique,
        external_id: theirs.external_id,
        id_lookup: own.id_lookup || theirs.id_lookup,
        picklist: theirs.picklist,
        restricted: theirs.restricted,
        controller: theirs.controller,
        // What a describe lists, the user sees.
        hidden: false,
        access: Access::Edit,
        default: theirs
            .default
            .or_else(|| own.default.clone().filter(|_| !own.kind.has_picklist())),
        ..own.clone()
    }
}

/// Tells whether values of both kinds are kept in the same form.
fn is_kept_alike(own: Kind, theirs: Kind) -> bool {
    own == theirs || own.is_text() && theirs.is_text() || own.is_decimal() && theirs.is_decimal()
}

/// Reads a field of a describe; `None` where this org has no such kind.
fn read(described: &Json, all: &[Json]) -> Option<Field> {
    let kind = kind_of(described)?;
    let mut field = Field::plain(text(described, "name"), text(described, "label"), kind);
    if field.label.is_empty() {
        field.label.clone_from(&field.name);
    }
    let number = |name: &str| {
        described
            .get(name)
            .and_then(Json::as_i64)
            .and_then(|n| u32::try_from(n).ok())
    };
    field.length = match kind {
        Kind::Int => number("digits").unwrap_or(9).min(18),
        kind if kind.is_text() || kind.is_id() => number("length").unwrap_or(255).clamp(1, 131_072),
        _ => 0,
    };
    if kind.is_decimal() {
        field.precision = number("precision").unwrap_or(18).clamp(1, 18);
        field.scale = number("scale").unwrap_or(0).min(field.precision);
    }
    field.createable = flag(described, "createable");
    field.updateable = flag(described, "updateable");
    field.nillable = flag(described, "nillable");
    field.defaulted = flag(described, "defaultedOnCreate");
    field.unique = flag(described, "unique");
    field.external_id = flag(described, "externalId");
    field.id_lookup = flag(described, "idLookup");
    field.case_sensitive = field.unique && flag(described, "caseSensitive");
    field.custom = field.name.ends_with("__c");
    field.restricted = flag(described, "restrictedPicklist");
    field.help = described
        .get("inlineHelpText")
        .and_then(Json::as_str)
        .map(str::to_owned);
    field.picklist = entries(described);
    let defaults = described.get("picklistValues").map_or(&[][..], Json::items);
    let default = defaults.iter().find(|entry| flag(entry, "defaultValue"));
    field.default = default.map(|entry| text(entry, "value").to_owned());
    let controller = text(described, "controllerName");
    field.controller = all
        .iter()
        .any(|other| text(other, "name") == controller && !controller.is_empty())
        .then(|| controller.to_owned());
    if kind.has_picklist() && field.picklist.is_empty() {
        field.restricted = false;
    }
    // A field that must be filled in can't be hidden from anyone.
    field.permissionable = field.nillable || kind == Kind::Boolean;
    Some(field)
}

fn kind_of(described: &Json) -> Option<Kind> {
    // Nobody can write them, and this org doesn't calculate.
    if flag(described, "calculated") || flag(described, "autoNumber") {
        return None;
    }
    let length = described
        .get("length")
        .and_then(Json::as_i64)
        .unwrap_or_default();
    let kind = match text(described, "type") {
        "combobox" => Kind::String,
        word => Kind::from_word(word, length)?,
    };
    let is_given = matches!(
        kind,
        Kind::Id | Kind::Reference | Kind::Address | Kind::Complex
    );
    (!is_given).then_some(kind)
}

fn entries(described: &Json) -> Vec<PickValue> {
    let given = described.get("picklistValues").map_or(&[][..], Json::items);
    let entry = |given: &Json| {
        let value = given.get("value")?.as_str()?.to_owned();
        Some(PickValue {
            label: given
                .get("label")
                .and_then(Json::as_str)
                .unwrap_or(&value)
                .to_owned(),
            active: given.get("active").and_then(Json::as_bool).unwrap_or(true),
            valid_for: places(given.get("validFor").and_then(Json::as_str)),
            value,
        })
    };
    given.iter().take(MOST_ENTRIES).filter_map(entry).collect()
}

/// Reads for which values of the controlling field an entry may be chosen: a bit each, from the left.
fn places(bits: Option<&str>) -> Vec<usize> {
    let bits = bits.and_then(|b| base64::engine::general_purpose::STANDARD.decode(b).ok());
    let bits = bits.unwrap_or_default();
    (0..bits.len().min(MOST_ENTRIES / 8) * 8)
        .filter(|n| bits[n / 8] & (0x80 >> (n % 8)) != 0)
        .collect()
}

/// The name becomes part of SQL. That of a package's field begins with the package's own.
fn is_field_name(name: &str) -> bool {
    let own = name.strip_suffix("__c").unwrap_or(name);
    match own.split_once("__") {
        Some((package, own)) => is_developer_name(package) && is_developer_name(own),
        None => is_developer_name(own),
    }
}

fn text<'j>(described: &'j Json, name: &str) -> &'j str {
    described
        .get(name)
        .and_then(Json::as_str)
        .unwrap_or_default()
}

fn flag(described: &Json, name: &str) -> bool {
    described.get(name).and_then(Json::as_bool).unwrap_or(false)
}

fn names<'n>(names: impl Iterator<Item = &'n str>) -> Json {
    array(names.map(Json::from))
}
