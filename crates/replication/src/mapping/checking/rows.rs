//! Checks one row of a mapping.

use super::target_field::target_field;
use crate::Settings;
use crate::mapping::converting::{Conversion, Form};
use crate::mapping::dependence::Place;
use crate::mapping::escaping::opens_section;
use crate::mapping::findings::{excerpt, nearest};
use crate::mapping::fitting::{cure, kind_fits, kind_name};
use crate::mapping::picklists::Picklist;
use crate::mapping::problems::Problem;
use crate::mapping::reading::{Kind, Raw, Reading, resolve};
use crate::mapping::wording::said;
use crate::mapping::{Finding, MappingRow, Names, Overwrite, Severity, Source, Target};
use crate::targets::{TargetField, TargetObject, TargetType};

/// The shortest Text Area (Long) that other products write a segment's status to.
const LEAST_LONG_TEXT: u32 = 256;

/// A row without faults.
#[derive(Debug)]
pub(in crate::mapping) struct CheckedRow {
    pub(in crate::mapping) line: usize,
    pub(in crate::mapping) row: MappingRow,
    pub(in crate::mapping) reading: Reading,
    /// The target field; the lookup itself where a parent is addressed.
    pub(in crate::mapping) field: TargetField,
    pub(in crate::mapping) conversion: Conversion,
}

/// Checks a row; `None` where it has a fault that makes the rest of it meaningless.
pub(in crate::mapping) fn check_row(
    row: &MappingRow,
    names: &Names<'_>,
    object: &TargetObject,
    settings: &Settings,
    findings: &mut Vec<Finding>,
) -> Option<CheckedRow> {
    findings.extend(period(row));
    if let Some(finding) = no_source(row) {
        findings.push(finding);
        return None;
    }
    let resolved = keep(resolve(&row.source, names, settings), findings);
    let field = target_field(&row.target, object, settings);
    let field = keep(
        field.map_err(|finding| of_segment(row, object, finding)),
        findings,
    );
    let ((reading, kind), (field, warning)) = (resolved?, field?);
    findings.extend(warning);
    if let Some(finding) = write_access(row, &field, object) {
        let is_fault = finding.severity == Severity::Error;
        findings.push(finding);
        if is_fault {
            return None;
        }
    }
    if !kind_fits(kind, &typed(&row.target, &field)) {
        findings.push(does_not_fit(row, kind, &field));
        return None;
    }
    let mut conversion = Conversion::new(row, &field);
    if let Some(form) = form_on(row, &field, object) {
        conversion.form = form;
    }
    findings.extend(status(row, &field, &conversion));
    findings.extend(value_map(row, kind, &field, &conversion));
    findings.extend(constant(row, &field, &conversion));
    Some(CheckedRow {
        line: 0,
        row: row.clone(),
        reading,
        field,
        conversion,
    })
}

/// Refuses what is never sent: of those who may not be sent it would say nothing, and of all others that they may.
fn no_source(row: &MappingRow) -> Option<Finding> {
    let is_mark = matches!(&row.source, Source::Field(name) if name == "do_not_send");
    is_mark.then(|| {
        Finding::error(
            "not_a_source",
            "\"Do not send\" keeps a contact from being sent, so it can't be mapped",
            "map email_opt_out, phone_opt_out or fax_opt_out instead",
        )
    })
}

/// Returns what values have to be like, where the object says more about that than the field does.
fn form_on(row: &MappingRow, field: &TargetField, object: &TargetObject) -> Option<Form> {
    if let Target::Parent { field, .. } = &row.target {
        return Some(Form::Parent {
            field: field.clone(),
        });
    }
    if field.name == "RecordTypeId" && !object.record_types.is_empty() {
        return Some(Form::RecordType(object.record_types.clone()));
    }
    let names = Place::of(field, object)?.names()?;
    Some(Form::Picklist(Picklist::new(&names, true)))
}

