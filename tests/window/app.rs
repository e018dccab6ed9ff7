//! The built app with a home of its own, and a user before it.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use tempfile::TempDir;

use crate::controls;
use crate::display::{Display, USUAL};
use crate::driver::{Driver, Element};
use crate::processes;

/// What a user waits for comes within this time, however slow the machine.
const PATIENCE: Duration = Duration::from_secs(60);
/// A list whose option has not come after this time is opened again.
const REOPEN: Duration = Duration::from_secs(4);
const FIND: &str = include_str!("finding.js");
const TAB: char = '\u{E004}';

/// The app, open.
pub(crate) struct App {
    driver: Option<Driver>,
    display: Display,
    home: TempDir,
    /// The workspace that it opens with; none to begin with otherwise.
    begins_with: Option<PathBuf>,
}

/// A key that is no letter.
#[expect(
    dead_code,
    reason = "the keyboard is whole, also where no journey needs a key"
)]
pub(crate) mod key {
    pub(crate) const CONTROL: char = '\u{E009}';
    pub(crate) const SHIFT: char = '\u{E008}';
    pub(crate) const TAB: char = super::TAB;
    pub(crate) const ENTER: char = '\u{E007}';
    pub(crate) const ESCAPE: char = '\u{E00C}';
    pub(crate) const DOWN: char = '\u{E015}';
    pub(crate) const UP: char = '\u{E013}';
    pub(crate) const LEFT: char = '\u{E012}';
    pub(crate) const DELETE: char = '\u{E017}';
    pub(crate) const RIGHT: char = '\u{E014}';
    pub(crate) const F8: char = '\u{E038}';
}

impl App {
    /// Opens the app on a machine where it never ran.
    pub(crate) fn on_a_new_machine() -> Self {
        Self::begin(None)
    }

    /// The same on a screen of this size, such as `1024x700`.
    pub(crate) fn on_a_screen(size: &str) -> Self {
        let mut app = Self::installed(None);
        app.display = Display::start(size);
        app.open();
        app
    }

    /// Opens the app with a workspace that its user has approved.
    pub(crate) fn with(workspace: &Path) -> Self {
        let mut app = Self::installed(Some(workspace.to_owned()));
        app.command(workspace, &["workspace", "approve", "--yes"]);
        app.open();
        app
    }

    /// Opens the app with a workspace that it has never seen.
    pub(crate) fn with_gift(workspace: &Path) -> Self {
        Self::begin(Some(workspace.to_owned()))
    }

    fn begin(begins_with: Option<PathBuf>) -> Self {
        let mut app = Self::installed(begins_with);
        app.open();
        app
    }

    fn installed(begins_with: Option<PathBuf>) -> Self {
        App {
            driver: None,
            display: Display::start(USUAL),
            home: tempfile::tempdir().unwrap(),
            begins_with,
        }
    }

    /// Opens it (again) on this machine.
    pub(crate) fn open(&mut self) {
        self.keep_controls();
        self.driver = None;
        let home = self.home.path();
        for folder in ["data", "config", "cache", "run", "state", "bin"] {
            fs::create_dir_all(home.join(folder)).unwrap();
        }
        let opener = format!(
            "#!/bin/sh\nenv > '{}'\necho \"$1\" > '{}'\n",
            home.join("browser.environment").display(),
            home.join("opened").display()
        );
        for name in ["xdg-open", "gio"] {
            let file = home.join("bin").join(name);
            fs::write(&file, &opener).unwrap();
            fs::set_permissions(&file, fs::Permissions::from_mode(0o755)).unwrap();
        }
        let log = home.join("driver.log");
        self.driver = Some(Driver::start(
            &program("leadferry"),
            &self.variables(),
            &log,
        ));
        self.until("the window is there", |app| {
            app.script("return document.querySelector('main') !== null", &json!([]))
                .is_ok_and(|found| found == json!(true))
        });
        controls::record(self.driver());
    }

    fn keep_controls(&self) {
        if let Some(driver) = &self.driver {
            controls::keep(driver);
        }
    }

