//! `doctor`

use leadferry_commands::diagnosis::{self, Diagnosis, ErrorExplained};
use leadferry_commands::doctor::{self, Finding, Report};
use leadferry_commands::{Result, sentence};

use crate::app::App;
use crate::exit::Exit;

#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// Explain this error instead: a code, or the whole message.
    error: Vec<String>,
    /// Don't contact any org.
    #[arg(long)]
    offline: bool,
}

pub(crate) async fn run(args: &Args, app: &App) -> Result<Exit> {
    if !args.error.is_empty() {
        let diagnosis = diagnosis::diagnose_known(&args.error.join(" "))?;
        app.output.result(&diagnosis, explained);
        return Ok(Exit::AllWell);
    }
    let workspace = app.open()?;
    let report = doctor::examine(&workspace, args.offline).await?;
    app.output.result(&report, text);
    let failed = report
        .lines
        .iter()
        .find(|line| line.finding == Finding::Failed);
    Ok(failed.map_or(Exit::AllWell, |line| {
        line.code.map_or(Exit::Local, Exit::of)
    }))
}

fn text(report: &Report) -> String {
    let lines = report.lines.iter().map(|line| {
        let sign = match line.finding {
            Finding::Ok => "ok    ",
            Finding::Look => "check ",
            Finding::Failed => "failed",
        };
        let mut text = format!("{sign}  {}: {}\n", line.what, line.text);
        if !line.cure.is_empty() {
            text.push_str(&format!("        To do: {}\n", sentence(&line.cure)));
        }
        if let Some(command) = &line.command {
            text.push_str(&format!("        Run:   leadferry-cli {command}\n"));
        }
        text
    });
    lines.collect()
}

fn explained(diagnosis: &Diagnosis) -> String {
    let parts: Vec<String> = diagnosis.found.iter().map(one).collect();
    parts.join("\n")
}

fn one(error: &ErrorExplained) -> String {
    let mut text = format!("{} ({})\n", error.label, error.code);
    text.push_str(&format!("  Why:         {}\n", sentence(&error.cause)));
    text.push_str(&format!(
        "  Who can fix: {}\n",
        sentence(error.who.in_words())
    ));
    text.push_str(&format!("  To do:       {}\n", sentence(&error.cure)));
    if let Some(command) = error.command {
        text.push_str(&format!("  Run:         leadferry-cli {command}\n"));
    }
    if let Some(note) = &error.note {
        text.push_str("  Note for your admin:\n");
        let lines = note
            .lines()
            .map(|line| format!("    {line}").trim_end().to_owned() + "\n");
        text.extend(lines);
    }
    text
}