/// Names a Mapping ID as such.
fn of_segment(row: &MappingRow, object: &TargetObject, finding: Finding) -> Finding {
    let (Source::Segment(segment), "unknown_target") = (&row.source, finding.code) else {
        return finding;
    };
    Finding::error(
        "unknown_mapping_id",
        format!(
            "the Mapping ID {} of the segment \"{}\" isn't a field of {}",
            row.target,
            excerpt(segment),
            object.name
        ),
        "create the field in Salesforce, or choose another Mapping ID",
    )
}

/// Finds days of what is not a segment's status, or none at all.
fn period(row: &MappingRow) -> Option<Finding> {
    if row.period.is_empty() {
        return Some(Finding::error(
            "empty_period",
            format!("{} ends before it starts", row.target),
            "choose an end date after the start date",
        ));
    }
    let alien = !row.period.is_always() && !row.source.is_segment();
    alien.then(|| {
        Finding::error(
            "period_of_no_segment",
            format!(
                "{} isn't a segment's status, so it can't have dates",
                row.target
            ),
            "remove from and until",
        )
    })
}

/// Holds a segment's status against its field: both words must fit as they are.
fn status(row: &MappingRow, field: &TargetField, conversion: &Conversion) -> Option<Finding> {
    if !row.source.is_segment() {
        return None;
    }
    let cure = "choose a text field of 8 characters or more, or a picklist with the values realized and exited";
    let words = ["realized", "exited"].into_iter();
    let refused = words.filter(|word| {
        let raw = Raw::Text((*word).into());
        !matches!(conversion.convert(raw, &jiff::tz::TimeZone::UTC), Ok(Some(converted)) if converted.cut.is_none())
    });
    let refused: Vec<_> = refused.collect();
    if !refused.is_empty() {
        let message = format!("{} can't hold {}", field.name, refused.join(" and "));
        return Some(Finding::error("status_does_not_fit", message, cure));
    }
    let short = field.kind == TargetType::LongTextArea
        && field.length.is_some_and(|length| length < LEAST_LONG_TEXT);
    short.then(|| {
        let message = format!("{} is shorter than {LEAST_LONG_TEXT}", field.name);
        Finding::error("status_does_not_fit", message, cure)
    })
}

fn keep<T>(result: Result<T, Finding>, findings: &mut Vec<Finding>) -> Option<T> {
    result.map_err(|finding| findings.push(finding)).ok()
}

/// The parent's External ID field belongs to another object, of which nothing is known here.
fn typed(target: &Target, field: &TargetField) -> TargetType {
    match target {
        Target::Field(_) => field.kind.clone(),
        Target::Parent { .. } => TargetType::Unknown,
    }
}

fn does_not_fit(row: &MappingRow, kind: Kind, field: &TargetField) -> Finding {
    let message = format!(
        "{} is {}, which doesn't fit {} of type {}",
        said(&row.source),
        kind_name(kind),
        row.target,
        field.kind.name()
    );
    Finding::error("type_does_not_fit", message, cure(kind, &field.kind))
}

fn write_access(row: &MappingRow, field: &TargetField, object: &TargetObject) -> Option<Finding> {
    let name = &field.name;
    if matches!(field.kind, TargetType::Other(_)) {
        let message = format!("{name} is made of other fields and can't be written as a whole");
        return Some(Finding::error(
            "compound_target",
            message,
            "map its parts, for example the street and the city",
        ));
    }
    if field.is_read_only() || (row.overwrite == Overwrite::OnCreate && !field.createable) {
        let cure = match name.as_str() {
            "Name" => "map FirstName and LastName",
            _ if object.described => "choose another field, or ask an admin for edit access",
            _ => "choose another field",
        };
        return Some(Finding::error(
            "read_only_target",
            format!("{name} is read-only"),
            cure,
        ));
    }
    if !field.createable {
        let message = format!("{name} can only be set after a record is created");
        return Some(Finding::warning(
            "update_only_target",
            message,
            "new records get it with their first update",
        ));
    }
    if !field.updateable && row.overwrite != Overwrite::OnCreate {
        let message = format!("{name} can only be set on new records");
        return Some(Finding::warning(
            "create_only_target",
            message,
            "set Overwrite to New records (on_create)",
        ));
    }
    None
}

