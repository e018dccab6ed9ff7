//! Profiles: what a user may do with objects and fields, and from where they may sign in.

use std::net::IpAddr;

use super::Org;
use super::field::Access;
use super::schema::{Object, Root, Schema};
use crate::Result;
use crate::http::Refused;
use crate::json::{Json, array, object};

/// Where the settings keep what was set.
const SETTING: &str = "profiles";
/// The rights on an object, in the order in which they are told.
const RIGHTS: [&str; 4] = ["read", "create", "edit", "delete"];
/// What else a profile allows: name, and whether the profiles that only read do.
const PERMISSIONS: [(&str, bool); 3] = [("api", true), ("view_setup", true), ("see_logins", false)];

/// The profile that may do everything.
pub(super) const ADMINISTRATOR: &str = "System Administrator";
/// The profile that may read everything and change nothing.
pub(super) const READ_ONLY: &str = "Read Only";

impl Org {
    fn profile_settings(&self, profile: &str) -> rusqlite::Result<Json> {
        let all = self.setting(SETTING)?;
        let own = all.as_ref().and_then(|all| all.get(profile)).cloned();
        Ok(own.unwrap_or_else(|| object([])))
    }

    /// Whether a profile has one of the [`PERMISSIONS`].
    fn permits(&self, profile: &str, name: &str) -> rusqlite::Result<bool> {
        let usual = PERMISSIONS.iter().find(|(known, _)| *known == name);
        let usual = profile != READ_ONLY || usual.is_some_and(|(_, reads)| *reads);
        let set = self.profile_settings(profile)?;
        Ok(set.get(name).and_then(Json::as_bool).unwrap_or(usual))
    }

    /// Whether a user may use the API.
    pub(crate) fn may_use_api(&self, user: &str) -> rusqlite::Result<bool> {
        self.permits(&self.profile_of(user)?, "api")
    }

    /// Whether a user may see the org's set-up, as its limits.
    pub(crate) fn may_view_setup(&self, user: &str) -> rusqlite::Result<bool> {
        self.permits(&self.profile_of(user)?, "view_setup")
    }

    /// Whether a user may come from an address: from anywhere, unless their profile names ranges.
    pub(crate) fn may_come_from(&self, user: &str, address: IpAddr) -> rusqlite::Result<bool> {
        let set = self.profile_settings(&self.profile_of(user)?)?;
        let ranges = set.get("ip_ranges").map(Json::items).unwrap_or_default();
        let mut bounds = ranges.iter().filter_map(|range| bounds(range.as_str()?));
        Ok(ranges.is_empty() || bounds.any(|(from, to)| from <= address && address <= to))
    }

    /// The profiles, their users, and what they don't allow.
    pub(crate) fn profiles(&self) -> rusqlite::Result<Json> {
        let sql =
            "SELECT p.\"Name\", u.\"Id\", u.\"Username\" FROM \"o_Profile\" p JOIN \"o_User\" u
                   ON u.\"ProfileId\" = p.\"Id\" ORDER BY p.row, u.row";
        let mut statement = self.conn.prepare(sql)?;
        let rows = statement.query_map([], |row| {
            let text = |n| row.get::<_, String>(n);
            Ok((text(0)?, text(1)?, text(2)?))
        })?;
        let runs_as = self.runs_as()?;
        let mut all = Vec::new();
        for row in rows {
            let (profile, user, username) = row?;
            let mut one = object([
                ("profile", profile.as_str().into()),
                ("username", username.into()),
                ("signs_in", (user == runs_as).into()),
            ]);
            for (name, _) in PERMISSIONS {
                one.push(name, self.permits(&profile, name)?);
            }
            let set = self.profile_settings(&profile)?;
            let list = |name| set.get(name).cloned().unwrap_or_else(|| object([]));
            let everything = if profile == READ_ONLY { "read" } else { "all" };
            one.push("objects", everything);
            one.push("rights", list("rights"));
            one.push("fields", list("fields"));
            let ranges = set.get("ip_ranges").cloned();
            one.push(
                "ip_ranges",
                ranges.unwrap_or_else(|| Json::Array(Vec::new())),
            );
            all.push(one);
        }
        Ok(Json::Array(all))
    }

    /// Sets what a profile allows: `{"profile": "Read Only", "set": {"Lead": "read,create", "Lead.Phone": "none",
    /// "api": false, "ip_ranges": "10.0.0.1-10.0.0.9"}}`.
    pub(crate) fn set_profile(&self, given: &Json) -> std::result::Result<(), Refused> {
        let profile = given
            .get("profile")
            .and_then(Json::as_str)
            .unwrap_or_default();
        let sql = "SELECT count(*) FROM \"o_Profile\" WHERE \"Name\" = ?1";
        let known: i64 = self.conn.query_row(sql, [profile], |row| row.get(0))?;
        if known == 0 {
            return Err(refused(format!("no profile {profile}")));
        }
        let mut own = self.profile_settings(profile)?;
        for member in given.get("set").map(Json::members).unwrap_or_default() {
            self.set_one(&mut own, &member.name, &member.value)?;
        }
        let mut all = self.setting(SETTING)?.unwrap_or_else(|| object([]));
        all.set(profile, own);
        self.set_setting(SETTING, &all)?;
        self.permissions_changed().map_err(|t| t.refused(&[]))
    }

