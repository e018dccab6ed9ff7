//! The steps of each flow, as Salesforce's own pages name things.
//!
//! # Source
//! Salesforce Help, "Create a Local External Client App", "Create a Connected App", "Configure a Connected App for the OAuth 2.0
//! Client Credentials Flow", "OAuth 2.0 JWT Bearer Flow for Server-to-Server Integration".

use leadferry_store::Flow;

use super::{Generation, GuideNeed, GuideStep, GuideValue, SetUpStep};

/// What an app needs when it is created.
pub(super) struct App {
    pub(super) name: String,
    /// Empty where nobody has given one.
    pub(super) email: String,
    pub(super) callbacks: Vec<String>,
    /// As Salesforce's pages show them.
    pub(super) scopes: Vec<&'static str>,
}

/// What Salesforce wants as a callback although the flow never uses it.
const UNUSED_CALLBACK: &str = "https://localhost";

/// Returns the places where an app for a flow can be created, the newest first.
pub(super) fn generations(flow: Flow) -> &'static [Generation] {
    use Generation::{Classic, ExternalClientApp, Lightning};
    match flow {
        Flow::Practice => &[],
        Flow::Password => &[Lightning, Classic],
        _ => &[ExternalClientApp, Lightning, Classic],
    }
}

pub(super) fn label(generation: Generation) -> &'static str {
    match generation {
        Generation::ExternalClientApp => "External Client App (current)",
        Generation::Lightning => "Connected App in Lightning (before 2026)",
        Generation::Classic => "Connected App in Salesforce Classic",
    }
}

pub(super) fn title(flow: Flow, generation: Generation) -> String {
    let app = match generation {
        Generation::ExternalClientApp => "an External Client App",
        Generation::Lightning => "a connected app",
        Generation::Classic => "a connected app in Salesforce Classic",
    };
    match flow {
        Flow::Practice => "Practice org on this computer".to_owned(),
        Flow::Browser => format!("Set up {app} for signing in with the browser"),
        Flow::Jwt => format!("Set up {app} for signing in with a key (JWT bearer)"),
        Flow::ClientCredentials => format!("Set up {app} for signing in as the app"),
        Flow::Password => format!("Set up {app} for signing in with username and password"),
    }
}

pub(super) fn steps(flow: Flow, generation: Generation, app: &App) -> Vec<GuideStep> {
    let mut steps = match flow {
        Flow::Practice => return Vec::new(),
        _ => vec![
            open(generation),
            create(generation, app),
            oauth(generation),
            callback(app),
        ],
    };
    match flow {
        Flow::Jwt => steps.extend([
            certificate(generation),
            scopes(app),
            token(),
            key(generation, false),
            pre_authorize(generation),
            assign(generation),
        ]),
        Flow::ClientCredentials => steps.extend([
            scopes(app),
            as_the_app(generation),
            run_as(generation),
            key(generation, true),
        ]),
        Flow::Password => steps.extend([
            scopes(app),
            allow_passwords(),
            key(generation, true),
            security_token(),
        ]),
        Flow::Browser | Flow::Practice => steps.extend([
            scopes(app),
            in_the_browser(generation),
            users(generation),
            key(generation, false),
        ]),
    }
    steps
}

fn step(id: SetUpStep, title: &str, how: &str, values: Vec<GuideValue>) -> GuideStep {
    GuideStep {
        id,
        title: title.to_owned(),
        how: how.to_owned(),
        values,
    }
}

fn value(field: &str, value: &str, required: bool, note: &str) -> GuideValue {
    GuideValue {
        field: field.to_owned(),
        value: value.to_owned(),
        required,
        note: note.to_owned(),
    }
}

fn required(field: &str, text: &str) -> GuideValue {
    value(field, text, true, "")
}

fn open(generation: Generation) -> GuideStep {
    let (title, how) = match generation {
        Generation::ExternalClientApp => (
            "Open Setup, then External Client App Manager",
            "Type “external client” in the Quick Find box: Apps > External Client Apps > External Client App Manager.",
        ),
        Generation::Lightning => (
            "Open Setup, then App Manager",
            "Type “app manager” in the Quick Find box: Apps > App Manager.",
        ),
        Generation::Classic => (
            "Open Setup, then Create > Apps",
            "It's on the left, under Build. In the oldest orgs it's Deploy > Remote Access.",
        ),
    };
    step(SetUpStep::Open, title, how, Vec::new())
}

fn create(generation: Generation, app: &App) -> GuideStep {
    let (title, how, name) = match generation {
        Generation::ExternalClientApp => (
            "Choose New External Client App",
            "Fill in the basic information.",
            "External Client App Name",
        ),
        Generation::Lightning => (
            "Choose New Connected App",
            "Since Spring '26 only Salesforce Support can turn this on. An app that you already have works, too: choose Edit.",
            "Connected App Name",
        ),
        Generation::Classic => (
            "Under Connected Apps, choose New",
            "Fill in the basic information.",
            "Connected App Name",
        ),
    };
    let email = match app.email.is_empty() {
        true => value("Contact Email", "", true, "Your own email"),
        false => required("Contact Email", &app.email),
    };
    let mut values = vec![
        required(name, &app.name),
        value(
            "API Name",
            &api_name(&app.name),
            true,
            "Salesforce fills this in",
        ),
        email,
    ];
    if generation == Generation::ExternalClientApp {
        values.push(required("Distribution State", "Local"));
    }
    step(SetUpStep::App, title, how, values)
}

