//! What a replication can still send while it can't be used as it is: a no.

use jiff::tz::TimeZone;
use leadferry_store::{
    Candidate, Considered, Cursor, Reader, Replication, ReplicationId, Selection, Store, Versions,
};

use super::{
    KnownNames, Setup, beside, contacts_follow, no_email, read_fields, read_purposes,
    read_segments, target_object,
};
use crate::mapping::{Mapping, Names, Severity, check, compile, day};
use crate::plan::PAGE;
use crate::planning::{Judgement, judge};
use crate::targets::TargetObject;
use crate::{Error, Result, Settings};

impl Setup {
    /// Loads what a replication that can't be used as it is can still send: the rows of its mapping that say no, as far as
    /// they are sound. `None` where there are none.
    ///
    /// # Errors
    /// When the workspace can't be read.
    pub(crate) fn load_only_no(
        reader: &Reader<'_>,
        id: ReplicationId,
        now: i64,
    ) -> Result<Option<Self>> {
        let replication = reader.replication(id)?;
        let settings = Settings::from_json(&replication.settings)?;
        let settings = Settings {
            create_missing: false,
            deleted_here: None,
            batch_size: settings.batch_size.clamp(1, 200),
            in_flight: settings.in_flight.clamp(1, 10),
            ..settings
        };
        let target = target_object(reader, replication.connection, &replication.object)?;
        let Ok(whole) = Mapping::parse(&reader.mapping(id)?.body) else {
            return Ok(None);
        };
        let zone = TimeZone::get(&reader.time_zone()?).unwrap_or(TimeZone::UTC);
        let today = day(now, &zone);
        let known = KnownNames::load(reader)?;
        let names = known.names();
        let rows = saying_no(whole.on(today), &names, &target, &settings);
        if rows.rows.is_empty() {
            return Ok(None);
        }
        let mapping = compile(&rows, &names, &target, &settings, &zone).map_err(Error::Mapping)?;
        let connection = replication
            .connection
            .map(|id| reader.connection(id))
            .transpose()?;
        let versions = versions(reader, &replication, whole.periods_passed(today))?;
        let selection = Selection::default();
        Ok(Some(Self {
            contacts_follow: contacts_follow(reader, &replication)?,
            beside: beside(reader, &replication, &target, &mapping)?,
            fields: read_fields(&mapping, &settings),
            scores: mapping.scores().to_vec(),
            segments: read_segments(&mapping, &selection, None),
            purposes: read_purposes(&mapping, &selection),
            no_email: no_email(reader, replication.connection)?,
            replication,
            settings,
            connection,
            target,
            mapping,
            versions,
            warnings: Vec::new(),
            selection,
            shared: None,
            only_no: true,
            farewell: None,
            closing: None,
        }))
    }
}

impl Setup {
    /// Tells whether a no is to be sent. Where none is, whoever was considered for that needn't be a second time.
    pub(crate) fn owes_no(&self, store: &Store, now: i64) -> Result<bool> {
        let id = self.replication.id;
        let scope = self.scope();
        let (seq, waits) = store.read(|reader| -> Result<_> {
            let due = reader.due_contacts(id, now, 1, Some(self.versions.mapping))?;
            // What became of an earlier request is found out first, and looked at once more later.
            let is_open = match self.org_id() {
                Some(org_id) => {
                    !reader.open_batches(org_id)?.is_empty()
                        || !reader.batches_to_read_back(org_id, now)?.is_empty()
                }
                None => false,
            };
            Ok((reader.sequence()?, is_open || !due.is_empty()))
        })?;
        if waits {
            return Ok(true);
        }
        let mut cursor = Cursor::default();
        loop {
            let (ids, next) =
                store.read(|reader| reader.selection_page(id, &scope, cursor, PAGE))?;
            if ids.is_empty() {
                break;
            }
            cursor = next;
            let candidates = store.read(|reader| reader.candidates(&self.query(), &ids))?;
            let owed =
                |candidate: &Candidate| !matches!(judge(candidate, self), Judgement::LeftOut);
            if candidates.iter().any(owed) {
                return Ok(true);
            }
        }
        let versions = self.versions;
        store.write(|writer| writer.set_considered(id, Considered { seq, versions }))?;
        Ok(false)
    }
}

/// Tells whether a replication that can't be used as it is has a no to send.
///
/// # Errors
/// When the workspace can't be read.
pub fn owes_no(store: &Store, id: ReplicationId, now: i64) -> Result<bool> {
    let setup = store.read(|reader| Setup::load_only_no(reader, id, now))?;
    setup.map_or(Ok(false), |setup| setup.owes_no(store, now))
}

/// Returns the sound rows that say whether somebody allows something.
fn saying_no(
    mapping: Mapping,
    names: &Names<'_>,
    target: &TargetObject,
    settings: &Settings,
) -> Mapping {
    let mut sound = Mapping::default();
    for row in mapping.rows {
        if row.source.says_no_with().is_none() {
            continue;
        }
        sound.rows.push(row);
        let findings = check(&sound, names, target, settings);
        if findings.iter().any(|one| one.severity == Severity::Error) {
            sound.rows.pop();
        }
    }
    sound
}

/// Returns the versions with the mapping's negated. Whoever is considered with them is considered again once the replication
/// can be used, and the queue tells them from those who wait for that.
fn versions(reader: &Reader<'_>, replication: &Replication, periods: i64) -> Result<Versions> {
    Ok(Versions {
        settings: replication.settings_version,
        mapping: -replication.mapping_version,
        describe: reader.describe_version(replication.connection, &replication.object)?,
        periods,
    })
}
