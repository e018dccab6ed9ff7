//! State and country picklists: codes beside texts, and texts that must be one of the list's.

use rusqlite::types::Value;
use rusqlite::{OptionalExtension, params};

use super::Org;
use super::field::{Field, PickValue};
use super::schema::{Object, Schema};
use super::write::{RowError, Trouble};

const CODE: &str = "FIELD_INTEGRITY_EXCEPTION";
const WRONG_COUNTRY: &str = "There's a problem with this country, even though it may appear correct. Please select a country/territory from the list of valid countries.";
const WRONG_STATE: &str = "There's a problem with this state, even though it may appear correct. Please select a state from the list of valid states.";

/// The fields of one address that belong together.
struct Address<'a> {
    country: &'a Field,
    country_code: &'a Field,
    state: &'a Field,
    state_code: &'a Field,
}

impl Address<'_> {
    /// The addresses of an object; none where the picklists are off.
    fn all(object: &Object) -> Vec<Address<'_>> {
        let one = |code: &str| {
            let stem = code.strip_suffix("CountryCode")?;
            let field = |part: &str| object.any_field(&format!("{stem}{part}"));
            Some(Address {
                country: field("Country")?,
                country_code: field("CountryCode")?,
                state: field("State")?,
                state_code: field("StateCode")?,
            })
        };
        object.fields.iter().filter_map(|f| one(&f.name)).collect()
    }
}

/// What a write says about a field.
fn given<'a>(row: &'a [(String, Value)], field: &Field) -> Option<&'a Value> {
    row.iter().find(|(f, _)| *f == field.name).map(|(_, v)| v)
}

fn text_of(value: &Value) -> Option<&str> {
    match value {
        Value::Text(text) => Some(text),
        _ => None,
    }
}

fn set(row: &mut Vec<(String, Value)>, field: &Field, value: Option<&str>) {
    row.retain(|(f, _)| *f != field.name);
    let value = value.map_or(Value::Null, |text| Value::Text(text.to_owned()));
    row.push((field.name.clone(), value));
}

fn refuse<T>(message: impl Into<String>, field: &Field) -> Result<T, Trouble> {
    Err(RowError::new(CODE, message).of(&[&field.name]).into())
}

/// The place of a country in the list, by its code or its text.
fn country_at(list: &[PickValue], code: Option<&str>, text: Option<&str>) -> Option<usize> {
    list.iter().position(|entry| match code {
        Some(code) => entry.value.eq_ignore_ascii_case(code),
        None => text.is_some_and(|text| same(&entry.label, text)),
    })
}

fn same(one: &str, other: &str) -> bool {
    one.to_lowercase() == other.to_lowercase()
}

impl Org {
    /// Completes each address with the code or text that was not given; refuses what the lists lack.
    pub(super) fn fit_addresses(
        &self,
        object: &Object,
        row: &mut Vec<(String, Value)>,
        own: Option<&str>,
    ) -> Result<(), Trouble> {
        for address in Address::all(object) {
            let country = self.fit_country(object, &address, row, own)?;
            self.fit_state(object, &address, row, own, country)?;
        }
        Ok(())
    }

    /// Returns the country's place in the list.
    fn fit_country(
        &self,
        object: &Object,
        address: &Address<'_>,
        row: &mut Vec<(String, Value)>,
        own: Option<&str>,
    ) -> Result<Option<usize>, Trouble> {
        let list = &address.country_code.picklist;
        let (code, text) = (
            given(row, address.country_code).cloned(),
            given(row, address.country).cloned(),
        );
        let (Some(value), by_code) = (code.as_ref().or(text.as_ref()), code.is_some()) else {
            let kept = self.kept(object, address.country_code, own)?;
            return Ok(country_at(list, kept.as_deref(), None));
        };
        let Some(wanted) = text_of(value) else {
            set(row, address.country_code, None);
            set(row, address.country, None);
            return Ok(None);
        };
        let found = match by_code {
            true => country_at(list, Some(wanted), None),
            false => country_at(list, None, Some(wanted)),
        };
        let Some(at) = found else {
            return refuse(WRONG_COUNTRY, address.country);
        };
        set(row, address.country_code, Some(&list[at].value));
        set(row, address.country, Some(&list[at].label));
        Ok(Some(at))
    }

