//! Opens and makes files so that nobody else can read them, and so that no write ever goes through a link.
//!
//! Every new file is readable by the user alone, whatever the umask. A file that exists is never opened for writing:
//! it is replaced as a whole by a finished one. Only regular files are read, so that a pipe or a device can't make the
//! app wait.

use std::fs::{File, OpenOptions};
use std::io::{self, BufWriter, Read as _, Write};
use std::path::{Path, PathBuf};

use sha2::{Digest as _, Sha256};
use tempfile::NamedTempFile;

use crate::{Error, Result};

/// Keeps what this process makes from now on to the user, also what other libraries make, and its memory out of core dumps,
/// because sign-ins stand in it. What it opens the user's browser with isn't held to that.
pub fn keep_to_this_user() {
    #[cfg(unix)]
    {
        use rustix::fs::Mode;
        use rustix::process::{Resource, getrlimit, umask};
        let core = getrlimit(Resource::Core);
        let mask = umask(Mode::RWXG | Mode::RWXO).bits();
        limit_core_dumps(&core, Some(0));
        // Only the first time counts: by then they are ours.
        let _ = USERS_OWN.set(UsersOwn { mask, core });
    }
}

/// Sets how large a core dump may become, in bytes, where there is a limit. The user's own highest limit stays.
#[cfg(unix)]
fn limit_core_dumps(users: &rustix::process::Rlimit, current: Option<u64>) {
    let limit = rustix::process::Rlimit {
        current,
        maximum: users.maximum,
    };
    // Lowering it always succeeds.
    let _ = rustix::process::setrlimit(rustix::process::Resource::Core, limit);
}

/// What the user keeps from others in new files of other programs, and how large core dumps of those may become.
#[cfg(unix)]
struct UsersOwn {
    mask: rustix::fs::RawMode,
    core: rustix::process::Rlimit,
}

#[cfg(unix)]
static USERS_OWN: std::sync::OnceLock<UsersOwn> = std::sync::OnceLock::new();

/// Runs `start`, which starts a program of the user's.
pub(crate) fn as_the_user<T>(start: impl FnOnce() -> T) -> T {
    #[cfg(unix)]
    if let Some(users) = USERS_OWN.get() {
        use rustix::fs::Mode;
        let ours = rustix::process::umask(Mode::from_raw_mode(users.mask));
        limit_core_dumps(&users.core, users.core.current);
        let started = start();
        limit_core_dumps(&users.core, Some(0));
        rustix::process::umask(ours);
        return started;
    }
    start()
}

/// Takes other users' rights from a folder of the app, where an earlier version or another library has left them.
///
/// # Errors
/// When it can't be changed. One that isn't there is no error.
pub fn close_folder(folder: &Path) -> Result<()> {
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        let is_open = std::fs::symlink_metadata(folder)
            .is_ok_and(|data| data.is_dir() && data.permissions().mode() & 0o077 != 0);
        if is_open {
            return std::fs::set_permissions(folder, std::fs::Permissions::from_mode(0o700))
                .map_err(|error| Error::file(folder, &error));
        }
    }
    #[cfg(not(unix))]
    let _ = folder;
    Ok(())
}

/// Creates a folder, and those above it, that only the user may open.
///
/// # Errors
/// When the folder cannot be created.
pub fn make_folder(folder: &Path) -> Result<()> {
    let mut builder = std::fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder
        .create(folder)
        .map_err(|error| Error::file(folder, &error))
}

/// Writes a whole file that only the user may read, in place of the one that is there.
///
/// # Errors
/// When the file cannot be written, or something other than a file is in its place.
pub fn write(place: &Path, bytes: &[u8]) -> Result<()> {
    replace(place, bytes).map_err(|error| Error::file(place, &error))
}

/// Writes a whole file at a place that the user has named, in place of the file that is there.
///
/// # Errors
/// As [`write()`], and when the place belongs to Leadferry or a workspace.
pub fn save(place: &Path, bytes: &[u8]) -> Result<()> {
    let written = Draft::beside(place).and_then(|mut draft| {
        draft.write_all(bytes)?;
        draft.finish()
    });
    written.map_err(|error| Error::file(place, &error))
}