    fn set_one(
        &self,
        own: &mut Json,
        name: &str,
        value: &Json,
    ) -> std::result::Result<(), Refused> {
        let text = value.as_str().unwrap_or_default();
        if name == "ip_ranges" {
            let parts = text.split([';', ',']).map(str::trim);
            let ranges: Vec<&str> = parts.filter(|r| !r.is_empty() && *r != "any").collect();
            if let Some(wrong) = ranges.iter().find(|range| bounds(range).is_none()) {
                return Err(refused(format!(
                    "{wrong} isn't a range such as 10.0.0.1-10.0.0.9"
                )));
            }
            own.set("ip_ranges", array(ranges));
            return Ok(());
        }
        if PERMISSIONS.iter().any(|(known, _)| *known == name) {
            let Some(value) = value.as_bool() else {
                return Err(refused(format!("{name} is true or false")));
            };
            own.set(name, value);
            return Ok(());
        }
        let schema = self.base_schema();
        let (object_name, field) = match name.split_once('.') {
            Some((object, field)) => (object, Some(field)),
            None => (name, None),
        };
        let kind = schema
            .object(object_name)
            .ok_or_else(|| refused(format!("no object or permission {object_name}")))?;
        match field {
            None => set_rights(own, kind, text),
            Some(field) => set_field(own, kind, field, text),
        }
    }

    /// Takes from a schema what a user's profile doesn't allow.
    pub(super) fn apply_profile(&self, schema: &mut Schema, user: &str) -> Result<()> {
        let profile = self.profile_of(user)?;
        let set = self.profile_settings(&profile)?;
        let rights = |name: &str| {
            let own = set.get("rights").and_then(|rights| rights.get(name));
            own.and_then(Json::as_str).map(str::to_owned)
        };
        let usual = if profile == READ_ONLY { "read" } else { "all" };
        let mut unseen = Vec::new();
        for name in schema
            .objects()
            .iter()
            .map(|object| object.name.clone())
            .collect::<Vec<_>>()
        {
            let rights = rights(&name).unwrap_or_else(|| usual.to_owned());
            if rights == "none" {
                unseen.push(name);
            } else if rights != "all" {
                schema.change(&name, |object| restrict(object, &rights));
            }
        }
        if !self.permits(&profile, "see_logins")? {
            unseen.push("LoginHistory".to_owned());
        }
        if !self.permits(&profile, "view_setup")? {
            unseen.push("DuplicateRule".to_owned());
        }
        schema.hide(&unseen);
        for member in set.get("fields").map(Json::members).unwrap_or_default() {
            let Some((object, name)) = member.name.split_once('.') else {
                continue;
            };
            let access = member.value.as_str().and_then(super::access::parse);
            schema.change(object, |object| {
                let named = object.fields.iter_mut().find(|f| f.name == name);
                if let (Some(field), Some(access)) = (named, access) {
                    field.access = field.access.min(access);
                }
            });
        }
        Ok(())
    }
}

fn refused(message: String) -> Refused {
    Refused::new(400, "INVALID_PROFILE", message)
}

fn set_rights(own: &mut Json, kind: &Object, text: &str) -> std::result::Result<(), Refused> {
    let words: Vec<&str> = text.split([',', ';']).map(str::trim).collect();
    let whole = matches!(text, "all" | "none");
    let parts = words.iter().all(|word| RIGHTS.contains(word)) && words.contains(&"read");
    if !whole && !parts {
        let known = RIGHTS.join(",");
        return Err(refused(format!(
            "{} takes all, none, or read and others of {known}",
            kind.name
        )));
    }
    let mut rights = own.get("rights").cloned().unwrap_or_else(|| object([]));
    rights.set(&kind.name, words.join(","));
    own.set("rights", rights);
    Ok(())
}

fn set_field(
    own: &mut Json,
    kind: &Object,
    field: &str,
    text: &str,
) -> std::result::Result<(), Refused> {
    let found = kind
        .any_field(field)
        .ok_or_else(|| refused(format!("no field {}.{field}", kind.name)))?;
    if !found.permissionable {
        return Err(refused(format!(
            "everybody sees {}.{}",
            kind.name, found.name
        )));
    }
    if super::access::parse(text).is_none() {
        return Err(refused(format!("no access {text}: none, read or edit")));
    }
    let mut fields = own.get("fields").cloned().unwrap_or_else(|| object([]));
    fields.set(&format!("{}.{}", kind.name, found.name), text);
    own.set("fields", fields);
    Ok(())
}

/// Leaves an object only these rights.
fn restrict(object: &mut Object, rights: &str) {
    let allows = |right: &str| rights.split(',').any(|one| one == right);
    if object.root == Root::Tooling {
        return;
    }
    let kept = |flag: &String| match flag.as_str() {
        "create" => allows("create"),
        "update" | "merge" => allows("edit"),
        "delete" | "undelete" => allows("delete"),
        _ => true,
    };
    let denies_edits = object.is("update") && !allows("edit");
    object.flags.retain(kept);
    if denies_edits {
        object.flags.push("no_edit".to_owned());
    }
    if !allows("create") && !allows("edit") {
        let writable = object.fields.iter_mut();
        for field in writable.filter(|field| field.access == Access::Edit) {
            field.access = Access::Read;
        }
    }
}

fn bounds(range: &str) -> Option<(IpAddr, IpAddr)> {
    let (from, to) = range.split_once('-').unwrap_or((range, range));
    let (from, to): (IpAddr, IpAddr) = (from.trim().parse().ok()?, to.trim().parse().ok()?);
    (from.is_ipv4() == to.is_ipv4() && from <= to).then_some((from, to))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_range_has_two_ends_of_one_kind() {
        assert!(bounds("10.0.0.1-10.0.0.9").is_some() && bounds("::1").is_some());
        for wrong in ["", "10.0.0.9-10.0.0.1", "10.0.0.1-::1", "anywhere"] {
            assert!(bounds(wrong).is_none(), "{wrong}");
        }
    }
}
