//! Set-ups that have been begun: what was typed and ticked is kept as it is typed, secrets excepted.

use leadferry_store::{ConnectionDraft, Flow};
use serde::{Deserialize, Serialize};

use super::{ScopePreset, SetUpStep};
use crate::{Error, Result, Workspace};

/// Longest text that a field of a set-up takes, in bytes.
const LONGEST: usize = 4_000;
/// More would be a mistake.
const MOST: usize = 50;

/// Where in Salesforce the app is made; it moved with the years.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, ts_rs::TS)]
#[serde(rename_all = "snake_case")]
pub enum Generation {
    /// External Client App Manager.
    #[default]
    ExternalClientApp,
    /// App Manager in Lightning, for Connected Apps.
    Lightning,
    /// Setup in Salesforce Classic, Create, Apps.
    Classic,
}

/// A set-up that has been begun. There is no place for a secret in it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS)]
pub struct Draft {
    /// Its number; 0 for a new one.
    pub number: u32,
    /// The connection's name.
    pub name: String,
    /// How it signs in.
    pub flow: Flow,
    /// The address as it was typed.
    pub host: String,
    /// The consumer key as it was pasted.
    pub client_id: String,
    /// Who signs in, as it was typed.
    #[serde(default)]
    pub username: String,
    /// Id of the key that signs in.
    #[serde(default)]
    pub key: Option<String>,
    /// When the consumer key was pasted, UTC milliseconds: a new app needs some minutes.
    pub key_pasted_at: Option<i64>,
    /// The contact email of the app.
    #[serde(default)]
    pub contact_email: String,
    /// Which scopes the app gets.
    #[serde(default)]
    pub scopes: ScopePreset,
    /// The callback's port.
    pub callback_port: Option<u16>,
    /// Where in Salesforce the app is made.
    pub generation: Generation,
    /// Steps that were ticked.
    pub ticked: Vec<SetUpStep>,
    /// The connection that has come of it, which nobody has signed in to yet.
    pub connection: Option<String>,
    /// When it was changed last, UTC milliseconds; set when it is saved.
    pub changed_at: i64,
}

/// Returns the set-ups that have been begun, the eldest first.
pub fn drafts(workspace: &Workspace) -> Result<Vec<Draft>> {
    let kept = workspace
        .store()
        .read(|reader| reader.connection_drafts())?;
    // What a later version has written in another form is left alone.
    Ok(kept.iter().filter_map(read).collect())
}

fn read(kept: &ConnectionDraft) -> Option<Draft> {
    let draft: Draft = serde_json::from_str(&kept.body).ok()?;
    Some(Draft {
        number: kept.number,
        ..draft
    })
}

/// Keeps a set-up as it is now, and returns it with its number.
///
/// # Errors
/// When a text is far too long, there are far too many, or the workspace cannot be written.
pub fn save_draft(workspace: &Workspace, draft: &Draft) -> Result<Draft> {
    let texts = [
        &draft.name,
        &draft.host,
        &draft.client_id,
        &draft.username,
        &draft.contact_email,
    ];
    if texts.iter().any(|text| text.len() > LONGEST) || draft.ticked.len() > MOST {
        return Err(Error::usage(
            "the pasted text is too long for this field",
            "copy only the value, and paste it again",
        ));
    }
    let mut draft = Draft {
        changed_at: workspace.host().now(),
        ..draft.clone()
    };
    workspace.store().write(|writer| {
        if draft.number == 0 {
            let kept = writer.connection_drafts()?;
            if kept.len() >= MOST {
                return Err(Error::usage(
                    "too many setups are unfinished",
                    "finish or discard one of them first",
                ));
            }
            draft.number = kept.iter().map(|kept| kept.number).max().unwrap_or(0) + 1;
        }
        let body = serde_json::to_string(&draft).map_err(|error| {
            Error::usage("the setup can't be saved", "try again").because(error.to_string())
        })?;
        let number = draft.number;
        writer.save_connection_draft(&ConnectionDraft { number, body })?;
        Ok::<_, Error>(())
    })?;
    Ok(draft)
}

/// Forgets the set-ups that have come to an end with a connection of this name.
pub(super) fn finish_drafts(workspace: &Workspace, connection: &str) -> Result<()> {
    let is_of = |draft: &Draft| draft.connection.as_deref() == Some(connection);
    for draft in drafts(workspace)?.into_iter().filter(is_of) {
        discard_draft(workspace, draft.number)?;
    }
    Ok(())
}

/// Forgets a set-up; one that is not there is no error.
pub fn discard_draft(workspace: &Workspace, number: u32) -> Result<()> {
    let store = workspace.store();
    Ok(store.write(|writer| writer.remove_connection_draft(number))?)
}
