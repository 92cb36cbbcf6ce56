//! Somebody appointed: for whom to act; and appointing at the counter, taking it back there and on the own page.

use askama::Template;
use axum::{
    Form,
    extract::{FromRequestParts, Path, State},
    response::Response,
};
use http::{StatusCode, request::Parts};
use linli_platform::{
    AppError, Result,
    app::App,
    clock::{At, Day},
    reader::{Purpose, Reader},
    web::{self, FormErrors, Page},
};
use linli_register::{
    ResidentId,
    codes::document_choices,
    contacts, counter,
    residents::{self, MaskedResident},
};
use serde::Deserialize;

use super::{
    door::visitor,
    entered::Entered,
    entrance::with_cookie,
    form::{Choices, add_problem, texts_of},
};
use crate::{
    codes::Door,
    door::Visitor,
    entrance::{SESSION_COOKIE, SESSION_S, cookie},
    ids::RepresentativeId,
    person::{Identity, TypedIdentity},
    person_open,
    representatives::{self, Charge, DAYS_MAX, Representative},
};

/// Somebody appointed, behind the entrance.
pub(super) struct Appointed(pub Visitor);

impl FromRequestParts<App> for Appointed {
    type Rejection = Response;
    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Response> {
        visitor(parts, app, Door::Acting).await.map(Appointed)
    }
}

#[derive(Template)]
#[template(path = "declarations/acting.html")]
struct ActingPage {
    page: Page,
    charges: Vec<Charge>,
    until: At,
}

/// `GET /acting`
pub(super) async fn choose(State(app): State<App>, page: Page, Appointed(visitor): Appointed) -> Result<Response> {
    let charges = representatives::charges(&app.store.reads(), &visitor).await?;
    let title = page.t.s("acting-title");
    web::render(&ActingPage { page: page.titled(title), charges, until: visitor.until_at })
}

/// `POST /acting/{id}/visits`: on to the own page of one of them.
pub(super) async fn act(
    State(app): State<App>,
    Appointed(visitor): Appointed,
    Path(id): Path<RepresentativeId>,
) -> Result<Response> {
    let charges = representatives::charges(&app.store.reads(), &visitor).await?;
    let charge = charges.into_iter().find(|c| c.representative_id == id).ok_or_else(AppError::not_found)?;
    let tx = app.store.begin(&Reader::representative(id.0, charge.resident_id.0)).await?;
    let token = representatives::act(&tx, &visitor, id).await?;
    tx.commit().await?;
    let session = cookie(SESSION_COOKIE, app.secure_cookies, Some(&token), SESSION_S);
    Ok(with_cookie(web::redirect("/me"), &session))
}

/// `POST /me/representatives/{id}/end`
pub(super) async fn end_own(
    State(app): State<App>,
    Entered(own): Entered,
    Path(id): Path<RepresentativeId>,
) -> Result<Response> {
    let tx = app.store.begin(&own.reader()).await?;
    representatives::end(&tx, own.resident, id).await?;
    tx.commit().await?;
    Ok(web::flash(web::redirect("/me"), "representative-ended"))
}

#[derive(Template)]
#[template(path = "declarations/representatives.html")]
struct CounterPage {
    page: Page,
    errors: FormErrors,
    person: MaskedResident,
    rows: Vec<Representative>,
    typed: Typed,
    kinds: Choices,
    today: Day,
    last: String,
}

/// What was typed at the counter. No `Debug`.
#[derive(Deserialize, Clone, Default)]
#[serde(default)]
pub(super) struct Typed {
    doc_kind: String,
    doc_no: String,
    name: String,
    phone: String,
    until: String,
}

async fn counter_page(
    app: &App,
    page: Page,
    reader: &Reader,
    id: ResidentId,
    errors: FormErrors,
    typed: Typed,
) -> Result<CounterPage> {
    let q = app.store.reads();
    let person = residents::find(&q, reader, id).await?;
    let title = page.t.s("representatives-title");
    let today = app.store.now().day();
    Ok(CounterPage {
        kinds: texts_of(&page.t, document_choices()),
        page: page.titled(title),
        errors,
        rows: representatives::of_resident(&q, id).await?,
        person,
        typed,
        today,
        last: today.plus_days(DAYS_MAX).to_string(),
    })
}

/// `GET /declarations/counter/{id}/representatives`
pub(super) async fn at_counter(
    State(app): State<App>,
    page: Page,
    reader: Reader,
    Path(id): Path<ResidentId>,
) -> Result<Response> {
    web::render(&counter_page(&app, page, &reader, id, FormErrors::new(), Typed::default()).await?)
}

/// `POST /declarations/counter/{id}/representatives`
pub(super) async fn appoint(
    State(app): State<App>,
    page: Page,
    reader: Reader,
    Path(id): Path<ResidentId>,
    Form(typed): Form<Typed>,
) -> Result<Response> {
    if !counter::serves(&reader) {
        return Err(AppError::forbidden());
    }
    let mut errors = FormErrors::new();
    let identity = TypedIdentity {
        doc_kind: typed.doc_kind.clone(),
        doc_no: typed.doc_no.clone(),
        name: typed.name.clone(),
        phone: typed.phone.clone(),
    };
    web::required(&mut errors, "until", &typed.until);
    let until = web::optional::<Day>(&mut errors, "until", &typed.until);
    let who = Identity::check(&identity, true)
        .map_err(|problems| problems.iter().for_each(|p| add_problem(&page.t, &mut errors, p.field, p)));
    if let (Ok((who, _)), Some(until), true) = (who, until, errors.is_empty()) {
        let tx = app.store.begin(&reader).await?;
        match representatives::appoint(&tx, id, &who, until).await {
            Ok(_) => {
                tx.commit().await?;
                let back = format!("/declarations/counter/{id}/representatives");
                return Ok(web::flash(web::redirect(&back), "representative-appointed"));
            }
            Err(e) if e.status == StatusCode::UNPROCESSABLE_ENTITY => {
                let field = if e.is("representative-days") { "until" } else { "doc_no" };
                errors.add_error(&page.t, field, &e);
            }
            Err(e) => return Err(e),
        }
    }
    let shown = counter_page(&app, page, &reader, id, errors, typed).await?;
    web::render_status(StatusCode::UNPROCESSABLE_ENTITY, &shown)
}

/// `POST /declarations/counter/{id}/representatives/{representative}/end`
pub(super) async fn end_at_counter(
    State(app): State<App>,
    reader: Reader,
    Path((id, representative)): Path<(ResidentId, RepresentativeId)>,
) -> Result<Response> {
    let tx = app.store.begin(&reader).await?;
    representatives::end(&tx, id, representative).await?;
    tx.commit().await?;
    let back = format!("/declarations/counter/{id}/representatives");
    Ok(web::flash(web::redirect(&back), "representative-ended"))
}

/// `POST /declarations/counter/{id}/representatives/{representative}/reading`
pub(super) async fn read(
    State(app): State<App>,
    page: Page,
    reader: Reader,
    Path((id, representative)): Path<(ResidentId, RepresentativeId)>,
) -> Result<Response> {
    let tx = app.store.begin(&reader).await?;
    let opened = person_open::representative(&tx, id, representative).await?;
    // The answer goes out only after the reading is on record.
    tx.commit().await?;
    let back = format!("/declarations/counter/{id}/representatives");
    contacts::opened(&app, page, opened, Purpose::CounterService, &back)
}