fn value_map(
    row: &MappingRow,
    kind: Kind,
    field: &TargetField,
    conversion: &Conversion,
) -> Vec<Finding> {
    if row.values.is_empty() {
        return Vec::new();
    }
    let is_text = matches!(kind, Kind::Text | Kind::Free);
    if !is_text || !(field.kind.is_text() || typed(&row.target, field) == TargetType::Unknown) {
        return vec![Finding::error(
            "value_map_target",
            format!(
                "{} can't have a value map. Value maps are for text and picklists",
                row.target
            ),
            "remove the value map",
        )];
    }
    let Some(list) = picklist(conversion) else {
        return Vec::new();
    };
    let offered = |to: &str| {
        let parts = list.split(to, |part| part);
        parts.iter().all(|part| list.resolve(part).is_some())
    };
    let values = row
        .values
        .iter()
        .map(|(_, to)| to)
        .filter(|to| !offered(to));
    values.map(|to| not_offered(to, field, list)).collect()
}

fn picklist(conversion: &Conversion) -> Option<&Picklist> {
    match &conversion.form {
        Form::Picklist(list) | Form::MultiPicklist(list) => Some(list),
        _ => None,
    }
}

fn not_offered(value: &str, field: &TargetField, list: &Picklist) -> Finding {
    Finding::error(
        "not_in_picklist",
        format!(
            "\"{}\" isn't in the picklist {}",
            excerpt(value),
            field.name
        ),
        nearest(value, list.values(), "choose a value from the picklist"),
    )
}

fn constant(row: &MappingRow, field: &TargetField, conversion: &Conversion) -> Option<Finding> {
    let Source::Constant(text) = &row.source else {
        return None;
    };
    let raw = || Raw::Text(text.as_str().into());
    match conversion.convert(raw(), &jiff::tz::TimeZone::UTC) {
        Ok(None) => Some(Finding::error(
            "empty_constant",
            "the constant is empty",
            "enter a value, or clear the field",
        )),
        Err(problem) if problem.code == "not_in_picklist" => {
            picklist(conversion).map(|list| not_offered(text, field, list))
        }
        Err(Problem { code, what, .. }) => Some(Finding::error(
            code,
            format!("the constant doesn't fit {}: {what}", field.name),
            "correct the constant",
        )),
        Ok(Some(converted)) if converted.cut.is_some() => {
            let message = format!(
                "the constant is too long for {} and will be shortened",
                field.name
            );
            Some(Finding::warning(
                "too_long",
                message,
                "shorten the constant",
            ))
        }
        // Nobody wants to read a template's source in Salesforce.
        Ok(Some(_)) if opens_section(text) => Some(Finding::error(
            "constant_like_template",
            format!(
                "\"{}\" is a template in quotation marks and would be sent as text",
                excerpt(text)
            ),
            "remove the quotation marks to use it as a template, or remove {% and {{ to send it as text",
        )),
        Ok(Some(_)) => adds_value(text, field, conversion),
    }
}

/// An unrestricted picklist takes anything, but a value that it does not offer is rarely meant.
fn adds_value(text: &str, field: &TargetField, conversion: &Conversion) -> Option<Finding> {
    let list = picklist(conversion).filter(|list| !list.is_empty())?;
    let new = list
        .split(text, |part| part)
        .into_iter()
        .find(|part| list.find(part).is_none())?;
    let message = format!(
        "\"{}\" isn't in the picklist {} and would be added to the record",
        excerpt(new),
        field.name
    );
    Some(Finding::warning(
        "not_in_picklist",
        message,
        nearest(new, list.values(), "choose one of its values"),
    ))
}
