//! A set of boundaries takes effect on its day, and the past stays as it was.

use std::sync::{Arc, Mutex};

use futures::future::BoxFuture;
use linli_platform::{
    Result,
    access::Role,
    app::App,
    clock::Day,
    ids::GridId,
    jobs,
    reader::{Reader, Scope},
    store::{Query, Store, Tx},
    testing::{self, BEGIN, TestStore, reader},
    vals,
};
use linli_territory::{
    Datum, GridIndex, Premises, PremisesPoint, PremisesPoints, Uploaded, boundary::changes::ChangeKind, effect,
    grid_by_code, grids_on, store::boundaries,
};
use uuid::Uuid;

use super::{file, square, stores};

/// Premises in memory, as the register would keep them in tables.
#[derive(Default)]
struct Houses(Mutex<Vec<PremisesPoint>>);

impl PremisesPoints for Houses {
    fn points<'a>(&'a self, _: &'a Store, _: &'a Reader) -> BoxFuture<'a, Result<Vec<PremisesPoint>>> {
        Box::pin(async { Ok(self.0.lock().unwrap().clone()) })
    }
    fn reassign<'a>(&'a self, _: &'a Tx, moves: &'a [(Uuid, GridId)]) -> BoxFuture<'a, Result<u64>> {
        Box::pin(async move {
            let mut all = self.0.lock().unwrap();
            for (id, grid) in moves {
                all.iter_mut().find(|p| p.id == *id).unwrap().grid = Some(*grid);
            }
            Ok(moves.len() as u64)
        })
    }
}

impl Houses {
    fn put(&self, n: u128, at: Option<(f64, f64)>, grid: Option<GridId>) {
        let id = Uuid::from_u128(n);
        self.0.lock().unwrap().push(PremisesPoint { id, at, grid, homes: 2, residents: 5 });
    }
    fn grid(&self, n: u128) -> Option<GridId> {
        self.0.lock().unwrap().iter().find(|p| p.id == Uuid::from_u128(n)).unwrap().grid
    }
}

struct Town {
    t: TestStore,
    app: App,
    houses: Arc<Houses>,
    office: Reader,
    today: Day,
}

impl Town {
    /// Two grids side by side, in effect since today: a over 121.000–121.010, b over 121.010–121.020.
    async fn new(t: TestStore) -> Town {
        let app = testing::app(&t.store, &[linli_territory::area()]);
        let houses = Arc::new(Houses::default());
        Premises::register(&app, houses.clone());
        let office = reader(&t.store, &[Role::PopulationOffice], Scope::Division);
        let town = Town { t, app, houses, office, today: BEGIN.day() };
        let text = file(&[square("a", "泾阳村", 0, 0, 10), square("b", "泾阳村", 10, 0, 10)]);
        linli_territory::import_geojson(&town.app, &town.office, &text, Datum::Wgs84, town.today).await.unwrap();
        town
    }
    async fn id(&self, code: &str) -> GridId {
        grid_by_code(&self.t.store.reads(), code).await.unwrap().unwrap().grid_id
    }
    async fn draft(&self, features: &[serde_json::Value]) -> linli_territory::SetId {
        let uploaded =
            linli_territory::upload(&self.app, &self.office, "新边界.geojson", Datum::Wgs84, file(features)).await;
        match uploaded.unwrap() {
            Uploaded::Draft(id) => id,
            Uploaded::Faults(faults) => panic!("{faults:?}"),
        }
    }
    /// The day comes, and the periodic job runs.
    async fn day_comes(&self, day: Day) {
        self.t.clock.set(day.start().plus_hours(1));
        let tx = self.t.store.begin(&Reader::system()).await.unwrap();
        jobs::enqueue(&tx, "boundary-effect", &day.to_string(), serde_json::json!({})).await.unwrap();
        tx.commit().await.unwrap();
        assert!(jobs::run_one(&self.app).await.unwrap());
    }
    async fn events(&self, kind: &str) -> i64 {
        let sql = "SELECT COUNT(*) FROM event WHERE division_code = $1 AND kind = $2";
        self.t.store.reads().number(sql, vals![self.t.store.division(), kind]).await.unwrap()
    }
}

