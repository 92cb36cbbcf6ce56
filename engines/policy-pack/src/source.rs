//! The text of a pack's file and where in it each value stands.

use std::ops::Range;

use serde::de::DeserializeOwned;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

use crate::value::{RULE_MARK, SUBJECT_MARK};
use crate::{Problem, Reason};

/// One step of a path to a value: `item[3].points` is `["item", 3, "points"]`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Step {
    Key(String),
    Place(usize),
}

impl From<&str> for Step {
    fn from(key: &str) -> Self {
        Self::Key(key.to_owned())
    }
}

impl From<usize> for Step {
    fn from(place: usize) -> Self {
        Self::Place(place)
    }
}

/// `steps!["item", 3, "points"]`.
macro_rules! steps {
    ($($step:expr),* $(,)?) => { Vec::from([$($crate::source::Step::from($step)),*]) };
}
pub(crate) use steps;

/// A value with its place; tables keep the order of the file.
#[derive(Debug)]
pub(crate) struct Node {
    pub span: Range<usize>,
    pub content: Content,
}

#[derive(Debug)]
pub(crate) enum Content {
    Table(Vec<(String, Node)>),
    Array(Vec<Node>),
    Text(String),
    Other,
}

impl Node {
    pub(crate) fn get(&self, key: &str) -> Option<&Node> {
        match &self.content {
            Content::Table(entries) => entries.iter().find(|(name, _)| name == key).map(|(_, node)| node),
            _ => None,
        }
    }

    pub(crate) fn text(&self) -> Option<&str> {
        match &self.content {
            Content::Text(text) => Some(text),
            _ => None,
        }
    }
}

/// A file that is TOML, at least.
#[derive(Debug)]
pub(crate) struct Source {
    file: String,
    text: String,
    pub root: Node,
}

impl Source {
    pub(crate) fn parse(file: &str, text: &str) -> Result<Self, Problem> {
        let problem = |error: &toml::de::Error| {
            let (line, column) = position(text, error.span().map_or(0, |span| span.start));
            let message = error.message().replace('\n', ", ");
            Problem { file: file.to_owned(), line, column, reason: Reason::Syntax { message } }
        };
        let tree = DeTable::parse(text).map_err(|error| problem(&error))?;
        let root = Node { span: tree.span(), content: table(tree.get_ref()) };
        Ok(Self { file: file.to_owned(), text: text.to_owned(), root })
    }

    /// Reads the file as a typed rule.
    pub(crate) fn read<T: DeserializeOwned>(&self) -> Result<T, Problem> {
        toml::from_str(&self.text)
            .map_err(|error| self.problem_at(error.span().map_or(0, |span| span.start), reason_of(error.message())))
    }

    /// A problem at the deepest value of the path that exists.
    pub(crate) fn problem(&self, path: &[Step], reason: Reason) -> Problem {
        let mut node = &self.root;
        let mut start = None;
        for step in path {
            let next = match (step, &node.content) {
                (Step::Key(key), _) => node.get(key),
                (Step::Place(place), Content::Array(nodes)) => nodes.get(*place),
                (Step::Place(_), _) => None,
            };
            match next {
                Some(next) => {
                    node = next;
                    start = Some(next.span.start);
                }
                None => break,
            }
        }
        self.problem_at(start.unwrap_or(0), reason)
    }

    pub(crate) fn problem_at(&self, offset: usize, reason: Reason) -> Problem {
        let (line, column) = position(&self.text, offset);
        Problem { file: self.file.clone(), line, column, reason }
    }
}

/// Line and column in characters, both from 1.
fn position(text: &str, offset: usize) -> (usize, usize) {
    let before = text.get(..offset).unwrap_or(text);
    let line_start = before.rfind('\n').map_or(0, |newline| newline + 1);
    let line = before.bytes().filter(|&b| b == b'\n').count() + 1;
    (line, before[line_start..].chars().count() + 1)
}

fn table(entries: &DeTable<'_>) -> Content {
    Content::Table(entries.iter().map(|(key, value)| (key.get_ref().to_string(), node(value))).collect())
}

fn node(value: &Spanned<DeValue<'_>>) -> Node {
    let content = match value.get_ref() {
        DeValue::Table(entries) => table(entries),
        DeValue::Array(values) => Content::Array(values.iter().map(node).collect()),
        DeValue::String(text) => Content::Text(text.to_string()),
        _ => Content::Other,
    };
    Node { span: value.span(), content }
}

/// Sorts the reader's message into a reason.
fn reason_of(message: &str) -> Reason {
    let quoted = || {
        let mut parts = message.split('`');
        parts.nth(1).unwrap_or_default().to_owned()
    };
    if let Some(found) = message.strip_prefix(SUBJECT_MARK) {
        Reason::SubjectRefused { found: found.to_owned() }
    } else if let Some(found) = message.strip_prefix(RULE_MARK) {
        Reason::BadRule { found: found.to_owned() }
    } else if message.starts_with("unknown field") {
        Reason::UnknownKey { key: quoted() }
    } else if message.starts_with("missing field") {
        Reason::MissingKey { key: quoted() }
    } else if message.starts_with("unknown variant") {
        Reason::UnknownChoice { found: quoted() }
    } else {
        Reason::WrongValue { message: message.replace('\n', ", ") }
    }
}
