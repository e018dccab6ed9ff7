//! Pages for a plain browser: no script, nothing loaded.

use crate::built_in;
use crate::http::Answer;

const STYLE: &str = "body{font:16px/1.5 system-ui,sans-serif;background:#f3f3f3;margin:0}main{max-width:24rem;margin:10vh auto;\
background:#fff;padding:2rem;border-radius:.5rem;box-shadow:0 1px 4px #0003}label{display:block;margin:.75rem 0 .25rem}\
input{width:100%;box-sizing:border-box;padding:.5rem;font:inherit}button{font:inherit;padding:.5rem 1.25rem;margin:1.25rem .5rem 0 0}\
.note{color:#444;font-size:.875rem}.wrong{color:#8a1c1c}@media(prefers-color-scheme:dark){body{background:#111;color:#eee}\
main{background:#222}.note{color:#bbb}.wrong{color:#ff9d9d}}";

/// How the name of an org's file ends that stands beside a workspace.
const ORG_ENDING: &str = ".practice-org.sqlite";

/// User name and password; `file` is the name of the org's file.
pub(super) fn sign_in(query: &str, file: &str, wrong: Option<&str>) -> Answer {
    let wrong = wrong.map_or(String::new(), |text| {
        format!("<p class=wrong role=alert>{}</p>", escaped(text))
    });
    page(
        200,
        "Sign in to the practice org",
        &format!(
            "{wrong}<form method=post action=\"/services/oauth2/authorize\"><input type=hidden name=query value=\"{}\">\
         <label for=username>Username</label><input id=username name=username autocomplete=username required value=\"{}\">\
         <label for=password>Password</label><input id=password name=password type=password autocomplete=current-password required>\
         <button type=submit name=step value=login>Log In</button></form>\
         <p class=note>{}</p>",
            escaped(query),
            escaped(built_in::USERNAME),
            whose(file),
        ),
    )
}

/// Says which of several orgs on a computer this is, and how to look up its password.
fn whose(file: &str) -> String {
    let Some(workspace) = file.strip_suffix(ORG_ENDING) else {
        return format!(
            "This is the practice org <b>{}</b> on your own computer.",
            escaped(file)
        );
    };
    format!(
        "This is the practice org of <b>{}</b> on your own computer. To look up its password, run this in the folder of \
         that file: <code>leadferry-cli --workspace {} practice-org show</code>",
        escaped(workspace),
        escaped(&as_argument(workspace))
    )
}

/// Returns a name as a shell takes it.
fn as_argument(name: &str) -> String {
    let is_plain = |letter: char| letter.is_alphanumeric() || "._-+@".contains(letter);
    match name.chars().all(is_plain) && !name.starts_with('-') {
        true => name.to_owned(),
        false => format!("'./{}'", name.replace('\'', r"'\''")),
    }
}

/// Allow or deny.
pub(super) fn consent(ticket: &str, client_id: &str, scope: &str) -> Answer {
    page(
        200,
        "Allow Access?",
        &format!(
            "<p>The app <code>{}</code> is asking for: <b>{}</b></p><form method=post action=\"/services/oauth2/authorize\">\
         <input type=hidden name=ticket value=\"{}\"><button type=submit name=decision value=allow>Allow</button>\
         <button type=submit name=decision value=deny>Deny</button></form>",
            escaped(client_id),
            escaped(scope),
            escaped(ticket)
        ),
    )
}

/// A text with a heading.
pub(super) fn notice(status: u16, heading: &str, text: &str) -> Answer {
    page(status, heading, &format!("<p>{}</p>", escaped(text)))
}

fn page(status: u16, heading: &str, body: &str) -> Answer {
    let heading = escaped(heading);
    let html = format!(
        "<!doctype html><html lang=en><head><meta charset=utf-8><meta name=viewport content=\"width=device-width\">\
         <title>{heading}</title><style>{STYLE}</style></head><body><main><h1>{heading}</h1>{body}</main></body></html>"
    );
    // No page may frame this one, and no script runs in it. The callback's address is no business of the next page.
    // With `no-referrer`, browsers would send the forms from the origin `null`.
    Answer::html(status, html)
        .with("Cache-Control", "no-store")
        .with("Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; frame-ancestors 'none'")
        .with("X-Frame-Options", "DENY")
        .with("Referrer-Policy", "same-origin")
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('"', "&quot;")
        .replace('\'', "&#39;")
}