/// Returns a name of letters, digits and single underscores, as Salesforce makes it from the app's name.
fn api_name(name: &str) -> String {
    let is_letter = |letter: char| letter.is_ascii_alphanumeric();
    let words = name.split(|letter| !is_letter(letter));
    let words: Vec<_> = words.filter(|word| !word.is_empty()).collect();
    words.join("_")
}

fn oauth(generation: Generation) -> GuideStep {
    let (title, how) = match generation {
        Generation::ExternalClientApp => (
            "Under API, enable OAuth",
            "Open API (Enable OAuth Settings) and select Enable OAuth.",
        ),
        _ => (
            "Enable OAuth settings",
            "Under API (Enable OAuth Settings), select Enable OAuth Settings.",
        ),
    };
    step(SetUpStep::Oauth, title, how, Vec::new())
}

fn callback(app: &App) -> GuideStep {
    if app.callbacks.is_empty() {
        return step(
            SetUpStep::Callback,
            "Enter a callback URL",
            "Salesforce requires one, although this kind of sign-in never uses it.",
            vec![required("Callback URL", UNUSED_CALLBACK)],
        );
    }
    let (title, how) = match app.callbacks.len() {
        1 => (
            "Paste the callback URL",
            "It must match character for character: http, the same port, no slash at the end.",
        ),
        _ => (
            "Paste the callback URLs",
            "One on each line. They must match character for character: http, no slash at the end. Leadferry uses the others \
             when the first port is taken.",
        ),
    };
    let callbacks = app.callbacks.iter().enumerate();
    let values = callbacks.map(|(at, url)| value("Callback URL", url, at == 0, ""));
    step(SetUpStep::Callback, title, how, values.collect())
}

fn scopes(app: &App) -> GuideStep {
    let values = app.scopes.iter();
    step(
        SetUpStep::Scopes,
        "Add these scopes",
        "Move them to Selected OAuth Scopes, in any order.",
        values.map(|scope| required("OAuth scope", scope)).collect(),
    )
}

fn in_the_browser(generation: Generation) -> GuideStep {
    let how = match generation {
        Generation::ExternalClientApp => {
            "To leave the consumer secret empty, clear “Require secret for Web Server Flow” and “Require secret for Refresh Token \
             Flow” under Security. Leave “Enable JWT Bearer Flow” off: it's what older apps call digital signatures."
        }
        _ => {
            "To leave the consumer secret empty, clear “Require Secret for Web Server Flow” and “Require Secret for Refresh Token \
             Flow”. Leave “Use digital signatures” off: it's for JWT."
        }
    };
    step(
        SetUpStep::Flow,
        "Require Proof Key for Code Exchange (PKCE)",
        how,
        Vec::new(),
    )
}

fn users(generation: Generation) -> GuideStep {
    let how = match generation {
        Generation::ExternalClientApp => {
            "On the Policies tab, under OAuth Policies > Permitted Users, let all users self-authorize, or only those with a \
             profile or permission set that you select."
        }
        Generation::Lightning => {
            "App Manager > the app's menu > Manage > Edit Policies > Permitted Users: let all users self-authorize, or only \
             approved ones."
        }
        Generation::Classic => {
            "Manage Apps > Connected Apps > Edit > Permitted Users: let all users self-authorize, or only approved ones."
        }
    };
    step(SetUpStep::Users, "Allow the right users", how, Vec::new())
}

fn certificate(generation: Generation) -> GuideStep {
    let (title, how) = match generation {
        Generation::ExternalClientApp => (
            "Enable the JWT Bearer Flow, and upload the certificate",
            "Under Flow Enablement, select Enable JWT Bearer Flow and upload the file that Leadferry saved.",
        ),
        _ => (
            "Use digital signatures, and upload the certificate",
            "Select Use digital signatures, choose the file that Leadferry saved, and check that its name appears.",
        ),
    };
    let file = value(
        "Certificate file",
        "cert.pem",
        true,
        "Leadferry saves it when you create a key",
    );
    step(SetUpStep::Certificate, title, how, vec![file])
}

fn token() -> GuideStep {
    step(
        SetUpStep::Token,
        "Issue JWT-based access tokens",
        "Select “Issue JSON Web Token (JWT)-based access tokens for named users”. Leadferry works with opaque tokens, too.",
        Vec::new(),
    )
}

