//! What a template gives for a sample contact.

use leadferry_replication::mapping::{Finding, preview_template as preview};
use leadferry_store::Guid;
use serde::Serialize;

use super::desk::{MappingDesk, SampleContact};
use crate::{Result, Workspace};

/// A template as it would be sent for one contact.
#[derive(Debug, Clone, PartialEq, Serialize, ts_rs::TS)]
pub struct TemplatePreview {
    /// The text; `None` where there is no contact yet, or the template can't be used.
    pub text: Option<String>,
    /// The contact.
    pub contact: Option<SampleContact>,
    /// What is wrong with the template.
    pub fault: Option<Finding>,
}

/// Renders a template for a contact: the named one, else the first that may be sent.
///
/// # Errors
/// When there is no such replication.
pub fn preview_template(
    workspace: &Workspace,
    replication: &str,
    template: &str,
    sample: Option<&Guid>,
) -> Result<TemplatePreview> {
    workspace.store().read(|reader| {
        let desk = MappingDesk::load(reader, replication, sample)?;
        let names = desk.names();
        let (text, fault) = match preview(template, desk.facts(&names)) {
            Ok(text) => (text, None),
            Err(fault) => (None, Some(fault)),
        };
        Ok(TemplatePreview {
            text,
            contact: desk.sample(),
            fault,
        })
    })
}
