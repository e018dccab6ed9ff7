//! `GET /ui-api/object-info/X/picklist-values/{record type}[/{field}]`: what each record type offers, which no describe
//! tells.

use super::describe::MASTER;
use super::{Request, object_named};
use crate::http::{Answer, Refused};
use crate::json::{Json, array, object};
use crate::org::field::{Field, Kind};
use crate::org::ids;
use crate::org::schema::{Object, RecordType};

/// Values of all picklists, or of one.
pub(super) fn values(
    request: &Request<'_>,
    name: &str,
    record_type: &str,
    field: Option<&str>,
) -> Result<Answer, Refused> {
    if request.call.verb() != "GET" {
        return Err(Refused::method(request.call.verb(), "HEAD,GET"));
    }
    let kind = object_named(request, name)?;
    let id = ids::normal(record_type).ok_or_else(Refused::not_found)?;
    let of_type = kind.record_types.iter().find(|t| t.id == id);
    if of_type.is_none() && id != MASTER {
        return Err(Refused::not_found());
    }
    let url = format!(
        "/services/data/{}/ui-api/object-info/{}/picklist-values/{id}",
        request.version, kind.name
    );
    let one = |field: &Field| of_field(&kind, field, of_type, &url);
    if let Some(name) = field {
        let field = kind.field(name).filter(|f| f.kind.has_picklist());
        return Ok(Answer::json(
            200,
            one(field.ok_or_else(Refused::not_found)?),
        ));
    }
    let mut all = object([]);
    for field in kind.visible().filter(|f| f.kind.has_picklist()) {
        all.push(&field.name, one(field));
    }
    Ok(Answer::json(200, object([("picklistFieldValues", all)])))
}

fn of_field(kind: &Object, field: &Field, of_type: Option<&RecordType>, url: &str) -> Json {
    let offered = of_type.and_then(|t| t.values.get(&field.name));
    let is_offered = |value: &String| offered.is_none_or(|list| list.contains(value));
    let values = field
        .picklist
        .iter()
        .filter(|p| p.active && is_offered(&p.value));
    let one = |value: &crate::org::field::PickValue| {
        object([
            ("attributes", Json::Null),
            ("label", value.label.as_str().into()),
            ("validFor", array(value.valid_for.iter().copied())),
            ("value", value.value.as_str().into()),
        ])
    };
    object([
        ("controllerValues", controller_values(kind, field)),
        ("defaultValue", Json::Null),
        ("url", format!("{url}/{}", field.name).into()),
        ("values", array(values.map(one))),
    ])
}

/// The controlling field's values and the places by which `validFor` means them.
fn controller_values(kind: &Object, field: &Field) -> Json {
    let controller = field.controller.as_deref().and_then(|c| kind.any_field(c));
    let mut values = object([]);
    match controller {
        Some(field) if field.kind == Kind::Boolean => {
            values.push("false", 0_usize);
            values.push("true", 1_usize);
        }
        Some(field) => {
            for (place, entry) in field.picklist.iter().enumerate() {
                values.push(&entry.value, place);
            }
        }
        None => {}
    }
    values
}
