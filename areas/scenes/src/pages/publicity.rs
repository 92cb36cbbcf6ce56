//! Campaigns: the list with the month's reach, the form, one campaign with its record.

use std::collections::HashMap;

use askama::Template;
use axum::{
    extract::{Form, Path, Query, State},
    response::Response,
};
use http::StatusCode;
use linli_platform::{
    AppError, Result,
    app::App,
    clock::Day,
    reader::Reader,
    web::{FormErrors, Page, Paging, flash, redirect, render, render_status},
};
use linli_work::outward::guard::Guard;
use policy_pack::Pack;

use super::{given, named, refused, version};
use crate::{
    codes::Means,
    ids::CampaignId,
    publicity::{self, Campaign, Held, NewCampaign, Reach},
};

#[derive(Template)]
#[template(path = "scenes/campaigns.html")]
struct ListPage {
    page: Page,
    campaigns: Vec<(Campaign, String)>,
    paging: Paging,
    reach: Reach,
    today: Day,
}

fn name_of(pack: &Pack, t: &linli_platform::texts::T, kind: &str) -> String {
    named(t, pack.work.campaigns.iter().find(|c| c.id == kind), kind)
}

/// `GET /publicity`
pub(super) async fn list(
    State(app): State<App>,
    reader: Reader,
    page: Page,
    Query(query): Query<HashMap<String, String>>,
) -> Result<Response> {
    let paging = Paging::from_query(&query);
    let (q, today) = (app.store.reads(), app.store.now().day());
    let (rows, total) = publicity::list(&q, &reader, &paging).await?;
    let shown = |c: Campaign| {
        let name = name_of(&app.pack, &page.t, &c.kind);
        (c, name)
    };
    let campaigns = rows.into_iter().map(shown).collect();
    let reach = publicity::reach(&q, &reader, today.month()).await?;
    let title = page.t.s("publicity-title");
    render(&ListPage { page: page.titled(title), campaigns, paging: paging.of(total), reach, today })
}

#[derive(Template)]
#[template(path = "scenes/campaign_new.html")]
struct NewPage {
    page: Page,
    errors: FormErrors,
    kinds: Vec<(String, String)>,
    kind: String,
    grids: Vec<(String, String)>,
    grid: String,
    means: Vec<(&'static str, String)>,
    mean: String,
    day: String,
    place: String,
}

async fn new_page(
    app: &App,
    reader: &Reader,
    page: Page,
    form: &HashMap<String, String>,
    errors: FormErrors,
) -> Result<NewPage> {
    let grids = linli_territory::grids(&app.store.reads(), reader).await?;
    let kinds = app.pack.work.campaigns.iter().map(|c| (c.id.clone(), named(&page.t, Some(c), &c.id))).collect();
    let means = Means::ALL.iter().map(|m| (m.code(), page.t.code(Means::PREFIX, m))).collect();
    let typed = |name: &str| given(form, name).to_owned();
    let title = page.t.s("publicity-new-title");
    Ok(NewPage {
        errors,
        kinds,
        kind: typed("kind"),
        grids: grids.into_iter().map(|g| (g.grid_id.to_string(), g.name)).collect(),
        grid: typed("grid"),
        means,
        mean: typed("means"),
        day: typed("day"),
        place: typed("place"),
        page: page.titled(title),
    })
}

/// `GET /publicity/new`
pub(super) async fn new(State(app): State<App>, reader: Reader, page: Page) -> Result<Response> {
    render(&new_page(&app, &reader, page, &HashMap::new(), FormErrors::new()).await?)
}

/// What was typed, as far as the form itself can say.
fn read(form: &HashMap<String, String>) -> Result<NewCampaign> {
    Ok(NewCampaign {
        kind: given(form, "kind").to_owned(),
        grid: given(form, "grid").parse().map_err(|_| AppError::rule("publicity-grid"))?,
        day: given(form, "day").parse().map_err(|_| AppError::rule("publicity-day"))?,
        means: Means::from_code(given(form, "means")).ok_or_else(|| AppError::rule("publicity-means"))?,
        place: given(form, "place").to_owned(),
    })
}

/// The field that an error is about.
fn field(e: &AppError) -> &'static str {
    match e.code {
        "publicity-kind" => "kind",
        "publicity-grid" => "grid",
        "publicity-day" => "day",
        "publicity-means" => "means",
        _ => "place",
    }
}

