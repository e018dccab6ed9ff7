//! What objects and fields the org has: the standard ones from the shipped definitions, the custom ones from its file.

use std::collections::HashMap;
use std::sync::{Arc, LazyLock};

use super::field::{Access, Field, PickValue};
use crate::{Error, Result};

const OBJECTS: &str = include_str!("../../schema/objects.txt");
const PICKLISTS: &str = include_str!("../../schema/picklists.txt");
const CHILDREN_FILE: &str = include_str!("../../schema/children.txt");
const CUSTOM_OBJECT: &str = include_str!("../../schema/custom-object.txt");
const COUNTRIES: &str = include_str!("../../schema/countries.txt");
const FIELDS: [(&str, &str); 27] = [
    ("Account", include_str!("../../schema/Account.txt")),
    (
        "AccountContactRelation",
        include_str!("../../schema/AccountContactRelation.txt"),
    ),
    ("Campaign", include_str!("../../schema/Campaign.txt")),
    (
        "CampaignMember",
        include_str!("../../schema/CampaignMember.txt"),
    ),
    (
        "CampaignMemberStatus",
        include_str!("../../schema/CampaignMemberStatus.txt"),
    ),
    ("Case", include_str!("../../schema/Case.txt")),
    ("Contact", include_str!("../../schema/Contact.txt")),
    ("CustomField", include_str!("../../schema/CustomField.txt")),
    (
        "DuplicateRule",
        include_str!("../../schema/DuplicateRule.txt"),
    ),
    (
        "EntityDefinition",
        include_str!("../../schema/EntityDefinition.txt"),
    ),
    (
        "FieldDefinition",
        include_str!("../../schema/FieldDefinition.txt"),
    ),
    (
        "FieldPermissions",
        include_str!("../../schema/FieldPermissions.txt"),
    ),
    ("Group", include_str!("../../schema/Group.txt")),
    ("Lead", include_str!("../../schema/Lead.txt")),
    ("LeadStatus", include_str!("../../schema/LeadStatus.txt")),
    (
        "LoginHistory",
        include_str!("../../schema/LoginHistory.txt"),
    ),
    (
        "Organization",
        include_str!("../../schema/Organization.txt"),
    ),
    (
        "PermissionSet",
        include_str!("../../schema/PermissionSet.txt"),
    ),
    (
        "PermissionSetAssignment",
        include_str!("../../schema/PermissionSetAssignment.txt"),
    ),
    ("Opportunity", include_str!("../../schema/Opportunity.txt")),
    (
        "OpportunityContactRole",
        include_str!("../../schema/OpportunityContactRole.txt"),
    ),
    (
        "QueueSobject",
        include_str!("../../schema/QueueSobject.txt"),
    ),
    ("RecordType", include_str!("../../schema/RecordType.txt")),
    ("Task", include_str!("../../schema/Task.txt")),
    (
        "ValidationRule",
        include_str!("../../schema/ValidationRule.txt"),
    ),
    ("Profile", include_str!("../../schema/Profile.txt")),
    ("User", include_str!("../../schema/User.txt")),
];

/// A relationship from a parent to the records that point to it.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Children {
    /// Their object, which the org may lack.
    pub(crate) object: String,
    /// Their field.
    pub(crate) field: String,
    /// The relationship's name.
    pub(crate) name: Option<String>,
    /// What becomes of them when the parent is deleted.
    pub(crate) on_delete: OnDelete,
}

/// What becomes of a record whose parent is deleted.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum OnDelete {
    /// It stays.
    Stay,
    /// It goes, too.
    Cascade,
    /// The parent stays as well.
    Restrict,
}

/// A type of an object's records.
#[derive(Clone, Debug)]
pub(crate) struct RecordType {
    /// Its id.
    pub(crate) id: String,
    /// API name.
    pub(crate) developer_name: String,
    /// Name.
    pub(crate) name: String,
    /// Whether records may have it.
    pub(crate) active: bool,
    /// Whether new records get it.
    pub(crate) default: bool,
    /// Values that it offers, by field; all of the others.
    pub(crate) values: HashMap<String, Vec<String>>,
}

