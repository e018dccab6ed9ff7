//! Fields that were changed here and in Salesforce: listed with both values, and resolved by a choice.

use leadferry_replication::pull::{ConflictValues, Winner, conflict_values, resolve as decide};
use leadferry_store::{Conflict, ConflictCursor, ConflictQuery, Guid, Reader};
use serde::{Deserialize, Serialize};

use crate::imports::resolve_places;
use crate::people::people;
use crate::{Error, Result, Workspace, labels, mirror, values};

/// Conflicts on a page, unless another number is asked for.
const PAGE: usize = 50;
const LARGEST_PAGE: usize = 500;
/// Conflicts that are resolved in one transaction.
const STEP: usize = 500;

/// Whose value.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS)]
#[serde(rename_all = "snake_case")]
pub enum ConflictSide {
    /// The contact's.
    Here,
    /// The record's.
    There,
}

impl From<ConflictSide> for Winner {
    fn from(side: ConflictSide) -> Self {
        match side {
            ConflictSide::Here => Winner::Here,
            ConflictSide::There => Winner::There,
        }
    }
}

/// Which conflicts to list.
#[derive(Debug, Clone, Default, Deserialize, ts_rs::TS)]
#[ts(optional_fields)]
pub struct AskConflicts {
    /// Only those with the org of this connection.
    pub connection: Option<String>,
    /// Only those of this object.
    pub object: Option<String>,
    /// Only those of this contact, by guid or email.
    pub contact: Option<String>,
    /// Only those of this field, by API name.
    pub field: Option<String>,
    /// Those after this one.
    pub after: Option<ConflictCursor>,
    /// How many; 50 without.
    pub limit: Option<usize>,
}

impl AskConflicts {
    /// Tells whether certain conflicts are meant.
    fn is_narrow(&self) -> bool {
        self.contact.is_some() || self.object.is_some() || self.field.is_some()
    }
}

/// A field that was changed on both sides.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ts_rs::TS)]
pub struct ConflictLine {
    /// What names it.
    pub id: ConflictCursor,
    /// The contact.
    pub contact: Guid,
    /// The contact's name, else its email, else its company.
    pub name: String,
    /// Email.
    pub email: Option<String>,
    /// The record's object.
    pub object: String,
    /// The record.
    pub record_id: String,
    /// The contact field, as people read it.
    pub label: String,
    /// The value that both sides last had, where it is known.
    pub agreed: Option<String>,
    /// The contact's value.
    pub here: Option<String>,
    /// The record's value, as last read.
    pub there: Option<String>,
    /// Which of the two was changed later, as far as that is known.
    pub newer: Option<ConflictSide>,
    /// When it was found, UTC milliseconds.
    pub found_at: i64,
}

/// A page of conflicts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ts_rs::TS)]
pub struct ConflictsPage {
    /// The conflicts.
    pub conflicts: Vec<ConflictLine>,
    /// How many there are in all.
    pub total: u64,
    /// Ask with this as `after` for the next page; none on the last one.
    pub next: Option<ConflictCursor>,
}

/// What to choose for which conflicts.
#[derive(Debug, Clone, Deserialize, ts_rs::TS)]
#[ts(optional_fields)]
pub struct ResolveConflicts {
    /// Whose value counts.
    pub winner: ConflictSide,
    /// These; none for all that the other conditions mean.
    pub conflicts: Option<Vec<ConflictCursor>>,
    /// Which of them; all without a condition.
    #[serde(default)]
    #[ts(as = "Option<AskConflicts>")]
    pub which: AskConflicts,
}

/// What resolving came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ts_rs::TS)]
pub struct ConflictsResolved {
    /// Conflicts that are resolved.
    pub resolved: u64,
    /// Conflicts that are left.
    pub left: u64,
    /// Values that the contact field can't hold; these conflicts are left, too.
    pub unfit: u64,
}

/// Returns conflicts with both values.
///
/// # Errors
/// When there is no such connection or contact.
pub fn list(workspace: &Workspace, request: &AskConflicts) -> Result<ConflictsPage> {
    workspace.store().read(|reader| {
        let asked = Asked::of(reader, request)?;
        let limit = request.limit.unwrap_or(PAGE).clamp(1, LARGEST_PAGE);
        let mut found = reader.conflicts(&asked.query(request.after.as_ref(), limit + 1))?;
        let more = found.len() > limit;
        found.truncate(limit);
        let next = found.last().filter(|_| more).map(cursor);
        Ok(ConflictsPage {
            conflicts: lines(reader, found)?,
            total: reader.count_conflicts(&asked.query(None, 0))?,
            next,
        })
    })
}

fn cursor(conflict: &Conflict) -> ConflictCursor {
    ConflictCursor {
        link: conflict.link.id,
        field: conflict.field.clone(),
    }
}

