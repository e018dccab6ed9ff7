//! Reaching the org of a connection: a client, bound to the org at the first sign-in.

use std::sync::Arc;

use leadferry_replication::setup::Setup;
use leadferry_replication::{CallBudget, Org, Policy, Settings};
use leadferry_salesforce::{ApiVersion, Client, ClientOptions, Describe, Described, RetryPolicy};
use leadferry_store::{ApiReading, Connection, ConnectionId, Flow, Reader, Replication, SignedIn};
use serde::Serialize;

use crate::sessions::OrgSessions;
use crate::{Error, Result, Workspace};

/// The objects whose describes are kept.
pub(crate) const OBJECTS: &[&str] = &["Lead", "Contact"];

/// What came of asking for a describe.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ts_rs::TS)]
pub struct DescribeNews {
    /// The object.
    pub object: String,
    /// Its fields, as far as this user sees them.
    pub fields: usize,
    /// Whether it differs from the one kept; `None` where none was kept.
    pub changed: Option<bool>,
    /// When the one kept was read last, UTC milliseconds.
    pub before: Option<i64>,
    /// Fields that are gone since, or that this user doesn't see any more.
    pub gone: Vec<String>,
    /// Fields that are new since, or that this user sees now.
    pub new: Vec<String>,
    /// Fields that are described otherwise, with what has changed about them, such as `City (length)`.
    pub altered: Vec<String>,
}

impl DescribeNews {
    /// Names the fields that differ from those of the description that was kept.
    fn naming(mut self, before: &str, now: &Describe) -> DescribeNews {
        let Ok(before) = Describe::parse(before) else {
            return self;
        };
        let news = now.news_since(&before);
        let altered = news.changed.into_iter();
        self.gone = news.gone;
        self.new = news.new;
        self.altered = altered
            .map(|(field, aspects)| format!("{field} ({})", aspects.join(", ")))
            .collect();
        self
    }
}

/// Returns a client for a connection; it signs in at its first call. This is the one way to an org, so that no workspace
/// that the user hasn't approved makes a request.
pub(crate) fn client(workspace: &Workspace, connection: &Connection) -> Result<Client> {
    workspace.approval().check()?;
    let sessions = OrgSessions::new(workspace, connection);
    let loopback = is_loopback(connection);
    let retry = RetryPolicy::default();
    let options = ClientOptions {
        client_name: concat!("Leadferry/", env!("CARGO_PKG_VERSION")).to_owned(),
        api_version: connection.api_version.and_then(ApiVersion::new),
        compress: !loopback,
        retry: if loopback {
            retry.divided_by(workspace.host().environment.speedup)
        } else {
            retry
        },
        ..ClientOptions::default()
    };
    Ok(Client::new(Arc::new(sessions), options)?)
}

/// Returns the waits of the engine towards a connection.
pub(crate) fn policy(workspace: &Workspace, connection: &Connection) -> Policy {
    let speedup = workspace.host().environment.speedup;
    if is_loopback(connection) {
        Policy::default().divided_by(i64::from(speedup))
    } else {
        Policy::default()
    }
}

fn is_loopback(connection: &Connection) -> bool {
    let Some(host) = connection
        .host
        .as_deref()
        .filter(|_| connection.flow != Flow::Practice)
    else {
        return connection.flow == Flow::Practice;
    };
    let Ok(url) = url::Url::parse(host) else {
        return false;
    };
    match url.host() {
        Some(url::Host::Domain(name)) => name == "localhost",
        Some(url::Host::Ipv4(address)) => address.is_loopback(),
        Some(url::Host::Ipv6(address)) => address.is_loopback(),
        None => false,
    }
}

/// Returns the org of a connection, ready for the engine; signs in where nobody has.
pub(crate) async fn org(workspace: &Workspace, id: ConnectionId) -> Result<Org> {
    let connection = workspace.store().read(|reader| reader.connection(id))?;
    let client = client(workspace, &connection)?;
    let org_id = match connection.org_id {
        Some(org_id) => org_id,
        None => bind(workspace, &connection, &client).await?.org_id,
    };
    Ok(Org {
        client,
        connection: id,
        org_id,
    })
}

/// What binding a connection to its org has found.
pub(crate) struct Bound {
    /// The org's id.
    pub(crate) org_id: String,
    /// What has become of the fields that were kept.
    pub(crate) describes: Vec<DescribeNews>,
}

