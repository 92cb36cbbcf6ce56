//! Which grid is at a point, from memory: the boundaries in effect under an R-tree.

use std::sync::Arc;

use linli_platform::{Result, app::App, clock::At, ids::GridId};

use crate::{boundary::locator::Locator, ids::SetId, store::boundaries};

/// After so long the store is asked whether other boundaries hold: another process may have brought them into effect.
const RECHECK_S: i64 = 30;

/// The boundaries in effect, kept in the app's caches and rebuilt when others take effect.
#[derive(Debug)]
pub struct GridIndex {
    set: Option<SetId>,
    checked_at: At,
    locator: Arc<Locator>,
}

impl GridIndex {
    /// The index of now.
    pub async fn of(app: &App) -> Result<Arc<GridIndex>> {
        let now = app.store.now();
        let Some(kept) = app.caches.get::<GridIndex>() else { return Self::rebuild(app).await };
        if kept.checked_at.plus_s(RECHECK_S) > now && kept.checked_at <= now {
            return Ok(kept);
        }
        let set = boundaries::in_effect(&app.store.reads()).await?.map(|s| s.set_id);
        if set != kept.set {
            return Self::rebuild(app).await;
        }
        let fresh = Arc::new(GridIndex { set, checked_at: now, locator: kept.locator.clone() });
        app.caches.put(fresh.clone());
        Ok(fresh)
    }
    /// Builds it anew from the store.
    pub async fn rebuild(app: &App) -> Result<Arc<GridIndex>> {
        let reads = app.store.reads();
        let set = boundaries::in_effect(&reads).await?.map(|s| s.set_id);
        let locator = Arc::new(boundaries::locator(&reads).await?);
        let index = Arc::new(GridIndex { set, checked_at: app.store.now(), locator });
        app.caches.put(index.clone());
        Ok(index)
    }
    /// The grid at a point in WGS 84 degrees; none outside every grid.
    pub fn grid_at(&self, lon: f64, lat: f64) -> Option<GridId> {
        self.locator.at(lon, lat).map(|g| g.grid_id)
    }
    /// The grids themselves.
    pub fn locator(&self) -> &Locator {
        &self.locator
    }
}
