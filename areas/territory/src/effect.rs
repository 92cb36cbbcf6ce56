//! A set of boundaries takes effect: grids open, close and change their names, and premises change hands. The past
//! stays as it was: events keep their grid, and the old set can be asked for by day.

use std::sync::Arc;

use futures::future::BoxFuture;
use linli_platform::{
    AppError, Result,
    app::App,
    clock::Day,
    event::{NewEvent, SubjectRef},
    jobs::{Job, JobKind},
    reader::Reader,
    store::Tx,
};
use serde_json::json;

use crate::{
    boundary::{
        changes::{self, ChangeKind, GridChange, HandoverReport},
        locator::Locator,
        report::{self, GeometryReport},
    },
    grid_index::GridIndex,
    ids::SetId,
    premises::Premises,
    store::{
        boundaries::{self, BoundarySet},
        grids,
    },
};

/// What a set would do, shown before it takes effect.
#[derive(Debug, Clone)]
pub struct Preview {
    /// The set.
    pub set: BoundarySet,
    /// Overlaps and gaps.
    pub geometry: GeometryReport,
    /// Grid by grid.
    pub changes: Vec<GridChange>,
    /// Premises that change hands, and those outside.
    pub handover: HandoverReport,
    /// The grids as they would be.
    pub new: Locator,
    /// The grids as they are.
    pub old: Locator,
}

impl Preview {
    /// How many grids change in one way.
    pub fn count(&self, kind: ChangeKind) -> usize {
        self.changes.iter().filter(|c| c.kind == kind).count()
    }
    /// Code and name of a grid of either set.
    pub fn label(&self, grid: linli_platform::ids::GridId) -> String {
        let found = self.new.grids().iter().chain(self.old.grids()).find(|g| g.grid_id == grid);
        found.map(|g| format!("{} {}", g.code, g.name)).unwrap_or_default()
    }
}

/// Works out a preview, in the reader's scope. Geometry is computed off the async threads.
pub async fn preview(app: &App, reader: &Reader, id: SetId) -> Result<Preview> {
    let set = boundaries::find(&app.store.reads(), id).await?;
    let new = boundaries::shapes(&app.store.reads(), id).await?;
    let old = boundaries::locator(&app.store.reads()).await?;
    let premises = match Premises::of(app) {
        Some(p) => p.0.points(&app.store, reader).await?,
        None => Vec::new(),
    };
    let work = move || {
        let geometry = report::geometry(&new);
        let new = Locator::new(new);
        let changes = changes::grids(&old, &new);
        let handover = changes::handover(&old, &new, &premises);
        Preview { set, geometry, changes, handover, new, old }
    };
    tokio::task::spawn_blocking(work).await.map_err(AppError::internal)
}

/// Schedules a set after its preview. With overlaps or gaps it needs `accept_faults`: somebody has seen them.
///
/// # Errors
/// `boundary-faults` without that; `boundary-lost` if addresses would be left without a grid; those of
/// [`boundaries::schedule`].
pub async fn schedule(app: &App, reader: &Reader, id: SetId, day: Day, accept_faults: bool) -> Result<()> {
    let preview = preview(app, reader, id).await?;
    if !preview.geometry.is_clean() && !accept_faults {
        let error = AppError::rule("boundary-faults").arg("overlaps", preview.geometry.overlaps.len());
        return Err(error.arg("gaps", preview.geometry.gaps.len()));
    }
    if preview.handover.lost > 0 {
        return Err(AppError::rule("boundary-lost").arg("n", preview.handover.lost));
    }
    let tx = app.store.begin(reader).await?;
    boundaries::schedule(&tx, id, day).await?;
    tx.commit().await?;
    run_due(app).await?;
    Ok(())
}

/// Brings every scheduled set whose day has come into effect, in the order of days. How many there were.
pub async fn run_due(app: &App) -> Result<usize> {
    let mut count = 0;
    while take_effect(app).await? {
        count += 1;
    }
    if count > 0 {
        GridIndex::rebuild(app).await?;
    }
    Ok(count)
}

async fn take_effect(app: &App) -> Result<bool> {
    let premises = Premises::of(app);
    let system = Reader::system();
    let tx = app.store.begin(&system).await?;
    let Some(set) = boundaries::due(&tx, tx.now().day()).await? else { return Ok(false) };
    let points = match &premises {
        Some(p) => p.0.points(&app.store, &system).await?,
        None => Vec::new(),
    };
    let old = boundaries::locator(&tx).await?;
    let new = Locator::new(boundaries::shapes(&tx, set.set_id).await?);
    let work = move || (changes::grids(&old, &new), changes::handover(&old, &new, &points), new);
    let (changes, handover, new) = tokio::task::spawn_blocking(work).await.map_err(AppError::internal)?;
    let day = set.takes_effect_day.unwrap_or_else(|| tx.now().day());
    move_grids(&tx, &changes, &new, day).await?;
    boundaries::mark_in_effect(&tx, &set, day, new.grids()).await?;
    let moved = match premises {
        Some(p) if !handover.moves.is_empty() => p.0.reassign(&tx, &handover.moves).await?,
        _ => 0,
    };
    let event = NewEvent::new("boundary.took-effect", SubjectRef::new("boundary-set", set.set_id, None));
    let of = |kind| changes.iter().filter(|c| c.kind == kind).count();
    let body = json!({
        "day": day.to_string(), "new": of(ChangeKind::New), "changed": of(ChangeKind::Changed),
        "closed": of(ChangeKind::Closed), "addresses_moved": moved, "addresses_outside": handover.outside.len(),
    });
    tx.event(event.version(set.version + 1).body(body)).await?;
    tx.commit().await?;
    Ok(true)
}

async fn move_grids(tx: &Tx, changes: &[GridChange], new: &Locator, day: Day) -> Result<()> {
    let present = grids::all(tx).await?;
    // The first set meets grids that were opened without a boundary; they stay if the set has their code.
    for grid in present.iter().filter(|g| !new.contains(g.grid_id)) {
        grids::close(tx, grid.grid_id, day).await?;
    }
    let missing = new.grids().iter().filter(|n| !present.iter().any(|g| g.grid_id == n.grid_id));
    let open = missing.map(|g| grids::NewGrid {
        grid_id: Some(g.grid_id),
        code: g.code.clone(),
        name: g.name.clone(),
        committee_code: g.committee_code.clone(),
    });
    let open: Vec<_> = open.collect();
    if !open.is_empty() {
        grids::open(tx, open, day).await?;
    }
    for change in changes.iter().filter(|c| c.kind != ChangeKind::Closed) {
        if present.iter().any(|g| g.grid_id == change.grid_id && g.name != change.name) {
            grids::rename(tx, change.grid_id, &change.name).await?;
        }
    }
    Ok(())
}

/// The daily job `boundary-effect`: brings sets into effect whose day has come. Running it twice does nothing more.
pub struct BoundaryEffect;

impl JobKind for BoundaryEffect {
    fn kind(&self) -> &'static str {
        "boundary-effect"
    }
    fn run<'a>(&'a self, app: &'a App, _job: &'a Job) -> BoxFuture<'a, Result<String>> {
        Box::pin(async move {
            run_due(app).await?;
            Ok("/territory/boundaries".into())
        })
    }
}

/// The job, for the area's list.
pub fn job() -> Arc<dyn JobKind> {
    Arc::new(BoundaryEffect)
}
