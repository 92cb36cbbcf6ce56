//! A home at its door: the household, the visit, one record shown.

use std::collections::HashMap;

use askama::Template;
use axum::{
    extract::{Form, Path, State},
    response::Response,
};
use http::StatusCode;
use linli_platform::{
    AppError, Result,
    access::Action,
    app::App,
    clock::Day,
    erasures,
    reader::Reader,
    web::{FormErrors, Page, flash, flash_n, redirect, render, render_status},
};
use linli_register::{HomeId, ResidentId, codes, hazards, residents::OpenResident};

use super::form::{CHANGES, DoorForm};
use crate::{
    door::{self, Door},
    photo,
    visit::{self, VisitError, VisitOutcome},
};

#[derive(Template)]
#[template(path = "fieldwork/home.html")]
struct DoorPage {
    page: Page,
    door: Door,
    form: DoorForm,
    errors: FormErrors,
    opened: Option<(ResidentId, OpenResident)>,
    can_show: bool,
    doc_kinds: Vec<(&'static str, String)>,
    sexes: Vec<(&'static str, String)>,
    today: Day,
    /// Names of the hazards that hold.
    hazards: Vec<String>,
}

impl DoorPage {
    fn opened_for(&self, id: ResidentId) -> Option<&OpenResident> {
        self.opened.as_ref().filter(|(of, _)| *of == id).map(|(_, open)| open)
    }
    fn error_at(&self, field: &str, id: ResidentId) -> Option<&str> {
        self.errors.for_field(&format!("{field}-{id}"))
    }
    fn left_text(&self) -> String {
        self.page.t.a("field-left", "n", "{n}")
    }
    fn button_text(&self) -> String {
        match self.form.left() {
            0 => self.page.t.s("field-finish"),
            n => self.page.t.a("field-left", "n", n),
        }
    }
    /// Whether a paper form is being typed in: then the page asks when somebody stood at the door.
    fn typed_in(&self) -> bool {
        !self.form.visited.is_empty() || self.page.query.split('&').any(|part| part == "paper=1")
    }
    fn absent(&self) -> [VisitOutcome; 4] {
        VisitOutcome::ABSENT
    }
    fn changes(&self) -> [&'static str; 7] {
        CHANGES
    }
}

async fn door_page(
    app: &App,
    reader: &Reader,
    page: Page,
    home: HomeId,
    sent: &HashMap<String, String>,
) -> Result<DoorPage> {
    let door = door::at_door(app, reader, home).await?;
    let form = DoorForm::new(&app.store.reads(), &door, sent);
    let text = |list: Vec<(&'static str, String)>| list.into_iter().map(|(c, key)| (c, page.t.s(key))).collect();
    let (doc_kinds, sexes) = (text(codes::document_choices()), text(codes::SexCode::choices()));
    let page = page.clone().titled(door.household.home.address_text.clone());
    let can_show = reader.may(Action::RegisterUnmask);
    let today = app.store.clock().today();
    let name = |h: &linli_register::hazards::HazardRow| hazards::name(&app.pack, page.lang, &h.code);
    let hazards = door.hazards.iter().map(name).collect();
    let errors = FormErrors::new();
    Ok(DoorPage { page, door, form, errors, opened: None, can_show, doc_kinds, sexes, today, hazards })
}

/// `GET /field/homes/{id}`.
pub(crate) async fn open(
    State(app): State<App>,
    reader: Reader,
    page: Page,
    Path(home): Path<HomeId>,
) -> Result<Response> {
    render(&door_page(&app, &reader, page, home, &HashMap::new()).await?)
}

/// `POST /field/homes/{id}/visit`: everything at once, or nothing and what was typed comes back.
pub(crate) async fn record(
    State(app): State<App>,
    reader: Reader,
    page: Page,
    Path(home): Path<HomeId>,
    Form(sent): Form<HashMap<String, String>>,
) -> Result<Response> {
    let mut shown = door_page(&app, &reader, page, home, &sent).await?;
    if sent.get("do").is_some_and(|d| d == "add") {
        shown.form.add_newcomer(shown.today);
        return render(&shown);
    }
    let mut errors = FormErrors::new();
    if names_erased(&app, &sent).await? {
        errors.require(false, "", "error-visit-resident-erased");
    }
    let visit = shown.form.visit(&app.store.reads(), home, &mut errors, &shown.page.t).await?;
    if let (Some(visit), true) = (visit, errors.is_empty()) {
        let tx = app.store.begin(&reader).await?;
        match visit::record(&tx, visit).await {
            Ok(done) => {
                tx.commit().await?;
                // The visit is safe; what the rule asks for besides comes after it.
                let photo = photo::asked::find(&app, &app.store.reads(), &reader, done.visit_id).await?;
                let next = photo.map_or("/field/online".to_owned(), |p| format!("/field/visits/{}/photo", p.visit));
                return Ok(match done.people_checked {
                    0 => flash(redirect(&next), "visit-recorded"),
                    n => flash_n(redirect(&next), "visit-recorded-people", n),
                });
            }
            Err(e) => refuse(e, &shown, &mut errors)?,
        }
    } else if shown.form.outcome.is_empty() {
        mark_unsettled(&shown, &mut errors);
    }
    shown.errors = errors;
    render_status(StatusCode::UNPROCESSABLE_ENTITY, &shown)
}

/// Whether an entry that is sent again settles somebody whose record was erased since. The page that comes back has the
/// person no more.
async fn names_erased(app: &App, sent: &HashMap<String, String>) -> Result<bool> {
    for id in sent.keys().filter_map(|key| key.strip_prefix("c-")?.parse::<ResidentId>().ok()) {
        if erasures::is_erased(&app.store.reads(), id.0).await? {
            return Ok(true);
        }
    }
    Ok(false)
}

/// Messages at the fields; a fault of ours goes on.
fn refuse(e: VisitError, shown: &DoorPage, errors: &mut FormErrors) -> Result<()> {
    let t = &shown.page.t;
    match e {
        VisitError::Unsettled(_) => mark_unsettled(shown, errors),
        VisitError::Person(id, e) if e.status.is_client_error() => {
            let field = if e.is("since-future") { "d" } else { "c" };
            errors.add_error(t, &format!("{field}-{id}"), &e);
        }
        VisitError::Newcomer(n, e) if e.status.is_client_error() => {
            errors.add_error(t, &shown.form.newcomer_field(n, e.code), &e);
        }
        VisitError::Person(_, e) | VisitError::Newcomer(_, e) => return Err(e),
        VisitError::Other(e) if e.status == StatusCode::UNPROCESSABLE_ENTITY || e.is("stale-version") => {
            errors.add_error(t, "", &e);
        }
        VisitError::Other(e) => return Err(e),
    }
    Ok(())
}

fn mark_unsettled(shown: &DoorPage, errors: &mut FormErrors) {
    let left: Vec<_> = shown.form.people.iter().filter(|p| p.choice.is_empty()).collect();
    if left.is_empty() {
        return;
    }
    errors.add_text("", shown.page.t.a("field-left", "n", left.len()));
    for person in left {
        let text = shown.page.t.a("field-left-person", "name", &person.resident.name_masked);
        errors.add_text(&format!("c-{}", person.id()), text);
    }
}

/// `POST /field/homes/{id}/reading`: shows one record on the page, on record; what was typed stays.
pub(crate) async fn read(
    State(app): State<App>,
    reader: Reader,
    page: Page,
    Path(home): Path<HomeId>,
    Form(sent): Form<HashMap<String, String>>,
) -> Result<Response> {
    let resident: ResidentId = sent.get("show").and_then(|id| id.parse().ok()).ok_or_else(AppError::not_found)?;
    let mut shown = door_page(&app, &reader, page, home, &sent).await?;
    let tx = app.store.begin(&reader).await?;
    match door::show(&app, &tx, home, resident).await {
        Ok(open) => {
            tx.commit().await?;
            shown.opened = Some((resident, open));
            render(&shown)
        }
        Err(e) if e.status == StatusCode::UNPROCESSABLE_ENTITY => {
            shown.errors.add_error(&shown.page.t, &format!("c-{resident}"), &e);
            render_status(StatusCode::UNPROCESSABLE_ENTITY, &shown)
        }
        Err(e) => Err(e),
    }
}
