//! The built command line program, started as a user would, with a data folder and an environment of its own.

use std::io::Read;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::{Arc, Mutex};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use serde_json::Value;

/// No command of a journey takes longer, however slow the machine.
const PATIENCE: Duration = Duration::from_secs(180);

/// The program with one workspace.
#[derive(Clone, Debug)]
pub(crate) struct Cli {
    workspace: PathBuf,
    folder: PathBuf,
    variables: Vec<(String, String)>,
    speedup: u32,
}

impl Cli {
    /// Takes `people.leadferry` in a folder as the workspace, and keeps everything else in that folder, too.
    pub(crate) fn in_folder(folder: &Path) -> Self {
        Self {
            workspace: folder.join("people.leadferry"),
            folder: folder.to_owned(),
            variables: Vec::new(),
            speedup: 100,
        }
    }

    /// Returns the same with another workspace file.
    pub(crate) fn with_workspace(&self, workspace: &Path) -> Self {
        Self {
            workspace: workspace.to_owned(),
            ..self.clone()
        }
    }

    /// Returns the same with one more environment variable.
    pub(crate) fn with(&self, name: &str, value: &str) -> Self {
        let mut changed = self.clone();
        changed.variables.push((name.to_owned(), value.to_owned()));
        changed
    }

    /// Returns the same with shorter waits towards orgs on this machine.
    pub(crate) fn sped_up(&self, speedup: u32) -> Self {
        Self {
            speedup,
            ..self.clone()
        }
    }

    /// Returns how long a wait of the product is here.
    pub(crate) fn shortened(&self, wait: Duration) -> Duration {
        wait / self.speedup
    }

    /// Returns the same, to be killed at a named point.
    pub(crate) fn killed_at(&self, point: &str) -> Self {
        self.with("LEADFERRY_TEST_KILL_AT", point)
    }

    /// Returns the workspace file.
    pub(crate) fn workspace(&self) -> &Path {
        &self.workspace
    }

    /// Returns a path in the folder.
    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.join(name)
    }

    /// Runs a command to its end.
    pub(crate) fn run(&self, args: &[&str]) -> Outcome {
        self.start(args).outcome()
    }

    /// Runs a command that reads `input`.
    pub(crate) fn run_with_input(&self, args: &[&str], input: &str) -> Outcome {
        let mut running = self.spawn(args, Stdio::piped());
        let mut stdin = running.child.stdin.take().unwrap();
        // A program that refuses before it reads closes the pipe: its outcome says why.
        let _ = std::io::Write::write_all(&mut stdin, input.as_bytes());
        drop(stdin);
        running.outcome()
    }

    /// Runs a command through another program, which is given the program and the arguments behind its own.
    pub(crate) fn run_through(&self, wrapper: &[&str], args: &[&str]) -> Outcome {
        let program = program();
        let mut command = Command::new(wrapper[0]);
        command
            .args(&wrapper[1..])
            .args(["sh".as_ref(), program.as_os_str()]);
        self.spawn_command(command, args, Stdio::null()).outcome()
    }

    /// Runs a command with `--json` that must go well, and returns its one object.
    pub(crate) fn json(&self, args: &[&str]) -> Value {
        self.json_outcome(args).expect(0).object()
    }

    /// Runs a command with `--json`.
    pub(crate) fn json_outcome(&self, args: &[&str]) -> Outcome {
        let args: Vec<&str> = ["--json"].iter().chain(args).copied().collect();
        self.run(&args)
    }

    /// Starts a command.
    pub(crate) fn start(&self, args: &[&str]) -> Started {
        self.spawn(args, Stdio::null())
    }

    fn spawn(&self, args: &[&str], stdin: Stdio) -> Started {
        self.spawn_command(Command::new(program()), args, stdin)
    }

    fn spawn_command(&self, mut command: Command, args: &[&str], stdin: Stdio) -> Started {
        // Nothing of the developer's own set-up, proxies above all, reaches the program.
        command
            .env_clear()
            .env("PATH", std::env::var_os("PATH").unwrap_or_default())
            .env("HOME", &self.folder)
            .env("LEADFERRY_WORKSPACE", &self.workspace)
            .env("LEADFERRY_DATA_DIR", self.folder.join("data"))
            .env("LEADFERRY_KEYCHAIN", "off")
            .env("LEADFERRY_TEST_SPEEDUP", self.speedup.to_string())
            .envs(self.variables.iter().cloned())
            .current_dir(&self.folder)
            .args(args)
            .stdin(stdin)
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        let mut child = command.spawn().unwrap();
        let (stdout, stderr) = (child.stdout.take().unwrap(), child.stderr.take().unwrap());
        Started {
            words: args.join(" "),
            stdout: Said::by(stdout),
            stderr: Said::by(stderr),
            child,
        }
    }
}

fn program() -> PathBuf {
    let test = std::env::current_exe().unwrap();
    let folder = test.parent().and_then(Path::parent).unwrap();
    let program = folder.join(format!("leadferry-cli{}", std::env::consts::EXE_SUFFIX));
    assert!(
        program.is_file(),
        "{} is not built: run `cargo build --workspace --bins`",
        program.display()
    );
    program
}

/// What a program says, read while it runs: a full pipe would stop it.
struct Said {
    bytes: Arc<Mutex<Vec<u8>>>,
    reader: JoinHandle<()>,
}

