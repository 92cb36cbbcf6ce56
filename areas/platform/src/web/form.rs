//! A form that failed comes back with what was typed, a summary that links to the fields, and status 422.

use std::collections::HashMap;

use http::StatusCode;

use crate::{
    error::{AppError, Result},
    texts::T,
};

/// What is wrong with a form, field by field. Messages are Fluent keys or finished texts; templates show them
/// through `page.t.message(…)`, which the macros in `components.html` do.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct FormErrors(Vec<(String, String)>);

impl FormErrors {
    /// No errors.
    pub fn new() -> Self {
        Self::default()
    }
    /// Adds an error by its Fluent key. An empty field name is the form as a whole.
    pub fn add(&mut self, field: &str, key: &str) {
        self.0.push((field.to_owned(), key.to_owned()));
    }
    /// Adds a finished text.
    pub fn add_text(&mut self, field: &str, text: String) {
        self.0.push((field.to_owned(), text));
    }
    /// Adds an error of the application at a field, with its arguments.
    pub fn add_error(&mut self, t: &T, field: &str, error: &AppError) {
        self.add_text(field, t.error(error));
    }
    /// Adds an error unless the condition holds: `errors.require(!name.is_empty(), "name", "form-required")`.
    pub fn require(&mut self, holds: bool, field: &str, key: &str) {
        if !holds {
            self.add(field, key);
        }
    }
    /// Whether nothing is wrong.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
    /// The first message at a field.
    pub fn for_field(&self, field: &str) -> Option<&str> {
        self.0.iter().find(|(f, _)| f == field).map(|(_, m)| m.as_str())
    }
    /// Field and message, in the order they were found.
    pub fn summary(&self) -> &[(String, String)] {
        &self.0
    }
}

/// A value of a form as typed, without the spaces around it; empty where the form has none of this name.
pub fn given<'a>(form: &'a HashMap<String, String>, name: &str) -> &'a str {
    form.get(name).map(|v| v.trim()).unwrap_or_default()
}

/// The version of the record that the page showed. One that was not said is 0, which no record has.
pub fn version(form: &HashMap<String, String>) -> i64 {
    given(form, "version").parse().unwrap_or_default()
}

/// What a rule refused, at the field that it is about.
///
/// # Errors
/// The error itself where no field can mend it: what does not exist, what was changed meanwhile, a failure of ours.
pub fn refused(t: &T, field: &str, error: AppError) -> Result<FormErrors> {
    if error.status != StatusCode::UNPROCESSABLE_ENTITY {
        return Err(error);
    }
    let mut errors = FormErrors::new();
    errors.add_error(t, field, &error);
    Ok(errors)
}

/// What is searched where it may name a person: it travels in a form and never in an address (invariant 9), and so
/// does the number of the page of its list.
#[derive(Clone, Default, serde::Deserialize)]
#[serde(default)]
pub struct Asked {
    /// The text.
    pub q: String,
    /// The page of the list, from 1; 0 where it was not said.
    pub number: i64,
}

impl Asked {
    /// The part of the list that is shown.
    pub fn paging(&self) -> super::Paging {
        super::Paging { page: self.number.clamp(1, 1_000), ..super::Paging::default() }
    }
}

impl std::fmt::Debug for Asked {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Asked(***, page {})", self.number)
    }
}

/// Whether a choice's code is the chosen one, whatever types the two have.
pub fn same(code: impl std::fmt::Display, chosen: impl std::fmt::Display) -> bool {
    code.to_string() == chosen.to_string()
}

/// A required text: trimmed, or an error at the field.
pub fn required<'a>(errors: &mut FormErrors, field: &str, value: &'a str) -> &'a str {
    let value = value.trim();
    errors.require(!value.is_empty(), field, "form-required");
    value
}

/// An optional value that parses: a day, a number, an id. Empty is `None`; unreadable is an error at the field.
pub fn optional<V: std::str::FromStr>(errors: &mut FormErrors, field: &str, value: &str) -> Option<V> {
    let value = value.trim();
    if value.is_empty() {
        return None;
    }
    let parsed = value.parse().ok();
    errors.require(parsed.is_some(), field, "form-unreadable");
    parsed
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::Day;

    #[test]
    fn the_first_message_of_a_field_stands_beside_it_and_all_stand_in_the_summary() {
        let mut errors = FormErrors::new();
        assert!(errors.is_empty());
        errors.add("name", "form-required");
        errors.add("name", "form-too-long");
        errors.add_text("", "全文".into());
        assert_eq!(errors.for_field("name"), Some("form-required"));
        assert_eq!(errors.for_field("day"), None);
        assert_eq!(errors.summary().len(), 3);
    }

    #[test]
    fn an_empty_optional_value_is_no_error_and_an_unreadable_one_is() {
        let mut errors = FormErrors::new();
        assert_eq!(optional::<Day>(&mut errors, "from", " "), None);
        assert!(errors.is_empty());
        assert_eq!(optional::<Day>(&mut errors, "from", "2026-02-30"), None);
        assert_eq!(errors.for_field("from"), Some("form-unreadable"));
        assert_eq!(optional::<Day>(&mut errors, "until", "2026-02-28").unwrap().to_string(), "2026-02-28");
    }

    #[test]
    fn a_required_text_is_trimmed() {
        let mut errors = FormErrors::new();
        assert_eq!(required(&mut errors, "name", " 张 "), "张");
        assert!(errors.is_empty());
        required(&mut errors, "name", "\u{3000}");
        assert_eq!(errors.for_field("name"), Some("form-required"));
    }
}
