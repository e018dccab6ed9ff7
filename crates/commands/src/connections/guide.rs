//! The guided set-up: what is done in Salesforce for each way to sign in, step by step, with every value to copy.
//!
//! The window, the command line and the sheet for the administrator show the same text. It is decided here.

mod sheet;
mod steps;

use std::path::{Path, PathBuf};

use leadferry_salesforce::auth::{CALLBACK_PATH, Listener};
use leadferry_store::Flow;
use serde::{Deserialize, Serialize};

use super::{CALLBACK_PORTS, Generation, SetUpStep};
use crate::{Error, Result, Workspace, files, scopes};

/// Least port that needs no rights of its own.
const LEAST_PORT: u16 = 1_024;
/// Longest email that anybody has, in bytes.
const LONGEST_EMAIL: usize = 254;

/// What a guide is for.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, ts_rs::TS)]
#[ts(optional_fields)]
pub struct GuideRequest {
    /// How the connection will sign in.
    pub flow: Flow,
    /// Where in Salesforce the app is created; the newest place that has the flow where unset.
    pub generation: Option<Generation>,
    /// Which scopes the app gets.
    pub scopes: Option<ScopePreset>,
    /// The one callback port that the app lists, where it is not one of ours.
    pub callback_port: Option<u16>,
    /// The contact email of the app.
    pub contact_email: Option<String>,
}

/// Which scopes an app gets.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, ts_rs::TS)]
#[serde(rename_all = "snake_case")]
pub enum ScopePreset {
    /// No more than the flow needs.
    #[default]
    Needed,
    /// Full access and a refresh token, as Kentico asks for.
    Full,
}

/// A way to sign in, and when to take it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ts_rs::TS)]
pub struct FlowChoice {
    /// The way.
    pub flow: Flow,
    /// What it is called.
    pub title: String,
    /// When to take it, in a sentence.
    pub when: String,
    /// Whether another way is better wherever there is one.
    pub discouraged: bool,
}

/// A place in Salesforce where an app for the flow can be created.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ts_rs::TS)]
pub struct GenerationChoice {
    /// The place.
    pub generation: Generation,
    /// What it is called.
    pub label: String,
}

/// What is to be done in Salesforce.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ts_rs::TS)]
pub struct Guide {
    /// How the connection will sign in.
    pub flow: Flow,
    /// Where the app is created.
    pub generation: Generation,
    /// Where else it could be.
    pub generations: Vec<GenerationChoice>,
    /// What the guide is about.
    pub title: String,
    /// The steps, in order; none for the practice org.
    pub steps: Vec<GuideStep>,
    /// What Leadferry asks for afterward.
    pub needs: Vec<GuideNeed>,
    /// The callback addresses that the sign-in uses; empty where the flow uses none.
    pub callbacks: Vec<String>,
    /// All of it as plain text, to be sent to someone.
    pub text: String,
}

/// One step in Salesforce.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ts_rs::TS)]
pub struct GuideStep {
    /// Which step it is.
    pub id: SetUpStep,
    /// What to do.
    pub title: String,
    /// How.
    pub how: String,
    /// What to enter or select there.
    pub values: Vec<GuideValue>,
}

/// A value to enter or select in Salesforce.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ts_rs::TS)]
pub struct GuideValue {
    /// The field's name in Salesforce.
    pub field: String,
    /// The value; empty where it is the reader's own.
    pub value: String,
    /// Whether Salesforce requires it.
    pub required: bool,
    /// What else there is to know; may be empty.
    pub note: String,
}

/// Something that Leadferry asks for once the app is there.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ts_rs::TS)]
pub struct GuideNeed {
    /// What.
    pub name: String,
    /// What it looks like.
    pub example: String,
    /// Whether nothing works without it.
    pub required: bool,
    /// Whether it is a secret, which is never written on a sheet.
    pub secret: bool,
}

