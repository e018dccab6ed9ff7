//! `inbound …`

use std::path::PathBuf;

use clap::Subcommand;
use leadferry_commands::inbound::{
    self, InboundChecked, InboundMapping, InboundObject, InboundRule, SetInbound,
};
use leadferry_commands::pulls::PullFilter;
use leadferry_commands::search::Match;
use leadferry_commands::{Error, Result, sentence};

use super::read_text;
use super::search::{criterion, written};
use crate::app::App;
use crate::exit::Exit;
use crate::table::Table;

/// What an inbound mapping is made of.
pub(crate) const TEXT_FORM: &str = "\
An inbound mapping has one row on each line: Field=contact_field ; rule

Field is an API name of a lead or contact. On the other side is a contact field, custom:NAME for a
custom field, @street for both address lines, or @consent:PURPOSE and @refused:PURPOSE for a
checkbox that says whether consent was given or refused. Of consent, only a no comes in.

Rules:
  if_empty     Fill the contact field if it's empty. The default
  newest       Take changes. If both sides changed, the later change counts
  salesforce   Take changes, even if the contact changed, too
  ask          Take changes. If both sides changed, you choose: see conflicts list
  never        Leave the contact field alone

Opt-outs always come in. Nobody is opted in by a pull.

For example:
  leadferry-cli inbound set \"All people\" --object Lead --row \"Phone=business_phone ; newest\"
";

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Show which fields of leads and contacts come into contact fields.
    Show {
        /// Name of the pull.
        pull: String,
    },
    /// Change which fields come in, and when.
    Set {
        /// Name of the pull.
        pull: String,
        /// Lead or Contact, if the pull reads both.
        #[arg(long)]
        object: Option<String>,
        /// Row to add, or to replace the row of its Salesforce field. Repeat for several.
        #[arg(long = "row", value_name = "'FIELD=CONTACT_FIELD ; RULE'")]
        rows: Vec<String>,
        /// Remove the row of a Salesforce field. Repeat for several.
        #[arg(long, value_name = "FIELD")]
        without: Vec<String>,
        /// Replace all rows with a text file; - for standard input.
        #[arg(long, value_name = "FILE", conflicts_with_all = ["rows", "without", "reset"])]
        file: Option<PathBuf>,
        /// Make contacts of records that are nobody here: true or false.
        #[arg(long, value_name = "true|false")]
        bring_in: Option<bool>,
        /// Bring in only records that meet this condition, written as for `search run`. Repeat for several; an empty one
        /// brings in all. Without this option, the saved conditions stay.
        #[arg(
            long = "where",
            value_name = "'FIELD OPERATOR VALUE'",
            requires = "bring_in"
        )]
        criteria: Vec<String>,
        /// Go back to the standard rows.
        #[arg(long, conflicts_with_all = ["rows", "without"])]
        reset: bool,
    },
    /// Check the rows against the fields in Salesforce and here.
    Check {
        /// Name of the pull.
        pull: String,
    },
}

pub(crate) fn run(command: &Command, app: &App) -> Result<Exit> {
    let workspace = app.open()?;
    match command {
        Command::Show { pull } => {
            app.output.result(&inbound::show(&workspace, pull)?, shown);
        }
        Command::Set {
            pull,
            object,
            rows,
            without,
            file,
            bring_in,
            criteria,
            reset,
        } => {
            let text = match (file, reset) {
                (Some(file), _) => Some(read_text(file)?),
                (None, true) => None,
                (None, false) if rows.is_empty() && without.is_empty() => None,
                (None, false) => {
                    let kept = inbound::show(&workspace, pull)?;
                    Some(changed(&kept_text(&kept, object.as_deref()), rows, without))
                }
            };
            let request = SetInbound {
                pull: pull.clone(),
                object: object.clone(),
                text,
                usual: *reset,
                bring_in: *bring_in,
                newcomers: filter(criteria)?,
            };
            app.output
                .result(&inbound::set(&workspace, &request)?, shown);
        }
        Command::Check { pull } => {
            let checked = inbound::check(&workspace, pull)?;
            app.output.result(&checked, found);
            return Ok(if checked.usable {
                Exit::AllWell
            } else {
                Exit::SomeNeedALook
            });
        }
    }
    Ok(Exit::AllWell)
}

