//! `doctor`

use leadferry_commands::Result;
use leadferry_commands::doctor::{self, Finding, Report};

use crate::app::App;
use crate::exit::Exit;

#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// Ask no org.
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
            Finding::Look => "look  ",
            Finding::Failed => "failed",
        };
        let cure = if line.cure.is_empty() {
            String::new()
        } else {
            format!("        -> {}\n", line.cure)
        };
        format!("{sign}  {}: {}\n{cure}", line.what, line.text)
    });
    lines.collect()
}
