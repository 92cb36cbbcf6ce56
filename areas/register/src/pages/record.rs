//! One record: masked with its history; opened by purpose; who looked.

use askama::Template;
use axum::{
    Form,
    extract::{Path, State},
    response::Response,
};
use linli_platform::{
    AppError, Result,
    access::Action,
    app::App,
    basis,
    clock::At,
    ids::GridId,
    reader::{Purpose, Reader},
    web::{self, Page},
};
use serde::Deserialize;

use super::{
    choices::{Choices, Places, of_codes},
    facts::{self, FactRow},
};
use crate::{
    codes::{DoubtCause, DoubtOutcome, Fact},
    counter,
    doubts::{self, Doubt},
    erasure::ErasureReason,
    history::{self, Reading, Step},
    ids::ResidentId,
    merges::{self, MergeRow},
    residents::{self, MaskedResident, OpenResident},
};

#[derive(Template)]
#[template(path = "register/resident.html")]
struct Record {
    page: Page,
    r: MaskedResident,
    facts: Vec<FactRow>,
    grid: String,
    grids: Choices,
    steps: Vec<Step>,
    purposes: Vec<&'static str>,
    doubts: Vec<Doubt>,
    causes: Choices,
    outcomes: Choices,
    now: At,
    /// Records merged into this one.
    merged: Vec<MergeRow>,
    /// The record that this one was merged into.
    merged_into: Option<ResidentId>,
    erasure_reasons: Vec<&'static str>,
}

impl Record {
    /// The open doubt, which stands at the address alone.
    fn doubt_of(&self, fact: &Fact) -> Option<&Doubt> {
        self.doubts.iter().find(|d| *fact == Fact::Residence && d.state == "open")
    }
}

/// The purposes for which the reader can open the record now: those with an open task, and the counter.
async fn purposes(app: &App, reader: &Reader, id: ResidentId, grid: Option<GridId>) -> Result<Vec<&'static str>> {
    if !reader.may(Action::RegisterUnmask) {
        return Ok(Vec::new());
    }
    let mut all = basis::purposes(&app.store.reads(), reader.account, id.0, app.store.now()).await?;
    all.retain(|p| *p != Purpose::CounterService);
    if counter::serves(reader) {
        all.push(Purpose::CounterService);
    }
    if reader.emergency_in(grid, app.store.now()).is_some() {
        all.push(Purpose::Emergency);
    }
    Ok(all.into_iter().map(Purpose::code).collect())
}

pub(super) async fn show(
    State(app): State<App>,
    page: Page,
    reader: Reader,
    Path(id): Path<ResidentId>,
) -> Result<Response> {
    let q = app.store.reads();
    let r = residents::find(&q, &reader, id).await?;
    let places = Places::named(&app, &[r.grid_id]).await?;
    let facts = facts::rows(&page.t, &r, &history::provenance(&q, &reader, id).await?);
    let causes = of_codes(&page.t, DoubtCause::choices());
    let said = DoubtOutcome::SAID.iter().map(|o| (o.code(), format!("doubt-outcome-{o}"))).collect();
    let outcomes = of_codes(&page.t, said);
    let title = page.t.s("resident-title");
    web::render(&Record {
        page: page.titled(title),
        facts,
        grid: places.grid(&r.grid_id),
        grids: linli_territory::all_grids(&q).await?.into_iter().map(|g| (g.grid_id.to_string(), g.name)).collect(),
        steps: history::of_resident(&q, &reader, id).await?,
        purposes: purposes(&app, &reader, id, r.grid_id).await?,
        doubts: doubts::of_resident(&q, &reader, id).await?,
        causes,
        outcomes,
        now: app.store.now(),
        merged: merges::of_record(&q, &reader, id).await?,
        merged_into: merges::absorbed_into(&q, &reader, id).await?,
        erasure_reasons: ErasureReason::ALL.iter().map(|r| r.code()).collect(),
        r,
    })
}

#[derive(Deserialize)]
pub(super) struct Stated {
    #[serde(default)]
    purpose: String,
}

#[derive(Template)]
#[template(path = "register/reading.html")]
struct Opened {
    page: Page,
    open: OpenResident,
    purpose: &'static str,
}

/// Opens the record once for the stated purpose. Nothing keeps the answer, and the title names nobody.
pub(super) async fn reading(
    State(app): State<App>,
    page: Page,
    reader: Reader,
    Path(id): Path<ResidentId>,
    Form(stated): Form<Stated>,
) -> Result<Response> {
    let purpose = Purpose::from_code(&stated.purpose).ok_or_else(|| AppError::rule("purpose-missing"))?;
    let tx = app.store.begin(&reader).await?;
    if purpose == Purpose::CounterService {
        counter::open(&tx, id).await?;
    }
    let open = residents::open(&tx, id, purpose).await?;
    // The answer goes out only after the reading is on record.
    tx.commit().await?;
    opened(&app, page, open, purpose, &format!("/residents/{id}"))
}

/// The page of one reading, which closes by itself and leads back. Nothing keeps it, and its title names nobody.
pub(super) fn opened(app: &App, page: Page, open: OpenResident, purpose: Purpose, back: &str) -> Result<Response> {
    let title = page.t.s("reading-title");
    let response = web::render(&Opened { page: page.titled(title), open, purpose: purpose.code() })?;
    Ok(web::closes_by_itself(app, response, back))
}

#[derive(Template)]
#[template(path = "register/access.html")]
struct Access {
    page: Page,
    r: MaskedResident,
    readings: Vec<Reading>,
}

pub(super) async fn access(
    State(app): State<App>,
    page: Page,
    reader: Reader,
    Path(id): Path<ResidentId>,
) -> Result<Response> {
    let q = app.store.reads();
    let r = residents::find(&q, &reader, id).await?;
    let readings = history::readings(&q, &reader, id).await?;
    let title = page.t.s("access-title");
    web::render(&Access { page: page.titled(title), r, readings })
}
