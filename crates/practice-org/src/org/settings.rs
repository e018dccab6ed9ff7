//! Settings of the org: switches for what no source settles or only some orgs have, limits, session length.

use super::{Org, features};
use crate::http::Refused;
use crate::json::{self, Json, array, object};

/// A fact that no good source settles or that orgs differ in, and how this org decides it unless told otherwise.
pub(super) struct Switch {
    /// Name on the admin endpoint.
    pub(crate) name: &'static str,
    /// Allowed values, the default first, as JSON text; empty: any number or null.
    pub(crate) values: &'static [&'static str],
    /// What it decides.
    pub(crate) about: &'static str,
}

/// Every switch. Chosen by name with `PUT /practice-org/admin/switches`.
pub(super) const SWITCHES: &[Switch] = &[
    on_off(
        "updating_converted_lead_allowed",
        false,
        "a converted lead can be changed, as with the right to edit converted leads",
    ),
    Switch {
        name: "upsert_key_of_converted_lead",
        values: &["\"refuse\"", "\"update\"", "\"create\""],
        about: "what an upsert does whose key is held by a converted lead",
    },
    on_off(
        "deleted_record_still_matches_identifier",
        false,
        "a record in the recycle bin still holds its unique values: upserts by them answer ENTITY_IS_DELETED",
    ),
    on_off(
        "empty_string_is_null",
        true,
        "an empty text is stored as null",
    ),
    Switch {
        name: "duplicate_result_spelling",
        values: &["\"duplicateResut\"", "\"duplicateResult\""],
        about: "the key of the matches in a DUPLICATES_DETECTED answer",
    },
    on_off(
        "match_records_in_collections",
        false,
        "rows of collections refused by a duplicate rule carry the matching records",
    ),
    on_off(
        "duplicate_rule_sees_other_object",
        false,
        "a contact is a duplicate of a lead with the same email and vice versa",
    ),
    on_off(
        "key_allowed_in_upsert_body",
        false,
        "a single upsert may repeat its key in the body",
    ),
    on_off(
        "failed_row_has_id_null",
        false,
        "a refused row of a collection carries \"id\": null instead of no id",
    ),
    Switch {
        name: "field_exists_error_code",
        values: &[
            "\"DUPLICATE_DEVELOPER_NAME\"",
            "\"FIELD_INTEGRITY_EXCEPTION\"",
            "\"DUPLICATE_VALUE\"",
        ],
        about: "the code when a custom field is made twice",
    },
    Switch {
        name: "duplicate_external_id_status_code",
        values: &[
            "\"DUPLICATE_VALUE\"",
            "\"DUPLICATE_EXTERNAL_ID\"",
            "\"INVALID_FIELD\"",
        ],
        about: "the row code for a key that stands twice in one request",
    },
    Switch {
        name: "update_only_missing_status",
        values: &["404", "400"],
        about: "HTTP status of a single upsert with updateOnly=true that finds nothing",
    },
    on_off(
        "full_scope_includes_refresh",
        false,
        "scope full alone yields a refresh token",
    ),
    on_off(
        "code_ends_with_padding",
        true,
        "authorization codes end in ==, encoded in the callback",
    ),
    Switch {
        name: "access_denied_spelling",
        values: &["\"access_denied\"", "\"access-denied\""],
        about: "the error that a refused consent sends back",
    },
    on_off(
        "long_assertions_refused",
        false,
        "an assertion that is valid for more than five minutes is refused",
    ),
    on_off(
        "blocked_password_flow_is_unsupported",
        false,
        "a blocked password flow answers unsupported_grant_type instead of authentication failure",
    ),
    on_off(
        "introspect_without_secret",
        false,
        "an app without a secret may introspect",
    ),
    on_off(
        "rotated_refresh_token_still_works",
        false,
        "a refresh token works on after a newer one replaced it",
    ),
    Switch {
        name: "control_characters",
        values: &["\"strip\"", "\"refuse\"", "\"keep\""],
        about: "what becomes of U+0000-U+001F other than tab and line ends in text",
    },
    on_off(
        "trim_text",
        true,
        "white space at both ends of text is dropped",
    ),
    on_off(
        "lower_case_emails",
        true,
        "email addresses are kept in lower case",
    ),
    Switch {
        name: "surplus_decimals",
        values: &["\"keep\"", "\"round\"", "\"cut\""],
        about: "what becomes of digits beyond a number field's scale",
    },
    on_off(
        features::ADDRESSES,
        false,
        "addresses have codes beside states and countries, and take those of the list only",
    ),
    on_off(
        features::PERSON_ACCOUNTS,
        false,
        "an account with a last name is a person with a contact of its own, and leads need no company",
    ),
    on_off(
        "dependent_picklists_enforced",
        false,
        "a dependent picklist refuses values that its controlling field doesn't allow",
    ),
    Switch {
        name: "page_size_cap",
        values: &[],
        about: "pages of query answers hold at most this many records, whatever was asked; null: as asked",
    },
    Switch {
        name: "offset_maximum",
        values: &[],
        about: "the largest OFFSET; null means 2000",
    },
    Switch {
        name: "short_search_term_code",
        values: &["\"MALFORMED_SEARCH\"", "\"INVALID_SEARCH\""],
        about: "the code when a search term has fewer than two characters",
    },
    on_off(
        "assignment_rule_sets_queue_owner",
        false,
        "an assignment rule hands leads to the queue New Leads; it is logged either way",
    ),
    Switch {
        name: "duplicate_rule",
        values: &["\"off\"", "\"alert\"", "\"block\""],
        about: "the duplicate rule on email for leads and contacts",
    },
    Switch {
        name: "delete_of_deleted_code",
        values: &["\"ENTITY_IS_DELETED\"", "\"INVALID_CROSS_REFERENCE_KEY\""],
        about: "the code when a deleted record is deleted again",
    },
    on_off(
        "merged_away_record_redirects",
        false,
        "an update by the id of a merged-away record changes the winner instead of failing",
    ),
    Switch {
        name: "oldest_api_version",
        values: &[],
        about: "the oldest API version that isn't retired; older ones answer 410. null means 31",
    },
    Switch {
        name: "newest_api_version",
        values: &[],
        about: "the newest API version; null means 67",
    },
    Switch {
        name: "retiring_api_version",
        values: &[],
        about: "API versions up to this one carry the header Warning: they will be retired. null means none",
    },
    on_off(
        "upsert_created_missing_on_failure",
        true,
        "a refused row of an upsert has no member created; otherwise it is false",
    ),
];