/// Signs in, binds the connection to the org, and reads what mapping needs.
pub(crate) async fn bind(
    workspace: &Workspace,
    connection: &Connection,
    client: &Client,
) -> Result<Bound> {
    let version = client.api_version().await?;
    let user = client.identity().await?;
    // The name and kind of the org are nice to have: some users may not read them.
    let organization = client.organization().await.ok();
    let session = client.session().await?;
    let org_id = user.organization_id.as_str().to_owned();
    if let Some(bound) = connection.org_id.as_ref().filter(|bound| **bound != org_id) {
        return Err(crate::sessions::another_org(connection, bound, &org_id));
    }
    let signed_in = SignedIn {
        org_id: org_id.clone(),
        org_name: organization.as_ref().map(|org| org.name.clone()),
        edition: organization
            .as_ref()
            .map(|org| org.organization_type.clone()),
        sandbox: organization.as_ref().map(|org| org.is_sandbox),
        user_id: Some(user.user_id.as_str().to_owned()),
        username: Some(user.username).filter(|name| !name.is_empty()),
        instance_url: session.instance_url.to_string(),
        api_version: version.number(),
    };
    let now = workspace.host().now();
    workspace
        .store()
        .write(|writer| writer.bind_connection(connection.id, &signed_in, now))?;
    let mut describes = Vec::new();
    for object in OBJECTS {
        let news = refresh_describe(workspace, connection.id, client, object, Ask::Anew).await;
        describes.push(match news {
            Err(error) if is_unseen(&error) => keep_unseen(workspace, connection.id, object)?,
            news => news?,
        });
    }
    keep_allowance(workspace, connection.id, client)?;
    Ok(Bound { org_id, describes })
}

/// Reads the describes of the other objects that are kept: pulls, segments and saved searches use their fields.
pub(crate) async fn refresh_others(
    workspace: &Workspace,
    connection: ConnectionId,
    client: &Client,
) -> Result<Vec<DescribeNews>> {
    let kept = workspace
        .store()
        .read(|reader| reader.describes_of(connection))?;
    let mut describes = Vec::new();
    for (object, _) in kept {
        if OBJECTS.contains(&object.as_str()) {
            continue;
        }
        let news = refresh_describe(workspace, connection, client, &object, Ask::Anew).await;
        describes.push(match news {
            Err(error) if is_unseen(&error) => keep_unseen(workspace, connection, &object)?,
            news => news?,
        });
    }
    Ok(describes)
}

/// Tells whether an org says that there is no such object, as it does to a user who may not see it.
fn is_unseen(error: &Error) -> bool {
    let said = error.said.as_ref().map(|said| said.code.as_str());
    matches!(said, Some("NOT_FOUND" | "INVALID_TYPE"))
}

/// Keeps that the user sees nothing of an object. Without this, what was seen before would pass for what there is.
fn keep_unseen(
    workspace: &Workspace,
    connection: ConnectionId,
    object: &str,
) -> Result<DescribeNews> {
    let nothing = serde_json::json!({ "name": object, "label": object, "fields": [] }).to_string();
    let store = workspace.store();
    let kept = store.read(|reader| reader.describe(connection, object))?;
    let now = workspace.host().now();
    let version =
        store.write(|writer| writer.save_describe(connection, object, None, &nothing, now))?;
    let changed = kept.as_ref().map(|kept| kept.version != version);
    let news = DescribeNews {
        object: object.to_owned(),
        fields: 0,
        changed,
        before: kept.as_ref().map(|kept| kept.fetched_at),
        gone: Vec::new(),
        new: Vec::new(),
        altered: Vec::new(),
    };
    let now_seen = Describe::parse(&nothing)?;
    Ok(match kept.filter(|_| changed == Some(true)) {
        Some(kept) => news.naming(&kept.body, &now_seen),
        None => news,
    })
}

/// Reads the describe again where the mapping does not fit the one that is kept: the org may have been mended since.
///
/// Where the org cannot be asked, what is wrong with the mapping is the better thing to tell.
pub(crate) async fn look_again_if_unfit(
    workspace: &Workspace,
    org: &Org,
    replication: &Replication,
) {
    let now = workspace.host().now();
    let loaded = workspace
        .store()
        .read(|reader| Setup::load(reader, replication.id, now));
    if !matches!(loaded, Err(leadferry_replication::Error::Mapping(_))) {
        return;
    }
    let object = &replication.object;
    if let Err(error) =
        refresh_describe(workspace, org.connection, &org.client, object, Ask::Anew).await
    {
        tracing::debug!(%error, "the org's fields could not be read again");
    }
}

