//! `/rosters`: for a liaison the own employer's day, for everybody else who sends and what waits.

use std::collections::HashMap;

use askama::Template;
use axum::{
    extract::{Query, State},
    response::Response,
};
use linli_platform::{
    AppError, Result,
    access::Action,
    app::App,
    clock::Day,
    reader::Reader,
    web::{Page, Paging, render},
};

use crate::{
    codes::State as RosterState,
    standing::{self, Duty},
    store::{self, Filter, Roster},
};

#[derive(Template)]
#[template(path = "rosters/own.html")]
struct OwnPage {
    page: Page,
    duties: Vec<Duty>,
    rosters: Vec<Roster>,
    paging: Paging,
    today: Day,
}

#[derive(Template)]
#[template(path = "rosters/list.html")]
struct ListPage {
    page: Page,
    waiting: Vec<Roster>,
    duties: Vec<Duty>,
    late_only: bool,
    late: usize,
    rosters: Vec<Roster>,
    paging: Paging,
    sends: bool,
}

/// `GET /rosters`
pub(super) async fn list(
    State(app): State<App>,
    reader: Reader,
    page: Page,
    Query(query): Query<HashMap<String, String>>,
) -> Result<Response> {
    let reviews = reader.may(Action::RosterReview);
    if !reviews && !reader.may(Action::RosterSend) {
        return Err(AppError::forbidden());
    }
    let reads = app.store.reads();
    let paging = Paging::from_query(&query);
    let (rosters, total) = store::list(&reads, &reader, Filter::default(), &paging).await?;
    let paging = paging.of(total);
    let mut duties = standing::list(&app, &reader).await?;
    if !reviews {
        let page = page.clone().titled(page.t.s("rosters-own-title"));
        return render(&OwnPage { page, duties, rosters, paging, today: app.store.now().day() });
    }
    let late = duties.iter().filter(|d| d.is_late()).count();
    let late_only = query.get("late").is_some_and(|v| v == "true");
    duties.retain(|d| !late_only || d.is_late());
    let few = Paging { page: 1, per_page: 20, total: 0 };
    let compared = Filter { state: Some(RosterState::Compared), ..Filter::default() };
    let (waiting, _) = store::list(&reads, &reader, compared, &few).await?;
    let sends = duties.iter().any(|d| store::may_send(&reader, d.employer_id, d.grid_id));
    let page = page.clone().titled(page.t.s("rosters-title"));
    render(&ListPage { page, waiting, duties, late_only, late, rosters, paging, sends })
}
