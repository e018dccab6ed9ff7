//! A browser without a window, in which the user signs in on the org's own page.

use std::path::Path;

use serde_json::json;

use crate::driver::Driver;

pub(crate) struct Browser(Driver);

impl Browser {
    pub(crate) fn start(folder: &Path) -> Self {
        std::fs::create_dir_all(folder).unwrap();
        Browser(Driver::chromium(folder))
    }

    /// Opens the page, signs in, and allows what the app asks for.
    pub(crate) fn sign_in(&self, page: &str, username: &str, password: &str) {
        self.answer(page, username, password, "allow");
    }

    /// Opens the page, signs in, and denies what the app asks for.
    pub(crate) fn refuse(&self, page: &str, username: &str, password: &str) {
        self.answer(page, username, password, "deny");
    }

    fn answer(&self, page: &str, username: &str, password: &str, decision: &str) {
        self.0.go(page);
        self.type_into("input[name=username]", username);
        self.type_into("input[name=password]", password);
        self.press("button[value=login]");
        self.press(&format!("button[value={decision}]"));
        self.until("return document.body.innerText.length > 0 && !document.querySelector('button[value=allow]')");
    }

    fn type_into(&self, selector: &str, text: &str) {
        let element = self.find(selector);
        // It may be filled in already.
        self.0
            .script("arguments[0].value = ''", &json!([element.reference()]))
            .unwrap();
        self.0.write(&element, text).unwrap();
    }

    fn press(&self, selector: &str) {
        let element = self.find(selector);
        self.0.click(&element).unwrap();
    }

    fn find(&self, selector: &str) -> crate::driver::Element {
        for _ in 0..400 {
            let found = self.0.element(
                "return document.querySelector(arguments[0])",
                &json!([selector]),
            );
            if let Ok(Some(found)) = found {
                return found;
            }
            std::thread::sleep(std::time::Duration::from_millis(50));
        }
        let page = self.0.script("return document.body.innerText", &json!([]));
        panic!("no {selector} on the page: {page:?}");
    }

    fn until(&self, script: &str) {
        for _ in 0..400 {
            if self
                .0
                .script(script, &json!([]))
                .is_ok_and(|holds| holds == json!(true))
            {
                return;
            }
            std::thread::sleep(std::time::Duration::from_millis(50));
        }
        panic!("the page does not go on");
    }
}
