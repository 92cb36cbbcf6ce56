//! A personal value, masked wherever it is printed.

use serde::Serialize;
use std::fmt;

/// A personal value of an invented person: a name, a document number, a mobile.
///
/// Read it with [`Private::as_str`]. `Debug` shows the first character and hides the rest, so that a
/// test that fails or a log line tells nothing, as would be right for a real person. `Serialize` writes
/// the value itself.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(transparent)]
pub struct Private(Box<str>);

impl Private {
    /// The value in clear.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl From<String> for Private {
    fn from(value: String) -> Self {
        Self(value.into_boxed_str())
    }
}

impl fmt::Debug for Private {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut characters = self.0.chars();
        if let Some(first) = characters.next() {
            write!(f, "{first}")?;
        }
        characters.try_for_each(|_| f.write_str("*"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn debug_shows_the_first_character_alone() {
        assert_eq!(format!("{:?}", Private::from(String::from("欧阳小明"))), "欧***");
    }
}