static CHILDREN: LazyLock<Vec<(&str, Children)>> = LazyLock::new(|| {
    lines(CHILDREN_FILE)
        .filter_map(|(_, line)| child_line(line))
        .collect()
});
static STANDARD: LazyLock<Result<Schema>> = LazyLock::new(read_standard);

/// All objects, by name.
#[derive(Clone, Debug, Default)]
pub(crate) struct Schema {
    objects: Vec<Arc<Object>>,
    by_name: HashMap<String, usize>,
    /// Removed fields, such as `Lead.Email`, that the table of definitions still has.
    gone: Vec<String>,
}

/// Under which root an object is answered.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Root {
    /// `/services/data/vXX.X`
    Data,
    /// `/services/data/vXX.X/tooling`
    Tooling,
    /// Both.
    Both,
}

/// One kind of record.
#[derive(Clone, Debug)]
pub(crate) struct Object {
    /// API name.
    pub(crate) name: String,
    /// Singular label.
    pub(crate) label: String,
    /// Plural label.
    pub(crate) plural: String,
    /// First three characters of its ids.
    pub(crate) prefix: String,
    /// What may be done with it, as in `objects.txt`.
    pub(crate) flags: Vec<String>,
    /// Under which root it is answered.
    pub(crate) root: Root,
    /// Fields in describe order, those that nobody may see included.
    pub(crate) fields: Vec<Field>,
    /// When the definition last changed, UTC milliseconds; 0 for the shipped state.
    pub(crate) changed_at: i64,
    /// The types that its records may have, besides the master.
    pub(crate) record_types: Vec<RecordType>,
    by_name: HashMap<String, usize>,
}

impl Schema {
    /// The shipped objects.
    pub(crate) fn standard() -> Result<Schema> {
        match &*STANDARD {
            Ok(schema) => Ok(schema.clone()),
            Err(Error::Shipped { what, line }) => Err(Error::Shipped { what, line: *line }),
            Err(_) => Err(Error::Shipped {
                what: "schema",
                line: 0,
            }),
        }
    }

    /// The object of this name, whatever the case.
    pub(crate) fn object(&self, name: &str) -> Option<&Arc<Object>> {
        self.by_name
            .get(&name.to_ascii_lowercase())
            .map(|&n| &self.objects[n])
    }

    /// The object whose ids begin so.
    pub(crate) fn by_id(&self, id: &str) -> Option<&Arc<Object>> {
        let prefix = id.get(..3)?;
        self.objects.iter().find(|o| o.prefix == prefix)
    }

    /// All objects in order of name.
    pub(crate) fn objects(&self) -> &[Arc<Object>] {
        &self.objects
    }

    /// The relationship of this name from a parent, whatever the case: its own spelling, the child and the child's field.
    pub(crate) fn children(
        &self,
        parent: &Object,
        name: &str,
    ) -> Option<(String, Arc<Object>, Field)> {
        self.children_of(parent).into_iter().find_map(|children| {
            let own = children.name.filter(|own| own.eq_ignore_ascii_case(name))?;
            let child = self.object(&children.object)?;
            let field = child.field(&children.field)?.clone();
            Some((own, Arc::clone(child), field))
        })
    }

    /// All relationships from a parent: those that every org has, then those of the fields that point to it.
    pub(crate) fn children_of(&self, parent: &Object) -> Vec<Children> {
        let shipped = CHILDREN.iter().filter(|(of, _)| *of == parent.name);
        let mut all: Vec<Children> = shipped.map(|(_, children)| children.clone()).collect();
        for object in &self.objects {
            for field in object
                .visible()
                .filter(|f| f.targets.contains(&parent.name))
            {
                if all
                    .iter()
                    .any(|c| c.object == object.name && c.field == field.name)
                {
                    continue;
                }
                all.push(Children {
                    object: object.name.clone(),
                    field: field.name.clone(),
                    name: field.children_name.clone(),
                    on_delete: match field.cascade {
                        true => OnDelete::Cascade,
                        false => OnDelete::Stay,
                    },
                });
            }
        }
        all
    }

    /// Adds an object.
    pub(crate) fn add(&mut self, mut object: Object) {
        object.index();
        self.by_name
            .insert(object.name.to_ascii_lowercase(), self.objects.len());
        self.objects.push(Arc::new(object));
    }