const fn on_off(name: &'static str, default: bool, about: &'static str) -> Switch {
    let values: &'static [&'static str] = if default {
        &["true", "false"]
    } else {
        &["false", "true"]
    };
    Switch {
        name,
        values,
        about,
    }
}

impl Org {
    /// A setting's JSON.
    pub(crate) fn setting(&self, name: &str) -> rusqlite::Result<Option<Json>> {
        Ok(self.settings.borrow().get(name).cloned())
    }

    /// Reads all settings into memory: writes ask for them row by row.
    pub(super) fn load_settings(&self) -> rusqlite::Result<()> {
        self.settings.borrow_mut().clear();
        let mut statement = self.conn.prepare("SELECT name, value FROM settings")?;
        let rows = statement.query_map([], |row| {
            Ok((row.get::<_, String>(0)?, row.get::<_, String>(1)?))
        })?;
        for row in rows {
            let (name, text) = row?;
            self.settings
                .borrow_mut()
                .insert(name, json::parse(&text).unwrap_or_default());
        }
        Ok(())
    }

    /// Stores a setting.
    pub(crate) fn set_setting(&self, name: &str, value: &Json) -> rusqlite::Result<()> {
        let sql = "INSERT INTO settings (name, value) VALUES (?1, ?2) ON CONFLICT DO UPDATE SET value = ?2";
        self.conn
            .prepare_cached(sql)?
            .execute([name, &value.to_string()])?;
        self.schema_touched.set(true);
        self.settings
            .borrow_mut()
            .insert(name.to_owned(), value.clone());
        Ok(())
    }

    /// A whole-number setting.
    pub(crate) fn number(&self, name: &str, default: i64) -> rusqlite::Result<i64> {
        Ok(self
            .setting(name)?
            .and_then(|v| v.as_i64())
            .unwrap_or(default))
    }

    /// The state of a switch.
    pub(crate) fn switch(&self, name: &str) -> rusqlite::Result<Json> {
        if let Some(value) = self.setting(&format!("switch.{name}"))? {
            return Ok(value);
        }
        let default = SWITCHES
            .iter()
            .find(|s| s.name == name)
            .and_then(|s| s.values.first());
        Ok(default
            .and_then(|text| json::parse(text).ok())
            .unwrap_or(Json::Null))
    }

    /// Whether an on-off switch is on.
    pub(crate) fn is_on(&self, name: &str) -> rusqlite::Result<bool> {
        Ok(self.switch(name)? == Json::Bool(true))
    }

    /// The word a switch stands at.
    pub(crate) fn choice(&self, name: &str) -> rusqlite::Result<String> {
        Ok(self.switch(name)?.as_str().unwrap_or_default().to_owned())
    }

    /// All switches with state, choices and meaning.
    pub(crate) fn switches(&self) -> rusqlite::Result<Json> {
        let mut all = object([]);
        for switch in SWITCHES {
            let choices = array(switch.values.iter().filter_map(|v| json::parse(v).ok()));
            let changed = self.setting(&format!("switch.{}", switch.name))?;
            let default = switch
                .values
                .first()
                .and_then(|text| json::parse(text).ok());
            let default = default.unwrap_or_default();
            let entry = [
                ("value", self.switch(switch.name)?),
                ("changed", changed.is_some_and(|v| v != default).into()),
                ("default", default),
                ("choices", choices),
                ("about", switch.about.into()),
            ];
            all.push(switch.name, object(entry));
        }
        Ok(all)
    }

    /// Sets switches from `{"name": value}`; all or none.
    pub(crate) fn set_switches(&self, wanted: &Json) -> Result<(), Refused> {
        for member in wanted.members() {
            let unknown = || {
                Refused::new(
                    400,
                    "INVALID_SWITCH",
                    format!("no switch {} with value {}", member.name, member.value),
                )
            };
            let switch = SWITCHES
                .iter()
                .find(|s| s.name == member.name)
                .ok_or_else(unknown)?;
            let text = member.value.to_string();
            let fits = match switch.values {
                [] => member.value == Json::Null || member.value.as_i64().is_some_and(|n| n > 0),
                values => values.contains(&text.as_str()),
            };
            if !fits {
                return Err(unknown());
            }
            self.set_setting(&format!("switch.{}", member.name), &member.value)?;
            if switch.name == "duplicate_rule" {
                self.show_duplicate_rules()?;
            }
            if features::FEATURES.contains(&switch.name) {
                self.permissions_changed().map_err(|t| t.refused(&[]))?;
                if member.value == Json::Bool(true) {
                    self.begin_feature(switch.name)?;
                }
            }
        }
        Ok(())
    }
}
