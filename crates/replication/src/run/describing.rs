//! Looks whether the org's fields have changed, before anything is sent and where a refusal says so.

use std::sync::Arc;

use leadferry_salesforce::Described;

use super::{Conductor, Stop, StopKind};
use crate::setup::Setup;
use crate::{Error, Result};

/// How a describe is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Ask {
    /// Only if the org says that it has changed.
    IfChanged,
    /// In any case: a change of rights need not count as a change of the object.
    Anew,
}

impl Conductor<'_> {
    /// Asks whether the org's object has changed, before anything is sent; considers everything anew if it has.
    pub(super) async fn describe_is_fresh(&mut self) -> Result<bool> {
        for _ in 0..2 {
            match self.describe_or_stop().await? {
                Some(false) => return Ok(true),
                Some(true) => {}
                None => return Ok(false),
            }
            let now = (self.clock)();
            match self
                .store
                .read(|reader| Setup::load(reader, self.setup.replication.id, now))
            {
                Ok(setup) => {
                    self.setup = Arc::new(setup);
                    self.only_no = None;
                }
                Err(error) => {
                    let stop = match error {
                        Error::Mapping(findings) => Stop::mapping(&findings),
                        Error::Settings(fault) => Stop::settings(fault),
                        error => return Err(error),
                    };
                    if !self.goes_on_with_no(stop, now)? {
                        return Ok(false);
                    }
                }
            }
            self.begin_entering()?;
        }
        Ok(true)
    }

    /// Goes on with nothing but a no, where the replication can't be used any more; returns whether there is anything to go on
    /// with.
    fn goes_on_with_no(&mut self, stop: Stop, now: i64) -> Result<bool> {
        let id = self.setup.replication.id;
        match self
            .store
            .read(|reader| Setup::load_only_no(reader, id, now))?
        {
            Some(setup) => {
                self.setup = Arc::new(setup);
                self.only_no = Some(stop);
                Ok(true)
            }
            None => {
                self.report.stopped = Some(stop);
                Ok(false)
            }
        }
    }

    /// Fetches the describe, waiting while the org is too busy; `None` when the run has to stop.
    async fn describe_or_stop(&mut self) -> Result<Option<bool>> {
        loop {
            match self.refresh_describe(Ask::IfChanged).await {
                Ok(changed) => {
                    self.org_works()?;
                    return Ok(Some(changed));
                }
                Err(Error::Salesforce(error)) if error.is_concurrent_limit() => {
                    self.take_refusal(&Error::Salesforce(error)).await?;
                }
                Err(error) => self.report.stopped = Some(Stop::of(&error)?),
            }
            if !self.may_go_on_later() {
                return Ok(None);
            }
            self.wait_out_pause().await;
        }
    }

    /// Fetches the describe; returns whether it has changed.
    async fn refresh_describe(&self, ask: Ask) -> Result<bool> {
        let (connection, object) = (self.org.connection, self.setup.replication.object.as_str());
        let kept = self
            .store
            .read(|reader| reader.describe(connection, object))?;
        let dated = kept.as_ref().filter(|_| ask == Ask::IfChanged);
        let since = dated.and_then(|kept| kept.last_modified.as_deref());
        match self.org.client.describe(object, since).await? {
            Described::NotModified => {
                self.store
                    .write(|writer| writer.confirm_describe(connection, object, (self.clock)()))?;
                Ok(false)
            }
            Described::Fresh {
                last_modified, raw, ..
            } => {
                let version = self.store.write(|writer| {
                    writer.save_describe(
                        connection,
                        object,
                        last_modified.as_deref(),
                        &raw,
                        (self.clock)(),
                    )
                })?;
                Ok(version != self.setup.versions.describe)
            }
        }
    }

    /// Reads the describe again and stops the run if the mapping does not fit it any more.
    pub(super) async fn check_fields(&mut self) -> Result<()> {
        match self.refresh_describe(Ask::Anew).await {
            Ok(_) => {
                let (id, now) = (self.setup.replication.id, (self.clock)());
                let stop = match self.store.read(|reader| Setup::load(reader, id, now)) {
                    Err(Error::Mapping(findings)) => Some(Stop::mapping(&findings)),
                    Err(Error::Settings(fault)) => Some(Stop::settings(fault)),
                    Err(error) => return Err(error),
                    // The fields changed under the run: what is in the queue is considered anew by the next one.
                    Ok(setup) if setup.versions != self.setup.versions => Some(Stop {
                        kind: StopKind::SetUp,
                        message: "the org's fields changed during the run".into(),
                        cure: "check the plan again, then run".into(),
                    }),
                    Ok(_) => None,
                };
                if let Some(stop) = stop {
                    self.stop(stop);
                }
            }
            Err(error) => self.stop(Stop::of(&error)?),
        }
        Ok(())
    }
}
