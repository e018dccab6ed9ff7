//! `search …`

pub(super) mod text;

use clap::{Subcommand, ValueEnum};
use leadferry_commands::search::{
    self, AskFields, AskNext, AskSoql, Criterion, Found, ImportRecords, Match, Object, RunSearch,
    SaveSearch, SortBy, Wanted, Within,
};
use leadferry_commands::{Error, Result, Workspace, sentence};
use serde_json::{Value, json};

use crate::app::App;
use crate::exit::Exit;

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Search Leads, Contacts, Accounts or Campaigns.
    Run(RunArgs),
    /// List the fields of an object and their operators.
    Fields {
        /// Lead, Contact, Account or Campaign.
        #[arg(value_parser = object)]
        object: Object,
        /// Connection, if the workspace has several.
        #[arg(long)]
        connection: Option<String>,
        /// Refresh the fields from the org.
        #[arg(long)]
        refresh: bool,
    },
    /// Run a SOQL query.
    Soql {
        /// SELECT statement.
        statement: String,
        /// Connection, if the workspace has several.
        #[arg(long)]
        connection: Option<String>,
        /// Continue after a page, with its `next`.
        #[arg(long, value_name = "NEXT")]
        next: Option<String>,
    },
    /// Import Leads or Contacts as contacts, linked to their records.
    Import {
        /// Lead or Contact.
        #[arg(value_parser = object)]
        object: Object,
        /// Ids of the records, at most 2,000.
        #[arg(required = true)]
        records: Vec<String>,
        /// Connection, if the workspace has several.
        #[arg(long)]
        connection: Option<String>,
    },
    /// List saved searches.
    Saved,
    /// Remove a saved search.
    Remove {
        /// Name of the search.
        name: String,
    },
}

