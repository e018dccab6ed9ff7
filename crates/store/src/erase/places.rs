//! Every place in which the workspace can hold something of a person, and what erasing does there.
//!
//! A test holds this table against the schema: a new text column must be entered here.

use super::listing::MentionPlace;

/// What erasing does in a column, in rows that aren't the person's own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Treatment {
    /// Nothing, for this reason.
    Kept(&'static str),
    /// What names the person is taken out of the text.
    Redacted,
    /// A text that names the person makes way for this SQL literal.
    Emptied(&'static str),
    /// The row goes where the text names the person.
    Removed,
    /// The row goes where the email is the person's and nobody else's.
    RemovedByEmail,
    /// Only the user can decide: it is listed. Backups, which nobody edits, are redacted.
    Listed(MentionPlace),
    /// The rows of batches are packed: [`super::batches`] reads them, and writes them again without the person.
    RowByRow,
    /// It is listed, and stays in backups as well: it is somebody else's own.
    ListedAsTheirs(MentionPlace),
}

/// Columns of a table that are treated alike.
pub(super) struct Place {
    pub(super) table: &'static str,
    pub(super) columns: &'static [&'static str],
    pub(super) treatment: Treatment,
    /// SQL that says which rows are meant; all of them where it is `TRUE`.
    pub(super) rows: &'static str,
}

const fn place(
    table: &'static str,
    columns: &'static [&'static str],
    treatment: Treatment,
) -> Place {
    Place {
        table,
        columns,
        treatment,
        rows: "TRUE",
    }
}

const fn rows_of(rows: &'static str, place: Place) -> Place {
    Place { rows, ..place }
}

use MentionPlace as In;
use Treatment::{
    Emptied, Kept, Listed, ListedAsTheirs, Redacted, Removed, RemovedByEmail, RowByRow,
};

const CODE: Treatment = Kept("a word of our own");
const ORG_ID: Treatment = Kept("an id that the org gave to itself or its user");
const NUMBERS: Treatment = Kept("numbers only");
const HASHES: Treatment = Kept("hashes of values");
const ORG_SCHEMA: Treatment = Kept("the org's description of its fields, the same for everybody");
const SEARCH_INDEX: Treatment = Kept("built anew from the contacts that are left");

const FORMER_SETTINGS: &str =
    "version < (SELECT settings_version FROM replications WHERE id = replication_id)";
const FORMER_MAPPING: &str =
    "version < (SELECT mapping_version FROM replications WHERE id = replication_id)";
const SETTINGS_IN_FORCE: &str =
    "version = (SELECT settings_version FROM replications WHERE id = replication_id)";
const MAPPING_IN_FORCE: &str =
    "version = (SELECT mapping_version FROM replications WHERE id = replication_id)";

/// Versions that stay while they are in force and are redacted once a newer one replaces them: table, column, rows.
pub(super) const VERSIONS_IN_FORCE: [(&str, &str, &str); 2] = [
    ("mappings", "body", MAPPING_IN_FORCE),
    ("replication_settings", "settings", SETTINGS_IN_FORCE),
];

