//! The window's TypeScript is the one that the commands' table gives.

#[test]
fn the_generated_typescript_is_fresh() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../ui/src/ipc/bindings.ts");
    let kept = std::fs::read_to_string(path).unwrap();
    assert!(
        kept == leadferry_commands::door::typescript(),
        "ui/src/ipc/bindings.ts is stale: run `cargo xtask bindings`"
    );
}
