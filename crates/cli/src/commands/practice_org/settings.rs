//! What can be set in the practice org: validation rules, record types, custom objects and who sees which field.

use clap::Subcommand;
use leadferry_commands::practice::{
    Adopted, NewRecordType, NewRule, PracticeAccess, PracticeSettings,
};
use leadferry_commands::{Result, Workspace, practice};
use serde::Serialize;
use serde_json::{Value, json};

use super::{pair, plain};
use crate::app::App;
use crate::table::{Table, pairs};

const RULE_EXAMPLE: &str = "For example:
  leadferry-cli practice-org rules add Lead Phone_or_email \\
    --when \"Phone = null AND Email = null\" --message \"Enter a phone number or an email.\"";
const RECORD_TYPE_EXAMPLE: &str = "For example:
  leadferry-cli practice-org record-types add Lead Partner \"Tier__c=Gold;Silver\"";

#[derive(Debug, Subcommand)]
pub(crate) enum Rules {
    /// List the validation rules.
    List,
    /// Add a rule: records that meet its condition are refused with its message.
    ///
    /// The condition is written as in the WHERE of a query, not as a formula.
    #[command(after_long_help = RULE_EXAMPLE)]
    Add {
        /// Object, for example Lead.
        object: String,
        /// Name of the rule: letters, digits and underscores.
        name: String,
        /// What refused records have in common.
        #[arg(long, value_name = "CONDITION")]
        when: String,
        /// What the org says about them.
        #[arg(long)]
        message: String,
        /// Field that the message is about.
        #[arg(long)]
        field: Option<String>,
    },
    /// Remove a rule.
    Remove {
        /// Object.
        object: String,
        /// Name of the rule.
        name: String,
    },
}

#[derive(Debug, Subcommand)]
pub(crate) enum RecordTypes {
    /// List the record types.
    List,
    /// Add a record type. The first of an object is the default.
    ///
    /// Restricted picklists refuse values that it doesn't offer.
    #[command(after_long_help = RECORD_TYPE_EXAMPLE)]
    Add {
        /// Object, for example Lead.
        object: String,
        /// Name in the API: letters, digits and underscores.
        name: String,
        /// Name for people.
        #[arg(long)]
        label: Option<String>,
        /// New records get it.
        #[arg(long)]
        default: bool,
        /// Picklists with the values that it offers. Of the others, it offers all.
        #[arg(value_name = "FIELD=VALUE;VALUE", value_parser = pair)]
        values: Vec<(String, String)>,
    },
    /// Remove a record type. Its records keep none.
    Remove {
        /// Object.
        object: String,
        /// Name in the API.
        name: String,
    },
}

#[derive(Debug, Subcommand)]
pub(crate) enum Objects {
    /// List the custom objects.
    List,
    /// Add a custom object.
    Add {
        /// Name in the API. It ends in __c.
        name: String,
        /// Name for people.
        #[arg(long)]
        label: Option<String>,
        /// Name of several of them.
        #[arg(long)]
        plural: Option<String>,
    },
}

#[derive(Debug, Subcommand)]
pub(crate) enum Fields {
    /// List the fields that the user doesn't see or can't change.
    List,
    /// Hide a field: it exists, but the user doesn't see it.
    Hide {
        /// Field, for example Lead.Phone.
        #[arg(value_name = "OBJECT.FIELD")]
        field: String,
    },
    /// Make a field readable only.
    Lock {
        /// Field, for example Lead.Phone.
        #[arg(value_name = "OBJECT.FIELD")]
        field: String,
    },
    /// Let the user see and change a field.
    Show {
        /// Field, for example Lead.Phone.
        #[arg(value_name = "OBJECT.FIELD")]
        field: String,
    },
}

/// What `practice-org show` tells.
#[derive(Serialize)]
pub(super) struct Shown {
    #[serde(flatten)]
    pub(super) access: PracticeAccess,
    pub(super) settings: PracticeSettings,
}

/// Lists what was set, in words.
pub(super) fn changed(settings: &PracticeSettings) -> String {
    let switches = settings.switches.iter();
    let switches: Vec<String> = switches
        .map(|(name, value)| format!("{name}={}", plain(value)))
        .collect();
    let names = |list: &Value, name: fn(&Value) -> String| {
        let names: Vec<String> = list.as_array().into_iter().flatten().map(name).collect();
        names
    };
    let of_object = |one: &Value| format!("{}.{}", plain(&one["object"]), plain(&one["name"]));
    let list = |items: Vec<String>| match items.is_empty() {
        true => "(none)".to_owned(),
        false => items.join(", "),
    };
    pairs(&[
        ("Changed switches", list(switches)),
        ("Validation rules", list(names(&settings.rules, of_object))),
        (
            "Record types",
            list(names(&settings.record_types, of_object)),
        ),
        (
            "Custom objects",
            list(names(&settings.objects, |one| plain(&one["name"]))),
        ),
        (
            "Withheld fields",
            list(names(&settings.fields, |one| plain(&one["field"]))),
        ),
        (
            "Fields taken over for",
            list(names(&settings.adopted, plain)),
        ),
    ])
}

/// Lists what was taken over, object by object.
pub(super) fn adopted(adopted: &Adopted) -> String {
    let mut table = Table::new(&["object", "as there", "added", "hidden", "left out"]);
    for one in &adopted.objects {
        let count = |names: &[String]| names.len().to_string();
        table.row([
            one.object.clone(),
            count(&one.changed),
            count(&one.added),
            count(&one.hidden),
            one.left_out.join(", "),
        ]);
    }
    format!(
        "The practice org has the fields of \"{}\" now. Its records stay as they are.\n{}",
        adopted.connection,
        table.text("")
    )
}

