//! SHOWS: the desktop shell.
fn main() {}
