//! Judges what a check has seen: green, amber or red, who can cure it, and how. No network and no clock.

use std::net::IpAddr;

use leadferry_salesforce::{ApiVersion, Login, Proxy, TokenKind};
use leadferry_store::{Connection, Flow, grouped};

use super::seen::{ObjectSeen, Seen, Wish};
use super::{CheckLine, Fix};
use crate::connections::details::scopes_of;
use crate::connections::{certificate_cure, certificate_end_in_words, idle};
use crate::diagnosis::{Who, note};
use crate::error::Said;
use crate::{Code, quoted};

/// Profile of whoever may do anything.
const ADMINISTRATOR: &str = "System Administrator";
/// A clock that is off by more than this can break a sign-in, in milliseconds.
const CLOCK_BREAKS: i64 = 3 * 60 * 1000;
/// A clock that is off by more than this is worth a look.
const CLOCK_OFF: i64 = 60 * 1000;
/// Versions above the oldest that the org still speaks, within which retirement is near: a year of releases.
const NEAR_RETIREMENT: u16 = 3;
const ADDRESS: &str = "Your IP address";
const ADDRESS_CURE: &str =
    "ask your Salesforce admin to relax the IP rules for the app, or to allow the address";
const ADDRESS_PLACE: &str = "Setup > External Client App Manager > the app > Policies > IP Relaxation, or Setup > Network Access";
const DAY_MS: i64 = 24 * 60 * 60 * 1000;
/// Editions that have no API, or sell it separately.
const EDITIONS_WITHOUT_API: &[&str] = &[
    "Group",
    "Essentials",
    "Starter",
    "Professional",
    "Pro Suite",
];
/// Percentage of API calls, or less, that is few.
const FEW_CALLS: u64 = 10;
/// Megabytes of storage, or less, that are little.
const LITTLE_STORAGE: i64 = 50;

/// Judges everything.
pub(super) fn judge(seen: &Seen) -> Vec<CheckLine> {
    let mut lines = vec![sign_in(seen)];
    lines.extend(scopes(seen));
    lines.extend(certificate(&seen.connection, seen.now));
    lines.push(whose_rights(seen));
    lines.extend(seen.objects.iter().map(|object| rights(seen, object)));
    for wish in &seen.wishes {
        lines.push(fields(seen, wish));
        lines.extend(identifier(seen, wish));
    }
    lines.push(duplicate_rules(seen));
    lines.push(version(seen));
    lines.extend(clock(seen));
    lines.extend(edition(seen));
    lines.push(calls(seen));
    lines.extend(storage(seen));
    lines.push(address(seen));
    lines.push(proxy());
    lines.push(token(seen));
    lines.extend(unused(seen));
    lines
}

fn org(seen: &Seen) -> String {
    let connection = &seen.connection;
    let org = connection.org_name.as_ref().or(connection.org_id.as_ref());
    org.cloned().unwrap_or_default()
}

fn user(seen: &Seen) -> String {
    let connection = &seen.connection;
    let name = connection.username.clone();
    name.or(connection.user_id.clone()).unwrap_or_default()
}

fn sign_in(seen: &Seen) -> CheckLine {
    let text = format!("works: {} in {}", user(seen), org(seen));
    CheckLine::ok("Sign-in and API access", text)
}

fn scopes(seen: &Seen) -> Option<CheckLine> {
    let connection = &seen.connection;
    let facts = &connection.facts;
    if connection.flow == Flow::Practice || facts.scopes.is_none() {
        return None;
    }
    let what = "OAuth scopes";
    let mut all = scopes_of(facts.scopes.as_deref(), facts.refreshable);
    // Only the browser's sign-in goes on without a person by a token of its own.
    all.retain(|scope| connection.flow == Flow::Browser || scope.name != "refresh_token");
    let missing: Vec<_> = all
        .iter()
        .filter(|scope| scope.granted == Some(false))
        .collect();
    let names = |scopes: &[&crate::connections::Scope]| {
        let names: Vec<_> = scopes.iter().map(|scope| scope.name.as_str()).collect();
        names.join(", ")
    };
    let wanted = names(&all.iter().collect::<Vec<_>>());
    let granted = facts.scopes.as_deref().unwrap_or("not told");
    if missing.is_empty() {
        let text = format!("wanted {wanted}; granted {granted}");
        return Some(CheckLine::ok(what, text));
    }
    let text = format!("wanted {wanted}; {} not granted", names(&missing));
    let line = match missing.iter().any(|scope| scope.name == "api") {
        true => CheckLine::failed(what, text, Code::Rights),
        false => CheckLine::look(what, text),
    };
    let labels: Vec<_> = missing
        .iter()
        .map(|scope| format!("\"{} ({})\"", scope.label, scope.name))
        .collect();
    let cure = "ask your Salesforce admin to add them to the app, then sign in again";
    let asked = format!(
        "Could you add the OAuth scopes {} to the app?",
        labels.join(" and ")
    );
    let place = "Setup > External Client App Manager > the app > Settings > OAuth Settings";
    let command = format!("connections authorize {}", quoted(&connection.name));
    Some(
        line.cured(Who::Admin, cure)
            .with_note(note(
                "The app grants fewer rights than it needs",
                &asked,
                place,
            ))
            .with_fix(Fix::SignIn)
            .with_command(command),
    )
}

