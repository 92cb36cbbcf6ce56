//! Choices of filters and forms.

use std::collections::HashMap;

use linli_platform::{Result, app::App, ids::GridId, reader::Reader, texts::T};

/// Values and finished texts of a choice.
pub(super) type Choices = Vec<(String, String)>;

/// Codes with text keys, as finished texts.
pub(super) fn of_codes(t: &T, codes: Vec<(&'static str, String)>) -> Choices {
    codes.into_iter().map(|(code, key)| (code.to_owned(), t.s(key))).collect()
}

/// Grids and committees within the reader's scope.
pub(super) struct Places {
    pub(super) grids: Choices,
    pub(super) committees: Choices,
    names: HashMap<GridId, String>,
}

impl Places {
    pub(super) async fn load(app: &App, reader: &Reader) -> Result<Self> {
        let q = app.store.reads();
        let grids = linli_territory::grids(&q, reader).await?;
        let known = linli_territory::committee_names(&q).await?;
        let mut committees: Choices = Vec::new();
        for grid in &grids {
            if !committees.iter().any(|(code, _)| *code == grid.committee_code) {
                let name = known.get(&grid.committee_code).unwrap_or(&grid.committee_code).clone();
                committees.push((grid.committee_code.clone(), name));
            }
        }
        Ok(Places {
            committees,
            names: grids.iter().map(|g| (g.grid_id, g.name.clone())).collect(),
            grids: grids.into_iter().map(|g| (g.grid_id.to_string(), g.name)).collect(),
        })
    }
    /// The grids of some rows by name, and nothing to choose from: enough for a page without a filter.
    pub(super) async fn named(app: &App, grids: &[Option<GridId>]) -> Result<Self> {
        let grids: Vec<GridId> = grids.iter().copied().flatten().collect();
        let names = linli_territory::names_of_grids(&app.store.reads(), grids).await?;
        Ok(Places { names, grids: Vec::new(), committees: Vec::new() })
    }
    /// A committee's name; its code where it has no grid within the scope.
    pub(super) fn committee(&self, code: &str) -> String {
        let known = self.committees.iter().find(|(known, _)| known == code);
        known.map_or_else(|| code.to_owned(), |(_, name)| name.clone())
    }
    /// A grid's name; empty outside every grid.
    pub(super) fn grid(&self, id: &Option<GridId>) -> String {
        id.and_then(|id| self.names.get(&id).cloned()).unwrap_or_default()
    }
}

/// A text of a query, if it is not empty.
pub(super) fn text(query: &HashMap<String, String>, name: &str) -> Option<String> {
    query.get(name).map(|v| v.trim().to_owned()).filter(|v| !v.is_empty())
}
