//! Proves that the mirror holds as many live records as the org, and finds out which ones differ where it doesn't.

use leadferry_salesforce::soql;
use leadferry_store::{MirrorRecord, crash_point};

use super::{Prepared, Reading};
use crate::Result;
use crate::pulling::{self, From};

/// Records that are asked for by id in one query: their ids must fit into an address.
const IDS: usize = 200;

impl Reading<'_> {
    /// Compares the counts; compares the ids where they differ.
    pub(super) async fn prove(&mut self, prepared: &Prepared, in_org: u64) -> Result<()> {
        self.done.in_org = Some(in_org);
        if self.live(&prepared.mirror)? != in_org {
            self.compare(prepared).await?;
        }
        self.done.in_mirror = Some(self.live(&prepared.mirror)?);
        Ok(())
    }

    /// Reads the ids of all live records. What the mirror lacks is read, what the org lacks is gone.
    async fn compare(&mut self, prepared: &Prepared) -> Result<()> {
        let client = &self.setup.org.client;
        let mut progress = self.setup.store.read(|reader| self.progress(reader))?;
        progress.pass = self.fresh_pass(&prepared.mirror, &progress)?;
        let mut page = client.first_page(&prepared.question.ids(), false).await?;
        let total = page.total;
        let mut seen = 0;
        loop {
            let ids: Vec<String> = page
                .records
                .iter()
                .filter_map(|record| Some(record.id()?.as_str().to_owned()))
                .collect();
            seen += ids.len() as u64;
            let unknown = self
                .setup
                .store
                .write(|writer| writer.note_seen(&prepared.mirror, &ids, progress.pass))?;
            self.read_missing(prepared, &unknown, progress.pass).await?;
            crash_point("pull.compared");
            let Some(cursor) = page.next else { break };
            self.check_goes_on()?;
            page = client.next_page(&cursor).await?;
        }
        self.done.in_org = Some(seen.max(total));
        let mut done = self.done.clone();
        let (pull, run, object) = (self.setup.pull.id, self.run, &self.object.object);
        self.setup.store.write(|writer| {
            done.gone += writer.mark_unseen_gone(&prepared.mirror, progress.pass)?;
            writer.set_pull_progress(pull, object, &progress)?;
            writer.note_pull_run(run, &done)
        })?;
        self.done = done;
        Ok(())
    }

    async fn read_missing(&mut self, prepared: &Prepared, ids: &[String], pass: i64) -> Result<()> {
        for part in ids.chunks(IDS) {
            let list = soql::list(part.iter().map(String::as_str));
            let mut question = prepared.question.clone();
            question.filter = Some(format!("Id IN {list}"));
            let client = &self.setup.org.client;
            let page = client
                .first_page(&question.soql(&From::Start), question.all)
                .await?;
            let records: Vec<MirrorRecord> = page
                .records
                .iter()
                .filter_map(|record| pulling::record(record, &question))
                .collect();
            self.done.read += records.len() as u64;
            let mut progress = self.setup.store.read(|reader| self.progress(reader))?;
            progress.pass = pass;
            let fresh = super::newcomers(&page.records);
            self.write(prepared, &progress, &records, &fresh, false)?;
        }
        Ok(())
    }
}
