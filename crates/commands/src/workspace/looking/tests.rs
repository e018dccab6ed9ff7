use std::fs;
use std::os::unix::fs::FileExt as _;
use std::sync::Mutex;

use leadferry_store::{ContactField, OpenOptions, Value};
use secrecy::SecretString;
use tempfile::TempDir;

use super::*;
use crate::{Ask, Environment, FrontEnd, Step};

const PAGE: u64 = 4096;

#[derive(Default)]
struct Told(Mutex<Vec<String>>);

impl FrontEnd for Told {
    fn passphrase(&self, _: Ask) -> Option<SecretString> {
        None
    }
    fn open_browser(&self, _: &str) -> bool {
        false
    }
    fn tell(&self, text: &str) {
        self.0.lock().unwrap().push(text.to_owned());
    }
    fn step(&self, _: Step) {}
}

struct Machine {
    folder: TempDir,
    told: Arc<Told>,
    host: Arc<Host>,
}

impl Machine {
    fn new() -> Machine {
        let folder = tempfile::tempdir().unwrap();
        let environment = Environment {
            data_folder: folder.path().join("data"),
            keychain: false,
            passphrase: None,
            speedup: 1,
        };
        let told = Arc::new(Told::default());
        Machine {
            host: Arc::new(Host::new(environment, told.clone())),
            folder,
            told,
        }
    }

    /// Returns a closed workspace with people in it.
    fn people(&self) -> PathBuf {
        let path = self.folder.path().join("people.leadferry");
        let store = Store::create(&path, self.host.now()).unwrap();
        let added = store.write(|writer| {
            for at in 0..3_000 {
                let name = Value::Text(format!("Person {at}"));
                let values = [(ContactField::LastName, name)].into_iter().collect();
                writer.insert_contact(&values, None, self.host.now())?;
            }
            Ok::<_, leadferry_store::Error>(())
        });
        added.unwrap();
        path
    }

    fn open(&self, path: &Path) -> Arc<Store> {
        Arc::new(Store::open(path, OpenOptions::default(), self.host.now()).unwrap())
    }
}

/// Writes nonsense over the beginning of a page that holds people.
fn damage(path: &Path) {
    let bytes = fs::read(path).unwrap();
    let name = b"Person 1500";
    let at = bytes.windows(name.len()).position(|part| part == name);
    let page = at.unwrap() as u64 / PAGE;
    let file = fs::OpenOptions::new().write(true).open(path).unwrap();
    file.write_all_at(&[0x5a; 8], page * PAGE).unwrap();
}

/// Waits until the thread that looks has ended; it shares the last look from before it begins.
fn wait_for_the_background(last_look: &LastLook) {
    let begun = Instant::now();
    loop {
        std::thread::sleep(Duration::from_millis(5));
        if Arc::strong_count(last_look) == 1 {
            return;
        }
        assert!(
            begun.elapsed() < Duration::from_secs(60),
            "it looks without end"
        );
    }
}

#[test]
fn what_takes_too_long_is_looked_at_in_the_background_and_told() {
    let machine = Machine::new();
    let path = machine.people();
    damage(&path);
    let store = machine.open(&path);
    let last_look = LastLook::default();
    look(&store, &machine.host, &last_look, Duration::ZERO);
    wait_for_the_background(&last_look);
    let told = machine.told.0.lock().unwrap();
    assert!(
        told.len() == 1 && told[0].starts_with("The workspace file is damaged: "),
        "{told:?}"
    );
    assert!(store.is_read_only());
}

#[test]
fn a_sound_file_is_looked_at_to_its_end_without_a_word() {
    let machine = Machine::new();
    let store = machine.open(&machine.people());
    let last_look = LastLook::default();
    look(&store, &machine.host, &last_look, Duration::ZERO);
    wait_for_the_background(&last_look);
    let look = last_look.lock().unwrap().unwrap();
    assert!(look.is_whole(), "{look:?}");
    assert_eq!(*machine.told.0.lock().unwrap(), [""; 0]);
    assert!(!store.is_read_only());
}

#[test]
fn a_look_in_the_background_ends_with_the_workspace() {
    let machine = Machine::new();
    let path = machine.people();
    damage(&path);
    let store = machine.open(&path);
    let last_look = LastLook::default();
    look(&store, &machine.host, &last_look, Duration::ZERO);
    let closed = Arc::downgrade(&store);
    drop(store);
    let begun = Instant::now();
    while closed.strong_count() > 0 {
        std::thread::sleep(Duration::from_millis(5));
        assert!(
            begun.elapsed() < Duration::from_secs(10),
            "it keeps the file open"
        );
    }
}

#[test]
fn a_workspace_that_was_closed_as_it_is_needs_no_new_look() {
    let machine = Machine::new();
    let path = machine.people();
    let data_folder = &machine.host.environment.data_folder;
    let looked_at = |before: Before| {
        let store = machine.open(&path);
        let opened = Opened::note(data_folder, &path);
        opened.look_for_damage(before, &store, &machine.host);
        let look = opened.last_look.lock().unwrap().unwrap();
        drop(store);
        look
    };
    let first = looked_at(Before::of(&path));
    std::thread::sleep(Duration::from_millis(5));
    assert_eq!(looked_at(Before::of(&path)), first);
    let with_log = Before {
        has_log: true,
        ..Before::of(&path)
    };
    assert_ne!(looked_at(with_log), first, "a log was left");
    let second = looked_at(Before::of(&path));
    fs::File::open(&path)
        .and_then(|file| file.set_modified(std::time::SystemTime::now()))
        .unwrap();
    assert_ne!(
        looked_at(Before::of(&path)),
        second,
        "something has changed the file"
    );
}
