//! Erasing a person: out of the workspace, its backups, the practice org, and the files of ours beside them.

use std::path::PathBuf;

use leadferry_store::{
    ContactId, Counts, Erased, ErasedPerson, Finder, FinishedErasing, MentionPlace, Mentions,
    Store, crash_point,
};
use serde::{Deserialize, Serialize};

use crate::error::capitalized;
use crate::jobs::{self, JobKind};
use crate::{Code, Error, Result, Workspace, first_run, imports, practice};

/// What erasing leaves alone, in the words of both front ends.
pub const STAYS: &str =
    "Records in Salesforce and files you exported or copied stay. Delete those yourself.";

/// What erasing a person came to.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, ts_rs::TS)]
pub struct ErasedInfo {
    /// Contacts removed: the person and those merged into it.
    pub contacts: u64,
    /// What else was removed, by place.
    pub removed: Vec<ErasedCount>,
    /// Backups that held the person and were rewritten.
    pub backups_rewritten: u64,
    /// Backups and leftovers of backups that had to be dropped.
    pub backups_dropped: u64,
    /// What still names the person and only the user can decide.
    pub mentions: Vec<KeptMention>,
    /// How many more there are.
    pub more_mentions: u64,
    /// Files that still name the person and that only the user may change, copies of the workspace among them.
    pub files: Vec<PathBuf>,
    /// Why the last steps are left to the next time the workspace opens; `None` where all is done.
    pub unfinished: Option<String>,
}

/// How much was removed from one place.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ts_rs::TS)]
pub struct ErasedCount {
    /// The place, as people say it.
    pub place: String,
    /// How many.
    pub count: u64,
}

/// A place of the user's own making that still names the person.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ts_rs::TS)]
pub struct KeptMention {
    /// What kind of thing it is.
    pub place: MentionPlace,
    /// The same as people say it, such as `Segment`.
    pub label: String,
    /// Its name.
    pub name: String,
    /// Its guid, for a contact.
    pub guid: Option<String>,
    /// The part that names the person, such as `rules`.
    pub part: String,
}

/// Removes a person from the workspace, its history, its backups and the practice org for good.
///
/// Records in Salesforce and files that the user made stay. What only the user can decide is in the answer.
///
/// # Errors
/// When the workspace isn't approved, there is no such contact, a request about it has no known answer yet, or an import is running. Once the contact
/// is gone from the workspace, what keeps the rest from being done is in the answer.
pub fn erase(workspace: &Workspace, contact: &str) -> Result<ErasedInfo> {
    check_may_erase(workspace)?;
    let store = workspace.store();
    let erased = erase_all(store, &named(store, contact)?)?;
    Ok(finished(workspace, erased))
}

/// What is known of somebody who was erased.
#[derive(Debug, Clone, Default, Deserialize, ts_rs::TS)]
pub struct Traces {
    /// Emails.
    pub emails: Vec<String>,
    /// Phone numbers, however they are written.
    pub phones: Vec<String>,
    /// First name; counts only together with the last name.
    pub first_name: String,
    /// Last name.
    pub last_name: String,
}

/// Removes what still names somebody who was erased from the history, the backups and the practice org. What the user has
/// changed only after the erase stands there as it was.
///
/// # Errors
/// As [`erase`]; when nothing is said by which texts can name a person, or a contact has one of the emails.
pub fn erase_traces(workspace: &Workspace, traces: &Traces) -> Result<ErasedInfo> {
    check_may_erase(workspace)?;
    let (first, last) = (traces.first_name.trim(), traces.last_name.trim());
    let has_name = !first.is_empty() && !last.is_empty();
    if traces.emails.is_empty() && traces.phones.is_empty() && !has_name {
        return Err(Error::usage(
            "A first or last name alone names too many people.",
            "Enter an email, a phone number, or first and last name.",
        ));
    }
    let person = ErasedPerson::known_by(&traces.emails, &traces.phones, first, last);
    let erased = workspace.store().erase_traces(person)?;
    Ok(finished(workspace, erased))
}

fn check_may_erase(workspace: &Workspace) -> Result<()> {
    // It changes files beside the workspace.
    workspace
        .approval()
        .check_for("Erasing also changes its backups and the practice org.")?;
    refuse_while_importing(workspace)
}

