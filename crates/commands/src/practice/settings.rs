//! What can be set in the practice org: faults, switches, validation rules, record types, custom objects and who sees
//! which field.

use reqwest::Method;
use serde::Serialize;
use serde_json::{Value, json};

use super::admin;
use crate::{Result, Workspace};

/// Returns the faults that are waiting to happen.
pub async fn faults(workspace: &Workspace) -> Result<Value> {
    admin(workspace, Method::GET, "faults", None).await
}

/// Asks for a fault by name; `settings` say when and how it happens.
pub async fn add_fault(
    workspace: &Workspace,
    name: &str,
    settings: &[(String, String)],
) -> Result<Value> {
    let mut fault = serde_json::Map::new();
    fault.insert("name".to_owned(), name.into());
    for (key, value) in settings {
        // A number, true or a list is meant as such; anything else is text.
        let value = serde_json::from_str(value).unwrap_or_else(|_| Value::from(value.as_str()));
        fault.insert(key.clone(), value);
    }
    admin(workspace, Method::POST, "faults", Some(fault.into())).await
}

/// Takes all faults back.
pub async fn clear_faults(workspace: &Workspace) -> Result<Value> {
    admin(workspace, Method::DELETE, "faults", None).await
}

/// Returns the switches: how the org decides what no source settles or what orgs differ in.
pub async fn switches(workspace: &Workspace) -> Result<Value> {
    admin(workspace, Method::GET, "switches", None).await
}

/// Sets switches by name.
pub async fn set_switches(workspace: &Workspace, wanted: &[(String, String)]) -> Result<Value> {
    let wanted = wanted.iter().map(|(name, value)| {
        let value = serde_json::from_str(value).unwrap_or_else(|_| Value::from(value.as_str()));
        (name.clone(), value)
    });
    admin(
        workspace,
        Method::PUT,
        "switches",
        Some(Value::Object(wanted.collect())),
    )
    .await
}

/// What of a practice org is not as in a new one.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct PracticeSettings {
    /// Switches that were changed: names and values.
    pub switches: serde_json::Map<String, Value>,
    /// Validation rules.
    pub rules: Value,
    /// Record types.
    pub record_types: Value,
    /// Custom objects.
    pub objects: Value,
    /// Fields that the user doesn't see or can't change.
    pub fields: Value,
    /// Objects whose fields were taken over from another org.
    pub adopted: Value,
}

/// Returns what was set in the practice org.
///
/// # Errors
/// When the practice org can't be asked.
pub async fn settings(workspace: &Workspace) -> Result<PracticeSettings> {
    let switches = switches(workspace).await?;
    let changed = switches.as_object().into_iter().flatten();
    let changed = changed.filter(|(_, switch)| switch["changed"] == true);
    Ok(PracticeSettings {
        switches: changed
            .map(|(name, switch)| (name.clone(), switch["value"].clone()))
            .collect(),
        rules: rules(workspace).await?,
        record_types: record_types(workspace).await?,
        objects: objects(workspace).await?,
        fields: fields(workspace).await?,
        adopted: admin(workspace, Method::GET, "adopted", None).await?,
    })
}

/// Returns the profiles: what each allows, its user, and who signs in without a browser.
pub async fn profiles(workspace: &Workspace) -> Result<Value> {
    admin(workspace, Method::GET, "profiles", None).await
}

/// Sets what a profile allows, such as `Lead` to `read,create` or `ip_ranges` to `10.0.0.1-10.0.0.9`.
pub async fn set_profile(
    workspace: &Workspace,
    profile: &str,
    wanted: &[(String, String)],
) -> Result<Value> {
    let wanted = wanted.iter().map(|(name, value)| {
        let value = match value.as_str() {
            "true" => true.into(),
            "false" => false.into(),
            text => Value::from(text),
        };
        (name.clone(), value)
    });
    let wanted: serde_json::Map<_, _> = wanted.collect();
    let body = json!({ "profile": profile, "set": wanted });
    admin(workspace, Method::PUT, "profiles", Some(body)).await
}

/// Chooses the user that connections to the practice org run as.
pub async fn run_as(workspace: &Workspace, username: &str) -> Result<Value> {
    let body = json!({ "username": username });
    admin(workspace, Method::PUT, "runs-as", Some(body)).await
}

/// A validation rule to be added: records that meet the condition are refused.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct NewRule {
    /// The object.
    pub object: String,
    /// The rule's name.
    pub name: String,
    /// What refused records have in common, as in the WHERE of a query.
    pub condition: String,
    /// What the org says about them.
    pub message: String,
    /// The field that the message is about.
    pub field: Option<String>,
}

/// Returns the validation rules.
pub async fn rules(workspace: &Workspace) -> Result<Value> {
    admin(workspace, Method::GET, "rules", None).await
}

