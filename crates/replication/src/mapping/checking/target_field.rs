//! Finds the target of a row on the target object.

use leadferry_store::nearest_spelling;

use crate::Settings;
use crate::mapping::findings::{did_you_mean, nearest};
use crate::mapping::{Finding, Target};
use crate::settings::is_custom_field_name;
use crate::targets::{TargetField, TargetObject};

/// Returns the field, and a warning where it is not known to exist.
pub(in crate::mapping) fn target_field(
    target: &Target,
    object: &TargetObject,
    settings: &Settings,
) -> Result<(TargetField, Option<Finding>), Finding> {
    match target {
        Target::Field(name) if name.eq_ignore_ascii_case(&settings.identifier) => {
            Err(Finding::error(
                "identifier_target",
                format!("{name} stores the Leadferry ID and is set by Leadferry"),
                "remove the row",
            ))
        }
        Target::Field(name) => named(name, object),
        Target::Parent {
            relationship,
            field,
        } => parent(relationship, field, object),
    }
}

/// Returns the field of an object that was probably meant, by its name or its label.
pub(crate) fn nearest_target<'o>(name: &str, object: &'o TargetObject) -> Option<&'o str> {
    let spellings = object.fields.iter().flat_map(|field| {
        let name = field.name.as_str();
        [(name, name), (field.label.as_str(), name)]
    });
    nearest_spelling(name, spellings)
}

fn named(name: &str, object: &TargetObject) -> Result<(TargetField, Option<Finding>), Finding> {
    if let Some(field) = object.field(name) {
        let warning = (!field.verified).then(|| unverified(name, object));
        return Ok((field.clone(), warning));
    }
    if !object.described && is_custom_field_name(name) {
        return Ok((
            TargetField::unverified(name),
            Some(unverified(name, object)),
        ));
    }
    let missing = |message: String, otherwise| {
        let meant = nearest_target(name, object);
        Finding::error("unknown_target", message, did_you_mean(meant, otherwise))
    };
    if !object.described {
        return Err(missing(
            format!("{} has no field {name}", object.name),
            "connect to see the fields of your org. Custom fields end in __c",
        ));
    }
    if is_standard(name, &object.name) {
        let message = format!(
            "this user can't see the standard field {name} of {}",
            object.name
        );
        return Err(Finding::error("unknown_target", message, SHOW_FIELD));
    }
    // An org doesn't say which of the two it is. Permissions are more often to blame.
    Err(missing(
        format!(
            "{} has no field {name} that this user can see. Either field permissions hide it, or it doesn't exist",
            object.name
        ),
        SHOW_OR_CREATE_FIELD,
    ))
}

const SHOW_FIELD: &str = "prepare the org to get access to it, ask your Salesforce admin for it, or choose another field";
const SHOW_OR_CREATE_FIELD: &str =
    "prepare the org to get access to it, create it in Salesforce, or choose another field";

/// Tells whether every org has this field, unless a feature is off: one that is not described is hidden.
fn is_standard(name: &str, object: &str) -> bool {
    TargetObject::built_in(object).is_some_and(|object| object.field(name).is_some())
}

fn parent(
    relationship: &str,
    field: &str,
    object: &TargetObject,
) -> Result<(TargetField, Option<Finding>), Finding> {
    if let Some(lookup) = object.lookup(relationship) {
        if lookup.reference_to.len() > 1 {
            return Err(Finding::error(
                "parent_of_several_kinds",
                format!(
                    "{relationship} can be a {}, so an External ID doesn't say which",
                    lookup.reference_to.join(" or a ")
                ),
                format!("map a record id to {}", lookup.name),
            ));
        }
        let warning = if lookup.verified {
            key(relationship, field, lookup, object)?
        } else {
            Some(unverified(&lookup.name, object))
        };
        return Ok((lookup.clone(), warning));
    }
    if !object.described
        && let Some(stem) = relationship.strip_suffix("__r")
    {
        let name = format!("{stem}__c");
        let warning = unverified(&name, object);
        return Ok((TargetField::unverified(&name), Some(warning)));
    }
    let names = object
        .fields
        .iter()
        .filter_map(|field| field.relationship_name.as_deref());
    Err(Finding::error(
        "unknown_target",
        format!("{} has no lookup {relationship}", object.name),
        nearest(
            relationship,
            names,
            "use the name of a relationship, for example Account or Parent__r",
        ),
    ))
}

/// Holds the field by which a parent is to be found against what the org says of the parent; returns a warning where it
/// was not asked.
fn key(
    relationship: &str,
    field: &str,
    lookup: &TargetField,
    object: &TargetObject,
) -> Result<Option<Finding>, Finding> {
    let (true, Some(name)) = (object.described, lookup.reference_to.first()) else {
        return Ok(None);
    };
    let Some(parent) = object.parents.iter().find(|parent| parent.name == *name) else {
        let message = format!("{relationship}.{field} hasn't been checked against {name} yet");
        return Ok(Some(Finding::warning(
            "unverified_parent",
            message,
            "check the mapping while the org can be reached",
        )));
    };
    if parent.keys.iter().any(|key| key == field) {
        return Ok(None);
    }
    let keys = parent.keys.iter().map(String::as_str);
    let otherwise = match parent.keys.as_slice() {
        [] => format!(
            "create an External ID field on {name}, or map a record id to {}",
            lookup.name
        ),
        keys => format!("use one of {}", keys.join(", ")),
    };
    if parent.fields.iter().any(|known| known == field) {
        return Err(Finding::error(
            "parent_field_is_no_key",
            format!("{field} isn't an External ID, so Salesforce can't find the {name} by it"),
            otherwise,
        ));
    }
    Err(Finding::error(
        "unknown_parent_field",
        format!("{name} has no field {field}"),
        nearest(field, keys, &otherwise),
    ))
}

fn unverified(name: &str, object: &TargetObject) -> Finding {
    Finding::warning(
        "unverified_target",
        format!("{} may not have the field {name}", object.name),
        "connect and refresh the fields to check it",
    )
}