fn whose_rights(seen: &Seen) -> CheckLine {
    let what = "Whose permissions";
    let profile = seen.connection.facts.profile.as_deref();
    let who = user(seen);
    match profile {
        Some(ADMINISTRATOR) if seen.connection.flow == Flow::Practice => CheckLine::ok(
            what,
            format!("signed in as {who}, {ADMINISTRATOR} of a practice org"),
        ),
        Some(ADMINISTRATOR) => {
            let text = format!(
                "signed in as {who}, a {ADMINISTRATOR}, so Leadferry can do anything in the org"
            );
            let cure = "ask your Salesforce admin for a user who can only read, create and edit leads and contacts, and \
                        sign in as that user";
            let asked = "Could you set up a user for Leadferry with only what it needs? API Enabled; read, create and edit \
                         for Lead and Contact; the fields that we send; no access to set-up";
            let place = "Setup > Users, and Setup > Permission Sets";
            CheckLine::look(what, text)
                .cured(Who::Admin, cure)
                .with_note(note(
                    "Leadferry signs in as a System Administrator",
                    asked,
                    place,
                ))
        }
        Some(profile) => CheckLine::ok(what, format!("signed in as {who}, profile {profile}")),
        None => CheckLine::ok(
            what,
            format!("signed in as {who}. The profile can't be read"),
        ),
    }
}

/// What is there and what is missing of an object's rights, for the replications that use it.
fn rights(seen: &Seen, object: &ObjectSeen) -> CheckLine {
    let what = format!("Permissions on {}", object.name);
    let wishes: Vec<&Wish> = seen
        .wishes
        .iter()
        .filter(|wish| wish.object == object.name)
        .collect();
    let creates = wishes.iter().any(|wish| wish.creates);
    let all = [
        ("read", object.read, true),
        ("create", object.create, creates || wishes.is_empty()),
        ("edit", object.edit, true),
    ];
    let names = |keep: &dyn Fn(bool, bool) -> bool| {
        let kept = all.iter().filter(|(_, has, wanted)| keep(*has, *wanted));
        kept.map(|(name, ..)| *name).collect::<Vec<_>>().join(", ")
    };
    let has = names(&|has, _| has);
    let missing = names(&|has, wanted| wanted && !has);
    if missing.is_empty() {
        return CheckLine::ok(&what, has);
    }
    let has = if has.is_empty() { "none" } else { has.as_str() };
    let text = format!("{has}; missing: {missing}");
    let line = match wishes.is_empty() {
        true => CheckLine::look(&what, text),
        false => CheckLine::failed(&what, text, Code::Rights),
    };
    let asked = format!(
        "Could you give {} these object permissions? {}: {missing}",
        user(seen),
        object.name
    );
    let cure = match wishes.is_empty() {
        true => "nothing, unless you want to send to this object. Then ask your Salesforce admin",
        false => "ask your Salesforce admin for these object permissions",
    };
    let place = "Setup > Permission Sets > (a set of the user's) > Object Settings";
    line.cured(Who::Admin, cure).with_note(note(
        "Permissions on an object are missing",
        &asked,
        place,
    ))
}

