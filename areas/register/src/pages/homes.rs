//! Homes: the list by label and gap, and the household at a door.

use std::collections::HashMap;

use askama::Template;
use axum::{
    Form,
    extract::{Path, Query, State},
    response::Response,
};
use linli_platform::{
    Result,
    access::Role,
    app::App,
    clock::Day,
    reader::Reader,
    texts::Lang,
    web::{self, FormErrors, Page, Paging},
};
use serde::Deserialize;

use super::{
    choices::{Choices, Places, of_codes, text},
    facts::{self, PremisesFact},
    hazards, seen,
};
use crate::{
    care,
    codes::Label,
    contacts, doubts,
    history::{self, Step},
    home_change,
    homes::{self, Filter, HomeRow, Household, LabelChange},
    ids::{HomeId, ResidentId},
    residents::MaskedResident,
    told::Slice,
};

#[derive(Template)]
#[template(path = "register/homes.html")]
struct List {
    page: Page,
    errors: FormErrors,
    rows: Vec<HomeRow>,
    paging: Paging,
    places: Places,
    labels: Choices,
    q: String,
    grid: String,
    label: String,
    overdue: bool,
}

pub(super) async fn list(
    State(app): State<App>,
    page: Page,
    reader: Reader,
    Query(query): Query<HashMap<String, String>>,
) -> Result<Response> {
    let value = |name| text(&query, name).unwrap_or_default();
    let overdue = text(&query, "overdue").is_some();
    let month = app.store.now().day().month();
    let filter = Filter {
        text: value("q"),
        label: Label::from_code(&value("label")),
        grid: value("grid").parse().ok(),
        committee: text(&query, "committee"),
        not_verified_since: overdue.then(|| month.first_day()),
    };
    let paging = Paging::from_query(&query);
    let slice = Slice { offset: paging.offset(), limit: paging.limit() };
    let found = homes::list(&app.store.reads(), &reader, &filter, slice).await?;
    let title = page.t.s("homes-title");
    web::render(&List {
        labels: of_codes(&page.t, Label::choices()),
        page: page.titled(title),
        errors: FormErrors::new(),
        rows: found.rows,
        paging: paging.of(found.total),
        places: Places::load(&app, &reader).await?,
        q: value("q"),
        grid: value("grid"),
        label: value("label"),
        overdue,
    })
}

#[derive(Template)]
#[template(path = "register/home.html")]
pub(super) struct Home {
    page: Page,
    errors: FormErrors,
    home: HomeRow,
    household: Household,
    /// Members whose address is under investigation.
    doubted: Vec<ResidentId>,
    grid: String,
    labels: Choices,
    reasons: Choices,
    may_label: bool,
    facts: Vec<PremisesFact>,
    steps: Vec<Step>,
    /// For what the reader can open owner and landlord now.
    purposes: Vec<&'static str>,
    /// Since when somebody here agrees to care visits, while it is in force.
    care_since: Option<Day>,
    /// Hazards of the premises that hold, and those that can be noted.
    hazards: Vec<hazards::Shown>,
    hazard_choices: Choices,
    /// What was typed of a hazard and could not be taken.
    pub(super) typed: hazards::Typed,
    /// What was typed of the label and could not be taken.
    labelling: Labelled,
}

/// More people than this at one door are folded on its page.
const SHOWN: usize = 20;

impl Home {
    /// The people who are listed at once.
    fn listed(&self) -> &[MaskedResident] {
        let members = &self.household.members;
        &members[..members.len().min(SHOWN)]
    }
    /// The rest, of a dormitory.
    fn folded(&self) -> &[MaskedResident] {
        self.household.members.get(SHOWN..).unwrap_or_default()
    }
}

