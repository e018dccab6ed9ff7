//! Who a token belongs to: `/services/oauth2/userinfo` and `/id/{org}/{user}`.

use super::person::Person;
use super::{Trouble, bearer, urls};
use crate::http::{Answer, Call};
use crate::json::{Json, object};
use crate::org::{Org, ids, values};

/// The version that `?version=latest` stands for.
const LATEST: &str = "67.0";

/// Stands for the photo that the user doesn't have.
const PHOTO: &str = "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 64 64\"><rect width=\"64\" height=\"64\" \
fill=\"#8a97a8\"/><circle cx=\"32\" cy=\"25\" r=\"11\" fill=\"#fff\"/><path d=\"M10 60a22 20 0 0 1 44 0z\" fill=\"#fff\"/></svg>";

/// What these endpoints refuse is told in plain text, unlike everywhere else.
fn refused(status: u16, text: &str) -> Answer {
    Answer::text(status, "text/html;charset=UTF-8", text)
}

/// Why the caller may not know who they are; nothing if they may.
fn stranger(org: &Org, call: &Call) -> rusqlite::Result<Option<Answer>> {
    let Some(token) = bearer(call).or_else(|| call.param("oauth_token")) else {
        return Ok(Some(refused(403, "Missing_OAuth_Token")));
    };
    let known = !org.armed.borrow().expired && org.session(token)?.is_some();
    org.act_as(Some(org.owner(token)?));
    Ok((!known).then(|| refused(403, "Bad_OAuth_Token")))
}

fn identity_url(org: &Org, call: &Call) -> String {
    format!("{}/id/{}/{}", call.base, org.id, org.acting())
}

fn photo_url(call: &Call, size: &str) -> Json {
    format!("{}/profilephoto/005/{size}", call.base).into()
}

fn photos(call: &Call) -> Json {
    object([
        ("picture", photo_url(call, "F")),
        ("thumbnail", photo_url(call, "T")),
    ])
}

/// The user's photo.
pub(crate) fn photo() -> Answer {
    Answer::text(200, "image/svg+xml", PHOTO)
}

/// User info, as `OpenID` has it.
pub(super) fn userinfo(org: &Org, call: &Call) -> Result<Answer, Trouble> {
    if let Some(answer) = stranger(org, call)? {
        return Ok(answer);
    }
    let person = Person::read(org)?;
    let address = person.address();
    let body = object([
        ("sub", identity_url(org, call).into()),
        ("user_id", org.acting().into()),
        ("organization_id", org.id.as_str().into()),
        ("preferred_username", person.username.into()),
        ("nickname", person.nickname.into()),
        ("name", person.name.into()),
        ("email", person.email.into()),
        ("email_verified", true.into()),
        ("given_name", person.first_name.into()),
        ("family_name", person.last_name.into()),
        ("zoneinfo", person.time_zone.into()),
        ("photos", photos(call)),
        ("profile", format!("{}/{}", call.base, org.acting()).into()),
        ("picture", photo_url(call, "F")),
        ("address", address),
        ("phone_number", person.mobile_phone.into()),
        ("is_salesforce_integration_user", false.into()),
        ("urls", urls(&call.base, org, None)),
        ("active", person.active.into()),
        ("user_type", person.user_type.into()),
        ("language", person.language.into()),
        ("locale", person.locale.into()),
        ("utcOffset", 0_i64.into()),
        (
            "updated_at",
            values::datetime_text(person.changed_ms).into(),
        ),
    ]);
    Ok(Answer::json(200, body))
}

/// The identity URL.
pub(crate) fn identity(org: &Org, call: &Call, organization: &str, user: &str) -> Answer {
    identify(org, call, organization, user).unwrap_or_else(|error| Trouble::from(error).answer())
}

fn identify(org: &Org, call: &Call, organization: &str, user: &str) -> rusqlite::Result<Answer> {
    if let Some(answer) = stranger(org, call)? {
        return Ok(answer);
    }
    if ids::normal(organization).as_deref() != Some(&org.id) {
        return Ok(refused(403, "Wrong_Org"));
    }
    if ids::normal(user).as_deref() != Some(&org.acting()) {
        return Ok(refused(404, "Bad_Id"));
    }
    let version = match call.param("version") {
        Some("latest") => Some(LATEST),
        given => given.filter(|v| v.bytes().all(|b| b.is_ascii_digit() || b == b'.')),
    };
    let person = Person::read(org)?;
    let status = object([("created_date", Json::Null), ("body", Json::Null)]);
    let verified = person.mobile_phone.is_some();
    let body = object([
        ("id", identity_url(org, call).into()),
        ("asserted_user", true.into()),
        ("user_id", org.acting().into()),
        ("organization_id", org.id.as_str().into()),
        ("username", person.username.into()),
        ("nick_name", person.nickname.into()),
        ("display_name", person.name.into()),
        ("email", person.email.into()),
        ("email_verified", true.into()),
        ("first_name", person.first_name.into()),
        ("last_name", person.last_name.into()),
        ("timezone", person.time_zone.into()),
        ("photos", photos(call)),
        ("addr_street", person.street.into()),
        ("addr_city", person.city.into()),
        ("addr_state", person.state.into()),
        ("addr_country", person.country.into()),
        ("addr_zip", person.postal_code.into()),
        ("mobile_phone", person.mobile_phone.into()),
        ("mobile_phone_verified", verified.into()),
        ("is_lightning_login_user", false.into()),
        ("status", status),
        ("urls", urls(&call.base, org, version)),
        ("active", person.active.into()),
        ("user_type", person.user_type.into()),
        ("language", person.language.into()),
        ("locale", person.locale.into()),
        ("utcOffset", 0_i64.into()),
        (
            "last_modified_date",
            values::datetime_text(person.changed_ms).into(),
        ),
        ("is_app_installed", true.into()),
    ]);
    Ok(Answer::json(200, body))
}
