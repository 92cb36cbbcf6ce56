//! The entrance: number and name, then the code.

use askama::Template;
use axum::{
    Form,
    extract::{Path, State},
    response::Response,
};
use cn_identity::DocumentKind;
use http::{HeaderMap, HeaderValue, StatusCode, header::SET_COOKIE};
use linli_platform::{
    AppError, Result,
    app::App,
    web::{self, FormErrors, Page},
};
use linli_register::{codes::document_choices, rules};
use serde::Deserialize;

use super::{
    entered::Entered,
    form::{Choices, add_problem, texts_of},
};
use crate::{
    browser::{KNOWN_COOKIE, KNOWN_S},
    entrance::{self, ATTEMPT_COOKIE, Asking, CODE_S, Name, Opened, SESSION_COOKIE, SESSION_S},
    gateway::Gateways,
    source::CameFrom,
};

/// What was typed. No `Debug`: it holds a number and a name.
#[derive(Deserialize, Clone, Default)]
#[serde(default)]
pub(super) struct Typed {
    doc_kind: String,
    doc_no: String,
    name: String,
}

#[derive(Template)]
#[template(path = "declarations/entrance.html")]
struct EntrancePage {
    page: Page,
    errors: FormErrors,
    typed: Typed,
    kinds: Choices,
    open: bool,
}

fn entrance_page(app: &App, page: Page, errors: FormErrors, typed: Typed) -> EntrancePage {
    let title = page.t.s("own-entrance-title");
    let kinds = texts_of(&page.t, document_choices());
    EntrancePage { page: page.titled(title), errors, typed, kinds, open: Gateways::of(app).is_some() }
}

/// `GET /me/entrance`
pub(super) async fn form(State(app): State<App>, page: Page) -> Result<Response> {
    web::render(&entrance_page(&app, page, FormErrors::new(), Typed::default()))
}

/// `POST /me/codes`: the same answer whoever is registered.
pub(super) async fn ask(
    State(app): State<App>,
    page: Page,
    came: CameFrom,
    Form(typed): Form<Typed>,
) -> Result<Response> {
    let mut errors = FormErrors::new();
    let kind = DocumentKind::from_code(&typed.doc_kind).unwrap_or(DocumentKind::Resident);
    let document =
        rules::check_number(kind, &typed.doc_no, true).map_err(|p| add_problem(&page.t, &mut errors, "doc_no", &p));
    let name = rules::check_name(&typed.name).map_err(|p| add_problem(&page.t, &mut errors, "name", &p));
    if let (Ok(document), Ok(name)) = (document, name) {
        let asking = Asking { document: &document, name: Name(&name), caller: came.caller() };
        match entrance::ask(&app, &page.t, &asking).await? {
            Ok(token) => {
                let cookie = entrance::cookie(ATTEMPT_COOKIE, app.secure_cookies, Some(&token), CODE_S);
                return Ok(with_cookie(web::redirect("/me/code"), &cookie));
            }
            Err(refused) => errors.add("", refused.text()),
        }
    }
    web::render_status(StatusCode::UNPROCESSABLE_ENTITY, &entrance_page(&app, page, errors, typed))
}

#[derive(Template)]
#[template(path = "declarations/code.html")]
struct CodePage {
    page: Page,
    errors: FormErrors,
    demonstration: bool,
}

fn code_page(page: Page, errors: FormErrors) -> CodePage {
    let title = page.t.s("own-code-title");
    CodePage { demonstration: page.demonstration, page: page.titled(title), errors }
}

/// `GET /me/code`
pub(super) async fn code_form(State(app): State<App>, page: Page, headers: HeaderMap) -> Result<Response> {
    match entrance::token_of(&headers, ATTEMPT_COOKIE, app.secure_cookies) {
        Some(_) => web::render(&code_page(page, FormErrors::new())),
        None => Ok(web::redirect("/me/entrance")),
    }
}

#[derive(Deserialize)]
pub(super) struct TypedCode {
    #[serde(default)]
    code: String,
}

/// `POST /me/visits`
pub(super) async fn enter(
    State(app): State<App>,
    page: Page,
    headers: HeaderMap,
    Form(typed): Form<TypedCode>,
) -> Result<Response> {
    let Some(token) = entrance::token_of(&headers, ATTEMPT_COOKIE, app.secure_cookies) else {
        return Ok(web::flash(web::redirect("/me/entrance"), "own-code-over"));
    };
    let Some(Opened { session, browser }) = entrance::enter(&app, &token, &typed.code).await? else {
        let mut errors = FormErrors::new();
        errors.add("code", "own-code-wrong");
        return web::render_status(StatusCode::UNPROCESSABLE_ENTITY, &code_page(page, errors));
    };
    let secure = app.secure_cookies;
    let entered =
        with_cookie(web::redirect("/me"), &entrance::cookie(SESSION_COOKIE, secure, Some(&session), SESSION_S));
    let entered = known(entered, secure, browser);
    Ok(with_cookie(entered, &entrance::cookie(ATTEMPT_COOKIE, secure, None, 0)))
}

/// The answer with the mark by which the browser is known afterwards, where there is one.
pub(super) fn known(response: Response, secure: bool, mark: Option<String>) -> Response {
    match mark {
        Some(mark) => with_cookie(response, &entrance::cookie(KNOWN_COOKIE, secure, Some(&mark), KNOWN_S)),
        None => response,
    }
}

/// `POST /me/leaving`: nothing of the visit stays in this browser, but the mark that names nobody.
pub(super) async fn leave(State(app): State<App>, Entered(own): Entered) -> Result<Response> {
    let tx = app.store.begin(&own.reader()).await?;
    entrance::end(&tx, &own).await?;
    tx.commit().await?;
    let gone = entrance::cookie(SESSION_COOKIE, app.secure_cookies, None, 0);
    let mut response = with_cookie(web::flash(web::redirect("/me/entrance"), "own-left"), &gone);
    response.headers_mut().insert("clear-site-data", HeaderValue::from_static("\"cache\""));
    Ok(response)
}

#[derive(Template)]
#[template(path = "declarations/grid.html")]
struct GridPage {
    page: Page,
    grid: String,
    committee: String,
    open: bool,
}

/// `GET /me/at/{code}`: what the QR code of a grid's sign leads to.
pub(super) async fn at_grid(State(app): State<App>, page: Page, Path(code): Path<String>) -> Result<Response> {
    let q = app.store.reads();
    let grid = linli_territory::grid_by_code(&q, &code).await?.ok_or_else(AppError::not_found)?;
    let committees = linli_territory::committees(&q).await?;
    let committee = committees.name(&grid.committee_code).unwrap_or_default().to_owned();
    let title = page.t.s("own-grid-title");
    let open = Gateways::of(&app).is_some();
    web::render(&GridPage { page: page.titled(title), grid: grid.name, committee, open })
}

pub(super) fn with_cookie(mut response: Response, cookie: &str) -> Response {
    if let Ok(value) = HeaderValue::from_str(cookie) {
        response.headers_mut().append(SET_COOKIE, value);
    }
    response
}
