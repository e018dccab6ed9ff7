//! Holds an inbound mapping against the fields on both sides, and prepares it.

use std::collections::BTreeMap;

use leadferry_store::{Channel, ContactField, FieldKind, LONGEST_LINE, PurposeId};

use super::usual::{CONTACT, LEAD, OPT_OUTS};
use super::{Inbound, InboundRow, InboundRule, InboundTo};
use crate::mapping::{
    Finding, Mapping, Names, Severity, Source, Target, did_you_mean, fits, nearest_target,
};
use crate::targets::{TargetField, TargetObject, TargetType};

/// An inbound mapping whose names are resolved.
#[derive(Debug)]
pub(crate) struct Compiled {
    pub(crate) rows: Vec<CompiledRow>,
}

/// A row whose names are resolved.
#[derive(Debug)]
pub(crate) struct CompiledRow {
    /// API name as the org spells it.
    pub(crate) field: String,
    pub(crate) to: Place,
    pub(crate) rule: InboundRule,
}

/// Where a value goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Place {
    Field(ContactField, FieldKind),
    Street,
    /// Only a no comes in.
    OptOut(Channel),
    /// Only a no comes in; a ticked box says it where the second part does.
    Consent(PurposeId, bool),
}

impl Place {
    /// Returns the contact fields that it fills.
    pub(crate) fn fields(self) -> Vec<ContactField> {
        match self {
            Self::Field(field, _) => vec![field],
            Self::Street => vec![ContactField::AddressLine1, ContactField::AddressLine2],
            Self::OptOut(channel) => vec![channel.field()],
            Self::Consent(..) => Vec::new(),
        }
    }

    /// Tells whether only a no comes in, whatever the rule.
    pub(crate) fn takes_no_only(self) -> bool {
        matches!(self, Self::OptOut(_) | Self::Consent(..))
    }
}

/// Returns the rows that an object begins with: the usual ones, as far as the org is known to have their fields.
pub fn default_rows(target: &TargetObject) -> Inbound {
    let text = match target.name.as_str() {
        "Lead" => LEAD,
        "Contact" => CONTACT,
        _ => "",
    };
    let mut inbound = Inbound::parse(text).unwrap_or_default();
    if target.described {
        inbound
            .rows
            .retain(|row| target.field(&row.field).is_some());
    }
    inbound
}

/// Checks an inbound mapping. Findings without a line are about the rows' order: the line is the row's number.
pub fn check(inbound: &Inbound, names: &Names<'_>, target: &TargetObject) -> Vec<Finding> {
    let mut findings = Vec::new();
    let mut seen_fields: BTreeMap<String, usize> = BTreeMap::new();
    let mut seen_places: BTreeMap<InboundTo, usize> = BTreeMap::new();
    for (at, row) in inbound.rows.iter().enumerate() {
        let line = at + 1;
        findings.extend(
            check_row(row, names, target)
                .into_iter()
                .map(|one| one.at(line)),
        );
        if seen_fields
            .insert(row.field.to_ascii_lowercase(), line)
            .is_some()
        {
            findings.push(twice(&row.field).at(line));
        }
        if seen_places.insert(row.to.clone(), line).is_some() {
            findings.push(twice(&row.to.said()).at(line));
        }
    }
    findings
}

fn twice(name: &str) -> Finding {
    Finding::error(
        "twice",
        format!("{name} is in two rows"),
        "keep only one of them",
    )
}

/// Warns about fields that a replication sends from somewhere else than where they come into: a value that came in would not
/// go out again as the same.
pub fn sent_from_elsewhere(inbound: &Inbound, mapping: &Mapping) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (at, row) in inbound.rows.iter().enumerate() {
        let sent = mapping.rows.iter().find(|sent| match &sent.target {
            Target::Field(name) => name.eq_ignore_ascii_case(&row.field),
            Target::Parent { .. } => false,
        });
        let Some(sent) = sent.filter(|sent| !is_same_place(&sent.source, &row.to)) else {
            continue;
        };
        let Source::Field(from) = &sent.source else {
            continue;
        };
        findings.push(
            Finding::warning(
                "other_source",
                format!(
                    "{} is sent from {from}, but comes into {}",
                    row.field,
                    row.to.said()
                ),
                "use the same contact field both ways",
            )
            .at(at + 1),
        );
    }
    findings
}