    /// Changes every object's definition.
    pub(crate) fn change_all(&mut self, mut change: impl FnMut(&mut Object)) {
        for object in &mut self.objects {
            let object = Arc::make_mut(object);
            change(object);
            object.index();
        }
    }

    /// Removes a field, for as long as this schema is in use.
    pub(crate) fn remove(&mut self, object: &str, field: &str) {
        let Some(known) = self.object(object).and_then(|o| o.any_field(field)) else {
            return;
        };
        let name = known.name.clone();
        self.change(object, |object| object.fields.retain(|f| f.name != name));
        let object = self.object(object).map_or("", |o| o.name.as_str());
        self.gone.push(format!("{object}.{name}"));
    }

    /// Durable ids of removed fields.
    pub(crate) fn gone(&self) -> &[String] {
        &self.gone
    }

    /// Hides objects, as from a user who may not know them.
    pub(crate) fn hide(&mut self, names: &[String]) {
        self.objects.retain(|object| !names.contains(&object.name));
        let named = self.objects.iter().enumerate();
        self.by_name = named
            .map(|(n, object)| (object.name.to_ascii_lowercase(), n))
            .collect();
    }

    /// Changes one object's definition.
    pub(crate) fn change(&mut self, name: &str, change: impl FnOnce(&mut Object)) {
        if let Some(&n) = self.by_name.get(&name.to_ascii_lowercase()) {
            let object = Arc::make_mut(&mut self.objects[n]);
            change(object);
            object.index();
        }
    }
}

impl Object {
    /// The field of this name that the user may see, whatever the case.
    pub(crate) fn field(&self, name: &str) -> Option<&Field> {
        self.any_field(name).filter(|f| f.access != Access::None)
    }

    /// The field of this name, seen or not.
    pub(crate) fn any_field(&self, name: &str) -> Option<&Field> {
        self.by_name
            .get(&name.to_ascii_lowercase())
            .map(|&n| &self.fields[n])
    }

    /// The reference field with this relationship name.
    pub(crate) fn relation(&self, name: &str) -> Option<&Field> {
        let named = |f: &&Field| {
            f.relationship
                .as_deref()
                .is_some_and(|r| r.eq_ignore_ascii_case(name))
        };
        self.visible().find(named)
    }

    /// The fields the user may see.
    pub(crate) fn visible(&self) -> impl Iterator<Item = &Field> {
        self.fields.iter().filter(|f| f.access != Access::None)
    }

    /// The field that names a record.
    pub(crate) fn name_field(&self) -> Option<&Field> {
        self.fields.iter().find(|f| f.name_field)
    }

    /// Whether a flag of `objects.txt` is set.
    pub(crate) fn is(&self, flag: &str) -> bool {
        self.flags.iter().any(|f| f == flag)
    }

    /// The table that holds its records.
    pub(crate) fn table(&self) -> String {
        format!("\"o_{}\"", self.name)
    }

    /// An object that a customer makes, with the fields that every one has.
    pub(crate) fn custom(name: &str, label: &str, plural: &str, prefix: &str) -> Object {
        let flags = [
            "create", "update", "delete", "undelete", "search", "recycle", "custom",
        ];
        let none = HashMap::new();
        let fields = lines(CUSTOM_OBJECT).filter_map(|(_, line)| Field::parse(line, &none));
        let mut object = Object {
            name: name.to_owned(),
            label: label.to_owned(),
            plural: plural.to_owned(),
            prefix: prefix.to_owned(),
            flags: flags.map(str::to_owned).to_vec(),
            root: Root::Data,
            fields: fields.collect(),
            changed_at: 0,
            record_types: Vec::new(),
            by_name: HashMap::new(),
        };
        object.index();
        object
    }

    fn index(&mut self) {
        let named = self
            .fields
            .iter()
            .enumerate()
            .map(|(n, f)| (f.name.to_ascii_lowercase(), n));
        self.by_name = named.collect();
    }
}