    fn variables(&self) -> Vec<(String, String)> {
        let home = self.home.path();
        // What the app opens in a browser is written down instead: `opened` reads it.
        let programs = std::env::var("PATH").unwrap();
        let programs = (
            "PATH".to_owned(),
            format!("{}:{programs}", self.path("bin").display()),
        );
        let path = |name: &str| home.join(name).display().to_string();
        let own = [
            ("HOME", path("")),
            ("XDG_DATA_HOME", path("data")),
            ("XDG_CONFIG_HOME", path("config")),
            ("XDG_CACHE_HOME", path("cache")),
            ("XDG_STATE_HOME", path("state")),
            ("XDG_RUNTIME_DIR", path("run")),
            ("LEADFERRY_DATA_DIR", path("leadferry")),
            ("LEADFERRY_KEYCHAIN", "off".to_owned()),
            ("LEADFERRY_TEST_SPEEDUP", "20".to_owned()),
            ("NO_AT_BRIDGE", "1".to_owned()),
            ("WEBKIT_DISABLE_COMPOSITING_MODE", "1".to_owned()),
            ("LANG", "C.UTF-8".to_owned()),
            ("LEADFERRY_TEST_PICK", path("picked")),
        ];
        let own = own.map(|(name, value)| (name.to_owned(), value));
        let workspace = self.begins_with.iter().map(|path| {
            let path = path.display().to_string();
            ("LEADFERRY_WORKSPACE".to_owned(), path)
        });
        let own = own.into_iter().chain(workspace);
        let own = own.chain(self.display.variables());
        own.chain([programs]).collect()
    }

    /// Returns what runs a command of the command line program on another computer, whose files are all in a folder.
    pub(crate) fn elsewhere(folder: &Path) -> impl Fn(&Path, &[&str]) {
        let home = folder.to_owned();
        move |workspace, args| {
            let status = Command::new(program("leadferry-cli"))
                .env_clear()
                .env("HOME", &home)
                .env("LEADFERRY_DATA_DIR", home.join("data"))
                .env("LEADFERRY_KEYCHAIN", "off")
                .env("LEADFERRY_WORKSPACE", workspace)
                .args(args)
                .status();
            let code = status.unwrap().code();
            assert!(matches!(code, Some(0 | 1)), "{args:?}: {code:?}");
        }
    }

    /// Makes sure that no other user can read what the app and its web view have made.
    pub(crate) fn is_its_users_alone(&self) {
        let mut waiting = ["data", "config", "cache", "state", "leadferry"]
            .map(|name| self.path(name))
            .to_vec();
        let made_here = waiting.clone();
        let mut seen = 0;
        while let Some(path) = waiting.pop() {
            let Ok(data) = fs::symlink_metadata(&path) else {
                continue;
            };
            if data.is_dir() {
                waiting.extend(
                    fs::read_dir(&path)
                        .unwrap()
                        .map(|entry| entry.unwrap().path()),
                );
            }
            if made_here.contains(&path) || data.is_symlink() {
                continue;
            }
            seen += 1;
            let mode = data.permissions().mode() & 0o777;
            assert_eq!(mode & 0o077, 0, "{}: {mode:o}", path.display());
        }
        assert!(seen > 5, "the app has made folders and files");
    }

    /// Returns the memory of a process of the app.
    pub(crate) fn memory(&self, name: &str) -> processes::Memory {
        processes::memory(name, &self.mark())
    }

    /// Returns the variable that tells this app's processes from others.
    fn mark(&self) -> String {
        format!("LEADFERRY_DATA_DIR={}", self.path("leadferry").display())
    }

    /// Kills the app in the middle of whatever it does.
    pub(crate) fn kill(&mut self) {
        self.keep_controls();
        processes::kill(&program("leadferry"), &self.mark());
        self.driver = None;
    }

