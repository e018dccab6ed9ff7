//! Making an org ready for a replication: the identifier field, and the right to see it.

use leadferry_replication::mapping::{Mapping, Source, Target};
use leadferry_replication::settings::is_custom_field_name;
use leadferry_replication::{Org, Settings};
use leadferry_salesforce::{Created, CustomField, CustomFieldKind, Id};
use leadferry_store::Replication;
use serde::Serialize;

use crate::orgs::{self, Ask, refresh_describe};
use crate::replications::{activations, no_connection};
use crate::{Code, Error, Result, Workspace, mappings, quoted, sentence};

const PERMISSION_SET: &str = "Leadferry";

/// Room for the values of a preference, one behind the other.
const PREFERENCE_LENGTH: u32 = 255;

/// Text that can be filtered on in Salesforce, with room for both words.
const STATUS_LENGTH: u32 = 40;

/// Returns what a field is called in the org's pages.
fn label(name: &str) -> String {
    let label = name.trim_end_matches("__c").replace('_', " ");
    label.trim().to_owned()
}

/// What preparing an org came to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ts_rs::TS)]
pub struct Prepared {
    /// The replication.
    pub replication: String,
    /// Its target object.
    pub object: String,
    /// The identifier field.
    pub identifier: String,
    /// The fields of activated segments.
    pub segment_fields: Vec<String>,
    /// Whether records can be created now.
    pub ready: bool,
    /// What was found and done, in order.
    pub steps: Vec<PrepareStep>,
}

/// One thing that was found or done.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ts_rs::TS)]
pub struct PrepareStep {
    /// What.
    pub text: String,
    /// What kind of thing.
    pub kind: StepKind,
}

/// What a step of preparing is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ts_rs::TS)]
#[serde(rename_all = "snake_case")]
pub enum StepKind {
    /// It is there already.
    Found,
    /// It is not there.
    Missing,
    /// The org was changed.
    Done,
    /// Something to be done by whoever reads this.
    ToDo,
}

/// Checks the identifier field in the org and, unless `check_only`, makes it and lets the user see it; so too the fields of
/// active segments, and whatever the mapping writes to and the user can't see.
///
/// Whatever is there already is used as it is.
///
/// # Errors
/// When a field of that name cannot be an identifier, or the user may not set up the org.
pub async fn prepare_org(workspace: &Workspace, name: &str, check_only: bool) -> Result<Prepared> {
    prepare_org_with(workspace, name, check_only, &[]).await
}

/// Does the same, and gets access to these fields as well: those of a mapping that is to be saved.
///
/// # Errors
/// As [`prepare_org`], and when one of them is no name of a field.
pub async fn prepare_org_with(
    workspace: &Workspace,
    name: &str,
    check_only: bool,
    wanted: &[String],
) -> Result<Prepared> {
    check_names(wanted)?;
    if !check_only {
        workspace.store().check_writable()?;
    }
    let replication = workspace
        .store()
        .read(|reader| reader.replication_named(name))?;
    let Some(connection) = replication.connection else {
        return Err(no_connection(&replication));
    };
    let identifier = Settings::from_json(&replication.settings)?.identifier;
    let org = orgs::org(workspace, connection).await?;
    let mut preparing = Preparing {
        workspace,
        org,
        replication,
        identifier,
        wanted: wanted.to_vec(),
        segment_fields: Vec::new(),
        steps: Vec::new(),
    };
    let result = preparing.prepare(check_only).await;
    orgs::keep_allowance(workspace, connection, &preparing.org.client)?;
    let ready = result?;
    Ok(Prepared {
        replication: preparing.replication.name,
        object: preparing.replication.object,
        identifier: preparing.identifier,
        segment_fields: preparing.segment_fields,
        ready,
        steps: preparing.steps,
    })
}

/// A custom field that a consent sync writes to.
struct ConsentField {
    name: String,
    /// The purpose, preference or value.
    about: String,
    is_text: bool,
    /// The org does not show it to this user, if it has it.
    unseen: bool,
}

