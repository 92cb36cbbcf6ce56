//! One standard address: what became of it, its old names, its homes.

use askama::Template;
use axum::{
    Form,
    extract::{Path, State},
    response::Response,
};
use http::StatusCode;
use linli_platform::{
    AppError, Result,
    app::App,
    clock::Day,
    reader::Reader,
    web::{self, FormErrors, Page},
};
use serde::Deserialize;

use super::{
    choices::{Choices, Places, of_codes},
    form::can_be_put_right,
    home_edit, seen,
};
use crate::{
    address_life::{self, OldName},
    addresses::{self, AddressRow, NewAddress},
    codes::{HomeKind, Source},
    history::{self, Step},
    homes::{self, HomeRow},
    ids::AddressId,
    told::Told,
};

/// What was typed.
#[derive(Deserialize, Clone, Default)]
#[serde(default)]
pub(super) struct Typed {
    version: i64,
    text: String,
    grid: String,
    kind: String,
    lon: String,
    lat: String,
    day: String,
    source: String,
    seen: String,
}

#[derive(Template)]
#[template(path = "register/address.html")]
struct Address {
    page: Page,
    errors: FormErrors,
    a: AddressRow,
    grid: String,
    names: Vec<OldName>,
    homes: Vec<HomeRow>,
    steps: Vec<Step>,
    /// What was typed into the form that could not be done.
    typed: Typed,
    tried: Option<Act>,
    now: String,
    sources: Choices,
    kinds: Choices,
}

impl Address {
    /// What was typed into a form of when it was learnt; now where it is another form.
    fn seen(&self, form: &str) -> &str {
        if self.tried.is_some_and(|act| act.form() == form) { &self.typed.seen } else { &self.now }
    }
    /// What was typed of the day from which another number holds.
    fn day(&self) -> &str {
        if self.tried == Some(Act::Renumber) { &self.typed.day } else { "" }
    }
}

async fn view(app: &App, page: Page, reader: &Reader, id: AddressId) -> Result<Address> {
    let q = app.store.reads();
    let a = addresses::find(&q, reader, id).await?;
    let title = a.text.clone();
    Ok(Address {
        sources: of_codes(&page.t, Source::choices()),
        kinds: of_codes(&page.t, HomeKind::choices()),
        grid: Places::named(app, &[a.grid_id]).await?.grid(&a.grid_id),
        names: address_life::old_names(&q, id).await?,
        homes: homes::at_address(&q, reader, id).await?,
        steps: history::of_subject(&q, id.0).await?,
        page: page.titled(title),
        errors: FormErrors::new(),
        a,
        typed: Typed::default(),
        tried: None,
        now: seen::text(app.store.now()),
    })
}

pub(super) async fn show(
    State(app): State<App>,
    page: Page,
    reader: Reader,
    Path(id): Path<AddressId>,
) -> Result<Response> {
    web::render(&view(&app, page, &reader, id).await?)
}

#[derive(Template)]
#[template(path = "register/address-new.html")]
struct New {
    page: Page,
    errors: FormErrors,
    typed: Typed,
    grids: Choices,
    kinds: Choices,
    sources: Choices,
}

async fn new_view(app: &App, page: Page, reader: &Reader, errors: FormErrors, typed: Typed) -> Result<New> {
    let title = page.t.s("address-new-title");
    let (kinds, sources) = (of_codes(&page.t, HomeKind::choices()), of_codes(&page.t, Source::choices()));
    let grids = Places::load(app, reader).await?.grids;
    Ok(New { page: page.titled(title), errors, typed, grids, kinds, sources })
}

pub(super) async fn form(State(app): State<App>, page: Page, reader: Reader) -> Result<Response> {
    let (kind, seen) = (HomeKind::Flat.code().into(), seen::text(app.store.now()));
    let typed = Typed { kind, seen, ..Typed::default() };
    web::render(&new_view(&app, page, &reader, FormErrors::new(), typed).await?)
}

fn source(typed: &Typed) -> Source {
    Source::from_code(&typed.source).unwrap_or(Source::DoorVisit)
}

/// The field that an error of the rules belongs to.
fn field_of(e: &AppError) -> &'static str {
    match e.code {
        "since-future" => "day",
        "address-state" | "address-lived-in" | "stale-version" | "home-known" => "",
        "home-kind" => "kind",
        _ => "text",
    }
}

/// A degree within China, or a message at the field.
fn degrees(errors: &mut FormErrors, field: &str, text: &str, within: std::ops::RangeInclusive<f64>) -> Option<f64> {
    let value = web::optional::<f64>(errors, field, text)?;
    errors.require(within.contains(&value), field, "cell-coordinate");
    Some(value)
}

