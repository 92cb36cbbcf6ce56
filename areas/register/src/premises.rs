//! The register's answer to the territory: where premises lie, and their move into other grids when boundaries change.

use std::collections::HashMap;

use futures::future::BoxFuture;
use linli_platform::{
    Result,
    event::{NewEvent, SubjectRef},
    ids::GridId,
    reader::Reader,
    store::{Query, Store, Tx},
    vals,
};
use linli_territory::{PremisesPoint, PremisesPoints};
use sea_orm::FromQueryResult;
use uuid::Uuid;

/// Addresses with what hangs on them.
pub struct RegisterPremises;

#[derive(FromQueryResult)]
struct Row {
    address_id: Uuid,
    lon: Option<f64>,
    lat: Option<f64>,
    grid_id: Option<GridId>,
    homes: i64,
    residents: i64,
}

async fn points(store: &Store, reader: &Reader) -> Result<Vec<PremisesPoint>> {
    let q = store.reads();
    let mut values = vals![q.division()];
    let scope = reader.scope.sql("a.grid_id", &mut values);
    let sql = format!(
        "SELECT a.address_id, a.lon, a.lat, a.grid_id, COUNT(DISTINCT h.home_id) AS homes,
           COUNT(r.resident_id) AS residents
         FROM address a
         LEFT JOIN home h ON h.division_code = a.division_code AND h.address_id = a.address_id
         LEFT JOIN resident r ON r.division_code = h.division_code AND r.home_id = h.home_id AND r.state = 'current'
         WHERE a.division_code = $1 AND a.state = 'current' AND {scope}
         GROUP BY a.address_id, a.lon, a.lat, a.grid_id"
    );
    let rows: Vec<Row> = q.rows(&sql, values).await?;
    Ok(rows
        .into_iter()
        .map(|r| PremisesPoint {
            id: r.address_id,
            at: r.lon.zip(r.lat),
            grid: r.grid_id,
            homes: r.homes,
            residents: r.residents,
        })
        .collect())
}

/// Addresses that go from one grid, or from none, into another.
struct Move<'a> {
    from: Option<GridId>,
    to: GridId,
    addresses: &'a [Uuid],
}

#[derive(FromQueryResult)]
struct Raised {
    id: Uuid,
    version: i64,
}

/// What an address has hanging on it: the table, its id, the kind of its events, and the rows that go with addresses.
const FOLLOWERS: [(&str, &str, &str, &str); 4] = [
    ("address", "address_id", "address.regridded", "address_id IN ({marks})"),
    ("home", "home_id", "home.regridded", "address_id IN ({marks})"),
    ("employer", "employer_id", "employer.regridded", "address_id IN ({marks})"),
    ("resident", "resident_id", "resident.regridded", "state = 'current' AND home_id IN ({homes})"),
];

/// The condition with the addresses' marks, which follow on from the values.
fn at(condition: &str, addresses: &[Uuid], values: &mut Vec<sea_orm::Value>) -> String {
    let marks = crate::sql::marks(values, addresses.iter().copied());
    let homes = format!("SELECT h.home_id FROM home h WHERE h.division_code = $1 AND h.address_id IN ({marks})");
    condition.replace("{marks}", &marks).replace("{homes}", &homes)
}

/// Puts some addresses and what hangs on them into one grid. Whatever has a version gets the next one and an event.
async fn reassign_to(tx: &Tx, moved: &Move<'_>) -> Result<u64> {
    let mut addresses = 0;
    for (table, id, kind, condition) in FOLLOWERS {
        let mut values = vals![tx.division(), moved.to];
        let condition = at(condition, moved.addresses, &mut values);
        let changed = if matches!(table, "address" | "resident") {
            format!(", changed_at = {}", crate::sql::mark(&mut values, tx.now()))
        } else {
            String::new()
        };
        let sql = format!(
            "UPDATE {table} SET grid_id = $2, version = version + 1{changed}
             WHERE division_code = $1 AND {condition} RETURNING {id} AS id, version"
        );
        let raised: Vec<Raised> = tx.rows(&sql, values).await?;
        if table == "address" {
            addresses = raised.len() as u64;
        }
        let event = |r: &Raised| {
            NewEvent::new(kind, SubjectRef::new(table, r.id, Some(moved.to)))
                .version(r.version)
                .body(serde_json::json!({ "grid_from": moved.from }))
        };
        tx.events(raised.iter().map(event).collect()).await?;
    }
    let mut values = vals![tx.division(), moved.to];
    let condition = at("until_day IS NULL AND home_id IN ({homes})", moved.addresses, &mut values);
    let residences = format!("UPDATE residence SET grid_id = $2 WHERE division_code = $1 AND {condition}");
    tx.execute(&residences, values).await?;
    crate::transfers::follow(tx, moved.addresses, moved.to).await?;
    crate::inward::follow(tx, moved.addresses, moved.to).await?;
    Ok(addresses)
}

/// The grids that addresses lie in now.
async fn grids_of(tx: &Tx, addresses: &[Uuid]) -> Result<HashMap<Uuid, Option<GridId>>> {
    #[derive(FromQueryResult)]
    struct Lies {
        address_id: Uuid,
        grid_id: Option<GridId>,
    }
    let mut all = HashMap::with_capacity(addresses.len());
    for chunk in addresses.chunks(5_000) {
        let mut values = vals![tx.division()];
        let condition = at("address_id IN ({marks})", chunk, &mut values);
        let sql = format!("SELECT address_id, grid_id FROM address WHERE division_code = $1 AND {condition}");
        let rows: Vec<Lies> = tx.rows(&sql, values).await?;
        all.extend(rows.into_iter().map(|r| (r.address_id, r.grid_id)));
    }
    Ok(all)
}

async fn reassign(tx: &Tx, moves: &[(Uuid, GridId)]) -> Result<u64> {
    let addresses: Vec<Uuid> = moves.iter().map(|(address, _)| *address).collect();
    let lie = grids_of(tx, &addresses).await?;
    let mut by_grids: HashMap<(Option<GridId>, GridId), Vec<Uuid>> = HashMap::new();
    for (address, to) in moves {
        let from = lie.get(address).copied().flatten();
        by_grids.entry((from, *to)).or_default().push(*address);
    }
    let mut moved = 0;
    for ((from, to), addresses) in by_grids {
        for addresses in addresses.chunks(1_000) {
            moved += reassign_to(tx, &Move { from, to, addresses }).await?;
        }
    }
    crate::transfers::return_from_closed_grids(tx).await?;
    Ok(moved)
}

impl PremisesPoints for RegisterPremises {
    fn points<'a>(&'a self, store: &'a Store, reader: &'a Reader) -> BoxFuture<'a, Result<Vec<PremisesPoint>>> {
        Box::pin(points(store, reader))
    }
    fn reassign<'a>(&'a self, tx: &'a Tx, moves: &'a [(Uuid, GridId)]) -> BoxFuture<'a, Result<u64>> {
        Box::pin(reassign(tx, moves))
    }
}
