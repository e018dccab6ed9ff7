//! `GET /tabs` and `GET /theme`: the objects that a user of the org would see as tabs, and their colors.

use std::sync::Arc;

use super::Request;
use crate::http::Answer;
use crate::json::{Json, array, object};
use crate::org::schema::{Object, Schema};

/// Colors of the objects' icons in Lightning Experience.
const COLORS: [(&str, &str); 7] = [
    ("Account", "7F8DE1"),
    ("Campaign", "F49756"),
    ("Case", "F2CF5B"),
    ("Contact", "A094ED"),
    ("Lead", "F88962"),
    ("Opportunity", "FCB95B"),
    ("Task", "4BC076"),
];

/// The objects with a tab.
pub(super) fn objects(schema: &Schema) -> impl Iterator<Item = &Object> {
    let objects = schema.objects().iter().map(Arc::as_ref);
    objects.filter(|o| o.is("search") && o.is("recycle"))
}

/// All tabs.
pub(super) fn tabs(request: &Request<'_>) -> Answer {
    let schema = request.org.schema();
    let tabs = objects(&schema).map(|kind| {
        let address = format!("{}/{}/o", request.call.base, kind.prefix);
        object([
            ("colors", Json::Array(colors(&kind.name))),
            ("custom", false.into()),
            ("iconUrl", Json::Null),
            ("icons", Json::Array(Vec::new())),
            ("label", kind.plural.as_str().into()),
            ("miniIconUrl", Json::Null),
            ("name", format!("standard-{}", kind.name).into()),
            ("sobjectName", kind.name.as_str().into()),
            ("url", address.into()),
        ])
    });
    Answer::json(200, array(tabs))
}

/// The colors of all objects with a tab.
pub(super) fn theme(request: &Request<'_>) -> Answer {
    let schema = request.org.schema();
    let items = objects(&schema).map(|kind| {
        object([
            ("colors", Json::Array(colors(&kind.name))),
            ("icons", Json::Array(Vec::new())),
            ("name", kind.name.as_str().into()),
        ])
    });
    Answer::json(200, object([("themeItems", array(items))]))
}

fn colors(name: &str) -> Vec<Json> {
    let named = COLORS.iter().filter(|(object, _)| *object == name);
    let color = named.map(|(_, color)| {
        object([
            ("color", (*color).into()),
            ("context", "primary".into()),
            ("theme", "theme4".into()),
        ])
    });
    color.collect()
}
