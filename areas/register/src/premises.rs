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

/// Puts some addresses and what hangs on them into one grid.
async fn reassign_to(tx: &Tx, grid: GridId, addresses: &[Uuid]) -> Result<u64> {
    let mut moved = 0;
    for chunk in addresses.chunks(1_000) {
        let mut values = vals![tx.division(), grid, tx.now()];
        let marks = crate::sql::marks(&mut values, chunk.iter().copied());
        let at = format!("(SELECT h.home_id FROM home h WHERE h.division_code = $1 AND h.address_id IN ({marks}))");
        moved += tx
            .execute(
                &format!(
                    "UPDATE address SET grid_id = $2, changed_at = $3, version = version + 1
                     WHERE division_code = $1 AND address_id IN ({marks})"
                ),
                values.clone(),
            )
            .await?;
        let residents = format!(
            "UPDATE resident SET grid_id = $2, changed_at = $3, version = version + 1
             WHERE division_code = $1 AND state = 'current' AND home_id IN {at}"
        );
        tx.execute(&residents, values).await?;
        let mut values = vals![tx.division(), grid];
        let marks = crate::sql::marks(&mut values, chunk.iter().copied());
        let at = format!("(SELECT h.home_id FROM home h WHERE h.division_code = $1 AND h.address_id IN ({marks}))");
        let residences = format!(
            "UPDATE residence SET grid_id = $2 WHERE division_code = $1 AND until_day IS NULL AND home_id IN {at}"
        );
        tx.execute(&residences, values.clone()).await?;
        for table in ["home", "employer"] {
            let sql = format!(
                "UPDATE {table} SET grid_id = $2, version = version + 1
                 WHERE division_code = $1 AND address_id IN ({marks})"
            );
            tx.execute(&sql, values.clone()).await?;
        }
    }
    let events = addresses
        .iter()
        .map(|id| NewEvent::new("address.regridded", SubjectRef::new("address", *id, Some(grid))))
        .collect();
    tx.events(events).await?;
    Ok(moved)
}

impl PremisesPoints for RegisterPremises {
    fn points<'a>(&'a self, store: &'a Store, reader: &'a Reader) -> BoxFuture<'a, Result<Vec<PremisesPoint>>> {
        Box::pin(points(store, reader))
    }
    fn reassign<'a>(&'a self, tx: &'a Tx, moves: &'a [(Uuid, GridId)]) -> BoxFuture<'a, Result<u64>> {
        Box::pin(async move {
            let mut by_grid: HashMap<GridId, Vec<Uuid>> = HashMap::new();
            for (address, grid) in moves {
                by_grid.entry(*grid).or_default().push(*address);
            }
            let mut moved = 0;
            for (grid, addresses) in by_grid {
                moved += reassign_to(tx, grid, &addresses).await?;
            }
            Ok(moved)
        })
    }
}
