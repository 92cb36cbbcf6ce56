//! More of the register's tables as workbooks, like those of [`export`](super::export): where people live, where they work,
//! and hand-overs.

use axum::{extract::State, response::Response};
use linli_platform::{
    AppError, Result, app::App, clock::Day, ids::GridId, reader::Reader, sheet::Out, store::Query, vals, web::Page,
};
use sea_orm::FromQueryResult;

use super::{
    choices::Places,
    export::{MAX_ROWS, STEP, Table, day, give, or_blank, yes_no},
};
use crate::{
    ids::ResidentId,
    inward, outward,
    residents::{self, Filter, MaskedResident},
    transfers,
};

const RESIDENCE: &[&str] = &[
    "column-resident-name",
    "column-resident-doc-kind",
    "column-resident-doc-no",
    "column-resident-address",
    "register-grid",
    "residence-main",
    "column-resident-since",
    "register-source",
];

/// A current residence, masked.
#[derive(FromQueryResult)]
struct Residence {
    resident_id: ResidentId,
    name_masked: String,
    doc_kind: String,
    doc_masked: String,
    address_text: String,
    grid_id: Option<GridId>,
    is_main: bool,
    from_day: Day,
    source: String,
}

/// The residences after the one that was given last, within the reader's scope. Those that ended are in nobody's table:
/// they are the history of one record (boundary 2).
async fn residences_after(q: &impl Query, reader: &Reader, last: Option<ResidentId>) -> Result<Vec<Residence>> {
    let mut values = vals![q.division()];
    let scope = reader.scope.sql("l.grid_id", &mut values);
    let after = last.map(|id| {
        values.push(id.into());
        format!(" AND l.resident_id > ${}", values.len())
    });
    let sql = format!(
        "SELECT l.resident_id, r.name_masked, r.doc_kind, r.doc_masked, a.text AS address_text, l.grid_id, l.is_main,
           l.from_day, l.source
         FROM residence l
         JOIN resident r ON r.division_code = l.division_code AND r.resident_id = l.resident_id
         JOIN home h ON h.division_code = l.division_code AND h.home_id = l.home_id
         JOIN address a ON a.division_code = h.division_code AND a.address_id = h.address_id
         WHERE l.division_code = $1 AND l.until_day IS NULL AND r.state = 'current' AND {scope}{}
         ORDER BY l.resident_id LIMIT {STEP}",
        after.unwrap_or_default()
    );
    q.rows(&sql, values).await
}

pub(super) async fn residences(State(app): State<App>, page: Page, reader: Reader) -> Result<Response> {
    let (places, q) = (Places::load(&app, &reader).await?, app.store.reads());
    let mut table = Table::new(&page, "residences", "residences-title", RESIDENCE);
    let mut last = None;
    loop {
        let rows = residences_after(&q, &reader, last).await?;
        last = rows.last().map(|r| r.resident_id).or(last);
        let row = |r: Residence| {
            vec![
                Out::Text(r.name_masked),
                Out::Text(page.t.code("doc-kind", &r.doc_kind)),
                Out::Text(r.doc_masked),
                Out::Text(r.address_text),
                Out::Text(places.grid(&r.grid_id)),
                yes_no(&page, r.is_main),
                day(Some(r.from_day)),
                Out::Text(page.t.code("source", &r.source)),
            ]
        };
        if !table.take(rows.into_iter().map(row).collect())? {
            break;
        }
    }
    give(&app, &page, &reader, table).await
}

const EMPLOYMENT: &[&str] = &[
    "column-resident-name",
    "column-resident-doc-kind",
    "column-resident-doc-no",
    "column-resident-employer",
    "column-resident-address",
    "register-grid",
];

fn employment(page: &Page, places: &Places, r: MaskedResident) -> Vec<Out> {
    vec![
        Out::Text(r.name_masked),
        Out::Text(page.t.code("doc-kind", &r.doc_kind)),
        Out::Text(r.doc_masked),
        or_blank(r.employer_name),
        or_blank(r.address_text),
        Out::Text(places.grid(&r.grid_id)),
    ]
}

pub(super) async fn employments(State(app): State<App>, page: Page, reader: Reader) -> Result<Response> {
    let (places, q) = (Places::load(&app, &reader).await?, app.store.reads());
    let filter = Filter { employed: true, ..Filter::default() };
    if residents::count(&q, &reader, &filter).await? > MAX_ROWS as i64 {
        return Err(AppError::rule("export-too-many").arg("max", MAX_ROWS));
    }
    let mut table = Table::new(&page, "employments", "employments-title", EMPLOYMENT);
    let mut last = None;
    loop {
        let rows = residents::after(&q, &reader, &filter, last, STEP).await?;
        last = rows.last().map(|r| (r.entered_at, r.resident_id)).or(last);
        if !table.take(rows.into_iter().map(|r| employment(&page, &places, r)).collect())? {
            break;
        }
    }
    give(&app, &page, &reader, table).await
}

const TRANSFER: &[&str] = &[
    "transfer-direction",
    "column-resident-name",
    "transfer-from",
    "transfer-to",
    "common-state",
    "transfer-refusal",
    "transfer-offered-at",
    "common-due",
    "transfer-reference",
];

/// Hand-overs of all kinds that touch the reader's grids.
pub(super) async fn transfers(State(app): State<App>, page: Page, reader: Reader) -> Result<Response> {
    let q = app.store.reads();
    let grids = linli_territory::all_grids(&q).await?;
    let grid = |id: &Option<GridId>| {
        let name = grids.iter().find(|g| Some(g.grid_id) == *id).map(|g| g.name.clone());
        or_blank(name)
    };
    let refusal = |code: Option<String>| or_blank(code.map(|code| page.t.code("refusal", code)));
    let state = |code: &str| Out::Text(page.t.code("transfer-state", code));
    let direction = |key: &str| Out::Text(page.t.s(key));
    let mut table = Table::new(&page, "transfers", "nav-transfers", TRANSFER);
    let limit = i64::try_from(MAX_ROWS).unwrap_or(i64::MAX);
    let between = transfers::list_first(&q, &reader, limit).await?.into_iter().map(|t| {
        vec![
            direction("transfer-between"),
            Out::Text(t.name_masked),
            grid(&t.from_grid_id),
            grid(&t.to_grid_id),
            state(&t.state),
            refusal(t.refusal),
            Out::Text(t.offered_at.minute_text()),
            Out::Text(t.due_at.deadline_text()),
            Out::Blank,
        ]
    });
    table.take(between.collect())?;
    let out = outward::list_first(&q, &reader, limit).await?.into_iter().map(|t| {
        vec![
            direction("transfer-outward"),
            Out::Text(t.name_masked),
            Out::Blank,
            Out::Text(t.to_office),
            state(&t.state),
            refusal(t.refusal),
            Out::Text(t.offered_at.minute_text()),
            Out::Text(t.due_at.deadline_text()),
            or_blank(t.receipt),
        ]
    });
    table.take(out.collect())?;
    let inward = inward::list(&q, &reader, limit).await?.into_iter().map(|t| {
        vec![
            direction("transfer-inward"),
            Out::Text(t.name_masked),
            Out::Text(t.from_office),
            grid(&t.grid_id),
            state(&t.state),
            refusal(t.refusal),
            Out::Text(t.offered_day.to_string()),
            Out::Text(t.due_at.deadline_text()),
            Out::Text(t.reference),
        ]
    });
    table.take(inward.collect())?;
    give(&app, &page, &reader, table).await
}
