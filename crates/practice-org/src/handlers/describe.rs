//! `GET /sobjects` and `GET /sobjects/X/describe`.

use std::sync::Arc;

use base64::Engine as _;

use super::Request;
use super::preconditions::{self, Current};
use crate::http::{Answer, Refused};
use crate::json::{Json, array, object};
use crate::org::field::{Field, Kind, PickValue};
use crate::org::schema::{Children, Object, OnDelete, Root, Schema};

/// The record type of records that have none of their own.
pub(super) const MASTER: &str = "012000000000000AAA";

/// Describe global.
pub(super) fn global(request: &Request<'_>) -> Result<Answer, Refused> {
    let schema = request.org.schema();
    let objects = schema.objects().iter().filter(|o| o.root != Root::Tooling);
    let objects = objects.map(|o| summary(o, request.version));
    conditional(request, || {
        object([
            ("encoding", "UTF-8".into()),
            ("maxBatchSize", 200_i64.into()),
            ("sobjects", array(objects)),
        ])
    })
}

/// Describe of one object.
pub(super) fn one(request: &Request<'_>, name: &str, tooling: bool) -> Result<Answer, Refused> {
    let schema = request.org.schema();
    let fits = |o: &&Arc<Object>| o.root == Root::Both || (o.root == Root::Tooling) == tooling;
    let kind = schema
        .object(name)
        .filter(fits)
        .ok_or_else(Refused::not_found)?;
    conditional(request, || full(&schema, kind, request.version))
}

/// Answers 304 where the caller's copy is as new as ours.
fn conditional(request: &Request<'_>, body: impl FnOnce() -> Json) -> Result<Answer, Refused> {
    // What a fault spoils must not be taken for the true describe later.
    if request.org.armed.borrow().schema.is_some() {
        return Ok(Answer::json(200, body()));
    }
    let current = Current {
        changed_ms: request.org.schema_changed_at()?,
        tag: None,
    };
    preconditions::read(request.call, &current, || Ok(Answer::json(200, body())))
}

/// What the global describe and `/sobjects/X` say of an object.
pub(super) fn summary(kind: &Object, version: &str) -> Json {
    let mut json = object([
        ("activateable", false.into()),
        ("associateEntityType", Json::Null),
        ("associateParentEntity", Json::Null),
    ]);
    flags(&mut json, kind);
    json.push("urls", urls(kind, version, false));
    json
}

fn flags(json: &mut Json, kind: &Object) {
    let person = kind.is("search");
    let values: [(&str, Json); 26] = [
        ("createable", kind.is("create").into()),
        ("custom", kind.is("custom").into()),
        ("customSetting", false.into()),
        ("deepCloneable", (kind.name == "Campaign").into()),
        ("deletable", kind.is("delete").into()),
        ("deprecatedAndHidden", false.into()),
        (
            "feedEnabled",
            matches!(kind.name.as_str(), "Account" | "Contact" | "Lead" | "User").into(),
        ),
        ("hasSubtypes", false.into()),
        ("isInterface", false.into()),
        ("isSubtype", false.into()),
        ("keyPrefix", kind.prefix.as_str().into()),
        ("label", kind.label.as_str().into()),
        ("labelPlural", kind.plural.as_str().into()),
        ("layoutable", person.into()),
        ("mergeable", kind.is("merge").into()),
        ("mruEnabled", person.into()),
        ("name", kind.name.as_str().into()),
        ("queryable", true.into()),
        (
            "replicateable",
            kind.any_field("SystemModstamp").is_some().into(),
        ),
        ("retrieveable", true.into()),
        ("searchable", person.into()),
        ("triggerable", person.into()),
        ("undeletable", kind.is("undelete").into()),
        ("updateable", kind.is("update").into()),
        ("listviewable", Json::Null),
        ("lookupLayoutable", Json::Null),
    ];
    let global = values.into_iter().take(24);
    for (name, value) in global {
        json.push(name, value);
    }
}

fn urls(kind: &Object, version: &str, full: bool) -> Json {
    let tooling = if kind.is("tooling") { "/tooling" } else { "" };
    let base = format!("/services/data/{version}{tooling}/sobjects/{}", kind.name);
    let mut urls = object([]);
    if full && kind.is("search") {
        urls.push("compactLayouts", format!("{base}/describe/compactLayouts"));
    }
    urls.push("rowTemplate", format!("{base}/{{ID}}"));
    urls.push("describe", format!("{base}/describe"));
    urls.push("sobject", base);
    urls
}

