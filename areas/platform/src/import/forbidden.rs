//! Headings of what Linli never stores. This is the one place that decides for imports.

/// Whether a heading names ethnicity, religion, political views, criminal record, biometrics or health (boundary 1),
/// or belongs to a list of persons of concern (boundary 2): such a column is dropped before anything is staged, and
/// the report says so.
pub fn is_forbidden_heading(heading: &str) -> bool {
    policy_pack::forbidden_heading(heading).is_some() || policy_pack::excluded_word(heading).is_some()
}
