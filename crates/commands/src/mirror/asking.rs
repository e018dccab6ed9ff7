//! What segments, filters, mappings, templates and exports can ask of the mirror, with the org's own labels.

use std::collections::BTreeSet;

use leadferry_store::{AskedRecord, MirrorField, MirrorKind, MirrorQuery, MirrorState, Reader};
use serde::Serialize;

use crate::{Result, Workspace};

/// Campaigns that a list of names offers.
const MOST_CAMPAIGNS: usize = 500;

/// A field of Salesforce's data that can be asked for by name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ts_rs::TS)]
pub struct AskableField {
    /// The name, such as `Salesforce.Account.Industry`; of an opportunity its API name.
    pub name: String,
    /// The org's label.
    pub label: String,
    /// Whose field it is, such as `Account in Salesforce`.
    pub group: &'static str,
    /// What it holds, in the words of contact fields.
    pub kind: &'static str,
}

/// What can be asked of the mirror.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ts_rs::TS)]
pub struct Askable {
    /// Fields of the linked record, its account and its owner.
    pub fields: Vec<AskableField>,
    /// Opportunities have been pulled.
    pub opportunities: bool,
    /// Their fields.
    pub opportunity_fields: Vec<AskableField>,
    /// Campaign members have been pulled.
    pub campaigns: bool,
    /// Names of the campaigns.
    pub campaign_names: Vec<String>,
}

/// Returns what can be asked of the mirror; nothing before the first pull.
///
/// # Errors
/// When the workspace can't be read.
pub fn askable(workspace: &Workspace) -> Result<Askable> {
    workspace.store().read(|reader| {
        let mirrors = reader.mirrors()?;
        let has = |object: &str| {
            mirrors
                .iter()
                .any(|one| one.object.eq_ignore_ascii_case(object))
        };
        Ok(Askable {
            fields: fields(reader)?,
            opportunities: has("Opportunity"),
            opportunity_fields: opportunity_fields(reader)?,
            campaigns: has("CampaignMember"),
            campaign_names: campaign_names(reader)?,
        })
    })
}

/// Returns the fields by name, with their labels. A field that only one of the two objects has isn't offered for that object
/// once more.
fn fields(reader: &Reader<'_>) -> Result<Vec<AskableField>> {
    let asked = reader.asked_fields()?;
    let of = |record: AskedRecord| -> BTreeSet<String> {
        let fields = asked.iter().filter(|(one, _)| one.record == record);
        fields.map(|(one, _)| one.field.to_lowercase()).collect()
    };
    let (leads, contacts) = (of(AskedRecord::Lead), of(AskedRecord::Contact));
    let is_offered = |record: AskedRecord, field: &str| {
        let field = field.to_lowercase();
        let is_own = matches!(record, AskedRecord::Lead | AskedRecord::Contact);
        !is_own || (leads.contains(&field) && contacts.contains(&field))
    };
    let fields = asked
        .iter()
        .filter(|(one, _)| is_offered(one.record, &one.field));
    Ok(fields
        .map(|(one, field)| AskableField {
            name: one.name(),
            label: field.label.clone(),
            group: group(one.record),
            kind: kind(field),
        })
        .collect())
}

fn group(record: AskedRecord) -> &'static str {
    match record {
        AskedRecord::Linked => "Salesforce record",
        AskedRecord::Lead => "Lead in Salesforce",
        AskedRecord::Contact => "Contact in Salesforce",
        AskedRecord::Account => "Account in Salesforce",
        AskedRecord::Owner => "Owner in Salesforce",
    }
}

fn kind(field: &MirrorField) -> &'static str {
    match field.kind {
        MirrorKind::Text => "text",
        MirrorKind::Number => "float",
        MirrorKind::Whole => "long_integer",
        MirrorKind::YesNo => "yes_no",
        MirrorKind::Date => "date",
        MirrorKind::DateTime => "date_time",
    }
}

fn opportunity_fields(reader: &Reader<'_>) -> Result<Vec<AskableField>> {
    let mut seen = BTreeSet::new();
    let mut found = Vec::new();
    for mirror in reader.mirrors()? {
        if !mirror.object.eq_ignore_ascii_case("Opportunity") {
            continue;
        }
        for field in &mirror.fields {
            if seen.insert(field.name.to_lowercase()) {
                found.push(AskableField {
                    name: field.name.clone(),
                    label: field.label.clone(),
                    group: "Opportunity",
                    kind: kind(field),
                });
            }
        }
    }
    found.sort_by_cached_key(|field| field.label.to_lowercase());
    Ok(found)
}

fn campaign_names(reader: &Reader<'_>) -> Result<Vec<String>> {
    let mut names = BTreeSet::new();
    for mirror in reader.mirrors()? {
        let name = mirror.field("Name");
        let (true, Some(name)) = (mirror.object.eq_ignore_ascii_case("Campaign"), name) else {
            continue;
        };
        let query = MirrorQuery {
            state: Some(MirrorState::Live),
            limit: MOST_CAMPAIGNS,
            ..MirrorQuery::default()
        };
        for row in reader.mirrored(&mirror, &[name], &query)?.rows {
            if let Some(Some(leadferry_store::MirrorValue::Text(name))) = row.values.first() {
                names.insert(name.clone());
            }
        }
    }
    Ok(names.into_iter().take(MOST_CAMPAIGNS).collect())
}
