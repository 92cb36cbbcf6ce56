//! What the territory needs to know of premises. Addresses live a floor above, in the area `register`, which answers
//! through this trait; the binary puts the answer into [`Caches`](linli_platform::app::Caches) as [`Premises`].

use std::sync::Arc;

use futures::future::BoxFuture;
use linli_platform::{
    Result,
    app::App,
    ids::GridId,
    reader::Reader,
    store::{Store, Tx},
};
use uuid::Uuid;

/// An address on the map, with what hangs on it.
#[derive(Debug, Clone, PartialEq)]
pub struct PremisesPoint {
    /// The address's id.
    pub id: Uuid,
    /// Longitude and latitude in WGS 84 degrees, where known.
    pub at: Option<(f64, f64)>,
    /// The grid it is in now.
    pub grid: Option<GridId>,
    /// Homes at it.
    pub homes: i64,
    /// Residents whose main residence is there.
    pub residents: i64,
}

/// Tells where premises lie and moves them between grids.
pub trait PremisesPoints: Send + Sync {
    /// Current addresses in the reader's scope.
    fn points<'a>(&'a self, store: &'a Store, reader: &'a Reader) -> BoxFuture<'a, Result<Vec<PremisesPoint>>>;
    /// Puts addresses, and the homes, employers and residents at them, into other grids, from the transaction's day on.
    /// Events and visits of the past keep the grid they happened in. Returns how many addresses it moved.
    fn reassign<'a>(&'a self, tx: &'a Tx, moves: &'a [(Uuid, GridId)]) -> BoxFuture<'a, Result<u64>>;
}

/// The answer, as it lies in the app's caches.
#[derive(Clone)]
pub struct Premises(pub Arc<dyn PremisesPoints>);

impl Premises {
    /// Puts it where [`of`](Self::of) finds it; the binary calls this at start-up.
    pub fn register(app: &App, points: Arc<dyn PremisesPoints>) {
        app.caches.put(Arc::new(Premises(points)));
    }
    /// The registered answer, if the register is there.
    pub fn of(app: &App) -> Option<Arc<Premises>> {
        app.caches.get::<Premises>()
    }
}
