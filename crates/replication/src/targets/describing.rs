//! Reads the target object from the org's describe.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use leadferry_salesforce::{Describe, Field, FieldType};

use super::{Controller, Parent, PicklistValue, TargetField, TargetObject, TargetType};

/// Text areas of more characters than this are long ones.
const LONGEST_TEXT_AREA: u32 = 255;

impl TargetObject {
    /// Reads the object from what the org says of it; fields that are deprecated and hidden are left out.
    pub fn from_describe(describe: &Describe) -> Self {
        Self {
            name: describe.name.clone(),
            fields: describe
                .fields
                .iter()
                .filter(|field| !field.deprecated_and_hidden)
                .map(target_field)
                .collect(),
            described: true,
            record_types: describe
                .record_types
                .iter()
                .filter(|one| one.active && one.available)
                .map(|one| one.record_type_id.clone())
                .collect(),
            parents: Vec::new(),
        }
    }
}

impl Parent {
    /// Reads what addressing a record of an object needs.
    ///
    /// # Source
    /// REST API Developer Guide, "Insert or Update (Upsert) a Record Using an External ID": External ID fields, and those with
    /// `idLookup`.
    pub fn from_describe(describe: &Describe) -> Self {
        let names = |of: &dyn Fn(&&Field) -> bool| {
            let fields = describe.fields.iter().filter(of);
            fields.map(|field| field.name.clone()).collect()
        };
        Self {
            name: describe.name.clone(),
            fields: names(&|_| true),
            keys: names(&|field| {
                field.external_id || (field.id_lookup && field.field_type != FieldType::Id)
            }),
        }
    }
}

fn controller(field: &Field) -> Option<Controller> {
    let valid_for = field.picklist_values.iter().map(|entry| {
        let bits = entry.valid_for.as_deref().unwrap_or_default();
        STANDARD.decode(bits).unwrap_or_default()
    });
    Some(Controller {
        field: field
            .controller_name
            .clone()
            .filter(|_| field.dependent_picklist)?,
        valid_for: valid_for.collect(),
    })
}

fn target_field(field: &Field) -> TargetField {
    let kind = target_type(field);
    // Record ids have a length too, but it limits nothing that we send.
    let limited = kind.is_text() && field.length > 0;
    TargetField {
        name: field.name.clone(),
        label: field.label.clone(),
        length: limited.then_some(field.length),
        precision: field.precision,
        scale: field.scale,
        digits: field.digits,
        createable: field.createable && !is_computed(field),
        updateable: field.updateable && !is_computed(field),
        required: field.required_on_create() && !is_computed(field),
        nillable: field.nillable,
        picklist: field.picklist_values.iter().map(picklist_value).collect(),
        restricted: field.restricted_picklist,
        controller: controller(field),
        external_id: field.external_id,
        unique: field.unique,
        case_sensitive: field.case_sensitive,
        filterable: field.filterable,
        custom: field.custom,
        relationship_name: field
            .relationship_name
            .clone()
            .filter(|_| kind == TargetType::Reference),
        reference_to: field.reference_to.clone(),
        verified: true,
        kind,
    }
}

fn is_computed(field: &Field) -> bool {
    field.calculated || field.auto_number
}

/// Returns what people call a type that the org names so, such as `Checkbox` for `boolean`.
pub fn type_name(org_type: &str) -> String {
    let field = Field {
        field_type: FieldType::from(org_type.to_owned()),
        ..Field::default()
    };
    target_type(&field).name().to_owned()
}

fn target_type(field: &Field) -> TargetType {
    match &field.field_type {
        FieldType::String => TargetType::Text,
        FieldType::TextArea if field.length > LONGEST_TEXT_AREA => TargetType::LongTextArea,
        FieldType::TextArea => TargetType::TextArea,
        FieldType::EncryptedString => TargetType::Encrypted,
        FieldType::Email => TargetType::Email,
        FieldType::Phone => TargetType::Phone,
        FieldType::Url => TargetType::Url,
        FieldType::Picklist | FieldType::Combobox => TargetType::Picklist,
        FieldType::MultiPicklist => TargetType::MultiPicklist,
        FieldType::Boolean => TargetType::Checkbox,
        FieldType::Double => TargetType::Number,
        FieldType::Int | FieldType::Long => TargetType::Integer,
        FieldType::Percent => TargetType::Percent,
        FieldType::Currency => TargetType::Currency,
        FieldType::Date => TargetType::Date,
        FieldType::DateTime => TargetType::DateTime,
        FieldType::Time => TargetType::Time,
        FieldType::Reference => TargetType::Reference,
        FieldType::Id => TargetType::Id,
        other => TargetType::Other(other.as_str().to_owned()),
    }
}

fn picklist_value(entry: &leadferry_salesforce::PicklistEntry) -> PicklistValue {
    PicklistValue {
        value: entry.value.clone(),
        label: entry.label.clone().unwrap_or_else(|| entry.value.clone()),
        active: entry.active,
    }
}