/// Makes sure that only the user may read a file that another library writes, and that it holds `begun` at first.
///
/// # Errors
/// When the file cannot be created, or is not the user's own.
pub fn make_private(place: &Path, begun: &[u8]) -> Result<()> {
    let made = match create_new(place) {
        Ok(mut file) => file.write_all(begun),
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => close_to_others(place),
        Err(error) => Err(error),
    };
    made.map_err(|error| Error::file(place, &error))
}

#[cfg(unix)]
fn close_to_others(place: &Path) -> io::Result<()> {
    use std::os::unix::fs::PermissionsExt as _;
    std::fs::set_permissions(place, std::fs::Permissions::from_mode(0o600))
}

/// Elsewhere the folder decides.
#[cfg(not(unix))]
fn close_to_others(_: &Path) -> io::Result<()> {
    Ok(())
}

/// Replaces a file as a whole: after a power cut it is the old one or the new one.
pub(crate) fn replace(place: &Path, bytes: &[u8]) -> io::Result<()> {
    let mut draft = Draft::of(place)?;
    draft.write_all(bytes)?;
    draft.finish()
}

/// Creates a file that only the user may read; fails where anything has that name, a dangling link included. What others
/// add to the file meanwhile is never overwritten.
pub(crate) fn create_new(path: &Path) -> io::Result<File> {
    private(OpenOptions::new().create_new(true).append(true)).open(path)
}

/// Returns a name beside a file that nothing has, for a draft that must be known by its name before it is made.
pub(crate) fn free_place(file: &Path) -> io::Result<PathBuf> {
    let mut bytes = [0; 8];
    getrandom::fill(&mut bytes).map_err(io::Error::other)?;
    Ok(folder_of(file).join(format!(".leadferry-{}.tmp", hashed(&bytes))))
}

/// Opens a file to be locked, and creates it first where it is missing. Its content is left alone.
pub(crate) fn open_lock(path: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    // A pipe in its place would wait for its other end.
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::custom_flags(&mut options, libc::O_NONBLOCK);
    private(options.create(true).truncate(false)).open(path)
}

fn private(options: &mut OpenOptions) -> &mut OpenOptions {
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(options, 0o600);
    options.write(true)
}

/// Opens a regular file for reading.
///
/// It is checked before it is opened, because opening a device can have effects, and again afterwards, because the
/// name may lead elsewhere by then. Opening never waits for the other end of a pipe. A workspace that is open here is
/// left to SQLite: closing it again would give up SQLite's locks.
pub(crate) fn open(path: &Path) -> io::Result<File> {
    check_regular(&std::fs::metadata(path)?)?;
    if leadferry_store::is_open_here(path) {
        return Err(io::Error::new(
            io::ErrorKind::InvalidInput,
            "it's the open workspace",
        ));
    }
    let mut options = OpenOptions::new();
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::custom_flags(
        &mut options,
        libc::O_NONBLOCK | libc::O_NOCTTY,
    );
    let file = options.read(true).open(path)?;
    check_regular(&file.metadata()?)?;
    Ok(file)
}

/// The largest list of emails that anybody pastes is far smaller.
const LONGEST_TEXT_BYTES: u64 = 128 * 1024 * 1024;

/// Reads a whole text that the user has named, from a regular file.
///
/// # Errors
/// When it can't be read, isn't a regular file, is longer than 128 MB, or isn't UTF-8.
pub fn read_text(place: &Path) -> io::Result<String> {
    match open(place) {
        Ok(file) => text_of(file),
        Err(error) if error.kind() == io::ErrorKind::IsADirectory => {
            let why = "it isn't a regular file. Leadferry reads a pipe only as standard input, which is -";
            Err(io::Error::new(io::ErrorKind::InvalidInput, why))
        }
        Err(error) => Err(error),
    }
}

/// Reads a whole text from standard input or a file.
///
/// # Errors
/// When it can't be read, is longer than 128 MB, or isn't UTF-8.
pub fn text_of(source: impl io::Read) -> io::Result<String> {
    let mut text = String::new();
    let read = source
        .take(LONGEST_TEXT_BYTES + 1)
        .read_to_string(&mut text)?;
    match read as u64 > LONGEST_TEXT_BYTES {
        true => {
            let why = "it's longer than 128 MB";
            Err(io::Error::new(io::ErrorKind::FileTooLarge, why))
        }
        false => Ok(text),
    }
}

fn check_regular(data: &std::fs::Metadata) -> io::Result<()> {
    if data.is_file() {
        Ok(())
    } else {
        // The kind that `imports::Error::reading` knows as "not a file", whatever else it is.
        Err(io::ErrorKind::IsADirectory.into())
    }
}

