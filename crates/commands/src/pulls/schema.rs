//! *Generate schema*: what the mirror needs for a pull, shown first and applied on request.

use std::collections::BTreeMap;

use leadferry_replication::pulling::Chosen;
use leadferry_replication::{apply_schema, mirrored_fields};
use leadferry_salesforce::Describe;
use leadferry_store::{Mirror, MirrorKind, Reader, SchemaStep};
use serde::{Deserialize, Serialize};

use crate::orgs::{self, Ask, refresh_describe};
use crate::{Error, Result, Workspace, sentence};

/// Which schema to show or to make.
#[derive(Debug, Clone, Default, Deserialize, ts_rs::TS)]
#[ts(optional_fields)]
pub struct SchemaRequest {
    /// The pull.
    pub pull: String,
    /// Makes what is shown. Without it nothing is changed.
    #[serde(default)]
    #[ts(as = "Option<bool>")]
    pub apply: bool,
    /// Only these objects; all without.
    pub objects: Option<Vec<String>>,
}

/// What the mirror of an object holds, and what is still to be done.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ts_rs::TS)]
pub struct ObjectSchema {
    /// API name.
    pub object: String,
    /// Label of one record.
    pub label: String,
    /// The steps, to be done or done; none where everything is in place.
    pub steps: Vec<SchemaStep>,
    /// Whether the steps are done.
    pub applied: bool,
    /// Fields with what they hold, in the order of the mirror.
    pub fields: Vec<SchemaField>,
    /// How each record is known for good.
    pub identity: String,
    /// Reference fields with the objects that they point to.
    pub relations: BTreeMap<String, Vec<String>>,
    /// Fields that were chosen and that Salesforce doesn't show.
    pub unknown: Vec<String>,
    /// Why the object can't be mirrored.
    pub error: Option<String>,
}

/// A field of a mirrored object.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ts_rs::TS)]
pub struct SchemaField {
    /// API name.
    pub name: String,
    /// Label.
    pub label: String,
    /// What it holds.
    pub kind: MirrorKind,
    /// The org's own word for its type.
    #[serde(rename = "type")]
    pub org_type: String,
    /// It is the second identity of a person.
    pub second_identity: bool,
}

/// The schema of a pull.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ts_rs::TS)]
pub struct PullSchema {
    /// The pull.
    pub pull: String,
    /// The org's id, which is part of every record's identity.
    pub org_id: String,
    /// What was asked for, object by object.
    pub objects: Vec<ObjectSchema>,
    /// API calls that this took.
    pub calls: u64,
}

/// Reads the descriptions of a pull's objects and shows, or makes, what their mirror needs. A second time finds nothing to do.
///
/// # Errors
/// When there is no such pull, or the org doesn't answer. What the org refuses of one object is noted there.
pub async fn schema(workspace: &Workspace, request: &SchemaRequest) -> Result<PullSchema> {
    let store = workspace.store();
    let pull = store.read(|reader| reader.pull_named(&request.pull))?;
    let org = orgs::org(workspace, pull.connection).await?;
    let before = org.client.traffic().calls;
    let mut described = Vec::new();
    let is_wanted = |object: &str| match &request.objects {
        Some(names) => names.iter().any(|name| name.eq_ignore_ascii_case(object)),
        None => true,
    };
    for object in pull.objects.iter().filter(|o| is_wanted(&o.object)) {
        let asked = refresh_describe(
            workspace,
            pull.connection,
            &org.client,
            &object.object,
            Ask::IfChanged,
        );
        let error = match asked.await {
            Ok(_) => None,
            Err(error) if is_about_the_object(&error) => Some(error),
            Err(error) => return Err(error),
        };
        described.push((object, error));
    }
    orgs::keep_allowance(workspace, pull.connection, &org.client)?;
    let now = workspace.host().now();
    // One transaction: either all of it is there, or nothing.
    let objects = store.write(|writer| {
        let mut objects = Vec::new();
        for (object, error) in &described {
            if let Some(error) = error {
                objects.push(refused(&object.object, error));
                continue;
            }
            let kept = writer.describe(pull.connection, &object.object)?;
            let describe = Describe::parse(&kept.map(|kept| kept.body).unwrap_or_default())?;
            let chosen = mirrored_fields(writer, pull.id, object, &describe)?;
            let steps = match request.apply {
                true => apply_schema(writer, pull.id, &org.org_id, &chosen.plan, now)?,
                false => writer.mirror_steps(&org.org_id, &chosen.plan)?,
            };
            objects.push(shown(writer, &org.org_id, chosen, steps, request.apply)?);
        }
        Ok::<_, Error>(objects)
    })?;
    Ok(PullSchema {
        pull: pull.name,
        org_id: org.org_id.clone(),
        objects,
        calls: org.client.traffic().calls.saturating_sub(before),
    })
}

pub(super) fn is_about_the_object(error: &Error) -> bool {
    matches!(
        error.code,
        crate::Code::Rights | crate::Code::SetUp | crate::Code::Usage
    )
}

fn refused(object: &str, error: &Error) -> ObjectSchema {
    ObjectSchema {
        object: object.to_owned(),
        label: object.to_owned(),
        steps: Vec::new(),
        applied: false,
        fields: Vec::new(),
        identity: String::new(),
        relations: BTreeMap::new(),
        unknown: Vec::new(),
        error: Some(match error.cause.is_empty() {
            true => sentence(&error.message),
            false => format!("{} {}", sentence(&error.message), sentence(&error.cause)),
        }),
    }
}

fn shown(
    reader: &Reader<'_>,
    org_id: &str,
    chosen: Chosen,
    steps: Vec<SchemaStep>,
    applied: bool,
) -> Result<ObjectSchema> {
    let plan = chosen.plan;
    let mirror: Option<Mirror> = reader.mirror_of(org_id, &plan.object)?;
    let is_person = matches!(plan.object.as_str(), "Lead" | "Contact");
    let relations = plan
        .fields
        .iter()
        .filter(|field| !field.reference_to.is_empty())
        .map(|field| (field.name.clone(), field.reference_to.clone()));
    let relations = relations.collect();
    let gone = mirror.iter().flat_map(|mirror| &mirror.fields);
    let gone = gone.filter(|field| field.gone_at.is_some());
    let mut fields: Vec<SchemaField> = plan
        .fields
        .iter()
        .map(|field| SchemaField {
            name: field.name.clone(),
            label: field.label.clone(),
            kind: field.kind,
            org_type: field.org_type.clone(),
            second_identity: is_person && field.name == "Email",
        })
        .collect();
    fields.extend(gone.map(|field| SchemaField {
        name: field.name.clone(),
        label: field.label.clone(),
        kind: field.kind,
        org_type: "no longer in Salesforce".to_owned(),
        second_identity: false,
    }));
    Ok(ObjectSchema {
        identity: format!("<Id>@{org_id}.Salesforce"),
        object: plan.object,
        label: plan.label,
        steps,
        applied,
        fields,
        relations,
        unknown: chosen.unknown,
        error: None,
    })
}
