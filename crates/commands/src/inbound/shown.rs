//! What comes into contacts, and what could.

use leadferry_replication::inbound::{Inbound, InboundRow, InboundTo};
use leadferry_replication::mapping::{Finding, fits};
use leadferry_replication::pull::inbound_of;
use leadferry_replication::setup::target_object;
use leadferry_replication::targets::{TargetField, TargetObject, TargetType};
use leadferry_store::{
    Channel, ContactField, CustomField, FieldKind, Pull, PullObject, Purpose, Reader,
};
use serde::Serialize;

use super::{InboundRule, findings, people, place_label};
use crate::pulls::PullFilter;
use crate::{Result, Workspace};

/// Opt-outs of the org, which always come in.
const OPT_OUTS: [(&str, ContactField); 3] = [
    ("HasOptedOutOfEmail", ContactField::EmailOptOut),
    ("DoNotCall", ContactField::PhoneOptOut),
    ("HasOptedOutOfFax", ContactField::FaxOptOut),
];

/// A row of an inbound mapping.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ts_rs::TS)]
pub struct InboundLine {
    /// API name of the record's field.
    pub field: String,
    /// Its label, where it is known.
    pub label: String,
    /// Where it goes, as the text form says it.
    pub to: String,
    /// The same as people read it.
    pub to_label: String,
    /// When.
    pub rule: InboundRule,
    /// Only a no comes in, whatever the rule.
    pub no_only: bool,
}

/// A field of the record that can come in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ts_rs::TS)]
pub struct InboundField {
    /// API name.
    pub name: String,
    /// Label.
    pub label: String,
    /// Type, as people know it from the set-up pages.
    #[serde(rename = "type")]
    pub kind: String,
    /// Where it can go, as the text form says it.
    pub fits: Vec<String>,
}

/// Where a value can go.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ts_rs::TS)]
pub struct InboundPlace {
    /// As the text form says it.
    pub name: String,
    /// As people read it.
    pub label: String,
}

/// The inbound mapping of one object.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ts_rs::TS)]
pub struct InboundObject {
    /// Lead or Contact.
    pub object: String,
    /// Nobody has changed the rows.
    pub usual: bool,
    /// Its rows.
    pub rows: Vec<InboundLine>,
    /// The rows as text.
    pub text: String,
    /// Fields whose opt-outs always come in.
    pub opt_outs: Vec<InboundLine>,
    /// What was found about it; a line is the number of a row.
    pub findings: Vec<Finding>,
    /// The record's fields that can come in.
    pub fields: Vec<InboundField>,
    /// Which records become contacts where they are nobody here; none where none do.
    pub newcomers: Option<PullFilter>,
}

/// What a pull brings into contacts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ts_rs::TS)]
pub struct InboundMapping {
    /// The pull.
    pub pull: String,
    /// The connection that it reads from.
    pub connection: String,
    /// Lead and Contact, as far as the pull reads them.
    pub objects: Vec<InboundObject>,
    /// Where values can go.
    pub places: Vec<InboundPlace>,
}

/// Returns what a pull brings into contacts.
///
/// # Errors
/// When there is no such pull.
pub fn show(workspace: &Workspace, pull: &str) -> Result<InboundMapping> {
    workspace.store().read(|reader| {
        let pull = reader.pull_named(pull)?;
        let places = places(&reader.custom_fields()?, &reader.purposes()?);
        let objects = people(&pull)
            .map(|object| shown(reader, &pull, object, &places))
            .collect::<Result<Vec<_>>>()?;
        Ok(InboundMapping {
            connection: reader.connection(pull.connection)?.name,
            pull: pull.name.clone(),
            objects,
            places: places.into_iter().map(|(place, _)| place).collect(),
        })
    })
}

fn shown(
    reader: &Reader<'_>,
    pull: &Pull,
    object: &PullObject,
    places: &[(InboundPlace, FieldKind)],
) -> Result<InboundObject> {
    let target = target_object(reader, Some(pull.connection), &object.object)?;
    let kept = reader.pull_inbound(pull.id, &object.object)?;
    let newcomers = kept.newcomers.as_deref();
    let inbound: Inbound = inbound_of(reader, pull.id, object, &target)?;
    let opt_outs = OPT_OUTS
        .iter()
        .filter(|(name, _)| target.field(name).is_some());
    Ok(InboundObject {
        object: object.object.clone(),
        usual: kept.rows.is_none(),
        newcomers: newcomers.and_then(|json| serde_json::from_str(json).ok()),
        rows: inbound.rows.iter().map(|row| line(row, &target)).collect(),
        text: inbound.text(),
        opt_outs: opt_outs
            .map(|(name, field)| {
                let row = InboundRow {
                    field: (*name).to_owned(),
                    to: InboundTo::Field(field.to_string()),
                    rule: InboundRule::default(),
                };
                line(&row, &target)
            })
            .collect(),
        findings: findings(reader, pull, object, &inbound)?,
        fields: target
            .fields
            .iter()
            .filter_map(|f| field(f, places))
            .collect(),
    })
}

fn line(row: &InboundRow, target: &TargetObject) -> InboundLine {
    let mut fields = target.fields.iter();
    let field = fields.find(|field| field.name.eq_ignore_ascii_case(&row.field));
    InboundLine {
        label: field.map_or_else(|| row.field.clone(), |field| field.label.clone()),
        field: row.field.clone(),
        to: row.to.to_string(),
        to_label: place_label(&row.to),
        rule: row.rule,
        no_only: matches!(row.to, InboundTo::Consent { .. })
            || OPT_OUTS
                .iter()
                .any(|(name, _)| name.eq_ignore_ascii_case(&row.field)),
    }
}

/// Returns a field that can come in somewhere.
fn field(field: &TargetField, places: &[(InboundPlace, FieldKind)]) -> Option<InboundField> {
    if matches!(field.kind, TargetType::Other(_) | TargetType::Id) {
        return None;
    }
    let fitting = places.iter().filter(|(_, kind)| fits(*kind, &field.kind));
    let fitting: Vec<String> = fitting.map(|(place, _)| place.name.clone()).collect();
    (!fitting.is_empty()).then(|| InboundField {
        name: field.name.clone(),
        label: field.label.clone(),
        kind: field.kind.name().to_owned(),
        fits: fitting,
    })
}

/// Returns where values can go. Opt-outs come in by themselves.
fn places(custom: &[CustomField], purposes: &[Purpose]) -> Vec<(InboundPlace, FieldKind)> {
    let place = |name: String, to: InboundTo, kind| {
        let label = place_label(&to);
        (InboundPlace { name, label }, kind)
    };
    let built_in = ContactField::BUILT_IN.iter().filter(|field| {
        field.is_writable() && **field != ContactField::DoNotSend && Channel::of(**field).is_none()
    });
    let mut all: Vec<_> = built_in
        .filter_map(|field| {
            let name = field.built_in_name()?.to_owned();
            Some(place(
                name.clone(),
                InboundTo::Field(name),
                field.built_in_kind()?,
            ))
        })
        .collect();
    all.push(place(
        InboundTo::Street.to_string(),
        InboundTo::Street,
        FieldKind::Text,
    ));
    all.extend(custom.iter().map(|field| {
        let name = format!("custom:{}", field.name);
        place(name.clone(), InboundTo::Field(name), field.kind)
    }));
    for purpose in purposes {
        for refused in [false, true] {
            let path = purpose.path.clone();
            let to = InboundTo::Consent { path, refused };
            all.push(place(to.to_string(), to, FieldKind::YesNo));
        }
    }
    all
}