#[derive(Debug, clap::Args)]
pub(crate) struct RunArgs {
    /// Words that a record must contain. The last one can be incomplete.
    words: Vec<String>,
    /// Lead, Contact, Account or Campaign.
    #[arg(long, default_value = "Lead", value_parser = object)]
    object: Object,
    /// Condition such as 'Email contains acme'. Repeat for several. `search fields` lists the operators.
    #[arg(long = "where", value_name = "'FIELD OPERATOR VALUE'", value_parser = criterion)]
    criteria: Vec<Criterion>,
    /// Match any condition instead of all.
    #[arg(long)]
    any: bool,
    /// Fields to search for the words.
    #[arg(long, default_value = "all")]
    within: Place,
    /// Fields to show, separated by commas.
    #[arg(long, value_name = "FIELD", value_delimiter = ',')]
    columns: Vec<String>,
    /// Field to sort by.
    #[arg(long, value_name = "FIELD")]
    sort: Option<String>,
    /// Sort in descending order.
    #[arg(long, requires = "sort")]
    descending: bool,
    /// Show at most N records.
    #[arg(long, default_value_t = 50, value_name = "N")]
    limit: usize,
    /// Run this saved search.
    #[arg(long, value_name = "NAME", conflicts_with_all = ["words", "criteria", "any", "object", "within", "save", "columns", "sort"])]
    saved: Option<String>,
    /// Save the search under this name.
    #[arg(long, value_name = "NAME")]
    save: Option<String>,
    /// Connection, if the workspace has several.
    #[arg(long)]
    connection: Option<String>,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum Place {
    All,
    Name,
    Email,
    Phone,
}

pub(crate) async fn run(command: &Command, app: &App) -> Result<Exit> {
    let workspace = app.open()?;
    match command {
        Command::Run(args) => app
            .output
            .result(&find(&workspace, args).await?, text::found),
        Command::Fields {
            object,
            connection,
            refresh,
        } => {
            let request = AskFields {
                connection: connection.clone(),
                object: *object,
                refresh: *refresh,
            };
            let fields = search::fields(&workspace, &request).await?;
            app.output.result(&fields, text::fields);
        }
        Command::Soql {
            statement,
            connection,
            next,
        } => {
            let request = AskSoql {
                connection: connection.clone(),
                soql: statement.clone(),
                next: next.clone(),
            };
            app.output
                .result(&search::soql(&workspace, &request).await?, text::rows);
        }
        Command::Import {
            object,
            records,
            connection,
        } => {
            let request = ImportRecords {
                connection: connection.clone(),
                object: *object,
                records: records.clone(),
            };
            let imported = search::import(&workspace, &request).await?;
            app.output.result(&imported, text::imported);
            if !imported.left_out.is_empty() {
                return Ok(Exit::SomeNeedALook);
            }
        }
        Command::Saved => {
            let searches = search::saved(&workspace)?;
            let text = text::saved(&searches);
            app.output
                .result(&json!({ "searches": searches }), |_| text);
        }
        Command::Remove { name } => {
            let id = saved_named(&workspace, name)?.id;
            search::remove(&workspace, id)?;
            app.output
                .removed(name, (), || format!("Removed \"{name}\".\n"));
        }
    }
    Ok(Exit::AllWell)
}

/// Runs a search and reads as many records as were asked for.
async fn find(workspace: &Workspace, args: &RunArgs) -> Result<Found> {
    let (connection, wanted) = match &args.saved {
        Some(name) => {
            let saved = saved_named(workspace, name)?;
            (args.connection.clone().or(saved.connection), saved.search)
        }
        None => (args.connection.clone(), wanted(args)),
    };
    let request = RunSearch {
        connection: connection.clone(),
        search: wanted.clone(),
        page: u16::try_from(args.limit.clamp(200, 2_000)).ok(),
    };
    let mut found = search::run(workspace, &request).await?;
    while let Some(next) = found
        .next
        .clone()
        .filter(|_| found.records.len() < args.limit)
    {
        let request = AskNext {
            connection: connection.clone(),
            search: wanted.clone(),
            next,
            seen: found.records.len() as u64,
        };
        let page = search::next(workspace, &request).await?;
        let calls = found.spent.calls + page.spent.calls;
        found.records.extend(page.records);
        found.next = page.next;
        found.spent = page.spent;
        found.spent.calls = calls;
    }
    found.records.truncate(args.limit);
    if let Some(name) = &args.save {
        let request = SaveSearch {
            id: None,
            name: name.clone(),
            connection,
            search: wanted,
        };
        search::save(workspace, &request)?;
    }
    Ok(found)
}

fn wanted(args: &RunArgs) -> Wanted {
    Wanted {
        object: args.object,
        text: args.words.join(" "),
        within: match args.within {
            Place::All => Within::All,
            Place::Name => Within::Name,
            Place::Email => Within::Email,
            Place::Phone => Within::Phone,
        },
        matching: if args.any { Match::Any } else { Match::All },
        criteria: args.criteria.clone(),
        columns: args.columns.clone(),
        sort: args.sort.clone().map(|field| SortBy {
            field,
            descending: args.descending,
        }),
    }
}

fn saved_named(workspace: &Workspace, name: &str) -> Result<search::SavedSearch> {
    let all = search::saved(workspace)?;
    let found = all
        .into_iter()
        .find(|saved| saved.name.eq_ignore_ascii_case(name.trim()));
    found.ok_or_else(|| {
        Error::usage(
            format!("there's no saved search \"{name}\""),
            "check the name",
        )
        .with_command("search saved")
    })
}

fn object(text: &str) -> std::result::Result<Object, String> {
    Object::named(text).map_err(|error| format!("{}. {}", error.message, sentence(&error.hint)))
}

/// Reads `FIELD OPERATOR VALUE;VALUE`.
pub(super) fn criterion(text: &str) -> std::result::Result<Criterion, String> {
    let mut parts = text.trim().splitn(3, char::is_whitespace);
    let (Some(field), Some(operator)) = (parts.next(), parts.next()) else {
        return Err("write it as 'FIELD OPERATOR VALUE'".to_owned());
    };
    let operator = operator.to_lowercase().replace('-', "_");
    let operator = serde_json::from_value(Value::String(operator.clone())).map_err(|_| {
        format!(
            "there's no operator \"{operator}\". Write for example 'City is Boston'; for the operators of each field, run: leadferry-cli search fields"
        )
    })?;
    let values = parts
        .next()
        .into_iter()
        .flat_map(|values| values.split(';'));
    Ok(Criterion {
        field: field.to_owned(),
        operator,
        values: values.map(|value| value.trim().to_owned()).collect(),
    })
}

/// Writes a condition as [`criterion`] reads it.
pub(super) fn written(criterion: &Criterion) -> String {
    let operator = serde_json::to_value(criterion.operator).unwrap_or_default();
    let operator = operator.as_str().unwrap_or_default();
    let text = format!(
        "{} {operator} {}",
        criterion.field,
        criterion.values.join(";")
    );
    text.trim_end().to_owned()
}