/// Finishes an erase outside the workspace's tables, and says what it came to.
fn finished(workspace: &Workspace, erased: Erased) -> ErasedInfo {
    let mut info = ErasedInfo {
        contacts: erased.removed.rows.get("contacts").copied().unwrap_or(0),
        ..ErasedInfo::default()
    };
    (info.mentions, info.more_mentions) = kept(erased.mentions);
    let (mut elsewhere, finished) = run_to_end(workspace);
    match finished {
        Ok(finished) => {
            info.backups_rewritten = finished.backups.rewritten;
            info.backups_dropped = finished.backups.dropped + finished.backups.leftovers;
        }
        Err(error) => info.unfinished = Some(with_cure(&error)),
    }
    info.removed = counts(&erased.removed.rows);
    let texts = erased.removed.texts.values().sum();
    elsewhere
        .removed
        .push(count("mentions in the history of others", texts));
    info.removed.append(&mut elsewhere.removed);
    info.removed.retain(|removed| removed.count > 0);
    info.files = elsewhere.changed;
    info.files.extend(elsewhere.named);
    info.files.extend(elsewhere.copies);
    info
}

/// Returns the contact that a text names; where it is the email of deleted contacts only, all of them.
fn named(store: &Store, contact: &str) -> Result<Vec<ContactId>> {
    let found = store.read(|reader| match reader.find_contact(contact) {
        Err(error @ leadferry_store::Error::NotFound { .. }) => {
            let deleted = reader.deleted_contacts_by_email(contact)?;
            (!deleted.is_empty()).then_some(deleted).ok_or(error)
        }
        found => found.map(|id| vec![id]),
    });
    Ok(found?)
}

fn erase_all(store: &Store, contacts: &[ContactId]) -> Result<Erased> {
    let mut all = Erased::default();
    for contact in contacts {
        let erased = match store.erase(*contact) {
            // It went with one that it was merged into.
            Err(leadferry_store::Error::NotFound { .. }) if contacts.len() > 1 => continue,
            erased => erased?,
        };
        for (to, from) in [
            (&mut all.removed.rows, erased.removed.rows),
            (&mut all.removed.texts, erased.removed.texts),
        ] {
            from.into_iter()
                .for_each(|(table, rows)| *to.entry(table).or_default() += rows);
        }
        all.mentions.listed.extend(erased.mentions.listed);
        all.mentions.more += erased.mentions.more;
    }
    Ok(all)
}

/// Finishes what an earlier process began to erase, and says so; returns nothing, since nobody waits for it.
///
/// It changes files beside the workspace, so a workspace that isn't approved on this computer erases nothing.
pub(crate) fn finish_erasing(workspace: &Workspace) {
    if !workspace.approval().is_given() {
        return;
    }
    let tell = |text: &str| workspace.host().front_end.tell(text);
    let mentions = workspace.store().mentions_of_erased().unwrap_or_default();
    match run_to_end(workspace) {
        (_, Ok(FinishedErasing { people: 0, .. })) => {}
        (elsewhere, Ok(_)) => {
            tell(
                "Leadferry finished erasing a contact. An earlier session was interrupted before it was done.",
            );
            let files = [elsewhere.changed, elsewhere.copies].concat();
            for line in to_decide(&kept(mentions).0, &files) {
                tell(&line);
            }
        }
        (_, Err(error)) => {
            tracing::warn!(%error, "an erase could not be finished");
            tell(&format!(
                "Leadferry can't finish erasing a contact yet: {}. It tries again the next time this workspace opens.",
                with_cure(&error)
            ));
        }
    }
}

/// Returns what keeps an erase from being finished and what to do, without the last full stop.
fn with_cure(error: &Error) -> String {
    format!("{error}. {}", capitalized(error.hint.trim_end_matches('.')))
}

/// Returns a line for each place that the user has to decide about.
fn to_decide(mentions: &[KeptMention], files: &[PathBuf]) -> Vec<String> {
    let mentions = mentions.iter().map(|mention| {
        format!(
            "Still names the contact: {} \"{}\" ({}).",
            mention.label, mention.name, mention.part
        )
    });
    let files = files
        .iter()
        .map(|file| format!("Still names the contact: the file {}.", file.display()));
    mentions.chain(files).collect()
}

fn run_to_end(workspace: &Workspace) -> (Elsewhere, Result<FinishedErasing>) {
    let mut elsewhere = Elsewhere::default();
    let store = workspace.store();
    store.was_at(workspace.former_places());
    let finished = store.finish_erasing(|person| elsewhere.erase(workspace, person));
    (elsewhere, finished)
}

/// What was erased from files that the store doesn't know.
#[derive(Debug, Default)]
struct Elsewhere {
    removed: Vec<ErasedCount>,
    /// Errors files of ours that the user has changed since, and that still name the person.
    changed: Vec<PathBuf>,
    /// Files that the workspace knew under a name that is the person's. Nobody but the user who erases is told: the text
    /// is the workspace's own.
    named: Vec<PathBuf>,
    /// Copies of the workspace that the user has made in its folder.
    copies: Vec<PathBuf>,
}