/// A sheet for the administrator that is to be saved.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, ts_rs::TS)]
pub struct SaveGuide {
    /// What it is for.
    pub guide: GuideRequest,
    /// The file.
    pub place: PathBuf,
}

/// Returns the ways to sign in, the best first.
pub fn flows() -> Vec<FlowChoice> {
    let choice = |flow, title: &str, when: &str| FlowChoice {
        flow,
        title: title.to_owned(),
        when: when.to_owned(),
        discouraged: flow == Flow::Password,
    };
    vec![
        choice(
            Flow::Browser,
            "Sign in with your browser",
            "Best for most people: you sign in on Salesforce's own page, and Leadferry never sees your password.",
        ),
        choice(
            Flow::Jwt,
            "Sign in with a key (JWT bearer)",
            "For runs that nobody watches: a certificate in Salesforce stands in for the browser, and one user is approved ahead.",
        ),
        choice(
            Flow::ClientCredentials,
            "Sign in as the app (client credentials)",
            "For an integration user of its own: the app signs in with its secret and has only that user's rights.",
        ),
        choice(
            Flow::Password,
            "Username and password",
            "Only where nothing else works: Leadferry has to keep your password, and Salesforce blocks this in orgs created \
             since Summer '23.",
        ),
        choice(
            Flow::Practice,
            "Practice org on this computer",
            "To try things out: it behaves like Salesforce, and needs no account.",
        ),
    ]
}

/// Returns what is to be done in Salesforce.
///
/// # Errors
/// When the port or the email is not one, or the flow is not offered in that place.
pub fn guide(request: &GuideRequest) -> Result<Guide> {
    let email = checked_email(request.contact_email.as_deref())?;
    if request.callback_port.is_some_and(|port| port < LEAST_PORT) {
        return Err(not_a_port());
    }
    let flow = request.flow;
    let generations = steps::generations(flow);
    let newest = generations.first().copied().unwrap_or_default();
    let generation = request.generation.unwrap_or(newest);
    if flow != Flow::Practice && !generations.contains(&generation) {
        return Err(Error::usage(
            "External Client Apps don't offer this kind of sign-in",
            "choose a connected app, or another way to sign in",
        ));
    }
    let callbacks = callbacks(flow, request.callback_port);
    let app = steps::App {
        name: app_name(),
        email,
        callbacks: callbacks.clone(),
        scopes: scopes::of(flow, request.scopes.unwrap_or_default()),
    };
    let mut guide = Guide {
        flow,
        generation,
        generations: generations
            .iter()
            .map(|generation| GenerationChoice {
                generation: *generation,
                label: steps::label(*generation).to_owned(),
            })
            .collect(),
        title: steps::title(flow, generation),
        steps: steps::steps(flow, generation, &app),
        needs: steps::needs(flow),
        callbacks,
        text: String::new(),
    };
    guide.text = sheet::text(&guide);
    Ok(guide)
}

/// Writes a guide as a page to print.
///
/// # Errors
/// When there is no such guide, or the file cannot be written.
pub fn save_guide(request: &SaveGuide) -> Result<()> {
    write(&guide(&request.guide)?, &request.place)
}

/// Writes a guide as a page to print where the data folder keeps such pages, and returns its file.
///
/// # Errors
/// When there is no such guide, or the file cannot be written.
pub fn page_to_print(workspace: &Workspace, request: &GuideRequest) -> Result<PathBuf> {
    let folder = workspace
        .host()
        .environment
        .data_folder
        .join("setup-guides");
    files::make_folder(&folder)?;
    let place = folder.join(format!("{}.html", request.flow.name()));
    write(&guide(request)?, &place)?;
    Ok(place)
}

fn write(guide: &Guide, place: &Path) -> Result<()> {
    files::save(place, sheet::page(guide).as_bytes())
}

