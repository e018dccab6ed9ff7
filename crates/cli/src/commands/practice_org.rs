//! `practice-org …`

use clap::Subcommand;
use leadferry_commands::practice::ServedInfo;
use leadferry_commands::{Result, practice};
use serde_json::Value;

use super::pair;
use crate::app::{App, asked_to_end};
use crate::exit::Exit;
use crate::table::{Table, pairs};

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Serve the practice org until Ctrl-C.
    Serve {
        /// The port; a free one where unset.
        #[arg(long)]
        port: Option<u16>,
    },
    /// List, ask for and take back misbehaviour.
    #[command(subcommand)]
    Faults(Faults),
    /// Show and set how the org decides what no source settles.
    Switches {
        /// Switches to set.
        #[arg(value_name = "NAME=VALUE", value_parser = pair)]
        set: Vec<(String, String)>,
    },
}

#[derive(Debug, Subcommand)]
pub(crate) enum Faults {
    /// Show the faults that are waiting to happen, and all that there are.
    List,
    /// Ask for a fault by name.
    Add {
        /// The fault.
        name: String,
        /// When and how it happens, such as times=1 or path=composite.
        #[arg(value_name = "KEY=VALUE", value_parser = pair)]
        settings: Vec<(String, String)>,
    },
    /// Take all faults back.
    Clear,
}

pub(crate) async fn run(command: &Command, app: &App) -> Result<Exit> {
    let workspace = app.open()?;
    match command {
        Command::Serve { port } => {
            let served = practice::serve_until_dropped(&workspace, *port).await?;
            app.output.result(&served.info, |info| {
                let text = pairs(&[
                    ("Address", info.url.clone()),
                    ("Client id", info.client_id.clone()),
                    ("User", info.username.clone()),
                    ("Password", info.password.clone()),
                    ("File", info.file.display().to_string()),
                ]);
                format!("{text}\n{}", how_to_sign_in(info))
            });
            asked_to_end().await;
            served.stop().await;
        }
        Command::Faults(Faults::List) => app
            .output
            .result(&practice::faults(&workspace).await?, faults),
        Command::Faults(Faults::Add { name, settings }) => {
            let added = practice::add_fault(&workspace, name, settings).await?;
            app.output
                .result(&added, |_| format!("The org will show \"{name}\".\n"));
        }
        Command::Faults(Faults::Clear) => {
            practice::clear_faults(&workspace).await?;
            app.output
                .result(&serde_json::json!({ "cleared": true }), |_| {
                    "The org behaves again.\n".to_owned()
                });
        }
        Command::Switches { set } if set.is_empty() => {
            app.output
                .result(&practice::switches(&workspace).await?, switches);
        }
        Command::Switches { set } => {
            app.output
                .result(&practice::set_switches(&workspace, set).await?, switches);
        }
    }
    Ok(Exit::AllWell)
}

/// Says what to type in another terminal; a workspace that uses this org for practice needs none of it.
fn how_to_sign_in(info: &ServedInfo) -> String {
    format!(
        "To sign in to it as to a real org, type in another terminal:\n  \
         leadferry-cli connections add \"Practice by browser\" --flow browser --host {} --client-id {}\n  \
         leadferry-cli connections authorize \"Practice by browser\"\n\
         Ctrl-C ends it.\n",
        info.url, info.client_id
    )
}

fn faults(answer: &Value) -> String {
    let mut waiting = Table::new(&["waiting"]);
    for fault in answer["faults"].as_array().into_iter().flatten() {
        waiting.row([in_words(fault)]);
    }
    let mut names = Table::new(&["fault", "what it does"]);
    match &answer["names"] {
        Value::Object(known) => known
            .iter()
            .for_each(|(name, about)| names.row([name.clone(), plain(about)])),
        Value::Array(known) => known
            .iter()
            .for_each(|one| names.row([plain(&one["name"]), plain(&one["about"])])),
        _ => {}
    }
    format!(
        "{}\n{}",
        waiting.text("No fault is waiting."),
        names.text("")
    )
}

/// Writes a fault as it is asked for: its name, then its settings.
fn in_words(fault: &Value) -> String {
    let settings = fault.as_object().into_iter().flatten();
    let settings = settings
        .filter(|(key, _)| key.as_str() != "name")
        .map(|(key, value)| format!("{key}={}", plain(value)));
    let words = std::iter::once(plain(&fault["name"])).chain(settings);
    words.collect::<Vec<_>>().join(" ")
}

fn switches(answer: &Value) -> String {
    let mut table = Table::new(&["switch", "value", "what it decides"]);
    for (name, switch) in answer.as_object().into_iter().flatten() {
        table.row([
            name.clone(),
            switch["value"].to_string(),
            plain(&switch["about"]),
        ]);
    }
    table.text("There are no switches.")
}

fn plain(value: &Value) -> String {
    value
        .as_str()
        .map_or_else(|| value.to_string(), str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_waiting_fault_reads_as_it_was_asked_for() {
        let fault = serde_json::json!({"name": "row_error", "code": "X", "times": 2});
        assert_eq!(in_words(&fault), "row_error code=X times=2");
    }
}
