//! `GET /sobjects/X/describe/layouts`, `/compactLayouts`, `/approvalLayouts` and `/namedLayouts/{name}`.
//!
//! Nobody has laid out a page in this org, so there is one layout for each object, which shows every field in two columns.

use super::{Request, describe, object_named};
use crate::http::{Answer, Refused};
use crate::json::{Json, array, object};
use crate::org::field::{Access, Field, Kind};
use crate::org::schema::Object;

/// The record type that every object has.
const MASTER: &str = "012000000000000AAA";

/// The layout that users have besides their main one.
const USER_LAYOUT: &str = "UserAlt";

/// Answers what follows `/describe`.
pub(super) fn answer(request: &Request<'_>, name: &str, parts: &[&str]) -> Result<Answer, Refused> {
    let kind = object_named(request, name)?;
    if !kind.is("search") {
        return Err(Refused::not_found());
    }
    let body = match parts {
        ["layouts"] => layouts(&kind, request.version),
        ["layouts", MASTER] => layout(&kind),
        ["namedLayouts", USER_LAYOUT] if kind.name == "User" => layouts(&kind, request.version),
        ["compactLayouts"] => compact_layouts(&kind, request.version),
        ["approvalLayouts"] => object([("approvalLayouts", nothing())]),
        _ => return Err(Refused::not_found()),
    };
    Ok(Answer::json(200, body))
}

fn nothing() -> Json {
    Json::Array(Vec::new())
}

fn layouts(kind: &Object, version: &str) -> Json {
    let types = describe::record_types(kind, version);
    let mappings = types.items().iter().map(|record_type| {
        let mut mapping = record_type.clone();
        mapping.push("layoutId", Json::Null);
        mapping.push("picklistsForRecordType", picklists(kind));
        mapping
    });
    let mappings: Vec<Json> = mappings.collect();
    object([
        ("layouts", Json::Array(vec![layout(kind)])),
        ("recordTypeMappings", Json::Array(mappings)),
        (
            "recordTypeSelectorRequired",
            Json::Array(vec![false.into()]),
        ),
    ])
}

/// The one layout: its id is null, because nobody made it.
fn layout(kind: &Object) -> Json {
    let actions = object([("quickActionListItems", nothing())]);
    object([
        (
            "buttonLayoutSection",
            object([("detailButtons", nothing())]),
        ),
        (
            "detailLayoutSections",
            Json::Array(vec![section(kind, |_| true)]),
        ),
        (
            "editLayoutSections",
            Json::Array(vec![section(kind, is_editable)]),
        ),
        ("feedView", Json::Null),
        ("highlightsPanelLayoutSection", Json::Null),
        ("id", Json::Null),
        ("multirowEditLayoutSections", nothing()),
        ("offlineLinks", nothing()),
        ("quickActionList", actions),
        ("relatedContent", Json::Null),
        ("relatedLists", nothing()),
        ("saveOptions", nothing()),
    ])
}

fn is_editable(field: &Field) -> bool {
    field.updateable && field.access == Access::Edit
}

/// One section with the fields that `shown` lets pass, two in a row. Parts of an address stand for the address.
fn section(kind: &Object, shown: impl Fn(&Field) -> bool) -> Json {
    let fields = kind
        .visible()
        .filter(|f| f.kind != Kind::Address && shown(f));
    let fields: Vec<&Field> = fields.collect();
    let rows = fields.chunks(2).map(|pair| {
        object([
            ("layoutItems", array(pair.iter().map(|f| item(kind, f)))),
            ("numItems", pair.len().into()),
        ])
    });
    let rows: Vec<Json> = rows.collect();
    object([
        ("collapsed", false.into()),
        ("columns", 2_i64.into()),
        ("heading", format!("{} Information", kind.label).into()),
        ("layoutSectionId", Json::Null),
        ("parentLayoutId", Json::Null),
        ("rows", rows.len().into()),
        ("layoutRows", Json::Array(rows)),
        ("tabOrder", "LeftToRight".into()),
        ("useCollapsibleSection", false.into()),
        ("useHeading", true.into()),
    ])
}

fn item(kind: &Object, field: &Field) -> Json {
    let component = object([
        ("details", describe::field(kind, field)),
        ("displayLines", 1_i64.into()),
        ("tabOrder", 0_i64.into()),
        ("type", "Field".into()),
        ("value", field.name.as_str().into()),
    ]);
    object([
        (
            "editableForNew",
            (field.createable && field.access == Access::Edit).into(),
        ),
        ("editableForUpdate", is_editable(field).into()),
        ("label", field.label.as_str().into()),
        ("layoutComponents", Json::Array(vec![component])),
        ("placeholder", false.into()),
        ("required", field.required().into()),
    ])
}

fn picklists(kind: &Object) -> Json {
    let fields = kind.visible().filter(|f| !f.picklist.is_empty());
    array(fields.map(|field| {
        let values = describe::field(kind, field).get("picklistValues").cloned();
        object([
            ("picklistName", field.name.as_str().into()),
            ("picklistValues", values.unwrap_or_default()),
        ])
    }))
}

/// The compact layout of an object without one: the record's name.
fn compact_layouts(kind: &Object, version: &str) -> Json {
    let name = kind.name_field().map(|field| item(kind, field));
    let layout = object([
        ("actions", nothing()),
        ("fieldItems", array(name)),
        ("id", Json::Null),
        ("imageItems", nothing()),
        ("label", "System Default".into()),
        ("name", "SYSTEM".into()),
        ("objectType", kind.name.as_str().into()),
    ]);
    let url = describe_url(kind, version, &format!("compactLayouts/{MASTER}"));
    let mapping = object([
        ("available", true.into()),
        ("compactLayoutId", Json::Null),
        ("compactLayoutName", "SYSTEM".into()),
        ("recordTypeId", MASTER.into()),
        ("recordTypeName", "Master".into()),
        ("urls", object([("compactLayout", url.into())])),
    ]);
    object([
        ("compactLayouts", Json::Array(vec![layout])),
        ("defaultCompactLayoutId", Json::Null),
        (
            "recordTypeCompactLayoutMappings",
            Json::Array(vec![mapping]),
        ),
        (
            "urls",
            object([(
                "primary",
                describe_url(kind, version, "compactLayouts/primary").into(),
            )]),
        ),
    ])
}

fn describe_url(kind: &Object, version: &str, what: &str) -> String {
    format!(
        "/services/data/{version}/sobjects/{}/describe/{what}",
        kind.name
    )
}
