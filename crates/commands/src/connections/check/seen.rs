//! What a check goes by: what the org has told, and what the replications on the connection want of it.

use leadferry_replication::mapping::{Mapping, Overwrite, Target};
use leadferry_replication::targets::TargetObject;
use leadferry_replication::{CallBudget, Settings};
use leadferry_salesforce::{Client, Describe, DuplicateRule, Login, TokenKind};
use leadferry_store::{Connection, Reader, Replication};

use crate::connections::Tested;
use crate::orgs::OBJECTS;
use crate::{Result, Workspace, mappings};

/// What was seen of a connection that works.
#[derive(Debug)]
pub(super) struct Seen {
    /// The connection as it is now.
    pub(super) connection: Connection,
    /// The API calls of 24 hours.
    pub(super) budget: Option<CallBudget>,
    /// Data storage in megabytes that is left, where the user may see it.
    pub(super) storage_left_mb: Option<i64>,
    /// How the access token is made.
    pub(super) token: TokenKind,
    /// The versions that the org speaks.
    pub(super) versions: Vec<u16>,
    /// What the org said of the version in use, where it will be retired.
    pub(super) warning: Option<String>,
    /// How far this computer's clock is ahead of the org's, in milliseconds.
    pub(super) clock_ahead_ms: Option<i64>,
    /// The latest sign-ins, the latest first; none where the user may not read them.
    pub(super) logins: Vec<Login>,
    /// The active duplicate rules; `None` where the user may not read them.
    pub(super) duplicate_rules: Option<Vec<DuplicateRule>>,
    /// What the user may do with each object.
    pub(super) objects: Vec<ObjectSeen>,
    /// What the replications on the connection want.
    pub(super) wishes: Vec<Wish>,
    /// When this was seen, UTC milliseconds.
    pub(super) now: i64,
}

/// What a user may do with an object.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct ObjectSeen {
    /// API name.
    pub(super) name: String,
    /// Its records can be read.
    pub(super) read: bool,
    /// Records can be created.
    pub(super) create: bool,
    /// Records can be changed.
    pub(super) edit: bool,
}

/// What a replication wants of the org.
#[derive(Debug)]
pub(super) struct Wish {
    /// Its name.
    pub(super) replication: String,
    /// Its object.
    pub(super) object: String,
    /// It creates records.
    pub(super) creates: bool,
    /// It overrides duplicate rules that only warn.
    pub(super) allows_duplicates: bool,
    /// Fields that its mapping writes and that the org doesn't have, or this user doesn't see.
    pub(super) unseen: Vec<String>,
    /// Fields that its mapping writes and that this user can't.
    pub(super) read_only: Vec<String>,
    /// How many fields its mapping writes.
    pub(super) fields: usize,
    /// Its identifier.
    pub(super) identifier: String,
    /// Why that can't be used.
    pub(super) identifier_fault: Option<String>,
}

impl Seen {
    /// Asks the org for what [`Tested`] doesn't have, and reads what the replications want.
    pub(super) async fn look(
        workspace: &Workspace,
        tested: &Tested,
        client: &Client,
    ) -> Result<Seen> {
        let session = client.session().await?;
        let number = |text: &String| text.split('.').next()?.parse().ok();
        let versions = client.versions().await?;
        let surroundings = match &session.user_id {
            // What this user may not read is merely not known.
            Some(user) => client.surroundings(user).await.ok(),
            None => None,
        };
        let (logins, duplicate_rules) = match surroundings {
            Some(seen) => (seen.logins.unwrap_or_default(), seen.duplicate_rules.ok()),
            None => (Vec::new(), None),
        };
        let now = workspace.host().now();
        let connection = tested.connection.clone();
        let (objects, wishes) = workspace.store().read(|reader| {
            let mut replications = reader.replications()?;
            replications.retain(|one| one.connection == Some(connection.id));
            let objects = objects(reader, &connection, &replications)?;
            let wishes = replications.iter().map(|one| wish(reader, one));
            Ok::<_, crate::Error>((objects, wishes.collect::<Result<Vec<_>>>()?))
        })?;
        Ok(Seen {
            budget: tested.budget,
            storage_left_mb: tested.storage_left_mb,
            token: session.token_kind(),
            versions: versions.iter().filter_map(number).collect(),
            warning: client.warning(),
            clock_ahead_ms: client.server_time().map(|theirs| now - theirs),
            logins,
            duplicate_rules,
            objects,
            wishes,
            connection,
            now,
        })
    }
}

fn objects(
    reader: &Reader<'_>,
    connection: &Connection,
    replications: &[Replication],
) -> Result<Vec<ObjectSeen>> {
    let mut names: Vec<String> = OBJECTS.iter().map(|name| (*name).to_owned()).collect();
    for replication in replications {
        if !names.contains(&replication.object) {
            names.push(replication.object.clone());
        }
    }
    let mut seen = Vec::new();
    for name in names {
        let kept = reader.describe(connection.id, &name)?;
        let describe = kept.and_then(|kept| Describe::parse(&kept.body).ok());
        let describe = describe.unwrap_or_default();
        seen.push(ObjectSeen {
            name,
            read: describe.queryable,
            create: describe.createable,
            edit: describe.updateable,
        });
    }
    Ok(seen)
}

fn wish(reader: &Reader<'_>, replication: &Replication) -> Result<Wish> {
    let settings = Settings::from_json(&replication.settings)?;
    let target = mappings::target(reader, replication)?;
    let body = reader.mapping(replication.id)?.body;
    // What a faulty mapping wants is told where it is edited.
    let mapping = Mapping::parse(&body).unwrap_or_default();
    let identifier = target.identifier(&settings.identifier).err();
    let mut wish = Wish {
        replication: replication.name.clone(),
        object: replication.object.clone(),
        creates: settings.create_missing,
        allows_duplicates: settings.allow_duplicates,
        unseen: Vec::new(),
        read_only: Vec::new(),
        fields: mapping.rows.len(),
        identifier: settings.identifier,
        identifier_fault: identifier.filter(|_| !settings.consent_sync),
    };
    for row in &mapping.rows {
        let only_new = row.overwrite == Overwrite::OnCreate;
        wish.hold_against(&target, &row.target, only_new);
    }
    Ok(wish)
}

impl Wish {
    fn hold_against(&mut self, object: &TargetObject, target: &Target, only_new: bool) {
        let (name, field) = match target {
            Target::Field(name) => (name.clone(), object.field(name)),
            Target::Parent { relationship, .. } => {
                (relationship.clone(), object.lookup(relationship))
            }
        };
        match field {
            None => self.unseen.push(name),
            Some(field) => {
                let lacks_create = self.creates && !field.createable;
                let lacks_edit = !only_new && !field.updateable;
                if lacks_create || lacks_edit {
                    self.read_only.push(name);
                }
            }
        }
    }
}
