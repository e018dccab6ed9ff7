//! `mappings.…`: which value goes to which field.

use leadferry_store::Guid;
use serde::Deserialize;

use super::table::{Named, commands};
use crate::mappings::{
    self, AutoMatched, Checked, Choices, Direction, Edit, FieldDrift, GridRequest, MapValues,
    MappingGrid, MappingInfo, Pasted, RowTroubles, SampleContact, TemplateName, TemplatePreview,
};

commands! {
    /// Shows the mapping in force.
    "mappings.show" (Named) -> MappingInfo = |at, request| mappings::show(at.workspace()?, &request.name);
    /// Checks a text, or the mapping in force, against the fields that are known.
    "mappings.check" (CheckText) -> Checked = |at, request| {
        mappings::look_at_parents(at.workspace()?, &request.name, request.text.as_deref()).await?;
        mappings::check(at.workspace()?, &request.name, request.text.as_deref())
    };
    /// Replaces the mapping by a text.
    "mappings.import" (MappingText) -> MappingInfo, stales ["mappings", "replications"] = |at, request| {
        mappings::look_at_parents(at.workspace()?, &request.name, Some(&request.text)).await?;
        mappings::import(at.workspace()?, &request.name, &request.text)
    };
    /// Shows the mapping in force as a grid.
    "mappings.grid" (ShowGrid) -> MappingGrid = |at, request| {
        let grid = GridRequest {
            likely: request.likely.unwrap_or_default(),
            sample: request.sample,
            ..GridRequest::default()
        };
        mappings::try_grid(at.workspace()?, &request.name, &grid)
    };
    /// Shows a mapping that is not saved yet as a grid, after changes to it.
    "mappings.try" (TryGrid) -> MappingGrid = |at, request| {
        let grid = GridRequest {
            text: Some(request.text),
            edits: request.edits.unwrap_or_default(),
            likely: request.likely.unwrap_or_default(),
            sample: request.sample,
        };
        mappings::try_grid(at.workspace()?, &request.name, &grid)
    };
    /// Saves a mapping that was tried; it may still lack what a run needs.
    "mappings.save" (MappingText) -> (), stales ["mappings", "replications"] = |at, request| {
        mappings::look_at_parents(at.workspace()?, &request.name, Some(&request.text)).await?;
        mappings::save(at.workspace()?, &request.name, &request.text)
    };
    /// Returns the contact after or before another one; after the last comes the first.
    "mappings.samples" (WalkSamples) -> Option<SampleContact> = |at, request| {
        mappings::walk_samples(at.workspace()?, &request.name, &request.after, request.direction)
    };
    /// Returns what can be chosen for a target.
    "mappings.sources" (SourcesFor) -> Choices = |at, request| {
        mappings::sources(
            at.workspace()?,
            &request.name,
            &request.target,
            request.text.as_deref(),
            request.sample.as_ref(),
        )
    };
    /// Returns what the value map of a row can be made of: what contacts have and how often, and what the org offers.
    "mappings.values" (ValuesFor) -> MapValues = |at, request| {
        mappings::values(at.workspace()?, &request.name, &request.target, request.text.as_deref())
    };
    /// Returns how the values of the contacts that the replication selects fit the fields, for a text or the mapping in force.
    "mappings.troubles" (CheckText) -> RowTroubles = |at, request| {
        mappings::troubles(at.workspace()?, &request.name, request.text.as_deref())
    };
    /// Returns the names that templates know.
    "mappings.template_names" (OfSample) -> Vec<TemplateName> = |at, request| {
        mappings::template_names(at.workspace()?, &request.name, request.sample.as_ref())
    };
    /// Renders a template for a sample contact, or says what is wrong with it; saves nothing.
    "mappings.preview_template" (PreviewTemplate) -> TemplatePreview = |at, request| {
        let sample = request.sample.as_ref();
        mappings::preview_template(at.workspace()?, &request.name, &request.template, sample)
    };
    /// Fills what is certain and proposes what is likely for fields that have no source; saves nothing.
    "mappings.auto_match" (CheckText) -> AutoMatched = |at, request| {
        mappings::auto_match(at.workspace()?, &request.name, request.text.as_deref())
    };
    /// Tells what a pasted text would set, line by line; saves nothing.
    "mappings.paste" (PasteText) -> Pasted = |at, request| {
        mappings::paste(at.workspace()?, &request.name, request.text.as_deref(), &request.pasted)
    };
    /// Returns what has changed about the org's fields since the user last saw it, for one replication or for all.
    "mappings.drift" (DriftOf) -> Vec<FieldDrift> = |at, request| {
        mappings::drift(at.workspace()?, request.name.as_deref())
    };
    /// Keeps that the user has seen what has changed for a replication.
    "mappings.seen_drift" (Named) -> (), stales ["mappings"] = |at, request| {
        mappings::seen_drift(at.workspace()?, &request.name)
    };
}