fn read_standard() -> Result<Schema> {
    let picklists = read_picklists();
    let mut schema = Schema::default();
    for (n, line) in lines(OBJECTS) {
        let parts: Vec<&str> = line.split('|').map(str::trim).collect();
        let damaged = Error::Shipped {
            what: "objects.txt",
            line: n,
        };
        let [name, label, plural, prefix, flags] = parts[..] else {
            return Err(damaged);
        };
        let (_, text) = FIELDS
            .iter()
            .find(|(object, _)| *object == name)
            .ok_or(damaged)?;
        let flags: Vec<String> = flags.split_whitespace().map(str::to_owned).collect();
        let root = match () {
            () if flags.iter().any(|f| f == "tooling") => Root::Tooling,
            () if flags.iter().any(|f| f == "both") => Root::Both,
            () => Root::Data,
        };
        let mut object = Object {
            name: name.to_owned(),
            label: label.to_owned(),
            plural: plural.to_owned(),
            prefix: prefix.to_owned(),
            flags,
            root,
            fields: Vec::new(),
            changed_at: 0,
            record_types: Vec::new(),
            by_name: HashMap::new(),
        };
        for (n, line) in lines(text) {
            let field = Field::parse(line, &picklists).ok_or(Error::Shipped {
                what: "schema",
                line: n,
            })?;
            object.fields.push(field);
        }
        schema.add(object);
    }
    Ok(schema)
}

fn lines(text: &'static str) -> impl Iterator<Item = (usize, &'static str)> {
    let numbered = text
        .lines()
        .enumerate()
        .map(|(n, line)| (n + 1, line.trim()));
    numbered.filter(|(_, line)| !line.is_empty() && !line.starts_with('#'))
}

fn read_picklists() -> HashMap<&'static str, Vec<PickValue>> {
    let mut lists: HashMap<&str, Vec<PickValue>> = HashMap::new();
    let mut current = "";
    for (_, line) in lines(PICKLISTS) {
        if let Some(name) = line.strip_prefix('[').and_then(|l| l.strip_suffix(']')) {
            current = name;
        } else {
            let (value, label) = line.split_once(" = ").unwrap_or((line, line));
            lists
                .entry(current)
                .or_default()
                .push(pick_value(value, label));
        }
    }
    let (countries, states) = read_countries();
    lists.extend([("Countries", countries), ("States", states)]);
    lists
}

fn pick_value(value: &str, label: &str) -> PickValue {
    PickValue {
        value: value.to_owned(),
        label: label.to_owned(),
        active: true,
        valid_for: Vec::new(),
    }
}

/// Countries, and states with the countries that they belong to.
fn read_countries() -> (Vec<PickValue>, Vec<PickValue>) {
    let (mut countries, mut states) = (Vec::new(), Vec::new());
    for (_, line) in lines(COUNTRIES) {
        match line
            .strip_prefix('-')
            .unwrap_or(line)
            .trim()
            .split_once(" = ")
        {
            Some((code, label)) if line.starts_with('-') => {
                let mut state = pick_value(code, label);
                state.valid_for.extend(countries.len().checked_sub(1));
                states.push(state);
            }
            Some((code, label)) => countries.push(pick_value(code, label)),
            None => {}
        }
    }
    (countries, states)
}

fn child_line(line: &'static str) -> Option<(&'static str, Children)> {
    let mut parts = line.split('|').map(str::trim);
    let (parent, object, field, name) =
        (parts.next()?, parts.next()?, parts.next()?, parts.next()?);
    let children = Children {
        object: object.to_owned(),
        field: field.to_owned(),
        name: (name != "-").then(|| name.to_owned()),
        on_delete: match parts.next() {
            Some("cascade") => OnDelete::Cascade,
            Some("restrict") => OnDelete::Restrict,
            _ => OnDelete::Stay,
        },
    };
    Some((parent, children))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_shipped_definitions_are_whole() {
        let schema = Schema::standard().unwrap();
        let lead = schema.object("lead").unwrap();
        assert_eq!(lead.field("LASTNAME").unwrap().length, 80);
        assert_eq!(
            lead.field("Status").unwrap().default.as_deref(),
            Some("Open - Not Contacted")
        );
        assert!(
            lead.field("HasOptedOutOfEmail").is_none(),
            "hidden until granted"
        );
        assert!(
            schema
                .object("Campaign")
                .unwrap()
                .field("IsActive")
                .is_some()
        );
        for object in schema.objects() {
            for field in &object.fields {
                assert!(
                    field.picklist.is_empty() != field.kind.has_picklist(),
                    "{}.{}",
                    object.name,
                    field.name
                );
            }
        }
    }
}
