//! A small screen and large text: nothing of the frame is cut off, and everything can be reached.

use serde_json::{Value, json};

use crate::app::App;
use crate::first_run::{run, to_the_plan};

/// What of navigation, head and status bar lies outside the window, or has less room than its text needs.
pub(crate) const CUT: &str = "
    const faults = [];
    for (const node of document.querySelectorAll('nav a, nav button, header h1, header button, main button, [role=tab], footer *')) {
      if (node.closest('.visually-hidden') || node.closest('[aria-hidden=true]') || !node.getClientRects().length) continue;
      const box = node.getBoundingClientRect();
      const frame = node.closest('main') ? null : document.documentElement;
      const name = node.getAttribute('aria-label') ?? node.textContent.trim().slice(0, 40);
      if (frame && (box.right > innerWidth + 1 || box.left < -1)) faults.push(`${name}: beside the window`);
      if (node.closest('footer') && box.bottom > innerHeight + 1) faults.push(`${name}: below the window`);
      if (node.tagName === 'BUTTON' && node.scrollWidth > node.clientWidth + 1 && getComputedStyle(node).overflow === 'hidden')
        faults.push(`${name}: its text is cut`);
    }
    if (document.documentElement.scrollWidth > innerWidth) faults.push('the window scrolls sideways');
    return faults;";

const SCREENS: [&str; 16] = [
    "Overview",
    "Contacts",
    "Accounts",
    "Activities",
    "Segments",
    "Scores",
    "Consent",
    "Replications",
    "Salesforce",
    "Pulls",
    "Connections",
    "Recent changes",
    "Error doctor",
    "Help",
    "Security",
    "Settings",
];

#[test]
fn nothing_is_cut_on_a_small_screen_with_large_text() {
    let mut app = App::on_a_screen("1024x700");
    to_the_plan(&app);
    run(&app);
    for size in [100, 200] {
        app.ask(
            "shell.set_preference",
            &json!({"key": "text_size", "value": size}),
        );
        app.open();
        let mut faults = Vec::new();
        for screen in SCREENS {
            app.go(screen);
            std::thread::sleep(std::time::Duration::from_millis(400));
            if std::env::var_os("LEADFERRY_SMALL_SCREENSHOTS").is_some() {
                app.picture(&format!(
                    "small-{size}-{}",
                    screen.to_lowercase().replace(' ', "-")
                ));
            }
            let found = app.script(CUT, &json!([])).unwrap();
            let found = found.as_array().unwrap().iter().filter_map(Value::as_str);
            faults.extend(found.map(|fault| format!("{screen}, {size} %: {fault}")));
        }
        assert!(faults.is_empty(), "{}", faults.join("\n"));
    }
}
