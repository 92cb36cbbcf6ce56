//! Import of standard addresses.

use std::collections::HashSet;

use futures::future::BoxFuture;
use linli_platform::{
    Result,
    app::App,
    import::{CellProblem, CheckOutcome, ColumnSpec, ImportKind, MappedRow},
    jobs::Job,
    reader::Reader,
    store::{Query, Tx},
    vals,
};
use linli_territory::{
    Committees, Grid, GridIndex,
    imports::{committee_cell, grid_cell},
};
use sea_orm::FromQueryResult;

use super::{cell, column, problem, refuse_fatal, with_arg};
use crate::{
    address_life::MAX_CHARS,
    addresses::{self, NewAddress},
    codes::Source,
};

/// The table of standard addresses.
pub(super) struct AddressImport;

const COLUMNS: &[ColumnSpec] = &[
    column("address-text", &["地址", "标准地址", "门牌地址", "详细地址", "地址全称", "address", "text"], true, false),
    column(
        "address-committee",
        &["村居", "村居名称", "居村委", "居委会", "村委会", "所属村居", "committee"],
        true,
        false,
    ),
    column(
        "address-grid",
        &["微网格", "网格", "网格代码", "微网格代码", "所属网格", "grid", "grid_code"],
        false,
        false,
    ),
    column("address-lon", &["经度", "lon", "lng", "longitude", "x"], false, false),
    column("address-lat", &["纬度", "lat", "latitude", "y"], false, false),
];
const TEXT: usize = 0;
const COMMITTEE: usize = 1;
const GRID: usize = 2;
const LON: usize = 3;
const LAT: usize = 4;

struct Around {
    committees: Committees,
    grids: Vec<Grid>,
    index: std::sync::Arc<GridIndex>,
    known: HashSet<String>,
}

impl Around {
    async fn load(app: &App) -> Result<Self> {
        #[derive(FromQueryResult)]
        struct Row {
            text: String,
        }
        let q = app.store.reads();
        let rows: Vec<Row> = q
            .rows("SELECT text FROM address WHERE division_code = $1 AND state = 'current'", vals![q.division()])
            .await?;
        Ok(Around {
            committees: linli_territory::committees(&q).await?,
            grids: linli_territory::all_grids(&q).await?,
            index: GridIndex::of(app).await?,
            known: rows.into_iter().map(|r| r.text).collect(),
        })
    }

    fn read(&self, row: &MappedRow) -> Result<NewAddress, CellProblem> {
        let text = cell(row, TEXT);
        match text.chars().count() {
            0 => return Err(problem(row.row, "address-text", "address-empty", true)),
            n if n > MAX_CHARS => {
                return Err(with_arg(problem(row.row, "address-text", "address-too-long", true), "max", MAX_CHARS));
            }
            _ => {}
        }
        let committee = committee_cell(&self.committees, row.row, "address-committee", cell(row, COMMITTEE))?;
        let (lon, lat) =
            (coordinate(row, LON, "address-lon", 73.0..=136.0)?, coordinate(row, LAT, "address-lat", 3.0..=54.0)?);
        let at_point = lon.zip(lat).and_then(|(lon, lat)| self.index.grid_at(lon, lat));
        let grid_id = match cell(row, GRID) {
            "" => at_point,
            code => Some(grid_cell(&self.grids, row.row, "address-grid", code, Some(&committee))?.grid_id),
        };
        Ok(NewAddress {
            address_id: None,
            text: text.into(),
            committee_code: committee,
            grid_id,
            lon,
            lat,
            source: Source::Import,
        })
    }
}

fn coordinate(
    row: &MappedRow,
    at: usize,
    column: &'static str,
    range: std::ops::RangeInclusive<f64>,
) -> Result<Option<f64>, CellProblem> {
    match cell(row, at) {
        "" => Ok(None),
        text => match text.parse::<f64>() {
            Ok(value) if range.contains(&value) => Ok(Some(value)),
            _ => Err(problem(row.row, column, "coordinate", true)),
        },
    }
}

struct Plan {
    problems: Vec<CellProblem>,
    new: Vec<NewAddress>,
    same: i64,
}

fn plan(around: &Around, rows: &[MappedRow]) -> Plan {
    let mut plan = Plan { problems: Vec::new(), new: Vec::new(), same: 0 };
    let mut seen: std::collections::HashMap<String, u64> = std::collections::HashMap::new();
    for row in rows {
        match around.read(row) {
            Err(p) => plan.problems.push(p),
            Ok(address) if around.known.contains(&address.text) => plan.same += 1,
            Ok(address) => {
                if let Some(first) = seen.insert(address.text.clone(), row.row) {
                    plan.problems.push(with_arg(problem(row.row, "address-text", "row-twice", true), "row", first));
                    continue;
                }
                if address.grid_id.is_none() {
                    plan.problems.push(problem(row.row, "address-grid", "address-outside-grids", false));
                }
                plan.new.push(address);
            }
        }
    }
    plan
}

impl ImportKind for AddressImport {
    fn name(&self) -> &'static str {
        "addresses"
    }
    fn columns(&self) -> &'static [ColumnSpec] {
        COLUMNS
    }
    fn check<'a>(&'a self, app: &'a App, _: &'a Reader, rows: &'a [MappedRow]) -> BoxFuture<'a, Result<CheckOutcome>> {
        Box::pin(async move {
            let plan = plan(&Around::load(app).await?, rows);
            let new = i64::try_from(plan.new.len()).unwrap_or(i64::MAX);
            Ok(CheckOutcome {
                problems: plan.problems,
                counts: vec![("register-new".into(), new), ("register-same".into(), plan.same)],
            })
        })
    }
    fn apply<'a>(
        &'a self,
        app: &'a App,
        tx: &'a Tx,
        rows: &'a [MappedRow],
        _: Option<&'a Job>,
    ) -> BoxFuture<'a, Result<u64>> {
        Box::pin(async move {
            let plan = plan(&Around::load(app).await?, rows);
            refuse_fatal(&plan.problems)?;
            Ok(addresses::insert_many(tx, plan.new).await?.len() as u64)
        })
    }
    fn applied<'a>(&'a self, app: &'a App) -> BoxFuture<'a, Result<()>> {
        Box::pin(async move { addresses::book(app).await.map(|_| ()) })
    }
}