/// The policy pack's labels and reasons: a label is set because one of them holds.
fn reasons(app: &App, lang: Lang) -> Choices {
    let named = |id: &String, zh: &String, en: &String| (id.clone(), if lang == Lang::Zh { zh } else { en }.clone());
    let visits = &app.pack.visits;
    let labels = visits.labels.iter().map(|l| named(&l.id, &l.name, &l.name_en));
    labels.chain(visits.label_reasons.iter().map(|r| named(&r.id, &r.name, &r.name_en))).collect()
}

pub(super) async fn view(app: &App, page: Page, reader: &Reader, id: HomeId, errors: FormErrors) -> Result<Home> {
    let q = app.store.reads();
    let household = homes::household(&q, reader, id).await?;
    let places = Places::named(app, &[household.home.grid_id]).await?;
    let reasons = reasons(app, page.lang);
    let (hazards, hazard_choices) = (hazards::shown(app, page.lang, id).await?, hazards::choices(app, page.lang));
    let labels = of_codes(&page.t, Label::choices());
    let title = household.home.address_text.clone();
    let grid = household.home.grid_id;
    let named = household.home.owner_masked.is_some()
        || household.home.landlord_masked.is_some()
        || household.home.landlord_phone_masked.is_some();
    let purposes = if named { contacts::purposes(app, reader, id.0, grid).await? } else { Vec::new() };
    let facts = facts::of_home(&page.t, &household.home, &home_change::provenance(&q, reader, id).await?);
    Ok(Home {
        facts,
        purposes,
        page: page.titled(title),
        errors,
        grid: places.grid(&household.home.grid_id),
        home: household.home.clone(),
        household,
        doubted: doubts::of_home(&q, id).await?,
        labels,
        reasons,
        may_label: reader.is(Role::Officer) || reader.is(Role::Coordinator),
        steps: history::of_subject(&q, id.0).await?,
        care_since: care::since(&q, id).await?,
        hazards,
        hazard_choices,
        typed: hazards::Typed { seen: seen::text(app.store.now()), ..hazards::Typed::default() },
        labelling: Labelled { seen: seen::text(app.store.now()), ..Labelled::default() },
    })
}

pub(super) async fn show(
    State(app): State<App>,
    page: Page,
    reader: Reader,
    Path(id): Path<HomeId>,
) -> Result<Response> {
    web::render(&view(&app, page, &reader, id, FormErrors::new()).await?)
}

#[derive(Deserialize)]
#[serde(default)]
#[derive(Default)]
pub(super) struct Labelled {
    version: i64,
    label: String,
    reason: String,
    consent: String,
    seen: String,
}

pub(super) async fn label(
    State(app): State<App>,
    page: Page,
    reader: Reader,
    Path(id): Path<HomeId>,
    Form(typed): Form<Labelled>,
) -> Result<Response> {
    let mut errors = FormErrors::new();
    let consent = web::optional::<Day>(&mut errors, "consent", &typed.consent);
    let known = reasons(&app, page.lang).iter().any(|(id, _)| *id == typed.reason);
    errors.require(known, "reason", "error-label-reason");
    // An empty choice takes the label away; an unknown one must not.
    let label = Label::from_code(&typed.label);
    errors.require(typed.label.is_empty() || label.is_some(), "label", "form-choose");
    let seen_at = seen::read_at("seen-label", app.store.now(), &typed.seen, &mut errors);
    if errors.is_empty() {
        let reason = typed.reason.clone();
        let change = LabelChange { label, reason, care_consent_day: consent, seen_at: Some(seen_at) };
        let tx = app.store.begin(&reader).await?;
        match homes::set_label(&tx, id, typed.version, change).await {
            Ok(()) => {
                tx.commit().await?;
                return Ok(web::flash(web::redirect(&format!("/homes/{id}")), "home-labelled"));
            }
            Err(e) if e.is("not-found") || e.status.is_server_error() => return Err(e),
            Err(e) => errors.add_error(&page.t, "label", &e),
        }
    }
    let view = Home { labelling: typed, ..view(&app, page, &reader, id, errors).await? };
    web::render_status(http::StatusCode::UNPROCESSABLE_ENTITY, &view)
}