impl Elsewhere {
    fn erase(&mut self, workspace: &Workspace, person: &ErasedPerson) -> Result<()> {
        let finder = person.finder();
        let records = practice::erase(workspace, person, &finder)?;
        self.removed.push(count("practice org records", records));
        crash_point("erase.practice");
        refuse_while_importing(workspace)?;
        let own_files = workspace.own_files();
        let erased = imports::erase_rows(workspace.store(), &own_files, &finder)?;
        self.removed
            .push(count("invalid rows of imports", erased.rows));
        self.changed.extend(erased.changed);
        let named = person.errors_files.iter().map(PathBuf::from);
        self.named.extend(named.filter(|file| file.is_file()));
        self.copies.extend(workspace.store().copies_with(person)?);
        erase_from_data_folder(workspace, &finder)
    }
}

/// Removes from the data folder what killed jobs left, and the file of sample contacts where it names the person: it is
/// written again when it is needed.
fn erase_from_data_folder(workspace: &Workspace, finder: &Finder) -> Result<()> {
    jobs::sweep(workspace);
    first_run::forget_samples(workspace, finder)
}

fn refuse_while_importing(workspace: &Workspace) -> Result<()> {
    let importing = jobs::list(workspace)
        .iter()
        .any(|job| job.kind == JobKind::Import);
    if !importing {
        return Ok(());
    }
    Err(Error::new(
        Code::Cancelled,
        "a contact can't be erased during an import",
        "wait for the import to finish, or cancel it, and erase the contact again",
    ))
}

fn counts(rows: &Counts) -> Vec<ErasedCount> {
    rows.iter()
        .filter(|(table, _)| **table != "contacts")
        .map(|(table, rows)| count(label_of(table), *rows))
        .collect()
}

fn count(place: &str, count: u64) -> ErasedCount {
    ErasedCount {
        place: place.to_owned(),
        count,
    }
}

/// Returns what the rows of a table are called.
fn label_of(table: &'static str) -> &'static str {
    match table {
        "account_contacts" => "company memberships",
        "act_contacts" | "acts" => "undo entries",
        "batches" => "sent rows",
        "changes_due" => "scheduled recalculations",
        "consents" => "consent answers",
        "consent_subjects" => "ties to events of the consent ledger",
        "consent_texts" => "sources of consent",
        "differences" => "differences from Salesforce",
        "email_list_entries" => "entries in email lists",
        "links" => "links to Salesforce records",
        "marks" => "marks of replications",
        "plan_rows" => "plan rows",
        "queue" => "queue entries",
        "run_blocks" => "blocked entries of runs",
        "score_points" => "points in scores",
        "searches" => "saved searches",
        "segment_history" => "former segment memberships",
        "segment_members" => "segment memberships",
        "waiting_activities" => "activities waiting for a contact",
        table => table,
    }
}

fn kept(mentions: Mentions) -> (Vec<KeptMention>, u64) {
    let listed = mentions.listed.into_iter().map(|mention| KeptMention {
        place: mention.place,
        label: place_label(mention.place).to_owned(),
        name: mention.name,
        guid: mention.guid,
        part: match (mention.place, mention.part.as_str()) {
            (MentionPlace::Mapping, _) => "mapping".to_owned(),
            (MentionPlace::Purpose | MentionPlace::ConsentHistory, _) => "name".to_owned(),
            (MentionPlace::Replication, "settings") => "settings".to_owned(),
            (_, part) => part.replace('_', " "),
        },
    });
    (listed.collect(), mentions.more)
}

fn place_label(place: MentionPlace) -> &'static str {
    match place {
        MentionPlace::Account => "Company",
        MentionPlace::ActivityType => "Activity type",
        MentionPlace::Connection => "Connection",
        MentionPlace::Contact => "Contact",
        MentionPlace::CustomField => "Custom field",
        MentionPlace::EmailList => "List of emails",
        MentionPlace::Mapping | MentionPlace::Replication => "Replication",
        MentionPlace::Pull => "Pull",
        MentionPlace::Purpose => "Consent purpose",
        MentionPlace::ConsentHistory => "Earlier consent purpose",
        MentionPlace::Wording => "Consent wording",
        MentionPlace::Score => "Score",
        MentionPlace::Search => "Saved search",
        MentionPlace::Segment => "Segment",
        MentionPlace::Workspace => "Workspace setting",
    }
}
