//! The names of the workspace that a mapping can use, read from the store.

use leadferry_store::{
    AskedField, CustomField, MirrorField, PurposeId, Reader, ScoreId, SegmentId,
};

use crate::Result;
use crate::mapping::Names;

/// The names that a mapping can use, as [`Names`] lends them.
#[derive(Debug)]
pub struct KnownNames {
    /// The custom contact fields.
    pub custom: Vec<CustomField>,
    /// The scores with their names.
    pub scores: Vec<(ScoreId, String)>,
    /// The segments with their names.
    pub segments: Vec<(SegmentId, String)>,
    /// The purposes, preferences and preference values with their paths.
    pub purposes: Vec<(PurposeId, String)>,
    /// What pulls have read of the records that contacts are linked to.
    pub salesforce: Vec<(AskedField, MirrorField)>,
}

impl KnownNames {
    /// Reads all names of the workspace.
    pub fn load(reader: &Reader<'_>) -> Result<Self> {
        let scores = reader.scores()?.into_iter();
        let segments = reader.segments()?.into_iter();
        let purposes = reader.purposes()?.into_iter();
        Ok(Self {
            custom: reader.custom_fields()?,
            scores: scores.map(|score| (score.id, score.name)).collect(),
            segments: segments.map(|segment| (segment.id, segment.name)).collect(),
            purposes: purposes.map(|purpose| (purpose.id, purpose.path)).collect(),
            salesforce: reader.asked_fields()?,
        })
    }

    /// Lends the names.
    pub fn names(&self) -> Names<'_> {
        Names {
            custom: &self.custom,
            scores: &self.scores,
            segments: &self.segments,
            purposes: &self.purposes,
            salesforce: &self.salesforce,
        }
    }
}
