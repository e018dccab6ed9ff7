//! `POST /services/oauth2/token`, `/revoke` and `/introspect`.

use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use sha2::{Digest, Sha256};

use super::person::Person;
use super::{INACTIVE, Trouble, assertion, scopes};
use crate::http::{Answer, Call, decode};
use crate::json::{Json, object};
use crate::org::{App, Org, values};
use crate::secret::{same, signature};

/// Hands out tokens for a grant.
pub(super) fn token(org: &Org, call: &Call) -> Result<Answer, Trouble> {
    let form = Form::of(call);
    let grant = form.get("grant_type");
    if grant == assertion::GRANT {
        let accepted = assertion::accept(org, call, form.get("assertion"))?;
        let assertion::Accepted { app, user, scope } = accepted;
        return hand_out(org, call, &app, &user, scope, (None, None));
    }
    if !matches!(
        grant,
        "authorization_code" | "refresh_token" | "client_credentials" | "password"
    ) {
        return Err(Trouble::OAuth(
            "unsupported_grant_type",
            "grant type not supported",
        ));
    }
    let app = org.app(form.get("client_id"))?.ok_or(Trouble::OAuth(
        "invalid_client_id",
        "client identifier invalid",
    ))?;
    let needed = match grant {
        "authorization_code" => app.secret_for_web,
        "refresh_token" => app.secret_for_refresh,
        _ => true,
    };
    check_secret(&app, form.get("client_secret"), needed)?;
    let (user, (scope, refresh)) = match grant {
        "authorization_code" => (org.owner(form.get("code"))?, by_code(org, &form, &app)?),
        "refresh_token" => (
            org.owner(form.get("refresh_token"))?,
            by_refresh(org, &form, &app)?,
        ),
        "client_credentials" => (org.runs_as()?, (by_credentials(&form, &app)?, None)),
        _ => {
            let user = by_password(org, &form, &app)?;
            (user, (without_refresh(app.scopes.join(" ")), None))
        }
    };
    let kept = if grant == "refresh_token" {
        Some(form.get("refresh_token"))
    } else {
        None
    };
    hand_out(org, call, &app, &user, scope, (refresh, kept))
}

/// Opens a session for a user and tells its token; `kept` is the refresh token that it belongs to where it gets no new one.
fn hand_out(
    org: &Org,
    call: &Call,
    app: &App,
    user: &str,
    scope: String,
    (refresh, kept): (Option<String>, Option<&str>),
) -> Result<Answer, Trouble> {
    if !org.check_address(user, call)? {
        org.log_sign_in(user, call, "Restricted IP")?;
        return Err(Trouble::OAuth("invalid_grant", "ip restricted"));
    }
    let access = org.open_session(app, &scope, refresh.as_deref().or(kept))?;
    for token in refresh.iter().chain([&access]) {
        org.belongs_to(token, user)?;
    }
    org.log_sign_in(user, call, "Success")?;
    let mut body = object([("access_token", access.into())]);
    if let Some(refresh) = refresh {
        body.push("refresh_token", refresh);
    }
    let id = format!("{}/id/{}/{user}", call.base, org.id);
    let issued_at = values::now_ms().to_string();
    body.push(
        "signature",
        signature(
            app.secret.as_deref().unwrap_or_default(),
            &format!("{id}{issued_at}"),
        ),
    );
    body.push("scope", scope);
    body.push("instance_url", call.base.as_str());
    body.push("id", id);
    body.push("token_type", "Bearer");
    body.push("issued_at", issued_at);
    body.push("token_format", "opaque");
    Ok(Answer::json(200, body).with("Cache-Control", "no-store"))
}

/// The fields of a form, with credentials from the header where they stand there.
struct Form {
    fields: Vec<(String, String)>,
}

impl Form {
    fn of(call: &Call) -> Form {
        let mut fields = call.form();
        fields.extend(call.query.clone());
        let basic = call
            .header("authorization")
            .and_then(|h| h.strip_prefix("Basic "))
            .and_then(|b| STANDARD.decode(b.trim()).ok());
        let basic = basic.and_then(|b| String::from_utf8(b).ok());
        if let Some((id, secret)) = basic.as_deref().and_then(|b| b.split_once(':')) {
            fields.push(("client_id".to_owned(), decode(id, true)));
            fields.push(("client_secret".to_owned(), decode(secret, true)));
        }
        Form { fields }
    }

    fn get(&self, name: &str) -> &str {
        self.fields
            .iter()
            .find(|(n, _)| n == name)
            .map_or("", |(_, v)| v.as_str())
    }
}

/// A secret that is sent is always checked.
fn check_secret(app: &App, given: &str, needed: bool) -> Result<(), Trouble> {
    let right = app
        .secret
        .as_deref()
        .is_some_and(|secret| same(given, secret));
    match (given.is_empty(), needed, right) {
        (true, false, _) | (false, _, true) => Ok(()),
        _ => Err(Trouble::Wrong(
            "invalid_client",
            "invalid client credentials",
        )),
    }
}

