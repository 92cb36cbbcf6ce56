//! Hand-overs between grids, to other jurisdictions, and from them.

use std::collections::HashSet;

use askama::Template;
use axum::{
    Form,
    extract::{Path, State},
    response::Response,
};
use linli_platform::{
    Result,
    app::App,
    clock::At,
    ids::GridId,
    reader::{Purpose, Reader},
    web::{self, FormErrors, Page},
};
use serde::Deserialize;
use uuid::Uuid;

use super::{
    choices::{Choices, Places},
    form::can_be_put_right,
    new::home_at,
    record::opened,
    seen,
};
use crate::{
    codes::Source,
    escalation::{self, Clocked},
    ids::{ResidentId, TransferId},
    inward::{self, InwardRow},
    outward::{self, OutwardRow},
    residents,
    told::Told,
    transfers::{self, REFUSALS, TransferRow},
};

/// So many hand-overs from other jurisdictions are shown, open ones first; the export has all.
const SHOWN: i64 = 200;

#[derive(Template)]
#[template(path = "register/transfers.html")]
struct List {
    page: Page,
    errors: FormErrors,
    rows: Vec<TransferRow>,
    outward: Vec<OutwardRow>,
    inward: Vec<InwardRow>,
    /// Hand-overs that were reported a level up as overdue.
    climbed: HashSet<Uuid>,
    now: At,
    grids: Vec<(GridId, String)>,
    refusals: Choices,
    mine: Vec<GridId>,
    /// The hand-over whose acceptance could not be done, and what was typed: the address, or the other office's reference.
    typed: Option<(TransferId, String, String)>,
}

impl List {
    fn grid(&self, id: &Option<GridId>) -> String {
        let name = self.grids.iter().find(|(grid, _)| Some(*grid) == *id).map(|(_, name)| name.clone());
        name.unwrap_or_default()
    }
    /// What was typed into this hand-over's acceptance.
    fn typed(&self, id: &TransferId) -> Option<&str> {
        self.typed.as_ref().filter(|(typed, ..)| typed == id).map(|(_, text, _)| text.as_str())
    }
    /// When it was learnt, as typed; now in every other form.
    fn seen(&self, id: &TransferId) -> String {
        let typed = self.typed.as_ref().filter(|(typed, ..)| typed == id);
        typed.map_or_else(|| seen::text(self.now), |(.., seen)| seen.clone())
    }
    fn is_climbed(&self, id: &TransferId) -> bool {
        self.climbed.contains(&id.0)
    }
    fn is_mine(&self, row: &TransferRow) -> bool {
        row.from_grid_id.is_some_and(|g| self.mine.contains(&g))
    }
    fn to_me(&self, row: &TransferRow) -> bool {
        row.state == "offered" && row.to_grid_id.is_some_and(|g| self.mine.contains(&g))
    }
}

async fn view(app: &App, page: Page, reader: &Reader, errors: FormErrors) -> Result<List> {
    let q = app.store.reads();
    let grids = linli_territory::all_grids(&q).await?.into_iter().map(|g| (g.grid_id, g.name)).collect();
    let mine = Places::load(app, reader).await?.grids.iter().filter_map(|(id, _)| id.parse().ok()).collect();
    let title = page.t.s("transfers-title");
    let refusals = REFUSALS.iter().map(|r| ((*r).to_owned(), page.t.code("refusal", r))).collect();
    let mut climbed = HashSet::new();
    for kind in [Clocked::Transfer, Clocked::Outward, Clocked::Inward] {
        climbed.extend(escalation::of(&q, kind).await?);
    }
    Ok(List {
        rows: transfers::list(&q, reader).await?,
        outward: outward::list(&q, reader).await?,
        inward: inward::list(&q, reader, SHOWN).await?,
        climbed,
        now: app.store.now(),
        page: page.titled(title),
        errors,
        grids,
        refusals,
        mine,
        typed: None,
    })
}

pub(super) async fn list(State(app): State<App>, page: Page, reader: Reader) -> Result<Response> {
    web::render(&view(&app, page, &reader, FormErrors::new()).await?)
}

#[derive(Deserialize)]
pub(super) struct Offered {
    grid: GridId,
}

pub(super) async fn offer(
    State(app): State<App>,
    reader: Reader,
    Path(id): Path<ResidentId>,
    Form(offered): Form<Offered>,
) -> Result<Response> {
    let due = transfers::due_at(&app)?;
    let tx = app.store.begin(&reader).await?;
    transfers::offer(&tx, id, offered.grid, due).await?;
    tx.commit().await?;
    Ok(web::flash(web::redirect(&format!("/residents/{id}")), "transfer-offered"))
}

#[derive(Deserialize, Default)]
#[serde(default)]
pub(super) struct Accepted {
    version: i64,
    address: String,
    seen: String,
}