pub(super) async fn rules(command: &Rules, workspace: &Workspace, app: &App) -> Result<()> {
    match command {
        Rules::List => {
            let list = practice::rules(workspace).await?;
            let columns = ["object", "name", "condition", "message", "field"];
            app.output
                .result(&list, |list| table(list, &columns, "No validation rules."));
        }
        Rules::Add {
            object,
            name,
            when,
            message,
            field,
        } => {
            let rule = NewRule {
                object: object.clone(),
                name: name.clone(),
                condition: when.clone(),
                message: message.clone(),
                field: field.clone(),
            };
            let added = practice::add_rule(workspace, &rule).await?;
            app.output
                .result(&added, |_| format!("Added rule \"{name}\".\n"));
        }
        Rules::Remove { object, name } => {
            practice::remove_rule(workspace, object, name).await?;
            removed(app, name, "rule");
        }
    }
    Ok(())
}

pub(super) async fn record_types(
    command: &RecordTypes,
    workspace: &Workspace,
    app: &App,
) -> Result<()> {
    match command {
        RecordTypes::List => {
            let list = practice::record_types(workspace).await?;
            let columns = ["object", "name", "label", "id", "default", "values"];
            app.output
                .result(&list, |list| table(list, &columns, "No record types."));
        }
        RecordTypes::Add {
            object,
            name,
            label,
            default,
            values,
        } => {
            let split = |list: &String| list.split(';').map(|v| v.trim().to_owned()).collect();
            let wanted = NewRecordType {
                object: object.clone(),
                name: name.clone(),
                label: label.clone(),
                default: default.then_some(true),
                values: values
                    .iter()
                    .map(|(field, list)| (field.clone(), split(list)))
                    .collect(),
            };
            let added = practice::add_record_type(workspace, &wanted).await?;
            app.output
                .result(&added, |_| format!("Added record type \"{name}\".\n"));
        }
        RecordTypes::Remove { object, name } => {
            practice::remove_record_type(workspace, object, name).await?;
            removed(app, name, "record type");
        }
    }
    Ok(())
}

pub(super) async fn objects(command: &Objects, workspace: &Workspace, app: &App) -> Result<()> {
    match command {
        Objects::List => {
            let list = practice::objects(workspace).await?;
            let columns = ["name", "label", "plural", "prefix"];
            app.output
                .result(&list, |list| table(list, &columns, "No custom objects."));
        }
        Objects::Add {
            name,
            label,
            plural,
        } => {
            let added =
                practice::add_object(workspace, name, label.as_deref(), plural.as_deref()).await?;
            app.output
                .result(&added, |_| format!("Added object \"{name}\".\n"));
        }
    }
    Ok(())
}

pub(super) async fn fields(command: &Fields, workspace: &Workspace, app: &App) -> Result<()> {
    let list = match command {
        Fields::List => practice::fields(workspace).await?,
        Fields::Hide { field } => practice::set_field_access(workspace, field, "none").await?,
        Fields::Lock { field } => practice::set_field_access(workspace, field, "read").await?,
        Fields::Show { field } => practice::set_field_access(workspace, field, "edit").await?,
    };
    app.output.result(&list, |list| {
        table(
            list,
            &["field", "access"],
            "The user sees and changes every field.",
        )
    });
    Ok(())
}

pub(super) fn profiles(list: &Value, app: &App) {
    app.output.result(list, |list| {
        let all = list.as_array().into_iter().flatten();
        all.map(profile).collect::<Vec<_>>().join("\n")
    });
}

/// A profile in words: its user, and what it doesn't allow.
fn profile(one: &Value) -> String {
    let listed = |name: &str| {
        let members = one[name].as_object().into_iter().flatten();
        let members: Vec<String> = members
            .map(|(name, value)| format!("{name}={}", plain(value)))
            .collect();
        members.join(" ")
    };
    let ranges = one["ip_ranges"].as_array().into_iter().flatten();
    let ranges: Vec<String> = ranges.map(plain).collect();
    let runs = if one["signs_in"] == true {
        ", which connections run as"
    } else {
        ""
    };
    let objects = [
        format!("others={}", plain(&one["objects"])),
        listed("rights"),
    ];
    pairs(&[
        ("Profile", plain(&one["profile"])),
        ("User", format!("{}{runs}", plain(&one["username"]))),
        ("Objects", objects.join(" ").trim_end().to_owned()),
        ("Fields", listed("fields")),
        (
            "Permissions",
            ["api", "view_setup", "see_logins"]
                .map(|name| format!("{name}={}", one[name]))
                .join(" "),
        ),
        (
            "IP ranges",
            match ranges.is_empty() {
                true => "any".to_owned(),
                false => ranges.join(" "),
            },
        ),
    ])
}

fn removed(app: &App, name: &str, kind: &str) {
    let answer = json!({ "removed": name });
    app.output
        .result(&answer, |_| format!("Removed {kind} \"{name}\".\n"));
}

fn table(list: &Value, columns: &[&'static str], none: &str) -> String {
    let mut table = Table::new(columns);
    for one in list.as_array().into_iter().flatten() {
        table.line(columns.iter().map(|column| cell(&one[*column])).collect());
    }
    table.text(none)
}

/// A value as a table shows it: an object's members with their lists, no null.
fn cell(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::Object(members) => {
            let shown = members.iter().map(|(name, list)| {
                let list = list.as_array().into_iter().flatten().map(plain);
                format!("{name}={}", list.collect::<Vec<_>>().join(";"))
            });
            shown.collect::<Vec<_>>().join(" ")
        }
        value => plain(value),
    }
}
