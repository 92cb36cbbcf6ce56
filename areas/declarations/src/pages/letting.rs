//! The pages of landlords and agents: terms, homes, declarations, notices.

use askama::Template;
use axum::{
    Form,
    extract::{FromRequestParts, Path, State},
    response::{IntoResponse as _, Response},
};
use http::{StatusCode, request::Parts};
use linli_platform::{
    Result,
    app::App,
    clock::At,
    reader::Reader,
    web::{self, FormErrors, Page},
};
use linli_register::{
    HomeId,
    contacts::{self, ContactReading},
};
use linli_work::due_at;
use serde::Deserialize;

use super::{
    door::visitor,
    form::{Lists, Typed, add_problem, day},
    household::Household,
};
use crate::{
    codes::{Channel, Door, Kind},
    content::{Content, Newcomer},
    door,
    ids::{DeclarationId, DutyNoticeId},
    letting::{self, LetHome, Liaison, Terms},
    notices::{self, Addressee, DutyNotice},
    requests::Request,
};

/// A liaison behind the entrance.
struct Visit {
    liaison: Liaison,
    visitor: door::Visitor,
}

async fn visit(parts: &Parts, app: &App) -> Result<Visit, Response> {
    let visitor = visitor(parts, app, Door::Letting).await?;
    match letting::of_visitor(&app.store.reads(), &visitor).await {
        Ok(Some(liaison)) => Ok(Visit { liaison, visitor }),
        Ok(None) => Err(web::redirect("/letting/entrance")),
        Err(e) => Err(e.into_response()),
    }
}

/// A liaison who has not accepted the terms of today yet, or has.
pub(super) struct Lets(Liaison);

impl FromRequestParts<App> for Lets {
    type Rejection = Response;
    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Response> {
        let v = visit(parts, app).await?;
        Ok(Lets(v.liaison))
    }
}

/// A liaison who has accepted the terms; everybody else is sent to them first.
pub(super) struct Bound(Liaison, At);

impl FromRequestParts<App> for Bound {
    type Rejection = Response;
    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Response> {
        let v = visit(parts, app).await?;
        let terms = Terms::load(&app.data_dir, linli_platform::texts::Lang::Zh);
        if terms.accepted_by(&v.liaison) {
            Ok(Bound(v.liaison, v.visitor.until_at))
        } else {
            Err(web::redirect("/letting/terms"))
        }
    }
}

#[derive(Template)]
#[template(path = "declarations/letting_terms.html")]
struct TermsPage {
    page: Page,
    errors: FormErrors,
    terms: Terms,
    accepted: Option<At>,
}

fn terms_page(app: &App, page: Page, liaison: &Liaison, errors: FormErrors) -> TermsPage {
    let terms = Terms::load(&app.data_dir, page.lang);
    let accepted = liaison.terms_at.filter(|_| terms.accepted_by(liaison));
    let title = page.t.s("letting-terms-title");
    TermsPage { page: page.titled(title), errors, terms, accepted }
}

/// `GET /letting/terms`
pub(super) async fn terms(State(app): State<App>, page: Page, Lets(liaison): Lets) -> Result<Response> {
    web::render(&terms_page(&app, page, &liaison, FormErrors::new()))
}

#[derive(Deserialize)]
pub(super) struct Accepted {
    #[serde(default)]
    accept: String,
}

/// `POST /letting/terms`
pub(super) async fn accept(
    State(app): State<App>,
    page: Page,
    Lets(liaison): Lets,
    Form(typed): Form<Accepted>,
) -> Result<Response> {
    if typed.accept != "true" {
        let mut errors = FormErrors::new();
        errors.add("accept", "letting-terms-missing");
        return web::render_status(StatusCode::UNPROCESSABLE_ENTITY, &terms_page(&app, page, &liaison, errors));
    }
    let terms = Terms::load(&app.data_dir, page.lang);
    let tx = app.store.begin(&Reader::system()).await?;
    letting::accept(&tx, &liaison, &terms).await?;
    tx.commit().await?;
    Ok(web::flash(web::redirect("/letting"), "letting-terms-accepted"))
}

#[derive(Template)]
#[template(path = "declarations/letting.html")]
struct LettingPage {
    page: Page,
    liaison: Liaison,
    homes: Vec<LetHome>,
    declared: Vec<Request>,
    notices: Vec<DutyNotice>,
    /// Who opened the liaison's own details.
    readings: Vec<ContactReading>,
    now: At,
    until: At,
}

/// `GET /letting`
pub(super) async fn show(State(app): State<App>, page: Page, Bound(liaison, until): Bound) -> Result<Response> {
    let q = app.store.reads();
    let title = page.t.s("letting-title");
    let id = liaison.liaison_id;
    web::render(&LettingPage {
        page: page.titled(title),
        homes: letting::homes_of(&q, id).await?,
        declared: letting::declarations(&q, id).await?,
        notices: notices::of(&q, &[Addressee::Liaison(id)]).await?,
        readings: contacts::readings(&q, id.0).await?,
        liaison,
        now: app.store.now(),
        until,
    })
}

#[derive(Template)]
#[template(path = "declarations/letting_home.html")]
struct HomePage {
    page: Page,
    errors: FormErrors,
    home: LetHome,
    kind: Option<Kind>,
    typed: Household,
    lists: Lists,
    today: String,
    due: String,
}