pub(super) async fn add(
    State(app): State<App>,
    page: Page,
    reader: Reader,
    Form(typed): Form<Typed>,
) -> Result<Response> {
    let mut errors = FormErrors::new();
    let text = web::required(&mut errors, "text", &typed.text).to_owned();
    let grids = linli_territory::grids(&app.store.reads(), &reader).await?;
    let grid = grids.into_iter().find(|g| g.grid_id.to_string() == typed.grid);
    errors.require(grid.is_some(), "grid", "form-choose");
    let kind = HomeKind::from_code(&typed.kind);
    errors.require(kind.is_some(), "kind", "form-choose");
    let lon = degrees(&mut errors, "lon", &typed.lon, 73.0..=136.0);
    let lat = degrees(&mut errors, "lat", &typed.lat, 3.0..=54.0);
    let seen_at = seen::read(app.store.now(), &typed.seen, &mut errors);
    if let (Some(grid), Some(kind), true) = (grid, kind, errors.is_empty()) {
        let new = NewAddress {
            address_id: None,
            text,
            committee_code: grid.committee_code,
            grid_id: Some(grid.grid_id),
            lon,
            lat,
            source: source(&typed),
        };
        let tx = app.store.begin(&reader).await?;
        match address_life::add(&tx, new, kind, seen_at).await {
            Ok((id, _)) => {
                tx.commit().await?;
                return Ok(web::flash(web::redirect(&format!("/addresses/{id}")), "address-added"));
            }
            Err(e) if can_be_put_right(&e) => errors.add_error(&page.t, field_of(&e), &e),
            Err(e) => return Err(e),
        }
    }
    let view = new_view(&app, page, &reader, errors, typed).await?;
    web::render_status(StatusCode::UNPROCESSABLE_ENTITY, &view)
}

/// What can become of an address.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Act {
    Renumber,
    Demolish,
    Restore,
    AddHome,
}

impl Act {
    fn form(self) -> &'static str {
        match self {
            Act::Renumber => "renumbering",
            Act::Demolish => "demolition",
            Act::Restore => "restoration",
            Act::AddHome => "home",
        }
    }
    fn said(self) -> &'static str {
        match self {
            Act::Renumber => "address-renumbered",
            Act::Demolish => "address-demolished",
            Act::Restore => "address-restored",
            Act::AddHome => "home-added",
        }
    }
}

async fn act(app: App, page: Page, reader: Reader, id: AddressId, typed: Typed, act: Act) -> Result<Response> {
    let mut errors = FormErrors::new();
    let now = app.store.now();
    let day = web::optional::<Day>(&mut errors, "day", &typed.day).unwrap_or(now.day());
    let seen_at = seen::read_at(&seen::field(act.form()), now, &typed.seen, &mut errors);
    let told = Told::seen(source(&typed), seen_at);
    if errors.is_empty() {
        let version = typed.version;
        let tx = app.store.begin(&reader).await?;
        let back = format!("/addresses/{id}");
        let done = match act {
            Act::Renumber => address_life::renumber(&tx, id, version, &typed.text, day, told).await.map(|()| back),
            Act::Demolish => address_life::demolish(&tx, id, version, day, told).await.map(|()| back),
            Act::Restore => address_life::restore(&tx, id, version, told).await.map(|()| back),
            Act::AddHome => {
                let home = home_edit::found(&tx, id, &typed.kind, told).await;
                home.map(|home| format!("/homes/{home}/change"))
            }
        };
        match done {
            Ok(next) => {
                tx.commit().await?;
                return Ok(web::flash(web::redirect(&next), act.said()));
            }
            Err(e) if can_be_put_right(&e) || e.is("stale-version") => errors.add_error(&page.t, field_of(&e), &e),
            Err(e) => return Err(e),
        }
    }
    let view = Address { errors, typed, tried: Some(act), ..view(&app, page, &reader, id).await? };
    web::render_status(StatusCode::UNPROCESSABLE_ENTITY, &view)
}

pub(super) async fn renumber(
    State(app): State<App>,
    page: Page,
    reader: Reader,
    Path(id): Path<AddressId>,
    Form(typed): Form<Typed>,
) -> Result<Response> {
    act(app, page, reader, id, typed, Act::Renumber).await
}

pub(super) async fn demolish(
    State(app): State<App>,
    page: Page,
    reader: Reader,
    Path(id): Path<AddressId>,
    Form(typed): Form<Typed>,
) -> Result<Response> {
    act(app, page, reader, id, typed, Act::Demolish).await
}

pub(super) async fn restore(
    State(app): State<App>,
    page: Page,
    reader: Reader,
    Path(id): Path<AddressId>,
    Form(typed): Form<Typed>,
) -> Result<Response> {
    act(app, page, reader, id, typed, Act::Restore).await
}

/// Enters the home of an address that has none yet, and goes on to its facts.
pub(super) async fn add_home(
    State(app): State<App>,
    page: Page,
    reader: Reader,
    Path(id): Path<AddressId>,
    Form(typed): Form<Typed>,
) -> Result<Response> {
    act(app, page, reader, id, typed, Act::AddHome).await
}