/// The callback address of a port, and whether it can be used now.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ts_rs::TS)]
pub struct CallbackCheck {
    /// The address, exactly as the app must list it.
    pub callback: String,
    /// Whether no other program listens there.
    pub free: bool,
}

/// Tries whether Leadferry can listen on a port.
///
/// # Errors
/// When it is no port for that.
pub async fn check_callback(port: u16) -> Result<CallbackCheck> {
    if port < LEAST_PORT {
        return Err(not_a_port());
    }
    Ok(CallbackCheck {
        callback: callback(port),
        free: Listener::bind(&[port]).await.is_ok(),
    })
}

/// Returns the callback addresses that a sign-in uses.
fn callbacks(flow: Flow, port: Option<u16>) -> Vec<String> {
    if flow != Flow::Browser {
        return Vec::new();
    }
    let ports = port.map_or(CALLBACK_PORTS.to_vec(), |port| vec![port]);
    ports.into_iter().map(callback).collect()
}

/// Returns the callback address of a port.
fn callback(port: u16) -> String {
    format!("http://localhost:{port}{CALLBACK_PATH}")
}

fn not_a_port() -> Error {
    Error::usage(
        "this isn't a port that Leadferry can use",
        "enter a number from 1024 to 65535",
    )
    .at("callback_port")
}

fn checked_email(email: Option<&str>) -> Result<String> {
    let email = email.unwrap_or_default().trim();
    let is_plain = |letter: char| !letter.is_whitespace() && !letter.is_control() && letter != '<';
    let is_one = email.len() <= LONGEST_EMAIL
        && email.split('@').count() == 2
        && email.chars().all(is_plain);
    if email.is_empty() || is_one {
        return Ok(email.to_owned());
    }
    Err(Error::usage(
        "this isn't an email address",
        "enter the email of whoever looks after the app",
    )
    .at("contact_email"))
}

/// Returns a name for the app that tells several computers apart.
fn app_name() -> String {
    match computer_name() {
        Some(computer) => format!("Leadferry on {computer}"),
        None => "Leadferry".to_owned(),
    }
}

/// Returns this machine's name, where the system tells it without being asked twice.
fn computer_name() -> Option<String> {
    let named = ["COMPUTERNAME", "HOSTNAME"].map(|name| std::env::var(name).ok());
    let read = || std::fs::read_to_string("/proc/sys/kernel/hostname").ok();
    let name = named.into_iter().flatten().next().or_else(read)?;
    let name: String = name.trim().chars().take(60).collect();
    Some(name).filter(|name| !name.is_empty() && name != "localhost")
}

#[cfg(test)]
mod tests {
    use super::*;

    const ALL: [Flow; 4] = [
        Flow::Browser,
        Flow::Jwt,
        Flow::ClientCredentials,
        Flow::Password,
    ];

    fn request(flow: Flow) -> GuideRequest {
        GuideRequest {
            flow,
            generation: None,
            scopes: None,
            callback_port: None,
            contact_email: None,
        }
    }

    fn ids(guide: &Guide) -> Vec<SetUpStep> {
        guide.steps.iter().map(|step| step.id).collect()
    }

    #[test]
    fn each_flow_has_its_own_steps_in_each_place_that_offers_it() {
        for flow in ALL {
            let offered = guide(&request(flow)).unwrap().generations;
            for choice in offered {
                let guide = guide(&GuideRequest {
                    generation: Some(choice.generation),
                    ..request(flow)
                })
                .unwrap();
                let ids = ids(&guide);
                let mut once = ids.clone();
                once.sort();
                once.dedup();
                assert_eq!(once.len(), ids.len(), "{flow:?}: a step stands twice");
                assert!(ids.contains(&SetUpStep::Key) && ids.contains(&SetUpStep::Scopes));
                assert_eq!(
                    ids.contains(&SetUpStep::Certificate),
                    flow == Flow::Jwt,
                    "{flow:?}"
                );
                assert_eq!(
                    ids.contains(&SetUpStep::RunAs),
                    flow == Flow::ClientCredentials,
                    "{flow:?}"
                );
            }
        }
        assert!(guide(&request(Flow::Practice)).unwrap().steps.is_empty());
    }

