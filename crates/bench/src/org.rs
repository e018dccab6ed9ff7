//! The practice org in a process of its own, so that it never hides what a client costs.

use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, bail};
use leadferry_practice_org::{Owner, Secrets, built_in, owner, secrets};
use serde_json::{Value, json};

const PATIENCE: Duration = Duration::from_secs(20);

/// The org beside a workspace, served until it is dropped.
pub(crate) struct Org {
    serving: Child,
    owner: Owner,
    secrets: Secrets,
    http: reqwest::Client,
}

impl Org {
    /// Serves the org beside a workspace.
    ///
    /// # Errors
    /// When it does not come up.
    pub(crate) async fn serve(cli: &Path, workspace: &Path) -> Result<Org> {
        let mut serving = Command::new(cli)
            .args(["practice-org", "serve"])
            .env("LEADFERRY_WORKSPACE", workspace)
            .stdout(Stdio::null())
            .spawn()?;
        let begun = Instant::now();
        let file = file_of(workspace);
        while begun.elapsed() < PATIENCE {
            if let Ok(Some(owner)) = owner(&file).await {
                return Ok(Org {
                    serving,
                    owner,
                    secrets: secrets(&file)?,
                    http: reqwest::Client::builder().no_proxy().build()?,
                });
            }
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        serving.kill()?;
        bail!(
            "the practice org of {} does not come up",
            workspace.display()
        )
    }

    /// Returns where it is.
    pub(crate) fn address(&self) -> String {
        format!("http://localhost:{}", self.owner.port)
    }

    /// Signs in and returns the token.
    ///
    /// # Errors
    /// When the org refuses.
    pub(crate) async fn sign_in(&self) -> Result<String> {
        let form = [
            ("grant_type", "password"),
            ("client_id", built_in::CLIENT_ID),
            ("client_secret", &self.secrets.client_secret),
            ("username", built_in::USERNAME),
            ("password", &self.secrets.password),
        ];
        let url = format!("{}/services/oauth2/token", self.address());
        let answer: Value = self.http.post(url).form(&form).send().await?.json().await?;
        let token = answer["access_token"].as_str();
        Ok(token
            .with_context(|| format!("no sign-in: {answer}"))?
            .to_owned())
    }

    /// Lets every call take so long, the org's own work included.
    ///
    /// # Errors
    /// When the org refuses.
    pub(crate) async fn answer_after(&self, latency: Duration) -> Result<()> {
        self.fault(&json!({ "name": "duration", "ms": latency.as_millis() as u64 }))
            .await
    }

    /// Lets the org misbehave, or take its time.
    ///
    /// # Errors
    /// When the org refuses.
    pub(crate) async fn fault(&self, fault: &Value) -> Result<()> {
        let request = self
            .http
            .post(format!("{}/practice-org/admin/faults", self.address()));
        let request = request.header("X-Admin-Key", &self.owner.admin_key);
        request.json(fault).send().await?.error_for_status()?;
        Ok(())
    }

    /// Returns how many calls it was sent, those of its own admin left out.
    ///
    /// # Errors
    /// When it does not answer.
    pub(crate) async fn calls(&self) -> Result<u64> {
        let request = self
            .http
            .get(format!("{}/practice-org/admin/counters", self.address()));
        let request = request.header("X-Admin-Key", &self.owner.admin_key);
        let answer: Value = request.send().await?.json().await?;
        answer["requests"]
            .as_u64()
            .context("the org counts its requests")
    }
}

impl Drop for Org {
    fn drop(&mut self) {
        // It keeps nothing that is wanted any more.
        let _ = self.serving.kill();
        let _ = self.serving.wait();
    }
}

/// Returns the file of the org beside a workspace.
pub(crate) fn file_of(workspace: &Path) -> PathBuf {
    let mut name = workspace.as_os_str().to_owned();
    name.push(".practice-org.sqlite");
    name.into()
}
