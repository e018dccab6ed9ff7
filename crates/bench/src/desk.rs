//! A desk with nobody at it: the door is asked, nothing is shown.

use std::path::PathBuf;

use leadferry_commands::door::{Desk, Event, Pick};
use serde_json::Value;

pub(crate) struct Nobody;

impl Desk for Nobody {
    fn pick_file(&self, _: Pick) -> Option<PathBuf> {
        None
    }
    fn pick_place(&self, _: Pick, _: &str) -> Option<PathBuf> {
        None
    }
    fn open(&self, _: &str) -> bool {
        false
    }
    fn notify(&self, _: &str, _: &str) {}
    fn preference(&self, _: &str) -> Value {
        Value::Null
    }
    fn set_preference(&self, _: &str, _: Value) {}
    fn documents(&self) -> PathBuf {
        std::env::temp_dir()
    }
    fn close(&self, _: bool) {}
    fn emit(&self, _: Event) {}
}