    #[test]
    fn external_client_apps_offer_no_password_flow() {
        let newest = guide(&request(Flow::Password)).unwrap();
        assert_eq!(newest.generation, Generation::Lightning);
        let asked = GuideRequest {
            generation: Some(Generation::ExternalClientApp),
            ..request(Flow::Password)
        };
        assert_eq!(guide(&asked).unwrap_err().code, crate::Code::Usage);
    }

    #[test]
    fn a_port_of_its_own_is_the_only_callback() {
        let own = GuideRequest {
            callback_port: Some(4_000),
            ..request(Flow::Browser)
        };
        let guide_of = guide(&own).unwrap();
        assert_eq!(guide_of.callbacks, ["http://localhost:4000/oauth/callback"]);
        assert!(
            guide_of
                .text
                .contains("http://localhost:4000/oauth/callback")
        );
        assert!(!guide_of.text.contains("18533"));
        let ours = guide(&request(Flow::Browser)).unwrap();
        assert_eq!(ours.callbacks[0], "http://localhost:18533/oauth/callback");
        let low = GuideRequest {
            callback_port: Some(80),
            ..request(Flow::Browser)
        };
        assert!(guide(&low).is_err());
    }

    #[tokio::test]
    async fn a_callback_that_another_program_holds_is_told() {
        let held = Listener::bind(&[0]).await.unwrap();
        let check = check_callback(held.port()).await.unwrap();
        assert!(!check.free);
        assert_eq!(check.callback, held.redirect_uri());
        drop(held);
        assert!(check_callback(80).await.is_err());
    }

    #[test]
    fn what_salesforce_requires_is_marked_and_given_where_it_can_be() {
        for flow in ALL {
            let guide = guide(&GuideRequest {
                contact_email: Some("mia@halden.example".to_owned()),
                ..request(flow)
            })
            .unwrap();
            let values = guide.steps.iter().flat_map(|step| &step.values);
            let required: Vec<_> = values.filter(|value| value.required).collect();
            assert!(required.len() >= 4, "{flow:?}");
            for value in required {
                assert!(
                    !value.value.is_empty() || !value.note.is_empty(),
                    "{flow:?}: {} has nothing to enter",
                    value.field
                );
            }
            assert!(guide.text.contains("mia@halden.example"));
        }
    }

    #[test]
    fn the_scopes_are_those_of_the_flow_or_full_access() {
        let text = |flow, scopes| {
            let asked = GuideRequest {
                scopes: Some(scopes),
                ..request(flow)
            };
            guide(&asked).unwrap().text
        };
        assert!(text(Flow::Jwt, ScopePreset::Needed).contains("(custom_permissions)"));
        let browser = text(Flow::Browser, ScopePreset::Needed);
        assert!(browser.contains("(refresh_token, offline_access)"));
        assert!(!browser.contains("(full)"));
        assert!(text(Flow::Browser, ScopePreset::Full).contains("(full)"));
    }

    #[test]
    fn a_sheet_is_safe_to_open_and_leaves_no_room_for_secrets() {
        let hostile = GuideRequest {
            contact_email: Some("\"><script>@x".to_owned()),
            ..request(Flow::ClientCredentials)
        };
        assert!(guide(&hostile).is_err(), "no tag is an email");
        let quoted = GuideRequest {
            contact_email: Some("a&\"b'@x".to_owned()),
            ..request(Flow::ClientCredentials)
        };
        let page = sheet::page(&guide(&quoted).unwrap());
        assert!(!page.contains("a&\"b"), "{page}");
        assert!(!page.contains("<script") && !page.contains("http-equiv"));
        assert!(page.contains("never by email"), "{page}");
    }
}