/// How a describe is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Ask {
    /// Only if the org says that it has changed.
    IfChanged,
    /// In any case: a change of rights need not count as a change of the object.
    Anew,
}

/// Reads one describe and keeps it.
pub(crate) async fn refresh_describe(
    workspace: &Workspace,
    connection: ConnectionId,
    client: &Client,
    object: &str,
    ask: Ask,
) -> Result<DescribeNews> {
    let store = workspace.store();
    let kept = store.read(|reader| reader.describe(connection, object))?;
    let dated = kept.as_ref().filter(|_| ask == Ask::IfChanged);
    let since = dated.and_then(|kept| kept.last_modified.as_deref());
    let described = client.describe(object, since).await?;
    let now = workspace.host().now();
    let news = |fields, changed| DescribeNews {
        object: object.to_owned(),
        fields,
        changed,
        before: kept.as_ref().map(|kept| kept.fetched_at),
        gone: Vec::new(),
        new: Vec::new(),
        altered: Vec::new(),
    };
    match described {
        Described::NotModified => {
            store.write(|writer| writer.confirm_describe(connection, object, now))?;
            let body = kept.as_ref().map(|kept| kept.body.as_str());
            let describe = Describe::parse(body.unwrap_or_default())?;
            Ok(news(describe.fields.len(), Some(false)))
        }
        Described::Fresh {
            last_modified,
            raw,
            describe,
        } => {
            let version = store.write(|writer| {
                writer.save_describe(connection, object, last_modified.as_deref(), &raw, now)
            })?;
            let changed = kept.as_ref().map(|kept| kept.version != version);
            let news = news(describe.fields.len(), changed);
            Ok(match kept.as_ref().filter(|_| changed == Some(true)) {
                Some(kept) => news.naming(&kept.body, &describe),
                None => news,
            })
        }
    }
}

/// Returns the calls that a replication may make now, its reserve aside; `None` where its org has told nothing yet.
pub(crate) fn budget_of(
    workspace: &Workspace,
    reader: &Reader<'_>,
    replication: &Replication,
) -> Result<Option<CallBudget>> {
    let Some(connection) = replication.connection else {
        return Ok(None);
    };
    let reserve = Settings::from_json(&replication.settings)?.api_reserve;
    budget(workspace, reader, &reader.connection(connection)?, reserve)
}

/// Returns the calls that are left of a connection's 24 hours; `None` where its org has told nothing yet.
pub(crate) fn budget(
    workspace: &Workspace,
    reader: &Reader<'_>,
    connection: &Connection,
    reserve: u64,
) -> Result<Option<CallBudget>> {
    let now = workspace.host().now();
    let day_ms = policy(workspace, connection).day_ms;
    Ok(CallBudget::of(reader, connection, reserve, now, day_ms)?)
}

/// Keeps the calls that were made, and the allowance that the org told last.
pub(crate) fn keep_allowance(
    workspace: &Workspace,
    connection: ConnectionId,
    client: &Client,
) -> Result<()> {
    let usage = client.usage();
    let reading = ApiReading {
        at: workspace.host().now(),
        calls: client.calls_since_asked(),
        used: usage.map(|usage| usage.used),
        max: usage.map(|usage| usage.max),
    };
    Ok(workspace
        .store()
        .write(|writer| writer.keep_reading(connection, &reading))?)
}

/// Returns the connection that a user means: by name, or the only one there is.
pub(crate) fn chosen(workspace: &Workspace, name: Option<&str>) -> Result<Connection> {
    if let Some(name) = name {
        return Ok(workspace
            .store()
            .read(|reader| reader.connection_named(name))?);
    }
    let mut all = workspace.store().read(|reader| reader.connections())?;
    match (all.pop(), all.is_empty()) {
        (Some(only), true) => Ok(only),
        (None, _) => Err(Error::usage(
            "this workspace has no connection",
            "add a connection to an org or to the practice org",
        )
        .with_command("connections add NAME --flow practice")),
        _ => Err(Error::usage(
            "this workspace has several connections",
            "choose one of them",
        )
        .with_command("connections list")),
    }
}