/// Returns whom to bring in; `None` where the conditions stay as they are. An empty condition brings in everybody.
fn filter(criteria: &[String]) -> Result<Option<PullFilter>> {
    if criteria.is_empty() {
        return Ok(None);
    }
    let read = criteria
        .iter()
        .filter(|text| !text.trim().is_empty())
        .map(|text| criterion(text).map_err(|why| Error::usage(why, "check --where")));
    Ok(Some(PullFilter {
        matching: Match::All,
        criteria: read.collect::<Result<_>>()?,
    }))
}

fn kept_text(kept: &InboundMapping, object: Option<&str>) -> String {
    let mut objects = kept.objects.iter();
    let object = match object {
        Some(name) => objects.find(|one| one.object.eq_ignore_ascii_case(name.trim())),
        None => objects.next(),
    };
    object.map(|one| one.text.clone()).unwrap_or_default()
}

/// Puts rows in the place of those for the same Salesforce field, or at the end.
fn changed(kept: &str, rows: &[String], without: &[String]) -> String {
    let field = |row: &str| {
        let field = row.split_once('=').map_or(row, |(field, _)| field);
        field.trim().to_ascii_lowercase()
    };
    let mut lines: Vec<String> = kept.lines().map(str::to_owned).collect();
    lines.retain(|line| !without.iter().any(|name| field(name) == field(line)));
    for row in rows {
        match lines.iter_mut().find(|line| field(line) == field(row)) {
            Some(line) => line.clone_from(row),
            None => lines.push(row.clone()),
        }
    }
    lines.join("\n")
}

fn shown(mapping: &InboundMapping) -> String {
    if mapping.objects.is_empty() {
        return "This pull reads neither leads nor contacts, so nothing comes into contacts.\n"
            .to_owned();
    }
    mapping.objects.iter().map(object).collect()
}

fn object(object: &InboundObject) -> String {
    let mut table = Table::new(&["Salesforce field", "contact field", "rule"]);
    for row in &object.rows {
        table.row([
            row.field.clone(),
            row.to.clone(),
            match row.no_only {
                true => "a no only".to_owned(),
                false => words(row.rule).to_owned(),
            },
        ]);
    }
    for row in &object.opt_outs {
        table.row([
            row.field.clone(),
            row.to.clone(),
            "opt-outs only".to_owned(),
        ]);
    }
    let newcomers = match &object.newcomers {
        None => "People who aren't contacts here stay out.\n".to_owned(),
        Some(filter) if filter.criteria.is_empty() => {
            "All people who aren't contacts here become contacts.\n".to_owned()
        }
        Some(filter) => {
            let conditions: Vec<String> = filter.criteria.iter().map(written).collect();
            let joined = match filter.matching {
                Match::All => " and ",
                Match::Any => " or ",
            };
            format!(
                "People who aren't contacts here become contacts if {}.\n",
                conditions.join(joined)
            )
        }
    };
    let standard = if object.usual { ", standard rows" } else { "" };
    let findings = object.findings.iter().map(|finding| {
        let row = finding.line.map(|row| format!("row {row}: "));
        format!(
            "# {}{} {}\n",
            row.unwrap_or_default(),
            sentence(&finding.message),
            sentence(&finding.cure)
        )
    });
    format!(
        "{}{standard}\n{}{newcomers}{}\n",
        object.object,
        table.text("Nothing comes in."),
        findings.collect::<String>()
    )
}

fn words(rule: InboundRule) -> &'static str {
    match rule {
        InboundRule::IfEmpty => "if empty",
        InboundRule::Newest => "newest wins",
        InboundRule::Salesforce => "Salesforce wins",
        InboundRule::Ask => "ask",
        InboundRule::Never => "never",
    }
}

fn found(checked: &InboundChecked) -> String {
    let mut text = String::new();
    for one in &checked.findings {
        let row = one.finding.line.map(|row| format!(", row {row}"));
        text.push_str(&format!(
            "# {}{}: {} {}\n",
            one.object,
            row.unwrap_or_default(),
            sentence(&one.finding.message),
            sentence(&one.finding.cure)
        ));
    }
    text.push_str(if checked.usable {
        "The inbound mapping is valid.\n"
    } else {
        "The inbound mapping isn't valid.\n"
    });
    text
}

#[cfg(test)]
mod tests {
    use super::changed;

    #[test]
    fn a_row_takes_the_place_of_that_of_its_field() {
        let kept = "Phone=business_phone\nFax=fax\n";
        let rows = [
            "phone=mobile_phone ; ask".to_owned(),
            "City=city".to_owned(),
        ];
        assert_eq!(
            changed(kept, &rows, &["fax".to_owned()]),
            "phone=mobile_phone ; ask\nCity=city"
        );
    }
}
