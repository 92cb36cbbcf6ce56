//! Entries of phones that wait for a decision.

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
    clock::At,
    reader::Reader,
    web::{FormErrors, Page, closes_by_itself, flash, redirect, render, render_status},
};
use linli_register::hazards;

use crate::{
    ids::ConflictId,
    phone::{
        conflict::{self, Conflict},
        decide::{self, Case, Line},
        reasons::Aside,
    },
};

#[derive(Template)]
#[template(path = "fieldwork/conflicts.html")]
struct List {
    page: Page,
    rows: Vec<Conflict>,
    open: bool,
    now: At,
}

/// `GET /field/conflicts`
pub(crate) async fn list(
    State(app): State<App>,
    reader: Reader,
    page: Page,
    Query(query): Query<HashMap<String, String>>,
) -> Result<Response> {
    let open = query.get("tab").is_none_or(|tab| tab != "decided");
    let rows = conflict::list(&app.store.reads(), &reader, open).await?;
    let title = page.t.s("entries-waiting-title");
    render(&List { page: page.titled(title), rows, open, now: app.store.now() })
}

/// An entry that was opened: what was entered beside the register.
struct Opened {
    case: Case,
    lines: Vec<Line>,
    /// Names of the hazards that are noted with it, and of those that end.
    hazards: Vec<String>,
    hazards_gone: Vec<String>,
}

impl Opened {
    fn new(app: &App, page: &Page, case: Case, chosen: &HashMap<String, String>) -> Self {
        let name = |code: &str| hazards::name(&app.pack, page.lang, code);
        Opened {
            lines: case.lines(&page.t, chosen),
            hazards: case.entry.hazards.iter().map(|h| name(&h.code)).collect(),
            hazards_gone: case.entry.hazards_gone.iter().map(|code| name(code)).collect(),
            case,
        }
    }
}

#[derive(Template)]
#[template(path = "fieldwork/conflict.html")]
struct Show {
    page: Page,
    one: Conflict,
    opened: Option<Opened>,
    errors: FormErrors,
    aside: String,
    now: At,
}

impl Show {
    fn asides(&self) -> Vec<(&'static str, String)> {
        Aside::SAID.map(|a| (a.code(), self.page.t.code(Aside::PREFIX, a.code()))).into()
    }
    /// What it is about, each once.
    fn about(&self) -> Vec<String> {
        let mut all: Vec<String> = Vec::new();
        for about in self.one.about().into_iter().filter(|a| !a.field.is_empty()) {
            let text = self.page.t.s(format!("phone-about-{}-{}", about.about, about.field.replace('_', "-")));
            if !all.contains(&text) {
                all.push(text);
            }
        }
        all
    }
}

fn shown(app: &App, page: Page, one: Conflict, opened: Option<Opened>) -> Show {
    let title = page.place(&one.address_text).to_owned();
    let now = app.store.now();
    Show { page: page.titled(title), one, opened, errors: FormErrors::new(), aside: String::new(), now }
}

/// `GET /field/conflicts/{id}`: nothing of what was entered is shown yet.
pub(crate) async fn show(
    State(app): State<App>,
    reader: Reader,
    page: Page,
    Path(id): Path<ConflictId>,
) -> Result<Response> {
    let one = conflict::find(&app.store.reads(), &reader, id).await?;
    render(&shown(&app, page, one, None))
}

/// Opens it on record and puts the page together.
async fn opened(
    app: &App,
    reader: &Reader,
    page: Page,
    id: ConflictId,
    chosen: &HashMap<String, String>,
) -> Result<Show> {
    let tx = app.store.begin(reader).await?;
    let one = conflict::find(&tx, reader, id).await?;
    let case = decide::open(&tx, &one).await?;
    tx.commit().await?;
    let opened = Opened::new(app, &page, case, chosen);
    Ok(shown(app, page, one, Some(opened)))
}

fn back(id: ConflictId) -> String {
    format!("/field/conflicts/{id}")
}

/// `POST /field/conflicts/{id}/reading`
pub(crate) async fn read(
    State(app): State<App>,
    reader: Reader,
    page: Page,
    Path(id): Path<ConflictId>,
) -> Result<Response> {
    let show = opened(&app, &reader, page, id, &HashMap::new()).await?;
    Ok(closes_by_itself(&app, render(&show)?, &back(id)))
}

fn version(sent: &HashMap<String, String>) -> Result<i64> {
    sent.get("version").and_then(|v| v.parse().ok()).ok_or_else(AppError::stale)
}

/// `POST /field/conflicts/{id}/decision`
pub(crate) async fn decide(
    State(app): State<App>,
    reader: Reader,
    page: Page,
    Path(id): Path<ConflictId>,
    Form(sent): Form<HashMap<String, String>>,
) -> Result<Response> {
    let mut errors = FormErrors::new();
    let tx = app.store.begin(&reader).await?;
    decide::apply(&app, &tx, (id, version(&sent)?), &sent, &page.t, &mut errors).await?;
    if errors.is_empty() {
        tx.commit().await?;
        return Ok(flash(redirect("/field/conflicts"), "entry-decided"));
    }
    drop(tx);
    let mut show = opened(&app, &reader, page, id, &sent).await?;
    show.errors = errors;
    Ok(closes_by_itself(&app, render_status(StatusCode::UNPROCESSABLE_ENTITY, &show)?, &back(id)))
}

/// `POST /field/conflicts/{id}/setting-aside`
pub(crate) async fn set_aside(
    State(app): State<App>,
    reader: Reader,
    page: Page,
    Path(id): Path<ConflictId>,
    Form(sent): Form<HashMap<String, String>>,
) -> Result<Response> {
    let said = sent.get("reason").map(String::as_str).unwrap_or_default();
    let reason = Aside::from_code(said).filter(|a| Aside::SAID.contains(a));
    let Some(reason) = reason else {
        let one = conflict::find(&app.store.reads(), &reader, id).await?;
        let mut show = shown(&app, page, one, None);
        show.errors.add("reason", "entry-aside-choose");
        return render_status(StatusCode::UNPROCESSABLE_ENTITY, &show);
    };
    let tx = app.store.begin(&reader).await?;
    decide::set_aside(&tx, id, version(&sent)?, reason).await?;
    tx.commit().await?;
    Ok(flash(redirect("/field/conflicts"), "entry-set-aside"))
}