/// Returns the custom fields that a consent sync's mapping writes to.
fn consent_fields(body: &str, unseen: &[String]) -> Vec<ConsentField> {
    let rows = Mapping::parse(body).unwrap_or_default().rows.into_iter();
    let fields = rows.filter_map(|row| {
        let (about, is_text) = match row.source {
            Source::Consent { path, .. } => (path, false),
            Source::Preference(path) => (path, true),
            _ => return None,
        };
        let Target::Field(name) = row.target else {
            return None;
        };
        is_custom_field_name(&name).then(|| ConsentField {
            unseen: unseen.contains(&name),
            name,
            about: format!("\"{about}\""),
            is_text,
        })
    });
    fields.collect()
}

struct Preparing<'a> {
    workspace: &'a Workspace,
    org: Org,
    replication: Replication,
    identifier: String,
    /// Fields that the user is to see, apart from those of the mapping.
    wanted: Vec<String>,
    segment_fields: Vec<String>,
    steps: Vec<PrepareStep>,
}

fn check_names(fields: &[String]) -> Result<()> {
    let is_name = |field: &&String| {
        let starts = field.starts_with(|letter: char| letter.is_ascii_alphabetic());
        starts
            && field
                .chars()
                .all(|letter| letter.is_ascii_alphanumeric() || letter == '_')
    };
    match fields.iter().find(|field| !is_name(field)) {
        Some(field) => Err(Error::usage(
            format!("\"{field}\" can't be the name of a field"),
            "use the API name of a field, such as DoNotCall or Region__c",
        )),
        None => Ok(()),
    }
}

