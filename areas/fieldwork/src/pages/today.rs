//! Today, looking for a home to register at, and one's own month.

use std::collections::HashMap;

use askama::Template;
use axum::{
    extract::{Query, State},
    response::Response,
};
use linli_platform::{
    Result,
    app::App,
    clock::Month,
    reader::Reader,
    web::{Page, render},
};
use linli_register::{
    Slice,
    homes::{self, HomeRow},
};
use linli_work::notices;

use super::share;
use crate::{
    own::{self, OwnMonth},
    today::{self, Today},
};

/// Circumference of the ring that shows how much of the day is done; radius 35 in `field.css`'s drawing.
const RING: f64 = 219.91;

#[derive(Template)]
#[template(path = "fieldwork/today.html")]
struct TodayPage {
    page: Page,
    today: Today,
    grids: String,
    unread: i64,
    tab: &'static str,
}

impl TodayPage {
    fn ring(&self) -> String {
        let share = self.today.done_homes() as f64 / self.today.total().max(1) as f64;
        format!("{:.1} {RING}", RING * share)
    }
    fn walk_km(&self) -> String {
        format!("{:.1}", self.today.walk_m as f64 / 1000.0)
    }
}

/// `GET /field/online`.
pub(crate) async fn show(State(app): State<App>, reader: Reader, page: Page) -> Result<Response> {
    let reads = app.store.reads();
    let today = today::today(&app, &reader).await?;
    let names: Vec<String> = linli_territory::grids(&reads, &reader).await?.into_iter().map(|g| g.name).collect();
    let grids = if names.len() > 3 { page.t.n("field-grids", names.len() as i64) } else { names.join(" · ") };
    let unread = notices::count_unread(&reads, &reader).await?;
    let page = page.clone().titled(page.t.a("field-today", "day", today.day));
    render(&TodayPage { page, today, grids, unread, tab: "today" })
}

#[derive(Template)]
#[template(path = "fieldwork/find.html")]
struct FindPage {
    page: Page,
    text: String,
    homes: Vec<HomeRow>,
    tab: &'static str,
}

/// How many homes a search shows; more, and the address is to be written further.
const FOUND: i64 = 30;

/// `GET /field/new`: which home somebody new lives in.
pub(crate) async fn find(
    State(app): State<App>,
    reader: Reader,
    page: Page,
    Query(query): Query<HashMap<String, String>>,
) -> Result<Response> {
    let text = query.get("q").cloned().unwrap_or_default();
    let filter = homes::Filter { text: text.clone(), ..homes::Filter::default() };
    let homes = match text.trim() {
        "" => Vec::new(),
        _ => homes::list(&app.store.reads(), &reader, &filter, Slice::first(FOUND)).await?.rows,
    };
    let page = page.clone().titled(page.t.s("field-new"));
    render(&FindPage { page, text, homes, tab: "new" })
}

#[derive(Template)]
#[template(path = "fieldwork/me.html")]
struct MePage {
    page: Page,
    own: OwnMonth,
    month: Month,
    open_tasks: i64,
    unread: i64,
    waiting: i64,
    share: Option<share::Line>,
    tab: &'static str,
}

/// `GET /field/me`: one's own work of the month, for one's own eyes (boundary 6).
pub(crate) async fn me(State(app): State<App>, reader: Reader, page: Page) -> Result<Response> {
    let reads = app.store.reads();
    let month = app.store.clock().today().month();
    let own = own::month(&reads, reader.account, month).await?;
    let open_tasks = linli_work::tasks::count_open(&reads, &reader).await?;
    let unread = notices::count_unread(&reads, &reader).await?;
    let (waiting, _) = crate::phone::conflict::waiting(&reads, &reader).await?;
    let share = share::own(&app, &reader, month).await?;
    let page = page.clone().titled(page.t.s("field-me"));
    render(&MePage { page, own, month, open_tasks, unread, waiting, share, tab: "me" })
}