fn pre_authorize(generation: Generation) -> GuideStep {
    let how = match generation {
        Generation::ExternalClientApp => "On the Policies tab, choose Edit, then OAuth Policies.",
        Generation::Lightning => "App Manager > the app's menu > Manage > Edit Policies.",
        Generation::Classic => "Manage Apps > Connected Apps > Edit, next to the app.",
    };
    step(
        SetUpStep::Users,
        "Approve users ahead",
        how,
        vec![required(
            "Permitted Users",
            "Admin approved users are pre-authorized",
        )],
    )
}

fn assign(generation: Generation) -> GuideStep {
    let how = match generation {
        Generation::ExternalClientApp => {
            "On the Policies tab, under App Policies, select the user's profile or a permission set that the user has."
        }
        _ => {
            "Setup > Profiles > Edit, next to the user's profile > Connected App Access: select the app. Or add a permission set \
             under Manage Permission Sets on the app's page."
        }
    };
    step(
        SetUpStep::Assign,
        "Give the user access to the app",
        how,
        Vec::new(),
    )
}

fn as_the_app(generation: Generation) -> GuideStep {
    let how = match generation {
        Generation::ExternalClientApp => {
            "Under Flow Enablement, select Enable Client Credentials Flow."
        }
        _ => "Select Enable Client Credentials Flow, and accept the warning.",
    };
    step(
        SetUpStep::Flow,
        "Enable the Client Credentials Flow",
        how,
        Vec::new(),
    )
}

fn run_as(generation: Generation) -> GuideStep {
    let how = match generation {
        Generation::ExternalClientApp => {
            "On the Policies tab, under OAuth Flows, enable the flow and enter the user in Run As. Leadferry can read and write \
             only what this user can."
        }
        Generation::Lightning => {
            "App Manager > the app's menu > Manage > Edit Policies > Client Credentials Flow > Run As. Leadferry can read and \
             write only what this user can."
        }
        Generation::Classic => {
            "Manage Apps > Connected Apps > Edit > Client Credentials Flow > Run As. Leadferry can read and write only what this \
             user can."
        }
    };
    step(
        SetUpStep::RunAs,
        "Choose the user the app runs as",
        how,
        Vec::new(),
    )
}

fn allow_passwords() -> GuideStep {
    step(
        SetUpStep::Flow,
        "Allow sign-ins with a password",
        "Setup > OAuth and OpenID Connect Settings: turn on the setting below. Orgs created since Summer '23 block it. Leave “Use \
         digital signatures” off.",
        vec![required("Setting", "Allow OAuth Username-Password Flows")],
    )
}

fn security_token() -> GuideStep {
    step(
        SetUpStep::Password,
        "Get the user's security token",
        "Needed outside the org's trusted IP ranges. The user finds it under Settings > My Personal Information > Reset My \
         Security Token, and gets it by email.",
        Vec::new(),
    )
}

fn key(generation: Generation, with_secret: bool) -> GuideStep {
    let title = match with_secret {
        true => "Save, and copy the consumer key and secret",
        false => "Save, and copy the consumer key",
    };
    let path = match generation {
        Generation::ExternalClientApp => {
            "Create, then Settings > OAuth Settings > Consumer Key and Secret."
        }
        Generation::Lightning => "Save > Continue > Manage Consumer Details.",
        Generation::Classic => {
            "Save > Continue. They're on the app's page, under API (Enable OAuth Settings)."
        }
    };
    let how = format!(
        "{path} Salesforce may email you a code first. A new app can take up to 10 minutes to work. Leadferry keeps trying."
    );
    step(SetUpStep::Key, title, &how, Vec::new())
}

/// Returns what Leadferry asks for once the app is there.
pub(super) fn needs(flow: Flow) -> Vec<GuideNeed> {
    let need = |name: &str, example: &str| GuideNeed {
        name: name.to_owned(),
        example: example.to_owned(),
        required: true,
        secret: false,
    };
    let secret = |name: &str, example: &str, required| GuideNeed {
        required,
        secret: true,
        ..need(name, example)
    };
    let address = need("Address of your Salesforce", "acme.my.salesforce.com");
    let key = need("Consumer key", "3MVG9lKcPoNINVBIPJjdw1J9LLM82Hn…");
    let username = need("Username", "mia@acme.com");
    match flow {
        Flow::Practice => Vec::new(),
        Flow::Browser => vec![
            address,
            key,
            secret("Consumer secret", "64 letters and digits", false),
        ],
        Flow::Jwt => vec![address, key, username],
        Flow::ClientCredentials => vec![
            address,
            key,
            secret("Consumer secret", "64 letters and digits", true),
        ],
        Flow::Password => vec![
            address,
            key,
            secret("Consumer secret", "64 letters and digits", true),
            username,
            secret("Password", "the one the user signs in with", true),
            secret("Security token", "24 letters and digits", false),
        ],
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_api_name_is_one_that_salesforce_takes() {
        assert_eq!(
            api_name("Leadferry on mia's-mac.local"),
            "Leadferry_on_mia_s_mac_local"
        );
        assert_eq!(api_name("Leadferry on büro__2"), "Leadferry_on_b_ro_2");
    }
}
