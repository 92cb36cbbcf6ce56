//! Which fields are compared how, and which pairs at all.

use serde::Deserialize;

/// A linkage as its user wants it.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Config {
    /// The column that names a record; without it, its position from 0.
    #[serde(default)]
    pub id: Option<String>,
    /// The fields, in the order in which columns are given.
    #[serde(rename = "field")]
    pub fields: Vec<Field>,
    /// Pairs are compared that agree in all fields of one of these.
    #[serde(rename = "block")]
    pub blocks: Vec<Block>,
    /// A link from this probability on.
    #[serde(default = "half")]
    pub matched: f64,
    /// Each record is linked once at most.
    #[serde(default)]
    pub one_to_one: bool,
    /// Each record of the left table is linked once at most; those of the right one as often as it comes.
    #[serde(default)]
    pub left_once: bool,
    /// Within one table: who is the same as a third is the same as each other.
    #[serde(default)]
    pub transitive: bool,
}

/// One field.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Field {
    /// Its name: the column of both tables, unless told otherwise.
    pub name: String,
    /// The column of the left table.
    #[serde(default)]
    pub left: Option<String>,
    /// The column of the right table.
    #[serde(default)]
    pub right: Option<String>,
    /// How values are compared.
    #[serde(default)]
    pub compare: Comparator,
    /// Those who live together have it in common (the address, the surname): its agreement alone makes a household,
    /// not a person.
    #[serde(default)]
    pub shared: bool,
}

/// How the values of a field are compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Comparator {
    /// Equal or not.
    Exact,
    /// Names and words: equal, near, alike (Jaro–Winkler).
    #[default]
    Text,
    /// Numbers and dates: equal, one typing error, two.
    Digits,
}

/// Fields that must agree for a pair to be compared.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Block {
    /// Their names.
    pub fields: Vec<String>,
    /// Only so many leading letters of each need agree; 0 for all.
    #[serde(default)]
    pub letters: usize,
}

/// Why a configuration cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ConfigError {
    /// The text is not a configuration.
    #[error("the configuration cannot be read: {message}")]
    Unreadable {
        /// The parser's message with line and column.
        message: String,
    },
    /// A block names a field that is not there.
    #[error("a block names the field `{name}`, which is not among the fields")]
    UnknownField {
        /// The name.
        name: String,
    },
    /// There are no fields, or no blocks.
    #[error("at least one [[field]] and one [[block]] are needed")]
    Nothing,
}

fn half() -> f64 {
    0.5
}

impl Config {
    /// Reads a configuration from TOML.
    ///
    /// # Errors
    /// [`ConfigError`], with line and column where the text is wrong.
    pub fn from_toml(text: &str) -> Result<Self, ConfigError> {
        let config: Self =
            toml::from_str(text).map_err(|error| ConfigError::Unreadable { message: error.to_string() })?;
        if config.fields.is_empty() || config.blocks.iter().all(|block| block.fields.is_empty()) {
            return Err(ConfigError::Nothing);
        }
        let known = |name: &String| config.fields.iter().any(|field| field.name == *name);
        match config.blocks.iter().flat_map(|block| &block.fields).find(|name| !known(name)) {
            Some(name) => Err(ConfigError::UnknownField { name: name.clone() }),
            None => Ok(config),
        }
    }

    /// The columns of the left and of the right table, in the order of the fields.
    #[must_use]
    pub fn columns(&self) -> [Vec<&str>; 2] {
        let side = |of: fn(&Field) -> &Option<String>| {
            self.fields.iter().map(|field| of(field).as_deref().unwrap_or(&field.name)).collect()
        };
        [side(|field| &field.left), side(|field| &field.right)]
    }

    pub(super) fn positions(&self, block: &Block) -> Vec<usize> {
        let place = |name: &String| self.fields.iter().position(|field| field.name == *name);
        block.fields.iter().filter_map(place).collect()
    }
}
