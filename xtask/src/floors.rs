//! The floors of the house: an area names only crates on floors below, an engine names no area and nothing that
//! does input or output.

use std::{collections::BTreeMap, fs};

use crate::files;

/// Each area's floor; an area may use those with a smaller number.
const FLOORS: &[(&str, u8)] = &[
    ("linli-features", 0),
    ("linli-platform", 0),
    ("linli-signin", 1),
    ("linli-papers", 1),
    ("linli-territory", 1),
    ("linli-team", 2),
    ("linli-register", 3),
    ("linli-work", 4),
    ("linli-fieldwork", 5),
    ("linli-rosters", 6),
    ("linli-orders", 6),
    ("linli-declarations", 6),
    ("linli-volunteers", 6),
    ("linli-scenes", 6),
    ("linli-surveys", 7),
    ("linli-shifts", 7),
    ("linli-supervision", 7),
    ("linli-meetings", 8),
    ("linli-documents", 8),
    ("linli-assessment", 9),
    ("linli-overview", 10),
];

/// Crates that an engine must not use: it is pure.
const IMPURE: &[&str] = &["tokio", "axum", "sea-orm", "sqlx", "reqwest", "getrandom", "tracing", "askama"];

/// Lists what breaks the floors.
pub fn check() -> Result<Vec<String>, String> {
    let floors: BTreeMap<&str, u8> = FLOORS.iter().copied().collect();
    let mut problems = Vec::new();
    for path in files::all()?.iter().filter(|p| p.file_name().is_some_and(|n| n == "Cargo.toml")) {
        let text = fs::read_to_string(files::root().join(path)).map_err(|e| format!("{}: {e}", path.display()))?;
        let manifest: toml::Table = text.parse().map_err(|e| format!("{}: {e}", path.display()))?;
        let Some(name) = manifest.get("package").and_then(|p| p.get("name")).and_then(|n| n.as_str()) else { continue };
        let used: Vec<&str> = manifest
            .get("dependencies")
            .and_then(|d| d.as_table())
            .map(|d| d.keys().map(String::as_str).collect())
            .unwrap_or_default();
        if path.starts_with("engines") {
            let wrong = used.iter().filter(|u| u.starts_with("linli") || IMPURE.contains(u));
            problems.extend(wrong.map(|u| format!("{}: an engine must not use `{u}`", path.display())));
        } else if path.starts_with("areas") {
            let Some(own) = floors.get(name) else {
                problems.push(format!("{}: `{name}` has no floor in xtask/src/floors.rs", path.display()));
                continue;
            };
            let above = used.iter().filter(|u| floors.get(**u).is_some_and(|f| f > own || (f == own && *f > 0)));
            problems.extend(above.map(|u| format!("{}: `{u}` is not on a floor below", path.display())));
            if used.contains(&"linli") || used.contains(&"townsim") {
                problems.push(format!("{}: an area must not use the binary or the simulator", path.display()));
            }
        }
    }
    Ok(problems)
}
