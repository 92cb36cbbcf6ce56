//! Scenes: the list with the month's closing rate, the form, one scene.

use std::collections::HashMap;

use askama::Template;
use axum::{
    extract::{Form, Path, Query, State},
    response::Response,
};
use http::StatusCode;
use linli_platform::{
    AppError, Result,
    access::Action,
    app::App,
    clock::At,
    reader::Reader,
    texts::T,
    web::{FormErrors, Page, Paging, flash, redirect, render, render_status},
};
use policy_pack::{Pack, Solver};

use super::{given, named, refused, version};
use crate::{
    codes::{SceneResult, SceneState},
    ids::SceneId,
    premises,
    scenes::{self, NewScene, Rate, Scene, Which},
};

/// The tabs of the list.
const TABS: [(&str, Which); 4] =
    [("open", Which::Open), ("passed", Which::Passed), ("late", Which::Late), ("closed", Which::Closed)];

#[derive(Template)]
#[template(path = "scenes/list.html")]
struct ListPage {
    page: Page,
    /// Each with its name and whoever can solve it.
    scenes: Vec<(Scene, String, String)>,
    paging: Paging,
    tabs: [&'static str; 4],
    tab: &'static str,
    rate: Rate,
    now: At,
}

impl ListPage {
    fn percent(&self) -> String {
        self.rate.percent().map_or_else(|| "—".to_owned(), |p| format!("{p:.0}%"))
    }
}

fn name_of(pack: &Pack, t: &T, code: &str) -> String {
    named(t, pack.scene(code), code)
}

fn solver_of(pack: &Pack, t: &T, code: &str) -> String {
    t.code("scene-solver", scenes::solver(pack, code).code())
}

/// `GET /scenes`
pub(super) async fn list(
    State(app): State<App>,
    reader: Reader,
    page: Page,
    Query(query): Query<HashMap<String, String>>,
) -> Result<Response> {
    let (tab, which) = TABS.into_iter().find(|(code, _)| *code == given(&query, "tab")).unwrap_or(TABS[0]);
    let paging = Paging::from_query(&query);
    let q = app.store.reads();
    let (rows, total) = scenes::list(&q, &reader, which, &paging).await?;
    let rate = scenes::rate(&q, &reader, app.store.now().day().month()).await?;
    let shown = |s: Scene| {
        let (name, solver) = (name_of(&app.pack, &page.t, &s.code), solver_of(&app.pack, &page.t, &s.code));
        (s, name, solver)
    };
    let scenes = rows.into_iter().map(shown).collect();
    let title = page.t.s("scenes-title");
    let (tabs, now) = (TABS.map(|(code, _)| code), app.store.now());
    render(&ListPage { page: page.titled(title), scenes, paging: paging.of(total), tabs, tab, rate, now })
}

#[derive(Template)]
#[template(path = "scenes/new.html")]
struct NewPage {
    page: Page,
    errors: FormErrors,
    id: SceneId,
    codes: Vec<(String, String)>,
    code: String,
    address: String,
    /// The nearest address in the own grids, where the written one is none.
    suggestion: Option<String>,
}

fn new_page(
    app: &App,
    page: Page,
    form: &HashMap<String, String>,
    suggestion: Option<String>,
    errors: FormErrors,
) -> NewPage {
    let codes = app.pack.scenes.iter().map(|s| (s.id.clone(), named(&page.t, Some(s), &s.id))).collect();
    let title = page.t.s("scene-new-title");
    NewPage {
        errors,
        id: given(form, "id").parse().unwrap_or_else(|_| app.store.new_id()),
        codes,
        code: given(form, "code").to_owned(),
        address: given(form, "address").to_owned(),
        suggestion,
        page: page.titled(title),
    }
}

/// `GET /scenes/new`
pub(super) async fn new(State(app): State<App>, page: Page) -> Result<Response> {
    render(&new_page(&app, page, &HashMap::new(), None, FormErrors::new()))
}

/// `POST /scenes`
pub(super) async fn open(
    State(app): State<App>,
    reader: Reader,
    page: Page,
    Form(form): Form<HashMap<String, String>>,
) -> Result<Response> {
    let again = |page: Page, field: &str, e: AppError, suggestion: Option<String>| {
        let errors = refused(&page.t, field, e)?;
        let shown = new_page(&app, page, &form, suggestion, errors);
        render_status(StatusCode::UNPROCESSABLE_ENTITY, &shown)
    };
    let code = given(&form, "code").to_owned();
    if app.pack.scene(&code).is_none() {
        return again(page, "code", AppError::rule("scene-code"), None);
    }
    let address = match premises::find(&app, &reader, given(&form, "address")).await? {
        Ok(address) => address,
        Err(suggestion) => return again(page, "address", AppError::rule("scene-address"), suggestion),
    };
    let Some(grid) = address.grid_id else {
        return again(page, "address", AppError::rule("scene-address"), None);
    };
    let id = given(&form, "id").parse().unwrap_or_else(|_| app.store.new_id());
    let tx = app.store.begin(&reader).await?;
    match scenes::open(&app, &tx, &NewScene { id, code, grid, address: address.address_id }).await {
        Ok(id) => {
            tx.commit().await?;
            Ok(flash(redirect(&format!("/scenes/{id}")), "scene-flash"))
        }
        Err(e) => {
            drop(tx);
            again(page, "code", e, None)
        }
    }
}

#[derive(Template)]
#[template(path = "scenes/show.html")]
struct ShowPage {
    page: Page,
    errors: FormErrors,
    scene: Scene,
    solver: String,
    results: Vec<(&'static str, String)>,
    result: String,
    can_pass: bool,
    can_close: bool,
    late: bool,
}

async fn show_page(
    app: &App,
    reader: &Reader,
    page: Page,
    id: SceneId,
    result: &str,
    errors: FormErrors,
) -> Result<ShowPage> {
    let scene = scenes::find(&app.store.reads(), reader, id).await?;
    let works = page.may(Action::FieldWork) && scene.is_open();
    let solver = solver_of(&app.pack, &page.t, &scene.code);
    let possible = SceneResult::ALL.iter().filter(|r| scene.passed_at.is_some() || **r != SceneResult::TakenOver);
    let results = possible.map(|r| (r.code(), page.t.code(SceneResult::PREFIX, r))).collect();
    let title = name_of(&app.pack, &page.t, &scene.code);
    Ok(ShowPage {
        errors,
        solver,
        results,
        result: result.to_owned(),
        can_pass: works
            && scene.state == SceneState::Open.code()
            && scenes::solver(&app.pack, &scene.code) != Solver::Grid,
        can_close: works,
        late: scene.is_late(app.store.now()),
        scene,
        page: page.titled(title),
    })
}

/// `GET /scenes/{id}`
pub(super) async fn show(
    State(app): State<App>,
    reader: Reader,
    page: Page,
    Path(id): Path<SceneId>,
) -> Result<Response> {
    render(&show_page(&app, &reader, page, id, "", FormErrors::new()).await?)
}

/// `POST /scenes/{id}/passing`: it goes to whoever can solve it.
pub(super) async fn pass_on(
    State(app): State<App>,
    reader: Reader,
    page: Page,
    Path(id): Path<SceneId>,
    Form(form): Form<HashMap<String, String>>,
) -> Result<Response> {
    let tx = app.store.begin(&reader).await?;
    match scenes::pass_on(&app, &tx, id, version(&form)).await {
        Ok(()) => {
            tx.commit().await?;
            Ok(flash(redirect(&format!("/scenes/{id}")), "scene-passed-flash"))
        }
        Err(e) => {
            drop(tx);
            let errors = refused(&page.t, "", e)?;
            let shown = show_page(&app, &reader, page, id, "", errors).await?;
            render_status(StatusCode::UNPROCESSABLE_ENTITY, &shown)
        }
    }
}

/// `POST /scenes/{id}/closure`
pub(super) async fn close(
    State(app): State<App>,
    reader: Reader,
    page: Page,
    Path(id): Path<SceneId>,
    Form(form): Form<HashMap<String, String>>,
) -> Result<Response> {
    let tx = app.store.begin(&reader).await?;
    let done = match SceneResult::from_code(given(&form, "result")) {
        Some(result) => scenes::close(&tx, id, version(&form), result).await,
        // A scene outside the scope does not exist, whatever was chosen.
        None => scenes::find(&tx, &reader, id).await.and(Err(AppError::rule("scene-result"))),
    };
    match done {
        Ok(()) => {
            tx.commit().await?;
            Ok(flash(redirect("/scenes"), "scene-closed-flash"))
        }
        Err(e) => {
            drop(tx);
            let errors = refused(&page.t, "result", e)?;
            let shown = show_page(&app, &reader, page, id, given(&form, "result"), errors).await?;
            render_status(StatusCode::UNPROCESSABLE_ENTITY, &shown)
        }
    }
}
