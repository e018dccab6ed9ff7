//! The browser's part: sign-in page, consent page, way back to the app.

use super::{Trouble, pages, scopes};
use crate::http::{Answer, Call, encode, pairs};
use crate::org::{App, Grant, Org};

/// Errors of a page of their own, and what each says.
const ERRORS: [(&str, &str); 3] = [
    ("invalid_client_id", "client identifier invalid"),
    (
        "redirect_uri_mismatch",
        "redirect_uri must match configuration",
    ),
    (
        "OAUTH_APPROVAL_ERROR_GENERIC",
        "the requested scope is not allowed for this app",
    ),
];

/// `GET /services/oauth2/authorize`: the sign-in page, or why there is none.
pub(super) fn begin(org: &Org, call: &Call) -> Answer {
    match check(org, &call.query) {
        Ok(_) => pages::sign_in(&written(&call.query), &org.file_name(), None),
        Err(answer) => answer,
    }
}

/// `POST`: the password was given, or consent.
pub(super) fn go_on(org: &Org, call: &Call) -> Result<Answer, Trouble> {
    let form = call.form();
    let field = |name: &str| {
        form.iter()
            .find(|(n, _)| n == name)
            .map(|(_, v)| v.as_str())
    };
    if let Some(ticket) = field("ticket") {
        let Some(query) = org.take_ticket(ticket)? else {
            return Ok(pages::notice(
                400,
                "This page is too old",
                "Please start again from the app.",
            ));
        };
        let user = org.owner(ticket)?;
        return decide(
            org,
            &pairs(&query),
            &user,
            field("decision") == Some("allow"),
        );
    }
    let query = field("query").unwrap_or_default();
    let app = match check(org, &pairs(query)) {
        Ok((app, _)) => app,
        Err(answer) => return Ok(answer),
    };
    let given = |name: &str| field(name).unwrap_or_default();
    let user = org.user_with_password(given("username"), given("password"))?;
    let Some(user) = user.filter(|user| user.is_active).map(|user| user.id) else {
        let wrong = "Please check your username and password.";
        return Ok(pages::sign_in(query, &org.file_name(), Some(wrong)).for_a_guess());
    };
    if !org.check_address(&user, call)? {
        org.log_sign_in(&user, call, "Restricted IP")?;
        let wrong = "You can't log in from this network. Contact your administrator.";
        return Ok(pages::sign_in(query, &org.file_name(), Some(wrong)));
    }
    if app.admin_approved_only && !app.approves(given("username")) {
        return Ok(back(
            &pairs(query),
            &[
                ("error", "invalid_app_access"),
                (
                    "error_description",
                    "user is not admin approved to access this app",
                ),
            ],
        ));
    }
    let ticket = org.make_ticket(query)?;
    org.belongs_to(&ticket, &user)?;
    let wanted = pairs(query)
        .into_iter()
        .find(|(n, _)| n == "scope")
        .map(|(_, v)| v);
    Ok(pages::consent(
        &ticket,
        &app.client_id,
        &scopes(wanted.as_deref(), &app.scopes).unwrap_or_default(),
    ))
}

fn decide(
    org: &Org,
    query: &[(String, String)],
    user: &str,
    allowed: bool,
) -> Result<Answer, Trouble> {
    let (app, scope) = match check(org, query) {
        Ok(found) => found,
        Err(answer) => return Ok(answer),
    };
    if !allowed {
        let error = org.choice("access_denied_spelling")?;
        return Ok(back(
            query,
            &[
                ("error", &error),
                ("error_description", "end-user denied authorization"),
            ],
        ));
    }
    let grant = Grant {
        client_id: app.client_id,
        scope,
        redirect_uri: param(query, "redirect_uri").to_owned(),
        challenge: Some(param(query, "code_challenge").to_owned()).filter(|c| !c.is_empty()),
        expired: false,
    };
    let code = org.make_code(&grant)?;
    org.belongs_to(&code, user)?;
    Ok(back(query, &[("code", &code)]))
}

/// The app and the scopes of a sound request; otherwise where the browser is sent.
fn check(org: &Org, query: &[(String, String)]) -> Result<(App, String), Answer> {
    let [no_app, wrong_callback, wrong_scope] = ERRORS;
    let app = match org.app(param(query, "client_id")) {
        Ok(Some(app)) => app,
        Ok(None) => return Err(to_error_page(no_app)),
        Err(error) => return Err(Trouble::from(error).answer()),
    };
    // An unknown address is told nothing: only the page may say what is wrong.
    if !app.takes_callback(param(query, "redirect_uri")) {
        return Err(to_error_page(wrong_callback));
    }
    let refuse = |error: &str, description: &str| {
        Err(back(
            query,
            &[("error", error), ("error_description", description)],
        ))
    };
    if param(query, "response_type") != "code" {
        return refuse("unsupported_response_type", "response type not supported");
    }
    let method = param(query, "code_challenge_method");
    if !matches!(method, "" | "S256") {
        return refuse("invalid_request", "code challenge method not supported");
    }
    if app.pkce_required && param(query, "code_challenge").is_empty() {
        return refuse("invalid_request", "missing required code challenge");
    }
    match scopes(
        query
            .iter()
            .find(|(n, _)| n == "scope")
            .map(|(_, v)| v.as_str()),
        &app.scopes,
    ) {
        Some(scope) => Ok((app, scope)),
        None => Err(to_error_page(wrong_scope)),
    }
}

fn to_error_page((error, description): (&str, &str)) -> Answer {
    let to = format!(
        "/setup/secur/RemoteAccessErrorPage.apexp?error={error}&error_description={}",
        encode(description)
    );
    Answer::text(302, "text/html;charset=UTF-8", "").with("Location", to)
}

fn param<'a>(query: &'a [(String, String)], name: &str) -> &'a str {
    query
        .iter()
        .find(|(n, _)| n == name)
        .map_or("", |(_, v)| v.as_str())
}

fn written(query: &[(String, String)]) -> String {
    let parts: Vec<String> = query
        .iter()
        .map(|(n, v)| format!("{}={}", encode(n), encode(v)))
        .collect();
    parts.join("&")
}

/// Sends the browser back to the app.
fn back(query: &[(String, String)], values: &[(&str, &str)]) -> Answer {
    let callback = param(query, "redirect_uri");
    let mut parts: Vec<String> = values
        .iter()
        .map(|(n, v)| format!("{n}={}", encode(v)))
        .collect();
    if let Some((_, state)) = query.iter().find(|(n, _)| n == "state") {
        parts.push(format!("state={}", encode(state)));
    }
    let glue = if callback.contains('?') { '&' } else { '?' };
    Answer::text(302, "text/html;charset=UTF-8", "")
        .with("Location", format!("{callback}{glue}{}", parts.join("&")))
}

/// The page that a browser sees when nothing can be sent back to the app.
///
/// Anyone can link to it, so it shows only texts of its own.
pub(crate) fn error_page(call: &Call) -> Answer {
    let asked = call.param("error").unwrap_or_default();
    let (error, description) = ERRORS
        .into_iter()
        .find(|(error, _)| *error == asked)
        .unwrap_or(("unknown_error", ""));
    let text = format!("error={error}&error_description={description}");
    pages::notice(
        400,
        "We can't authorize you because of an OAuth error.",
        &text,
    )
}
