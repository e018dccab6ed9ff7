//! What an expression may be made of: nothing that could repeat a text or nest it without end.

use leadferry_store::{ContactField, FieldKind};
use minijinja::machinery::ast::{BinOpKind, CallArg, CompareOpKind, Expr, Stmt, UnaryOpKind};
use minijinja::machinery::parse;
use minijinja::value::ValueKind;

use super::{NAME, delimiters, engine, syntax};
use crate::mapping::reading::Local;
use crate::mapping::{Finding, Names};

/// Refuses a template with an expression that is not made of what it may be made of.
///
/// Texts cannot be multiplied, and a list stands after `in` only: both could make much of little.
pub(super) fn check(source: &str, locals: &[Local], names: &Names<'_>) -> Result<(), Finding> {
    let parsed = parse(source, NAME, delimiters()?).map_err(|error| engine(&error))?;
    let Stmt::Template(template) = &parsed else {
        return Err(syntax("it isn't a template"));
    };
    let numbers: Vec<bool> = locals
        .iter()
        .map(|local| is_number(*local, names))
        .collect();
    for statement in &template.children {
        match statement {
            Stmt::EmitRaw(_) => {}
            Stmt::EmitExpr(emitted) => check_expression(&emitted.expr, &numbers)?,
            _ => return Err(syntax("it can only contain values")),
        }
    }
    Ok(())
}

/// Tells whether a value is a whole number or yes/no for the engine; unset it is an empty text, which is harmless.
fn is_number(local: Local, names: &Names<'_>) -> bool {
    let kind = match local {
        Local::Points(_) => return true,
        Local::Field(ContactField::Custom(id)) => {
            let known = names.custom.iter().find(|field| field.id == id);
            known.map(|field| field.kind)
        }
        Local::Field(field) => field.built_in_kind(),
        _ => None,
    };
    let numbers = [FieldKind::Integer, FieldKind::LongInteger, FieldKind::YesNo];
    kind.is_some_and(|kind| numbers.contains(&kind))
}

fn check_expression(expression: &Expr<'_>, numbers: &[bool]) -> Result<(), Finding> {
    if let Expr::BinOp(operation) = expression
        && matches!(operation.op, BinOpKind::Mul)
        && !(gives_number(&operation.left, numbers) && gives_number(&operation.right, numbers))
    {
        return Err(syntax("only numbers can be multiplied"));
    }
    for (part, list_allowed) in parts(expression)? {
        match items(part) {
            Some(items) if list_allowed => {
                for item in items {
                    check_expression(item, numbers)?;
                }
            }
            _ => check_expression(part, numbers)?,
        }
    }
    Ok(())
}

/// Returns the items of a list.
fn items<'e>(expression: &'e Expr<'e>) -> Option<&'e [Expr<'e>]> {
    match expression {
        Expr::List(list) => Some(&list.items),
        Expr::Tuple(list) => Some(&list.items),
        _ => None,
    }
}

/// Returns what an expression is made of, and where a list may stand in it.
fn parts<'e>(expression: &'e Expr<'e>) -> Result<Vec<(&'e Expr<'e>, bool)>, Finding> {
    let values = |values: Vec<&'e Expr<'e>>| values.into_iter().map(|part| (part, false)).collect();
    Ok(match expression {
        Expr::Var(_) | Expr::Const(_) => Vec::new(),
        Expr::UnaryOp(operation) => values(vec![&operation.expr]),
        Expr::BinOp(operation) => {
            let holds = matches!(operation.op, BinOpKind::In);
            vec![(&operation.left, false), (&operation.right, holds)]
        }
        Expr::Compare(comparison) => {
            let with = comparison.ops.iter().map(|with| {
                let holds = matches!(with.op, CompareOpKind::In | CompareOpKind::NotIn);
                (&with.expr, holds)
            });
            std::iter::once((&comparison.expr, false))
                .chain(with)
                .collect()
        }
        Expr::IfExpr(choice) => {
            let mut parts = vec![&choice.test_expr, &choice.true_expr];
            parts.extend(choice.false_expr.as_ref());
            values(parts)
        }
        Expr::Slice(slice) => {
            let mut parts = vec![&slice.expr];
            parts.extend(slice.start.iter().chain(&slice.stop).chain(&slice.step));
            values(parts)
        }
        Expr::Filter(filter) => {
            let mut parts: Vec<_> = filter.expr.iter().collect();
            for argument in &filter.args {
                let CallArg::Pos(value) = argument else {
                    return Err(syntax("the arguments of a filter have no names"));
                };
                parts.push(value);
            }
            values(parts)
        }
        Expr::List(_) | Expr::Tuple(_) => {
            return Err(syntax("a list can only follow \"in\""));
        }
        other => {
            let what = other.description();
            return Err(syntax(format!("a template can't contain a {what}")));
        }
    })
}

/// Tells whether an expression can only give a number.
fn gives_number(expression: &Expr<'_>, numbers: &[bool]) -> bool {
    let gives = |part: &Expr<'_>| gives_number(part, numbers);
    match expression {
        Expr::Const(constant) => {
            matches!(constant.value.kind(), ValueKind::Number | ValueKind::Bool)
        }
        Expr::Var(variable) => {
            let at = variable
                .id
                .strip_prefix('v')
                .and_then(|at| at.parse::<usize>().ok());
            at.is_some_and(|at| numbers.get(at) == Some(&true))
        }
        Expr::Compare(_) => true,
        Expr::UnaryOp(operation) => match operation.op {
            UnaryOpKind::Neg | UnaryOpKind::Not => true,
        },
        Expr::BinOp(operation) => match operation.op {
            BinOpKind::Concat => false,
            BinOpKind::Add | BinOpKind::ScAnd | BinOpKind::ScOr => {
                gives(&operation.left) && gives(&operation.right)
            }
            _ => true,
        },
        Expr::IfExpr(choice) => {
            gives(&choice.true_expr) && choice.false_expr.as_ref().is_some_and(gives)
        }
        Expr::Filter(filter) if filter.name == "default" => {
            let argument =
                |argument: &CallArg<'_>| matches!(argument, CallArg::Pos(value) if gives(value));
            filter.expr.as_ref().is_some_and(gives) && filter.args.iter().all(argument)
        }
        _ => false,
    }
}