fn lines(reader: &Reader<'_>, found: Vec<Conflict>) -> Result<Vec<ConflictLine>> {
    let values = conflict_values(reader, &found)?;
    let contacts: Vec<_> = found.iter().map(|one| one.link.contact).collect();
    let people = people(reader, &contacts)?;
    let mut lines = Vec::with_capacity(found.len());
    for (conflict, values) in found.into_iter().zip(values) {
        let Some(person) = people.get(&conflict.link.contact) else {
            continue;
        };
        lines.push(ConflictLine {
            id: cursor(&conflict),
            contact: person.guid.clone(),
            name: person.name.clone(),
            email: person.email.clone(),
            label: label(reader, &conflict, &values)?,
            here: here(&values),
            there: values
                .there
                .as_ref()
                .map(|(kind, value)| mirror::plain(*kind, value)),
            newer: values.newer.map(|newer| match newer {
                Winner::Here => ConflictSide::Here,
                Winner::There => ConflictSide::There,
            }),
            object: conflict.link.object,
            record_id: conflict.link.record_id,
            agreed: conflict.agreed,
            found_at: conflict.found_at,
        });
    }
    Ok(lines)
}

fn label(reader: &Reader<'_>, conflict: &Conflict, values: &ConflictValues) -> Result<String> {
    Ok(match values.to.as_slice() {
        [] => conflict.field.clone(),
        [field] => labels::field(&match field.built_in_name() {
            Some(name) => name.to_owned(),
            None => format!("custom:{}", reader.field_name(*field)?),
        }),
        _ => "Address".to_owned(),
    })
}

fn here(values: &ConflictValues) -> Option<String> {
    let set = values.here.iter().flatten().map(values::plain);
    let text = set.collect::<Vec<_>>().join(", ");
    (!text.is_empty()).then_some(text)
}

/// Resolves conflicts. The contact's value goes out with the next run; the record's value comes in at once.
///
/// # Errors
/// When there is no such connection or contact, or the record's values are wanted and no pull reads them any more.
pub fn resolve(workspace: &Workspace, request: &ResolveConflicts) -> Result<ConflictsResolved> {
    let store = workspace.store();
    let asked = store.read(|reader| Asked::of(reader, &request.which))?;
    let count = || store.read(|reader| reader.count_conflicts(&asked.query(None, 0)));
    let before = count()?;
    if before == 0 && request.which.is_narrow() {
        return Err(
            Error::usage("no conflict matches", "check the contact, object and field")
                .with_command("conflicts list"),
        );
    }
    let mut unfit = 0;
    let mut after: Option<ConflictCursor> = None;
    loop {
        let now = workspace.host().now();
        let last = store.write(|writer| {
            let found = writer.conflicts(&asked.query(after.as_ref(), STEP))?;
            let last = found.last().map(cursor);
            let chosen: Vec<Conflict> = found
                .into_iter()
                .filter(|one| is_chosen(request, one))
                .collect();
            unfit += decide(writer, &chosen, request.winner.into(), resolve_places, now)?;
            Ok::<_, Error>(last)
        })?;
        match last {
            Some(last) => after = Some(last),
            None => break,
        }
    }
    let left = count()?;
    Ok(ConflictsResolved {
        resolved: before.saturating_sub(left),
        left,
        unfit,
    })
}

fn is_chosen(request: &ResolveConflicts, conflict: &Conflict) -> bool {
    request.conflicts.as_ref().is_none_or(|chosen| {
        chosen.iter().any(|one| {
            one.link == conflict.link.id && one.field.eq_ignore_ascii_case(&conflict.field)
        })
    })
}

/// Conditions whose names are resolved.
struct Asked {
    org_id: Option<String>,
    object: Option<String>,
    contact: Option<leadferry_store::ContactId>,
    field: Option<String>,
}

impl Asked {
    fn of(reader: &Reader<'_>, request: &AskConflicts) -> Result<Self> {
        let org_id = match &request.connection {
            Some(name) => Some(reader.connection_named(name)?.org_id.unwrap_or_default()),
            None => None,
        };
        let contact = match &request.contact {
            Some(contact) => Some(reader.find_contact(contact)?),
            None => None,
        };
        let trimmed = |text: &Option<String>| text.as_ref().map(|text| text.trim().to_owned());
        Ok(Self {
            org_id,
            object: trimmed(&request.object),
            contact,
            field: trimmed(&request.field),
        })
    }

    fn query<'q>(&'q self, after: Option<&'q ConflictCursor>, limit: usize) -> ConflictQuery<'q> {
        ConflictQuery {
            org_id: self.org_id.as_deref(),
            object: self.object.as_deref(),
            contact: self.contact,
            field: self.field.as_deref(),
            after,
            limit,
        }
    }
}
