//! Which sources fit which targets.

use leadferry_store::FieldKind;

use super::reading::Kind;
use crate::targets::TargetType;

/// Tells whether a contact field of this kind may be mapped to a target of this type as it is.
///
/// Constants and templates fit every target that can be written: their text is read as the target's type.
pub fn fits(kind: FieldKind, target: &TargetType) -> bool {
    kind_fits(kind.into(), target)
}

pub(super) fn kind_fits(kind: Kind, target: &TargetType) -> bool {
    match (kind, target) {
        (_, TargetType::Other(_) | TargetType::Id) => false,
        (Kind::Free, _) | (_, TargetType::Unknown) => true,
        (Kind::Text, target) => target.is_text(),
        (Kind::Status, target) => matches!(
            target,
            TargetType::Text | TargetType::Picklist | TargetType::LongTextArea
        ),
        (Kind::Number, target) => target.is_number(),
        (Kind::YesNo, target) => *target == TargetType::Checkbox,
        (Kind::Date, target) => matches!(target, TargetType::Date | TargetType::DateTime),
    }
}

/// Returns what to do where a source does not fit.
pub(super) fn cure(kind: Kind, target: &TargetType) -> &'static str {
    match (kind, target) {
        (Kind::Number | Kind::Date, target) if target.is_text() => {
            "use a template, such as {% Contact.birthday %}"
        }
        (Kind::YesNo, _) => "choose a checkbox field in Salesforce",
        (_, TargetType::Checkbox) => "use a yes/no field, or a constant \"true\" or \"false\"",
        (_, TargetType::Date | TargetType::DateTime) => "use a field of type date or date and time",
        (_, TargetType::Time) => "use a constant or a template such as 18:30",
        (_, TargetType::Reference) => {
            "use a constant or template with a record id, or the parent's External ID as in Account.Ext__c"
        }
        (_, target) if target.is_number() => {
            "use a field of type integer, long integer, decimal or floating point"
        }
        (Kind::Status, _) => {
            "choose a field of type Text, Picklist or Text Area (Long). Salesforce can filter by Text and \
             Picklist"
        }
        _ => "use a field of type text",
    }
}

/// Returns the kind's name for messages.
pub(super) fn kind_name(kind: Kind) -> &'static str {
    match kind {
        Kind::Text => "text",
        Kind::Number => "a number",
        Kind::YesNo => "yes/no",
        Kind::Date => "a date",
        Kind::Status => "a segment's status",
        Kind::Free => "free text",
    }
}
