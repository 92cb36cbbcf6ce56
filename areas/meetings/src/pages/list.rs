//! The list of meetings, and convening one by hand.

use std::collections::HashMap;

use askama::Template;
use axum::{
    extract::{Form, Query, State},
    response::Response,
};
use http::StatusCode;
use linli_platform::{
    Result,
    access::{Action, Role},
    app::App,
    clock::Day,
    ids::GridId,
    reader::Reader,
    web::{FormErrors, Page, Paging, flash, optional, redirect, render_status},
};
use policy_pack::MeetingId as Kind;

use super::given;
use crate::{
    convening::{self, Wanted},
    dates,
    meetings::{self, MeetingRow, Tab},
};

#[derive(Template)]
#[template(path = "meetings/list.html")]
struct ListPage {
    page: Page,
    errors: FormErrors,
    form: HashMap<String, String>,
    meetings: Vec<MeetingRow>,
    paging: Paging,
    tab: Tab,
    missed: i64,
    today: Day,
    kinds: Vec<(String, String)>,
    areas: Vec<(String, String)>,
    unknown_year: Option<i16>,
}

impl ListPage {
    fn is_tab(&self, tab: &Tab) -> bool {
        *tab == self.tab
    }
    fn value(&self, name: &str) -> &str {
        given(&self.form, name)
    }
}

/// `GET /meetings`
pub(super) async fn list(
    State(app): State<App>,
    reader: Reader,
    page: Page,
    Query(query): Query<HashMap<String, String>>,
) -> Result<Response> {
    show(&app, &reader, page, query, FormErrors::new(), HashMap::new(), StatusCode::OK).await
}

async fn show(
    app: &App,
    reader: &Reader,
    page: Page,
    query: HashMap<String, String>,
    errors: FormErrors,
    mut form: HashMap<String, String>,
    status: StatusCode,
) -> Result<Response> {
    let q = app.store.reads();
    let tab = Tab::from_code(given(&query, "state"));
    let paging = Paging::from_query(&query);
    let (rows, total) = meetings::list(&q, reader, tab, &paging).await?;
    let one = Paging { page: 1, per_page: 1, total: 0 };
    let missed = meetings::list(&q, reader, Tab::Missed, &one).await?.1;
    let today = app.store.clock().today();
    let (kinds, areas) = choices(app, reader, &page).await?;
    form.entry("day".into()).or_insert_with(|| today.plus_days(1).to_string());
    form.entry("time".into()).or_insert_with(|| dates::USUAL_TIME.strftime("%H:%M").to_string());
    // Meetings are convened two weeks ahead: a year that begins within a month is near enough to be told.
    let ahead = today.plus_days(31);
    let unknown_year = (!dates::is_known(&app.calendar, ahead)).then(|| ahead.0.year());
    let title = page.t.s("meetings-title");
    let page = page.titled(title);
    let shown = ListPage {
        page,
        errors,
        form,
        meetings: rows,
        paging: paging.of(total),
        tab,
        missed,
        today,
        kinds,
        areas,
        unknown_year,
    };
    render_status(status, &shown)
}

/// Kinds that the reader convenes, and the grids for them.
async fn choices(app: &App, reader: &Reader, page: &Page) -> Result<(Vec<(String, String)>, Vec<(String, String)>)> {
    if !reader.may(Action::MeetingConvene) {
        return Ok((Vec::new(), Vec::new()));
    }
    let own = |kind: &&Kind| meetings::convener(&app.pack, **kind).is_some_and(|role| reader.is(role));
    let kinds = [Kind::Weekly, Kind::Monthly, Kind::Yearly];
    let kinds =
        kinds.iter().filter(own).map(|k| (k.code().to_owned(), page.t.code("meeting-kind", k.code()))).collect();
    let grids = linli_territory::all_grids(&app.store.reads()).await?;
    let led = |id: GridId| meetings::holds(reader, Role::GridLeader, id);
    let areas = grids.into_iter().filter(|g| led(g.grid_id)).map(|g| (g.grid_id.to_string(), g.name)).collect();
    Ok((kinds, areas))
}

/// `POST /meetings`
pub(super) async fn convene(
    State(app): State<App>,
    reader: Reader,
    page: Page,
    Form(form): Form<HashMap<String, String>>,
) -> Result<Response> {
    let mut errors = FormErrors::new();
    let kind = Kind::from_code(given(&form, "kind"));
    errors.require(kind.is_some(), "kind", "form-required");
    errors.require(!given(&form, "day").is_empty(), "day", "form-required");
    errors.require(!given(&form, "time").is_empty(), "time", "form-required");
    let day: Option<Day> = optional(&mut errors, "day", given(&form, "day"));
    let time = optional(&mut errors, "time", given(&form, "time"));
    if let (true, Some(kind), Some(day), Some(time)) = (errors.is_empty(), kind, day, time) {
        let tx = app.store.begin(&reader).await?;
        let wanted = Wanted { kind, area: given(&form, "area").to_owned(), day, time };
        match convening::convene(&app, &tx, wanted).await {
            Ok(id) => {
                tx.commit().await?;
                return Ok(flash(redirect(&format!("/meetings/{id}")), "meeting-convened-now"));
            }
            Err(e) if e.status == StatusCode::UNPROCESSABLE_ENTITY => {
                let field = if e.is("meeting-not-convener") { "area" } else { "day" };
                errors.add_error(&page.t, field, &e);
            }
            Err(e) => return Err(e),
        }
    }
    show(&app, &reader, page, HashMap::new(), errors, form, StatusCode::UNPROCESSABLE_ENTITY).await
}