fn home_page(
    app: &App,
    page: Page,
    errors: FormErrors,
    home: LetHome,
    (kind, typed): (Option<Kind>, Household),
) -> Result<HomePage> {
    let due = due_at(&app.pack, &app.calendar, Kind::TenantIn.deadline(), app.store.now())?;
    let title = kind.map_or_else(|| page.t.s("letting-home-title"), |k| page.t.code("declaration-kind", k));
    Ok(HomePage {
        lists: Lists::of(&page.t),
        page: page.titled(title),
        errors,
        home,
        kind,
        typed,
        today: app.store.now().day().to_string(),
        due: due.deadline_text(),
    })
}

fn kind_of(code: &str) -> Option<Kind> {
    Kind::from_code(code).filter(|k| Kind::OF_LETTING.contains(k))
}

/// `GET /letting/homes/{id}`
pub(super) async fn home(
    State(app): State<App>,
    page: Page,
    Bound(liaison, _): Bound,
    Path(id): Path<HomeId>,
) -> Result<Response> {
    let home = letting::find_home(&app.store.reads(), liaison.liaison_id, id).await?;
    web::render(&home_page(&app, page, FormErrors::new(), home, (None, Household::default()))?)
}

/// `GET /letting/homes/{id}/{kind}`
pub(super) async fn form(
    State(app): State<App>,
    page: Page,
    Bound(liaison, _): Bound,
    Path((id, kind)): Path<(HomeId, String)>,
) -> Result<Response> {
    let home = letting::find_home(&app.store.reads(), liaison.liaison_id, id).await?;
    let mut typed = Household::blank(app.store.now().day());
    typed.members.push(Typed::default());
    let kind = kind_of(&kind).ok_or_else(linli_platform::AppError::not_found)?;
    web::render(&home_page(&app, page, FormErrors::new(), home, (Some(kind), typed))?)
}

/// `POST /letting/homes/{id}/{kind}`
pub(super) async fn file(
    State(app): State<App>,
    page: Page,
    Bound(liaison, _): Bound,
    Path((id, kind)): Path<(HomeId, String)>,
    Form(fields): Form<Vec<(String, String)>>,
) -> Result<Response> {
    let home = letting::find_home(&app.store.reads(), liaison.liaison_id, id).await?;
    let kind = kind_of(&kind).ok_or_else(linli_platform::AppError::not_found)?;
    let mut typed = Household::of(&fields);
    if typed.changes_rows() {
        typed.change_rows();
        return web::render(&home_page(&app, page, FormErrors::new(), home, (Some(kind), typed))?);
    }
    let mut errors = FormErrors::new();
    let content = content(&app, &page, &home, (kind, &typed), &mut errors);
    if let Some(content) = content.filter(|_| errors.is_empty()) {
        let tx = app.store.begin(&Reader::system()).await?;
        match letting::file(&app, &tx, &liaison, (kind, &content), Channel::Letting).await {
            Ok(id) => {
                tx.commit().await?;
                return Ok(web::flash(web::redirect(&format!("/letting/declarations/{id}")), "own-request-filed"));
            }
            Err(e) if e.status == StatusCode::UNPROCESSABLE_ENTITY => errors.add_error(&page.t, "", &e),
            Err(e) => return Err(e),
        }
    }
    let shown = home_page(&app, page, errors, home, (Some(kind), typed))?;
    web::render_status(StatusCode::UNPROCESSABLE_ENTITY, &shown)
}

fn content(
    app: &App,
    page: &Page,
    home: &LetHome,
    (kind, typed): (Kind, &Household),
    errors: &mut FormErrors,
) -> Option<Content> {
    let (id, address) = (home.home_id, home.address_text.clone());
    match kind {
        Kind::TenantIn => {
            let people = typed.people(app, &page.t, None, errors);
            errors.require(!people.is_empty(), "name_1", "form-required");
            let members = people.into_iter().map(|m| Newcomer { home: id, ..m }).collect();
            Some(Content::Household { address, members })
        }
        Kind::TenantOut => {
            let name = linli_register::rules::check_name(&typed.first.name)
                .map_err(|p| add_problem(&page.t, errors, "name", &p));
            let day = day(app, &typed.first, errors)?;
            Some(Content::TenantOut { home: id, address, name: name.ok()?, day })
        }
        _ => {
            let day = day(app, &typed.first, errors)?;
            Some(Content::Tenancy { home: id, address, day, starts: kind == Kind::TenancyStart })
        }
    }
}

#[derive(Template)]
#[template(path = "declarations/letting_declaration.html")]
struct DeclarationPage {
    page: Page,
    request: Request,
    now: At,
}

/// `GET /letting/declarations/{id}`
pub(super) async fn declaration(
    State(app): State<App>,
    page: Page,
    Bound(liaison, _): Bound,
    Path(id): Path<DeclarationId>,
) -> Result<Response> {
    let request = letting::find_declaration(&app.store.reads(), liaison.liaison_id, id).await?;
    let title = page.t.code("declaration-kind", &request.kind);
    web::render(&DeclarationPage { page: page.titled(title), request, now: app.store.now() })
}

/// `POST /letting/notices/{id}/receipt`
pub(super) async fn acknowledge(
    State(app): State<App>,
    Bound(liaison, _): Bound,
    Path(id): Path<DutyNoticeId>,
) -> Result<Response> {
    let tx = app.store.begin(&Reader::system()).await?;
    notices::acknowledge(&tx, &[Addressee::Liaison(liaison.liaison_id)], id, liaison.liaison_id.0).await?;
    tx.commit().await?;
    Ok(web::flash(web::redirect("/letting"), "duty-notice-acknowledged"))
}
