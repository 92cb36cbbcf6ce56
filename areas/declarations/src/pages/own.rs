//! The own record, masked at first; in full when the person asks, on record.

use askama::Template;
use axum::{
    extract::{Path, State},
    response::Response,
};
use linli_platform::{
    Result,
    app::App,
    clock::{At, Day},
    web::{self, Page},
};
use linli_register::{
    DoubtId,
    care::{self, Consent},
    doubts,
    residents::OpenResident,
};
use policy_pack::RetentionId;

use super::entered::Entered;
use crate::{
    own::{self, OwnRecord, Reading},
    representatives::{self, Representative},
    requests::{self, Request},
};

/// So many of the latest readings stand on the first page.
const LATEST: i64 = 5;

#[derive(Template)]
#[template(path = "declarations/own.html")]
struct OwnPage {
    page: Page,
    record: OwnRecord,
    open: Option<OpenResident>,
    readings: Vec<Reading>,
    total: i64,
    requests: Vec<Request>,
    until: At,
    now: At,
    kept_months: i64,
    today: Day,
    /// Who acts, where it is not the resident.
    acting: Option<Representative>,
    representatives: Vec<Representative>,
    /// The own; what a relative agreed to is not told.
    consents: Vec<Consent>,
}

impl OwnPage {
    fn agrees(&self) -> bool {
        self.consents.iter().any(Consent::in_force)
    }
}

async fn own_page(
    app: &App,
    page: Page,
    entered: &crate::entrance::Own,
    open: Option<OpenResident>,
) -> Result<OwnPage> {
    let q = app.store.reads();
    let title = page.t.s("own-title");
    Ok(OwnPage {
        page: page.titled(title),
        record: own::record(&q, entered).await?,
        today: app.store.now().day(),
        acting: representatives::acting(&q, entered).await?,
        representatives: representatives::of_resident(&q, entered.resident).await?,
        consents: care::of_resident(&q, entered.resident).await?,
        open,
        readings: own::readings(&q, entered, LATEST, 0).await?,
        total: own::readings_total(&q, entered).await?,
        requests: requests::of_resident(&q, entered).await?,
        until: entered.until,
        now: app.store.now(),
        kept_months: i64::from(app.pack.retention(RetentionId::FormerResident).keep_months),
    })
}

/// `GET /me`
pub(super) async fn show(State(app): State<App>, page: Page, Entered(own): Entered) -> Result<Response> {
    web::render(&own_page(&app, page, &own, None).await?)
}

/// `POST /me/reading`: in full, once, on record.
pub(super) async fn open(State(app): State<App>, page: Page, Entered(own): Entered) -> Result<Response> {
    let open = own::open(&app.store, &own).await?;
    web::render(&own_page(&app, page, &own, Some(open)).await?)
}

/// `POST /me/doubts/{id}/answer`: the resident says that the address under investigation is right.
pub(super) async fn say_right(
    State(app): State<App>,
    Entered(own): Entered,
    Path(id): Path<DoubtId>,
) -> Result<Response> {
    let tx = app.store.begin(&own.reader()).await?;
    doubts::say_right(&tx, own.resident, id).await?;
    tx.commit().await?;
    Ok(web::flash(web::redirect("/me"), "own-doubt-answered"))
}