#[tokio::test]
async fn boundaries_move_on_their_day_and_the_past_stays() {
    for t in stores().await {
        let town = Town::new(t).await;
        let (a, b) = (town.id("a").await, town.id("b").await);
        let index = GridIndex::of(&town.app).await.unwrap();
        assert_eq!(index.grid_at(121.005, 31.005), Some(a), "{}", town.t.engine);
        assert_eq!(index.grid_at(121.010, 31.005), Some(a), "on the border the lower code holds");
        assert_eq!(index.grid_at(121.5, 31.005), None);

        town.houses.put(1, Some((121.002, 31.005)), Some(a));
        town.houses.put(2, Some((121.007, 31.005)), Some(a));
        town.houses.put(3, Some((121.015, 31.005)), Some(b));
        town.houses.put(4, None, Some(b));
        town.houses.put(5, Some((121.1, 31.1)), Some(b));

        // b closes; a shrinks to the west half; c takes the rest.
        let c = |n: &str, west: i32| {
            let at = |x: i32, y: i32| [121.0 + f64::from(x) / 1000.0, 31.0 + f64::from(y) / 1000.0];
            let east = if n == "a" { 5 } else { 20 };
            let ring = [at(west, 0), at(east, 0), at(east, 10), at(west, 10), at(west, 0)];
            super::feature(n, "泾阳村", &serde_json::json!({ "type": "Polygon", "coordinates": [ring] }))
        };
        let set = town.draft(&[c("a", 0), c("c", 5)]).await;
        let preview = effect::preview(&town.app, &town.office, set).await.unwrap();
        let kinds: Vec<_> = preview.changes.iter().map(|g| (g.code.as_str(), g.kind)).collect();
        assert_eq!(kinds, [("a", ChangeKind::Changed), ("b", ChangeKind::Closed), ("c", ChangeKind::New)]);
        let new_c = preview.new.grids()[1].grid_id;
        let hands = |from| {
            let h = preview.handover.between[&(Some(from), new_c)];
            (h.addresses, h.homes, h.residents)
        };
        assert_eq!((preview.handover.between.len(), hands(a), hands(b)), (2, (1, 2, 5), (3, 6, 15)));
        assert_eq!(preview.handover.outside, [Uuid::from_u128(5)]);
        assert_eq!((preview.handover.unplaced, preview.handover.lost), (1, 0));

        let day = town.today.plus_days(10);
        effect::schedule(&town.app, &town.office, set, day, false).await.unwrap();
        assert_eq!(town.houses.grid(2), Some(a), "nothing takes effect before its day");
        assert!(grid_by_code(&town.t.store.reads(), "c").await.unwrap().is_none());
        assert_eq!(grids_on(&town.t.store.reads(), day).await.unwrap().len(), 2, "the future can be asked for");

        town.day_comes(day).await;
        assert_eq!(town.id("c").await, new_c);
        for (n, grid) in [(1, a), (2, new_c), (3, new_c), (4, new_c), (5, new_c)] {
            assert_eq!(town.houses.grid(n), Some(grid), "house {n}");
        }
        let index = GridIndex::of(&town.app).await.unwrap();
        assert_eq!(index.grid_at(121.015, 31.005), Some(new_c));

        let reads = town.t.store.reads();
        assert!(grid_by_code(&reads, "b").await.unwrap().is_none());
        let closed = linli_territory::store::grids::find(&reads, b).await.unwrap();
        assert_eq!(closed.last_day(), Some(day.plus_days(-1)));
        let codes = |grids: Vec<linli_territory::boundary::GridShape>| -> Vec<String> {
            grids.into_iter().map(|g| g.code).collect()
        };
        assert_eq!(codes(grids_on(&reads, day.plus_days(-1)).await.unwrap()), ["a", "b"], "the past stays");
        assert_eq!(codes(grids_on(&reads, day).await.unwrap()), ["a", "c"]);
        assert!(grids_on(&reads, town.today.plus_days(-1)).await.unwrap().is_empty());
        assert_eq!((town.events("boundary.took-effect").await, town.events("grid.closed").await), (2, 1));

        // Once more does nothing more.
        assert_eq!(effect::run_due(&town.app).await.unwrap(), 0);
    }
}

#[tokio::test]
async fn a_grid_set_by_hand_stays_where_the_boundary_did_not_move() {
    for t in stores().await {
        let town = Town::new(t).await;
        let b = town.id("b").await;
        // The house lies in a, but somebody put it into b; a new set changes b's far side only.
        town.houses.put(1, Some((121.002, 31.005)), Some(b));
        let set = town.draft(&[square("a", "泾阳村", 0, 0, 10), square("b", "泾阳村", 10, 0, 9)]).await;
        effect::schedule(&town.app, &town.office, set, town.today.plus_days(1), false).await.unwrap();
        town.day_comes(town.today.plus_days(1)).await;
        assert_eq!(town.houses.grid(1), Some(b));
    }
}

#[tokio::test]
async fn a_set_is_refused_with_its_reason() {
    for t in stores().await {
        let town = Town::new(t).await;
        let b = town.id("b").await;
        let (app, office) = (&town.app, &town.office);
        let code = |r: Result<()>| r.unwrap_err().code;

        let crossing = town.draft(&[square("a", "泾阳村", 0, 0, 12), square("b", "泾阳村", 10, 0, 10)]).await;
        let later = town.today.plus_days(5);
        assert_eq!(code(effect::schedule(app, office, crossing, later, false).await), "boundary-faults");
        effect::schedule(app, office, crossing, later, true).await.unwrap();

        let clean = town.draft(&[square("a", "泾阳村", 0, 0, 10), square("b", "泾阳村", 10, 0, 10)]).await;
        let on = |day| effect::schedule(app, office, clean, day, false);
        assert_eq!(code(on(town.today.plus_days(-1)).await), "boundary-day-past");
        assert_eq!(code(on(town.today).await), "boundary-day-order", "one set holds from today already");
        assert_eq!(code(on(later).await), "boundary-day-taken");

        // b closes, and nothing of its ground is in the new set: its house would be nobody's.
        town.houses.put(1, Some((121.015, 31.005)), Some(b));
        let losing = town.draft(&[square("a", "泾阳村", 0, 0, 10)]).await;
        assert_eq!(code(effect::schedule(app, office, losing, town.today.plus_days(9), false).await), "boundary-lost");

        let other = linli_territory::upload(app, office, "x", Datum::Wgs84, file(&[square("a", "新桥村", 0, 0, 10)]));
        assert_eq!(other.await.unwrap_err().code, "boundary-other-committee");

        let tx = town.t.store.begin(office).await.unwrap();
        boundaries::drop_set(&tx, crossing).await.unwrap();
        tx.commit().await.unwrap();
        on(later).await.unwrap();
        let tx = town.t.store.begin(office).await.unwrap();
        assert_eq!(boundaries::drop_set(&tx, crossing).await.unwrap_err().code, "stale-version");
    }
}
