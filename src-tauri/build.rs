//! Tells the Tauri tools where this project keeps things; does nothing without the window.

fn main() {
    #[cfg(feature = "desktop")]
    {
        // A relative path is looked up from the top folder, where this package's Cargo.toml is.
        println!("cargo::rerun-if-changed=src-tauri/capabilities");
        if cfg!(feature = "custom-protocol") {
            println!("cargo::rerun-if-changed=ui/dist");
        }
        // Commands that stand in no capability are refused, also our own.
        let commands = tauri_build::AppManifest::new()
            .commands(&["call", "listen"])
            .permissions_path_pattern("src-tauri/permissions/**/*");
        let attributes = tauri_build::Attributes::new()
            .capabilities_path_pattern("src-tauri/capabilities/**/*")
            .app_manifest(commands);
        if let Err(error) = tauri_build::try_build(attributes) {
            println!("cargo::error={error:#}");
        }
    }
}
