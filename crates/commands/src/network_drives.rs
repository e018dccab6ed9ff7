//! Telling network drives: file locks and the write-ahead log are not to be trusted there.

use std::path::Path;

/// Kinds of file systems that live on another machine.
const NETWORK: &[&str] = &[
    "nfs",
    "nfs4",
    "cifs",
    "smb3",
    "smbfs",
    "afs",
    "afpfs",
    "ncpfs",
    "ceph",
    "glusterfs",
    "lustre",
    "webdav",
    "davfs",
    "fuse.sshfs",
    "fuse.davfs2",
    "fuse.rclone",
    "fuse.glusterfs",
    "fuse.s3fs",
    "fuse.gvfsd-fuse",
];

/// Tells whether a file stands on a network drive, as far as the system says.
pub(crate) fn is_on_network(path: &Path) -> bool {
    let path = std::fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
    if is_share(&path) {
        return true;
    }
    match std::fs::read_to_string("/proc/self/mountinfo") {
        Ok(mounts) => file_system(&mounts, &path).is_some_and(|kind| NETWORK.contains(&kind)),
        Err(_) => false,
    }
}

/// A Windows path such as `\\server\share\file`.
fn is_share(path: &Path) -> bool {
    let text = path.to_string_lossy();
    cfg!(windows)
        && (text.starts_with(r"\\?\UNC\")
            || (text.starts_with(r"\\") && !text.starts_with(r"\\?\")))
}

/// Returns the kind of the file system that holds `path`: of the longest mount point above it, the last one mounted.
fn file_system<'m>(mounts: &'m str, path: &Path) -> Option<&'m str> {
    let found = mounts.lines().filter_map(|line| {
        let (mount, kind) = line.split_once(" - ")?;
        let point = unescape(mount.split(' ').nth(4)?);
        path.starts_with(&point)
            .then_some((point.len(), kind.split(' ').next()?))
    });
    found
        .max_by_key(|(length, _)| *length)
        .map(|(_, kind)| kind)
}

/// The kernel writes white space in mount points as octal numbers.
fn unescape(point: &str) -> String {
    point
        .replace("\\040", " ")
        .replace("\\011", "\t")
        .replace("\\012", "\n")
        .replace("\\134", "\\")
}

#[cfg(test)]
mod tests {
    use super::*;

    const MOUNTS: &str = "27 1 254:0 / / rw,relatime - ext4 /dev/vda rw\n\
        40 27 0:40 / /mnt/our\\040office rw - cifs //server/office rw\n\
        41 40 0:41 / /mnt/our\\040office/local rw shared:7 - ext4 /dev/vdb rw\n";

    #[test]
    fn the_longest_mount_point_decides() {
        let kind = |path: &str| file_system(MOUNTS, Path::new(path));
        assert_eq!(kind("/home/a/contacts.leadferry"), Some("ext4"));
        assert_eq!(kind("/mnt/our office/contacts.leadferry"), Some("cifs"));
        assert_eq!(
            kind("/mnt/our office/local/contacts.leadferry"),
            Some("ext4")
        );
        assert_eq!(kind("/mnt/our officers/contacts.leadferry"), Some("ext4"));
    }

    #[test]
    fn a_temporary_folder_is_not_on_the_network() {
        let folder = tempfile::tempdir().unwrap();
        assert!(!is_on_network(folder.path()));
    }
}
