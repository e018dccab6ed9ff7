//! Tests of the mapping as a whole: text form, checks, and what becomes of a contact's values.

mod checks;
mod company;
mod editing;
mod foreseen;
mod grid;
mod properties;
mod records;
mod support;
mod text_form;
mod types;
mod values;