fn fields(seen: &Seen, wish: &Wish) -> CheckLine {
    let what = format!("Fields of \"{}\"", wish.replication);
    if wish.unseen.is_empty() && wish.read_only.is_empty() {
        let text = match wish.fields {
            1 => "the mapped field can be written".to_owned(),
            fields => format!("all {fields} mapped fields can be written"),
        };
        return CheckLine::ok(&what, text);
    }
    let listed = |what: &str, fields: &[String]| match fields.is_empty() {
        true => None,
        false => Some(format!("{what}: {}", fields.join(", "))),
    };
    let seen_of = listed("missing or hidden", &wish.unseen);
    let read_only = listed("read-only", &wish.read_only);
    let parts: Vec<String> = seen_of.into_iter().chain(read_only).collect();
    let wanted = wish
        .unseen
        .iter()
        .chain(&wish.read_only)
        .map(|field| format!("{}.{field}", wish.object));
    let asked = format!(
        "Could you give {} read and edit access to these fields? {}",
        user(seen),
        wanted.collect::<Vec<_>>().join(", ")
    );
    let place =
        "Setup > Permission Sets > (a set of the user's) > Object Settings > Field Permissions";
    let fix = Fix::Mapping {
        replication: wish.replication.clone(),
    };
    CheckLine::failed(&what, parts.join("; "), Code::Rights)
        .cured(
            Who::Admin,
            "ask your Salesforce admin for access to these fields, or remove them from the mapping",
        )
        .with_note(note("Fields that we send can't be written", &asked, place))
        .with_fix(fix)
        .with_command(format!("mappings check {}", quoted(&wish.replication)))
}

fn identifier(seen: &Seen, wish: &Wish) -> Option<CheckLine> {
    let what = format!("Identifier of \"{}\"", wish.replication);
    if wish.identifier.is_empty() {
        return None;
    }
    let Some(fault) = &wish.identifier_fault else {
        let text = format!("{} is visible, External ID and Unique", wish.identifier);
        return Some(CheckLine::ok(&what, text));
    };
    let asked = format!(
        "Could you create this field, or let {} see and edit it? {}.{}: Text(32), External ID, Unique (treat \"ABC\" and \"abc\" \
         as duplicates)",
        user(seen),
        wish.object,
        wish.identifier
    );
    let place = format!(
        "Setup > Object Manager > {} > Fields & Relationships",
        wish.object
    );
    let fix = Fix::PrepareOrg {
        replication: wish.replication.clone(),
    };
    let line = CheckLine::failed(&what, fault.trim_end_matches('.'), Code::SetUp);
    Some(
        line.cured(
            Who::You,
            "let Leadferry create it, or ask your Salesforce admin",
        )
        .with_note(note(
            "The field that prevents duplicates can't be used",
            &asked,
            &place,
        ))
        .with_fix(fix)
        .with_command(format!(
            "replications prepare-org {}",
            quoted(&wish.replication)
        )),
    )
}

fn duplicate_rules(seen: &Seen) -> CheckLine {
    let what = "Duplicate rules";
    let Some(rules) = &seen.duplicate_rules else {
        return CheckLine::ok(
            what,
            "this user can't read them. A contact that one refuses is listed",
        );
    };
    let of_ours = rules.iter().filter(|rule| {
        let mut objects = seen.objects.iter();
        objects.any(|object| object.name == rule.object)
    });
    let names: Vec<String> = of_ours
        .map(|rule| format!("{} ({})", rule.label, rule.object))
        .collect();
    if names.is_empty() {
        return CheckLine::ok(what, "none is active on the objects that you send to");
    }
    let text = format!("active: {}", names.join(", "));
    let overrides = seen.wishes.iter().all(|wish| wish.allows_duplicates);
    if overrides && !seen.wishes.is_empty() {
        let text = format!("{text}. Warnings are overridden, as your replications say");
        return CheckLine::ok(what, text);
    }
    CheckLine::look(what, text).cured(
        Who::You,
        "expect contacts to be held back when similar records exist. Link them, or let the replication save duplicates",
    )
}

fn version(seen: &Seen) -> CheckLine {
    let what = "API version";
    let used = seen.connection.api_version.unwrap_or_default();
    let newest = seen.versions.iter().max().copied().unwrap_or(used);
    let oldest = seen.versions.iter().min().copied().unwrap_or(used);
    let text = format!("uses v{used}.0; the org speaks v{oldest}.0 to v{newest}.0");
    if let Some(warning) = &seen.warning {
        let text = format!("{text}. It will be retired: {}", words_of(warning));
        return CheckLine::look(what, text)
            .cured(Who::You, "update Leadferry before it is retired");
    }
    let is_near =
        used < oldest.saturating_add(NEAR_RETIREMENT) && newest > ApiVersion::NEWEST_KNOWN.number();
    match is_near {
        true => CheckLine::look(
            what,
            format!("{text}. It will be among the next to be retired"),
        )
        .cured(Who::You, "update Leadferry"),
        false => CheckLine::ok(what, text),
    }
}

/// Returns what a `Warning` header says, without its code and agent; RFC 7234, section 5.5.
fn words_of(warning: &str) -> &str {
    let words = warning
        .split_once('"')
        .and_then(|(_, rest)| rest.rsplit_once('"'));
    words.map_or(warning, |(words, _)| words)
}

