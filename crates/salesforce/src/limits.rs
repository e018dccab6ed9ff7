//! The org's limits on calls and storage.

use serde::{Deserialize, Serialize};

use crate::request;
use crate::wire::list;
use crate::{Client, Error, Result};

/// More objects than any org has.
const MAX_OBJECTS: usize = 20_000;

/// Calls used and allowed within 24 hours, as every answer tells.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct ApiUsage {
    /// Calls used.
    pub used: u64,
    /// Calls allowed.
    pub max: u64,
}

impl ApiUsage {
    /// Reads a `Sforce-Limit-Info` header, such as `api-usage=10018/100000`.
    pub fn parse(header: &str) -> Option<ApiUsage> {
        let (_, rest) = header.split_once("api-usage=")?;
        let (used, rest) = rest.split_once('/')?;
        let end = rest
            .find(|c: char| !c.is_ascii_digit())
            .unwrap_or(rest.len());
        Some(ApiUsage {
            used: used.trim().parse().ok()?,
            max: rest[..end].parse().ok()?,
        })
    }
}

/// One limit of the org.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all(deserialize = "PascalCase"))]
pub struct Limit {
    /// How much is allowed; may be negative for *unlimited*.
    pub max: i64,
    /// How much is left; negative where a soft limit is passed.
    pub remaining: i64,
}

/// The limits that matter here; None where this user may not read them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Limits {
    /// API calls within 24 hours.
    #[serde(rename(deserialize = "DailyApiRequests"), default)]
    pub daily_api_requests: Option<Limit>,
    /// Data storage in megabytes.
    #[serde(rename(deserialize = "DataStorageMB"), default)]
    pub data_storage_mb: Option<Limit>,
}

impl Client {
    /// Reads the org's limits; both are None for a user who may not see them.
    pub async fn limits(&self) -> Result<Limits> {
        let request = request::limits(self.api_version().await?);
        match self.send(&request).await {
            Ok(answer) => answer.json(),
            Err(Error::Refused {
                status: 403,
                errors,
            }) if errors.iter().all(is_about_rights) => Ok(Limits::default()),
            Err(error) => Err(error),
        }
    }
}

impl Client {
    /// Returns about how many records each object has, as the org last counted them.
    ///
    /// # Source
    /// REST API Developer Guide, "Record Count".
    pub async fn record_counts(&self) -> Result<Vec<(String, u64)>> {
        #[derive(Deserialize)]
        struct Counted {
            name: String,
            count: u64,
        }
        #[derive(Deserialize)]
        #[serde(rename_all = "camelCase")]
        struct Counts {
            #[serde(deserialize_with = "list::<_, _, MAX_OBJECTS>")]
            s_objects: Vec<Counted>,
        }
        let request = request::record_counts(self.api_version().await?);
        let counts: Counts = self.send(&request).await?.json()?;
        let counts = counts.s_objects.into_iter();
        Ok(counts.map(|one| (one.name, one.count)).collect())
    }
}

fn is_about_rights(error: &crate::RowError) -> bool {
    error.treatment() != crate::Treatment::StopRun
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn usage_is_read_from_the_header() {
        let usage = |used, max| Some(ApiUsage { used, max });
        assert_eq!(ApiUsage::parse("api-usage=18/5000"), usage(18, 5000));
        let with_app = "api-usage=25/5000; per-app-api-usage=17/250(appName=sample)";
        assert_eq!(ApiUsage::parse(with_app), usage(25, 5000));
        for text in [
            "",
            "api-usage=",
            "api-usage=1",
            "api-usage=x/y",
            "api-usage=1/ü",
        ] {
            assert_eq!(ApiUsage::parse(text), None, "{text}");
        }
    }
}
