//! Opens a workspace file that is only to be read, also where nothing at all may be written.

use std::fmt::Write as _;
use std::path::Path;

use rusqlite::{Connection, ErrorCode, OpenFlags};

use crate::open::{harden, literal};
use crate::torn::log_bytes;

/// Opens a file for reading. Runs nothing of what is in it.
///
/// SQLite wants to write an index beside a file with a log. In a folder that takes none, a file without a log is opened
/// as one that never changes.
pub(crate) fn open(path: &Path) -> rusqlite::Result<Connection> {
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let path = &literal(path);
    let connection = Connection::open_with_flags(path, flags)?;
    harden(&connection)?;
    // Begins to read, but leaves the schema alone.
    match connection.pragma_query_value(None, "schema_version", |_| Ok(())) {
        Err(error) if is_about_the_folder(&error) && log_bytes(path) == 0 => {
            let flags = flags | OpenFlags::SQLITE_OPEN_URI;
            let connection = Connection::open_with_flags(unchanging(path), flags)?;
            harden(&connection)?;
            Ok(connection)
        }
        // Whatever else is wrong is told where the file is used.
        _ => Ok(connection),
    }
}

fn is_about_the_folder(error: &rusqlite::Error) -> bool {
    matches!(
        error.sqlite_error_code(),
        Some(ErrorCode::ReadOnly | ErrorCode::CannotOpen)
    )
}

/// Returns the address of a file that never changes, <https://www.sqlite.org/uri.html>.
fn unchanging(path: &Path) -> String {
    let mut address = "file:".to_owned();
    let text = path.to_string_lossy().replace('\\', "/");
    // A drive's letter stands behind a slash.
    if text.as_bytes().get(1) == Some(&b':') {
        address.push('/');
    }
    for byte in text.bytes() {
        match byte {
            b'/' | b':' | b'-' | b'.' | b'_' | b'~' => address.push(char::from(byte)),
            _ if byte.is_ascii_alphanumeric() => address.push(char::from(byte)),
            _ => {
                let _ = write!(address, "%{byte:02X}");
            }
        }
    }
    address + "?immutable=1"
}
