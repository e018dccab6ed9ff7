//! Looks at the values of a contact side by side: the org takes some only beside others.

use super::Purpose;
use super::compiling::CompiledRow;
use super::converting::{Form, quote};
use super::dependence::{Controlling, Dependence};
use super::mapped::Outcome;
use super::problems::Problem;
use super::reading::Facts;

/// Holds the values of a contact that depend on others against these.
pub(super) fn side_by_side<'a>(
    mut outcomes: Vec<(&'a CompiledRow, Outcome)>,
    facts: Facts<'_>,
    purpose: Purpose,
) -> Vec<(&'a CompiledRow, Outcome)> {
    for at in 0..outcomes.len() {
        let (row, outcome) = &outcomes[at];
        let (Some(dependence), Ok(Some(converted))) = (&row.dependence, outcome) else {
            continue;
        };
        let controlling = controlling(dependence, &outcomes);
        let said = row.said(facts).unwrap_or_default();
        let token = beside(
            row,
            dependence,
            &plain(&converted.json),
            &said,
            &controlling,
            purpose,
        );
        match (token, &mut outcomes[at].1) {
            (Ok(json), Ok(Some(converted))) => converted.json = json,
            (Ok(_), _) => {}
            (Err(problem), outcome) => *outcome = Err(problem),
        }
    }
    outcomes
}

/// Holds a value against the one that it depends on; returns the token to send.
fn beside(
    row: &CompiledRow,
    dependence: &Dependence,
    text: &str,
    said: &str,
    controlling: &Controlling,
    purpose: Purpose,
) -> Result<String, Problem> {
    let is_new = purpose == Purpose::Create;
    let judged = if matches!(row.conversion.form, Form::MultiPicklist(_)) {
        let parts = text.split(';');
        let judged = parts.map(|part| dependence.judge(part, part, controlling, is_new));
        judged
            .collect::<Result<Vec<_>, _>>()
            .map(|parts| parts.join(";"))
    } else {
        let judged = dependence.judge(text, said, controlling, is_new);
        judged.map(str::to_owned)
    };
    judged
        .map(|value| quote(&value))
        .map_err(|problem| Problem {
            token: Some(quote(text)),
            value: Some(text.to_owned()),
            ..problem
        })
}

/// Returns what the field gets that a value depends on.
fn controlling(dependence: &Dependence, outcomes: &[(&CompiledRow, Outcome)]) -> Controlling {
    let mut found = Controlling::Unmapped;
    for name in &dependence.controllers {
        let outcome = outcomes.iter().find(|(row, _)| *row.target == **name);
        match outcome.map(|(row, outcome)| (row.clears, outcome)) {
            Some((_, Ok(Some(converted)))) => return Controlling::Value(plain(&converted.json)),
            Some((_, Err(_))) => found = Controlling::LeftOut,
            Some((clears, Ok(None))) if found == Controlling::Unmapped => {
                found = match clears {
                    true => Controlling::Emptied,
                    false => Controlling::Unset,
                };
            }
            Some((_, Ok(None))) | None => {}
        }
    }
    found
}

/// Returns a JSON token as the text that it stands for.
fn plain(json: &str) -> String {
    serde_json::from_str::<String>(json).unwrap_or_else(|_| json.to_owned())
}