/// Adds a validation rule.
pub async fn add_rule(workspace: &Workspace, rule: &NewRule) -> Result<Value> {
    admin(workspace, Method::POST, "rules", Some(json!(rule))).await
}

/// Removes a validation rule.
pub async fn remove_rule(workspace: &Workspace, object: &str, name: &str) -> Result<Value> {
    let what = format!("rules/{}/{}", segment(object), segment(name));
    admin(workspace, Method::DELETE, &what, None).await
}

/// A record type to be added.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct NewRecordType {
    /// The object.
    pub object: String,
    /// Its name in the API.
    pub name: String,
    /// Its name for people; that of the API where it is left out.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub label: Option<String>,
    /// Whether new records get it; the first of an object is, where it is left out.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub default: Option<bool>,
    /// Picklists and the values that it offers; all of the others.
    pub values: std::collections::BTreeMap<String, Vec<String>>,
}

/// Returns the record types.
pub async fn record_types(workspace: &Workspace) -> Result<Value> {
    admin(workspace, Method::GET, "record-types", None).await
}

/// Adds a record type.
pub async fn add_record_type(workspace: &Workspace, wanted: &NewRecordType) -> Result<Value> {
    admin(workspace, Method::POST, "record-types", Some(json!(wanted))).await
}

/// Removes a record type; its records keep none.
pub async fn remove_record_type(workspace: &Workspace, object: &str, name: &str) -> Result<Value> {
    let what = format!("record-types/{}/{}", segment(object), segment(name));
    admin(workspace, Method::DELETE, &what, None).await
}

/// Returns the custom objects.
pub async fn objects(workspace: &Workspace) -> Result<Value> {
    admin(workspace, Method::GET, "objects", None).await
}

/// Adds a custom object; `name` ends in `__c`.
pub async fn add_object(
    workspace: &Workspace,
    name: &str,
    label: Option<&str>,
    plural: Option<&str>,
) -> Result<Value> {
    let mut wanted = json!({ "name": name });
    for (key, value) in [("label", label), ("plural", plural)] {
        if let Some(value) = value {
            wanted[key] = value.into();
        }
    }
    admin(workspace, Method::POST, "objects", Some(wanted)).await
}

/// Returns the fields that the user doesn't see or can't change.
pub async fn fields(workspace: &Workspace) -> Result<Value> {
    admin(workspace, Method::GET, "fields", None).await
}

/// Hides a field (`none`), makes it readable only (`read`) or shows it (`edit`); `field` is such as `Lead.Phone`.
pub async fn set_field_access(workspace: &Workspace, field: &str, access: &str) -> Result<Value> {
    let wanted = json!({ "field": field, "access": access });
    admin(workspace, Method::PUT, "fields", Some(wanted)).await
}

/// A name as part of a path.
fn segment(name: &str) -> String {
    url::form_urlencoded::byte_serialize(name.as_bytes()).collect()
}

/// What is to be changed about an app of the practice org; what is `None` stays.
#[derive(Debug, Clone, Default, Serialize)]
pub struct AppChange {
    /// The certificate that its assertions are signed for, as PEM; an empty one takes it away.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub certificate: Option<String>,
    /// Whether only approved users may use it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub admin_approved_only: Option<bool>,
    /// Names of the users who are approved.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub approved_users: Option<Vec<String>>,
    /// Whether users may sign in with name and password.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub password_flow: Option<bool>,
    /// What they have to write behind their password; an empty one takes it away.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub security_token: Option<String>,
    /// The scopes that it may be given.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub scopes: Option<Vec<String>>,
}

/// Returns the apps that may sign in to the practice org, without their secrets.
///
/// # Errors
/// When the practice org can't be asked.
pub async fn apps(workspace: &Workspace) -> Result<Value> {
    let mut apps = admin(workspace, Method::GET, "apps", None).await?;
    for app in apps.as_array_mut().into_iter().flatten() {
        without_secrets(app);
    }
    Ok(apps)
}

/// Changes an app of the practice org; without a client id the one that it ships with.
///
/// # Errors
/// When there is no such app, or its certificate is none.
pub async fn change_app(
    workspace: &Workspace,
    client_id: Option<&str>,
    change: &AppChange,
) -> Result<Value> {
    let client_id = client_id.unwrap_or(leadferry_practice_org::built_in::CLIENT_ID);
    let what = format!("apps/{}", segment(client_id));
    let mut body = json!(change);
    for name in ["certificate", "security_token"] {
        if body.get(name) == Some(&json!("")) {
            body[name] = Value::Null;
        }
    }
    let mut app = admin(workspace, Method::PATCH, &what, Some(body)).await?;
    without_secrets(&mut app);
    Ok(app)
}

fn without_secrets(app: &mut Value) {
    if let Some(app) = app.as_object_mut() {
        app.remove("client_secret");
        app.remove("security_token");
    }
}
