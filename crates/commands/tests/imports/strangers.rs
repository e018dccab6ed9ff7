//! A workspace from a stranger names files. None of them is read, written, replaced or removed.

use std::collections::BTreeMap;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};

use leadferry_commands::imports::{self, Error, ImportOutcome, ImportRequest, MendedRow, OwnFiles};
use leadferry_store::{Import, ImportId, ImportKind, ImportProgress, NewImport};
use serde_json::json;

use crate::trial::{NOW, Trial};

const PEOPLE: &str =
    "email,city\nada@example.com,Paris\nnobody,Oslo\nbob@example.com,Rome\nnowhere,Bonn\n";
/// Longer than what the forged import says that its errors file has.
const VICTIM: &str =
    "email,Leadferry error\nprivate@example.com,line 2: kept\nexport PATH=/usr/bin\n";

/// Every file below a folder with what is in it; a link with where it leads.
fn contents(folder: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
    let mut found = BTreeMap::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let kind = std::fs::symlink_metadata(&path).unwrap().file_type();
        if kind.is_dir() {
            found.extend(contents(&path));
        } else if kind.is_symlink() {
            let target = std::fs::read_link(&path).unwrap();
            found.insert(path, target.into_os_string().into_encoded_bytes());
        } else if kind.is_file() {
            found.insert(path.clone(), std::fs::read(&path).unwrap());
        } else {
            found.insert(path, b"neither file nor link".to_vec());
        }
    }
    found
}

/// What a stranger would like to reach, in a home of its own.
fn targets(home: &Path) -> Vec<PathBuf> {
    let at = |name: &str| home.join(name);
    std::fs::create_dir_all(at("deep/folder")).unwrap();
    for name in [".bashrc", "other.leadferry", "people.errors.csv"] {
        std::fs::write(at(name), VICTIM).unwrap();
    }
    let mut targets = vec![
        at(".bashrc"),
        at("other.leadferry"),
        at("people.errors.csv"),
        at("deep/folder"),
        at("deep/../.bashrc"),
        at("deep/folder/new.desktop"),
        PathBuf::from("/dev/zero"),
    ];
    #[cfg(unix)]
    {
        std::os::unix::fs::symlink(at(".bashrc"), at("link")).unwrap();
        std::os::unix::fs::symlink(at("nowhere"), at("dangling")).unwrap();
        let pipe = std::process::Command::new("mkfifo")
            .arg(at("pipe"))
            .status();
        assert!(pipe.unwrap().success());
        targets.extend([at("link"), at("dangling"), at("pipe")]);
    }
    targets
}

/// Writes an import into the workspace as its maker likes: interrupted after two rows, its files where he says.
fn forged(trial: &Trial, hash: &str, target: &Path) -> ImportId {
    let target = target.to_str().unwrap();
    let request = ImportRequest {
        file: target.into(),
        errors_file: Some(target.into()),
        ..ImportRequest::default()
    };
    let options = json!({ "request": request, "fields": [], "mended": false }).to_string();
    let new = NewImport {
        kind: ImportKind::Contacts,
        file_name: "people.csv",
        file_hash: hash,
        options: &options,
        errors_file: Some(target),
    };
    let progress = ImportProgress {
        committed_row: 2,
        created: 1,
        faulty: 1,
        errors_bytes: 25,
        ..ImportProgress::default()
    };
    let forge = trial.store.write::<_, leadferry_store::Error>(|writer| {
        let id = writer.begin_import(&new, NOW)?;
        writer.import_progress(id, &progress)?;
        Ok(id)
    });
    forge.unwrap()
}

/// Returns the hash by which an import knows a file.
fn hash_of(text: &str) -> String {
    let elsewhere = Trial::new();
    let outcome = elsewhere.bring("people.csv", text);
    import_of(&elsewhere, outcome.import).file_hash
}

fn import_of(trial: &Trial, id: i64) -> Import {
    let read = |reader: &leadferry_store::Reader<'_>| reader.import(ImportId(id));
    trial.store.read::<_, leadferry_store::Error>(read).unwrap()
}

#[test]
fn an_import_that_goes_on_touches_no_file_that_the_workspace_names() {
    let hash = hash_of(PEOPLE);
    let home = tempfile::tempdir().unwrap();
    for target in targets(home.path()) {
        let before = contents(home.path());
        let trial = Trial::new();
        let id = forged(&trial, &hash, &target);
        let request = trial.request("people.csv", PEOPLE);
        let outcome = trial.import(&request);
        assert_eq!((outcome.import, outcome.resumed), (id.0, true));
        assert!(
            outcome.warnings[0]
                .text
                .contains("started a new errors file")
        );
        assert_eq!(contents(home.path()), before, "{}", target.display());
        let errors = outcome.errors_file.unwrap();
        assert_eq!(
            errors,
            trial.path("people.errors.csv"),
            "beside the file that the user names"
        );
        assert!(std::fs::read_to_string(errors).unwrap().contains("Bonn"));
    }
}