fn is_same_place(source: &Source, to: &InboundTo) -> bool {
    match (source, to) {
        (Source::Field(name), InboundTo::Field(to)) => name == to,
        (Source::Street, InboundTo::Street) => true,
        _ => false,
    }
}

fn check_row(row: &InboundRow, names: &Names<'_>, target: &TargetObject) -> Vec<Finding> {
    let mut findings = Vec::new();
    let field = find(target, &row.field);
    if field.is_none() && target.described {
        findings.push(unknown_field(&row.field, target));
    }
    let place = match place(row, names) {
        Ok(place) => place,
        Err(finding) => {
            findings.push(finding);
            return findings;
        }
    };
    if let Some(field) = field {
        findings.extend(check_types(row, field, place));
    }
    findings
}

fn check_types(row: &InboundRow, field: &TargetField, place: Place) -> Option<Finding> {
    let kind = match place {
        Place::Field(_, kind) => kind,
        Place::Street => FieldKind::Text,
        Place::OptOut(_) | Place::Consent(..) => FieldKind::YesNo,
    };
    if matches!(field.kind, TargetType::Other(_) | TargetType::Id) || !fits(kind, &field.kind) {
        let message = format!(
            "{} ({}) can't come into {}, which holds {}",
            row.field,
            field.kind.name(),
            row.to.said(),
            in_words(kind)
        );
        return Some(Finding::error(
            "type",
            message,
            "choose a contact field of a fitting type",
        ));
    }
    let longest = u32::try_from(LONGEST_LINE).unwrap_or(u32::MAX);
    let may_be_longer = kind == FieldKind::Text && field.length.is_some_and(|most| most > longest);
    (may_be_longer && place != Place::Street).then(|| {
        Finding::warning(
            "may_be_longer",
            format!(
                "values of {} can be longer than {} holds",
                row.field,
                row.to.said()
            ),
            format!("values of more than {LONGEST_LINE} characters are left out"),
        )
    })
}

fn in_words(kind: FieldKind) -> &'static str {
    match kind {
        FieldKind::Text | FieldKind::LongText => "text",
        FieldKind::YesNo => "yes or no",
        FieldKind::Date | FieldKind::DateTime => "a date",
        _ => "a number",
    }
}

fn unknown_field(name: &str, target: &TargetObject) -> Finding {
    Finding::error(
        "unknown_field",
        format!("{} has no field {name}", target.name),
        did_you_mean(
            nearest_target(name, target),
            "check the name, and that this user can see the field",
        ),
    )
}

fn find<'t>(target: &'t TargetObject, name: &str) -> Option<&'t TargetField> {
    let mut fields = target.fields.iter();
    fields.find(|field| field.name.eq_ignore_ascii_case(name))
}

fn place(row: &InboundRow, names: &Names<'_>) -> Result<Place, Finding> {
    let name = match &row.to {
        InboundTo::Field(name) => name,
        InboundTo::Street => return Ok(Place::Street),
        InboundTo::Consent { path, refused } => {
            return Ok(Place::Consent(names.purpose(path)?, *refused));
        }
    };
    let (field, kind) = names.field(name)?;
    if !field.is_writable() || field == ContactField::DoNotSend {
        return Err(Finding::error(
            "not_writable",
            format!("{name} can't be set from Salesforce"),
            "choose another contact field",
        ));
    }
    Ok(match Channel::of(field) {
        Some(channel) => Place::OptOut(channel),
        None => Place::Field(field, kind),
    })
}