    fn fit_state(
        &self,
        object: &Object,
        address: &Address<'_>,
        row: &mut Vec<(String, Value)>,
        own: Option<&str>,
        country: Option<usize>,
    ) -> Result<(), Trouble> {
        let (code, text) = (
            given(row, address.state_code).cloned(),
            given(row, address.state).cloned(),
        );
        let Some(value) = code.as_ref().or(text.as_ref()) else {
            return self.check_kept_state(object, address, row, own, country);
        };
        let Some(wanted) = text_of(value) else {
            set(row, address.state_code, None);
            set(row, address.state, None);
            return Ok(());
        };
        let Some(country) = country else {
            let message = format!(
                "A country/territory must be specified before specifying a state value for field: {}",
                address.state.label
            );
            return refuse(message, address.state);
        };
        let of_country = |entry: &&PickValue| entry.valid_for.contains(&country);
        let fits = |entry: &&PickValue| match code {
            Some(_) => entry.value.eq_ignore_ascii_case(wanted),
            None => same(&entry.label, wanted),
        };
        let list = &address.state_code.picklist;
        let Some(state) = list.iter().filter(of_country).find(fits) else {
            return refuse(WRONG_STATE, address.state);
        };
        set(row, address.state_code, Some(&state.value));
        set(row, address.state, Some(&state.label));
        Ok(())
    }

    /// A new country must have the state that stays.
    fn check_kept_state(
        &self,
        object: &Object,
        address: &Address<'_>,
        row: &[(String, Value)],
        own: Option<&str>,
        country: Option<usize>,
    ) -> Result<(), Trouble> {
        if given(row, address.country_code).is_none() {
            return Ok(());
        }
        let Some(state) = self.kept(object, address.state_code, own)? else {
            return Ok(());
        };
        let list = &address.state_code.picklist;
        let known = list.iter().any(|entry| {
            entry.value == state && country.is_some_and(|c| entry.valid_for.contains(&c))
        });
        if known {
            return Ok(());
        }
        let message = format!(
            "The existing country/territory doesn't recognize the state value from the same address: {}",
            address.state.label
        );
        refuse(message, address.state)
    }

    /// What the record holds in a text field; nothing for a new one.
    pub(super) fn kept(
        &self,
        object: &Object,
        field: &Field,
        own: Option<&str>,
    ) -> rusqlite::Result<Option<String>> {
        let Some(id) = own else { return Ok(None) };
        let sql = format!(
            "SELECT {} FROM {} WHERE \"Id\" = ?1",
            field.column(),
            object.table()
        );
        let found = self
            .conn
            .prepare_cached(&sql)?
            .query_row([id], |row| row.get(0))
            .optional()?;
        Ok(found.flatten())
    }

    /// Gives the addresses that were there before the codes of the texts that the lists know.
    pub(super) fn code_addresses(&self) -> rusqlite::Result<()> {
        let Ok(schema) = Schema::standard() else {
            return Ok(());
        };
        for object in schema.objects() {
            for address in Address::all(object) {
                self.code_column(object, address.country, address.country_code, None)?;
                let column = Some(address.country_code);
                self.code_column(object, address.state, address.state_code, column)?;
            }
        }
        Ok(())
    }

    fn code_column(
        &self,
        object: &Object,
        text: &Field,
        code: &Field,
        country: Option<&Field>,
    ) -> rusqlite::Result<()> {
        let (table, text, column) = (object.table(), text.column(), code.column());
        let of = country.map_or("NULL".to_owned(), Field::column);
        let mut statement = self.conn.prepare(&format!(
            "SELECT DISTINCT {text}, {of} FROM {table} WHERE {text} IS NOT NULL AND {column} IS NULL"
        ))?;
        let found = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?;
        let found: Vec<(String, Option<String>)> = found.collect::<rusqlite::Result<_>>()?;
        let countries = country.map_or(&[][..], |field| &field.picklist);
        for (value, of_country) in found {
            let at = country_at(countries, of_country.as_deref(), None);
            let entry = code.picklist.iter().find(|entry| {
                same(&entry.label, &value)
                    && (country.is_none() || at.is_some_and(|at| entry.valid_for.contains(&at)))
            });
            if let Some(entry) = entry {
                let sql = format!(
                    "UPDATE {table} SET {column} = ?1, {text} = ?2 WHERE {text} = ?3 AND {of} IS ?4"
                );
                self.conn
                    .execute(&sql, params![entry.value, entry.label, value, of_country])?;
            }
        }
        Ok(())
    }
}
