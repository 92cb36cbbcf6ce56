//! `/orders`: the board. The offices and the task force see orders and what has climbed to them; each level below its
//! own parts.

use std::collections::HashMap;

use askama::Template;
use axum::{
    extract::{Query, State},
    response::Response,
};
use linli_platform::{
    Result,
    access::Action,
    app::App,
    clock::At,
    reader::{Reader, Scope},
    web::{Page, Paging, render},
};

use crate::{
    checks,
    codes::Level,
    levels,
    orders::{self, Order},
    parts::{self, Filter, Part},
};

/// The tabs, as `tab` of the query. Text: `orders-tab-<code>`.
const TABS: [&str; 3] = ["open", "late", "closed"];

#[derive(Template)]
#[template(path = "orders/board.html")]
struct BoardPage {
    page: Page,
    tab: &'static str,
    level: Level,
    levels: Vec<Level>,
    /// For the offices and the task force.
    orders: Option<Vec<Order>>,
    /// What has climbed to them.
    climbed: Vec<Part>,
    parts: Vec<Part>,
    paging: Paging,
    now: At,
}

/// `GET /orders?level=&tab=`
pub(super) async fn show(
    State(app): State<App>,
    reader: Reader,
    page: Page,
    Query(query): Query<HashMap<String, String>>,
) -> Result<Response> {
    checks::take_up(&app).await?;
    let given = |name: &str| query.get(name).map(String::as_str).unwrap_or_default();
    let tab = TABS.into_iter().find(|t| *t == given("tab")).unwrap_or("open");
    let whole = reader.scope == Scope::Division;
    let mut levels = levels::levels_of(&reader);
    if whole {
        levels.insert(0, Level::SubDistrict);
    }
    let first = levels.first().copied().unwrap_or(Level::Grid);
    let level = levels.iter().copied().find(|l| l.code() == given("level")).unwrap_or(first);
    let q = app.store.reads();
    let paging = Paging::from_query(&query);
    let title = page.t.s("orders-title");
    let mut shown = BoardPage {
        page: page.titled(title),
        tab,
        level,
        levels,
        orders: None,
        climbed: Vec::new(),
        parts: Vec::new(),
        paging,
        now: app.store.now(),
    };
    if level == Level::SubDistrict && tab != "late" {
        let (list, total) = orders::list(&q, &reader, tab == "closed", &paging).await?;
        shown.orders = Some(list);
        shown.paging = paging.of(total);
        if tab == "open" {
            shown.climbed = climbed(&q, &reader).await?;
        }
        return render(&shown);
    }
    let level = (level != Level::SubDistrict).then_some(level);
    let filter = Filter { level, held: None, late: tab == "late", ended: tab == "closed" };
    let (list, total) = parts::list(&q, &reader, filter, &paging).await?;
    shown.parts = list;
    shown.paging = paging.of(total);
    render(&shown)
}

/// What waits for the offices, or for the task force.
async fn climbed(q: &impl linli_platform::store::Query, reader: &Reader) -> Result<Vec<Part>> {
    let few = Paging { page: 1, per_page: 50, total: 0 };
    let mut all = Vec::new();
    for (level, action) in [(Level::TaskForce, Action::OrderSettle), (Level::SubDistrict, Action::OrderIssue)] {
        if reader.may(action) {
            let filter = Filter { held: Some(level), ..Filter::default() };
            all.extend(parts::list(q, reader, filter, &few).await?.0);
        }
    }
    Ok(all)
}
