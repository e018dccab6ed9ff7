//! What the browser shows at the end of a sign-in.

/// Returns a whole HTTP answer with a page that loads nothing and says nothing the server said.
pub(super) fn answer(status: &str, title: &str, text: &str) -> String {
    let page = format!(
        "<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\">\
         <meta name=\"viewport\" content=\"width=device-width\"><title>{title}</title>\
         <style>body{{font:17px/1.5 system-ui,sans-serif;max-width:32rem;margin:18vh auto;padding:0 1rem;\
         color:#222;background:#fafafa}}h1{{font-size:1.5rem}}\
         @media(prefers-color-scheme:dark){{body{{color:#eee;background:#1c1c1e}}}}</style></head>\
         <body><h1>{title}</h1><p>{text}</p></body></html>"
    );
    format!(
        "HTTP/1.1 {status}\r\nContent-Type: text/html; charset=utf-8\r\nContent-Length: {}\r\n\
         Content-Security-Policy: default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'\r\n\
         X-Content-Type-Options: nosniff\r\nReferrer-Policy: no-referrer\r\nCache-Control: no-store\r\n\
         Connection: close\r\n\r\n{page}",
        page.len()
    )
}