#[derive(Debug, Deserialize, ts_rs::TS)]
#[ts(optional_fields)]
pub(crate) struct PreviewTemplate {
    /// The replication.
    name: String,
    /// The template.
    template: String,
    /// The contact for whom it is rendered.
    sample: Option<Guid>,
}

#[derive(Debug, Deserialize, ts_rs::TS)]
#[ts(optional_fields)]
pub(crate) struct ShowGrid {
    /// The replication.
    name: String,
    /// Rows that are proposed and not yet confirmed, as text.
    likely: Option<String>,
    /// The contact whose values are shown; the first without.
    sample: Option<Guid>,
}

#[derive(Debug, Deserialize, ts_rs::TS)]
#[ts(optional_fields)]
pub(crate) struct TryGrid {
    /// The replication.
    name: String,
    /// One row a line.
    text: String,
    /// What is to be changed about it first.
    edits: Option<Vec<Edit>>,
    /// Rows that are proposed and not yet confirmed, as text.
    likely: Option<String>,
    /// The contact whose values are shown; the first without.
    sample: Option<Guid>,
}

#[derive(Debug, Deserialize, ts_rs::TS)]
pub(crate) struct WalkSamples {
    /// The replication.
    name: String,
    /// The guid of the contact to go on from.
    after: Guid,
    /// Which way.
    direction: Direction,
}

#[derive(Debug, Deserialize, ts_rs::TS)]
#[ts(optional_fields)]
pub(crate) struct SourcesFor {
    /// The replication.
    name: String,
    /// The target.
    target: String,
    /// One row a line; the mapping in force without.
    text: Option<String>,
    /// The contact whose values are shown; the first without.
    sample: Option<Guid>,
}

#[derive(Debug, Deserialize, ts_rs::TS)]
#[ts(optional_fields)]
pub(crate) struct ValuesFor {
    /// The replication.
    name: String,
    /// The target.
    target: String,
    /// One row a line; the mapping in force without.
    text: Option<String>,
}

#[derive(Debug, Deserialize, ts_rs::TS)]
#[ts(optional_fields)]
pub(crate) struct OfSample {
    /// The replication.
    name: String,
    /// The contact whose values are shown; the first without.
    sample: Option<Guid>,
}

#[derive(Debug, Deserialize, ts_rs::TS)]
#[ts(optional_fields)]
pub(crate) struct PasteText {
    /// The replication.
    name: String,
    /// One row a line; the mapping in force without.
    text: Option<String>,
    /// What was pasted.
    pasted: String,
}

#[derive(Debug, Deserialize, ts_rs::TS)]
#[ts(optional_fields)]
pub(crate) struct DriftOf {
    /// The replication; all without.
    name: Option<String>,
}

#[derive(Debug, Deserialize, ts_rs::TS)]
#[ts(optional_fields)]
pub(crate) struct CheckText {
    /// The replication.
    name: String,
    /// One row a line; the mapping in force without.
    text: Option<String>,
}

#[derive(Debug, Deserialize, ts_rs::TS)]
pub(crate) struct MappingText {
    /// The replication.
    name: String,
    /// One row a line.
    text: String,
}