/// Prepares an inbound mapping. The opt-outs that the org has a field for always come in.
///
/// # Errors
/// All findings, where any of them is an error.
pub(crate) fn compile(
    inbound: &Inbound,
    names: &Names<'_>,
    target: &TargetObject,
) -> Result<Compiled, Vec<Finding>> {
    let findings = check(inbound, names, target);
    if findings.iter().any(|one| one.severity == Severity::Error) {
        return Err(findings);
    }
    let mut rows = Vec::new();
    for row in &inbound.rows {
        let (Some(field), Ok(place)) = (find(target, &row.field), place(row, names)) else {
            continue;
        };
        rows.push(CompiledRow {
            field: field.name.clone(),
            to: place,
            rule: row.rule,
        });
    }
    for (name, channel) in OPT_OUTS {
        let is_there = find(target, name).is_some_and(|field| field.kind == TargetType::Checkbox);
        let is_named = rows.iter().any(|row| row.field == name);
        if is_there && !is_named {
            rows.push(CompiledRow {
                field: name.to_owned(),
                to: Place::OptOut(channel),
                rule: InboundRule::default(),
            });
        }
    }
    Ok(Compiled { rows })
}

#[cfg(test)]
mod tests {
    use super::*;

    const NAMES: Names<'static> = Names {
        custom: &[],
        scores: &[],
        segments: &[],
        purposes: &[],
        salesforce: &[],
    };

    fn lead() -> TargetObject {
        let mut target = TargetObject::built_in("Lead").unwrap();
        target.described = true;
        target
    }

    fn codes(text: &str) -> Vec<&'static str> {
        let findings = check(&Inbound::parse(text).unwrap(), &NAMES, &lead());
        findings.iter().map(|one| one.code).collect()
    }

    #[test]
    fn what_does_not_fit_is_found_before_anything_is_read() {
        assert_eq!(codes("Phone=business_phone\nStreet=@street"), [""; 0]);
        assert_eq!(codes("Fone=business_phone"), ["unknown_field"]);
        assert_eq!(codes("Phone=birthday"), ["type"]);
        assert_eq!(codes("NumberOfEmployees=job_title"), ["type"]);
        assert_eq!(codes("Phone=do_not_send"), ["not_writable"]);
        assert_eq!(codes("Phone=changed_at"), ["not_writable"]);
        assert_eq!(codes("Phone=business_phone\nphone=mobile_phone"), ["twice"]);
        assert_eq!(codes("Phone=fax\nFax=fax"), ["twice"]);
        assert_eq!(codes("Phone=fone").len(), 1);
        assert_eq!(codes("Phone=@consent:News"), ["unknown_purpose"]);
    }

    #[test]
    fn the_usual_rows_fit_both_objects() {
        for object in ["Lead", "Contact"] {
            let mut target = TargetObject::built_in(object).unwrap();
            target.described = true;
            let inbound = default_rows(&target);
            assert!(inbound.rows.len() > 12, "{object}");
            let findings = check(&inbound, &NAMES, &target);
            let errors = findings
                .iter()
                .filter(|one| one.severity == Severity::Error);
            assert_eq!(errors.count(), 0, "{object}: {findings:?}");
        }
    }

    #[test]
    fn opt_outs_come_in_without_a_row() {
        let inbound = Inbound::parse("Phone=business_phone").unwrap();
        let rows = compile(&inbound, &NAMES, &lead()).unwrap().rows;
        let opt_outs = rows.iter().filter(|row| matches!(row.to, Place::OptOut(_)));
        let has = |name: &str| lead().field(name).is_some();
        let expected = OPT_OUTS.iter().filter(|(name, _)| has(name)).count();
        assert_eq!(opt_outs.count(), expected);
    }

    #[test]
    fn a_field_that_is_sent_from_elsewhere_is_warned_about() {
        let inbound =
            Inbound::parse("Email=email_2\nStreet=@street\nPhone=business_phone").unwrap();
        let mapping =
            Mapping::parse("email=Email\n@street=Street\nbusiness_phone=Phone\n").unwrap();
        let findings = sent_from_elsewhere(&inbound, &mapping);
        assert_eq!(findings.len(), 1);
        assert_eq!(
            (findings[0].line, findings[0].code),
            (Some(1), "other_source")
        );
    }
}