/// The table.
#[rustfmt::skip]
pub(super) const PLACES: &[Place] = &[
    place("account_contacts", &["role"], CODE),
    place("accounts", &["name", "notes", "industry", "street", "city", "state", "postal_code", "country"], Listed(In::Account)),
    place("accounts", &["website", "phone"], ListedAsTheirs(In::Account)),
    place("accounts", &["name_key"], Kept("the name in lower case; it changes with the name")),
    place("act_contacts", &["before"], Redacted),
    place("activities", &["url", "title", "note"], Redacted),
    place("activity_types", &["name", "description"], Listed(In::ActivityType)),
    place("acts", &["kind"], CODE),
    place("acts", &["summary"], Redacted),
    place("alerts", &["kind"], CODE),
    place("alerts", &["message"], Redacted),
    place("batch_bodies", &["body", "before"], RowByRow),
    place("batch_tallies", &["outcome", "code"], CODE),
    place("batches", &["object", "operation", "identifier_field", "state"], CODE),
    place("batches", &["org_id"], ORG_ID),
    place("batches", &["contacts", "answers"], RowByRow),
    place("bulk_jobs", &["object", "operation", "identifier_field", "state"], CODE),
    place("bulk_jobs", &["org_id", "job_id"], ORG_ID),
    place("bulk_jobs", &["message"], Redacted),
    place("conflicts", &["field"], ORG_SCHEMA),
    place("conflicts", &["agreed"], Redacted),
    place("connections", &["name", "username", "org_name", "host", "instance_url"], Listed(In::Connection)),
    place("connections", &["flow", "vault", "edition"], CODE),
    place("connections", &["key_id"], HASHES),
    place("connections", &["audience"], Kept("the address of a sign-in server")),
    place("connections", &["client_id", "org_id", "user_id"], ORG_ID),
    place("consent_events", &["about"], ListedAsTheirs(In::ConsentHistory)),
    place("consent_events", &["kind", "how", "zone"], CODE),
    place("consent_events", &["subject", "wording_hash", "source_hash", "hash"], HASHES),
    place("consent_subjects", &["salt", "subject"], Kept("another contact's own")),
    place("consent_texts", &["text"], Emptied("NULL")),
    place("consent_wordings", &["text"], ListedAsTheirs(In::Wording)),
    place("consents", &["source"], Redacted),
    place("contacts", &["guid"], Kept("another contact's own guid")),
    place("contacts", &["email_key"], Kept("the email in lower case; it changes with the email")),
    place("contacts", &["email", "email_2", "website", "business_phone", "mobile_phone", "home_phone", "fax", "birthday"],
        ListedAsTheirs(In::Contact)),
    place("contacts", &["salutation", "first_name", "middle_name", "last_name", "suffix", "job_title", "department",
        "company_name", "address_line1", "address_line2", "city", "state", "postal_code", "country", "gender", "language",
        "source", "campaign", "status", "owner", "notes"], Listed(In::Contact)),
    place("contacts_search", &["first_name", "last_name", "email", "company_name", "phones", "address", "contacts_search",
        "rank"], SEARCH_INDEX),
    place("contacts_search_config", &["k", "v"], SEARCH_INDEX),
    place("contacts_search_data", &["block"], SEARCH_INDEX),
    place("contacts_search_docsize", &["sz"], SEARCH_INDEX),
    place("contacts_search_idx", &["segid", "term", "pgno"], SEARCH_INDEX),
    place("custom_fields", &["name"], Listed(In::CustomField)),
    place("custom_fields", &["kind"], CODE),
    place("describes", &["object", "last_modified", "body"], ORG_SCHEMA),
    place("differences", &["target"], ORG_SCHEMA),
    place("differences", &["sent", "held"], Redacted),
    place("email_list_entries", &["email_key"], RemovedByEmail),
    place("email_lists", &["name"], Listed(In::EmailList)),
    place("former_describes", &["body"], ORG_SCHEMA),
    place("imports", &["file_name", "options"], Redacted),
    place("imports", &["errors_file"], Emptied("NULL")),
    place("imports", &["file_hash"], HASHES),
    place("imports", &["kind", "state"], CODE),
    place("links", &["org_id", "object"], ORG_ID),
    place("links", &["record_id"], Kept("the record of the link's own contact, whose links go")),
    place("links", &["identifier"], Emptied("NULL")),
    place("links", &["sent", "agreed"], HASHES),
    place("links", &["state", "how"], CODE),
    place("refusal_records", &["org_id", "object"], ORG_ID),
    place("refusal_records", &["record_id"], Kept("a record for the contact's own no, which goes with the contact")),
    place("refusal_records", &["told"], HASHES),
    place("refusal_searches", &["org_id", "object"], ORG_ID),
    place("refusal_searches", &["about"], HASHES),
    rows_of(FORMER_MAPPING, place("mappings", &["body"], Redacted)),
    rows_of(MAPPING_IN_FORCE, place("mappings", &["body"], Listed(In::Mapping))),
    place("mappings", &["redacted"], Redacted),
    place("mirror_fields", &["name", "label", "kind", "type", "reference_to"], ORG_SCHEMA),
    place("mirror_objects", &["org_id"], ORG_ID),
    place("mirror_objects", &["object", "label", "key_prefix"], ORG_SCHEMA),
    place("plan_rows", &["decision", "code"], CODE),
    place("plan_rows", &["record_id", "message", "detail"], Emptied("NULL")),
    place("plans", &["counts"], NUMBERS),
    place("pull_objects", &["object", "fields"], ORG_SCHEMA),
    place("pull_objects", &["filter", "newcomers"], Redacted),
    place("pull_objects", &["inbound"], Kept("names of fields only; those of custom fields are listed with them")),
    place("pull_objects", &["asked"], Emptied("NULL")),
    place("pull_objects", &["cursor_id"], Kept("where a reading goes on; it moves on with the next page")),
    place("pull_run_objects", &["object"], ORG_SCHEMA),
    place("pull_run_objects", &["notes"], Redacted),
    place("pull_runs", &["state"], CODE),
    place("pull_runs", &["reason"], Redacted),
    place("pulls", &["name", "settings"], Listed(In::Pull)),
    place("purposes", &["path"], Listed(In::Purpose)),
    place("queue", &["state", "code"], CODE),
    place("queue", &["message", "detail"], Emptied("NULL")),
    place("reconciliations", &["counts"], NUMBERS),
    rows_of(FORMER_SETTINGS, place("replication_settings", &["settings"], Redacted)),
    place("replication_settings", &["redacted"], Redacted),
    place("replications", &["name", "settings"], Listed(In::Replication)),
    place("replications", &["object"], CODE),
    place("replications", &["brake_reason"], NUMBERS),
    place("run_blocks", &["code"], CODE),
    place("run_blocks", &["message"], Redacted),
    place("runs", &["org_id"], ORG_ID),
    place("runs", &["state", "stop_kind"], CODE),
    place("runs", &["planned"], NUMBERS),
    place("runs", &["reason", "cure"], Redacted),
    place("score_points", &["earlier"], NUMBERS),
    place("scores", &["name", "description", "rules"], Listed(In::Score)),
    place("scores", &["slots"], NUMBERS),
    place("searches", &["name"], Listed(In::Search)),
    place("searches", &["object"], CODE),
    place("searches", &["body"], Removed),
    place("segment_history", &["state"], CODE),
    place("segment_members", &["state"], CODE),
    place("segments", &["name", "description", "rules"], Listed(In::Segment)),
    place("sent_fields", &["name"], ORG_SCHEMA),
    place("settings", &["key"], CODE),
    place("signing_keys", &["id"], HASHES),
    place("signing_keys", &["vault"], CODE),
    place("signing_keys", &["name", "certificate"], Kept("what the user called a key of their own")),
    rows_of("key NOT LIKE 'erasing%'", place("settings", &["value"], Listed(In::Workspace))),
    place("undo_rows", &["record_id"], Kept("the record of the row's own contact, whose rows go")),
    place("undo_rows", &["state", "code"], CODE),
    place("undo_rows", &["fields"], Redacted),
    place("undo_rows", &["message"], Emptied("NULL")),
    place("waiting_activities", &["email_key"], RemovedByEmail),
    place("waiting_activities", &["url", "title", "note"], Redacted),
];

#[cfg(test)]
mod tests;
