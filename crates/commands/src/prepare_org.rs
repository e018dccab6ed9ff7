//! Making an org ready for a replication: the identifier field, and the right to see it.

use leadferry_replication::{Org, Settings};
use leadferry_salesforce::{Created, CustomField, CustomFieldKind, Id};
use leadferry_store::Replication;
use serde::Serialize;

use crate::orgs::{self, Ask, refresh_describe};
use crate::{Code, Error, Result, Workspace, mappings, quoted};

const PERMISSION_SET: &str = "Leadferry";

/// What preparing an org came to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ts_rs::TS)]
pub struct Prepared {
    /// The replication.
    pub replication: String,
    /// Its target object.
    pub object: String,
    /// The identifier field.
    pub identifier: String,
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

/// Checks the identifier field in the org and, unless `check_only`, makes it and lets the user see it.
///
/// Whatever is there already is used as it is.
///
/// # Errors
/// When a field of that name cannot be an identifier, or the user may not set up the org.
pub async fn prepare_org(workspace: &Workspace, name: &str, check_only: bool) -> Result<Prepared> {
    let replication = workspace
        .store()
        .read(|reader| reader.replication_named(name))?;
    let Some(connection) = replication.connection else {
        let message = format!("replication \"{}\" has no connection", replication.name);
        return Err(Error::new(
            Code::SetUp,
            message,
            format!(
                "choose one with `replications set {} --connection NAME`",
                quoted(&replication.name)
            ),
        ));
    };
    let identifier = Settings::from_json(&replication.settings)?.identifier;
    let org = orgs::org(workspace, connection).await?;
    let mut preparing = Preparing {
        workspace,
        org,
        replication,
        identifier,
        steps: Vec::new(),
    };
    let result = preparing.prepare(check_only).await;
    orgs::keep_allowance(workspace, connection, &preparing.org.client)?;
    let ready = result?;
    Ok(Prepared {
        replication: preparing.replication.name,
        object: preparing.replication.object,
        identifier: preparing.identifier,
        ready,
        steps: preparing.steps,
    })
}

struct Preparing<'a> {
    workspace: &'a Workspace,
    org: Org,
    replication: Replication,
    identifier: String,
    steps: Vec<PrepareStep>,
}

impl Preparing<'_> {
    async fn prepare(&mut self, check_only: bool) -> Result<bool> {
        match self.qualifies(Ask::IfChanged).await? {
            (_, Ok(())) => {
                self.found(format!(
                    "The field {} on {}, fit to be the identifier.",
                    self.identifier, self.replication.object
                ));
                return Ok(true);
            }
            (true, Err(why)) => {
                let hint = "correct the field in the org's set-up, or use another one with `replications set NAME --identifier FIELD`";
                return Err(Error::new(Code::SetUp, why, hint));
            }
            (false, Err(_)) => {
                let text = format!(
                    "{} does not have the field {}, or hides it from this user.",
                    self.replication.object, self.identifier
                );
                self.step(StepKind::Missing, text);
            }
        }
        if check_only {
            let text = format!(
                "Let it be made, and shown to this user by the permission set {PERMISSION_SET}: `replications prepare-org {}`.",
                quoted(&self.replication.name)
            );
            self.step(StepKind::ToDo, text);
            return Ok(false);
        }
        self.make_field().await?;
        self.show_field().await?;
        match self.qualifies(Ask::Anew).await? {
            (_, Ok(())) => Ok(true),
            (_, Err(why)) => {
                let hint = "look at the field in the org's set-up, or use another one with `replications set NAME --identifier FIELD`";
                Err(Error::new(Code::SetUp, why, hint))
            }
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

    async fn make_field(&mut self) -> Result<()> {
        let label = self.identifier.trim_end_matches("__c").replace('_', " ");
        let field = CustomField {
            object: self.replication.object.clone(),
            name: self.identifier.clone(),
            label: label.trim().to_owned(),
            description:
                "Says which contact of Leadferry this record belongs to. Please leave it as it is."
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
                "Made the field {} on {}: Text(32), External ID, Unique.",
                self.identifier, self.replication.object
            )),
            Created::AlreadyThere => self.found(format!(
                "The field {} on {}, hidden from this user so far.",
                self.identifier, self.replication.object
            )),
        }
        Ok(())
    }

    async fn show_field(&mut self) -> Result<()> {
        let user = self.user().await?;
        let client = self.org.client.clone();
        let set = match client.permission_set(PERMISSION_SET).await? {
            Some(set) => {
                self.found(format!("The permission set {PERMISSION_SET}."));
                set
            }
            None => {
                let made = client
                    .create_permission_set(PERMISSION_SET, PERMISSION_SET)
                    .await?;
                self.did(format!("Made the permission set {PERMISSION_SET}."));
                made
            }
        };
        let granted = client
            .grant_field_permissions(&set, &self.replication.object, &[&self.identifier])
            .await?;
        let field = &self.identifier;
        if granted > 0 {
            self.did(format!("Let the permission set read and edit {field}."));
        } else {
            self.found(format!("It may read and edit {field}."));
        }
        if client.assign_permission_set(&set, &user).await? {
            self.did("Assigned the permission set to this user.".to_owned());
        } else {
            self.found("It is assigned to this user.".to_owned());
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