#[test]
fn the_rows_and_the_source_of_a_forged_import_are_not_read_from_there() {
    let home = tempfile::tempdir().unwrap();
    for target in targets(home.path()) {
        let before = contents(home.path());
        let trial = Trial::new();
        let import = forged(&trial, &hash_of(VICTIM), &target);
        assert_eq!(
            imports::file_of(&trial.store, &trial.files, import).unwrap(),
            None
        );
        let finish = |writer: &leadferry_store::Writer<'_>| writer.finish_import(import, NOW);
        trial
            .store
            .write::<_, leadferry_store::Error>(finish)
            .unwrap();
        assert!(!imports::list(&trial.store, &trial.files, NOW).unwrap()[0].mendable);
        let rows = imports::faulty(&trial.store, &trial.files, import, 0, 10).unwrap();
        assert_eq!(rows.total, 0, "{}", target.display());
        let place = trial.path("saved.csv");
        let saved = imports::save_faulty(&trial.store, &trial.files, import, &place);
        assert!(matches!(saved, Err(Error::NothingFaulty)));
        let cells = vec!["x@example.com".to_owned()];
        let rows = [MendedRow { line: 2, cells }];
        let mended = imports::mend(&trial.store, &trial.files, import, &rows, || NOW);
        assert!(matches!(mended, Err(Error::Gone(_))));
        assert_eq!(contents(home.path()), before, "{}", target.display());
    }
}

#[test]
fn a_device_a_pipe_and_a_folder_are_refused_as_sources_at_once() {
    let home = tempfile::tempdir().unwrap();
    for target in targets(home.path()) {
        if target.is_file() || !target.exists() {
            continue;
        }
        let trial = Trial::new();
        let request = ImportRequest {
            file: target,
            ..ImportRequest::default()
        };
        assert!(matches!(
            trial.try_import(&request),
            Err(Error::NotAFile(_))
        ));
        let preview = imports::preview(&trial.store, &request, &mut |_| ControlFlow::Continue(()));
        assert!(matches!(preview, Err(Error::NotAFile(_))));
    }
}

/// Stops an import after its first page, in which there is an invalid row.
fn interrupted(trial: &Trial) -> (ImportRequest, ImportOutcome) {
    let mut text = "email,city\nnobody,Oslo\n".to_owned();
    (0..2_500).for_each(|row| text += &format!("p{row}@example.com,Rome\n"));
    let request = trial.request("people.csv", text + "nobody,Bonn\n");
    let stop = &mut |_: &_| ControlFlow::Break(());
    let outcome = imports::import(&trial.store, &trial.files, &request, || NOW, stop).unwrap();
    assert!(!outcome.finished && outcome.errors_file.is_some());
    (request, outcome)
}

#[cfg(unix)]
#[test]
fn an_errors_file_that_became_a_link_is_not_followed() {
    let trial = Trial::new();
    let (request, outcome) = interrupted(&trial);
    let (errors, victim) = (outcome.errors_file.unwrap(), trial.path("victim"));
    // The same bytes, so that only the link tells them apart.
    std::fs::rename(&errors, &victim).unwrap();
    std::os::unix::fs::symlink(&victim, &errors).unwrap();
    let before = std::fs::read(&victim).unwrap();
    let resumed = trial.import(&request);
    assert_ne!(resumed.errors_file.unwrap(), errors);
    assert_eq!(std::fs::read(&victim).unwrap(), before);
    assert!(errors.is_symlink());
}

#[test]
fn an_errors_file_that_was_changed_is_left_alone() {
    let trial = Trial::new();
    let (request, outcome) = interrupted(&trial);
    let errors = outcome.errors_file.unwrap();
    let mine = std::fs::read_to_string(&errors)
        .unwrap()
        .replace("nobody", "bob@example.com");
    std::fs::write(&errors, &mine).unwrap();
    let resumed = trial.import(&request);
    assert!(
        resumed.warnings[0]
            .text
            .contains("started a new errors file")
    );
    let new = resumed.errors_file.unwrap();
    assert_eq!(new, trial.path("people.errors.2.csv"));
    assert_eq!(std::fs::read_to_string(&errors).unwrap(), mine);
    assert!(std::fs::read_to_string(new).unwrap().contains("Bonn"));
}

