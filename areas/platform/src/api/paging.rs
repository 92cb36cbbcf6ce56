//! Long lists by key: each answer names where the next one begins, so that a list that grows meanwhile neither skips
//! nor repeats a row.

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use serde::Serialize;
use utoipa::ToSchema;

use crate::error::{AppError, Result};

/// Rows of an answer at most.
pub const LIMIT_MAX: i64 = 500;
/// Rows of an answer unless something else is asked for.
pub const LIMIT_DEFAULT: i64 = 100;

/// A part of a list.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Listed<T> {
    /// The rows, in the order of their key.
    pub items: Vec<T>,
    /// Give it as `cursor` to get the rows after these; absent where these are the last.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next_cursor: Option<String>,
}

impl<T> Listed<T> {
    /// Of rows that were asked for with one more than the limit; `key` is what the list is ordered by.
    pub fn of(list: &'static str, mut items: Vec<T>, limit: i64, key: impl Fn(&T) -> String) -> Self {
        let limit = usize::try_from(limit).unwrap_or(0);
        let more = items.len() > limit;
        items.truncate(limit);
        let next_cursor = items.last().filter(|_| more).map(|last| Cursor::write(list, &key(last)));
        Listed { items, next_cursor }
    }
    /// A whole list in one answer.
    pub fn whole(items: Vec<T>) -> Self {
        Listed { items, next_cursor: None }
    }
}

/// Where a list goes on: its name and the key of the last row given. It opens nothing that the list itself would not
/// show, and is therefore not signed.
pub struct Cursor;

impl Cursor {
    fn write(list: &str, key: &str) -> String {
        URL_SAFE_NO_PAD.encode(format!("{list}:{key}"))
    }
    /// The key in a cursor of this list.
    ///
    /// # Errors
    /// `api-invalid` at the parameter `cursor` for a text that is none of this list's.
    pub fn read<K: std::str::FromStr>(list: &'static str, cursor: Option<&str>) -> Result<Option<K>> {
        let Some(cursor) = cursor else { return Ok(None) };
        let bytes = URL_SAFE_NO_PAD.decode(cursor).ok();
        let text = bytes.and_then(|b| String::from_utf8(b).ok());
        let key = text.as_deref().and_then(|t| t.strip_prefix(list)?.strip_prefix(':')?.parse().ok());
        key.map(Some).ok_or_else(|| AppError::invalid().parameter("cursor", "cursor", "api-field-cursor"))
    }
}

/// How many rows are asked for.
///
/// # Errors
/// `api-invalid` at the parameter `limit` outside 1..=[`LIMIT_MAX`].
pub fn limit(asked: Option<i64>) -> Result<i64> {
    match asked.unwrap_or(LIMIT_DEFAULT) {
        n @ 1..=LIMIT_MAX => Ok(n),
        _ => Err(AppError::invalid().parameter("limit", "range", "api-field-limit")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cursor_goes_on_in_its_own_list_alone() {
        let listed = Listed::of("grids", vec!["a", "b", "c"], 2, |k| (*k).to_owned());
        assert_eq!(listed.items, ["a", "b"]);
        let cursor = listed.next_cursor.unwrap();
        assert_eq!(Cursor::read::<String>("grids", Some(&cursor)).unwrap().as_deref(), Some("b"));
        for (list, text) in [("addresses", cursor.as_str()), ("grids", "b"), ("grids", "%00"), ("grids", "")] {
            assert!(Cursor::read::<String>(list, Some(text)).unwrap_err().is("api-invalid"), "{list} {text}");
        }
        assert!(Listed::of("grids", vec!["a"], 2, |k| (*k).to_owned()).next_cursor.is_none());
    }

    #[test]
    fn an_answer_has_between_one_and_five_hundred_rows() {
        for (asked, rows) in
            [(None, Some(100)), (Some(1), Some(1)), (Some(500), Some(500)), (Some(0), None), (Some(501), None)]
        {
            assert_eq!(limit(asked).ok(), rows, "{asked:?}");
        }
    }
}
