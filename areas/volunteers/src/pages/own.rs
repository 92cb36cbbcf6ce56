//! The volunteer's own page, for a phone: four things to tell, and what became of what was told.

use std::collections::HashMap;

use askama::Template;
use axum::{
    extract::{Form, Query, State},
    response::Response,
};
use http::StatusCode;
use linli_platform::{
    AppError, Result,
    app::App,
    reader::Reader,
    store::Query as _,
    texts::T,
    web::{FormErrors, Page, flash, redirect, render, render_status},
};
use linli_register::HomeId;

use super::{given, refused};
use crate::{
    codes::{Hazard, NoticeKind, SeenWhen},
    ids::{PlaceId, VolunteerNoticeId},
    notices::{self, NewNotice, Notice},
    places::{self, Place},
};

/// How many of the own notices are shown.
const SHOWN: u16 = 30;

#[derive(Template)]
#[template(path = "volunteers/own.html")]
struct OwnPage {
    page: Page,
    places: Vec<Place>,
    kinds: Vec<&'static str>,
    notices: Vec<Told>,
    confirmed: usize,
}

/// A notice in words.
struct Told {
    what: String,
    place: String,
    day: String,
    state: String,
    tone: &'static str,
    stipend: Option<String>,
}

fn in_words(t: &T, n: &Notice) -> Told {
    let what = match Hazard::from_code(&n.hazard) {
        Some(hazard) => t.code(Hazard::PREFIX, hazard),
        None => t.code(NoticeKind::PREFIX, &n.kind),
    };
    let state = match &n.result {
        Some(result) => t.code("volunteer-result", result),
        None => t.code("volunteer-state", &n.state),
    };
    let tone = match (n.is_open(), n.is_confirmed()) {
        (true, _) => "soon",
        (_, true) => "ok",
        _ => "",
    };
    let stipend = n.stipend_state.as_ref().map(|state| match n.yuan {
        Some(yuan) => t.all(format!("volunteer-stipend-{state}"), &[("yuan", yuan.to_string())]),
        None => t.s(format!("volunteer-stipend-{state}")),
    });
    Told { what, place: n.place().to_owned(), day: n.made_at.day().to_string(), state, tone, stipend }
}

/// `GET /volunteer`
pub(super) async fn show(State(app): State<App>, reader: Reader, page: Page) -> Result<Response> {
    let q = app.store.reads();
    let places = places::own(&q, &reader).await?;
    let own = notices::own(&q, &reader, SHOWN).await?;
    let kinds = NoticeKind::ALL.iter().map(|k| k.code()).collect();
    let title = page.t.s("volunteer-title");
    let told = own.iter().map(|n| in_words(&page.t, n)).collect();
    let confirmed = own.iter().filter(|n| n.is_confirmed()).count();
    render(&OwnPage { page: page.titled(title), places, kinds, notices: told, confirmed })
}