fn full(schema: &Schema, kind: &Object, version: &str) -> Json {
    let nothing = || Json::Array(Vec::new());
    let mut json = object([
        ("actionOverrides", nothing()),
        ("activateable", false.into()),
        ("associateEntityType", Json::Null),
        ("associateParentEntity", Json::Null),
        ("childRelationships", children(schema, kind)),
        ("compactLayoutable", kind.is("search").into()),
    ]);
    flags(&mut json, kind);
    json.push("fields", array(kind.visible().map(|f| field(kind, f))));
    for name in [
        "defaultImplementation",
        "extendedBy",
        "extendsInterfaces",
        "implementedBy",
        "implementsInterfaces",
        "listviewable",
        "lookupLayoutable",
        "networkScopeFieldName",
    ] {
        json.push(name, Json::Null);
    }
    json.push("namedLayoutInfos", nothing());
    json.push("recordTypeInfos", record_types(kind, version));
    json.push("searchLayoutable", kind.is("search"));
    json.push("sobjectDescribeOption", "FULL");
    let everything = object([
        (
            "label",
            format!("All {}", kind.plural.to_lowercase()).into(),
        ),
        ("name", "everything".into()),
    ]);
    let mine = object([
        ("label", format!("My {}", kind.plural.to_lowercase()).into()),
        ("name", "mine".into()),
    ]);
    json.push("supportedScopes", Json::Array(vec![everything, mine]));
    json.push("urls", urls(kind, version, true));
    json
}

fn children(schema: &Schema, kind: &Object) -> Json {
    let one = |children: Children| {
        object([
            (
                "cascadeDelete",
                (children.on_delete == OnDelete::Cascade).into(),
            ),
            ("childSObject", children.object.into()),
            ("deprecatedAndHidden", false.into()),
            ("field", children.field.into()),
            ("junctionIdListNames", Json::Array(Vec::new())),
            ("junctionReferenceTo", Json::Array(Vec::new())),
            ("relationshipName", children.name.into()),
            (
                "restrictedDelete",
                (children.on_delete == OnDelete::Restrict).into(),
            ),
        ])
    };
    array(schema.children_of(kind).into_iter().map(one))
}

pub(super) fn record_types(kind: &Object, version: &str) -> Json {
    let one = |id: &str, developer_name: &str, name: &str, active: bool, default: bool| {
        let layout = format!(
            "/services/data/{version}/sobjects/{}/describe/layouts/{id}",
            kind.name
        );
        object([
            ("active", active.into()),
            ("available", active.into()),
            ("defaultRecordTypeMapping", default.into()),
            ("developerName", developer_name.into()),
            ("master", (id == MASTER).into()),
            ("name", name.into()),
            ("recordTypeId", id.into()),
            ("urls", object([("layout", layout.into())])),
        ])
    };
    let types = kind.record_types.iter();
    let mut all: Vec<Json> = types
        .map(|t| one(&t.id, &t.developer_name, &t.name, t.active, t.default))
        .collect();
    let default = !kind.record_types.iter().any(|t| t.default);
    all.push(one(MASTER, "Master", "Master", true, default));
    Json::Array(all)
}

