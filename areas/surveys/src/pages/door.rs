//! The surveyor's pages, for a phone in one hand.

use std::collections::{BTreeMap, HashMap};

use askama::Template;
use axum::{
    Form,
    extract::{Path, State},
    http::StatusCode,
    response::Response,
};
use linli_platform::{
    AppError, Result,
    app::App,
    reader::{Purpose, Reader},
    web::{FormErrors, Page, flash, redirect, render, render_status},
};
use linli_register::{
    HomeId, ResidentId,
    residents::{self, MaskedResident, OpenResident},
};
use serde::Deserialize;

use super::view;
use crate::{
    answers::{self, HomeObservation, Said},
    assign::{self, AssignedHome},
    codes::{HomeState, Item},
    ids::SurveyId,
};

struct Stop {
    home: AssignedHome,
    committee: String,
}

impl Stop {
    fn done(&self) -> bool {
        self.home.state == HomeState::Answered.code()
    }
}

#[derive(Template)]
#[template(path = "surveys/mine.html")]
struct MinePage {
    page: Page,
    stops: Vec<Stop>,
    done: usize,
}

/// `GET /surveys/mine`
pub(super) async fn mine(State(app): State<App>, reader: Reader, page: Page) -> Result<Response> {
    let reads = app.store.reads();
    let names = view::names(&reads).await?;
    let stops: Vec<Stop> = assign::mine(&reads, &reader)
        .await?
        .into_iter()
        .map(|home| Stop {
            committee: names.get(&home.committee_code).cloned().unwrap_or_else(|| home.committee_code.clone()),
            home,
        })
        .collect();
    let done = stops.iter().filter(|s| s.done()).count();
    let page = page.clone().titled(page.t.s("nav-surveys-mine"));
    render(&MinePage { page, stops, done })
}

/// One person registered at the home, with what was typed about them.
struct Member {
    resident: MaskedResident,
    items: Vec<Item>,
    /// `lives`, `gone` or nothing yet.
    said: String,
    wrong: Vec<Item>,
    opened: Option<OpenResident>,
}

impl Member {
    fn is_wrong(&self, item: &Item) -> bool {
        self.wrong.contains(item)
    }
    fn age(&self, year: i64) -> Option<i64> {
        self.resident.birth_year.map(|born| year - born)
    }
}

#[derive(Template)]
#[template(path = "surveys/door.html")]
struct DoorPage {
    page: Page,
    errors: FormErrors,
    home: AssignedHome,
    members: Vec<Member>,
    unregistered: String,
    year: i64,
}

/// What was typed: `said-<resident>`, `wrong-<resident>` (several), `unregistered`.
#[derive(Default)]
struct Typed {
    said: HashMap<String, String>,
    wrong: HashMap<String, Vec<Item>>,
    unregistered: String,
}

impl Typed {
    fn read(form: &[(String, String)]) -> Typed {
        let mut typed = Typed::default();
        for (key, value) in form {
            if let Some(id) = key.strip_prefix("said-") {
                typed.said.insert(id.to_owned(), value.clone());
            } else if let Some(id) = key.strip_prefix("wrong-") {
                typed.wrong.entry(id.to_owned()).or_default().extend(Item::from_code(value));
            } else if key == "unregistered" {
                typed.unregistered.clone_from(value);
            }
        }
        typed
    }
    /// What it means, for those registered at the home.
    fn said(&self, members: &[MaskedResident]) -> BTreeMap<ResidentId, Said> {
        let mut all = BTreeMap::new();
        for member in members {
            let id = member.resident_id.to_string();
            let said = match self.said.get(&id).map(String::as_str) {
                Some("lives") => Said::Lives(self.wrong.get(&id).cloned().unwrap_or_default()),
                Some("gone") => Said::Gone,
                _ => continue,
            };
            all.insert(member.resident_id, said);
        }
        all
    }
    fn page(
        &self,
        app: &App,
        page: Page,
        errors: FormErrors,
        home: AssignedHome,
        members: Vec<MaskedResident>,
    ) -> DoorPage {
        let of = |resident: MaskedResident| {
            let id = resident.resident_id.to_string();
            Member {
                items: answers::items_of(&resident),
                said: self.said.get(&id).cloned().unwrap_or_default(),
                wrong: self.wrong.get(&id).cloned().unwrap_or_default(),
                opened: None,
                resident,
            }
        };
        DoorPage {
            page: page.titled(home.address_text.clone()),
            errors,
            home,
            members: members.into_iter().map(of).collect(),
            unregistered: if self.unregistered.is_empty() { "0".into() } else { self.unregistered.clone() },
            year: i64::from(app.store.now().day().0.year()),
        }
    }
}

