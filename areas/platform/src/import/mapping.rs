//! What each column of a file is.

use serde::{Deserialize, Serialize};

use super::{ColumnSpec, is_forbidden_heading};
use crate::{
    error::{AppError, Result},
    sheet::normalise_heading,
};

/// For each column of the file, in the file's order, the name of the known column it is; `None` is not imported.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Mapping(pub Vec<Option<String>>);

impl Mapping {
    /// Checks the mapping against a kind's columns.
    ///
    /// # Errors
    /// `import-column-unknown`, `import-column-twice`, `import-column-missing`, each naming the column.
    pub fn validate(&self, columns: &[ColumnSpec]) -> Result<()> {
        for (i, name) in self.0.iter().enumerate() {
            let Some(name) = name else { continue };
            if !columns.iter().any(|c| c.name == name) {
                return Err(AppError::rule("import-column-unknown").arg("column", name));
            }
            if self.0[..i].contains(&Some(name.clone())) {
                return Err(AppError::rule("import-column-twice").arg("column", name));
            }
        }
        match columns.iter().find(|c| c.required && self.source(c.name).is_none()) {
            Some(missing) => Err(AppError::rule("import-column-missing").arg("column", missing.name)),
            None => Ok(()),
        }
    }
    /// The file's column that is this known one.
    pub fn source(&self, name: &str) -> Option<usize> {
        self.0.iter().position(|m| m.as_deref() == Some(name))
    }
    /// The known columns that the file has, in the kind's order.
    pub fn used<'a>(&self, columns: &'a [ColumnSpec]) -> Vec<&'a ColumnSpec> {
        columns.iter().filter(|c| self.source(c.name).is_some()).collect()
    }
}

/// How well a heading fits a column; larger is better.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Fit {
    /// A known heading stands in it; the longer, the better.
    Contains(usize),
    /// A known heading, with something in brackets beside it.
    WithoutBrackets,
    /// A known heading.
    Exact,
}

/// Guesses what each heading is. Every known column is given once, to the heading that fits best; of equals the
/// first. A forbidden heading is never given one.
pub fn guess(columns: &[ColumnSpec], headings: &[String]) -> Mapping {
    let mut fits = Vec::new();
    for (h, heading) in headings.iter().enumerate().filter(|(_, h)| !is_forbidden_heading(h)) {
        for (c, column) in columns.iter().enumerate() {
            if let Some(fit) = fit(column, heading) {
                fits.push((fit, h, c));
            }
        }
    }
    fits.sort_by(|a, b| b.0.cmp(&a.0).then(a.1.cmp(&b.1)).then(a.2.cmp(&b.2)));
    let mut mapping = vec![None; headings.len()];
    let mut given = vec![false; columns.len()];
    for (_, h, c) in fits {
        if mapping[h].is_none() && !given[c] {
            mapping[h] = Some(columns[c].name.to_owned());
            given[c] = true;
        }
    }
    Mapping(mapping)
}

fn fit(column: &ColumnSpec, heading: &str) -> Option<Fit> {
    let whole = normalise_heading(heading);
    if whole.is_empty() {
        return None;
    }
    let bare = normalise_heading(&without_brackets(heading));
    let one = |known: &str| {
        let known = normalise_heading(known);
        if known == whole {
            return Some(Fit::Exact);
        }
        if known == bare {
            return Some(Fit::WithoutBrackets);
        }
        let chars = known.chars().count();
        (chars >= 2 && bare.contains(&known)).then_some(Fit::Contains(chars))
    };
    column.headings.iter().copied().chain([column.name]).filter_map(one).max()
}

fn without_brackets(heading: &str) -> String {
    let mut depth = 0u32;
    let mut out = String::with_capacity(heading.len());
    for c in heading.chars() {
        match c {
            '(' | '（' | '[' | '【' | '〔' => depth += 1,
            ')' | '）' | ']' | '】' | '〕' => depth = depth.saturating_sub(1),
            _ if depth == 0 => out.push(c),
            _ => {}
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    const COLUMNS: &[ColumnSpec] = &[
        ColumnSpec { name: "name", headings: &["姓名", "Name"], required: true, personal: true },
        ColumnSpec { name: "document", headings: &["证件号码", "身份证号"], required: true, personal: true },
        ColumnSpec { name: "address", headings: &["地址", "居住地址"], required: false, personal: false },
    ];

    fn guessed(headings: &[&str]) -> Vec<Option<String>> {
        guess(COLUMNS, &headings.iter().map(|h| (*h).to_owned()).collect::<Vec<_>>()).0
    }

    #[test]
    fn headings_are_recognised_whatever_their_width_spaces_case_and_brackets() {
        for (heading, column) in [
            ("姓 名", "name"),
            ("ＮＡＭＥ", "name"),
            ("*姓名（必填）", "name"),
            ("证件号码(18位)", "document"),
            ("现居住地址", "address"),
            ("本人证件号码", "document"),
        ] {
            assert_eq!(guessed(&[heading]), [Some(column.to_owned())], "{heading}");
        }
        assert_eq!(guessed(&["电话"]), [None]);
    }
    #[test]
    fn an_exact_heading_wins_over_one_that_only_contains_it() {
        assert_eq!(guessed(&["户主姓名", "姓名"]), [None, Some("name".to_owned())]);
        assert_eq!(guessed(&["地址", "居住地址"]), [Some("address".to_owned()), None]);
    }
    #[test]
    fn a_forbidden_heading_is_never_given_a_column() {
        assert_eq!(guessed(&["姓名民族", "民族"]), [None, None]);
    }
    #[test]
    fn a_mapping_without_a_required_column_or_with_one_twice_is_refused() {
        let some = |names: &[&str]| Mapping(names.iter().map(|n| Some((*n).to_owned())).collect());
        assert!(some(&["name", "document"]).validate(COLUMNS).is_ok());
        for (names, code) in [
            (&["name"][..], "import-column-missing"),
            (&["name", "document", "name"], "import-column-twice"),
            (&["name", "document", "ethnicity"], "import-column-unknown"),
        ] {
            assert_eq!(some(names).validate(COLUMNS).unwrap_err().code, code);
        }
    }
}
