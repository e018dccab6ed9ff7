//! Which contacts an act is about: some by name, or all that a filter lets through.

use std::collections::BTreeSet;

use leadferry_store::{ContactId, Reader};
use serde::Deserialize;

use super::changing::found;
use super::listing::{ContactsFilter, MOST_CHOSEN, filter};
use crate::{Error, Result};

/// Which contacts an act is about.
#[derive(Debug, Clone, PartialEq, Deserialize, ts_rs::TS)]
#[serde(untagged)]
#[ts(rename = "ChosenContacts")]
pub enum Chosen {
    /// These, by guid or email; 10,000 at most.
    Named {
        /// Guids or emails.
        contacts: Vec<String>,
    },
    /// However many a filter lets through at that moment.
    Filtered {
        /// The filter.
        filter: ContactsFilter,
        /// Those to leave out, by guid or email; 10,000 at most.
        except: Vec<String>,
    },
}

impl Chosen {
    /// Chooses some by guid or email.
    pub fn named<I: IntoIterator<Item: Into<String>>>(contacts: I) -> Self {
        Self::Named {
            contacts: contacts.into_iter().map(Into::into).collect(),
        }
    }

    /// Chooses all that a filter lets through.
    pub fn filtered(filter: ContactsFilter) -> Self {
        Self::Filtered {
            filter,
            except: Vec::new(),
        }
    }

    /// Returns who they are in this transaction: in the order in which they are named, else in the order of their ids.
    pub(super) fn ids(&self, reader: &Reader<'_>) -> Result<Vec<ContactId>> {
        match self {
            Self::Named { contacts } => {
                check_few(contacts)?;
                Ok(found(reader, contacts)?)
            }
            Self::Filtered {
                filter: wanted,
                except,
            } => {
                let left_out = left_out(reader, except)?;
                let mut ids = reader.listed(&filter(reader, wanted)?)?;
                ids.retain(|id| !left_out.contains(id));
                Ok(ids)
            }
        }
    }
}

/// Returns who is left out of a filter; somebody who is not there any more needs no leaving out.
pub(super) fn left_out(reader: &Reader<'_>, except: &[String]) -> Result<BTreeSet<ContactId>> {
    check_few(except)?;
    let ids = except
        .iter()
        .filter_map(|contact| reader.find_contact(contact).ok());
    Ok(ids.collect())
}

fn check_few(contacts: &[String]) -> Result<()> {
    if contacts.len() <= MOST_CHOSEN {
        return Ok(());
    }
    Err(Error::usage(
        "These are too many contacts to name one by one.",
        format!("Name at most {MOST_CHOSEN}, or choose them with a filter."),
    ))
}