impl Preparing<'_> {
    async fn prepare(&mut self, check_only: bool) -> Result<bool> {
        let settings = Settings::from_json(&self.replication.settings)?;
        if settings.consent_sync {
            let identifier = match settings.create_missing {
                true => self.prepare_identifier(check_only).await?,
                false => {
                    self.look_at_fields().await?;
                    true
                }
            };
            let consents = self.prepare_consents(check_only).await?;
            // What is to be created isn't hidden.
            return Ok(consents && self.show_mapped_fields(check_only).await? && identifier);
        }
        let identifier = self.prepare_identifier(check_only).await?;
        let segments = self.prepare_segments(check_only).await?;
        Ok(self.show_mapped_fields(check_only).await? && segments && identifier)
    }

    /// Gets access to mapped fields that the org has and this user can't see.
    async fn show_mapped_fields(&mut self, check_only: bool) -> Result<bool> {
        let unseen = self.unseen_fields()?;
        if unseen.is_empty() {
            return Ok(true);
        }
        let object = self.replication.object.clone();
        let names: Vec<&str> = unseen.iter().map(String::as_str).collect();
        // Not everyone may ask for definitions; then nobody knows which of the two causes it is.
        let defined = self.org.client.defined_fields(&object, &names).await.ok();
        let is_hidden = |name: &&str| match &defined {
            Some(defined) => defined.contains(&name.to_ascii_lowercase()),
            None => !name.ends_with("__c"),
        };
        let (hidden, others): (Vec<&str>, Vec<&str>) = names.into_iter().partition(is_hidden);
        for name in &others {
            let text = if defined.is_some() {
                format!("{object} has no field {name}.")
            } else {
                format!("{object} has no field {name} that this user can see.")
            };
            self.step(StepKind::Missing, text);
            let text = format!(
                "Create {name} on {object} in Salesforce Setup and grant access to it, or remove its row from the mapping."
            );
            self.step(StepKind::ToDo, text);
        }
        for name in &hidden {
            let text = format!("{object} has the field {name}, but this user can't see it.");
            self.step(StepKind::Missing, text);
        }
        if hidden.is_empty() {
            return Ok(false);
        }
        let text = format!(
            "Grant read and edit access to {} with the permission set {PERMISSION_SET}.",
            hidden.join(", ")
        );
        if check_only {
            self.step(StepKind::ToDo, text);
            return Ok(false);
        }
        self.show_fields(&hidden).await?;
        let (connection, client) = (self.org.connection, &self.org.client);
        refresh_describe(self.workspace, connection, client, &object, Ask::Anew).await?;
        let left = self.unseen_fields()?;
        for name in hidden
            .iter()
            .filter(|name| left.iter().any(|left| left == *name))
        {
            let text = format!(
                "{name} is still hidden. Ask your Salesforce admin for read and edit access to it."
            );
            self.step(StepKind::ToDo, text);
        }
        Ok(left.is_empty())
    }

    /// Returns the fields that are wanted and the describe doesn't have.
    fn unseen_fields(&self) -> Result<Vec<String>> {
        self.workspace.store().read(|reader| {
            let target = mappings::target(reader, &self.replication)?;
            let body = reader.mapping(self.replication.id)?.body;
            let mut unseen = mappings::unseen_in(reader, &self.replication, &body)?;
            let wanted = self.wanted.iter();
            let wanted = wanted.filter(|name| target.field(name).is_none());
            unseen.extend(wanted.cloned());
            unseen.sort_unstable();
            unseen.dedup();
            Ok(unseen)
        })
    }

    async fn look_at_fields(&self) -> Result<()> {
        let (connection, client) = (self.org.connection, &self.org.client);
        let object = &self.replication.object;
        refresh_describe(self.workspace, connection, client, object, Ask::IfChanged).await?;
        Ok(())
    }

    /// Makes the fields of a consent sync that the org does not have: checkboxes, and text for preferences.
    async fn prepare_consents(&mut self, check_only: bool) -> Result<bool> {
        let object = self.replication.object.clone();
        let wanted = self.workspace.store().read(|reader| {
            let body = reader.mapping(self.replication.id)?.body;
            let unseen = mappings::unseen_in(reader, &self.replication, &body)?;
            Ok::<_, Error>(consent_fields(&body, &unseen))
        })?;
        self.tell_found(&wanted);
        let names: Vec<&str> = wanted
            .iter()
            .filter(|one| one.unseen)
            .map(|one| one.name.as_str())
            .collect();
        if names.is_empty() {
            return Ok(true);
        }
        let defined = self.org.client.defined_fields(&object, &names).await;
        let defined = defined.unwrap_or_default();
        let missing: Vec<&ConsentField> = wanted
            .iter()
            .filter(|one| one.unseen && !defined.contains(&one.name.to_ascii_lowercase()))
            .collect();
        for one in &missing {
            let text = format!("{object} has no field {} for {}.", one.name, one.about);
            self.step(StepKind::Missing, text);
        }
        if missing.is_empty() {
            return Ok(true);
        }
        if check_only {
            let text = format!(
                "Create these fields and grant access with the permission set {PERMISSION_SET}."
            );
            self.step(StepKind::ToDo, text);
            return Ok(false);
        }
        for one in &missing {
            self.make_consent_field(one).await?;
        }
        let names: Vec<&str> = missing.iter().map(|one| one.name.as_str()).collect();
        self.show_fields(&names).await?;
        let (connection, client) = (self.org.connection, &self.org.client);
        refresh_describe(self.workspace, connection, client, &object, Ask::Anew).await?;
        Ok(true)
    }

    fn tell_found(&mut self, wanted: &[ConsentField]) {
        for one in wanted.iter().filter(|one| !one.unseen) {
            self.found(format!("Field {} for {}.", one.name, one.about));
        }
    }

    async fn make_consent_field(&mut self, one: &ConsentField) -> Result<()> {
        let object = &self.replication.object;
        let (kind, type_name) = match one.is_text {
            true => (
                CustomFieldKind::Text {
                    length: PREFERENCE_LENGTH,
                    external_id: false,
                    unique: false,
                    case_sensitive: false,
                },
                format!("Text({PREFERENCE_LENGTH})"),
            ),
            false => (CustomFieldKind::Checkbox, "a checkbox".to_owned()),
        };
        let field = CustomField {
            object: object.clone(),
            name: one.name.clone(),
            label: label(&one.name),
            description: format!("Answer to {} in Leadferry.", one.about),
            kind,
        };
        let text = match self.org.client.create_custom_field(&field).await? {
            Created::New(_) => {
                format!("Created the field {} on {object} as {type_name}.", one.name)
            }
            Created::AlreadyThere => {
                let text = format!(
                    "Field {} on {object}, which this user couldn't see yet.",
                    one.name
                );
                self.found(text);
                return Ok(());
            }
        };
        self.did(text);
        Ok(())
    }

    /// Makes the fields of activated segments that the org does not have.
    async fn prepare_segments(&mut self, check_only: bool) -> Result<bool> {
        let active = activations(self.workspace, &self.replication.name)?.active;
        self.segment_fields = active.iter().map(|one| one.mapping_id.clone()).collect();
        let mut missing = Vec::new();
        for one in active {
            match &one.trouble {
                Some(trouble) if trouble.code == "unknown_mapping_id" => missing.push(one),
                Some(trouble) => {
                    let text =
                        format!("{} {}", sentence(&trouble.message), sentence(&trouble.cure));
                    self.step(StepKind::ToDo, text);
                }
                None => self.found(format!(
                    "Field {} for the segment {}.",
                    one.mapping_id, one.segment
                )),
            }
        }
        for one in &missing {
            let text = format!(
                "{} has no field {} for the segment {}, or this user can't see it.",
                self.replication.object, one.mapping_id, one.segment
            );
            self.step(StepKind::Missing, text);
        }
        if missing.is_empty() {
            return Ok(true);
        }
        if check_only {
            self.step(
                StepKind::ToDo,
                format!(
                    "Create these fields as Text({STATUS_LENGTH}) and grant access with the permission set {PERMISSION_SET}."
                ),
            );
            return Ok(false);
        }
        for one in &missing {
            let field = CustomField {
                object: self.replication.object.clone(),
                name: one.mapping_id.clone(),
                label: label(&one.mapping_id),
                description: format!(
                    "Status in the Leadferry segment {}: realized or exited.",
                    one.segment
                ),
                kind: CustomFieldKind::Text {
                    length: STATUS_LENGTH,
                    external_id: false,
                    unique: false,
                    case_sensitive: false,
                },
            };
            match self.org.client.create_custom_field(&field).await? {
                Created::New(_) => self.did(format!(
                    "Created the field {} on {} as Text({STATUS_LENGTH}).",
                    one.mapping_id, self.replication.object
                )),
                Created::AlreadyThere => self.found(format!(
                    "Field {} on {}, which this user couldn't see yet.",
                    one.mapping_id, self.replication.object
                )),
            }
        }
        let names: Vec<&str> = missing.iter().map(|one| one.mapping_id.as_str()).collect();
        self.show_fields(&names).await?;
        let object = &self.replication.object;
        let (connection, client) = (self.org.connection, &self.org.client);
        refresh_describe(self.workspace, connection, client, object, Ask::Anew).await?;
        let left = activations(self.workspace, &self.replication.name)?.active;
        match left.into_iter().find_map(|one| one.trouble) {
            Some(trouble) => Err(Error::new(Code::SetUp, trouble.message, trouble.cure)),
            None => Ok(true),
        }
    }

    async fn prepare_identifier(&mut self, check_only: bool) -> Result<bool> {
        match self.qualifies(Ask::IfChanged).await? {
            (_, Ok(())) => {
                self.found(format!(
                    "Field {} on {}, ready to be the identifier.",
                    self.identifier, self.replication.object
                ));
                return Ok(true);
            }
            (true, Err(why)) => {
                return Err(self.unfit(why));
            }
            (false, Err(_)) => {
                let text = format!(
                    "{} has no field {}, or this user can't see it.",
                    self.replication.object, self.identifier
                );
                self.step(StepKind::Missing, text);
            }
        }
        if check_only {
            let text =
                format!("Create it and grant access with the permission set {PERMISSION_SET}.");
            self.step(StepKind::ToDo, text);
            return Ok(false);
        }
        self.make_field().await?;
        let identifier = self.identifier.clone();
        self.show_fields(&[&identifier]).await?;
        match self.qualifies(Ask::Anew).await? {
            (_, Ok(())) => Ok(true),
            (_, Err(why)) => Err(self.unfit(why)),
        }
    }

    /// Tells whether the field is visible, and whether it can be the identifier.
    async fn qualifies(&self, ask: Ask) -> Result<(bool, Result<(), String>)> {
        let (connection, object) = (self.org.connection, &self.replication.object);
        refresh_describe(self.workspace, connection, &self.org.client, object, ask).await?;
        self.workspace.store().read(|reader| {
            let target = mappings::target(reader, &self.replication)?;
            let visible = target
                .fields
                .iter()
                .any(|field| field.name.eq_ignore_ascii_case(&self.identifier));
            Ok((visible, target.identifier(&self.identifier)))
        })
    }

    /// Returns the error for a field that is there and can't be the identifier.
    fn unfit(&self, why: String) -> Error {
        Error::new(
            Code::SetUp,
            why,
            "change the field in Salesforce Setup, or choose another identifier field",
        )
        .with_command(format!(
            "replications set {} --identifier FIELD",
            quoted(&self.replication.name)
        ))
    }

    async fn make_field(&mut self) -> Result<()> {
        let field = CustomField {
            object: self.replication.object.clone(),
            name: self.identifier.clone(),
            label: label(&self.identifier),
            description:
                "The Leadferry contact that this record belongs to. Don't change this value."
                    .to_owned(),
            kind: CustomFieldKind::Text {
                length: 32,
                external_id: true,
                unique: true,
                case_sensitive: false,
            },
        };
        match self.org.client.create_custom_field(&field).await? {
            Created::New(_) => self.did(format!(
                "Created the field {} on {} as Text(32), External ID, Unique.",
                self.identifier, self.replication.object
            )),
            Created::AlreadyThere => self.found(format!(
                "Field {} on {}, which this user couldn't see yet.",
                self.identifier, self.replication.object
            )),
        }
        Ok(())
    }

    async fn show_fields(&mut self, fields: &[&str]) -> Result<()> {
        let user = self.user().await?;
        let client = self.org.client.clone();
        let set = match client.permission_set(PERMISSION_SET).await? {
            Some(set) => {
                self.found(format!("Permission set {PERMISSION_SET}."));
                set
            }
            None => {
                let made = client
                    .create_permission_set(PERMISSION_SET, PERMISSION_SET)
                    .await?;
                self.did(format!("Created the permission set {PERMISSION_SET}."));
                made
            }
        };
        let granted = client
            .grant_field_permissions(&set, &self.replication.object, fields)
            .await?;
        let field = fields.join(", ");
        if granted > 0 {
            self.did(format!(
                "Granted read and edit access to {field} with the permission set."
            ));
        } else {
            self.found(format!(
                "Read and edit access to {field} with the permission set."
            ));
        }
        if client.assign_permission_set(&set, &user).await? {
            self.did("Assigned the permission set to this user.".to_owned());
        } else {
            self.found("Permission set assigned to this user.".to_owned());
        }
        Ok(())
    }

    async fn user(&self) -> Result<Id> {
        let session = self.org.client.session().await?;
        match session.user_id {
            Some(user) => Ok(user),
            None => Ok(self.org.client.user_info().await?.user_id),
        }
    }

    fn found(&mut self, text: String) {
        self.step(StepKind::Found, text);
    }

    fn did(&mut self, text: String) {
        self.step(StepKind::Done, text);
    }

    fn step(&mut self, kind: StepKind, text: String) {
        self.steps.push(PrepareStep { text, kind });
    }
}