fn clock(seen: &Seen) -> Option<CheckLine> {
    let what = "Clock";
    let ahead = seen.clock_ahead_ms?;
    let seconds = ahead.unsigned_abs() / 1000;
    let text = match (seconds, ahead > 0) {
        (0..=2, _) => "as Salesforce's".to_owned(),
        (seconds, true) => format!("{} s ahead of Salesforce's", grouped(seconds)),
        (seconds, false) => format!("{} s behind Salesforce's", grouped(seconds)),
    };
    let off = ahead.abs();
    let cure = "set this computer's clock, or let the system set it";
    Some(match off {
        _ if off > CLOCK_BREAKS => {
            let text = format!("{text}. Sign-ins can fail");
            CheckLine::failed(what, text, Code::Local).cured(Who::You, cure)
        }
        _ if off > CLOCK_OFF => CheckLine::look(what, text).cured(Who::You, cure),
        _ => CheckLine::ok(what, text),
    })
}

fn edition(seen: &Seen) -> Option<CheckLine> {
    let edition = seen.connection.edition.as_deref()?;
    let what = "Edition";
    let sells_api = EDITIONS_WITHOUT_API
        .iter()
        .any(|name| edition.contains(name));
    Some(match sells_api {
        true => CheckLine::look(
            what,
            format!("{edition}, where the API is an extra that may end"),
        )
        .cured(
            Who::Salesforce,
            "check with Salesforce that the API is part of your contract",
        ),
        false => CheckLine::ok(what, edition),
    })
}

fn calls(seen: &Seen) -> CheckLine {
    let what = "API calls";
    let Some(budget) = seen.budget else {
        return CheckLine::ok(what, "the org doesn't say how many are left");
    };
    let left = budget.max.saturating_sub(budget.used);
    let text = format!(
        "{} of {} left for 24 hours",
        grouped(left),
        grouped(budget.max)
    );
    let asked =
        "Our API calls are nearly used up. Could you look at which app uses them, or buy more?";
    let asked = note(&text, asked, "Setup > System Overview > API Usage");
    match left {
        0 => CheckLine::failed(what, text, Code::Limit)
            .cured(
                Who::Nobody,
                "wait a few hours, until calls are available again",
            )
            .with_note(asked),
        left if left * 100 <= budget.max * FEW_CALLS => CheckLine::look(what, text)
            .cured(Who::Nobody, "wait a few hours, or send less at once")
            .with_note(asked),
        _ => CheckLine::ok(what, text),
    }
}

fn storage(seen: &Seen) -> Option<CheckLine> {
    let left = seen.storage_left_mb?;
    let what = "Data storage";
    let text = format!("{} MB left", grouped(left.max(0).unsigned_abs()));
    let asked = "Could you delete data that nobody needs, or buy storage? When it's full, no record can be saved";
    let asked = note(
        &format!("Our org has {text}"),
        asked,
        "Setup > Storage Usage",
    );
    let cure = "ask your Salesforce admin to delete data or buy storage";
    Some(match left {
        ..=0 => CheckLine::failed(what, "full", Code::Storage)
            .cured(Who::Admin, cure)
            .with_note(asked),
        1..=LITTLE_STORAGE => CheckLine::look(what, text)
            .cured(Who::Admin, cure)
            .with_note(asked),
        _ => CheckLine::ok(what, text),
    })
}

fn address(seen: &Seen) -> CheckLine {
    let what = ADDRESS;
    let Some(login) = seen.logins.first() else {
        return CheckLine::ok(
            what,
            "this user can't read the login history. An admin finds the address in Setup > Login History",
        );
    };
    let saw = format!("Salesforce saw {} ({})", login.source_ip, login.status);
    match refused_lately(&seen.logins) {
        Some(refused) => {
            let when = refused.at.map(|at| format!(", {}", ago(at, seen.now)));
            let text = format!(
                "{saw}. It refused {} ({}{})",
                refused.source_ip,
                refused.status,
                when.unwrap_or_default()
            );
            CheckLine::look(what, text)
                .cured(Who::Admin, ADDRESS_CURE)
                .with_note(address_note(&user(seen), Some(&refused.source_ip)))
        }
        None => {
            let asked = format!(
                "Salesforce saw my address as {}. If you restrict logins by IP, could you relax the rule for this app, or \
                 allow the address? A desktop app has no fixed address, so relaxing the app's rule lasts longer",
                login.source_ip
            );
            let asked = note("This is for IP restrictions", &asked, ADDRESS_PLACE);
            CheckLine::ok(what, saw).with_note(asked)
        }
    }
}

