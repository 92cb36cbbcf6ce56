//! The checklist of an inspection, grid by grid.

use std::collections::HashMap;

use axum::{
    extract::{Form, Path, State},
    response::Response,
};
use http::StatusCode;
use linli_platform::{
    Result,
    app::App,
    reader::Reader,
    store::Query,
    web::{FormErrors, Page, flash, given, redirect},
};

use super::{checklist, inspection};
use crate::{
    checks::{self, Looked},
    ids::InspectionId,
    inspections::GridRow,
};

/// A grid with its checklist.
pub(super) struct GridChecks {
    pub id: String,
    pub name: String,
    pub items: Vec<Check>,
    /// Items that were looked at: in order, or with a fault.
    pub looked: usize,
}

/// An item of it.
pub(super) struct Check {
    pub id: String,
    pub name: String,
    pub in_order: bool,
    pub faulty: bool,
}

/// The checklists of an inspection's grids.
pub(super) async fn by_grid(
    app: &App,
    page: &Page,
    q: &impl Query,
    id: InspectionId,
    grids: &[GridRow],
) -> Result<Vec<GridChecks>> {
    let (fine, faulty) = (checks::in_order(q, id).await?, checks::faulty(q, id).await?);
    let names = checklist(app, page);
    let of = |grid: &GridRow| {
        let one = |(item, name): &(String, String)| {
            let looked = Looked { grid_id: grid.grid_id, item: item.clone() };
            let (in_order, faulty) = (fine.contains(&looked), faulty.contains(&looked));
            Check { id: item.clone(), name: name.clone(), in_order, faulty }
        };
        let items: Vec<Check> = names.iter().map(one).collect();
        let looked = items.iter().filter(|i| i.in_order || i.faulty).count();
        GridChecks { id: grid.grid_id.to_string(), name: grid.name.clone(), items, looked }
    };
    Ok(grids.iter().map(of).collect())
}

/// `POST /inspections/{id}/checks`; what is in order is ticked as `item-<id>`.
pub(super) async fn look(
    State(app): State<App>,
    reader: Reader,
    page: Page,
    Path(id): Path<InspectionId>,
    Form(form): Form<HashMap<String, String>>,
) -> Result<Response> {
    let Ok(grid) = given(&form, "grid").parse() else {
        let mut errors = FormErrors::new();
        errors.add("grid", "form-required");
        return inspection::answer(&app, &reader, page, id, errors, form, StatusCode::UNPROCESSABLE_ENTITY).await;
    };
    let items: Vec<String> = form.keys().filter_map(|name| name.strip_prefix("item-")).map(str::to_owned).collect();
    let tx = app.store.begin(&reader).await?;
    match checks::look(&tx, &app.pack, id, grid, &items).await {
        Ok(()) => {
            tx.commit().await?;
            Ok(flash(redirect(&format!("/inspections/{id}")), "inspection-looked-now"))
        }
        Err(e) => {
            drop(tx);
            inspection::answer_refused(&app, &reader, page, id, form, e).await
        }
    }
}