#[derive(Template)]
#[template(path = "volunteers/new.html")]
struct NewPage {
    page: Page,
    errors: FormErrors,
    id: VolunteerNoticeId,
    kind: &'static str,
    is_hazard: bool,
    premises: Vec<(String, String)>,
    at: String,
    hazards: Vec<(&'static str, String)>,
    hazard: String,
    seen_choices: Vec<(&'static str, String)>,
    seen: String,
}

/// The premises that can be chosen: of a hazard the common parts too. The value is the place, or place and home.
async fn premises(
    q: &impl linli_platform::store::Query,
    page: &Page,
    reader: &Reader,
    kind: NoticeKind,
) -> Result<Vec<(String, String)>> {
    let mut all = Vec::new();
    for place in places::own(q, reader).await? {
        if !kind.needs_home() {
            all.push((
                place.place_id.to_string(),
                page.t.a("volunteer-common-parts", "place", page.place(&place.prefix)),
            ));
        }
        for home in places::homes(q, &place).await? {
            let text = page.place(&home.text).to_owned();
            all.push((format!("{} {}", place.place_id, home.home_id), text));
        }
    }
    Ok(all)
}

async fn new_page(
    app: &App,
    reader: &Reader,
    page: Page,
    kind: NoticeKind,
    form: &HashMap<String, String>,
    errors: FormErrors,
) -> Result<NewPage> {
    let q = app.store.reads();
    let t = page.t.clone();
    let choices = |list: Vec<(&'static str, String)>| list.into_iter().map(|(c, key)| (c, t.s(key))).collect();
    let seen = match given(form, "seen") {
        "" => SeenWhen::Today.code().to_owned(),
        seen => seen.to_owned(),
    };
    Ok(NewPage {
        errors,
        id: given(form, "id").parse().unwrap_or_else(|_| q.store().new_id()),
        kind: kind.code(),
        is_hazard: kind == NoticeKind::Hazard,
        premises: premises(&q, &page, reader, kind).await?,
        at: given(form, "at").to_owned(),
        hazards: choices(Hazard::choices()),
        hazard: given(form, "hazard").to_owned(),
        seen_choices: choices(SeenWhen::choices()),
        seen,
        page: page.titled(t.code(NoticeKind::PREFIX, kind)),
    })
}

/// `GET /volunteer/new?kind=moved-in`
pub(super) async fn new(
    State(app): State<App>,
    reader: Reader,
    page: Page,
    Query(query): Query<HashMap<String, String>>,
) -> Result<Response> {
    let Some(kind) = NoticeKind::from_code(given(&query, "kind")) else { return Ok(redirect("/volunteer")) };
    render(&new_page(&app, &reader, page, kind, &query, FormErrors::new()).await?)
}

/// What was chosen, as far as the form itself can say; the field that lacks something.
fn read(form: &HashMap<String, String>, kind: NoticeKind) -> Result<NewNotice, (&'static str, AppError)> {
    let mut at = given(form, "at").split(' ');
    let place: Option<PlaceId> = at.next().and_then(|p| p.parse().ok());
    let home: Option<HomeId> = at.next().and_then(|h| h.parse().ok());
    Ok(NewNotice {
        id: given(form, "id").parse().map_err(|_| ("", AppError::rule("volunteer-form")))?,
        kind,
        place: place.ok_or(("at", AppError::rule("volunteer-home")))?,
        home,
        hazard: Hazard::from_code(given(form, "hazard")),
        seen: SeenWhen::from_code(given(form, "seen")).ok_or(("seen", AppError::rule("volunteer-when")))?,
    })
}

/// `POST /volunteer/notices`
pub(super) async fn report(
    State(app): State<App>,
    reader: Reader,
    page: Page,
    Form(form): Form<HashMap<String, String>>,
) -> Result<Response> {
    let Some(kind) = NoticeKind::from_code(given(&form, "kind")) else { return Ok(redirect("/volunteer")) };
    let tried = match read(&form, kind) {
        Ok(new) => {
            let tx = app.store.begin(&reader).await?;
            match notices::report(&app, &tx, &new).await {
                Ok(_) => {
                    tx.commit().await?;
                    return Ok(flash(redirect("/volunteer"), "volunteer-thanks"));
                }
                Err(e) if e.is("volunteer-hazard") => ("hazard", e),
                Err(e) => ("at", e),
            }
        }
        Err(fault) => fault,
    };
    let errors = refused(&page.t, tried.0, tried.1)?;
    let shown = new_page(&app, &reader, page, kind, &form, errors).await?;
    render_status(StatusCode::UNPROCESSABLE_ENTITY, &shown)
}

#[derive(Template)]
#[template(path = "volunteers/crime.html")]
struct CrimePage {
    page: Page,
}

/// `GET /volunteer/crime`: shows 110; there is no form, and nothing is stored (boundary 3).
pub(super) async fn crime(page: Page) -> Result<Response> {
    let title = page.t.s("volunteer-crime");
    render(&CrimePage { page: page.titled(title) })
}