/// Returns the latest sign-in that was refused for its address, unless one from there was let in since.
fn refused_lately(logins: &[Login]) -> Option<&Login> {
    let refused = logins.iter().find(|login| login.is_refused_address())?;
    // Sign-ins of the same second stand in any order.
    let is_let_in = logins.iter().any(|login| {
        login.source_ip == refused.source_ip
            && !login.is_refused_address()
            && login.at >= refused.at
    });
    (!is_let_in).then_some(refused)
}

/// Tells a sign-in that was refused for its address what is known of that: what the org says, else where it saw this
/// computer before.
pub(super) fn refused_address(connection: &Connection, said: &Said, now: i64) -> Option<CheckLine> {
    let words = said.words.to_ascii_lowercase();
    let is_a_policy = said.code == "INVALID_SESSION_ID" && words.contains("not valid for use with");
    if !is_a_policy && !words.contains("ip restricted") {
        return None;
    }
    let named = address_in(&words).map(|ip| ip.to_string());
    let before = connection.facts.seen_address.as_ref();
    let text = match (&named, before) {
        (Some(ip), _) => format!("Salesforce refused {ip}"),
        (None, Some(seen)) => format!(
            "Salesforce refused it and doesn't say which one it saw. The last sign-in that worked came from {}, {}",
            seen.ip,
            ago(seen.at, now)
        ),
        (None, None) => "Salesforce refused it and doesn't say which one it saw".to_owned(),
    };
    let user = connection.username.as_deref().unwrap_or("the app's user");
    let line = CheckLine::failed(ADDRESS, text, Code::Rights);
    Some(
        line.cured(Who::Admin, ADDRESS_CURE)
            .with_note(address_note(user, named.as_deref())),
    )
}

/// Returns the first IP address that a text names.
fn address_in(text: &str) -> Option<IpAddr> {
    let is_of_one = |letter: char| letter.is_ascii_hexdigit() || matches!(letter, '.' | ':');
    text.split(|letter| !is_of_one(letter))
        .find_map(|word| word.trim_end_matches(['.', ':']).parse().ok())
}

fn address_note(user: &str, refused: Option<&str>) -> String {
    let address = match refused {
        Some(ip) => format!("add {ip}"),
        None => "add my address".to_owned(),
    };
    let asked = format!(
        "Could you relax the IP rules for this app, or {address} to the login IP ranges of my profile? A desktop app has no \
         fixed address, so relaxing the app's rule lasts longer. Setup > Login History lists the refused sign-in of {user} \
         with the address it came from"
    );
    let happened = "Salesforce refuses my sign-in because of the IP address it comes from";
    note(happened, &asked, ADDRESS_PLACE)
}

fn ago(at: i64, now: i64) -> String {
    match now.saturating_sub(at) / DAY_MS {
        ..=0 => "today".to_owned(),
        1 => "yesterday".to_owned(),
        days => format!("{days} days ago"),
    }
}

/// Says which way requests leave this computer.
pub(super) fn proxy() -> CheckLine {
    let text = match Proxy::chosen() {
        Proxy::System => "as the system is set".to_owned(),
        Proxy::None => "none, as set here".to_owned(),
        chosen @ Proxy::At(_) => format!("{chosen}, as set here"),
    };
    CheckLine::ok("Proxy", text).with_fix(Fix::Proxy)
}

/// Tells a certificate that ends within a month, or has ended: a new key is needed then, whatever else is said.
pub(super) fn certificate(connection: &Connection, now: i64) -> Option<CheckLine> {
    let what = "Certificate of the key";
    let ends = connection.certificate_expires_at?;
    let Some(end) = certificate_end_in_words(connection, now) else {
        return Some(CheckLine::ok(what, "valid for more than a month"));
    };
    let line = match ends <= now {
        true => CheckLine::failed(what, end, Code::SetUp),
        false => CheckLine::look(what, end),
    };
    let (cure, command) = certificate_cure(connection);
    Some(line.cured(Who::You, cure).with_command(command))
}

fn token(seen: &Seen) -> CheckLine {
    let text = match seen.token {
        TokenKind::Opaque => "session id",
        TokenKind::Jwt => "JSON Web Token (JWT)",
    };
    CheckLine::ok("Type of access token", text)
}

/// A sign-in that ends when it isn't used.
fn unused(seen: &Seen) -> Option<CheckLine> {
    let what = "Unused sign-in";
    let days = idle::days_until_lapse(&seen.connection, seen.now)?;
    let text = format!("renewed now. Unused, it can end in {days} days");
    Some(CheckLine::ok(what, text))
}

#[cfg(test)]
mod tests;
