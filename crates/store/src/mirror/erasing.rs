//! Takes a person out of the mirror.

use std::rc::Rc;

use rusqlite::named_params;
use rusqlite::types::Value as Cell;

use super::MirrorKind;
use super::tables::{column, table};
use crate::erase::{ErasedPerson, Functions};
use crate::{Result, Writer};

impl Writer<'_> {
    /// Removes the person's own records and every record that names the person, and returns how many. The org still has
    /// them: the next pull brings back what wasn't erased there.
    pub(crate) fn erase_from_mirrors(&self, person: &ErasedPerson) -> Result<usize> {
        let mirrors = self.mirrors()?;
        if mirrors.is_empty() {
            return Ok(0);
        }
        let functions = Functions::on(self.connection, person.finder())?;
        let ids: Vec<Cell> = person.records.iter().cloned().map(Cell::Text).collect();
        let ids = Rc::new(ids);
        let mut removed = 0;
        for mirror in mirrors {
            if !self.has_table(mirror.id)? {
                continue;
            }
            let texts = mirror.fields.iter().filter(|f| f.kind == MirrorKind::Text);
            let names: String = texts
                .map(|field| format!(" OR names_erased({})", column(field)))
                .collect();
            let sql = format!(
                "DELETE FROM {} WHERE record_id IN rarray(:ids) OR winner IN rarray(:ids){names}",
                table(mirror.id)
            );
            removed += self
                .connection
                .execute(&sql, named_params! { ":ids": ids })?;
        }
        functions.remove()?;
        Ok(removed)
    }
}
