//! Texts: complete in both languages, with the same arguments, and every key a page names is there.

use std::{
    collections::{BTreeMap, BTreeSet},
    path::{Path, PathBuf},
};

use fluent_syntax::{ast, parser};

use crate::files;

type Keys = BTreeMap<String, BTreeSet<String>>;

/// Lists what is missing, unknown or different between the languages.
pub fn check() -> Result<Vec<String>, String> {
    let mut problems = Vec::new();
    let mut known = BTreeSet::new();
    let all = files::all()?;
    for zh in all.iter().filter(|p| p.to_string_lossy().ends_with("zh-CN.ftl")) {
        let en = PathBuf::from(zh.to_string_lossy().replace("zh-CN.ftl", "en.ftl"));
        let (zh_keys, en_keys) = (keys(zh)?, keys(&en)?);
        for (key, args) in &zh_keys {
            match en_keys.get(key) {
                None => problems.push(format!("{}: `{key}` is missing", en.display())),
                Some(other) if other != args => {
                    problems.push(format!("{}: `{key}` has other arguments than in Chinese", en.display()));
                }
                Some(_) => {}
            }
        }
        problems.extend(
            en_keys.keys().filter(|k| !zh_keys.contains_key(*k)).map(|k| format!("{}: `{k}` is missing", zh.display())),
        );
        for key in zh_keys.into_keys() {
            if !known.insert(key.clone()) {
                problems.push(format!("{}: `{key}` stands in two areas", zh.display()));
            }
        }
    }
    for path in all.iter().filter(|p| files::ends(p, &["html"]) && p.to_string_lossy().contains("templates")) {
        for key in named_keys(&files::text(path).unwrap_or_default()) {
            // `"map-{}"|format(measure)` names a family of keys; one of them at least must be there.
            let there = match key.split_once("{}") {
                Some((prefix, _)) => known.range(prefix.to_owned()..).next().is_some_and(|k| k.starts_with(prefix)),
                None => known.contains(&key),
            };
            if !there {
                problems.push(format!("{}: text `{key}` is missing", path.display()));
            }
        }
    }
    Ok(problems)
}

fn keys(path: &Path) -> Result<Keys, String> {
    let text = files::text(path).ok_or(format!("{}: is missing", path.display()))?;
    let resource = parser::parse(text).map_err(|(_, e)| format!("{}: {e:?}", path.display()))?;
    Ok(resource
        .body
        .iter()
        .filter_map(|entry| match entry {
            ast::Entry::Message(m) => Some((m.id.name.clone(), m.value.as_ref().map(arguments).unwrap_or_default())),
            _ => None,
        })
        .collect())
}

fn arguments(pattern: &ast::Pattern<String>) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for element in &pattern.elements {
        if let ast::PatternElement::Placeable { expression } = element {
            in_expression(expression, &mut found);
        }
    }
    found
}

fn in_expression(expression: &ast::Expression<String>, found: &mut BTreeSet<String>) {
    match expression {
        ast::Expression::Inline(inline) => in_inline(inline, found),
        ast::Expression::Select { selector, variants } => {
            in_inline(selector, found);
            for variant in variants {
                found.extend(arguments(&variant.value));
            }
        }
    }
}

fn in_inline(inline: &ast::InlineExpression<String>, found: &mut BTreeSet<String>) {
    match inline {
        ast::InlineExpression::VariableReference { id } => {
            found.insert(id.name.clone());
        }
        ast::InlineExpression::FunctionReference { arguments, .. } => {
            for argument in &arguments.positional {
                in_inline(argument, found);
            }
        }
        ast::InlineExpression::Placeable { expression } => in_expression(expression, found),
        _ => {}
    }
}

/// Keys that a template names in full: `t.s("…")`, `t.n("…", …)`, `t.a("…", …)`, `t.all("…", …)`.
fn named_keys(template: &str) -> Vec<String> {
    let mut keys = Vec::new();
    for call in ["t.s(\"", "t.n(\"", "t.a(\"", "t.all(\""] {
        for (at, _) in template.match_indices(call) {
            let rest = &template[at + call.len()..];
            if let Some((key, after)) = rest.split_once('"')
                && !after.trim_start().starts_with(['~', '+'])
            {
                keys.push(key.to_owned());
            }
        }
    }
    keys
}