fn by_code(org: &Org, form: &Form, app: &App) -> Result<(String, Option<String>), Trouble> {
    let grant = org.take_code(form.get("code"))?.ok_or(Trouble::OAuth(
        "invalid_grant",
        "invalid authorization code",
    ))?;
    if grant.client_id != app.client_id {
        return Err(Trouble::OAuth(
            "invalid_grant",
            "invalid authorization code",
        ));
    }
    if grant.expired {
        return Err(Trouble::OAuth(
            "invalid_grant",
            "expired authorization code",
        ));
    }
    if grant.redirect_uri != form.get("redirect_uri") {
        return Err(Trouble::OAuth(
            "redirect_uri_mismatch",
            "redirect_uri must match configuration",
        ));
    }
    match (&grant.challenge, form.get("code_verifier")) {
        (Some(_), "") => return Err(Trouble::OAuth("invalid_grant", "code verifier missing")),
        (Some(challenge), verifier)
            if !same(
                challenge,
                &URL_SAFE_NO_PAD.encode(Sha256::digest(verifier.as_bytes())),
            ) =>
        {
            return Err(Trouble::OAuth("invalid_request", "invalid code verifier"));
        }
        _ => {}
    }
    let has = |scope: &str| grant.scope.split(' ').any(|s| s == scope);
    let refresh = has("refresh_token")
        || has("offline_access")
        || has("full") && org.is_on("full_scope_includes_refresh")?;
    let refresh = if refresh {
        Some(org.grant_refresh(app, &grant.scope)?)
    } else {
        None
    };
    Ok((grant.scope, refresh))
}

fn by_refresh(org: &Org, form: &Form, app: &App) -> Result<(String, Option<String>), Trouble> {
    let token = form.get("refresh_token");
    let scope = org.refresh_scope(token, app)?.ok_or(Trouble::OAuth(
        "invalid_grant",
        "expired access/refresh token",
    ))?;
    if !app.rotation {
        return Ok((scope, None));
    }
    let new = org.grant_refresh(app, &scope)?;
    org.replace_refresh(token)?;
    Ok((scope, Some(new)))
}

fn by_credentials(form: &Form, app: &App) -> Result<String, Trouble> {
    if !app.client_credentials {
        return Err(Trouble::OAuth(
            "invalid_grant",
            "no client credentials user enabled",
        ));
    }
    let asked = Some(form.get("scope")).filter(|s| !s.is_empty());
    scopes(asked, &app.scopes)
        .map(without_refresh)
        .ok_or(Trouble::OAuth(
            "invalid_scope",
            "the requested scope is not allowed",
        ))
}

/// Returns the id of the user whose name and password were sent.
fn by_password(org: &Org, form: &Form, app: &App) -> Result<String, Trouble> {
    if !app.password_flow && org.is_on("blocked_password_flow_is_unsupported")? {
        return Err(Trouble::OAuth(
            "unsupported_grant_type",
            "grant type not supported",
        ));
    }
    // Who comes from a network that the org doesn't trust writes the security token behind the password.
    let token = app.security_token.as_deref().unwrap_or_default();
    let password = form.get("password").strip_suffix(token);
    let user = match password {
        Some(password) => org.user_with_password(form.get("username"), password)?,
        None => None,
    };
    match user.filter(|_| app.password_flow) {
        None => Err(Trouble::Wrong("invalid_grant", "authentication failure")),
        Some(user) if !user.is_active => Err(INACTIVE),
        Some(user) => Ok(user.id),
    }
}

/// The scopes of a session that can't be refreshed.
pub(crate) fn without_refresh(scope: String) -> String {
    let kept: Vec<&str> = scope
        .split(' ')
        .filter(|s| !matches!(*s, "refresh_token" | "offline_access"))
        .collect();
    kept.join(" ")
}

/// Ends a token. Errors come form-encoded.
pub(super) fn revoke(org: &Org, call: &Call) -> Result<Answer, Trouble> {
    let form = Form::of(call);
    if org.revoke(form.get("token"))? {
        return Ok(Answer::text(200, "text/plain;charset=UTF-8", ""));
    }
    Ok(Answer::text(
        400,
        "application/x-www-form-urlencoded;charset=UTF-8",
        "error=unsupported_token_type&error_description=this+token+type+is+not+supported",
    ))
}

/// Whether a token is alive.
pub(super) fn introspect(org: &Org, call: &Call) -> Result<Answer, Trouble> {
    let form = Form::of(call);
    let app = org.app(form.get("client_id"))?.ok_or(Trouble::OAuth(
        "invalid_client_id",
        "client identifier invalid",
    ))?;
    check_secret(
        &app,
        form.get("client_secret"),
        !org.is_on("introspect_without_secret")?,
    )?;
    let Some(session) = org
        .session(form.get("token"))?
        .filter(|s| s.client_id == app.client_id)
    else {
        return Ok(Answer::json(200, object([("active", false.into())])));
    };
    org.act_as(Some(org.owner(form.get("token"))?));
    let person = Person::read(org)?;
    let now = values::now_ms() / 1000;
    let lifetime = org.number("session_seconds", 7200)?;
    let body: [(&str, Json); 8] = [
        ("active", true.into()),
        ("scope", session.scope.into()),
        ("client_id", app.client_id.into()),
        ("username", person.username.into()),
        (
            "sub",
            format!("{}/id/{}/{}", call.base, org.id, org.acting()).into(),
        ),
        ("token_type", "access_token".into()),
        ("iat", now.into()),
        ("exp", (now + lifetime).into()),
    ];
    Ok(Answer::json(200, object(body)))
}
