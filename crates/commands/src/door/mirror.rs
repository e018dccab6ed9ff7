//! `mirror.…`: what pulls have read, and a look at the org's objects before any pull.

use super::table::{Nothing, commands};
use crate::mirror::{
    self, AskBeside, AskOrgObjects, AskProfile, AskRecords, Askable, BesideContact,
    MirroredObjects, MirroredRecord, ObjectProfile, OrgObjects, RecordsListed,
};

commands! {
    /// Returns the mirrored objects with their counts.
    "mirror.objects" (Nothing) -> MirroredObjects = |at, _| mirror::objects(at.workspace()?);
    /// Returns the objects of an org that can be pulled, with about how many records each has. Two calls.
    "mirror.org_objects" (AskOrgObjects) -> OrgObjects, asks org = |at, request| {
        mirror::org_objects(at.workspace()?, &request).await
    };
    /// Returns records of an object: a page of the mirror, or 20 rows of the org where it isn't mirrored.
    "mirror.list" (AskRecords) -> RecordsListed, asks org = |at, request| mirror::list(at.workspace()?, &request).await;
    /// Returns a record of the mirror.
    "mirror.show" (OneRecord) -> MirroredRecord = |at, request| mirror::show(at.workspace()?, &request.id);
    /// Returns what the mirror holds of the records that a contact is linked to; read anew from the org on request.
    "mirror.of_contact" (AskBeside) -> BesideContact, asks org = |at, request| mirror::of_contact(at.workspace()?, &request).await;
    /// Returns what segments, filters, mappings, templates and exports can ask of the mirror.
    "mirror.askable" (Nothing) -> Askable = |at, _| mirror::askable(at.workspace()?);
    /// Returns what the fields of an object hold.
    "mirror.profile" (AskProfile) -> ObjectProfile, asks org = |at, request| mirror::profile(at.workspace()?, &request).await;
}

/// A record of the mirror.
#[derive(Debug, serde::Deserialize, ts_rs::TS)]
pub(crate) struct OneRecord {
    /// Its id, of 15 or 18 characters.
    id: String,
}