/// A file being written beside its place; it takes its place when it is finished, and is gone when it is not.
#[derive(Debug)]
pub(crate) struct Draft {
    place: PathBuf,
    file: BufWriter<NamedTempFile>,
}

impl Draft {
    /// Begins a file at a place that the user has named, under a name that nothing had before.
    pub(crate) fn beside(place: &Path) -> io::Result<Self> {
        if is_of_ours(place) {
            let why = "it belongs to Leadferry or a workspace";
            return Err(io::Error::new(io::ErrorKind::InvalidInput, why));
        }
        Self::of(place)
    }

    fn of(place: &Path) -> io::Result<Self> {
        check_place(place)?;
        let file = tempfile::Builder::new()
            .prefix(".leadferry-")
            .suffix(".tmp")
            .append(true)
            .tempfile_in(folder_of(place))?;
        Ok(Self {
            place: place.to_owned(),
            file: BufWriter::new(file),
        })
    }

    /// Puts the file in its place, durably.
    pub(crate) fn finish(self) -> io::Result<()> {
        #[cfg(unix)]
        let folder = folder_of(&self.place).to_owned();
        self.go_on()?;
        #[cfg(unix)]
        File::open(folder)?.sync_all()?;
        Ok(())
    }

    /// Puts the file in its place, and returns it to be written on. What others add to it meanwhile is never overwritten.
    pub(crate) fn go_on(self) -> io::Result<File> {
        let file = self.file.into_inner().map_err(|error| error.into_error())?;
        file.as_file().sync_all()?;
        check_place(&self.place)?;
        file.persist(&self.place).map_err(|error| error.error)
    }
}

impl Write for Draft {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.file.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.flush()
    }
}

pub(crate) fn folder_of(place: &Path) -> &Path {
    match place.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    }
}

/// Returns a short name that stands for a path, links followed: files in the data folder are named by it.
pub(crate) fn short_name(path: &Path) -> String {
    let path = std::fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
    hashed(path.as_os_str().as_encoded_bytes())
}

/// Returns the first 16 hex digits of the bytes' SHA-256.
pub(crate) fn hashed(bytes: &[u8]) -> String {
    let hash = Sha256::digest(bytes);
    hash.iter()
        .take(8)
        .map(|byte| format!("{byte:02x}"))
        .collect()
}

/// A file that stands in the app's own folder and nowhere else.
const OWN_LIST: &str = "workspaces.json";
/// What a workspace, its backups and a practice org begin with.
const DATABASE: &[u8] = b"SQLite format 3\0";

/// Refuses to put a file in place of a link, a folder, a device or a database: nobody means to lose a workspace.
fn check_place(place: &Path) -> io::Result<()> {
    let refused = |why| Err(io::Error::new(io::ErrorKind::InvalidInput, why));
    match std::fs::symlink_metadata(place) {
        Ok(data) if data.is_symlink() => refused("it's a link"),
        Ok(data) if !data.is_file() => refused("it isn't a file"),
        Ok(_) if is_database(place)? => refused("it's a workspace or another database"),
        Ok(_) => Ok(()),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        Err(error) => Err(error),
    }
}

/// Tells whether a place is that of what SQLite keeps beside a workspace, or among the backups or the app's own files.
fn is_of_ours(place: &Path) -> bool {
    let name = place
        .file_name()
        .and_then(|name| name.to_str())
        .unwrap_or("");
    let main = ["-wal", "-shm", "-journal"]
        .iter()
        .find_map(|ending| name.strip_suffix(ending));
    let folder = folder_of(place);
    let is_of_backups = folder.extension().is_some_and(|ending| ending == "backups");
    main.is_some_and(|main| place.with_file_name(main).exists())
        || is_of_backups
        || folder.join(OWN_LIST).exists()
}

fn is_database(file: &Path) -> io::Result<bool> {
    let mut begins = Vec::new();
    let length = DATABASE.len() as u64;
    match open(file) {
        Ok(file) => file.take(length).read_to_end(&mut begins)?,
        // What can't be read is replaced all the same: that needs no right to read.
        Err(error) if error.kind() == io::ErrorKind::PermissionDenied => return Ok(false),
        Err(error) => return Err(error),
    };
    Ok(begins == DATABASE)
}

#[cfg(test)]
mod tests;