pub(super) fn field(owner: &Object, field: &Field) -> Json {
    use Kind::{Address, Boolean, Complex, Int, LongText, MultiPicklist};
    let kind = field.kind;
    let number = |n: u32| Json::from(i64::from(n));
    let text_length = if kind.is_text() || kind.is_id() {
        field.length
    } else {
        0
    };
    let plain = !matches!(kind, LongText | Address | Complex);
    let places = places(owner, field);
    let entry = |value: &PickValue| {
        object([
            ("active", value.active.into()),
            (
                "defaultValue",
                (field.default.as_deref() == Some(value.value.as_str())).into(),
            ),
            ("label", value.label.as_str().into()),
            ("validFor", valid_for(places, value).into()),
            ("value", value.value.as_str().into()),
        ])
    };
    object([
        (
            "aggregatable",
            (plain && kind != Boolean && kind != MultiPicklist).into(),
        ),
        ("aiPredictionField", false.into()),
        ("autoNumber", field.auto_number.into()),
        (
            "byteLength",
            number(if kind.is_id() { 18 } else { text_length * 3 }),
        ),
        ("calculated", false.into()),
        ("calculatedFormula", Json::Null),
        ("cascadeDelete", field.cascade.into()),
        ("caseSensitive", field.case_sensitive.into()),
        ("compoundFieldName", field.compound.clone().into()),
        ("controllerName", field.controller.clone().into()),
        (
            "createable",
            (field.createable && field.access == crate::org::field::Access::Edit).into(),
        ),
        ("custom", field.custom.into()),
        ("defaultValue", default(field)),
        ("defaultValueFormula", Json::Null),
        ("defaultedOnCreate", field.defaulted.into()),
        ("dependentPicklist", field.controller.is_some().into()),
        ("deprecatedAndHidden", false.into()),
        ("digits", number(if kind == Int { field.length } else { 0 })),
        ("displayLocationInDecimal", false.into()),
        ("encrypted", false.into()),
        ("externalId", field.external_id.into()),
        ("extraTypeInfo", field.extra.clone().into()),
        (
            "filterable",
            (field.filterable && plain || kind == Address).into(),
        ),
        ("filteredLookupInfo", Json::Null),
        ("formulaTreatNullNumberAsZero", false.into()),
        ("groupable", crate::soql::groupable(field).into()),
        ("highScaleNumber", false.into()),
        ("htmlFormatted", false.into()),
        ("idLookup", (field.id_lookup || kind == Kind::Id).into()),
        ("inlineHelpText", field.help.clone().into()),
        ("label", field.label.as_str().into()),
        ("length", number(text_length)),
        ("mask", Json::Null),
        ("maskType", Json::Null),
        ("name", field.name.as_str().into()),
        ("nameField", field.name_field.into()),
        ("namePointing", field.polymorphic.into()),
        ("nillable", field.nillable.into()),
        ("permissionable", field.permissionable.into()),
        ("picklistValues", array(field.picklist.iter().map(entry))),
        ("polymorphicForeignKey", field.polymorphic.into()),
        ("precision", number(field.precision)),
        ("queryByDistance", (kind == Address).into()),
        ("referenceTargetField", Json::Null),
        (
            "referenceTo",
            array(field.targets.iter().map(String::as_str)),
        ),
        ("relationshipName", field.relationship.clone().into()),
        ("relationshipOrder", Json::Null),
        ("restrictedDelete", false.into()),
        ("restrictedPicklist", field.restricted.into()),
        ("scale", number(field.scale)),
        ("searchPrefilterable", field.prefilter.into()),
        ("soapType", soap_type(kind).into()),
        (
            "sortable",
            (plain && field.filterable && kind != MultiPicklist).into(),
        ),
        ("type", kind.word().into()),
        ("unique", field.unique.into()),
        (
            "updateable",
            (field.updateable && field.access == crate::org::field::Access::Edit).into(),
        ),
        ("writeRequiresMasterRead", false.into()),
    ])
}

/// How many values the controlling field of a picklist has; nothing for an independent one.
fn places(owner: &Object, field: &Field) -> Option<usize> {
    let controller = owner.any_field(field.controller.as_deref()?)?;
    Some(controller.picklist.len().max(2))
}

/// A bit for each value of the controlling field, read from the left, set where it allows the entry.
fn valid_for(places: Option<usize>, entry: &PickValue) -> Option<String> {
    let mut bits = vec![0_u8; places?.div_ceil(24) * 3];
    for place in &entry.valid_for {
        if let Some(byte) = bits.get_mut(place / 8) {
            *byte |= 0x80 >> (place % 8);
        }
    }
    Some(base64::engine::general_purpose::STANDARD.encode(bits))
}

fn default(field: &Field) -> Json {
    match (field.kind, &field.default) {
        (Kind::Boolean, default) => (default.as_deref() == Some("true")).into(),
        (_, Some(text)) if field.kind.is_text() => text.as_str().into(),
        _ => Json::Null,
    }
}

fn soap_type(kind: Kind) -> &'static str {
    match kind {
        Kind::Id | Kind::Reference => "tns:ID",
        Kind::Boolean => "xsd:boolean",
        Kind::Int => "xsd:int",
        Kind::Double | Kind::Currency | Kind::Percent => "xsd:double",
        Kind::Date => "xsd:date",
        Kind::DateTime => "xsd:dateTime",
        Kind::Address => "urn:address",
        Kind::Complex => "urn:CustomFieldMetadata",
        _ => "xsd:string",
    }
}
