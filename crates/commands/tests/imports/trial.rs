//! A workspace and a folder to try imports in.

use std::ops::ControlFlow;
use std::path::{Path, PathBuf};

use leadferry_commands::imports::{self, Error, ImportOutcome, ImportRequest, OwnFiles};
use leadferry_store::{Contact, ContactField, ContactFilter, Store, Value};

/// 2026-03-01, UTC.
pub(crate) const NOW: i64 = 1_772_323_200_000;

pub(crate) struct Trial {
    folder: tempfile::TempDir,
    pub(crate) store: Store,
    pub(crate) files: OwnFiles,
}

impl Trial {
    pub(crate) fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let workspace = folder.path().join("workspace.leadferry");
        let store = Store::create(&workspace, NOW).unwrap();
        let files = OwnFiles::of(&folder.path().join("data"), &workspace);
        Self {
            folder,
            store,
            files,
        }
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Writes a file and returns the request that imports it.
    pub(crate) fn request(&self, name: &str, bytes: impl AsRef<[u8]>) -> ImportRequest {
        let file = self.path(name);
        std::fs::write(&file, bytes).unwrap();
        ImportRequest {
            file,
            ..ImportRequest::default()
        }
    }

    pub(crate) fn try_import(&self, request: &ImportRequest) -> Result<ImportOutcome, Error> {
        imports::import(&self.store, &self.files, request, || NOW, &mut |_| {
            ControlFlow::Continue(())
        })
    }

    pub(crate) fn import(&self, request: &ImportRequest) -> ImportOutcome {
        let outcome = self.try_import(request).unwrap();
        let parts = outcome.created
            + outcome.updated
            + outcome.unchanged
            + outcome.skipped
            + outcome.faulty;
        assert_eq!(
            outcome.rows, parts,
            "every row is counted once: {outcome:?}"
        );
        outcome
    }

    /// Writes a file and imports it.
    pub(crate) fn bring(&self, name: &str, bytes: impl AsRef<[u8]>) -> ImportOutcome {
        self.import(&self.request(name, bytes))
    }

    pub(crate) fn contacts(&self) -> Vec<Contact> {
        self.store
            .read::<_, leadferry_store::Error>(|reader| {
                let fields = reader.all_fields()?;
                reader.contacts_page(&ContactFilter::default(), &fields, None, 1_000_000)
            })
            .unwrap()
    }

    /// Returns a text field of every contact, in the order in which they came in.
    pub(crate) fn all(&self, field: ContactField) -> Vec<String> {
        self.contacts()
            .iter()
            .map(|contact| contact.values.text(field).unwrap_or_default().to_owned())
            .collect()
    }

    /// Returns a value of a field by name, of the contact with this e-mail.
    pub(crate) fn value(&self, email: &str, field: &str) -> Option<Value> {
        let contacts = self.contacts();
        let field = self
            .store
            .read::<_, leadferry_store::Error>(|reader| reader.field_named(field))
            .unwrap();
        let found = contacts
            .iter()
            .find(|contact| contact.values.text(ContactField::Email) == Some(email));
        found
            .unwrap_or_else(|| panic!("nobody has {email}"))
            .values
            .get(field)
            .cloned()
    }

    pub(crate) fn text(&self, email: &str, field: &str) -> String {
        match self.value(email, field) {
            Some(Value::Text(text)) => text,
            None => String::new(),
            Some(other) => panic!("{field} is {other:?}"),
        }
    }
}

/// Returns what an import tells of the file.
pub(crate) fn told(outcome: &ImportOutcome) -> Vec<&str> {
    outcome
        .warnings
        .iter()
        .map(|warning| warning.text.as_str())
        .collect()
}

/// A file of the project's own, as another program would export it.
pub(crate) fn sample(name: &str) -> Vec<u8> {
    std::fs::read(
        Path::new(env!("CARGO_MANIFEST_DIR"))
            .join("tests/files")
            .join(name),
    )
    .unwrap()
}
