//! Who a token belongs to: `/services/oauth2/userinfo` and `/id/{org}/{user}`.

use super::{Trouble, bearer, urls};
use crate::built_in;
use crate::http::{Answer, Call};
use crate::json::{Json, object};
use crate::org::{Org, values};

/// A bad token is told in plain text, unlike everywhere else.
fn bad_token() -> Answer {
    Answer::text(403, "text/html;charset=UTF-8", "Bad_OAuth_Token")
}

fn signed_in(org: &Org, call: &Call) -> rusqlite::Result<bool> {
    if org.armed.borrow().expired {
        return Ok(false);
    }
    Ok(match bearer(call) {
        Some(token) => org.session(token)?.is_some(),
        None => false,
    })
}

/// User info, as `OpenID` has it.
pub(super) fn userinfo(org: &Org, call: &Call) -> Result<Answer, Trouble> {
    if !signed_in(org, call)? {
        return Ok(bad_token());
    }
    let body: [(&str, Json); 17] = [
        (
            "sub",
            format!("{}/id/{}/{}", call.base, org.id, org.user).into(),
        ),
        ("user_id", org.user.as_str().into()),
        ("organization_id", org.id.as_str().into()),
        ("preferred_username", built_in::USERNAME.into()),
        ("nickname", "practice.admin".into()),
        ("name", "Practice Admin".into()),
        ("email", built_in::USERNAME.into()),
        ("email_verified", true.into()),
        ("given_name", "Practice".into()),
        ("family_name", "Admin".into()),
        ("zoneinfo", "GMT".into()),
        ("urls", urls(&call.base, org)),
        ("active", true.into()),
        ("user_type", "STANDARD".into()),
        ("language", "en_US".into()),
        ("locale", "en_US".into()),
        ("utcOffset", 0_i64.into()),
    ];
    Ok(Answer::json(200, object(body)))
}

/// The identity URL.
pub(crate) fn identity(org: &Org, call: &Call, organization: &str, user: &str) -> Answer {
    let known = crate::org::ids::normal(organization).as_deref() == Some(&org.id)
        && crate::org::ids::normal(user).as_deref() == Some(&org.user);
    match signed_in(org, call) {
        Ok(true) if known => {}
        Ok(_) => return bad_token(),
        Err(error) => return Trouble::from(error).answer(),
    }
    let mut status = object([("created_date", Json::Null)]);
    status.push("body", Json::Null);
    let body: [(&str, Json); 18] = [
        (
            "id",
            format!("{}/id/{}/{}", call.base, org.id, org.user).into(),
        ),
        ("asserted_user", true.into()),
        ("user_id", org.user.as_str().into()),
        ("organization_id", org.id.as_str().into()),
        ("username", built_in::USERNAME.into()),
        ("nick_name", "practice.admin".into()),
        ("display_name", "Practice Admin".into()),
        ("email", built_in::USERNAME.into()),
        ("first_name", "Practice".into()),
        ("last_name", "Admin".into()),
        ("timezone", "GMT".into()),
        ("status", status),
        ("urls", urls(&call.base, org)),
        ("active", true.into()),
        ("user_type", "STANDARD".into()),
        ("language", "en_US".into()),
        ("locale", "en_US".into()),
        ("utcOffset", 0_i64.into()),
    ];
    let mut body = object(body);
    body.push(
        "last_modified_date",
        values::datetime_text(values::now_ms()),
    );
    Answer::json(200, body)
}