pub(super) async fn accept(
    State(app): State<App>,
    page: Page,
    reader: Reader,
    Path(id): Path<TransferId>,
    Form(accepted): Form<Accepted>,
) -> Result<Response> {
    let mut errors = FormErrors::new();
    let home = home_at(&app, &reader, &page.t, &mut errors, &accepted.address).await?;
    let seen_at = seen::read_at(&seen::field(id), app.store.now(), &accepted.seen, &mut errors);
    let (Some(home), true) = (home, errors.is_empty()) else {
        return again(&app, page, &reader, errors, (id, accepted.address, accepted.seen)).await;
    };
    let tx = app.store.begin(&reader).await?;
    let told = Told::seen(Source::DoorVisit, seen_at);
    transfers::accept(&tx, id, accepted.version, home, tx.now().day(), told).await?;
    tx.commit().await?;
    Ok(web::flash(web::redirect("/transfers"), "transfer-accepted"))
}

/// The page again with what was typed into one acceptance.
async fn again(
    app: &App,
    page: Page,
    reader: &Reader,
    errors: FormErrors,
    typed: (TransferId, String, String),
) -> Result<Response> {
    let view = List { typed: Some(typed), ..view(app, page, reader, errors).await? };
    web::render_status(http::StatusCode::UNPROCESSABLE_ENTITY, &view)
}

#[derive(Deserialize)]
pub(super) struct Refused {
    version: i64,
    #[serde(default)]
    reason: String,
}

pub(super) async fn refuse(
    State(app): State<App>,
    reader: Reader,
    Path(id): Path<TransferId>,
    Form(refused): Form<Refused>,
) -> Result<Response> {
    let tx = app.store.begin(&reader).await?;
    transfers::refuse(&tx, id, refused.version, &refused.reason).await?;
    tx.commit().await?;
    Ok(web::flash(web::redirect("/transfers"), "transfer-refused"))
}

#[derive(Deserialize)]
pub(super) struct Versioned {
    version: i64,
}

pub(super) async fn withdraw(
    State(app): State<App>,
    reader: Reader,
    Path(id): Path<TransferId>,
    Form(sent): Form<Versioned>,
) -> Result<Response> {
    let tx = app.store.begin(&reader).await?;
    transfers::withdraw(&tx, id, sent.version).await?;
    tx.commit().await?;
    Ok(web::flash(web::redirect("/transfers"), "transfer-withdrawn"))
}

/// Shows the receiving side whom it is to take over, once, on record.
pub(super) async fn reading(
    State(app): State<App>,
    page: Page,
    reader: Reader,
    Path(id): Path<TransferId>,
    Form(sent): Form<Versioned>,
) -> Result<Response> {
    let tx = app.store.begin(&reader).await?;
    let resident = transfers::begin_review(&tx, id, sent.version).await?;
    let open = residents::open(&tx, resident, Purpose::Transfer).await?;
    tx.commit().await?;
    opened(&app, page, open, Purpose::Transfer, "/transfers")
}

#[derive(Deserialize)]
#[serde(default)]
#[derive(Default)]
pub(super) struct Outward {
    version: i64,
    office: String,
    receipt: String,
    reason: String,
    seen: String,
}

pub(super) async fn offer_outward(
    State(app): State<App>,
    reader: Reader,
    Path(id): Path<ResidentId>,
    Form(typed): Form<Outward>,
) -> Result<Response> {
    let due = transfers::due_at(&app)?;
    let tx = app.store.begin(&reader).await?;
    outward::offer(&tx, id, &typed.office, due).await?;
    tx.commit().await?;
    Ok(web::flash(web::redirect(&format!("/residents/{id}")), "transfer-offered"))
}

pub(super) async fn accept_outward(
    State(app): State<App>,
    page: Page,
    reader: Reader,
    Path(id): Path<TransferId>,
    Form(typed): Form<Outward>,
) -> Result<Response> {
    let mut errors = FormErrors::new();
    let seen_at = seen::read_at(&seen::field(id), app.store.now(), &typed.seen, &mut errors);
    if errors.is_empty() {
        let tx = app.store.begin(&reader).await?;
        let told = Told::seen(Source::DataCheck, seen_at);
        match outward::accept(&tx, id, typed.version, &typed.receipt, told).await {
            Ok(()) => {
                tx.commit().await?;
                return Ok(web::flash(web::redirect("/transfers"), "transfer-accepted"));
            }
            Err(e) if can_be_put_right(&e) => errors.add_error(&page.t, &format!("receipt-{id}"), &e),
            Err(e) => return Err(e),
        }
    }
    again(&app, page, &reader, errors, (id, typed.receipt, typed.seen)).await
}

pub(super) async fn refuse_outward(
    State(app): State<App>,
    reader: Reader,
    Path(id): Path<TransferId>,
    Form(typed): Form<Outward>,
) -> Result<Response> {
    let tx = app.store.begin(&reader).await?;
    outward::refuse(&tx, id, typed.version, &typed.reason).await?;
    tx.commit().await?;
    Ok(web::flash(web::redirect("/transfers"), "transfer-refused"))
}

pub(super) async fn withdraw_outward(
    State(app): State<App>,
    reader: Reader,
    Path(id): Path<TransferId>,
    Form(sent): Form<Versioned>,
) -> Result<Response> {
    let tx = app.store.begin(&reader).await?;
    outward::withdraw(&tx, id, sent.version).await?;
    tx.commit().await?;
    Ok(web::flash(web::redirect("/transfers"), "transfer-withdrawn"))
}