/// `POST /publicity`
pub(super) async fn plan(
    State(app): State<App>,
    reader: Reader,
    page: Page,
    Form(form): Form<HashMap<String, String>>,
) -> Result<Response> {
    let e = match read(&form) {
        Ok(new) => {
            let guard = Guard::of(&app).await?;
            let tx = app.store.begin(&reader).await?;
            match publicity::plan(&app, &tx, &guard, &new).await {
                Ok(id) => {
                    tx.commit().await?;
                    return Ok(flash(redirect(&format!("/publicity/{id}")), "publicity-planned-flash"));
                }
                Err(e) => e,
            }
        }
        Err(e) => e,
    };
    let errors = refused(&page.t, field(&e), e)?;
    render_status(StatusCode::UNPROCESSABLE_ENTITY, &new_page(&app, &reader, page, &form, errors).await?)
}

#[derive(Template)]
#[template(path = "scenes/campaign.html")]
struct ShowPage {
    page: Page,
    errors: FormErrors,
    campaign: Campaign,
    day: String,
    reached: String,
    leaflets: String,
    can_record: bool,
    late: bool,
}

async fn show_page(
    app: &App,
    reader: &Reader,
    page: Page,
    id: CampaignId,
    form: &HashMap<String, String>,
    errors: FormErrors,
) -> Result<ShowPage> {
    let campaign = publicity::find(&app.store.reads(), reader, id).await?;
    let today = app.store.now().day();
    let typed = |name: &str, otherwise: String| match given(form, name) {
        "" => otherwise,
        typed => typed.to_owned(),
    };
    let title = name_of(&app.pack, &page.t, &campaign.kind);
    Ok(ShowPage {
        errors,
        day: typed("day", campaign.day.min(today).to_string()),
        reached: typed("reached", String::new()),
        leaflets: typed("leaflets", "0".to_owned()),
        can_record: campaign.held_day.is_none(),
        late: campaign.is_late(today),
        campaign,
        page: page.titled(title),
    })
}

/// `GET /publicity/{id}`
pub(super) async fn show(
    State(app): State<App>,
    reader: Reader,
    page: Page,
    Path(id): Path<CampaignId>,
) -> Result<Response> {
    render(&show_page(&app, &reader, page, id, &HashMap::new(), FormErrors::new()).await?)
}

/// `POST /publicity/{id}/record`
pub(super) async fn record(
    State(app): State<App>,
    reader: Reader,
    page: Page,
    Path(id): Path<CampaignId>,
    Form(form): Form<HashMap<String, String>>,
) -> Result<Response> {
    // What is no number is none that is allowed.
    let number = |name: &str| given(&form, name).parse().unwrap_or(-1);
    let tx = app.store.begin(&reader).await?;
    let done = match given(&form, "day").parse::<Day>() {
        Ok(day) => {
            let held = Held { day, reached: number("reached"), leaflets: number("leaflets") };
            publicity::record(&tx, id, version(&form), held).await
        }
        Err(_) => publicity::find(&tx, &reader, id).await.and(Err(AppError::rule("publicity-held-day"))),
    };
    match done {
        Ok(()) => {
            tx.commit().await?;
            Ok(flash(redirect(&format!("/publicity/{id}")), "publicity-held-flash"))
        }
        Err(e) => {
            drop(tx);
            let at = if e.is("publicity-held-day") { "day" } else { "reached" };
            let errors = refused(&page.t, at, e)?;
            let shown = show_page(&app, &reader, page, id, &form, errors).await?;
            render_status(StatusCode::UNPROCESSABLE_ENTITY, &shown)
        }
    }
}

/// `POST /publicity/{id}/removal`: a plan goes.
pub(super) async fn remove(
    State(app): State<App>,
    reader: Reader,
    Path(id): Path<CampaignId>,
    Form(form): Form<HashMap<String, String>>,
) -> Result<Response> {
    let tx = app.store.begin(&reader).await?;
    publicity::remove(&tx, id, version(&form)).await?;
    tx.commit().await?;
    Ok(flash(redirect("/publicity"), "publicity-removed-flash"))
}