#[test]
fn rows_fixed_here_leave_a_file_alone_that_another_program_changed() {
    let trial = Trial::new();
    let outcome = trial.bring("people.csv", PEOPLE);
    let errors = outcome.errors_file.unwrap();
    let mine = std::fs::read_to_string(&errors).unwrap() + "more,of mine,\n";
    std::fs::write(&errors, &mine).unwrap();
    let cells = vec!["eve@example.com".to_owned(), "Oslo".to_owned()];
    let rows = [MendedRow { line: 3, cells }];
    let import = ImportId(outcome.import);
    let mended = imports::mend(&trial.store, &trial.files, import, &rows, || NOW).unwrap();
    assert_eq!(mended.created, 1);
    assert!(mended.warnings[0].text.contains("left it alone"));
    assert_eq!(std::fs::read_to_string(&errors).unwrap(), mine);
}

#[test]
fn another_computer_starts_a_file_of_its_own() {
    let mut trial = Trial::new();
    let (request, outcome) = interrupted(&trial);
    let errors = outcome.errors_file.unwrap();
    let before = std::fs::read(&errors).unwrap();
    trial.files = OwnFiles::of(
        &trial.path("another computer"),
        &trial.path("workspace.leadferry"),
    );
    let resumed = trial.import(&request);
    assert_eq!(resumed.rows, 2_502);
    assert!(
        resumed.warnings[0]
            .text
            .contains("started a new errors file")
    );
    assert_eq!(std::fs::read(&errors).unwrap(), before);
    assert_eq!(
        resumed.errors_file.unwrap(),
        trial.path("people.errors.2.csv")
    );
}

#[test]
fn an_import_goes_on_with_the_file_that_it_began_with_alone() {
    let trial = Trial::new();
    let (request, outcome) = interrupted(&trial);
    let import = ImportId(outcome.import);
    let known = imports::file_of(&trial.store, &trial.files, import).unwrap();
    assert_eq!(known.as_deref(), Some(request.file.as_path()));
    let private = trial.path("private.csv");
    std::fs::write(&private, "email\nprivate@example.com\n").unwrap();
    let refused = imports::request_of(&trial.store, import, private);
    assert!(matches!(refused, Err(Error::AnotherFile(_))));
    let taken = imports::request_of(&trial.store, import, request.file.clone()).unwrap();
    assert!(trial.import(&taken).finished);
}

#[test]
fn two_processes_do_not_take_up_one_import() {
    let trial = Trial::new();
    let (request, _) = interrupted(&trial);
    let mut second = None;
    let first = imports::import(&trial.store, &trial.files, &request, || NOW, &mut |_| {
        second.get_or_insert_with(|| trial.try_import(&request));
        ControlFlow::Continue(())
    });
    assert!(first.unwrap().finished);
    assert!(matches!(second, Some(Err(Error::AlreadyRunning))));
}

#[test]
fn a_workspace_holds_no_path() {
    let trial = Trial::new();
    let outcome = trial.bring("people.csv", PEOPLE);
    let import = import_of(&trial, outcome.import);
    assert_eq!(import.errors_file, None);
    let folder = trial.path("");
    assert!(
        !import.options.contains(folder.to_str().unwrap()),
        "{}",
        import.options
    );
}

#[test]
fn looking_at_a_file_and_trying_it_out_writes_nothing() {
    let trial = Trial::new();
    let hostile = "=cmd|' /C calc'!A0,email\n\"open,nobody\n../../x,\"a@example.com\n,,,,\n";
    for name in ["people.csv", "..%2f..%2fpeople.csv", "CON .csv"] {
        let request = trial.request(name, hostile);
        let before = contents(&trial.path(""));
        imports::preview(&trial.store, &request, &mut |_| ControlFlow::Continue(())).unwrap();
        let go_on = &mut |_: &_| ControlFlow::Continue(());
        imports::try_out(&trial.store, &request, NOW, go_on).unwrap();
        let cells = vec!["../x".to_owned(), "nobody".to_owned()];
        imports::try_rows(&trial.store, &request, &[MendedRow { line: 2, cells }], NOW).unwrap();
        let after = contents(&trial.path(""));
        assert_eq!(
            after.keys().collect::<Vec<_>>(),
            before.keys().collect::<Vec<_>>()
        );
        assert_eq!(after[&request.file], before[&request.file]);
    }
}