impl Said {
    fn by(mut stream: impl Read + Send + 'static) -> Self {
        let bytes = Arc::new(Mutex::new(Vec::new()));
        let shared = Arc::clone(&bytes);
        let reader = std::thread::spawn(move || {
            let mut piece = [0; 8192];
            while let Ok(read @ 1..) = stream.read(&mut piece) {
                shared.lock().unwrap().extend_from_slice(&piece[..read]);
            }
        });
        Self { bytes, reader }
    }

    fn so_far(&self) -> String {
        String::from_utf8_lossy(&self.bytes.lock().unwrap()).into_owned()
    }

    fn whole(self) -> String {
        self.reader.join().unwrap();
        let bytes = std::mem::take(&mut *self.bytes.lock().unwrap());
        String::from_utf8(bytes).unwrap()
    }
}

/// A command under way.
pub(crate) struct Started {
    words: String,
    child: Child,
    stdout: Said,
    stderr: Said,
}

impl Started {
    /// Waits for the end; one that never comes is a failure.
    pub(crate) fn outcome(mut self) -> Outcome {
        let started = Instant::now();
        let status = loop {
            if let Some(status) = self.child.try_wait().unwrap() {
                break status;
            }
            if started.elapsed() > PATIENCE {
                self.child.kill().unwrap();
                panic!("`{}` did not end within {PATIENCE:?}", self.words);
            }
            std::thread::sleep(Duration::from_millis(2));
        };
        Outcome {
            words: self.words,
            status,
            stdout: self.stdout.whole(),
            stderr: self.stderr.whole(),
        }
    }

    /// Kills it after a while, unless it has ended by then.
    pub(crate) fn killed_after(mut self, wait: Duration) -> Outcome {
        std::thread::sleep(wait);
        // One that has just ended by itself cannot be killed, and need not be.
        let _ = self.child.kill();
        self.outcome()
    }

    /// Returns what it has said on standard error so far.
    pub(crate) fn said(&self) -> String {
        self.stderr.so_far()
    }

    /// Tells whether it is still under way.
    pub(crate) fn is_running(&mut self) -> bool {
        self.child.try_wait().unwrap().is_none()
    }

    /// Returns its process id.
    pub(crate) fn id(&self) -> u32 {
        self.child.id()
    }
}

/// How a command ended, and what it said.
#[derive(Debug)]
pub(crate) struct Outcome {
    words: String,
    status: ExitStatus,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

impl Outcome {
    /// Returns the exit code; `None` after a signal.
    pub(crate) fn code(&self) -> Option<i32> {
        self.status.code()
    }

    /// Tells whether it was ended by SIGKILL.
    pub(crate) fn was_killed(&self) -> bool {
        #[cfg(unix)]
        return std::os::unix::process::ExitStatusExt::signal(&self.status) == Some(9);
        #[cfg(not(unix))]
        return self.status.code() != Some(0);
    }

    /// Demands an exit code.
    #[track_caller]
    pub(crate) fn expect(self, code: i32) -> Self {
        self.expect_one_of(&[code])
    }

    /// Demands one of several exit codes.
    #[track_caller]
    pub(crate) fn expect_one_of(self, codes: &[i32]) -> Self {
        assert!(
            self.code().is_some_and(|code| codes.contains(&code)),
            "expected exit code {codes:?} of {self}"
        );
        self
    }

    /// Returns the one JSON object that stands on standard output.
    #[track_caller]
    pub(crate) fn object(&self) -> Value {
        match serde_json::from_str::<Value>(&self.stdout) {
            Ok(value) if value.is_object() => value,
            Ok(_) => panic!("not an object: {self}"),
            Err(error) => panic!("not one JSON object ({error}): {self}"),
        }
    }

    /// Demands a failure that says what happened and what to do, on standard error alone, without a backtrace.
    #[track_caller]
    pub(crate) fn refused(self, code: i32, words: &[&str]) -> Self {
        let outcome = self.expect(code);
        let said = &outcome.stderr;
        assert!(
            outcome.stdout.is_empty(),
            "nothing belongs on stdout: {outcome}"
        );
        let lines: Vec<&str> = said
            .lines()
            .filter(|line| !line.trim().is_empty())
            .collect();
        let error = lines.iter().position(|line| line.starts_with("Error: "));
        let todo = lines.iter().position(|line| line.starts_with("To do: "));
        assert!(
            matches!((error, todo), (Some(error), Some(todo)) if error < todo && todo - error <= 2),
            "it must say what happened, why and what to do: {outcome}"
        );
        for word in words {
            assert!(
                said.to_lowercase().contains(&word.to_lowercase()),
                "it should speak of {word:?}: {outcome}"
            );
        }
        for bad in ["panicked", "RUST_BACKTRACE", "SQL", "rusqlite", "serde"] {
            assert!(
                !said.contains(bad),
                "{bad:?} means nothing to a user: {outcome}"
            );
        }
        outcome
    }
}

impl std::fmt::Display for Outcome {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let short = |text: &str| text.chars().take(4000).collect::<String>();
        write!(
            f,
            "`leadferry-cli {}` ({})\nstdout: {}\nstderr: {}",
            self.words,
            self.status,
            short(&self.stdout),
            short(&self.stderr)
        )
    }
}
