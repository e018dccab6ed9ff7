//! What a mapping does that its rows don't say in so many words.

use super::checking::target_field;
use super::escaping::section_at;
use super::findings::excerpt;
use super::{Finding, Mapping, MappingRow, Severity, Source};
use crate::Settings;
use crate::targets::TargetObject;

/// Returns what there is to know about the rows of a usable mapping; lines are counted as in its own text form.
pub fn notes(mapping: &Mapping, object: &TargetObject, settings: &Settings) -> Vec<Finding> {
    let rows = mapping.rows.iter().enumerate();
    let noted = rows.filter_map(|(at, row)| {
        let (field, _) = target_field(&row.target, object, settings).ok()?;
        let finding = fills_only(row, &field.label, settings)?;
        Some(finding.at(at + 1))
    });
    noted.collect()
}

/// Says where a value is only sent to records that have none.
fn fills_only(row: &MappingRow, label: &str, settings: &Settings) -> Option<Finding> {
    let what = match &row.source {
        _ if row.overwrite != row.source.usual_overwrite() => return None,
        Source::Constant(text) => format!("\"{}\"", excerpt(text)),
        Source::Description => "the generated description".to_owned(),
        Source::CompanyName => format!("\"{}\"", settings.default_company.as_deref()?),
        Source::Template(text) if says_something_alone(text) => {
            "the template's own text, for contacts without a value in it,".to_owned()
        }
        _ => return None,
    };
    Some(Finding {
        line: None,
        severity: Severity::Note,
        code: "fills_empty_fields",
        message: format!(
            "{what} is sent to new records, and to existing ones only if {label} is empty"
        ),
        cure: "to overwrite existing values, add the rule always".to_owned(),
    })
}

/// Tells whether a template may leave text where a contact has none of its values.
fn says_something_alone(text: &str) -> bool {
    let chars: Vec<char> = text.chars().collect();
    let mut at = 0;
    while let Some(char) = chars.get(at) {
        match section_at(at, |at| chars.get(at).copied()) {
            Some(end) => {
                let inside: String = chars[at..end].iter().collect();
                if inside.contains(['"', '\'']) {
                    return true;
                }
                at = end;
            }
            None if char.is_whitespace() => at += 1,
            None => return true,
        }
    }
    false
}
