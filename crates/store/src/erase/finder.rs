//! Finds the places in a text that name an erased person, and takes the name out of them.
//!
//! Case and accents don't matter. A match begins and ends where a word does: `ann@example.com` isn't found in
//! `joann@example.com`. JSON is searched string by string, so that escapes hide nothing. A bare first or last name never
//! counts: too many people share it.

mod folded;
mod scanning;

use std::ops::Range;

use serde_json::Value;

use folded::Folded;

use super::ErasedPerson;
use crate::fold::fold;

/// What stands where an erased person was named.
pub const ERASED: &str = "(erased)";

/// Phone numbers with fewer digits are extensions, which many people share.
const FEWEST_DIGITS: usize = 6;
/// Ids are longer; what is shorter can't be one, and would be found everywhere.
const SHORTEST_ID: usize = 10;

/// Tells whether texts name an erased person.
#[derive(Debug, Clone, Default)]
pub struct Finder {
    /// Guids and record ids, and phone numbers written with letters.
    words: Vec<String>,
    emails: Vec<String>,
    /// Digits of phone numbers.
    phones: Vec<String>,
    /// The words of a full name, in each order in which people write it.
    names: Vec<Vec<String>>,
    /// First and last names, which a rule or a search may hold in two conditions.
    pairs: Vec<(String, String)>,
}

impl Finder {
    pub(super) fn new(person: &ErasedPerson) -> Self {
        let mut finder = Self::default();
        let words = person.guids.iter().chain(&person.records);
        finder.words = words
            .filter(|word| word.len() >= SHORTEST_ID)
            .map(|word| fold(word))
            .collect();
        for email in person.emails.iter().filter(|email| email.contains('@')) {
            let email = fold(email);
            finder.emails.push(email.replace('@', "%40"));
            finder.emails.push(email);
        }
        person
            .phones
            .iter()
            .for_each(|phone| finder.add_phone(phone));
        for name in &person.names {
            finder.add_name(&name.first, &name.middle, &name.last);
        }
        finder
    }

    fn add_phone(&mut self, phone: &str) {
        let phone = fold(phone);
        let digits: String = phone.chars().filter(char::is_ascii_digit).collect();
        if digits.len() < FEWEST_DIGITS {
            return;
        }
        if phone.chars().any(char::is_alphabetic) {
            self.words.push(phone.clone());
        }
        // Both ways to write the code of a country.
        if phone.trim_start().starts_with('+') {
            self.phones.push(format!("00{digits}"));
        } else if let Some(rest) = digits.strip_prefix("00") {
            self.phones.push(rest.to_owned());
        }
        self.phones.push(digits);
    }

    fn add_name(&mut self, first: &str, middle: &str, last: &str) {
        let words = |text: &str| -> Vec<String> {
            let folded = Folded::of(text).text;
            folded
                .split(scanning::is_between_words)
                .filter(|word| !word.is_empty())
                .map(str::to_owned)
                .collect()
        };
        let [first_words, middle_words, last_words] = [first, middle, last].map(words);
        if first_words.is_empty() || last_words.is_empty() {
            return;
        }
        self.names.push([&*first_words, &last_words].concat());
        self.names.push([&*last_words, &first_words].concat());
        if !middle_words.is_empty() {
            self.names
                .push([&*first_words, &middle_words, &last_words].concat());
            self.names
                .push([&*last_words, &first_words, &middle_words].concat());
        }
        self.pairs.push((fold(first.trim()), fold(last.trim())));
    }

    /// Tells whether a text names the person. JSON also does where one string is the first name and another the last.
    #[must_use]
    pub fn names(&self, text: &str) -> bool {
        match as_json(text) {
            Some(value) => self.names_in(&value) || !self.pair_in(&value).is_empty(),
            None => !self.spans(text).is_empty(),
        }
    }

    /// Returns a text with [`ERASED`] wherever it names the person.
    #[must_use]
    pub fn without(&self, text: &str) -> String {
        match as_json(text) {
            Some(value) => {
                let pair = self.pair_in(&value);
                self.value_without(value, &pair).to_string()
            }
            None => self.text_without(text),
        }
    }

    fn text_without(&self, text: &str) -> String {
        let (mut out, mut from) = (String::with_capacity(text.len()), 0);
        for span in self.spans(text) {
            if span.start >= from {
                out.push_str(&text[from..span.start]);
                out.push_str(ERASED);
            }
            from = from.max(span.end);
        }
        out.push_str(&text[from..]);
        out
    }

    fn names_in(&self, value: &Value) -> bool {
        match value {
            Value::String(text) => !self.spans(text).is_empty(),
            Value::Number(number) => !self.spans(&number.to_string()).is_empty(),
            Value::Array(items) => items.iter().any(|item| self.names_in(item)),
            Value::Object(members) => members
                .iter()
                .any(|(key, value)| !self.spans(key).is_empty() || self.names_in(value)),
            Value::Null | Value::Bool(_) => false,
        }
    }

    /// Returns first and last names that stand in two strings of a value, folded.
    fn pair_in(&self, value: &Value) -> Vec<&str> {
        let mut strings = Vec::new();
        gather_strings(value, &mut strings);
        self.pairs
            .iter()
            .filter(|(first, last)| strings.contains(first) && strings.contains(last))
            .flat_map(|(first, last)| [first.as_str(), last])
            .collect()
    }

    fn value_without(&self, value: Value, pair: &[&str]) -> Value {
        let erased = || Value::String(ERASED.to_owned());
        match value {
            Value::String(text) if pair.contains(&fold(text.trim()).as_str()) => erased(),
            Value::String(text) => Value::String(self.text_without(&text)),
            Value::Number(number) if !self.spans(&number.to_string()).is_empty() => erased(),
            Value::Array(items) => items
                .into_iter()
                .map(|item| self.value_without(item, pair))
                .collect(),
            Value::Object(members) => members
                .into_iter()
                .map(|(key, value)| (self.text_without(&key), self.value_without(value, pair)))
                .collect(),
            other => other,
        }
    }

    /// Returns where a text names the person, in bytes, in order; ranges may overlap.
    fn spans(&self, text: &str) -> Vec<Range<usize>> {
        let folded = Folded::of(text);
        let mut spans = Vec::new();
        for word in &self.words {
            scanning::words(&folded.text, word, &mut spans);
        }
        for email in &self.emails {
            scanning::emails(&folded.text, email, &mut spans);
        }
        for digits in &self.phones {
            scanning::digits(&folded.text, digits, &mut spans);
        }
        for name in &self.names {
            scanning::names(&folded.text, name, &mut spans);
        }
        spans.sort_by_key(|span| (span.start, span.end));
        spans.into_iter().map(|span| folded.origin(span)).collect()
    }
}

fn as_json(text: &str) -> Option<Value> {
    let value = serde_json::from_str(text).ok()?;
    matches!(value, Value::Array(_) | Value::Object(_)).then_some(value)
}

fn gather_strings(value: &Value, strings: &mut Vec<String>) {
    match value {
        Value::String(text) => strings.push(fold(text.trim())),
        Value::Array(items) => items.iter().for_each(|item| gather_strings(item, strings)),
        Value::Object(members) => members
            .values()
            .for_each(|member| gather_strings(member, strings)),
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

#[cfg(test)]
mod tests;
