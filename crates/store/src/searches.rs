//! Saved searches: what the user looks for in an org again and again.

use rusqlite::{OptionalExtension, Row, named_params};

use crate::{ConnectionId, Error, Reader, Result, SearchId, Writer};

const LONGEST_NAME: usize = 100;

/// A search to be saved.
#[derive(Debug, Clone, Copy)]
pub struct NewSearch<'a> {
    /// Name, unique in the workspace.
    pub name: &'a str,
    /// The connection it belongs to; none for one that is asked wherever the user is.
    pub connection: Option<ConnectionId>,
    /// The object that is searched.
    pub object: &'a str,
    /// Criteria, words, columns and order, as JSON.
    pub body: &'a str,
}

/// A saved search.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SavedSearch {
    /// Id.
    pub id: SearchId,
    /// Name.
    pub name: String,
    /// The connection it belongs to.
    pub connection: Option<ConnectionId>,
    /// The object that is searched.
    pub object: String,
    /// Criteria, words, columns and order, as JSON.
    pub body: String,
    /// When it was saved last, UTC milliseconds.
    pub changed_at: i64,
}

const SELECT: &str = "SELECT id, name, connection_id, object, body, changed_at FROM searches";

fn search(row: &Row<'_>) -> rusqlite::Result<SavedSearch> {
    Ok(SavedSearch {
        id: row.get("id")?,
        name: row.get("name")?,
        connection: row.get("connection_id")?,
        object: row.get("object")?,
        body: row.get("body")?,
        changed_at: row.get("changed_at")?,
    })
}

impl Reader<'_> {
    /// Returns all saved searches by name.
    pub fn searches(&self) -> Result<Vec<SavedSearch>> {
        let mut statement = self
            .connection
            .prepare_cached(&format!("{SELECT} ORDER BY name"))?;
        let searches = statement.query_map([], search)?;
        Ok(searches.collect::<rusqlite::Result<_>>()?)
    }

    /// Returns a saved search.
    ///
    /// # Errors
    /// [`Error::NotFound`].
    pub fn search(&self, id: SearchId) -> Result<SavedSearch> {
        self.connection
            .prepare_cached(&format!("{SELECT} WHERE id = :id"))?
            .query_row(named_params! { ":id": id }, search)
            .optional()?
            .ok_or_else(|| Error::not_found("search", id))
    }

    /// Returns the saved search of a name, without regard to case.
    ///
    /// # Errors
    /// [`Error::NotFound`].
    pub fn search_named(&self, name: &str) -> Result<SavedSearch> {
        self.connection
            .prepare_cached(&format!("{SELECT} WHERE name = :name"))?
            .query_row(named_params! { ":name": name.trim() }, search)
            .optional()?
            .ok_or_else(|| self.unknown("search", "SELECT name FROM searches", name))
    }
}

impl Writer<'_> {
    /// Saves a search under a new name.
    ///
    /// # Errors
    /// [`Error::NameTaken`]; [`Error::Refused`] when the name is unfit.
    pub fn add_search(&self, new: &NewSearch<'_>, now: i64) -> Result<SearchId> {
        let name = self.checked_search_name(new.name, None)?;
        let id = self
            .connection
            .prepare_cached(
                "INSERT INTO searches (name, connection_id, object, body, created_at, changed_at)
                 VALUES (:name, :connection, :object, :body, :now, :now)",
            )?
            .insert(named_params! {
                ":name": name, ":connection": new.connection, ":object": new.object, ":body": new.body, ":now": now,
            })?;
        Ok(SearchId(id))
    }

    /// Puts another search, and perhaps another name, in the place of a saved one.
    ///
    /// # Errors
    /// [`Error::NotFound`], [`Error::NameTaken`]; [`Error::Refused`] when the name is unfit.
    pub fn change_search(&self, id: SearchId, new: &NewSearch<'_>, now: i64) -> Result<()> {
        let before = self.search(id)?;
        let name = self.checked_search_name(new.name, Some(before.id))?;
        self.connection
            .prepare_cached(
                "UPDATE searches SET name = :name, connection_id = :connection, object = :object, body = :body,
                   changed_at = :now
                 WHERE id = :id",
            )?
            .execute(named_params! {
                ":name": name, ":connection": new.connection, ":object": new.object, ":body": new.body, ":now": now,
                ":id": id,
            })?;
        Ok(())
    }

    /// Removes a saved search.
    ///
    /// # Errors
    /// [`Error::NotFound`].
    pub fn remove_search(&self, id: SearchId) -> Result<()> {
        self.search(id)?;
        self.connection
            .prepare_cached("DELETE FROM searches WHERE id = :id")?
            .execute(named_params! { ":id": id })?;
        Ok(())
    }

    fn checked_search_name(&self, name: &str, of: Option<SearchId>) -> Result<String> {
        let name = name.trim();
        let length = name.chars().count();
        if length == 0 || length > LONGEST_NAME || name.chars().any(char::is_control) {
            return Err(Error::Refused(format!(
                "this can't be a search's name; enter 1 to {LONGEST_NAME} characters on one line"
            )));
        }
        match self.search_named(name) {
            Ok(other) if Some(other.id) != of => Err(Error::NameTaken {
                kind: "search",
                name: name.to_owned(),
            }),
            Ok(_) | Err(Error::NotFound { .. }) => Ok(name.to_owned()),
            Err(error) => Err(error),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{NOW, workspace};

    fn a_search(name: &str) -> NewSearch<'_> {
        NewSearch {
            name,
            connection: None,
            object: "Lead",
            body: r#"{"text":"acme"}"#,
        }
    }

    #[test]
    fn a_search_is_saved_changed_and_removed() {
        let workspace = workspace();
        let id = workspace.writing(|writer| writer.add_search(&a_search(" Hot "), NOW));
        let saved = workspace.reading(|reader| reader.search_named("hot"));
        assert_eq!((saved.id, saved.name.as_str()), (id, "Hot"));
        let changed = NewSearch {
            name: "HOT",
            object: "Contact",
            ..a_search("")
        };
        workspace.writing(|writer| writer.change_search(id, &changed, NOW + 1));
        let saved = workspace.reading(|reader| reader.searches());
        assert_eq!(saved.len(), 1);
        assert_eq!(
            (saved[0].object.as_str(), saved[0].changed_at),
            ("Contact", NOW + 1)
        );
        workspace.writing(|writer| writer.remove_search(id));
        assert_eq!(workspace.reading(|reader| reader.searches()), Vec::new());
    }

    #[test]
    fn each_name_stands_once_and_says_something() {
        let workspace = workspace();
        let id = workspace.writing(|writer| writer.add_search(&a_search("Hot"), NOW));
        let twice = workspace.write(|writer| writer.add_search(&a_search("hot"), NOW));
        assert!(matches!(twice, Err(Error::NameTaken { .. })));
        let other = workspace.writing(|writer| writer.add_search(&a_search("Cold"), NOW));
        let renamed = workspace.write(|writer| writer.change_search(other, &a_search("HOT"), NOW));
        assert!(matches!(renamed, Err(Error::NameTaken { .. })));
        let nameless = workspace.write(|writer| writer.change_search(id, &a_search("  "), NOW));
        assert!(matches!(nameless, Err(Error::Refused(_))));
    }
}
