//! Writes activities: whose each is, and of which type.

use std::collections::HashMap;

use leadferry_store::{ActivityTypeId, ContactId, ImportId, NewActivity, Writer, email_key};

use super::holding::Holds;
use super::rows::{Draft, Layout, Who};
use crate::imports::Result;
use crate::imports::gathering::{Content, Page};
use crate::imports::intake::{Done, Outcome, Writing};

/// Writes activities.
pub(super) struct Activities<'l> {
    import: ImportId,
    create_types: bool,
    layout: &'l Layout,
    /// Types that were not known before.
    pub(super) types_created: Vec<String>,
}

impl<'l> Activities<'l> {
    pub(super) fn new(import: ImportId, create_types: bool, layout: &'l Layout) -> Self {
        Self {
            import,
            create_types,
            layout,
            types_created: Vec::new(),
        }
    }

    fn activity(
        &mut self,
        writer: &Writer<'_>,
        draft: &Draft,
        known: &mut Known,
        now: i64,
    ) -> Result<Outcome> {
        let Some(kind) = self.kind(writer, &draft.kind, &mut known.kinds, now)? else {
            let reason = format!(
                "there's no activity type \"{}\". Add it, or allow new types",
                draft.kind
            );
            return Ok(Outcome::Invalid(self.layout.fault(Holds::Kind, reason)));
        };
        let new = NewActivity {
            kind,
            ..draft.new.clone()
        };
        let contact = match &draft.who {
            Who::Email(email) => {
                let contact = email_key(email).and_then(|key| known.people.get(&key));
                let Some(contact) = contact else {
                    writer.keep_waiting(email, &new, Some(self.import))?;
                    return Ok(Outcome::Updated);
                };
                *contact
            }
            Who::Guid(guid) => match writer.live_contact_by_guid(guid)? {
                Some(contact) => contact,
                None => {
                    let fault = self
                        .layout
                        .fault(Holds::Guid, "there's no contact with this guid");
                    return Ok(Outcome::Invalid(fault));
                }
            },
        };
        writer.insert_activity(contact, &new, Some(self.import))?;
        known.stamped.push(contact);
        Ok(Outcome::Created)
    }

    fn kind(
        &mut self,
        writer: &Writer<'_>,
        name: &str,
        kinds: &mut HashMap<String, Option<ActivityTypeId>>,
        now: i64,
    ) -> Result<Option<ActivityTypeId>> {
        let key = name.to_lowercase();
        if let Some(known) = kinds.get(&key) {
            return Ok(*known);
        }
        let kind = match writer.activity_type_named(name) {
            Ok(id) => Some(id),
            Err(leadferry_store::Error::NotFound { .. }) if self.create_types => {
                match writer.add_activity_type(name, "", now) {
                    Ok(id) => {
                        self.types_created.push(name.to_owned());
                        Some(id)
                    }
                    Err(leadferry_store::Error::Refused(_)) => None,
                    Err(error) => return Err(error.into()),
                }
            }
            Err(leadferry_store::Error::NotFound { .. }) => None,
            Err(error) => return Err(error.into()),
        };
        kinds.insert(key, kind);
        Ok(kind)
    }
}

impl Writing<Draft> for Activities<'_> {
    fn write(
        &mut self,
        writer: &Writer<'_>,
        page: &Page<Draft>,
        done: &mut Done<'_>,
    ) -> Result<()> {
        let mut known = Known {
            people: people(writer, page)?,
            ..Known::default()
        };
        for row in &page.rows {
            let outcome = match &row.content {
                Content::Blank => Outcome::Skipped,
                Content::Draft(draft) => self.activity(writer, draft, &mut known, done.now)?,
                Content::Faulty(fault) | Content::Written(fault) => Outcome::Invalid(fault.clone()),
            };
            if let (Content::Draft(draft), Outcome::Created | Outcome::Updated) =
                (&row.content, &outcome)
            {
                done.remarks.add(row.line, &draft.remarks);
            }
            done.row(row, outcome)?;
            if done.is_stopped() {
                break;
            }
        }
        let mut stamped = known.stamped;
        stamped.sort_unstable();
        stamped.dedup();
        Ok(writer.stamp_contacts(&stamped)?)
    }
}

/// What is known while a page is written.
#[derive(Default)]
struct Known {
    people: HashMap<String, ContactId>,
    kinds: HashMap<String, Option<ActivityTypeId>>,
    /// Contacts that got an activity.
    stamped: Vec<ContactId>,
}

/// Looks up everyone whom the page names by e-mail; of several with one e-mail the eldest.
fn people(writer: &Writer<'_>, page: &Page<Draft>) -> Result<HashMap<String, ContactId>> {
    let keys = page.drafts().filter_map(|draft| match &draft.who {
        Who::Email(email) => email_key(email),
        Who::Guid(_) => None,
    });
    let mut keys: Vec<String> = keys.collect();
    keys.sort_unstable();
    keys.dedup();
    let mut people = HashMap::new();
    for person in writer.people_by_email_keys(&keys)? {
        people.entry(person.email_key).or_insert(person.id);
    }
    Ok(people)
}
