//! The entrances of newcomers, of landlords and agents, and of people appointed: number and name, then the code. Number,
//! name and code travel in forms and never in an address.

use askama::Template;
use axum::{
    Form,
    extract::{FromRequestParts, State},
    response::{IntoResponse as _, Response},
};
use http::{HeaderMap, HeaderValue, StatusCode, request::Parts};
use linli_platform::{
    Result,
    access::Action,
    app::App,
    area::Route,
    reader::Reader,
    web::{self, FormErrors, Page},
};
use linli_register::{codes::document_choices, rules::Document};
use serde::Deserialize;

use super::{
    entrance::{known, with_cookie},
    form::{Choices, add_problem, texts_of},
};
use crate::{
    codes::Door,
    content::GUARDED_UNDER_YEARS,
    door::{self, ASKED_COOKIE, VISIT_COOKIE, VISIT_S, Visitor},
    entrance::{CODE_S, Opened, cookie, token_of},
    gateway::Gateways,
    person::{Identity, TypedIdentity},
    source::CameFrom,
};

/// Where the steps of an entrance are.
#[derive(Clone, Copy)]
struct At {
    entrance: &'static str,
    codes: &'static str,
    code: &'static str,
    visits: &'static str,
    leaving: &'static str,
    /// Where it leads.
    inside: &'static str,
}

macro_rules! at {
    ($base:literal, $inside:literal) => {
        At {
            entrance: concat!($base, "/entrance"),
            codes: concat!($base, "/codes"),
            code: concat!($base, "/code"),
            visits: concat!($base, "/visits"),
            leaving: concat!($base, "/leaving"),
            inside: concat!($base, $inside),
        }
    };
}

fn at(door: Door) -> At {
    match door {
        Door::Newcomer => at!("/newcomers", "/form"),
        Door::Letting => at!("/letting", ""),
        Door::Acting => at!("/acting", ""),
    }
}

/// The routes of an entrance.
pub(super) fn routes(door: Door) -> Vec<Route> {
    let (at, public) = (at(door), Action::Public);
    vec![
        Route::get(at.entrance, public, move |s: State<App>, p: Page| form(door, s, p)),
        Route::post(at.codes, public, move |s: State<App>, p: Page, f: CameFrom, t: Form<TypedIdentity>| {
            ask(door, s, p, f, t)
        }),
        Route::get(at.code, public, move |s: State<App>, p: Page, h: HeaderMap| code_form(door, s, p, h)),
        Route::post(at.visits, public, move |s: State<App>, p: Page, h: HeaderMap, t: Form<TypedCode>| {
            enter(door, s, p, h, t)
        }),
        Route::post(at.leaving, public, move |s: State<App>, h: HeaderMap| leave(door, s, h)),
    ]
}

#[derive(Template)]
#[template(path = "declarations/door.html")]
struct DoorPage {
    page: Page,
    errors: FormErrors,
    typed: TypedIdentity,
    kinds: Choices,
    door: Door,
    action: &'static str,
    open: bool,
}

impl DoorPage {
    fn with_phone(&self) -> bool {
        self.door == Door::Newcomer
    }
}

fn door_page(app: &App, door: Door, page: Page, errors: FormErrors, typed: TypedIdentity) -> DoorPage {
    let title = page.t.code("door-title", door);
    let kinds = texts_of(&page.t, document_choices());
    let open = Gateways::of(app).is_some();
    DoorPage { page: page.titled(title), errors, typed, kinds, door, action: at(door).codes, open }
}

async fn form(door: Door, State(app): State<App>, page: Page) -> Result<Response> {
    web::render(&door_page(&app, door, page, FormErrors::new(), TypedIdentity::default()))
}

fn is_child(app: &App, document: &Document) -> bool {
    document.birth.is_some_and(|b| app.store.now().day().full_years_since(b) < GUARDED_UNDER_YEARS)
}

