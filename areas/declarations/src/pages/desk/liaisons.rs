//! Staff: who answers for homes, and the notices of duty.

use std::collections::HashMap;

use askama::Template;
use axum::{
    Form,
    extract::{Path, Query, State},
    response::Response,
};
use http::StatusCode;
use linli_platform::{
    AppError, Result,
    app::App,
    reader::{Purpose, Reader},
    web::{self, FormErrors, Page},
};
use linli_register::{
    EmployerId, HomeId,
    codes::document_choices,
    contacts, employers,
    homes::{self, HomeRow},
};
use serde::Deserialize;

use super::super::form::{Choices, add_problem, texts_of};
use crate::{
    codes::{LiaisonKind, NoticeKind},
    ids::LiaisonId,
    letting::{self, LetHome, Liaison},
    notices::{self, Addressee, DutyNotice},
    person::{Identity, TypedIdentity},
    person_open,
};

#[derive(Template)]
#[template(path = "declarations/liaisons.html")]
struct ListPage {
    page: Page,
    liaisons: Vec<Liaison>,
    notices: Vec<DutyNotice>,
}

/// `GET /declarations/liaisons`
pub(in super::super) async fn list(State(app): State<App>, page: Page, reader: Reader) -> Result<Response> {
    let q = app.store.reads();
    let title = page.t.s("nav-liaisons");
    let (liaisons, notices) = (letting::list(&q, &reader).await?, notices::list(&q, &reader).await?);
    web::render(&ListPage { page: page.titled(title), liaisons, notices })
}

#[derive(Template)]
#[template(path = "declarations/liaison_new.html")]
struct NewPage {
    page: Page,
    errors: FormErrors,
    home: HomeRow,
    typed: Typed,
    kinds: Choices,
    documents: Choices,
}

/// What was typed. No `Debug`.
#[derive(Deserialize, Clone, Default)]
#[serde(default)]
pub(in super::super) struct Typed {
    home: String,
    kind: String,
    doc_kind: String,
    doc_no: String,
    name: String,
    phone: String,
}

async fn new_page(app: &App, page: Page, reader: &Reader, errors: FormErrors, typed: Typed) -> Result<NewPage> {
    let id: HomeId = typed.home.parse().map_err(|_| AppError::not_found())?;
    let home = homes::find(&app.store.reads(), reader, id).await?;
    let title = page.t.s("liaison-new-title");
    // Only whom the register names for this home.
    let offered =
        [(LiaisonKind::Landlord, home.landlord_masked.is_some()), (LiaisonKind::Agent, home.agent_name.is_some())];
    let kinds = offered.iter().filter(|(_, named)| *named);
    Ok(NewPage {
        kinds: kinds.map(|(k, _)| (k.code(), page.t.code("liaison-kind", k))).collect(),
        documents: texts_of(&page.t, document_choices()),
        page: page.titled(title),
        errors,
        home,
        typed,
    })
}

/// `GET /declarations/liaisons/new?home=`
pub(in super::super) async fn new(
    State(app): State<App>,
    page: Page,
    reader: Reader,
    Query(query): Query<HashMap<String, String>>,
) -> Result<Response> {
    let typed = Typed { home: query.get("home").cloned().unwrap_or_default(), ..Typed::default() };
    if typed.home.is_empty() {
        return Ok(web::redirect("/homes"));
    }
    web::render(&new_page(&app, page, &reader, FormErrors::new(), typed).await?)
}

/// `POST /declarations/liaisons`
pub(in super::super) async fn add(
    State(app): State<App>,
    page: Page,
    reader: Reader,
    Form(typed): Form<Typed>,
) -> Result<Response> {
    let mut errors = FormErrors::new();
    let home: HomeId = typed.home.parse().map_err(|_| AppError::not_found())?;
    let kind = LiaisonKind::from_code(&typed.kind);
    errors.require(kind.is_some(), "kind", "form-choose");
    let identity = TypedIdentity {
        doc_kind: typed.doc_kind.clone(),
        doc_no: typed.doc_no.clone(),
        name: typed.name.clone(),
        phone: typed.phone.clone(),
    };
    let who = Identity::check(&identity, true)
        .map_err(|problems| problems.iter().for_each(|p| add_problem(&page.t, &mut errors, p.field, p)));
    if let (Ok((who, _)), Some(kind)) = (who, kind) {
        let tx = app.store.begin(&reader).await?;
        match letting::add(&tx, home, kind, &who).await {
            Ok(id) => {
                tx.commit().await?;
                return Ok(web::flash(web::redirect(&format!("/declarations/liaisons/{id}")), "liaison-added"));
            }
            Err(e) if e.status == StatusCode::UNPROCESSABLE_ENTITY => errors.add_error(&page.t, "name", &e),
            Err(e) => return Err(e),
        }
    }
    let shown = new_page(&app, page, &reader, errors, typed).await?;
    web::render_status(StatusCode::UNPROCESSABLE_ENTITY, &shown)
}

