//! Who is signed in, and where.

use serde::{Deserialize, Serialize};

use crate::wire::or_default;
use crate::{Client, Error, Id, Result};
use crate::{request, soql};

/// Who is signed in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct UserInfo {
    /// The user's record.
    pub user_id: Id,
    /// The org.
    pub organization_id: Id,
    /// The name they sign in with; looks like an e-mail address.
    #[serde(alias = "preferred_username", default, deserialize_with = "or_default")]
    pub username: String,
    /// Their name.
    #[serde(alias = "display_name", default, deserialize_with = "or_default")]
    pub name: String,
    /// Their e-mail address.
    #[serde(default)]
    pub email: Option<String>,
    /// Such as `STANDARD`.
    #[serde(default)]
    pub user_type: Option<String>,
    /// Such as `en_US`.
    #[serde(default)]
    pub language: Option<String>,
    /// Such as `de_AT`.
    #[serde(default)]
    pub locale: Option<String>,
}

/// The signed-in user, as their own record has them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OwnUser {
    /// Their name.
    pub name: String,
    /// Their profile, such as `System Administrator`.
    pub profile: Option<String>,
}

/// The org itself.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Organization {
    /// Its id, starting with `00D`.
    pub id: Id,
    /// Its name.
    pub name: String,
    /// Its edition, such as `Developer Edition`.
    pub organization_type: String,
    /// Whether it is a sandbox.
    pub is_sandbox: bool,
}

impl Client {
    /// Returns who is signed in, from the `userinfo` resource.
    pub async fn user_info(&self) -> Result<UserInfo> {
        self.send(&request::user_info()).await?.json()
    }

    /// Returns who is signed in, from the identity resource; falls back on `userinfo` where the session lacks ids, and
    /// on the user's record where the session may not read its identity.
    pub async fn identity(&self) -> Result<UserInfo> {
        let session = self.session().await?;
        let (Some(org), Some(user)) = (session.org_id, session.user_id) else {
            return self.user_info().await;
        };
        match self.send(&request::identity(&org, &user)).await {
            Ok(answer) => answer.json(),
            // No source says that the scope `api` alone opens the identity resource.
            Err(refused) if refused.needs_sign_in() => {
                self.user_record(org, user).await.map_err(|_| refused)
            }
            Err(error) => Err(error),
        }
    }

    async fn user_record(&self, org: Id, user: Id) -> Result<UserInfo> {
        let soql = format!(
            "SELECT Username, Name FROM User WHERE Id = {}",
            soql::quote(user.as_str())
        );
        let records = self.query(&soql).await?;
        let text = |field| {
            let record = records.first();
            record
                .and_then(|record| record.text(field))
                .unwrap_or_default()
        };
        Ok(UserInfo {
            username: text("Username").to_owned(),
            name: text("Name").to_owned(),
            user_id: user,
            organization_id: org,
            email: None,
            user_type: None,
            language: None,
            locale: None,
        })
    }

    /// Returns the signed-in user's name and profile.
    pub async fn own_user(&self) -> Result<OwnUser> {
        let user = match self.session().await?.user_id {
            Some(user) => user,
            None => self.user_info().await?.user_id,
        };
        let soql = format!(
            "SELECT Name, Profile.Name FROM User WHERE Id = {}",
            soql::quote(user.as_str())
        );
        let records = self.query(&soql).await?;
        let record = records.first();
        let profile = record.and_then(|record| record.path("Profile.Name")?.as_str());
        Ok(OwnUser {
            name: record
                .and_then(|record| record.text("Name"))
                .unwrap_or_default()
                .to_owned(),
            profile: profile.map(str::to_owned),
        })
    }

    /// Returns the org's name, edition and kind.
    pub async fn organization(&self) -> Result<Organization> {
        let soql = "SELECT Id, Name, OrganizationType, IsSandbox FROM Organization";
        let records = self.query(soql).await?;
        let organization = records.first().and_then(|record| {
            let text = |field| record.text(field).unwrap_or_default().to_owned();
            Some(Organization {
                id: record.id()?,
                name: text("Name"),
                organization_type: text("OrganizationType"),
                is_sandbox: record.boolean("IsSandbox").unwrap_or_default(),
            })
        });
        organization.ok_or_else(|| Error::Unreadable {
            status: 200,
            reason: "no organization record".to_owned(),
            excerpt: String::new(),
        })
    }
}
