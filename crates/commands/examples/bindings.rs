//! Prints the TypeScript file of all commands; `cargo xtask bindings` puts it where the window reads it.
#![expect(clippy::print_stdout, reason = "printing is what it is for")]

fn main() {
    print!("{}", leadferry_commands::door::typescript());
}
