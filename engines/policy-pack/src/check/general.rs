//! Checks on every table of every file.

use std::collections::BTreeSet;

use crate::source::{Content, Node, Source};
use crate::{Problem, Reason, excluded_word, forbidden_heading};

/// Keys whose text must not be empty.
const TEXTS: [&str; 5] = ["clause", "name", "name_en", "id", "official_name"];
/// Lists whose entries name things for people to choose from, though they have no subject.
const WITHOUT_SUBJECT: [&str; 5] = ["purpose", "label_reason", "absence_reason", "category", "listing_cause"];

pub(crate) fn check(source: &Source) -> Vec<Problem> {
    let mut problems = Vec::new();
    visit(source, &source.root, "", &mut problems);
    problems
}

fn visit(source: &Source, node: &Node, list: &str, problems: &mut Vec<Problem>) {
    match &node.content {
        Content::Table(entries) => {
            empty_texts(source, node, problems);
            if node.get("subject").is_some() || WITHOUT_SUBJECT.contains(&list) {
                words(source, node, problems);
            }
            for (key, value) in entries {
                visit(source, value, key, problems);
            }
        }
        Content::Array(nodes) => {
            unique_ids(source, nodes, problems);
            for value in nodes {
                visit(source, value, list, problems);
            }
        }
        Content::Text(_) | Content::Other => {}
    }
}

fn empty_texts(source: &Source, node: &Node, problems: &mut Vec<Problem>) {
    for key in TEXTS {
        if let Some(value) = node.get(key)
            && value.text().is_some_and(|text| text.trim().is_empty())
        {
            problems.push(source.problem_at(value.span.start, Reason::Empty { key: key.to_owned() }));
        }
    }
}

fn words(source: &Source, node: &Node, problems: &mut Vec<Problem>) {
    for value in ["id", "name", "name_en"].into_iter().filter_map(|key| node.get(key)) {
        let text = value.text().unwrap_or_default();
        if let Some(kind) = forbidden_heading(text) {
            problems.push(source.problem_at(value.span.start, Reason::Forbidden { kind }));
        } else if let Some(word) = excluded_word(text) {
            problems.push(source.problem_at(value.span.start, Reason::Excluded { word }));
        }
    }
}

fn unique_ids(source: &Source, nodes: &[Node], problems: &mut Vec<Problem>) {
    let mut seen = BTreeSet::new();
    for value in nodes.iter().filter_map(|node| node.get("id").or_else(|| node.get("code"))) {
        let id = value.text().unwrap_or_default();
        if !seen.insert(id) {
            problems.push(source.problem_at(value.span.start, Reason::Duplicate { id: id.to_owned() }));
        }
    }
}