/// The same answer whoever is on file.
async fn ask(
    door: Door,
    State(app): State<App>,
    page: Page,
    came: CameFrom,
    Form(typed): Form<TypedIdentity>,
) -> Result<Response> {
    let mut errors = FormErrors::new();
    match Identity::check(&typed, door == Door::Newcomer) {
        Err(problems) => problems.iter().for_each(|p| add_problem(&page.t, &mut errors, p.field, p)),
        Ok((_, document)) if door == Door::Newcomer && is_child(&app, &document) => {
            errors.add("doc_no", "newcomer-child");
        }
        Ok((who, _)) => match door::ask(&app, &page.t, door, &who, came.caller()).await? {
            Ok(token) => {
                let cookie = cookie(ASKED_COOKIE, app.secure_cookies, Some(&token), CODE_S);
                return Ok(with_cookie(web::redirect(at(door).code), &cookie));
            }
            Err(refused) => errors.add("", refused.text()),
        },
    }
    web::render_status(StatusCode::UNPROCESSABLE_ENTITY, &door_page(&app, door, page, errors, typed))
}

#[derive(Template)]
#[template(path = "declarations/door_code.html")]
struct CodePage {
    page: Page,
    errors: FormErrors,
    door: Door,
    action: &'static str,
    again: &'static str,
}

fn code_page(door: Door, page: Page, errors: FormErrors) -> CodePage {
    let title = page.t.s("own-code-title");
    CodePage { page: page.titled(title), errors, door, action: at(door).visits, again: at(door).entrance }
}

async fn code_form(door: Door, State(app): State<App>, page: Page, headers: HeaderMap) -> Result<Response> {
    match token_of(&headers, ASKED_COOKIE, app.secure_cookies) {
        Some(_) => web::render(&code_page(door, page, FormErrors::new())),
        None => Ok(web::redirect(at(door).entrance)),
    }
}

#[derive(Deserialize)]
struct TypedCode {
    #[serde(default)]
    code: String,
}

async fn enter(
    door: Door,
    State(app): State<App>,
    page: Page,
    headers: HeaderMap,
    Form(typed): Form<TypedCode>,
) -> Result<Response> {
    let secure = app.secure_cookies;
    let Some(token) = token_of(&headers, ASKED_COOKIE, secure) else {
        return Ok(web::flash(web::redirect(at(door).entrance), "own-code-over"));
    };
    let Some(Opened { session, browser }) = door::enter(&app, door, &token, &typed.code).await? else {
        let mut errors = FormErrors::new();
        errors.add("code", "own-code-wrong");
        return web::render_status(StatusCode::UNPROCESSABLE_ENTITY, &code_page(door, page, errors));
    };
    let entered = with_cookie(web::redirect(at(door).inside), &cookie(VISIT_COOKIE, secure, Some(&session), VISIT_S));
    let entered = known(entered, secure, browser);
    Ok(with_cookie(entered, &cookie(ASKED_COOKIE, secure, None, 0)))
}

/// Nothing of the visit stays in this browser.
async fn leave(door: Door, State(app): State<App>, headers: HeaderMap) -> Result<Response> {
    if let Some(token) = token_of(&headers, VISIT_COOKIE, app.secure_cookies)
        && let Some(visitor) = door::load(&app.store, door, &token).await?
    {
        let tx = app.store.begin(&Reader::system()).await?;
        door::end(&tx, visitor.visit_id).await?;
        tx.commit().await?;
    }
    let gone = cookie(VISIT_COOKIE, app.secure_cookies, None, 0);
    let mut response = with_cookie(web::flash(web::redirect(at(door).entrance), "own-left"), &gone);
    response.headers_mut().insert("clear-site-data", HeaderValue::from_static("\"cache\""));
    Ok(response)
}

/// The visit that a request belongs to. Whoever has none is sent to the entrance.
pub(super) async fn visitor(parts: &Parts, app: &App, door: Door) -> Result<Visitor, Response> {
    let Some(token) = token_of(&parts.headers, VISIT_COOKIE, app.secure_cookies) else {
        return Err(web::redirect(at(door).entrance));
    };
    match door::load(&app.store, door, &token).await {
        Ok(Some(visitor)) => Ok(visitor),
        Ok(None) => Err(web::flash(web::redirect(at(door).entrance), "own-visit-over")),
        Err(e) => Err(e.into_response()),
    }
}

/// A newcomer behind the entrance.
pub(super) struct Arrived(pub Visitor);

impl FromRequestParts<App> for Arrived {
    type Rejection = Response;
    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Response> {
        visitor(parts, app, Door::Newcomer).await.map(Arrived)
    }
}
