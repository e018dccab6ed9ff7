//! `doctor`

use leadferry_commands::doctor::{self, Finding, Report};
use leadferry_commands::{Result, sentence};

use crate::app::App;
use crate::exit::Exit;

#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// Don't contact any org.
    #[arg(long)]
    offline: bool,
}

pub(crate) async fn run(args: &Args, app: &App) -> Result<Exit> {
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
