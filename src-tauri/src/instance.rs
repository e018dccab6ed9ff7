//! One app per user and data folder: a second start only brings the first one's window to the front.

use std::path::Path;

use leadferry_commands::Environment;
use tauri::Wry;
use tauri::plugin::TauriPlugin;

use crate::{opening, window};

/// Returns the part that gives way to an app that is running already.
///
/// Where there is no session bus, nobody can be asked: then the app just starts, which the workspace allows.
pub(crate) fn guard(environment: &Environment) -> TauriPlugin<Wry> {
    let own_folder = std::env::var_os("LEADFERRY_DATA_DIR").is_some();
    tauri_plugin_single_instance::Builder::new()
        .dbus_id(name(own_folder.then_some(&environment.data_folder)))
        .callback(|app, arguments, folder| {
            window::show(app);
            opening::asked_for(app, arguments, Path::new(&folder));
        })
        .build()
}

/// Returns the name that the app holds on the session bus; a data folder of its own makes it an app of its own.
fn name(own_folder: Option<&std::path::PathBuf>) -> String {
    let Some(folder) = own_folder else {
        return "org.leadferry.leadferry".to_owned();
    };
    let folder = std::path::absolute(folder).unwrap_or_else(|_| folder.clone());
    let spelled: String = folder
        .as_os_str()
        .as_encoded_bytes()
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect();
    // A name on the bus has 255 letters at most; the end of a path tells two apart better than its beginning.
    let tail = spelled.len().saturating_sub(200);
    format!("org.leadferry.at_{}", &spelled[tail..])
}

#[cfg(test)]
mod tests {
    use std::path::PathBuf;

    use super::*;

    #[test]
    fn each_data_folder_has_an_app_of_its_own() {
        let one = name(Some(&PathBuf::from("/tmp/one")));
        assert_ne!(one, name(Some(&PathBuf::from("/tmp/two"))));
        assert_eq!(one, name(Some(&PathBuf::from("/tmp/one"))));
        assert!(name(Some(&PathBuf::from("/x".repeat(400)))).len() < 240);
        assert_eq!(name(None), "org.leadferry.leadferry");
    }
}
