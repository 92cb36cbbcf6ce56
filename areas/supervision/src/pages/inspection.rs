//! One inspection: its group, its grids, its findings, its report.

use std::collections::HashMap;

use askama::Template;
use axum::{
    extract::{Form, Path, State},
    response::Response,
};
use http::StatusCode;
use linli_platform::{
    AppError, Result,
    access::Action,
    app::App,
    clock::{At, Day},
    reader::Reader,
    web::{FormErrors, Page, flash, flash_n, given, redirect, refused, render_status, version},
};

use super::{
    Found, checklist,
    checks::{GridChecks, by_grid},
    found,
};
use crate::{
    codes::FindingKind,
    findings::{self, NewFinding},
    ids::InspectionId,
    inspections::{self, GridRow, InspectionRow, MemberRow},
};

#[derive(Template)]
#[template(path = "supervision/inspection.html")]
struct InspectionPage {
    page: Page,
    errors: FormErrors,
    form: HashMap<String, String>,
    row: InspectionRow,
    members: Vec<MemberRow>,
    grids: Vec<GridRow>,
    findings: Vec<Found>,
    checks: Vec<GridChecks>,
    kinds: Vec<(&'static str, String)>,
    items: Vec<(String, String)>,
    places: Vec<(String, String)>,
    today: Day,
    now: At,
    /// Whether the reader can note findings now.
    notes: bool,
    /// Whether the reader can call it off.
    withdraws: bool,
}

impl InspectionPage {
    fn value(&self, name: &str) -> &str {
        given(&self.form, name)
    }
}

/// `GET /inspections/{id}`
pub(super) async fn show(
    State(app): State<App>,
    reader: Reader,
    page: Page,
    Path(id): Path<InspectionId>,
) -> Result<Response> {
    answer(&app, &reader, page, id, FormErrors::new(), HashMap::new(), StatusCode::OK).await
}

pub(super) async fn answer(
    app: &App,
    reader: &Reader,
    page: Page,
    id: InspectionId,
    errors: FormErrors,
    form: HashMap<String, String>,
    status: StatusCode,
) -> Result<Response> {
    let q = app.store.reads();
    let row = inspections::find(&q, reader, id).await?;
    let members = inspections::members(&q, id).await?;
    let grids = inspections::grids(&q, id).await?;
    let today = app.store.clock().today();
    let own = members.iter().any(|m| m.account_id == Some(reader.account));
    let findings = found(app, &page, findings::of_inspection(&q, reader, id).await?);
    let checks = by_grid(app, &page, &q, id, &grids).await?;
    let title = format!("{} {}", page.t.code("inspection-mode", &row.mode), row.day);
    let shown = InspectionPage {
        errors,
        form,
        withdraws: reader.may(Action::InspectionPlan)
            && row.is_open()
            && findings.is_empty()
            && checks.iter().all(|g| g.looked == 0),
        checks,
        findings,
        kinds: FindingKind::choices().into_iter().map(|(code, key)| (code, page.t.s(key))).collect(),
        items: checklist(app, &page),
        places: grids.iter().map(|g| (g.grid_id.to_string(), g.name.clone())).collect(),
        today,
        now: app.store.now(),
        notes: own && reader.may(Action::InspectionRecord) && row.is_open() && row.has_come(today),
        page: page.titled(title),
        row,
        members,
        grids,
    };
    render_status(status, &shown)
}

/// `POST /inspections/{id}/findings`
pub(super) async fn note(
    State(app): State<App>,
    reader: Reader,
    page: Page,
    Path(id): Path<InspectionId>,
    Form(form): Form<HashMap<String, String>>,
) -> Result<Response> {
    let mut errors = FormErrors::new();
    let kind = FindingKind::from_code(given(&form, "kind"));
    let grid = given(&form, "grid").parse().ok();
    errors.require(kind.is_some(), "kind", "form-required");
    errors.require(grid.is_some(), "grid", "form-required");
    let records = match given(&form, "records") {
        "" => Some(0),
        text => text.parse().ok(),
    };
    errors.require(records.is_some(), "records", "form-unreadable");
    let (Some(kind), Some(grid), Some(records)) = (kind, grid, records) else {
        return answer(&app, &reader, page, id, errors, form, StatusCode::UNPROCESSABLE_ENTITY).await;
    };
    let new = NewFinding {
        kind,
        grid,
        records,
        item: given(&form, "item").to_owned(),
        words: given(&form, "words").to_owned(),
        serious: given(&form, "serious") == "true",
    };
    let tx = app.store.begin(&reader).await?;
    match findings::note(&app, &tx, id, new).await {
        Ok(_) => {
            tx.commit().await?;
            Ok(flash(redirect(&format!("/inspections/{id}")), "finding-noted-now"))
        }
        Err(e) => {
            drop(tx);
            answer_refused(&app, &reader, page, id, form, e).await
        }
    }
}

/// `POST /inspections/{id}/closure`
pub(super) async fn close(
    State(app): State<App>,
    reader: Reader,
    page: Page,
    Path(id): Path<InspectionId>,
    Form(form): Form<HashMap<String, String>>,
) -> Result<Response> {
    let tx = app.store.begin(&reader).await?;
    match inspections::close(&app, &tx, id, version(&form), given(&form, "summary")).await {
        Ok(faults) => {
            tx.commit().await?;
            Ok(flash_n(redirect(&format!("/inspections/{id}")), "inspection-closed-now", faults))
        }
        Err(e) => {
            drop(tx);
            answer_refused(&app, &reader, page, id, form, e).await
        }
    }
}

/// `POST /inspections/{id}/withdrawal`
pub(super) async fn withdraw(
    State(app): State<App>,
    reader: Reader,
    page: Page,
    Path(id): Path<InspectionId>,
    Form(form): Form<HashMap<String, String>>,
) -> Result<Response> {
    let tx = app.store.begin(&reader).await?;
    match inspections::withdraw(&tx, id, version(&form)).await {
        Ok(()) => {
            tx.commit().await?;
            Ok(flash(redirect(&format!("/inspections/{id}")), "inspection-withdrawn-now"))
        }
        Err(e) => {
            drop(tx);
            answer_refused(&app, &reader, page, id, form, e).await
        }
    }
}

/// Answers a change that was refused with the form as it was typed, and passes other errors on.
pub(super) async fn answer_refused(
    app: &App,
    reader: &Reader,
    page: Page,
    id: InspectionId,
    form: HashMap<String, String>,
    error: AppError,
) -> Result<Response> {
    let field = match error.code {
        "finding-item" => "item",
        "finding-grid" => "grid",
        "finding-records" => "records",
        "finding-words" => "words",
        "inspection-summary" | "inspection-unlooked" => "summary",
        code if code.starts_with("free-text") && form.contains_key("summary") => "summary",
        code if code.starts_with("free-text") => "words",
        _ => "",
    };
    let errors = refused(&page.t, field, error)?;
    answer(app, reader, page, id, errors, form, StatusCode::UNPROCESSABLE_ENTITY).await
}
