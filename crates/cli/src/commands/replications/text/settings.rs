//! The settings of a replication in words.

use leadferry_commands::alerts::AlertKind;
use leadferry_commands::replications::{
    Api, EmptyValues, OptedOut, Settings, WhenConverted, WhenDeleted,
};

use crate::table::{counted, grouped};

/// Returns all settings in words; the pattern makes a new one that has no words a compile error.
pub(super) fn lines(settings: &Settings) -> Vec<(&'static str, String)> {
    let Settings {
        about,
        identifier,
        match_email,
        create_missing,
        keep_updated,
        batch_size,
        in_flight,
        api,
        deleted,
        converted,
        assignment_rules,
        allow_duplicates,
        hold_duplicates,
        empty_values,
        old_values,
        deleted_here,
        default_company,
        description,
        api_reserve,
        segments,
        partner,
        required_purposes,
        opted_out,
        most_segments,
        mapping_id_prefix,
        mapping_id_suffix,
        schedule,
        alerts,
        late_after,
        api_low_at,
        brake_times,
        brake_contacts,
        brake_refused,
        brake_rows,
        // `consent-syncs` shows these.
        consent_sync: _,
        default_last_name: _,
    } = settings;
    let late = counted(u64::from(*late_after), "minute", "minutes");
    let proposed = format!("{mapping_id_prefix}NAME{mapping_id_suffix}__c");
    vec![
        ("about", or_none(about)),
        ("schedule", schedule.to_string()),
        ("alerts", alerted(alerts)),
        ("alert when late by", late),
        ("warn about API calls below", format!("{api_low_at} %")),
        (
            "hold back scheduled runs",
            held_back(*brake_times, *brake_contacts),
        ),
        ("stop scheduled runs", stopped(*brake_refused, *brake_rows)),
        ("in one of the segments", listed(&segments.any, "any")),
        ("in all of the segments", listed(&segments.all, "any")),
        ("in none of the segments", listed(&segments.none, "any")),
        ("required consent", listed(required_purposes, "none")),
        ("opted out of email", when_opted_out(*opted_out).to_owned()),
        ("segments per object", most_segments.to_string()),
        ("proposed field names", proposed),
        ("identifier", identifier.clone()),
        ("match by email", either(*match_email, "yes", "no")),
        (
            "create missing",
            either(
                *create_missing,
                "yes",
                "no, only existing records are updated",
            ),
        ),
        (
            "keep updated",
            either(*keep_updated, "yes", "no, each contact is sent once"),
        ),
        ("deleted in Salesforce", when_deleted(*deleted).to_owned()),
        ("converted leads", when_converted(*converted).to_owned()),
        (
            "deleted here",
            deleted_here
                .as_ref()
                .map_or_else(|| "nothing is sent".to_owned(), |row| format!("send {row}")),
        ),
        ("empty values", when_empty(*empty_values).to_owned()),
        (
            "old values",
            either(
                *old_values,
                "saved before they are overwritten",
                "not saved",
            ),
        ),
        (
            "assignment rules",
            either(*assignment_rules, "run for new records", "don't run"),
        ),
        (
            "duplicate rules",
            either(*allow_duplicates, "warnings are overridden", "respected"),
        ),
        ("likely duplicates", likely_duplicates(*hold_duplicates)),
        (
            "partner",
            partner
                .as_ref()
                .map_or_else(|| "none".to_owned(), |one| shared(&one.contacts_segment)),
        ),
        ("default company", or_none(default_company)),
        ("description", description.clone()),
        ("batch size", batch_size.to_string()),
        ("requests at the same time", in_flight.to_string()),
        ("API", chosen(*api).to_owned()),
        ("API calls reserved", grouped(*api_reserve)),
    ]
}

fn either(is: bool, yes: &str, no: &str) -> String {
    if is { yes } else { no }.to_owned()
}

fn or_none(text: &Option<String>) -> String {
    text.clone().unwrap_or_else(|| "none".to_owned())
}

fn listed(names: &[String], none: &str) -> String {
    match names {
        [] => none.to_owned(),
        names => names.join(", "),
    }
}

fn alerted(alerts: &[AlertKind]) -> String {
    let names: Vec<_> = alerts.iter().map(|kind| kind.name().to_owned()).collect();
    listed(&names, "none")
}

fn held_back(times: u16, contacts: u64) -> String {
    match times {
        0 => "never".to_owned(),
        times => format!(
            "above {times} times the usual number and {}",
            counted(contacts, "contact", "contacts")
        ),
    }
}

fn stopped(percent: u8, rows: u64) -> String {
    match percent {
        0 => "never".to_owned(),
        percent => format!(
            "when Salesforce refuses more than {percent} % of {}",
            counted(rows, "contact", "contacts")
        ),
    }
}

fn when_opted_out(opted_out: OptedOut) -> &'static str {
    match opted_out {
        OptedOut::Update => "update existing records, create none",
        OptedOut::LikeOthers => "send like others",
        OptedOut::OnlyOptOut => "send only the opt-out",
    }
}

fn when_deleted(deleted: WhenDeleted) -> &'static str {
    match deleted {
        WhenDeleted::Block => "block the contact",
        WhenDeleted::Recreate => "create a new record",
    }
}

fn when_converted(converted: WhenConverted) -> &'static str {
    match converted {
        WhenConverted::Follow => "update the converted contact",
        WhenConverted::Block => "block the contact",
    }
}

fn when_empty(empty: EmptyValues) -> &'static str {
    match empty {
        EmptyValues::LeaveAlone => "keep the value in Salesforce",
        EmptyValues::Clear => "clear the value in Salesforce",
    }
}

fn likely_duplicates(percent: u8) -> String {
    match percent {
        0 => "not compared with pulled records".to_owned(),
        percent => format!("held at {percent} %"),
    }
}

fn shared(contacts_segment: &Option<String>) -> String {
    match contacts_segment {
        Some(segment) => format!("new contacts in {segment} become contacts, others leads"),
        None => "new contacts become leads".to_owned(),
    }
}

fn chosen(api: Api) -> &'static str {
    match api {
        Api::Auto => "automatic, whichever needs fewer API calls",
        Api::Collections => "Collections",
        Api::Bulk => "Bulk API",
    }
}