/// `GET /surveys/{id}/homes/{home}`
pub(super) async fn show(
    State(app): State<App>,
    reader: Reader,
    page: Page,
    Path((id, home)): Path<(SurveyId, HomeId)>,
) -> Result<Response> {
    let (home, members) = answers::at_the_door(&app.store.reads(), &reader, id, home).await?;
    render(&Typed::default().page(&app, page, FormErrors::new(), home, members))
}

/// `POST /surveys/{id}/homes/{home}`
pub(super) async fn answer(
    State(app): State<App>,
    reader: Reader,
    page: Page,
    Path((id, home)): Path<(SurveyId, HomeId)>,
    Form(form): Form<Vec<(String, String)>>,
) -> Result<Response> {
    let typed = Typed::read(&form);
    let (assigned, members) = answers::at_the_door(&app.store.reads(), &reader, id, home).await?;
    let mut errors = FormErrors::new();
    let unregistered = linli_platform::web::optional(&mut errors, "unregistered", &typed.unregistered).unwrap_or(0);
    let counted = answers::count(&members, &typed.said(&members), unregistered);
    match counted {
        Ok(seen) if errors.is_empty() => {
            let tx = app.store.begin(&reader).await?;
            match answers::answer(&app, &tx, id, home, &seen).await {
                Ok(()) => {
                    tx.commit().await?;
                    return Ok(flash(redirect("/surveys/mine"), "survey-answered-now"));
                }
                Err(e) if e.is("survey-counts") || e.is("survey-put-right") => {
                    errors.add_error(&page.t, "unregistered", &e)
                }
                Err(e) => return Err(e),
            }
        }
        Ok(_) => {}
        Err(e) => errors.add_error(&page.t, "members", &e),
    }
    render_status(StatusCode::UNPROCESSABLE_ENTITY, &typed.page(&app, page, errors, assigned, members))
}

/// `POST /surveys/{id}/homes/{home}/not-met`
pub(super) async fn not_met(
    State(app): State<App>,
    reader: Reader,
    Path((id, home)): Path<(SurveyId, HomeId)>,
) -> Result<Response> {
    let tx = app.store.begin(&reader).await?;
    answers::answer(&app, &tx, id, home, &HomeObservation::nobody_met()).await?;
    tx.commit().await?;
    Ok(flash(redirect("/surveys/mine"), "survey-not-met-now"))
}

/// Whose record is to be opened.
#[derive(Deserialize)]
pub(super) struct Reading {
    resident: ResidentId,
}

/// `POST /surveys/{id}/homes/{home}/readings`: one record unmasked on the answer itself, with its access record.
pub(super) async fn open(
    State(app): State<App>,
    reader: Reader,
    page: Page,
    Path((id, home)): Path<(SurveyId, HomeId)>,
    Form(form): Form<Reading>,
) -> Result<Response> {
    let tx = app.store.begin(&reader).await?;
    let (assigned, members) = answers::at_the_door(&tx, &reader, id, home).await?;
    if !members.iter().any(|m| m.resident_id == form.resident) {
        return Err(AppError::not_found());
    }
    let opened = residents::open(&tx, form.resident, Purpose::SurveyInterview).await?;
    tx.commit().await?;
    let mut shown = Typed::default().page(&app, page, FormErrors::new(), assigned, members);
    if let Some(member) = shown.members.iter_mut().find(|m| m.resident.resident_id == form.resident) {
        member.opened = Some(opened);
    }
    render(&shown)
}