    /// Returns a path in the user's home.
    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.home.path().join(name)
    }

    /// Returns the workspace that is open.
    pub(crate) fn workspace(&self) -> PathBuf {
        let current = self.ask("workspaces.current", &json!({}));
        PathBuf::from(current["path"].as_str().unwrap())
    }

    /// Asks the host behind the page, as the page does: what the workspace holds, not what is shown.
    pub(crate) fn ask(&self, command: &str, params: &Value) -> Value {
        let script = "const [name, params] = arguments;
            return window.__TAURI_INTERNALS__.invoke('call', { name, params });";
        self.driver()
            .script(script, &json!([command, params]))
            .unwrap()
    }

    /// Runs a command of the command line program on the same workspace and returns its one JSON object.
    pub(crate) fn cli(&self, args: &[&str]) -> Value {
        self.command(&self.workspace(), args)
    }

    /// The same on any workspace, also while the app is closed.
    pub(crate) fn command(&self, workspace: &Path, args: &[&str]) -> Value {
        let output = Command::new(program("leadferry-cli"))
            .env_clear()
            .envs(self.variables())
            .env("LEADFERRY_WORKSPACE", workspace)
            .arg("--json")
            .args(args)
            .output()
            .unwrap();
        let said = String::from_utf8_lossy(&output.stdout);
        assert!(
            matches!(output.status.code(), Some(0 | 1)),
            "{args:?}: {said} {}",
            String::from_utf8_lossy(&output.stderr)
        );
        serde_json::from_str(&said).unwrap_or_else(|error| {
            panic!(
                "{error}: {said} {}",
                String::from_utf8_lossy(&output.stderr)
            )
        })
    }

    /// Waits until something can be found by its role and its name, and returns it.
    #[track_caller]
    pub(crate) fn find(&self, role: &str, name: &str) -> Element {
        self.find_in(role, name, &Value::Null)
    }

    /// The same within a region of this name.
    #[track_caller]
    pub(crate) fn find_within(&self, region: &str, role: &str, name: &str) -> Element {
        self.find_in(role, name, &json!(region))
    }

    #[track_caller]
    fn find_in(&self, role: &str, name: &str, region: &Value) -> Element {
        let mut found = None;
        self.until(
            &format!("there is a {role} \"{name}\" in {region}"),
            |app| {
                let element = app.driver().element(FIND, &json!([role, name, region]));
                found = element.ok().flatten();
                found.is_some()
            },
        );
        found.unwrap()
    }

    /// Returns the elements that a script returns; nothing where the page was drawn anew meanwhile.
    pub(crate) fn elements(&self, script: &str, arguments: &Value) -> Option<Vec<Element>> {
        self.driver().elements(script, arguments).ok()
    }

    /// Returns the role and the name that a screen reader is told of an element; nothing once it is gone.
    pub(crate) fn told_of(&self, element: &Element) -> Option<(String, String)> {
        self.driver().told_of(element).ok()
    }

    /// Tells whether something is there right now.
    pub(crate) fn has(&self, role: &str, name: &str) -> bool {
        let found = self
            .driver()
            .element(FIND, &json!([role, name, Value::Null]));
        found.is_ok_and(|found| found.is_some())
    }

    /// Presses a button.
    #[track_caller]
    pub(crate) fn press(&self, name: &str) {
        self.click("button", name);
    }

    /// Clicks on something, as soon as it is there and can be pressed.
    #[track_caller]
    pub(crate) fn click(&self, role: &str, name: &str) {
        self.click_in(role, name, &Value::Null);
    }

    /// The same within a region of this name.
    #[track_caller]
    pub(crate) fn click_within(&self, region: &str, role: &str, name: &str) {
        self.click_in(role, name, &json!(region));
    }

    #[track_caller]
    fn click_in(&self, role: &str, name: &str, region: &Value) {
        let mut why = String::new();
        let began = Instant::now();
        while !self.clicked(role, name, region, &mut why) {
            assert!(
                began.elapsed() < PATIENCE,
                "{role} \"{name}\" in {region} cannot be clicked: {why}. The page says:\n{}\nPicture: {}",
                self.page(),
                self.keep_picture("never")
            );
            std::thread::sleep(Duration::from_millis(60));
        }
    }

    /// Clicks where it can be clicked now; else says why not.
    fn clicked(&self, role: &str, name: &str, region: &Value, why: &mut String) -> bool {
        let Ok(Some(found)) = self.driver().element(FIND, &json!([role, name, region])) else {
            *why = "it is not there".to_owned();
            return false;
        };
        let enabled = self.script(
            "const e = arguments[0]; e.scrollIntoView({block: 'nearest'}); return !(e.control ?? e).disabled",
            &json!([found.reference()]),
        );
        if enabled.is_ok_and(|enabled| enabled == json!(false)) {
            *why = "it is disabled".to_owned();
            return false;
        }
        match self.driver().click(&found) {
            Ok(()) => true,
            Err(error) => {
                *why = error;
                false
            }
        }
    }

    /// Goes to a screen of the navigation.
    #[track_caller]
    pub(crate) fn go(&self, screen: &str) {
        self.click_within("Screens", "link", &format!("{screen}*"));
        self.until(&format!("the screen {screen} is open"), |app| {
            app.script("return document.querySelector('h1') !== null", &json!([]))
                .is_ok_and(|found| found == json!(true))
        });
    }

    /// Replaces what a field holds.
    #[track_caller]
    pub(crate) fn fill(&self, field: &str, text: &str) {
        self.fill_in(field, text, &Value::Null);
    }

    /// Writes into a field again where it was drawn anew meanwhile.
    #[track_caller]
    fn fill_in(&self, field: &str, text: &str, region: &Value) {
        self.until(&format!("\"{field}\" takes \"{text}\""), |app| {
            let found = app
                .driver()
                .element(FIND, &json!(["textbox", field, region]));
            let Ok(Some(element)) = found else {
                return false;
            };
            let select = "arguments[0].focus(); arguments[0].select?.()";
            app.script(select, &json!([element.reference()])).is_ok()
                && app.driver().write(&element, text).is_ok()
        });
    }

    /// Searches the contacts, and waits until only those are listed that have the word: a row that moves takes no click.
    #[track_caller]
    pub(crate) fn search_contacts(&self, word: &str) {
        self.fill("Search contacts", word);
        let script = "const rows = [...document.querySelectorAll('[role=row]')].filter((row) => row.querySelector('[role=gridcell]'));
            return rows.length > 0 && rows.every((row) => row.textContent.toLowerCase().includes(arguments[0].toLowerCase()))";
        self.until(&format!("only \"{word}\" is listed"), |app| {
            app.script(script, &json!([word])) == Ok(json!(true))
        });
    }

    /// Presses keys wherever the focus is.
    pub(crate) fn keys(&self, held: &[char], keys: &str) {
        self.driver().keys(held, keys).unwrap();
    }

    /// The same for a field within a region.
    #[track_caller]
    pub(crate) fn fill_within(&self, region: &str, field: &str, text: &str) {
        self.fill_in(field, text, &json!(region));
    }

    /// Waits until something has the focus: keys that come before are nobody's.
    #[track_caller]
    pub(crate) fn focused(&self, role: &str, name: &str) {
        self.until(&format!("the {role} \"{name}\" has the focus"), |app| {
            app.is_focused(role, name)
        });
    }

    fn is_focused(&self, role: &str, name: &str) -> bool {
        let script = format!(
            "const found = (function () {{ {FIND} }})(arguments[0], arguments[1], null); return found === document.activeElement"
        );
        self.script(&script, &json!([role, name])) == Ok(json!(true))
    }

    /// Clicks on something that may be gone before it is reached; tells whether it was there.
    pub(crate) fn click_if_there(&self, role: &str, name: &str) -> bool {
        self.clicked(role, name, &Value::Null, &mut String::new())
    }

    /// Chooses an option of a field that offers some.
    #[track_caller]
    pub(crate) fn choose(&self, field: &str, option: &str) {
        self.click("textbox", field);
        let mut opened = Instant::now();
        self.until(&format!("\"{option}\" is chosen"), |app| {
            // A list closes where the page is drawn anew meanwhile; it is opened again.
            if opened.elapsed() > REOPEN && !app.has("option", option) {
                app.click("textbox", field);
                opened = Instant::now();
            }
            app.clicked("option", option, &Value::Null, &mut String::new())
        });
    }

    /// Moves the focus with Tab until it is on something of this role and name.
    #[track_caller]
    pub(crate) fn tab_to(&self, role: &str, name: &str) {
        self.find(role, name);
        for _ in 0..200 {
            self.keys(&[], &TAB.to_string());
            if self.is_focused(role, name) {
                return;
            }
        }
        panic!(
            "Tab does not lead to the {role} \"{name}\". Picture: {}",
            self.keep_picture("tab")
        );
    }

    /// Says which file will be picked in the system's own dialog, which nothing from outside can reach.
    pub(crate) fn will_pick(&self, file: &Path) {
        fs::write(self.path("picked"), file.display().to_string()).unwrap();
    }

    /// Waits until the app has opened an address in the browser, and returns it.
    #[track_caller]
    pub(crate) fn opened(&self) -> String {
        let file = self.path("opened");
        self.until("the browser is opened", |_| {
            fs::read_to_string(&file).is_ok_and(|address| address.trim().starts_with("http"))
        });
        fs::read_to_string(&file).unwrap().trim().to_owned()
    }

    /// Makes the page light or dark, for looking at it.
    pub(crate) fn dress(&self, scheme: &str) {
        // Colors go over into each other; what is looked at is their end, however slowly it's drawn.
        let script = "document.documentElement.dataset.mantineColorScheme = arguments[0];
            const drawn = () => new Promise(requestAnimationFrame);
            const ending = () => document.getAnimations().filter((one) => one.effect.getComputedTiming().endTime < 5000);
            const ended = () => Promise.all(ending().map((one) => one.finished.catch(() => {})));
            return drawn().then(ended).then(drawn).then(drawn).then(() => true)";
        self.script(script, &json!([scheme])).unwrap();
        std::thread::sleep(Duration::from_millis(150));
    }

    /// Waits until a text can be read on the page.
    #[track_caller]
    pub(crate) fn see(&self, text: &str) {
        let started = Instant::now();
        loop {
            let page = self.page();
            if reads(&page, text) {
                return;
            }
            assert!(
                started.elapsed() < PATIENCE,
                "\"{text}\" cannot be read. The page says:\n{page}\nPicture: {}",
                self.keep_picture("missing")
            );
            std::thread::sleep(Duration::from_millis(60));
        }
    }

    /// Returns what can be read on the page.
    pub(crate) fn page(&self) -> String {
        // What fields hold is read, too.
        let script = "const held = [...document.querySelectorAll('input,textarea')].map((field) => field.value);
            return document.body.innerText.replace(/[ \\u00a0]+/g, ' ') + '\\n' + held.join('\\n')";
        let text = self.script(script, &json!([])).unwrap_or_default();
        text.as_str().unwrap_or_default().to_owned()
    }

    /// Waits until something holds.
    #[track_caller]
    pub(crate) fn until(&self, what: &str, mut holds: impl FnMut(&App) -> bool) {
        let started = Instant::now();
        while !holds(self) {
            assert!(
                started.elapsed() < PATIENCE,
                "it never came about that {what}. The page says:\n{}\nPicture: {}",
                self.page(),
                self.keep_picture("never")
            );
            std::thread::sleep(Duration::from_millis(60));
        }
    }

    /// Keeps a picture of the window under `docs/screenshots` where that was asked for, light and dark.
    pub(crate) fn picture(&self, name: &str) {
        let Ok(folder) = std::env::var("LEADFERRY_SCREENSHOTS") else {
            return;
        };
        fs::create_dir_all(&folder).unwrap();
        for scheme in ["light", "dark"] {
            self.dress(scheme);
            let file = Path::new(&folder).join(format!("{name}-{scheme}.png"));
            assert!(
                self.display.photograph(&file),
                "the display can be photographed"
            );
        }
        self.dress("light");
    }

    fn keep_picture(&self, name: &str) -> String {
        let file =
            std::env::temp_dir().join(format!("leadferry-{name}-{}.png", std::process::id()));
        self.display.photograph(&file);
        file.display().to_string()
    }

    /// Runs a script on the page.
    pub(crate) fn script(&self, script: &str, arguments: &Value) -> Result<Value, String> {
        self.driver().script(script, arguments)
    }

    fn driver(&self) -> &Driver {
        self.driver.as_ref().unwrap()
    }
}

impl Drop for App {
    fn drop(&mut self) {
        // A journey that has failed may stand anywhere.
        if !std::thread::panicking() {
            self.keep_controls();
        }
    }
}

/// Tells whether a page says a text. A number is read whole: "0 contacts" isn't in "10 contacts".
fn reads(page: &str, text: &str) -> bool {
    let is_digit = |char: Option<char>| char.is_some_and(|char| char.is_ascii_digit());
    let in_number = |before: &str| {
        let mut chars = before.chars().rev();
        match chars.next() {
            Some(',' | '.') => is_digit(chars.next()),
            last => is_digit(last),
        }
    };
    page.match_indices(text)
        .any(|(at, _)| !(is_digit(text.chars().next()) && in_number(&page[..at])))
}

/// Returns a program: of the folder that `LEADFERRY_PROGRAMS` names, else the one that was built with the journeys.
fn program(name: &str) -> PathBuf {
    let tests = std::env::current_exe().unwrap();
    let built = || tests.parent().and_then(Path::parent).unwrap().to_owned();
    let folder = std::env::var_os("LEADFERRY_PROGRAMS").map_or_else(built, PathBuf::from);
    let program = folder.join(name);
    assert!(program.exists(), "{} is not there", program.display());
    program
}