#[derive(Template)]
#[template(path = "declarations/liaison.html")]
struct LiaisonPage {
    page: Page,
    liaison: Liaison,
    homes: Vec<LetHome>,
    notices: Vec<DutyNotice>,
    kinds: &'static [NoticeKind],
    /// For what the reader can open name, number and mobile now.
    purposes: Vec<&'static str>,
}

/// `GET /declarations/liaisons/{id}`
pub(in super::super) async fn show(
    State(app): State<App>,
    page: Page,
    reader: Reader,
    Path(id): Path<LiaisonId>,
) -> Result<Response> {
    let q = app.store.reads();
    let liaison = letting::find(&q, &reader, id).await?;
    let to = Addressee::Liaison(id);
    let title = liaison.name_masked.clone();
    let grid = person_open::grid_of_liaison(&q, &reader, id).await?;
    web::render(&LiaisonPage {
        purposes: contacts::purposes(&app, &reader, id.0, grid).await?,
        page: page.titled(title),
        liaison,
        homes: letting::of_staff(&q, &reader, id).await?,
        notices: notices::of(&q, &[to]).await?,
        kinds: to.kinds(),
    })
}

/// What for.
#[derive(Deserialize)]
pub(in super::super) struct Stated {
    #[serde(default)]
    purpose: String,
}

/// `POST /declarations/liaisons/{id}/reading`
pub(in super::super) async fn read(
    State(app): State<App>,
    page: Page,
    reader: Reader,
    Path(id): Path<LiaisonId>,
    Form(stated): Form<Stated>,
) -> Result<Response> {
    let purpose = Purpose::from_code(&stated.purpose).ok_or_else(|| AppError::rule("purpose-missing"))?;
    let tx = app.store.begin(&reader).await?;
    let opened = person_open::liaison(&tx, id, purpose).await?;
    // The answer goes out only after the reading is on record.
    tx.commit().await?;
    contacts::opened(&app, page, opened, purpose, &format!("/declarations/liaisons/{id}"))
}

/// `POST /declarations/liaisons/{id}/end`
pub(in super::super) async fn end(
    State(app): State<App>,
    reader: Reader,
    Path(id): Path<LiaisonId>,
) -> Result<Response> {
    let tx = app.store.begin(&reader).await?;
    letting::end(&tx, id).await?;
    tx.commit().await?;
    Ok(web::flash(web::redirect("/declarations/liaisons"), "liaison-ended"))
}

/// `POST /declarations/liaisons/{id}/homes/{home}/end`
pub(in super::super) async fn end_home(
    State(app): State<App>,
    reader: Reader,
    Path((id, home)): Path<(LiaisonId, HomeId)>,
) -> Result<Response> {
    let tx = app.store.begin(&reader).await?;
    let liaison = letting::find(&tx, &reader, id).await?;
    letting::end_home(&tx, &liaison, home).await?;
    tx.commit().await?;
    Ok(web::flash(web::redirect(&format!("/declarations/liaisons/{id}")), "liaison-home-ended"))
}

#[derive(Deserialize)]
pub(in super::super) struct Served {
    #[serde(default)]
    kind: String,
}

async fn serve(app: &App, reader: &Reader, to: Addressee, served: &Served, back: &str) -> Result<Response> {
    let kind = NoticeKind::from_code(&served.kind).ok_or_else(|| AppError::rule("notice-kind"))?;
    let tx = app.store.begin(reader).await?;
    match notices::serve(&tx, to, kind).await {
        Ok(_) => tx.commit().await?,
        // It is there already: what was wanted holds.
        Err(e) if e.is("notice-open") => {}
        Err(e) => return Err(e),
    }
    Ok(web::flash(web::redirect(back), "duty-notice-served"))
}

/// `POST /declarations/liaisons/{id}/notices`
pub(in super::super) async fn serve_liaison(
    State(app): State<App>,
    reader: Reader,
    Path(id): Path<LiaisonId>,
    Form(served): Form<Served>,
) -> Result<Response> {
    let back = format!("/declarations/liaisons/{id}");
    serve(&app, &reader, Addressee::Liaison(id), &served, &back).await
}

#[derive(Template)]
#[template(path = "declarations/employer_notices.html")]
struct EmployerPage {
    page: Page,
    employer: EmployerId,
    notices: Vec<DutyNotice>,
    kinds: &'static [NoticeKind],
}

/// `GET /declarations/employers/{id}`
pub(in super::super) async fn employer(
    State(app): State<App>,
    page: Page,
    reader: Reader,
    Path(id): Path<EmployerId>,
) -> Result<Response> {
    let q = app.store.reads();
    let row = employers::find(&q, &reader, id).await?;
    let to = Addressee::Employer(id);
    let notices = notices::of(&q, &[to]).await?;
    web::render(&EmployerPage { page: page.titled(row.name), employer: id, notices, kinds: to.kinds() })
}

/// `POST /declarations/employers/{id}/notices`
pub(in super::super) async fn serve_employer(
    State(app): State<App>,
    reader: Reader,
    Path(id): Path<EmployerId>,
    Form(served): Form<Served>,
) -> Result<Response> {
    let back = format!("/declarations/employers/{id}");
    serve(&app, &reader, Addressee::Employer(id), &served, &back).await
}
