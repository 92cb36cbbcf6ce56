//! Tests of the territory, on every engine that is there.

#![allow(clippy::unwrap_used, reason = "a test that meets the unexpected should end there")]

#[path = "all/committees.rs"]
mod committees;
#[path = "all/effect.rs"]
mod effect;
#[path = "all/faults.rs"]
mod faults;
#[path = "all/pages.rs"]
mod pages;

use linli_platform::{reader::Reader, store::Store, testing::TestStore};
use linli_territory::Committees;
use policy_pack::Pack;

/// Fresh stores with the platform's and the territory's tables and the pack's committees.
pub async fn stores() -> Vec<TestStore> {
    let migrations = || {
        let mut all = linli_platform::store::migrations();
        all.extend(linli_territory::migrations());
        all
    };
    let all = linli_platform::testing::stores(migrations).await;
    for t in &all {
        let tx = t.store.begin(&Reader::system()).await.unwrap();
        linli_territory::setup_from_pack(&tx, &Pack::embedded()).await.unwrap();
        tx.commit().await.unwrap();
    }
    all
}

/// What reads committees' names.
pub async fn known(store: &Store) -> Committees {
    linli_territory::committees(&store.reads()).await.unwrap()
}

/// A square grid: west and south edge and size in thousandths of a degree from 121.0, 31.0.
pub fn square(code: &str, committee: &str, west: i32, south: i32, size: i32) -> serde_json::Value {
    let at = |x: i32, y: i32| [121.0 + f64::from(x) / 1000.0, 31.0 + f64::from(y) / 1000.0];
    let ring = [
        at(west, south),
        at(west + size, south),
        at(west + size, south + size),
        at(west, south + size),
        at(west, south),
    ];
    feature(code, committee, &serde_json::json!({ "type": "Polygon", "coordinates": [ring] }))
}

/// A feature with any geometry.
pub fn feature(code: &str, committee: &str, geometry: &serde_json::Value) -> serde_json::Value {
    serde_json::json!({
        "type": "Feature",
        "properties": { "grid_code": code, "name": format!("第{code}微网格"), "committee": committee },
        "geometry": geometry,
    })
}

/// A file of features.
pub fn file(features: &[serde_json::Value]) -> String {
    serde_json::json!({ "type": "FeatureCollection", "features": features }).to_string()
}
